import Testing

struct CapacityTests {
  @Test func `no server is registered twice, and none by a text that is no serial number`() {
    check(
      """
      model h100
      line kakao h100 64
      line naver h100 64
      units kakao 4 serial=MU-0001
      units kakao 4 serial=MU-0004
      = refused MDG-1111
      units naver 1 serial=MU-0003
      = refused MDG-1111
      units kakao 4 serial=MU-0005
      units naver 4 serial=MV-0001
      units kakao 1 serial=MU-0009
      = refused MDG-1104
      units naver 1 serial=김철수-1
      = refused MDG-1112
      units naver 1 serial=rack
      = refused MDG-1112
      units naver 1 serial=1234567890123456
      = refused MDG-1112
      units naver 1 serial=a@b.kr1
      = refused MDG-1112
      """)
  }

  /// A cluster's figure could be cut below what teams hold there.
  @Test func `a cluster keeps the GPUs that are allocated of it`() {
    check(
      """
      \(AllocationTests.awards)
      allocate award-1 c1 16
      = allocation-1 16 at c1 2026-03-01..2026-03-11
      shrink c1 1
      = refused MDG-1438
      shrink c1 2
      at 2026-03-01
      read c1 1:16/16
      = allocation-1 unconfirmed
      at 2026-03-12
      advance 2026-03-12
      = award-1 ended 2026-03-11
      = award-2 ended 2026-03-11
      shrink c1 1
      = refused MDG-1438
      read c1 wiped=1
      = allocation-1 back 2026-03-12
      shrink c1 1
      """)
  }

  /// For whom a track is changed under those who had applied on it.
  @Test func `for whom a track is does not change under those who applied`() {
    check(
      """
      model h100
      line kakao h100 16
      pool a
      track ta a
      round r1 kakao:16
      track ta a id=1 for=startup
      track ta a id=1
      apply A ta 8 90
      track ta a id=1 for=startup
      = refused MDG-1230
      track tb a id=1
      = refused MDG-1230
      round r1 kakao:8 id=1
      = refused MDG-1230
      decide r1
      = 1 A 90.000 selected kakao
      round r1 kakao:8 id=1
      = refused MDG-1218
      """)
  }

  /// A plan whose day had passed counted as GPUs in service, and could not be put off.
  @Test func `a plan whose day is over counts for nothing, and can be planned anew`() {
    check(
      """
      model h100
      line egret h100 16 empty=yes
      step egret inService 16 2026-04-15 planned=yes
      pool a
      track ta a
      round r1 egret:16 closes=2026-05-01T00:00:00 period=2026-03-01..2027-03-01
      apply A ta 8 90 term=2026-06-01..2026-09-01
      at 2026-05-01
      decide r1
      = 1 A 90.000 capacityExhausted 0 on 2026-06-01 reserve 1
      step egret inService 16 2026-07-15 planned=yes
      step egret inService 8 2026-08-15 planned=yes
      = refused MDG-1101
      round r2 egret:16 closes=2026-06-01T00:00:00 period=2026-06-01..2027-03-01
      apply B ta 8 90 term=2026-07-14..2026-09-01
      apply C ta 16 80 term=2026-07-15..2026-09-01
      decide r2
      = 1 B 90.000 capacityExhausted 0 on 2026-07-14 reserve 1
      = 2 C 80.000 selected egret
      # It came, once.
      at 2026-07-10
      step egret inService 16 2026-07-10
      round r3 egret:16 closes=2026-07-11T00:00:00 period=2026-06-01..2027-03-01
      apply D ta 8 90 term=2026-09-01..2026-10-01
      apply E ta 16 80 term=2026-09-01..2026-10-01
      decide r3
      = 1 D 90.000 selected egret
      = 2 E 80.000 capacityExhausted 8 on 2026-09-01 reserve 1
      """)
  }

  @Test func `who takes several models gets the first that has room`() {
    check(
      """
      model h100
      model b200
      line kakao h100 8
      line naver b200 16
      pool a
      track ta a
      round r1 kakao:8 naver:16
      apply A ta 8 90 models=h100,b200
      apply B ta 8 85 models=h100,b200
      apply C ta 8 80 models=h100
      apply D ta 8 75 models=b200,h100
      apply E ta 8 70 models=b200,h100
      decide r1
      = 1 A 90.000 selected kakao
      = 2 B 85.000 selected naver
      = 3 C 80.000 capacityExhausted 0 on 2026-03-01 reserve 1
      = 4 D 75.000 selected naver
      = 5 E 70.000 capacityExhausted 0 on 2026-03-01 reserve 2
      """)
  }

  @Test func `of two lines of one model the first offered fills first`() {
    check(
      """
      model h100
      line kakao h100 8
      line naver h100 16
      pool a
      track ta a
      round r1 naver:16 kakao:8
      apply A ta 16 90
      apply B ta 8 80
      apply C ta 8 70
      decide r1
      = 1 A 90.000 selected naver
      = 2 B 80.000 selected kakao
      = 3 C 70.000 capacityExhausted 0 on 2026-03-01 reserve 1
      """)
  }

  @Test func `capacity that comes later serves terms that begin later`() {
    check(
      """
      model h100
      line kakao h100 24 empty=yes
      step kakao inService 8 2026-01-01
      step kakao inService 16 2026-06-01 planned=yes
      pool a
      track ta a
      round r1 kakao:24
      apply A ta 16 90
      apply B ta 16 80 term=2026-06-01..2027-03-01
      apply C ta 8 70
      apply D ta 8 60 term=2026-05-31..2026-06-02
      decide r1
      = 1 A 90.000 capacityExhausted 8 on 2026-03-01 reserve 1
      = 2 B 80.000 selected kakao
      = 3 C 70.000 selected kakao
      = 4 D 60.000 capacityExhausted 0 on 2026-05-31 reserve 2
      facts r1
      = kakao: 8 from 2026-01-01, 24 from 2026-06-01
      """)
  }

  @Test func `maintenance in the middle of a term bounds it, and the reason names its day`() {
    check(
      """
      model h100
      line kakao h100 16
      maintenance kakao 8 2026-07-10..2026-07-12
      pool a
      track ta a
      round r1 kakao:16
      apply A ta 8 90
      apply B ta 8 80
      apply C ta 8 70 term=2026-03-01..2026-07-10
      apply D ta 8 60 term=2026-07-12..2026-08-01
      apply E ta 8 50 term=2026-07-11..2026-08-01
      decide r1
      = 1 A 90.000 selected kakao
      = 2 B 80.000 capacityExhausted 0 on 2026-07-10 reserve 1
      = 3 C 70.000 selected kakao
      = 4 D 60.000 selected kakao
      = 5 E 50.000 capacityExhausted 0 on 2026-07-11 reserve 2
      """)
  }

  @Test func `spares, the operator's share, retired and unsure GPUs are not awarded`() {
    check(
      """
      model h100
      line kakao h100 64 spares=8 operator=8 empty=yes
      step kakao inService 32 2026-01-01
      step kakao inService 16 2026-05-01 sure=announced planned=yes
      step kakao inService 16 2026-06-01 sure=contracted planned=yes
      step kakao retired 8 2026-09-01 planned=yes
      pool a
      track ta a
      round r1 kakao:24
      apply A ta 8 90
      decide r1
      = 1 A 90.000 selected kakao
      facts r1
      = kakao: 16 from 2026-01-01, 24 from 2026-06-01
      """)
  }

  /// What was awarded could be defined away under its awards.
  @Test func `a line that was applied for keeps its model and centre, and covers what is held`() {
    check(
      """
      \(AllocationTests.awards)
      model b200
      site away
      line kakao b200 32 id=1
      = refused MDG-1108
      line kakao h100 32 id=1 site=2
      = refused MDG-1108
      line kakao h100 32 id=1 spares=8
      line kakao h100 32 id=1 spares=8 operator=1
      = refused MDG-1109
      line kakao h100 32 id=1 operator=8
      line kakao h100 32 id=1 operator=9
      = refused MDG-1109
      # What is short anyway may be defined anew, but not made shorter.
      maintenance kakao 16 2026-03-05..2026-03-06
      line kakao h100 32 id=1 operator=8
      line kakao h100 32 id=1 operator=4
      line kakao h100 32 id=1 operator=8
      = refused MDG-1109
      # Days that are over are a reason against nothing.
      at 2026-03-12
      advance 2026-03-12
      = award-1 ended 2026-03-11
      = award-2 ended 2026-03-11
      line kakao h100 32 id=1 spares=32
      line fresh h100 16
      line fresh b200 16 id=2 site=2
      """)
  }

  @Test func `a cluster that was allocated keeps its model and centre`() {
    check(
      """
      \(AllocationTests.awards)
      model b200
      site away
      cluster desk b200 1 id=2
      cluster desk h100 1 id=2
      allocate award-1 desk 4
      = allocation-1 4 at desk 2026-03-01..2026-03-11
      cluster desk b200 1 id=2
      = refused MDG-1436
      cluster desk h100 1 id=2 site=2
      = refused MDG-1436
      cluster desk h100 2 id=2
      draft-amendment award-1 end
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      = award-1 ended 2026-02-01
      read desk
      = allocation-1 back 2026-02-01
      # Its hours are of the model that it had.
      cluster desk b200 1 id=2
      = refused MDG-1436
      """)
  }

  @Test func `several offers of one line are one`() {
    check(
      """
      model h100
      line kakao h100 16
      pool a
      track ta a
      round r1 kakao:8 kakao:16
      apply A ta 16 90
      apply B ta 8 80
      decide r1
      = 1 A 90.000 selected kakao
      = 2 B 80.000 capacityExhausted 0 on 2026-03-01 reserve 1
      """)
  }

  @Test func `a second round gets what the first left on the line`() {
    check(
      """
      model h100
      line kakao h100 32
      pool a
      track ta a
      round r1 kakao:32
      apply A ta 16 90 term=2026-03-01..2026-09-01
      decide r1
      = 1 A 90.000 selected kakao
      conclude A
      = A concluded 2026-02-01
      = award-1 16 of kakao 2026-03-01..2026-09-01
      round r2 kakao:32 closes=2026-02-10T00:00:00
      apply B ta 24 80
      apply C ta 16 70
      apply D ta 16 60 term=2026-09-01..2027-03-01
      decide r2
      = 1 B 80.000 capacityExhausted 16 on 2026-03-01 reserve 1
      = 2 C 70.000 selected kakao
      = 3 D 60.000 selected kakao
      facts r2
      = kakao: 32 from 2026-01-01, 16 from 2026-03-01, 32 from 2026-09-01
      """)
  }

  @Test func `of two rounds drafted side by side the later to be published is refused`() {
    check(
      """
      model h100
      line kakao h100 16
      pool a
      track ta a
      round r1 kakao:16
      round r2 kakao:16
      apply A ta 16 90 round=r1
      apply B ta 16 90 round=r2
      close r1
      close r2
      draft r1
      draft r2
      approve r1
      approve r2
      publish r1
      = 1 A 90.000 selected kakao
      publish r2
      = refused MDG-1223
      return r2
      draft r2
      approve r2
      publish r2
      = 1 B 90.000 capacityExhausted 0 on 2026-03-01 reserve 1
      """)
  }

  @Test func `maintenance scheduled after the draft stops its publication`() {
    check(
      """
      model h100
      line kakao h100 16
      pool a
      track ta a
      round r1 kakao:16
      apply A ta 16 90
      close r1
      draft r1
      approve r1
      maintenance kakao 1 2026-10-01..2026-10-02
      publish r1
      = refused MDG-1223
      """)
  }
}

import Testing

struct SelectionTests {
  /// Scores were known, and the shares and caps could still be chosen.
  @Test func `outside an exercise a round is decided by the rules that it was published with`() {
    let closed = """
      model h100
      line kakao h100 16
      pool a
      pool b
      track ta a
      track tb b
      round r1 kakao:16 shares=a:1,b:1
      apply A ta 8 90
      apply B tb 8 80
      apply C ta 8 85
      close r1
      """
    check(
      """
      earnest
      \(closed)
      draft r1 unused=stays
      = refused MDG-1227
      draft r1 shares=a:2,b:1
      = refused MDG-1227
      draft r1 shares=a:1,b:1 minimum=82
      = refused MDG-1227
      draft r1 shares=a:1,b:1
      approve r1
      publish r1
      = 1 A 90.000 selected kakao
      = 2 C 85.000 shareExhausted a has 0 on 2026-03-01 reserve 1
      = 3 B 80.000 selected kakao
      """)
    check(
      """
      \(closed)
      draft r1 unused=stays
      approve r1
      publish r1
      = 1 A 90.000 selected kakao
      = 2 C 85.000 selected kakao
      = 3 B 80.000 capacityExhausted 0 on 2026-03-01 reserve 1
      """)
  }

  @Test func `the ranking goes by score, and whoever fits is selected`() {
    check(
      """
      model h100
      line kakao h100 16
      pool a
      track ta a
      round r1 kakao:16
      apply A ta 8 70
      apply B ta 8 90
      apply C ta 8 80
      decide r1
      = 1 B 90.000 selected kakao
      = 2 C 80.000 selected kakao
      = 3 A 70.000 capacityExhausted 0 on 2026-03-01 reserve 1
      cutoffs r1
      = a: 2 of 3, 16 GPUs lowest 80
      """)
  }

  @Test func `a tie goes to whoever submitted first`() {
    check(
      """
      model h100
      line kakao h100 8
      pool a
      track ta a
      round r1 kakao:8
      apply A ta 8 80
      apply B ta 8 80
      decide r1
      = 1 A 80.000 selected kakao
      = 2 B 80.000 capacityExhausted 0 on 2026-03-01 reserve 1
      """)
  }

  @Test func `scores of different numbers of reviews are compared exactly`() {
    // 80 1/3 against 80 1/2; and 2/3 of a point that would vanish in whole numbers.
    check(
      """
      model h100
      line kakao h100 8
      pool a
      track ta a
      round r1 kakao:8
      apply A ta 8 80/80/81
      apply B ta 8 80/81
      apply C ta 8 80/81/80/81
      apply D ta 8 80
      decide r1
      = 1 B 80.500 selected kakao
      = 2 C 80.500 capacityExhausted 0 on 2026-03-01 reserve 1
      = 3 A 80.333 capacityExhausted 0 on 2026-03-01 reserve 2
      = 4 D 80.000 capacityExhausted 0 on 2026-03-01 reserve 3
      """)
  }

  @Test func `criteria count by their weights`() {
    check(
      """
      criteria 3 1
      model h100
      line kakao h100 8
      pool a
      track ta a
      round r1 kakao:8
      apply A ta 8 60+100
      apply B ta 8 80+60
      decide r1
      = 1 B 75.000 selected kakao
      = 2 A 70.000 capacityExhausted 0 on 2026-03-01 reserve 1
      """)
  }

  @Test func `a pool takes no more than its share, and what it leaves stays`() {
    // 32 GPUs, 3 : 1, in units of 8: 24 and 8.
    check(
      """
      model h100
      line kakao h100 32
      pool a
      pool b
      track ta a
      track tb b
      round r1 kakao:32 shares=a:3,b:1
      apply A tb 8 90
      apply B tb 8 85
      apply C ta 8 80
      decide r1
      = 1 A 90.000 selected kakao
      = 2 B 85.000 shareExhausted b has 0 on 2026-03-01 reserve 1
      = 3 C 80.000 selected kakao
      cutoffs r1
      = a: 1 of 1, 8 GPUs
      = b: 1 of 2, 8 GPUs
      """)
  }

  @Test func `what a pool leaves passes to the ranking where the rules say so`() {
    check(
      """
      model h100
      line kakao h100 32
      pool a
      pool b
      track ta a
      track tb b
      round r1 kakao:32 shares=a:3,b:1 unused=passes
      apply A tb 8 90
      apply B tb 8 85
      apply C ta 8 80
      apply D tb 16 75
      apply E tb 8 70
      decide r1
      = 1 A 90.000 selected kakao
      = 2 B 85.000 selected kakao pass 2
      = 3 C 80.000 selected kakao
      = 4 D 75.000 capacityExhausted 8 on 2026-03-01 reserve 1
      = 5 E 70.000 selected kakao pass 2
      """)
  }

  @Test func `a share is cut down to whole units`() {
    // A half of 40 is 20: two servers of 8.
    check(
      """
      model h100
      line kakao h100 40
      pool a
      pool b
      track ta a
      track tb b
      round r1 kakao:40 shares=a:1,b:1
      apply A ta 16 90
      apply B ta 8 80
      decide r1
      = 1 A 90.000 selected kakao
      = 2 B 80.000 shareExhausted a has 0 on 2026-03-01 reserve 1
      """)
  }

  @Test func `a pool without a share gets nothing, or what others leave`() {
    check(
      """
      model h100
      line kakao h100 16
      pool a
      pool b
      track ta a
      track tb b
      round r1 kakao:16 shares=a:1
      apply A tb 8 90
      decide r1
      = 1 A 90.000 shareExhausted b has 0 on 2026-03-01 reserve 1
      """)
    check(
      """
      model h100
      line kakao h100 16
      pool a
      pool b
      track ta a
      track tb b
      round r1 kakao:16 shares=a:1 unused=passes
      apply A tb 8 90
      decide r1
      = 1 A 90.000 selected kakao pass 2
      """)
  }

  @Test func `without a share rule there is one ranking over the whole`() {
    check(
      """
      model h100
      line kakao h100 16
      pool a
      pool b
      track ta a
      track tb b
      round r1 kakao:16
      apply A tb 8 90
      apply B ta 8 70
      apply C tb 8 80
      decide r1
      = 1 A 90.000 selected kakao
      = 2 C 80.000 selected kakao
      = 3 B 70.000 capacityExhausted 0 on 2026-03-01 reserve 1
      """)
  }

  @Test func `below the minimum nobody is selected, nor on the reserve list, nor in the way`() {
    check(
      """
      model h100
      line kakao h100 8
      pool a
      track ta a
      round r1 kakao:8 minimum=60 strict=yes
      apply A ta 16 90
      apply B ta 8 60
      apply C ta 8 59
      decide r1
      = 1 A 90.000 capacityExhausted 8 on 2026-03-01 reserve 1
      = 2 B 60.000 closed by 1 reserve 2
      = 3 C 59.000 belowMinimumScore 60
      """)
  }

  @Test func `a region's bonus counts on every review, and may pass a hundred`() {
    check(
      """
      org o1 jeju
      model h100
      line kakao h100 8
      pool a
      track ta a
      round r1 kakao:8 bonus=jeju:5
      apply A ta 8 100/98
      apply B ta 8 96/97 org=o1
      decide r1
      = 1 B 101.500 selected kakao
      = 2 A 99.000 capacityExhausted 0 on 2026-03-01 reserve 1
      """)
  }

  @Test func `an organisation stops at its cap, over all its applications`() {
    check(
      """
      org o1 inland
      model h100
      line kakao h100 64
      pool a
      track ta a
      round r1 kakao:64 organisationCap=24
      apply A ta 16 90 org=o1
      apply B ta 16 85 org=o1
      apply C ta 8 80 org=o1
      apply D ta 16 70
      decide r1
      = 1 A 90.000 selected kakao
      = 2 B 85.000 organisationCap 16 of 24 reserve 1
      = 3 C 80.000 selected kakao
      = 4 D 70.000 selected kakao
      """)
  }

  @Test func `whoever does not fit is passed over, or closes its pool`() {
    let round = """
      model h100
      line kakao h100 24
      pool a
      pool b
      track ta a
      track tb b
      round r1 kakao:24 reserves=2
      apply A ta 16 90
      apply B ta 16 80
      apply C ta 8 70
      """
    check(
      """
      \(round)
      decide r1
      = 1 A 90.000 selected kakao
      = 2 B 80.000 capacityExhausted 8 on 2026-03-01 reserve 1
      = 3 C 70.000 selected kakao
      """)
    check(
      """
      \(round)
      apply D tb 8 60
      decide r1 strict=yes
      = 1 A 90.000 selected kakao
      = 2 B 80.000 capacityExhausted 8 on 2026-03-01 reserve 1
      = 3 C 70.000 closed by 2 reserve 2
      = 4 D 60.000 selected kakao
      """)
  }

  @Test func `unused shares under strict rules pass until somebody does not fit`() {
    check(
      """
      model h100
      line kakao h100 32
      pool a
      pool b
      track ta a
      track tb b
      round r1 kakao:32 shares=a:1,b:1 unused=passes strict=yes
      apply A ta 8 90
      apply B ta 16 80
      apply C ta 16 70
      apply D ta 8 60
      decide r1
      = 1 A 90.000 selected kakao
      = 2 B 80.000 selected kakao pass 2
      = 3 C 70.000 capacityExhausted 8 on 2026-03-01 reserve 1
      = 4 D 60.000 closed by 3 reserve 2
      """)
  }

  @Test func `the reserve list is as long as the rules say`() {
    check(
      """
      model h100
      line kakao h100 8
      pool a
      track ta a
      round r1 kakao:8 reserves=1
      apply A ta 8 90
      apply B ta 8 80
      apply C ta 8 70
      decide r1
      = 1 A 90.000 selected kakao
      = 2 B 80.000 capacityExhausted 0 on 2026-03-01 reserve 1
      = 3 C 70.000 capacityExhausted 0 on 2026-03-01
      """)
  }

  @Test func `caps and units of other rules than the round's own exclude`() {
    check(
      """
      model h100
      line kakao h100 64
      pool a
      track ta a
      round r1 kakao:64
      apply A ta 24 90
      apply B ta 8 80
      decide r1 applicationCap=16
      = 1 B 80.000 selected kakao
      = 0 A 90.000 tooLarge 24 above 16
      """)
    check(
      """
      model h100
      line kakao h100 64
      pool a
      track ta a
      round r1 kakao:64
      apply A ta 24 90
      decide r1 unit=16
      = 0 A 90.000 notWholeUnits 24 in 16
      """)
  }

  @Test func `ineligible, withdrawn and not reviewed are not ranked`() {
    check(
      """
      model h100
      line kakao h100 64
      pool a
      track ta a
      round r1 kakao:64
      apply A ta 8 90
      apply B ta 8 90
      apply C ta 8 -
      apply D ta 8 40
      withdraw A
      broken B 2
      decide r1
      = 1 D 40.000 selected kakao
      = 0 A - withdrawn
      = 0 B - ineligible by rule 2
      = 0 C - notReviewed
      """)
  }
}

import Testing

struct JudgingTests {
  static let round = """
    model h100
    line kakao h100 16
    pool a
    track ta a
    round r1 kakao:16
    """

  @Test func `nobody reviews, or approves for, an organisation that they work for`() {
    check(
      """
      model h100
      line kakao h100 16
      pool a
      track ta a
      org o1 inland
      round r1 kakao:8
      round r2 kakao:8 closes=2026-02-10T00:00:00
      apply A ta 8 90 org=o1 round=r1
      decide r1
      = 1 A 90.000 selected kakao
      conclude A
      = A concluded 2026-02-01
      = award-1 8 of kakao 2026-03-01..2027-03-01
      member award-1 7
      = memberAdded
      apply B ta 8 - org=o1 round=r2
      at 2026-02-10
      judge B
      review B 100 by=7
      = refused MDG-1217
      review B 80 by=8
      draft r2
      approve r2 by=7
      = refused MDG-1228
      leave award-1 7
      = memberRemoved
      approve r2 by=7
      """)
  }

  @Test func `a command received at closing is too late, one second before is not`() {
    check(
      """
      \(JudgingTests.round)
      at 2026-01-04T23:59:59
      apply A ta 8 -
      = refused MDG-1202
      at 2026-01-31T23:59:59
      apply B ta 8 -
      at 2026-02-01T00:00:00
      apply C ta 8 -
      = refused MDG-1203
      revise B ta 16
      = refused MDG-1203
      """)
  }

  @Test func `who drafts a decision does not approve it`() {
    check(
      """
      \(JudgingTests.round)
      apply A ta 8 90
      close r1
      draft r1
      approve r1 by=1
      = refused MDG-1220
      publish r1
      = refused MDG-1219
      approve r1 by=2
      publish r1
      = 1 A 90.000 selected kakao
      return r1
      = refused MDG-1219
      """)
  }

  @Test func `a returned draft opens the round again`() {
    check(
      """
      \(JudgingTests.round)
      apply A ta 8 90
      close r1
      draft r1
      withdraw A
      = refused MDG-1218
      return r1
      withdraw A
      draft r1
      approve r1
      publish r1
      = 0 A 90.000 withdrawn
      """)
  }

  @Test func `a conflict of interest keeps a reviewer out, and takes back points given before`() {
    check(
      """
      \(JudgingTests.round)
      apply A ta 8 90/60
      close r1
      standing A
      = eligible, 2 reviews, sum 150
      conflict A by=101
      standing A
      = eligible, 1 reviews, sum 90
      review A 80 by=101
      = refused MDG-1217
      conflict A by=101
      = refused MDG-1232
      conflict A by=107
      review A 70 by=107
      = refused MDG-1217
      review A 95 by=100
      standing A
      = eligible, 1 reviews, sum 95
      draft r1
      approve r1
      publish r1
      = 1 A 95.000 selected kakao
      """)
  }

  @Test func `an application can be revised until closing, and is judged again`() {
    check(
      """
      \(JudgingTests.round)
      apply A ta 8 -
      judge A
      standing A
      = eligible, 0 reviews, sum 0
      revise A ta 16
      standing A
      = submitted, 0 reviews, sum 0
      review A 90 by=100
      = refused MDG-1204
      close r1
      review A 90 by=100
      draft r1
      approve r1
      publish r1
      = 1 A 90.000 selected kakao
      conclude A
      = A concluded 2026-02-01
      = award-1 16 of kakao 2026-03-01..2027-03-01
      """)
  }

  @Test func `a withdrawn application is neither revised nor withdrawn nor judged again`() {
    check(
      """
      \(JudgingTests.round)
      apply A ta 8 90
      withdraw A
      revise A ta 16
      = refused MDG-1213
      withdraw A
      = refused MDG-1213
      judge A
      = refused MDG-1213
      """)
  }

  @Test func `a round is drafted after closing, when everybody was judged and somebody applied`() {
    check(
      """
      \(JudgingTests.round)
      draft r1
      = refused MDG-1204
      at 2026-02-02
      draft r1
      = refused MDG-1221
      at 2026-01-20
      apply A ta 8 90
      at 2026-02-02
      draft r1
      = refused MDG-1222
      review A 90 by=100
      = refused MDG-1214
      judge A
      review A 90 by=100
      draft r1
      """)
  }

  @Test func `what applications are judged by does not change under them`() {
    check(
      """
      \(JudgingTests.round)
      pool b
      criteria 2 1
      apply A ta 8 -
      criteria 3 1
      = refused MDG-1230
      track ta b id=1
      = refused MDG-1230
      round r1 kakao:8 id=1
      = refused MDG-1230
      """)
  }
}

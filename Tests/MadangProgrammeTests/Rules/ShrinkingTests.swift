import Testing

@testable import MadangProgramme

/// A line that shrinks under its awards: what was promised stays, and no more is promised.
struct ShrinkingTests {
  private static let round = """
    model h100
    line kakao h100 32
    pool a
    track ta a
    round r1 kakao:32
    apply A ta 16 90
    apply B ta 16 80
    apply C ta 8 70
    decide r1
    = 1 A 90.000 selected kakao
    = 2 B 80.000 selected kakao
    = 3 C 70.000 capacityExhausted 0 on 2026-03-01 reserve 1
    conclude A
    = A concluded 2026-02-01
    = award-1 16 of kakao 2026-03-01..2027-03-01
    step kakao retired 16 2026-02-01
    """

  @Test func `an offer whose GPUs are gone is not concluded, and what still fits is`() {
    check(
      """
      \(ShrinkingTests.round)
      conclude B
      = refused MDG-1305
      """)
    // The same with half as much gone as nobody's award holds.
    check(
      """
      model h100
      line kakao h100 32
      pool a
      track ta a
      round r1 kakao:32
      apply A ta 16 90
      apply B ta 8 80
      decide r1
      = 1 A 90.000 selected kakao
      = 2 B 80.000 selected kakao
      step kakao retired 16 2026-02-01
      conclude B
      = B concluded 2026-02-01
      = award-1 8 of kakao 2026-03-01..2027-03-01
      conclude A
      = refused MDG-1305
      """)
  }

  @Test func `maintenance that was scheduled since takes no offer away`() {
    check(
      """
      model h100
      line kakao h100 16
      pool a
      track ta a
      round r1 kakao:16
      apply A ta 16 90
      decide r1
      = 1 A 90.000 selected kakao
      maintenance kakao 8 2026-05-01..2026-05-03
      conclude A
      = A concluded 2026-02-01
      = award-1 16 of kakao 2026-03-01..2027-03-01
      """)
  }

  @Test func `nobody moves up into what is gone, and a second round has nothing`() {
    check(
      """
      \(ShrinkingTests.round)
      decline B
      = B declined
      round r2 kakao:32 closes=2026-02-10T00:00:00
      apply D ta 8 90
      decide r2
      = 1 D 90.000 capacityExhausted 0 on 2026-03-01 reserve 1
      facts r2
      = kakao: 32 from 2026-01-01, 16 from 2026-02-01, 0 from 2026-03-01, 16 from 2027-03-01
      """)
  }

  /// It changed under servers that were handed over, and a wipe of whole ones was of others.
  @Test func `how many GPUs a server has stays while any have come or are allocated`() {
    check(
      """
      model h100
      model b200
      cluster c1 b200 2
      engine c1 handover
      line kakao h100 16
      # Of the one GPUs have come, of the other none.
      model b200 id=2 server=4
      model h100 id=1 server=4
      = refused MDG-1110
      # Its name is nobody's measure.
      model h100x id=1 server=8
      """)
    check(
      """
      \(AllocationTests.awards)
      model h100 id=1 server=4
      = refused MDG-1110
      allocate award-1 c1 16
      = allocation-1 16 at c1 2026-03-01..2026-03-11
      model h100 id=1 server=16
      = refused MDG-1110
      """)
  }
}

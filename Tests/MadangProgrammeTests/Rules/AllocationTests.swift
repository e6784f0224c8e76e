import Testing

@testable import MadangProgramme

struct AllocationTests {
  /// Two awards of 16 and 8 GPUs on a line of 32, at a cluster of four servers that hands over.
  static let awards = """
    model h100
    line kakao h100 32
    cluster c1 h100 4
    engine c1 handover
    cluster desk h100 1
    engine desk local
    pool a
    track ta a
    round r1 kakao:32
    apply A ta 16 90 term=2026-03-01..2026-03-11
    apply B ta 8 80 term=2026-03-01..2026-03-11
    decide r1
    = 1 A 90.000 selected kakao
    = 2 B 80.000 selected kakao
    conclude A
    = A concluded 2026-02-01
    = award-1 16 of kakao 2026-03-01..2026-03-11
    conclude B
    = B concluded 2026-02-01
    = award-2 8 of kakao 2026-03-01..2026-03-11
    """

  @Test func `an allocation stays within its award, in GPUs and in GPU time`() {
    check(
      """
      \(AllocationTests.awards)
      allocate award-1 c1 12
      = refused MDG-1405
      allocate award-1 c1 24
      = refused MDG-1407
      allocate award-1 c1 8
      = allocation-1 8 at c1 2026-03-01..2026-03-11
      # Ten days of the other 8 GPUs are 6,912,000 GPU-seconds.
      allocate award-1 desk budget=6912001
      = refused MDG-1408
      allocate award-1 desk budget=6912000
      = allocation-2 budget 6912000 at desk 2026-03-01..2026-03-11
      allocate award-1 desk budget=1
      = refused MDG-1408
      allocate award-1 c1 budget=1
      = refused MDG-1406
      """)
  }

  @Test func `reservations never pass what the cluster has`() {
    check(
      """
      \(AllocationTests.awards)
      allocate award-1 desk 16
      = refused MDG-1409
      allocate award-1 desk 5
      = allocation-1 5 at desk 2026-03-01..2026-03-11
      allocate award-2 desk 4
      = refused MDG-1409
      allocate award-2 desk 3
      = allocation-2 3 at desk 2026-03-01..2026-03-11
      """)
  }

  /// A day on which the cluster had been short was a reason against a term after it.
  @Test func `a cluster is judged by the days of the term that is asked for`() {
    check(
      """
      \(AllocationTests.awards)
      round r2 kakao:32 closes=2026-02-10T00:00:00
      apply C ta 8 70 term=2026-03-11..2026-03-21
      decide r2
      = 1 C 70.000 selected kakao
      conclude C
      = C concluded 2026-02-10
      = award-3 8 of kakao 2026-03-11..2026-03-21
      cluster rack h100 2
      engine rack slurm
      allocate award-1 rack 16
      = allocation-1 16 at rack 2026-03-01..2026-03-11
      # As an older ledger may have it: too few for the first term, enough for the second.
      lost rack 1
      allocate award-2 rack 8
      = refused MDG-1409
      allocate award-3 rack 8
      = allocation-2 8 at rack 2026-03-11..2026-03-21
      """)
  }

  @Test func `it binds when it was read back equal, and then the clock starts`() {
    check(
      """
      \(AllocationTests.awards)
      allocate award-1 c1 16
      = allocation-1 16 at c1 2026-03-01..2026-03-11
      member award-1 7
      = memberAdded
      # Handed over before the term begins: nobody has to use it, and it has to be wiped.
      read c1 1:16/16 assets=5
      = allocation-1 early
      at 2026-03-01
      read c1 1:16/8 assets=5
      = allocation-1 notReady missing 8
      read c1 1:16/16 assets=5
      = allocation-1 unconfirmed
      confirm 1 assets=5 by=8
      = refused MDG-1410
      confirm 1 assets=5 by=7
      = handoverConfirmed
      read c1 1:16/16 assets=6
      read c1 1:16/16 assets=5
      = allocation-1 enforced
      = award-1 clock 2026-03-01, delay 0, to 2026-03-11, owed 0
      read c1 1:16/16 assets=5
      """)
  }

  @Test func `a delay is given back as far as the line has room, and the rest is owed`() {
    check(
      """
      \(AllocationTests.awards)
      allocate award-1 desk budget=3600
      = allocation-1 budget 3600 at desk 2026-03-01..2026-03-11
      maintenance kakao 24 2026-03-13..2026-04-01
      at 2026-03-05
      read desk 1:b3600
      = allocation-1 enforced
      = award-1 clock 2026-03-05, delay 4, to 2026-03-13, owed 2
      award award-1
      = 16 2026-03-05..2026-03-13 clock 2026-03-05 owed 2
      # The end moved, so the engine has to hold the new one.
      read desk 1:b3600 generation=1
      read desk 1:b3600
      = allocation-1 enforced
      """)
  }

  /// Nothing was owed to a team that had waited for all of its term.
  @Test func `an award that never worked is owed the days that went by`() {
    check(
      """
      \(AllocationTests.awards)
      allocate award-2 desk 8
      = allocation-1 8 at desk 2026-03-01..2026-03-11
      draft-amendment award-1 end
      = amendment-1 drafted
      at 2026-03-04
      approve-amendment 1
      = amendment-1 approved
      = award-1 ended 2026-03-04
      award award-1
      = 16 2026-03-01..2026-03-11 owed 3 ended 2026-03-04 back 2026-03-04
      at 2026-03-12
      advance 2026-03-12
      = award-2 ended 2026-03-11
      award award-2
      = 8 2026-03-01..2026-03-11 owed 10 ended 2026-03-11
      """)
  }

  /// It held the first day of a term that it never had.
  @Test func `an award that ends before its term begins holds none of its days and is owed none`() {
    check(
      """
      \(AllocationTests.awards)
      draft-amendment award-1 end
      = amendment-1 drafted
      at 2026-02-10
      approve-amendment 1
      = amendment-1 approved
      = award-1 ended 2026-02-10
      award award-1
      = 16 2026-03-01..2026-03-11 ended 2026-02-10 back 2026-02-10
      draft-amendment award-2 supplement 24
      = amendment-2 drafted
      """)
  }

  @Test func `an outage is counted in GPU-seconds, step by step`() {
    check(
      """
      \(AllocationTests.awards)
      allocate award-1 desk 8
      = allocation-1 8 at desk 2026-03-01..2026-03-11
      at 2026-03-01T00:00:00
      read desk 1:8/8
      = allocation-1 enforced
      = award-1 clock 2026-03-01, delay 0, to 2026-03-11, owed 0
      at 2026-03-02T00:00:00
      read desk 1:8/6
      = allocation-1 notReady missing 2
      at 2026-03-02T00:01:00
      read desk 1:8/6
      read desk 1:8/4
      = allocation-1 notReady missing 4 after 120 GPU s
      at 2026-03-02T00:02:00
      read desk 1:8/8
      = allocation-1 enforced after an outage of 240 GPU s
      read desk
      = allocation-1 missing missing 8
      read desk 1:4/4
      = allocation-1 otherLimit missing 4
      read desk 1:8/8!
      = allocation-1 otherSuspension missing 8
      """)
  }

  @Test func `a read-back of the future, or out of order, is refused`() {
    check(
      """
      \(AllocationTests.awards)
      allocate award-1 desk 4
      = allocation-1 4 at desk 2026-03-01..2026-03-11
      allocate award-2 desk 4
      = allocation-2 4 at desk 2026-03-01..2026-03-11
      at 2026-03-01
      read desk 1:4/4 2:4/4 generation=100000
      = refused MDG-1423
      read desk 2:4/4 1:4/4
      = refused MDG-1424
      # What the engine holds beside is not the programme's.
      read desk 1:4/4 2:4/4 7:9/9
      = allocation-1 enforced
      = award-1 clock 2026-03-01, delay 0, to 2026-03-11, owed 0
      = allocation-2 enforced
      = award-2 clock 2026-03-01, delay 0, to 2026-03-11, owed 0
      """)
  }

  @Test func `a read-back of more GPUs than there can be, or of fewer than none, is refused`() {
    check(
      """
      \(AllocationTests.awards)
      allocate award-1 desk 4
      = allocation-1 4 at desk 2026-03-01..2026-03-11
      at 2026-03-01
      read desk 1:4/4 up=10000001
      = refused MDG-1007
      read desk 1:4/4 up=10000000000000
      = refused MDG-1007
      read desk 1:4/4 down=-1
      = refused MDG-1007
      read desk 1:4/4 maintenance=10000001
      = refused MDG-1007
      read desk 1:4/4 preparing=-1
      = refused MDG-1007
      read desk 1:10000001/4
      = refused MDG-1007
      read desk 1:4/10000001
      = refused MDG-1007
      read desk 1:4/-1
      = refused MDG-1007
      read desk 1:b-1
      = refused MDG-1007
      # What it holds beside is counted with as well.
      read desk 1:4/4 7:-8/0
      = refused MDG-1007
      read desk 1:4/4 up=10000000
      = allocation-1 enforced
      = award-1 clock 2026-03-01, delay 0, to 2026-03-11, owed 0
      """)
  }

  @Test func `what was handed over is back only when it was wiped`() {
    check(
      """
      \(AllocationTests.awards)
      allocate award-1 c1 16
      = allocation-1 16 at c1 2026-03-01..2026-03-11
      member award-1 7
      = memberAdded
      at 2026-03-01
      confirm 1 assets=5 by=7
      = handoverConfirmed
      read c1 1:16/16 assets=5
      = allocation-1 enforced
      = award-1 clock 2026-03-01, delay 0, to 2026-03-11, owed 0
      at 2026-03-11
      advance 2026-03-11
      = award-1 ended 2026-03-11
      = award-2 ended 2026-03-11
      desired c1
      award award-2
      = 8 2026-03-01..2026-03-11 owed 10 ended 2026-03-11 back 2026-03-11
      read c1 1:16/0
      read c1
      read c1 wiped=1
      = allocation-1 back 2026-03-11
      award award-1
      = 16 2026-03-01..2026-03-11 clock 2026-03-01 owed 0 ended 2026-03-11 back 2026-03-11
      allocate award-1 c1 8
      = refused MDG-1401
      """)
  }

  /// A suspension, and the days in which a team reads what it left, were counted as delayed through
  /// no fault of the team's.
  @Test
  func `a team is entitled to its GPUs while it may work, and to none before, after or beside`() {
    func desired(_ limit: AllocationLimit, suspended: Bool = false) -> DesiredAllocation {
      DesiredAllocation(
        allocation: AllocationID(1), limit: limit, suspended: suspended, from: Instant(100),
        to: Instant(200))
    }
    let reserved = desired(.reserved(gpus: 8))
    let table: [(DesiredAllocation, at: Int64, gpus: Int64?)] = [
      (reserved, 99, nil), (reserved, 100, 8), (reserved, 199, 8), (reserved, 200, nil),
      (desired(.reserved(gpus: 8), suspended: true), 150, nil),
      (desired(.budget(GPUSeconds(8))), 150, nil),
    ]
    for (row, at, gpus) in table {
      #expect(row.entitledGPUs(at: Instant(at)) == gpus, "\(row) at \(at)")
    }
  }

  /// It came back without a certificate: nothing was written down before the term.
  @Test func `what was handed over before its term is wiped like any other before it is back`() {
    check(
      """
      \(AllocationTests.awards)
      allocate award-1 c1 16
      = allocation-1 16 at c1 2026-03-01..2026-03-11
      allocate award-2 desk 8
      = allocation-2 8 at desk 2026-03-01..2026-03-11
      # Servers that are wiped for the one before are in nobody's hands.
      read c1 1:0/0
      read c1 1:8/0 assets=5
      = allocation-1 early
      read c1 1:8/8 assets=5
      read c1 1:16/8 assets=6
      = allocation-1 early
      read c1 1:8/8 assets=5
      # Where nothing is handed over, it is being prepared.
      read desk 2:8/8
      draft-amendment award-1 end
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      = award-1 ended 2026-02-01
      read c1
      read c1 wiped=1:7
      = allocation-1 back 2026-02-01
      """)
  }

  @Test func `one agent speaks for a cluster, and a revoked key stays revoked`() {
    check(
      """
      \(AllocationTests.awards)
      enrol c1 zz
      = refused MDG-1421
      enrol c1 abcd
      = agentEnrolled
      enrol c1 beef
      = refused MDG-1420
      revoke 1
      = agentRevoked
      revoke 1
      = refused MDG-1422
      enrol c1 abcd
      = refused MDG-1421
      enrol c1 beef
      = agentEnrolled
      """)
  }
}

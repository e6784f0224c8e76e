import Testing

@testable import MadangProgramme

struct AmendmentTests {
  static let allocated = """
    \(AllocationTests.awards)
    allocate award-1 c1 16
    = allocation-1 16 at c1 2026-03-01..2026-03-11
    """

  @Test func `whoever drafts an amendment does not approve it`() {
    check(
      """
      \(AmendmentTests.allocated)
      draft-amendment award-1 extension 2026-03-21 by=1
      = amendment-1 drafted
      approve-amendment 1 by=1
      = refused MDG-1412
      approve-amendment 1 by=2
      = amendment-1 approved
      approve-amendment 1 by=2
      = refused MDG-1413
      award award-1
      = 16 2026-03-01..2026-03-21
      desired c1
      = allocation-1 16
      """)
  }

  @Test func `an extension or supplement never takes what the line has not`() {
    check(
      """
      \(AmendmentTests.allocated)
      maintenance kakao 8 2026-03-05..2026-03-06
      maintenance kakao 17 2026-03-15..2026-03-16
      draft-amendment award-1 extension 2026-03-15
      = amendment-1 drafted
      draft-amendment award-1 extension 2026-03-16
      = refused MDG-1435
      draft-amendment award-1 extension 2026-03-11
      = refused MDG-1417
      draft-amendment award-1 supplement 8
      = refused MDG-1435
      draft-amendment award-2 extension 2026-03-21
      = amendment-2 drafted
      """)
  }

  /// It said that a decision exceeded its limit, and asked to report a defect.
  @Test func `an extension that a full line has no room for says which line, which day, how many`()
    throws
  {
    var scenario = Scenario()
    let script = "\(AmendmentTests.allocated)\nmaintenance kakao 17 2026-03-15..2026-03-16"
    for line in script.split(separator: "\n") where !line.hasPrefix("=") {
      scenario.run(String(line))
    }
    let table: [(change: String, en: String, ko: String)] = [
      (
        "extension 2026-03-16", "On 2026-03-15 line-1 is short of 1 GPUs.",
        "2026-03-15에 line-1의 GPU가 1장 모자랍니다."
      ),
      (
        "supplement 24", "On 2026-03-01 line-1 is short of 16 GPUs.",
        "2026-03-01에 line-1의 GPU가 16장 모자랍니다."
      ),
    ]
    for row in table {
      #expect(scenario.run("draft-amendment award-1 \(row.change)") == ["refused MDG-1435"])
      let refusal = try #require(scenario.refusals.last)
      #expect(refusal.what(.en) == row.en)
      #expect(refusal.what(.ko) == row.ko)
      #expect(!refusal.help(.en).contains("defect"))
    }
  }

  @Test func `what was drafted is judged again when it is approved`() {
    check(
      """
      \(AmendmentTests.allocated)
      draft-amendment award-1 supplement 8
      = amendment-1 drafted
      draft-amendment award-2 supplement 8
      = amendment-2 drafted
      approve-amendment 2
      = amendment-2 approved
      approve-amendment 1
      = refused MDG-1435
      return-amendment 1
      = amendmentReturned
      return-amendment 1
      = refused MDG-1413
      """)
  }

  @Test func `a transfer moves the binding, and both clusters hear of it`() {
    check(
      """
      \(AllocationTests.awards)
      allocate award-2 desk 8
      = allocation-1 8 at desk 2026-03-01..2026-03-11
      draft-amendment award-2 transfer 1 c1
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      desired desk
      desired c1
      = allocation-1 8
      draft-amendment award-2 transfer 1 c1
      = refused MDG-1416
      draft-amendment award-1 transfer 1 desk
      = refused MDG-1414
      """)
  }

  /// Found by the simulation: a budget of time stood on handed-over servers, where nobody had to
  /// confirm anything.
  @Test func `an override moves with its allocation, or neither does`() {
    check(
      """
      \(AllocationTests.awards)
      allocate award-2 desk 8
      = allocation-1 8 at desk 2026-03-01..2026-03-11
      draft-amendment award-2 override 1 budget=3600
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      draft-amendment award-2 transfer 1 c1
      = refused MDG-1406
      draft-amendment award-2 override-end 1
      = amendment-2 drafted
      approve-amendment 2
      = amendment-2 approved
      draft-amendment award-2 transfer 1 c1
      = amendment-3 drafted
      """)
  }

  @Test func `a suspension stops every allocation, and a resumption starts them again`() {
    check(
      """
      \(AmendmentTests.allocated)
      draft-amendment award-1 resumption
      = refused MDG-1418
      draft-amendment award-1 suspension
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      desired c1
      = allocation-1 16 suspended
      draft-amendment award-1 resumption
      = amendment-2 drafted
      approve-amendment 2
      = amendment-2 approved
      desired c1
      = allocation-1 16
      """)
  }

  /// What had been used, or had passed, was given once more by way of a smaller limit.
  @Test func `a smaller limit gives back what is to come, and nothing that has passed`() {
    // Of award-1's 16 GPUs for ten days, 13,824,000 GPU-seconds, four and a half days are over.
    let held = """
      \(AllocationTests.awards)
      cluster rack h100 2
      engine rack slurm
      allocate award-1 rack 16
      = allocation-1 16 at rack 2026-03-01..2026-03-11
      at 2026-03-01
      read rack 1:16/16
      = allocation-1 enforced
      = award-1 clock 2026-03-01, delay 0, to 2026-03-11, owed 0
      at 2026-03-05T12:00:00
      """
    check(
      """
      \(held)
      draft-amendment award-1 resize 1 8
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      = allocation-1 leaves rack with 8
      # 8 GPUs for the five and a half days that are left.
      allocate award-1 desk budget=3801601
      = refused MDG-1408
      allocate award-1 desk budget=3801600
      = allocation-2 budget 3801600 at desk 2026-03-05..2026-03-11
      draft-amendment award-1 resize 2 budget=3801601
      = refused MDG-1408
      """)
    check(
      """
      \(held)
      draft-amendment award-1 resize 1 budget=7603201
      = refused MDG-1408
      draft-amendment award-1 resize 1 budget=7603200
      = amendment-1 drafted
      draft-amendment award-1 resize 1 8
      = amendment-2 drafted
      approve-amendment 2
      = amendment-2 approved
      = allocation-1 leaves rack with 8
      # The other half of them, from the same moment on.
      allocate award-1 desk 8
      = allocation-2 8 at desk 2026-03-05..2026-03-11
      read rack 1:8/8
      = allocation-1 enforced
      = departure-1 back 2026-03-05
      # What was fine before is no longer, with the other half given away.
      approve-amendment 1
      = refused MDG-1408
      """)
  }

  @Test func `before the clock starts nothing has passed, whatever was resized`() {
    check(
      """
      \(AllocationTests.awards)
      cluster rack h100 2
      engine rack slurm
      allocate award-1 rack 16
      = allocation-1 16 at rack 2026-03-01..2026-03-11
      at 2026-03-05T12:00:00
      draft-amendment award-1 resize 1 8
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      read rack 1:8/8
      = allocation-1 enforced
      = award-1 clock 2026-03-05, delay 4, to 2026-03-15, owed 0
      allocate award-1 desk 8
      = allocation-2 8 at desk 2026-03-05..2026-03-15
      """)
  }

  /// It was judged by days on which nobody could use them, and gave the time of those days.
  @Test func `a supplement is of the days that are left`() {
    check(
      """
      \(AllocationTests.awards)
      cluster rack h100 4
      engine rack slurm
      allocate award-1 rack 16
      = allocation-1 16 at rack 2026-03-01..2026-03-11
      at 2026-03-01
      read rack 1:16/16
      = allocation-1 enforced
      = award-1 clock 2026-03-01, delay 0, to 2026-03-11, owed 0
      maintenance kakao 8 2026-03-02..2026-03-04
      draft-amendment award-1 supplement 8
      = refused MDG-1435
      at 2026-03-06T00:00:00
      draft-amendment award-1 supplement 8
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      # Eight more for five days are 3,456,000 GPU-seconds, not the 6,912,000 of all ten.
      allocate award-1 desk budget=3456001
      = refused MDG-1408
      allocate award-1 desk budget=3456000
      = allocation-2 budget 3456000 at desk 2026-03-06..2026-03-11
      draft-amendment award-1 resize 1 24
      = refused MDG-1408
      draft-amendment award-1 resize 2 budget=1
      = amendment-2 drafted
      approve-amendment 2
      = amendment-2 approved
      draft-amendment award-1 resize 1 24
      = refused MDG-1408
      """)
    check(
      """
      \(AllocationTests.awards)
      cluster rack h100 4
      engine rack slurm
      allocate award-1 rack 16
      = allocation-1 16 at rack 2026-03-01..2026-03-11
      at 2026-03-01
      read rack 1:16/16
      = allocation-1 enforced
      = award-1 clock 2026-03-01, delay 0, to 2026-03-11, owed 0
      at 2026-03-06T00:00:00
      draft-amendment award-1 supplement 8
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      draft-amendment award-1 resize 1 24
      = amendment-2 drafted
      approve-amendment 2
      = amendment-2 approved
      allocate award-1 desk budget=1
      = refused MDG-1408
      """)
  }

  @Test func `an override is enforced in place of the limit, until it ends`() {
    check(
      """
      \(AmendmentTests.allocated)
      draft-amendment award-1 override 1 8
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      desired c1
      = allocation-1 8
      draft-amendment award-1 override-end 1
      = amendment-2 drafted
      approve-amendment 2
      = amendment-2 approved
      desired c1
      = allocation-1 16
      draft-amendment award-1 override-end 1
      = refused MDG-1416
      """)
  }

  @Test func `an award that ends early holds its GPUs until they are back`() {
    check(
      """
      \(AmendmentTests.allocated)
      draft-amendment award-1 end
      = amendment-1 drafted
      at 2026-03-02
      approve-amendment 1
      = amendment-1 approved
      = award-1 ended 2026-03-02
      draft-amendment award-2 supplement 16
      = refused MDG-1435
      read c1
      = allocation-1 back 2026-03-02
      # Its first day is held for ever, and nobody asks for that any more.
      draft-amendment award-2 supplement 16
      = amendment-2 drafted
      draft-amendment award-2 extension 2026-03-21
      = amendment-3 drafted
      """)
  }

  /// It was given what others had been awarded, and the line's spares.
  @Test func `an override lets a team hold what is nobody else's, and that is then its`() {
    check(
      """
      \(AmendmentTests.allocated)
      draft-amendment award-1 override 1 32
      = refused MDG-1435
      draft-amendment award-1 override 1 24
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      draft-amendment award-2 supplement 8
      = refused MDG-1435
      draft-amendment award-1 override-end 1
      = amendment-2 drafted
      approve-amendment 2
      = amendment-2 approved
      draft-amendment award-2 supplement 8
      = amendment-3 drafted
      """)
  }

  @Test func `a supplement comes in whole servers, as what was awarded`() {
    check(
      """
      \(AmendmentTests.allocated)
      draft-amendment award-1 supplement 3
      = refused MDG-1405
      """)
  }

  /// It could not be: exactly the award that should get nothing could be given something.
  @Test func `an award without allocations is suspended, and gets none`() {
    check(
      """
      \(AllocationTests.awards)
      draft-amendment award-2 resumption
      = refused MDG-1418
      draft-amendment award-2 suspension
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      allocate award-2 desk 8
      = refused MDG-1434
      draft-amendment award-2 suspension
      = refused MDG-1418
      """)
  }

  @Test func `nobody approves for their own organisation`() {
    check(
      """
      \(AmendmentTests.allocated)
      member award-1 7
      = memberAdded
      draft-amendment award-1 supplement 8
      = amendment-1 drafted
      approve-amendment 1 by=7
      = refused MDG-1437
      approve-amendment 1
      = amendment-1 approved
      """)
  }

  /// What a breach had cost was given back as if it had been the office's delay.
  @Test func `a suspension before the first use is no delay`() {
    check(
      """
      \(AmendmentTests.allocated)
      member award-1 7
      = memberAdded
      at 2026-03-01
      draft-amendment award-1 suspension
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      at 2026-03-05
      draft-amendment award-1 resumption
      = amendment-2 drafted
      approve-amendment 2
      = amendment-2 approved
      confirm 1 assets=5 by=7
      = handoverConfirmed
      at 2026-03-06
      read c1 1:16/16 assets=5
      = allocation-1 enforced
      = award-1 clock 2026-03-06, delay 5, to 2026-03-12, owed 0
      """)
  }

  /// Who did not answer used its servers with the clock stopped, and got the days back.
  @Test func `a hand-over runs from when the servers are in the team's hands`() {
    check(
      """
      \(AmendmentTests.allocated)
      member award-1 7
      = memberAdded
      at 2026-03-02
      read c1 1:16/16 assets=5
      = allocation-1 unconfirmed
      at 2026-03-08
      confirm 1 assets=5 by=7
      = handoverConfirmed
      read c1 1:16/16 assets=5
      = allocation-1 enforced
      = award-1 clock 2026-03-02, delay 1, to 2026-03-12, owed 0
      """)
    check(
      """
      \(AmendmentTests.allocated)
      at 2026-03-03
      read c1 1:16/16 assets=5
      = allocation-1 unconfirmed
      at 2026-03-11
      advance 2026-03-11
      = award-1 ended 2026-03-11
      = award-2 ended 2026-03-11
      award award-1
      = 16 2026-03-01..2026-03-11 owed 2 ended 2026-03-11
      award award-2
      = 8 2026-03-01..2026-03-11 owed 10 ended 2026-03-11 back 2026-03-11
      """)
  }

  /// It was given whole, and owed once more.
  @Test func `a budget is cut with its award's term`() {
    check(
      """
      model h100
      line kakao h100 16
      cluster desk h100 2
      engine desk local
      pool a
      track ta a
      round r1 kakao:16
      apply A ta 16 90 term=2026-03-01..2026-03-11
      apply B ta 16 80 term=2026-03-11..2026-04-01
      decide r1
      = 1 A 90.000 selected kakao
      = 2 B 80.000 selected kakao
      conclude A
      = A concluded 2026-02-01
      = award-1 16 of kakao 2026-03-01..2026-03-11
      allocate award-1 desk budget=10000000
      = allocation-1 budget 10000000 at desk 2026-03-01..2026-03-11
      allocate award-1 desk budget=3824000
      = allocation-2 budget 3824000 at desk 2026-03-01..2026-03-11
      at 2026-03-06
      read desk 1:b10000000
      = allocation-1 enforced
      = award-1 clock 2026-03-06, delay 5, to 2026-03-11, owed 5
      desired desk
      = allocation-1 budget 5000000
      = allocation-2 budget 1912000
      allocate award-1 desk budget=1
      = refused MDG-1408
      """)
  }

  /// It waited for a certificate that nobody could write.
  @Test func `what was used elsewhere and never handed over here has nothing to wipe here`() {
    check(
      """
      \(AllocationTests.awards)
      allocate award-2 desk 8
      = allocation-1 8 at desk 2026-03-01..2026-03-11
      at 2026-03-01
      read desk 1:8/8
      = allocation-1 enforced
      = award-2 clock 2026-03-01, delay 0, to 2026-03-11, owed 0
      draft-amendment award-2 transfer 1 c1
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      = allocation-1 leaves desk with 8
      draft-amendment award-2 end
      = amendment-2 drafted
      approve-amendment 2
      = amendment-2 approved
      = award-2 ended 2026-03-01
      read c1
      = allocation-1 back 2026-03-01
      """)
  }

  /// What a drift had taken was forgotten with it.
  @Test func `an outage that is open at a transfer or an end is not lost`() {
    check(
      """
      \(AllocationTests.awards)
      cluster rack h100 1
      engine rack slurm
      allocate award-1 desk 8
      = allocation-1 8 at desk 2026-03-01..2026-03-11
      at 2026-03-01T00:00:00
      read desk 1:8/8
      = allocation-1 enforced
      = award-1 clock 2026-03-01, delay 0, to 2026-03-11, owed 0
      at 2026-03-02T00:00:00
      read desk 1:8/6
      = allocation-1 notReady missing 2
      draft-amendment award-1 transfer 1 rack
      = amendment-1 drafted
      at 2026-03-02T00:01:00
      approve-amendment 1
      = amendment-1 approved
      = allocation-1 leaves desk with 8
      outage 1
      = 120 GPU s
      read rack 1:8/8
      = allocation-1 enforced
      at 2026-03-10T23:59:00
      read rack 1:8/5
      = allocation-1 notReady missing 3
      # A day late; after its term nobody went without.
      at 2026-03-12T00:00:00
      advance 2026-03-12T00:00:00
      = award-1 ended 2026-03-11
      = award-2 ended 2026-03-11
      outage 1
      = 300 GPU s
      """)
  }

  /// While nobody read back, a suspended team went on losing what it had been short of, and one
  /// that had given up GPUs went on missing them.
  @Test func `an outage that is open at a change counts on by what is to be enforced then`() {
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
      draft-amendment award-1 suspension
      = amendment-1 drafted
      at 2026-03-02T00:01:00
      approve-amendment 1
      = amendment-1 approved
      at 2026-03-02T01:00:00
      read desk 1:8/0!
      = allocation-1 enforced
      outage 1
      = 120 GPU s
      draft-amendment award-1 resumption
      = amendment-2 drafted
      approve-amendment 2
      = amendment-2 approved
      read desk 1:8/6
      = allocation-1 notReady missing 2
      draft-amendment award-1 resize 1 7
      = amendment-3 drafted
      at 2026-03-02T01:01:00
      approve-amendment 3
      = amendment-3 approved
      = allocation-1 leaves desk with 1
      at 2026-03-02T01:02:00
      read desk 1:7/6
      = departure-1 back 2026-03-02
      at 2026-03-02T01:03:00
      read desk 1:7/7
      = allocation-1 enforced after an outage of 120 GPU s
      outage 1
      = 360 GPU s
      draft-amendment award-1 override 1 8
      = amendment-4 drafted
      read desk 1:7/5
      = allocation-1 notReady missing 2
      # More is on its way: it goes without no more than before.
      at 2026-03-02T01:04:00
      approve-amendment 4
      = amendment-4 approved
      at 2026-03-02T01:05:00
      read desk 1:8/8
      = allocation-1 enforced after an outage of 120 GPU s
      outage 1
      = 600 GPU s
      """)
  }

  @Test func `no outage goes on after the term, however late somebody reads back`() {
    check(
      """
      \(AllocationTests.awards)
      allocate award-1 desk 8
      = allocation-1 8 at desk 2026-03-01..2026-03-11
      at 2026-03-01T00:00:00
      read desk 1:8/8
      = allocation-1 enforced
      = award-1 clock 2026-03-01, delay 0, to 2026-03-11, owed 0
      at 2026-03-10T23:59:00
      read desk 1:8/5
      = allocation-1 notReady missing 3
      at 2026-03-11T01:00:00
      read desk 1:8/8
      = allocation-1 enforced after an outage of 180 GPU s
      """)
  }

  /// Found by the simulation: the clock of a team that could use nothing was running.
  @Test func `a clock does not start while the team is suspended`() {
    check(
      """
      \(AmendmentTests.allocated)
      member award-1 7
      = memberAdded
      draft-amendment award-1 suspension
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      at 2026-03-01
      read c1 1:16/0!
      = allocation-1 enforced
      award award-1
      = 16 2026-03-01..2026-03-11
      draft-amendment award-1 resumption
      = amendment-2 drafted
      approve-amendment 2
      = amendment-2 approved
      confirm 1 assets=5 by=7
      = handoverConfirmed
      at 2026-03-03
      read c1 1:16/16 assets=5
      = allocation-1 enforced
      = award-1 clock 2026-03-03, delay 2, to 2026-03-13, owed 0
      """)
  }
}

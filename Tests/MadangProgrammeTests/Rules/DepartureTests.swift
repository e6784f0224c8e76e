import Testing

@testable import MadangProgramme

/// Work stops, what was left stays readable by rule, is wiped with a certificate, and only then
/// does capacity return: wherever GPUs leave a team.
struct DepartureTests {
  /// award-1 has 16 of c1's 32 GPUs in its hands; there is another hand-over of two servers.
  static let held = """
    \(AllocationTests.awards)
    cluster c2 h100 2
    engine c2 handover
    member award-1 7
    = memberAdded
    allocate award-1 c1 16
    = allocation-1 16 at c1 2026-03-01..2026-03-11
    confirm 1 assets=5 by=7
    = handoverConfirmed
    at 2026-03-01
    read c1 1:16/16 assets=5
    = allocation-1 enforced
    = award-1 clock 2026-03-01, delay 0, to 2026-03-11, owed 0
    """

  /// Found by reading: a transfer freed the old cluster's GPUs at once.
  @Test func `a transfer frees what it left only when that was wiped`() {
    check(
      """
      \(DepartureTests.held)
      draft-amendment award-1 transfer 1 c2
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      = allocation-1 leaves c1 with 16
      desired c1
      desired c2
      = allocation-1 16
      engine c1 slurm
      = refused MDG-1425
      # The engine has not heard, then still holds it, then wipes without a certificate.
      read c1 1:16/16 assets=5 generation=1
      read c1 1:16/0
      read c1
      read c1 wiped=2
      read c1 wiped=1:7
      = departure-1 back 2026-03-01
      read c1 wiped=1:7
      """)
  }

  @Test func `what is left counts on its cluster until it is back`() {
    check(
      """
      \(DepartureTests.held)
      cluster c3 h100 1
      engine c3 handover
      allocate award-2 c3 8
      = allocation-2 8 at c3 2026-03-01..2026-03-11
      draft-amendment award-1 transfer 1 c2
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      = allocation-1 leaves c1 with 16
      # The operator has two servers less there: what is left is all that c1 has.
      shrink c1 2
      draft-amendment award-2 transfer 2 c1
      = refused MDG-1409
      read c1 wiped=1:7
      = departure-1 back 2026-03-01
      draft-amendment award-2 transfer 2 c1
      = amendment-2 drafted
      """)
  }

  @Test func `what was left stays readable as long as the rule says, and then is to be wiped`() {
    check(
      """
      readable 3
      \(DepartureTests.held)
      draft-amendment award-1 transfer 1 c2
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      = allocation-1 leaves c1 with 16, readable to 2026-03-05
      desired c1
      = allocation-1 16 suspended
      read c1 1:16/0! assets=5
      # Nobody may wipe it yet: a certificate says nothing.
      read c1 wiped=1:7
      at 2026-03-04
      advance 2026-03-04
      at 2026-03-05
      advance 2026-03-05
      = allocation-1 to be wiped at c1
      desired c1
      read c1 1:16/0! assets=5
      read c1 wiped=1:7
      = departure-1 back 2026-03-05
      """)
  }

  /// One command took what every running contract had promised.
  @Test func `days of reading become no fewer while an award runs, and fewer once none does`() {
    check(
      """
      readable 3
      \(DepartureTests.held)
      readable 2
      = refused MDG-1440
      readable 3
      readable 4
      at 2026-03-11
      readable 3
      = refused MDG-1440
      advance 2026-03-11
      = award-1 ended 2026-03-11
      = award-2 ended 2026-03-11
      # What has ended has its last day.
      readable 0
      at 2026-03-14
      advance 2026-03-14
      at 2026-03-15
      advance 2026-03-15
      = allocation-1 to be wiped at c1
      """)
  }

  /// A day's reading, or a day's notice, was over a minute after it had begun.
  @Test(arguments: [
    ("2026-03-02T00:00:00", "2026-03-03"), ("2026-03-02T00:00:01", "2026-03-04"),
    ("2026-03-02T23:59:59", "2026-03-04"), ("2026-03-03T00:00:00", "2026-03-04"),
  ])
  func `a day of notice or of reading is a whole day, from the next midnight on`(
    _ moment: String, _ out: String
  ) {
    check(
      """
      readable 1
      \(DepartureTests.held)
      at \(moment)
      draft-amendment award-1 transfer 1 c2
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      = allocation-1 leaves c1 with 16, readable to \(out)
      """)
    check(
      """
      \(LendingTests.held)
      lend 1 8 award-2 2026-03-10 notice=1 by=7
      = lending-1 offered
      conclude-lending 1 by=8
      = lending-1 concluded: allocation-2 2026-03-01..2026-03-10
      = allocation-1 leaves c1 with 0
      at \(moment)
      end-lending 1 by=7
      = lending-1 to \(out)
      """)
  }

  @Test func `what ended with its day is readable from that day on, however late it was noticed`() {
    check(
      """
      readable 3
      \(DepartureTests.held)
      at 2026-03-13T12:00:00
      advance 2026-03-13T12:00:00
      = award-1 ended 2026-03-11
      = award-2 ended 2026-03-11
      at 2026-03-14T00:00:00
      advance 2026-03-14T00:00:00
      = allocation-1 to be wiped at c1
      """)
  }

  @Test func `what an award leaves at its end is kept readable by the same rule`() {
    check(
      """
      readable 3
      \(DepartureTests.held)
      draft-amendment award-1 end
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      = award-1 ended 2026-03-01
      desired c1
      = allocation-1 16 suspended
      read c1 wiped=1:7
      award award-1
      = 16 2026-03-01..2026-03-11 clock 2026-03-01 owed 0 ended 2026-03-01
      # Nobody looked for days: one step of time does all of it.
      at 2026-03-12
      advance 2026-03-12
      = award-2 ended 2026-03-11
      = allocation-1 to be wiped at c1
      desired c1
      read c1 wiped=1:7
      = allocation-1 back 2026-03-12
      """)
  }

  /// Found by reading: what a smaller limit gave up was free before it was wiped.
  @Test func `what a resize gives up is free only when it was wiped`() {
    check(
      """
      \(DepartureTests.held)
      draft-amendment award-1 resize 1 8
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      = allocation-1 leaves c1 with 8
      desired c1
      = allocation-1 8
      # It neither grows nor goes while something of it is leaving.
      draft-amendment award-1 resize 1 16
      = refused MDG-1426
      draft-amendment award-1 transfer 1 c2
      = refused MDG-1426
      draft-amendment award-1 override 1 16
      = refused MDG-1426
      read c1 1:16/16 assets=5
      = allocation-1 otherLimit
      read c1 1:8/8 assets=6
      = allocation-1 unconfirmed
      read c1 1:8/8 assets=6 wiped=1:7
      = departure-1 back 2026-03-01
      draft-amendment award-1 resize 1 16
      = amendment-2 drafted
      """)
  }

  @Test func `an override that lowers what is held is wiped for, and frees nothing`() {
    check(
      """
      \(DepartureTests.held)
      draft-amendment award-1 override 1 8
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      = allocation-1 leaves c1 with 0
      draft-amendment award-1 override-end 1
      = refused MDG-1426
      confirm 1 assets=6 by=7
      = handoverConfirmed
      read c1 1:8/8 assets=6 wiped=1:7
      = allocation-1 enforced
      = departure-1 back 2026-03-01
      draft-amendment award-1 override-end 1
      = amendment-2 drafted
      approve-amendment 2
      = amendment-2 approved
      """)
  }

  @Test func `a certificate certifies one wipe`() {
    check(
      """
      \(DepartureTests.held)
      draft-amendment award-1 resize 1 8
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      = allocation-1 leaves c1 with 8
      confirm 1 assets=6 by=7
      = handoverConfirmed
      read c1 1:8/8 assets=6 wiped=1:7
      = allocation-1 enforced
      = departure-1 back 2026-03-01
      draft-amendment award-1 end
      = amendment-2 drafted
      approve-amendment 2
      = amendment-2 approved
      = award-1 ended 2026-03-01
      read c1 wiped=1:7
      award award-1
      = 16 2026-03-01..2026-03-11 clock 2026-03-01 owed 0 ended 2026-03-01
      read c1 wiped=1:7,1:8
      = allocation-1 back 2026-03-01
      award award-1
      = 16 2026-03-01..2026-03-11 clock 2026-03-01 owed 0 ended 2026-03-01 back 2026-03-01
      """)
  }

  @Test func `an award is back when all that it left anywhere is back`() {
    check(
      """
      \(DepartureTests.held)
      draft-amendment award-1 transfer 1 c2
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      = allocation-1 leaves c1 with 16
      draft-amendment award-1 transfer 1 c1
      = refused MDG-1426
      draft-amendment award-1 end
      = amendment-2 drafted
      approve-amendment 2
      = amendment-2 approved
      = award-1 ended 2026-03-01
      # At the second cluster nothing was ever in its hands.
      read c2
      = allocation-1 back 2026-03-01
      award award-1
      = 16 2026-03-01..2026-03-11 clock 2026-03-01 owed 0 ended 2026-03-01
      read c1 wiped=1:7
      = departure-1 back 2026-03-01
      award award-1
      = 16 2026-03-01..2026-03-11 clock 2026-03-01 owed 0 ended 2026-03-01 back 2026-03-01
      """)
  }

  @Test func `what ends while a part of it leaves comes back together with it`() {
    check(
      """
      \(DepartureTests.held)
      draft-amendment award-1 resize 1 8
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      = allocation-1 leaves c1 with 8
      draft-amendment award-1 end
      = amendment-2 drafted
      approve-amendment 2
      = amendment-2 approved
      = award-1 ended 2026-03-01
      read c1 1:0/0 wiped=1:7
      read c1 wiped=1:7
      = allocation-1 back 2026-03-01
      = departure-1 back 2026-03-01
      """)
  }

  @Test func `what jobs run on needs no certificate, but has to be read back`() {
    check(
      """
      \(AllocationTests.awards)
      allocate award-2 desk 8
      = allocation-1 8 at desk 2026-03-01..2026-03-11
      at 2026-03-01
      read desk 1:8/8
      = allocation-1 enforced
      = award-2 clock 2026-03-01, delay 0, to 2026-03-11, owed 0
      draft-amendment award-2 resize 1 4
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      = allocation-1 leaves desk with 4
      allocate award-1 desk 4
      = refused MDG-1409
      read desk 1:4/4
      = allocation-1 enforced
      = departure-1 back 2026-03-01
      allocate award-1 desk 4
      = allocation-2 4 at desk 2026-03-01..2026-03-11
      """)
  }

  /// A server that was handed over and never confirmed may hold something of the team's too.
  @Test func `what was handed over and not confirmed is wiped as well`() {
    check(
      """
      \(AllocationTests.awards)
      allocate award-1 c1 16
      = allocation-1 16 at c1 2026-03-01..2026-03-11
      at 2026-03-01
      read c1 1:8/8 assets=5
      = allocation-1 otherLimit missing 8
      draft-amendment award-1 end
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      = award-1 ended 2026-03-01
      read c1
      read c1 wiped=1:7
      = allocation-1 back 2026-03-01
      """)
  }
}

import Testing

@testable import MadangProgramme

/// One team lends another GPUs of its own for a time: by contract, with notice, and back only when
/// they are wiped.
struct LendingTests {
  /// award-1 has 16 GPUs of c1 in its hands; of its team is 7, of the other team 8.
  static let held = """
    \(DepartureTests.held)
    member award-2 8
    = memberAdded
    """

  @Test func `what is lent is the other team's until its day, and comes back wiped`() {
    check(
      """
      \(LendingTests.held)
      lend 1 8 award-2 2026-03-06 notice=2 by=7
      = lending-1 offered
      desired c1
      = allocation-1 16
      conclude-lending 1 by=8
      = lending-1 concluded: allocation-2 2026-03-01..2026-03-06
      = allocation-1 leaves c1 with 0
      desired c1
      = allocation-1 8
      = allocation-2 8
      # What the lender gives up is wiped; then the engine has both, and both teams confirm.
      confirm 1 assets=6 by=7
      = handoverConfirmed
      confirm 2 assets=6 by=8
      = handoverConfirmed
      read c1 1:8/8 2:8/8 assets=6 wiped=1:7
      = allocation-1 enforced
      = allocation-2 enforced
      = departure-1 back 2026-03-01
      # The borrower's own award has not begun by that.
      award award-2
      = 8 2026-03-01..2026-03-11
      # Of its own award nothing is taken.
      allocate award-2 c1 8
      = allocation-3 8 at c1 2026-03-01..2026-03-11
      at 2026-03-06
      advance 2026-03-06
      = lending-1 ended 2026-03-06
      desired c1
      = allocation-1 8
      = allocation-3 8
      read c1 1:8/8 3:8/0 assets=6
      = allocation-3 notReady missing 8
      read c1 1:8/8 3:8/0 assets=6 wiped=2:9
      = allocation-2 back 2026-03-06
      desired c1
      = allocation-1 16
      = allocation-3 8
      """)
  }

  /// Found by the simulation: it waited for ever for a second certificate of what was wiped when it
  /// was lent.
  @Test func `a team that lent all it had and ended is back once what it lent is wiped`() {
    check(
      """
      \(LendingTests.held)
      lend 1 16 award-2 2026-03-06 notice=2 by=7
      = lending-1 offered
      conclude-lending 1 by=8
      = lending-1 concluded: allocation-2 2026-03-01..2026-03-06
      = allocation-1 leaves c1 with 0
      confirm 2 assets=6 by=8
      = handoverConfirmed
      read c1 2:16/16 assets=6 wiped=1:7
      = allocation-1 enforced
      = allocation-2 enforced
      = departure-1 back 2026-03-01
      end-lending 1 by=8
      = lending-1 ended 2026-03-01
      draft-amendment award-1 end
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      = award-1 ended 2026-03-01
      read c1
      read c1 wiped=2:9
      = allocation-2 back 2026-03-01
      read c1 wiped=2:9
      = allocation-1 back 2026-03-01
      """)
  }

  @Test func `whoever lends asks back with notice, whoever borrows gives back at once`() {
    check(
      """
      \(LendingTests.held)
      lend 1 8 award-2 2026-03-10 notice=3 by=7
      = lending-1 offered
      conclude-lending 1 by=8
      = lending-1 concluded: allocation-2 2026-03-01..2026-03-10
      = allocation-1 leaves c1 with 0
      end-lending 1 by=3
      = refused MDG-1410
      at 2026-03-02
      end-lending 1 by=7
      = lending-1 to 2026-03-06
      end-lending 1 by=7
      = refused MDG-1416
      at 2026-03-04
      advance 2026-03-04
      end-lending 1 by=8
      = lending-1 ended 2026-03-04
      end-lending 1 by=8
      = refused MDG-1432
      at 2026-03-05
      advance 2026-03-05
      # It was never in the borrower's hands; but the lender's own has to be wiped first.
      read c1 1:8/8
      = allocation-1 unconfirmed
      read c1 1:8/8 wiped=1:7
      = departure-1 back 2026-03-05
      read c1 1:8/8 wiped=1:7
      = allocation-2 back 2026-03-05
      desired c1
      = allocation-1 16
      """)
  }

  /// Who offered, and was in the other team too, ended the loan for it: its work stopped at once.
  @Test func `somebody of both teams asks back with notice as well`() {
    check(
      """
      \(LendingTests.held)
      member award-2 7
      = memberAdded
      member award-1 9
      = memberAdded
      member award-2 9
      = memberAdded
      lend 1 8 award-2 2026-03-10 notice=3 by=7
      = lending-1 offered
      conclude-lending 1 by=8
      = lending-1 concluded: allocation-2 2026-03-01..2026-03-10
      = allocation-1 leaves c1 with 0
      at 2026-03-02
      end-lending 1 by=7
      = lending-1 to 2026-03-06
      end-lending 1 by=9
      = refused MDG-1416
      desired c1
      = allocation-1 8
      = allocation-2 8
      end-lending 1 by=8
      = lending-1 ended 2026-03-02
      """)
  }

  @Test func `what is part of a lending changes only by it, and is not lent on`() {
    check(
      """
      \(LendingTests.held)
      lend 1 8 award-2 2026-03-10 by=7
      = lending-1 offered
      conclude-lending 1 by=8
      = lending-1 concluded: allocation-2 2026-03-01..2026-03-10
      = allocation-1 leaves c1 with 0
      draft-amendment award-1 resize 1 8
      = refused MDG-1433
      draft-amendment award-1 transfer 1 c2
      = refused MDG-1433
      draft-amendment award-1 override 1 16
      = refused MDG-1433
      draft-amendment award-1 end
      = refused MDG-1433
      draft-amendment award-2 resize 2 16
      = refused MDG-1433
      lend 2 8 award-1 2026-03-09 by=8
      = refused MDG-1428
      # The borrower's own end is nobody's to refuse.
      draft-amendment award-2 end
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      = award-2 ended 2026-03-01
      end-lending 1 by=7
      = refused MDG-1432
      # It waits for nothing of the other team's: what was lent is the lender's.
      award award-2
      = 8 2026-03-01..2026-03-11 ended 2026-03-01 back 2026-03-01
      read c1 1:8/8 wiped=1:7 assets=5
      = allocation-1 enforced
      = departure-1 back 2026-03-01
      read c1 1:8/8 wiped=1:7 assets=5
      = allocation-2 back 2026-03-01
      draft-amendment award-1 resize 1 8
      = amendment-2 drafted
      """)
  }

  /// A team whose work was stopped got GPUs that worked, from the office or from another team.
  @Test func `a suspended team is given nothing to work with, until it may work again`() {
    check(
      """
      \(LendingTests.held)
      allocate award-2 desk 2
      = allocation-2 2 at desk 2026-03-01..2026-03-11
      lend 1 8 award-2 2026-03-06 by=7
      = lending-1 offered
      draft-amendment award-2 suspension
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      allocate award-2 desk 2
      = refused MDG-1434
      allocate award-2 desk budget=3600
      = refused MDG-1434
      conclude-lending 1 by=8
      = refused MDG-1434
      lend 1 8 award-2 2026-03-06 by=7
      = refused MDG-1434
      desired desk
      = allocation-2 2 suspended
      draft-amendment award-2 resumption
      = amendment-2 drafted
      approve-amendment 2
      = amendment-2 approved
      conclude-lending 1 by=8
      = lending-1 concluded: allocation-3 2026-03-01..2026-03-06
      = allocation-1 leaves c1 with 0
      allocate award-2 desk 2
      = allocation-4 2 at desk 2026-03-01..2026-03-11
      """)
  }

  @Test func `a team stays suspended though what was stopped is over`() {
    check(
      """
      \(LendingTests.held)
      lend 1 8 award-2 2026-03-06 by=7
      = lending-1 offered
      conclude-lending 1 by=8
      = lending-1 concluded: allocation-2 2026-03-01..2026-03-06
      = allocation-1 leaves c1 with 0
      draft-amendment award-2 suspension
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      end-lending 1 by=8
      = lending-1 ended 2026-03-01
      allocate award-2 desk 2
      = refused MDG-1434
      draft-amendment award-2 suspension
      = refused MDG-1418
      draft-amendment award-2 resumption
      = amendment-2 drafted
      approve-amendment 2
      = amendment-2 approved
      draft-amendment award-2 resumption
      = refused MDG-1418
      allocate award-2 desk 2
      = allocation-3 2 at desk 2026-03-01..2026-03-11
      """)
  }

  /// With a notice of a year no breach could end an award that lent a server.
  @Test func `the office asks back what a team lends, with its notice, and ends the award then`() {
    check(
      """
      readable 1
      \(LendingTests.held)
      lend 1 8 award-2 2026-03-11 notice=31 by=7
      = refused MDG-1007
      lend 1 8 award-2 2026-03-11 notice=30 by=7
      = lending-1 offered
      lend 1 8 award-2 2026-03-11 notice=2 by=7
      = lending-2 offered
      draft-amendment award-1 recall 1
      = refused MDG-1416
      conclude-lending 2 by=8
      = lending-2 concluded: allocation-2 2026-03-01..2026-03-11
      = allocation-1 leaves c1 with 0
      confirm 1 assets=6 by=7
      = handoverConfirmed
      confirm 2 assets=6 by=8
      = handoverConfirmed
      read c1 1:8/8 2:8/8 assets=6 wiped=1:7
      = allocation-1 enforced
      = allocation-2 enforced
      = departure-1 back 2026-03-01
      draft-amendment award-1 suspension
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      draft-amendment award-1 end
      = refused MDG-1433
      draft-amendment award-2 recall 1
      = refused MDG-1414
      draft-amendment award-1 recall 1 by=1
      = amendment-2 drafted
      at 2026-03-02
      approve-amendment 2 by=1
      = refused MDG-1412
      approve-amendment 2
      = amendment-2 approved
      = lending-2 to 2026-03-05
      draft-amendment award-1 recall 1
      = refused MDG-1416
      end-lending 2 by=7
      = refused MDG-1416
      at 2026-03-05
      advance 2026-03-05
      = lending-2 ended 2026-03-05
      # It is not wiped yet; that holds up the GPUs, and not the end.
      draft-amendment award-1 end
      = amendment-3 drafted
      approve-amendment 3
      = amendment-3 approved
      = award-1 ended 2026-03-05
      at 2026-03-07
      advance 2026-03-07
      = allocation-1 to be wiped at c1
      = allocation-2 to be wiped at c1
      read c1 wiped=1:8
      read c1 wiped=1:8,2:9
      = allocation-2 back 2026-03-07
      read c1 wiped=1:8,2:9
      = allocation-1 back 2026-03-07
      award award-1
      = 16 2026-03-01..2026-03-11 clock 2026-03-01 owed 0 ended 2026-03-05 back 2026-03-07
      """)
  }

  @Test func `whoever lends all that it has is not found, and lacks nothing`() {
    check(
      """
      \(LendingTests.held)
      lend 1 16 award-2 2026-03-06 by=7
      = lending-1 offered
      conclude-lending 1 by=8
      = lending-1 concluded: allocation-2 2026-03-01..2026-03-06
      = allocation-1 leaves c1 with 0
      desired c1
      = allocation-2 16
      confirm 2 assets=6 by=8
      = handoverConfirmed
      read c1
      = allocation-1 enforced
      read c1 2:16/16 assets=6 wiped=1:7
      = allocation-2 enforced
      = departure-1 back 2026-03-01
      at 2026-03-06
      advance 2026-03-06
      = lending-1 ended 2026-03-06
      read c1 wiped=1:7,2:8
      = allocation-2 back 2026-03-06
      desired c1
      = allocation-1 16
      """)
  }

  @Test func `an offer is judged again when it is concluded, and may be withdrawn`() {
    check(
      """
      \(LendingTests.held)
      lend 1 8 award-1 2026-03-10 by=7
      = refused MDG-1427
      lend 1 24 award-2 2026-03-10 by=7
      = refused MDG-1429
      lend 1 4 award-2 2026-03-10 by=7
      = refused MDG-1405
      lend 1 8 award-2 2026-03-12 by=7
      = refused MDG-1430
      lend 1 8 award-2 2026-03-01 by=7
      = refused MDG-1430
      lend 1 8 award-2 2026-03-10 notice=0 by=7
      = refused MDG-1007
      lend 1 8 award-2 2026-03-10 by=8
      = refused MDG-1410
      lend 1 16 award-2 2026-03-10 by=7
      = lending-1 offered
      lend 1 8 award-2 2026-03-10 by=7
      = lending-2 offered
      conclude-lending 1 by=7
      = refused MDG-1410
      member award-2 7
      = memberAdded
      conclude-lending 1 by=7
      = refused MDG-1431
      conclude-lending 2 by=8
      = lending-2 concluded: allocation-2 2026-03-01..2026-03-10
      = allocation-1 leaves c1 with 0
      conclude-lending 1 by=8
      = refused MDG-1426
      withdraw-lending 1 by=8
      = refused MDG-1410
      withdraw-lending 1 by=7
      = lending-1 withdrawn
      conclude-lending 1 by=8
      = refused MDG-1432
      conclude-lending 2 by=8
      = refused MDG-1432
      """)
  }

  @Test func `an award that lent is back only when what it lent is back`() {
    check(
      """
      \(LendingTests.held)
      lend 1 8 award-2 2026-03-11 by=7
      = lending-1 offered
      conclude-lending 1 by=8
      = lending-1 concluded: allocation-2 2026-03-01..2026-03-11
      = allocation-1 leaves c1 with 0
      confirm 1 assets=6 by=7
      = handoverConfirmed
      confirm 2 assets=6 by=8
      = handoverConfirmed
      read c1 1:8/8 2:8/8 assets=6 wiped=1:7
      = allocation-1 enforced
      = allocation-2 enforced
      = departure-1 back 2026-03-01
      at 2026-03-11
      advance 2026-03-11
      = lending-1 ended 2026-03-11
      = award-1 ended 2026-03-11
      = award-2 ended 2026-03-11
      read c1 wiped=1:8
      award award-1
      = 16 2026-03-01..2026-03-11 clock 2026-03-01 owed 0 ended 2026-03-11
      read c1 wiped=1:8,2:9
      = allocation-2 back 2026-03-11
      read c1 wiped=1:8,2:9
      = allocation-1 back 2026-03-11
      award award-1
      = 16 2026-03-01..2026-03-11 clock 2026-03-01 owed 0 ended 2026-03-11 back 2026-03-11
      """)
  }
}

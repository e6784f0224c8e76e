"""Each role's part, from the draft to the amendment, with script and without."""

import re
import time

import pytest

from person import concluded

pytestmark = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
ROUND = "/rounds/round-1"


def decide(person, yard, script):
    """Officer drafts, approver approves, officer publishes."""
    officer = person(yard, script=script).sign_in("officer").goes(ROUND)
    officer.done("draftRound")
    assert not officer.may("approveRound")
    approver = person(yard, script=script).sign_in("approver").goes(ROUND)
    assert not approver.may("publishRound")
    approver.done("approveRound")
    officer.goes(ROUND).done("publishRound")
    return officer, approver


def winner(person, yard, script, place=0):
    """The team of an application that was selected, in the order of the list."""
    row = person(yard, script=script).goes(ROUND).page.locator("#selected tbody tr").nth(place)
    organisation = re.search(r"Organisation (\d+)", row.inner_text())[1]
    name = f"winner-{place}"
    yard.command("user", "add", name, "--role", f"team:organisation-{organisation}",
                 "--person", ("team", "operator")[place], typed="a password of their own\n")
    return person(yard, script=script).sign_in(name, "a password of their own")


def test_who_drafts_does_not_approve(person, undecided, script):
    """Not even an officer who is an approver as well."""
    both = "both hands of one"
    undecided.command("user", "add", "both", "--role", "officer", "--role", "approver",
                      "--person", "officer", typed=both + "\n")
    one = person(undecided, script=script).sign_in("both", both).goes(ROUND)
    one.done("draftRound")
    one.does("approveRound")
    assert one.page.locator(".refusal").count() == 1, one.text()
    approver = person(undecided, script=script).sign_in("approver").goes(ROUND)
    assert approver.may("approveRound")


def test_from_draft_to_amendment(person, undecided, script):
    officer, approver = decide(person, undecided, script)

    passer_by = person(undecided, script=script).goes(ROUND)
    assert "50.333" in passer_by.page.inner_text("#cutoffs")
    passer_by.page.fill("#rank-of", "161")
    passer_by.page.click("#rank button")
    assert "Rank 161 was not selected" in passer_by.page.inner_text("#rank")

    award = concluded(winner(person, undecided, script))

    # The first selected got H200s, which the embedded cluster pretends to have.
    officer.goes(award).done("allocate", cluster="embedded", budgetGPUHours="10")
    # Its term begins on 16 March: in an exercise somebody moves the clock there.
    officer.goes("/me").done("advance", to="2026-03-16")
    enforced(person(undecided, script=script), award)

    officer.goes(award).done("draftAmendment", change="suspension", ground="security")
    assert not officer.may("approveAmendment")
    approver.goes(award).done("approveAmendment")
    assert "suspen" in approver.text()


def test_one_team_lends_another_and_has_it_back(person, undecided, script):
    officer, _ = decide(person, undecided, script)
    lender, borrower = (winner(person, undecided, script, place) for place in (0, 1))
    award, other = concluded(lender), concluded(borrower)
    officer.goes(award).done("allocate", cluster="embedded", gpus="4")
    officer.goes("/me").done("advance", to="2026-03-16")
    enforced(person(undecided, script=script), award)

    # Members lend; whoever only applied is told so.
    assert not lender.goes(award).may("offerLending") and "add one first" in lender.text()
    lender.done("addMember", name="winner-0")
    borrower.goes(other).done("addMember", name="winner-1")
    assert not borrower.goes(award).may("offerLending")
    lender.goes(award).done(
        "offerLending", award=other.split("/")[-1], gpus="3", to="2026-06-01", noticeDays="7")
    # Both see it; only the other team can take it, only this one withdraw it.
    assert lender.may("withdrawLending") and not lender.may("concludeLending")
    assert borrower.goes(other).may("concludeLending") and not borrower.may("withdrawLending")
    borrower.done("concludeLending")
    assert "On loan from" in borrower.text()
    enforced(person(undecided, script=script), other)
    assert "3 GPUs, Award 2" in lender.goes(award).text()

    borrower.goes(other).done("endLending")
    end = time.monotonic() + 60
    while not re.search(r"\bback$", row := lender.goes(award).page.inner_text("#lendings tbody")):
        assert time.monotonic() < end, row
        time.sleep(1)
    assert "3 GPUs, Award 2" not in lender.text()


def enforced(passer_by, award):
    """The embedded cluster applies the allocation, and reads it back."""
    end = time.monotonic() + 60
    while "enforced" not in (text := passer_by.goes(award).text()):
        assert time.monotonic() < end, text
        time.sleep(1)


def test_a_team_sees_its_own_reason_and_nobody_else_s(person, decided, script):
    team = person(decided, script=script).sign_in("team-reserve").goes("/me")
    own = team.page.locator('#mine a[href^="/applications/"]').first
    mine = own.get_attribute("href")
    own.click()
    assert "Recorded reason" in team.text() and "agrees" in team.text()
    numbers = [number for number in range(1, 30) if f"/applications/application-{number}" != mine]
    for number in numbers:
        others = team.goes(f"/applications/application-{number}").text()
        assert "Recorded reason" not in others and "Score" not in others, number
    assert team.goes(ROUND).page.locator("#ranking").count() == 0


def test_an_auditor_sees_everything_and_does_nothing(person, decided, script):
    auditor = person(decided, script=script).sign_in("auditor")
    assert "514" in auditor.goes(ROUND).page.inner_text("#ranking figcaption")
    for path in (ROUND, "/applications/application-1", "/awards", "/centres", "/me"):
        auditor.goes(path)
        assert auditor.page.locator('form[action^="/do/"]').count() == 0, path
    assert "Recorded reason" in auditor.goes("/applications/application-1").text()

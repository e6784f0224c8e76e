"""Each role's part, from the draft to the amendment, with script and without."""

import re
import time

import pytest

from person import concluded, form, press

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
    press(passer_by.page, "#rank button")
    assert "Rank 161 was not selected" in passer_by.page.inner_text("#rank")

    award = concluded(winner(person, undecided, script))

    # The first selected got H200s, which the embedded cluster pretends to have.
    officer.goes(award).done("allocate", cluster="embedded", budgetGPUHours="10")
    # Its term begins on 16 March: in an exercise somebody moves the clock there.
    officer.goes("/me").done("advance", to="2026-03-16")
    enforced(person(undecided, script=script), award)

    # Not a whole month is sealed yet, and the page says so instead of a form that would be refused.
    assert "There is no month to settle" in officer.goes(award).text()
    assert not officer.may("settle")
    officer.goes(award).amends("suspension").done("draftAmendment", ground="security")
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
    """The cluster applies the allocation, and reads it back."""
    shows(passer_by, award, "enforced")


def shows(one, path, words):
    until(lambda: words in one.goes(path).text(), one)


def until(holds, one):
    """What the yard does by itself takes a moment."""
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end, one.text()
        time.sleep(0.5)


def test_a_team_sees_its_own_reason_and_nobody_else_s(person, decided, script):
    team = person(decided, script=script).sign_in("team-reserve").goes("/me")
    own = team.page.locator('#mine a[href^="/applications/"]').first
    mine = own.get_attribute("href")
    with team.page.expect_navigation():
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


def test_servers_are_handed_over_and_a_member_confirms_them(person, undecided, script):
    officer, _ = decide(person, undecided, script)
    team = winner(person, undecided, script)
    award = concluded(team)
    officer.goes(award).done("allocate", cluster="naver-h200-255", gpus="8")
    officer.goes("/me").done("advance", to="2026-03-16")
    undecided.command("user", "add", "naver", "--role", "operator:cluster-4", "--person", "operator",
                      typed="a password of theirs\n")
    operator = person(undecided, script=script).sign_in("naver", "a password of theirs")
    shows(operator, operator.goes("/me").page.locator('main a[href^="/centres/"]').first
          .get_attribute("href").split("#")[0], "wait for the team to confirm")
    assert "unconfirmed" in operator.page.inner_text("#work")

    # The organisation's own account is of no team yet: it is told so, and gets no button.
    assert "It is a member of the award who confirms" in team.goes(award).text()
    assert not team.may("confirmHandover")
    team.done("addMember", name="winner-0")
    team.goes(award).done("confirmHandover")
    enforced(team, award)
    # Whoever passes by learns neither the names nor the list's digest.
    passer_by = person(undecided, script=script).goes(award)
    assert passer_by.page.locator("#members").count() == 0
    team.done("removeMember")
    assert "There are no members yet" in team.page.inner_text("#members")


def test_an_operator_says_what_came_and_when_it_cannot_be_used(person, fresh, script):
    operator = person(fresh, script=script).sign_in("operator").goes("/me")
    line = operator.page.locator('main a[href^="/supply/"]').first.get_attribute("href")
    source = "kbthink-20251222120009816"
    step = {"state": "delivered", "on": "2026-03-02", "confidence": "delivered", "source": source}
    operator.goes(line).done("recordStep", gpus="2424", **step)
    assert "2 Mar 2026" in operator.page.inner_text("#steps")
    operator.does("recordStep", gpus="9", **step)
    assert operator.page.locator(".refusal").count() == 1
    field = f'{form("recordStep")} [name="{{}}"]'
    for name, value in {"gpus": "9", **step}.items():
        assert operator.page.locator(field.format(name)).input_value() == value, name
    # That it was accepted is for the office to say.
    for name in ("state", "confidence"):
        offered = operator.goes(line).page.locator(f"{field.format(name)} option")
        words = [option.get_attribute("value") for option in offered.all()]
        assert "delivered" in words and "accepted" not in words
        offered.last.evaluate("option => option.value = 'accepted'")
        operator.does("recordStep", gpus="8", **{**step, name: "accepted"})
        assert "MDG-1837" in operator.page.inner_text(".refusal")
    operator.goes(line).done("registerUnits", servers="10", firstSerial="KK-B200-0001")
    assert "KK-B200-0001" in operator.page.inner_text("#units")
    operator.done("scheduleMaintenance", gpus="16", source=source,
                  **{"from": "2026-05-01", "to": "2026-05-02"})
    assert "1 May 2026 – 2 May 2026" in operator.page.inner_text("#maintenance")
    # Another centre's line is not its own, whatever it sends.
    another = "/supply/line-1"
    assert another != line and not operator.goes(another).may("recordStep")
    operator.goes(line)
    hidden = {
        one.get_attribute("name"): one.get_attribute("value")
        for one in operator.page.locator(f"{form('recordStep')} input[type=hidden]").all()}
    sent = operator.context.request.post(
        "/do/recordStep", form={**hidden, "line": "line-1", "gpus": "8", **step})
    assert sent.status == 403


def test_a_reviewer_reviews_many_at_once(person, undecided, script):
    undecided.command("user", "add", "late", "--role", "reviewer", "--person", "auditor",
                      typed="a password of theirs\n")
    reviewer = person(undecided, script=script).sign_in("late", "a password of theirs").goes("/me")
    reviewer.page.click('main a[href$="#review"]')
    left = int(re.search(r"(\d+) to review", reviewer.text())[1])
    row = reviewer.page.locator(f"{form('reviewApplications')} tbody tr")
    first, second = (row.nth(at).locator("a").get_attribute("href") for at in (0, 1))

    def points(at, *values):
        for box, value in zip(row.nth(at).locator("input").all(), values):
            box.fill(value)

    # Half a row is no row, and takes nothing of the others away.
    points(0, "80", "70", "60", "50")
    points(1, "90")
    reviewer.page.click(f"{form('reviewApplications')} button")
    assert reviewer.page.locator(".refusal").count() == 1
    assert [box.input_value() for box in row.nth(0).locator("input").all()] \
        == ["80", "70", "60", "50"]
    points(1, "90", "90", "90", "90")
    reviewer.page.click(f"{form('reviewApplications')} button")
    assert f"{left - 2} to review, 2 reviewed" in reviewer.text()

    # Of one whose applicant it knows it stands aside.
    aside = row.nth(0).locator("a").get_attribute("href")
    officer = person(undecided, script=script).sign_in("officer").goes(aside)
    officer.done("declareConflict", reviewer="late", ground="recused")
    assert "1 from which you stand aside" in reviewer.goes(ROUND).text()
    assert not reviewer.goes(aside).may("reviewApplication")
    assert reviewer.goes(first).may("reviewApplication") and first != second != aside


def test_an_application_is_changed_until_its_round_closes(person, invented, script):
    officer = person(invented, script=script).sign_in("officer").goes("/me")
    officer.done("advance", to="2026-10-05")
    officer.goes("/rounds").done("registerOrganisation", form="startup", region="north-shore")
    organisation = officer.page.locator("#organisations tbody code").first.inner_text()
    invented.command("user", "add", "founder", "--role", f"team:{organisation}",
                     "--person", "auditor", typed="a password of their own\n")
    team = person(invented, script=script).sign_in("founder", "a password of their own")
    team.goes("/rounds/round-2").page.click('a[href="/rounds/round-2/apply"]')
    team.done("submitApplication", track="founders", gpus="8", content="0a" * 32)
    team.goes("/me").page.locator('#mine a[href^="/applications/"]').first.click()
    # What was applied for stands in the form.
    fields = {"track": "founders", "gpus": "8", "models": "egret-4", "content": "0a" * 32}
    for name, value in fields.items():
        field = team.page.locator(f'{form("reviseApplication")} [name="{name}"]')
        assert field.input_value() == value, name
    team.done("reviseApplication", gpus="12")
    assert "\n12\n" in team.text()
    team.done("withdrawApplication")
    assert not team.may("reviseApplication") and "withdrawn" in team.text()

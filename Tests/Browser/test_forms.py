"""Forms that many would call long: folded away, asked for piece by piece, whole after a refusal."""

import pytest

from person import concluded, fill, form, press

pytestmark = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])


def test_an_officer_s_forms_are_folded_until_they_are_wanted(person, fresh, script):
    award = concluded(person(fresh).sign_in("team"))
    officer = person(fresh, script=script).sign_in("officer").goes(award)
    shown = officer.page.locator("main form button:visible, main select:visible")
    assert shown.count() == 0, shown.all_inner_texts()
    for summary in officer.page.locator("details.fold > summary").all():
        summary.click()
    # With a script the choice of a change needs no button.
    assert shown.count() == (3 if script else 4)
    assert officer.may("allocate") and not officer.may("draftAmendment")


def test_an_amendment_asks_for_what_its_change_needs(person, fresh, script):
    award = concluded(person(fresh).sign_in("team"))
    officer = person(fresh, script=script).sign_in("officer").goes(award)
    amendment = officer.page.locator(form("draftAmendment"))

    def asked() -> list[str]:
        fields = amendment.locator("input:not([type=hidden]), select").all()
        return [field.get_attribute("name") for field in fields]

    assert asked_of(officer, "extension", asked) == ["ground", "to"]
    amendment.locator("[name=ground]").select_option("delay")
    assert asked_of(officer, "supplement", asked) == ["ground", "gpus"]
    if script:
        # Nobody left the page, so what was typed is still there.
        assert amendment.locator("[name=ground]").input_value() == "delay"
        assert "change=" not in officer.page.url
    else:
        assert "change=supplement" in officer.page.url
    # Refused: whatever was typed stands there again, of this change alone.
    officer.does("draftAmendment", ground="security", gpus="1000000")
    assert officer.page.locator(".refusal").count() == 1
    assert asked() == ["ground", "gpus"]
    assert amendment.locator("[name=gpus]").input_value() == "1000000"
    assert amendment.locator("[name=ground]").input_value() == "security"
    # People say the last day, programs hear the day after it.
    officer.goes(award).amends("extension").done("draftAmendment", ground="delay", to="2027-05-31")
    assert "extended (last day 2027-05-31)" in officer.page.inner_text("#amendments")
    approver = person(fresh, script=script).sign_in("approver").goes(award)
    approver.done("approveAmendment")
    assert "31 May 2027" in approver.text() and "1 Jun 2027" not in approver.text()
    told = officer.context.request.get(f"/api/v1{award}").json()
    assert told["award"]["to"] == "2027-06-01"


def asked_of(officer, change, asked):
    officer.amends(change)
    return asked()


def test_a_conflict_that_is_refused_keeps_its_choice(person, undecided, script):
    officer = person(undecided, script=script).sign_in("officer").goes("/applications/application-3")
    reviewer = f'{form("declareConflict")} [name="reviewer"]'
    fill(officer.page, "declareConflict", reviewer="reviewer-1", ground="recused")
    press(officer.page, f"{form('declareConflict')} button")
    assert officer.page.locator(".notice").count() == 1, officer.text()
    # The same again is refused.
    officer.goes("/applications/application-3")
    officer.does("declareConflict", reviewer="reviewer-1", ground="recused")
    assert officer.page.locator(".refusal").count() == 1, officer.text()
    again = officer.page.locator(reviewer)
    assert again.evaluate("field => field.tagName") == "SELECT"
    assert again.input_value() == "reviewer-1"
    assert officer.page.locator(f'{form("declareConflict")} [name="ground"]').input_value() \
        == "recused"

"""Double submits, the back button, two tabs, a session that ends, markup in every field."""

from urllib.parse import quote

import pytest

from person import Person, concluded, fill, form, press

ROUND = "/rounds/round-1"
MARKUP = "\"'><script>hurt()</script><img src=x onerror=hurt()>&lt;\u202e\u0000"
HOSTILE = (MARKUP, "x" * 100_000, "한" * 5_000, "-1", "1e9", "0x10", "\t\r\n", "../../etc", "٣")


def events(person) -> str:
    """How long the journal is, as the foot of every page says."""
    return person.page.inner_text("footer").split("·")[1]


def award(person, yard) -> str:
    """An award to work on."""
    return concluded(person(yard).sign_in("team"))


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_pressed_twice_is_done_once(person, undecided, script):
    officer = person(undecided, script=script).sign_in("officer").goes(ROUND)
    fields = {
        field.get_attribute("name"): field.get_attribute("value")
        for field in officer.page.locator(f"{form('draftRound')} input").all()}
    if script:
        officer.page.dblclick(f"{form('draftRound')} button")
        officer.page.wait_for_selector(".notice")
    else:
        officer.done("draftRound")
    before = events(officer)
    answer = officer.context.request.post("/do/draftRound", form=fields)
    assert answer.ok and "nothing was done twice" in answer.text()
    assert events(officer.goes(ROUND)) == before


def test_going_back_and_sending_again_does_nothing_twice(person, undecided):
    officer = person(undecided).sign_in("officer").goes(ROUND)
    officer.done("draftRound")
    before = events(officer)
    officer.page.go_back()
    button = officer.page.locator(f"{form('draftRound')} button")
    if button.count() > 0:
        assert button.is_enabled()
        with officer.page.expect_navigation():
            button.click()
    assert events(officer.goes(ROUND)) == before


def test_two_tabs_decide_once(person, undecided):
    officer = person(undecided).sign_in("officer").goes(ROUND)
    second = officer.context.new_page()
    second.goto(ROUND)
    officer.done("draftRound")
    before = events(officer)
    press(second, f"{form('draftRound')} button")
    assert "MDG-" in second.inner_text(".refusal")
    assert events(officer.goes(ROUND)) == before


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_session_that_ends_loses_nothing_that_was_typed(person, fresh, script):
    path = award(person, fresh)
    officer = person(fresh, script=script).sign_in("officer").goes(path)
    typed = {"ground": "delay", "to": "2027-09-01"}
    fill(officer.amends("extension").page, "draftAmendment", **typed)
    other = officer.context.new_page()
    other.goto("/me")
    press(other, 'form[action="/signout"] button')
    press(officer.page, f"{form('draftAmendment')} button")
    Person.fill_door(officer.page, "officer")
    for name, value in typed.items():
        field = officer.page.locator(f'{form("draftAmendment")} [name="{name}"]')
        assert field.input_value() == value, name
    press(officer.page, f"{form('draftAmendment')} button")
    assert officer.page.locator(".notice").count() == 1, officer.text()
    assert path in officer.page.url


def test_what_is_wrong_is_said_beside_what_was_typed(person, fresh):
    path = award(person, fresh)
    officer = person(fresh).sign_in("officer").goes(path)
    officer.amends("extension").does("draftAmendment", ground="delay", to="1990-01-01")
    assert officer.page.locator(".refusal").count() == 1
    amendment = officer.page.locator(form("draftAmendment"))
    assert amendment.locator("[name=to]").input_value() == "1990-01-01"
    assert amendment.locator("[name=ground]").input_value() == "delay"
    # Still of what was chosen, and of nothing else.
    assert amendment.locator("[name=change]").get_attribute("value") == "extension"
    assert amendment.locator("[name=gpus], [name=allocation]").count() == 0


def test_hostile_text_in_every_field_is_text(person, fresh):
    """Past what the browser would refuse: the form is sent as a program would."""
    path = award(person, fresh)
    officer = person(fresh).sign_in("officer").goes(path)
    team = person(fresh).sign_in("team").goes(path)
    hurt = []
    for one in (officer, team):
        one.page.on("pageerror", lambda error: hurt.append(error))
        before = events(one)
        for action in {each.get_attribute("action") for each in one.page.locator(
                'form[action^="/do/"]').all()}:
            for text in HOSTILE:
                send(one, path, action, text)
        assert events(one.goes(path)) == before, "nothing hostile became an event"
    assert not hurt


def send(one, path, action, text):
    """Every field but the hidden ones gets the text."""
    one.goes(path)
    with one.page.expect_navigation():
        one.page.evaluate("""([action, text]) => {
          const form = document.querySelector(`form[action="${action}"]`);
          if (!form.querySelector('input:not([type=hidden]), select')) form.innerHTML +=
            '<input name="unasked">';
          for (const field of form.querySelectorAll('input:not([type=hidden]), select')) {
            const plain = document.createElement('textarea');
            plain.name = field.name;
            plain.value = text;
            field.replaceWith(plain);
          }
          if (form.querySelector('[name=unasked]')) form.action = '/do/nothing-such';
          form.submit();
        }""", [action, text])
    assert one.page.locator("h1").count() == 1, f"{action}: {one.page.content()[:300]}"
    assert one.page.locator("main script, main img").count() == 0, action
    assert one.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), action


@pytest.mark.parametrize("signed_in", [True, False])
def test_another_site_puts_nothing_into_a_form_of_ours(person, decided, signed_in):
    one = person(decided)
    if signed_in:
        one.sign_in("officer")
    before = events(one.goes("/"))
    one.context.route("http://elsewhere.example/**", lambda route: route.fulfill(
        content_type="text/html", body=f"""<title>x</title>
        <form method="post" action="{decided.address}/do/registerOrganisation">
        <input name="form" value="company"><input name="region" value="planted">
        <input name="csrf" value="guessed"><button>Win a GPU</button></form>"""))
    one.goes("http://elsewhere.example/")
    press(one.page, "button")
    assert one.page.url.startswith(decided.address)
    assert "MDG-1830" in one.text() and "planted" not in one.page.content()
    assert events(one.goes("/")) == before


def test_hostile_text_in_an_address_is_text(person, decided):
    one = person(decided)
    for path in ("/signin?back={}", "/?lang={}", "/?sort={}", "/?sort=field-table.{}", "/rounds/round-1?rank={}",
                 "/ledger?event={}", "/ledger?before={}", "/{}", "/awards/{}", "/?export={}",
                 "/?notice={}", "/rounds/round-1?page=selected.{}"):
        for text in (MARKUP, "-9223372036854775808", "99999999999999999999", "//evil.example"):
            one.page.goto(path.format(quote(text, safe="")))
            assert one.page.locator("h1").count() == 1, (path, text[:20], one.page.content()[:200])
            assert one.page.locator("main script, main img").count() == 0, path
    one.page.goto("/signin?back=//evil.example/")
    Person.fill_door(one.page, "officer")
    assert one.page.url.startswith(decided.address)

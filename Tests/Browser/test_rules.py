"""The same round under other rules: a dry run, for each as far as it concerns them."""

RULES = "/rounds/round-1/rules"
ROUND = "/rounds/round-1"


def events(page) -> str:
    return page.inner_text("footer")


def test_everybody_sees_the_sums_and_nobody_else_s_application(person, decided):
    page = person(decided, script=False).goes(RULES).page
    assert "Dry run" in page.inner_text("main") and "Nothing was recorded" in page.inner_text("main")
    rows = page.locator("#rule-sets tbody tr").all_inner_texts()
    # The round's own, and the five of the programme's what-if folder.
    assert len(rows) == 6 and "166" in rows[0] and "4,328" in rows[0]
    # As `madang round decide --rules Programmes/korea-2025/what-if/no-shares.yaml --dry-run` says.
    assert any(row.split("\t")[:5] == ["No shares", "174", "4,336", "60", "52"] for row in rows)
    assert page.locator("#changes").count() == 0


def test_the_office_sees_who_and_the_ledger_does_not_grow(person, decided):
    officer = person(decided, script=False).sign_in("officer")
    before = events(officer.goes(ROUND).page)
    page = officer.goes(RULES + "?rows=1000").page
    changed = page.locator("#changes tbody tr")
    assert changed.count() == 60 + 52 + 41 + 11 + 11 + 15 + 1 + 0 + 0 + 28
    assert events(officer.goes(ROUND).page) == before


def test_a_team_sees_its_own_alone(person, decided):
    team = person(decided, script=False).sign_in("team-reserve")
    mine = {link.get_attribute("href") for link in
            team.goes("/me").page.locator('#mine a[href^="/applications/"]').all()}
    links = team.goes(RULES).page.locator('#changes a[href^="/applications/"]').all()
    assert {link.get_attribute("href") for link in links} <= mine


def test_before_it_is_published_it_is_the_office_s(person, undecided):
    assert "/signin" in person(undecided).goes(RULES).page.url
    team = person(undecided).sign_in("team")
    assert team.page.goto(RULES).status == 403
    officer = person(undecided).sign_in("officer").goes(RULES)
    assert officer.page.locator("#rule-sets tbody tr").count() == 6

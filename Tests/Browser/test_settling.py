"""From servers in use to what a month costs: usage, sealed hours, a settlement, who sees it."""

import csv
import io
from fractions import Fraction

import pytest

from test_journeys import decide, enforced, until, winner
from person import concluded

pytestmark = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
CLUSTER = "/centres/cluster-1"
# Saltmarsh's: 3 SMD a GPU hour, of which founders pay a fifth; below 5 SMD is dropped.
PRICE, RATE, DROP = Fraction(3, 3_600), Fraction(1, 5), 5


def passes(officer, day: str, minute: int):
    """Moves the exercise's clock, and waits until the cluster was looked at then."""
    def looked_at() -> int:
        answer = officer.context.request.get("/api/v1/clusters/cluster-1").json()
        return answer["observedAt"] or 0

    before = looked_at()
    officer.goes("/me").done("advance", to=day, minute=f"{minute // 60:02}:{minute % 60:02}")
    until(lambda: looked_at() >= before + 60, officer)


def months(officer) -> list[str]:
    """What may be settled."""
    # Also while its form is folded.
    return officer.page.locator('select[name="month"] option').all_text_contents()


def exported(one, path: str) -> list[dict[str, str]]:
    answer = one.context.request.get(path, headers={"Accept-Language": "en"})
    return list(csv.DictReader(io.StringIO(answer.text().lstrip("\ufeff"))))


def test_a_month_is_used_sealed_settled_and_seen(person, invented, script):
    officer, _ = decide(person, invented, script)
    team = winner(person, invented, script, place=1)
    award = concluded(team)
    assert "There is no month to settle" in officer.goes(award).text()
    officer.done("allocate", cluster="northquay-a", gpus="8")
    officer.goes("/me").done("advance", to="2026-05-01")
    team.goes(award).done("addMember", name="winner-1")
    until(lambda: team.goes(award).may("confirmHandover"), team)
    team.done("confirmHandover")
    enforced(team, award)

    # Looks less than a quarter of an hour apart: servers are in use between them, and nothing is
    # guessed of the rest of the month.
    for minute in range(14, 14 * 10, 14):
        passes(officer, "2026-05-01", minute)
    officer.goes("/me").done("advance", to="2026-06-02")
    until(lambda: "May 2026" in months(officer.goes(award)), officer)
    assert "June 2026" not in months(officer), "June is not over"
    officer.done("settle", month="2026-05", price="heron-hour", charge="founders")
    row, = exported(officer, f"{award}?export=charges.csv")
    seconds = int(row["GPU-seconds"])
    assert seconds >= 8 * 9 * 14 * 60 * 9 // 10, row
    exact = seconds * PRICE * RATE
    amount = exact // DROP * DROP
    assert amount > 0 and int(row["Charge (SMD)"]) == amount, row
    whole, _, part = row["Cut off (SMD)"].partition(" ")
    assert Fraction(whole) + Fraction(part or 0) == exact - amount > 0, row
    assert "May 2026" not in months(officer), "once"

    sees(person, invented, script, award, row)


def sees(person, yard, script, award, row):
    """The office and the team, in both languages; nobody else a figure of it."""
    for language, month, price in (
            ("en", "May 2026", "heron-hour: 3 SMD a GPU hour"),
            ("ko", "2026년 5월", "heron-hour: 3 SMD GPU·시간")):
        for name, password in (("officer", "open-the-yard"), ("auditor", "open-the-yard"),
                               ("winner-1", "a password of their own")):
            one = person(yard, script=script, language=language).sign_in(name, password)
            for path, table in ((award, "#charges"), ("/accounts", "#settlements")):
                cells = one.goes(path).page.locator(f"{table} tbody td").all_inner_texts()
                assert cells[0] == month and price in cells and "20%" in cells, (path, cells)
                assert cells[-2:] == [row["Cut off (SMD)"], row["Charge (SMD)"]], (path, cells)
        for name in (None, "team"):
            other = person(yard, script=script, language=language)
            if name:
                other.sign_in(name)
            assert other.goes(award).page.locator("#charges").count() == 0
            assert other.goes("/accounts").page.locator("#settlements").count() == 0
            assert "heron-hour" not in other.text()
    events = person(yard).goes("/ledger?type=settled").page.locator("#events tbody tr")
    assert events.count() == 1, "that it was settled is for everybody to see"

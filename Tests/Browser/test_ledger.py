"""The reader's own browser verifies an event."""

import json
import time

from yard import Yard


def verified(page, path: str) -> list[str]:
    page.goto(path)
    page.click("#verify")
    page.wait_for_selector("#verified li:nth-child(3)")
    return page.locator("#verified li").all_inner_texts()


def test_leaf_root_and_signature_hold(person, decided):
    page = person(decided).page
    for path in ("/ledger/0", "/ledger/1", "/ledger/1023", "/ledger/3000"):
        lines = verified(page, path)
        assert len(lines) == 3 and all(line.startswith("✓") for line in lines), (path, lines)


def test_a_signature_of_the_other_profile_holds_too(person):
    with Yard(profile="kr-public") as yard:
        page = person(yard).page
        assert "ecdsa-p256-sha256" in page.goto("/api/v1/ledger/head").text()
        lines = verified(page, "/ledger/0")
        assert len(lines) == 3 and all(line.startswith("✓") for line in lines), lines


def test_another_event_s_proof_does_not_hold(person, decided):
    """It is whole, and of something else than what the page shows."""
    page = person(decided).page
    page.route("**/api/v1/ledger/events/17", lambda route: route.fulfill(
        response=route.fetch(url=f"{decided.address}/api/v1/ledger/events/18")))
    lines = verified(page, "/ledger/17")
    assert lines[0].startswith("✗") and lines[1].startswith("✗"), lines
    page.unroute("**/api/v1/ledger/events/17")

    def renamed(route):
        proof = route.fetch(url=f"{decided.address}/api/v1/ledger/events/18").json()
        proof["event"] = 17
        route.fulfill(body=json.dumps(proof), content_type="application/json")
    page.route("**/api/v1/ledger/events/17", renamed)
    assert verified(page, "/ledger/17")[0].startswith("✗")


def test_what_is_decided_now_is_provable_within_a_minute(person, undecided):
    """No server has to end for it."""
    officer = person(undecided).sign_in("officer").goes("/rounds/round-1")
    officer.done("draftRound")
    found = officer.goes("/ledger?type=roundDrafted").page
    path = found.locator("#events tbody a").first.get_attribute("href")
    end = time.monotonic() + 75
    while True:
        officer.page.goto(path)
        officer.page.click("#verify")
        officer.page.wait_for_selector("#verified li:nth-child(2)")
        lines = officer.page.locator("#verified li").all_inner_texts()
        if len(lines) == 3:
            break
        assert "not signed yet" in lines[1] and time.monotonic() < end, lines
        time.sleep(2)
    assert all(line.startswith("✓") for line in lines), lines


def test_a_changed_answer_does_not_hold(person, decided):
    """What the server says is not believed: each of the three is found out."""
    page = person(decided).page
    changes = {
        0: lambda proof: proof.update(leaf=proof["leaf"] + " "),
        1: lambda proof: proof["inclusion"].__setitem__(0, "00" * 32),
        2: lambda proof: proof["head"].update(signature="00" * 64),
    }
    for at, change in changes.items():
        def answer(route, *, change=change):
            proof = route.fetch().json()
            change(proof)
            route.fulfill(body=json.dumps(proof), content_type="application/json")
        page.route("**/api/v1/ledger/events/*", answer)
        lines = verified(page, "/ledger/17")
        assert lines[at].startswith("✗"), (at, lines)
        page.unroute("**/api/v1/ledger/events/*")


def test_without_script_there_is_no_button_and_the_proof_is_a_link(person, decided):
    page = person(decided, script=False).goes("/ledger/17").page
    assert not page.locator("#verify").is_visible()
    assert page.locator('main a[href="/api/v1/ledger/events/17"]').is_visible()


def found(page, **asked: str) -> list[str]:
    page.goto("/ledger?" + "&".join(f"{name}={value}" for name, value in asked.items()))
    return page.locator("#events tbody tr").all_inner_texts()


def test_events_are_found_by_what_they_are_when_they_were_and_what_they_say(person, decided):
    page = person(decided, script=False).page
    assert len(found(page, type="roundPublished")) == 1
    sites = found(page, type="siteDefined")
    assert sites and all("siteDefined" in row for row in sites)
    # The round was published on 3 March, and nothing happened on the day before.
    assert len(found(page, type="roundPublished", day="2026-03-03")) == 1
    assert found(page, day="2026-03-02") == []
    assert found(page, text="korea-2025", type="programmeFounded")[0].startswith("0")
    assert found(page, text="nobody ever wrote this") == []
    # There are more than one page of outcomes, and no event is shown twice.
    numbers, pages = set(), 0
    page.goto("/ledger?type=outcomeNotified")
    while True:
        rows = page.locator("#events tbody tr td:first-child").all_inner_texts()
        assert not numbers & set(rows)
        numbers |= set(rows)
        pages += 1
        older = page.locator('main p > a[href*="before="]')
        if not older.count():
            break
        page.goto(older.first.get_attribute("href"))
    assert len(numbers) == 514 and pages > 5

"""Without a mouse: what is focused is seen, and everything is reached."""

from yard import PASSWORD

FOCUSED = "document.activeElement.outerHTML.slice(0, 200)"
PRESSES_MAX = 120


def tab_to(page, selector: str):
    for _ in range(PRESSES_MAX):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} was not reached; last: {page.evaluate(FOCUSED)}")


def enter(page):
    """Goes where what is focused leads, and waits until the other page is there: what is asked
    before would be asked of the old one, which is about to go."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_the_first_tab_skips_to_the_content(person, decided):
    page = person(decided).goes("/").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null"), page.evaluate(FOCUSED)


def test_signing_in(person, decided):
    page = person(decided).goes("/rounds").page
    tab_to(page, 'a[href^="/signin"]')
    enter(page)
    assert "/signin" in page.url
    tab_to(page, "#name")
    page.keyboard.type("officer")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    enter(page)
    assert "/rounds?notice=" in page.url
    assert "officer" in page.inner_text(".who")


def test_sorting_a_table(person, decided):
    page = person(decided).goes("/rounds/round-1").page
    for order in ("ascending", "descending"):
        tab_to(page, "#cutoffs thead th:nth-child(2) a")
        enter(page)
        assert page.locator(f"#cutoffs th:nth-child(2)[aria-sort={order}]").count() == 1
    first = page.inner_text("#cutoffs tbody tr:first-child td:nth-child(2)")
    assert first == "386"


def test_zooming_the_field(person, decided):
    page = person(decided).goes("/").page
    page.wait_for_selector(".legend")
    tab_to(page, "#field")
    told = set()
    for key in ("+", "+", "ArrowLeft", "ArrowDown", "-", "0"):
        before = page.evaluate("document.querySelector('#field canvas').toDataURL()")
        page.keyboard.press(key)
        page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        if key in ("+", "-"):
            assert before != page.evaluate(
                "document.querySelector('#field canvas').toDataURL()"), key
        told.add(page.inner_text("#field .tip"))
    assert all(told), "what is in the middle is said"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") != "field", "the field is no trap"


def test_what_is_focused_is_seen(person, decided):
    page = person(decided).goes("/rounds/round-1").page
    for _ in range(60):
        page.keyboard.press("Tab")
        outline, size = page.evaluate("""() => {
          const style = getComputedStyle(document.activeElement);
          const box = document.activeElement.getBoundingClientRect();
          return [style.outlineStyle, box.width * box.height];
        }""")
        assert outline != "none" and size > 0, page.evaluate(FOCUSED)

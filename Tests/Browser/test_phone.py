"""On a phone nothing lies beside the screen, whoever looks, and a grid is no grid any more."""

import pytest

from person import form
from places import walked
from test_pages import axe

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
NAMES = (None, "officer", "approver", "operator", "team", "team-reserve", "reviewer-1", "auditor")

# Wider than the screen, unless it scrolls in a box of its own.
BESIDE = """() => {
  // A phone's window grows with what is too wide for it; the screen does not.
  const width = screen.width, page = document.scrollingElement;
  if (page.scrollWidth <= width && document.body.scrollWidth <= width) return [];
  const wide = [...document.querySelectorAll('body *')].filter((one) =>
    one.getBoundingClientRect().right > width + 1 && !one.closest('.scroll, .rooms ul, svg'));
  return [`${page.scrollWidth} px`, ...wide.slice(-2).map((one) => one.outerHTML.slice(0, 150))];
}"""


def reached(one) -> list[str]:
    """Every kind of page that somebody comes to by links."""
    def fetch(path: str) -> str:
        return one.context.request.get(path).text()
    return walked(fetch, start=("/", "/me", "/signin", "/components", "/rounds/round-2/apply"))


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("name", NAMES)
def test_no_page_is_wider_than_a_phone(person, decided, language, name):
    one = person(decided, language=language, **PHONE)
    if name:
        one.sign_in(name)
    paths = reached(one)
    assert len(paths) >= 15, paths
    beside = {}
    for path in paths:
        if found := one.goes(path).page.evaluate(BESIDE):
            beside[path] = found
    one.page.evaluate("document.body.append(document.createElement('pre'), 'x')")
    one.page.evaluate("document.querySelector('body > pre').style.minWidth = '30rem'")
    assert one.page.evaluate(BESIDE), "it would be seen"
    assert not beside, "\n".join(f"{path}: {found}" for path, found in beside.items())


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_grid_of_reviews_is_a_block_for_each_application(person, undecided, language):
    undecided.command("user", "add", "late", "--role", "reviewer", "--person", "auditor",
                      typed="a password of theirs\n")
    one = person(undecided, language=language, **PHONE).sign_in("late", "a password of theirs")
    page = one.goes("/rounds/round-1").page
    assert page.evaluate(BESIDE) == []
    box = page.locator(f"{form('reviewApplications')} .scroll")
    inside = box.evaluate("box => [box.scrollWidth, box.clientWidth]")
    assert inside[0] <= inside[1], f"{inside}: the grid scrolls sideways"
    rows = page.locator(f"{form('reviewApplications')} tbody tr")
    assert rows.count() == 25
    for at in (0, 24):
        head = rows.nth(at).locator("th").bounding_box()
        inputs = rows.nth(at).locator("input")
        assert inputs.count() == 4
        for place in range(4):
            field = inputs.nth(place).bounding_box()
            assert field["y"] >= head["y"] + head["height"] - 1, "below its application"
            assert 0 <= field["x"] and field["x"] + field["width"] <= 390 and field["width"] >= 90
            label = rows.nth(at).locator(".part").nth(place)
            # What stands over a box is what it is called.
            assert label.is_visible() and label.inner_text() in \
                inputs.nth(place).get_attribute("aria-label")
    assert axe(page) == []
    # On a desk it is a table with its head, and the words do not come twice.
    page.set_viewport_size({"width": 1440, "height": 900})
    assert page.locator(f"{form('reviewApplications')} thead").is_visible()
    assert not rows.nth(0).locator(".part").nth(0).is_visible()

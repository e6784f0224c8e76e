"""Paper: what is pressed or typed into is gone, and nothing that is to be read is cut off."""

import io
import re

import pytest
from pypdf import PdfReader

from test_pages import signed_out

# A4 between the margins of the stylesheet, in CSS pixels: 210 − 2 × 14 mm.
SHEET = {"width": 688, "height": 1000}
ROUND = "/rounds/round-1"

SHOWN = """() => [...document.querySelectorAll(
  'form, button, input, select, textarea, .rooms, .who, .skip, .export, .choices, canvas, '
  + 'nav a, .act')]
  .filter((one) => one.getClientRects().length > 0)
  .map((one) => one.outerHTML.slice(0, 120))"""

# Right of the sheet, or behind the edge of a box that does not show it.
CUT = """() => {
  const found = [];
  for (const one of document.querySelectorAll('main *, footer *')) {
    const box = one.getBoundingClientRect();
    if (box.width > 0 && box.right > innerWidth + 1) found.push(one.outerHTML.slice(0, 120));
    const style = getComputedStyle(one);
    if (style.overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1
        && !one.closest('svg, .field')) found.push('scrolls: ' + one.outerHTML.slice(0, 120));
    if (style.overflowY !== 'visible' && one.scrollHeight > one.clientHeight + 1
        && !one.closest('svg, .field')) found.push('scrolls: ' + one.outerHTML.slice(0, 120));
  }
  return found.slice(0, 5);
}"""


def on_paper(one, path):
    one.page.set_viewport_size(SHEET)
    one.page.emulate_media(media="print")
    one.page.goto(path, wait_until="networkidle")
    return one.page


def pdf(one, path) -> PdfReader:
    one.page.goto(path, wait_until="networkidle")
    return PdfReader(io.BytesIO(one.page.pdf(prefer_css_page_size=True)))


def words(page) -> str:
    """A sheet's text on one line; ligatures are their letters."""
    text = page.extract_text().replace("ﬁ", "fi").replace("ﬀ", "ff")
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_page_fits_a_sheet_and_has_nothing_to_press(person, decided, language):
    passer_by = person(decided, language=language)
    officer = person(decided, language=language).sign_in("officer")
    pages = [(passer_by, path) for path in signed_out(decided)]
    pages += [(officer, path) for path in (
        ROUND, "/applications/application-3", "/me", "/centres/cluster-3", "/supply/line-2")]
    faults = []
    for one, path in pages:
        page = on_paper(one, path)
        faults += [f"{path} shows {each}" for each in page.evaluate(SHOWN)]
        faults += [f"{path} is cut off: {each}" for each in page.evaluate(CUT)]
        dark = page.evaluate("matchMedia('print').matches && getComputedStyle(document.body).color")
        assert dark == "rgb(0, 0, 0)", path
    assert not faults, "\n".join(faults)


def test_the_round_on_paper_has_its_whole_ranking_with_a_head_on_every_sheet(person, decided):
    officer = person(decided).sign_in("officer").goes(ROUND)
    screen = officer.page.locator("#ranking tbody tr").count()
    assert screen == 50
    officer.page.click("#ranking .pager a:has-text('All')")
    assert officer.page.locator("#ranking tbody tr").count() == 514
    reader = pdf(officer, officer.page.url)
    sheets = [words(page) for page in reader.pages]
    whole = " ".join(sheets)
    assert "Sign out" not in whole and "XLSX" not in whole and "Why was a rank" not in whole
    start = next(at for at, text in enumerate(sheets) if "The whole ranking" in text)
    end = next(at for at, text in enumerate(sheets) if "Beside what was published" in text)
    assert end - start >= 8, f"{len(sheets)} sheets, {start} to {end}"
    for at in range(start + 1, end):
        head = sheets[at].replace(" ", "")[:80]
        assert "RankApplicationTrackGPUScoreOutcomeReason" in head, sheets[at]
    rows = " ".join(sheets[start:end + 1])
    numbers = {int(n) for n in re.findall(r"Application (\d+) (?:Academia|Industry|Research)", rows)}
    assert numbers == set(range(1, 515))
    assert len(re.findall(r"348 in reserve", whole)) == 1, "a total stands once"
    for at, page in enumerate(reader.pages, 1):
        assert f"{at} / {len(sheets)}" in words(page), "sheets are numbered"


def test_a_part_of_a_table_says_on_paper_that_it_is_one(person, decided):
    whole = " ".join(words(page) for page in pdf(person(decided), ROUND).pages)
    assert "Page 1 / 4" in whole and "After" not in whole


def test_a_source_s_address_is_printed_where_there_is_room(person, decided):
    """The sample's sources have no addresses to press, so two are put there as pages write them."""
    one = person(decided)
    page = on_paper(one, "/supply/line-2")
    after = page.evaluate("""() => {
      const cite = '<cite><a href="https://example.org/a">Example</a></cite>';
      document.querySelector('dd').innerHTML += cite;
      document.querySelector('main td').innerHTML += cite;
      return ['dd cite a', 'td cite a', 'main a[href^="/"]'].map((one) =>
        getComputedStyle(document.querySelector(one), '::after').content);
    }""")
    assert after[0].startswith('" <"') or after[0].startswith('" <https://'), after
    assert after[1:] == ["none", "none"], after

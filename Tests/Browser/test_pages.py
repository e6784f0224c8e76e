"""Every page, in both languages, at two widths, light and dark."""

import urllib.request
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from person import Person
from places import walked

WIDTHS = (390, 1440)
SCHEMES = ("light", "dark")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Our sentences only: what others published, and identifiers, stay as they are.
FOREIGN = """(language) => {
  const foreign = language === 'ko' ? /[a-z']+( [a-z',]+){3,}/ : /[\\uac00-\\ud7a3]/;
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent.closest('code, pre, cite, script')) continue;
    const closest = parent.closest('[lang]');
    if (closest.lang !== language) continue;
    if (foreign.test(walker.currentNode.data)) found.push(walker.currentNode.data.trim());
  }
  return found;
}"""


class Looked:
    """What a page said and asked for while it was looked at."""

    def __init__(self, person: Person):
        self.faults: list[str] = []
        self.host = urlsplit(person.yard.address).netloc
        person.page.on("console", self._console)
        person.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        person.page.on("request", self._request)

    def _console(self, message):
        if message.type in ("error", "warning"):
            self.faults.append(f"console: {message.text} {message.location}")

    def _request(self, request):
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and parts.netloc != self.host:
            self.faults.append(f"another host: {request.url}")


def inspect(person: Person, path: str, language: str) -> list[str]:
    looked = Looked(person)
    page, faults = person.page, looked.faults
    page.goto(path, wait_until="networkidle")
    if (found := page.get_attribute("html", "lang")) != language:
        faults.append(f"lang is {found}")
    faults += [f"not {language}: {text[:120]}" for text in page.evaluate(FOREIGN, language)]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            faults.append(f"{wide} px wide at {width}")
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            # Wait until the colours are in: a frame, or what is judged is the scheme before.
            page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
            faults += axe(page)
    return list(dict.fromkeys(faults))


def axe(page) -> list[str]:
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    return [
        f"{violation['id']}: {node['target']} {node['html'][:120]}"
        for violation in Axe().run(page, options=options).response["violations"]
        for node in violation["nodes"][:3]]


def everywhere(person: Person, language: str, paths: list[str]):
    found: dict[str, list[str]] = {}
    for path in paths:
        for fault in inspect(person, path, language):
            found.setdefault(fault, []).append(path)
    report = "\n".join(f"{fault}\n    on {paths}" for fault, paths in found.items())
    if found:
        pytest.fail(f"{len(found)} faults\n{report}", pytrace=False)


def signed_out(yard) -> list[str]:
    def fetch(path):
        with urllib.request.urlopen(yard.address + path, timeout=30) as answer:
            return answer.read().decode()
    return walked(fetch)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_passer_by_finds_every_page_whole(person, decided, language):
    paths = signed_out(decided)
    assert len(paths) >= 15, paths
    everywhere(person(decided, language=language), language, paths)


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("name", ["officer", "team", "operator"])
def test_who_is_signed_in_finds_every_page_whole(person, decided, language, name):
    one = person(decided, language=language).sign_in(name)
    mine = ["/me", "/rounds/round-1", "/awards", "/centres"]
    for room in ("applications", "supply", "centres"):
        links = one.goes("/me").page.locator(f'main a[href^="/{room}/"]')
        mine += [link.get_attribute("href").split("#")[0] for link in links.all()[:1]]
    everywhere(one, language, mine)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_refusal_and_what_is_not_there_are_whole_pages(person, decided, language):
    one = person(decided, language=language)
    for path in ("/nothing/there", "/awards/award-99999", "/ledger/99999999"):
        answer = one.page.goto(path)
        assert answer.status == 404, path
        assert "<h1>" in answer.text(), f"{path}: {answer.text()[:300]}"
        assert not axe(one.page), path

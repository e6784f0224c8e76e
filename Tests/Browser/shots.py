"""Pictures of every page, to look at; and the three that the READMEs show.

    python shots.py OUT [PICTURES]
"""

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from conftest import launched
from person import Person
from test_pages import WIDTHS, signed_out
from yard import Yard

# name: path, language, height
PICTURES = {
    "overview.en": ("/", "en", 1400), "overview.ko": ("/", "ko", 1400),
    "round.en": ("/rounds/round-1?rank=161", "en", 1400),
}
BYTES_MAX = 150_000


def settle(page, path: str):
    page.goto(path, wait_until="networkidle")
    page.emulate_media(reduced_motion="reduce")


def everything(browser, yard, out: Path):
    plain = [(None, path) for path in signed_out(yard)]
    office = [("officer", path) for path in (
        "/rounds/round-1", "/applications/application-3", "/awards", "/me", "/centres")]
    team = [("team-reserve", path) for path in ("/me",)]
    team += [("operator", path) for path in ("/me", "/supply/line-2", "/centres/cluster-3")]
    for language in ("en", "ko"):
        for width in WIDTHS:
            people = {}
            for name, path in plain + office + team:
                if name not in people:
                    people[name] = Person(
                        browser, yard, language=language,
                        viewport={"width": width, "height": 900})
                    if name:
                        people[name].sign_in(name)
                page = people[name].page
                settle(page, path)
                file = (path.strip("/").replace("/", "-") or "overview")
                file = f"{file}{'.' + name if name else ''}.{language}.{width}.png"
                page.screenshot(path=out / file, full_page=True)
            for one in people.values():
                one.close()


def pictures(browser, yard, folder: Path):
    for name, (path, language, height) in PICTURES.items():
        one = Person(browser, yard, language=language, viewport={"width": 1440, "height": height})
        settle(one.page, path)
        file = folder / f"{name}.png"
        one.page.screenshot(path=file)
        one.close()
        subprocess.run(
            ["pngquant", "--force", "--strip", "--skip-if-larger", "--output", file, "64", file],
            check=True)
        size = file.stat().st_size
        assert size < BYTES_MAX, f"{file} has {size} bytes"
        print(f"{file}: {size:,} bytes")


def main(out: str, folder: str = ""):
    with Yard() as yard, sync_playwright() as playwright:
        browser = launched(playwright)
        Path(out).mkdir(parents=True, exist_ok=True)
        everything(browser, yard, Path(out))
        print(f"{len(list(Path(out).glob('*.png')))} pictures in {out}")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            pictures(browser, yard, Path(folder))
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

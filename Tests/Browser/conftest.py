"""What the tests stand on: one Chromium, one decided yard to read, and fresh ones to work in."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from person import Person
from yard import Yard


def chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    assert found, "There is no Chromium here: apt-get install chromium"
    return found


def launched(playwright):
    # Chromium's sandbox does not run as root, as in a container.
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=chromium(), args=options)


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def decided():
    """Round 1 is decided and published. To read, not to write."""
    with Yard() as yard:
        yield yard


@pytest.fixture
def fresh():
    """Decided, and its own: to write in."""
    with Yard() as yard:
        yield yard


@pytest.fixture
def undecided():
    """Round 1 waits for the officer."""
    with Yard("--undecided") as yard:
        yield yard


@pytest.fixture
def invented():
    """Saltmarsh before its first round is decided: it has prices, and a round that is to come."""
    with Yard("--undecided", "--programme", "Programmes/saltmarsh") as yard:
        yield yard


@pytest.fixture
def person(browser):
    """Makes people at browsers; they leave when the test ends."""
    people = []

    def make(yard, **options):
        people.append(Person(browser, yard, **options))
        return people[-1]

    yield make
    for one in people:
        one.close()

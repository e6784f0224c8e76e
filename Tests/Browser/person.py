"""Somebody at a browser: an own profile, a language, with script or without."""

from playwright.sync_api import Browser, Page

from yard import PASSWORD, Yard

MILLISECONDS_MAX = 15_000
LOCALES = {"en": "en-GB", "ko": "ko-KR"}


class Person:
    def __init__(self, browser: Browser, yard: Yard, script=True, language="en", **options):
        self.yard = yard
        self.context = browser.new_context(
            base_url=yard.address, locale=LOCALES[language], timezone_id="Asia/Seoul",
            java_script_enabled=script, **options)
        self.context.set_default_timeout(MILLISECONDS_MAX)
        self.page = self.context.new_page()

    def sign_in(self, name: str, password: str = PASSWORD) -> "Person":
        self.page.goto("/signin")
        self.fill_door(self.page, name, password)
        return self

    @staticmethod
    def fill_door(page: Page, name: str, password: str = PASSWORD):
        page.fill("#name", name)
        page.fill("#password", password)
        press(page, "form.door button")

    def goes(self, path: str) -> "Person":
        self.page.goto(path)
        return self

    def may(self, operation: str) -> bool:
        """Whether the page has a form for it."""
        return self.page.locator(form(operation)).count() > 0

    def does(self, operation: str, **fields: str):
        """Fills and sends the form of an operation."""
        fill(self.page, operation, **fields)
        press(self.page, f"{form(operation)} button")

    def amends(self, change: str) -> "Person":
        """Chooses what an amendment of the award is to change, so that its fields are there."""
        page = self.page
        if page.locator("details#amend:not([open])").count() > 0:
            page.click("details#amend > summary")
        chooser = 'form[data-brings] [name="change"]'
        page.select_option(chooser, change)
        if page.locator("form[data-brings] button").is_visible():
            press(page, "form[data-brings] button")
        page.wait_for_selector(f'{form("draftAmendment")} [name="change"][value="{change}"]',
                               state="attached")
        return self

    def done(self, operation: str, **fields: str):
        """The same, and it must have worked."""
        self.does(operation, **fields)
        notice = self.page.locator(".notice")
        assert notice.count() == 1, f"{operation}: {self.text()[:1500]}"

    def text(self) -> str:
        return self.page.inner_text("main")

    def close(self):
        self.context.close()


def concluded(team: Person) -> str:
    """The award of a team's first open offer, whose contract it concludes."""
    applications = team.goes("/me").page.locator('#mine a[href^="/applications/"]').all()
    for path in [link.get_attribute("href") for link in applications]:
        if team.goes(path).may("concludeContract"):
            assert "agrees" in team.text()
            team.done("concludeContract")
            return team.page.locator('main a[href^="/awards/"]').first.get_attribute("href")
    raise AssertionError("no offer is open to this team")


def press(page: Page, selector: str):
    """Presses what leads to another page, and waits until that one is there.

    A click alone ends when it was made: what is asked next may still be asked of the old page.
    """
    with page.expect_navigation():
        page.click(selector)


def form(operation: str) -> str:
    return f'form[action="/do/{operation}"]'


def fill(page: Page, operation: str, **fields: str):
    folded = page.locator(f"details:not([open]):has({form(operation)}) > summary")
    if folded.count() > 0:
        folded.first.click()
    for name, value in fields.items():
        field = page.locator(f'{form(operation)} [name="{name.rstrip("_")}"]')
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)

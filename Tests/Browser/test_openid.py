"""Signing in by an identity provider: an independent one, and one that lies in every way."""

import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from person import fill, form, press
from provider import CLIENT, SECRET, Provider
from test_bad_input import award
from yard import Yard


def options(folder, issuer: str, *more: str) -> tuple:
    secret = folder / "secret"
    secret.touch(mode=0o600)
    secret.write_text(SECRET + "\n")
    return ("--openid-issuer", issuer, "--openid-client", CLIENT, "--openid-secret-file",
            str(secret), "--openid-name", "Example ID", *more)


@pytest.fixture(scope="module")
def independent():
    """oidc-provider-mock, which others wrote and others use."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port),
         "--require-nonce", "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    issuer = f"http://127.0.0.1:{port}"
    end = time.monotonic() + 30
    while True:
        try:
            urllib.request.urlopen(issuer + "/jwks", timeout=2).close()
            break
        except OSError:
            assert time.monotonic() < end and process.poll() is None, "the provider did not start"
            time.sleep(0.1)
    yield issuer
    process.terminate()
    process.wait(10)


@pytest.fixture(scope="module")
def open_yard(independent, tmp_path_factory):
    folder = tmp_path_factory.mktemp("openid")
    with Yard(*options(folder, independent, "--openid-invitations")) as yard:
        yield yard


@pytest.fixture(scope="module")
def liar():
    provider = Provider()
    yield provider
    provider.close()


@pytest.fixture(scope="module")
def wary_yard(liar, tmp_path_factory):
    with Yard(*options(tmp_path_factory.mktemp("wary"), liar.issuer)) as yard:
        yard.command("user", "link", "officer", "--issuer", liar.issuer, "--subject", "somebody")
        yield yard


def goes_in(one, subject: str, invitation: str = "", path: str = "/signin"):
    """Presses the provider's button and says there who it is."""
    if path:
        one.goes(path)
    if invitation:
        one.page.fill("#invitation", invitation)
    one.page.click("form.provider button")
    one.page.wait_for_url("**/oauth2/authorize**")
    one.page.fill("[name=sub]", subject)
    with one.page.expect_navigation():
        one.page.click("text=Authorize >> nth=-1")
    return one


def signed_in(one) -> bool:
    return any(cookie["name"] == "madang" for cookie in one.context.cookies())


def refused(one) -> str:
    assert one.page.locator("main .refusal").count() == 1, one.page.content()[:2000]
    assert not signed_in(one)
    return one.page.inner_text("main .refusal")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_who_is_unknown_is_told_so_and_who_is_linked_comes_in(
        person, open_yard, independent, script, language):
    subject = f"kim-{script}-{language}"
    one = goes_in(person(open_yard, script=script, language=language), subject)
    told = refused(one)
    assert "MDG-1962" in told and subject in told and independent in told
    assert ("연결되어 있지" in told) == (language == "ko")
    open_yard.command("user", "link", "officer", "--issuer", independent, "--subject", subject)
    goes_in(one, subject, path="/signin?back=/rounds/round-1")
    assert signed_in(one) and one.page.url.startswith(open_yard.address + "/rounds/round-1")
    assert one.page.locator(".who a[href='/me']").inner_text() == "officer"
    assert not any("attempt" in cookie["name"] for cookie in one.context.cookies())


def test_an_invitation_links_once(person, open_yard):
    open_yard.command("user", "add", "park", "--role", "officer", "--person", "officer",
                      typed="a password that park forgot\n")
    invitation = open_yard.command("user", "invite", "park")
    wrong = goes_in(person(open_yard), "park-there", "invitation_" + "A" * 43)
    assert "MDG-1964" in refused(wrong)
    one = goes_in(person(open_yard), "park-there", invitation)
    assert signed_in(one) and "park" in one.page.inner_text(".who")
    assert "MDG-1964" in refused(goes_in(person(open_yard), "lee-there", invitation))
    again = goes_in(person(open_yard), "park-there")
    assert "park" in again.page.inner_text(".who")


def test_what_was_typed_comes_along_through_the_provider(person, open_yard, independent):
    open_yard.command("user", "link", "officer", "--issuer", independent, "--subject", "typist")
    path = award(person, open_yard)
    officer = goes_in(person(open_yard), "typist").goes(path)
    typed = {"ground": "delay", "to": "2027-09-01"}
    fill(officer.amends("extension").page, "draftAmendment", **typed)
    officer.context.clear_cookies()
    press(officer.page, f"{form('draftAmendment')} button")
    goes_in(officer, "typist", path="")
    for name, value in typed.items():
        field = officer.page.locator(f'{form("draftAmendment")} [name="{name}"]')
        assert field.input_value() == value, name
    press(officer.page, f"{form('draftAmendment')} button")
    assert officer.page.locator(".notice").count() == 1, officer.text()


def test_who_declines_there_is_back_at_the_door(person, open_yard):
    one = person(open_yard).goes("/signin")
    one.page.click("form.provider button")
    one.page.wait_for_url("**/oauth2/authorize**")
    with one.page.expect_navigation():
        one.page.click("text=Deny")
    # The mock sends a decliner back without the state, as RFC 6749 does not allow.
    assert "MDG-1952" in refused(one) or "MDG-1953" in refused(one)


# One that lies. What it publishes is kept once it was believed, so these lies come first.

DISCOVERY = {
    "openid-configuration " + how: code for how, code in {
        "hangs up": "MDG-1951", "is slow": "MDG-1951", "drips": "MDG-1951",
        "redirects": "MDG-1951", "says 500": "MDG-1951", "speaks HTML": "MDG-1951",
        "speaks no JSON": "MDG-1951", "speaks too deep": "MDG-1951", "says too much": "MDG-1951",
        "says nothing of use": "MDG-1951", "is another": "MDG-1954",
        "leads into the office": "MDG-1951"}.items()}
KEYS = {"keys " + how: "MDG-1951" for how in (
    "hangs up", "redirects", "says 500", "speaks HTML", "speaks no JSON", "speaks too deep",
    "says too much", "says nothing of use")}
TOKEN = {"token " + how: "MDG-1951" for how in (
    "hangs up", "redirects", "says 500", "speaks HTML", "speaks no JSON", "speaks too deep",
    "says too much", "says nothing of use")}
WAY_BACK = {
    "authorize declines": "MDG-1953", "authorize forgets the code": "MDG-1951",
    "authorize names another issuer": "MDG-1954", "authorize sends another state": "MDG-1952",
    "authorize forgets the state": "MDG-1952"}
CLAIMS = {lie: "MDG-1954" for lie in (
    "ID token of another issuer", "ID token for somebody else", "ID token for others too",
    "ID token that is over", "ID token of the future", "ID token of yesterday",
    "ID token of another attempt", "ID token about nobody", "ID token unsigned",
    "ID token signed by the secret", "ID token of an unknown key", "ID token signed by a stranger")}


@pytest.mark.parametrize(
    "lie,code", [pair for lies in (DISCOVERY, KEYS, TOKEN, WAY_BACK, CLAIMS)
                 for pair in lies.items()])
def test_a_lie_is_one_sentence_and_no_session(person, wary_yard, liar, lie, code):
    liar.lie = lie
    one = person(wary_yard).goes("/signin")
    hurt = []
    one.page.on("pageerror", lambda error: hurt.append(error))
    one.page.click("form.provider button", timeout=20_000)
    one.page.wait_for_selector("main .refusal", timeout=20_000)
    told = refused(one)
    assert code in told, told
    assert "Example ID" in told or code == "MDG-1952"
    assert not hurt and one.page.locator("main script").count() == 0
    assert code in wary_yard.log.read_text(), "the operator is told too"
    assert one.page.locator("form.door").count() == 1, "the other way in is still there"


def test_after_all_its_lies_the_truth_is_believed(person, wary_yard, liar):
    liar.lie = None
    one = person(wary_yard).goes("/signin")
    one.page.click("form.provider button")
    one.page.wait_for_selector(".who a[href='/me']")
    assert signed_in(one)
    log = wary_yard.log.read_text()
    assert SECRET not in log and "code-" not in log


def way_back(one, liar) -> str:
    """The address by which the provider sends this browser back, not yet used."""
    liar.lie = "hold"
    one.goes("/signin").page.click("form.provider button")
    one.page.wait_for_url("**/authorize?**")
    liar.lie = None
    return liar.held


def test_a_way_back_is_one_browser_s_and_good_once(person, wary_yard, liar):
    victim, thief = person(wary_yard), person(wary_yard)
    address = way_back(victim, liar)
    way_back(thief, liar)
    assert "MDG-1952" in refused(thief.goes(address)), "another browser's, with a cookie of its own"
    assert victim.context.request.head(address).status == 400, "a look takes nothing"
    victim.goes(address)
    assert signed_in(victim)
    victim.context.clear_cookies(name="madang")
    assert "MDG-1952" in refused(victim.goes(address)), "replayed"


def test_two_tabs_may_go_at_once(person, wary_yard, liar):
    one = person(wary_yard)
    first, second = way_back(one, liar), way_back(one, liar)
    assert signed_in(one.goes(first)) and "state=" in second


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_provider_that_is_down_shuts_no_other_door(person, tmp_path, language):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    with Yard(*options(tmp_path, nobody)) as yard:
        one = person(yard, language=language).goes("/signin")
        press(one.page, "form.provider button")
        told = refused(one)
        assert "MDG-1951" in told and ("Example ID" in told)
        assert "MDG-1951" in yard.log.read_text(), "the operator is told too"
        one.fill_door(one.page, "officer")
        assert signed_in(one)


def test_without_a_provider_there_is_no_door_to_it(person, decided):
    one = person(decided).goes("/signin")
    assert one.page.locator("form.provider").count() == 0
    for path in ("/signin/openid", "/signin/openid/return"):
        assert one.context.request.get(path).status == 404
    assert one.context.request.post("/signin/openid").status in (404, 405)

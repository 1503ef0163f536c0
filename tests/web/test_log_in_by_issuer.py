"""Log-in by an issuer on pages: away to it, back from it, out of it, and what goes wrong there."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest

from account_story import PASSWORD
from adapters.identity import bounded_requests
from adapters.identity.demo_issuer import SESSION
from domain.access.roles import AccessRole
from issuer_site import IssuerSite, served_site
from openid_issuer import Fault, OpenIdIssuer, served_issuer
from page_tree import parsed, text
from story import Story
from web_visitor import WINDOW, field_values

BOARD = "/"
SENT_HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def serving() -> Iterator[OpenIdIssuer]:
    with served_issuer(OpenIdIssuer()) as issuer:
        yield issuer


@pytest.fixture
def site(story: Story, serving: OpenIdIssuer) -> Iterator[IssuerSite]:
    with served_site(story, serving) as made:
        yield made


def leaves(browser: httpx.Client, **what_for: str) -> httpx.Response:
    """Press the button of the issuer; its page, which asks who one is."""
    page = browser.get("/log-in/with/corp", params=what_for)
    assert "Who are you?" in page.text, page.text
    return page


def proves(
    browser: httpx.Client, page: httpx.Response, subject: str = "a-b-1", *, follow: bool = True
) -> httpx.Response:
    """Say there who one is; where that leads."""
    return browser.post(page.url, data={"subject": subject}, follow_redirects=follow)


def logs_in(browser: httpx.Client, **what_for: str) -> httpx.Response:
    """Where somebody comes to who logs in, and says there who it is if that is asked."""
    page = browser.get("/log-in/with/corp", params=what_for)
    return proves(browser, page) if "Who are you?" in page.text else page


def logged_in(site: IssuerSite, browser: httpx.Client) -> bool:
    return browser.get("/account", follow_redirects=False).status_code == 200


def test_the_log_in_page_leads_to_the_issuer_and_back_to_the_page_that_was_wanted(
    site: IssuerSite,
) -> None:
    principal = site.knows()
    with site.browser() as browser:
        page = browser.get("/?lang=fr")
        assert "/log-in" == page.url.path
        there = re.search(r'href="(/log-in/with/corp[^"]*)"', page.text)
        assert there
        found = proves(browser, browser.get(there[1].replace("&amp;", "&")))
        assert (200, "/?lang=fr") == (found.status_code, found.url.raw_path.decode())
    (session,) = site.accounts.sessions.of(principal)
    assert "oidc:corp acr=urn:example:two-factors amr=pwd,otp" == session.method


def test_somebody_who_is_known_nowhere_is_told_whom_to_ask(site: IssuerSite) -> None:
    site.knows(subject="c-d-2")
    with site.browser() as browser:
        found = logs_in(browser)
        assert 403 == found.status_code
        said = text(found.text)
        for part in ("No account belongs to this identity", "a-b-1", site.issuer.address, "Corp"):
            assert part in said
        assert "ask an administrator" in said
        assert not logged_in(site, browser)
        assert title(logs_in(browser)) == title(found), "at the issuer the log-in goes on"
        other = re.search(r'href="(/log-in/with/corp\?[^"]*again=yes)"', found.text)
        assert other
        login_page = browser.get(other[1].replace("&amp;", "&"))
        assert "/" == proves(browser, login_page, subject="c-d-2").url.path


def test_an_answer_is_taken_once_and_in_one_browser(site: IssuerSite) -> None:
    site.knows()
    with site.browser() as browser, site.browser() as other:
        answer = proves(browser, leaves(browser), follow=False)
        back = answer.headers["location"]
        stolen = other.get(back)
        assert (403, "This log-in is over") == (stolen.status_code, title(stolen))
        assert not logged_in(site, other)
        assert 200 == browser.get(back).status_code
        again = browser.get(back)
        assert (403, "This log-in is over") == (again.status_code, title(again))
        assert "The session that you have goes on" in text(again.text)
        assert "goes on" not in text(stolen.text)


def test_an_answer_that_says_something_twice_is_none(site: IssuerSite) -> None:
    site.knows()
    with site.browser() as browser:
        back = proves(browser, leaves(browser), follow=False).headers["location"]
        assert 403 == browser.get(f"{back}&state=another").status_code


WRONG = {
    Fault.WRONG_AUDIENCE: "You were not logged in",
    Fault.WRONG_NONCE: "You were not logged in",
    Fault.WRONG_ISSUER: "You were not logged in",
    Fault.EXPIRED: "You were not logged in",
    Fault.UNSIGNED: "You were not logged in",
    Fault.PUBLIC_SECRET: "You were not logged in",
    Fault.OUT_OF_ORDER: "The log-in service does not answer",
    Fault.NONSENSE: "The log-in service cannot be used now",
    Fault.REDIRECT: "The log-in service cannot be used now",
}


@pytest.mark.parametrize("fault", WRONG, ids=str)
def test_whatever_an_issuer_does_wrong_nobody_is_logged_in(site: IssuerSite, fault: Fault) -> None:
    site.knows()
    site.issuer.faults, site.issuer.at = {fault}, {"token"}
    with site.browser() as browser:
        found = logs_in(browser)
        assert WRONG[fault] == title(found)
        assert "Log in another way" in text(found.text)
        assert "ID token" not in found.text, "why in detail is for the log alone"
        assert not logged_in(site, browser)


def test_somebody_who_breaks_off_there_can_begin_again(site: IssuerSite) -> None:
    site.knows()
    with site.browser() as browser:
        found = browser.post(leaves(browser, next="/?lang=es").url, data={})
        assert "Intentar de nuevo" in text(found.text)
        assert logs_in(browser).status_code == 200


def test_nobody_is_led_to_another_server(site: IssuerSite) -> None:
    site.knows()
    for elsewhere in ("https://login.example.org/", "//login.example.org", "/\\login.example.org"):
        with site.browser() as browser:
            found = logs_in(browser, next=elsewhere)
            assert (200, f"{site.address}/") == (found.status_code, str(found.url))


@pytest.mark.parametrize("odd", ["a;b", "\r\nX: y", "\u0645\u0631\u062d\u0628\u0627", "x" * 5000])
def test_an_invitation_that_is_none_gets_into_no_header(site: IssuerSite, odd: str) -> None:
    with site.browser() as browser:
        found = logs_in(browser, invitation=odd)
        assert (403, "This invitation cannot be accepted") == (found.status_code, title(found))


def test_an_unknown_issuer_is_not_found(site: IssuerSite) -> None:
    with site.browser() as browser:
        for path in ("/log-in/with/other", "/log-in/with/other/return", "/log-out/with/other"):
            assert 404 == browser.get(path).status_code


def test_an_issuer_that_does_not_answer_keeps_nobody_waiting_but_those_who_ask_it(
    site: IssuerSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thirty people wait for it; meanwhile somebody logs in by password and reads."""
    monkeypatch.setattr(bounded_requests, "SECONDS", 300.0)
    site.knows()
    site.issuer.faults = {Fault.SLOW}
    waiting = threading.Semaphore(0)

    def waits(_: int) -> int:
        with site.browser() as browser:
            waiting.release()
            return browser.get("/log-in/with/corp", timeout=300).status_code

    with ThreadPoolExecutor(30) as people:
        answers = [people.submit(waits, number) for number in range(30)]
        for _ in range(30):
            waiting.acquire()
        while not site.issuer.requests["metadata"]:
            time.sleep(0.02)
        with site.browser() as browser:
            local = {"login": "ada", "password": PASSWORD}
            assert browser.post("/log-in", data=local, headers=SENT_HERE).status_code == 200
            assert logged_in(site, browser)
        assert not any(answer.done() for answer in answers)
        site.issuer.faults = {Fault.OUT_OF_ORDER}
        assert {503} == {answer.result() for answer in answers}


def test_a_member_at_an_issuer_that_fails_logs_in_by_password_and_goes_on(site: IssuerSite) -> None:
    site.knows()
    with site.browser() as browser:
        back = proves(browser, leaves(browser, next="/?lang=ru"), follow=False).headers["location"]
        site.issuer.faults = {Fault.OUT_OF_ORDER}
        failed = browser.get(back)
        assert 503 == failed.status_code
        otherwise = re.findall(r'href="(/log-in\?next=[^"]*)"', failed.text)
        assert otherwise
        values = {"login": "ada", "password": PASSWORD, "next": "/?lang=ru"}
        found = browser.post("/log-in", data=values, headers=SENT_HERE)
        assert (200, "/?lang=ru") == (found.status_code, found.url.raw_path.decode())


def title(page: httpx.Response) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page.text)
    assert found, page.text
    return found[1]


def test_log_out_leads_out_of_the_issuer_too(site: IssuerSite) -> None:
    principal = site.knows()
    with site.browser() as browser:
        logs_in(browser)
        page = browser.get("/account")
        sent = browser.post("/log-out", data=form_of(page), headers=SENT_HERE)
        assert "You may still be logged in at Corp" in text(sent.text)
        assert not site.accounts.sessions.of(principal)
        assert browser.cookies.get(SESSION)
        there = browser.get("/log-out/with/corp")
        assert f"{site.address}/log-in" == str(there.url)
        assert 1 == site.issuer.requests["end"]
        assert "Who are you?" in browser.get("/log-in/with/corp").text
        again = browser.get("/log-out/with/corp")
        assert (f"{site.address}/log-in", 1) == (str(again.url), site.issuer.requests["end"])


def test_log_out_from_a_password_mentions_no_issuer(site: IssuerSite) -> None:
    site.knows()
    with site.browser() as browser:
        local = {"login": "ada", "password": PASSWORD}
        browser.post("/log-in", data=local, headers=SENT_HERE)
        sent = browser.post("/log-out", data=form_of(browser.get("/account")), headers=SENT_HERE)
        assert f"{site.address}/log-in" == str(sent.url)
        assert "still be logged in" not in text(sent.text)


def test_somebody_who_is_invited_needs_no_password(site: IssuerSite) -> None:
    secret, invitation = site.accounts.invitations.invite(display_name="Ada")
    site.grants(invitation.principal)
    with site.browser() as browser:
        page = browser.get(f"/invitation/{secret}")
        there = re.search(r'href="(/log-in/with/corp\?[^"]*)"', page.text)
        assert there
        found = proves(browser, browser.get(there[1].replace("&amp;", "&")))
        assert (200, BOARD) == (found.status_code, found.url.path)
    (session,) = site.accounts.sessions.of(invitation.principal)
    assert session.method.startswith("oidc:corp")
    with site.browser() as other:
        page = leaves(other, invitation=secret)
        refused = proves(other, page, subject="c-d-2")
        assert (403, "This invitation cannot be accepted") == (refused.status_code, title(refused))


def test_somebody_proves_by_the_issuer_again_that_it_is_them(site: IssuerSite) -> None:
    principal = site.knows()
    with site.browser() as browser:
        logs_in(browser)
        site.clock.at += timedelta(minutes=10)
        page = browser.get("/account")
        there = re.search(r'href="(/log-in/with/corp\?[^"]*again=yes)"', page.text)
        assert there
        login_page = browser.get(there[1].replace("&amp;", "&"))
        assert "Who are you?" in login_page.text, "a log-in that goes on there is no proof"
        (before,) = site.accounts.sessions.of(principal)
        found = proves(browser, login_page)
        assert "/account" == found.url.path
        (after,) = site.accounts.sessions.of(principal)
        assert (before.hash, before.started_at) == (after.hash, after.started_at)
        assert after.authenticated_at > before.authenticated_at
        other = proves(browser, leaves(browser, again="yes"), subject="c-d-2")
        assert 403 == other.status_code


def form_of(page: httpx.Response) -> dict[str, str]:
    """The hidden fields of the first form of a page."""
    return {name: str(value) for name, value in parsed(page.text).forms[0].form_values()}


def test_an_administrator_adds_and_removes_an_identity(site: IssuerSite) -> None:
    """Somebody who was turned away tells the administrator what stood on that page."""
    ada = site.accounts.directory.add("ada").principal
    site.grants(ada)
    site.knows(subject="c-d-2", login="chidi", role=AccessRole.ADMINISTRATOR)
    with site.browser() as browser, site.browser() as other:
        assert 403 == logs_in(other).status_code
        proves(browser, leaves(browser, next="/accounts"), subject="c-d-2")
        identity = {"principal": ada, "issuer": "corp", "subject": "a-b-1"}
        added = posts(browser, "add-identity", **identity)
        assert "can be used to log in" in text(added.text)
        assert 200 == logs_in(other).status_code
        for wrong in ({"subject": " "}, {"subject": "x" * 256}, {"issuer": "other"}):
            assert 422 == posts(browser, "add-identity", **(identity | wrong)).status_code
        assert 422 == posts(browser, "add-identity", **identity).status_code
        removed = posts(browser, "remove-identity", **(identity | {"issuer": site.issuer.address}))
        assert "by this identity any more" in text(removed.text)
        assert not logged_in(site, other)
        assert 403 == logs_in(other).status_code


def test_nobody_but_an_administrator_adds_an_identity(site: IssuerSite) -> None:
    ada = site.knows()
    with site.browser() as browser:
        logs_in(browser)
        identity = {"principal": ada, "issuer": "corp", "subject": "c-d-2"}
        token = form_of(browser.get("/account"))
        for act in ("add-identity", "remove-identity"):
            sent = browser.post(f"/accounts/{act}", data=token | identity, headers=SENT_HERE)
            assert 404 == sent.status_code
    assert not site.accounts.tables.principal_of(site.issuer.address, "c-d-2")


def test_an_identity_is_added_only_after_a_proof_of_just_now(site: IssuerSite) -> None:
    ada = site.knows(role=AccessRole.ADMINISTRATOR)
    with site.browser() as browser:
        logs_in(browser)
        site.clock.at += timedelta(minutes=10)
        identity = {"principal": ada, "issuer": "corp", "subject": "c-d-2"}
        refused = posts(browser, "add-identity", **identity)
        assert 422 == refused.status_code
        assert "Prove with Corp that it is you" in text(refused.text)


def test_an_officer_proves_by_the_issuer_again_before_a_grave_act(site: IssuerSite) -> None:
    """The form waits on its page, while another window leads to the issuer and back."""
    site.knows(role=AccessRole.SECRETARIAT)
    site.story.body()
    site.story.silence()
    site.clock.at = site.story.now + timedelta(minutes=1)
    supersede = f"{WINDOW}/act/supersede"
    with site.browser() as browser:
        logs_in(browser)
        site.clock.at += timedelta(minutes=10)
        form = field_values(browser.get(supersede).text) | {"reason": "A new text."}
        check = browser.post(supersede, data=form, headers=SENT_HERE)
        confirmed = field_values(check.text) | {"confirmed": "yes"}
        page = browser.post(supersede, data=confirmed, headers=SENT_HERE)
        assert "Is it you?" == title(page)
        there = re.search(r'href="(/log-in/with/corp\?[^"]*again=yes[^"]*)"', page.text)
        assert there
        proved = proves(browser, browser.get(there[1].replace("&amp;", "&")))
        assert "You have proved that it is you" in text(proved.text)
        waiting = field_values(page.text) | {"confirmed": "yes"}
        done = browser.post(supersede, data=waiting, headers=SENT_HERE)
        assert "It is recorded" == title(done)


def posts(browser: httpx.Client, act: str, **values: str) -> httpx.Response:
    """The answer to a form of the administrator's page."""
    token = form_of(browser.get("/accounts"))["form_token"]
    data = {"form_token": token} | values
    return browser.post(f"/accounts/{act}", data=data, headers=SENT_HERE)

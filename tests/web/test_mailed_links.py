"""Links to accounts by mail: invitations and new passwords, through a real server on loopback."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from account_story import PASSWORD, Lines
from domain.incoming_mail import INTERNALDATE
from domain.ports.incoming_mail import FetchedMessage
from domain.ports.mail import MailTransport
from logged_in import Person, two_bodies
from smtp_server import Server, closed_port, directory, encode_texts, mail_server
from story import ORGANISATION, Story
from web.accounts.letters_with_links import LinkMail
from web_visitor import SENT_HERE, pages, said

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

from adapters.mail.screen import ScreenTransport
from adapters.mail.smtp import SmtpTransport

ADDRESS = "https://placet.example.org"
LOG = Lines()
MEMBER = {"organisation": ORGANISATION, "role": "member", "body": "b", "seat": "west"}


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with mail_server() as found:
        yield found


@pytest.fixture
def post(running: Server) -> Server:
    running.letters.clear()
    running.of_recipients.clear()
    running.of_letters.clear()
    return running


@pytest.fixture
def root(story: Story, post: Server) -> Person:
    """An administrator who has just logged in; the directory knows the seats east and west."""
    story.placet.accounts.log = LOG
    two_bodies(story)
    directory(story, "east", more="west: {language: fr, addresses: [west@example.org]}")
    return administrator(story, post.transport())


def administrator(story: Story, transport: MailTransport, address: str = ADDRESS) -> Person:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = Person(story)
        mail = LinkMail(transport, address, lambda: made.clock.at)
        app = pages(story.placet, made.clock, link_mail=mail)
        made.client = TestClient(app, follow_redirects=False)
    made.logs_in("admin")
    return made


def invites(root: Person, **given: str) -> Any:
    return makes(root, "/accounts/invite", {"by_mail": "yes", "display_name": "Bo"} | given)


def makes(root: Person, path: str, values: dict[str, str]) -> Any:
    """What somebody is shown whose form makes a link, or is refused."""
    answer = root.sends(path, values)
    return root.opens(answer.headers["location"]) if answer.status_code == 303 else answer


def link_in(text: str) -> str:
    """The path of the only link of a text."""
    (found,) = re.findall(rf"{ADDRESS}(/(?:invitation|new-password)/\S+)", text)
    return str(found)


def stranger(root: Person) -> TestClient:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return TestClient(root.client.app, follow_redirects=False)


def test_an_invitation_by_mail_makes_an_account_once(root: Person, post: Server) -> None:
    """In the language of the directory; looking at it, as scanners of mail do, uses nothing up."""
    made = invites(root, **MEMBER)
    (letter,) = post.letters
    path = link_in(encode_texts(letter))
    bo = stranger(root)

    assert "has taken the letter" in said(made)
    assert path not in made.text, "the link is in the letter alone"
    assert ("west@example.org", "fr") == (str(letter["To"]), letter["Content-Language"])
    assert [200, 200] == [bo.get(path).status_code, bo.head(path).status_code]
    form = {"login": "bo", "password": PASSWORD}
    assert 303 == bo.post(path, data=form, headers=SENT_HERE).status_code
    assert 410 == bo.post(path, data=form | {"login": "b2"}, headers=SENT_HERE).status_code
    account = root.placet.accounts.directory.named("bo")
    assert ("west@example.org", "Bo") == (account.email, account.display_name)


@pytest.mark.parametrize("language", ["ar", "en", "es", "fr", "ru", "zh"])
def test_a_letter_is_in_the_language_that_was_chosen(
    root: Person, post: Server, language: str
) -> None:
    invites(root, email="bo@example.org", letter_language=language)
    (letter,) = post.letters

    assert (language, "bo@example.org") == (letter["Content-Language"], str(letter["To"]))
    assert link_in(encode_texts(letter))
    assert "2026" in encode_texts(letter).replace(ADDRESS, ""), "until which day it works"


@pytest.mark.folder
def test_the_secret_of_a_link_is_kept_nowhere(root: Person, post: Server) -> None:
    """Neither in the store, nor in the log of the program."""
    accounts = root.placet.accounts
    invites(root, email="bo@example.org")
    principal = accounts.directory.add("cy", email="cy@example.org").principal
    makes(root, "/accounts/password-link", {"principal": principal, "by_mail": "yes"})
    secrets = [link_in(encode_texts(letter)).rpartition("/")[2] for letter in post.letters]
    kept = [file for file in root.placet.recovery.store.home.rglob("*") if file.is_file()]
    assert any(b"cy@example.org" in file.read_bytes() for file in kept), "the control"

    assert 2 == len(secrets)
    assert principal in str(LOG.lines), "the control"
    for secret in secrets:
        assert not [file for file in kept if secret.encode() in file.read_bytes()]
        assert secret not in str(LOG.lines)


@pytest.mark.parametrize(
    "given",
    [{}, {"email": "bo"}, {"email": "bo@example.org, cy@example.org"}, {"body": "b", "seat": "x"}],
)
def test_without_one_address_nobody_is_invited_by_mail(
    root: Person, post: Server, given: dict[str, str]
) -> None:
    """And what was written is still there."""
    before = len(root.story.events())
    refused = invites(root, **given)

    assert 422 == refused.status_code
    assert "The letter needs one address." in said(refused)
    assert 'value="Bo"' in refused.text
    assert ([], []) == (post.letters, list(root.placet.accounts.invitations.pending()))
    assert before == len(root.story.events())


def test_a_letter_that_is_not_taken_leaves_the_link_to_be_handed_over(
    root: Person, post: Server
) -> None:
    post.of_recipients["bo@example.org"] = "550 5.1.1 no such user"
    refused = invites(root, email="bo@example.org")
    away = SmtpTransport("127.0.0.1", closed_port(), sender="placet@example.org", tls="none")
    other = administrator(root.story, away)
    unreachable = invites(other, email="bo@example.org")

    for page in (refused, unreachable):
        assert "The letter was not sent, and nobody tries again." in said(page)
        path = re.findall(r"(/invitation/[\w-]+)", page.text)[0]
        assert 200 == stranger(root).get(path).status_code
    assert "no such user" in said(refused)
    assert not root.placet.accounts.mailed_links.by_principal()


@pytest.mark.parametrize("case", ["shown on a screen", "without an address of the pages"])
def test_where_letters_reach_nobody_none_is_offered(root: Person, post: Server, case: str) -> None:
    """A link that was asked for by mail all the same stands on the page, and on no screen."""
    shown: list[str] = []
    lost = case == "shown on a screen"
    transport = ScreenTransport(shown.append) if lost else post.transport()
    other = administrator(root.story, transport, ADDRESS if lost else "")
    page = invites(other, email="bo@example.org")

    assert "Send the link by mail" not in other.opens("/accounts").text
    assert "/invitation/" in page.text
    assert ([], []) == (shown, post.letters)


def test_a_letter_that_comes_back_is_shown_with_the_invitation(root: Person, post: Server) -> None:
    invites(root, email="bo@example.org")
    (letter,) = post.letters
    report = (
        "From: MAILER-DAEMON@example.org\r\nTo: answers@example.org\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\n\r\nNo.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example.org\r\n\r\n"
        "Final-Recipient: rfc822; bo@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Message-ID: {letter['Message-ID']}\r\n\r\n--b--\r\n"
    ).encode()
    mail = root.placet.processes.mail
    root.placet.notifications.configure_mail(post.transport(), ADDRESS)
    before = said(root.opens("/accounts"))
    fetched = FetchedMessage(
        content=report, size=len(report), place="7:1", received_at=None, source=INTERNALDATE
    )
    mail.store.keep("imap", fetched, root.clock.at)
    mail.look()
    after = said(root.opens("/accounts"))

    assert "The last link went to bo@example.org" in before
    assert ("It came back: 5.1.1" in before, "It came back: 5.1.1" in after) == (False, True)
    assert "shown only" == mail.get(1).state
    root.clock.at += timedelta(days=15)
    root.placet.accounts.sessions.forget()
    assert not root.placet.accounts.mailed_links.by_principal()


# --- New passwords --------------------------------------------------------------------------------


def new_link(root: Person, login: str, **more: str) -> Any:
    principal = root.placet.accounts.directory.named(login).principal
    return makes(root, "/accounts/password-link", {"principal": principal} | more)


def path_on(page: Any) -> str:
    return str(re.findall(r"(/new-password/[\w-]+)", page.text)[0])


@pytest.fixture
def cy(root: Person) -> TestClient:
    """Somebody who has forgotten the password, in a browser with an old session."""
    root.placet.accounts.directory.add(
        "cy", password=PASSWORD, email="cy@example.org", language="es"
    )
    browser = stranger(root)
    given = {"login": "cy", "password": PASSWORD}
    assert 303 == browser.post("/log-in", data=given, headers=SENT_HERE).status_code
    return browser


def test_a_link_sets_a_new_password_once(root: Person, post: Server, cy: TestClient) -> None:
    made = new_link(root, "cy", by_mail="yes")
    (letter,) = post.letters
    path = link_in(encode_texts(letter))
    there = stranger(root)
    new = "another way to Vienna"

    assert "has taken the letter" in said(made)
    assert ("cy@example.org", "es") == (str(letter["To"]), letter["Content-Language"])
    assert [200, 200] == [there.get(path).status_code for _ in range(2)]
    assert 200 == cy.get("/account").status_code
    short = there.post(path, data={"password": "short"}, headers=SENT_HERE)
    assert (422, True) == (short.status_code, "cy" in said(short))
    done = there.post(path, data={"password": new}, headers=SENT_HERE)
    assert (303, "/log-in") == (done.status_code, done.headers["location"])
    assert 303 == cy.get("/account").status_code, "all sessions have ended"
    again = there.post(path, data={"password": new}, headers=SENT_HERE)
    assert [410, 410] == [again.status_code, there.get(path).status_code]
    given = {"login": "cy", "password": new}
    assert 303 == there.post("/log-in", data=given, headers=SENT_HERE).status_code


def test_a_link_ends_with_its_day_another_password_or_the_account(
    root: Person, cy: TestClient
) -> None:
    directory_ = root.placet.accounts.directory
    principal = directory_.named("cy").principal
    first, second = path_on(new_link(root, "cy")), path_on(new_link(root, "cy"))
    used = {"password": "another way to Vienna"}
    assert 303 == cy.post(first, data=used, headers=SENT_HERE).status_code
    assert 410 == cy.get(second).status_code
    disabled = path_on(new_link(root, "cy"))
    directory_.disable(principal)
    assert 410 == cy.get(disabled).status_code
    directory_.enable(principal)
    late = path_on(new_link(root, "cy"))
    root.clock.at += timedelta(hours=24)
    assert 410 == cy.get(late).status_code
    root.logs_in("admin")
    erased = path_on(new_link(root, "cy"))
    directory_.erase(principal)
    assert 410 == cy.get(erased).status_code


def test_only_an_administrator_who_has_just_proved_it_makes_one(
    root: Person, cy: TestClient
) -> None:
    root.clock.at += timedelta(minutes=6)
    assert 422 == new_link(root, "cy").status_code
    root.logs_in("auditor")
    assert 404 == new_link(root, "cy").status_code

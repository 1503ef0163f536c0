"""Links to accounts by mail: invitations and new passwords, through a real server on loopback."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest

from account_story import PASSWORD, Lines
from domain.incoming_mail import INTERNALDATE
from domain.notices import CONNECTION_LOST
from domain.ports.accounts import LoginSession
from domain.ports.incoming_mail import FetchedMessage
from domain.ports.mail import Letter, MailTransport
from domain.ports.outbox import DeliveryOutcome
from logged_in import Person, two_bodies
from smtp_server import Server, closed_port, directory, encode_texts, mail_server
from story import ORGANISATION, Story
from web.accounts.letters_with_links import link_writer
from web.accounts.shown_secrets import ShownSecret, ShownSecrets
from web.http.context import AboutProgram
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
        app = pages(story.placet, made.clock)
        made.client = TestClient(app, follow_redirects=False)
    if address:
        about = AboutProgram(version="", store="")
        writer = link_writer(about, address, lambda: made.clock.at)
        story.placet.accounts.link_delivery.configure(transport, writer)
    made.logs_in("admin")
    return made


def round_of(root: Person) -> list[str]:
    """What became of the letters that are due now."""
    return [outcome.state for _, outcome in root.placet.accounts.link_delivery.run_round()]


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
    assert "waits to be sent" in said(made)
    assert [] == post.letters, "no request waits for the server"
    assert ["accepted"] == round_of(root)
    (letter,) = post.letters
    path = link_in(encode_texts(letter))
    bo = stranger(root)
    shown = root.opens(made.request.url.path)

    assert "The mail server took the letter with a link to west@example.org" in said(shown)
    assert path not in made.text + shown.text, "the link is in the letter alone"
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
    round_of(root)
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
    assert ["accepted", "accepted"] == round_of(root)
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


def test_what_the_server_refuses_is_said_in_its_words_and_sent_again(
    root: Person, post: Server
) -> None:
    """By a button, as another letter with a link of its own."""
    post.of_recipients["bo@example.org"] = "550 5.1.1 no such user"
    invites(root, email="bo@example.org")
    assert ["refused"] == round_of(root)
    page = root.opens("/accounts")

    assert "Failed: The mail server refused the letter with a link to bo@example.org" in said(page)
    assert "bo@example.org: 550 5.1.1 no such user" in said(page)
    del post.of_recipients["bo@example.org"]
    assert [] == round_of(root), "nothing is tried again by itself"
    (key,) = re.findall(r'name="letter" value="(\w+)"', page.text)
    assert 303 == root.sends("/accounts/send-again", {"letter": key}).status_code
    assert 422 == root.sends("/accounts/send-again", {"letter": key}).status_code, "sent twice"
    assert ["accepted"] == round_of(root)
    (letter,) = post.letters
    assert 200 == stranger(root).get(link_in(encode_texts(letter))).status_code
    assert key not in str(letter["Message-ID"])


def test_a_server_that_is_away_gets_the_letter_later(root: Person, post: Server) -> None:
    """Each time after a longer pause, until it is given up after a day; a button tries at once."""
    away = SmtpTransport("127.0.0.1", closed_port(), sender="placet@example.org", tls="none")
    other = administrator(root.story, away)
    invites(other, email="bo@example.org")
    assert ["waiting"] == round_of(other)
    assert "the mail server could not be reached" in said(other.opens("/accounts"))
    assert [] == round_of(other), "it is not asked again at once"
    other.clock.at += timedelta(minutes=1)
    assert ["waiting"] == round_of(other)

    back = administrator(root.story, post.transport())
    post.of_letters += ["451 4.7.1 later", "451 4.7.1 later"]
    page = back.opens("/accounts")
    (key,) = re.findall(r'name="letter" value="(\w+)"', page.text)
    assert "Try again now" in said(page)
    back.sends("/accounts/send-again", {"letter": key})
    assert ["waiting"] == round_of(back)
    assert "451" not in said(back.opens("/accounts")), "the words, not only the number"
    assert "4.7.1 later" in said(back.opens("/accounts"))
    back.clock.at += timedelta(minutes=1)
    assert ["waiting"] == round_of(back)
    back.clock.at += timedelta(minutes=1)
    assert [] == round_of(back), "the second pause is longer"
    back.clock.at += timedelta(minutes=1)
    assert ["accepted"] == round_of(back)


def test_a_letter_that_nothing_sends_is_given_up_after_a_day(root: Person, post: Server) -> None:
    invites(root, email="bo@example.org")
    root.placet.accounts.link_delivery.write = None
    root.clock.at += timedelta(hours=23)
    assert [] == round_of(root)
    root.logs_in("admin")
    assert "waits to be sent" in said(root.opens("/accounts"))
    root.clock.at += timedelta(hours=1)
    assert [] == round_of(root)
    root.logs_in("admin")
    page = said(root.opens("/accounts"))
    assert "was given up" in page
    assert "no server of this store sends mail" in page
    assert [] == post.letters


def test_a_letter_whose_link_would_open_nothing_is_not_sent(root: Person, post: Server) -> None:
    """The invitation was taken back, or the password changed, before the letter left."""
    accounts = root.placet.accounts
    cy = accounts.directory.add("cy", email="cy@example.org", password=PASSWORD).principal
    makes(root, "/accounts/password-link", {"principal": cy, "by_mail": "yes"})
    invites(root, email="bo@example.org")
    (invited,) = accounts.invitations.pending()
    accounts.directory.set_password(cy, "another way to Vienna")
    root.placet.account_endings.take_back(invited.hash, None)

    assert ["overtaken"] == round_of(root)
    assert [] == post.letters
    assert {cy} == {*accounts.mailed_links.by_principal()}, "what was taken back is forgotten"
    assert "the link would open nothing any more" in said(root.opens("/accounts"))


def test_a_secret_that_left_with_an_answer_lost_works_like_the_next_one(
    root: Person, post: Server
) -> None:
    """Nobody knows whether the first letter arrived; what was surely refused opens nothing."""
    lost: list[str] = []

    class Losing(SmtpTransport):
        """A connection that breaks after the letter was handed over."""

        def send(self, letter: Letter) -> DeliveryOutcome:
            lost.append(link_in(letter.text))
            if len(lost) == 1:
                return DeliveryOutcome(state="waiting", reason=CONNECTION_LOST)
            if len(lost) == 2:
                return DeliveryOutcome(state="waiting", reason="the server put it off: 451")
            return super().send(letter)

    transport = Losing("127.0.0.1", post.port, sender="placet@example.org", tls="none")
    other = administrator(root.story, transport)
    invites(other, email="bo@example.org")
    for state in ("waiting", "waiting", "accepted"):
        other.clock.at += timedelta(hours=1)
        assert [state] == round_of(other)
    bo = stranger(other)

    assert [200, 410, 200] == [bo.get(path).status_code for path in lost]
    form = {"login": "bo", "password": PASSWORD}
    assert 303 == bo.post(lost[0], data=form, headers=SENT_HERE).status_code
    assert [410, 410] == [bo.get(path).status_code for path in (lost[0], lost[2])]


def test_of_two_processes_one_sends_a_letter(root: Person, post: Server) -> None:
    """And where a process ends in the middle, another sends it after a while."""
    invites(root, email="bo@example.org")
    links = root.placet.accounts.mailed_links
    (due,) = links.due(9)
    assert links.claim(due)
    assert links.claim(due) is None
    assert [] == round_of(root)
    assert "is being sent" in said(root.opens("/accounts"))
    root.clock.at += timedelta(minutes=10)
    assert ["accepted"] == round_of(root)
    assert 1 == len(post.letters)


def test_an_administrator_waits_for_no_other_ones_link() -> None:
    """While one makes a link, another one does; the same form sent twice makes one."""
    shown, at = ShownSecrets(), datetime(2026, 11, 30, tzinfo=UTC)
    began, goes_on = Event(), Event()
    made: list[str] = []

    def session(name: str) -> LoginSession:
        return LoginSession(
            hash=name, principal="p", method="m", started_at=at, seen_at=at, authenticated_at=at
        )

    def slow() -> ShownSecret:
        made.append("slow")
        began.set()
        assert goes_on.wait(10)
        return ShownSecret(template="t", values={})

    def quick() -> ShownSecret:
        made.append("quick")
        return ShownSecret(template="t", values={})

    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(shown.make_once, session("a"), "f", at, slow)
        assert began.wait(10)
        second = threads.submit(shown.make_once, session("a"), "f", at, slow)
        threads.submit(shown.make_once, session("b"), "f", at, quick).result(10)
        assert shown.find(session("b"), "f", at)
        goes_on.set()
        assert [None, None] == [each.result(10) for each in (first, second)]
    assert ["slow", "quick"] == made


@pytest.mark.parametrize("case", ["shown on a screen", "without an address of the pages"])
def test_where_letters_reach_nobody_none_is_offered(root: Person, post: Server, case: str) -> None:
    """A link that was asked for by mail all the same stands on the page, and on no screen."""
    shown: list[str] = []
    lost, delivery = case == "shown on a screen", root.placet.accounts.link_delivery
    delivery.transport = delivery.write = None
    transport = ScreenTransport(shown.append) if lost else post.transport()
    other = administrator(root.story, transport, ADDRESS if lost else "")
    page = invites(other, email="bo@example.org")

    assert "Send the link by mail" not in other.opens("/accounts").text
    assert "/invitation/" in page.text
    assert ([], []) == (shown, post.letters)


def test_a_letter_that_comes_back_is_shown_with_the_invitation(root: Person, post: Server) -> None:
    invites(root, email="bo@example.org")
    round_of(root)
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

    assert "The mail server took the letter with a link to bo@example.org" in before
    assert ("came back" in before, "came back" in after, "5.1.1" in after) == (False, True, True)
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
    assert ["accepted"] == round_of(root)
    (letter,) = post.letters
    path = link_in(encode_texts(letter))
    there = stranger(root)
    new = "another way to Vienna"

    assert "waits to be sent" in said(made)
    assert ("cy@example.org", "es") == (str(letter["To"]), letter["Content-Language"])
    assert [200, 200] == [there.get(path).status_code for _ in range(2)]
    assert 200 == cy.get("/account").status_code
    short = there.post(path, data={"password": "short"}, headers=SENT_HERE)
    assert (422, True) == (short.status_code, "cy" in said(short))
    done = there.post(path, data={"password": new}, headers=SENT_HERE)
    assert (303, "/log-in?done=password") == (done.status_code, done.headers["location"])
    assert "Your new password is set" in said(there.get("/log-in?done=password&lang=en"))
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

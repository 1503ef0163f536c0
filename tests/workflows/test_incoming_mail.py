"""Answers by mail: what came before the deadline is heard before anything lapses."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from adapters.mail import imap
from adapters.mail.imap import ImapMailbox
from adapters.mail.maildir import Maildir
from domain.incoming_mail import INTERNALDATE, Receipt
from domain.ports.errors import Unavailable
from domain.rules import Refused
from imap_server import PASSWORD, USER, ImapServer, imap_server
from smtp_server import Server, directory, mail_server, sent, service
from story import ORGANISATION, Story
from web_visitor import Hands
from workflows.acts.request import request
from workflows.acts.window_responses import REGISTER
from workflows.incoming import registration
from workflows.incoming.matching import NO_ADDRESS, NO_LETTER, NO_TIME, OTHER_SEAT, TOO_LARGE

ROLE = "secretariat"
GENERIC = {"longest-outage-minutes": "0"}


@pytest.fixture
def server() -> Iterator[ImapServer]:
    with imap_server() as made:
        yield made


@pytest.fixture
def post() -> Iterator[Server]:
    with mail_server() as made:
        yield made


def mailbox(server: ImapServer, **changes: Any) -> ImapMailbox:
    options = {"user": USER, "password": PASSWORD, "tls": "none", "folder": "INBOX"}
    return ImapMailbox("127.0.0.1", server.port, **(options | changes))


@pytest.fixture
def procedure(story: Story, server: ImapServer, post: Server) -> Story:
    """Window `w`, whose seats were notified by letter, and whose answers are read by IMAP."""
    story.body(parameters=GENERIC)
    directory(story, "east", "west")
    story.placet.clock = Hands(story.now)
    service(story, post.transport())
    story.silence()
    sent(story)
    story.placet.processes.mail.configure([mailbox(server)])
    story.placet.processes.mail.look()
    return story


def at(story: Story, moment: datetime) -> None:
    """Go on at this moment, by every clock."""
    story.now = moment
    story.placet.clock.at = moment


def closes(story: Story) -> datetime:
    found: datetime = story.state("window/w").closes.exact
    return found


def reply(post: Server, seat: str = "east", **headers: str) -> bytes:
    """A reply of a seat to the letter that it got, as a mail program writes it."""
    letter = next(sent for sent in post.letters if f"{seat}@example.org" in str(sent["To"]))
    answer = EmailMessage()
    answer["From"] = f"Mission <{seat}@example.org>"
    answer["To"] = "answers@example.org"
    answer["Subject"] = f"Re: {letter['Subject']}"
    answer["In-Reply-To"] = str(letter["Message-ID"])
    answer["Message-ID"] = "<reply@example.org>"
    for name, value in headers.items():
        del answer[name.replace("_", "-")]
        if value:
            answer[name.replace("_", "-")] = value
    answer.set_content("We object to this text.")
    return answer.as_bytes().replace(b"\n", b"\r\n")


def tick(story: Story) -> list[str]:
    """Let the silence clock look once; the names of what it recorded."""
    answers = story.placet.processes.clock.tick()
    return [event.name.rpartition(".")[0] for answer in answers for event in answer.events]


def register(story: Story, number: int, kind: str = "objection", seat: str = "east") -> list[str]:
    """The secretariat registers a message; the names of what is recorded."""
    mail = story.placet.processes.mail
    message = mail.get(number)
    values = {"seats": (seat,), "kind": kind, **registration.fixed_values(message)}
    files = {message.sha256: mail.store.content(number)}
    requested = request(REGISTER, None, "w", REGISTER.roles[0], values, files)
    answer = story.placet.execute(ORGANISATION, requested.step, f"register-{number}", files=files)
    mail.note_registered(
        number, organisation=ORGANISATION, window="w", position=answer.events[0].position, by=ROLE
    )
    return [event.name.rpartition(".")[0] for event in answer.events]


# --- what came in time is heard ---------------------------------------------------------------


def test_a_reply_that_came_30_seconds_before_the_deadline_and_is_read_2_minutes_after_it_breaks_it(
    procedure: Story, server: ImapServer, post: Server
) -> None:
    end = closes(procedure)
    server.deliver(reply(post), end - timedelta(seconds=30))

    at(procedure, end + timedelta(minutes=2))
    assert [] == tick(procedure)  # the mailbox is read first
    procedure.placet.processes.mail.look_when_due()
    assert ["window.held"] == tick(procedure)
    assert [] == tick(procedure)

    hold = procedure.state("window/w").holds[0]
    assert ("incoming mail", True) == (hold.about, hold.by_clock)
    assert hold.reason.endswith("message 1")
    found = procedure.placet.processes.mail.matched(1)
    assert (INTERNALDATE, end - timedelta(seconds=30)) == (
        found.message.receipt.source,
        found.message.receipt.at,
    )
    assert ("w", ("east",), ()) == (
        found.match.letter and found.match.letter.window,
        found.match.seats(ORGANISATION, "b"),
        found.match.doubts,
    )

    assert ["window.response_received", "window.broken"] == register(procedure, 1)
    window = procedure.state("window/w")
    received = window.responses[0]
    assert (end - timedelta(seconds=30), "counted") == (received.received.exact, received.standing)
    assert received.response.evidence == found.message.sha256
    assert received.response.channel == "mail; time of receipt: IMAP INTERNALDATE"
    assert "broken" == procedure.phase()


def test_without_the_reply_it_lapses_once_the_mailbox_was_read(
    procedure: Story, server: ImapServer
) -> None:
    at(procedure, closes(procedure) + timedelta(minutes=2))

    assert [] == tick(procedure)
    procedure.placet.processes.mail.look_when_due()
    assert "window.lapsed" in tick(procedure)


def test_a_reply_that_came_after_the_grace_holds_nothing(
    procedure: Story, server: ImapServer, post: Server
) -> None:
    server.deliver(reply(post), procedure.state("window/w").due_from)

    at(procedure, closes(procedure) + timedelta(minutes=10))
    procedure.placet.processes.mail.look()
    assert "window.lapsed" in tick(procedure)
    assert ["window.late_response_received"] == register(procedure, 1)


def test_a_date_that_the_sender_wrote_never_counts(
    procedure: Story, server: ImapServer, post: Server
) -> None:
    end = closes(procedure)
    early = f"{end - timedelta(hours=5):%a, %d %b %Y %H:%M:%S +0000}"
    server.deliver(reply(post, Date=early), end + timedelta(hours=1))

    at(procedure, end + timedelta(hours=2))
    procedure.placet.processes.mail.look()
    assert "window.lapsed" in tick(procedure)
    assert early == procedure.placet.processes.mail.get(1).summary.date


@pytest.mark.parametrize(
    ("headers", "doubts"),
    [
        ({"In_Reply_To": ""}, {NO_LETTER}),
        ({"From": "somebody@elsewhere.example"}, {NO_ADDRESS}),
        ({"From": "somebody@elsewhere.example", "In_Reply_To": ""}, {NO_LETTER, NO_ADDRESS}),
        ({"From": "west@example.org"}, {OTHER_SEAT}),
    ],
)
def test_what_cannot_be_placed_for_sure_holds_all_the_same(
    procedure: Story, server: ImapServer, post: Server, headers: dict[str, str], doubts: set[str]
) -> None:
    end = closes(procedure)
    server.deliver(reply(post, **headers), end - timedelta(seconds=1))

    at(procedure, end + timedelta(minutes=2))
    procedure.placet.processes.mail.look()
    assert doubts == {*procedure.placet.processes.mail.matched(1).match.doubts}
    assert ["window.held"] == tick(procedure)


@pytest.mark.parametrize("sender", ["", "Delegate <somebody@example.net>"])
def test_a_reply_to_another_letter_holds_all_procedures_of_the_body(
    procedure: Story, server: ImapServer, post: Server, sender: str
) -> None:
    """People answer whatever letter is at hand: also that of a procedure that is over."""
    procedure.silence(window="other")
    at(procedure, procedure.now)
    sent(procedure)
    end = closes(procedure)
    server.deliver(reply(post, **{"From": sender} if sender else {}), end - timedelta(hours=1))

    at(procedure, end + timedelta(days=1))
    procedure.placet.processes.mail.look()
    assert ["window.held", "window.held"] == tick(procedure)
    assert procedure.state("window/w").holds
    assert procedure.state("window/other").holds


@pytest.mark.parametrize("sender", ["", "Delegate <somebody@example.net>"])
def test_a_reply_about_one_body_holds_no_procedure_of_another(
    procedure: Story, server: ImapServer, post: Server, sender: str
) -> None:
    """Also where the directory does not know the sender: the letter tells the body."""
    procedure.do("establish body", body="c", names={"en": "Other"}, zone="Europe/Vienna")
    procedure.do("adopt rule pack", body="c", pack="generic", parameters={})
    procedure.do("fill seat", body="c", seat="south", holder="Southland", since="2026-01-01")
    procedure.silence(window="other", body="c")
    at(procedure, procedure.now)
    sent(procedure)
    end = closes(procedure)
    server.deliver(reply(post, **{"From": sender} if sender else {}), end - timedelta(hours=1))

    at(procedure, procedure.state("window/other").due_from + timedelta(minutes=2))
    procedure.placet.processes.mail.look()
    tick(procedure)
    held = {
        window: {hold.about for hold in procedure.state(f"window/{window}").holds}
        for window in ("w", "other")
    }
    assert "incoming mail" in held["w"]
    assert held["other"], "it is due, and held for want of addresses"
    assert "incoming mail" not in held["other"]


def test_a_message_before_the_opening_cannot_be_about_it(
    procedure: Story, server: ImapServer, post: Server
) -> None:
    opened = procedure.state("window/w").opened.exact
    server.deliver(reply(post, In_Reply_To=""), opened - timedelta(hours=1))

    at(procedure, closes(procedure) + timedelta(minutes=2))
    procedure.placet.processes.mail.look()
    assert "window.lapsed" in tick(procedure)


# --- people deal with it ----------------------------------------------------------------------


def test_once_it_is_no_response_and_the_hold_is_ended_the_silence_lapses(
    procedure: Story, server: ImapServer, post: Server
) -> None:
    end, mail = closes(procedure), procedure.placet.processes.mail
    server.deliver(reply(post), end - timedelta(minutes=5))
    at(procedure, end + timedelta(minutes=2))
    mail.look()
    tick(procedure)

    procedure.do("release silence", window="w", reason="it can wait", who="presiding officer")
    assert ["window.held"] == tick(procedure)  # as long as nobody has dealt with the message
    with pytest.raises(Refused, match="why it is no response"):
        mail.dismiss(1, "  ", ROLE)
    assert "not a response" == mail.dismiss(1, "It thanks us only.", ROLE).state
    procedure.do("release silence", window="w", reason="nothing in it", who="presiding officer")
    procedure.placet.clock.at = procedure.now
    assert "window.lapsed" in tick(procedure)

    assert ["window.response_found_after_close"] <= register(procedure, 1)
    assert procedure.state("window/w").approval_is_suspended


def test_a_response_that_cites_the_message_is_enough_though_nobody_ticked_it_off(
    procedure: Story, server: ImapServer, post: Server
) -> None:
    """As after a crash between the record and the note beside it."""
    end = closes(procedure)
    server.deliver(reply(post), end - timedelta(minutes=5))
    at(procedure, end - timedelta(minutes=4))
    procedure.placet.processes.mail.look()
    message = procedure.placet.processes.mail.get(1)
    content = procedure.placet.processes.mail.store.content(1)
    procedure.do(
        "respond",
        window="w",
        kind="no objection",
        seats=["east"],
        evidence=message.sha256,
        files={message.sha256: content},
    )

    at(procedure, end + timedelta(minutes=2))
    procedure.placet.processes.mail.look()
    assert message.waits
    assert "window.lapsed" in tick(procedure)


def test_a_file_given_by_hand_counts_from_a_time_that_staff_state(
    procedure: Story, post: Server
) -> None:
    end, mail = closes(procedure), procedure.placet.processes.mail
    at(procedure, end + timedelta(minutes=2))
    mail.look()
    taken = mail.take(reply(post), "mail.eml")

    assert (None, True) == (taken.receipt.at, NO_TIME in mail.matched(taken.id).match.doubts)
    with pytest.raises(Refused, match="state it first"):
        registration.fixed_values(taken)
    assert ["window.held"] == tick(procedure)  # it may have come in time
    with pytest.raises(Refused, match="how the time of receipt is known"):
        mail.state_receipt(taken.id, end, "", ROLE)
    with pytest.raises(Refused, match="it was here before that time"):
        mail.state_receipt(taken.id, procedure.now + timedelta(minutes=1), "guessed", ROLE)
    stated = mail.state_receipt(taken.id, end - timedelta(hours=1), "the desk's stamp", ROLE)
    assert (
        Receipt(
            at=end - timedelta(hours=1),
            source="stated by staff",
            reason="the desk's stamp",
            by=ROLE,
        )
        == stated.receipt
    )
    assert ["window.response_received", "window.broken"] == register(procedure, taken.id)
    assert procedure.state("window/w").responses[0].response.channel == (
        "mail; time of receipt: stated by staff: the desk's stamp"
    )


def test_only_the_uppermost_line_of_our_own_server_tells_when_a_file_was_received(
    procedure: Story, post: Server
) -> None:
    mail = procedure.placet.processes.mail
    lines = (
        b"Received: from mail.mission.example by mx.example.org with ESMTPS id 1;"
        b"\r\n Mon, 2 Mar 2026 13:00:05 +0100\r\n"
    )
    forged = b"Received: by mx.example.org; Sun, 1 Mar 2026 00:00:00 +0000\r\n"
    mail.configure([], ["MX.example.org"])

    first = mail.take(lines + forged + reply(post), "one.eml")
    assert "2026-03-02T12:00:05+00:00" == (first.receipt.at and first.receipt.at.isoformat())
    strange = b"Received: by mx.mission.example; Mon, 2 Mar 2026 12:00:05 +0000\r\n"
    assert mail.take(strange + forged + reply(post), "two.eml").receipt.at is None


# --- mailboxes --------------------------------------------------------------------------------


def test_a_mailbox_that_cannot_be_read_holds_the_lapse_and_is_said(
    procedure: Story, server: ImapServer
) -> None:
    end, mail = closes(procedure), procedure.placet.processes.mail
    server.fails = True
    at(procedure, end + timedelta(minutes=2))
    assert [] == tick(procedure)
    with pytest.raises(Unavailable, match="the disk of this server is full"):
        mail.look_when_due()
    assert [] == tick(procedure)  # it may come back soon
    at(procedure, end + timedelta(minutes=4))
    assert ["window.held"] == tick(procedure)
    hold = procedure.state("window/w").holds[0]
    assert "a mailbox for answers could not be read since the deadline" == hold.reason
    needs = procedure.placet.recovery.health(procedure.now).problems(procedure.now)
    assert any("cannot be read since" in sentence for sentence in needs)

    procedure.do("release silence", window="w", reason="asked the seats", who="presiding officer")
    procedure.placet.clock.at = procedure.now
    assert "window.lapsed" in tick(procedure)


def test_a_mailbox_that_was_never_read_is_read_before_anything_lapses(
    story: Story, server: ImapServer
) -> None:
    """As when a server is given its first mailbox after a deadline."""
    story.body(parameters=GENERIC)
    story.silence()
    story.placet.clock = Hands(closes(story) + timedelta(minutes=5))
    story.now = story.placet.clock.at
    story.placet.processes.mail.configure([mailbox(server)])
    assert [] == tick(story)
    story.placet.processes.mail.look_when_due()
    assert "window.lapsed" in tick(story)


def test_a_mailbox_that_fails_is_tried_again_as_often_as_it_is_asked_for(
    procedure: Story, server: ImapServer
) -> None:
    """So the loop that asks pauses longer each time, and says once that it works again."""
    mail = procedure.placet.processes.mail
    mail.look_when_due()
    looks = server.commands.count("LOGIN")
    mail.look_when_due()
    assert looks == server.commands.count("LOGIN")  # it is not time yet
    server.fails = True
    at(procedure, procedure.now + timedelta(seconds=16))
    for _ in range(3):
        with pytest.raises(Unavailable):
            mail.look_when_due()


def test_a_mailbox_that_comes_back_in_time_holds_nothing(
    procedure: Story, server: ImapServer
) -> None:
    mail = procedure.placet.processes.mail
    server.fails = True
    at(procedure, closes(procedure) + timedelta(minutes=2))
    tick(procedure)
    assert 1 == len(mail.look().failures)
    server.fails = False
    mail.look()
    assert [] == [box.failed_since for box in mail.store.mailboxes() if box.failed_since]
    assert "window.lapsed" in tick(procedure)


def test_a_clock_without_the_mailbox_waits_for_the_process_that_reads_it(
    procedure: Story, server: ImapServer
) -> None:
    """Another process has configured it; nobody reads it any more, so people look."""
    mail = procedure.placet.processes.mail
    name = mail.store.mailboxes()[0].name
    mail.configure([])
    at(procedure, closes(procedure) + timedelta(minutes=2))
    assert [] == tick(procedure)
    at(procedure, procedure.now + timedelta(minutes=2))
    assert ["window.held"] == tick(procedure)
    assert mail.store.forget_mailbox(name)
    assert not mail.store.forget_mailbox(name)


def test_nothing_in_a_mailbox_is_changed_and_nothing_is_taken_twice(
    procedure: Story, server: ImapServer, post: Server
) -> None:
    mail = procedure.placet.processes.mail
    server.deliver(reply(post), procedure.now)
    assert (1, 0) == (len(mail.look().messages), len(mail.look().messages))
    server.deliver(reply(post, Message_ID="<second@example.org>"), procedure.now)
    assert [2] == [message.id for message in mail.look().messages]
    server.validity, server.next_uid = 8, 1  # as after a restore of the server
    kept, server.messages = server.messages, []
    for stored in kept:
        server.deliver(stored.content, stored.received)
    assert [1, 2] == [message.id for message in mail.look().messages]
    assert 2 == len(mail.store.messages())
    changing = {"STORE", "COPY", "EXPUNGE", "SELECT", "APPEND", "UID STORE", "UID EXPUNGE"}
    assert changing.isdisjoint(server.commands)


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"password": "wrong"}, "wrong password"),
        ({"folder": "Elsewhere"}, "the folder cannot be opened"),
        ({"tls": "tls"}, "imap"),
    ],
)
def test_what_keeps_a_mailbox_from_being_read_is_said(
    procedure: Story, server: ImapServer, changes: dict[str, str], because: str
) -> None:
    with pytest.raises(Unavailable, match=because):
        list(mailbox(server, **changes).unread("", ()))


def test_a_password_never_goes_in_clear_to_another_machine() -> None:
    with pytest.raises(Unavailable, match="tls or starttls only"):
        ImapMailbox("mail.example.org", 143, user="a", password="b", tls="none", folder="INBOX")


def contents(folder: Path) -> list[tuple[Path, int, bytes]]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [(path, path.stat().st_mtime_ns, path.read_bytes()) for path in files]


def test_a_maildir_is_read_and_left_as_it_is(
    procedure: Story, post: Server, tmp_path: Path
) -> None:
    folder = tmp_path / "Maildir"
    for part in ("new", "cur", "tmp"):
        (folder / part).mkdir(parents=True)
    (folder / "new" / "1.M1.host").write_bytes(reply(post))
    (folder / "cur" / "2.M1.host:2,S").write_bytes(reply(post, Message_ID="<2@example.org>"))
    (folder / "tmp" / "3.M1.host").write_bytes(b"half of")
    before = contents(folder)
    mail = procedure.placet.processes.mail
    mail.configure([Maildir(folder)])

    found = mail.look().messages
    assert ["1.M1.host", "2.M1.host"] == [message.place for message in found]
    assert {"time of the file in the Maildir"} == {message.receipt.source for message in found}
    (folder / "new" / "1.M1.host").rename(folder / "cur" / "1.M1.host:2,S")
    assert () == mail.look().messages
    (folder / "cur" / "1.M1.host:2,S").rename(folder / "new" / "1.M1.host")
    assert before == contents(folder)
    mail.configure([Maildir(tmp_path / "none")])
    assert "cannot be read" in mail.look().failures[0]


def test_of_a_message_that_is_too_large_the_headers_are_kept_and_it_holds_all_the_same(
    procedure: Story, server: ImapServer, post: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record says where it is; nothing of it is lost, since all of it is in the mailbox."""
    monkeypatch.setattr(imap, "LARGEST", 1000)
    end, mail = closes(procedure), procedure.placet.processes.mail
    server.deliver(reply(post) + b"x" * 2000, end - timedelta(minutes=1))
    at(procedure, end + timedelta(minutes=2))
    mail.look()

    message = mail.get(1)
    assert (False, True) == (message.whole, message.size > 2000)
    assert mail.store.content(1).endswith(b"\r\n\r\n")
    assert TOO_LARGE in mail.matched(1).match.doubts
    assert ["window.held"] == tick(procedure)
    assert "evidence" not in registration.fixed_values(message)
    assert registration.channel(message).endswith(
        f"kept beside the record, SHA-256 {message.sha256}"
    )


def test_a_mailbox_is_read_by_tls_and_only_from_a_server_that_is_trusted(
    procedure: Story, post: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = certificate_of_loopback(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with imap_server(context) as server:
        server.deliver(reply(post), procedure.now)
        with pytest.raises(Unavailable, match="CERTIFICATE_VERIFY_FAILED"):
            list(mailbox(server, tls="tls").unread("", ()))
        assert [] == server.commands  # nothing was said to it, least of all a password
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert [reply(post)] == [each.content for each in mailbox(server, tls="tls").unread("", ())]


def certificate_of_loopback(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that its own key signed, and the key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    begins = datetime.now(UTC) - timedelta(days=1)
    address = x509.IPAddress(ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=3))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, secret


# --- bounces and automatic answers --------------------------------------------------------------


def report(post: Server, seat: str, action: str = "failed") -> bytes:
    """A delivery report about the letter to a seat, as RFC 3464 has it."""
    letter = next(sent for sent in post.letters if f"{seat}@example.org" in str(sent["To"]))
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@example.org\r\nTo: answers@example.org\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; {seat}@example.org\r\nAction: {action}\r\n"
        "Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 no such user\r\n\r\n"
        "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Message-ID: {letter['Message-ID']}\r\n\r\n--b--\r\n"
    ).encode()


def test_a_bounce_is_recorded_and_keeps_the_silence_from_lapsing(
    procedure: Story, server: ImapServer, post: Server
) -> None:
    server.deliver(report(post, "east"), procedure.now)
    procedure.placet.processes.mail.look()

    notices = procedure.events()[-1]
    assert ("failed", ("east",), "it came back: 5.1.1") == (
        notices.fact.result,
        notices.fact.seats,
        notices.fact.reason,
    )
    assert "example.org" not in str(notices.fact)
    assert "notice service" == str(notices.actor.role)
    message = procedure.placet.processes.mail.get(1)
    assert ("recorded", notices.position, False) == (message.state, message.position, message.waits)
    assert frozenset({"east"}) == procedure.state("window/w").unreached_seats
    at(procedure, closes(procedure) + timedelta(minutes=2))
    procedure.placet.processes.mail.look()
    assert ["window.held"] == tick(procedure)
    assert "notices" == procedure.state("window/w").holds[0].about


@pytest.mark.parametrize("action", ["delayed", "delivered"])
def test_a_report_of_no_failure_is_shown_only(
    procedure: Story, server: ImapServer, post: Server, action: str
) -> None:
    before = len(procedure.events())
    server.deliver(report(post, "east", action), procedure.now)
    procedure.placet.processes.mail.look()

    message = procedure.placet.processes.mail.get(1)
    assert ("shown only", "it reports no failure") == (message.state, message.reason)
    assert before == len(procedure.events())


def test_a_report_about_an_address_to_which_nothing_went_is_shown_only(
    procedure: Story, server: ImapServer, post: Server
) -> None:
    forged = report(post, "east").replace(b"<", b"<00", 2)
    server.deliver(forged, procedure.now)
    procedure.placet.processes.mail.look()
    message = procedure.placet.processes.mail.get(1)
    assert ("shown only", "it names no letter that was sent from here") == (
        message.state,
        message.reason,
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied (vacation)"},
        {"X_Autoreply": "yes"},
        {"Precedence": "auto_reply"},
        {"Return_Path": "<>"},
    ],
)
def test_an_automatic_answer_is_shown_and_never_a_response(
    procedure: Story, server: ImapServer, post: Server, headers: dict[str, str]
) -> None:
    end = closes(procedure)
    server.deliver(reply(post, **headers), end - timedelta(minutes=1))
    at(procedure, end + timedelta(minutes=2))
    procedure.placet.processes.mail.look()

    message = procedure.placet.processes.mail.get(1)
    assert ("automatic answer", "shown only") == (message.summary.kind, message.state)
    assert [1] == [
        each.message.id for each in procedure.placet.processes.mail.of_organisation(ORGANISATION)
    ]
    assert "window.lapsed" in tick(procedure)


# --- references ---------------------------------------------------------------------------------


def test_letters_ask_for_answers_where_they_are_read_and_carry_a_reference(
    story: Story, post: Server
) -> None:
    story.body()
    directory(story, "east", "west")
    story.placet.clock = Hands(story.now)
    story.placet.notifications.configure_mail(
        post.transport(), reply_to="answers+{}@example.org"
    )._clock = story.placet.clock.read
    story.silence()
    story.placet.clock.at = story.now
    sent(story)
    letter = next(each for each in post.letters if "east@example.org" in str(each["To"]))
    key = str(letter["Message-ID"])[1:41]

    assert f"answers+{key[:12]}@example.org" == str(letter["Reply-To"])
    assert str(letter["Subject"]).endswith(f"[Placet {key[:12]}]")
    mail = story.placet.processes.mail
    for headers in (
        {"Subject": f"Antw: [Placet {key[:12]}]", "In_Reply_To": ""},
        {"Subject": "No", "In_Reply_To": "", "To": f"answers+{key[:12]}@example.org"},
        {"Subject": "No", "In_Reply_To": "", "References": f"<a@b.c> <{key}@example.org>"},
    ):
        taken = mail.take(reply(post, From="x@elsewhere.example", **headers), "mail.eml")
        found = mail.matched(taken.id).match
        assert found.letter is not None, headers
        assert ("w", "east") == (found.letter.window, found.letter.to)

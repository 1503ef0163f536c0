"""`placet mail`: messages taken, looked at and dealt with by commands; mailboxes by options."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from command_line import Placet
from domain.canonical import digest
from imap_server import PASSWORD, USER, ImapServer, imap_server
from server_process import running, until
from smtp_server import directory
from story import Story
from wiring import now

pytestmark = pytest.mark.folder


@pytest.fixture
def store(story: Story, tmp_path: Path) -> Path:
    """A store with body `b`, whose window `w` was opened an hour ago, for 72 hours."""
    story.now = now() - timedelta(hours=1)
    story.body()
    directory(story, "east", "west")
    story.silence()
    return tmp_path / "store"


@pytest.fixture
def server() -> Iterator[ImapServer]:
    with imap_server() as made:
        yield made


def message(subject: str = "No") -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"] = "east@example.org", subject
    made.set_content("We object.\n")
    return made.as_bytes()


def imap(server: ImapServer) -> tuple[str, ...]:
    return "--imap", f"127.0.0.1:{server.port}", "--imap-user", USER, "--imap-tls", "none"


def test_a_mailbox_is_read_and_its_messages_are_dealt_with(
    placet: Placet, store: Path, server: ImapServer, tmp_path: Path, story: Story
) -> None:
    received = (now() - timedelta(minutes=9)).replace(microsecond=0)
    server.deliver(message(), received)
    server.deliver(message("Thanks"), received)
    secret = tmp_path / "secret"
    secret.write_text(PASSWORD + "\n")
    reads = ("mail", "check", "--store", store, *imap(server), "--imap-password-file", secret)

    code, out, _ = placet(*reads, "--json")
    assert (0, ["No", "Thanks"]) == (code, [each["summary"]["subject"] for each in json.loads(out)])
    assert (0, []) == (placet(*reads, "--json")[0], json.loads(placet(*reads, "--json")[1]))
    assert PASSWORD not in placet("mail", "mailboxes", "--store", store, "--json")[1]

    kept = tmp_path / "kept.eml"
    code, out, err = placet("mail", "show", "1", "--store", store, "--to", kept)
    assert (0, True, message()) == (code, "We object." in out, kept.read_bytes())
    assert "its address is that of fictional/b: east" in err
    assert 3 == placet("status", "--store", store)[0]
    assert "2 messages wait that came by mail" in placet("status", "--store", store)[1]

    code, _, err = placet("mail", "dismiss", "2", "--store", store, "--reason", "Thanks only.")
    assert 0 == code, err
    given = ("--window", "w", "--seat", "east", "--kind", "objection", "--store", store)
    code, _, err = placet("mail", "register", "1", *given)
    assert (1, True) == (code, "Nothing was done" in err)
    code, out, err = placet("mail", "register", "1", *given, "--yes")
    assert 0 == code, err
    response = story.state("window/w").responses[0]
    assert (digest(message()), received) == (response.response.evidence, response.received.exact)
    assert "[]" == placet("mail", "list", "--store", store, "--json")[1].strip()
    listed = json.loads(placet("mail", "list", "--store", store, "--all", "--json")[1])
    assert ["not a response", "registered"] == [each["state"] for each in listed]


def test_a_file_is_taken_with_the_time_that_is_stated(
    placet: Placet, store: Path, tmp_path: Path
) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_bytes(message())
    at = f"{now() - timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}"
    take = ("mail", "take", mail, "--store", store)
    assert 2 == placet(*take, "--received", at)[0]
    code, out, _ = placet(*take, "--json")
    assert (0, None) == (code, json.loads(out)[0]["receipt"]["at"])
    register = ("--window", "w", "--seat", "east", "--kind", "objection", "--store", store)
    code, _, err = placet("mail", "register", "1", *register, "--yes")
    assert (1, True) == (code, "state it first" in err)
    stated = ("--received", at, "--reason", "The stamp of the desk.", "--store", store)
    assert 0 == placet("mail", "receipt", "1", *stated)[0]
    assert "The stamp of the desk." in placet("mail", "show", "1", "--store", store)[2]
    assert 0 == placet("mail", "register", "1", *register, "--yes")[0]


def test_a_message_is_registered_once_by_whatever_command(
    placet: Placet, store: Path, tmp_path: Path, story: Story
) -> None:
    """Said again under its id it is done once; once more, beside it, only with `--again`."""
    mail = tmp_path / "mail.eml"
    mail.write_bytes(message())
    at = f"{now() - timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}"
    placet("mail", "take", mail, "--store", store)
    stated = ("--received", at, "--reason", "The stamp of the desk.", "--store", store)
    placet("mail", "receipt", "1", *stated)
    given = ("mail", "register", "1", "--window", "w", "--seat", "east", "--store", store, "--yes")

    def responses() -> list[str]:
        return [each.response.kind for each in story.state("window/w").responses]

    first = ("--kind", "reservation", "--id", "first")
    assert (0, 0) == (placet(*given, *first)[0], placet(*given, *first)[0])
    assert ["reservation"] == responses()
    code, out, err = placet(*given, "--kind", "editorial comment")
    assert (1, ["reservation"]) == (code, responses())
    assert "registered already in w: response 1" in " ".join(err.split())
    assert "Response 1 came in time: reservation, from East (east)." in " ".join(out.split())
    assert "--again registers the message once more" in " ".join(err.split())
    assert 0 == placet(*given, "--kind", "editorial comment", "--again")[0]
    assert ["reservation", "editorial comment"] == responses()
    shown = placet("mail", "show", "1", "--store", store)[2]
    assert 2 == shown.count("registered: event")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("take", "nowhere.eml"), "cannot be read"),
        (("take", os.devnull), "it is empty"),
        (("show", "9"), "no message 9"),
        (("dismiss", "9", "--reason", "x"), "no message 9"),
        (("forget", "imap x"), "No mailbox imap x is read"),
        (("check",), "name a mailbox"),
        (("check", "--imap", "host"), "write HOST:PORT"),
        (("check", "--imap", "h:1", "--imap-tls", "ssl"), "starttls, tls, none"),
        (("check", "--imap", "h:1"), "needs --imap-user"),
        (("check", "--imap", "h:1", "--imap-user", "u"), "PLACET_IMAP_PASSWORD"),
        (("check", "--imap-user", "u"), "need --imap"),
        (
            ("check", "--imap", "h:1", "--imap-user", "u", "--imap-password-file", "nowhere"),
            "nowhere cannot be read",
        ),
        (("check", "--maildir", "nowhere"), "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said(
    placet: Placet, store: Path, words: tuple[str, ...], said: str
) -> None:
    code, _, err = placet("mail", *words, "--store", store)
    assert code in {1, 2}
    assert said in " ".join(err.split()), err


def test_a_mailbox_that_cannot_be_read_needs_a_person(
    placet: Placet, store: Path, server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLACET_IMAP_PASSWORD", "wrong")
    code, _, err = placet("mail", "check", "--store", store, *imap(server))
    assert (1, True) == (code, "wrong password" in err)
    code, out, _ = placet("status", "--store", store)
    assert (3, True) == (code, "cannot be read since" in out)
    name = json.loads(placet("mail", "mailboxes", "--store", store, "--json")[1])[0]["name"]
    assert 0 == placet("mail", "forget", name, "--store", store)[0]
    assert "cannot be read since" not in placet("status", "--store", store)[1]


def test_a_server_reads_mailboxes_by_itself_and_says_so(
    store: Path, server: ImapServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a server and from a folder at once."""
    monkeypatch.setenv("PLACET_IMAP_PASSWORD", PASSWORD)
    server.deliver(message("The first"), now())
    folder = tmp_path / "Maildir"
    for part in ("new", "cur", "tmp"):
        (folder / part).mkdir(parents=True)
    (folder / "new" / "1.M1.host").write_bytes(message("By Maildir"))
    words = ("serve", "--store", str(store), "--port", "0", *imap(server))
    with running(tmp_path, (*words, "--maildir", str(folder))) as (process,):

        def listed(subject: str) -> bool:
            return subject in process.get("/mail/fictional")[1]

        until(lambda: listed("The first") and listed("By Maildir"))
        assert "Answers by mail are read." in process.said()
        assert "is tried again" not in process.said()

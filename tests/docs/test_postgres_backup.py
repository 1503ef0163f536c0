"""The backup of a database in two parts, as the page on PostgreSQL tells it, rehearsed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from account_story import PASSWORD
from adapters.store_factory import open_store
from code_blocks import code_blocks
from domain.intake_entry import IntakeEntry
from domain.ports.accounts import KEPT_TICKETS
from domain.ports.incoming_mail import FetchedMessage
from domain.streams import Stream
from postgres_server import Server, ask, binaries, new_store
from story import ORGANISATION, Story

TEXT = "A text that can be erased."
MAIL = b"From: east@example.org\r\nSubject: answer\r\n\r\nWe object.\r\n"
NOON = datetime(2026, 3, 17, 12, tzinfo=UTC)
HERE = str(Path(sys.executable).parent)


@pytest.fixture
def database(cluster: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a store with a text, and something in each kind of table beside the log."""
    folder = binaries()
    if folder is None or not (folder / "pg_dump").exists():
        pytest.skip("this PostgreSQL comes without pg_dump")
    monkeypatch.setenv("PLACET_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    where = new_store(cluster, virtual=True)
    story = Story(open_store(where))
    story.body(parameters={"longest-outage-minutes": "0"})
    story.silence()
    story.respond("explanation of position", text=TEXT)
    placet = story.placet
    directory = placet.store.address_book()
    directory.put(b"organisation: fictional\n")
    directory.key()
    placet.store.incoming_mail().keep("answers", message(), NOON)
    placet.intake_queue.keep([waiting()])
    placet.accounts.directory.add("hazel", password=PASSWORD, email="hazel@example.org")
    _, invitation = placet.accounts.invitations.invite(email="bo@example.org")
    placet.accounts.mail_invitation(invitation, "bo@example.org")
    placet.accounts.invitations.add_link(invitation.hash)
    placet.accounts.password_links.make(placet.accounts.directory.named("hazel").principal, "")
    _ = placet.notifications.outbox
    placet.close()
    return where


def message() -> FetchedMessage:
    return FetchedMessage(
        content=MAIL, size=len(MAIL), place="1", received_at=NOON, source="INTERNALDATE"
    )


def waiting() -> IntakeEntry:
    return IntakeEntry(
        organisation=ORGANISATION,
        window="w",
        seat="west",
        command_id="from-west",
        received_at=NOON,
        offset_ms=0,
        response=b"{}",
    )


def carried_out(number: int, folder: Path, **given: str) -> str:
    """What a box of the page says, when it is carried out in a shell of its own."""
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    if not (programs / "placet").exists():
        (programs / "placet").symlink_to(f"{HERE}/placet")
    paths = f"{programs}:{binaries()}:{os.environ['PATH']}"
    bash = shutil.which("bash")
    assert bash
    done = subprocess.run(
        [bash, "-c", code_blocks("postgresql.md", "sh rehearsed")[number]],
        env={**os.environ, "PATH": paths, "BACKUP": str(folder / "backup"), **given},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    return done.stdout + done.stderr


def kept_with(where: str) -> Mapping[str, Any]:
    """What a store holds beside its log, each as its readers see it."""
    with open_store(where) as store:
        mail, accounts = store.incoming_mail(), store.accounts()
        return {
            "mail": [mail.content(each.id) for each in mail.messages()],
            "waits": [entry.command_id for entry in store.intake().pending_entries()],
            "accounts": [account.login for account in accounts.accounts()],
            "invited": [invitation.email for invitation in accounts.invitations()],
            "directory": store.address_book().content(),
            "marks": store.address_book().key(),
        }


def text_of(where: str) -> str:
    """The text of the response, as the log is read."""
    with open_store(where) as store:
        fact: Any = store.history(ORGANISATION).events_of(Stream.parse("window/w"))[1].fact
        return str(fact.response.text)


def test_a_database_of_two_dumps_holds_what_the_database_held(
    database: str, cluster: Server, tmp_path: Path
) -> None:
    held, events = kept_with(database), ask(database, "SELECT * FROM event ORDER BY position")
    carried_out(0, tmp_path, DATABASE=database)
    restored = cluster.database()
    said = carried_out(1, tmp_path, RESTORED=restored)

    assert "sound" in said
    assert "Held 1 silence procedures" in said
    assert held == kept_with(restored)
    assert events == ask(restored, "SELECT * FROM event ORDER BY position")[: len(events)]
    assert TEXT == text_of(restored)
    kinds = [str(kind) for (kind,) in ask(restored, "SELECT kind FROM ticket")]
    assert sorted(KEPT_TICKETS) == sorted(kinds), "no link for a password of before works"
    assert [(3,)] == ask(database, "SELECT count(*) FROM ticket"), "the control"


def test_no_text_can_be_read_in_the_part_that_is_the_log(
    database: str, cluster: Server, tmp_path: Path
) -> None:
    """Nor any person be found; with the second part, which is compressed, they are."""
    carried_out(0, tmp_path, DATABASE=database)
    folder = binaries()
    shown: dict[str, bytes] = {}
    assert folder
    for part in ("log", "apart"):
        words = [str(folder / "pg_restore"), "--file=-", str(tmp_path / "backup" / part)]
        shown[part] = subprocess.run(words, capture_output=True, check=True).stdout

    keys = secrets(database)
    assert keys
    for secret in (b"hazel", TEXT.encode(), TEXT.encode().hex().encode(), MAIL.hex().encode()):
        assert secret not in shown["log"]
    assert not [key for key in keys if key in shown["log"]]
    assert b"hazel@example.org" in shown["apart"]
    assert MAIL.hex().encode() in shown["apart"]
    assert all(key in shown["apart"] for key in keys)
    assert 0o600 == (tmp_path / "backup" / "apart").stat().st_mode & 0o777


def secrets(where: str) -> list[bytes]:
    """The keys of texts, as a dump writes them."""
    rows: list[tuple[Any, ...]] = ask(where, "SELECT encode(secret, 'hex') FROM text_key")
    return [str(key).encode() for (key,) in rows]


def test_every_table_is_in_one_part_or_made_again(database: str) -> None:
    """A table that is new has to be thought of here."""
    named = code_blocks("postgresql.md", "sh rehearsed")[0]
    lists = named.partition('APART="')[2].partition("tables()")[0].replace('REMADE="', "")
    of_apart = {*lists.replace('"', "").split()}
    every = {
        name
        for (name,) in ask(
            database, "SELECT table_name FROM information_schema.tables WHERE table_schema='placet'"
        )
    }
    assert {"meta", "counter", "event", "content"} == every - of_apart
    assert not of_apart - every

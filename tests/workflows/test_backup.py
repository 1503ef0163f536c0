"""A backup holds all of a store that is needed, in two parts, and a store is made of it again."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from account_story import Accounts
from adapters.postgres.store import PostgresStore
from adapters.sqlite.backup import MANIFEST
from adapters.sqlite.store import SqliteStore
from adapters.store_factory import copy_store
from command_line import Placet
from domain.erasures import ERASED
from domain.incoming_mail import WAITING
from domain.intake_entry import IntakeEntry
from domain.ports.accounts import INVITATION_LINK
from domain.ports.drafts import Draft
from domain.ports.errors import Unavailable
from domain.ports.incoming_mail import FetchedMessage
from domain.streams import Stream
from postgres_server import Server
from smtp_server import directory
from story import NOON, ORGANISATION, Story
from wiring import Placet as Program
from wiring import Quiet

pytestmark = pytest.mark.folder

TEXT = "Ms Hazel Quartz of 7 Fern Lane cannot travel."
MAIL = b"From: hazel@example.org\r\nSubject: our answer\r\n\r\nWe object.\r\n"
WAITING_ENTRY = IntakeEntry(
    organisation=ORGANISATION,
    window="w",
    seat="west",
    command_id="late",
    response=b'{"kind":"objection","text":"Hazel"}',
    received_at=NOON,
    offset_ms=0,
)
DRAFT = Draft(
    id="d" * 22,
    owner="p",
    organisation=ORGANISATION,
    page="/windows/fictional/w",
    form="/windows/fictional/w/act/rule",
    title="Rule",
    values={"reason": ["Hazel is ill."]},
    changed_at=datetime.now(UTC),
    saved=True,
)
WHY = {"authority": "request of the person concerned", "reason": "A private address."}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def story(tmp_path: Path, store: Path) -> Iterator[Story]:
    """A procedure with a text, and something in every file beside the log."""
    found = Story(tmp_path)
    found.placet.keys.create(NOON)
    found.body(parameters={"longest-outage-minutes": "0"})
    found.silence()
    found.respond("explanation of position", text=TEXT)
    place = found.placet.store
    directory(found, "east")
    place.address_book().key()
    place.incoming_mail().keep("answers", fetched(MAIL), NOON)
    found.placet.intake_queue.keep([WAITING_ENTRY])
    assert place.drafts().put(DRAFT)
    people = Accounts(str(store))
    people.add("hazel", display_name="Hazel Quartz")
    people.log_in("hazel")
    _, invitation = people.service.invitations.invite(email="bo@example.org")
    people.service.mail_invitation(invitation, "bo@example.org")
    people.service.invitations.add_link(invitation.hash)
    people.service.password_links.make(people.service.directory.named("hazel").principal, "")
    people.store.close()
    yield found
    found.placet.close()


def fetched(content: bytes) -> FetchedMessage:
    return FetchedMessage(
        content=content, size=len(content), place="1", received_at=NOON, source="IMAP"
    )


def kept_with(folder: Path) -> dict[str, Any]:
    """What a store holds beside its log, each as its readers see it."""
    with SqliteStore.open(folder) as found:
        mail = found.incoming_mail()
        people = Accounts(str(folder))
        people.store.close()
        links = people.service.mailed_links.all()
        return {
            "letters": [(link.address, link.state) for link in links],
            "links": [row.content for row in people.service.tables.tickets(INVITATION_LINK)],
            "mail": [mail.content(message.id) for message in mail.messages()],
            "waits": [entry.response for entry in found.intake().pending_entries()],
            "draft": [
                draft.values for draft in found.drafts().in_progress("p", ORGANISATION, NOON)
            ],
            "person": people.log_in("hazel").session.principal,
            "directory": found.address_book().content(),
            "marks": found.address_book().key(),
            "signs": sorted(path.name for path in (folder / "keys").glob("*.*")),
        }


def text_in(folder: Path) -> str:
    """The text of the response, as the log of a store is read."""
    with SqliteStore.open(folder) as found:
        fact: Any = found.history(ORGANISATION).events_of(Stream.parse("window/w"))[1].fact
        return str(fact.response.text)


def test_a_store_of_a_backup_holds_what_the_store_held(
    story: Story, store: Path, tmp_path: Path, placet: Placet
) -> None:
    held = kept_with(store)
    made = placet("store", "backup", tmp_path / "backup", "--store", store)
    restored = placet("store", "restore", tmp_path / "backup", tmp_path / "again")

    assert (0, 0) == (made[0], restored[0]), (made, restored)
    assert "the copy is sound" in made[2]
    assert "Restored 6 events" in restored[2] + restored[1]
    assert held == kept_with(tmp_path / "again")
    assert [MAIL] == held["mail"]
    assert TEXT == text_in(tmp_path / "again")
    modes = {path.stat().st_mode & 0o077 for path in (tmp_path / "backup").rglob("*")}
    assert {0} == modes, "only its owner reads a backup"


def test_what_can_be_erased_lies_apart_from_the_log(
    story: Story, store: Path, tmp_path: Path, placet: Placet
) -> None:
    """The first part holds no text, no address, no name and no key, the second all of them."""
    log, apart = tmp_path / "log", tmp_path / "apart"
    made = placet("store", "backup", log, "--apart", apart, "--store", store)
    key = SqliteStore.open(store).text_keys
    secrets = [secret for secret in key.find(all_keys(store)).values() if secret]
    traces = [b"hazel", b"Hazel", b"example.org", MAIL[-12:], *secrets]

    assert 0 == made[0], made
    assert {"log.db", MANIFEST} == names(log)
    assert [] == [trace for trace in traces if trace in everything(log)]
    assert [] == [trace for trace in traces if trace not in everything(apart)]
    alone = placet("store", "restore", log, tmp_path / "alone")
    assert (1, True) == (alone[0], "--apart" in alone[2])
    assert not (tmp_path / "alone").exists()
    assert 0 == placet("store", "restore", log, tmp_path / "again", "--apart", apart)[0]
    assert TEXT == text_in(tmp_path / "again")
    assert 1 == placet("store", "restore", apart, tmp_path / "wrong")[0]


def test_a_text_that_was_erased_stays_gone_where_the_newer_part_is_restored(
    story: Story, store: Path, tmp_path: Path, placet: Placet
) -> None:
    """Only the second part has to be replaced after an erasure, and the older one deleted."""
    for name in ("monday", "tuesday"):
        log, apart = tmp_path / f"{name}-log", tmp_path / f"{name}-apart"
        assert 0 == placet("store", "backup", log, "--apart", apart, "--store", store)[0]
        if name == "monday":
            story.clock("2026-03-20T12:00:00Z")
            story.do("erase text", of="window/w", version=2, **WHY)
            story.placet.store.destroy_erased_texts()
    again = tmp_path / "again"
    monday, tuesday = tmp_path / "monday-log", tmp_path / "tuesday-apart"
    older = placet(
        *("store", "restore", tmp_path / "tuesday-log", again),
        *("--apart", tmp_path / "monday-apart"),
    )
    assert (1, True) == (older[0], "is older than" in older[2])
    said = placet("store", "restore", monday, again, "--apart", tuesday)

    assert (3, True) == (said[0], "nothing says why" in said[2])
    assert ERASED == text_in(again)
    with closing(Program(SqliteStore.open(again), Quiet())) as program:
        resumed = Story(program.store)
        resumed.placet.close()
        resumed.placet, resumed.now, resumed._count = program, story.now, 500
        resumed.clock("2026-03-21T12:00:00Z")
        resumed.do("erase text", of="window/w", version=2, **WHY)
        program.store.destroy_erased_texts()
        assert program.store.check().sound


def test_keys_that_are_newer_than_the_log_hide_no_later_erasure(
    story: Story, store: Path, tmp_path: Path
) -> None:
    """They know up to where erasures were carried out; the older log is looked through again."""
    keys = story.placet.store.text_keys
    story.clock("2026-03-20T12:00:00Z")
    keys.set_erased_until(ORGANISATION, 1_000)
    story.do("erase text", of="window/w", version=2, **WHY)

    assert 1 == story.placet.store.destroy_erased_texts()
    assert ERASED == text_in(store)


def test_a_message_that_was_registered_after_the_log_ended_waits_again(
    story: Story, store: Path, tmp_path: Path, placet: Placet
) -> None:
    placet("store", "backup", tmp_path / "log", "--apart", tmp_path / "x", "--store", store)
    mail = story.placet.store.incoming_mail()
    (message,) = mail.messages()
    mail.settle(
        structs.replace(
            message, state="registered", organisation=ORGANISATION, window="w", position=99
        )
    )
    placet("store", "backup", tmp_path / "y", "--apart", tmp_path / "apart", "--store", store)
    again = tmp_path / "again"
    assert (
        0 == placet("store", "restore", tmp_path / "log", again, "--apart", tmp_path / "apart")[0]
    )

    with SqliteStore.open(again) as found:
        (waits,) = found.incoming_mail().messages(waiting=True)
        assert (WAITING, 0) == (waits.state, waits.position)


def test_no_session_of_before_is_in_force_again(story: Story, store: Path, tmp_path: Path) -> None:
    story.placet.store.backup(tmp_path / "backup")

    assert [1] == count("login_session", store)
    assert [0] == count("login_session", tmp_path / "backup")
    assert [3, 2] == [*count("ticket", store), *count("ticket", tmp_path / "backup")]
    assert [1] == count("account", tmp_path / "backup")


def count(table: str, folder: Path) -> list[int]:
    with closing(sqlite3.connect(folder / "accounts.db")) as found:
        return [row[0] for row in found.execute(f"SELECT count(*) FROM {table}")]  # noqa: S608


def test_a_restored_store_closes_nothing_before_somebody_has_looked(
    story: Story, store: Path, tmp_path: Path, placet: Placet
) -> None:
    """Also in a new folder, where no mark tells that the log was longer."""
    again = tmp_path / "again"
    placet("store", "backup", tmp_path / "backup", "--store", store)
    placet("store", "restore", tmp_path / "backup", again)
    with closing(Program(SqliteStore.open(again), Quiet())) as program:
        unconfirmed = program.recovery.continuity.unconfirmed()
    restored = placet("store", "restored", "--yes", "--store", again)
    with closing(Program(SqliteStore.open(again), Quiet())) as program:
        afterwards = program.recovery.continuity.unconfirmed()

    assert (True, False) == (unconfirmed, afterwards)
    assert (0, True) == (restored[0], "Held 1 silence procedures" in restored[2])
    assert not story.placet.recovery.continuity.unconfirmed(), "the control"


def test_the_marks_of_the_broken_store_tell_what_is_missing(
    story: Story, store: Path, tmp_path: Path, placet: Placet
) -> None:
    placet("store", "backup", tmp_path / "backup", "--store", store)
    story.respond("explanation of position", seat="west", text="After the backup.")
    story.placet.recovery.continuity.record_marks()
    again = tmp_path / "again"
    placet("store", "restore", tmp_path / "backup", again, "--broken", store)

    said = placet("store", "check", "--store", again)
    assert "the high-water mark knows position 7" in said[1]


@pytest.mark.parametrize("file", ["log.db", "mail.db", "accounts.db", "keys/public-keys.json"])
def test_a_backup_that_was_changed_is_not_restored(
    story: Story, tmp_path: Path, placet: Placet, file: str
) -> None:
    story.placet.store.backup(tmp_path / "backup")
    damaged = tmp_path / "backup" / file
    content = damaged.read_bytes()
    damaged.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    answer = placet("store", "restore", tmp_path / "backup", tmp_path / "again")

    assert (1, True) == (answer[0], f"{file} is not what the manifest says" in answer[2])
    assert not (tmp_path / "again").exists()


def test_what_is_no_backup_and_what_is_there_already_is_said(
    story: Story, store: Path, tmp_path: Path, placet: Placet
) -> None:
    story.placet.store.backup(tmp_path / "backup")
    none = placet("store", "restore", store, tmp_path / "again")
    there = placet("store", "restore", tmp_path / "backup", store)
    manifest = tmp_path / "backup" / MANIFEST
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": 2}))
    newer = placet("store", "restore", tmp_path / "backup", tmp_path / "again")

    assert (1, True) == (none[0], "is no backup" in none[2])
    assert (1, True) == (there[0], "File exists" in there[2])
    assert (1, True) == (newer[0], "newer version" in newer[2])
    assert TEXT == text_in(store)


def test_a_backup_that_fails_leaves_neither_part(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("adapters.sqlite.backup.os.fsync", fail)
    with pytest.raises(Unavailable, match="No space left"):
        story.placet.store.backup(tmp_path / "backup", tmp_path / "apart")

    assert [] == [path for path in (tmp_path / "backup", tmp_path / "apart") if path.exists()]


# --- what is looked at --------------------------------------------------------------------------


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def all_keys(folder: Path) -> set[str]:
    with closing(sqlite3.connect(folder / "text-keys.db")) as found:
        return {row[0] for row in found.execute("SELECT id FROM text_key")}


# --- copies to the other kind of store ----------------------------------------------------------


def test_a_copy_to_postgresql_and_back_holds_what_lies_beside_the_log(
    story: Story, store: Path, tmp_path: Path, cluster: Server
) -> None:
    held = kept_with(store)
    database = cluster.database()
    PostgresStore.create(database, virtual=True, durable=False).close()
    for source, target in ((store, database), (database, tmp_path / "again")):
        for _ in range(2):  # again, as after an interruption: nothing is doubled
            report = copy_store(source, target, lambda *_: None)
            assert report.sound, report.faults
    found = kept_with(tmp_path / "again")

    assert {**held, "signs": []} == {**found, "signs": []}
    assert TEXT == text_in(tmp_path / "again")

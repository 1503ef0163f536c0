"""What an older version kept in the home of a store comes into its database: once, and whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.files.address_book import AddressBookFile
from adapters.postgres import outbox_place as module
from adapters.postgres.host_home import identity
from adapters.postgres.store import PostgresStore
from adapters.sqlite.outbox import Outbox
from domain.actors import Actor, Role
from domain.ports.errors import Unavailable
from domain.rules import Refused
from old_outbox import FixedOutbox
from postgres_server import Server as Database
from postgres_server import ask, new_store
from smtp_server import Server, directory, mail_server, recorded, sent, service
from story import NOON, Story

OFFICE = Actor(role=Role.SECRETARIAT)
LATER = "451 try again later"


@pytest.fixture
def server() -> Iterator[Server]:
    with mail_server() as found:
        yield found


@pytest.fixture
def old(cluster: Database, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a store that was served with the outbox and the directory in a home.

    The letter to east was accepted and recorded, that to west waits.
    """
    home = tmp_path / "home"
    monkeypatch.setenv("PLACET_HOME", str(home))
    url = new_store(cluster, virtual=True)
    with monkeypatch.context() as before, PostgresStore.open(url) as store:
        file = Outbox(home / "outbox.db")
        before.setattr(PostgresStore, "outbox_place", lambda _: FixedOutbox(file))
        before.setattr(PostgresStore, "address_book", lambda _: AddressBookFile(home))
        story = Story(store)
        story.body()
        directory(story, "east", "west")
        story.silence()
        server.of_recipients["west@example.org"] = LATER
        service(story, server.transport())
        sent(story)
        story.placet.store.address_book().key()
        file.close()
        ask(url, "INSERT INTO meta VALUES ('home', %s)", identity(home))
    server.of_recipients.clear()
    return url


def opened(store: PostgresStore, server: Server) -> Story:
    """A program of this version, five minutes later."""
    story = Story(store)
    story.at("2026-03-02T12:30:00Z")
    service(story, server.transport())
    return story


def letters(url: str) -> list[tuple[object, ...]]:
    return ask(url, "SELECT addressee, state, attempts FROM message ORDER BY rowid")


def test_letters_that_waited_are_sent_and_no_other_again(
    old: str, server: Server, tmp_path: Path
) -> None:
    assert ["east@example.org"] == [to for to, _ in server.subjects()]
    key = (tmp_path / "home" / "directory.key").read_bytes()
    with PostgresStore.open(old) as store:
        story = opened(store, server)
        assert [("east", "accepted", 1), ("west", "waiting", 1)] == letters(old)
        sent(story)
        sent(story)

        assert ["east@example.org", "west@example.org"] == [to for to, _ in server.subjects()]
        assert [("opening", "delivered", ("east",)), ("opening", "delivered", ("west",))] == [
            *recorded(story)
        ]
        assert key == store.address_book().key()
    names = {path.name for path in (tmp_path / "home").iterdir()}
    assert {"outbox.db", "directory.yaml"}.isdisjoint(names)
    assert {"outbox", "directory"} <= {name.partition("-")[0] for name in names}
    assert [] == ask(old, "SELECT FROM meta WHERE key = 'home'")


def test_what_was_sent_before_is_known_by_its_message_id(old: str, server: Server) -> None:
    """A letter of the old home that comes back is entered."""
    with PostgresStore.open(old) as store:
        story = opened(store, server)
        posting = service(story, server.transport())
        key = server.ids()[0].strip("<>").partition("@")[0]
        answer = posting.record_bounce(key, "the mailbox is closed", by=OFFICE)

        assert answer is not None
        assert ("opening", "failed", ("east",)) in recorded(story)
        assert ["east@example.org"] == [*story.placet.notifications.returning_addresses()]


def test_without_bringing_it_over_nobody_knows_the_letter(
    old: str, server: Server, tmp_path: Path
) -> None:
    """The control: an outbox that begins without what lay in the home."""
    (tmp_path / "home" / "outbox.db").unlink()
    with PostgresStore.open(old) as store:
        story = opened(store, server)
        posting = service(story, server.transport())
        key = server.ids()[0].strip("<>").partition("@")[0]
        with pytest.raises(Refused, match="was sent from here"):
            posting.record_bounce(key, "the mailbox is closed", by=OFFICE)


def test_a_process_that_ends_before_it_puts_the_file_aside_brings_nothing_over_twice(
    old: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: Any) -> None:
        raise KeyboardInterrupt

    with PostgresStore.open(old) as store:
        with monkeypatch.context() as broken:
            broken.setattr(module, "archive_file", crash)
            with pytest.raises(KeyboardInterrupt):
                opened(store, server)
        assert (tmp_path / "home" / "outbox.db").exists()
        sent(opened(store, server))
        sent(opened(store, server))

        assert ["east@example.org", "west@example.org"] == [to for to, _ in server.subjects()]
        assert [("east", "accepted", 1), ("west", "accepted", 2)] == letters(old)
        assert not (tmp_path / "home" / "outbox.db").exists()


def test_a_process_that_ends_before_the_commit_leaves_the_home_as_it_was(
    old: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: Any) -> None:
        raise KeyboardInterrupt

    with PostgresStore.open(old) as store:
        with monkeypatch.context() as broken:
            broken.setattr(module, "take_address_book", crash)
            with pytest.raises(KeyboardInterrupt):
                opened(store, server)
        assert [] == letters(old)
        assert (tmp_path / "home" / "outbox.db").exists()
        sent(opened(store, server))

        assert ["east@example.org", "west@example.org"] == [to for to, _ in server.subjects()]


def test_another_host_sends_nothing_before_the_old_home_was_brought_over(
    old: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLACET_HOME", str(tmp_path / "other"))
    with PostgresStore.open(old) as store:
        with pytest.raises(Unavailable, match="wait in the home of the server that served it"):
            opened(store, server)
        with pytest.raises(Unavailable, match="wait in the home of the server that served it"):
            store.address_book().key()
        monkeypatch.setenv("PLACET_HOME", str(tmp_path / "home"))
        opened(store, server).placet.notifications.close()
        monkeypatch.setenv("PLACET_HOME", str(tmp_path / "other"))
        sent(opened(store, server))

        assert ["east@example.org", "west@example.org"] == [to for to, _ in server.subjects()]


def test_an_old_outbox_that_comes_after_the_new_one_began_is_named(
    old: str, server: Server, tmp_path: Path
) -> None:
    """Somebody gave up the home, and then its outbox was found after all."""
    (tmp_path / "home" / "outbox.db").rename(tmp_path / "found.db")
    with PostgresStore.open(old) as store:
        ask(old, "DELETE FROM meta WHERE key = 'home'")
        opened(store, server)
        ask(old, "UPDATE meta SET value = 'another' WHERE key = 'outbox'")
        (tmp_path / "found.db").rename(tmp_path / "home" / "outbox.db")
        with pytest.raises(Unavailable, match="was queued before the outbox of this store began"):
            opened(store, server)


def test_an_outbox_of_another_store_is_not_brought_over(
    cluster: Database, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLACET_HOME", str(tmp_path))
    url = new_store(cluster, virtual=True)
    stray = Outbox(tmp_path / "outbox.db")
    stray.queue("elsewhere", [], NOON, after=0, position=9)
    stray.close()
    with PostgresStore.open(url) as store:
        with pytest.raises(Unavailable, match="it belongs to another store"):
            opened(store, server)
        (tmp_path / "outbox.db").unlink()
        opened(store, server)
    assert [] == letters(url)


def test_an_outbox_is_put_aside_in_a_file_that_can_be_looked_into(
    old: str, server: Server, tmp_path: Path
) -> None:
    """As after a restore; the new one tells nobody again of whom the record says he was told."""
    with PostgresStore.open(old) as store:
        story = opened(store, server)
        sent(story)
        for file in (tmp_path / "home").glob("outbox-*.db*"):
            file.unlink()
        story.placet.notifications.close()
        store.outbox_place().archive(story.now)
        assert not store.outbox_place().exists()
        assert [] == letters(old)
        (reserved,) = (tmp_path / "home").glob("outbox-*.db")
        kept = Outbox(reserved)
        assert [("east", "accepted"), ("west", "accepted")] == [
            (notice.notice.to, notice.state) for notice in kept.all_notices()
        ]
        kept.close()
        sent(opened(store, server))

        assert ["east@example.org", "west@example.org"] == [to for to, _ in server.subjects()]

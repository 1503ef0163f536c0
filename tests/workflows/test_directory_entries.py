"""Entries of the directory are changed and erased one by one, and erased for good."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.store_factory import open_store
from command_line import Placet
from domain.ports.address_book import DirectoryEntry
from domain.ports.errors import CaseError
from domain.rules import Refused
from postgres_server import Server, ask
from smtp_server import mail_server, sent, service
from story import NOON, ORGANISATION, Story
from workflows.notifications.addresses import Addressee

EAST = Addressee(organisation=ORGANISATION, body="b", name="east")
WEST = Addressee(organisation=ORGANISATION, body="b", name="west")
OLD = "Hazel.Quartz@east.example.org"


@pytest.fixture
def kept(place: str) -> Iterator[Story]:
    """A store with two seats, of which one is reached at two addresses."""
    story = Story(open_store(place))
    story.body()
    put(story, EAST, OLD, "office@example.org")
    put(story, WEST, "office@example.org", language="fr")
    yield story
    story.placet.close()


def put(story: Story, who: Addressee, *addresses: str, language: str = "en") -> str:
    entry = DirectoryEntry(language=language, addresses=addresses)
    return story.placet.notifications.addresses.put(who, entry, "p1", NOON).what


def addresses(story: Story, who: Addressee) -> tuple[str, ...]:
    book = story.placet.notifications.addresses.read()
    return book.entry_of(who.organisation, who.body, who.name).addresses


def everything(story: Story, cluster: Server) -> bytes:
    """Every byte of the folder, or of the files of the server's tables after a checkpoint."""
    place = story.placet.store.place
    if not place.startswith("postgresql"):
        return b"".join(path.read_bytes() for path in Path(place).rglob("*") if path.is_file())
    ask(place, "CHECKPOINT")
    ((oid,),) = ask(place, "SELECT oid::text FROM pg_database WHERE datname = current_database()")
    folder = cluster.folder / "base" / str(oid)
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


def test_one_entry_changes_and_the_others_stay(kept: Story) -> None:
    assert "changed" == put(kept, EAST, "new@east.example.org", language="ar")
    assert "entered" == put(
        kept, Addressee(organisation=ORGANISATION, body="b", name="secretariat"), "a@example.org"
    )

    assert ("new@east.example.org",) == addresses(kept, EAST)
    assert ("office@example.org",) == addresses(kept, WEST)
    assert "fr" == (
        kept.placet.notifications.addresses.read().entry_of(ORGANISATION, "b", "west").language
    )


def test_who_changed_what_and_when_is_kept_without_an_address(kept: Story) -> None:
    kept.placet.notifications.erase_entry(EAST, "p2", NOON)
    found = kept.placet.notifications.addresses.changes()

    assert [("entered", "east", "p1"), ("entered", "west", "p1"), ("erased", "east", "p2")] == [
        (change.what, change.name, change.by) for change in found
    ]
    assert all(change.at == NOON for change in found)
    assert "example.org" not in repr(found)


def test_an_erased_address_is_nowhere_any_more(kept: Story, cluster: Server) -> None:
    """Not even where letters were handed to it; an address that another seat has stays there."""
    with mail_server() as server:
        server.of_recipients = {OLD: f"550 5.1.1 <{OLD}> is unknown"}
        service(kept, server.transport())
        kept.silence()
        sent(kept)
    before = everything(kept, cluster).lower()
    kept.placet.notifications.erase_entry(EAST, "p1", NOON)
    after = everything(kept, cluster).lower()

    assert OLD.lower().encode() in before, "the control"
    assert OLD.lower().encode() not in after
    assert b"office@example.org" in after
    assert () == addresses(kept, EAST)


def test_what_is_wrong_is_refused_and_the_old_entry_stays(kept: Story) -> None:
    nowhere = Addressee(organisation=ORGANISATION, body="c", name="east")
    unseated = Addressee(organisation=ORGANISATION, body="b", name="north")
    for who in (nowhere, unseated):
        with pytest.raises(Refused, match="known"):
            put(kept, who, "x@example.org")
        with pytest.raises(Refused, match="known"):
            kept.placet.notifications.erase_entry(who, "p1", NOON)
    with pytest.raises(Refused, match="empty"):
        put(kept, EAST)
    with pytest.raises(CaseError, match="no mail address"):
        put(kept, EAST, "nobody")
    with pytest.raises(CaseError, match="write one of"):
        put(kept, EAST, "x@example.org", language="xx")

    assert (OLD, "office@example.org") == addresses(kept, EAST)
    assert 2 == len(kept.placet.notifications.addresses.changes())


def test_the_command_line_changes_erases_and_shows(kept: Story, placet: Placet) -> None:
    store = ("--store", kept.placet.store.place)
    given = ("--address", "a@example.org", "--address", "b@example.org", "--language", "ru")
    changed = placet("directory", "set", "b", "west", *given, "--by", "p7", *store)
    erased = placet("directory", "erase", "b", "east", *store)
    again = placet("directory", "erase", "b", "east", *store)
    shown = placet("directory", "changes", *store)[1]
    listed = placet("directory", "list", *store)[1]

    assert (0, "The entry of west of b was changed.\n") == changed[::2]
    assert (0, "The entry of east of b was erased.\n") == erased[::2]
    assert (1, True) == (again[0], "has no east" in again[2])
    assert "a@example.org, b@example.org" in listed
    assert "east" not in listed
    assert "p7" in shown
    assert "command line" in shown
    assert "@" not in shown

"""What a check of a store finds, of what can be found without a key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.eventstore import integrity
from adapters.postgres import catalog
from adapters.postgres.store import PostgresStore
from adapters.sqlite.store import SqliteStore
from adapters.store_factory import AnyStore
from corrupt_events import change, forge, query_directly, without_triggers
from domain.canonical import digest
from domain.event_proofs import event_hash
from story import ORGANISATION, Story

HOURS = {"starts": "10:00", "ends": "13:00", "entries": [{"item": "1"}]}
LETTER = b"%PDF a letter of the East"


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Story]:
    """A store with an agenda under silence, an objection on paper, and what became of it."""
    story = Story(_made(request, tmp_path))
    try:
        _tell(story)
        yield story
    finally:
        story.placet.close()


def _tell(story: Story) -> None:
    story.body()
    story.agenda()
    story.do("submit items", agenda="a")
    story.silence(subject={"type": "agenda items", "agenda": "a"}, text={})
    _with_letter(story, "objection", LETTER)
    story.silence(window="v")


def _with_letter(story: Story, kind: str, attachment: bytes, window: str = "w") -> None:
    """The secretariat registers what the East wrote on paper."""
    name = digest(attachment)
    story.do(
        "respond", window=window, kind=kind, seats=["east"], evidence=name, files={name: attachment}
    )


def _made(request: pytest.FixtureRequest, folder: Path) -> AnyStore:
    if request.param == "SQLite":
        return SqliteStore.create(folder / "store")
    url = request.getfixturevalue("cluster").database()
    return PostgresStore.create(url, durable=False)


def faults(story: Story) -> tuple[str, ...]:
    return story.placet.store.check().faults


def position(story: Story, name: str) -> int:
    """Where the first event of this name stands."""
    return 1 + story.names().index(name)


def delete_content(story: Story, name: str) -> None:
    without_triggers(story.placet.store, "DELETE FROM content WHERE hash = {}", name)


def test_an_intact_store_is_sound(filled: Story) -> None:
    """The control of all that follows: nothing to find, and nothing to note but of tests."""
    report = filled.placet.store.check()

    assert () == report.faults
    assert not [note for note in report.notes if "made for tests" not in note]
    assert len(filled.events()) == report.events


# --- contents ------------------------------------------------------------------------------------


def test_a_deleted_paper_of_a_response_is_missed(filled: Story) -> None:
    """The event that cites it is named."""
    delete_content(filled, digest(LETTER))
    where = position(filled, "window.response_received")

    assert (_missing(where, digest(LETTER)),) == faults(filled)


def _missing(where: int, name: str) -> str:
    what = f"content {name[:12]}, which is not in the store"
    return f"Event {where} of {ORGANISATION} refers to {what}."


def _named(story: Story, field: str) -> str:
    facts = [event.fact for event in story.events()]
    return next(str(getattr(fact, field)) for fact in facts if getattr(fact, field, ""))


@pytest.mark.parametrize("field", ["text_hash", "roster_hash", "hash"])
def test_whatever_an_event_names_is_missed(filled: Story, field: str) -> None:
    """The manifest of the items, the roster, the rule pack."""
    name = _named(filled, field)
    delete_content(filled, name)
    where = next(
        n for n, event in enumerate(filled.events(), 1) if getattr(event.fact, field, "") == name
    )

    assert _missing(where, name) in faults(filled)


def test_a_text_that_only_a_manifest_names_is_missed(filled: Story) -> None:
    """The title of an item in one language, which no event names by itself."""
    whole = _named(filled, "text_hash")
    history = filled.placet.store.history(ORGANISATION)
    titles = [
        name for name in history.recorder.contents() if b'"language":' in history.content(name)
    ]
    delete_content(filled, titles[0])
    (fault,) = faults(filled)

    assert 3 == len(titles)
    assert f"The text {whole[:12]} of event" in fault
    assert f"refers to content {titles[0][:12]}, which is not in the store" in fault


def test_a_paper_that_only_looks_like_a_text_is_not_followed(filled: Story) -> None:
    """A sender of such a paper does not make the store unsound."""
    attachment = b'{"items":[{"texts":{"en":"' + b"0" * 64 + b'"}}]}'
    _with_letter(filled, "editorial comment", attachment, window="v")

    assert () == faults(filled)


@pytest.mark.parametrize(
    "attachment", [b'{"texts":{', b'"texts":{' + b"[" * 90_000, b'"texts":{\xff']
)
def test_a_paper_may_be_anything(filled: Story, attachment: bytes) -> None:
    """Also what begins like a text and ends in nonsense."""
    _with_letter(filled, "editorial comment", attachment, window="v")

    assert () == faults(filled)


def test_a_content_that_a_correction_names_is_missed(filled: Story) -> None:
    """The event is read with the corrected content, whose hash only the correction tells."""
    filled.do("organize work", agenda="a", slots=[{"day": "2026-08-10", **HOURS}])
    version = sum(str(event.stream) == "agenda/a" for event in filled.events())
    slip = {"of": "agenda/a", "version": version, "reason": "found", "authority": "the Chair"}
    filled.do("correct fact", now={"slots.0.ends": "12:00"}, **slip)
    hashed = filled.events()[-1].fact.now["text_hash"]
    assert () == faults(filled)

    delete_content(filled, hashed)

    assert _missing(len(filled.events()), hashed) in faults(filled)


def test_a_content_that_nothing_names_is_noted(filled: Story) -> None:
    """It harms nothing, but nobody knows what it is."""
    with filled.placet.store.history(ORGANISATION).recorder.transaction() as transaction:
        transaction.keep(digest(b"stray"), b"stray")
    report = filled.placet.store.check()

    assert report.sound
    assert f"Nothing refers to content {digest(b'stray')[:12]} of {ORGANISATION}." in report.notes


def test_a_paper_of_history_need_not_be_here(filled: Story) -> None:
    """A source may tell of a letter that nobody has any more."""
    opened = {"window": "h", "body": "b", "subject": {"type": "decision text"}}
    filled.tell("open silence", "2026-01-05", **opened, closes="2026-01-08")
    given = {"window": "h", "kind": "no objection", "seats": ["east"], "evidence": "0" * 64}
    filled.tell("respond", "2026-01-06", **given)
    report = filled.placet.store.check()

    assert report.sound
    assert any("tells of a paper 000000000000" in note for note in report.notes)


# --- tables --------------------------------------------------------------------------------------

IDLE_FUNCTION = """
CREATE OR REPLACE FUNCTION stays() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'
"""
IDLE = {
    SqliteStore: (
        "DROP TRIGGER event_stays",
        "CREATE TRIGGER event_stays BEFORE UPDATE ON event BEGIN SELECT 1; END",
    ),
    PostgresStore: (IDLE_FUNCTION,),
}
IDLE_FAULT = {
    SqliteStore: "triggers .*: trigger event_stays",
    PostgresStore: r"function stays\(\) is not",
}
REBUILT = {
    SqliteStore: (
        "CREATE TABLE other AS SELECT * FROM event",
        "DROP TABLE event",
        "ALTER TABLE other RENAME TO event",
    ),
    PostgresStore: (
        "ALTER TABLE event RENAME TO old",
        "CREATE TABLE event AS SELECT * FROM old",
        "DROP TABLE old",
    ),
}


def test_a_trigger_that_does_nothing_is_found(filled: Story) -> None:
    """It has the name of the one that keeps events from being changed."""
    store = filled.placet.store
    for statement in IDLE[type(store)]:
        query_directly(store, statement)
    (fault,) = faults(filled)

    assert re.search(IDLE_FAULT[type(store)], fault)


def test_a_table_rebuilt_without_its_constraints_is_found(filled: Story) -> None:
    """It holds the same rows; the keys, the indexes and the triggers are gone."""
    store = filled.placet.store
    for statement in REBUILT[type(store)]:
        query_directly(store, statement)
    found = " ".join(faults(filled))

    assert "event_by_command is gone" in found
    assert re.search("table event is not as this program makes it|event.event_pkey is gone", found)
    assert re.search("triggers .* are gone", found)


CHANGED = [
    ("DROP INDEX event_by_time", "DROP INDEX event_by_time", "index event_by_time is gone"),
    (
        "CREATE TRIGGER more AFTER INSERT ON content BEGIN SELECT 1; END",
        "CREATE TRIGGER more AFTER INSERT ON content EXECUTE FUNCTION stays()",
        "trigger .*more is none that this program makes",
    ),
    ("", "ALTER TABLE event SET UNLOGGED", "table event is not .*: r u"),
    ("", "CREATE RULE gone AS ON DELETE TO event DO INSTEAD NOTHING", "rule event.gone is none"),
    ("", "ALTER TABLE event ENABLE ROW LEVEL SECURITY", "table event is not .* row security"),
    ("", "ALTER TABLE event DROP CONSTRAINT event_version_check", "event_version_check is gone"),
    ("", "ALTER TABLE event ALTER hash DROP NOT NULL", "column event.hash is not .*: text C"),
    ("", "ALTER TABLE event DISABLE TRIGGER event_follows", "triggers .* event.event_follows"),
    ("", "ALTER TABLE event ADD more text DEFAULT ''", "column event.more is none that"),
    (
        "",
        "CREATE FUNCTION stays(text) RETURNS text LANGUAGE sql AS 'SELECT 1::text'",
        r"function stays\(text\) is none",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("sqlite", "postgres", "fault"), CHANGED)
def test_what_was_changed_of_the_tables_is_named(
    filled: Story, sqlite: str, postgres: str, fault: str
) -> None:
    """Each by kind and name, with how it stands now."""
    store = filled.placet.store
    statement = sqlite if isinstance(store, SqliteStore) else postgres
    if not statement:
        pytest.skip("there is no such thing in this kind of store")
    query_directly(store, statement)

    assert re.search(fault, " ".join(faults(filled)))


def test_an_index_of_ones_own_is_noted(filled: Story) -> None:
    """It changes nothing of what is written or read."""
    query_directly(filled.placet.store, "CREATE INDEX mine ON event (name)")
    report = filled.placet.store.check()

    assert report.sound
    assert "The index mine is none that this program makes." in report.notes


def test_the_tables_of_a_new_store_are_those_that_were_written_down(database: str) -> None:
    """After a new step of the migrations write them down again.

    `python tests/support/postgres_catalog_snapshot.py` does it.
    """
    from postgres_server import ask

    assert catalog.expected_shape() == catalog.actual_shape(lambda query: ask(database, query))


# --- marks ---------------------------------------------------------------------------------------


def _mark(story: Story, said: str) -> None:
    query_directly(story.placet.store, "UPDATE meta SET value = {} WHERE key = 'virtual'", said)


@pytest.mark.parametrize(
    ("said", "fault"),
    [("yes", "was made to be kept, and its mark virtual says yes"), ("maybe", "says 'maybe'")],
)
def test_a_store_that_is_kept_is_not_marked_otherwise(filled: Story, said: str, fault: str) -> None:
    """Into one to be thrown away anything could be played."""
    _mark(filled, said)

    assert fault in " ".join(faults(filled))


@pytest.mark.parametrize("filled", ["SQLite"], indirect=True)
def test_a_store_of_an_older_program_says_so_by_what_it_holds(filled: Story) -> None:
    """Its file has no second mark; that nothing in it is simulated is noted."""
    query_directly(filled.placet.store, "PRAGMA user_version=0")
    _mark(filled, "yes")
    report = filled.placet.store.check()

    assert report.sound
    assert any("nothing in it is simulated" in note for note in report.notes)


def test_simulated_acts_are_found_in_a_store_that_is_kept(filled: Story) -> None:
    """Where the mark was changed before they were played."""
    forge(filled.placet.store, len(filled.events()), virtual=True)

    assert any(
        "is simulated, which belongs in a throw-away store" in fault for fault in faults(filled)
    )


# --- events --------------------------------------------------------------------------------------


def _copy(story: Story, source: int) -> None:
    """Append an event once more, under its own command, as the next version of its stream."""
    store, last = story.placet.store, len(story.events())
    entry = story.events()[source - 1]
    version = 1 + sum(other.stream == entry.stream for other in story.events())
    ((name, state, at),) = query_directly(
        store, "SELECT name, state, recorded_at FROM event WHERE position = {}", source
    )
    kept: Any = state
    hash_ = event_hash(ORGANISATION, str(entry.stream), version, str(name), bytes(kept))
    into = "INSERT INTO event (organisation, position, stream, version, name, command_id,"
    without_triggers(
        store,
        into + " recorded_at, state, hash) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {})",
        ORGANISATION, last + 1, str(entry.stream), version, name, entry.command_id, at, kept, hash_,
    )  # fmt: skip
    query_directly(store, "UPDATE counter SET position = {}, recorded_at = {}", last + 1, at)


def test_a_second_copy_right_behind_the_first_is_found(filled: Story) -> None:
    """The same event, under the same command id, in the same stream."""
    last = len(filled.events())
    _copy(filled, last)
    what = f"is not caused by event {last}, the first of its command (version 2 of window/v)"

    assert f"Event {last + 1} of {ORGANISATION} {what}." in faults(filled)


def test_a_second_copy_farther_on_is_found(filled: Story) -> None:
    """Other commands lie between them."""
    where = position(filled, "window.response_received")
    _copy(filled, where)
    found = " ".join(faults(filled))

    assert f"is of the command {filled.events()[where - 1].command_id}, which was done at" in found


FORGED: list[tuple[str, dict[str, Any], str]] = [
    ("window.opened", {"recorded_at": "2099-01-01T00:00:00Z"}, "which is still to come"),
    ("window.opened", {"received_at": "2026-03-05T00:00:00Z"}, "received after it was recorded"),
    ("window.opened", {"effective": "2027-01-01"}, "takes effect at 2027-01-01, after it was"),
    ("window.opened", {"caused_by": "somebody"}, "yet caused by somebody"),
    ("window.opened", {"reads": {"body/b": 9}}, "relies on version 9 of body/b, which stood at 4"),
    ("window.opened", {"reads": {"body/b": 2}}, "relies on version 2 of body/b, which stood at 4"),
    ("window.opened", {"reads": {"body/x": 1}}, "relies on version 1 of body/x, which stood at 0"),
    ("window.opened", {"findings": [{"rule": "no-such", "result": "satisfied", "because": ""}]},
     "was judged by no-such, no rule of its pack"),
    ("window.opened",
     {"findings": [{"rule": "silence-minimum-length", "result": "violated", "because": "x"}]},
     "went against silence-minimum-length, a binding rule that was not waived"),
    ("agenda.items_put_under_silence", {"command_hash": "other"},
     "has another command_hash than event"),
    ("agenda.items_put_under_silence", {"caused_by": ""}, "is not caused by event"),
    ("agenda.items_put_under_silence", {"reads": {"body/b": 4}}, "tells reads again"),
    ("agenda.items_put_under_silence", {"received_at": "2026-03-01T00:00:00Z"},
     "has another received_at than event"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "what", "fault"), FORGED)
def test_what_no_command_could_tell_is_found(
    filled: Story, name: str, what: dict[str, Any], fault: str
) -> None:
    """Also where the hash fits: the place is named, and what is the matter there."""
    where = position(filled, name)
    forge(filled.placet.store, where, **what)
    found = [entry for entry in faults(filled) if fault in entry]

    assert re.match(rf"Event ({where}|{where + 1}) of {ORGANISATION} .* of [a-z]+/", found[0])


def test_an_event_stands_in_a_stream_of_its_kind(filled: Story) -> None:
    """An event of windows says nothing about a body."""
    forge(filled.placet.store, 1, name="window.suspended.v1", fact={"reason": "x"})
    what = "is window.suspended.v1, and stands in the stream body/b (version 1 of body/b)"

    assert f"Event 1 of {ORGANISATION} {what}." in faults(filled)


def test_an_event_of_another_program_is_named(filled: Story) -> None:
    """A newer program may know it; this one cannot vouch for it."""
    forge(filled.placet.store, 3, name="body.renamed.v1")

    assert any("Position 3:" in fault and "body.renamed.v1" in fault for fault in faults(filled))


def test_a_correction_is_of_an_earlier_event(filled: Story) -> None:
    """One of itself, or of what is still to come, cannot have been made."""
    slip = {"of": "body/b", "version": 1, "now": {"zone": "UTC"}, "reason": "a slip"}
    filled.do("correct fact", **slip, authority="the secretary of the body")
    last = len(filled.events())

    assert () == faults(filled)
    change(filled.placet.store, last, _of_version(last + 1))
    assert any("is none before it" in fault for fault in faults(filled))


def _of_version(version: int) -> Callable[[dict[str, Any]], object]:
    return lambda state: state | {"fact": state["fact"] | {"version": version}}


def test_the_time_of_a_simulation_is_its_own(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """In a store that is thrown away, what is still to come has happened already."""
    story = Story(tmp_path)
    story.at(f"{datetime.now(UTC) + timedelta(days=99):%Y-%m-%dT%H:%M:%SZ}")
    story.body()

    assert () == faults(story)
    story.placet.close()


def test_what_has_no_value_at_all_is_told(filled: Story) -> None:
    """In a table without constraints anything may stand."""
    store = filled.placet.store
    for statement in REBUILT[type(store)]:
        query_directly(store, statement)
    query_directly(store, "UPDATE event SET recorded_at = NULL WHERE position = 2")

    assert any("Event 2 of fictional has columns of a kind" in fault for fault in faults(filled))


def test_of_very_many_faults_the_first_are_told(
    filled: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And how many more there are, so that a ruined store does not fill the memory."""
    monkeypatch.setattr(integrity, "MOST", 3)
    without_triggers(filled.placet.store, "UPDATE event SET hash = 'x'")
    found = faults(filled)

    assert 4 == len(found)
    assert re.match("There are [0-9]+ more of these.", found[-1])

"""Events for tests of the store, and a writer that such a test may start and kill."""

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from msgspec import structs

from adapters.eventstore.event_store import StoredHistory
from adapters.sqlite.store import SqliteStore
from domain.actors import Actor, Role
from domain.body.events import BodyEstablished
from domain.messages import Fact, RecordedEvent
from domain.ports.event_store import EventStore
from domain.streams import Stream, StreamKind
from domain.times import When
from domain.type_registry import NAMES

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
AnyHistory = StoredHistory
NO_CONTENTS: Mapping[str, bytes] = {}


def body(name: str) -> Stream:
    return Stream(StreamKind.BODY, name)


def recorded(
    stream: Stream,
    version: int,
    command_id: str = "",
    *,
    fact: Fact | None = None,
    at: datetime = NOW,
    organisation: str = "un",
    pack: str = "",
) -> RecordedEvent:
    """An event that waits for its position."""
    said = fact or BodyEstablished(names={"en": f"{stream} {version}"})
    return RecordedEvent(
        organisation=organisation,
        stream=stream,
        version=version,
        position=0,
        name=NAMES[type(said)],
        fact=said,
        effective=When("2026-11"),
        received_at=at,
        recorded_at=at,
        actor=Actor(role=Role.SECRETARIAT),
        command_id=command_id or f"{stream} {version}",
        pack=pack,
    )


def append(history: EventStore, stream: Stream, command_id: str = "") -> RecordedEvent:
    """Append one event to a stream, wherever it stands."""
    version = len(history.events_of(stream)) + 1
    event = recorded(stream, version, command_id, organisation=history.organisation)
    return keep(history, [event])[0]


def keep(
    history: EventStore,
    events: Sequence[RecordedEvent],
    contents: Mapping[str, bytes] = NO_CONTENTS,
) -> Sequence[RecordedEvent]:
    """Append the events of one command, and contents, at the end of the log, wherever that is."""
    cause = str(events[0].event_id) if events else ""
    caused = [*events[:1], *(structs.replace(one, caused_by=cause) for one in events[1:])]
    with history.append_transaction() as turn:
        prepared = history.encode(caused, contents, turn.head())
        turn.add(prepared)
    return prepared.events


def write(folder: str, name: str, most: int) -> None:
    """Append to a stream of one's own, and say each command id once its answer has come."""
    with SqliteStore.open(Path(folder)) as store:
        for _ in range(most):
            event = append(store.history("un"), body(name))
            sys.stdout.write(event.command_id + "\n")
            sys.stdout.flush()

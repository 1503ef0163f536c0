"""Events as they will be stored: their bytes, hashes and columns, made before any lock is held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct, structs, to_builtins

from adapters.eventstore.columns import Columns
from adapters.eventstore.envelope import encode_event, encode_sealed, require_single_line
from adapters.eventstore.sealing import EventKeys, keys_of_append
from adapters.eventstore.text_keys import TextKeys
from domain.canonical import digest
from domain.event_proofs import event_hash
from domain.messages import RecordedEvent
from domain.ports.errors import TooLarge
from domain.ports.event_store import Head
from domain.sealed_texts import sealed_texts
from domain.type_registry import NAMES

EVENT_CAP: Final = 64 * 1024
"""Most bytes that an event may take."""
SEALED_CAP: Final = EVENT_CAP * 3 // 2
"""The same where texts of it are sealed, which makes them longer by a third."""
CONTENT_CAP: Final = 16 * 1024 * 1024
"""Most bytes that a content may take."""


class EncodedRows(Struct, frozen=True):
    """The port `EncodedAppend`: what one command adds, down to the columns of its rows."""

    events: tuple[RecordedEvent, ...]
    rows: tuple[Columns, ...]
    contents: Mapping[str, bytes]

    @property
    def command_id(self) -> str:
        """The command that adds it."""
        return self.events[0].command_id


def encode_append(
    organisation: str,
    events: Sequence[RecordedEvent],
    contents: Mapping[str, bytes],
    after: Head,
    keys: TextKeys | None = None,
) -> EncodedRows:
    """What one command adds after a head, all of it recorded at one moment.

    With `keys` the texts of its events that may hold personal data are sealed.

    Raises TooLarge; ValueError for events of another organisation, of several commands, or with
    a name that is not theirs, and for a content that its hash does not name.
    """
    _require_one_command(organisation, events)
    _require_named_contents(contents)
    if not events:
        return EncodedRows((), (), contents)
    now = max(after.recorded_at, *[event.recorded_at for event in events]).astimezone(UTC)
    recorded_at = sortable_instant(now)
    texts = sealed_texts(events) if keys else []
    sealing = keys_of_append(texts, keys.take) if keys else []
    placed = [
        _placed(
            event,
            after.position + n,
            now,
            recorded_at,
            _sealed(event, texts[n - 1], sealing[n - 1]) if sealing else None,
        )
        for n, event in enumerate(events, 1)
    ]
    placed_events, rows = zip(*placed, strict=True)
    return EncodedRows(placed_events, rows, contents)


def _sealed(
    event: RecordedEvent, texts: Mapping[str, str], keys: EventKeys
) -> tuple[Mapping[str, str], EventKeys] | None:
    """What is sealed of an event, and under which keys; None where nothing is."""
    return (texts, keys) if texts or event.command_hash else None


def _placed(
    event: RecordedEvent,
    position: int,
    now: datetime,
    recorded_at: str,
    sealed: tuple[Mapping[str, str], EventKeys] | None,
) -> tuple[RecordedEvent, Columns]:
    """The event at its position, and the row that it becomes. Raises TooLarge."""
    if sealed:
        state = encode_sealed(event, now, *sealed)
        event = structs.replace(event, sealed=tuple(sealed[0]))
    else:
        state = encode_event(event, now)
    if len(state) > (SEALED_CAP if sealed else EVENT_CAP):
        raise TooLarge(f"{event.name} takes {len(state)} bytes; an event may take {EVENT_CAP}")
    stream = str(event.stream)
    hash_ = event_hash(event.organisation, stream, event.version, event.name, state)
    where = (event.organisation, position, stream, event.version)
    row = (*where, event.name, state, event.command_id, recorded_at, hash_)
    return structs.replace(event, recorded_at=now, position=position, hash=hash_), row


def _require_one_command(organisation: str, events: Sequence[RecordedEvent]) -> None:
    require_single_line("the organisation", organisation)
    for event in events:
        require_single_line("the stream", event.stream.id)
        same = event.command_id == events[0].command_id
        named = NAMES.get(type(event.fact)) == event.name
        if not (same and named and event.organisation == organisation):
            raise ValueError(f"not an event of this append: {event!r:.200}")


def _require_named_contents(contents: Mapping[str, bytes]) -> None:
    for name, content in contents.items():
        if len(content) > CONTENT_CAP:
            size = len(content)
            raise TooLarge(f"a content takes {size} bytes; it may take {CONTENT_CAP}")
        if digest(content) != name:
            raise ValueError(f"{name:.80} is not the SHA-256 of its content")


def sortable_instant(at: datetime) -> str:
    """The instant in UTC, written so that earlier ones sort before later ones as text."""
    written: str = to_builtins(at.astimezone(UTC))
    return written if at.microsecond else written.removesuffix("Z") + ".000000Z"

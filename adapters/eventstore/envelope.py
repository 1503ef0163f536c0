"""The bytes of an event: its fact and circumstances in one JSON document, and their hash."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Final

import msgspec
from eventsourcing.persistence import Notification
from msgspec import structs

from adapters.codec import decode_json, encode_json, in_utc
from adapters.eventstore.sealing import (
    FOUND_BY,
    EventKeys,
    Place,
    opened_texts,
    seal,
    sealed_values,
    unopened_texts,
)
from adapters.eventstore.sparse_json import encode_sparse, sparse_copy
from domain import field_paths
from domain.actors import Actor
from domain.erasures import (
    AUTHORITY,
    COMMAND_HASH,
    ORDER,
    WAIVERS,
    replace_event_texts,
    replace_texts,
)
from domain.messages import Fact, FoldableEvent, RecordedEvent
from domain.ports.errors import MalformedValue, Unreadable
from domain.rules import Finding
from domain.sealed_texts import without_texts
from domain.streams import Stream
from domain.times import When
from domain.type_registry import EVENTS

Upcast = Callable[[dict[str, Any]], dict[str, Any]]
UPCASTS: Final[dict[str, tuple[str, Upcast]]] = {}
"""For each old event name: the name that follows it, and how its plain fact becomes that one."""

NO_KEYS: Final[Mapping[str, bytes | None]] = {}
_Instant = Annotated[datetime, msgspec.Meta(tz=True)]


@dataclass(frozen=True)
class EventRow(Notification):
    """A stored event with all its columns. `id` is its position; `recorded_at` sorts as text."""

    command_id: str = ""
    recorded_at: str = ""
    hash: str = ""


class UnknownEvent(Unreadable):
    """The store holds an event that this version of the program does not know."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"This version of Placet does not know the event {name}:"
            " the store was written by a newer version. Use that one."
        )
        self.name = name


class _Envelope(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What the JSON document of an event holds; columns of the table are not repeated in it.

    Without `effective` an event took effect when its order was received. Events that were written
    before decision 21 was carried out say so, and each of them has its `command_hash`. With
    `stated` that time is what the person stated who entered it.
    """

    fact: msgspec.Raw
    effective: When | msgspec.UnsetType = msgspec.UNSET
    received_at: _Instant
    recorded_at: _Instant
    actor: Actor
    source: str = ""
    authority: str = ""
    findings: tuple[Finding, ...] = ()
    waivers: dict[str, str] = {}
    pack: str = ""
    command_id: str = ""
    command_hash: str = ""
    caused_by: str = ""
    reads: dict[str, int] = {}
    virtual: bool = False
    offset_ms: int | None = None
    stated: bool = False


class _Sparse(msgspec.Struct, omit_defaults=True, frozen=True, gc=False):
    """An envelope as it is written: each part without its empty fields, in the order on disk."""

    fact: msgspec.Struct | msgspec.Raw
    effective: When | msgspec.UnsetType
    received_at: datetime
    recorded_at: datetime
    actor: msgspec.Struct
    source: str = ""
    authority: str = ""
    findings: Sequence[msgspec.Struct] = ()
    waivers: Mapping[str, str] = {}
    pack: str = ""
    command_id: str = ""
    command_hash: str = ""
    caused_by: str = ""
    reads: Mapping[str, int] = {}
    virtual: bool = False
    offset_ms: int | None = None
    stated: bool = False


class _FoldableEnvelope(msgspec.Struct):
    """What states read of the JSON document of an event; the rest is passed over."""

    fact: msgspec.Raw
    received_at: _Instant
    actor: Actor
    effective: When | msgspec.UnsetType = msgspec.UNSET
    source: str = ""
    virtual: bool = False
    offset_ms: int | None = None
    stated: bool = False


class _FoldableEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What states read of an event (see the protocol in `domain.messages`)."""

    stream: Stream
    version: int
    position: int
    fact: Fact
    effective: When
    actor: Actor
    attested: bool
    virtual: bool
    offset_ms: int | None
    stated: bool


def encode_event(
    event: RecordedEvent, recorded_at: datetime | None = None, sealed: msgspec.Raw | None = None
) -> bytes:
    """The stored bytes of an event; everything but its place. Raises MalformedValue.

    `recorded_at` is when it is recorded, if that is not what the event itself says. `sealed` is
    its fact with sealed texts, if it has any: then the hash of its command is sealed with them.
    """
    received_at = in_utc(event.received_at)
    on_receipt = event.effective == When.from_instant(received_at)
    return encode_sparse(
        _Sparse(
            sealed or sparse_copy(event.fact),
            msgspec.UNSET if on_receipt else event.effective,
            received_at,
            in_utc(recorded_at or event.recorded_at),
            sparse_copy(event.actor),
            event.source,
            event.authority,
            tuple(map(sparse_copy, event.findings)),
            event.waivers,
            event.pack,
            event.command_id,
            "" if sealed else event.command_hash,
            event.caused_by,
            event.reads,
            event.virtual,
            event.offset_ms,
            event.stated,
        )
    )


def encode_sealed(
    event: RecordedEvent, recorded_at: datetime, texts: Mapping[str, str], keys: EventKeys
) -> bytes:
    """The stored bytes of an event without these texts, and they sealed beside its fact.

    The hash of the command is sealed with them. Raises MalformedValue.
    """
    place = Place(event.organisation, str(event.stream), event.version)
    hash_ = {COMMAND_HASH: event.command_hash} if event.command_hash else {}
    sealed = msgspec.json.encode(seal(place, {**texts, **hash_}, keys))
    of_fact = [path for path in texts if not path.startswith(ORDER)]
    rest = encode_sparse(sparse_copy(without_texts(event.fact, of_fact)))[:-1]
    comma = b"," if len(rest) > 1 else b""
    fact = msgspec.Raw(rest + comma + b'"sealed":' + sealed + b"}")
    if len(of_fact) < len(texts):
        authority = "" if AUTHORITY in texts else event.authority
        waivers = {
            rule: "" if f"{WAIVERS}{rule}" in texts else why for rule, why in event.waivers.items()
        }
        event = structs.replace(event, authority=authority, waivers=waivers)
    return encode_event(event, recorded_at, fact)


def event_from_row(
    organisation: str, row: EventRow, keys: Mapping[str, bytes | None] = NO_KEYS
) -> RecordedEvent:
    """The event that was stored; `keys` are those that it names, as far as there are any.

    Raises UnknownEvent, or MalformedValue for damaged bytes.
    """
    envelope: _Envelope = decode_json(row.state, _Envelope)
    if FOUND_BY in row.state and (sealed := sealed_values(envelope.fact)):
        place = Place(organisation, str(row.originator_id), row.originator_version)
        texts = dict(opened_texts(place, sealed, keys))
        envelope.command_hash = texts.pop(COMMAND_HASH, envelope.command_hash)
    else:
        texts = {}
    fact = fact_from_json(row.topic, envelope.fact)
    event = RecordedEvent(
        organisation=organisation,
        stream=_stream(str(row.originator_id)),
        version=row.originator_version,
        position=row.id,
        name=row.topic,
        fact=fact,
        effective=_when(envelope),
        received_at=envelope.received_at,
        recorded_at=envelope.recorded_at,
        actor=envelope.actor,
        source=envelope.source,
        authority=envelope.authority,
        findings=envelope.findings,
        waivers=envelope.waivers,
        pack=envelope.pack,
        command_id=envelope.command_id,
        command_hash=envelope.command_hash,
        caused_by=envelope.caused_by,
        reads=envelope.reads,
        virtual=envelope.virtual,
        offset_ms=envelope.offset_ms,
        stated=envelope.stated,
        hash=row.hash,
        sealed=tuple(texts),
    )
    if not texts:
        return event
    try:
        return replace_event_texts(event, texts)
    except field_paths.UnknownPath as error:
        raise MalformedValue(str(error)) from error


def foldable_event(
    position: int, stream: str, version: int, name: str, state: bytes
) -> FoldableEvent:
    """What states read of the event that was stored. Raises like `event_from_row`."""
    envelope: _FoldableEnvelope = decode_json(state, _FoldableEnvelope)
    fact = fact_from_json(name, envelope.fact)
    if FOUND_BY in state and (sealed := sealed_values(envelope.fact)):
        texts = dict(unopened_texts(sealed))
        try:
            fact = replace_texts(fact, texts)
        except field_paths.UnknownPath as error:
            raise MalformedValue(str(error)) from error
    return _FoldableEvent(
        stream=_stream(stream),
        version=version,
        position=position,
        fact=fact,
        effective=_when(envelope),
        actor=envelope.actor,
        attested=bool(envelope.source),
        virtual=envelope.virtual,
        offset_ms=envelope.offset_ms,
        stated=envelope.stated,
    )


def _when(envelope: _Envelope | _FoldableEnvelope) -> When:
    """When an event took effect."""
    if isinstance(envelope.effective, msgspec.UnsetType):
        return When.from_instant(envelope.received_at)
    return envelope.effective


@lru_cache(maxsize=4096)
def _stream(text: str) -> Stream:
    return Stream.parse(text)


def fact_from_json(name: str, content: bytes | msgspec.Raw) -> Fact:
    """The fact of an event; an old name is translated. Raises like `event_from_row`."""
    if name in UPCASTS:
        raw = msgspec.json.decode(content)
        while name in UPCASTS:
            name, upcast = UPCASTS[name]
            raw = upcast(raw)
        content = encode_json(raw)
    fact: Fact = decode_json(content, _kind(name))
    return fact


def _kind(name: str) -> type[Fact]:
    if name not in EVENTS:
        raise UnknownEvent(name)
    return EVENTS[name]


def require_single_line(what: str, name: str) -> None:
    """Raise MalformedValue for a name that makes two events hash alike: empty, or two lines."""
    if not name or not name.isprintable():
        raise MalformedValue(f"{what} {name!r:.80} must be one line of printable text")

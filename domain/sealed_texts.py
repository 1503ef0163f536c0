"""The texts of events that may hold personal data, which are stored under keys that can be erased.

No outcome depends on them: a state and a row of a list are the same with a mark in their place.
What the other fields of events hold is listed in `domain.text_fields`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Final

from msgspec import Struct, structs

from domain import field_paths
from domain.access.events import RoleRevoked
from domain.actors import Role
from domain.agenda import events as agenda
from domain.body.events import SeatVacated
from domain.corrections import FactCorrected
from domain.documents.events import VersionReissued
from domain.erasures import AUTHORITY, WAIVERS, TextErased
from domain.messages import Fact, RecordedEvent
from domain.notices import NO_ADDRESS
from domain.session.events import SessionCancelled, SessionPostponed
from domain.silence import events as silence

_RESPONSE: Final = ("response.text", "response.wording")
_REASON: Final = ("reason",)
_NOTE: Final = ("note",)

SEALED_PATHS: Final[Mapping[type[Fact], tuple[str, ...]]] = {
    silence.ResponseReceived: _RESPONSE,
    silence.LateResponseReceived: _RESPONSE,
    silence.ResponseRefused: _RESPONSE,
    silence.ResponseAtMargin: _RESPONSE,
    silence.ResponseFoundAfterClose: _RESPONSE,
    silence.ResponseRuledUpon: ("reason", "second"),
    silence.ObjectionWithdrawn: _REASON,
    silence.SilenceExtended: _REASON,
    silence.SilenceSuspended: _REASON,
    silence.SilenceHeld: _REASON,
    silence.SilenceReleased: _REASON,
    silence.SilenceSuperseded: _REASON,
    silence.NoticesRecorded: _REASON,
    silence.NoticesRepeated: _REASON,
    silence.MatterReferred: _REASON,
    silence.MatterDecided: _NOTE,
    silence.OutcomeAnnounced: _NOTE,
    silence.RevisionAnnounced: _NOTE,
    agenda.ItemAmended: _REASON,
    agenda.ItemDescribed: _REASON,
    agenda.ItemCleared: _REASON,
    agenda.ItemWithdrawn: _REASON,
    agenda.ItemMoved: _REASON,
    agenda.ItemsRenumbered: _REASON,
    agenda.HeadingAmended: _REASON,
    agenda.HeadingMoved: _REASON,
    agenda.HeadingWithdrawn: _REASON,
    agenda.DocumentsPlanned: _NOTE,
    agenda.AgendaAdopted: ("amendments.*.reason",),
    agenda.ItemsDecided: _NOTE,
    agenda.ObjectionNoted: ("text",),
    agenda.ReportDeferred: _REASON,
    SessionPostponed: _REASON,
    SessionCancelled: _REASON,
    SeatVacated: _REASON,
    VersionReissued: _REASON,
    RoleRevoked: _REASON,
    FactCorrected: _REASON,
}
"""The texts of each kind of event; `*` stands for the number of a member of a list.

Of a correction also what it replaces and puts there is sealed.
"""
AUTHORITY_OF_RECORD: Final = (silence.SilenceOpened, TextErased)
"""What is done by an authority that stays on record: it tells why a text is under silence, or
why another one is gone."""
_PROGRAM: Final[Mapping[type[Fact], str]] = {silence.NoticesRecorded: NO_ADDRESS}
"""What the program itself writes, and decisions compare."""


def _texts_at(path: str) -> Callable[[Any], Mapping[str, str]]:
    """Reads the texts at a path of a fact, by their own paths."""
    before, several, after = path.partition(".*.")
    read = attrgetter(before)
    if not several:
        return lambda fact: {path: text} if (text := read(fact)) else {}
    inner = attrgetter(after)
    return lambda fact: {
        f"{before}.{n}.{after}": text for n, part in enumerate(read(fact)) if (text := inner(part))
    }


_READERS: Final = {kind: tuple(map(_texts_at, paths)) for kind, paths in SEALED_PATHS.items()}
_TEXTS: Final = frozenset(path for paths in SEALED_PATHS.values() for path in paths)


def sealed_texts(events: Sequence[RecordedEvent]) -> list[Mapping[str, str]]:
    """The texts to be sealed of each event that one order causes, by their paths; none is empty.

    Beside those of its fact they are the reasons for which rules were waived, and by what
    authority it was done, unless that stays on record (see AUTHORITY_OF_RECORD).
    """
    found: list[Mapping[str, str]] = []
    for event in events:
        texts = _of_fact(event) if type(event.fact) in _READERS else {}
        if event.authority or event.waivers:
            of_record = any(isinstance(other.fact, AUTHORITY_OF_RECORD) for other in events)
            texts = {**texts, **_of_order(event, of_record=of_record)}
        found.append(texts)
    return found


def _of_fact(event: RecordedEvent) -> Mapping[str, str]:
    if event.actor.role is Role.CLOCK:
        return {}
    fact = event.fact
    texts = {path: text for read in _READERS[type(fact)] for path, text in read(fact).items()}
    program = _PROGRAM.get(type(fact))
    if program:
        texts = {path: text for path, text in texts.items() if text != program}
    return {**texts, **_corrected(fact)} if isinstance(fact, FactCorrected) else texts


def _of_order(event: RecordedEvent, *, of_record: bool) -> Mapping[str, str]:
    """By what authority it was done, and the reasons for which it waived rules."""
    texts = {f"{WAIVERS}{rule}": reason for rule, reason in event.waivers.items() if reason}
    return texts if of_record or not event.authority else {**texts, AUTHORITY: event.authority}


def without_texts(fact: Fact, paths: Iterable[str]) -> Fact:
    """The fact with nothing at these paths."""
    nested: dict[str, dict[str, str]] = {}
    for path in paths:
        field, _, below = path.partition(".")
        if isinstance(getattr(fact, field), tuple):
            fact = field_paths.replace_at(fact, path, "")
        else:
            nested.setdefault(field, {})[below] = ""
    return structs.replace(
        fact, **{name: _without(getattr(fact, name), below) for name, below in nested.items()}
    )


def _without(value: Any, below: Mapping[str, str]) -> Any:
    """A text, a map of texts or a part of a fact, without what is named below it."""
    if isinstance(value, Struct):
        return structs.replace(value, **below)
    return {**value, **below} if isinstance(value, Mapping) else ""


def _corrected(fact: FactCorrected) -> Mapping[str, str]:
    """The texts before and after a correction."""
    return {
        f"{side}.{path}": text
        for side, texts in (("was", fact.was), ("now", fact.now))
        for path, text in texts.items()
        if text and _without_numbers(path) in _TEXTS
    }


def _without_numbers(path: str) -> str:
    """A path with `*` for the number of a member of a list."""
    return ".".join("*" if step.isdecimal() else step for step in path.split("."))

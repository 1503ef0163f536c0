"""The texts of events that may hold personal data, which are stored under keys that can be erased.

What a state or a row of a list is made of is not among them: no outcome depends on a key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Any, Final

from msgspec import Struct, structs

from domain.agenda.events import ObjectionNoted
from domain.corrections import FactCorrected
from domain.messages import Fact
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
    silence.SilenceReleased: _REASON,
    silence.NoticesRepeated: _REASON,
    silence.MatterReferred: _REASON,
    silence.MatterDecided: _NOTE,
    silence.OutcomeAnnounced: _NOTE,
    silence.RevisionAnnounced: _NOTE,
    ObjectionNoted: ("text",),
    FactCorrected: _REASON,
}
"""The texts of each kind of event; of a correction also what it replaces and puts there."""
_READERS: Final = {
    kind: tuple((path, attrgetter(path)) for path in paths) for kind, paths in SEALED_PATHS.items()
}
_TEXTS: Final = frozenset(path for paths in SEALED_PATHS.values() for path in paths)


def sealed_texts(fact: Fact) -> Mapping[str, str]:
    """The texts that an event holds and that are sealed, by their paths; none that is empty."""
    readers = _READERS.get(type(fact), ())
    texts = {path: text for path, read in readers if (text := read(fact))}
    return {**texts, **_corrected(fact)} if isinstance(fact, FactCorrected) else texts


def without_texts(fact: Fact, paths: Iterable[str]) -> Fact:
    """The fact with nothing at these paths."""
    nested: dict[str, dict[str, str]] = {}
    for path in paths:
        field, _, below = path.partition(".")
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
        if path in _TEXTS and text
    }

"""Which texts of events may hold personal data: they are stored under keys that can be erased.

What a state or a row of a list is made of is not among them: no outcome depends on a key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from domain import field_paths
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
_TEXTS: Final = frozenset(path for paths in SEALED_PATHS.values() for path in paths)


def sealed_paths(fact: Fact) -> tuple[str, ...]:
    """The paths of the texts that an event holds and that are sealed; none where they are empty."""
    paths = SEALED_PATHS.get(type(fact), ())
    return tuple(path for path in (*paths, *_corrected(fact)) if field_paths.value_at(fact, path))


def _corrected(fact: Fact) -> tuple[str, ...]:
    """The texts before and after a correction."""
    if not isinstance(fact, FactCorrected):
        return ()
    values: tuple[tuple[str, Mapping[str, Any]], ...] = (("was", fact.was), ("now", fact.now))
    return tuple(f"{side}.{path}" for side, texts in values for path in texts if path in _TEXTS)

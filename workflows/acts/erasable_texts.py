"""Which texts that acts ask for can be erased later: forms say so beside the field."""

from __future__ import annotations

from typing import Final

from domain.agenda.commands import AdoptReport, AnnotateItem, NoteObjection
from domain.erasures import EraseText
from domain.silence.commands import Respond
from workflows.acts.parameter import N_

CAN_BE_ERASED: Final = N_(
    "What you write here can be erased later, unless an outcome rests on it that the rules keep."
)
STAYS: Final = N_("What you write here stays on record for good: it cannot be erased.")
ERASABLE: Final = frozenset({"reason", "note", "order.waivers", "order.authority"})
"""The fields of acts that are sealed in all events but those of an erasure itself."""
OWN: Final = frozenset({(Respond, "text"), (Respond, "wording"), (NoteObjection, "text")})
"""Further ones, each of one command."""
LASTING: Final = frozenset(
    {
        (AnnotateItem, "paragraphs"),
        (AnnotateItem, "footnotes"),
        (AdoptReport, "oral_amendments"),
        (EraseText, "reason"),
        (EraseText, "order.authority"),
    }
)
"""Free texts that are no notes, or tell why another one is gone: they stay."""


def fate(command: type, path: str) -> str:
    """What becomes of the text of a field, as a message id; empty for what is no such text."""
    if (command, path) in LASTING:
        return STAYS
    return CAN_BE_ERASED if path in ERASABLE or (command, path) in OWN else ""

"""Correcting what was recorded wrongly: an act on every noun but a silence procedure."""

from __future__ import annotations

from typing import Any, Final

from domain.actors import Role
from domain.corrections import CorrectFact
from domain.streams import StreamKind
from workflows.acts.act import ALWAYS, FILES_ONLY, Act
from workflows.acts.parameter import N_

CORRECTIONS: Final[tuple[Act[Any], ...]] = tuple(
    Act[Any](
        command=CorrectFact,
        noun=noun,
        slug="correct-fact",
        title=N_("Correct a fact"),
        does="Says that an earlier event is to be read with other values, by what authority.",
        roles=(Role.SECRETARIAT,),
        offered=ALWAYS,
        surfaces=FILES_ONLY,
    )
    for noun in (StreamKind.BODY, StreamKind.SESSION, StreamKind.AGENDA, StreamKind.DOCUMENT)
)

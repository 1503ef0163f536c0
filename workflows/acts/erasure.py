"""The act that erases a text which may hold personal data, wherever such texts are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from domain.actors import Role
from domain.erasures import EraseText, TextErased
from domain.streams import StreamKind
from workflows.acts.act import ALWAYS, STAFF, Act, Surface
from workflows.acts.parameter import N_, Option, Parameter, Widget

_PARAMETERS: Final[tuple[Parameter[Any], ...]] = (
    Parameter(
        path="version",
        label=N_("Number of the event in this history"),
        hint=N_("The page of the event says it, and leads here."),
        value=lambda shown: shown.chosen.get("version", ""),
        option=Option("The number (version) of the event in its history."),
    ),
    Parameter(
        path="order.authority",
        label=N_("By what authority"),
        hint=N_("A decision, a rule or a request, such as: request of the person concerned."),
        required=True,
    ),
    Parameter(
        path="reason",
        label=N_("Reason"),
        hint=N_("It goes into the record. Do not repeat what is erased."),
        widget=Widget.LONG,
        option=Option("Why; it goes into the record. Do not repeat what is erased."),
    ),
)
_CONSEQUENCES: Final[Mapping[type[Any], str]] = {
    TextErased: N_(
        "The text is lost for good, in every file of this store, but not in a paper or message"
        " that is kept as evidence. That it was there, when and from whom it came, and what"
        " followed from it stays on record."
    )
}


def _erase(
    noun: StreamKind,
    where: str,
    *,
    roles: tuple[Role, ...] = STAFF,
    surfaces: frozenset[Surface] = frozenset(Surface),
) -> Act[Any]:
    return Act(
        command=EraseText,
        noun=noun,
        slug="erase-text",
        title=N_("Erase a text"),
        does=N_(
            "For texts that may hold personal data, such as what was written with an objection."
            " Backups hold the text until they are replaced."
        ),
        roles=roles,
        offered=ALWAYS,
        parameters=_PARAMETERS,
        from_address=("version",),
        consequences=_CONSEQUENCES,
        final=True,
        surfaces=surfaces,
        help=(
            f"Erase the texts of an event of {where} for good.\n\n"
            "A text on which an outcome rests is kept as long as the rules of the body say."
        ),
    )


ERASURE: Final[tuple[Act[Any], ...]] = (
    _erase(StreamKind.WINDOW, "a silence procedure"),
    _erase(StreamKind.AGENDA, "an agenda"),
    _erase(StreamKind.SESSION, "a session", surfaces=frozenset({Surface.PAGES})),
    _erase(StreamKind.BODY, "a body"),
    _erase(StreamKind.DOCUMENT, "a document"),
    _erase(StreamKind.ORGANISATION, "the organisation as a whole", roles=(Role.ADMINISTRATOR,)),
)
"""The act, for each kind of history that holds such texts."""

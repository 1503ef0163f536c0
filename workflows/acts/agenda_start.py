"""The act that begins an agenda, on the page of its body, and the one that shares it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.actors import Role
from domain.agenda.commands import ShareAgenda, StartAgenda
from domain.agenda.events import AgendaStarted
from domain.streams import StreamKind
from workflows.acts import agenda_state
from workflows.acts.act import ALWAYS, ON_PAGES, Act
from workflows.acts.choices import called_by_words, of_body
from workflows.acts.parameter import N_, Choice, Parameter
from workflows.acts.shared_parameters import PLAIN_ID, other_bodies
from workflows.projections.rows import SessionRow
from workflows.queries.agenda import AgendaForForm
from workflows.queries.body import BodyForForm

TYPES: Final[Mapping[str, str]] = {
    "provisional agenda": N_("provisional agenda"),
    "supplementary provisional agenda": N_("supplementary provisional agenda"),
    "addendum": N_("addendum"),
    "reconvened session": N_("agenda of a reconvened session"),
}
"""What an agenda is, in words."""


def _sessions(shown: BodyForForm) -> tuple[Choice, ...]:
    """The sessions of the body that are not called off."""
    return tuple(
        Choice(value=row.id, label=N_("Session"), after=f" {row.number} ({row.id})")
        for row in _held(shown)
    )


def _held(shown: BodyForForm) -> list[SessionRow]:
    return [row for row in shown.sessions if not row.cancelled]


def _session(shown: BodyForForm) -> str:
    """The session that the address suggests, else the one whose last part begins last."""
    begins = sorted(_held(shown), key=lambda row: row.starts[-1].earliest)
    suggested = shown.chosen.get("session", "")
    if suggested in {row.id for row in begins}:
        return suggested
    return begins[-1].id if begins else ""


def _most_parts(shown: BodyForForm) -> int:
    return max((len(row.starts) for row in _held(shown)), default=1)


def _parts(shown: BodyForForm) -> tuple[Choice, ...]:
    numbers = map(str, range(1, _most_parts(shown) + 1))
    return tuple(Choice(value=number, text=number) for number in numbers)


def _approvers(shown: BodyForForm) -> tuple[Choice, ...]:
    return tuple(of_body(row.id, row.names) for row in shown.bodies)


START: Final = Act[BodyForForm](
    command=StartAgenda,
    noun=StreamKind.AGENDA,
    slug="start-agenda",
    title=N_("Start an agenda"),
    does=N_("Begins an agenda of this body, to which items can be proposed."),
    roles=(Role.SECRETARIAT,),
    offered=ALWAYS,
    listed_on=StreamKind.BODY,
    suggested=("session",),
    parameters=(
        Parameter(
            path="agenda",
            label=N_("Id of the agenda"),
            hint=N_(
                "Small letters, digits and hyphens, such as wg-7-2026-agenda. It stays for ever."
            ),
            pattern=PLAIN_ID,
        ),
        Parameter(
            path="session",
            label=N_("For which session"),
            hint=N_("Empty where no session is fixed for it."),
            choices=_sessions,
            value=_session,
            applies=lambda shown: bool(_held(shown)),
        ),
        Parameter(
            path="part",
            label=N_("For which part of the session"),
            choices=_parts,
            value=lambda _: "1",
            applies=lambda shown: _most_parts(shown) > 1,
        ),
        Parameter(
            path="type",
            label=N_("What it is"),
            choices=lambda _: called_by_words(TYPES),
            closed=True,
            value=lambda _: "provisional agenda",
        ),
        Parameter(
            path="approved_by",
            label=N_("Who approves its items"),
            hint=N_("The body itself, or another one such as an extended Bureau."),
            choices=_approvers,
            value=lambda shown: shown.body.id,
        ),
    ),
    consequences={AgendaStarted: N_("Its page is where items are proposed next.")},
    surfaces=ON_PAGES,
)

SHARE: Final = Act[AgendaForForm](
    command=ShareAgenda,
    noun=StreamKind.AGENDA,
    slug="share-agenda",
    title=N_("Share the agenda"),
    does=N_("Says that it is the agenda of further bodies too, as for a joint meeting."),
    roles=(Role.SECRETARIAT,),
    offered=agenda_state.NOT_ADOPTED,
    parameters=(
        Parameter(
            path="bodies",
            label=N_("With which bodies"),
            choices=lambda shown: other_bodies(
                shown.bodies, (shown.agenda.body, *shown.agenda.shared)
            ),
        ),
    ),
    surfaces=ON_PAGES,
)

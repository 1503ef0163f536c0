"""The organization of the work of a session: an act that its own editing page gives."""

from __future__ import annotations

from typing import Final

from domain.actors import Role
from domain.agenda.commands import OrganizeWork
from domain.streams import StreamKind
from workflows.acts import agenda_state
from workflows.acts.act import FILES_ONLY, Act
from workflows.acts.parameter import N_
from workflows.queries.agenda import AgendaForForm

ORGANIZE: Final = Act[AgendaForForm](
    command=OrganizeWork,
    noun=StreamKind.AGENDA,
    slug="organize-work",
    title=N_("Organize the work"),
    does="Says which items are taken in which slot; it takes the place of an earlier plan.",
    roles=(Role.SECRETARIAT,),
    offered=agenda_state.DOCUMENTED,
    surfaces=FILES_ONLY,
)

"""Every act of the catalogue, and how to find one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from domain.actors import Role
from domain.messages import Command
from domain.rules import require
from domain.streams import StreamKind
from workflows.acts.act import AnyAct, Surface
from workflows.acts.agenda_annotations import ANNOTATIONS
from workflows.acts.agenda_approval import APPROVAL
from workflows.acts.agenda_headings import HEADINGS
from workflows.acts.agenda_items import ITEMS
from workflows.acts.agenda_meeting import MEETING
from workflows.acts.agenda_start import SHARE, START
from workflows.acts.agenda_work import ORGANIZE
from workflows.acts.body import BODY
from workflows.acts.corrections import CORRECTIONS
from workflows.acts.documents import DOCUMENTS
from workflows.acts.erasure import ERASURE
from workflows.acts.organisation import ORGANISATION
from workflows.acts.session import SESSION
from workflows.acts.window_lifecycle import LIFECYCLE
from workflows.acts.window_opening import OPENING
from workflows.acts.window_outcome import OUTCOME
from workflows.acts.window_responses import RESPONSES

ACTS: Final[tuple[AnyAct, ...]] = (
    *BODY,
    *SESSION,
    START,
    SHARE,
    *ITEMS,
    *HEADINGS,
    *ANNOTATIONS,
    *APPROVAL,
    *MEETING,
    ORGANIZE,
    *DOCUMENTS,
    *OPENING,
    *RESPONSES,
    *LIFECYCLE,
    *OUTCOME,
    *ERASURE,
    *CORRECTIONS,
    *ORGANISATION,
)
"""Every act, in the order in which the documents list them."""

PERMITTED: Final[Mapping[tuple[StreamKind, str], tuple[Role, ...]]] = {
    (act.noun, act.slug): act.roles for act in ACTS
}
"""The authorisation matrix: which functions may do an act; nothing else may."""


def _functions() -> Mapping[type[Command], frozenset[Role]]:
    found: dict[type[Command], frozenset[Role]] = {}
    for act in ACTS:
        found[act.command] = found.get(act.command, frozenset()) | {*act.roles}
    return found


FUNCTIONS: Final = _functions()
"""In which functions each command may be given, by whichever of its acts."""

SECONDED: Final[Mapping[type[Command], AnyAct]] = {act.command: act for act in ACTS if act.second}
"""The acts that may take two persons, by their commands."""


def of_noun(noun: StreamKind) -> Iterator[AnyAct]:
    """The acts on one kind of stream."""
    return (act for act in ACTS if act.noun is noun)


def on_page(noun: StreamKind, slug: str, shown: Any) -> AnyAct:
    """The act with this name in the address of a noun's page. Raises Refused, also on history."""
    found = BY_ADDRESS.get((noun, slug))
    require("known", found and LIVE[noun](shown), f"no act {slug} on this {noun}")
    assert found is not None  # noqa: S101 (required above; the checker of types cannot know)
    return found


def offered(noun: StreamKind, shown: Any) -> dict[str, list[AnyAct]]:
    """The acts that make sense on a noun in this state, by the role that they are foremost for."""
    known = (act for act in BY_ADDRESS.values() if act.page_noun is noun and LIVE[noun](shown))
    holding = [act for act in known if not act.from_address and act.offered.holds(shown)]
    listed = {role: [act for act in holding if act.roles[0] is role] for role in Role}
    return {str(role): listed[role] for role in ORDER if listed[role]}


def not_yet(noun: StreamKind, shown: Any) -> list[tuple[AnyAct, tuple[str, ...]]]:
    """The acts on a noun that are not possible in this state, each with what is missing."""
    known = (act for act in BY_ADDRESS.values() if act.page_noun is noun and LIVE[noun](shown))
    return [
        (act, unmet)
        for act in known
        if not act.from_address and (unmet := act.offered.unmet(shown))
    ]


ORDER: Final = (Role.SEAT, Role.PRESIDING_OFFICER, Role.BODY, Role.SECRETARIAT, Role.ADMINISTRATOR)
"""The roles for which pages list acts, in this order."""


BY_ADDRESS: Final[Mapping[tuple[StreamKind, str], AnyAct]] = {
    (act.page_noun, act.slug): act
    for act in ACTS
    if act.on(Surface.PAGES) and (act.listed_on or not act.begins)
}
"""Every act that has a form on the page of a noun."""

LIVE: Final[Mapping[StreamKind, Callable[[Any], bool]]] = {
    StreamKind.WINDOW: lambda shown: not shown.window.attested,
    StreamKind.AGENDA: lambda shown: not shown.agenda.started.attested,
    StreamKind.BODY: lambda shown: not shown.attested,
    StreamKind.SESSION: lambda shown: not shown.attested,
    StreamKind.DOCUMENT: lambda shown: not shown.attested,
    StreamKind.ORGANISATION: lambda _: True,
}
"""Whether pages offer acts on a noun at all: on history they do not."""

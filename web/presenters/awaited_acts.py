"""The acts that are awaited, as buttons where pages say that they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from domain.access.permissions import FUNCTIONS
from domain.access.roles import AccessRole
from domain.actors import Role
from domain.agenda.next_step import AMENDED_TEXT, DRAFT_REPORT, NEXT, REPORT, RULING
from domain.awaited_action import Awaited
from domain.documents import Document
from domain.silence.phase import AWAITED as OF_WINDOW
from domain.silence.phase import NOTICES, Phase
from domain.silence.phase import RULING as RESPONSE_RULING
from domain.streams import Stream, StreamKind
from web.http import urls
from workflows.acts import (
    agenda_approval,
    agenda_items,
    agenda_meeting,
    documents,
    session,
    window_lifecycle,
    window_outcome,
    window_responses,
)
from workflows.acts.act import AnyAct
from workflows.acts.agenda_start import START
from workflows.acts.catalogue import LIVE
from workflows.acts.window_opening import OPEN
from workflows.queries.board_rows import BoardRow, WindowOnBoard
from workflows.queries.session import SessionDetails

OTHER_ITEMS: Final = NEXT["partly approved"]
PUBLICATION: Final = NEXT["approved"]
AGENDA: Final[Mapping[Awaited, tuple[AnyAct, ...]]] = {
    NEXT["started"]: (agenda_items.PROPOSE,),
    NEXT["proposed"]: (agenda_approval.SUBMIT,),
    NEXT["submitted"]: (OPEN, agenda_approval.APPROVE),
    AMENDED_TEXT: (agenda_items.AMEND, agenda_approval.SUBMIT, agenda_approval.DECIDE),
    OTHER_ITEMS: (agenda_items.AMEND, agenda_approval.SUBMIT, agenda_approval.DECIDE),
    NEXT["published"]: (agenda_meeting.ADOPT,),
    DRAFT_REPORT: (agenda_meeting.DRAFT_REPORT,),
    REPORT: (agenda_meeting.ADOPT_REPORT,),
}
"""What does what is awaited of an agenda; the foremost act first."""
WINDOW: Final[Mapping[Awaited, tuple[AnyAct, ...]]] = {
    OF_WINDOW[Phase.OPEN]: (window_responses.RESPOND,),
    OF_WINDOW[Phase.SUSPENDED]: (window_lifecycle.RESUME,),
    OF_WINDOW[Phase.HELD]: (window_lifecycle.RELEASE,),
    NOTICES: (window_outcome.NOTICES,),
    RULING: (window_responses.RULE,),
    RESPONSE_RULING: (window_responses.RULE,),
}
"""What does what is awaited in a silence procedure."""


@dataclass(frozen=True)
class ActLink:
    """A button: the form of an act."""

    act: AnyAct
    path: str

    @property
    def title(self) -> str:
        """A message id."""
        return self.act.title


def entered_by(who: str, links: Iterable[ActLink]) -> tuple[AccessRole, ...]:
    """The roles that enter what is awaited from somebody who does not do it on pages.

    None where they act themselves. A body has no log-in; what it decided is entered for it.
    """
    able = {role for link in links for role in link.act.roles}
    if who in able - {Role.BODY}:
        return ()
    return tuple(role for role, functions in FUNCTIONS.items() if able.intersection(functions))


def of_agenda(organisation: str, awaited: Awaited, shown: Any) -> list[ActLink]:
    """The buttons for what is awaited of an agenda, as far as they can be pressed now."""
    if not LIVE[StreamKind.AGENDA](shown):
        return []
    if awaited == PUBLICATION:
        return [_publication(organisation, shown)]
    stream = Stream(StreamKind.AGENDA, shown.agenda.id)
    return [_link(organisation, stream, act) for act in AGENDA.get(awaited, ()) if _may(act, shown)]


def of_window(organisation: str, awaited: Awaited, shown: Any) -> list[ActLink]:
    """The buttons for what is awaited in a silence procedure, as far as they can be pressed now."""
    stream = Stream(StreamKind.WINDOW, shown.window.id)
    acts = WINDOW.get(awaited, ()) if LIVE[StreamKind.WINDOW](shown) else ()
    return [_link(organisation, stream, act) for act in acts if act.offered.holds(shown)]


def of_board_row(row: BoardRow) -> list[ActLink]:
    """The foremost act of what is awaited in a row of the board; its form says what is missing."""
    awaited = Awaited(row.awaited_from, row.awaited)
    if row.attested:
        return []
    if row.window and (acts := WINDOW.get(awaited)):
        return [_link(row.organisation, Stream(StreamKind.WINDOW, row.window), acts[0])]
    if row.kind != "agenda" or awaited == PUBLICATION or not (acts := AGENDA.get(awaited)):
        return []
    return [_link(row.organisation, Stream(StreamKind.AGENDA, row.id), acts[0])]


def of_board_window(organisation: str, row: WindowOnBoard) -> list[ActLink]:
    """The foremost act of what is awaited in a procedure that stands on the board."""
    acts = () if row.attested else WINDOW.get(Awaited(row.awaited_from, row.awaited), ())
    return [_link(organisation, Stream(StreamKind.WINDOW, row.id), act) for act in acts[:1]]


def of_session(organisation: str, shown: SessionDetails) -> list[ActLink]:
    """What comes next in a session: an agenda, then its opening, then its end."""
    if shown.may_start and not shown.agendas:
        body = Stream(StreamKind.BODY, shown.body.id)
        path = urls.act(organisation, body, START.slug, session=shown.session.id)
        return [ActLink(START, path)]
    if not LIVE[StreamKind.SESSION](shown):
        return []
    stream = Stream(StreamKind.SESSION, shown.session.id)
    following = (session.OPEN, session.CLOSE)
    return [_link(organisation, stream, act) for act in following if act.offered.holds(shown)]


def _may(act: AnyAct, shown: Any) -> bool:
    """Whether its form is offered; a procedure is opened where seats can be asked."""
    if act is OPEN:
        return bool((shown.approver or shown.body).seats)
    return act.offered.holds(shown)


def _publication(organisation: str, shown: Any) -> ActLink:
    """What brings an approved agenda nearer to its publication: its document, from its start on."""
    known = [document for document in shown.documents if document.id == shown.agenda.document]
    if not known:
        stream = Stream(StreamKind.AGENDA, shown.agenda.id)
        return _link(organisation, stream, documents.REGISTER)
    document: Document = known[0]
    act = documents.ISSUE if document.missing else documents.PUBLISH
    return _link(organisation, Stream(StreamKind.DOCUMENT, document.id), act)


def _link(organisation: str, stream: Stream, act: AnyAct) -> ActLink:
    if act is OPEN:
        return ActLink(act, urls.opening(organisation, stream.id))
    return ActLink(act, urls.act(organisation, stream, act.slug))

"""A row for each kind of state: what is kept of it, taken field by field."""

from __future__ import annotations

from domain import milestones
from domain.agenda import Agenda
from domain.agenda.next_step import STEPS
from domain.body import Body
from domain.messages import DatedStep
from domain.rules import RulePack
from domain.session import Session
from domain.silence import Window
from workflows.projections.rows import AgendaRow, BodyRow, SessionRow, Step, WindowRow


def session_row(session: Session) -> SessionRow:
    """The row of a session."""
    return SessionRow(
        id=session.id,
        body=session.body,
        number=session.number,
        starts=tuple(part.starts for part in session.parts),
        ends=tuple(part.ends for part in session.parts),
        venue=session.current_part.venue,
        regular=session.regular,
        cancelled=session.cancelled,
        opened=tuple(bool(part.opened) for part in session.parts),
    )


def body_row(body: Body, pack: RulePack) -> BodyRow:
    """The row of a body, with the milestones of its rules."""
    return BodyRow(
        id=body.id,
        names=dict(body.names),
        fictional=body.fictional,
        line_days=(
            milestones.milestone_days(pack, regular=False),
            milestones.milestone_days(pack, regular=True),
        ),
    )


def agenda_row(agenda: Agenda) -> AgendaRow:
    """The row of an agenda."""
    return AgendaRow(
        id=agenda.id,
        body=agenda.body,
        session=agenda.session,
        part=agenda.part,
        type=agenda.type,
        approved_by=agenda.approved_by,
        document=agenda.document,
        stage=agenda.stage,
        items=len([item for item in agenda.items if not item.under]),
        approvals=tuple(item.approval for item in agenda.items),
        windows=agenda.window_ids,
        missing=tuple(agenda.missing_languages),
        steps={step: _step(getattr(agenda, step)) for step in STEPS},
    )


def _step(dated: DatedStep | None) -> Step | None:
    if dated is None:
        return None
    return Step(when=dated.when, attested=dated.attested, position=dated.position)


def window_row(window: Window, objecting: int) -> WindowRow:
    """The row of a window in which so many members object."""
    effective = [response for response in window.responses if response.effective]
    return WindowRow(
        id=window.id,
        body=window.body,
        subject=window.subject.type,
        titles=dict(window.subject.titles),
        agenda=window.subject.agenda,
        opened=window.opened,
        closes=window.closes,
        zone=window.deadline.zone if window.deadline else window.closes.zone,
        attested=window.attested,
        over=window.is_over,
        suspended=window.suspended,
        held=window.hold_reason,
        superseded=window.superseded,
        ended=window.ended,
        seats=window.seats,
        delivered=len(window.delivered - window.unreached_seats),
        failed=len(window.unreached_seats),
        answered=len({seat for response in effective for seat in response.response.seats}),
        objected=objecting,
        uncounted=len(window.uncounted),
        unruled=len(window.unruled),
        broken=tuple(sorted(window.broken)),
        broken_whole=window.broken_whole,
        lapsed=str(window.lapsed) if window.lapsed else "",
        doubted=window.approval_is_suspended,
        revoked=window.revoked,
        names_withheld=window.policy.names_withheld,
    )

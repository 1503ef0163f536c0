"""The rows that are kept of each stream: where it stands, from events alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from domain import milestones
from domain.agenda import Agenda
from domain.body import Body
from domain.documents import Document
from domain.messages import DatedStep, RecordedEvent
from domain.rules import RulePack
from domain.session import Session
from domain.silence import Window
from domain.silence.current_windows import current_windows
from domain.streams import Stream, StreamKind
from workflows.projections import board_order
from workflows.projections.board_order import NOWHERE, STEPS, Placement, sortable_rank

Row = Mapping[str, object]
States = Callable[[Stream], Any]
"""The state of a stream, existing or not."""

RUNNING: Final = "running"
"""Windows whose lapse the clock may record from the rank on."""
STOPPED: Final = "stopped"
"""Windows without an outcome whose clock is suspended, or which are held for review."""
TO_NOTE: Final = "to note"
"""Windows that have ended and that no meeting has noted."""
ENDED: Final = "ended"
NOT_NOTIFIED: Final = "untold"
"""Windows of whose outcome no source tells."""
WINDOWS: Final = (RUNNING, STOPPED, NOT_NOTIFIED, TO_NOTE, ENDED)
"""The places of windows, those first for which something can still be done."""
SUBMITTED: Final = "submitted"
"""Agendas with items that may be put under silence."""
NOTED: Final = frozenset({"announced at a meeting", "noted at a meeting"})
"""Manners of announcement after which a meeting has nothing more to note."""
AHEAD: Final = "ahead"
"""Windows whose silent seats are to be reminded from the rank on."""


@dataclass
class StatusRows:
    """Rows by view and key, None where one is gone; and where each of them stands."""

    rows: dict[tuple[str, str], Row | None] = field(default_factory=dict)
    places: dict[tuple[str, str], tuple[str, str, str]] = field(default_factory=dict)

    def add(
        self, view: str, key: str, row: Row | None, at: Placement = NOWHERE, *, part_of: str = ""
    ) -> None:
        """Keep a row, at a place with a rank there, as a part of something."""
        self.rows[view, key] = row
        if at != NOWHERE or part_of:
            self.places[view, key] = (*at, part_of)


def changed_streams(page: Iterable[RecordedEvent]) -> set[Stream]:
    """The streams whose rows a page of events changes."""
    return {one.stream for one in page if one.stream.kind is not StreamKind.SYMBOL}


def _raised(_: Stream, error: Exception) -> None:
    raise error


def status_rows(
    streams: Iterable[Stream],
    states: States,
    pack_of: Callable[[Body], RulePack],
    agendas_of: Callable[[str], Iterable[str]],
    *,
    objecting: Callable[[Window], int],
    unread: Callable[[Stream, Exception], None] = _raised,
) -> StatusRows:
    """The rows of streams as they stand, and the rows of the board that depend on them.

    `agendas_of` names the agendas of a session that are known already, and `objecting` says how
    many members object in a window. `unread` hears of a stream
    that cannot be read; its rows are left as they were.
    """
    made = StatusRows()
    on_board: set[str] = set()
    for stream in sorted(streams):
        rows = StatusRows()
        try:
            state = states(stream)
            _keep(rows, state, pack_of, objecting)
        except Exception as error:  # noqa: BLE001 (one stream must not stop all others)
            unread(stream, error)
            continue
        made.rows |= rows.rows
        made.places |= rows.places
        match state:
            case Agenda():
                on_board.add(state.id)
            case Window() if state.subject.agenda:
                on_board.add(state.subject.agenda)
            case Session():
                on_board.update(agendas_of(state.id))
    for name in sorted(on_board):
        _keep_on_board(made, name, states, unread)
    return made


def _keep_on_board(
    made: StatusRows, name: str, states: States, unread: Callable[[Stream, Exception], None]
) -> None:
    """The row of an agenda on the board; it stands where its window or its session wants it.

    Where one of these cannot be read, it is left where it was.
    """
    stream = Stream(StreamKind.AGENDA, name)
    try:
        agenda: Agenda = states(stream)
        if not agenda.id:
            return
        windows = []
        for window in _windows(agenda):
            stream = Stream(StreamKind.WINDOW, window)
            windows.append(states(stream))
        stream = Stream(StreamKind.SESSION, agenda.session)
        session = states(stream) if agenda.session else None
    except Exception as error:  # noqa: BLE001 (as above)
        unread(stream, error)
        return
    key = f"agenda/{agenda.id}"
    row = {"id": key, "windows": [one.id for one in current_windows(windows)]}
    made.add("board", key, row, board_order.place_agenda(agenda, windows, session))


def _keep(
    made: StatusRows,
    state: object,
    pack_of: Callable[[Body], RulePack],
    objecting: Callable[[Window], int],
) -> None:
    match state:
        case Agenda():
            at = (SUBMITTED, "") if state.items_with_approval("submitted") else NOWHERE
            made.add("agenda", state.id, _agenda(state), at, part_of=state.session)
        case Window():
            _keep_window(made, state, objecting(state))
        case Session():
            made.add("session", state.id, _session(state))
        case Body():
            made.add("body", state.id, _body(state, pack_of(state)))
        case Document():
            row = {"id": state.id, "symbol": state.symbol, "agenda": state.agenda}
            made.add("document", state.id, row, part_of=state.agenda)


def _keep_window(made: StatusRows, window: Window, objecting: int) -> None:
    made.add("window", window.id, _window(window, objecting), _of_window(window))
    if window.policy.reminder_hours:
        ahead = _of_window(window)[0] == RUNNING
        reminder = {"id": window.id} if ahead else None
        at = (AHEAD, sortable_rank(window.reminder_due_from)) if ahead else NOWHERE
        made.add("reminder", window.id, reminder, at)
    if not window.subject.agenda:
        key = f"window/{window.id}"
        row = {"id": key, "windows": [window.id]}
        made.add("board", key, row, board_order.place_window(window))


def _of_window(window: Window) -> Placement:
    """At which place a window stands among windows, and its rank there."""
    if window.is_over:
        noted = any(one.manner in NOTED for one in window.follow_up.announced)
        return (ENDED if window.attested or noted else TO_NOTE), ""
    if window.attested or not window.closes.has_hour:
        return NOT_NOTIFIED, ""
    return (STOPPED if window.suspended or window.hold_reason else RUNNING), sortable_rank(
        window.due_from
    )


def _session(session: Session) -> Row:
    return {
        "id": session.id,
        "body": session.body,
        "number": session.number,
        "starts": [str(part.starts) for part in session.parts],
        "ends": [str(part.ends) for part in session.parts],
        "venue": session.current_part.venue,
        "regular": session.regular,
        "cancelled": session.cancelled,
        "opened": [bool(part.opened) for part in session.parts],
    }


def _body(body: Body, pack: RulePack) -> Row:
    return {
        "id": body.id,
        "names": dict(body.names),
        "fictional": body.fictional,
        "line_days": [
            milestones.milestone_days(pack, regular=regular) for regular in (False, True)
        ],
    }


def _agenda(agenda: Agenda) -> Row:
    return {
        "id": agenda.id,
        "body": agenda.body,
        "session": agenda.session,
        "part": agenda.part,
        "type": agenda.type,
        "approved_by": agenda.approved_by,
        "document": agenda.document,
        "stage": agenda.stage,
        "items": len([item for item in agenda.items if not item.under]),
        "approvals": [item.approval for item in agenda.items],
        "windows": _windows(agenda),
        "missing": list(agenda.missing_languages),
        "steps": {step: _dated(getattr(agenda, step)) for step in STEPS},
    }


def _windows(agenda: Agenda) -> list[str]:
    """The windows of its items, in order of their ids."""
    return sorted({item.window for item in agenda.items if item.window})


def _dated(taken: DatedStep | None) -> Row | None:
    if taken is None:
        return None
    return {"when": str(taken.when), "attested": taken.attested, "position": taken.position}


def _window(window: Window, objecting: int) -> Row:
    counted = [one for one in window.responses if one.effective]
    return {
        "id": window.id,
        "body": window.body,
        "subject": window.subject.type,
        "titles": dict(window.subject.titles),
        "agenda": window.subject.agenda,
        "opened": str(window.opened),
        "closes": str(window.closes),
        "zone": window.deadline.zone if window.deadline else window.closes.zone,
        "attested": window.attested,
        "over": window.is_over,
        "suspended": window.suspended,
        "held": window.hold_reason,
        "superseded": window.superseded,
        "ended": str(window.ended),
        "seats": window.seats,
        "delivered": len(window.delivered - window.unreached_seats),
        "failed": len(window.unreached_seats),
        "answered": len({seat for one in counted for seat in one.response.seats}),
        "objected": objecting,
        "uncounted": len(window.uncounted),
        "unruled": len([one for one in counted if one.breaks is None]),
        "broken": sorted(window.broken),
        "broken_whole": window.broken_whole,
        "lapsed": str(window.lapsed) if window.lapsed else "",
        "doubted": window.approval_is_suspended,
        "revoked": window.revoked,
        "names_withheld": window.policy.names_withheld,
    }

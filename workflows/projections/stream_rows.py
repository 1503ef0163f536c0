"""The rows that are kept of each stream: where it stands, from events alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from domain.agenda import Agenda
from domain.body import Body
from domain.documents import Document
from domain.messages import RecordedEvent
from domain.ports.read_models import Row
from domain.rules import RulePack
from domain.session import Session
from domain.silence import Window
from domain.silence.current_windows import current_windows
from domain.streams import Stream, StreamKind
from workflows.projections import board_order, row_builders
from workflows.projections.board_order import NOWHERE, Placement, sortable_rank
from workflows.projections.rows import (
    AgendaRow,
    BoardEntryRow,
    BodyRow,
    DocumentRow,
    ReminderRow,
    SessionRow,
    UnsettledEndRow,
    WindowRow,
)

States = Callable[[Stream], Any]
"""The state of a stream, existing or not."""

RUNNING: Final = "running"
"""Windows whose lapse the clock may record from the rank on."""
STOPPED: Final = "stopped"
"""Windows without an outcome whose clock is suspended, or which are held for review."""
TO_NOTE: Final = "to note"
"""Windows that have ended and that no meeting has noted."""
ENDED: Final = "ended"
WITHOUT_HOUR: Final = "without an hour"
"""Live windows without an outcome whose deadline, as a source moved it, has no hour."""
NOT_NOTIFIED: Final = "untold"
"""Windows of whose outcome no source tells."""
WINDOWS: Final = (RUNNING, STOPPED, WITHOUT_HOUR, NOT_NOTIFIED, TO_NOTE, ENDED)
"""The places of windows, those first for which something can still be done."""
SUBMITTED: Final = "submitted"
"""Agendas with items that may be put under silence."""
NOTED: Final = frozenset({"announced at a meeting", "noted at a meeting"})
"""Manners of announcement after which a meeting has nothing more to note."""
AHEAD: Final = "ahead"
"""Windows whose silent seats are to be reminded from the rank on."""

TO_NOTIFY: Final = "to notify"
"""Windows whose end somebody may still have to be told of by letter."""


@dataclass
class StatusRows:
    """Rows by view and key, None where one is gone; and where each of them stands."""

    rows: dict[tuple[str, str], Row | None] = field(default_factory=dict)
    places: dict[tuple[str, str], tuple[str, str, str]] = field(default_factory=dict)

    def add(
        self,
        kind: type[Row],
        key: str,
        row: Row | None,
        at: Placement = NOWHERE,
        *,
        part_of: str = "",
    ) -> None:
        """Keep a row, at a place with a rank there, as a part of something."""
        self.rows[kind.view, key] = row
        if at != NOWHERE or part_of:
            self.places[kind.view, key] = (*at, part_of)


def changed_streams(page: Iterable[RecordedEvent]) -> set[Stream]:
    """The streams whose rows a page of events changes."""
    return {event.stream for event in page if event.stream.kind is not StreamKind.SYMBOL}


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
        for window in agenda.window_ids:
            stream = Stream(StreamKind.WINDOW, window)
            windows.append(states(stream))
        stream = Stream(StreamKind.SESSION, agenda.session)
        session = states(stream) if agenda.session else None
    except Exception as error:  # noqa: BLE001 (as above)
        unread(stream, error)
        return
    key = f"agenda/{agenda.id}"
    row = BoardEntryRow(id=key, windows=tuple(window.id for window in current_windows(windows)))
    made.add(BoardEntryRow, key, row, board_order.place_agenda(agenda, windows, session))


def _keep(
    made: StatusRows,
    state: object,
    pack_of: Callable[[Body], RulePack],
    objecting: Callable[[Window], int],
) -> None:
    """Keep the rows of one state, but for those of the board that depend on several."""
    match state:
        case Agenda():
            at = (SUBMITTED, "") if state.items_with_approval("submitted") else NOWHERE
            row = row_builders.agenda_row(state)
            made.add(AgendaRow, state.id, row, at, part_of=state.session)
        case Window():
            _keep_window(made, state, objecting(state))
        case Session():
            made.add(SessionRow, state.id, row_builders.session_row(state))
        case Body():
            made.add(BodyRow, state.id, row_builders.body_row(state, pack_of(state)))
        case Document():
            document = DocumentRow(id=state.id, symbol=state.symbol, agenda=state.agenda)
            made.add(DocumentRow, state.id, document, part_of=state.agenda)


def _keep_window(made: StatusRows, window: Window, objecting: int) -> None:
    at = _place_of_window(window)
    made.add(WindowRow, window.id, row_builders.window_row(window, objecting), at)
    if window.policy.reminder_hours:
        _keep_reminder(made, window, is_running=at[0] == RUNNING)
    if window.is_over and window.end_notices.by_letter:
        _keep_unsettled_end(made, window)
    if not window.subject.agenda:
        key = f"window/{window.id}"
        row = BoardEntryRow(id=key, windows=(window.id,))
        made.add(BoardEntryRow, key, row, board_order.place_window(window))


def _keep_reminder(made: StatusRows, window: Window, *, is_running: bool) -> None:
    row = ReminderRow(id=window.id) if is_running else None
    at = (AHEAD, sortable_rank(window.reminder_due_from)) if is_running else NOWHERE
    made.add(ReminderRow, window.id, row, at)


def _keep_unsettled_end(made: StatusRows, window: Window) -> None:
    unsettled = window.end_is_unsettled
    row = UnsettledEndRow(id=window.id) if unsettled else None
    at = (TO_NOTIFY, sortable_rank(window.ended.latest)) if unsettled else NOWHERE
    made.add(UnsettledEndRow, window.id, row, at)


def _place_of_window(window: Window) -> Placement:
    """At which place a window stands among windows, and its rank there."""
    if window.is_over:
        noted = any(announced.manner in NOTED for announced in window.follow_up.announced)
        return (ENDED if window.attested or noted else TO_NOTE), ""
    if window.attested:
        return NOT_NOTIFIED, ""
    if not window.closes.has_hour:
        return WITHOUT_HOUR, ""
    return (STOPPED if window.suspended or window.hold_reason else RUNNING), sortable_rank(
        window.due_from
    )

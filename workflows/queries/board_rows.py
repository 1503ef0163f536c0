"""A row of the status board, made of the rows that are kept of several streams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct, field

from domain import milestones
from domain.agenda.next_step import next_step
from domain.awaited_action import NOTHING, Awaited
from domain.milestones import Milestone
from domain.silence import Phase
from domain.times import UNKNOWN, When
from workflows.projections.rows import AgendaRow, BodyRow, SessionRow, WindowRow
from workflows.queries.related_rows import RelatedRows

RUNNING: Final = "clock running"
FINISHED: Final = "finished, or record only"


class WindowOnBoard(Struct, frozen=True, kw_only=True):
    """A window of a row, as it stands at the moment that is looked at."""

    id: str
    stands: str
    closes: When
    zone: str
    ended: When = UNKNOWN
    """When the outcome came; unknown while there is none, or where no source tells."""
    revoked: bool = False
    attested: bool = False
    awaited_from: str = ""
    awaited: str = ""


class BoardRow(Struct, frozen=True, kw_only=True):
    """One agenda, or one window that concerns no agenda.

    `windows` are all that count for it at present, nearest end first; `window`, `closes`, `zone`
    and `counts` are those of the first. Of a session that was cancelled no dates are told.
    """

    organisation: str
    kind: str
    id: str
    group: str
    names: Mapping[str, str]
    bodies: tuple[str, ...] = ()
    """The body, and the one that approves its items, where that is another."""
    titles: Mapping[str, str] = field(default_factory=dict)
    session: str = ""
    cancelled: str = ""
    """Why the session will not be held."""
    starts: When = UNKNOWN
    ends: When = UNKNOWN
    symbol: str = ""
    stands: str = ""
    awaited_from: str = ""
    awaited: str = ""
    closes: When = UNKNOWN
    zone: str = ""
    window: str = ""
    windows: tuple[WindowOnBoard, ...] = ()
    counts: Mapping[str, object] = field(default_factory=dict)
    line: Milestone | None = None
    """The next line counted back from the opening, or the last one if all are past."""
    attested: bool = False
    fictional: bool = False
    position: int = 0
    cursor: str = ""
    """Where this row stands in its group: the list goes on after it."""

    @property
    def streams(self) -> frozenset[tuple[str, str]]:
        """The streams of which it tells where something stands, by organisation."""
        names = {f"{self.kind}/{self.id}", f"window/{self.window}"}
        names |= {f"window/{window.id}" for window in self.windows}
        return frozenset((self.organisation, name) for name in names)


def board_row(
    organisation: str, key: str, related: RelatedRows, now: datetime, group: str
) -> BoardRow | None:
    """The row of the board with this key; None where its own row is not kept."""
    kind, _, name = key.partition("/")
    if kind == "agenda":
        agenda = related.agendas.get(name)
        return _of_agenda(organisation, agenda, related, now, group) if agenda else None
    window = related.windows.get(name)
    return _of_window(organisation, window, related, now, group) if window else None


def _of_window(
    organisation: str, row: WindowRow, related: RelatedRows, now: datetime, group: str
) -> BoardRow:
    shown = _shown(row, now)
    body = related.bodies.get(row.body)
    return BoardRow(
        organisation=organisation,
        kind="window",
        id=row.id,
        group=group,
        names=body.names if body else {},
        bodies=(row.body,),
        titles=row.titles,
        stands=shown.stands,
        awaited_from=shown.awaited_from,
        awaited=shown.awaited,
        closes=shown.closes,
        zone=shown.zone,
        window=row.id,
        windows=(shown,),
        counts=_counts(row),
        attested=row.attested,
        fictional=bool(body and body.fictional),
    )


def _shown(row: WindowRow, now: datetime) -> WindowOnBoard:
    awaited = row.awaited(now)
    return WindowOnBoard(
        id=row.id,
        stands=str(row.phase(now)),
        closes=row.closes,
        zone=row.zone,
        ended=row.ended,
        revoked=row.revoked,
        attested=row.attested,
        awaited_from=awaited.who,
        awaited=awaited.what,
    )


def _of_agenda(
    organisation: str, row: AgendaRow, related: RelatedRows, now: datetime, group: str
) -> BoardRow:
    session, body = related.sessions.get(row.session), related.bodies.get(row.body)
    document, entry = related.documents.get(row.document), related.entries.get(f"agenda/{row.id}")
    cancelled = _cancelled(row, session)
    held = None if cancelled else session
    names = entry.windows if entry else ()
    windows = [related.windows[name] for name in names if name in related.windows]
    first = windows[0] if windows else None
    last = row.last_step
    stands, awaited = _stage(row, first, now, cancelled=bool(cancelled))
    shown = _windows(windows, now, all_=group == RUNNING or stands in set(Phase))
    return BoardRow(
        organisation=organisation,
        kind="agenda",
        id=row.id,
        group=group,
        names=body.names if body else {},
        bodies=tuple(dict.fromkeys(filter(None, (row.body, row.approved_by)))),
        session=session.number if session else "",
        cancelled=cancelled,
        starts=_date(held.starts if held else (), row.part),
        ends=_date(held.ends if held else (), row.part),
        symbol=document.symbol if document else "",
        stands=stands,
        awaited_from=awaited.who,
        awaited=awaited.what,
        closes=shown[0].closes if shown else UNKNOWN,
        zone=shown[0].zone if shown else "",
        window=first.id if first else "",
        windows=shown,
        counts=_counts(first) if first else {},
        line=_line(row, held, body, now) if _is_unpublished(row, group) else None,
        attested=bool(last and last.attested),
        fictional=bool(body and body.fictional),
        position=last.position if last else 0,
    )


def _cancelled(row: AgendaRow, session: SessionRow | None) -> str:
    """Why the part of the session that an agenda is for is not held; empty where it is."""
    if session is None:
        return ""
    part = row.part - 1
    return "" if any(session.opened[part : part + 1]) else session.cancelled


def _windows(
    windows: Sequence[WindowRow], now: datetime, *, all_: bool
) -> tuple[WindowOnBoard, ...]:
    """The windows that a row shows: all from which something is awaited, and the last one where
    its outcome is where the agenda stands."""
    shown = (_shown(window, now) for window in windows)
    return tuple(window for window in shown if all_ or (window.awaited and not window.attested))


def _date(dates: Sequence[When], part: int) -> When:
    """The date of one part of a session; unknown where there is no such part."""
    return dates[part - 1] if 0 < part <= len(dates) else UNKNOWN


def _is_unpublished(row: AgendaRow, group: str) -> bool:
    """Whether its milestones still matter: not once it is published, nor for history."""
    return group != FINISHED and not row.steps["published"]


def _line(
    row: AgendaRow, session: SessionRow | None, body: BodyRow | None, now: datetime
) -> Milestone | None:
    """The next milestone, or the last one if all are past."""
    if not (session and body):
        return None
    opening = _date(session.starts, row.part)
    lines = milestones.milestones(opening, body.line_days[session.regular])
    ahead = [line for line in lines if line.day >= now.date()]
    return next(iter(ahead), lines[-1] if lines else None)


def _stage(
    row: AgendaRow, window: WindowRow | None, now: datetime, *, cancelled: bool
) -> tuple[str, Awaited]:
    """Where an agenda stands, and from whom what is awaited."""
    stage, last = row.stage, row.last_step
    if stage == "under silence" and window and not window.attested:
        return str(window.phase(now)), window.awaited(now)
    if stage == "under silence" and row.windows and window is None:
        return stage, NOTHING  # its window cannot be read
    attested, drafted = bool(last and last.attested), bool(row.steps["report_drafted"])
    return stage, next_step(
        stage,
        attested=attested,
        cancelled=cancelled,
        drafted=drafted,
        approvals=row.approvals,
    )


def _counts(window: WindowRow) -> dict[str, object]:
    """How many seats were asked, notified, and answered in which way."""
    return {
        "seats": window.seats,
        "notified": window.delivered,
        "delivery failed": window.failed,
        "answered": window.answered,
        "objected": window.objected,
        "uncounted": window.uncounted,
    }

"""The status board: what stands where, what is awaited, by whom, and until when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from msgspec import Struct, field, structs

from domain import milestones
from domain.milestones import Milestone
from domain.ports.read_models import HIGHEST, ReadModelReader, RowMark
from domain.rules import require
from domain.silence import Phase, Window
from domain.times import UNKNOWN, When
from workflows.projections import board_order
from workflows.projections.board_order import NEXT, sortable_rank
from workflows.projections.pagination import Cursor, ListSpan, RowPage, read_row_page
from workflows.projections.status import StatusRows

RUNNING: Final = "clock running"
WAITING: Final = "waiting for somebody"
FINISHED: Final = "finished, or record only"
GROUPS: Final = {"running": RUNNING, "waiting": WAITING, "finished": FINISHED}
"""The groups of the board in their order, by the word that stands for each in addresses."""
PASSED: Final = "passed"
"""The place of clocks that had run out at a past moment; rows that are kept never stand there."""
PAGE: Final = 50
"""How many rows of a group are shown at once."""


class BoardWindow(Struct, frozen=True, kw_only=True):
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
    windows: tuple[BoardWindow, ...] = ()
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
        names |= {f"window/{one.id}" for one in self.windows}
        return frozenset((self.organisation, name) for name in names)


class Group(Struct, frozen=True):
    """A part of the board: how many rows it has, some of them, and where others are."""

    name: str
    count: int
    rows: Sequence[BoardRow]
    earlier: Cursor | None = None
    later: Cursor | None = None


Rows = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""The status rows of one organisation: by view and key."""


@dataclass(frozen=True)
class Board:
    """The status board at one moment: what stands where, from rows kept or made anew.

    `moment` is the one that is looked at in an organisation. `now` tells clocks that run from
    those that have run out; it is EARLIEST where the rows are `settled` as of a moment.
    """

    kept: ReadModelReader
    now: datetime
    moment: Callable[[str], datetime]

    def groups(self, start: Cursor | None = None) -> list[Group]:
        """The groups in their order, or one of them from a row on.

        Raises Refused for a row that cannot be there.
        """
        return [self._group(name, start) for name in ([_named(start)] if start else GROUPS)]

    def rows(self, start: Cursor | None = None) -> Iterator[BoardRow]:
        """Every row, or every one after a row; read page by page. Raises Refused like `groups`."""
        names = [*GROUPS]
        for name in names[names.index(_named(start)) if start else 0 :]:
            group = self._group(name, start)
            yield from group.rows
            while group.later:
                group = self._group(name, group.later)
                yield from group.rows
            start = None

    def _group(self, name: str, start: Cursor | None) -> Group:
        found = read_row_page(self.kept, "board", _spans(name, self.now), PAGE, start)
        rows = self._rows(name, found)
        made = Group(GROUPS[name], self._counts[name], rows)
        if rows and found.earlier:
            made = structs.replace(
                made, earlier=structs.replace(Cursor.parse(rows[0].cursor), back=True)
            )
        if rows and found.later:
            made = structs.replace(made, later=Cursor.parse(rows[-1].cursor))
        return made

    @cached_property
    def _counts(self) -> Mapping[str, int]:
        """How many rows each group has."""
        counts = self.kept.counts("board")
        past = self.kept.count_up_to("board", board_order.CLOCK, sortable_rank(self.now))
        return {name: _count(name, counts, past) for name in GROUPS}

    def _rows(self, group: str, found: RowPage) -> list[BoardRow]:
        """The rows of a page, with what belongs to them from other views."""
        of = _related(self.kept, [mark for _, mark in found.entries])
        made = []
        for place, mark in found.entries:
            _, organisation, key = mark
            kind, _, name = key.partition("/")
            make = _agenda if kind == "agenda" else _window
            rows, now = of.get(organisation, {}), self.moment(organisation)
            if name in rows.get(kind, {}):  # else the rows are being made anew at this moment
                row = make(organisation, rows[kind][name], rows, now, GROUPS[group])
                made.append(structs.replace(row, cursor=str(Cursor(group, place, mark))))
        return made


def _named(start: Cursor) -> str:
    """The group in which a row is. Raises Refused for one that is none."""
    require("known", start.group in GROUPS, f"no page {str(start)[:80]}")
    return start.group


def rows_as_of(kept: StatusRows, moment: datetime) -> StatusRows:
    """Rows made from a log as it stood, at the places where they stood at that moment (UTC)."""
    passed = {
        name: (PASSED, rank, part_of)
        for name, (place, rank, part_of) in kept.places.items()
        if name[0] == "board" and place == board_order.CLOCK and rank <= sortable_rank(moment)
    }
    return StatusRows(kept.rows, kept.places | passed)


def _spans(group: str, now: datetime) -> tuple[ListSpan, ...]:
    """What a group consists of: running clocks, nearest end first; the newest of what is over."""
    passed = (sortable_rank(now), HIGHEST, HIGHEST)
    return {
        "running": (ListSpan(board_order.CLOCK, after=passed), ListSpan(board_order.STOPPED)),
        "waiting": (
            ListSpan(PASSED),
            ListSpan(board_order.CLOCK, before=passed),
            ListSpan(board_order.WAITING),
        ),
        "finished": (ListSpan(board_order.FINISHED, backwards=True),),
    }[group]


def _count(group: str, counts: Mapping[str, int], past: int) -> int:
    clocks, stopped = counts.get(board_order.CLOCK, 0), counts.get(board_order.STOPPED, 0)
    return {
        "running": clocks - past + stopped,
        "waiting": counts.get(PASSED, 0) + past + counts.get(board_order.WAITING, 0),
        "finished": counts.get(board_order.FINISHED, 0),
    }[group]


def _related(
    kept: ReadModelReader, marks: Iterable[RowMark]
) -> dict[str, dict[str, dict[str, Any]]]:
    """By organisation, view and key: agendas and windows, and the rows that these name."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    named: dict[str, set[tuple[str, str]]] = {view: set() for view in JOINED}
    for _, organisation, key in marks:
        kind, _, name = key.partition("/")
        named["board"].add((organisation, key))
        named[kind].add((organisation, name))
    for view in JOINED:
        for (organisation, key), row in kept.rows_named(view, sorted(named[view])).items():
            found.setdefault(organisation, {one: {} for one in JOINED})[view][key] = row
            for other, name in _names(view, row):
                named[other].add((organisation, name))
    return found


JOINED: Final = ("board", "agenda", "window", "session", "document", "body")
"""The views of which a row of the board is made; each names rows of later ones only."""


def _names(view: str, row: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """The rows that a row of the board, an agenda or a window names, by view."""
    if view == "board":
        yield from (("window", name) for name in row["windows"])
    if view == "agenda":
        yield "session", row["session"]
        yield "document", row["document"]
    if view in {"agenda", "window"}:
        yield "body", row["body"]


def phase(row: Mapping[str, Any], now: datetime) -> str:
    """Where a window's row stands at `now`; the same words as the window itself."""
    closes = When.from_stored(row["closes"])
    told: Iterable[tuple[object, Phase]] = (
        (row["superseded"], Phase.SUPERSEDED),
        (row["doubted"], Phase.APPROVAL_SUSPENDED),
        (row["broken_whole"] or row["revoked"], Phase.BROKEN),
        (row["lapsed"] and row["broken"], Phase.PARTLY_APPROVED),
        (row["lapsed"], Phase.APPROVED),
        (row["suspended"], Phase.SUSPENDED),
        (row["held"], Phase.HELD),
        (row["attested"] and not (closes.has_hour and now < closes.latest), Phase.UNKNOWN),
        (now < closes.latest, Phase.OPEN),
    )
    return str(next((word for held, word in told if held), Phase.BEING_VERIFIED))


def _window(
    organisation: str, row: Mapping[str, Any], of: Rows, now: datetime, group: str
) -> BoardRow:
    shown = _shown(row, now)
    return BoardRow(
        organisation=organisation,
        kind="window",
        id=row["id"],
        group=group,
        names=_called(row["body"], of),
        titles=row["titles"],
        stands=shown.stands,
        awaited_from=shown.awaited_from,
        awaited=shown.awaited,
        closes=shown.closes,
        zone=shown.zone,
        window=row["id"],
        windows=(shown,),
        counts=_counts(row),
        attested=row["attested"],
        fictional=_fictional(row["body"], of),
    )


def _shown(row: Mapping[str, Any], now: datetime) -> BoardWindow:
    stands = phase(row, now)
    who, what = _awaited_of_window(stands, row)
    return BoardWindow(
        id=row["id"],
        stands=stands,
        closes=When.from_stored(row["closes"]),
        zone=row["zone"],
        ended=When.from_stored(row["ended"]),
        revoked=row["revoked"],
        attested=row["attested"],
        awaited_from=who,
        awaited=what,
    )


def _agenda(
    organisation: str, row: Mapping[str, Any], of: Rows, now: datetime, group: str
) -> BoardRow:
    session = of["session"].get(row["session"], {})
    part = row["part"] - 1
    opened = any(session.get("opened", ())[part : part + 1])
    cancelled = "" if opened else session.get("cancelled", "")
    held = session if not cancelled else {}
    names = of["board"].get(f"agenda/{row['id']}", {}).get("windows", ())
    windows = [of["window"][name] for name in names if name in of["window"]]
    first = windows[0] if windows else None
    attested = bool(_last(row) and _last(row)["attested"])
    stands, who, what = _stage(row, first, now, attested=attested, cancelled=bool(cancelled))
    shown = _told_of(windows, now, asked=group == RUNNING or stands in set(Phase))
    return BoardRow(
        organisation=organisation,
        kind="agenda",
        id=row["id"],
        group=group,
        names=_called(row["body"], of),
        session=session.get("number", ""),
        cancelled=cancelled,
        starts=_date(held, "starts", part),
        ends=_date(held, "ends", part),
        symbol=of["document"].get(row["document"], {}).get("symbol", ""),
        stands=stands,
        awaited_from=who,
        awaited=what,
        closes=shown[0].closes if shown else UNKNOWN,
        zone=shown[0].zone if shown else "",
        window=first["id"] if first else "",
        windows=shown,
        counts=_counts(first) if first else {},
        line=_line(row, held, of, now) if _unpublished(row, group) else None,
        attested=attested,
        fictional=_fictional(row["body"], of),
        position=_last(row).get("position", 0),
    )


def _told_of(
    windows: Sequence[Mapping[str, Any]], now: datetime, *, asked: bool
) -> tuple[BoardWindow, ...]:
    """The windows of which a row tells: all from which something is awaited, and the last one
    where its outcome is where the agenda stands."""
    shown = (_shown(one, now) for one in windows)
    return tuple(one for one in shown if asked or (one.awaited and not one.attested))


def _date(session: Mapping[str, Any], which: str, part: int) -> When:
    """A date of one part of a session; unknown where there is no such part."""
    told = session.get(which, ())
    return When.from_stored(told[part]) if 0 <= part < len(told) else UNKNOWN


def _unpublished(row: Mapping[str, Any], group: str) -> bool:
    """Whether its lines still matter: not once it is out, nor for history."""
    return group != FINISHED and not row["steps"]["published"]


def _line(
    row: Mapping[str, Any], session: Mapping[str, Any], of: Rows, now: datetime
) -> Milestone | None:
    body = of["body"].get(row["body"])
    if not (session and body):
        return None
    opening = _date(session, "starts", row["part"] - 1)
    drawn = milestones.milestones(opening, body["line_days"][session["regular"]])
    ahead = [line for line in drawn if line.day >= now.date()]
    return next(iter(ahead), drawn[-1] if drawn else None)


def _stage(
    row: Mapping[str, Any],
    window: Mapping[str, Any] | None,
    now: datetime,
    *,
    attested: bool,
    cancelled: bool,
) -> tuple[str, str, str]:
    """Where an agenda stands, and from whom what is awaited."""
    stage = row["stage"]
    if stage == "under silence" and window and not window["attested"]:
        stands = phase(window, now)
        return (stands, *_awaited_of_window(stands, window))
    if stage == "under silence" and row["windows"] and window is None:
        return stage, "", ""  # its window cannot be read
    if attested and not cancelled:
        missing = "" if stage == "report adopted" else "a source for what came next"
        return stage, "secretariat" if missing else "", missing
    return (stage, "", "") if cancelled else (stage, *NEXT.get(stage, ("", "")))


def _awaited_of_window(stands: str, row: Mapping[str, Any]) -> tuple[str, str]:
    return awaited_in(stands, unruled=bool(row["unruled"]))


def awaited_of(window: Window, now: datetime) -> tuple[str, str]:
    """From whom a window awaits what at `now` (UTC)."""
    unruled = any(one.effective and one.breaks is None for one in window.responses)
    return awaited_in(str(window.phase(now)), unruled=unruled)


def awaited_in(stands: str, *, unruled: bool = False) -> tuple[str, str]:
    """From whom a window in this phase awaits what; empty when it awaits nothing.

    A ruling comes before anything else, since nothing ends without it.
    """
    if unruled and stands in {Phase.OPEN, Phase.HELD, Phase.BEING_VERIFIED}:
        return "presiding officer", "a ruling on a response"
    return {
        str(Phase.OPEN): ("seat", "an answer, or silence until the deadline"),
        str(Phase.SUSPENDED): ("presiding officer", "resumption with a new deadline"),
        str(Phase.BEING_VERIFIED): ("silence clock", "the record, once nothing is in doubt"),
        str(Phase.HELD): ("presiding officer", "a review of what is in doubt"),
        str(Phase.APPROVAL_SUSPENDED): ("presiding officer", "a ruling by two persons"),
    }.get(stands, ("", ""))


def _last(row: Mapping[str, Any]) -> Mapping[str, Any]:
    taken = [step for step in row["steps"].values() if step]
    return max(taken, key=lambda step: step["position"], default={})


def _counts(window: Mapping[str, Any]) -> dict[str, object]:
    return {
        "seats": window["seats"],
        "notified": window["delivered"],
        "delivery failed": window["failed"],
        "answered": window["answered"],
        "objected": window["objected"],
        "uncounted": window["uncounted"],
    }


def _called(body: str, of: Rows) -> Mapping[str, str]:
    found: Mapping[str, str] = of["body"].get(body, {}).get("names", {})
    return found


def _fictional(body: str, of: Rows) -> bool:
    return bool(of["body"].get(body, {}).get("fictional"))

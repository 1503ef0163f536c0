"""The status board: what stands where, what is awaited, by whom, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain import planning
from domain.planning import Line
from domain.silence import Phase
from domain.times import UNKNOWN, When

RUNNING = "clock running"
WAITING = "waiting for somebody"
FINISHED = "finished, or record only"


@dataclass(frozen=True, kw_only=True)
class BoardRow:
    """One agenda, or one window that concerns no agenda."""

    organisation: str
    kind: str
    id: str
    group: str
    names: Mapping[str, str]
    titles: Mapping[str, str] = field(default_factory=dict)
    session: str = ""
    starts: When = UNKNOWN
    ends: When = UNKNOWN
    symbol: str = ""
    stands: str = ""
    awaited_from: str = ""
    awaited: str = ""
    closes: When = UNKNOWN
    zone: str = ""
    window: str = ""
    counts: Mapping[str, object] = field(default_factory=dict)
    line: Line | None = None
    """The next line counted back from the opening, or the last one if all are past."""
    attested: bool = False
    fictional: bool = False
    position: int = 0


Rows = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""The status rows of one organisation: by view and key."""


def rows(organisation: str, of: Rows, now: datetime) -> list[BoardRow]:
    """The board of one organisation at `now` (UTC): running clocks first, nearest end first."""
    made = [_agenda(organisation, row, of, now) for row in of["agenda"].values()]
    made += [
        _window(organisation, row, of, now) for row in of["window"].values() if not row["agenda"]
    ]
    return sorted(made, key=order)


def order(row: BoardRow) -> tuple[object, ...]:
    """Running clocks first, nearest end first; then what waits; the newest of the rest first."""
    rank = (RUNNING, WAITING, FINISHED).index(row.group)
    near = row.closes.latest if row.group == RUNNING else row.starts.latest
    return rank, near, row.organisation, row.id


def phase(row: Mapping[str, Any], now: datetime) -> str:
    """Where a window's row stands at `now`; the same words as the window itself."""
    closes = When(row["closes"])
    told: Iterable[tuple[object, Phase]] = (
        (row["superseded"], Phase.SUPERSEDED),
        (row["doubted"], Phase.APPROVAL_SUSPENDED),
        (row["broken_whole"] or row["revoked"], Phase.BROKEN),
        (row["lapsed"] and row["broken"], Phase.PARTLY_APPROVED),
        (row["lapsed"], Phase.APPROVED),
        (row["suspended"], Phase.SUSPENDED),
        (row["held"], Phase.HELD),
        (row["attested"] and not (closes.hourly and now < closes.latest), Phase.UNKNOWN),
        (now < closes.latest, Phase.OPEN),
    )
    return str(next((word for held, word in told if held), Phase.BEING_VERIFIED))


def _window(organisation: str, row: Mapping[str, Any], of: Rows, now: datetime) -> BoardRow:
    stands = phase(row, now)
    awaited_from, awaited = _awaited_of_window(stands, row)
    running = stands in {Phase.OPEN, Phase.SUSPENDED} and not row["attested"]
    return BoardRow(
        organisation=organisation,
        kind="window",
        id=row["id"],
        group=RUNNING if running else FINISHED if row["over"] or row["attested"] else WAITING,
        names=_names(row["body"], of),
        titles=row["titles"],
        stands=stands,
        awaited_from=awaited_from,
        awaited=awaited,
        closes=When(row["closes"]),
        zone=row["zone"],
        window=row["id"],
        counts=_counts(row),
        attested=row["attested"],
        fictional=_fictional(row["body"], of),
    )


def _agenda(organisation: str, row: Mapping[str, Any], of: Rows, now: datetime) -> BoardRow:
    session = of["session"].get(row["session"], {})
    part = row["part"] - 1
    window = of["window"].get((row["windows"] or [""])[-1])
    for name in row["windows"]:
        one = of["window"].get(name)  # none where nothing of it could be read
        if one and not one["over"]:
            window = one
    attested = bool(_last(row) and _last(row)["attested"])
    stands, who, what, group = _stage(row, window, now, attested=attested)
    live = window if group == RUNNING or stands in set(Phase) else None
    return BoardRow(
        organisation=organisation,
        kind="agenda",
        id=row["id"],
        group=group,
        names=_names(row["body"], of),
        session=session.get("number", ""),
        starts=When(session["starts"][part]) if session else UNKNOWN,
        ends=When(session["ends"][part]) if session else UNKNOWN,
        symbol=of["document"].get(row["document"], {}).get("symbol", ""),
        stands=stands,
        awaited_from=who,
        awaited=what,
        closes=When(live["closes"]) if live else UNKNOWN,
        zone=live["zone"] if live else "",
        window=window["id"] if window else "",
        counts=_counts(window) if window else {},
        line=_line(row, session, now) if _unpublished(row, group) else None,
        attested=attested,
        fictional=_fictional(row["body"], of),
        position=_last(row).get("position", 0),
    )


def _unpublished(row: Mapping[str, Any], group: str) -> bool:
    """Whether its lines still matter: not once it is out, nor for history."""
    return group != FINISHED and not row["steps"]["published"]


def _line(row: Mapping[str, Any], session: Mapping[str, Any], now: datetime) -> Line | None:
    if not session:
        return None
    opening = When(session["starts"][row["part"] - 1])
    drawn = planning.lines(opening, row["line_days"][session["regular"]])
    ahead = [line for line in drawn if line.day >= now.date()]
    return next(iter(ahead), drawn[-1] if drawn else None)


NEXT = {
    "started": ("secretariat", "proposed items"),
    "proposed": ("secretariat", "submission of the items"),
    "submitted": ("secretariat", "opening of the silence procedure"),
    "not approved": ("presiding officer", "an amended text, or referral to the meeting"),
    "partly approved": ("presiding officer", "what becomes of the other items"),
    "approval suspended": ("presiding officer", "a ruling by two persons"),
    "approved": ("document services", "publication in all required languages"),
    "published": ("body", "adoption of the agenda"),
    "adopted": ("body", "adoption of the report"),
    "report adopted": ("", ""),
}


def _stage(
    row: Mapping[str, Any], window: Mapping[str, Any] | None, now: datetime, *, attested: bool
) -> tuple[str, str, str, str]:
    """Where an agenda stands, from whom what is awaited, and its group on the board."""
    stage = row["stage"]
    if stage == "under silence" and window and not window["attested"]:
        stands = phase(window, now)
        group = RUNNING if stands in {Phase.OPEN, Phase.SUSPENDED} else WAITING
        return (stands, *_awaited_of_window(stands, window), group)
    if stage == "under silence" and row["windows"] and window is None:
        return stage, "", "", WAITING
    if attested:
        missing = "" if stage == "report adopted" else "a source for what came next"
        return stage, "secretariat" if missing else "", missing, FINISHED
    who, what = NEXT.get(stage, ("", ""))
    return stage, who, what, WAITING if who else FINISHED


def _awaited_of_window(stands: str, row: Mapping[str, Any]) -> tuple[str, str]:
    """From whom what is awaited; a ruling before anything else, since nothing ends without it."""
    if row["unruled"] and stands in {Phase.OPEN, Phase.HELD, Phase.BEING_VERIFIED}:
        return "presiding officer", "a ruling on a response"
    return awaited_in(stands)


def awaited_in(stands: str) -> tuple[str, str]:
    """From whom a window in this phase awaits what; empty when it awaits nothing."""
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
    }


def _names(body: str, of: Rows) -> Mapping[str, str]:
    found: Mapping[str, str] = of["body"].get(body, {}).get("names", {})
    return found


def _fictional(body: str, of: Rows) -> bool:
    return bool(of["body"].get(body, {}).get("fictional"))

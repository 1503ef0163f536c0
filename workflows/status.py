"""The status board's rows: where each agenda and each window stands, from its events alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from domain import planning
from domain.agenda import Agenda
from domain.body import Body
from domain.documents import Document
from domain.facts import Dated, Kind, Recorded, Stream
from domain.rules import RulePack
from domain.session import Session
from domain.silence import Window
from domain.times import UNKNOWN
from domain.world import World

Row = Mapping[str, object]

VIEWS: Final = ("agenda", "window", "deadline", "session", "body", "document")


def touched(page: Iterable[Recorded]) -> set[Stream]:
    """The streams whose rows a page of events changes."""
    return {one.stream for one in page if one.stream.kind is not Kind.SYMBOL}


def rows(stream: Stream, world: World) -> dict[tuple[str, str], Row | None]:
    """The rows of one stream as it stands: by view and key; None takes a row away."""
    state = world.state(stream)
    made = {(str(stream.kind), stream.id): _row(state, world)}
    if isinstance(state, Window):
        running = not state.over and not state.attested and state.closes.hourly
        row = {"closes": state.closes.latest.isoformat(), "id": state.id}
        made["deadline", stream.id] = row if running else None
    return made


def _row(state: object, world: World) -> Row | None:
    match state:
        case Agenda():
            return _agenda(state, world.pack_of(world.body(state.body), UNKNOWN))
        case Window():
            return _window(state)
        case Session():
            return {
                "id": state.id,
                "body": state.body,
                "number": state.number,
                "starts": [str(part.starts) for part in state.parts],
                "ends": [str(part.ends) for part in state.parts],
                "venue": state.current.venue,
                "regular": state.regular,
                "cancelled": state.cancelled,
            }
        case Body():
            return {"id": state.id, "names": dict(state.names), "fictional": state.fictional}
        case Document():
            return {"id": state.id, "symbol": state.symbol, "agenda": state.agenda}
    return None


def _agenda(agenda: Agenda, pack: RulePack) -> Row:
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
        "windows": sorted({item.window for item in agenda.items if item.window}),
        "line_days": [planning.counts(pack, regular=regular) for regular in (False, True)],
        "missing": list(agenda.missing_languages),
        "steps": {step: _dated(getattr(agenda, step)) for step in STEPS},
    }


STEPS: Final = (
    "proposed",
    "submitted",
    "silence",
    "approved",
    "masthead",
    "published",
    "adopted",
    "report_drafted",
    "report_adopted",
)


def _dated(taken: Dated | None) -> Row | None:
    if taken is None:
        return None
    return {"when": str(taken.when), "attested": taken.attested, "position": taken.position}


def _window(window: Window) -> Row:
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
        "over": window.over,
        "suspended": window.suspended,
        "held": window.held,
        "superseded": window.superseded,
        "seats": window.seats,
        "delivered": len(window.delivered),
        "failed": len(window.failed),
        "answered": len({seat for one in counted for seat in one.response.seats}),
        "objected": len([one for one in counted if one.breaks]),
        "unruled": len([one for one in counted if one.breaks is None]),
        "broken": sorted(window.broken),
        "broken_whole": window.broken_whole,
        "lapsed": str(window.lapsed) if window.lapsed else "",
        "doubted": window.doubted,
        "revoked": window.revoked,
        "names_withheld": window.policy.names_withheld,
    }

"""Followers: read the log in order, fold each page, and keep rows and position together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, Protocol

from domain.body import Body
from domain.decision_context import DecisionContext
from domain.ports.errors import ParkedStream, Unavailable, VersionConflict
from domain.ports.event_store import EventLog, History
from domain.rules import RulePack
from domain.silence.objection_tally import Voices
from domain.streams import Stream, StreamKind
from domain.times import UNKNOWN
from workflows.projections import log_pages, parking, status
from workflows.projections.parking import VIEW, Alarm, Backoff
from workflows.projections.state_fold import StateFold, States

PAGE = 1_000
FOLLOWER: Final = "status"
AHEAD: Final = (
    "The rows have read further than the log of {} goes: an older copy of the log was put in its"
    " place. See `placet status`, and `placet store restored`."
)


class Views(Protocol):
    """Rows made from the log; they can be made anew at any time."""

    def position(self, follower: str, organisation: str) -> int:
        """Up to which position this follower has kept its rows; 0 at the start."""

    def rows(self, table: str, organisation: str | None = None) -> Iterator[Mapping[str, Any]]:
        """The rows of one view; each holds its id."""

    def keep(
        self,
        follower: str,
        organisation: str,
        position: int,
        rows: Mapping[tuple[str, str], Mapping[str, object] | None],
        *,
        places: Mapping[tuple[str, str], tuple[str, str, str]],
        after: int | None = None,
    ) -> None:
        """Keep rows and position in one transaction; None takes a row away.

        `places` says of rows at which place of their view they stand, with which rank, and of
        what they are a part. Raises VersionConflict, and keeps nothing, when the follower no
        longer stands at `after`. At the position where it stands, rows are kept only with this
        very `after`.
        """

    def rows_part_of(
        self, view: str, organisation: str, whole: str
    ) -> Sequence[Mapping[str, object]]:
        """The rows of a view that are a part of `whole`; each holds its id."""


class ViewsAheadOfLog(Unavailable):
    """The rows know a later log than the one that is there."""


class SilentAlarm:
    """An alarm that nobody hears, for rows that are made in passing."""

    def error(self, event: str, **values: object) -> None: ...

    def info(self, event: str, **values: object) -> None: ...


def catch_up(
    log: EventLog,
    views: Views,
    world_of: Callable[[History], DecisionContext],
    *,
    folded: StateFold | None = None,
    told: Callable[[str, int, int], None] | None = None,
    alarm: Alarm | None = None,
    again: Backoff | None = None,
    enough: Callable[[], bool] = lambda: False,
) -> int:
    """Bring the status rows up to the end of every organisation's log; the number of events read.

    `folded` is what was folded the last time, for these views. A stream that cannot be read is
    parked with an `alarm`, and tried again when `again` says so. `told` hears of progress:
    organisation, position reached, last position. Between two pages it ends early when it is
    `enough`. Raises Unavailable, and Ahead for rows that know a later log.
    """
    folded, count = StateFold() if folded is None else folded, 0
    for organisation in log.organisations():
        history = log.history(organisation)
        rows = _Rows(views, world_of(history), organisation, alarm or SilentAlarm())
        stands, last = views.position(FOLLOWER, organisation), history.last_position()
        if stands > last:
            raise ViewsAheadOfLog(AHEAD.format(organisation))
        while not enough() and (
            page := log_pages.read_log_page(
                history, start := views.position(FOLLOWER, organisation), PAGE
            )
        ):
            rows.make(page.first_positions, folded.advance(history, start, page))
            with suppress(VersionConflict):  # another follower was faster: read on from there
                rows.keep(page.end, after=start)
            count += page.size
            if told:
                told(organisation, page.end, max(last, page.end))
        if again and not enough():
            rows.try_again(history, again)
    return count


class _Rows:
    """The rows of one organisation as they are made, and which of its streams are parked."""

    def __init__(
        self, views: Views, world: DecisionContext, organisation: str, alarm: Alarm
    ) -> None:
        self._views, self._world = views, world
        self._organisation, self._alarm = organisation, alarm
        self._made = status.StatusRows()
        self._fresh: list[ParkedStream] = []
        self._mended: list[ParkedStream] = []

    def make(self, touched: Mapping[str, int], states: States) -> None:
        """Make the rows of streams, each with the position of its first new event.

        What cannot be read is parked: its rows stay as they were, and it is noted.
        """
        known = parking.parked_streams(self._views, self._organisation)
        self._fresh, self._mended = [], []
        unread: dict[str, str] = {}
        self._made = status.status_rows(
            map(Stream.parse, touched),
            states,
            self._pack_of,
            self._agendas_of,
            objecting=lambda window: len(Voices.of_window(window, self._world).objecting_members()),
            unread=lambda stream, error: unread.update(
                {str(stream): parking.unreadable_reason(error)}
            ),
        )
        newest = max(touched.values(), default=0)
        for stream, reason in unread.items():
            self._park(stream, touched.get(stream, newest), reason, known.get(stream))
        for stream in touched.keys() & known.keys() - unread.keys():
            self._free(known[stream])

    def keep(self, position: int, *, after: int) -> None:
        """Keep what was made, then raise and end alarms. Raises VersionConflict."""
        self._views.keep(
            FOLLOWER,
            self._organisation,
            position,
            self._made.rows,
            places=self._made.places,
            after=after,
        )
        for one in self._fresh:
            parking.raise_alarm(self._alarm, FOLLOWER, one)
        for one in self._mended:
            parking.clear_alarm(self._alarm, FOLLOWER, one)

    def try_again(self, history: History, again: Backoff) -> None:
        """Try what is parked once more, if it is time for that."""
        known = parking.parked_streams(self._views, self._organisation)
        if not known:
            again.forget(self._organisation)
            return
        if not again.due(self._organisation):
            return
        stands = self._views.position(FOLLOWER, self._organisation)
        self.make(
            {one.stream: one.position for one in known.values()},
            StateFold().states_at(history, stands),
        )
        with suppress(VersionConflict):  # whoever read on meanwhile tries again later
            self.keep(stands, after=stands)

    def _park(self, stream: str, position: int, reason: str, known: ParkedStream | None) -> None:
        one = ParkedStream(
            organisation=self._organisation,
            stream=stream,
            position=known.position if known else position,
            because=reason,
        )
        if one != known:
            self._fresh.append(one)
        self._made.add(VIEW, stream, parking.parked_row(one))

    def _free(self, known: ParkedStream) -> None:
        self._mended.append(known)
        self._made.add(VIEW, known.stream, None)

    def _pack_of(self, body: Body) -> RulePack:
        return self._world.pack_of(body, UNKNOWN)

    def _agendas_of(self, session: str) -> Iterator[str]:
        found = self._views.rows_part_of("agenda", self._organisation, session)
        return (str(row["id"]) for row in found)


def parked_ids(parked: Iterable[ParkedStream], kind: StreamKind) -> list[str]:
    """The ids of the streams of one kind among those that are parked."""
    return [one.stream.partition("/")[2] for one in parked if one.stream.startswith(f"{kind}/")]

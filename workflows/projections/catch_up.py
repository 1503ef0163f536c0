"""Catch-up of a projection: read the log in order, fold each page, keep rows with the position."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Final

from domain.body import Body
from domain.decision_context import DecisionContext
from domain.messages import FoldableEvent
from domain.ports.errors import ParkedStream, Unavailable, VersionConflict
from domain.ports.event_store import EventLog, History
from domain.ports.read_models import Views
from domain.rules import RulePack
from domain.silence.objection_tally import Voices
from domain.streams import Stream, StreamKind
from domain.times import UNKNOWN
from workflows.projections import log_pages, parking, stream_rows
from workflows.projections.log_pages import LogPage
from workflows.projections.parking import Alarm, Backoff
from workflows.projections.rows import AgendaRow, ParkedRow
from workflows.projections.state_fold import StateFold, States

PAGE = 1_000
END: Final = 2**62
"""No bound for reading on: the end of the log."""
FOLLOWER: Final = "status"
AHEAD: Final = (
    "The rows have read further than the log of {} goes: an older copy of the log was put in its"
    " place. See `placet status`, and `placet store restored`."
)


ProgressCallback = Callable[[str, int, int], None]
"""Hears of progress: organisation, position reached, last position."""


class ViewsAheadOfLog(Unavailable):
    """The rows know a later log than the one that is there."""


class SilentAlarm:
    """An alarm that goes nowhere, for rows that are made in passing."""

    def error(self, event: str, **values: object) -> None: ...

    def info(self, event: str, **values: object) -> None: ...


def catch_up(
    log: EventLog,
    views: Views,
    world_of: Callable[[History], DecisionContext],
    *,
    folded: StateFold | None = None,
    on_progress: ProgressCallback | None = None,
    alarm: Alarm | None = None,
    again: Backoff | None = None,
    enough: Callable[[], bool] = lambda: False,
) -> int:
    """Bring the status rows up to the end of every organisation's log; the number of events read.

    `folded` is what was folded the last time, for these views. A stream that cannot be read is
    parked with an `alarm`, and tried again when `again` says so. Between two pages it ends early
    when it is `enough`. Raises Unavailable, and ViewsAheadOfLog for rows that know a later log.
    """
    folded, count = StateFold() if folded is None else folded, 0
    for organisation in log.organisations():
        history = log.history(organisation)
        follower = Follower(history, views, world_of, folded=folded, alarm=alarm)
        count += follower.follow(on_progress=on_progress, enough=enough)
        if again and not enough():
            follower.try_again(again)
    return count


class Follower:
    """Follows the log of one organisation, and keeps the rows of its streams."""

    def __init__(
        self,
        history: History,
        views: Views,
        world_of: Callable[[History], DecisionContext],
        *,
        folded: StateFold | None = None,
        alarm: Alarm | None = None,
    ) -> None:
        self._history, self._views = history, views
        self._folded = StateFold() if folded is None else folded
        self._rows = _Rows(views, world_of(history), history.organisation, alarm or SilentAlarm())

    @property
    def position(self) -> int:
        """The position up to which rows are kept."""
        return self._views.position(FOLLOWER, self._history.organisation)

    def follow(
        self,
        *,
        until: int = END,
        on_progress: ProgressCallback | None = None,
        enough: Callable[[], bool] = lambda: False,
    ) -> int:
        """Read on, not further than `until`; see `catch_up`."""
        history, last, count = self._history, self._history.last_position(), 0
        if self.position > last:
            raise ViewsAheadOfLog(AHEAD.format(history.organisation))
        while not enough() and (page := self._next_page(start := self.position, until)):
            self._rows.make(page.first_positions, self._folded.advance(history, start, page))
            with suppress(VersionConflict):  # another follower was faster: read on from there
                self._rows.keep(page.end, after=start)
            count += page.size
            if on_progress:
                on_progress(history.organisation, page.end, max(last, page.end))
        return count

    def try_again(self, again: Backoff) -> None:
        """Try what is parked once more, if it is time for that."""
        organisation = self._history.organisation
        known = parking.parked_streams(self._views, organisation)
        if not known:
            again.forget(organisation)
        elif again.due(organisation):
            places = {Stream.parse(parked.stream): parked.position for parked in known.values()}
            with suppress(VersionConflict):  # a process that read on meanwhile tries again later
                self.make_again(places)

    def make_again(self, places: Mapping[Stream, int]) -> None:
        """Make the rows of streams once more, as of the position up to which rows are kept.

        Each stream has a position from which it may be unreadable. Raises VersionConflict.
        """
        stands = self.position
        self._rows.make(places, StateFold().states_at(self._history, stands))
        self._rows.keep(stands, after=stands)

    def _next_page(self, start: int, until: int) -> LogPage[FoldableEvent]:
        limit = min(PAGE, until - start)
        return log_pages.read_log_page(self._history.foldable_since, start, limit)


class _Rows:
    """The rows of one organisation as they are made, and which of its streams are parked."""

    def __init__(
        self, views: Views, world: DecisionContext, organisation: str, alarm: Alarm
    ) -> None:
        self._views, self._world = views, world
        self._organisation, self._alarm = organisation, alarm
        self._made = stream_rows.StatusRows()
        self._newly_parked: list[ParkedStream] = []
        self._unparked: list[ParkedStream] = []

    def make(self, touched: Mapping[Stream, int], states: States) -> None:
        """Make the rows of streams, each with the position of its first new event.

        What cannot be read is parked: its rows stay as they were, and it is noted.
        """
        known = parking.parked_streams(self._views, self._organisation)
        self._newly_parked, self._unparked = [], []
        unread: dict[Stream, str] = {}
        self._made = stream_rows.status_rows(
            touched,
            states,
            self._pack_of,
            self._agendas_of,
            objecting=lambda window: len(Voices.of_window(window, self._world).objecting_members()),
            unread=lambda stream, error: unread.update({stream: parking.unreadable_reason(error)}),
        )
        newest = max(touched.values(), default=0)
        for stream, reason in unread.items():
            parked = known.get(str(stream))
            self._park(str(stream), touched.get(stream, newest), reason, parked)
        for name, parked in known.items():
            if (stream := Stream.parse(name)) in touched and stream not in unread:
                self._free(parked)

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
        for stream in self._newly_parked:
            parking.raise_alarm(self._alarm, FOLLOWER, stream)
        for stream in self._unparked:
            parking.clear_alarm(self._alarm, FOLLOWER, stream)

    def _park(self, stream: str, position: int, reason: str, known: ParkedStream | None) -> None:
        parked = ParkedStream(
            organisation=self._organisation,
            stream=stream,
            position=known.position if known else position,
            because=reason,
        )
        if parked != known:
            self._newly_parked.append(parked)
        self._made.add(ParkedRow, stream, parking.parked_row(parked))

    def _free(self, known: ParkedStream) -> None:
        self._unparked.append(known)
        self._made.add(ParkedRow, known.stream, None)

    def _pack_of(self, body: Body) -> RulePack:
        return self._world.pack_of(body, UNKNOWN)

    def _agendas_of(self, session: str) -> Iterator[str]:
        found = self._views.rows_part_of(AgendaRow, self._organisation, session)
        return (row.id for row in found)


def parked_ids(parked: Iterable[ParkedStream], kind: StreamKind) -> list[str]:
    """The ids of the streams of one kind among those that are parked."""
    names = [stream.stream for stream in parked if stream.stream.startswith(f"{kind}/")]
    return [name.partition("/")[2] for name in names]

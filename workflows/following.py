"""Followers: read the log in order, fold each page, and keep rows and position together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final, Protocol

from domain.facts import Kind, Stream
from domain.ports import ChangedMeanwhile, History, Log, Parked, Unavailable
from domain.world import World
from workflows import legible, parking, status
from workflows.parking import VIEW, Alarm, Patience

PAGE = 1_000
FOLLOWER: Final = "status"
AHEAD: Final = (
    "The rows have read further than the log of {} goes: an older copy of the log was put in its"
    " place. See `placet status`, and `placet store restored`."
)

Rows = dict[tuple[str, str], Mapping[str, object] | None]
"""By view and key; None takes a row away."""


class Views(Protocol):
    """Rows made from the log; they can be made anew at any time."""

    def position(self, follower: str, organisation: str) -> int:
        """Up to which position this follower has kept its rows; 0 at the start."""

    def rows(self, table: str, organisation: str | None = None) -> Iterator[Mapping[str, Any]]:
        """The rows of one view."""

    def keep(
        self,
        follower: str,
        organisation: str,
        position: int,
        rows: Mapping[tuple[str, str], Mapping[str, object] | None],
        *,
        after: int | None = None,
    ) -> None:
        """Keep rows and position in one transaction; None takes a row away.

        Raises ChangedMeanwhile, and keeps nothing, when the follower no longer stands at `after`.
        At the position where it stands, rows are kept only with this very `after`.
        """


class Ahead(Unavailable):
    """The rows know a later log than the one that is there."""


class Silent:
    """An alarm that nobody hears, for rows that are made in passing."""

    def error(self, event: str, **values: object) -> None: ...

    def info(self, event: str, **values: object) -> None: ...


def catch_up(
    log: Log,
    views: Views,
    world_of: Callable[[History], World],
    *,
    told: Callable[[str, int, int], None] | None = None,
    alarm: Alarm | None = None,
    again: Patience | None = None,
    enough: Callable[[], bool] = lambda: False,
) -> int:
    """Bring the status rows up to the end of every organisation's log; the number of events read.

    A stream that cannot be read is parked with an `alarm`, and tried again when `again` says so.
    `told` hears of progress: organisation, position reached, last position. Between two pages
    it ends early when it is `enough`. Raises Unavailable, and Ahead for rows that know a later log.
    """
    count = 0
    for organisation in log.organisations():
        history = log.history(organisation)
        mending = _Mending(views, organisation, alarm or Silent())
        stands, last = views.position(FOLLOWER, organisation), history.last_position()
        if stands > last:
            raise Ahead(AHEAD.format(organisation))
        while not enough() and (
            page := legible.page(history, start := views.position(FOLLOWER, organisation), PAGE)
        ):
            made = mending.rows(page.first, world_of(history))
            with suppress(ChangedMeanwhile):  # another follower was faster: read on from there
                views.keep(FOLLOWER, organisation, page.end, made, after=start)
                mending.tell()
            count += page.size
            if told:
                told(organisation, page.end, max(last, page.end))
        if again and not enough():
            mending.try_again(world_of(history), again)
    return count


class _Mending:
    """The streams of one organisation that are parked, and what becomes of them."""

    def __init__(self, views: Views, organisation: str, alarm: Alarm) -> None:
        self._views, self._organisation, self._alarm = views, organisation, alarm
        self._fresh: list[Parked] = []
        self._mended: list[Parked] = []

    def rows(self, streams: Mapping[str, int], world: World) -> Rows:
        """The rows of streams, each with the position of its first new event."""
        known = parking.parked(self._views, self._organisation)
        self._fresh, self._mended = [], []
        made: Rows = {}
        for stream, position in sorted(streams.items()):
            try:
                made |= status.rows(Stream.parse(stream), world)
            except Exception as error:  # noqa: BLE001 (one stream must not stop all others)
                reason = parking.because(error)
                made |= self._park(stream, position, reason, known.get(stream))
            else:
                made |= self._free(known.get(stream))
        return {place: row for place, row in made.items() if place[0] != Kind.SYMBOL}

    def tell(self) -> None:
        """Raise and end alarms, once what was made has been kept."""
        for one in self._fresh:
            parking.cry(self._alarm, FOLLOWER, one)
        for one in self._mended:
            parking.calm(self._alarm, FOLLOWER, one)

    def try_again(self, world: World, again: Patience) -> None:
        """Try what is parked once more, if it is time for that."""
        known = parking.parked(self._views, self._organisation)
        if not known:
            again.forget(self._organisation)
            return
        if not again.due(self._organisation):
            return
        stands = self._views.position(FOLLOWER, self._organisation)
        made = self.rows({one.stream: one.position for one in known.values()}, world)
        with suppress(ChangedMeanwhile):  # whoever read on meanwhile tries again later
            self._views.keep(FOLLOWER, self._organisation, stands, made, after=stands)
            self.tell()

    def _park(self, stream: str, position: int, reason: str, known: Parked | None) -> Rows:
        one = Parked(
            organisation=self._organisation,
            stream=stream,
            position=known.position if known else position,
            because=reason,
        )
        if one != known:
            self._fresh.append(one)
        return {(VIEW, stream): parking.row(one)}

    def _free(self, known: Parked | None) -> Rows:
        if known is None:
            return {}
        self._mended.append(known)
        return {(VIEW, known.stream): None}


def streams_of(parked: Iterable[Parked], kind: Kind) -> list[str]:
    """The ids of the streams of one kind among those that are parked."""
    return [one.stream.partition("/")[2] for one in parked if one.stream.startswith(f"{kind}/")]

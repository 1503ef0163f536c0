"""A rebuild by two processes: each makes the rows of one half of a log, and the halves are joined.

The later half is joined to the earlier one, as if it had been read after it. What a stream had
become before the later half is read from the log as a whole; such streams are noted, and their
rows are made once more at the end, for what the earlier half knows of them, such as the agendas of
a session, was not at hand. A stream that cannot be read is left to one process: where either
half meets one, or a worker does not come to its end, the later half is simply read after the
earlier one. So whatever becomes of a worker, the rows are those that one process makes.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Final

from domain.decision_context import DecisionContext
from domain.ports.event_store import EventLog, History
from domain.ports.read_models import Views
from domain.ports.slice_workers import LogSlice, SliceWorker, SliceWorkers
from domain.streams import Stream
from workflows.projections import parking
from workflows.projections.catch_up import FOLLOWER, PAGE, Follower, ProgressCallback, catch_up
from workflows.projections.parking import Alarm
from workflows.projections.state_fold import StateFold

FEWEST: Final = 200_000
"""Events of a log for which a worker is started; it needs the time of 50,000 to begin."""


def no_workers(part: str, of: LogSlice) -> None:
    """There is only this process."""


def rebuild(
    log: EventLog,
    empty: Views,
    world_of: Callable[[History], DecisionContext],
    *,
    workers: SliceWorkers = no_workers,
    on_progress: ProgressCallback | None = None,
    alarm: Alarm | None = None,
) -> int:
    """Make all rows in empty views, the halves of a long log at once; the number of events."""
    count = 0
    for organisation in log.organisations():
        history = log.history(organisation)
        last = history.last_position()
        if last >= FEWEST:
            follower = Follower(history, empty, world_of, alarm=alarm)
            half = LogSlice(organisation, last // 2, last)
            count += _halves(follower, empty, half, workers, on_progress, alarm=alarm)
    return count + catch_up(log, empty, world_of, on_progress=on_progress, alarm=alarm)


def follow_slice(
    log: EventLog,
    part: Views,
    world_of: Callable[[History], DecisionContext],
    of: LogSlice,
    enough: Callable[[], bool],
) -> set[str]:
    """Make the rows of a slice in a part; the names of the streams that were read as a whole."""
    whole: set[Stream] = set()
    folded = StateFold(whole=whole.add)
    follower = Follower(log.history(of.organisation), part, world_of, folded=folded)
    follower.follow(until=of.end, enough=enough)
    return {str(stream) for stream in whole}


def _halves(
    follower: Follower,
    rows: Views,
    later: LogSlice,
    workers: SliceWorkers,
    on_progress: ProgressCallback | None,
    *,
    alarm: Alarm | None,
) -> int:
    """Make the rows of the earlier half, and join those of the later one; the number of events.

    Without a worker nothing is done.
    """
    with rows.part() as part:
        part.keep(FOLLOWER, later.organisation, later.after, {}, places={})
        started = workers(part.part_name, later)
        if started is None:
            return 0
        with started as worker:
            count = follower.follow(until=later.after, on_progress=on_progress)
            return count + _join(follower, rows, part, later, worker, alarm=alarm)


def _join(
    follower: Follower,
    rows: Views,
    part: Views,
    later: LogSlice,
    worker: SliceWorker,
    *,
    alarm: Alarm | None,
) -> int:
    """Join the later half, unless it has to be read after the earlier one; its events."""
    read_as_a_whole = worker.result()
    name = later.organisation
    if read_as_a_whole is None and alarm:
        alarm.error("rebuild worker died", organisation=name, because="this process does its work")
    parked = [parking.parked_streams(views, name) for views in (rows, part)]
    if read_as_a_whole is None or any(parked) or part.position(FOLLOWER, name) != later.end:
        return 0
    rows.join(part, FOLLOWER, name, after=later.after)
    streams = map(Stream.parse, sorted(read_as_a_whole))
    while some := dict.fromkeys(islice(streams, PAGE), later.end):
        follower.make_again(some)
    return later.end - later.after

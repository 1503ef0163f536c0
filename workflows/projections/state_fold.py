"""Streams folded page by page: each event once, however many pages a stream is spread over."""

from __future__ import annotations

import gc
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from domain.corrections import changes_reading
from domain.folding import STATES, fold
from domain.messages import FoldableEvent
from domain.ports.event_store import History
from domain.state_cache import CachedState
from domain.streams import Stream
from workflows.history.as_of import HistoryAsOf
from workflows.projections.log_pages import LogPage
from workflows.projections.parking import unreadable_reason

MOST: Final = 2_000
"""How many states are kept from page to page, of all organisations together."""


@contextmanager
def without_cycle_collection() -> Iterator[None]:
    """Fold a whole log without the collector of cycles, in a process that does nothing else.

    Events and states hold no cycles: it would find nothing, and take a quarter of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class StateFold:
    """States of streams at the position of a follower, carried on by the pages that it reads.

    It lets go of what was not touched for longest; that is read from the log when it is wanted
    again, as a whole, and `whole` hears of it. States are immutable values.
    """

    def __init__(
        self, most: int = MOST, whole: Callable[[Stream], object] = lambda _: None
    ) -> None:
        self._most, self._whole = most, whole
        self._kept: OrderedDict[tuple[str, Stream], CachedState] = OrderedDict()
        self._at: dict[str, int] = {}

    def advance(self, history: History, after: int, page: LogPage[FoldableEvent]) -> States:
        """The states as they are after a page, which follows upon position `after`.

        Where the follower was elsewhere before, because another one was faster or the rows are
        rebuilt, nothing is known any more. Of a stream that cannot be folded nothing is known.
        """
        organisation = history.organisation
        if self._at.get(organisation, after) != after:
            self._forget(organisation)
        self._let_go()
        for stream, events in page.by_stream.items():
            self._carry((organisation, stream), events)
        if page.unreadable:
            self._kept.pop((organisation, Stream.parse(page.unreadable.stream)), None)
        self._at[organisation] = page.end
        return self.states_at(history, page.end)

    def states_at(self, history: History, position: int) -> States:
        """The states at the position up to which was followed, or before anything was."""
        return States(self._kept, HistoryAsOf(history, position), self._whole)

    def _carry(self, name: tuple[str, Stream], events: Sequence[FoldableEvent]) -> None:
        """Carry one state on; what a correction changes has to be read again as a whole."""
        kept = self._kept.pop(name, None)
        if events[0].version == 1:
            kept = 0, STATES[name[1].kind]()
        if kept is None:
            return
        version, state = kept
        try:
            for event in events:
                if changes_reading(event.fact) or event.version > version + 1:
                    return  # or one of its events could not be read
                if event.version > version:
                    version, state = event.version, state.evolve(event)
        except Exception as error:  # noqa: BLE001 (the caller that asks for the state gets the reason)
            unreadable_reason(error)
            return
        self._kept[name] = version, state

    def _let_go(self) -> None:
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def _forget(self, organisation: str) -> None:
        for name in [name for name in self._kept if name[0] == organisation]:
            del self._kept[name]


class States:
    """The states of one organisation's streams at one position, existing or not."""

    def __init__(
        self,
        kept: OrderedDict[tuple[str, Stream], CachedState],
        history: History,
        whole: Callable[[Stream], object],
    ) -> None:
        self._kept, self._history, self._whole = kept, history, whole

    def __call__(self, stream: Stream) -> Any:
        """The state of a stream; read from the log when it is not at hand."""
        name = (self._history.organisation, stream)
        if name not in self._kept:
            self._whole(stream)
            events = self._history.events_of(stream)
            self._kept[name] = len(events), fold(stream.kind, events)
        return self._kept[name][1]

"""Streams folded page by page: each event once, however many pages a stream is spread over."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final

from domain.corrections import FactCorrected
from domain.facts import Kind, Recorded, Stream
from domain.memory import STATES, Kept, fold
from domain.ports import History
from workflows.replay import AsOf

MOST: Final = 2_000
"""How many states are kept from page to page, of all organisations together."""


class Folded:
    """States of streams at the position of a follower, carried on by the pages that it reads.

    It lets go of what was not touched for longest; that is read from the log when it is wanted
    again, as a whole. States are values that nobody changes.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[str, Stream], Kept] = OrderedDict()
        self._at: dict[str, int] = {}

    def follow(self, history: History, after: int, page: Sequence[Recorded]) -> States:
        """The states as they are after a page, which follows upon position `after`.

        Where the follower was elsewhere before, because another one was faster or the rows are
        made anew, nothing is known any more.
        """
        organisation = history.organisation
        if self._at.get(organisation, after) != after:
            self._forget(organisation)
        self._let_go()
        for one in page:
            if one.stream.kind is not Kind.SYMBOL:
                self._carry(organisation, one)
        self._at[organisation] = page[-1].position
        return States(self._kept, AsOf(history, page[-1].position))

    def _carry(self, organisation: str, one: Recorded) -> None:
        """Carry one state on; what a correction changes has to be read again as a whole."""
        name = (organisation, one.stream)
        kept = (0, STATES[one.stream.kind]()) if one.version == 1 else self._kept.pop(name, None)
        if kept is None or isinstance(one.fact, FactCorrected):
            return
        known = kept[0] >= one.version
        self._kept[name] = kept if known else (one.version, kept[1].evolve(one))

    def _let_go(self) -> None:
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def _forget(self, organisation: str) -> None:
        for name in [one for one in self._kept if one[0] == organisation]:
            del self._kept[name]


class States:
    """The states of one organisation's streams at one position, existing or not."""

    def __init__(self, kept: OrderedDict[tuple[str, Stream], Kept], history: History) -> None:
        self._kept, self._history = kept, history

    def __call__(self, stream: Stream) -> Any:
        """The state of a stream; read from the log when it is not at hand."""
        name = (self._history.organisation, stream)
        if name not in self._kept:
            events = self._history.of(stream)
            self._kept[name] = len(events), fold(stream.kind, events)
        return self._kept[name][1]

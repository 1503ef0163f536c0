"""Changed copies of a case, each played from the first step in which it differs from the original.

A whole play of every copy takes minutes. What a copy shares with the original is played once here,
and a copy is given up at its first fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from pathlib import Path

from adapters.sqlite.store import SqliteStore
from adapters.store_factory import temporary_store
from domain.cases import Case
from domain.rules import Refused
from wiring import Placet, Quiet
from workflows.scenarios import player as players
from workflows.scenarios.player import Player, started_at


def passing(original: Case, changed: Mapping[str, Case], folder: Path) -> list[str]:
    """The names of those copies that pass, as the original must do."""
    by_step: dict[int, list[str]] = {}
    for name, case in changed.items():
        by_step.setdefault(first_difference(original, case), []).append(name)
    found = []
    with temporary_store() as store:
        assert isinstance(store, SqliteStore)
        placet = Placet(store, Quiet())
        player = player_of(original, placet)
        for number, step in enumerate((*original.steps, None)):
            found += [
                name
                for name in by_step.get(number, ())
                if passes(changed[name], number, player, store, folder / name)
            ]
            if step:
                assert [] == [*player.step(original.name, number + 1, step)]
        placet.close()
    return found


def first_difference(original: Case, case: Case) -> int:
    """How many steps a copy shares; none if its clock starts at another time."""
    if started_at(original) != started_at(case):
        return 0
    pairs = zip(original.steps, case.steps, strict=False)
    same = (number for number, (pair, other) in enumerate(pairs) if pair != other)
    return next(same, min(len(original.steps), len(case.steps)))


def passes(case: Case, number: int, player: Player, store: SqliteStore, folder: Path) -> bool:
    """Whether a copy passes from step `number` on, in a copy of the store."""
    store.copy_log(folder)
    with SqliteStore.open(folder) as copied:
        placet = Placet(copied, Quiet())
        branch = branch_of(player, placet, case) if number else player_of(case, placet)
        try:
            return _plays_on(branch, case, number)
        except Refused:  # an expectation of something that never began
            return False
        finally:
            placet.close()


def _plays_on(player: Player, case: Case, number: int) -> bool:
    for count, step in enumerate(case.steps[number:], number + 1):
        if any(player.step(case.name, count, step)) or _departs(player, case):
            return False
    return not any(player._departures(case)) and not any(players._asserts(case))


def _departs(player: Player, case: Case) -> bool:
    """Whether the timeline is another one already, so that the rest cannot mend it."""
    found = tuple(text_line.text for text_line in player._timeline)
    return case.timeline is not None and found != case.timeline[: len(found)]


def player_of(case: Case, placet: Placet) -> Player:
    """A player who has not begun."""
    return placet.scenarios.player(case.organisation, started_at(case))


def branch_of(player: Player, placet: Placet, case: Case) -> Player:
    """A player who goes on where another one is, in a copy of its store."""
    branch, begun = player_of(case, placet), vars(player)
    for name in begun.keys() - {"_handling", "_record"}:
        setattr(branch, name, copy(begun[name]))
    read, here = player._record, branch._record
    here.position = read.position
    here._streams = {stream: [*events] for stream, events in read._streams.items()}
    here.states._kept = dict(read.states._kept)
    return branch

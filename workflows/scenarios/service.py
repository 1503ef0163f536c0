"""Playing cases into one store; for throw-away stores, which may hold simulated acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from domain.cases import Case
from domain.ports.codec import Codec
from domain.ports.store import Store
from domain.rules import require
from workflows.commands.handler import CommandHandler
from workflows.scenarios import player
from workflows.scenarios.player import Player, Verdict


class Scenarios:
    """Plays cases. `now` tells the time of this machine (UTC)."""

    def __init__(
        self, store: Store, handling: CommandHandler, codec: Codec, now: Callable[[], datetime]
    ) -> None:
        self._store, self._handling, self._codec, self._now = store, handling, codec, now

    def player(self, organisation: str, started: datetime) -> Player:
        """A player of cases, whose clock begins at `started`. Raises Refused in a real store."""
        virtual = self._store.virtual
        require("virtual-store", virtual, "cases are played in throw-away stores only")
        history = self._store.history(organisation)
        return Player(self._handling, history, self._codec, started=started)

    def play(self, case: Case, *, alone: bool = False) -> Verdict:
        """Play a case: simulated acts under its own clock, history recorded now.

        A case that is `alone` in its store has its own clock also where it tells only history.
        """
        simulated = any(step.mode == "simulated" for step in case.steps)
        started = player.started_at(case) if simulated or alone else self._now()
        return self.player(case.organisation, started).play(case)

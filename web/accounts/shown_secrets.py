"""Secrets that are shown to those who made them, for some minutes, and are stored nowhere.

What a form made stands at an address of its own, so that a reload shows it again; the same form,
sent twice, makes nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final
from weakref import WeakValueDictionary

from fastapi.responses import Response
from msgspec import Struct

from domain.ports.accounts import LoginSession

SHOWN_FOR: Final = timedelta(minutes=10)
MOST: Final = 1000
"""How many are kept at most; the oldest go first."""


class ShownSecret(Struct, frozen=True, kw_only=True):
    """A page that shows a secret: its template, and what stands in it."""

    template: str
    values: Mapping[str, Any]


class MakingLock:
    """A lock for those who send the same form at once."""

    def __init__(self) -> None:
        self.lock = Lock()


@dataclass(frozen=True)
class ShownSecrets:
    """What was made by forms of some minutes ago, in the memory of this process only.

    Only who sends the same form waits while something is made.
    """

    _kept: dict[tuple[str, str], tuple[datetime, ShownSecret]] = field(default_factory=dict)
    _making: WeakValueDictionary[tuple[str, str], MakingLock] = field(
        default_factory=WeakValueDictionary
    )
    """Gone with the last one who waits."""
    _lock: Lock = field(default_factory=Lock)

    def make_once(
        self,
        session: LoginSession,
        form: str,
        at: datetime,
        make: Callable[[], ShownSecret | Response],
    ) -> Response | None:
        """Let a form of a session make its secret at an instant (UTC), unless it did before.

        None where the secret can be found from now on; else what was made instead of one. Raises
        what `make` raises.
        """
        with self._lock:
            making = self._making.setdefault((session.hash, form), MakingLock())
        with making.lock:
            if self.find(session, form, at):
                return None
            made = make()
            if not isinstance(made, ShownSecret):
                return made
            with self._lock:
                self._kept[session.hash, form] = at, made
            return None

    def find(self, session: LoginSession, form: str, at: datetime) -> ShownSecret | None:
        """The secret that a form of this very session made; None once it is gone."""
        with self._lock:
            self._forget(at)
            found = self._kept.get((session.hash, form))
        return found[1] if found else None

    def _forget(self, at: datetime) -> None:
        over = [key for key, (made_at, _) in self._kept.items() if made_at + SHOWN_FOR <= at]
        for key in [*over, *list(self._kept)[: max(0, len(self._kept) - MOST)]]:
            self._kept.pop(key, None)

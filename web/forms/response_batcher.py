"""Responses on their way from the network into the intake, many of them in one transaction."""

from __future__ import annotations

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final

from domain.intake_entry import IntakeEntry
from web.forms.fields import Values
from workflows.processes.response_intake import Intake

MOST_PER_TRANSACTION: Final = 256
"""How many responses share one transaction at most."""
MOST_IDENTICAL: Final = 8
"""How many responses at once may differ in nothing but their words; others come a second later."""


class ResponseBatcher:
    """Hands responses to the intake, one transaction after another, in order of arrival.

    A thread of its own writes, so that no reader keeps it waiting.
    """

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self._writer = ThreadPoolExecutor(1, "intake")
        self._waiting: list[tuple[int, asyncio.Future[IntakeEntry]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._identical: Counter[tuple[object, ...]] = Counter()

    def begin(self, values: Values, entry: IntakeEntry) -> bool:
        """Whether this one is let in: False where many that say the same are here already.

        They are the same but for their words, so a first objection is never among those sent away.
        """
        key = _key(values, entry)
        if self._identical[key] >= MOST_IDENTICAL:
            return False
        self._identical[key] += 1
        return True

    def end(self, values: Values, entry: IntakeEntry) -> None:
        """This one has been answered."""
        key = _key(values, entry)
        self._identical[key] -= 1
        if not self._identical[key]:
            del self._identical[key]

    async def keep(self, entry: IntakeEntry) -> IntakeEntry:
        """Keep it durably. Raises Unavailable."""
        future: asyncio.Future[IntakeEntry] = asyncio.get_running_loop().create_future()
        self._waiting.append((self.intake.announce(entry), future))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return await future

    async def _write(self) -> None:
        """Write until nobody waits any more."""
        loop = asyncio.get_running_loop()
        while self._waiting:
            some, self._waiting = (
                self._waiting[:MOST_PER_TRANSACTION],
                self._waiting[MOST_PER_TRANSACTION:],
            )
            numbers = [number for number, _ in some]
            try:
                kept = await loop.run_in_executor(self._writer, self.intake.keep, numbers)
            except Exception as error:  # noqa: BLE001 (each of those who wait is told)
                for _, future in some:
                    with suppress(asyncio.InvalidStateError):
                        future.set_exception(error)
            else:
                for (_, future), entry in zip(some, kept, strict=True):
                    _give(future, entry, self.intake)


def _give(future: asyncio.Future[IntakeEntry], entry: IntakeEntry, intake: Intake) -> None:
    """Hand it back; where nobody waits for it any more, the intake sees to it."""
    try:
        future.set_result(entry)
    except asyncio.InvalidStateError:
        intake.release(entry)


def _key(values: Values, entry: IntakeEntry) -> tuple[object, ...]:
    """All that a response says but its words, and whether it has any."""
    particulars = (
        entry.organisation,
        entry.window,
        entry.seat,
        values.text("kind"),
        values.text("text_hash"),
    )
    lists = (values.many("items"), values.many("on_behalf_of"))
    return (*particulars, *lists, bool(values.text("text")))

"""The silence clock: finds windows whose deadline and grace are past, and records each once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from domain.facts import Actor, Order, Role
from domain.ports import History
from domain.rules import Refused
from domain.silence.commands import HoldSilence, RecordLapse
from workflows.handling import Answer, Handling

CLOCK = Actor(role=Role.CLOCK)


def record_due(
    handling: Handling,
    history: History,
    windows: Iterable[str],
    now: datetime,
    *,
    virtual: bool = False,
) -> list[Answer]:
    """Record the lapse of each due window at `now` (UTC), or hold it where doubt is left.

    Safe to repeat and to run in several processes: the command id names window and deadline.
    """
    answers = []
    for name in windows:
        window = handling.world(history).window(name)
        if not window.due(now) or window.held:
            continue
        which = f"{name}@{window.closes}"

        def order(command: RecordLapse | HoldSilence, act: str, which: str = which) -> Order:
            return Order(
                command=command,
                command_id=f"clock:{act}:{which}",
                actor=CLOCK,
                at=now,
                received_at=now,
                virtual=virtual,
            )

        try:
            lapse = order(RecordLapse(window=name), "lapse")
            answers.append(handling.do(history.organisation, lapse))
        except Refused as refused:
            hold = order(HoldSilence(window=name, reason=refused.because), "hold")
            answers.append(handling.do(history.organisation, hold))
    return answers

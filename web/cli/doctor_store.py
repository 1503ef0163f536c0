"""Checks of a store: whether it is there and whole, who serves it, what needs a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from domain.ports.errors import Unavailable
from web.cli.clock import alarms
from web.cli.context import environment
from web.cli.doctor_findings import Finding, failed, ok, warning
from workflows.application import Application

NEWEST: Final = 1000
"""How many of the newest events of each organisation are compared with their hashes."""


def standby(placet: Application) -> Iterator[Finding]:
    """Whether acts are taken here. Raises Unavailable."""
    state = placet.recovery.store.standby()
    if state is None:
        return
    when = (
        f"; it stood as of {state.replayed_at:%Y-%m-%d %H:%M:%S} UTC" if state.replayed_at else ""
    )
    yield warning(
        "standby",
        f"This store is a standby, which can only be read{when}.",
        "Acts are taken by its primary; promote it where that is lost.",
    )


def newest_events(placet: Application) -> Iterator[Finding]:
    """Whether the newest events fit their hashes, and the log reaches as far as was seen."""
    check = "log"
    try:
        for loss in placet.recovery.continuity.losses():
            yield failed(check, str(loss), "An older log may lie here: see `placet store check`.")
        count = sum(
            1
            for name, end in placet.recovery.ends().items()
            for _ in placet.queries.record.history(name).since(
                max(0, end.position - NEWEST), NEWEST
            )
        )
    except Unavailable as error:
        yield failed(check, str(error), "Stop the server, and restore the newest sound backup.")
    else:
        yield ok(
            check, f"The newest {count} events fit their hashes; `placet store check` reads all."
        )


def needs(placet: Application, now: datetime) -> Iterator[Finding]:
    """What needs a person by `placet status`. Raises Unavailable."""
    found = [*placet.recovery.health(now).problems(now), *alarms(placet)]
    for sentence in found:
        yield warning("record", sentence, "See `placet status`.")
    if not found:
        yield ok("record", "Nothing in it needs a person.")


def clock(placet: Application) -> Iterator[Finding]:
    """Whether something vouches for the clock by which deadlines are judged."""
    if doubt := placet.recovery.store.clock_doubt():
        yield warning(
            "clock",
            f"Nothing vouches for the clock: {doubt}.",
            "Let the machine keep its clock by NTP, such as by systemd-timesyncd or chrony.",
        )
    else:
        yield ok("clock", "The system says that its clock is synchronised.")


def receipt_key(placet: Application) -> Iterator[Finding]:
    """Whether responses get signed receipts. Raises Unavailable for a key that is unsafe."""
    key = placet.receipts.keys.in_force(environment().now())
    if not key:
        yield warning("key", "Responses get no signed receipts.", "placet key create")
        return
    placet.receipts.keys.sign(key, b"placet doctor")
    yield ok("key", f"Receipts are signed by key {key}.")

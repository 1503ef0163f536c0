"""`placet status`: how a store is doing, and whether it needs a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import typer
from msgspec import to_builtins

from domain.ports.errors import Unavailable
from web.cli.context import environment, open_application
from web.cli.output import AsJson, StoreFolder, print_json, print_note, print_table
from workflows.application import Application
from workflows.recovery.health import Health
from workflows.recovery.organisation_health import Follower, Organisation

HEADS = (
    "organisation",
    "position",
    "lag",
    "parked",
    "running",
    "due",
    "overdue",
    "held",
    "letters waiting",
    "failed",
)


def status(store: StoreFolder, json: AsJson = False) -> None:
    """Show how a store is doing. Ends with 3 when something needs a person.

    It follows nothing, so that a lag is shown as it is. Only rows that are all missing, as
    after an upgrade, are made first: without them it could not say what runs.
    """
    moment = environment().now()
    with open_application(store) as placet:
        placet.projections.fill_empty()
        health = placet.recovery.health(moment)
        needs = health.problems(moment)
        if json:
            print_json(_plain(placet, health, needs))
        else:
            _print(placet, health, needs)
    raise typer.Exit(3 if needs else 0)


def print_parked(placet: Application) -> None:
    """Say beside a list which streams it shows as they stood before, or not at all."""
    for stream in placet.queries.record.parked():
        which = f"{stream.organisation}: {stream.stream}"
        print_note(f"{which} cannot be read, and may be shown as it stood before.")


def _print(placet: Application, health: Health, needs: Sequence[str]) -> None:
    print_table(HEADS, [_row(org) for org in health.organisations])
    print()
    for what, value in _store(placet, health).items():
        print(f"{what}: {value}")
    for sentence in health.warnings:
        print_note(sentence)
    print()
    print("Needs a person:" if needs else "Nothing needs a person.")
    for sentence in needs:
        print(f"  {sentence}")


def _row(org: Organisation) -> tuple[object, ...]:
    windows = org.windows
    return (
        org.name,
        org.last,
        ", ".join(_lag(follower) for follower in org.followers),
        sum(len(follower.parked) for follower in org.followers),
        len(windows.running),
        len(windows.due),
        len(windows.overdue),
        len(windows.held),
        org.waiting,
        org.failed,
    )


def _lag(follower: Follower) -> str:
    """How far a follower is behind, such as `rows 3 (12 s)`; `rows 0` at the end."""
    behind = f" ({follower.seconds:.0f} s)" if follower.events else ""
    return f"{follower.name} {follower.events}{behind}"


def _store(placet: Application, health: Health) -> dict[str, object]:
    """What concerns the store as a whole."""
    return {
        "store": placet.recovery.store.name,
        "format": placet.recovery.store.format,
        "made by": placet.recovery.store.made_by,
        "program": environment().version,
        "clock offset": f"{health.offset_ms} ms",
        "served last": health.served.isoformat() if health.served else "never, as far as known",
        "key for receipts": _key(placet),
    }


def _key(placet: Application) -> str:
    try:
        return placet.receipts.keys.in_force(environment().now()) or "none"
    except Unavailable:
        return "cannot be read"


def _plain(placet: Application, health: Health, needs: Sequence[str]) -> dict[str, Any]:
    return {
        **{what.replace(" ", "_"): value for what, value in _store(placet, health).items()},
        "clock_offset_ms": health.offset_ms,
        "organisations": [
            {
                "name": org.name,
                "last_position": org.last,
                "followers": [to_builtins(follower) for follower in org.followers],
                "windows": {
                    "running": list(org.windows.running),
                    "due": list(org.windows.due),
                    "overdue": {
                        name: late.total_seconds() for name, late in org.windows.overdue.items()
                    },
                    "held": list(org.windows.held),
                },
                "letters": {"waiting": org.waiting, "failed": org.failed},
            }
            for org in health.organisations
        ],
        "warnings": list(health.warnings),
        "needs": list(needs),
    }

"""Batches of an outbox: the seats of one window for which the same is recorded in one event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from adapters.mail import outbox_statements as statements
from adapters.operational_tables import TableWriter
from domain.canonical import canonical_json, digest
from domain.notices import UNRECORDED
from domain.ports.outbox import NoticeBatch

PER_EVENT: Final = 100
"""For how many seats at most one event says what became of their notices."""
NONE: Final = "-"
"""The batch of letters of which nothing is recorded, such as those to offices."""


def group(outbox: TableWriter) -> None:
    """Give each finished notice to a seat its batch; letters to offices belong to none.

    A notice that was requeued has another time of queueing, so that its batch is another one.
    """
    groups: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for key, queued_at, *what, office in outbox.execute(statements.FINISHED).fetchall():
        if office or what[2] in UNRECORDED:
            outbox.execute(statements.SET_BATCH, (NONE, key))
        else:
            groups.setdefault(tuple(what), []).append((key, queued_at))
    for keys in groups.values():
        for start in range(0, len(keys), PER_EVENT):
            some = keys[start : start + PER_EVENT]
            name = digest(canonical_json(some))[:40]
            for key, _ in some:
                outbox.execute(statements.SET_BATCH, (name, key))


def batches_of(rows: Iterable[Sequence[Any]]) -> list[NoticeBatch]:
    """The batches in what `BATCHED` finds."""
    found: dict[tuple[str, ...], list[str]] = {}
    for *what, seat in rows:
        found.setdefault(tuple(what), []).append(seat)
    return [
        NoticeBatch(
            id=what[0],
            organisation=what[1],
            window=what[2],
            about=what[3],
            occasion=what[4],
            state=what[5],
            reason=what[6],
            via=what[7],
            seats=tuple(seats),
        )
        for what, seats in found.items()
    ]

"""Events as they were stored before decision 21 was carried out.

Each of them told when it took effect, also where that was on receipt, and the hash of its command.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from adapters.eventstore.columns import columns_from_row
from adapters.eventstore.envelope import EventRow
from adapters.eventstore.recorder import LogRecorder
from domain.canonical import digest
from domain.event_proofs import event_hash

OLDER_LOG = Path(__file__).parents[1] / "samples" / "older_logs" / "repeated-circumstances.jsonl"
"""A log as it was written then: its contents, and the life of the agenda `older`."""


def older_state(state: bytes, command_hash: str) -> bytes:
    """The bytes of an event as they would have been written then."""
    envelope = msgspec.json.decode(state)
    fact = envelope.pop("fact")
    effective = envelope.pop("effective", envelope["received_at"])
    older = {"fact": fact, "effective": effective}
    for name, value in envelope.items():
        older[name] = value
        if name == "command_id" and command_hash:
            older["command_hash"] = command_hash
    return msgspec.json.encode(older)


def older_rows(organisation: str, rows: Sequence[EventRow]) -> Iterator[EventRow]:
    """A whole log as it would have been written then."""
    hashes: dict[str, str] = {}
    for row in rows:
        own = msgspec.json.decode(row.state).get("command_hash", "")
        state = older_state(row.state, hashes.setdefault(row.command_id, own))
        place = (organisation, str(row.originator_id), row.originator_version, row.topic)
        yield replace(row, state=state, hash=event_hash(*place, state))


def load_older_log(recorder: LogRecorder) -> None:
    """Put `OLDER_LOG` into an empty store, byte for byte."""
    lines = [json.loads(line) for line in OLDER_LOG.read_text(encoding="utf-8").splitlines()]
    contents = [line["content"].encode() for line in lines if "content" in line]
    rows = [
        EventRow(
            id=line["position"],
            originator_id=line["stream"],
            originator_version=line["version"],
            topic=line["name"],
            state=line["state"].encode(),
            command_id=line["command_id"],
            recorded_at=line["recorded_at"],
            hash=line["hash"],
        )
        for line in lines
        if "position" in line
    ]
    with recorder.transaction() as transaction:
        columns = [columns_from_row(recorder.organisation, row) for row in rows]
        transaction.insert(columns, {digest(content): content for content in contents})

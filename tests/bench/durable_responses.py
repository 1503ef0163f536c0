"""What a response costs below HTTP, in a process of its own: kept in the intake, then decided."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from uuid import uuid4

from adapters.store_factory import open_store
from domain.actors import Actor, Role
from domain.cases import Step
from domain.intake_entry import IntakeEntry
from domain.silence.commands import Respond
from tests.bench.agenda_life import SEATS
from tests.bench.workload import ORGANISATION
from wiring import Placet, Quiet


def respond(placet: Placet, window: str, seat: str, number: int) -> float:
    """Seconds that a response took to be kept, decided and recorded."""
    text = f"Comma {number} is missing."
    command = Respond(window=window, kind="editorial comment", seats=(seat,), text=text)
    actor, intake = Actor(role=Role.SEAT, seat=seat), placet.processes.intake
    stamp, command_id = placet.clock.read(), str(uuid4())
    act = Step(line=0, mode="live", verb="respond", command=command, actor=actor)
    entry = IntakeEntry(
        organisation=ORGANISATION,
        window=window,
        seat=seat,
        command_id=command_id,
        received_at=stamp.at,
        offset_ms=stamp.offset_ms,
        response=intake.canonical(command),
    )
    began = time.perf_counter()
    (kept,) = intake.keep([intake.announce(entry)])
    placet.execute(ORGANISATION, act, command_id, stamp)
    intake.finish(kept)
    return time.perf_counter() - began


def main(folder: Path, number: int) -> list[float]:
    """The seconds of so many responses, one after the other."""
    windows = [name for name, _ in json.loads((folder / "texts").read_text())]
    placet = Placet(open_store(folder), Quiet())
    try:
        return [
            respond(placet, windows[n % len(windows)], SEATS[n % len(SEATS)], n)
            for n in range(number)
        ]
    finally:
        placet.close()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))))

"""Which modules are changed, and the tests that should notice."""

from __future__ import annotations

from typing import Final

_SILENCE: Final = (
    "tests/test_silence.py",
    "tests/test_edges.py",
    "tests/test_who_counts.py",
    "tests/test_holds.py",
    "tests/test_margin.py",
    "tests/test_openings.py",
    "tests/test_history_and_live.py",
    "tests/test_told_and_heard.py",
    "tests/test_acts.py",
    "tests/test_properties.py",
    "tests/test_cases.py",
    "tests/test_world.py",
    "tests/test_foreseen.py",
    "tests/test_simulation.py",
)
_AGENDA: Final = (
    "tests/test_agenda.py",
    "tests/test_acts.py",
    "tests/test_documents.py",
    "tests/test_cases.py",
    "tests/test_corrections.py",
    "tests/test_world.py",
)
_STORES: Final = (
    "tests/test_recorder.py",
    "tests/test_history.py",
    "tests/test_store_faults.py",
    "tests/test_postgres_store.py",
    "tests/test_postgres_faults.py",
    "tests/test_postgres_lost.py",
    "tests/test_copying.py",
)
_CHECKS: Final = ("tests/test_checking.py", "tests/test_store_faults.py")
_QUEUE: Final = ("tests/test_queue.py", "tests/test_handling.py")
_CLOCK: Final = (
    "tests/test_edges.py",
    "tests/test_holds.py",
    "tests/test_own_ids.py",
    "tests/test_parking.py",
    "tests/test_silence.py",
    "tests/test_margin.py",
    "tests/test_race.py",
)

TABLE: Final[dict[str, tuple[str, ...]]] = {
    "domain/silence/*.py": _SILENCE,
    "domain/agenda/*.py": _AGENDA,
    "domain/deadlines.py": ("tests/test_deadlines.py", "tests/test_times.py", *_SILENCE),
    "domain/times.py": ("tests/test_times.py", "tests/test_deadlines.py", *_SILENCE),
    "domain/calendars.py": ("tests/test_calendars.py", "tests/test_deadlines.py", *_SILENCE),
    "domain/rules.py": ("tests/test_rules.py", *_SILENCE),
    "domain/attesting.py": ("tests/test_history_and_live.py", *_SILENCE),
    "domain/memory.py": ("tests/test_world.py", *_QUEUE),
    "workflows/waiting.py": (*_QUEUE, "tests/test_parking.py", "tests/test_figures.py"),
    "workflows/silence_clock.py": (*_CLOCK, "tests/test_intake.py", "tests/test_queue.py"),
    "workflows/handling.py": (*_QUEUE, *_CLOCK, "tests/test_answers.py", "tests/test_intake.py"),
    "workflows/sealing.py": (*_QUEUE, "tests/test_world.py"),
    "adapters/turns.py": (*_STORES, *_QUEUE),
    "adapters/recorder.py": (*_STORES, *_QUEUE),
    "adapters/history.py": (*_STORES, *_QUEUE),
    "adapters/preparing.py": (*_STORES, *_QUEUE),
    "adapters/proving.py": _STORES,
    "adapters/checking.py": _CHECKS,
    "adapters/appended.py": _CHECKS,
    "adapters/referring.py": _CHECKS,
    "adapters/shape.py": _CHECKS,
    "adapters/connections.py": (*_STORES, *_QUEUE, "tests/test_power_loss.py"),
    "adapters/postgres/turns.py": (*_STORES, *_QUEUE),
    "adapters/postgres/recorder.py": (*_STORES, *_QUEUE),
    "adapters/postgres/connections.py": (*_STORES, "tests/test_postgres_stops.py"),
    "adapters/postgres/schema.py": (*_STORES, "tests/test_postgres_stops.py"),
}
"""By pattern of modules, the files of tests; where several patterns fit, the tests of all."""

"""What `placet doctor` finds: each check is ok, a warning or failed, and says what to do next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.ports.errors import CaseError, Unavailable


class State(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    check: str
    """What was looked at, such as `certificate`."""
    state: State
    finding: str
    """What was found, in a sentence."""
    next_step: str = ""
    """What to do about it, in a sentence; empty where all is well."""


Check = Callable[[], Iterable[Finding]]


def ok(check: str, finding: str) -> Finding:
    """All is well."""
    return Finding(check, State.OK, finding)


def warning(check: str, finding: str, next_step: str) -> Finding:
    """It works, and somebody should know."""
    return Finding(check, State.WARNING, finding, next_step)


def failed(check: str, finding: str, next_step: str) -> Finding:
    """It does not work, or is not safe."""
    return Finding(check, State.FAILED, finding, next_step)


def run_checks(checks: Iterable[tuple[str, Check]]) -> Iterator[Finding]:
    """The findings of all checks; one that cannot be done is itself a finding."""
    for name, check in checks:
        try:
            yield from check()
        except (CaseError, OSError, Unavailable) as error:
            yield failed(name, str(error), "Put this right, and run `placet doctor` again.")

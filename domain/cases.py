"""A case: a procedure told step by step, with what is expected after each, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from domain.facts import Actor, Command
from domain.times import UNKNOWN, When

MODES: Final = ("attested", "simulated", "live")
"""History as a source tells it; live rules under a virtual clock; an act on a real store now."""


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """What must hold after a step; empty fields expect nothing."""

    of: str = ""
    stage: str = ""
    phase: str = ""
    outcome: Mapping[str, str] = field(default_factory=dict)
    deadline: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: an act, or (without a command) the passing of time until `when`."""

    line: int
    mode: str
    verb: str
    command: Command | None
    actor: Actor
    when: When = UNKNOWN
    received: When = UNKNOWN
    source: str = ""
    authority: str = ""
    waivers: Mapping[str, str] = field(default_factory=dict)
    command_id: str = ""
    offset_ms: int | None = None
    """By how much the clock is off in a simulated step; None where that is not told."""
    expect: Expectation | None = None


@dataclass(frozen=True, kw_only=True)
class Case:
    """A case file, read."""

    name: str
    title: str
    organisation: str
    source: str
    fictional: bool
    steps: tuple[Step, ...]
    timeline: tuple[str, ...] | None = None
    now: When = UNKNOWN
    """The moment that stands for the present when the case is shown as a live one."""

"""What a step of a case takes from its file and from the step before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from domain.cases import ALSO, Step


@dataclass(frozen=True)
class Inherited:
    """What a step does not have to say itself."""

    mode: str = ""
    when: str = ""
    source: str = ""
    defaults: Mapping[str, str] = field(default_factory=dict)
    """The streams that are meant where an act names none."""

    def with_time(self, value: Mapping[str, Any], key: str, mode: str) -> dict[str, Any]:
        """The fields of a step, with the time of the step before where it has none of its own.

        History is told without a time where none is known; only `also` says that it is the same.
        """
        takes = key == ALSO or mode == "simulated"
        if takes and "when" not in value and self.when:
            return {**value, "when": self.when}
        return {**value}

    def after(self, step: Step, value: Mapping[str, Any]) -> Inherited:
        """What the next step takes, after a step that was written so."""
        when = value.get("when", "")
        if "when" not in value and (ALSO in value or step.mode == "simulated"):
            when = str(step.when)
        return replace(self, mode=step.mode, when=when)

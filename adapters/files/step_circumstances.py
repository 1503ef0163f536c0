"""The circumstances of a step: who, when, on what basis, and which rules are waived."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.files.field_checks import Checks, Place, shorten, unknown_word
from adapters.files.rule_packs import rules_of_packs
from domain.actors import Actor, Role
from domain.record_rules import RECORD
from domain.times import When


class CircumstancesReader:
    """Reads what the steps of a file tell beside their acts. Raises CaseError."""

    def __init__(self, checks: Checks) -> None:
        self._checks = checks

    def actor(self, place: Place, value: Any) -> Actor:
        """Who acts: a function, a seat, or both with a name."""
        if isinstance(value, dict):
            texts = {name: x for name, x in value.items() if isinstance(x, str)}
            role = value.get("role", "other")
            return Actor(
                role=self._role((*place, "role"), role),
                name=texts.get("name", ""),
                seat=texts.get("seat", ""),
            )
        if isinstance(value, str) and value.startswith("seat "):
            return Actor(role=Role.SEAT, seat=value.removeprefix("seat ").strip())
        return Actor(role=self._role(place, value))

    def _role(self, place: Place, value: Any) -> Role:
        try:
            return Role(value)
        except ValueError:
            known = [str(role) for role in Role]
            self._checks.fail(place, unknown_word(value, known, "function", listed=True))

    def when(self, place: Place, value: Mapping[str, Any], mode: str) -> When:
        """When it was done; a simulated act needs the instant."""
        when = self._checks.parse_when((*place, "when"), value.get("when", "unknown"))
        if mode == "simulated" and not is_exact(when):
            because = f"a simulated act needs its instant, not {shorten(str(when))}"
            self._checks.fail((*place, "when"), because)
        return when

    def received(self, place: Place, value: Mapping[str, Any]) -> When:
        """When it came in, to the instant; unknown where that is not told."""
        received = self._checks.parse_when((*place, "received"), value.get("received", "unknown"))
        if "received" in value and not is_exact(received):
            because = f"a receipt has its instant, not {shorten(str(received))}"
            self._checks.fail((*place, "received"), because)
        return received

    def happened(self, place: Place, value: Mapping[str, Any]) -> When:
        """When an act of a meeting happened, where that is stated."""
        return self._checks.parse_when((*place, "happened"), value.get("happened", "unknown"))

    def waivers(self, place: Place, waivers: Mapping[str, str]) -> Mapping[str, str]:
        """The rules that are waived, with the reasons."""
        packs = rules_of_packs()
        for rule in waivers:
            if rule not in packs:
                own = "a rule of the record is never waived" if rule in RECORD else ""
                because = own or unknown_word(rule, sorted(packs), "rule of a pack")
                self._checks.fail((*place, rule), because)
        return waivers


def is_exact(when: When) -> bool:
    """Whether it is an instant, and nothing less precise."""
    return when.has_hour and when.earliest == when.latest

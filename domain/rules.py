"""Rules as data: packs with citations and parameters, and what a rule found in a given case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Final

from msgspec import Struct, field, structs

from domain.account_rules import ACCOUNTS
from domain.confusables import is_blank
from domain.record_rules import RECORD

_NUMBER, _TRUTH = (r"\d{1,6}", "a whole number"), ("yes|no", "yes or no")
WRITTEN: Final[Mapping[str, tuple[str, str]]] = {
    "threshold": (r"[1-9]\d{0,3}", "a number from 1 to 9999"),
    "by-item": _TRUTH,
    "reasons-required": _TRUTH,
    "names-withheld": _TRUTH,
    "notices-required": _TRUTH,
    "grace-seconds": _NUMBER,
    "margin-seconds": _NUMBER,
    "longest-outage-minutes": _NUMBER,
    "reminder-hours": _NUMBER,
    "symbol-forms": (
        r"|((\{(organ|session|serial|letter)\}|[A-Za-z0-9.()/-]| (?=\S))+(, |$))+",
        "forms such as {organ} Doc. {serial}, by commas, made of organ, session, serial and letter",
    ),
    "sub-items": ("with their parent|together|on their own", "how sub-items stand or fall"),
    "decisive-text-days": (r"|\d{1,5}", "a number of days, or nothing while it is not known"),
    "closing-hour": (r"|([01]\d|2[0-3]):[0-5]\d", "an hour such as 17:00, or nothing"),
}
"""How parameters of packs are written, as a pattern and in words; others are free text."""
OPTIONAL: Final = frozenset({"decisive-text-days"})
"""Parameters that a body may add to a pack: what they say is not known before."""


class Result(StrEnum):
    """What a rule finds. Only live facts must satisfy; history may leave things open."""

    SATISFIED = "satisfied"
    VIOLATED = "violated"
    UNDETERMINABLE = "undeterminable"

    @classmethod
    def from_held(cls, held: bool | None) -> Result:
        if held is None:
            return cls.UNDETERMINABLE
        return cls.SATISFIED if held else cls.VIOLATED


class Force(StrEnum):
    """What a violated rule does to a live command. Attested history is never refused by these."""

    REFUSE = "refuse"
    """The command is refused."""
    WAIVE = "waive"
    """The command is refused unless it carries a waiver with a reason."""
    NOTICE = "notice"
    """The command passes; the departure is recorded and shown."""


class Rule(Struct, frozen=True, kw_only=True):
    """One rule of a pack: what it demands, where that is written, how hard it binds."""

    demand: str
    citation: str
    force: Force = Force.REFUSE
    parameters: Mapping[str, str] = field(default_factory=dict)


class RulePack(Struct, frozen=True, kw_only=True):
    """A body's rules of procedure as data. A rule that the pack does not hold does not apply."""

    id: str
    version: str
    title: str
    rules: Mapping[str, Rule]
    parameters: Mapping[str, str] = field(default_factory=dict)

    def with_parameters(self, changes: Mapping[str, str]) -> RulePack:
        """This pack with some parameters changed, named `rule.parameter` or just `parameter`.

        `rule.force` sets how hard the rule binds, or takes it out with the value `none`.
        Raises Refused for a rule or parameter that the pack does not hold.
        """
        pack = self
        for name, value in changes.items():
            pack = pack._changed(name, value)
        return pack

    def _changed(self, name: str, value: str) -> RulePack:
        rule_id, _, key = name.rpartition(".")
        if not rule_id:
            known = key in self.parameters or key in OPTIONAL
            require("pack-known", known, f"pack {self.id} has no parameter {key}")
            pattern, words = WRITTEN.get(key, (".*", ""))
            require("pack-known", re.fullmatch(pattern, value), f"{key} {value}: write {words}")
            return structs.replace(self, parameters={**self.parameters, key: value})
        require("pack-known", rule_id in self.rules, f"pack {self.id} has no rule {rule_id}")
        rule = self.rules[rule_id]
        if key == "force" and value == "none":
            return structs.replace(
                self, rules={k: r for k, r in self.rules.items() if k != rule_id}
            )
        if key == "force":
            known = value in set(Force)
            require("pack-known", known, f"{value} is no force: {', '.join(Force)} or none")
            rule = structs.replace(rule, force=Force(value))
        else:
            require("pack-known", key in rule.parameters, f"rule {rule_id} has no parameter {key}")
            number = rule.parameters[key].isdecimal()
            fits = not number or re.fullmatch(_NUMBER[0], value, re.ASCII)
            require("pack-known", fits, f"{name} {value}: write {_NUMBER[1]}")
            rule = structs.replace(rule, parameters={**rule.parameters, key: value})
        return structs.replace(self, rules={**self.rules, rule_id: rule})

    def parameter(self, rule: str, name: str) -> str:
        """The value of a rule's parameter; empty when the rule does not apply."""
        return self.rules[rule].parameters[name] if rule in self.rules else ""


CITATIONS: Final[Mapping[str, str]] = {**RECORD, **ACCOUNTS}
"""The source of each rule that is in no pack."""


class Finding(Struct, frozen=True):
    """What one rule found when an order was decided, and why."""

    rule: str
    result: Result
    because: str = ""


class Refused(Exception):
    """A command was refused. Names the rule, its source, and what is the matter.

    `others` are further refusals of the same command, where several rules were asked at once.
    """

    def __init__(
        self, rule: str, because: str, citation: str = "", others: tuple[Refused, ...] = ()
    ) -> None:
        super().__init__(because)
        self.rule, self.because, self.citation = rule, because, citation or CITATIONS[rule]
        self.others = others

    def __str__(self) -> str:
        own = f"{self.because} (rule {self.rule}: {self.citation})"
        return "; ".join([own, *map(str, self.others)])


class ActsRefused(Refused):
    """Several acts that stand together were refused, because some of them are.

    It reads like the first refusal; `refusals` holds all of them, by the place of their act.
    """

    def __init__(self, refusals: Mapping[int, Refused]) -> None:
        first = next(iter(refusals.values()))
        super().__init__(first.rule, first.because, first.citation)
        self.refusals = refusals


def require(rule: str, held: object, because: str) -> None:
    """Raise Refused by a rule of the record itself unless `held`; blank text holds nothing."""
    if not held or (isinstance(held, str) and is_blank(held)):
        raise Refused(rule, because)


def require_texts(texts: Mapping[str, str], what: str) -> None:
    """Raise Refused for a text that is given in some language and says nothing there."""
    for language, text in texts.items():
        require("empty", text, f"{what} in {language} is empty: write it, or leave {language} out")
        require("empty", language, f"{what} is given in no language: name one, such as en")


def make_finding(rule: str, held: bool | None, because: str) -> Finding:
    """What a rule of the body's pack finds: held, not held, or (None) not to be determined."""
    return Finding(rule, Result.from_held(held), "" if held else because)


def enforce(
    pack: RulePack, found: Iterable[Finding], *, attested: bool, waivers: Mapping[str, str]
) -> tuple[Finding, ...]:
    """Keep the findings of rules that apply; refuse a live command that breaks a binding one.

    For a live command an undeterminable rule binds like a violated one: doubt never passes.
    Raises Refused with the rule and its citation, and with all other rules that are broken too.
    """
    kept = tuple(finding for finding in found if finding.rule in pack.rules)
    if attested:
        return kept
    broken = tuple(_broken(pack, kept, waivers))
    if broken:
        first, *others = broken
        raise Refused(first.rule, first.because, first.citation, tuple(others))
    return kept


def _broken(
    pack: RulePack, kept: Iterable[Finding], waivers: Mapping[str, str]
) -> Iterator[Refused]:
    """A refusal for each rule that binds and does not hold, unless it is waived."""
    for finding in kept:
        rule = pack.rules[finding.rule]
        waived = rule.force is Force.WAIVE and not is_blank(waivers.get(finding.rule, ""))
        if finding.result is Result.SATISFIED or rule.force is Force.NOTICE or waived:
            continue
        hint = ". Give a waiver with its reason to go on." if rule.force is Force.WAIVE else ""
        yield Refused(finding.rule, finding.because + hint, rule.citation)

"""Rules as data: packs with citations and parameters, and what a rule found in a given case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from msgspec import Struct, field, structs

from domain.confusables import is_blank

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
    "closing-hour": (r"|([01]\d|2[0-3]):[0-5]\d", "an hour such as 17:00, or nothing"),
}
"""How parameters of packs are written, as a pattern and in words; others are free text."""


class Result(StrEnum):
    """What a rule finds. Only live facts must satisfy; history may leave things open."""

    SATISFIED = "satisfied"
    VIOLATED = "violated"
    UNDETERMINABLE = "undeterminable"

    @classmethod
    def of(cls, held: bool | None) -> Result:
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
            insist("pack-known", key in self.parameters, f"pack {self.id} has no parameter {key}")
            pattern, words = WRITTEN.get(key, (".*", ""))
            insist("pack-known", re.fullmatch(pattern, value), f"{key} {value}: write {words}")
            return structs.replace(self, parameters={**self.parameters, key: value})
        insist("pack-known", rule_id in self.rules, f"pack {self.id} has no rule {rule_id}")
        rule = self.rules[rule_id]
        if key == "force" and value == "none":
            return structs.replace(
                self, rules={k: r for k, r in self.rules.items() if k != rule_id}
            )
        if key == "force":
            known = value in set(Force)
            insist("pack-known", known, f"{value} is no force: {', '.join(Force)} or none")
            rule = structs.replace(rule, force=Force(value))
        else:
            insist("pack-known", key in rule.parameters, f"rule {rule_id} has no parameter {key}")
            number = rule.parameters[key].isdecimal()
            fits = not number or re.fullmatch(_NUMBER[0], value, re.ASCII)
            insist("pack-known", fits, f"{name} {value}: write {_NUMBER[1]}")
            rule = structs.replace(rule, parameters={**rule.parameters, key: value})
        return structs.replace(self, rules={**self.rules, rule_id: rule})

    def parameter(self, rule: str, name: str) -> str:
        """The value of a rule's parameter; empty when the rule does not apply."""
        return self.rules[rule].parameters[name] if rule in self.rules else ""


class Finding(Struct, frozen=True):
    """What one rule found when an order was decided, and why."""

    rule: str
    result: Result
    because: str = ""


class Refused(Exception):
    """A command was refused. Names the rule, its source, and what is the matter."""

    def __init__(self, rule: str, because: str, citation: str = "") -> None:
        super().__init__(because)
        self.rule, self.because, self.citation = rule, because, citation or RECORD[rule]

    def __str__(self) -> str:
        return f"{self.because} (rule {self.rule}: {self.citation})"


RECORD: dict[str, str] = {
    # what keeps a record from contradicting itself
    "known": "integrity of the record: nothing refers to what the record does not hold",
    "new": "integrity of the record: an id names one thing for ever",
    "stage": "integrity of the record: each step needs the step before it",
    "empty": "integrity of the record: an act without its content is none",
    "pack-known": "integrity of the record: rules are applied only from a pack that is in force",
    "live-now": "integrity of the record: a live act takes effect when the server receives it",
    "live-role": "integrity of the record: each act belongs to those whose function it is",
    "attested-source": "integrity of the record: history carries its source",
    "attested-past": "integrity of the record: what is attested has happened already",
    "window-of-one-basis": "integrity of the record: sources tell a window, or the rules run it",
    "history-alters-no-live-act": "integrity of the record: what was decided live stays so",
    "virtual-store": "integrity of the record: simulated acts belong in a throw-away store",
    "command-id-once": "integrity of the record: a command id names one command for ever",
    "ids-of-machines": "integrity of the record: nobody acts under the ids of the silence clock",
    "plain-id": "integrity of the record: an id shows what it is, and can be taken for no other",
    "fits-its-stream": "integrity of the record: what belongs to one body is decided with it",
    "exact-instant": "integrity of the record: a running clock needs one instant in a known zone",
    "length": "three kinds of length are never mixed: hours, days, working days",
    "session-dates": "integrity of the record: a session begins before it ends, its parts in turn",
    "hours": "integrity of the record: a slot begins before it ends",
    "item-place": "integrity of the record: a sub-item stands with the item that it is under",
    "no-overlap-of-terms": "integrity of the record: a seat has one holder at a time",
    "correction-names-a-fact": "a correction is a later act (compare Corr. of documents)",
    "correction-has-reason": "a correction carries its authority and reason (compare Corr.)",
    "correction-not-of-a-window": "an outcome changes by a ruling only, never by a correction",
    # calendars and symbols
    "calendar-published": "UN holidays are published per duty station and year; none is guessed",
    "calendar-dates": "UN holidays are published per duty station and year",
    "symbol-form": "research.un.org/en/docs/symbols: organ, subsidiary, year or session, serial",
    "symbol-never-reused": "research.un.org/en/docs/symbols: a symbol stands for one document",
    "no-edit-after-issue": "research.un.org/en/docs/symbols: changes are Add., Corr., Rev. or *",
    # meetings
    "act-of-a-meeting": "UNGA rules of procedure 82 to 95: a body decides at its meetings",
    "vote-counted": "UNGA rules of procedure 86 and 87: for, against, and abstaining from voting",
    "silence-goes-first": "UNGA decision 74/544: while a silence runs, objections are made to it",
    # silence procedures
    "window-open": "OSCE Rules of Procedure 2006, Annex 1(A): before expiry",
    "closes-after-opening": "UNGA decision 74/544: a silence procedure lasts",
    "closes-within-reach": "integrity of the record: an end that nobody will see is a slip",
    "relaunch-of-what-failed": "CBD ExCOP 2, 2020: what failed is put under silence once more",
    "text-under-silence": "HLPF 2020 dispute: silence binds one identified text",
    "items-under-silence": "ATT CSP6 2020: objections name what they concern",
    "responder-on-roster": "CBD ExCOP 2 2020: registered representatives only",
    "empowered-to-act": "UN75 declaration 2020: one may act for several, where empowered",
    "reasons-given": "NATO practice: an objection states its reasons where the policy wants them",
    "voice-of-the-seat": "CBD ExCOP 2 2020: registered representatives of Parties object",
    "objection-breaks": "OSCE Rules of Procedure 2006, Annex 1(A); OSCE PA: consensus minus one",
    "members-counted-alike": "OSCE PA emergency rules: consensus minus one, whenever it is found",
    "hold-named": "OWASP ASVS 5.0, 16.5.3: what fails, fails closed; each doubt ends by itself",
    "two-persons": "OWASP ASVS 5.0, 2.3.5: two persons for the gravest decisions",
    "extension-later": "letter of the President of the General Assembly, 21 April 2020",
    "lapse-after-deadline": "Rules of Procedure of the EU Council, Art. 12(2): end of the period",
    "ruling-before-lapse": "CBD ExCOP 2 2020: the President ruled whether a comment objects",
    "told-before-lapse": "ICCAT rule 9: only those who confirmed receipt count",
    "heard-before-lapse": "OWASP ASVS 5.0, 16.5.3: what fails, fails closed",
    "threshold-reachable": "OSCE PA emergency rules: consensus minus one, of those who are asked",
    "grace-exceeds-queue": "OSCE Rules of Procedure 2006, Annex 1(A): whatever came in time counts",
    "one-clock": "integrity of the record: one server clock stamps what was received",
    "responses-bounded": "OWASP ASVS 5.0, 2.4.1: nobody fills a record so that others go unheard",
    "evidence-kept": "integrity of the record: a paper that is cited is kept with it",
}
"""Rules that hold for every body, because without them the record would contradict itself."""


def insist(rule: str, held: object, because: str) -> None:
    """Raise Refused by a rule of the record itself unless `held`; blank text holds nothing."""
    if not held or (isinstance(held, str) and is_blank(held)):
        raise Refused(rule, because)


def insist_on_texts(texts: Mapping[str, str], what: str) -> None:
    """Raise Refused for a text that is given in some language and says nothing there."""
    for language, text in texts.items():
        insist("empty", text, f"{what} in {language} is empty: write it, or leave {language} out")
        insist("empty", language, f"{what} is given in no language: name one, such as en")


def demand(rule: str, held: bool | None, because: str) -> Finding:
    """What a rule of the body's pack finds: held, not held, or (None) not to be determined."""
    return Finding(rule, Result.of(held), "" if held else because)


def judge(
    pack: RulePack, found: Iterable[Finding], *, attested: bool, waivers: Mapping[str, str]
) -> tuple[Finding, ...]:
    """Keep the findings of rules that apply; refuse a live command that breaks a binding one.

    For a live command an undeterminable rule binds like a violated one: doubt never passes.
    Raises Refused with the rule and its citation.
    """
    kept = tuple(finding for finding in found if finding.rule in pack.rules)
    if attested:
        return kept
    for finding in kept:
        rule = pack.rules[finding.rule]
        waived = rule.force is Force.WAIVE and not is_blank(waivers.get(finding.rule, ""))
        if finding.result is Result.SATISFIED or rule.force is Force.NOTICE or waived:
            continue
        hint = ". Give a waiver with its reason to go on." if rule.force is Force.WAIVE else ""
        raise Refused(finding.rule, finding.because + hint, rule.citation)
    return kept

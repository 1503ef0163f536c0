"""Timelines of cases: a line for each event, and how one timeline departs from another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

from msgspec import Struct

from domain.canonical import canonical_json, digest
from domain.cases import Step
from domain.messages import RecordedEvent
from domain.ports.codec import Codec
from domain.rules import Refused

SHOWN: Final = 400
"""How many characters of what an event tells are shown beside a digest that differs."""
_EVENT: Final = re.compile(
    r"^(?P<time>\S+) (?P<basis>attested|simulated|stated|computed): (?P<stream>\S+) (?P<event>\S+)"
    r" by (?P<function>.+) #(?P<digest>\w{10})$"
)
_REFUSED: Final = re.compile(
    r"^(?P<time>\S+) refused by (?P<rule>\S+): (?P<act>.+) #(?P<digest>\w{10})$"
)
_WAITED: Final = re.compile(r"^(?P<time>\S+) (?P<act>waited)$")


class TimelineLine(Struct, frozen=True):
    """A line that came out: its text, the step that caused it, and what its digest covers."""

    text: str
    step: Step
    tells: str = ""


class TimelineDifference(Struct, frozen=True):
    """Where a timeline departs: the number of the line in the one that is expected, and how."""

    number: int
    what: str


def line_of(event: RecordedEvent, codec: Codec, step: Step) -> TimelineLine:
    """The line of one event: when, on what basis, where, what, by whom, and a digest.

    The digest covers the whole fact and its findings. Only the release of the time zone database
    is left out: it changes without any change of law.
    """
    values = {
        "fact": _without_release(codec.to_plain(event.fact)),
        "findings": [[finding.rule, str(finding.result)] for finding in event.findings],
        "authority": event.authority,
        "source": event.source,
        "seat": event.actor.seat,
        "name": event.actor.name,
        "waivers": dict(event.waivers),
    }
    basis = "simulated" if event.virtual and not event.stated else event.basis
    name = event.name.rpartition(".")[0]
    written = canonical_json(values)
    text = f"{event.effective} {basis}: {event.stream} {name} by {event.actor.role}"
    return TimelineLine(f"{text} #{digest(written)[:10]}", step, written.decode())


def refused_line(step: Step, refusal: Refused, codec: Codec) -> TimelineLine:
    """The line of an act that was refused. Its digest covers everything that was asked."""
    request = {
        "command": codec.to_plain(step.command),
        "actor": codec.to_plain(step.actor),
        "when": str(step.when),
        "received": str(step.received),
        "source": step.source,
        "authority": step.authority,
        "waivers": dict(step.waivers),
    } | ({} if step.offset_ms is None else {"offset_ms": step.offset_ms})
    if step.happened.known:
        request["happened"] = str(step.happened)
    written = canonical_json(request)
    text = f"{step.when} refused by {refusal.rule}: {step.verb}"
    return TimelineLine(f"{text} #{digest(written)[:10]}", step, written.decode())


def _without_release(fact: object) -> object:
    if isinstance(fact, dict):
        return {key: _without_release(value) for key, value in fact.items() if key != "tzdata"}
    return fact


def timeline_differences(
    expected: Sequence[str], came: Sequence[TimelineLine]
) -> Iterator[TimelineDifference]:
    """Where the whole timeline departs from the expected one.

    Lines are laid beside each other by what happened where, so that one event more or less is
    told as that, and does not make all that follow look wrong.
    """
    keys = [_key(line) for line in expected], [_key(line.text) for line in came]
    matcher = SequenceMatcher(None, *keys, autojunk=False)
    for _, i, i_end, j, j_end in matcher.get_opcodes():
        both = min(i_end - i, j_end - j)
        for n in range(both):
            if expected[i + n] != came[j + n].text:
                yield TimelineDifference(i + n, _differs(expected[i + n], came[j + n]))
        for n in range(i + both, i_end):
            yield TimelineDifference(n, f"did not come: {expected[n]}")
        for line in came[j + both : j_end]:
            yield TimelineDifference(i_end, f"came and is not listed: {line.text}{_cause(line)}")


def _key(line: str) -> str:
    words = _read(line)
    return " ".join(words.get(name, "") for name in ("stream", "event", "rule", "act")) or line


def _read(line: str) -> dict[str, str]:
    found = next(filter(None, (kind.match(line) for kind in (_EVENT, _REFUSED, _WAITED))), None)
    return found.groupdict() if found else {}


def _differs(wanted: str, came: TimelineLine) -> str:
    """Which fields of a line differ, each with both values."""
    old, new = _read(wanted), _read(came.text)
    if old.keys() != new.keys():
        return f"expected {wanted}; came {came.text}{_cause(came)}"
    parts = [
        f"{name} is {new[name]}, not {old[name]}"
        for name in new
        if name != "digest" and new[name] != old[name]
    ]
    if old["digest"] != new["digest"] if "digest" in new else False:
        tells = came.tells if len(came.tells) <= SHOWN else f"{came.tells[:SHOWN]}..."
        digests = f"#{new['digest']}, not #{old['digest']}"
        parts.append(f"what it tells differs ({digests}); it now tells {tells}")
    return f"{new.get('event') or new.get('act')}: {'; '.join(parts)}{_cause(came)}"


def _cause(line: TimelineLine) -> str:
    return f" (by {line.step.place}, line {line.step.line})"

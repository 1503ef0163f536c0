"""What must be true of the events of one command, each beside the others and by itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from typing import Final

from domain.corrections import FactCorrected
from domain.messages import RecordedEvent
from domain.record_rules import RECORD
from domain.rules import Force, Result, RulePack

AHEAD: Final = timedelta(minutes=1)
"""How far the clocks of several machines may be apart before an event is one of the future."""
_SHARED_FIELDS: Final = (
    "received_at",
    "recorded_at",
    "actor",
    "source",
    "authority",
    "virtual",
)
"""What is the same in all events of a command."""
_SHARED: Final = ("findings", "waivers", "reads")
"""What only the first event of a command tells, for all of them."""

Packs = Callable[[str, str], RulePack | None]
"""The rule pack of an organisation with this hash; None for one that cannot be read."""


def check_event(event: RecordedEvent, now: datetime | None) -> Iterator[str]:
    """What is wrong with an event by itself; `now` is None where time is simulated."""
    if now and event.recorded_at > now + AHEAD:
        yield f"was recorded at {event.recorded_at:%Y-%m-%d %H:%M:%S} UTC, which is still to come"
    if event.received_at > event.recorded_at:
        yield "was received after it was recorded"
    if event.effective.known and event.effective.earliest > event.recorded_at:
        yield f"takes effect at {event.effective}, after it was recorded"
    kind = event.name.partition(".")[0]
    if kind not in {"record", str(event.stream.kind)}:
        yield f"is {event.name}, and stands in the stream {event.stream}"
    if isinstance(event.fact, FactCorrected) and not 0 < event.fact.version < event.version:
        yield f"corrects version {event.fact.version} of its stream, which is none before it"


def check_following_event(first: RecordedEvent, event: RecordedEvent) -> Iterator[str]:
    """What is wrong with a further event of a command, beside its first one."""
    if event.caused_by != str(first.event_id):
        yield f"is not caused by event {first.position}, the first of its command"
    unlike = [name for name in _SHARED_FIELDS if getattr(event, name) != getattr(first, name)]
    if event.command_hash not in {"", first.command_hash}:  # older events repeat it
        unlike.append("command_hash")
    if unlike:
        yield f"has another {', '.join(unlike)} than event {first.position} of its command"
    if twice := [name for name in _SHARED if getattr(event, name)]:
        yield f"tells {', '.join(twice)} again, as only the first event of a command does"


def check_first_event(
    event: RecordedEvent, head: Callable[[str], int], packs: Packs
) -> Iterator[str]:
    """What is wrong with the first event of a command: with its cause, fences and findings.

    `head` tells the last version of a stream before it.
    """
    if event.caused_by:
        yield f"is the first of its command, and yet caused by {event.caused_by}"
    for stream, version in event.reads.items():
        if (last := head(stream)) != version:
            yield f"relies on version {version} of {stream}, which stood at {last}"
    if event.findings:
        pack = packs(event.organisation, event.pack) if event.pack else None
        yield from _found(event, pack)


def _found(event: RecordedEvent, pack: RulePack | None) -> Iterator[str]:
    rules: Collection[str] = pack.rules if pack else ()
    names = [finding.rule for finding in event.findings]
    if strange := [name for name in names if name not in rules and name not in RECORD]:
        yield f"was judged by {', '.join(strange)}, no rule of its pack"
    if pack and not event.attested:
        yield from _departed(event, pack)


def _departed(event: RecordedEvent, pack: RulePack) -> Iterator[str]:
    for finding in event.findings:
        rule = pack.rules.get(finding.rule)
        binding = rule is not None and rule.force is not Force.NOTICE
        passed = finding.result is Result.SATISFIED or finding.rule in event.waivers
        if binding and not passed:
            yield f"went against {finding.rule}, a binding rule that was not waived"

"""Putting a text under silence: what is frozen at the opening, and what forbids it."""

from __future__ import annotations

from typing import Final

from domain import deadlines
from domain.actors import Role
from domain.agenda.events import ItemsPutUnderSilence
from domain.body import Body
from domain.canonical import digest
from domain.deadlines import Deadline
from domain.decision_context import DecisionContext
from domain.messages import UNDER_WAY, Decision, NewEvent, Order
from domain.rules import Finding, RulePack, enforce, make_finding, require
from domain.silence import bound_text, minimum_length, relaunch, roster
from domain.silence.agenda_events import of_agenda
from domain.silence.bound_text import BoundText
from domain.silence.commands import OpenSilence
from domain.silence.events import Policy, SilenceOpened
from domain.times import UNKNOWN, When, is_before, is_in_term

OPENERS: Final = (Role.SECRETARIAT, Role.PRESIDING_OFFICER)


def decide(command: OpenSilence, order: Order, world: DecisionContext) -> Decision:
    """Open the window, and mark the agenda items that come under it. Raises Refused."""
    body = world.body(command.body)
    pack = world.pack_of(body, order.when)
    text = _text(command, order, world)
    subject, text_hash, texts = text
    deadline = _deadline(command, order, body, pack, world)
    closes = command.closes if deadline is None else When.from_instant(deadline.utc)
    _require_future(closes, order, body)
    policy, frozen = _policy(command, pack), roster.encode_roster(body, order.when, pack)
    if not order.attested:
        _require_responders(policy, frozen, body)
        relaunch.require_failed(command, subject, world)
    findings = (
        minimum_length.long_enough(command, closes, (text_hash, texts), order, world),
        *_permitted(order, command, body, pack, world),
    )
    found = enforce(pack, findings, attested=order.attested, waivers=order.waivers)
    opened = _opened(command, order, text, frozen, policy=policy, closes=closes, deadline=deadline)
    under = ItemsPutUnderSilence(items=subject.items, window=command.window)
    events = (NewEvent(command.stream, opened), *of_agenda(subject, under))
    contents = (*texts, frozen) if frozen else texts
    return Decision(events, found, contents, body.pack_at(order.when))


def _text(command: OpenSilence, order: Order, world: DecisionContext) -> BoundText:
    """What comes under silence. Raises Refused for who may not open, and for what is no text."""
    may = order.attested or order.actor.role in OPENERS
    require("live-role", may, "the secretariat or the presiding officer opens a silence procedure")
    if not order.attested:
        bound_text.require_known_subject(command, world)
        twice = command.length and command.closes.known
        require("length", not twice, "say when it ends by a length or by a deadline, not by both")
    bound_text.require_named_parts(command.subject)
    text = bound_text.bind_text(command, world)
    require("empty", order.attested or text[1], "silence binds a text: none was given")
    return text


def _opened(
    command: OpenSilence,
    order: Order,
    text: BoundText,
    frozen: bytes,
    *,
    policy: Policy,
    closes: When,
    deadline: Deadline | None,
) -> SilenceOpened:
    """The opening with all that it freezes; `frozen` is the roster, empty for an unknown one."""
    subject, text_hash, _ = text
    return SilenceOpened(
        body=command.body,
        subject=subject,
        text_hash=text_hash,
        roster_hash=digest(frozen) if frozen else "",
        seats=len(roster.decode_roster(frozen)) if frozen else None,
        policy=policy,
        closes=closes,
        deadline=deadline,
        length=command.length,
        channel=command.channel,
        mandate=command.mandate or order.authority,
        relaunch_of=command.relaunch_of,
    )


def _require_future(closes: When, order: Order, body: Body) -> None:
    """A window closes after it opens; of history only what is certainly not so is refused."""
    earlier = is_before(closes, order.when, body.zone_of_order(order)) is True
    ahead = not earlier and closes.latest != order.when.earliest
    require("closes-after-opening", ahead, f"it would close at {closes}, before it opens")


def _require_responders(policy: Policy, frozen: bytes, body: Body) -> None:
    """Of a live window somebody is asked, enough of them can object, and all are waited for."""
    grace_suffices = policy.grace_seconds > UNDER_WAY.seconds + policy.margin_seconds
    because = f"a grace of {policy.grace_seconds} s is over before the last response is heard"
    require("grace-exceeds-queue", grace_suffices, because)
    require("empty", frozen, f"nobody sits in {body.id} now: no one to ask")
    members = len({*roster.holders(frozen).values()})
    because = f"of {members} members never {policy.threshold} can object"
    require("threshold-reachable", 1 <= policy.threshold <= members, because)


def _deadline(
    command: OpenSilence, order: Order, body: Body, pack: RulePack, world: DecisionContext
) -> Deadline | None:
    """The deadline of a live window; None for history, which starts no clock."""
    if order.attested:
        return None
    if command.closes.known:
        return deadlines.stated_deadline(
            command.closes, now=order.received_at, rule="stated by officer", tzdata=world.tzdata
        )
    length = command.length or pack.parameter(minimum_length.MINIMUM, "length")
    return minimum_length.deadline_after(length, order.received_at, body, pack, world)


def _policy(command: OpenSilence, pack: RulePack) -> Policy:
    """How it works: as the pack says, unless the command says otherwise."""

    def given(name: str, value: bool | None) -> bool:
        return pack.parameters.get(name) == "yes" if value is None else value

    threshold = command.threshold
    if threshold is None:
        threshold = int(pack.parameters.get("threshold", "1"))
    return Policy(
        threshold=threshold,
        by_item=given("by-item", command.by_item),
        reasons_required=given("reasons-required", None),
        names_withheld=given("names-withheld", command.names_withheld),
        grace_seconds=int(pack.parameters.get("grace-seconds", "120")),
        margin_seconds=int(pack.parameters.get("margin-seconds", "0")),
        notices_required=given("notices-required", None),
        longest_outage_minutes=int(pack.parameters.get("longest-outage-minutes", "0")),
        reminder_hours=int(pack.parameters.get("reminder-hours", "0")),
        sub_items=pack.parameters.get("sub-items", "with their parent"),
    )


def _permitted(
    order: Order, command: OpenSilence, body: Body, pack: RulePack, world: DecisionContext
) -> tuple[Finding, ...]:
    """Only subjects within scope, and only while the authorisation is in force."""
    scope = pack.parameter("silence-scope", "subjects").split(", ")
    until = pack.parameter("silence-authorised", "until")
    end = When.from_stored(until) if until and until != "always" else UNKNOWN
    in_force = is_in_term(order.when, UNKNOWN, end, body.zone_of_order(order))
    relaunched = world.window(command.relaunch_of) if command.relaunch_of else None
    named = ", ".join(scope)
    return (
        make_finding(
            "silence-scope",
            command.subject.type in scope,
            f"silence is not authorised for {command.subject.type}, only for {named}",
        ),
        make_finding("silence-authorised", in_force, f"the authorisation ended on {until}"),
        make_finding(
            "relaunch-of-ended-window",
            relaunched is None or relaunched.is_over or (None if order.attested else False),
            f"window {command.relaunch_of} is still running",
        ),
    )

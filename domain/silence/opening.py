"""Putting a text under silence: what is frozen, and what forbids it."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import structs

from domain import deadlines
from domain.actors import Role
from domain.agenda import item_stages
from domain.agenda.events import ItemsPutUnderSilence
from domain.agenda.item_numbers import item_key, repeated_numbers
from domain.agenda.items import encode_texts
from domain.body import Body
from domain.canonical import canonical_json, digest, strip_byte_order_marks
from domain.deadlines import Deadline, Length
from domain.decision_context import DecisionContext
from domain.messages import UNDER_WAY, Decision, NewEvent, Order
from domain.rules import Finding, RulePack, enforce, make_finding, require
from domain.silence import relaunch, roster
from domain.silence.commands import OpenSilence, RecordNotices
from domain.silence.events import NoticesRecorded, Policy, SilenceOpened, Subject
from domain.silence.window import Window
from domain.streams import Kind, Stream
from domain.times import UNKNOWN, When, is_before, is_in_term

MINIMUM = "silence-minimum-length"
ABOUT = (
    "",
    "opening",
    "extension",
    "suspension",
    "resumption",
    "supersession",
    "reminder",
    "outcome",
)
RESULTS = ("delivered", "failed", "resolved", "waived", "bounced")
OPENERS = (Role.SECRETARIAT, Role.PRESIDING_OFFICER)


def decide(command: OpenSilence, order: Order, world: DecisionContext) -> Decision:
    """Open the window, and mark the agenda items that come under it. Raises Refused."""
    body = world.body(command.body)
    pack = world.pack_of(body, order.when)
    may = order.attested or order.actor.role in OPENERS
    require("live-role", may, "the secretariat or the presiding officer opens a silence procedure")
    if not order.attested:
        _insist_on_subject(command, world)
    _insist_on_parts(command.subject)
    subject, text_hash, texts = _text(command, world)
    require("empty", order.attested or text_hash, "silence binds a text: none was given")
    deadline = _deadline(command, order, body, pack, world)
    closes = command.closes if deadline is None else When.from_instant(deadline.utc)
    _insist_on_future(closes, order, body)
    policy, frozen = _policy(command, pack), roster.encode_roster(body, order.when, pack)
    if not order.attested:
        _insist_on_hearing(policy, frozen, body)
        relaunch.require_failed(command, subject, world)
    found = enforce(
        pack,
        (
            _long_enough(command, closes, (text_hash, texts), order, world),
            *_permitted(order, command, body, pack, world),
        ),
        attested=order.attested,
        waivers=order.waivers,
    )
    fact = SilenceOpened(
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
    facts = [NewEvent(command.stream, fact)]
    if subject.agenda:
        under = ItemsPutUnderSilence(items=subject.items, window=command.window)
        facts.append(NewEvent(Stream(Kind.AGENDA, subject.agenda), under))
    contents = (*texts, frozen) if frozen else texts
    return Decision(tuple(facts), found, contents, body.pack_at(order.when))


def _insist_on_future(closes: When, order: Order, body: Body) -> None:
    """A window closes after it opens; of history only what is certainly not so is refused."""
    earlier = is_before(closes, order.when, body.zone_of_order(order)) is True
    ahead = not earlier and closes.latest != order.when.earliest
    require("closes-after-opening", ahead, f"it would close at {closes}, before it opens")


def _insist_on_hearing(policy: Policy, frozen: bytes, body: Body) -> None:
    """Of a live window somebody is asked, enough of them can object, and all are waited for."""
    patient = policy.grace_seconds > UNDER_WAY.seconds + policy.margin_seconds
    because = f"a grace of {policy.grace_seconds} s is over before the last response is heard"
    require("grace-exceeds-queue", patient, because)
    require("empty", frozen, f"nobody sits in {body.id} now: no one to ask")
    members = len({*roster.holders(frozen).values()})
    because = f"of {members} members never {policy.threshold} can object"
    require("threshold-reachable", 1 <= policy.threshold <= members, because)


def _insist_on_subject(command: OpenSilence, world: DecisionContext) -> None:
    """What a live window refers to is in the record, and told in one way only."""
    subject = command.subject
    of_agenda = (subject.type == "agenda items") == bool(subject.agenda)
    require("known", of_agenda, "agenda items, and nothing else, are those of an agenda: name it")
    other = "the submitted text of the agenda is what comes under silence: give none beside it"
    require("text-under-silence", not (subject.agenda and command.text), other)
    if subject.session:
        world.session(subject.session)
    if subject.document:
        world.document(subject.document)
    twice = command.length and command.closes.known
    require("length", not twice, "say when it ends by a length or by a deadline, not by both")


def _insist_on_parts(subject: Subject) -> None:
    """Each part under silence has a name, and none is named twice, in whatever spelling."""
    require("empty", all(map(item_key, subject.items)), "a part under silence has no name")
    twice = ", ".join(repeated_numbers(subject.items))
    require("known", not twice, f"an item is named twice: {twice}")


def _text(command: OpenSilence, world: DecisionContext) -> tuple[Subject, str, tuple[bytes, ...]]:
    """The one text that is bound: the submitted items, or the text that the command carries."""
    subject = command.subject
    if not subject.agenda:
        if not command.text:
            return subject, "", ()
        text = canonical_json(
            {"items": list(subject.items), "text": strip_byte_order_marks(command.text)}
        )
        return subject, digest(text), (text,)
    agenda = world.agenda(subject.agenda)
    item_stages.require_stage(agenda, "put under silence")
    submitted = agenda.items_with_approval("submitted")
    names = tuple(agenda.item(name).item for name in subject.items) or submitted
    require("stage", names, f"agenda {agenda.id} has no submitted items")
    bound, _ = encode_texts([agenda.item(name) for name in submitted])
    same = names == submitted and bound == agenda.text_hash
    require("stage", same, "silence binds the submitted text, whole: submit these items as one")
    under = {name: parent for name in names if (parent := agenda.item(name).under)}
    whole = Subject(**{**structs.asdict(subject), "items": names, "under": under})
    return whole, agenda.text_hash, ()


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
    length = command.length or pack.parameter(MINIMUM, "length")
    return deadline_after(length, order.received_at, body, pack, world)


def deadline_after(
    length: str, opens: datetime, body: Body, pack: RulePack, world: DecisionContext
) -> Deadline:
    """The deadline that this length makes for a window that opens then (UTC). Raises Refused."""
    return deadlines.compute_deadline(
        opens,
        Length.parse(length),
        zone=body.zone or "UTC",
        hour=pack.parameters.get("closing-hour", ""),
        calendars=body.working_days,
        rule=MINIMUM,
        tzdata=world.tzdata,
    )


def _policy(command: OpenSilence, pack: RulePack) -> Policy:
    def given(name: str, value: bool | None) -> bool:
        return pack.parameters.get(name) == "yes" if value is None else value

    told = command.threshold
    return Policy(
        threshold=int(pack.parameters.get("threshold", "1")) if told is None else told,
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


def _long_enough(
    command: OpenSilence,
    closes: When,
    text: tuple[str, tuple[bytes, ...]],
    order: Order,
    world: DecisionContext,
) -> Finding:
    """Never shorter than the pack's minimum; an amended text may have a minimum of its own."""
    body = world.body(command.body)
    pack = world.pack_of(body, order.when)
    amended = relaunch.is_amended_relaunch(command, *text, order, world)
    shorter = amended or (amended is None and order.attested)
    minimum = pack.parameter(MINIMUM, "relaunch" if shorter else "length")
    because = f"the window is not certainly as long as {minimum}"
    if not minimum:
        return make_finding(MINIMUM, True, because)
    if order.attested:
        held = _told_long_enough(order.when, closes, minimum, body.zone)
        held = deadlines.is_at_least(command.length, minimum) if held is None else held
        if held and amended is None:
            whole = pack.parameter(MINIMUM, "length")
            long = _told_long_enough(order.when, closes, whole, body.zone)
            held = (deadlines.is_at_least(command.length, whole) if long is None else long) or None
        return make_finding(MINIMUM, held, because)
    least = deadline_after(minimum, order.received_at, body, pack, world).utc
    return make_finding(MINIMUM, closes.earliest >= least, because)


def _told_long_enough(opens: When, closes: When, minimum: str, zone: str) -> bool | None:
    """What a source's times leave open; working days are not counted for history."""
    length = Length.parse(minimum)
    if not (opens.known and closes.known) or length.unit == "working days":
        return None
    opens, closes = opens.in_zone(zone), closes.in_zone(zone)
    least = timedelta(hours=length.count) if length.unit == "hours" else timedelta(length.count)
    if opens.day and closes.day and not (opens.has_hour and closes.has_hour):
        days = closes.day - opens.day
        if length.unit == "days":
            return days >= least
        hour = timedelta(days=1)  # what the hours that are not told may add or take
        return True if days - hour >= least else False if days + hour <= least else None
    if closes.earliest - opens.latest >= least:
        return True
    return False if closes.latest - opens.earliest < least else None


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


def record_notices(
    window: Window, command: RecordNotices, order: Order, world: DecisionContext
) -> Decision:
    """Keep what became of notices; an unresolved failure blocks the close."""
    may = order.attested or order.actor.role in (*OPENERS, Role.NOTICES)
    require("live-role", may, "the secretariat records what became of notices")
    require("known", command.result in RESULTS, f"{command.result}: write {', '.join(RESULTS)}")
    if window.roster_hash:
        known = {seat.seat for seat in roster.decode_roster(world.content(window.roster_hash))}
        strange = ", ".join(sorted({*command.seats} - known))
        require("known", not strange, f"not on the roster of window {window.id}: {strange}")
    require("known", command.about in ABOUT, f"{command.about}: write {', '.join(ABOUT)}")
    if command.result == "waived":
        require("empty", command.reason, "a waiver needs its reason")
    seats = _news_of(window, command, order)
    fact = NoticesRecorded(
        seats=seats,
        result=command.result,
        reason=command.reason,
        about=command.about,
        via=command.via,
        address=command.address,
        event=command.event,
    )
    return Decision((NewEvent(command.stream, fact),) if seats else ())


def _news_of(window: Window, command: RecordNotices, order: Order) -> tuple[str, ...]:
    """The seats of whom it is news; a letter that fails is none of who was told by other means."""
    by_letter = order.actor.role is Role.NOTICES and command.result == "failed"
    if not by_letter or command.about not in {"", "opening"}:
        return command.seats
    return tuple(one for one in command.seats if one not in window.delivered | window.excused)

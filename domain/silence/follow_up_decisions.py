"""What is entered of a silence that is past: parts of its outcome, and what a meeting made of it.

None of it changes what became of a silence that the clock ran for.
"""

from __future__ import annotations

from typing import assert_never

from domain.actors import Role
from domain.agenda.events import ItemsApproved, ItemsNotApproved
from domain.canonical import canonical_json, digest
from domain.decision_context import DecisionContext
from domain.further_bodies import require_further_bodies
from domain.messages import Decision, NewEvent, Order
from domain.rules import require
from domain.silence.commands import (
    AnnounceRevision,
    DecideMatter,
    FollowUpCommand,
    ShareSilence,
    TellOutcome,
)
from domain.silence.events import MatterDecided, OutcomeTold, RevisionAnnounced, SilenceShared
from domain.silence.window import Window
from domain.stated_times import require_stated_time
from domain.streams import Stream, StreamKind
from domain.voting import require_valid_vote

ANNOUNCERS = (Role.SECRETARIAT, Role.PRESIDING_OFFICER)


def decide(
    window: Window, command: FollowUpCommand, order: Order, world: DecisionContext
) -> Decision:
    """Answer a command about a silence that is past. Raises Refused."""
    match command:
        case TellOutcome():
            return attest_outcome(window, command, order)
        case ShareSilence():
            return share_silence(window, command, order, world)
        case DecideMatter():
            return decide_matter(window, command, order, world)
        case AnnounceRevision():
            return announce_revision(window, command, order)
        case _:
            assert_never(command)


def decide_matter(
    window: Window, command: DecideMatter, order: Order, world: DecisionContext
) -> Decision:
    """A meeting decided on what the silence did not, after its end. Raises Refused."""
    _failed(window, order)
    if order.stated:
        zone = world.body(window.body).zone_of_order(order)
        require_stated_time(order, zone, [("the end of the silence", window.ended)])
    require_valid_vote(command, order)
    fact = MatterDecided(
        result=command.result,
        manner=command.manner,
        by=command.by,
        in_favour=command.in_favour,
        against=command.against,
        abstaining=command.abstaining,
        note=command.note,
    )
    return Decision((NewEvent(command.stream, fact),))


def share_silence(
    window: Window, command: ShareSilence, order: Order, world: DecisionContext
) -> Decision:
    """A source tells for which bodies a past silence was; a running one asks one roster."""
    require(
        "attested-source", order.attested, "only a source tells of a silence for several bodies"
    )
    require("stage", window.attested, f"window {window.id} asks the roster of one body")
    require_further_bodies(command.bodies, (window.body, *window.shared), world)
    return Decision((NewEvent(command.stream, SilenceShared(bodies=command.bodies)),))


def attest_outcome(window: Window, command: TellOutcome, order: Order) -> Decision:
    """A source tells what became of some items of a silence that no clock ran for here."""
    require("attested-source", order.attested, "only a source tells what became of a past silence")
    require("stage", window.attested, f"the outcome of window {window.id} is computed, not told")
    require("stage", not window.is_over, f"window {window.id} has ended")
    named = (*command.approved, *command.broken)
    require("empty", named, "say of which items the source tells")
    strange = ", ".join(sorted({*named} - {*window.subject.items}))
    require("items-under-silence", not strange, f"window {window.id} has no part {strange}")
    require("items-under-silence", window.parts != ("",), f"window {window.id} is one whole")
    twice = len({*named}) < len(named) or {*named} & (window.stated | window.broken)
    require("stage", not twice, "an item is approved or broken, and told once")
    outcome = OutcomeTold(approved=command.approved, broken=command.broken)
    facts = [NewEvent(command.stream, outcome)]
    if window.subject.agenda:
        here = Stream(StreamKind.AGENDA, window.subject.agenda)
        yes = ItemsApproved(
            items=command.approved, by=window.body, window=window.id, manner="silence"
        )
        no = ItemsNotApproved(items=command.broken, window=window.id, reason="silence broken")
        facts += [NewEvent(here, fact) for fact in (yes, no) if fact.items]
    return Decision(tuple(facts))


def _failed(window: Window, order: Order) -> None:
    """A meeting decides on what the silence did not; what is approved by a clock stays so."""
    failed = window.broken or window.broken_whole or window.revoked or window.superseded
    by_source = order.attested and window.attested
    require("stage", window.is_over or by_source, f"window {window.id} is still running")
    require("stage", failed or by_source, f"nothing of window {window.id} failed: it was approved")


def announce_revision(window: Window, command: AnnounceRevision, order: Order) -> Decision:
    """An amended text is announced; what became of the silence stands. Raises Refused."""
    may = order.attested or order.actor.role in ANNOUNCERS
    require("live-role", may, "the secretariat or the presiding officer announces a text")
    _failed(window, order)
    said = any(text.strip() for text in (*command.text.values(), command.wording, command.note))
    require("empty", said, "say what is announced: a text, a wording, or a note on it")
    content = canonical_json({"text": dict(command.text)})
    fact = RevisionAnnounced(
        text_hash=digest(content) if command.text else "",
        wording=command.wording,
        note=command.note,
    )
    return Decision((NewEvent(command.stream, fact),), contents=(content,) if command.text else ())

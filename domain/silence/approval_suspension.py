"""Objections that came in time and were found after the close: they suspend an approval.

Two persons rule on each of them. Then the approval is revoked, or it is confirmed, or it stays
suspended as long as others wait for a ruling. Source: OSCE Rules of Procedure 2006, Annex 1(A),
by which whatever came before the expiry counts, whenever it is found.
"""

from __future__ import annotations

from msgspec import structs

from domain.agenda.events import ApprovalSuspended, ItemsApproved, ItemsNotApproved
from domain.decision_context import DecisionContext
from domain.messages import NewEvent
from domain.record_rules import RECORD
from domain.silence.agenda_events import of_agenda
from domain.silence.commands import RuleOnResponse
from domain.silence.events import (
    ApprovalConfirmed,
    ApprovalRevoked,
    ResponseFoundAfterClose,
)
from domain.silence.objection_tally import Voices
from domain.silence.responses import ReceivedResponse
from domain.silence.silence_break import response_numbers
from domain.silence.window import Window
from domain.streams import Stream, StreamKind

RULE = "members-counted-alike"


def suspension_events(
    window: Window, found: ReceivedResponse, world: DecisionContext
) -> tuple[NewEvent, ...]:
    """The events of a response that was found after the close: it suspends what it may break.

    That is what it breaks, if two persons rule so, together with all else that came in time:
    with what was counted before the close, and with what was found after it and waits, too.
    """
    here = Stream(StreamKind.WINDOW, window.id)
    asked = (
        window.approved_parts_concerned(found.response) if found.broke_silence is not False else ()
    )
    voices = Voices.of_window(window, world)
    against = voices.parts_at_threshold(asked, (*_possible(window), found))
    kept = ResponseFoundAfterClose(
        number=found.number, response=found.response, suspends=False, waits=found.waits
    )
    if not against:
        return (NewEvent(here, kept),)
    parts = tuple(part for part in asked if part in against)
    suspending = structs.replace(
        kept,
        suspends=True,
        items=tuple(part for part in parts if part),
        responses=response_numbers(against.values()),
        rule=RULE,
        citation=RECORD[RULE],
    )
    items = window.items_of(parts) or window.subject.items
    suspended = ApprovalSuspended(items=items, window=window.id)
    return (NewEvent(here, suspending), *of_agenda(window.subject, suspended))


def ruling_events(
    window: Window, response: ReceivedResponse, command: RuleOnResponse, world: DecisionContext
) -> tuple[NewEvent, ...]:
    """What a ruling after the close does to what is suspended: revoked, confirmed, or neither.

    A part falls once what is certain reaches the threshold. It stands again once nothing that
    waits for a ruling could still bring it there. Else it stays suspended.
    """
    after = _with_ruling(window, response, command)
    concerned = window.approved_parts_concerned(response.response)
    asked = [part for part in concerned if part in window.in_doubt]
    voices = Voices.of_window(window, world)
    fallen = voices.parts_at_threshold(asked, _certain(after))
    waiting = voices.parts_at_threshold(asked, _possible(after))
    revoked = tuple(part for part in asked if part in fallen)
    confirmed = tuple(part for part in asked if part not in {*fallen, *waiting})
    ruled = tuple(other.number for other in after.responses if _ruled_after_close(other))
    return (
        *(_revocation(window, revoked, response_numbers(fallen.values())) if revoked else ()),
        *(_confirmation(window, confirmed, ruled) if confirmed else ()),
    )


def _possible(window: Window) -> tuple[ReceivedResponse, ...]:
    """What broke or may have broken an approved text: counted before the close or found after."""
    counted = (one for one in window.responses if one.effective and one.broke_silence)
    return (*counted, *window.found_after_close)


def _certain(window: Window) -> tuple[ReceivedResponse, ...]:
    """The same, without what was found after the close and was not ruled to break."""
    return tuple(one for one in _possible(window) if one.effective or one.ruled)


def _with_ruling(window: Window, response: ReceivedResponse, command: RuleOnResponse) -> Window:
    """The window as it stands with this ruling."""
    responses = [
        structs.replace(other, ruled=command.breaks) if other is response else other
        for other in window.responses
    ]
    return structs.replace(window, responses=tuple(responses))


def _ruled_after_close(response: ReceivedResponse) -> bool:
    return response.standing == "found after the close" and response.ruled is not None


def _revocation(
    window: Window, parts: tuple[str, ...], by: tuple[int, ...]
) -> tuple[NewEvent, ...]:
    """These parts are approved no more, by objections of these numbers."""
    items = window.items_of(parts)
    revoked = ApprovalRevoked(items=items, rule=RULE, citation=RECORD[RULE], responses=by)
    refused = ItemsNotApproved(
        items=items or window.subject.items, window=window.id, reason="silence broken"
    )
    return (
        NewEvent(Stream(StreamKind.WINDOW, window.id), revoked),
        *of_agenda(window.subject, refused),
    )


def _confirmation(
    window: Window, parts: tuple[str, ...], ruled: tuple[int, ...]
) -> tuple[NewEvent, ...]:
    """These parts are approved again, after rulings on responses of these numbers."""
    items = window.items_of(parts)
    confirmed = ApprovalConfirmed(items=items, rule=RULE, citation=RECORD[RULE], responses=ruled)
    approved = ItemsApproved(
        items=items or window.subject.items, window=window.id, by=window.body, manner="silence"
    )
    return (
        NewEvent(Stream(StreamKind.WINDOW, window.id), confirmed),
        *of_agenda(window.subject, approved),
    )

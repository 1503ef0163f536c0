"""When objections break the silence, and what that makes of the text and its agenda."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from domain.agenda.events import ItemsNotApproved
from domain.decision_context import DecisionContext
from domain.messages import NewEvent
from domain.record_rules import RECORD
from domain.silence.agenda_events import of_agenda
from domain.silence.events import SilenceBroken
from domain.silence.objection_tally import Opposition, Voices
from domain.silence.responses import ReceivedResponse
from domain.silence.window import Window
from domain.streams import Stream, StreamKind


def break_events(
    window: Window,
    objection: ReceivedResponse,
    responses: Sequence[ReceivedResponse],
    world: DecisionContext,
) -> tuple[NewEvent, ...]:
    """The events of a break by this objection among all `responses`; none where it breaks nothing.

    Raises Refused when the store lost the roster of the window.
    """
    against = _broken_by(window, objection, responses, world)
    if not against:
        return ()
    items = tuple(part for part in against if part)
    broken = SilenceBroken(
        items=items,
        by=response_numbers(against.values()),
        rule="objection-breaks",
        citation=RECORD["objection-breaks"],
    )
    refused = ItemsNotApproved(
        items=items or window.subject.items, window=window.id, reason="silence broken"
    )
    return (
        NewEvent(Stream(StreamKind.WINDOW, window.id), broken),
        *of_agenda(window.subject, refused),
    )


def _broken_by(
    window: Window,
    objection: ReceivedResponse,
    responses: Sequence[ReceivedResponse],
    world: DecisionContext,
) -> Mapping[str, Opposition]:
    """The parts of the text that an objection breaks, each with those who object to it.

    The rule: an objection before the end breaks each part that it concerns, once as many members
    object to that part as the threshold of the window says. What is broken stays broken.

    Sources: OSCE Rules of Procedure 2006, Annex 1(A), by which one participating State breaks the
    silence and an amendment does too; OSCE Parliamentary Assembly, emergency rules ("consensus
    minus one"), by which it takes two.
    """
    if not objection.broke_silence or window.broken_whole:
        return {}
    concerned = window.parts_concerned(objection.response)
    unbroken = [part for part in concerned if part not in window.broken]
    objections = [one for one in responses if one.broke_silence and one.effective]
    return Voices.of_window(window, world).parts_at_threshold(unbroken, objections)


def response_numbers(against: Iterable[Opposition]) -> tuple[int, ...]:
    """The responses that stand against any of the parts, each once, in order."""
    return tuple(sorted({number for group in against for number in group.responses}))

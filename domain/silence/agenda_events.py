"""What the outcome of a window means for the agenda whose items were under silence."""

from __future__ import annotations

from domain.agenda.events import ApprovalEvent
from domain.messages import NewEvent
from domain.silence.events import Subject
from domain.streams import Stream, StreamKind
from domain.times import When


def of_agenda(
    subject: Subject, event: ApprovalEvent, effective: When | None = None
) -> tuple[NewEvent, ...]:
    """The event in the stream of the agenda; none where the text is not of an agenda.

    It takes effect with the order, unless `effective` says another time.
    """
    if not subject.agenda:
        return ()
    return (NewEvent(Stream(StreamKind.AGENDA, subject.agenda), event, effective),)

"""Sentences about sessions: their dates and their meetings."""

from __future__ import annotations

from typing import assert_never

from domain.session import events as session
from workflows.history.sentences.wording import Wording


def sentence(event: session.SessionEvent, words: Wording) -> str:
    """What happened to a session."""
    say = words.say
    match event:
        case session.SessionScheduled(number=number, body=body):
            values = {"number": number, "body": words.body(body)}
            return say("Session %(number)s of %(body)s received its dates.") % values
        case session.MeetingsPlanned(meetings=meetings):
            return say("Meetings planned: %(count)s.") % {"count": len(meetings)}
        case session.SessionPostponed(reason=reason):
            return say("The session was moved to other dates. %(reason)s") % {"reason": reason}
        case session.SessionReconvened():
            return say("A further part of the session was called.")
        case session.SessionCancelled(reason=reason):
            return say("The session was called off. %(reason)s") % {"reason": reason}
        case session.SessionOpened():
            return say("The session was opened.")
        case session.SessionClosed():
            return say("The session was closed.")
        case session.SessionShared(bodies=bodies):
            return words.shared(bodies)
    assert_never(event)

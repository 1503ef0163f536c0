"""What followed upon the outcome of a window, without a change of it."""

from __future__ import annotations

from typing import assert_never

from msgspec import Struct, structs

from domain.silence.events import (
    FollowUpEvent,
    MatterDecided,
    MatterReferred,
    OutcomeAnnounced,
    RevisionAnnounced,
    SilenceShared,
)
from domain.times import When


class FollowUp(Struct, frozen=True, kw_only=True):
    """Announcements, referrals, and what meetings made of the matter."""

    announced: tuple[OutcomeAnnounced, ...] = ()
    referred: tuple[MatterReferred, ...] = ()
    shared: tuple[str, ...] = ()
    """Further bodies for whose decision it was too, as a source tells."""
    decided: tuple[tuple[When, MatterDecided], ...] = ()
    """What meetings made of the matter afterwards, and when."""
    revisions: tuple[tuple[When, RevisionAnnounced], ...] = ()
    """Amended texts that were announced without a procedure of their own."""

    def after(self, event: FollowUpEvent, when: When) -> FollowUp:
        """The same with one event more, which took effect at `when`."""
        match event:
            case OutcomeAnnounced():
                return structs.replace(self, announced=(*self.announced, event))
            case MatterReferred():
                return structs.replace(self, referred=(*self.referred, event))
            case MatterDecided():
                return structs.replace(self, decided=(*self.decided, (when, event)))
            case RevisionAnnounced():
                return structs.replace(self, revisions=(*self.revisions, (when, event)))
            case SilenceShared():
                return structs.replace(self, shared=(*self.shared, *event.bodies))
            case _:
                assert_never(event)

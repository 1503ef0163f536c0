"""What moving or ending a silence procedure will do: to its deadline, to responses, to whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.messages import Fact
from domain.silence.events import (
    SilenceExtended,
    SilenceHeld,
    SilenceReleased,
    SilenceResumed,
    SilenceSuperseded,
    SilenceSuspended,
)
from web.i18n.labels import N_

_DOES: Final[Mapping[type[Fact], str]] = {
    SilenceExtended: N_(
        "The deadline moves to a later one. What is received before the new one is in time. All"
        " seats are told."
    ),
    SilenceSuspended: N_(
        "The deadline no longer runs, and nothing is approved while the clock is stopped. Responses"
        " that come meanwhile are in time. All seats are told."
    ),
    SilenceResumed: N_(
        "The clock runs again, to the new deadline. What is received before it is in time. All"
        " seats are told."
    ),
    SilenceHeld: N_(
        "The deadline stays, and responses are in time or late as without the hold. Nothing is"
        " approved until the hold is ended. The presiding officer is told; the seats are not."
    ),
    SilenceReleased: N_(
        "The deadline stays. Once it and its grace are past, the silence clock records the"
        " approval, unless something is in doubt. The seats are told of the outcome, not of this."
    ),
    SilenceSuperseded: N_(
        "It ends for good without outcome, and its deadline means nothing any more. Responses that"
        " come later are kept and cannot count. All seats are told."
    ),
}


def effect_sentence(fact: Fact) -> str:
    """What a move or an end will do, as an English text for the catalogues; empty for others."""
    return _DOES.get(type(fact), "")

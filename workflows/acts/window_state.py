"""What acts on a window look at: when they are offered, and what there is to choose from."""

from __future__ import annotations

from typing import Any, Final

from domain.silence import Phase
from domain.silence.responses import ReceivedResponse
from domain.silence.window import Window
from workflows.acts.act import Availability, all_of
from workflows.acts.choices import of_seat
from workflows.acts.parameter import N_, Choice
from workflows.queries.window import WindowForForm

# --- When an act is offered -----------------------------------------------------------------------

_When = Availability[WindowForForm]
UNTIL_SUPERSEDED: Final = _When(
    words=N_("always, also after the deadline, unless it was superseded"),
    holds=lambda shown: not shown.window.superseded,
)
RUNNING: Final = _When(words=N_("until it has ended"), holds=lambda shown: not shown.window.is_over)
ENDED: Final = _When(words=N_("once it has ended"), holds=lambda shown: shown.window.is_over)
MOVABLE: Final = all_of(
    RUNNING,
    _When(
        words=N_("before its deadline"),
        holds=lambda shown: bool(shown.window.suspended) or shown.window.closes.latest > shown.at,
    ),
    _When(
        words=N_("unless the clock is stopped"),
        holds=lambda shown: not shown.window.suspended,
    ),
)
SUSPENDED: Final = _When(
    words=N_("while the clock is stopped"), holds=lambda shown: shown.phase is Phase.SUSPENDED
)
HELD: Final = all_of(
    RUNNING,
    _When(words=N_("while a hold stands"), holds=lambda shown: bool(shown.window.hold_reason)),
)
OBJECTED: Final = _When(
    words=N_("while an objection stands that was not withdrawn"),
    holds=lambda shown: any(map(stands, shown.window.responses)),
)
DOUBTFUL: Final = _When(
    words=N_("while a response waits for a ruling"),
    holds=lambda shown: bool(shown.window.awaiting_ruling),
)
SEATED: Final = _When(
    words=N_("always, where the record holds who was asked"),
    holds=lambda shown: bool(shown.window.seats),
)
AFTER_GRACE: Final = Availability[Any](
    words="once the deadline and its grace are past, unless something is in doubt",
    holds=lambda _: False,
)
FAILED: Final = all_of(
    ENDED,
    _When(words=N_("where something was not approved"), holds=lambda shown: _failed(shown.window)),
)
PAST: Final = Availability[Any](
    words="only of a past silence that a source tells of", holds=lambda _: False
)


def _failed(window: Window) -> bool:
    """Whether something of it was not approved."""
    return bool(window.broken or window.broken_whole or window.revoked or window.superseded)


def stands(response: ReceivedResponse) -> bool:
    """Whether a response is, or may be, an objection that was not withdrawn for all."""
    return response.may_object and not response.withdrawn


# --- What there is to choose from -----------------------------------------------------------------


def deadline_zone(window: Window) -> str:
    """The zone in which the deadline is stated."""
    return window.deadline.zone if window.deadline else window.closes.zone or "UTC"


def seats(shown: WindowForForm) -> tuple[Choice, ...]:
    """The seats that were asked: the roster is no secret, only who answered can be."""
    return tuple(map(of_seat, shown.roster))


def represented(shown: WindowForForm) -> tuple[Choice, ...]:
    """The seats for which another one is empowered to act."""
    powers = {name for seat in shown.roster for name in seat.acts_for}
    return tuple(of_seat(seat) for seat in shown.roster if seat.seat in powers)


def empowered(shown: WindowForForm) -> bool:
    """Whether a seat of the roster is empowered to act for any member."""
    return any(seat.acts_for for seat in shown.roster)


def items(shown: WindowForForm) -> tuple[Choice, ...]:
    """The separable parts of what is under silence."""
    return tuple(
        Choice(value=item, names=shown.items.get(item, {}), before=f"{item} ")
        for item in shown.window.subject.items
    )


def doubtful(shown: WindowForForm) -> tuple[Choice, ...]:
    """The responses that wait for a ruling."""
    open_ = shown.window.awaiting_ruling
    return tuple(_response(shown, r) for r in shown.window.responses if r.number in open_)


def objections(shown: WindowForForm) -> tuple[Choice, ...]:
    """The objections that can be withdrawn."""
    return tuple(_response(shown, each) for each in shown.window.responses if stands(each))


def _response(shown: WindowForForm, response: ReceivedResponse) -> Choice:
    """A response, by its kind and, unless names are withheld, by the seats for which it stands."""
    named = () if shown.window.policy.names_withheld else response.speakers_at()
    return Choice(
        value=str(response.number),
        label=response.response.kind,
        before=f"{response.number}. ",
        then=tuple(of_seat(seat) for seat in shown.roster if seat.seat in named),
    )


def holds(shown: WindowForForm) -> tuple[Choice, ...]:
    """The holds that stand."""
    return tuple(
        Choice(value=str(hold.number), text=hold.reason, before=f"{hold.number}. ")
        for hold in shown.window.holds
    )

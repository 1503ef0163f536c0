"""Acts on the seats of a body: who holds them, until when, and for whom they may answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from domain.actors import Role
from domain.body.commands import EmpowerSeat, FillSeat, VacateSeat
from domain.streams import StreamKind
from domain.time_zones import wall_time
from workflows.acts.act import ALWAYS, ON_PAGES, Act, Availability
from workflows.acts.choices import called_by_words, of_seat
from workflows.acts.field_combinations import known_zone
from workflows.acts.parameter import N_, Choice, Parameter, Widget
from workflows.acts.shared_parameters import REASON
from workflows.queries.body import BodyForForm

SEATED: Final = Availability[BodyForForm](
    words=N_("once it has a seat"), holds=lambda shown: bool(shown.body.seats)
)

CAPACITIES: Final[Mapping[str, str]] = {
    "member": N_("Member"),
    "observer": N_("Observer, who breaks no silence by most rules"),
    "officer": N_("Officer, such as a Vice-Chair"),
    "group": N_("Group of members"),
    "group chair": N_("Chair of a group"),
}
"""In what capacity a seat is held, in words; rule packs speak of these."""


def _held(shown: BodyForForm) -> tuple[Choice, ...]:
    """The seats whose term has no end yet, or one that lies ahead."""
    last = {seat.seat: seat for seat in shown.body.seats}
    return tuple(
        of_seat(seat)
        for seat in last.values()
        if not seat.until.known or seat.until.latest > shown.at
    )


def today(shown: BodyForForm) -> str:
    """The day that it is now in the zone of the body."""
    return wall_time(shown.at, shown.body.term_zone).date().isoformat()


def _day(
    path: str, label: str, hint: str = "", value: Callable[[Any], str] | None = None
) -> Parameter[Any]:
    return Parameter(path=path, label=label, hint=hint, widget=Widget.DAY, value=value)


SEAT: Final = Parameter[BodyForForm](
    path="seat", label=N_("Seat"), widget=Widget.SELECT, choices=_held
)
UNTIL: Final = _day("until", N_("Until which day"), N_("Empty as long as that is open."))

FILL: Final = Act[BodyForForm](
    command=FillSeat,
    noun=StreamKind.BODY,
    slug="fill-seat",
    title=N_("Fill a seat"),
    does=N_(
        "Gives a seat to a State, a group or another holder. Those who hold a seat when a silence"
        " procedure opens are asked."
    ),
    roles=(Role.SECRETARIAT,),
    offered=ALWAYS,
    parameters=(
        Parameter(
            path="seat",
            label=N_("Id of the seat"),
            hint=N_("Without spaces, such as austria or vice-chair. It stays for ever."),
        ),
        Parameter(
            path="holder",
            label=N_("Who holds it"),
            hint=N_("A State, a group or an organization; never the name of a person."),
        ),
        Parameter(
            path="names",
            name="name",
            label=N_("Name (%(language)s)"),
        ),
        Parameter(
            path="capacity",
            label=N_("Capacity"),
            choices=lambda _: called_by_words(CAPACITIES),
            value=lambda _: "member",
        ),
        Parameter(
            path="office",
            label=N_("Office"),
            hint=N_("Only for an officer, such as Vice-Chair."),
        ),
        Parameter(path="group", label=N_("Regional group")),
        Parameter(
            path="zone",
            label=N_("Time zone in which its holder reads"),
            hint=N_("As the IANA names it, such as Africa/Nairobi. Empty if it is not known."),
        ),
        _day("since", N_("Since which day"), N_("Empty for now.")),
        UNTIL,
        Parameter(
            path="voice",
            label=N_("An objection of it may break a silence"),
            hint=N_("Empty for what the rules say of its capacity."),
        ),
    ),
    checks=(known_zone("zone"),),
    surfaces=ON_PAGES,
)

VACATE: Final = Act[BodyForForm](
    command=VacateSeat,
    noun=StreamKind.BODY,
    slug="vacate-seat",
    title=N_("Vacate a seat"),
    does=N_("Ends the time of a holder in a seat. It can be filled again from that day on."),
    roles=(Role.SECRETARIAT,),
    offered=SEATED,
    parameters=(
        SEAT,
        _day("until", N_("Until which day"), value=today),
        REASON,
    ),
    surfaces=ON_PAGES,
)

EMPOWER: Final = Act[BodyForForm](
    command=EmpowerSeat,
    noun=StreamKind.BODY,
    slug="empower-seat",
    title=N_("Let a seat act for others"),
    does=N_("Lets a seat answer for other seats or members, such as a group for its members."),
    roles=(Role.SECRETARIAT,),
    offered=SEATED,
    parameters=(
        SEAT,
        Parameter(
            path="acts_for",
            label=N_("For whom it may act"),
            hint=N_("Ids of seats, or names of members; one on each line."),
        ),
        _day("since", N_("Since which day"), N_("Empty where it has always been so.")),
        UNTIL,
    ),
    surfaces=ON_PAGES,
)


SEATS: Final[tuple[Act[Any], ...]] = (FILL, VACATE, EMPOWER)

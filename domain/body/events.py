"""What is recorded of a body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeGuard, get_args

from msgspec import field

from domain.messages import Fact
from domain.times import UNKNOWN, When


class BodyEstablished(Fact, frozen=True, kw_only=True):
    """A body entered the record with its names, symbol series, duty station and time zone."""

    names: Mapping[str, str]
    symbol_series: tuple[str, ...] = ()
    duty_station: str = ""
    zone: str = ""
    parent: str = ""
    mandate: str = ""
    fictional: bool = False


class BodyCompleted(Fact, frozen=True, kw_only=True):
    """A body received names that it lacked or others than before, or particulars that it lacked."""

    names: Mapping[str, str] = field(default_factory=dict)
    symbol_series: tuple[str, ...] = ()
    duty_station: str = ""
    parent: str = ""
    mandate: str = ""


class RulePackAdopted(Fact, frozen=True, kw_only=True):
    """A body's rules of procedure took force, as a pack of rules with this hash."""

    pack: str
    version: str
    hash: str
    parameters: Mapping[str, str] = field(default_factory=dict)


class SeatFilled(Fact, frozen=True, kw_only=True):
    """A seat of the roster was taken by a State, group or other holder, in a capacity."""

    seat: str
    holder: str
    names: Mapping[str, str]
    capacity: str
    office: str = ""
    group: str = ""
    zone: str = ""
    since: When
    until: When = UNKNOWN
    voice: bool | None = None


class SeatVacated(Fact, frozen=True, kw_only=True):
    """A seat's holder ceased to sit."""

    seat: str
    until: When
    reason: str = ""


class SeatEmpowered(Fact, frozen=True, kw_only=True):
    """A seat may act for other seats or named members."""

    seat: str
    acts_for: tuple[str, ...]
    since: When
    until: When = UNKNOWN


class CalendarPublished(Fact, frozen=True, kw_only=True):
    """The duty station's holidays of one year were published; it replaces an earlier version."""

    duty_station: str
    year: int
    version: str
    holidays: tuple[str, ...]
    weekend: tuple[str, ...] = ("Saturday", "Sunday")


BodyEvent = (
    BodyEstablished
    | BodyCompleted
    | RulePackAdopted
    | SeatFilled
    | SeatVacated
    | SeatEmpowered
    | CalendarPublished
)
"""All that is recorded of a body."""
_KINDS: Final = frozenset(get_args(BodyEvent))


def is_body_event(event: Fact) -> TypeGuard[BodyEvent]:
    """Whether it is one of those above.

    A correction is none of them: it is applied to the event that it names
    (`domain.corrections`), and changes no state itself. Nor is an event of a later version.
    """
    return type(event) in _KINDS

"""What is recorded of a body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.facts import Fact
from domain.times import UNKNOWN, When


@dataclass(frozen=True, kw_only=True)
class BodyEstablished(Fact):
    """A body entered the record with its names, symbol series, duty station and time zone."""

    names: Mapping[str, str]
    symbol_series: tuple[str, ...] = ()
    duty_station: str = ""
    zone: str = ""
    parent: str = ""
    mandate: str = ""
    fictional: bool = False


@dataclass(frozen=True, kw_only=True)
class BodyCompleted(Fact):
    """A body received names that it lacked or others than before, or particulars that it lacked."""

    names: Mapping[str, str] = field(default_factory=dict)
    symbol_series: tuple[str, ...] = ()
    duty_station: str = ""
    parent: str = ""
    mandate: str = ""


@dataclass(frozen=True, kw_only=True)
class RulePackAdopted(Fact):
    """A body's rules of procedure took force, as a pack of rules with this hash."""

    pack: str
    version: str
    hash: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SeatFilled(Fact):
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


@dataclass(frozen=True, kw_only=True)
class SeatVacated(Fact):
    """A seat's holder ceased to sit."""

    seat: str
    until: When
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class SeatEmpowered(Fact):
    """A seat may act for other seats or named members."""

    seat: str
    acts_for: tuple[str, ...]
    since: When
    until: When = UNKNOWN


@dataclass(frozen=True, kw_only=True)
class CalendarPublished(Fact):
    """The duty station's holidays of one year were published; it replaces an earlier version."""

    duty_station: str
    year: int
    version: str
    holidays: tuple[str, ...]
    weekend: tuple[str, ...] = ("Saturday", "Sunday")

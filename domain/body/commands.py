"""What may be asked of a body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.facts import Kind, Stream
from domain.times import UNKNOWN, When


@dataclass(frozen=True, kw_only=True)
class BodyCommand:
    """A command to a body."""

    body: str

    @property
    def stream(self) -> Stream:
        return Stream(Kind.BODY, self.body)


@dataclass(frozen=True, kw_only=True)
class EstablishBody(BodyCommand):
    """Enter a body: names by language, symbol series, duty station, IANA zone, parent body."""

    names: Mapping[str, str]
    symbol_series: tuple[str, ...] = ()
    duty_station: str = ""
    zone: str = ""
    parent: str = ""
    mandate: str = ""
    fictional: bool = False


@dataclass(frozen=True, kw_only=True)
class CompleteBody(BodyCommand):
    """Complete what is known of a body: names by language, further symbol series, and the rest.

    A name in a language that has one replaces it, from the time at which this takes effect; the
    old one stays in the history. Duty station, parent and mandate are told once; what was told
    wrongly is corrected. A zone is never told later: days and deadlines were read in the old one.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    symbol_series: tuple[str, ...] = ()
    duty_station: str = ""
    parent: str = ""
    mandate: str = ""


@dataclass(frozen=True, kw_only=True)
class AdoptRulePack(BodyCommand):
    """Put a shipped rule pack into force; `parameters` (rule.name: value) replace its own."""

    pack: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FillSeat(BodyCommand):
    """Seat a holder from a day on. A State may hold several seats in several capacities.

    `voice` says whether the seat may break a silence; unless it is given, the rule pack decides by
    the capacity.
    """

    seat: str
    holder: str
    names: Mapping[str, str] = field(default_factory=dict)
    capacity: str = "member"
    office: str = ""
    group: str = ""
    zone: str = ""
    since: When = UNKNOWN
    until: When = UNKNOWN
    voice: bool | None = None


@dataclass(frozen=True, kw_only=True)
class VacateSeat(BodyCommand):
    """End a holder's time in a seat."""

    seat: str
    until: When
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class EmpowerSeat(BodyCommand):
    """Let a seat act for other seats or members, from a day on."""

    seat: str
    acts_for: tuple[str, ...]
    since: When = UNKNOWN
    until: When = UNKNOWN


@dataclass(frozen=True, kw_only=True)
class PublishCalendar(BodyCommand):
    """Publish the duty station's holidays (ISO dates) of one year."""

    duty_station: str
    year: int
    version: str
    holidays: tuple[str, ...]
    weekend: tuple[str, ...] = ("Saturday", "Sunday")

"""What may be asked of a body."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final, TypeGuard, get_args

from msgspec import Struct, field

from domain.streams import Stream, StreamKind
from domain.times import UNKNOWN, When


class ToBody(Struct, frozen=True, kw_only=True, dict=True):
    """A command to a body."""

    body: str

    @cached_property
    def stream(self) -> Stream:
        return Stream(StreamKind.BODY, self.body)


class EstablishBody(ToBody, frozen=True, kw_only=True):
    """Enter a body: names by language, symbol series, duty station, IANA zone, parent body."""

    names: Mapping[str, str]
    symbol_series: tuple[str, ...] = ()
    duty_station: str = ""
    zone: str = ""
    parent: str = ""
    mandate: str = ""
    fictional: bool = False


class CompleteBody(ToBody, frozen=True, kw_only=True):
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


class AdoptRulePack(ToBody, frozen=True, kw_only=True):
    """Put a shipped rule pack into force; `parameters` (rule.name: value) replace its own."""

    pack: str
    parameters: Mapping[str, str] = field(default_factory=dict)


class FillSeat(ToBody, frozen=True, kw_only=True):
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


class VacateSeat(ToBody, frozen=True, kw_only=True):
    """End a holder's time in a seat."""

    seat: str
    until: When
    reason: str = ""


class EmpowerSeat(ToBody, frozen=True, kw_only=True):
    """Let a seat act for other seats or members, from a day on."""

    seat: str
    acts_for: tuple[str, ...]
    since: When = UNKNOWN
    until: When = UNKNOWN


class PublishCalendar(ToBody, frozen=True, kw_only=True):
    """Publish the duty station's holidays (ISO dates) of one year."""

    duty_station: str
    year: int
    version: str
    holidays: tuple[str, ...]
    weekend: tuple[str, ...] = ("Saturday", "Sunday")


BodyCommand = (
    EstablishBody
    | CompleteBody
    | AdoptRulePack
    | FillSeat
    | VacateSeat
    | EmpowerSeat
    | PublishCalendar
)
"""All that may be asked of a body."""
_KINDS: Final = frozenset(get_args(BodyCommand))


def is_body_command(command: object) -> TypeGuard[BodyCommand]:
    return type(command) in _KINDS

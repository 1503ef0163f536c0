"""Dates, clocks, durations and counts in six languages, in the style of United Nations documents.

Months are a table made by hand: libraries name Arabic months otherwise than the Organization.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from domain.time_zones import is_zone, wall_time
from domain.times import Precision, When

MONTHS: Final = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
    " diciembre",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "zh": "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
    "ar": "كانون_الثاني/يناير شباط/فبراير آذار/مارس نيسان/أبريل أيار/مايو حزيران/يونيه"
    " تموز/يوليه آب/أغسطس أيلول/سبتمبر تشرين_الأول/أكتوبر تشرين_الثاني/نوفمبر"
    " كانون_الأول/ديسمبر",
}
_ALONE: Final = [
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
]
"""Russian months where no day stands before them."""
WEEKDAYS: Final = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "ru": "понедельник вторник среда четверг пятница суббота воскресенье",
    "zh": "星期一 星期二 星期三 星期四 星期五 星期六 星期日",
    "ar": "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
}


def month(number: int, language: str) -> str:
    """The name of a month, as it stands behind a day."""
    return MONTHS[language].split()[number - 1].replace("_", " ")


def day(value: date, language: str) -> str:
    """A day in full, such as `20 June 2023`."""
    name = month(value.month, language)
    match language:
        case "zh":
            return f"{value.year}年{name}{value.day}日"
        case "es":
            return f"{value.day} de {name} de {value.year}"
        case "fr":
            return f"{'1er' if value.day == 1 else value.day} {name} {value.year}"
        case "ru":
            return f"{value.day} {name} {value.year} года"
    return f"{value.day} {name} {value.year}"


def weekday(value: date, language: str) -> str:
    """A day with the day of the week before it."""
    name = WEEKDAYS[language].split()[value.weekday()]
    match language:
        case "zh":
            return f"{day(value, language)}{name}"
        case "ar":
            return f"{name} {day(value, language)}"
        case "en":
            return f"{name} {day(value, language)}"
        case "fr":
            return f"{name} {day(value, language)}"
    return f"{name}, {day(value, language)}"


def month_of_year(value: date, language: str) -> str:
    """A month without its day."""
    match language:
        case "zh":
            return f"{value.year}年{value.month}月"
        case "es":
            return f"{month(value.month, language)} de {value.year}"
        case "ru":
            return f"{_ALONE[value.month - 1]} {value.year} года"
    return f"{month(value.month, language)} {value.year}"


def place(zone: str, language: str) -> str:
    """How a zone is called: by its city in English, by its identifier elsewhere."""
    if language == "en" and "/" in zone:
        return zone.rpartition("/")[2].replace("_", " ")
    return zone


def zone_shown(zone: str) -> str:
    """The zone in which a wall time is shown: UTC in place of one that is not known any more."""
    return zone if is_zone(zone) else "UTC"


@dataclass(frozen=True)
class DateFormatter:
    """Writes times in one language. `say` and `count` are gettext and ngettext."""

    language: str
    say: Callable[[str], str]
    count: Callable[[str, str, int], str]

    def day(self, value: date) -> str:
        return day(value, self.language)

    def number(self, value: int) -> str:
        """A count, such as `12,000` in English and `12 000` in French."""
        values = f"{value:,}"
        return values if self.language in {"ar", "en", "zh"} else values.replace(",", "\u00a0")

    def weekday(self, value: date) -> str:
        return weekday(value, self.language)

    def span(self, first: date, last: date) -> str:
        """From one day to another, such as `5–6 October 2023`."""
        if (first.year, first.month) != (last.year, last.month):
            return f"{self.day(first)} – {self.day(last)}"
        if first == last:
            return self.day(first)
        if self.language == "zh":
            return f"{self.day(first)}–{last.day}日"
        return (
            f"{'1er' if self.language == 'fr' and first.day == 1 else first.day}–{self.day(last)}"
        )

    def when(self, when: When) -> str:
        """A time as exactly as it is known."""
        match when.precision:
            case Precision.UNKNOWN:
                return self.say("date not known")
            case Precision.YEAR:
                return str(when)[:4]
            case Precision.MONTH:
                return month_of_year(when.days[0] or date.max, self.language)
            case Precision.INTERVAL:
                return self._interval(when)
            case Precision.DAY:
                return day(when.days[0] or date.max, self.language)
            case Precision.MINUTE if not is_zone(when.zone):
                local = when.wall_clock
                values = {"day": self.day(local.date()), "hour": _hour(local)}
                return self.say("%(day)s, %(hour)s, zone not known") % values
        return self.local(when.earliest, when.zone or "UTC")

    def _interval(self, when: When) -> str:
        first, last = when.days
        values = {
            "first": self.day(first) if first else "",
            "last": self.day(last) if last else "",
        }
        if first and last:
            return self.say("between %(first)s and %(last)s") % values
        return (self.say("on or after %(first)s") if first else self._until()) % values

    def _until(self) -> str:
        return self.say("on or before %(last)s")

    def local(self, at: datetime, zone: str) -> str:
        """An instant as wall time in its zone."""
        local = wall_time(at, zone)
        values = {"day": self.day(local.date()), "hour": _hour(local)}
        where = {
            "time": self.say("%(day)s, %(hour)s") % values,
            "place": place(zone_shown(zone), self.language),
        }
        return self.say("%(time)s %(place)s") % where

    def day_of(self, at: datetime, zone: str) -> str:
        """The local day of an instant."""
        return self.day(wall_time(at, zone).date())

    def weekday_of(self, at: datetime, zone: str) -> str:
        """The local day of an instant, with the day of the week."""
        return self.weekday(wall_time(at, zone).date())

    def hour_in_full(self, at: datetime, zone: str) -> str:
        """The local hour of an instant, to the second: a deadline is never rounded."""
        return f"{wall_time(at, zone):%H:%M:%S}"

    def utc(self, at: datetime, zone: str = "UTC") -> str:
        """An instant in UTC; with its day where that is another one than in `zone`."""
        there, here = at.astimezone(UTC), wall_time(at, zone)
        if there.date() == here.date():
            return f"{_hour(there)} UTC"
        return self.say("%(day)s, %(hour)s") % {
            "day": self.day(there.date()),
            "hour": f"{_hour(there)} UTC",
        }

    def left(self, until: datetime, now: datetime) -> str:
        """How long it is until then, or how long ago it was; the two largest units."""
        values = {"time": self.lasting(abs(until - now))}
        return (self.say("in %(time)s") if until > now else self.say("%(time)s ago")) % values

    def lasting(self, span: timedelta) -> str:
        """A span of time in its two largest units, rounded down."""
        minutes = int(span.total_seconds()) // 60
        days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
        if days:
            return self._joined(self.days(days), self.hours(hours) if hours else "")
        if hours:
            return self._joined(self.hours(hours), self.minutes(rest) if rest else "")
        return self.minutes(rest) if rest else self.say("less than a minute")

    def _joined(self, large: str, small: str) -> str:
        return (
            self.say("%(large)s %(small)s") % {"large": large, "small": small} if small else large
        )

    def days(self, number: int) -> str:
        return self.count("%(num)s day", "%(num)s days", number) % {"num": number}

    def hours(self, number: int) -> str:
        return self.count("%(num)s hour", "%(num)s hours", number) % {"num": number}

    def minutes(self, number: int) -> str:
        return self.count("%(num)s minute", "%(num)s minutes", number) % {"num": number}


def _hour(local: datetime) -> str:
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"

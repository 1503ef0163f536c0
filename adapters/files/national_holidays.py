"""National holidays by country and year, from the library `holidays`: matter for a draft only."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping
from datetime import date

from domain.rules import Refused, require


def library_version() -> str:
    """The library with its version, as a draft names it."""
    return f"the library holidays {importlib.metadata.version('holidays')}"


def national_holidays(country: str, year: int) -> Mapping[date, str]:
    """The national holidays of a country (ISO 3166, such as `AT`) with their English names.

    They are no organisation's holidays: those are published per duty station. Raises Refused
    where the library knows no such country, or nothing of that year.
    """
    import holidays  # noqa: PLC0415 (it takes a tenth of a second, and few commands need it)

    try:
        found = holidays.country_holidays(country, years=year, language="en_US")
    except NotImplementedError as error:
        raise Refused("calendar-published", f"no country {country} is known: write AT") from error
    require("calendar-published", found, f"no holidays of {country} are known for {year}")
    return dict(sorted(found.items()))

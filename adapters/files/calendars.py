"""Calendars in files: written as drafts, edited by a person, and read back to be published."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from adapters.codec import from_plain
from adapters.files.case_schema import act_schema
from adapters.files.field_checks import Checks
from adapters.files.located_yaml import load_yaml
from domain.body.commands import PublishCalendar

DRAFT = """\
# A DRAFT of the holidays of {duty_station} in {year}. It is NOT the organisation's list: it holds
# the national holidays of {country}, as {source} has them.
# Compare it with the list that the organisation published: take out the days on which the duty
# station works, add those on which it does not, also days in lieu. Then take out the line `draft`.
draft: yes
duty_station: {quoted}
year: {year}
version: "1"
weekend: [Saturday, Sunday]
holidays:
"""


def draft_calendar(
    duty_station: str, year: int, country: str, source: str, days: Mapping[date, str]
) -> str:
    """A file that proposes these days, and says that it is a draft."""
    lead = DRAFT.format(
        duty_station=duty_station,
        quoted=json.dumps(duty_station, ensure_ascii=False),
        year=year,
        country=country,
        source=source,
    )
    return lead + "".join(f"  - {day}  # {name}\n" for day, name in days.items())


def read_calendar(path: Path, body: str) -> PublishCalendar:
    """What a file lets a body publish. Raises CaseError, also for what is still a draft."""
    value, lines = load_yaml(path)
    checks = Checks(str(path), lines)
    if not isinstance(value, dict):
        checks.fail((), "a calendar is a list of fields, such as year")
    if value.pop("draft", "no") != "no":
        because = "it is a draft still: compare it with the published list, then take this line out"
        checks.fail(("draft",), because)
    fields = {**value, "body": body}
    checks.check_schema((), fields, act_schema("publish calendar"))
    found: PublishCalendar = from_plain(fields, PublishCalendar)
    return found

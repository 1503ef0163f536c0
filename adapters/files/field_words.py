"""The words that a field of an act may hold, or usually holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from domain.agenda.adoption import AMENDMENT_ACTS
from domain.agenda.commands import DecideItems, StartAgenda
from domain.agenda.events import Amendment
from domain.body.commands import FillSeat, PublishCalendar
from domain.calendars import WEEKDAYS
from domain.silence.commands import DecideMatter, RecordNotices, ReferMatter, Respond
from domain.silence.events import Subject
from domain.silence.notice_decisions import ABOUT, RESULTS
from domain.silence.outcome_decisions import DESTINATIONS
from domain.silence.responses import KINDS
from domain.voting import MANNERS
from domain.voting import RESULTS as DECISIONS

WORDS: Final[Mapping[tuple[type, str], tuple[str, Iterable[str]]]] = {
    (Respond, "kind"): ("kind of response", sorted(KINDS)),
    (RecordNotices, "result"): ("result of a notice", RESULTS),
    (RecordNotices, "about"): ("matter of a notice", ABOUT),
    (ReferMatter, "to"): ("place to which a matter is referred", DESTINATIONS),
    (DecideMatter, "result"): ("decision of a meeting", DECISIONS),
    (DecideMatter, "manner"): ("manner of deciding", MANNERS),
    (DecideItems, "result"): ("decision of a meeting", DECISIONS),
    (DecideItems, "manner"): ("manner of deciding", MANNERS),
    (Amendment, "act"): ("oral amendment", AMENDMENT_ACTS),
    (PublishCalendar, "weekend"): ("day of the week", WEEKDAYS),
}
"""Fields that take one of some words: what such a word is, and which there are."""

USUAL: Final[Mapping[tuple[type, str], tuple[str, ...]]] = {
    (FillSeat, "capacity"): ("member", "officer", "group", "group chair", "observer"),
    (StartAgenda, "type"): (
        "provisional agenda",
        "supplementary provisional agenda",
        "addendum",
        "reconvened session",
    ),
    (Subject, "type"): (
        "agenda items",
        "decision text",
        "session dates",
        "list of entries",
        "other",
    ),
}
"""Fields that take any word, but in which a word that is nearly one of these is mistyped."""

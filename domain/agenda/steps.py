"""Steps of an agenda that were left out; what a source does not tell is no step left out.

Each answer is what a rule finds, with the reason in case that it is not satisfied.
"""

from __future__ import annotations

from collections.abc import Sequence

from domain.agenda.agenda import Agenda
from domain.times import When, before

Found = tuple[bool | None, str]


def approved(agenda: Agenda, when: When, *, attested: bool) -> Found:
    """Whether all items were approved before `when`; history tells of what was turned down."""
    if agenda.approved:
        return before(agenda.approved.when, when), "not certainly approved before"
    down = agenda.standing("not approved")
    open_ = [item.item for item in agenda.items if item.approval != "approved"]
    held = None if attested and not down else False
    return held, f"not approved before: item {', '.join(down if attested and down else open_)}"


def published(agenda: Agenda, when: When, *, attested: bool) -> Found:
    """Whether the provisional agenda was published before `when`."""
    because = "the provisional agenda was not certainly published before"
    if agenda.published:
        return before(agenda.published.when, when), because
    return None if attested else False, because


def drafted(agenda: Agenda, languages: Sequence[str], *, attested: bool) -> Found:
    """Whether the draft report was there, in these languages."""
    lacking = [language for language in languages if language not in agenda.report_languages]
    because = f"the draft report lacks {', '.join(lacking) or 'a text'}"
    untold = attested and not agenda.report_languages
    return None if untold else bool(agenda.report_drafted) and not lacking, because

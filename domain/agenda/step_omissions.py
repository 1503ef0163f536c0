"""Steps of an agenda that were left out; what a source does not tell is no step left out.

Each answer is what a rule finds, with the reason in case that it is not satisfied.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from domain.agenda.agenda import Agenda
from domain.messages import Order
from domain.times import When, is_before

CheckResult = tuple[bool | None, str]

APPROVED: Final = frozenset({"approved", "added orally"})


def check_approved(agenda: Agenda, when: When, order: Order, zone: str) -> CheckResult:
    """Whether all items were approved before `when`; history tells of what was turned down.

    Days are those of `zone`; empty where that is not known.
    """
    if agenda.approved:
        return is_before(agenda.approved.when, when, zone), "not certainly approved before"
    down = agenda.items_with_approval("not approved")
    open_ = [item.item for item in agenda.items if item.approval not in APPROVED]
    held = None if order.attested and not down else False
    names = down if order.attested and down else open_
    return held, f"not approved before: item {', '.join(names)}" if names else "not told"


def check_published(agenda: Agenda, order: Order, zone: str) -> CheckResult:
    """Whether the provisional agenda was published before what is ordered takes effect."""
    because = "the provisional agenda was not certainly published before"
    if agenda.published:
        return is_before(agenda.published.when, order.when, zone), because
    return None if order.attested else False, because


def check_drafted(agenda: Agenda, languages: Sequence[str], *, attested: bool) -> CheckResult:
    """Whether the draft report was there, in these languages.

    A source that tells of some says nothing of the others, unless it says that these were all.
    """
    lacking = [language for language in languages if language not in agenda.report_languages]
    not_stated = attested and not agenda.report_no_others and (lacking or not agenda.report_drafted)
    if not_stated:
        return None, f"the draft report is not told of in {', '.join(lacking) or 'any language'}"
    because = f"the draft report lacks {', '.join(lacking) or 'a text'}"
    return bool(agenda.report_drafted) and not lacking, because

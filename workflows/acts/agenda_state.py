"""What acts on an agenda look at: when they are offered, and what there is to choose from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from domain.agenda import Agenda
from domain.agenda.item_order import descendants
from domain.agenda.item_stages import OPEN
from domain.agenda.items import Item
from domain.languages import LANGUAGES
from domain.rules import Force
from workflows.acts import shared_parameters
from workflows.acts.act import Availability, all_of
from workflows.acts.choices import called_by_words, of_body, of_seat
from workflows.acts.parameter import N_, Choice, Parameter
from workflows.queries.agenda import AgendaForForm

Items = Callable[[AgendaForForm], tuple[Choice, ...]]

# --- When an act is offered -----------------------------------------------------------------------

_When = Availability[AgendaForForm]
NOT_ADOPTED: Final = _When(
    words=N_("until the agenda is adopted"), holds=lambda shown: not shown.agenda.adopted
)
NO_REPORT: Final = _When(
    words=N_("until the report is adopted"), holds=lambda shown: not shown.agenda.report_adopted
)
HAS_ITEMS: Final = _When(
    words=N_("once the agenda has items"), holds=lambda shown: bool(shown.agenda.items)
)
IS_ADOPTED: Final = _When(
    words=N_("once the agenda is adopted"), holds=lambda shown: bool(shown.agenda.adopted)
)
UNPUBLISHED: Final = _When(
    words=N_("until the agenda is published or adopted"),
    holds=lambda shown: not (shown.agenda.published or shown.agenda.adopted),
)
CHANGEABLE: Final = all_of(
    NOT_ADOPTED,
    _When(
        words=N_("while an item is neither approved nor under silence"),
        holds=lambda shown: bool(_changeable(shown.agenda)),
    ),
)


HEADED: Final = all_of(
    NOT_ADOPTED,
    _When(words=N_("once the list has a heading"), holds=lambda shown: bool(shown.agenda.headings)),
)


def _with_items_at(words: str, *approvals: str) -> Availability[AgendaForForm]:
    """Until the agenda is adopted, while the approval of an item stands at one of these words."""
    return all_of(
        NOT_ADOPTED,
        _When(
            words=words,
            holds=lambda shown: bool(shown.agenda.items_with_approval(*approvals)),
        ),
    )


LISTED: Final = all_of(NOT_ADOPTED, HAS_ITEMS)
DOCUMENTED: Final = all_of(NO_REPORT, HAS_ITEMS)
SUBMITTABLE: Final = _with_items_at(
    N_("while an item is proposed or was not approved"), "proposed", "not approved"
)
SUBMITTED: Final = _with_items_at(
    N_("while an item is submitted and not under silence"), "submitted"
)
UNDECIDED: Final = _with_items_at(
    N_("while an item is submitted or was not approved"), "submitted", "not approved"
)
OBJECTIONABLE: Final = all_of(
    NO_REPORT,
    _When(
        words=N_("while an item is not under silence"),
        holds=lambda shown: bool(_without_silence(shown.agenda.items)),
    ),
)
ADOPTABLE: Final = all_of(
    NOT_ADOPTED,
    _When(
        words=N_("once items were submitted"),
        holds=lambda shown: bool(_approvals(shown.agenda) - {"proposed"}),
    ),
    _When(
        words=N_("while no item is under silence"),
        holds=lambda shown: "under silence" not in _approvals(shown.agenda),
    ),
    _When(
        words=N_("while no approval is suspended"),
        holds=lambda shown: "approval suspended" not in _approvals(shown.agenda),
    ),
)
ADOPTED: Final = all_of(IS_ADOPTED, NO_REPORT)
DRAFTED: Final = all_of(
    IS_ADOPTED,
    _When(
        words=N_("once the report is drafted"),
        holds=lambda shown: bool(shown.agenda.report_drafted),
    ),
    NO_REPORT,
)


def _approvals(agenda: Agenda) -> set[str]:
    """How the items stand."""
    return {item.approval for item in agenda.items}


def _changeable(agenda: Agenda) -> tuple[Item, ...]:
    """The items whose text may change, and that of all below them."""
    return tuple(
        item
        for item in agenda.items
        if all(each.approval in OPEN for each in (item, *descendants(agenda.items, item)))
    )


def _without_silence(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(item for item in items if item.approval != "under silence")


# --- What there is to choose from -----------------------------------------------------------------


def _called(items: Iterable[Item]) -> tuple[Choice, ...]:
    """Items by their numbers and titles."""
    return tuple(
        Choice(value=item.item, names=item.titles, before=f"{item.item} ") for item in items
    )


def all_items(shown: AgendaForForm) -> tuple[Choice, ...]:
    """Every item."""
    return _called(shown.agenda.items)


def headings(shown: AgendaForForm) -> tuple[Choice, ...]:
    """Every heading without a number, by its words."""
    return tuple(
        Choice(value=heading.id, names=heading.titles, after=f" ({heading.id})")
        for heading in shown.agenda.headings
    )


def changeable(shown: AgendaForForm) -> tuple[Choice, ...]:
    """The items that may be changed, moved or withdrawn."""
    return _called(_changeable(shown.agenda))


def without_silence(shown: AgendaForForm) -> tuple[Choice, ...]:
    """The items on which no silence runs: an objection to any other belongs to its silence."""
    return _called(_without_silence(shown.agenda.items))


def at(*approvals: str) -> Items:
    """The items whose approval stands at one of these words."""
    return lambda shown: _called(item for item in shown.agenda.items if item.approval in approvals)


def bodies(shown: AgendaForForm) -> tuple[Choice, ...]:
    """The bodies of the organisation."""
    return tuple(of_body(name, names) for name, names in shown.bodies.items())


def seats(shown: AgendaForForm) -> tuple[Choice, ...]:
    """The seats of the body and of the one that approves, each once."""
    both = (shown.body, shown.approver) if shown.approver else (shown.body,)
    found = {seat.seat: seat for body in both for seat in body.seats}
    return tuple(map(of_seat, found.values()))


def languages(_: AgendaForForm) -> tuple[Choice, ...]:
    """The languages in which texts are kept."""
    return called_by_words(LANGUAGES)


HAPPENED: Final = shared_parameters.happened(lambda shown: shown.body.zone)
"""When an act of a meeting happened, in the local time of the body."""


def waivers(*rules: str) -> Parameter[AgendaForForm]:
    """Reasons for waiving those of these rules that the body's pack lets be waived."""

    def waivable(shown: AgendaForForm) -> tuple[Choice, ...]:
        known = ((name, shown.pack.rules.get(name)) for name in rules)
        return tuple(
            Choice(value=name, hint=rule.demand)
            for name, rule in known
            if rule and rule.force is Force.WAIVE
        )

    return shared_parameters.waivers(waivable, applies=lambda shown: bool(waivable(shown)))

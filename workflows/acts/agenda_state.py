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
from workflows.acts.act import Availability
from workflows.acts.choices import called_by_words
from workflows.acts.parameter import Choice, Parameter
from workflows.queries.agenda import AgendaForForm

Items = Callable[[AgendaForForm], tuple[Choice, ...]]

# --- When an act is offered -----------------------------------------------------------------------

UNPUBLISHED: Final = Availability[AgendaForForm](
    words="until the agenda is published or adopted",
    holds=lambda shown: not (shown.agenda.published or shown.agenda.adopted),
)
UNADOPTED: Final = Availability[AgendaForForm](
    words="until the agenda is adopted", holds=lambda shown: not shown.agenda.adopted
)
CHANGEABLE: Final = Availability[AgendaForForm](
    words="until the agenda is adopted, while an item is neither approved nor under silence",
    holds=lambda shown: not shown.agenda.adopted and bool(_changeable(shown.agenda)),
)
LISTED: Final = Availability[AgendaForForm](
    words="until the agenda is adopted, once it has items",
    holds=lambda shown: not shown.agenda.adopted and bool(shown.agenda.items),
)
DOCUMENTED: Final = Availability[AgendaForForm](
    words="until the report is adopted, once the agenda has items",
    holds=lambda shown: not shown.agenda.report_adopted and bool(shown.agenda.items),
)
SUBMITTABLE: Final = Availability[AgendaForForm](
    words="until the agenda is adopted, while an item is proposed or was not approved",
    holds=lambda shown: (
        not shown.agenda.adopted
        and bool(shown.agenda.items_with_approval("proposed", "not approved"))
    ),
)
SUBMITTED: Final = Availability[AgendaForForm](
    words="until the agenda is adopted, while an item is submitted and not under silence",
    holds=lambda shown: (
        not shown.agenda.adopted and bool(shown.agenda.items_with_approval("submitted"))
    ),
)
UNDECIDED: Final = Availability[AgendaForForm](
    words="until the agenda is adopted, while an item is submitted or was not approved",
    holds=lambda shown: (
        not shown.agenda.adopted
        and bool(shown.agenda.items_with_approval("submitted", "not approved"))
    ),
)
OBJECTIONABLE: Final = Availability[AgendaForForm](
    words="until the report is adopted, while an item is not under silence",
    holds=lambda shown: (
        not shown.agenda.report_adopted and bool(_without_silence(shown.agenda.items))
    ),
)
ADOPTABLE: Final = Availability[AgendaForForm](
    words=(
        "until it is adopted, once items were submitted,"
        " while none is under silence and no approval is suspended"
    ),
    holds=lambda shown: not shown.agenda.adopted and _is_ready(shown.agenda),
)
ADOPTED: Final = Availability[AgendaForForm](
    words="once the agenda is adopted, until the report is",
    holds=lambda shown: bool(shown.agenda.adopted) and not shown.agenda.report_adopted,
)
DRAFTED: Final = Availability[AgendaForForm](
    words="once the agenda is adopted and the report is drafted, until that is adopted",
    holds=lambda shown: (
        bool(shown.agenda.adopted and shown.agenda.report_drafted)
        and not shown.agenda.report_adopted
    ),
)


def _is_ready(agenda: Agenda) -> bool:
    """Whether something was submitted, and no outcome is awaited."""
    approvals = {item.approval for item in agenda.items}
    return bool(approvals - {"proposed"}) and not approvals & {
        "under silence",
        "approval suspended",
    }


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
    return tuple(
        Choice(value=name, names=names, text=name, after=f" ({name})")
        for name, names in shown.bodies.items()
    )


def seats(shown: AgendaForForm) -> tuple[Choice, ...]:
    """The seats of the body and of the one that approves, each once."""
    both = (shown.body, shown.approver) if shown.approver else (shown.body,)
    found = {seat.seat: seat for body in both for seat in body.seats}
    return tuple(
        Choice(value=name, names=seat.names, text=seat.holder, after=f" ({name})")
        for name, seat in found.items()
    )


def languages(_: AgendaForForm) -> tuple[Choice, ...]:
    """The languages in which texts are kept."""
    return called_by_words(LANGUAGES)


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

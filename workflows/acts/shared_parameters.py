"""Parameters and patterns that acts on several nouns ask for."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any, Final

from workflows.acts.choices import of_body
from workflows.acts.parameter import N_, Choice, Option, Parameter, Widget

PLAIN_ID: Final = (
    r"[a-z0-9][a-z0-9-]{0,59}",
    N_("Small letters, digits and hyphens, at most sixty."),
)
"""How ids are written that pages ask for."""

REASON: Final = Parameter[Any](
    path="reason",
    label=N_("Reason"),
    widget=Widget.LONG,
    option=Option("Why; it goes into the record."),
)
"""Why it is done; it must be given where the command has no default for it."""


def happened(zone: Callable[[Any], str]) -> Parameter[Any]:
    """When an act of a meeting happened, in local time of this zone, where that was not just now.

    Which acts can be entered so, `domain.entered_afterwards` says.
    """
    return Parameter(
        path="order.happened",
        label=N_("On which day it happened"),
        hint=N_(
            "Only if that was not just now: the record keeps it beside the moment at which you"
            " enter it. Empty: it happens when you confirm."
        ),
        widget=Widget.WHEN,
        zone=lambda shown, _: zone(shown) or "UTC",
        option=Option(
            "When it happened, if not just now: 2026-03-20, or 2026-03-20T10:00[Europe/Vienna]."
        ),
    )


def other_bodies(
    bodies: Mapping[str, Mapping[str, str]], own: Container[str]
) -> tuple[Choice, ...]:
    """The bodies of an organisation, by the names of all, without those that have it already."""
    return tuple(of_body(name, names) for name, names in bodies.items() if name not in own)


def waivers(
    waivable: Callable[[Any], tuple[Choice, ...]],
    applies: Callable[[Any], bool] = lambda _: True,
) -> Parameter[Any]:
    """A reason for each rule that is waived, of those that can be waived in a state."""
    return Parameter(
        path="order.waivers",
        name="waive",
        label=N_("Reason for waiving the rule %(rule)s"),
        choices=waivable,
        applies=applies,
        fold=N_("Waive a rule"),
        option=Option("Waive a rule, with the reason.", "--waive", "RULE=REASON"),
    )

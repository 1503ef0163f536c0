"""How a meeting decides: by consensus, without a vote, or by a vote with its figures."""

from __future__ import annotations

from typing import Final, Protocol

from domain.actors import Role
from domain.messages import Order
from domain.rules import require

RESULTS: Final = ("agreed", "adopted", "declined", "not agreed")
"""What came of it; `not agreed` is a body that tried to agree and could not."""

REFUSING: Final = ("declined", "not agreed")
"""The results by which a text is not approved."""

MANNERS: Final = ("", "consensus", "without a vote", "vote")
"""How it was decided; empty where that is not told."""


class MeetingDecision(Protocol):
    """What a meeting decided, as two commands and two events hold it.

    They repeat the fields one by one, since the order of stored fields never changes. The figures
    of a vote are None where they are not told; their source is UNGA rules of procedure, rule 86.
    """

    @property
    def result(self) -> str: ...

    @property
    def manner(self) -> str: ...

    @property
    def in_favour(self) -> int | None: ...

    @property
    def against(self) -> int | None: ...

    @property
    def abstaining(self) -> int | None: ...


def require_valid_vote(decision: MeetingDecision, order: Order) -> None:
    """Raise Refused for words that are none, for figures without a vote, and for who may not."""
    may = order.attested or order.actor.role is Role.BODY
    require("act-of-a-meeting", may, "only the body itself decides at a meeting")
    known = ", ".join(RESULTS)
    require("known", decision.result in RESULTS, f"{decision.result}: write one of {known}")
    manners = ", ".join(filter(None, MANNERS))
    require("known", decision.manner in MANNERS, f"{decision.manner}: write one of {manners}")
    figures = [decision.in_favour, decision.against, decision.abstaining]
    given = [figure for figure in figures if figure is not None]
    require("vote-counted", not given or decision.manner == "vote", "only a vote has figures")
    require(
        "vote-counted", all(figure >= 0 for figure in given), "nobody votes less than not at all"
    )
    require(
        "vote-carried",
        order.attested or decision.result in REFUSING or _may_carry(decision),
        f"{decision.in_favour} in favour and {decision.against} against do not carry it",
    )


def _may_carry(decision: MeetingDecision) -> bool:
    """Whether its figures leave it open that more were for it than against.

    How many more are needed is for the rules of the body: two thirds, where these say so.
    """
    if decision.in_favour is None:
        return True
    return decision.in_favour > (decision.against or 0)

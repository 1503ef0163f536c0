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
    """What a meeting decided; figures are None where they are not told."""

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


def require_valid_vote(asked: MeetingDecision, order: Order) -> None:
    """Raise Refused for words that are none, for figures without a vote, and for who may not."""
    may = order.attested or order.actor.role is Role.BODY
    require("act-of-a-meeting", may, "only the body itself decides at a meeting")
    known = ", ".join(RESULTS)
    require("known", asked.result in RESULTS, f"{asked.result}: write one of {known}")
    manners = ", ".join(filter(None, MANNERS))
    require("known", asked.manner in MANNERS, f"{asked.manner}: write one of {manners}")
    figures = [asked.in_favour, asked.against, asked.abstaining]
    told = [one for one in figures if one is not None]
    require("vote-counted", not told or asked.manner == "vote", "only a vote has figures")
    require("vote-counted", all(one >= 0 for one in told), "nobody votes less than not at all")

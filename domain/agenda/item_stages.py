"""What may still happen to an item, by how far its approval and its agenda have come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.agenda.agenda import Agenda
from domain.agenda.item_order import descendants
from domain.agenda.items import Item
from domain.rules import require

OPEN: Final = ("proposed", "submitted", "not approved")
"""Approvals in which the text of an item may change: it is not, or no longer, before a body."""

STAGE_THAT_ENDS: Final[Mapping[str, str]] = {
    "proposed": "published",
    "amended": "adopted",
    "described": "adopted",
    "withdrawn": "adopted",
    "moved": "adopted",
    "renumbered": "adopted",
    "annotated": "adopted",
    "submitted": "adopted",
    "approved": "adopted",
    "put under silence": "adopted",
    "given documents": "report adopted",
    "given hours": "report adopted",
}
"""The stage of the agenda at which an act on items is over."""


def require_stage(agenda: Agenda, act: str, what: str = "item") -> None:
    """Raise Refused when the agenda is past the stage in which items may be acted on so."""
    reached = {
        "published": agenda.published or agenda.adopted,
        "adopted": agenda.adopted,
        "report adopted": agenda.report_adopted,
    }
    over = STAGE_THAT_ENDS[act]
    because = f"agenda {agenda.id} is {over}: no {what} is {act} now"
    if over == "published" and not agenda.adopted:
        because += "; start a supplementary provisional agenda for further items"
    require("stage", not reached[over], because)


def require_open(agenda: Agenda, number: str, act: str) -> Item:
    """The item, whose text may change, and that of its sub-items. Raises Refused."""
    item = agenda.item(number)
    require_stage(agenda, act)
    for member in (item, *descendants(agenda.items, item)):
        open_ = member.approval in OPEN
        require("stage", open_, f"item {member.item} is {member.approval}: it cannot be {act}")
    return item

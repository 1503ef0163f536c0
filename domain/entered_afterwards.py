"""Acts of meetings, and publications: those who keep the record enter them afterwards.

When such an act happened can be stated (`domain.stated_times`). Nothing on which a silence depends
is ever stated: there the server's clock alone counts.
"""

from __future__ import annotations

from typing import Final

from domain.agenda.commands import (
    AdoptAgenda,
    AdoptReport,
    ApproveItems,
    DecideItems,
    DeferReport,
    DraftReport,
)
from domain.documents.commands import IssueVersion, PublishDocument, ReissueVersion
from domain.messages import Command, Order
from domain.rules import require
from domain.session.commands import CloseSession, OpenSession
from domain.silence.commands import DecideMatter
from domain.times import Precision

ENTERED_AFTERWARDS: Final[tuple[type[Command], ...]] = (
    OpenSession,
    CloseSession,
    ApproveItems,
    DecideItems,
    DecideMatter,
    IssueVersion,
    ReissueVersion,
    PublishDocument,
    AdoptAgenda,
    DraftReport,
    AdoptReport,
    DeferReport,
)
"""The acts that can be entered with the time at which they happened."""


def require_statable(order: Order) -> None:
    """Raise Refused for a stated time of another act, or one that is neither a day nor exact."""
    at = order.happened
    require("stated-time", not order.attested, "history says with its source when it happened")
    because = "only acts of meetings and publications are entered with the time of their happening"
    require("stated-time", isinstance(order.command, ENTERED_AFTERWARDS), because)
    exact = at.has_hour and at.earliest == at.latest
    day = at.precision is Precision.DAY
    require("stated-time", exact or day, f"{at} is neither a day nor an hour in its time zone")

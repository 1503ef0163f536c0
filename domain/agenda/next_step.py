"""What an agenda waits for, and from whom, at each of its stages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from domain.agenda.agenda import Agenda
from domain.awaited_action import NOTHING, Awaited
from domain.messages import DatedStep

STEPS: Final = (
    "proposed",
    "submitted",
    "silence",
    "approved",
    "masthead",
    "published",
    "adopted",
    "report_drafted",
    "report_deferred",
    "report_adopted",
)
"""The dated steps of an agenda, in the order in which a regular procedure takes them."""

AMENDED_TEXT: Final = Awaited("presiding officer", "an amended text, or referral to the meeting")
RULING: Final = Awaited("presiding officer", "a ruling by two persons")
DRAFT_REPORT: Final = Awaited("secretariat", "draft report")
REPORT: Final = Awaited("body", "adoption of the report")
SOURCE: Final = Awaited("secretariat", "a source for what came next")

NEXT: Final[Mapping[str, Awaited]] = {
    "started": Awaited("secretariat", "proposed items"),
    "proposed": Awaited("secretariat", "submission of the items"),
    "submitted": Awaited("secretariat", "opening of the silence procedure"),
    "not approved": AMENDED_TEXT,
    "partly approved": Awaited("presiding officer", "what becomes of the other items"),
    "approval suspended": RULING,
    "approved": Awaited("document services", "publication in all required languages"),
    "published, approval suspended": RULING,
    "published, approval revoked": AMENDED_TEXT,
    "published": Awaited("body", "adoption of the agenda"),
    "adopted": REPORT,
    "report deferred": REPORT,
}
"""What is awaited at each stage. While a silence procedure runs, its windows say it (see
`domain.silence.phase`); once the report is adopted, nothing is."""

PARTED: Final = frozenset({"partly approved", "not approved"})
"""The stages at which some items may wait for their approval, while others are decided."""


def next_step(
    stage: str,
    *,
    attested: bool,
    cancelled: bool,
    drafted: bool,
    approvals: Collection[str] = (),
) -> Awaited:
    """What an agenda at this stage waits for, apart from its windows.

    `attested`: a source tells its last step, so only a source can tell the next one. `cancelled`:
    its session will not be held, so nothing is awaited any more. `drafted`: its draft report is
    before the body, which can adopt none before. `approvals`: where the approval of its items
    stands; what is done with those that are open comes first where others are approved or were not.
    """
    if cancelled or stage == "report adopted":
        return NOTHING
    if attested:
        return SOURCE
    awaited = _of_open_items(stage, approvals) or NEXT.get(stage, NOTHING)
    return DRAFT_REPORT if awaited == REPORT and not drafted else awaited


def _of_open_items(stage: str, approvals: Collection[str]) -> Awaited:
    """What items wait for that are proposed or submitted again, while others are decided."""
    if stage not in PARTED:
        return NOTHING
    if "submitted" in approvals:
        return NEXT["submitted"]
    again = "proposed" in approvals and "not approved" not in approvals
    return NEXT["proposed"] if again else NOTHING


def steps_taken(agenda: Agenda) -> Mapping[str, DatedStep]:
    """The steps that an agenda has taken, by name, in the order of `STEPS`."""
    dated = {name: getattr(agenda, name) for name in STEPS}
    return {name: step for name, step in dated.items() if step}


def last_step(agenda: Agenda) -> DatedStep | None:
    """The step that was recorded last; None where none was taken."""
    taken = steps_taken(agenda).values()
    return max(taken, key=lambda step: step.position, default=None)

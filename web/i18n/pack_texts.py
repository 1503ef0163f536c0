"""What the rules of the packs that come with Placet demand, and how the packs are called.

A pack is data, and quotes its sources in their own words; these sentences are of Placet, and stand
in six languages. A rule that a body has given itself stands in the words in which it was given.
"""

from __future__ import annotations

from typing import Final

from web.i18n.labels import N_

DEMANDS: Final = (
    N_("Silence lasts at least this long; a relaunch of an amended text may be shorter."),
    N_("Silence is used only for subjects that it is authorised for."),
    N_("Silence is used only while its authorisation is in force."),
    N_("A response counts when it was received strictly before the deadline."),
    N_("A window is relaunched only when it has ended."),
    N_("Only the body itself adopts its agenda and its report."),
    N_("Nothing is concluded before the agenda is adopted."),
    N_("A session is opened, adopts its agenda and its report, and is closed on its own days."),
    N_("Meetings and the organization of work lie on the days of the session."),
    N_("Each proposed item has a proposer of a permitted kind."),
    N_("Each proposed item carries an explanatory memorandum."),
    N_("At most one item per session is devoted to the review mechanism."),
    N_("The first item is organizational and holds the adoption of the agenda."),
    N_("The last item is the adoption of the report."),
    N_("The items are approved before the provisional agenda is published."),
    N_("Published means out in every official language."),
    N_("All language versions are issued on the same day."),
    N_("Each language version has a job number of its own."),
    N_("The provisional agenda is communicated in time before the opening."),
    N_("Documents are out in every official language six weeks before the opening."),
    N_("An item's title is the same in the list, the annotations and the annex."),
    N_("Every item appears in the organization of work."),
    N_("An item is marked (continued) exactly when it was begun in an earlier slot."),
    N_("Slots of one track do not overlap."),
    N_("Slots lie within the meetings that are serviced with interpretation."),
    N_("The provisional agenda is published before the agenda is adopted."),
    N_("What was approved is published and put before the body as it was approved."),
    N_("The items are approved before the agenda is adopted."),
    N_("The agenda is adopted once the session is open."),
    N_("A reconvened part of a session adopts an agenda of its own."),
    N_("The report is adopted only when its draft is there in every official language."),
    N_("An officer who leaves is replaced by the same State; a President is not."),
)
"""Each demand once, in the order of the packs."""
TITLES: Final = (
    N_("Any group that approves by silence in 72 hours"),
    N_("Working groups of the Conference of the Parties to the UNTOC"),
)
"""The titles of the packs."""

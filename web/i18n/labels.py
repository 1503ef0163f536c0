"""The words of the domain as pages say them. `N_` marks a text for the catalogues.

The record and the rules name things by English words (`under silence`, `presiding officer`).
Pages put each of them through the catalogue of the reader's language, so all stand here once.
"""

from __future__ import annotations

from typing import Final

from domain.record_rules import RECORD


def N_(text: str) -> str:  # noqa: N802 (the customary mark of gettext)
    """Mark a text for the catalogues."""
    return text


STANDS: Final = {
    "open": N_("Silence running"),
    "suspended": N_("Clock stopped"),
    "deadline passed, being verified": N_("Deadline passed, being verified"),
    "held for review": N_("Held for review"),
    "broken": N_("Silence broken"),
    "approved": N_("Approved"),
    "partly approved": N_("Partly approved"),
    "approval suspended": N_("Approval suspended"),
    "superseded": N_("Superseded"),
    "outcome unknown": N_("Outcome not known"),
    "started": N_("Begun"),
    "proposed": N_("Items proposed"),
    "submitted": N_("Submitted for approval"),
    "under silence": N_("Under silence"),
    "not approved": N_("Not approved"),
    "published": N_("Published"),
    "published, approval suspended": N_("Published, approval suspended"),
    "published, approval revoked": N_("Published, approval revoked"),
    "adopted": N_("Agenda adopted"),
    "report deferred": N_("Report put off"),
    "report adopted": N_("Report adopted"),
}
"""Where an agenda or a window stands, as the tag of a row or page says it."""

ENDINGS: Final = {
    "approved": N_("The silence ended."),
    "partly approved": N_("The silence ended."),
    "approval suspended": N_("The silence ended."),
    "broken": N_("The silence was broken."),
    "superseded": N_("The procedure was superseded."),
    "revoked": N_("The approval was revoked."),
}
"""How a procedure ended; by its deadline or before or after it."""

TONES: Final = {
    "open": "wait",
    "suspended": "wait",
    "held for review": "wait",
    "partly approved": "wait",
    "approval suspended": "stop",
    "broken": "stop",
    "not approved": "stop",
    "approved": "ok",
    "published": "ok",
    "published, approval suspended": "stop",
    "published, approval revoked": "stop",
    "adopted": "ok",
    "report deferred": "wait",
    "report adopted": "ok",
}
"""Colours that go with the words; never without them."""

FROM: Final = {
    "secretariat": N_("the secretariat"),
    "presiding officer": N_("the presiding officer"),
    "seat": N_("the seats that are silent"),
    "body": N_("the body itself"),
    "document services": N_("document services"),
    "silence clock": N_("the silence clock"),
}
"""From whom something is awaited."""

FOR: Final = {
    "seat": N_("For a seat"),
    "presiding officer": N_("For the presiding officer"),
    "body": N_("For the body itself, at its meeting"),
    "secretariat": N_("For the secretariat"),
    "administrator": N_("For an administrator"),
    "document services": N_("For document services"),
}
"""For whom acts are listed."""
AUTHENTICATION: Final = {
    "none": N_("nothing"),
    "password": N_("password"),
    "password and code": N_("password and code"),
    "token": N_("token"),
    "command line": N_("command line"),
    "demo": N_("nothing (demonstration)"),
}
"""How somebody proved who they are; a log-in service is called by its name."""

GO_TO: Final = {
    "body": N_("Go to the body"),
    "session": N_("Go to the session"),
    "agenda": N_("Go to the agenda"),
    "window": N_("Go to the silence procedure"),
    "document": N_("Go to the document"),
    "organisation": N_("Go to the organization"),
}
"""Where one goes on after an act."""

GROUPS: Final = {
    "clock running": N_("Clock running"),
    "waiting for somebody": N_("No clock, waiting for somebody"),
    "finished, or record only": N_("Finished, or record only"),
}

STEPS: Final = {
    "proposed": N_("Proposed"),
    "submitted": N_("Submitted"),
    "under silence": N_("Under silence"),
    "approved": N_("Approved"),
    "published": N_("Published"),
    "agenda adopted": N_("Agenda adopted"),
    "report adopted": N_("Report adopted"),
}

OUTCOMES: Final = {
    "open": N_("open until the deadline"),
    "deadline passed": N_("the deadline is past; the outcome is being verified"),
    "approved": N_("approved, no breaking objection received"),
    "broken": N_("not approved, silence broken"),
    "approval suspended": N_("approval suspended"),
    "unknown": N_("not known"),
}

SEATS: Final = {
    "notified": N_("notified, silent"),
    "delivery failed": N_("notice failed"),
    "notice waived": N_("notice failed, waived"),
    "explicitly no objection": N_("no objection, said so"),
    "answered without objecting": N_("answered without objecting"),
    "objected": N_("objected"),
    "waits for a ruling": N_("waits for a ruling"),
    "not ruled on": N_("not ruled on"),
    "silent": N_("silent"),
    "no voice": N_("asked, without a voice"),
}

SUB_ITEMS: Final = {
    "with their parent": N_(
        "An objection to an item is one to its sub-items. A sub-item may fall alone."
    ),
    "together": N_("An item and its sub-items stand or fall together."),
    "on their own": N_("Each item stands or falls by itself."),
}
"""How sub-items stand or fall, as the policy of a window says."""

STANDINGS: Final = {
    "counted": N_("in time"),
    "late": N_("late, without effect"),
    "refused": N_("cannot count"),
    "at the margin": N_("so near the deadline that clocks cannot tell"),
    "found after the close": N_("in time, found after the close"),
}

RESULTS: Final = {
    "violated": N_("Departs from the rule"),
    "undeterminable": N_("Cannot be determined"),
    "satisfied": N_("Satisfied"),
}

LINES: Final = {
    "submission-slot": N_("Submission slot, ten weeks before"),
    "provisional-agenda-in-time": N_("Provisional agenda communicated"),
    "issued-six-weeks-before": N_("Documents out in every official language"),
}

KINDS: Final = {
    "body": N_("Body"),
    "session": N_("Session"),
    "agenda": N_("Agenda"),
    "window": N_("Silence procedure"),
    "document": N_("Document"),
    "symbol": N_("Symbol"),
    "organisation": N_("Organization"),
}

BASES: Final = {
    "attested": N_("attested"),
    "stated": N_("stated"),
    "computed": N_("computed"),
    "planned": N_("planned"),
    "unknown": N_("unknown"),
    "awaited": N_("awaited"),
    "called off": N_("called off"),
}

OTHER_WORDS: Final = (
    # functions
    N_("secretariat"),
    N_("presiding officer"),
    N_("seat"),
    N_("body"),
    N_("document services"),
    N_("administrator"),
    N_("silence clock"),
    N_("notice service"),
    N_("other"),
    N_("organization"),
    # roles of persons, beside those that are functions
    N_("auditor"),
    N_("dashboard"),
    # what is awaited
    N_("proposed items"),
    N_("submission of the items"),
    N_("opening of the silence procedure"),
    N_("an amended text, or referral to the meeting"),
    N_("what becomes of the other items"),
    N_("a ruling by two persons"),
    N_("a ruling on a response"),
    N_("publication in all required languages"),
    N_("adoption of the agenda"),
    N_("adoption of the report"),
    N_("a source for what came next"),
    N_("an answer, or silence until the deadline"),
    N_("resumption with a new deadline"),
    N_("the record, once nothing is in doubt"),
    N_("a review of what is in doubt"),
    N_("that seats were told, or need not be"),
    # approvals of items
    N_("under silence"),
    N_("approved"),
    N_("not approved"),
    N_("proposed"),
    N_("submitted"),
    N_("approval suspended"),
    N_("added orally"),
    N_("silence broken"),
    N_("approval revoked"),
    N_("clock stopped"),
    # what is planned
    N_("meetings"),
    N_("organization of work"),
    N_("silence superseded"),
    # responses
    N_("objection"),
    N_("amendment"),
    N_("no objection"),
    N_("editorial comment"),
    N_("substantive comment"),
    N_("reservation"),
    N_("interpretative statement"),
    N_("explanation of position"),
    N_("unclear"),
    # decisions of meetings
    N_("agreed"),
    N_("adopted"),
    N_("declined"),
    N_("not agreed"),
    N_("consensus"),
    N_("without a vote"),
    N_("vote"),
    # notices, announcements
    N_("delivered"),
    N_("failed"),
    N_("resolved"),
    N_("waived"),
    N_("opening"),
    N_("extension"),
    N_("suspension"),
    N_("resumption"),
    N_("supersession"),
    N_("reminder"),
    N_("outcome"),
    N_("letter"),
    N_("announced at a meeting"),
    N_("noted at a meeting"),
    N_("notice service"),
    # subjects, agendas, documents, capacities, matters
    N_("agenda items"),
    N_("decision text"),
    N_("session dates"),
    N_("list of entries"),
    N_("provisional agenda"),
    N_("annotated provisional agenda"),
    N_("supplementary provisional agenda"),
    N_("addendum"),
    N_("reconvened session"),
    N_("background paper"),
    N_("conference room paper"),
    N_("corrigendum"),
    N_("draft report"),
    N_("report"),
    N_("member"),
    N_("observer"),
    N_("officer"),
    N_("group chair"),
    N_("group"),
    N_("a meeting"),
    N_("a vote"),
    N_("another body"),
    N_("consultations"),
    N_("abandoned"),
    N_("add"),
    N_("delete"),
    N_("defer"),
    N_("retitle"),
    N_("reorder"),
    N_("masthead date"),
    N_("running"),
    # languages, Distr.
    N_("Arabic"),
    N_("Chinese"),
    N_("English"),
    N_("French"),
    N_("Russian"),
    N_("Spanish"),
    N_("General"),
    N_("Limited"),
    N_("Restricted"),
    # what came by mail: its kind, its state, the source of its time of receipt
    N_("message"),
    N_("automatic answer"),
    N_("delivery report"),
    N_("waiting"),
    N_("registered"),
    N_("not a response"),
    N_("recorded"),
    N_("shown only"),
    N_("IMAP INTERNALDATE"),
    N_("time of the file in the Maildir"),
    N_("Received header of our own server"),
    N_("stated by staff"),
    N_("not known"),
)
"""Words that the record uses and pages show as they are."""

STAGE_SOURCE: Final = RECORD["stage"]
"""By what source an act waits for the step before it; quoted in English like all rules."""

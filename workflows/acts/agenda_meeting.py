"""Acts of the session itself: the adoption of the agenda, and the report from draft to adoption."""

from __future__ import annotations

from typing import Any, Final

from domain.actors import Role
from domain.agenda.commands import AdoptAgenda, AdoptReport, DeferReport, DraftReport
from domain.agenda.events import AgendaAdopted, ReportAdopted
from domain.streams import StreamKind
from workflows.acts import agenda_state
from workflows.acts.act import Act
from workflows.acts.parameter import N_, Option, Parameter, Widget
from workflows.queries.agenda import AgendaForForm

AT_ADOPTION: Final = agenda_state.waivers(
    "act-of-the-body",
    "approval-before-adoption",
    "publication-before-adoption",
    "adoption-at-opening",
    "reconvened-part-has-own-agenda",
    "session-on-its-days",
    "proposer-permitted",
    "explanatory-memorandum",
    "review-item-cap",
    "organizational-item-first",
    "report-item-last",
    "approved-text-unchanged",
)
"""The rules that an adoption may break with a reason, where the pack lets it."""

ADOPT: Final = Act[AgendaForForm](
    command=AdoptAgenda,
    noun=StreamKind.AGENDA,
    slug="adopt-agenda",
    title=N_("Adopt the agenda"),
    does=N_("The body adopts its agenda at the opening, as proposed."),
    roles=(Role.BODY,),
    offered=agenda_state.ADOPTABLE,
    parameters=(agenda_state.HAPPENED, AT_ADOPTION),
    consequences={
        AgendaAdopted: N_("After that no item can be proposed, changed, submitted or approved.")
    },
    final=True,
    verb="adopt",
    help=(
        "Enter that the body has adopted its agenda, as proposed.\n\n"
        "With oral amendments it is adopted by a step in a file, with `placet agenda do`."
    ),
)

DRAFT_REPORT: Final = Act[AgendaForForm](
    command=DraftReport,
    noun=StreamKind.AGENDA,
    slug="draft-report",
    title=N_("Put forward the draft report"),
    does=N_("Says that a draft report is before the body, and in which languages."),
    roles=(Role.SECRETARIAT,),
    offered=agenda_state.ADOPTED,
    parameters=(
        Parameter(
            path="by",
            label=N_("Who puts it forward"),
            hint=N_("An office, such as the Rapporteur; not the name of a person."),
            option=Option("The office that puts it forward, such as Rapporteur.", "--from"),
        ),
        Parameter(
            path="document",
            label=N_("Symbol of the draft"),
            value=lambda shown: shown.agenda.report,
            option=Option("The symbol of the draft."),
        ),
        Parameter(
            path="languages",
            label=N_("Languages in which it is there"),
            choices=agenda_state.languages,
            closed=True,
            option=Option("A language in which it is there.", "--language"),
        ),
        agenda_state.HAPPENED,
    ),
    help="Enter that a draft report is before the body, and in which languages.",
)

ADOPT_REPORT: Final = Act[AgendaForForm](
    command=AdoptReport,
    noun=StreamKind.AGENDA,
    slug="adopt-report",
    title=N_("Adopt the report"),
    does=N_("The body adopts its report at the end, as drafted or as orally amended."),
    roles=(Role.BODY,),
    offered=agenda_state.DRAFTED,
    parameters=(
        Parameter(
            path="document",
            label=N_("Symbol of the report"),
            hint=N_("Of the report itself, not of its draft. Empty as long as it has none."),
            option=Option("Its symbol, or unknown; else that of the draft."),
        ),
        Parameter(
            path="oral_amendments",
            label=N_("Oral amendments"),
            hint=N_("One on each line. Empty where it was adopted as drafted."),
            widget=Widget.PARAGRAPHS,
            option=Option("An oral amendment.", "--oral-amendment"),
        ),
        Parameter(
            path="ad_referendum",
            label=N_("Adopted ad referendum"),
            hint=N_("Subject to confirmation by those who were represented."),
            widget=Widget.SINGLE,
            value=lambda _: "no",
            option=Option("Subject to confirmation.", "--ad-referendum"),
        ),
        agenda_state.HAPPENED,
        agenda_state.waivers(
            "act-of-the-body",
            "session-on-its-days",
            "nothing-concluded-before-adoption",
            "report-drafted-in-all-languages",
        ),
    ),
    on_pages={"document": "unknown"},
    consequences={ReportAdopted: N_("After that nothing more is awaited of this agenda.")},
    final=True,
    help="Enter that the body has adopted its report.",
)

DEFER_REPORT: Final = Act[AgendaForForm](
    command=DeferReport,
    noun=StreamKind.AGENDA,
    slug="defer-report",
    title=N_("Put off the adoption of the report"),
    does=N_("The body puts off the adoption of its report to a later meeting or session."),
    roles=(Role.BODY,),
    offered=agenda_state.ADOPTED,
    parameters=(
        Parameter(
            path="to",
            label=N_("To which meeting or session"),
            option=Option("The meeting or session to which it is put off."),
        ),
        Parameter(
            path="until",
            label=N_("Until when"),
            zone=lambda shown, _: shown.body.zone or "UTC",
            option=Option("Until when: 2026-05-29T10:00[Europe/Vienna], or a day."),
        ),
        Parameter(
            path="reason",
            label=N_("Reason"),
            widget=Widget.LONG,
            option=Option("Why; it goes into the record."),
        ),
        agenda_state.HAPPENED,
    ),
    help="Enter that the body puts off the adoption of its report, and why.",
)

MEETING: Final[tuple[Act[Any], ...]] = (ADOPT, DRAFT_REPORT, ADOPT_REPORT, DEFER_REPORT)

"""Acts on documents: registering a symbol, issuing language versions, publishing the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from domain.actors import Role
from domain.agenda.events import AgendaPublished
from domain.documents.commands import (
    IssueVersion,
    PublishDocument,
    RegisterDocument,
    ReissueVersion,
)
from domain.documents.events import DocumentPublished, DocumentRegistered, VersionIssued
from domain.documents.publication_checks import BEFORE_THE_SESSION
from domain.languages import LANGUAGES
from domain.streams import StreamKind
from workflows.acts.act import Act, Availability, all_of
from workflows.acts.choices import called_by_name, called_by_words, of_body
from workflows.acts.parameter import N_, Choice, Option, Parameter, Widget
from workflows.acts.shared_parameters import PLAIN_ID, REASON, happened, waivers
from workflows.queries.agenda import AgendaForForm
from workflows.queries.document import DocumentForForm

KINDS: Final = (
    *BEFORE_THE_SESSION,
    "draft report",
    "report",
    "conference room paper",
    N_("draft decision"),
    N_("proposal"),
    N_("list of participants"),
    "corrigendum",
    "addendum",
)
"""The kinds of documents that a form offers."""
DISTRIBUTION: Final = ("General", "Limited", "Restricted")
ISSUERS: Final = (Role.SECRETARIAT, Role.DOCUMENT_SERVICES)
"""Who issues and publishes: the secretariat, or those who process documents for it."""

# --- A document of an agenda ----------------------------------------------------------------------

REGISTER: Final = Act[AgendaForForm](
    command=RegisterDocument,
    noun=StreamKind.DOCUMENT,
    slug="register-document",
    listed_on=StreamKind.AGENDA,
    title=N_("Register a document"),
    does=N_(
        "Reserves a symbol for a document of this agenda, and fills in its masthead. A symbol is"
        " given once, for ever."
    ),
    roles=(Role.SECRETARIAT,),
    offered=Availability(words="always, for an agenda", holds=lambda _: True),
    parameters=(
        Parameter(
            path="document",
            label=N_("Id of the document"),
            hint=N_("Small letters, digits and hyphens, such as board-3-dates. It stays for ever."),
            pattern=PLAIN_ID,
        ),
        Parameter(
            path="agenda",
            option=Option("The agenda that it is for."),
        ),
        Parameter(
            path="symbol",
            label=N_("Symbol"),
            hint=N_("As printed, such as CTOC/COP/WG.7/2023/1. A hyphen joins two symbols."),
            option=Option("Its symbol; a hyphen joins the symbols of several bodies."),
        ),
        Parameter(
            path="type",
            label=N_("Kind of document"),
            hint=N_("An agenda is published by its provisional agenda, annotated or not."),
            choices=lambda _: called_by_name(KINDS),
            closed=True,
            option=Option(f"Its kind: {', '.join(KINDS)}."),
        ),
        Parameter(
            path="body",
            label=N_("Body whose document it is"),
            choices=lambda shown: (of_body(shown.body.id, shown.body.names),),
            value=lambda shown: shown.body.id,
            option=Option("The body whose document it is: that of the agenda."),
        ),
        Parameter(
            path="titles",
            name="title",
            label=N_("Title (%(language)s)"),
            option=Option("Its title.", "--title", "LANGUAGE=TITLE"),
        ),
        Parameter(
            path="original",
            label=N_("Language of the original"),
            choices=lambda _: called_by_words(LANGUAGES),
            closed=True,
            option=Option("The language in which it was drafted.", metavar="LANGUAGE"),
        ),
        Parameter(
            path="distribution",
            label=N_("Distribution"),
            hint=N_(
                "What the masthead says, such as General. It restricts nobody here: whoever may"
                " read the record reads every document in it."
            ),
            choices=lambda _: called_by_name(DISTRIBUTION),
            closed=True,
            option=Option("General, Limited or Restricted."),
        ),
        Parameter(
            path="masthead_date",
            label=N_("Date in the masthead"),
            hint=N_("The day of submission for processing. Empty where it is not known yet."),
            widget=Widget.DAY,
            option=Option("The day in its masthead: 2026-03-20."),
        ),
        Parameter(
            path="languages",
            label=N_("Languages in which it must be out"),
            hint=N_("None ticked: those that the rules of the body say."),
            choices=lambda _: called_by_words(LANGUAGES),
            closed=True,
            option=Option("A language in which it must be out.", "--language", "LANGUAGE"),
        ),
        Parameter(
            path="changes",
            label=N_("Symbol of the document that it changes"),
            hint=N_("Only for what corrects, revises or adds to another one."),
            option=Option("The symbol of a document that it corrects, revises or adds to."),
        ),
        Parameter(
            path="cited",
            label=N_("Parts of the symbol that belong to another organisation"),
            hint=N_("One on each line. They are cited, not reserved."),
            fold=N_("Joint symbols"),
            option=Option("A part of its symbol that another organisation gave.", "--cited"),
        ),
    ),
    consequences={
        DocumentRegistered: N_("The symbol stands for this document, and for no other one, ever.")
    },
    verb="register",
    help=(
        "Register a document of an agenda.\n\n"
        "It reserves the symbol, each part of a joint one, and fills in the masthead."
    ),
)

# --- Its language versions ------------------------------------------------------------------------


def _lacking(shown: DocumentForForm) -> tuple[Choice, ...]:
    """The languages in which no version is out; those that are required come first."""
    missing = shown.document.missing
    others = (tag for tag in LANGUAGES if tag not in {*missing, *shown.document.versions})
    return _languages((*missing, *others))


def _issued(shown: DocumentForForm) -> tuple[Choice, ...]:
    """The languages in which a version is out."""
    return _languages(shown.document.versions)


def _languages(tags: Iterable[str]) -> tuple[Choice, ...]:
    return called_by_words({tag: LANGUAGES.get(tag, tag) for tag in tags})


LANGUAGE: Final = (r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", N_("A language as it is written: en."))
JOB_NUMBER: Final = N_("As in the footer, such as V.23-12345.")
STAMPS: Final = Parameter[DocumentForForm](
    path="stamps",
    label=N_("Date stamps in the footer"),
    hint=N_("As printed, such as 110723 120723. Empty where there are none."),
    option=Option("The date stamps of its footer, as printed."),
)
MASTHEAD_DATE: Final = Parameter[DocumentForForm](
    path="masthead_date",
    label=N_("Date in the masthead of this version"),
    hint=N_("Only where it has one of its own."),
    widget=Widget.DAY,
    option=Option("The day in its own masthead: 2026-03-20."),
)


def _version(
    languages: Callable[[DocumentForForm], tuple[Choice, ...]], number: str
) -> tuple[Parameter[DocumentForForm], ...]:
    """Which version, of the languages that come into question; and its job number."""
    return (
        Parameter(
            path="language",
            label=N_("Language"),
            choices=languages,
            pattern=LANGUAGE,
            option=Option("The language of the version.", metavar="LANGUAGE"),
        ),
        Parameter(
            path="job_number",
            label=N_("Job number"),
            hint=JOB_NUMBER,
            option=Option(number),
        ),
    )


HAPPENED: Final = happened(lambda shown: shown.body.zone)

OUT: Final = Availability[DocumentForForm](
    words=N_("once it is out in some language"), holds=lambda shown: bool(shown.document.versions)
)

ISSUE: Final = Act[DocumentForForm](
    command=IssueVersion,
    noun=StreamKind.DOCUMENT,
    slug="issue-version",
    title=N_("Issue a language version"),
    does=N_("Says that the document is out in one language."),
    roles=ISSUERS,
    offered=Availability(
        words=N_("while a language is left in which it is not out"),
        holds=lambda shown: bool(_lacking(shown)),
    ),
    parameters=(
        *_version(_lacking, "Its job number, as in the footer."),
        STAMPS,
        MASTHEAD_DATE,
        HAPPENED,
    ),
    consequences={
        VersionIssued: N_("This version is not edited any more: it is corrected, or issued again.")
    },
    verb="issue",
    help="Issue one language version of a document.",
)

REISSUE: Final = Act[DocumentForForm](
    command=ReissueVersion,
    noun=StreamKind.DOCUMENT,
    slug="reissue-version",
    title=N_("Issue a language version again"),
    does=N_(
        "Puts a new version in the place of one that is out, under the same symbol with an"
        " asterisk, for technical reasons."
    ),
    roles=ISSUERS,
    offered=OUT,
    parameters=(
        *_version(_issued, "Its new job number, as in the footer."),
        REASON,
        STAMPS,
        MASTHEAD_DATE,
        HAPPENED,
    ),
    verb="reissue",
    help="Issue a language version again, under the same symbol with an asterisk.",
)

PUBLISH: Final = Act[DocumentForForm](
    command=PublishDocument,
    noun=StreamKind.DOCUMENT,
    slug="publish-document",
    title=N_("Publish the document"),
    does=N_(
        "Says that the document is out as a whole. An agenda is published by its provisional"
        " agenda; what is missing then needs a waiver, where the rules ask for it."
    ),
    roles=ISSUERS,
    offered=all_of(
        OUT,
        Availability[DocumentForForm](
            words=N_("until it is published"),
            holds=lambda shown: shown.document.published is None,
        ),
    ),
    parameters=(
        HAPPENED,
        waivers(
            lambda shown: tuple(
                Choice(value=rule, hint=demand) for rule, demand in shown.waivable.items()
            )
        ),
    ),
    consequences={
        DocumentPublished: N_("It stays published; what is wrong in it is corrected or revised."),
        AgendaPublished: N_(
            "The agenda is published by it, or changed where it was published before."
        ),
    },
    final=True,
    verb="publish",
    help="Declare a document out as a whole.",
)

DOCUMENTS: Final[tuple[Act[Any], ...]] = (REGISTER, ISSUE, REISSUE, PUBLISH)
"""Every act on documents."""

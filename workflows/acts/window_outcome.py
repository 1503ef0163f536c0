"""Acts on notices and on what became of a silence: record, send again, announce, refer, decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from domain.actors import Role
from domain.silence.commands import (
    AnnounceOutcome,
    AnnounceRevision,
    DecideMatter,
    RecordNotices,
    ReferMatter,
    RepeatNotices,
    ShareSilence,
    TellOutcome,
)
from domain.silence.notice_decisions import ABOUT
from domain.silence.notice_repetition import TELLING
from domain.silence.outcome_decisions import DESTINATIONS
from domain.streams import StreamKind
from domain.voting import MANNERS
from domain.voting import RESULTS as DECISIONS
from workflows.acts import window_state
from workflows.acts.act import FILES_ONLY, STAFF, Act, Surface
from workflows.acts.choices import called_by_name, explained
from workflows.acts.parameter import N_, Option, Parameter, Widget
from workflows.acts.shared_parameters import REASON, happened
from workflows.queries.window import WindowForForm

RESULTS: Final[Mapping[str, str]] = {
    "delivered": N_("It reached them."),
    "failed": N_("It did not reach them. This stands in the way of an approval."),
    "resolved": N_("It had failed, and has reached them by now."),
    "waived": N_("It failed, and this shall not stand in the way. Say why."),
}
"""What may have become of a notice, in words."""

ANNOUNCED: Final = ("letter", "announced at a meeting", "noted at a meeting")
"""How an outcome becomes known. The last two take it off the list of what a meeting must note."""


def _votes(path: str, label: str, words: str) -> Parameter[WindowForForm]:
    """A figure of a vote."""
    return Parameter(
        path=path,
        label=label,
        hint=N_("Only for a vote."),
        pattern=(r"[0-9]{1,4}", N_("A number from 0 to 9999.")),
        option=Option(words, minimum=0),
    )


TO_WHOM: Final = Parameter[WindowForForm](
    path="seats",
    label=N_("To which seats"),
    required=True,
    choices=window_state.seats,
    option=Option("A seat that the notice was for.", "--seat"),
)

NOTICES: Final = Act[WindowForForm](
    command=RecordNotices,
    noun=StreamKind.WINDOW,
    slug="notices",
    title=N_("Record notices"),
    does=N_("Says what became of notices that went out by another way than this program."),
    roles=STAFF,
    offered=window_state.SEATED,
    parameters=(
        TO_WHOM,
        Parameter(
            path="about",
            label=N_("What they were about"),
            choices=lambda _: called_by_name(filter(None, ABOUT)),
            option=Option(
                f"What it told: {', '.join(filter(None, ABOUT))}; not said, it is the opening,"
                " or all that failed."
            ),
        ),
        Parameter(
            path="result",
            label=N_("What became of them"),
            widget=Widget.SINGLE,
            choices=lambda _: explained(RESULTS),
            option=Option("delivered, failed, resolved or waived."),
        ),
        REASON,
        Parameter(
            path="via",
            label=N_("How they went"),
            hint=N_("Such as: by hand, mail."),
            option=Option("How it went, such as a letter by courier."),
        ),
    ),
    help=(
        "Record what became of notices.\n\n"
        "Such as a mail that came back, or a letter that was handed over. While one failed, the"
        " text is not approved: it must be resolved, or waived with a reason."
    ),
)

REPEAT: Final = Act[WindowForForm](
    command=RepeatNotices,
    noun=StreamKind.WINDOW,
    slug="repeat-notices",
    title=N_("Send notices again"),
    does=N_("Sends seats again what they were notified of, with what holds by now."),
    roles=STAFF,
    offered=window_state.SEATED,
    parameters=(
        TO_WHOM,
        Parameter(
            path="about",
            label=N_("What they were about"),
            required=True,
            choices=lambda _: called_by_name(TELLING),
            option=Option(f"What is told again: {', '.join(TELLING)}."),
        ),
        REASON,
    ),
    surfaces=frozenset({Surface.PAGES}),
    elsewhere="placet post again",
)

ANNOUNCE: Final = Act[WindowForForm](
    command=AnnounceOutcome,
    noun=StreamKind.WINDOW,
    slug="announce",
    title=N_("Announce the outcome"),
    does=N_("Records how the outcome was made known, in writing or at a meeting."),
    roles=STAFF,
    offered=window_state.ENDED,
    parameters=(
        Parameter(
            path="manner",
            label=N_("How"),
            widget=Widget.SINGLE,
            choices=lambda _: called_by_name(ANNOUNCED),
            closed=True,
            option=Option(f"One of: {', '.join(ANNOUNCED)}."),
        ),
        Parameter(
            path="note",
            label=N_("Which letter, meeting or paragraph"),
            option=Option("Of which letter or which meeting."),
        ),
    ),
    help="Record how the outcome was announced.",
)

REFER: Final = Act[WindowForForm](
    command=ReferMatter,
    noun=StreamKind.WINDOW,
    slug="refer",
    title=N_("Refer the matter"),
    does=N_("Says where the matter goes on now that the silence has ended."),
    roles=(Role.PRESIDING_OFFICER, Role.SECRETARIAT),
    offered=window_state.ENDED,
    parameters=(
        Parameter(
            path="to",
            label=N_("Where it goes"),
            widget=Widget.SINGLE,
            choices=lambda _: called_by_name(DESTINATIONS),
            option=Option(f"One of: {', '.join(DESTINATIONS)}."),
        ),
        REASON,
    ),
    help="Record where the matter went on after it was not approved.",
)

DECIDE: Final = Act[WindowForForm](
    command=DecideMatter,
    noun=StreamKind.WINDOW,
    slug="decide",
    title=N_("Enter the decision of a meeting"),
    does=N_(
        "Says what a meeting decided on a text that silence has not approved. What became of the"
        " silence stands."
    ),
    roles=(Role.BODY,),
    offered=window_state.FAILED,
    parameters=(
        Parameter(
            path="result",
            label=N_("What it decided"),
            widget=Widget.SINGLE,
            choices=lambda _: called_by_name(DECISIONS),
            option=Option(f"One of: {', '.join(DECISIONS)}."),
        ),
        Parameter(
            path="manner",
            label=N_("How it decided"),
            choices=lambda _: called_by_name(filter(None, MANNERS)),
            option=Option(f"One of: {', '.join(filter(None, MANNERS))}."),
        ),
        Parameter(
            path="by",
            label=N_("Which body decided"),
            hint=N_("The id of the body."),
            value=lambda shown: shown.window.body,
            option=Option("The body that decided."),
        ),
        _votes("in_favour", N_("Votes in favour"), "Votes in favour."),
        _votes("against", N_("Votes against"), "Votes against."),
        _votes("abstaining", N_("Abstentions"), "Abstentions."),
        Parameter(
            path="note",
            label=N_("Which letter, meeting or paragraph"),
            option=Option("Of which meeting, or in which paragraph of its report."),
        ),
        happened(lambda shown: shown.body.zone),
    ),
    help=(
        "Enter what a meeting decided on a text that silence has not approved.\n\n"
        "It is an act of the body itself. What became of the silence stands."
    ),
)

REVISE: Final = Act[WindowForForm](
    command=AnnounceRevision,
    noun=StreamKind.WINDOW,
    slug="announce-revision",
    title=N_("Announce an amended text"),
    does=N_(
        "Says what the amended text is, without a new silence on it. Nothing is approved by it."
    ),
    roles=STAFF,
    offered=window_state.FAILED,
    parameters=(
        Parameter(
            path="text",
            label=N_("Text (%(language)s)"),
            widget=Widget.LONG,
            option=Option(
                "The amended text.",
                "--text",
                "LANGUAGE=TEXT",
                file=("--text-file", "The amended text, in a file (UTF-8)."),
            ),
        ),
        Parameter(
            path="wording",
            label=N_("The wording that changed"),
            hint=N_("Where only a passage is announced."),
            widget=Widget.LONG,
            option=Option("The wording that changed, where only that is announced."),
        ),
        Parameter(
            path="note",
            label=N_("Which letter, meeting or paragraph"),
            option=Option("Of which letter or document."),
        ),
    ),
    help="Announce an amended text without a new silence on it.",
)

# --- Acts without a form: a page enters what happens now, and these tell history ------------------

TELL: Final = Act[Any](
    command=TellOutcome,
    noun=StreamKind.WINDOW,
    slug="tell-outcome",
    title="Enter what became of some items",
    does="Says what a source tells of some items of a past silence.",
    roles=(Role.SECRETARIAT,),
    offered=window_state.PAST,
    surfaces=FILES_ONLY,
    no_form="it tells history, from a source; pages enter what happens now",
)

SHARE: Final = Act[Any](
    command=ShareSilence,
    noun=StreamKind.WINDOW,
    slug="share",
    title="Name further bodies",
    does="Says for which other bodies a past silence was too.",
    roles=(Role.SECRETARIAT,),
    offered=window_state.PAST,
    surfaces=FILES_ONLY,
    no_form="it tells history, from a source; pages enter what happens now",
)

OUTCOME: Final[tuple[Act[Any], ...]] = (
    NOTICES,
    REPEAT,
    ANNOUNCE,
    REFER,
    DECIDE,
    REVISE,
    TELL,
    SHARE,
)

"""What acts on responses ask for: the seat, the kind, the text, the file that proves it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.silence.responses import KINDS
from workflows.acts import window_state
from workflows.acts.choices import explained
from workflows.acts.parameter import N_, Option, Parameter, Widget
from workflows.queries.window import WindowForForm

MEANING: Final[Mapping[str, str]] = {
    "objection": N_("Breaks the silence: the text, or the parts concerned, are not approved."),
    "amendment": N_("Asks for another wording. It breaks the silence like an objection."),
    "no objection": N_("Says outright that there is none. It is shown, and breaks nothing."),
    "editorial comment": N_("On the form only. It breaks nothing."),
    "substantive comment": N_("On the substance. It is kept and shown, and breaks nothing."),
    "reservation": N_("Formal, attached to the outcome. It breaks nothing."),
    "interpretative statement": N_("How the text is understood; attached. It breaks nothing."),
    "explanation of position": N_("Why the silence is kept; attached. It breaks nothing."),
    "unclear": N_("Whether it breaks the silence is for the presiding officer to rule."),
}
"""What each kind of response does."""


SEAT: Final = Parameter[WindowForForm](
    path="order.seat",
    label=N_("For which seat you answer"),
    required=True,
    choices=window_state.seats,
    option=Option("The seat that answers.", "--as", "SEAT"),
)
SEATS: Final = Parameter[WindowForForm](
    path="seats",
    label=N_("From which seats"),
    required=True,
    choices=window_state.seats,
    option=Option("A seat that signed it.", "--seat"),
)
KIND: Final = Parameter[WindowForForm](
    path="kind",
    label=N_("Your response"),
    widget=Widget.SINGLE,
    choices=lambda _: explained(MEANING),
    option=Option(f"One of: {', '.join(sorted(KINDS))}."),
)
ITEMS: Final = Parameter[WindowForForm](
    path="items",
    label=N_("Which parts it concerns"),
    hint=N_("Tick none for the whole text."),
    choices=window_state.items,
    applies=lambda shown: bool(shown.window.subject.items),
    option=Option("The item that it concerns; else the whole.", "--item"),
)
TEXT: Final = Parameter[WindowForForm](
    path="text",
    label=N_("Reasons, or the text of the statement"),
    hint=lambda shown: (
        N_("This procedure wants reasons for an objection.")
        if shown.window.policy.reasons_required
        else ""
    ),
    widget=Widget.LONG,
    option=Option("Reasons, or what is to be stated."),
)
WORDING: Final = Parameter[WindowForForm](
    path="wording",
    label=N_("Wording that is asked for"),
    widget=Widget.LONG,
    option=Option("The wording that is asked for."),
)
TEXT_HASH: Final = Parameter[WindowForForm](
    path="text_hash",
    label=N_("Hash of the text that is answered"),
    widget=Widget.FIXED,
    value=lambda shown: shown.window.text_hash,
    option=Option("The hash of the text that was read and is answered."),
)
CONTENT: Final = (KIND, ITEMS, TEXT, WORDING, TEXT_HASH)

ON_BEHALF: Final = Option("A member for whom they are empowered to act.")
EVIDENCE: Final = Parameter[WindowForForm](
    path="evidence",
    label=N_("The paper or mail itself"),
    hint=lambda shown: (
        N_(
            "Up to 15 MB. It stays in the record and cannot be erased. As names are withheld here,"
            " the record gives it to nobody."
        )
        if shown.window.policy.names_withheld
        else N_(
            "Up to 15 MB. It stays in the record and cannot be erased. The seats that answer, the"
            " secretariat and the presiding officer of the body, and auditors can read it. Others"
            " see that there is one."
        )
    ),
    widget=Widget.FILE,
    option=Option("The paper or mail, a file."),
)

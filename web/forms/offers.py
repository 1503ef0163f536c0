"""Which acts a window's page offers, to whom, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.silence import Phase
from domain.silence.responses import BREAKING
from web.forms import answers, moves, notes
from web.forms.acts import OFFICER, SEAT, SECRETARIAT, Act, in_phase, running, waiting
from web.wording import N_
from workflows.reading import WindowShown


def _objected(shown: WindowShown) -> bool:
    return any(
        one.response.kind in BREAKING | {"unclear"} and not one.withdrawn
        for one in shown.window.responses
    )


def _ahead(shown: WindowShown) -> bool:
    """Whether its clock runs and its end may still be moved, also while it is held."""
    window = shown.window
    return running(shown) and not window.suspended and window.closes.latest > shown.at


ACTS: Final[Mapping[str, Act]] = {
    "respond": Act(
        group=SEAT,
        title=N_("Respond"),
        offered=lambda shown: not shown.window.superseded,
        form=answers.respond,
    ),
    "withdraw-objection": Act(
        group=SEAT,
        title=N_("Withdraw an objection"),
        offered=_objected,
        form=answers.withdraw,
    ),
    "rule": Act(
        group=OFFICER,
        title=N_("Rule on a response"),
        offered=lambda shown: bool(waiting(shown.window)),
        form=moves.rule,
    ),
    "extend": Act(group=OFFICER, title=N_("Extend"), offered=_ahead, form=moves.extend),
    "suspend": Act(group=OFFICER, title=N_("Suspend"), offered=_ahead, form=moves.suspend),
    "resume": Act(
        group=OFFICER, title=N_("Resume"), offered=in_phase(Phase.SUSPENDED), form=moves.resume
    ),
    "hold": Act(
        group=OFFICER,
        title=N_("Hold for review"),
        offered=running,
        form=moves.hold,
    ),
    "release": Act(
        group=OFFICER,
        title=N_("End the hold"),
        offered=lambda shown: running(shown) and bool(shown.window.held),
        form=moves.release,
    ),
    "supersede": Act(group=OFFICER, title=N_("Supersede"), offered=running, form=moves.supersede),
    "refer": Act(
        group=OFFICER,
        title=N_("Refer the matter"),
        offered=lambda shown: shown.window.over,
        form=moves.refer,
    ),
    "register": Act(
        group=SECRETARIAT,
        title=N_("Register a response on behalf"),
        offered=lambda shown: not shown.window.superseded,
        form=answers.register,
    ),
    "notices": Act(
        group=SECRETARIAT,
        title=N_("Record notices"),
        offered=lambda shown: bool(shown.window.seats),
        form=notes.notices,
    ),
    "repeat-notices": Act(
        group=SECRETARIAT,
        title=N_("Send notices again"),
        offered=lambda shown: bool(shown.window.seats),
        form=notes.repeat,
    ),
    "announce": Act(
        group=SECRETARIAT,
        title=N_("Announce the outcome"),
        offered=lambda shown: shown.window.over,
        form=notes.announce,
    ),
}
"""Every act on a window, by the last part of its address."""


def offered(shown: WindowShown) -> dict[str, list[tuple[str, str]]]:
    """The acts that make sense now, by the function that they are for: slug and title."""
    found: dict[str, list[tuple[str, str]]] = {}
    for slug, act in ACTS.items() if not shown.window.attested else ():
        if act.offered(shown):
            found.setdefault(act.group, []).append((slug, act.title))
    return found

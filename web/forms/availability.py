"""Which acts a window's page offers, to whom, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.silence import Phase
from domain.silence.responses import BREAKING
from web.forms import officer, responses, secretariat
from web.forms.form import OFFICER, SEAT, SECRETARIAT, Act, in_phase, is_running, unruled_responses
from web.i18n.labels import N_
from workflows.queries.window import WindowAtMoment


def _objected(shown: WindowAtMoment) -> bool:
    return any(
        one.response.kind in BREAKING | {"unclear"} and not one.withdrawn
        for one in shown.window.responses
    )


def _ahead(shown: WindowAtMoment) -> bool:
    """Whether its clock runs and its end may still be moved, also while it is held."""
    window = shown.window
    return is_running(shown) and not window.suspended and window.closes.latest > shown.at


ACTS: Final[Mapping[str, Act]] = {
    "respond": Act(
        group=SEAT,
        title=N_("Respond"),
        offered=lambda shown: not shown.window.superseded,
        form=responses.respond,
    ),
    "withdraw-objection": Act(
        group=SEAT,
        title=N_("Withdraw an objection"),
        offered=_objected,
        form=responses.withdraw,
    ),
    "rule": Act(
        group=OFFICER,
        title=N_("Rule on a response"),
        offered=lambda shown: bool(unruled_responses(shown.window)),
        form=officer.rule,
    ),
    "extend": Act(group=OFFICER, title=N_("Extend"), offered=_ahead, form=officer.extend),
    "suspend": Act(group=OFFICER, title=N_("Suspend"), offered=_ahead, form=officer.suspend),
    "resume": Act(
        group=OFFICER, title=N_("Resume"), offered=in_phase(Phase.SUSPENDED), form=officer.resume
    ),
    "hold": Act(
        group=OFFICER,
        title=N_("Hold for review"),
        offered=is_running,
        form=officer.hold,
    ),
    "release": Act(
        group=OFFICER,
        title=N_("End the hold"),
        offered=lambda shown: is_running(shown) and bool(shown.window.hold_reason),
        form=officer.release,
    ),
    "supersede": Act(
        group=OFFICER, title=N_("Supersede"), offered=is_running, form=officer.supersede
    ),
    "refer": Act(
        group=OFFICER,
        title=N_("Refer the matter"),
        offered=lambda shown: shown.window.is_over,
        form=officer.refer,
    ),
    "register": Act(
        group=SECRETARIAT,
        title=N_("Register a response on behalf"),
        offered=lambda shown: not shown.window.superseded,
        form=responses.register,
    ),
    "notices": Act(
        group=SECRETARIAT,
        title=N_("Record notices"),
        offered=lambda shown: bool(shown.window.seats),
        form=secretariat.notices,
    ),
    "repeat-notices": Act(
        group=SECRETARIAT,
        title=N_("Send notices again"),
        offered=lambda shown: bool(shown.window.seats),
        form=secretariat.repeat,
    ),
    "announce": Act(
        group=SECRETARIAT,
        title=N_("Announce the outcome"),
        offered=lambda shown: shown.window.is_over,
        form=secretariat.announce,
    ),
}
"""Every act on a window, by the last part of its address."""


def offered_acts(shown: WindowAtMoment) -> dict[str, list[tuple[str, str]]]:
    """The acts that make sense now, by the function that they are for: slug and title."""
    found: dict[str, list[tuple[str, str]]] = {}
    for slug, act in ACTS.items() if not shown.window.attested else ():
        if act.offered(shown):
            found.setdefault(act.group, []).append((slug, act.title))
    return found

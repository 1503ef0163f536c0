"""Before an officer's act that cannot be taken back, it is proved once more who acts."""

from __future__ import annotations

from typing import Any, Final

from domain.actors import Role
from domain.ports.accounts import LoginSession
from domain.rules import Refused
from web.forms import account_refusals
from web.forms.fields import Values
from web.forms.posted_form import PostedForm
from web.http import account_urls
from web.http.authentication import FORM_TOKEN
from web.http.context import RequestContext
from workflows.accounts.service import AccountService
from workflows.accounts.sessions import identity_of
from workflows.acts.request import Request

FIELD: Final = "proof"
"""The field in which somebody proves again who they are, by a password or a code."""


def taken_out(values: Values) -> tuple[Values, str]:
    """The values without what no page may repeat: the proof, and the token of the session."""
    without = {FIELD, FORM_TOKEN}
    kept = {name: texts for name, texts in values.texts.items() if name not in without}
    return Values(kept), values.text(FIELD)


def is_wanted(
    accounts: AccountService, sent: PostedForm, requested: Request, *, final: bool
) -> bool:
    """Whether who sends this has to prove it: an officer, for what is final, not just before.

    So it is for what takes two persons, of each of them.

    A seat is not asked: its answer must not miss the deadline for a password.
    """
    officer = requested.circumstances.role is not Role.SEAT
    if sent.session is None or not officer or not final:
        return False
    return not accounts.sessions.is_fresh(identity_of(sent.session))


def lacking(accounts: AccountService, sent: PostedForm, proof: str) -> Refused | None:
    """Why it is not proved who sends this; None where it is."""
    if sent.session is None or not proof:
        return Refused("log-in-again", "prove again who you are, by password or code")
    try:
        accounts.log_in.again(sent.session, proof, sent.client)
    except Refused as refusal:
        return refusal
    return None


def page_values(
    accounts: AccountService,
    values: Values,
    lacking: Refused,
    who: RequestContext,
    session: LoginSession | None,
) -> dict[str, Any]:
    """What the page shows that asks for the proof: what is wrong, and what was confirmed."""
    first = lacking.rule == "log-in-again"
    return {
        "problem": "" if first else account_refusals.text(lacking, who),
        "problem_in_detail": "",
        "pairs": [(name, text) for name, texts in values.texts.items() for text in texts],
        "issuer_of_session": accounts.issuer_of(session),
        "account_urls": account_urls,
    }

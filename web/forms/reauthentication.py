"""Re-authentication: officers prove again who they are before an act that cannot be taken back."""

from __future__ import annotations

from typing import Any, Final

from domain.actors import Role
from domain.ports.accounts import LoginSession
from domain.rules import Refused
from web.forms import account_refusal_texts
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


def without_proof(values: Values) -> tuple[Values, str]:
    """The values without proof and session token, which no page may repeat; and the proof."""
    without = {FIELD, FORM_TOKEN}
    kept = {name: texts for name, texts in values.texts.items() if name not in without}
    return Values(kept), values.text(FIELD)


def is_required(
    accounts: AccountService, sent: PostedForm, requested: Request, *, final: bool
) -> bool:
    """Whether the sender has to prove their identity again: an officer, for a final act.

    Not where they proved it just before. Each of the two persons of an act that takes two has to.
    Seats never have to: their response must not miss the deadline because of a password.
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
        "problem": "" if first else account_refusal_texts.text(lacking, who),
        "problem_in_detail": "",
        "pairs": [(name, text) for name, texts in values.texts.items() for text in texts],
        "issuer_of_session": accounts.issuer_of(session),
        "account_urls": account_urls,
    }

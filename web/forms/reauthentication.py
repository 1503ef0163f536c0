"""Re-authentication: officers prove again who they are before an act that cannot be taken back."""

from __future__ import annotations

from typing import Final

from domain.actors import Role
from web.forms.fields import Values
from web.forms.posted_form import PostedForm
from web.http.authentication import FORM_TOKEN
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

"""Before an officer's act that cannot be taken back, it is proved once more who acts."""

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
    """The values without what no page may repeat: the proof, and the token of the session."""
    without = {FIELD, FORM_TOKEN}
    kept = {name: texts for name, texts in values.texts.items() if name not in without}
    return Values(kept), values.text(FIELD)


def is_required(
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

"""Texts of refusals on pages of accounts, in the language of the reader."""

from __future__ import annotations

from typing import Final

from domain.rules import Refused
from web.http.context import RequestContext
from web.i18n import refusal_texts
from web.i18n.labels import N_
from workflows.accounts.refusals import LogInThrottled

SLOWED: Final = N_(
    "Log-ins failed here shortly before. Please try again in %(seconds)s seconds. Sessions that"
    " have begun go on."
)
DETAILED: Final = frozenset({"empty", "known", "new", "stage", "fits-its-stream"})
"""Rules that are not about accounts, so that their details reveal nothing about one."""


def text(refusal: Refused, reader: RequestContext) -> str:
    """What a refusal means, in the reader's language."""
    say = reader.catalogue.texts.gettext
    if isinstance(refusal, LogInThrottled):
        return say(SLOWED) % {"seconds": refusal.seconds}
    return say(refusal_texts.sentences(refusal.rule))


def detail(refusal: Refused) -> str:
    """What exactly was refused, in English; empty where it could reveal who has an account."""
    return refusal.because if refusal.rule in DETAILED else ""

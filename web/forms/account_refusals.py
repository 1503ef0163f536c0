"""What refusals by the rules of accounts mean, in words that can be translated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.rules import Refused
from web.http.context import RequestContext
from web.i18n.labels import N_
from workflows.accounts.slowed import Slowed

TEXTS: Final[Mapping[str, str]] = {
    "account-known": N_("There is no such account, or this identity belongs to another one."),
    "login-name": N_(
        "This login name is taken, or is none: it has 2 to 100 letters, digits and . _ - @ +."
    ),
    "password-length": N_(
        "A password has 12 to 256 characters of any kind, and is none that can be guessed."
    ),
    "log-in": N_(
        "This is not right, or the account is not in use. Please look at what you typed; a code"
        " works once."
    ),
    "log-in-in-time": N_("This took too long. Please log in from the beginning."),
    "log-in-again": N_("Please prove first that it is you, by your password or a code."),
    "invitation-once": N_(
        "This invitation was used already, was taken back, or has expired. Please ask for another."
    ),
    "identity-known": N_(
        "An identity is what a log-in service of this server calls somebody, in one line."
    ),
    "token-scope": N_("A token has a name, and lasts for 1 to 366 days."),
    "last-account": N_("This is the last account that is in use. Add another one first."),
    "role-granted": N_("Your roles do not allow this."),
}
SLOWED: Final = N_(
    "Log-ins failed here shortly before. Please try again in %(seconds)s seconds. Sessions that"
    " have begun go on."
)


def text(refusal: Refused, reader: RequestContext) -> str:
    """What a refusal means, in the reader's language; in English where no words are here."""
    say = reader.catalogue.texts.gettext
    if isinstance(refusal, Slowed):
        return say(SLOWED) % {"seconds": refusal.seconds}
    known = TEXTS.get(refusal.rule)
    return say(known) if known else refusal.because

"""A link that an administrator has just made: sent by mail, or shown to be handed over."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final, NamedTuple

from fastapi import Request

from domain.ports.accounts import Invitation
from domain.rules import Refused
from web.accounts.account_context import AccountContext
from web.accounts.invited_place import InvitedPlace
from web.accounts.letters_with_links import LinkLetter
from web.accounts.shown_secrets import ShownSecret
from web.forms.fields import Values

ADDRESS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,253}")
"""What an address of mail looks like; whether it is one, its server says."""


class MadeLink(NamedTuple):
    """A link that was just made: its path, whom it is for, and until when it works (UTC)."""

    path: str
    principal: str
    until: datetime

    def shown(
        self,
        context: AccountContext,
        request: Request,
        letter: LinkLetter,
        invitation: Invitation | None = None,
    ) -> ShownSecret:
        """Send the letter, if it goes to anybody; the link is shown unless that was sent."""
        outcome = None
        if context.mail and letter.to:
            outcome = context.mail.send(context.pages.templates, letter)
            if outcome.state == "accepted":
                links = context.accounts.mailed_links
                links.note_sent(letter.key, self.principal, letter.to)
        base = f"{request.url.scheme}://{request.headers.get('host', '')}"
        shown = {"link": base + self.path, "made": self, "letter": letter}
        shown |= {"outcome": outcome, "invitation": invitation}
        return ShownSecret(template="link_made.html", values=shown)


def addressee(context: AccountContext, values: Values, place: InvitedPlace) -> tuple[str, str]:
    """To which address an invitation goes by mail, and in which language; empty where it does not.

    An address that is not written is that of the seat in the directory. Raises Refused.
    """
    if not (context.offers_mail and values.text("by_mail")):
        return "", ""
    directory, written = context.placet.notifications.addresses.read(), values.text("email").strip()
    entry = directory.entry_of(place.organisation, place.body, place.seat)
    found = single_address(*([written] if written or not place.seat else entry.addresses))
    return found, values.text("letter_language") or entry.language


def single_address(*addresses: str) -> str:
    """The address, if it is one. Raises Refused."""
    found = [address.strip() for address in addresses if ADDRESS.fullmatch(address.strip())]
    if len(found) != 1 or len(addresses) != 1:
        raise Refused("mail-address", f"{len(addresses)} addresses were stated")
    return found[0]

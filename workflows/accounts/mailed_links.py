"""Links to accounts that went by mail: to whom, and whether they came back. No link is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec
from msgspec import Struct, structs

from domain.ports.accounts import AccountTables, Secrets, Ticket
from workflows.accounts.secret_hash import hash_of_secret
from workflows.projections.parking import Alarm

KIND: Final = "link sent by mail"
REMEMBERED: Final = timedelta(days=14)
"""For how long it is known to whom a link went: reports of failed delivery may take days."""
KEY_LENGTH: Final = 40
"""How long the key of a letter is, in hexadecimal digits."""


class MailedLink(Struct, frozen=True, kw_only=True):
    """A link that a mail server accepted."""

    address: str
    sent_at: datetime
    """UTC."""
    returned: str = ""
    """Why it came back, as its report says; empty while it has not."""


@dataclass(frozen=True)
class MailedLinks:
    """The links of one store that went by mail, by the keys of their letters."""

    tables: AccountTables
    secrets: Secrets
    now: Callable[[], datetime]
    log: Alarm

    def new_key(self) -> str:
        """The key of a letter, which its Message-ID names."""
        return hash_of_secret(self.secrets.token())[:KEY_LENGTH]

    def note_sent(self, key: str, principal: str, address: str) -> None:
        """Note that a mail server accepted the letter. Raises Unavailable."""
        self._put(key, principal, MailedLink(address=address, sent_at=self.now()))
        self.log.info("link sent by mail", outcome="accepted", principal=principal)

    def note_returned(self, key: str, reason: str) -> bool:
        """Note that a letter came back; whether it is one of a link. Raises Unavailable."""
        ticket = self.tables.ticket(key, KIND)
        if ticket is None:
            return False
        found = msgspec.json.decode(ticket.content, type=MailedLink)
        self.tables.take_ticket(key, KIND)
        self._put(key, ticket.principal, structs.replace(found, returned=reason))
        self.log.info("link sent by mail", outcome="returned", principal=ticket.principal)
        return True

    def by_principal(self) -> Mapping[str, MailedLink]:
        """The last link that went to each person."""
        found: dict[str, MailedLink] = {}
        for ticket in self.tables.tickets(KIND):
            link = msgspec.json.decode(ticket.content, type=MailedLink)
            before = found.get(ticket.principal)
            if before is None or before.sent_at < link.sent_at:
                found[ticket.principal] = link
        return found

    def _put(self, key: str, principal: str, link: MailedLink) -> None:
        content = msgspec.json.encode(link).decode()
        until = link.sent_at + REMEMBERED
        ticket = Ticket(hash=key, kind=KIND, principal=principal, content=content, expires_at=until)
        self.tables.put_ticket(ticket)

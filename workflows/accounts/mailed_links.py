"""Links to accounts that go by mail: the queue of their letters, and what became of each.

No link is kept here: a letter that waits says whom to make one for, and its secret is made at the
moment of sending. Rows are forgotten two weeks after they last changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec
from msgspec import Struct, structs

from domain.delivery_retry import GIVE_UP_AFTER
from domain.ports.accounts import LINK_LETTER, AccountTables, Secrets, Ticket
from domain.ports.outbox import DeliveryOutcome
from domain.rules import Refused
from workflows.accounts.secret_hash import hash_of_secret
from workflows.projections.parking import Alarm

INVITATION: Final = "invitation"
NEW_PASSWORD: Final = "new password"  # noqa: S105 (a word, no secret)
"""What the link of a letter is for."""
REMEMBERED: Final = timedelta(days=14)
"""For how long it is known what became of a letter: reports of failed delivery may take days."""
KEY_LENGTH: Final = 40
"""How long the key of a letter is, in hexadecimal digits."""
IN_HAND: Final = timedelta(minutes=10)
"""After this time the process that was sending a letter has ended, and others may."""
UNSENT: Final = frozenset({"waiting", "being sent"})
NO_SENDER: Final = "no server of this store sends mail"
"""Why a letter was given up that nothing ever tried to send."""


class MailedLink(Struct, frozen=True, kw_only=True):
    """A letter with a link, or what became of it.

    `state` is one of those of `QueuedNotice`, but for `printed`. Times are in UTC.
    """

    key: str
    """What its Message-ID names."""
    principal: str
    purpose: str
    of: str
    """The hash of the invitation, or the state of the account that the link belongs to."""
    address: str
    language: str = ""
    queued_at: datetime
    state: str = "waiting"
    attempts: int = 0
    next_at: datetime
    """When it is tried again; of a letter that is being sent, when others may try."""
    changed_at: datetime
    """Since when it is in this state."""
    reason: str = ""
    answer: str = ""
    """What the server said, or the report of a letter that came back."""


@dataclass(frozen=True)
class MailedLinks:
    """The letters of one store, by their keys. Every method raises Unavailable."""

    tables: AccountTables
    secrets: Secrets
    now: Callable[[], datetime]
    log: Alarm

    def queue(
        self, purpose: str, principal: str, of: str, address: str, language: str = ""
    ) -> MailedLink:
        """Let a letter wait to be sent."""
        at = self.now()
        link = MailedLink(
            key=hash_of_secret(self.secrets.token())[:KEY_LENGTH],
            principal=principal,
            purpose=purpose,
            of=of,
            address=address,
            language=language,
            queued_at=at,
            next_at=at,
            changed_at=at,
        )
        self.tables.put_ticket(_ticket(link))
        self._note(link)
        return link

    def get(self, key: str) -> MailedLink | None:
        """A letter by its key; None once it is forgotten."""
        found = self.tables.ticket(key, LINK_LETTER)
        return _link(found) if found else None

    def due(self, limit: int) -> Sequence[MailedLink]:
        """Letters that may be sent now, the longest due first; one whose sender ended is one."""
        at = self.now()
        found = [link for link in self._all() if link.state in UNSENT and link.next_at <= at]
        return sorted(found, key=lambda link: (link.next_at, link.queued_at))[:limit]

    def claim(self, link: MailedLink) -> MailedLink | None:
        """Take a letter in hand, so that no other process sends it; None where one has."""
        at = self.now()
        return self._change(
            link,
            state="being sent",
            attempts=link.attempts + 1,
            next_at=at + IN_HAND,
            changed_at=at,
        )

    def finish(self, link: MailedLink, outcome: DeliveryOutcome, next_at: datetime) -> None:
        """Note what became of a letter that was in hand."""
        done = self._change(
            link,
            state=outcome.state,
            next_at=next_at,
            changed_at=self.now(),
            reason=outcome.reason,
            answer=outcome.answer,
        )
        if done:
            self._note(done)

    def give_up_overdue(self) -> None:
        """Give up what has waited for a day and was never tried, as where no mail is configured."""
        at = self.now()
        for link in self._all():
            if not link.attempts and link.state == "waiting" and at >= _overdue(link):
                outcome = DeliveryOutcome(state="given up", reason=NO_SENDER)
                self.finish(link, outcome, at)

    def send_again(self, key: str) -> MailedLink:
        """Let a letter wait once more, as a new one with a link of its own, unless it is in hand.

        Raises Refused where it is not known any more.
        """
        ticket = self.tables.ticket(key, LINK_LETTER)
        found = _link(ticket) if ticket else None
        if found and found.state == "being sent":
            return found
        if found is None or self.tables.take_ticket(key, LINK_LETTER) is None:
            raise Refused("known", "this letter is not known any more, or is queued again already")
        return self.queue(found.purpose, found.principal, found.of, found.address, found.language)

    def note_returned(self, key: str, reason: str) -> bool:
        """Note that a letter came back; whether it is one of a link."""
        while found := self.get(key):
            returned = self._change(found, state="bounced", answer=reason, changed_at=self.now())
            if returned:
                self._note(returned)
                return True
        return False

    def by_principal(self) -> Mapping[str, MailedLink]:
        """The last letter to each person."""
        found: dict[str, MailedLink] = {}
        for link in self._all():
            before = found.get(link.principal)
            if before is None or before.queued_at < link.queued_at:
                found[link.principal] = link
        return found

    def all(self) -> Sequence[MailedLink]:
        """All letters that are known, the last queued first."""
        return sorted(self._all(), key=lambda link: link.queued_at, reverse=True)

    def forget(self, principal: str) -> None:
        """Forget all letters to somebody: none leaves any more."""
        for link in self._all():
            if link.principal == principal:
                self.tables.take_ticket(link.key, LINK_LETTER)

    def _all(self) -> Iterator[MailedLink]:
        at = self.now()
        return (_link(row) for row in self.tables.tickets(LINK_LETTER) if at < row.expires_at)

    def _change(self, link: MailedLink, **changes: object) -> MailedLink | None:
        """The letter with these changes; None where another process has changed it."""
        changed = structs.replace(link, **changes)
        return changed if self.tables.change_ticket(_ticket(link), _ticket(changed)) else None

    def _note(self, link: MailedLink) -> None:
        self.log.info("link sent by mail", outcome=link.state, principal=link.principal)


def _overdue(link: MailedLink) -> datetime:
    return link.queued_at + GIVE_UP_AFTER


def _ticket(link: MailedLink) -> Ticket:
    return Ticket(
        hash=link.key,
        kind=LINK_LETTER,
        principal=link.principal,
        content=msgspec.json.encode(link).decode(),
        expires_at=link.changed_at + REMEMBERED,
    )


def _link(ticket: Ticket) -> MailedLink:
    return msgspec.json.decode(ticket.content, type=MailedLink)

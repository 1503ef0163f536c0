"""Sends the letters of the queue of links: the secret of each is made when it leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct

from domain.delivery_retry import FIRST_PAUSE, after_attempt
from domain.notices import CONNECTION_LOST, DEFECT, UNREACHABLE
from domain.ports.errors import Unavailable
from domain.ports.mail import Letter, MailTransport
from domain.ports.outbox import DeliveryOutcome
from domain.rules import Refused
from workflows.accounts.invitations import Invitations
from workflows.accounts.mailed_links import INVITATION, MailedLink, MailedLinks
from workflows.accounts.password_links import PasswordLinks
from workflows.projections.parking import Alarm

AT_ONCE: Final = 20
"""How many letters are sent in one round."""
OVERTAKEN: Final = DeliveryOutcome(state="overtaken")


class LinkToSend(Struct, frozen=True, kw_only=True):
    """A link that is about to leave: whose it is, its secret, and until when it works (UTC)."""

    secret: str
    until: datetime
    name: str
    language: str


LinkWriter = Callable[[MailedLink, LinkToSend], Letter]
"""Writes the letter with a link."""


@dataclass
class LinkDelivery:
    """What sends such letters; `write` writes them in words. Nothing is sent without it."""

    links: MailedLinks
    invitations: Invitations
    password_links: PasswordLinks
    now: Callable[[], datetime]
    log: Alarm
    transport: MailTransport | None = None
    write: LinkWriter | None = None
    _pauses_until: datetime = field(default=datetime.min.replace(tzinfo=UTC), init=False)

    @property
    def is_offered(self) -> bool:
        """Whether this process sends letters that reach people, and knows where the pages are."""
        return bool(self.write and self.transport and self.transport.delivers)

    def configure(self, transport: MailTransport, write: LinkWriter) -> None:
        """Let letters go this way from now on."""
        self.transport, self.write = transport, write

    def run_round(self) -> list[tuple[MailedLink, DeliveryOutcome]]:
        """Send what is due; when the server cannot be reached, all others wait.

        Raises Unavailable where the store cannot be read or written.
        """
        self.links.give_up_overdue()
        done: list[tuple[MailedLink, DeliveryOutcome]] = []
        if not self.is_offered or self.now() < self._pauses_until:
            return done
        assert self.transport  # noqa: S101 (is_offered says so; the checker of types cannot know)
        try:
            for link in self.links.due(AT_ONCE):
                outcome = self._send(link)
                if outcome:
                    done.append((link, outcome))
                if outcome and outcome.reason == UNREACHABLE:
                    self._pauses_until = self.now() + FIRST_PAUSE
                    break
        finally:
            self.transport.close()
        return done

    def wake(self) -> None:
        """Try the mail server again now, as somebody asks for it."""
        self._pauses_until = datetime.min.replace(tzinfo=UTC)

    def _send(self, link: MailedLink) -> DeliveryOutcome | None:
        """What became of one letter; None where it was left to another process."""
        held = self.links.claim(link)
        if held is None:
            return None
        outcome, again = after_attempt(link, self._try(held), self.now())
        self.links.finish(held, outcome, again)
        return outcome

    def _try(self, link: MailedLink) -> DeliveryOutcome:
        """Hand one letter over; a secret that surely did not leave opens nothing any more."""
        assert self.transport is not None  # noqa: S101 (see `run_round`)
        assert self.write is not None  # noqa: S101 (see `run_round`)
        try:
            made = self._made(link)
        except Refused:
            return OVERTAKEN
        try:
            outcome = self.transport.send(self.write(link, made))
        except (Unavailable, MemoryError):
            raise
        except Exception as error:
            self.log.error("a letter is given up", principal=link.principal, exc_info=error)
            outcome = DeliveryOutcome(state="given up", reason=DEFECT)
        if outcome.state != "accepted" and outcome.reason != CONNECTION_LOST:
            self._kind(link).withdraw_link(made.secret)
        return outcome

    def _made(self, link: MailedLink) -> LinkToSend:
        """The link of a letter. Raises Refused where it may not be made any more."""
        if link.purpose == INVITATION:
            secret, invitation = self.invitations.add_link(link.of)
            return LinkToSend(
                secret=secret,
                until=invitation.expires_at,
                name=invitation.display_name,
                language=link.language,
            )
        secret, until, account = self.password_links.make_bound(link.principal, link.of)
        language = link.language or account.language
        return LinkToSend(secret=secret, until=until, name=account.display_name, language=language)

    def _kind(self, link: MailedLink) -> Invitations | PasswordLinks:
        return self.invitations if link.purpose == INVITATION else self.password_links

"""Letters with a link to an account: written in the language of the person, and sent at once.

The secret in a link lies nowhere: it is on the page that made it, or in the letter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from domain.ports.mail import Letter, MailTransport
from domain.ports.outbox import DeliveryOutcome
from web.http.context import RequestContext
from web.i18n.catalogues import NAMES, load_catalogue
from web.rendering import Templates


@dataclass(frozen=True, kw_only=True)
class LinkLetter:
    """What a letter says: which kind it is, to whom it goes, and until when its link works."""

    template: str
    to: str
    language: str
    path: str
    until: datetime
    """UTC."""
    name: str = ""


@dataclass(frozen=True)
class LinkMail:
    """How such letters leave the program. `address` is where people find the pages."""

    transport: MailTransport
    address: str
    now: Callable[[], datetime]
    _one_by_one: Lock = field(default_factory=Lock)

    @property
    def is_offered(self) -> bool:
        """Whether letters reach people, and say where the pages are."""
        return bool(self.transport.delivers and self.address)

    def send(self, templates: Templates, letter: LinkLetter, key: str) -> DeliveryOutcome:
        """Try once, now: what cannot be handed over is not kept for later.

        `key` is what the Message-ID of the letter names.
        """
        language = letter.language if letter.language in NAMES else "en"
        who = RequestContext(catalogue=load_catalogue(language), now=self.now())
        link = self.address.rstrip("/") + letter.path
        written = templates.page(
            f"mail/{letter.template}.txt", who, link=link, until=letter.until, person=letter.name
        )
        subject, _, text = written.partition("\n")
        sent = Letter(
            key=key,
            to=(letter.to,),
            subject=subject.strip(),
            text=text.strip() + "\n",
            language=language,
            at=self.now(),
        )
        with self._one_by_one:
            try:
                return self.transport.send(sent)
            finally:
                self.transport.close()

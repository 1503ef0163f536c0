"""Letters with a link to an account, written in the language of the person.

The secret in a link lies nowhere: it is on the page that made it, or in the letter.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from domain.ports.mail import Letter
from web.http import account_urls
from web.http.context import AboutProgram, RequestContext
from web.i18n.catalogues import NAMES, load_catalogue
from web.rendering import Templates
from workflows.accounts.link_delivery import LinkToSend, LinkWriter
from workflows.accounts.mailed_links import INVITATION, MailedLink

FALLBACK: Final = "en"
"""The language of a person of whom none is known."""


def link_writer(about: AboutProgram, address: str, now: Callable[[], datetime]) -> LinkWriter:
    """Writes such letters; `address` is where people find the pages."""
    templates = Templates(about)

    def write(link: MailedLink, made: LinkToSend) -> Letter:
        language = made.language if made.language in NAMES else FALLBACK
        who = RequestContext(catalogue=load_catalogue(language), now=now())
        invites = link.purpose == INVITATION
        path = (account_urls.invitation if invites else account_urls.password_link)(made.secret)
        written = templates.page(
            f"mail/{'invitation' if invites else 'new_password'}.txt",
            who,
            link=address.rstrip("/") + path,
            until=made.until,
            person=made.name,
        )
        subject, _, text = written.partition("\n")
        return Letter(
            key=link.key,
            to=(link.address,),
            subject=subject.strip(),
            text=text.strip() + "\n",
            language=language,
            at=now(),
        )

    return write

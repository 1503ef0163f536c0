"""The pages of the directory: how seats and officers are reached, changed and erased one by one.

They hold personal data: no page of them is kept or shared, and nothing of them is in the record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from msgspec import Struct

from domain.languages import LANGUAGES
from domain.ports.address_book import OFFICES, DirectoryChange, DirectoryEntry
from domain.ports.errors import CaseError, Unavailable
from domain.rules import Refused, require
from web.forms.controller import FormController
from web.forms.fields import Choice, Field, Values
from web.forms.posted_form import Sent
from web.http import urls
from web.http.context import RequestContext, language_headers
from web.i18n import refusal_texts
from web.i18n.labels import N_
from workflows.notifications.addresses import Addressee, Addresses

LISTED: Final = 50
"""How many of the last changes a page lists."""
BY: Final = "page"
"""Who changed an entry, where log-in is not in force."""
NO_ADDRESS: Final = N_("This is no mail address, or no language of the six.")
WHAT: Final = (N_("entered"), N_("changed"), N_("erased"), N_("loaded"))
"""What becomes of entries, in words."""
SURE: Final = N_("Tick this if the entry shall be erased.")
NONE: Final = N_("Write an address, or erase the entry.")


class Entry(Struct, frozen=True, kw_only=True):
    """One seat or office of a body, and how it is reached."""

    name: str
    office: bool
    entry: DirectoryEntry
    known: bool
    """Whether the directory has an entry of it."""


@dataclass(frozen=True)
class DirectoryPages:
    """Shows the directory of an organisation, and changes its entries."""

    acting: FormController

    def show_all(self, request: Request, organisation: str) -> Response:
        """All seats and offices, body by body. Raises Refused for an unknown organisation."""
        who = self._reader(request)
        bodies = self._bodies(organisation)
        changes = [c for c in self._addresses.changes() if c.organisation in {"", organisation}]
        shown: Sequence[DirectoryChange] = changes[-LISTED:][::-1]
        entries = {body: self._entries(organisation, body, seats) for body, seats in bodies.items()}
        return self._page(
            "directory.html",
            who,
            organisation=organisation,
            bodies=entries,
            changes=shown,
            returning=self.acting.placet.notifications.returning_addresses(),
        )

    def show(self, request: Request, organisation: str) -> Response:
        """The form of one entry. Raises Refused for what is not in the record."""
        who = self._reader(request)
        addressee = self._named(request, organisation)
        return self._form(who, addressee, self._entry(addressee).entry)

    def send(self, request: Request, organisation: str, values: Values) -> Response:
        """Change or erase the entry; the form again where that cannot be."""
        who, addressee = self._reader(request), self._named(request, organisation)
        given = DirectoryEntry(language=values.text("language"), addresses=values.many("addresses"))
        now = self.acting.clock.read().at
        by = who.identity.principal if who.identity else BY
        try:
            if values.text("erase"):
                if not values.text("sure"):
                    return self._form(who, addressee, given, {"sure": SURE}, status=422)
                self.acting.placet.notifications.erase_entry(addressee, by, now)
            else:
                self._addresses.put(addressee, given, by, now)
        except CaseError:
            return self._form(who, addressee, given, {"addresses": NO_ADDRESS}, status=422)
        except Refused as refusal:
            fault = NONE if refusal.rule == "empty" else refusal_texts.sentences(refusal.rule)
            return self._form(who, addressee, given, {"addresses": fault}, status=422)
        except Unavailable as failure:
            return self._form(who, addressee, given, {"addresses": str(failure)}, status=503)
        return RedirectResponse(who.link(urls.directory(organisation)), 303)

    @property
    def _addresses(self) -> Addresses:
        return self.acting.placet.notifications.addresses

    def _reader(self, request: Request) -> RequestContext:
        self.acting.pages.refresh()
        return self.acting.places.reader(request)

    def _bodies(self, organisation: str) -> dict[str, list[str]]:
        known = self._addresses.addressees()
        require("known", organisation in known, f"no organisation {organisation!r:.80}")
        return known[organisation]

    def _named(self, request: Request, organisation: str) -> Addressee:
        """The addressee in the form's address. Raises Refused for one who is not on record."""
        body, name = request.query_params.get("body", ""), request.query_params.get("who", "")
        bodies = self._bodies(organisation)
        known = body in bodies and name in {*OFFICES, *bodies[body]}
        require("known", known, f"no seat or office {name!r:.80} of {body!r:.80}")
        return Addressee(organisation=organisation, body=body, name=name)

    def _entries(self, organisation: str, body: str, seats: Sequence[str]) -> list[Entry]:
        names = [*OFFICES, *seats]
        return [
            self._entry(Addressee(organisation=organisation, body=body, name=name))
            for name in names
        ]

    def _entry(self, who: Addressee) -> Entry:
        entries = self._addresses.read().entries_of(who.organisation, who.body)
        return Entry(
            name=who.name,
            office=who.name in OFFICES,
            entry=entries.get(who.name, DirectoryEntry()),
            known=who.name in entries,
        )

    def _form(
        self,
        who: RequestContext,
        addressee: Addressee,
        given: DirectoryEntry,
        faults: Mapping[str, str] | None = None,
        *,
        status: int = 200,
    ) -> Response:
        """The form, filled in with this entry."""
        say = who.catalogue.texts.gettext
        values = Values({"language": [given.language], "addresses": ["\n".join(given.addresses)]})
        tongues = tuple(Choice(tag, say(name)) for tag, name in LANGUAGES.items())
        fields = (
            Field(
                name="addresses",
                label=say(N_("Mail addresses")),
                hint=say(N_("One on each line.")),
                kind="long",
                required=True,
            ),
            Field(
                name="language",
                label=say(N_("Language of letters")),
                kind="select",
                choices=tongues,
                required=True,
            ),
        )
        return self._page(
            "directory_entry.html",
            who,
            status,
            organisation=addressee.organisation,
            addressee=addressee,
            entry=self._entry(addressee),
            returning=self.acting.placet.notifications.returning_addresses(),
            fields=fields,
            values=values,
            faults=faults or {},
        )

    def _page(
        self, template: str, who: RequestContext, status: int = 200, **values: object
    ) -> Response:
        page = self.acting.pages.templates.page(template, who, **values)
        headers = {**language_headers(who), "Cache-Control": "no-store"}
        return HTMLResponse(page, status, headers=headers)


def add_directory_routes(router: APIRouter, acting: FormController) -> None:
    """The addresses of these pages."""
    pages = DirectoryPages(acting)

    @router.get("/directory/{organisation}")
    def directory(request: Request, organisation: str) -> Response:
        return pages.show_all(request, organisation)

    @router.get("/directory/{organisation}/entry")
    def entry(request: Request, organisation: str) -> Response:
        return pages.show(request, organisation)

    @router.post("/directory/{organisation}/entry")
    def change(request: Request, organisation: str, sent: Sent) -> Response:
        return pages.send(request, organisation, sent.values)

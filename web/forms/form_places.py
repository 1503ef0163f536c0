"""Where a form stands: its address, its reader, and the noun that it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from fastapi import Request
from msgspec import structs

from domain.access.roles import Identity
from domain.actors import Role
from domain.messages import RecordedEvent
from domain.ports.accounts import Account
from domain.rules import Refused, require
from domain.silence.window import Window
from domain.streams import Stream, StreamKind
from web.forms import fields, form_subject
from web.forms.fields import Values
from web.forms.form import Form
from web.forms.form_subject import FormSubject
from web.http import urls
from web.http.context import RequestContext
from web.page_context import PageContext
from web.presenters.history import NarratedEvent
from workflows.acts import catalogue
from workflows.acts.act import AnyAct
from workflows.acts.authorization import ANYWHERE, bodies_of
from workflows.acts.body import ESTABLISH
from workflows.acts.erasure import ERASURE
from workflows.acts.shared_parameters import PLAIN_ID
from workflows.acts.window_opening import OPEN
from workflows.acts.window_responses import RULE
from workflows.queries.organisation import people_with

OF_ROWS: Final = frozenset(
    {StreamKind.ORGANISATION, StreamKind.BODY, StreamKind.SESSION, StreamKind.AGENDA}
)
"""Nouns whose forms and check pages tell what kept rows say of others."""
LONGEST_VERSION: Final = 10
"""Fewer digits than these has the version of an event that there may be."""


@dataclass(frozen=True, kw_only=True)
class FormPlace:
    """One form, for one reader."""

    reader: RequestContext
    organisation: str
    path: str
    form: Form
    subject: FormSubject
    owner: str = ""
    """Whose form it is: the principal who is logged in, if anybody is."""
    draft: str = ""
    """The id of the form in progress, as the address or the form has it."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Files that go with the act without being uploaded, by their SHA-256."""
    recorded: Callable[[RecordedEvent], None] | None = None
    """What is to be done once the act is recorded, with its first event."""
    quoted: str = ""
    """What somebody wrote, because of which the act is done."""
    quoted_notice: str = ""
    """What becomes of that once it is recorded, as a message id."""
    registered: Callable[[], Sequence[NarratedEvent]] = tuple
    """What is on record already because of the same message, found out when its page is made."""
    back: str = ""
    """The path to which its form leads back, if not to the page of its noun."""

    @property
    def untimely(self) -> Refused | None:
        """Why the act is not done here and now, said before anybody fills in its form.

        Never of responses: whatever somebody sends is kept, whenever it comes.
        """
        act = self.form.act
        return None if act.receipt else act.offered.refusal(self.form.shown)

    @property
    def unmet(self) -> tuple[str, ...]:
        """What is missing for the act here and now, as message ids."""
        return self.form.act.offered.unmet(self.form.shown)

    @property
    def fields(self) -> tuple[fields.Field, ...]:
        return self.form.fields

    def ruled_on(self, values: Values) -> tuple[int, ...]:
        """The numbers of the responses that a ruling is about: the chosen one, or all that wait."""
        procedure = self.subject.procedure
        if self.form.act is not RULE or procedure is None:
            return ()
        chosen = values.text("number")
        numbers = [response.number for response in procedure.window.responses]
        if chosen:
            return tuple(number for number in numbers if str(number) == chosen)
        waiting = procedure.window.awaiting_ruling
        return tuple(number for number in numbers if number in waiting)

    @property
    def about(self) -> Mapping[str, str]:
        """What of the noun it is about, such as one event, by the fields of its address.

        An answer that an address only suggests is none: it may be changed in the form.
        """
        act = self.form.act
        return {name: self._chosen(name) for name in (*act.first_fields, *act.from_address)}

    def is_about(self, written: Values) -> bool:
        """Whether somebody wrote about the same as its address names."""
        return all(written.text(name) == text for name, text in self.about.items())

    def continues(self, written: Values) -> bool:
        """Whether it can go on with this: it is about the same, also by what was suggested."""
        suggested = {name: self._chosen(name) for name in self.form.act.suggested}
        return self.is_about(written) and all(
            not text or written.text(name) == text for name, text in suggested.items()
        )

    def _chosen(self, name: str) -> str:
        """What the address says of a field."""
        return str(getattr(self.form.shown, "chosen", {}).get(name, ""))

    def erased_version(self, values: Values) -> int:
        """The version of the event whose texts it erases; 0 where it erases none, or none yet."""
        version = values.text("version") or self._chosen("version")
        known = version.isascii() and version.isdecimal() and len(version) < LONGEST_VERSION
        return int(version) if self.form.act in ERASURE and known else 0

    @property
    def page(self) -> str:
        """The path of the page of the noun."""
        return self.subject.page

    @property
    def title(self) -> str:
        """The title of the form, as a message id."""
        return self.form.act.title


@dataclass(frozen=True)
class FormPlaces:
    """Finds the place of a form by its address. Forms are about the record as it is now."""

    pages: PageContext
    people: Callable[[], Sequence[Account]] = tuple
    """Those who have an account: the forms of administrators offer them."""

    def reader(self, request: Request) -> RequestContext:
        """Who acts: always now, whatever moment stands in the address. Raises UnclearTime."""
        return replace(self.pages.reader(request), at="")

    def of_noun(
        self, kind: StreamKind, request: Request, *, organisation: str, slug: str, name: str = ""
    ) -> FormPlace:
        """The place of a form on the page of a noun. Raises Refused for an unknown noun or act."""
        if kind in OF_ROWS:
            self.pages.refresh()
        reader = self.reader(request)
        shown, subject = self.noun(kind, organisation, name, reader)
        act = catalogue.on_page(kind, slug, shown)
        if names := act.fields_in_address:
            query = request.query_params
            chosen = {each: query[each] for each in names if each in query}
            shown = structs.replace(shown, chosen=chosen)
        return _place(act, shown, subject, organisation, reader)

    def of_establishing(self, request: Request, *, organisation: str) -> FormPlace:
        """The place of the form that enters a body, the first one of an organisation too.

        Raises Refused for the name of a new organisation that is not plain.
        """
        self.pages.refresh()
        plain = re.fullmatch(PLAIN_ID[0], organisation)
        known = plain or organisation in self.pages.queries.record.organisations()
        require("known", known, f"no organisation {organisation!r:.80}: {PLAIN_ID[1]}")
        found = self.pages.queries.bodies.of_organisation(organisation)
        subject = form_subject.of_establishing(organisation)
        return _place(ESTABLISH, found, subject, organisation, self.reader(request))

    def of_opening(self, request: Request, *, organisation: str, name: str = "") -> FormPlace:
        """The place of the form that opens a window, also on the items of an agenda.

        Raises Refused for an unknown organisation or agenda.
        """
        self.pages.refresh()
        found = self.pages.queries.windows.opening_options(organisation, name)
        subject = form_subject.of_opening(organisation, name)
        return _place(OPEN, found, subject, organisation, self.reader(request))

    def noun(
        self, kind: StreamKind, organisation: str, name: str, reader: RequestContext
    ) -> tuple[Any, FormSubject]:
        """A noun as it stands now, and what forms say of it. Raises Refused where there is none."""
        queries, now = self.pages.queries, reader.now
        match kind:
            case StreamKind.ORGANISATION:
                whole = queries.organisations.for_form(organisation, now)
                whole = structs.replace(whole, people=people_with(self.people()))
                return whole, form_subject.of_organisation(organisation, whole)
            case StreamKind.BODY:
                body = queries.bodies.for_form(organisation, name, now)
                return body, form_subject.of_body(organisation, body)
            case StreamKind.SESSION:
                session = queries.sessions.for_form(organisation, name)
                return session, form_subject.of_session(organisation, session)
            case StreamKind.AGENDA:
                agenda = queries.agendas.for_form(organisation, name)
                return agenda, form_subject.of_agenda(organisation, agenda)
            case StreamKind.DOCUMENT:
                document = queries.documents.for_form(organisation, name)
                return document, form_subject.of_document(organisation, document)
            case StreamKind.WINDOW:
                window = queries.windows.for_form(organisation, name, now)
                return window, form_subject.of_window(organisation, window)
        raise Refused("known", f"no form stands on a {kind}")


def _place(
    act: AnyAct, shown: Any, subject: FormSubject, organisation: str, reader: RequestContext
) -> FormPlace:
    """The place of an act's form."""
    say = reader.catalogue.texts.gettext
    stream = Stream(subject.kind, subject.id)
    return FormPlace(
        reader=reader,
        organisation=organisation,
        path=subject.form or urls.act(organisation, stream, act.slug),
        form=Form(act=act, target=subject.id, shown=shown, say=say, language=reader.language),
        subject=subject,
    )


# --- Whose form it is -----------------------------------------------------------------------------


def principal(request: Request) -> str:
    """Who is logged in, by the opaque id; empty where nobody is."""
    identity = request.scope.get("state", {}).get("identity")
    return identity.principal if isinstance(identity, Identity) else ""


def opened(place: FormPlace, request: Request) -> FormPlace:
    """The form in progress that a request is about, as its owner may fill it in.

    Raises Refused for one who may not do its act.
    """
    draft = request.query_params.get("draft", "")
    return replace(permitted(place), owner=principal(request), draft=draft)


def permitted(place: FormPlace) -> FormPlace:
    """The form as its reader may fill it in. Raises Refused for one who may not do its act.

    Where nobody logs in, it is the form as it is.
    """
    access = place.reader.access
    if access is None or access.identity is None:
        return place
    form, subject = place.form, place.subject
    opens = isinstance(subject.state, Window) and not subject.id
    bodies = ANYWHERE if opens else bodies_of(subject.state)
    roles = form.act.roles_in(form.shown)
    functions = access.functions(place.organisation, form.act, roles, bodies)
    if not functions:
        access.require_act(place.organisation, form.act, roles[0], bodies)
    if opens:
        form = replace(
            form,
            shown=form.shown.of_bodies(
                lambda body: access.may_in(place.organisation, form.act, (body,))
            ),
        )
    seats = access.seats(place.organisation, subject.state)
    own_seats = seats if functions == (Role.SEAT,) else None
    return replace(place, form=replace(form, functions=functions, own_seats=own_seats))

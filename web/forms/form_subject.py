"""Where a form stands: the noun that it is about, and what its pages say of that noun."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.body import Body
from domain.messages import RecordedEvent
from domain.rules import Refused
from domain.silence.window import Window
from domain.streams import Stream, StreamKind
from web.forms import fields
from web.forms.form import Form
from web.http import urls
from web.http.context import RequestContext
from web.presenters import window as windows
from workflows.acts.act import AnyAct
from workflows.queries.agenda import AgendaForForm
from workflows.queries.body import BodyForForm
from workflows.queries.document import DocumentForForm
from workflows.queries.organisation import OrganisationForForm
from workflows.queries.session import SessionForForm
from workflows.queries.window import WindowForForm


@dataclass(frozen=True, kw_only=True)
class FormSubject:
    """The noun that a form is about; without an id where the act begins one."""

    kind: StreamKind
    page: str
    id: str = ""
    form: str = ""
    """The path of the form, where the act begins a noun and no other one offers it."""
    titles: Mapping[str, str] = field(default_factory=dict)
    type: str = ""
    """What it is called where it has no title."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """The text that it is about, by language."""
    ends: datetime | None = None
    zone: str = "UTC"
    state: Any = None
    """Its state before the act."""


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
    back: str = ""
    """The path to which its form leads back, if not to the page of its noun."""

    @property
    def untimely(self) -> Refused | None:
        """Why the act is not done here and now, said before anybody fills in its form.

        Never of responses: whatever somebody sends is kept, whenever it comes.
        """
        act = self.form.act
        if act.receipt or act.offered.holds(self.form.shown):
            return None
        unmet = ", ".join(act.offered.unmet(self.form.shown))
        return Refused("stage", f"this is offered {unmet}")

    @property
    def unmet(self) -> tuple[str, ...]:
        """What is missing for the act here and now, as message ids."""
        return self.form.act.offered.unmet(self.form.shown)

    @property
    def fields(self) -> tuple[fields.Field, ...]:
        return self.form.fields


def of_window(organisation: str, shown: WindowForForm) -> FormSubject:
    """What forms say of a silence procedure."""
    window = shown.window
    return FormSubject(
        kind=StreamKind.WINDOW,
        page=urls.window(organisation, window.id),
        id=window.id,
        titles=window.subject.titles,
        type=window.subject.type,
        texts=shown.text,
        ends=windows.deadline_instant(window),
        zone=windows.deadline_zone(window),
        state=window,
    )


def of_agenda(organisation: str, shown: AgendaForForm) -> FormSubject:
    """What forms say of an agenda: the body and, in its address, the agenda itself."""
    return FormSubject(
        kind=StreamKind.AGENDA,
        page=urls.agenda(organisation, shown.agenda.id),
        id=shown.agenda.id,
        titles=shown.body.names,
        type=shown.agenda.type,
        zone=shown.body.zone or "UTC",
        state=shown.agenda,
    )


def of_body(organisation: str, shown: BodyForForm) -> FormSubject:
    """What forms say of a body, also where they begin a session or an agenda of it."""
    return FormSubject(
        kind=StreamKind.BODY,
        page=urls.body(organisation, shown.body.id),
        id=shown.body.id,
        titles=shown.body.names,
        zone=shown.body.zone or "UTC",
        state=shown.body,
    )


def of_session(organisation: str, shown: SessionForForm) -> FormSubject:
    """What forms say of a session."""
    return FormSubject(
        kind=StreamKind.SESSION,
        page=urls.session(organisation, shown.session.id),
        id=shown.session.id,
        titles=shown.body.names,
        zone=shown.session.zone or "UTC",
        state=shown.session,
    )


def of_document(organisation: str, shown: DocumentForForm) -> FormSubject:
    """What forms say of a document: its title, or what kind it is."""
    return FormSubject(
        kind=StreamKind.DOCUMENT,
        page=urls.document(organisation, shown.document.id),
        id=shown.document.id,
        titles=shown.document.titles,
        type=shown.document.type,
        zone=shown.body.zone or "UTC",
        state=shown.document,
    )


def of_organisation(organisation: str, shown: OrganisationForForm) -> FormSubject:
    """What forms say of an organisation as a whole."""
    return FormSubject(
        kind=StreamKind.ORGANISATION,
        page=urls.organisation(organisation),
        id=organisation,
        titles=shown.settings.names,
        type="organization",
        zone=shown.settings.zone or "UTC",
        state=shown.settings,
    )


def of_opening(organisation: str, agenda: str = "") -> FormSubject:
    """What the form that opens a silence procedure says: there is none yet."""
    form = urls.opening(organisation, agenda)
    page = urls.agenda(organisation, agenda) if agenda else "/"
    return FormSubject(kind=StreamKind.WINDOW, page=page, form=form, state=Window())


def of_establishing(organisation: str) -> FormSubject:
    """What the form that enters a body says: there is none yet."""
    form = urls.establishing(organisation)
    return FormSubject(kind=StreamKind.BODY, page="/", form=form, state=Body())


def place(
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

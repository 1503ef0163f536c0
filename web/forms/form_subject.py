"""What the pages of forms say of the noun that they are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.body import Body
from domain.silence.window import Window
from domain.streams import StreamKind
from web.http import urls
from web.presenters import window as windows
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
    procedure: WindowForForm | None = None
    """Of a silence procedure: what it belongs to."""


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
        procedure=shown,
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

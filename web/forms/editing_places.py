"""Where an editing page stands: the noun that is edited, and what was chosen of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from fastapi import Request
from msgspec import structs

from domain.rules import Refused, require
from domain.streams import Stream, StreamKind
from web.forms import form_places, form_subject
from web.forms.form_places import FormPlaces
from web.forms.form_subject import FormSubject
from web.http import urls
from web.http.context import RequestContext
from workflows.acts.authorization import bodies_of
from workflows.editing import catalogue
from workflows.editing.correction import FactForCorrection
from workflows.editing.editing import Editing, Say


@dataclass(frozen=True, kw_only=True)
class EditingPlace:
    """One editing page, for one reader."""

    reader: RequestContext
    organisation: str
    editing: Editing[Any]
    subject: FormSubject
    shown: Any
    of: str = ""
    """What was chosen of the noun, such as `item`, and which."""
    choice: str = ""
    owner: str = ""
    """Whose page it is: the principal who is logged in, if anybody is."""
    draft: str = ""
    """The id of what is in progress, as the address or the page has it."""

    @property
    def stream(self) -> Stream:
        return Stream(self.subject.kind, self.subject.id)

    @property
    def path(self) -> str:
        """Its path, with what was chosen."""
        return urls.editing(self.organisation, self.stream, self.editing.slug, self.of, self.choice)

    @property
    def page(self) -> str:
        """The path of the page of the noun."""
        return self.subject.page

    @property
    def title(self) -> str:
        """The title, as a message id."""
        return self.editing.title

    @property
    def say(self) -> Say:
        """Message ids in the reader's language."""
        return self.reader.catalogue.texts.gettext

    @property
    def untimely(self) -> Refused | None:
        """Why nothing is edited here and now."""
        return self.editing.offered.refusal(self.shown)

    @property
    def unmet(self) -> tuple[str, ...]:
        """What is missing here and now, as message ids."""
        return self.editing.offered.unmet(self.shown)


@dataclass(frozen=True)
class EditingPlaces:
    """Finds the place of an editing page by its address."""

    forms: FormPlaces

    def find(
        self,
        request: Request,
        kind: StreamKind,
        *,
        organisation: str,
        name: str,
        slug: str,
        of: str = "",
        choice: str = "",
    ) -> EditingPlace:
        """The place of an editing page. Raises Refused for an unknown noun, page or choice."""
        self.forms.pages.refresh()
        reader = self.forms.reader(request)
        noun, subject = self._noun(kind, organisation, name, reader)
        editing = catalogue.on_page(kind, slug, noun)
        shown = self._edited(editing, noun, organisation, Stream(kind, name))
        if of:
            require("known", of in editing.chosen, f"nothing is edited by {of:.40}")
            offered = [each.value for each in editing.chosen[of][1](shown)]
            require("known", choice in offered, f"there is no {of} {choice:.40}")
            shown = structs.replace(shown, chosen={of: choice})
        return EditingPlace(
            reader=reader,
            organisation=organisation,
            editing=editing,
            subject=subject,
            shown=shown,
            of=of,
            choice=choice,
            owner=form_places.principal(request),
            draft=request.query_params.get("draft", ""),
        )

    def renewed(self, place: EditingPlace) -> EditingPlace:
        """The same page on what the noun is by now."""
        subject, organisation = place.subject, place.organisation
        noun, _ = self._noun(subject.kind, organisation, subject.id, place.reader)
        shown = self._edited(place.editing, noun, organisation, place.stream)
        if place.of:
            shown = structs.replace(shown, chosen={place.of: place.choice})
        return replace(place, shown=shown)

    def _noun(
        self, kind: StreamKind, organisation: str, name: str, reader: RequestContext
    ) -> tuple[Any, FormSubject]:
        """The noun as it stands now. Raises Refused where there is none."""
        if kind is StreamKind.AGENDA:
            agenda = self.forms.pages.queries.agendas.for_editing(organisation, name)
            return agenda, form_subject.of_agenda(organisation, agenda)
        return self.forms.noun(kind, organisation, name, reader)

    def _edited(self, editing: Editing[Any], noun: Any, organisation: str, stream: Stream) -> Any:
        """What the page is about: the noun, or an event of it."""
        if not editing.of_event:
            return noun
        queries = self.forms.pages.queries
        return FactForCorrection(
            stream=stream,
            version=len(queries.record.history(organisation).events_of(stream)),
            events=queries.events.correctable(organisation, stream),
        )


def permitted(place: EditingPlace) -> EditingPlace:
    """The same page. Raises Refused for a reader who may not do each of its acts."""
    access = place.reader.access
    if access is not None and access.identity is not None:
        bodies = bodies_of(place.subject.state)
        for act in place.editing.acts:
            access.require_act(place.organisation, act, act.roles[0], bodies)
    return place

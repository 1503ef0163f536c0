"""The pages of editing: what is chosen first, rows or lines, the check page, and a proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi.responses import HTMLResponse, Response
from msgspec import structs

from domain.languages import LANGUAGES
from domain.messages import RecordedEvent
from domain.ports.accounts import LoginSession
from domain.ports.clock import RecordingClock
from domain.ports.errors import Unavailable
from domain.rules import Refused
from web.forms import form_drafts, reauthentication, submitted_list
from web.forms.editing_places import EditingPlace
from web.forms.editing_view import ShownFaults, shown_columns
from web.forms.fields import Choice, Field, Values
from web.forms.form_drafts import FormDrafts
from web.forms.submitted_list import Sent
from web.http import urls
from web.http.context import language_headers
from web.page_context import PageContext
from workflows.accounts.service import AccountService
from workflows.acts.preview import time_effects
from workflows.editing.editing import Editing, Say
from workflows.editing.rows import Fault, Plan, Row
from workflows.history import narration


def address(place: EditingPlace, *, check: bool = False, wrong: bool = False) -> str:
    """The address of an editing page in progress, of its check page, or of what is wrong."""
    more = {"wrong": "yes"} if wrong else {}
    kept = {**_kept(place, check=check), **more}
    return urls.with_query(place.reader.link(place.path), kept)


def _kept(place: EditingPlace, *, check: bool) -> Mapping[str, str]:
    """What that address says beside its path and language."""
    return form_drafts.query(place.draft, check=check) if place.draft else {}


@dataclass(frozen=True)
class EditingPages:
    """Makes the pages of editing."""

    pages: PageContext
    accounts: AccountService
    drafts: FormDrafts
    clock: RecordingClock

    def untimely(self, place: EditingPlace, refusal: Refused) -> Response:
        """Why nothing is edited here and now."""
        return self._page("edit_untimely.html", place, 409, refusal=refusal)

    def first(self, place: EditingPlace) -> Response:
        """What is chosen before anything is edited."""
        offered = {
            of: (label, choices(place.shown))
            for of, (label, choices) in place.editing.chosen.items()
        }
        events = place.shown.events if place.editing.of_event else ()
        narrated = self.pages.narrated(place.organisation, events, place.reader)
        return self._page("edit_choose.html", place, offered=offered, narrated=narrated)

    def edit(
        self,
        place: EditingPlace,
        written: Sent,
        form_id: str,
        status: int = 0,
        *,
        faults: Sequence[Fault] = (),
        refusals: Sequence[tuple[int, Refused]] = (),
        failure: Unavailable | None = None,
        theirs: Sequence[Row] | None = None,
        both: Sequence[Row] = (),
        since: Sequence[RecordedEvent] = (),
    ) -> Response:
        """The rows or lines, with what is wrong with them or was recorded meanwhile."""
        say, language, editing = place.say, place.reader.language, place.editing
        lines, called = editing.lines, None
        if editing.called:
            called = [_called(editing.called(place.shown, row), say) for row in written.rows]
        shown_faults = ShownFaults.of_page(
            faults or written.faults, written, place.reader.catalogue
        )
        return self._page(
            "edit.html",
            place,
            status or (422 if shown_faults else 200),
            written=written,
            command_id=form_id,
            columns=shown_columns(editing.columns(place.shown), language, say),
            answers=_fields(editing, place.shown, say),
            faults=shown_faults,
            called=called,
            heading=self._heading(place),
            refusals=refusals,
            failure=failure,
            theirs=theirs,
            theirs_as_lines=lines.write(place.shown, theirs, language) if lines and theirs else "",
            both={row.key for row in both},
            recorded={row.key: row for row in theirs or () if row in both},
            since=self.pages.narrated(place.organisation, since, place.reader),
            table_fits=not submitted_list.is_long(editing, place.shown, written.rows),
            in_progress=self.drafts.listed_here(place),
        )

    def check(
        self,
        place: EditingPlace,
        written: Sent,
        form_id: str,
        plan: Plan,
        events: Sequence[RecordedEvent],
    ) -> Response:
        """The page that says what becomes of each line, and what the record will say."""
        effects = self.pages.effects(
            place.organisation, place.editing.acts[0], events, place.subject.state, place.reader
        )
        return self._page(
            "edit_check.html",
            place,
            written=written,
            command_id=form_id,
            plan=_named(place, written, plan),
            departures=[effect for effect in effects if effect.grave],
            times=[*time_effects(place.editing.acts[0], events, place.say)],
            narrated=self.pages.narrated(place.organisation, events, place.reader),
        )

    def proof(
        self, place: EditingPlace, values: Values, lacking: Refused, session: LoginSession | None
    ) -> Response:
        """The page that asks again who sends this, with all that was confirmed."""
        texts = {name: given for name, given in values.texts.items() if name != "confirmed"}
        more = reauthentication.page_values(
            self.accounts, Values(texts), lacking, place.reader, session
        )
        status = 422 if more["problem"] else 200
        return self._page("edit_log_in_again.html", place, status, **more)

    def _heading(self, place: EditingPlace) -> str:
        """What was chosen before, in words."""
        if not place.of:
            return ""
        if place.editing.of_event:
            sentences = self.pages.narrated(place.organisation, [place.shown.event], place.reader)
            return str(sentences[0].sentence)
        label, choices = place.editing.chosen[place.of]
        found = next(choice for choice in choices(place.shown) if choice.value == place.choice)
        called = narration.localized_name(found.names, place.reader.language) or found.text
        said = place.say(found.label) if found.label else called
        return f"{place.say(label)}: {found.before}{said}"

    def _page(
        self, template: str, place: EditingPlace, status: int = 200, **details: object
    ) -> Response:
        kept = _kept(place, check=template == "edit_check.html")
        reader = replace(place.reader, now=self.clock.read().at, kept_here=kept)
        given: Mapping[str, object] = {
            "place": place,
            "subject": place.subject,
            "ends": None,
            "zone": place.subject.zone,
            "tongues": LANGUAGES,
            **details,
        }
        page = self.pages.templates.page(template, reader, **given)
        return HTMLResponse(page, status, headers=language_headers(place.reader))


def _called(named: tuple[str, str], say: Say) -> str:
    """What a row is about, in words: a text, and a language."""
    called, tag = named
    language = say(LANGUAGES[tag]) if tag in LANGUAGES else ""
    return f"{language} · {called}" if language else called


def _named(place: EditingPlace, written: Sent, plan: Plan) -> Plan:
    """A plan with its lines called in the reader's words, where their cells do not call them."""
    if place.editing.called is None:
        return plan
    about = {row.line: place.editing.called(place.shown, row) for row in written.rows}
    called = {line: _called(names, place.say) for line, names in about.items()}
    lines = (
        structs.replace(line, called=called.get(line.line, line.called)) for line in plan.lines
    )
    return structs.replace(plan, lines=tuple(lines))


def _fields(editing: Editing[Any], shown: Any, say: Say) -> list[Field]:
    """The questions above the rows."""
    return [
        Field(
            name=f"a-{answer.name}",
            label=say(answer.label) % answer.words,
            hint=say(answer.hint) if answer.hint else "",
            kind=answer.kind,
            choices=tuple(
                Choice(choice.value, say(choice.label)) for choice in answer.choices(shown)
            )
            if answer.choices
            else (),
        )
        for answer in editing.questions(shown)
    ]

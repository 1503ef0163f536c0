"""Editing pages: rows or lines, the check page of all that they will do, and one append."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import uuid4

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from msgspec import structs

from domain.cases import Step
from domain.languages import LANGUAGES
from domain.messages import RecordedEvent
from domain.ports.clock import ClockReading
from domain.ports.errors import TooLarge, Unavailable
from domain.rules import ActsRefused, Refused, require
from domain.streams import Stream, StreamKind
from web.forms import draft as drafts
from web.forms import form_subject as places
from web.forms import proof_of_person, recorded_page
from web.forms.controller import TOO_LONG, FormController
from web.forms.draft import Sent
from web.forms.editing_view import ShownFaults, shown_columns
from web.forms.fields import Choice, Field, Values
from web.forms.form_subject import FormSubject
from web.forms.posted_form import PostedForm
from web.http import urls
from web.http.context import RequestContext, language_headers
from web.i18n.labels import N_
from web.presenters import history
from workflows.acts import preview
from workflows.acts.authorization import bodies_of
from workflows.acts.request import Request as ActRequest
from workflows.acts.stated_circumstances import Circumstances
from workflows.editing import catalogue, rows
from workflows.editing.correction import FactForCorrection
from workflows.editing.editing import Editing, Say, waivers
from workflows.editing.rows import Fault, Plan, Row
from workflows.history import narration

NOTHING: Final = N_("Nothing differs from what is recorded.")


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

    @property
    def stream(self) -> Stream:
        return Stream(self.subject.kind, self.subject.id)

    @property
    def path(self) -> str:
        """Its path, with what was chosen."""
        return urls.editing(self.organisation, self.stream, self.editing.slug, self.of, self.choice)

    @property
    def untimely(self) -> Refused | None:
        """Why nothing is edited here and now."""
        offered = self.editing.offered
        if offered.holds(self.shown):
            return None
        return Refused("stage", f"this is offered {offered.words}")

    @property
    def unmet(self) -> tuple[str, ...]:
        """What is missing here and now, as message ids."""
        return self.editing.offered.unmet(self.shown)


@dataclass(frozen=True)
class EditingController:
    """Shows editing pages, says what they would do, and does it."""

    acting: FormController

    # --- Where it stands --------------------------------------------------------------------------

    def place(
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
        self.acting.pages.refresh()
        who = self.acting.reader(request)
        shown, subject = self._shown(kind, organisation, name, who)
        editing = catalogue.on_page(kind, slug, shown)
        shown = self._of(editing, shown, organisation, Stream(kind, name))
        if of:
            require("known", of in editing.chosen, f"nothing is edited by {of:.40}")
            offered = [each.value for each in editing.chosen[of][1](shown)]
            require("known", choice in offered, f"there is no {of} {choice:.40}")
            shown = structs.replace(shown, chosen={of: choice})
        return EditingPlace(
            reader=who,
            organisation=organisation,
            editing=editing,
            subject=subject,
            shown=shown,
            of=of,
            choice=choice,
        )

    def _shown(
        self, kind: StreamKind, organisation: str, name: str, who: RequestContext
    ) -> tuple[Any, FormSubject]:
        """The noun as it stands now. Raises Refused where there is none."""
        queries = self.acting.pages.queries
        if kind is StreamKind.BODY:
            body = queries.bodies.for_form(organisation, name, who.now)
            return body, places.of_body(organisation, body)
        if kind is StreamKind.SESSION:
            session = queries.sessions.for_form(organisation, name)
            return session, places.of_session(organisation, session)
        if kind is StreamKind.DOCUMENT:
            document = queries.documents.for_form(organisation, name)
            return document, places.of_document(organisation, document)
        require("known", kind is StreamKind.AGENDA, f"nothing is edited on a {kind}")
        agenda = queries.agendas.for_editing(organisation, name)
        return agenda, places.of_agenda(organisation, agenda)

    def _of(self, editing: Editing[Any], shown: Any, organisation: str, stream: Stream) -> Any:
        """What the page is about: the noun, or an event of it."""
        if not editing.of_event:
            return shown
        history = self.acting.pages.queries.record.history(organisation)
        return FactForCorrection(
            stream=stream,
            version=len(history.events_of(stream)),
            events=self.acting.pages.queries.events.correctable(organisation, stream),
        )

    def permitted(self, place: EditingPlace) -> EditingPlace:
        """The same page. Raises Refused for a reader who may not do each of its acts."""
        access = place.reader.access
        if access is not None and access.identity is not None:
            bodies = bodies_of(place.subject.state)
            for act in place.editing.acts:
                access.require_act(place.organisation, act, act.roles[0], bodies)
        return place

    # --- Page, check page, execution --------------------------------------------------------------

    def show(self, place: EditingPlace) -> Response:
        """The page as it begins; before that what it asks first, or why it is not offered."""
        if refusal := place.untimely:
            return self._page("edit_untimely.html", place, 409, refusal=refusal)
        if place.editing.chosen and not place.of:
            offered = {
                of: (label, choices(place.shown))
                for of, (label, choices) in place.editing.chosen.items()
            }
            events = place.shown.events if place.editing.of_event else ()
            sentences = self._narrated(place, events)
            return self._page("edit_choose.html", place, offered=offered, narrated=sentences)
        begun = drafts.begins(place.editing, place.shown, place.reader.language)
        return self._edit(place, begun, str(uuid4()))

    def send(self, place: EditingPlace, sent: PostedForm) -> Response:
        """The page after a button, the check page, or the execution once that is confirmed."""
        values, say = sent.values, place.reader.catalogue.texts.gettext
        written = drafts.read(
            place.editing,
            place.shown,
            sent,
            read_table=self.acting.read_table,
            say=say,
            language=place.reader.language,
        )
        form_id = values.text("command_id")
        form_id = form_id if recorded_page.UUID.fullmatch(form_id) else str(uuid4())
        if order := values.text("do"):
            return self._edit(place, self._ordered(place, written, order), form_id)
        if values.text("change"):
            return self._edit(place, written, form_id)
        command_id = written.command_id(form_id)
        if done := self.acting.pages.queries.record.done(place.organisation, command_id):
            return self._recorded(place, done[0], again=True)
        if written.seen != place.shown.version:
            return self._concurrent(place, written)
        return self._plan(place, written, form_id, sent)

    def _plan(self, place: EditingPlace, written: Sent, form_id: str, sent: PostedForm) -> Response:
        """What was written, checked; and done, once that is confirmed."""
        command_id = written.command_id(form_id)
        plan = place.editing.plan(place.shown, written.draft)
        unread = {fault.line for fault in written.faults}
        faults = [*written.faults, *(fault for fault in plan.faults if fault.line not in unread)]
        if not faults and not plan.commands:
            faults = [Fault(line=0, why=NOTHING)]
        if faults:
            return self._edit(place, written, form_id, faults=faults)
        waived = waivers(written.answers)
        acts = [
            self._step(place.editing, command, plan.authority, waived) for command in plan.commands
        ]
        try:
            if sent.values.text("confirmed"):
                if proof_page := self._prove(place, sent, plan):
                    return proof_page
                return self._do(place, acts, written, command_id, sent.stamp)
            events = self.acting.placet.preview(
                place.organisation,
                acts,
                command_id,
                sent.stamp,
                seen=written.seen,
                identity=place.reader.identity,
            )
        except Refused as refused:
            if refused.rule == "role-granted":
                raise
            return self._refused(place, written, form_id, refused, plan)
        except TooLarge:
            fault = Fault(line=0, why=TOO_LONG)
            return self._edit(place, written, form_id, 413, faults=[fault])
        except Unavailable as failure:
            return self._edit(place, written, form_id, 503, failure=failure)
        return self._check(place, written, form_id, plan, events)

    def _prove(self, place: EditingPlace, sent: PostedForm, plan: Plan) -> Response | None:
        """The page that asks again who sends what is final; None where that is proved."""
        values, proof = proof_of_person.taken_out(sent.values)
        final = any(act.final for act in place.editing.acts)
        by = Circumstances(role=place.editing.acts[0].roles[0])
        requested = ActRequest(command=plan.commands[0], circumstances=by)
        accounts = self.acting.placet.accounts
        if not proof_of_person.is_wanted(accounts, sent, requested, final=final):
            return None
        lacking = self.acting.lacks_proof(sent, proof)
        if lacking is None:
            return None
        texts = {name: given for name, given in values.texts.items() if name != "confirmed"}
        more = self.acting.proof_request(Values(texts), lacking, place.reader, sent.session)
        status = 422 if more["problem"] else 200
        return self._page("edit_log_in_again.html", place, status, **more)

    @staticmethod
    def _step(
        editing: Editing[Any], command: Any, authority: str, waived: Mapping[str, str]
    ) -> Step:
        """An act of this page as a live step of the function that does it."""
        act = next(act for act in editing.acts if act.command is type(command))
        by = Circumstances(role=act.roles[0], authority=authority, waivers=waived)
        return ActRequest(command=command, circumstances=by).step

    def _do(
        self,
        place: EditingPlace,
        acts: Sequence[Step],
        written: Sent,
        command_id: str,
        stamp: ClockReading,
    ) -> Response:
        answer = self.acting.placet.execute(
            place.organisation,
            acts,
            command_id,
            stamp,
            seen=written.seen,
            identity=place.reader.identity,
        )
        return self._recorded(place, answer.events[0], again=answer.repeated)

    def _refused(
        self, place: EditingPlace, written: Sent, form_id: str, refused: Refused, plan: Plan
    ) -> Response:
        """The page again, with each refusal at its line; or with what was changed meanwhile."""
        if refused.rule == "seen-version":
            shown, _ = self._shown(
                place.subject.kind, place.organisation, place.subject.id, place.reader
            )
            shown = self._of(place.editing, shown, place.organisation, place.stream)
            if place.of:
                shown = structs.replace(shown, chosen={place.of: place.choice})
            return self._concurrent(replace(place, shown=shown), written)
        several = refused.refusals if isinstance(refused, ActsRefused) else {0: refused}
        lines = [(plan.lines_of[number], refusal) for number, refusal in several.items()]
        return self._edit(place, written, form_id, 409, refusals=lines)

    def _concurrent(self, place: EditingPlace, written: Sent) -> Response:
        """The page again, with what others recorded since, both versions, and nothing lost.

        Where rows stand for things of the record, what others changed is taken into the draft
        wherever this writer has left it alone.
        """
        editing, language = place.editing, place.reader.language
        now = tuple(editing.rows(place.shown))
        since = self.acting.pages.queries.events.after(
            place.organisation, place.stream, written.seen
        )
        both: tuple[Row, ...] = ()
        current = replace(written, seen=place.shown.version, base=now)
        if editing.keyed and not written.faults:
            draft, both = rows.rebase(written.draft, now)
            current = replace(current, rows=draft.rows)
            if written.mode == drafts.LINES and editing.lines:
                current = replace(
                    current, text=editing.lines.write(place.shown, draft.rows, language)
                )
        return self._edit(
            place,
            current,
            str(uuid4()),
            409,
            theirs=now,
            both=both,
            since=self._narrated(place, since),
        )

    def _narrated(self, place: EditingPlace, events: Sequence[RecordedEvent]) -> list[Any]:
        names = self.acting.pages.names(place.organisation, events, place.reader)
        return list(history.with_sentences(events, place.reader, names))

    def _ordered(self, place: EditingPlace, written: Sent, order: str) -> Sent:
        """The page after a button for its rows, or for another way to write them."""
        editing, language = place.editing, place.reader.language
        if order == drafts.LINES and editing.lines:
            kept = [row for row in written.rows if row.key or not row.blank]
            text = editing.lines.write(place.shown, kept, language)
            return replace(written, mode=drafts.LINES, text=text)
        if order == drafts.TABLE:
            if written.faults or drafts.is_long(editing, place.shown, written.rows):
                return written
            return replace(written, mode=drafts.TABLE, rows=drafts.numbered(written.rows))
        return replace(written, rows=drafts.rearranged(written.rows, order))

    def _recorded(self, place: EditingPlace, first: RecordedEvent, *, again: bool) -> Response:
        where = place.reader.link(urls.recorded(place.organisation, first.stream, first.position))
        if again:
            where += ("&" if "?" in where else "?") + "again=yes"
        return RedirectResponse(where, 303)

    # --- Pages ------------------------------------------------------------------------------------

    def _edit(
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
        since: Sequence[Any] = (),
    ) -> Response:
        say, language, editing = self._say(place), place.reader.language, place.editing
        lines, called = editing.lines, None
        if editing.called:
            called = [_called(editing.called(place.shown, row), say) for row in written.rows]
        shown_faults = ShownFaults.of_page(faults or written.faults, written, say)
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
            heading=self._heading(place, say),
            refusals=refusals,
            failure=failure,
            theirs=theirs,
            theirs_as_lines=lines.write(place.shown, theirs, language) if lines and theirs else "",
            both={row.key for row in both},
            since=since,
            table_fits=not drafts.is_long(editing, place.shown, written.rows),
        )

    def _check(
        self,
        place: EditingPlace,
        written: Sent,
        form_id: str,
        plan: Plan,
        events: Sequence[RecordedEvent],
    ) -> Response:
        """The page that says what becomes of each line, and what the record will say."""
        who, say = place.reader, self._say(place)
        names = self.acting.pages.names(place.organisation, events, who)
        effects = preview.effects(
            place.editing.acts[0], events, place.subject.state, say, who.language, names
        )
        return self._page(
            "edit_check.html",
            place,
            written=written,
            command_id=form_id,
            plan=_named(place, written, plan, say),
            departures=[effect for effect in effects if effect.grave],
            narrated=self._narrated(place, events),
        )

    def _heading(self, place: EditingPlace, say: Say) -> str:
        """What was chosen before, in words."""
        if not place.of:
            return ""
        if place.editing.of_event:
            sentences = self._narrated(place, [place.shown.event])
            return str(sentences[0].sentence)
        label, choices = place.editing.chosen[place.of]
        found = next(choice for choice in choices(place.shown) if choice.value == place.choice)
        called = narration.localized_name(found.names, place.reader.language) or found.text
        return f"{say(label)}: {found.before}{say(found.label) if found.label else called}"

    @staticmethod
    def _say(place: EditingPlace) -> Say:
        return place.reader.catalogue.texts.gettext

    def _page(
        self, template: str, place: EditingPlace, status: int = 200, **details: object
    ) -> Response:
        now = self.acting.clock.read().at
        given: Mapping[str, object] = {
            "place": place,
            "subject": place.subject,
            "ends": None,
            "zone": place.subject.zone,
            "tongues": LANGUAGES,
            **details,
        }
        page = self.acting.pages.templates.page(template, replace(place.reader, now=now), **given)
        return HTMLResponse(page, status, headers=language_headers(place.reader))


def _called(named: tuple[str, str], say: Say) -> str:
    """What a row is about, in words: a text, and a language."""
    called, tag = named
    language = say(LANGUAGES[tag]) if tag in LANGUAGES else ""
    return f"{language} · {called}" if language else called


def _named(place: EditingPlace, written: Sent, plan: Plan, say: Say) -> Plan:
    """A plan with its lines called in the reader's words, where their cells do not call them."""
    if place.editing.called is None:
        return plan
    about = {row.line: place.editing.called(place.shown, row) for row in written.rows}
    lines = (
        structs.replace(line, called=_called(about[line.line], say)) if line.line in about else line
        for line in plan.lines
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

"""What came with a form: its values, its files, and when all of it was here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from domain.intake_entry import IntakeEntry
from domain.ports.accounts import LoginSession
from domain.ports.clock import ClockReading
from web.forms import form_receiver
from web.forms.fields import Values
from web.forms.uploads import LARGEST, EvidenceBuffer
from web.http.authentication import FORM_TOKEN, form_is_of_session
from web.i18n.labels import N_
from workflows.accounts.sessions import Client

NOWHERE: Final = Client()
TOO_LARGE: Final = N_("This file is too large: at most 15 MB can be taken.")


@dataclass(frozen=True)
class PostedForm:
    """What a form sent, and when it had been received in full."""

    values: Values
    files: Mapping[str, tuple[str, bytes]]
    stamp: ClockReading
    kept: IntakeEntry | None = None
    """The response that the intake has kept of it."""
    session: LoginSession | None = None
    """The session that sent it; None where log-in is not in force, and for a token."""
    client: Client = NOWHERE
    """From where it was sent."""


class FormOfOtherSession(Exception):
    """A form that was made for another session than the one that sends it."""

    def __init__(self, form: PostedForm) -> None:
        super().__init__("this form was made for another session")
        self.form = form


async def read_posted_form(request: Request) -> PostedForm:
    """The form of a request. Refuses what comes from a page of somebody else.

    Raises FormOfOtherSession, with which nothing is lost.
    """
    form = await read_form_of_any_session(request)
    if not form_is_of_session(request.scope["state"], form.values.text(FORM_TOKEN)):
        raise FormOfOtherSession(form)
    return form


async def read_form_of_any_session(request: Request) -> PostedForm:
    """The form of a request, as pages take it that stand before log-in. Refuses other origins."""
    if not form_receiver.is_same_origin(request):
        raise HTTPException(403)
    kept: IntakeEntry | None = getattr(request.state, "kept", None)
    session: LoginSession | None = getattr(request.state, "session", None)
    client = Client(address=request.client.host if request.client else "")
    if values := getattr(request.state, "values", None):
        return PostedForm(values, {}, request.state.stamp, kept, session, client)
    texts: dict[str, list[str]] = {}
    files: dict[str, tuple[str, bytes]] = {}
    async with request.form(
        max_files=4, max_fields=form_receiver.FIELDS, max_part_size=form_receiver.LARGEST_TEXT
    ) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                files[name] = (value.filename or "", await value.read())
            else:
                texts.setdefault(name, []).append(value)
    return PostedForm(Values(texts), files, request.state.stamp, None, session, client)


Sent = Annotated[PostedForm, Depends(read_posted_form)]
SentByAnybody = Annotated[PostedForm, Depends(read_form_of_any_session)]


def hold_evidence(sent: PostedForm, evidence: EvidenceBuffer) -> tuple[Values, dict[str, str]]:
    """The values, with each file that came along held and named by its SHA-256; and faults."""
    texts = {name: list(given) for name, given in sent.values.texts.items()}
    faults: dict[str, str] = {}
    for field, (name, file) in sent.files.items():
        if len(file) > LARGEST:
            faults[field] = TOO_LARGE
        elif file:
            texts[field] = [evidence.add(file)]
            texts[f"{field}-name"] = [name]
    return Values(texts), faults

"""A response in a posted form as an entry of the intake, before anything of the record is read."""

from __future__ import annotations

import re
from typing import Final

from domain.access.roles import Identity
from domain.actors import Role
from domain.intake_entry import IntakeEntry
from domain.ports.clock import ClockReading
from domain.silence.commands import Respond
from domain.silence.responses import KINDS
from web.forms import field_values, fields
from web.forms.fields import FormErrors, Values
from web.forms.form_ids import COMMAND_ID
from workflows.acts.request import request
from workflows.acts.window_responses import RESPOND
from workflows.processes.response_intake import Intake

PATH: Final = re.compile(r"/windows/([^/]+)/(.+)/act/respond")
"""Where seats respond."""
WRITTEN: Final = {"text": "\n", "wording": "\n"}
"""The fields of a response in which people write freely; what ends a line becomes a new line."""


def entry(
    path: str,
    values: Values,
    stamp: ClockReading,
    intake: Intake,
    identity: Identity | None = None,
) -> IntakeEntry | None:
    """What a confirmed form says; None for one that is not confirmed, or names no seat or kind.

    Nothing of the record is read for it. The form gets an id here if it has none.
    """
    place = PATH.fullmatch(path)
    seat, confirmed = values.text("seat"), values.text("confirmed") and not values.text("change")
    too_long = any(len(text) > fields.LONGEST for texts in values.texts.values() for text in texts)
    if not (place and seat and confirmed) or too_long or values.text("kind") not in KINDS:
        return None
    organisation, window = place.groups()
    try:
        said = field_values.read(RESPOND, None, values, str)
    except FormErrors:
        return None
    command = request(RESPOND, None, window, Role.SEAT, said).command
    assert isinstance(command, Respond)  # noqa: S101 (the entry says so)
    response = intake.canonical(command)
    return IntakeEntry(
        organisation=organisation,
        window=window,
        seat=seat,
        command_id=values.text(COMMAND_ID),
        received_at=stamp.at,
        offset_ms=stamp.offset_ms,
        response=response,
        principal=identity.principal if identity else "",
        authenticated_by=identity.authenticated_by if identity else "",
    )

"""Ids of forms: under the same id a form is done once, and in progress it is found again."""

from __future__ import annotations

import re
from typing import Final
from uuid import UUID, uuid4, uuid5

from web.forms.fields import Values

COMMAND_ID: Final = "command_id"
"""The field that holds the id under which a form is done once."""
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_form_id(text: str) -> bool:
    """Whether it is such an id, as addresses and fields have it."""
    return _ID.fullmatch(text) is not None


def new_form_id() -> str:
    """An id that no form has had."""
    return str(uuid4())


def own_or_new(text: str) -> str:
    """The id that a form brought along, if it is one, or else a new one."""
    return text if is_form_id(text) else new_form_id()


def form_id_of(values: Values) -> str:
    """The id under which a form is done once: its own, or else a new one."""
    return own_or_new(values.text(COMMAND_ID))


def derived_id(form_id: str, of: str) -> str:
    """The id of a part of a form: the same for the same part of the same form."""
    return str(uuid5(UUID(form_id), of))


def identified(values: Values, *, again: bool = False) -> Values:
    """The values with the id under which the form is done once: its own, or else a new one."""
    found = new_form_id() if again else form_id_of(values)
    return Values({**values.texts, COMMAND_ID: [found]})

"""A form that was sent without a session: kept on the log-in page itself, and sent afterwards.

Nothing of it is stored here. It comes back with the log-in, and counts as received when it is sent
again, not before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from web.forms.posted_form import PostedForm
from web.forms.reauthentication import FIELD as PROOF
from web.http import account_urls
from web.http.authentication import FORM_TOKEN

FIELD: Final = "interrupted"
"""The field of pages of the log-in that carries it."""
PASSWORDS: Final = (
    account_urls.LOG_IN,
    account_urls.LOG_OUT,
    account_urls.ACCOUNT,
    account_urls.INVITATION,
)
"""How the paths begin whose forms may hold passwords: those are not repeated."""


class InterruptedForm(Struct, frozen=True, kw_only=True):
    """Where a form was sent, and what stood in it."""

    path: str
    values: Mapping[str, Sequence[str]]
    files: Sequence[str] = ()
    """The names of attached files; they have to be chosen again."""

    @property
    def encoded(self) -> str:
        """All of it as the text of one field."""
        return json.dumps({"path": self.path, "values": self.values, "files": self.files})

    @property
    def pairs(self) -> Sequence[tuple[str, str]]:
        """Its fields, one after the other, as a form sends them."""
        return [(name, text) for name, texts in self.values.items() for text in texts]


def of_form(path: str, form: PostedForm) -> InterruptedForm | None:
    """What is kept of a form; nothing of one that may hold a password, or leads elsewhere."""
    path = account_urls.local_path(path)
    if path == "/" or path.startswith(PASSWORDS):
        return None
    without = {FORM_TOKEN, PROOF, FIELD, "change"}
    values = {name: texts for name, texts in form.values.texts.items() if name not in without}
    files = [name for name, file in form.files.values() if file]
    return InterruptedForm(path=path, values=values, files=files)


def of_field(text: str) -> InterruptedForm | None:
    """What a page of the log-in carried; None where it carried nothing that can be read."""
    try:
        found = json.loads(text)
        path = account_urls.local_path(str(found["path"]))
        values = {str(name): [str(v) for v in texts] for name, texts in found["values"].items()}
        files = [str(name) for name in found["files"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if path == "/" or path.startswith(PASSWORDS):
        return None
    return InterruptedForm(path=path, values=values, files=files)

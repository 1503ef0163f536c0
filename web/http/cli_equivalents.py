"""What shows on the command line what a page shows."""

from __future__ import annotations

import shlex
from typing import Final

from starlette.requests import Request

_OF_A_PLACE: Final = {
    "agendas": "agenda show",
    "windows": "window show",
    "events": "event show",
    "receipts": "event show",
    "history": "agenda history",
}
"""By the first part of an address, where the second is an organisation and the rest names what."""


def command_for(request: Request) -> str:
    """The command that shows what the page at the address of a request shows."""
    path = request.scope["path"].removesuffix(".json").removesuffix(".txt")
    first, _, rest = path[1:].partition("/")
    organisation, _, name = rest.partition("/")
    name, at = name.partition("/evidence/")[0], request.query_params.get("at", "")
    words = ["placet", "agenda", "list"]
    if name and first in _OF_A_PLACE:
        words = ["placet", *_OF_A_PLACE[first].split(), name, "--organisation", organisation]
    if at and "event" not in words[1]:
        words += ["--at", at]
    return shlex.join(words)

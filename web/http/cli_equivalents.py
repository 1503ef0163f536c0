"""What shows on the command line what a page shows."""

from __future__ import annotations

import re
import shlex
from typing import Final

from starlette.requests import Request

_COMMANDS: Final = {
    "agendas": ("agenda show", ""),
    "windows": ("window show", ""),
    "bodies": ("agenda history", "body/"),
    "sessions": ("agenda history", "session/"),
    "documents": ("agenda history", "document/"),
    "history": ("agenda history", ""),
    "events": ("event show", ""),
    "receipts": ("event show", ""),
}
"""By the first part of an address, where the second is an organisation and the rest is a name."""
_BELOW: Final = re.compile(r"/(act|recorded|evidence|receipt)(/.*)?$")
"""What follows the name in the address of what belongs to it."""


def command_for(request: Request) -> str:
    """The command that shows what the page at the address of a request shows."""
    path = request.scope["path"].removesuffix(".json").removesuffix(".txt")
    first, _, rest = path[1:].partition("/")
    organisation, _, named = rest.partition("/")
    name, at = _BELOW.sub("", named), request.query_params.get("at", "")
    command, kind = _COMMANDS.get(first, ("", "")) if name else ("", "")
    words = ["placet", "agenda", "list"]
    if command:
        words = ["placet", *command.split(), kind + name, "--organisation", organisation]
    if at and command != "event show":
        words += ["--at", at]
    return shlex.join(words)

"""Style sheets and icon, under addresses that change with what is in them.

A browser that has one under such an address never asks for it again. The style sheet of the
colours of an organisation is made from its address, which names the colours and nobody.
"""

from __future__ import annotations

import os
import re
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from domain.access.page_colours import HEAD, LEAST_CONTRAST, LINKS, least_contrast

COLOURS: Final = re.compile(r"colours-(?P<head>[0-9a-f]{6})-(?P<links>[0-9a-f]{6})\.css")
FOR_EVER: Final = "public, max-age=31536000, immutable"


class StaticAssets(StaticFiles):
    """The files of `web/static`."""

    def __init__(self) -> None:
        super().__init__(packages=[("web", "static")])

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file, or the style sheet of two colours."""
        if (named := COLOURS.fullmatch(path)) and is_known(named["head"], named["links"]):
            return Response(
                style_sheet(f"#{named['head']}", f"#{named['links']}"),
                media_type="text/css",
                headers={"Cache-Control": FOR_EVER},
            )
        return await super().get_response(path, scope)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """The file; kept for ever by who asked for it as it is now."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        if scope["query_string"] == f"v={_version(Path(full_path).name)}".encode():
            response.headers["Cache-Control"] = FOR_EVER
        return response


def address_of_colours(head: str, links: str) -> str:
    """The address of the style sheet of two colours; empty for those of the sheet of all pages."""
    if (head, links) == (HEAD, LINKS):
        return ""
    return f"/static/colours-{head[1:]}-{links[1:]}.css"


def style_sheet(head: str, links: str) -> str:
    """The style sheet of two colours; ornaments have that of links."""
    return f":root {{ --deep: {head}; --blue: {links}; --bright: {links}; }}\n"


def is_known(head: str, links: str) -> bool:
    """Whether an organisation may have its pages in these colours."""
    return all(least_contrast(f"#{colour}")[0] >= LEAST_CONTRAST for colour in (head, links))


def address(name: str) -> str:
    """The address of a file as it is now."""
    return f"/static/{name}?v={_version(name)}"


@cache
def _version(name: str) -> str:
    """What tells the contents of a file from all others that it ever had."""
    return sha256((files("web") / "static" / name).read_bytes()).hexdigest()[:16]

"""Style sheet and icon, under addresses that change with what is in them.

A browser that has one under such an address never asks for it again.
"""

from __future__ import annotations

import os
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOR_EVER: Final = "public, max-age=31536000, immutable"


class StaticAssets(StaticFiles):
    """The files of `web/static`."""

    def __init__(self) -> None:
        super().__init__(packages=[("web", "static")])

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


def address(name: str) -> str:
    """The address of a file as it is now."""
    return f"/static/{name}?v={_version(name)}"


@cache
def _version(name: str) -> str:
    """What tells the contents of a file from all others that it ever had."""
    return sha256((files("web") / "static" / name).read_bytes()).hexdigest()[:16]

"""Cookies: small texts that a browser keeps for this server alone."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import Scope

LANGUAGE: Final = "placet-language"
"""The language that somebody has chosen for their account, in this browser since the log-in."""


def cookie(scope: Scope, name: str) -> str:
    """What the cookie of this name holds; empty where there is none."""
    header = Headers(scope=scope).get("cookie", "")
    return cookie_parser(header).get(cookie_name(scope, name), "")[:200]


def cookie_name(scope: Scope, name: str) -> str:
    """How browsers call it: with `__Host-`, no other host or path can set it (RFC 6265bis).

    That wants TLS; over plain HTTP, which is for this machine alone, the name is bare.
    """
    return f"__Host-{name}" if scope["scheme"] == "https" else name


def set_cookie(
    answer: Response, scope: Scope, name: str, secret: str, *, seconds: int | None = None
) -> None:
    """Let the browser keep a secret, out of reach of scripts and of other sites' forms."""
    answer.set_cookie(
        cookie_name(scope, name),
        secret,
        max_age=seconds,
        path="/",
        secure=scope["scheme"] == "https",
        httponly=True,
        samesite="lax",
    )


def delete_cookie(answer: Response, scope: Scope, name: str) -> None:
    """Let the browser forget it."""
    secure = scope["scheme"] == "https"
    name = cookie_name(scope, name)
    answer.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="lax")

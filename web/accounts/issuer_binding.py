"""The binding of a log-in by an issuer to the browser that began it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from fastapi import Request, Response

from web.http.cookies import cookie, set_cookie
from workflows.accounts.external_log_ins import LASTS

COOKIE: Final = "placet-issuer"


@dataclass(frozen=True)
class Binding:
    """What the browser keeps of a log-in that has begun."""

    secret: str
    language: str = ""
    invitation: str = ""

    @staticmethod
    def of(request: Request) -> Binding:
        """What it brings along; a new secret where it has none yet."""
        secret, _, rest = cookie(request.scope, COOKIE).partition(".")
        language, _, invitation = rest.partition(".")
        return Binding(secret or secrets.token_urlsafe(32), language, invitation)

    def keep(self, answer: Response, request: Request) -> None:
        """Let the browser keep it for as long as it may be away."""
        text = f"{self.secret}.{self.language}.{self.invitation}"
        set_cookie(answer, request.scope, COOKIE, text, seconds=int(LASTS.total_seconds()))

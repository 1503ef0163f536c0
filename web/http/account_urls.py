"""Addresses of the pages of accounts, and which addresses one may be led back to."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlsplit

LOG_IN: Final = "/log-in"
CODE: Final = "/log-in/code"
INTERRUPTED: Final = "/log-in/interrupted"
"""Where a form comes that was sent without a session."""
RESUME: Final = "/log-in/resume"
"""Where it goes on, once somebody has logged in in another window."""
LOG_OUT: Final = "/log-out"
ACCOUNT: Final = "/account"
SECOND_FACTOR: Final = "/account/second-factor"
INVITATION: Final = "/invitation/"
ACCOUNTS: Final = "/accounts"
DEMONSTRATION: Final = "/demonstration/become"
"""Where a visitor of the demonstration becomes somebody; no other server has it."""
ALL: Final = (
    LOG_IN,
    CODE,
    INTERRUPTED,
    RESUME,
    LOG_OUT,
    ACCOUNT,
    *(
        f"{ACCOUNT}/{below}"
        for below in (
            "details",
            "password",
            "end-session",
            "end-sessions",
            "make-token",
            "revoke-token",
            "second-factor",
            "second-factor/enrol",
            "second-factor/codes",
            "second-factor/remove",
        )
    ),
    INVITATION + "{secret}",
    ACCOUNTS,
    *(
        f"{ACCOUNTS}/{below}"
        for below in (
            "disable",
            "enable",
            "end-sessions",
            "erase",
            "remove-second-factor",
            "take-back",
            "invite",
        )
    ),
)
"""The addresses of accounts, as routes write them."""
LONGEST: Final = 2000


def log_in(back_to: str = "") -> str:
    """The path of the log-in page, which leads back."""
    return f"{LOG_IN}?next={quote(back_to, safe='/')}" if back_to not in {"", "/"} else LOG_IN


def invitation(secret: str) -> str:
    """The path of the page on which an invitation is accepted."""
    return INVITATION + quote(secret, safe="")


def local_path(text: str) -> str:
    """A path of this server to lead somebody to; the first page for whatever is none.

    Browsers take `//host`, `/\\\\host` and addresses with tabs in them for other servers.
    """
    plain = text.startswith("/") and text.isascii() and text.isprintable() and "\\" not in text
    if not plain or text.startswith("//") or len(text) > LONGEST:
        return "/"
    parts = urlsplit(text)
    return "/" if parts.scheme or parts.netloc else text

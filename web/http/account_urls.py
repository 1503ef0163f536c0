"""Addresses of the pages of accounts, and the addresses to which a log-in may lead back."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlencode, urlsplit

LOG_IN: Final = "/log-in"
PASSWORD_SET: Final = f"{LOG_IN}?done=password"
"""The log-in page, where it says that a new password is set."""
CODE: Final = "/log-in/code"
INTERRUPTED: Final = "/log-in/interrupted"
"""Where a form comes that was sent without a session."""
RESUME: Final = "/log-in/resume"
"""Where it goes on, once somebody has logged in in another window."""
LOG_IN_WITH: Final = "/log-in/with/"
LOG_OUT: Final = "/log-out"
LOG_OUT_WITH: Final = "/log-out/with/"
ACCOUNT: Final = "/account"
SECOND_FACTOR: Final = "/account/second-factor"
SHOWN: Final = "/account/shown/"
"""Where a secret that a form has made is shown to the session that sent it, for some minutes."""
INVITATION: Final = "/invitation/"
PASSWORD_LINK: Final = "/new-password/"  # noqa: S105 (a path)
ACCOUNTS: Final = "/accounts"
BECOME: Final = "/demonstration/become"
"""The log-in of the demonstration; only a demonstration has this address."""
OWN: Final = (
    LOG_IN,
    CODE,
    INTERRUPTED,
    RESUME,
    LOG_IN_WITH + "{name}",
    LOG_IN_WITH + "{name}/return",
    LOG_OUT,
    LOG_OUT_WITH + "{name}",
    INVITATION + "{secret}",
    PASSWORD_LINK + "{secret}",
    ACCOUNT,
    *(f"{ACCOUNT}/{act}" for act in ("details", "password", "end-session", "end-sessions")),
    *(f"{ACCOUNT}/{act}" for act in ("make-token", "revoke-token")),
    SHOWN + "{form}",
    SECOND_FACTOR,
    *(f"{SECOND_FACTOR}/{act}" for act in ("enrol", "codes", "remove")),
)
"""The addresses, as routes write them, at which somebody logs in or keeps their own account."""
OF_ALL: Final = (
    ACCOUNTS,
    *(f"{ACCOUNTS}/{act}" for act in ("invite", "take-back", "disable", "enable", "erase")),
    *(f"{ACCOUNTS}/{act}" for act in ("end-sessions", "remove-second-factor")),
    *(f"{ACCOUNTS}/{act}" for act in ("add-identity", "remove-identity", "password-link")),
    f"{ACCOUNTS}/send-again",
)
"""The addresses, as routes write them, at which the accounts of all are kept."""
LONGEST: Final = 2000


def log_in(back_to: str = "") -> str:
    """The path of the log-in page, which leads back."""
    return f"{LOG_IN}?next={quote(back_to, safe='/')}" if back_to not in {"", "/"} else LOG_IN


def log_in_with(name: str, **what_for: str) -> str:
    """The path under which a log-in by an issuer begins."""
    query = urlencode({word: text for word, text in what_for.items() if text}, safe="/")
    return LOG_IN_WITH + quote(name, safe="") + (f"?{query}" if query else "")


def log_out_with(name: str) -> str:
    """The path that leads to the log-out at an issuer."""
    return LOG_OUT_WITH + quote(name, safe="")


def password_link(secret: str) -> str:
    """The path of the page on which somebody sets a new password."""
    return PASSWORD_LINK + quote(secret, safe="")


def invitation(secret: str) -> str:
    """The path of the page on which an invitation is accepted."""
    return INVITATION + quote(secret, safe="")


def shown(form: str) -> str:
    """The path of the page of a secret, by the id of the form that made it."""
    return SHOWN + quote(form, safe="")


def local_path(text: str) -> str:
    """A path of this server to lead somebody to; the first page for anything else.

    Browsers take `//host`, `/\\\\host` and addresses with tabs in them for other servers.
    """
    plain = text.startswith("/") and text.isascii() and text.isprintable() and "\\" not in text
    if not plain or "//" in text.partition("?")[0] or len(text) > LONGEST:
        return "/"
    parts = urlsplit(text)
    return "/" if parts.scheme or parts.netloc else text

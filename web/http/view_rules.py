"""The kind of view of each address; an address without an entry is denied."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from domain.access.permissions import ViewKind
from domain.rules import Refused
from web.http import account_urls, params
from web.http.access_view import Access, identity_of
from workflows.acts.authorization import Authorization


class OtherRule(StrEnum):
    """How an address is protected that shows no kind of view by itself."""

    ACT = "act"
    """A form: it asks who may do its act."""
    OWN_RECEIPT = "own receipt"
    """It asks who may have the receipt that the request names."""
    OWN_DRAFTS = "own drafts"
    """It shows the forms that its reader has saved, and nothing else."""
    ANY_ROLE = "any role"
    """The board of all organisations: it shows those in which somebody has a role."""
    OWN_ACCOUNT = "own account"
    """A log-in, an invitation, or one's own account: it authenticates by itself."""
    ALL_ACCOUNTS = "all accounts"
    """The accounts of a store: they ask who administers it."""
    NOTHING = "nothing"
    """It shows nothing, and leads on to an address that has a rule."""


Rule = ViewKind | OtherRule
_NOUNS: Final = ("bodies", "sessions", "agendas", "documents", "windows")
_OF_NOUNS: Final[Mapping[str, Rule]] = {
    "": ViewKind.RECORD,
    "/recorded/{position}": ViewKind.RECORD,
    "/act/{slug}": OtherRule.ACT,
}
_EDITED: Final = ("bodies", "sessions", "agendas", "documents")
"""The nouns that have editing pages."""

RULES: Final[Mapping[str, Rule]] = {
    "/": OtherRule.ANY_ROLE,
    "/board": OtherRule.ANY_ROLE,
    "/bodies/{organisation}": ViewKind.STATE,
    "/outstanding/{organisation}": ViewKind.STATE,
    "/set-up/{organisation}": ViewKind.STATE,
    "/drafts/{organisation}": OtherRule.OWN_DRAFTS,
    "/waiting/{organisation}/{draft}": OtherRule.ACT,
    **{
        f"/{noun}/{{organisation}}/{{name:path}}{below}": rule
        for noun in _NOUNS
        for below, rule in _OF_NOUNS.items()
    },
    **{
        f"/{noun}/{{organisation}}/{{name:path}}/edit/{{slug}}{of}": OtherRule.ACT
        for noun in _EDITED
        for of in ("", "/{of}/{choice:path}")
    },
    "/organisations/{organisation}": ViewKind.GRANTS,
    "/organisations/{organisation}/recorded/{position}": ViewKind.GRANTS,
    "/organisations/{organisation}/act/{slug}": OtherRule.ACT,
    "/mail/{organisation}": ViewKind.MAIL,
    **{
        f"/mail/{{organisation}}/{{number}}{below}": ViewKind.MAIL
        for below in ("", "/file", "/dismiss", "/receipt", "/register/{window:path}")
    },
    "/windows/{organisation}/{name:path}/evidence/{number}": ViewKind.EVIDENCE,
    "/windows/{organisation}/{name:path}/receipt": OtherRule.OWN_RECEIPT,
    "/events/{organisation}/{position}": ViewKind.RECORD,
    "/history/{organisation}": ViewKind.RECORD,
    "/history/{organisation}/{kind}/{name:path}": ViewKind.RECORD,
    "/receipts/{organisation}/{position}": ViewKind.RECEIPT,
    "/receipts/{organisation}/{position}/text": ViewKind.RECEIPT,
    "/directory/{organisation}": ViewKind.MAIL,
    "/directory/{organisation}/entry": ViewKind.MAIL,
    **dict.fromkeys(account_urls.OWN, OtherRule.OWN_ACCOUNT),
    **dict.fromkeys(account_urls.OF_ALL, OtherRule.ALL_ACCOUNTS),
    account_urls.BECOME: OtherRule.OWN_ACCOUNT,
    "/metrics": OtherRule.ANY_ROLE,
    "/establish": OtherRule.NOTHING,
    "/establish/{organisation}": OtherRule.ACT,
    "/open/{organisation}": OtherRule.ACT,
    "/open/{organisation}/{name:path}": OtherRule.ACT,
}
"""The rule of each address, without the ending of its representation (`.json`, `.txt`)."""


def rule_of(template: str) -> Rule | None:
    """The rule of an address as routes write it; None where there is none."""
    return RULES.get(template.removesuffix(".json").removesuffix(".txt"))


def view_check(
    authorization: Authorization, now: Callable[[], datetime]
) -> Callable[[Request], Awaitable[None]]:
    """What each route asks first: raises Refused for those who may not see what it shows."""

    async def check(request: Request) -> None:
        identity = identity_of(request.scope)
        if identity is not None:
            await run_in_threadpool(_require, request, Access(authorization, identity, now()))

    return check


def _require(request: Request, access: Access) -> None:
    """Raise Refused for a reader who may not see what stands under the address of a request."""
    template = request.scope["route"].path
    rule, values = rule_of(template), request.path_params
    if rule is None:
        raise Refused("role-granted", f"nothing says who may see {template}")
    if rule is ViewKind.RECEIPT:
        position = params.parse_number(values["position"])
        event = access.authorization.queries.record.event(values["organisation"], position)
        access.authorization.require_receipt(event, access.identity, access.at)
    elif rule is ViewKind.EVIDENCE:
        number = params.parse_number(values["number"])
        access.authorization.require_evidence(
            values["organisation"], values["name"], number, access.identity, access.at
        )
    elif isinstance(rule, ViewKind):
        access.require_view(values["organisation"], rule)

"""What each command is under a token: an act, a view, or an office of the token's owner.

A command without a rule cannot be used with a token.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import Any, Final, assert_never

from msgspec import Struct

from domain.access.permissions import ViewKind
from domain.access.roles import AccessRole, Identity
from domain.rules import Refused, require
from web.cli.token_identity import VARIABLE, has_token, identity_of_token
from workflows.application import Application


class TokenRule(StrEnum):
    """What somebody with a token needs for a command, besides that the token holds."""

    ACT = "an act of the record, allowed when it is done"
    STATE = "a view of the state"
    RECORD = "a view of the record"
    MAIL_VIEW = "a view of mail and addresses"
    MAIL = "dealing with mail and addresses"
    ACCOUNTS_VIEW = "a view of accounts and of the store"
    ACCOUNTS = "administration of accounts and of the store"
    NO_STORE = "done without a store, in which alone a token is known"
    NEVER = "done by whoever owns the folder or the database"


R = TokenRule
RULES: Final[Mapping[str, TokenRule | Mapping[str, TokenRule]]] = {
    "demo": R.NEVER,
    "serve": R.ACCOUNTS,
    "clock": R.ACCOUNTS,
    "status": R.STATE,
    "doctor": R.ACCOUNTS_VIEW,
    "rules": R.NO_STORE,
    "rebuild": R.ACCOUNTS,
    "case": dict.fromkeys(("run", "check", "timeline", "schema"), R.NO_STORE),
    "agenda": {
        **dict.fromkeys(("list",), R.STATE),
        **dict.fromkeys(("show", "history"), R.RECORD),
        **dict.fromkeys(("propose", "amend", "describe", "clear", "withdraw", "move"), R.ACT),
        **dict.fromkeys(("renumber", "propose-heading", "amend-heading", "move-heading"), R.ACT),
        **dict.fromkeys(("withdraw-heading", "annotate", "plan-documents", "submit"), R.ACT),
        **dict.fromkeys(("approve", "decide", "note-objection", "adopt"), R.ACT),
        **dict.fromkeys(("draft-report", "adopt-report", "defer-report", "erase-text"), R.ACT),
        **dict.fromkeys(("items", "do"), R.ACT),
    },
    "body": dict.fromkeys(("roster", "erase-text"), R.ACT),
    "window": {
        "list": R.STATE,
        **dict.fromkeys(("show", "evidence"), R.RECORD),
        **dict.fromkeys(("open", "respond", "register", "withdraw", "extend", "suspend"), R.ACT),
        **dict.fromkeys(("resume", "rule", "hold", "release", "supersede", "announce"), R.ACT),
        **dict.fromkeys(("refer", "notices", "decide", "announce-revision"), R.ACT),
        **dict.fromkeys(("erase-text", "waiting", "confirm", "decline", "take-back"), R.ACT),
    },
    "document": dict.fromkeys(("register", "issue", "reissue", "publish", "erase-text"), R.ACT),
    "organisation": {
        **dict.fromkeys(("settings", "colours", "grant-role", "revoke-role", "erase-text"), R.ACT),
    },
    "calendar": {"draft": R.NO_STORE, "load": R.ACT, "list": R.RECORD},
    "event": {"show": R.RECORD},
    "receipt": {"show": R.RECORD, "text": R.RECORD, "verify": R.NO_STORE},
    "key": {"create": R.ACCOUNTS, "rotate": R.ACCOUNTS, "list": R.STATE},
    "store": {
        **dict.fromkeys(("init", "create", "upgrade", "copy", "restore"), R.NEVER),
        **dict.fromkeys(("backup", "restored", "accept"), R.ACCOUNTS),
        "check": R.ACCOUNTS_VIEW,
    },
    "post": {
        "send": R.MAIL,
        "status": R.MAIL_VIEW,
        "bounced": R.MAIL,
        **dict.fromkeys(("resolve", "again", "waive"), R.ACT),
    },
    "mail": {
        **dict.fromkeys(("mailboxes", "list"), R.MAIL_VIEW),
        **dict.fromkeys(("take", "check", "forget", "show"), R.MAIL),
        **dict.fromkeys(("dismiss", "receipt", "register"), R.MAIL),
    },
    "user": {
        "list": R.ACCOUNTS_VIEW,
        **dict.fromkeys(("password-link", "links"), R.ACCOUNTS),
        **dict.fromkeys(("add", "invite", "disable", "enable", "password", "erase"), R.ACCOUNTS),
        **dict.fromkeys(("sessions", "tokens", "identities"), R.ACCOUNTS),
    },
    "directory": {
        **dict.fromkeys(("check", "list", "changes"), R.MAIL_VIEW),
        **dict.fromkeys(("set", "erase", "load"), R.MAIL),
    },
}
"""The rule of each command; a test walks through all commands of the program."""
VIEWS: Final[Mapping[TokenRule, ViewKind]] = {
    R.STATE: ViewKind.STATE,
    R.RECORD: ViewKind.RECORD,
    R.MAIL_VIEW: ViewKind.MAIL,
    R.MAIL: ViewKind.MAIL,
}
READING: Final = frozenset({R.STATE, R.RECORD, R.MAIL_VIEW, R.ACCOUNTS_VIEW})
"""What a token may do that reads only."""


class Call(Struct, frozen=True, kw_only=True):
    """The command that runs, and of which organisation it is; empty where that is not said."""

    words: str
    rule: TokenRule | None
    organisation: str = ""


_CALL: ContextVar[Call | None] = ContextVar("call", default=None)


def rule_of(words: tuple[str, ...]) -> TokenRule | None:
    """The rule of a command by its words, such as `user` and `add`; None where there is none."""
    found = RULES.get(words[0])
    if isinstance(found, Mapping):
        return found.get(words[1]) if len(words) == 2 else None
    return found if len(words) == 1 else None


def guard(command: Any, words: tuple[str, ...]) -> None:
    """Let a command, or each one of a group, run by its rule only where a token is given."""
    for name, member in getattr(command, "commands", {}).items():
        guard(member, (*words, name))
    if not hasattr(command, "commands"):
        command.callback = _guarded(command.callback, words)


def _guarded(callback: Callable[..., Any], words: tuple[str, ...]) -> Callable[..., Any]:
    def run(**given: Any) -> Any:
        named = given.get("organisation")
        organisation = named if isinstance(named, str) else ""
        call = Call(words=" ".join(words), rule=rule_of(words), organisation=organisation)
        if has_token() and call.rule in {None, TokenRule.NEVER}:
            because = f"`placet {call.words}` is for those who own the store: unset {VARIABLE}"
            raise Refused("role-granted", because)
        with _running(call):
            return callback(**given)

    return run


@contextmanager
def _running(call: Call) -> Iterator[None]:
    token = _CALL.set(call)
    try:
        yield
    finally:
        _CALL.reset(token)


def require_allowed(placet: Application) -> None:
    """Raise Refused where a token is given by whose owner the running command is not allowed.

    An act of the record is allowed or refused when it is done. Raises Unavailable.
    """
    call = _CALL.get()
    if call is None or not has_token():
        return
    rule = call.rule
    identity = identity_of_token(placet, reading=rule in READING)
    assert identity is not None  # noqa: S101 (a token is given; the checker of types cannot know)
    match rule:
        case TokenRule.ACT:
            return
        case TokenRule.STATE | TokenRule.RECORD | TokenRule.MAIL_VIEW | TokenRule.MAIL:
            _require_view(placet, identity, VIEWS[rule], call.organisation)
        case TokenRule.ACCOUNTS | TokenRule.ACCOUNTS_VIEW:
            _require_administrator(placet, identity, call.words)
        case TokenRule.NO_STORE | TokenRule.NEVER | None:
            raise Refused("token-scope", f"`placet {call.words}` opens no store under a token")
        case _:
            assert_never(rule)
    if rule not in READING:
        placet.accounts.log.info("command", command=call.words, principal=identity.principal)


def _require_view(
    placet: Application, identity: Identity, kind: ViewKind, organisation: str
) -> None:
    """Of the organisation that is named; of each one where the command shows all of them."""
    every = placet.queries.record.organisations()
    names = [organisation] if organisation in every else every
    require("role-granted", names, "nobody has a role in an empty store")
    for name in names:
        placet.authorization.require_view(name, kind, identity, placet.accounts.now())


def _require_administrator(placet: Application, identity: Identity, words: str) -> None:
    """Accounts, and the store as a whole, belong to no single organisation."""
    at = placet.accounts.now()
    administers = any(
        grant.role is AccessRole.ADMINISTRATOR and grant.holds(at)
        for name in placet.queries.record.organisations()
        for grant in placet.authorization.grants(name, identity)
    )
    require("role-granted", administers, f"`placet {words}` is for an administrator")


def refuse_under_token(what: str) -> None:
    """Raise Refused where a token is given, for what only a person who has logged in may do."""
    if has_token():
        raise Refused("role-granted", f"{what}: unset {VARIABLE}, or log in")

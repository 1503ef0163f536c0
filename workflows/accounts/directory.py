"""The accounts themselves: made, changed, disabled, erased."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypedDict, Unpack

from msgspec import structs

from domain.ports.accounts import (
    Account,
    AccountTables,
    ExternalIdentity,
    Passwords,
    Secrets,
    TimeCodes,
)
from domain.rules import Refused
from workflows.accounts.secret_hash import hash_of_secret
from workflows.accounts.sessions import Sessions
from workflows.projections.parking import Alarm

SHORTEST: Final = 12
LONGEST: Final = 256
"""How many characters a password has."""
LOGIN: Final = re.compile(r"[\w.@+-]{2,100}")
RECOVERY_CODES: Final = 10
LINE: Final = 200
"""How many characters a name or an address has at most."""


class Particulars(TypedDict, total=False):
    """What an account may be made with; each is empty unless given."""

    password: str
    display_name: str
    email: str
    language: str
    principal: str


@dataclass(frozen=True)
class AccountDirectory:
    """The accounts of one store. Every method raises Refused for what is not known, Unavailable."""

    tables: AccountTables
    passwords: Passwords
    codes: TimeCodes
    secrets: Secrets
    sessions: Sessions
    now: Callable[[], datetime]
    log: Alarm
    erase_drafts: Callable[[str], None]

    def all(self) -> Sequence[Account]:
        """All accounts, by login name."""
        return self.tables.accounts()

    def get(self, principal: str) -> Account:
        """The account of a principal."""
        found = self.tables.account(principal)
        if found is None:
            raise Refused("account-known", f"there is no account of {principal!r:.80}")
        return found

    def named(self, login: str) -> Account:
        """The account of a login name."""
        found = self.tables.account_named(login)
        if found is None:
            raise Refused("account-known", f"there is no account {login!r:.80}")
        return found

    def add(self, login: str, **particulars: Unpack[Particulars]) -> Account:
        """Make an account; without a password an issuer or an administrator has to help."""
        account = self.new(login, **particulars)
        if not self.tables.add_account(account):
            raise login_taken(login)
        self.log.info("account", outcome="added", principal=account.principal)
        return account

    def new(self, login: str, **particulars: Unpack[Particulars]) -> Account:
        """An account as it would be made; nothing is kept yet."""
        _require_login_name(login)
        password = particulars.get("password", "")
        return Account(
            principal=particulars.get("principal") or self.secrets.principal(),
            login=login,
            display_name=one_line(particulars.get("display_name", "")),
            email=one_line(particulars.get("email", "")),
            language=particulars.get("language", ""),
            password_hash=self._hash(password, login) if password else "",
            created_at=self.now(),
        )

    def change(self, principal: str, *, display_name: str, email: str, language: str) -> Account:
        """Change what an account says of a person."""
        changed = structs.replace(
            self.get(principal),
            display_name=one_line(display_name),
            email=one_line(email),
            language=language,
        )
        self.tables.put_account(changed)
        return changed

    def rename(self, principal: str, login: str) -> Account:
        """Give an account another login name."""
        account = self.get(principal)
        _require_login_name(login)
        changed = structs.replace(account, login=login)
        if not self.tables.put_account(changed):
            raise login_taken(login)
        return changed

    def set_password(self, principal: str, password: str, keep: str = "") -> None:
        """Set a new password; all sessions end but the one to `keep`."""
        account = self.get(principal)
        hashed = self._hash(password, account.login)
        self.tables.put_account(structs.replace(account, password_hash=hashed))
        self.sessions.end_all(principal, keep)
        self.log.info("account", outcome="password changed", principal=principal)

    def disable(self, principal: str) -> None:
        """Disable an account; its sessions end at once."""
        account = self.get(principal)
        self.require_another(principal)
        self.tables.put_account(structs.replace(account, disabled_at=self.now()))
        self.sessions.end_all(principal)
        self.log.info("account", outcome="disabled", principal=principal)

    def enable(self, principal: str) -> None:
        """Let a disabled account be used again."""
        self.tables.put_account(structs.replace(self.get(principal), disabled_at=None))
        self.log.info("account", outcome="enabled", principal=principal)

    def erase(self, principal: str) -> None:
        """Erase an account with its drafts and all personal data.

        The record keeps the opaque principal alone.
        """
        self.require_another(principal)
        self.erase_drafts(principal)
        self.tables.erase_account(principal)
        self.log.info("account", outcome="erased", principal=principal)

    def require_another(self, principal: str) -> None:
        """Raise Refused for the last account that can be used: the store would stand open."""
        self.get(principal)
        others = [other for other in self.tables.accounts() if other.principal != principal]
        if all(other.disabled_at for other in others):
            raise Refused("last-account", "this is the last account that is in use: add another")

    # --- The second factor ------------------------------------------------------------------------

    def enrol(self, principal: str, secret: str, code: str) -> Sequence[str]:
        """Ask for codes at log-in from now on; recovery codes, which are shown only now.

        `secret` is what the person's program got, and `code` proves that it has it.
        """
        account = self.get(principal)
        step = self.codes.matching_step(secret, "".join(code.split()), self.now())
        if step is None:
            raise Refused("log-in", "this code is not of this secret, or the clocks differ")
        self.tables.put_account(structs.replace(account, code_secret=secret))
        self.tables.spend_code(principal, step)
        self.log.info("account", outcome="second factor enrolled", principal=principal)
        return self.new_recovery_codes(principal)

    def new_recovery_codes(self, principal: str) -> Sequence[str]:
        """New recovery codes in the place of the old ones."""
        codes = [self.secrets.recovery_code() for _ in range(RECOVERY_CODES)]
        self.tables.put_recovery_codes(principal, [hash_of_secret(code) for code in codes])
        return codes

    def remove_second_factor(self, principal: str) -> None:
        """Ask for no codes any more."""
        self.tables.put_account(structs.replace(self.get(principal), code_secret=""))
        self.tables.put_recovery_codes(principal, ())
        self.log.info("account", outcome="second factor removed", principal=principal)

    # --- Identities at issuers --------------------------------------------------------------------

    def identities(self, principal: str) -> Sequence[ExternalIdentity]:
        """How issuers know somebody."""
        return self.tables.identities(principal)

    def add_identity(self, principal: str, issuer: str, subject: str) -> None:
        """Let somebody log in by an issuer too. Refused for an identity that is somebody's."""
        self.get(principal)
        identity = ExternalIdentity(
            issuer=issuer, subject=subject, principal=principal, added_at=self.now()
        )
        if not self.tables.add_identity(identity):
            raise identity_taken()
        self.log.info("account", outcome="identity added", principal=principal, issuer=issuer)

    def remove_identity(self, principal: str, issuer: str, subject: str) -> bool:
        """Let somebody not log in by an issuer any more; sessions end; whether it was so."""
        removed = self.tables.remove_identity(principal, issuer, subject)
        if removed:
            self.sessions.end_all(principal)
            self.log.info("account", outcome="identity removed", principal=principal, issuer=issuer)
        return removed

    def _hash(self, password: str, login: str) -> str:
        if not SHORTEST <= len(password) <= LONGEST:
            because = f"a password has {SHORTEST} to {LONGEST} characters, of any kind"
            raise Refused("password-length", because)
        if password.casefold() == login.casefold() or len(set(password)) < 4:
            raise Refused("password-length", "this password can be guessed: take another one")
        return self.passwords.hash(password)


def one_line(text: str) -> str:
    """A text as one line without invisible characters."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())[:LINE]


def _require_login_name(login: str) -> None:
    if not LOGIN.fullmatch(login):
        because = "a login name has 2 to 100 letters, digits and . _ - @ +, and no spaces"
        raise Refused("login-name", because)


def login_taken(login: str) -> Refused:
    """The refusal of a login name that is somebody's."""
    return Refused("login-name", f"the login name {login!r:.120} is taken")


def identity_taken() -> Refused:
    """The refusal of an identity at an issuer that is somebody's."""
    return Refused("account-known", "this identity belongs to an account already")

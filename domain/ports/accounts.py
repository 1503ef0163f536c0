"""The ports of accounts: operational tables of accounts and their credentials.

Nothing here is part of the record. It holds personal data, which can be changed and erased; the
record knows a person by the opaque `principal` only. Of each secret that a person holds (session,
token, invitation) only the SHA-256 is kept. Every method of the tables raises Unavailable.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import datetime
from typing import Final, Protocol

from msgspec import Struct

LINK_LETTER: Final = "letter with a link"
INVITATION_LINK: Final = "further link of an invitation"
KEPT_TICKETS: Final = (LINK_LETTER, INVITATION_LINK)
"""The kinds of tickets that backups and copies of a store take along; all others end there."""


class Account(Struct, frozen=True, kw_only=True):
    """A person, or a program, that can log in."""

    principal: str
    """The opaque id by which the record knows the person; random, and never given again."""
    login: str
    """The name that is typed to log in; two that differ in case only are the same."""
    display_name: str = ""
    email: str = ""
    language: str = ""
    """The language of pages and letters; empty where the browser decides."""
    password_hash: str = ""
    """Argon2id with its parameters; empty for an account without a password."""
    code_secret: str = ""
    """The secret of time-based codes (RFC 6238), in base 32; empty without a second factor."""
    created_at: datetime
    disabled_at: datetime | None = None
    """When it was disabled (UTC); None while it is in use."""


class ExternalIdentity(Struct, frozen=True, kw_only=True):
    """An identity at an OpenID Connect issuer, and the account that it belongs to."""

    issuer: str
    subject: str
    principal: str
    added_at: datetime


class LoginSession(Struct, frozen=True, kw_only=True):
    """One log-in of one person in one browser."""

    hash: str
    principal: str
    method: str
    """How the person proved who they are; see `Identity.authenticated_by`."""
    started_at: datetime
    seen_at: datetime
    """When a request came last (UTC); written once a minute at most."""
    authenticated_at: datetime
    """When the person last proved it (UTC)."""
    user_agent: str = ""


class ApiToken(Struct, frozen=True, kw_only=True):
    """The token of a program."""

    hash: str
    principal: str
    label: str
    scope: str
    """`read`, or `act`, which includes reading."""
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    """When it was used last (UTC); written once a minute at most."""


class Invitation(Struct, frozen=True, kw_only=True):
    """A link by which somebody makes an account, once."""

    hash: str
    principal: str
    """The principal that the account will have; its role is granted to it beforehand."""
    display_name: str = ""
    email: str = ""
    organisation: str = ""
    role: str = ""
    body: str = ""
    seat: str = ""
    """Its grant, as it is shown to the invited person; empty where there is none."""
    invited_by: str = ""
    """The principal who invited; empty for the command line."""
    created_at: datetime
    expires_at: datetime


class Ticket(Struct, frozen=True, kw_only=True):
    """Something that is kept for a short time, and taken once, such as half of a log-in."""

    hash: str
    kind: str
    principal: str = ""
    content: str = ""
    expires_at: datetime


class Failures(Struct, frozen=True, kw_only=True):
    """Log-ins that failed one after the other, of one account or from one address."""

    key: str
    number: int
    last_at: datetime


class AccountTables(Protocol):
    """The operational tables of one store."""

    def version(self) -> Hashable | None:
        """What is another value once any process has changed them; None where only a query tells.

        It waits for nothing.
        """

    def any_account(self) -> bool:
        """Whether there is an account, disabled or not."""

    def account(self, principal: str) -> Account | None:
        """The account of a principal."""

    def account_named(self, login: str) -> Account | None:
        """The account of a login name, in whatever case it is written."""

    def accounts(self) -> Sequence[Account]:
        """All accounts, by login name."""

    def add_account(self, account: Account) -> bool:
        """Add an account; False, and nothing is done, where its login name is taken."""

    def put_account(self, account: Account) -> bool:
        """Put it in the place of the one of its principal; False where its login name is taken."""

    def erase_account(self, principal: str) -> bool:
        """Erase an account with all that belongs to it; whether there was one."""

    def spend_code(self, principal: str, step: int) -> bool:
        """Note that the code of a time step was used; False where it, or a later one, was."""

    def put_recovery_codes(self, principal: str, hashes: Sequence[str]) -> None:
        """Put these in the place of all recovery codes of somebody."""

    def spend_recovery_code(self, principal: str, hash_: str) -> bool:
        """Use a recovery code up; False where there is none like it."""

    def recovery_codes(self, principal: str) -> int:
        """How many recovery codes somebody has left."""

    def principal_of(self, issuer: str, subject: str) -> str:
        """The principal with this identity; empty where no account has it."""

    def identities(self, principal: str) -> Sequence[ExternalIdentity]:
        """The identities of an account."""

    def add_identity(self, identity: ExternalIdentity) -> bool:
        """Add an identity; False, and nothing is done, where it belongs to an account already."""

    def remove_identity(self, principal: str, issuer: str, subject: str) -> bool:
        """Take an identity from somebody; whether it was there."""

    def session(self, hash_: str) -> LoginSession | None:
        """A session of an account that is in use, by one look-up in an index."""

    def sessions(self, principal: str) -> Sequence[LoginSession]:
        """The sessions of somebody, the last used first."""

    def add_session(self, session: LoginSession) -> None:
        """Add a session."""

    def note_session(self, hash_: str, *, seen_at: datetime) -> None:
        """Note when a request of a session came last."""

    def note_authentication(self, hash_: str, method: str, at: datetime) -> None:
        """Note a re-authentication in a session."""

    def end_session(self, principal: str, hash_: str) -> bool:
        """End a session of somebody; whether there was one."""

    def end_sessions(self, principal: str, keep: str = "") -> int:
        """End all sessions of somebody but the one to `keep`; how many there were."""

    def token(self, hash_: str) -> ApiToken | None:
        """A token of an account that is in use."""

    def tokens(self, principal: str) -> Sequence[ApiToken]:
        """The tokens of somebody, the newest first."""

    def add_token(self, token: ApiToken) -> None:
        """Add a token."""

    def note_token(self, hash_: str, *, used_at: datetime) -> None:
        """Note when a token was used last."""

    def remove_token(self, principal: str, hash_: str) -> bool:
        """Revoke a token of somebody; whether there was one."""

    def invitation(self, hash_: str) -> Invitation | None:
        """An invitation that has not been accepted."""

    def invitations(self) -> Sequence[Invitation]:
        """Those that have not been accepted, the newest first."""

    def add_invitation(self, invitation: Invitation) -> None:
        """Add an invitation."""

    def remove_invitation(self, hash_: str) -> bool:
        """Take an invitation back, or use it up; whether it was there."""

    def accept(
        self, hash_: str, account: Account, identity: ExternalIdentity | None = None
    ) -> bool:
        """Use an invitation up and add the account, with an identity if there is one, or neither.

        False where the login name or the identity is taken, or the invitation is used up.
        """

    def put_ticket(self, ticket: Ticket) -> None:
        """Keep something for a short time."""

    def ticket(self, hash_: str, kind: str) -> Ticket | None:
        """What is kept under a hash; also an expired one. It stays."""

    def tickets(self, kind: str) -> Sequence[Ticket]:
        """All of a kind."""

    def change_ticket(self, before: Ticket, after: Ticket) -> bool:
        """Give a ticket other contents and another end; False where it is not as before any more.

        Of two that change the same one at once, one does.
        """

    def take_ticket(self, hash_: str, kind: str) -> Ticket | None:
        """Remove and return it, so that it is used once; also an expired one."""

    def failures(self, key: str) -> Failures | None:
        """The failed log-ins under a key."""

    def note_failure(self, key: str, at: datetime) -> None:
        """Count one more."""

    def clear_failures(self, key: str) -> None:
        """Forget them, after a log-in that succeeded."""

    def device_of(self, hash_: str) -> str:
        """The principal who has logged in with a browser before; empty where none is known."""

    def add_device(self, hash_: str, principal: str, at: datetime) -> None:
        """Remember a browser with which somebody has logged in."""

    def forget(self, *, now: datetime, idle: datetime, absolute: datetime) -> None:
        """Remove what has run out by now: tickets, invitations, tokens, failures of a day ago.

        Sessions go that were seen last before `idle`, or began before `absolute` (all UTC).
        """

    def close(self) -> None:
        """Close what these tables alone use; a later use opens it again."""


class Passwords(Protocol):
    """Makes and compares hashes of passwords."""

    def hash(self, password: str) -> str:
        """The hash of a password, with its salt and parameters."""

    def matches(self, hash_: str, password: str) -> bool:
        """Whether a password belongs to a hash. An empty hash takes as long, and none matches."""

    def is_outdated(self, hash_: str) -> bool:
        """Whether a hash was made with weaker parameters than new ones are."""


class TimeCodes(Protocol):
    """Time-based one-time codes (RFC 6238)."""

    def new_secret(self) -> str:
        """A new secret, in base 32."""

    def matching_step(self, secret: str, code: str, at: datetime) -> int | None:
        """The time step of which a code is, among the present one and its two neighbours."""

    def address(self, secret: str, login: str, service: str) -> str:
        """The address `otpauth://` that an authenticator reads from a QR code."""


class Secrets(Protocol):
    """Random secrets that cannot be guessed."""

    def token(self) -> str:
        """A secret with 256 random bits, of letters, digits, `-` and `_`."""

    def principal(self) -> str:
        """A new opaque id of a person."""

    def recovery_code(self) -> str:
        """A code that a person can write down and type."""


class AccountPorts(Struct, frozen=True, kw_only=True):
    """What accounts need from outside, in one structure."""

    tables: AccountTables
    passwords: Passwords
    codes: TimeCodes
    secrets: Secrets

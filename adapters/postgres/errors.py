"""Errors of PostgreSQL in one sentence each, as the port's Unavailable."""

from __future__ import annotations

from typing import Final

import psycopg
from psycopg import errors

from adapters.postgres.session import LOCK_SECONDS, STATEMENT_SECONDS, Connection
from domain.ports.errors import Unavailable

_REASONS: Final[dict[type[psycopg.Error], str]] = {
    errors.DiskFull: "its disk is full; free some space and try again",
    errors.LockNotAvailable: f"another process kept it locked for {LOCK_SECONDS} seconds",
    errors.QueryCanceled: f"it did not answer within {STATEMENT_SECONDS} seconds",
    errors.ReadOnlySqlTransaction: "it may not be written to",
    errors.InsufficientPrivilege: "this user may not do that",
    errors.InvalidCatalogName: "there is no such database",
    errors.InvalidPassword: "the password is not accepted",
    errors.InvalidAuthorizationSpecification: "this user is not let in",
    errors.TooManyConnections: "it has no connection left; try again",
    errors.CannotConnectNow: "it is starting or stopping; try again",
    errors.AdminShutdown: "it was stopped; try again",
    errors.CrashShutdown: "it was stopped; try again",
    errors.DataCorrupted: "it is damaged; restore a backup",
    errors.IndexCorrupted: "it is damaged; restore a backup",
}


class ConnectionsExhausted(Unavailable):
    """All connections that this process may have are in use."""


class ConnectionLost(Unavailable):
    """The connection ended before the answer came: what was asked was done, or was not."""


class TranslatedErrors:
    """Within it, errors of the database become Unavailable; ConnectionLost if `connection` ended.

    Errors of integrity and those that a function of the tables raises stay what they are.
    """

    def __init__(self, where: str, connection: Connection | None = None) -> None:
        self._where, self._connection = where, connection

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        meant = errors.IntegrityError | errors.RaiseException
        if not isinstance(error, psycopg.Error) or isinstance(error, meant):
            return
        reason = _REASONS.get(type(error)) or _message(error)
        broken = self._connection is not None and self._connection.broken
        raised = ConnectionLost if broken else Unavailable
        raise raised(f"{self._where} cannot be used now: {reason}.") from error


def _message(error: psycopg.Error) -> str:
    """The server's or the library's own words, in one line without an address."""
    words = error.diag.message_primary or str(error).strip().splitlines()[-1]
    return f"PostgreSQL says: {words.rstrip('.')}"

"""Mapping of account Structs to rows: a column for each field, and times as texts in UTC."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, TypeVar

import msgspec
from msgspec import structs

from domain.ports.accounts import (
    Account,
    ApiToken,
    ExternalIdentity,
    Failures,
    Invitation,
    LoginSession,
    Ticket,
)

TABLES: Final[dict[type[msgspec.Struct], str]] = {
    Account: "account",
    ExternalIdentity: "external_identity",
    LoginSession: "login_session",
    ApiToken: "api_token",
    Invitation: "invitation",
    Ticket: "ticket",
    Failures: "failed_login",
}
"""The table of each kind of value."""
RowT = TypeVar("RowT", bound=msgspec.Struct)


def stamp(at: datetime | None) -> str:
    """An instant so that earlier ones sort before later ones as text; empty for none."""
    return at.astimezone(UTC).isoformat(timespec="microseconds") if at else ""


@cache
def columns(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """The columns of a kind of value."""
    return tuple(field.encode_name for field in structs.fields(kind))


@cache
def select(kind: type[msgspec.Struct], rest: str) -> str:
    """The statement that finds values of a kind; `rest` is what stands after its table."""
    table = TABLES[kind]
    names = ", ".join(f"{table}.{name}" for name in columns(kind))
    return f"SELECT {names} FROM {table} {rest}"  # noqa: S608 (names of ours)


@cache
def insert(kind: type[msgspec.Struct]) -> str:
    """The statement that adds a value, unless what must be unique in it is there already."""
    names, signs = ", ".join(columns(kind)), ", ".join("?" * len(columns(kind)))
    statement = f"INSERT INTO {TABLES[kind]} ({names}) VALUES ({signs})"  # noqa: S608 (of ours)
    return f"{statement} ON CONFLICT DO NOTHING"


def values_of(value: msgspec.Struct) -> tuple[Any, ...]:
    """A value as a row."""
    found = (getattr(value, name) for name in columns(type(value)))
    return tuple(stamp(v) if v is None or isinstance(v, datetime) else v for v in found)


def value(kind: type[RowT], row: Sequence[Any]) -> RowT:
    """A row as a value."""
    found = {name: v or None if name.endswith("_at") else v for name, v in _named(kind, row)}
    return msgspec.convert(found, kind)


def _named(kind: type[msgspec.Struct], row: Sequence[Any]) -> Sequence[tuple[str, Any]]:
    return tuple(zip(columns(kind), row, strict=True))

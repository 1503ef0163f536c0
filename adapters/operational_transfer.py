"""Copying what lies beside the record from one store to another one of either kind.

Each group of tables is copied in one transaction, and only into empty ones: who copies again
after an interruption doubles nothing, and what the target holds already stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from adapters.operational_tables import OperationalTables, TableWriter
from domain.ports.accounts import KEPT_TICKETS

if TYPE_CHECKING:
    from adapters.postgres.store import PostgresStore
    from adapters.sqlite.store import SqliteStore

_MESSAGE: Final = "sha256, mailbox, place, size, whole, taken_at, summary, waits, receipt, settled"
_ACCOUNT: Final = (
    "principal, login, login_key, display_name, email, language, password_hash, code_secret,"
    " code_step, created_at, disabled_at"
)
_INVITATION: Final = (
    "hash, principal, display_name, email, organisation, role, body, seat, invited_by,"
    " created_at, expires_at"
)
MAIL: Final = {
    "incoming": (_MESSAGE, "id"),
    "incoming_place": ("mailbox, place", "mailbox, place"),
    "mailbox": ("name, looked_at, failed_since, because, marker", "name"),
}
"""The tables of messages, each with its columns and the order of its rows; bytes come by
themselves, one message at a time."""
ACCOUNTS: Final = {
    "account": (_ACCOUNT, "principal"),
    "recovery_code": ("principal, hash", "hash"),
    "external_identity": ("issuer, subject, principal, added_at", "principal"),
    "api_token": ("hash, principal, label, scope, created_at, expires_at, used_at", "hash"),
    "invitation": (_INVITATION, "hash"),
    "known_device": ("hash, principal, used_at", "hash"),
    "ticket": ("hash, kind, principal, content, expires_at", "hash"),
}
"""The tables of accounts; sessions end with a move, and so do attempts to log in."""
ONLY: Final = {"ticket": f"WHERE kind IN ({', '.join(map(repr, KEPT_TICKETS))})"}
"""Which rows of a table come along, where some do not."""
DRAFTS: Final = {
    "draft": ("id, owner, organisation, saved, recorded, changed_at, expires_at, json", "id")
}
"""Forms in progress, and what waits for the second of two persons."""


def copy_operational_tables(
    source: SqliteStore | PostgresStore, target: SqliteStore | PostgresStore
) -> Sequence[str]:
    """Copy messages, accounts, drafts, what waits to be decided and the directory; in words, what.

    The outbox stays: a new one tells whom the record does not say that they were told. Raises
    Unavailable.
    """
    said: list[str] = []
    with closing(source.incoming_mail()) as mail, closing(target.incoming_mail()) as new_mail:
        said += _copy_mail(mail, new_mail)
    with closing(source.accounts()) as people, closing(target.accounts()) as new_people:
        said += _copy_tables("accounts", ACCOUNTS, people, new_people)
    with closing(source.drafts()) as drafts, closing(target.drafts()) as new_drafts:
        said += _copy_tables("forms in progress", DRAFTS, drafts, new_drafts)
    pending = source.intake().pending_entries()
    with closing(target.intake()) as intake:
        if pending and not intake.pending_entries():
            intake.keep(pending)
            said.append(f"{len(pending)} responses that are not decided yet")
    directory, new = source.address_book(), target.address_book()
    content = directory.content()
    if content is not None and new.content() is None:
        new.key(directory.key())
        new.put(content)
        for change in directory.changes():
            new.note(change)
        said.append("the directory")
    return said


def _copy_mail(source: OperationalTables, target: OperationalTables) -> Iterator[str]:
    if not _is_wanted("incoming", source, target) and not _is_wanted("mailbox", source, target):
        return
    with target.writing() as writer:
        names = source.read("SELECT sha256 FROM incoming_bytes ORDER BY sha256")
        for (name,) in names:
            for row in source.read(
                "SELECT sha256, bytes FROM incoming_bytes WHERE sha256 = ?", name
            ):
                _insert(writer, "incoming_bytes", "sha256, bytes", row)
        for table, (columns, order) in MAIL.items():
            _copy_rows(table, columns, order, source, writer)
    yield f"{len(names)} messages"


def _copy_tables(
    what: str,
    tables: dict[str, tuple[str, str]],
    source: OperationalTables,
    target: OperationalTables,
) -> Iterator[str]:
    first = next(iter(tables))
    if not _is_wanted(first, source, target):
        return
    with target.writing() as writer:
        counts = [
            _copy_rows(table, columns, order, source, writer)
            for table, (columns, order) in tables.items()
        ]
    yield f"{counts[0]} {what}"


def _is_wanted(table: str, source: OperationalTables, target: OperationalTables) -> bool:
    """Whether the source has rows, and the target none."""
    ((here,),) = source.read(f"SELECT count(*) FROM {table}")  # noqa: S608 (names from above)
    ((there,),) = target.read(f"SELECT count(*) FROM {table}")  # noqa: S608 (names from above)
    return bool(here and not there)


def _copy_rows(
    table: str, columns: str, order: str, source: OperationalTables, writer: TableWriter
) -> int:
    only = ONLY.get(table, "")
    rows = source.read(f"SELECT {columns} FROM {table} {only} ORDER BY {order}")  # noqa: S608 (names from above)
    for row in rows:
        _insert(writer, table, columns, row)
    return len(rows)


def _insert(writer: TableWriter, table: str, columns: str, row: Sequence[Any]) -> None:
    values = [bytes(value) if isinstance(value, memoryview) else value for value in row]
    places = ", ".join("?" * len(values))
    writer.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", values)  # noqa: S608 (names from above)

"""The outbox of a store on PostgreSQL: tables that all processes share."""

from __future__ import annotations

from adapters.mail.outbox import StoredOutbox
from adapters.postgres.operational_tables import PostgresTables


class PostgresOutbox(PostgresTables, StoredOutbox):
    """The outbox in the database: what became of letters is grouped once.

    See `adapters.postgres.outbox_place` for how it begins.
    """

    lock = "placet outbox"

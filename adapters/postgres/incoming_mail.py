"""The messages that came by mail to a store on PostgreSQL: tables that all processes share."""

from __future__ import annotations

from adapters.mail.incoming_store import StoredIncomingMail
from adapters.postgres.operational_tables import PostgresTables


class PostgresIncomingMail(PostgresTables, StoredIncomingMail):
    """The port `IncomingMailStore` in the database: the same message is kept once."""

    lock = "placet incoming mail"

    def exists(self) -> bool:
        """The tables are those of the store."""
        return True

"""The accounts of a store on PostgreSQL: tables that all processes share."""

from __future__ import annotations

from adapters.accounts.tables import StoredAccounts
from adapters.postgres.operational_tables import PostgresTables


class PostgresAccounts(PostgresTables, StoredAccounts):
    """The port `AccountTables` in the database; a lock lets invitations and codes be used once."""

    lock = "placet accounts"

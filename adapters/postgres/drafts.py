"""Drafts of a store on PostgreSQL: a table that all processes share."""

from __future__ import annotations

from adapters.postgres.operational_tables import PostgresTables
from adapters.stored_drafts import StoredDrafts


class PostgresDrafts(PostgresTables, StoredDrafts):
    """The port `DraftStore` in the database."""

    lock = "placet drafts"

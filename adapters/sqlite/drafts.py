"""Drafts of a store in a folder: a small file beside the log."""

from __future__ import annotations

from typing import Final

from adapters.sqlite.operational_tables import TablesFile
from adapters.stored_drafts import StoredDrafts

FILE: Final = "drafts.db"


class DraftsFile(TablesFile, StoredDrafts):
    """The port `DraftStore` in a file of its own, which is made with the first draft."""

    tables = """
    CREATE TABLE draft (
        id TEXT PRIMARY KEY,
        owner TEXT NOT NULL,
        organisation TEXT NOT NULL,
        saved INTEGER NOT NULL,
        recorded INTEGER NOT NULL,
        changed_at TEXT NOT NULL,
        expires_at TEXT NOT NULL,
        json BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX draft_by_owner ON draft (owner, saved, organisation, changed_at);
    CREATE INDEX draft_by_end ON draft (expires_at);
    """

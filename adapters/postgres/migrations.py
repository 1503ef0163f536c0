"""What makes the tables, in numbered steps: a step that was released is never changed."""

from __future__ import annotations

from typing import Final

from adapters.postgres.log_migrations import LOG, PLACES, TEXT_KEYS, VIEWS
from adapters.postgres.operational_migrations import (
    ACCOUNTS,
    DRAFTS,
    INCOMING_MAIL,
    INTAKE,
    OUTBOX,
)

MIGRATIONS: Final = (
    LOG,
    VIEWS,
    PLACES,
    INTAKE,
    OUTBOX,
    ACCOUNTS,
    INCOMING_MAIL,
    TEXT_KEYS,
    DRAFTS,
)
"""The first makes version 1 of the tables out of nothing, each further one the next version."""
SEALED: Final = MIGRATIONS.index(TEXT_KEYS) + 1
"""From this version on the texts of events are sealed."""

"""A store on PostgreSQL that holds a body."""

from __future__ import annotations

from adapters.postgres.store import PostgresStore
from postgres_server import Server, new_store
from story import Story


def with_body(cluster: Server) -> str:
    """The address of a store that holds body `b`."""
    url = new_store(cluster, virtual=True)
    with PostgresStore.open(url) as store:
        Story(store).body()
    return url

"""The address of a PostgreSQL database, and how it is shown without its password."""

from __future__ import annotations

from domain.ports.errors import Unavailable


def is_address(place: object) -> bool:
    """Whether this is the address of a database, rather than a folder."""
    return str(place).startswith(("postgresql://", "postgres://"))


def without_password(place: str) -> str:
    """A folder as it is, an address without its password."""
    return displayable_url(place) if is_address(place) else place


def displayable_url(url: str) -> str:
    """The address without what must not be shown. Raises Unavailable for what is no address."""
    import psycopg  # noqa: PLC0415 (11 MB that a store in a folder does without)
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415 (the same)

    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:  # whose text would show a password
        message = "This is no address of a PostgreSQL database: postgresql://USER@HOST:PORT/NAME."
        raise Unavailable(message) from None
    host, port = parts.get("host", "localhost"), parts.get("port", "5432")
    return f"postgresql://{host}:{port}/{parts.get('dbname', '')}"

"""The address book: how seats and officers are reached. It is no part of the record."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from msgspec import Struct, field


class DirectoryEntry(Struct, frozen=True, kw_only=True):
    """How somebody is reached: in which language, at which addresses."""

    language: str = "en"
    addresses: tuple[str, ...] = ()


SECRETARIAT = "secretariat"
PRESIDING_OFFICER = "presiding officer"
OFFICES = (PRESIDING_OFFICER, SECRETARIAT)
"""Functions that have addresses beside the seats."""


class Directory(Struct, frozen=True):
    """How the seats and the officers of each body are reached, by organisation and body."""

    entries: Mapping[str, Mapping[str, Mapping[str, DirectoryEntry]]] = field(default_factory=dict)

    def entry_of(self, organisation: str, body: str, name: str) -> DirectoryEntry:
        """The entry of a seat or of an office; one without addresses when there is none."""
        return self.entries_of(organisation, body).get(name, DirectoryEntry())

    def entries_of(self, organisation: str, body: str) -> Mapping[str, DirectoryEntry]:
        """All entries of a body, by the name of the seat or office."""
        return self.entries.get(organisation, {}).get(body, {})


class DirectoryChange(Struct, frozen=True, kw_only=True):
    """That an entry was entered, changed or erased, or a whole directory loaded; no address."""

    at: datetime
    """When (UTC)."""
    by: str
    """Who did it: a principal, or how the program was called. No name of a person."""
    what: str
    """entered, changed, erased or loaded"""
    organisation: str = ""
    body: str = ""
    name: str = ""
    """The seat or the office."""


Known = Mapping[str, Mapping[str, Collection[str]]]
"""The seats that there are or were, by organisation and body."""


class AddressBook(Protocol):
    """The address book of one store."""

    def exists(self) -> bool:
        """Whether one was loaded."""

    def read(self) -> Directory:
        """The addresses; none where none were loaded. Raises CaseError for a damaged file."""

    def check(self, path: Path, known: Known | None = None) -> Directory:
        """Read a file, checked against what is known, if given. Raises CaseError."""

    def load(self, path: Path, known: Known, change: DirectoryChange) -> Directory:
        """Put a file in the place of all addresses, and keep the change.

        Raises CaseError and Unavailable.
        """

    def put_entry(self, change: DirectoryChange, entry: DirectoryEntry | None) -> Directory:
        """Enter, change or, with None, erase the entry that a change names, and keep the change.

        The directory before it. Raises CaseError for what is no address, and Unavailable.
        """

    def changes(self) -> Sequence[DirectoryChange]:
        """What was changed, oldest first. Raises Unavailable."""

    def mark(self, address: str) -> str:
        """What the record calls an address: always the same, and it says nothing of it.

        Raises Unavailable.
        """

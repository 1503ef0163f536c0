"""The address book: how seats and officers are reached. It is no part of the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct, field


class Entry(Struct, frozen=True, kw_only=True):
    """How somebody is reached: in which language, at which addresses."""

    language: str = "en"
    addresses: tuple[str, ...] = ()


SECRETARIAT = "secretariat"
PRESIDING_OFFICER = "presiding officer"
OFFICES = (PRESIDING_OFFICER, SECRETARIAT)
"""Functions that have addresses beside the seats."""


class Directory(Struct, frozen=True):
    """How the seats and the officers of each body are reached, by organisation and body."""

    entries: Mapping[str, Mapping[str, Mapping[str, Entry]]] = field(default_factory=dict)

    def of(self, organisation: str, body: str, name: str) -> Entry:
        """The entry of a seat or of an office; one without addresses when there is none."""
        return self.named(organisation, body).get(name, Entry())

    def named(self, organisation: str, body: str) -> Mapping[str, Entry]:
        """All entries of a body, by the name of the seat or office."""
        return self.entries.get(organisation, {}).get(body, {})


class AddressBook(Protocol):
    """Where a store keeps its directory, and the key of the marks by which the record calls
    addresses.
    """

    @property
    def where(self) -> str:
        """What messages about its content call it."""

    def content(self) -> bytes | None:
        """The directory as it was loaded, in YAML; None where none was. Raises Unavailable."""

    def put(self, content: bytes) -> None:
        """Keep this in the place of the directory. Raises Unavailable; then the old one stays."""

    def key(self) -> bytes:
        """The key of marks, the same for all who use the store. Raises Unavailable."""

"""The addresses of seats and officers: kept, checked against the record, and marked in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from domain.decision_context import DecisionContext
from domain.ports.address_book import (
    OFFICES,
    AddressBook,
    Directory,
    DirectoryChange,
    DirectoryEntry,
)
from domain.ports.errors import CaseError
from domain.ports.event_store import EventLog, History
from domain.rules import require


class Addressee(Struct, frozen=True, kw_only=True):
    """Somebody in the directory: a seat, or an office of a body."""

    organisation: str
    body: str
    name: str

    def change(self, what: str, by: str, at: datetime) -> DirectoryChange:
        """What is kept of a change of its entry."""
        return DirectoryChange(
            at=at,
            by=by,
            what=what,
            organisation=self.organisation,
            body=self.body,
            name=self.name,
        )


class Addresses:
    """The address book of one store, beside its record."""

    def __init__(
        self,
        book: AddressBook,
        log: EventLog,
        world_of: Callable[[History], DecisionContext],
        bodies: Callable[[], Mapping[str, Sequence[str]]],
    ) -> None:
        self._book, self._log, self._world_of, self._bodies = book, log, world_of, bodies

    def read(self) -> Directory:
        """How seats and officers are reached. Raises CaseError for a file that is damaged."""
        return self._book.read()

    def read_or_none(self) -> Directory | None:
        """The same; None where none was loaded, and one without addresses if it is damaged."""
        try:
            return self._book.read() if self._book.exists() else None
        except CaseError:
            return Directory()

    def load(self, path: Path, by: str, at: datetime) -> Directory:
        """Put a file in the place of the address book. Raises CaseError and Unavailable."""
        change = DirectoryChange(at=at, by=by, what="loaded")
        return self._book.load(path, self.addressees(), change)

    def put(self, who: Addressee, entry: DirectoryEntry, by: str, at: datetime) -> DirectoryChange:
        """Enter how a seat or an office is reached, in the place of what was said before.

        Raises Refused for a body or a seat that is not in the record, CaseError for what is no
        address, and Unavailable.
        """
        bodies = self.addressees().get(who.organisation, {})
        require("known", who.body in bodies, f"{who.organisation} has no body {who.body}")
        named = (*OFFICES, *bodies[who.body])
        known = f"{who.body} has no seat or office {who.name}; it has {', '.join(named)}"
        require("known", who.name in named, known)
        require("empty", entry.addresses, "say an address, or erase the entry")
        there = who.name in self.read().entries_of(who.organisation, who.body)
        change = who.change("changed" if there else "entered", by, at)
        self._book.put_entry(change, entry)
        return change

    def erase(self, who: Addressee, by: str, at: datetime) -> tuple[str, ...]:
        """Erase an entry; its addresses that no other entry has. Raises Refused for none."""
        there = who.name in self.read().entries_of(who.organisation, who.body)
        require("known", there, f"the directory has no {who.name} of {who.body}")
        before = self._book.put_entry(who.change("erased", by, at), None)
        entry = before.entry_of(who.organisation, who.body, who.name)
        left = {
            address.casefold()
            for bodies in self.read().entries.values()
            for entries in bodies.values()
            for other in entries.values()
            for address in other.addresses
        }
        return tuple(address for address in entry.addresses if address.casefold() not in left)

    def changes(self) -> Sequence[DirectoryChange]:
        """What was changed, by whom and when, oldest first. Raises Unavailable."""
        return self._book.changes()

    def check(self, path: Path) -> Directory:
        """Read a file as one that may be loaded here. Raises CaseError."""
        return self._book.check(path, self.addressees())

    def addressees(self) -> dict[str, dict[str, list[str]]]:
        """The seats that there are or were, by organisation and body."""
        return {name: self._seats(name, bodies) for name, bodies in self._bodies().items()}

    def _seats(self, organisation: str, bodies: Sequence[str]) -> dict[str, list[str]]:
        world = self._world_of(self._log.history(organisation))
        return {
            body: list(dict.fromkeys(term.seat for term in world.body(body).seats))
            for body in bodies
        }

    def mark(self, address: str) -> str:
        """The mark by which the record calls an address. Raises Unavailable."""
        return self._book.mark(address)

    def marks(
        self, organisation: str, window: str, seats: Iterable[str], addresses: Iterable[str]
    ) -> tuple[str, ...]:
        """The marks of addresses of seats of a window. Raises Refused for another address."""
        body = self._world_of(self._log.history(organisation)).window(window).body
        book = self._book.read()
        known = {
            address.casefold()
            for seat in seats
            for address in book.entry_of(organisation, body, seat).addresses
        }
        for address in addresses:
            theirs = address.casefold() in known
            require("known", theirs, f"the directory has no address {address} for these seats")
        return tuple(dict.fromkeys(map(self.mark, addresses)))

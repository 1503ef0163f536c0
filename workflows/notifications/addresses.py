"""The addresses of seats and officers: kept, checked against the record, and marked in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from domain.decision_context import DecisionContext
from domain.ports.address_book import AddressBook, Directory
from domain.ports.errors import CaseError
from domain.ports.event_store import EventLog, History
from domain.rules import require


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

    def load(self, path: Path) -> Directory:
        """Put a file in the place of the address book. Raises CaseError and Unavailable."""
        return self._book.load(path, self.addressees())

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

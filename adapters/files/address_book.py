"""The directory: how seats and officers are reached. It lies beside the log and is no event."""

from __future__ import annotations

import hmac
import os
import secrets
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from difflib import get_close_matches
from email.errors import MessageError
from email.headerregistry import Address
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar

import msgspec

from adapters.files import bounded_files, located_yaml
from adapters.files.field_checks import Checks, shorten, unknown_word
from adapters.files.located_yaml import Lines
from adapters.files.locks import hold_lock, replace_durably
from domain.languages import LANGUAGES
from domain.ports.address_book import (
    OFFICES,
    AddressBook,
    Directory,
    DirectoryChange,
    DirectoryEntry,
    Known,
)
from domain.ports.errors import Unavailable

FILE: Final = "directory.yaml"
KEY: Final = "directory.key"
CHANGES: Final = "directory-changes.jsonl"
LOCK: Final = "directory.lock"
LOCK_SECONDS: Final = 30.0
FIELDS: Final = ("language", "addresses")
LISTED: Final = 20
"""How many known names a message lists at most."""
V = TypeVar("V")


class StoredAddressBook(AddressBook):
    """The address book of any kind of store: a text in YAML, and the key of the marks."""

    where: str
    """What messages about its text call it."""

    @abstractmethod
    def content(self) -> bytes | None:
        """The text as it was loaded; None where none was. Raises CaseError and Unavailable."""

    @abstractmethod
    def put(self, content: bytes) -> None:
        """Keep this text in the place of the other. Raises Unavailable; then the old one stays."""

    @abstractmethod
    def key(self) -> bytes:
        """The key of marks, made when there is none; of two made at once one stays.

        Raises Unavailable when it cannot be made.
        """

    def exists(self) -> bool:
        """Whether one was loaded."""
        return self.content() is not None

    def read(self) -> Directory:
        """The addresses; none where none were loaded. Raises CaseError for a damaged text."""
        content = self.content()
        return Directory() if content is None else _parsed(content, self.where)

    def check(self, path: Path, known: Known | None = None) -> Directory:
        """Read a file, as one of what is known if that is told. Raises CaseError."""
        return read_address_book(path, known)

    @abstractmethod
    def changing(self) -> AbstractContextManager[None]:
        """An exclusive lock for changes of the directory. Raises Unavailable."""

    @abstractmethod
    def note(self, change: DirectoryChange) -> None:
        """Keep what was changed. Raises Unavailable."""

    def load(self, path: Path, known: Known, change: DirectoryChange) -> Directory:
        """Put a file in the place of all addresses, and keep the change.

        Raises CaseError and Unavailable.
        """
        directory = read_address_book(path, known)
        with self.changing():
            self.put(bounded_files.read_file(path))
            self.note(change)
        return directory

    def put_entry(self, change: DirectoryChange, entry: DirectoryEntry | None) -> Directory:
        """Enter, change or, with None, erase the entry that a change names (see the port).

        The text is written again without the comments that it may have had.
        """
        with self.changing():
            before = self.read()
            written = _written(before, change, entry)
            _parsed(written, self.where)
            self.put(written)
            self.note(change)
        return before

    def mark(self, address: str) -> str:
        """What the record calls an address: always the same, and it says nothing of it.

        Addresses can be guessed, so a hash alone would tell them to a person who tries
        some. The key lies beside the addresses; without it marks say nothing. Raises Unavailable.
        """
        return hmac.digest(self._key, address.casefold().encode(), "sha256").hex()[:16]

    @cached_property
    def _key(self) -> bytes:
        return self.key()


def _written(directory: Directory, change: DirectoryChange, entry: DirectoryEntry | None) -> bytes:
    """The text of a directory with one entry changed, or without it."""
    plain = {
        organisation: {body: dict(entries) for body, entries in bodies.items()}
        for organisation, bodies in directory.entries.items()
    }
    entries = plain.setdefault(change.organisation, {}).setdefault(change.body, {})
    entries.pop(change.name, None)
    if entry:
        entries[change.name] = entry
    shown = {
        organisation: {
            body: {
                name: {"language": known.language, "addresses": [*known.addresses]}
                for name, known in entries.items()
            }
            for body, entries in bodies.items()
        }
        for organisation, bodies in plain.items()
    }
    return located_yaml.dump_yaml(shown)


class AddressBookFile(StoredAddressBook):
    """The port `AddressBook`: two files in the home of a store."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.where = str(home / FILE)

    def exists(self) -> bool:
        """Whether one was loaded."""
        return (self._home / FILE).is_file()

    def content(self) -> bytes | None:
        """The text as it was loaded (see the base class)."""
        path = self._home / FILE
        return located_yaml.file_content(path) if path.is_file() else None

    def put(self, content: bytes) -> None:
        """Keep this text in the place of the other (see the base class)."""
        part = self._home / (FILE + ".part")
        try:
            self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.write_bytes(content)
            part.chmod(0o600)
            replace_durably(part, self._home / FILE)
        except OSError as error:
            because = f"cannot take the directory: {error.strerror}"
            raise Unavailable(f"{self._home} {because}.") from error

    @contextmanager
    def changing(self) -> Iterator[None]:
        """While no other process changes the files (see the base class)."""
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with hold_lock(self._home / LOCK, LOCK_SECONDS):
            yield

    def note(self, change: DirectoryChange) -> None:
        """Keep what was changed (see the base class)."""
        path = self._home / CHANGES
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "ab") as file:
                file.write(msgspec.json.encode(change) + b"\n")
        except OSError as error:
            because = f"cannot take what was changed: {error.strerror}"
            raise Unavailable(f"{self._home} {because}.") from error

    def changes(self) -> Sequence[DirectoryChange]:
        """What was changed, oldest first. Raises Unavailable."""
        path = self._home / CHANGES
        try:
            lines = path.read_bytes().splitlines() if path.is_file() else ()
            return [msgspec.json.decode(line, type=DirectoryChange) for line in lines]
        except (OSError, msgspec.DecodeError) as error:
            raise Unavailable(f"{path} cannot be read: {error}.") from error

    def key(self) -> bytes:
        """The key of marks (see the base class)."""
        path = self._home / KEY
        try:
            self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
            with suppress(FileExistsError):
                made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(made, "wb") as file:
                    file.write(new_key())
            return path.read_bytes()
        except OSError as error:
            because = f"cannot take the key of addresses: {error.strerror}"
            raise Unavailable(f"{self._home} {because}.") from error


def new_key() -> bytes:
    """A key for marks of addresses."""
    return secrets.token_bytes(32)


def read_address_book(path: Path, known: Known | None = None) -> Directory:
    """The directory in a file. Raises CaseError, naming the line of what is wrong.

    With what is `known`, a name that is not among it is wrong: letters to it would reach nobody.
    """
    return _parsed(located_yaml.file_content(path), str(path), known)


def _parsed(content: bytes, file: str, known: Known | None = None) -> Directory:
    values, lines = located_yaml.parse_yaml(content, file)
    reader = _Reader(file, lines)
    found: dict[str, dict[str, dict[str, DirectoryEntry]]] = {}
    for organisation, bodies in reader.map(values, ()).items():
        here = reader.known(known, (organisation,), "organisation of this store")
        found[organisation] = {}
        for body, entries in reader.map(bodies, (organisation,)).items():
            seats = reader.known(here, (organisation, body), f"body of {organisation}")
            among = None if seats is None else dict.fromkeys([*OFFICES, *sorted(seats)], True)
            found[organisation][body] = {}
            for name, entry in reader.map(entries, (organisation, body)).items():
                place = (organisation, body, name)
                reader.known(among, place, f"office or seat of {body}")
                found[organisation][body][name] = reader.entry(entry, place)
    return Directory(found)


class _Reader:
    """Reads the values of one file, and knows the line of each."""

    def __init__(self, file: str, lines: Lines) -> None:
        self._file, self._lines = file, lines

    def map(self, value: Any, place: tuple[str, ...]) -> dict[str, Any]:
        if not isinstance(value, dict):
            self._fail(place, "names with what belongs to them are expected here")
        found: dict[str, Any] = value
        return found

    def known(self, among: Mapping[str, V] | None, place: tuple[str, ...], what: str) -> V | None:
        """What is known of the last name of a place; None where nothing is asked."""
        if among is None:
            return None
        name = place[-1]
        if name not in among:
            near = get_close_matches(name, among, n=1, cutoff=0.5)
            meant = f" (did you mean {near[0]}?)" if near else ""
            listed = ", ".join(list(among)[:LISTED]) or "none"
            more = f" and {len(among) - LISTED} more" if len(among) > LISTED else ""
            self._fail(place, f"{name!r} is no {what}{meant}; known are: {listed}{more}")
        return among[name]

    def entry(self, value: Any, place: tuple[str, ...]) -> DirectoryEntry:
        fields = self.map(value, place)
        for name in fields:
            if name not in FIELDS:
                self._fail((*place, name), unknown_word(name, FIELDS, "field"))
        language = fields.get("language", "en")
        if language not in LANGUAGES:
            self._fail((*place, "language"), f"write one of {', '.join(LANGUAGES)}")
        addresses = fields.get("addresses", [])
        if not isinstance(addresses, list):
            self._fail((*place, "addresses"), "a list of addresses is expected here")
        for number, address in enumerate(addresses):
            if not _is_address(address):
                self._fail((*place, "addresses", number), f"{shorten(address)} is no mail address")
        return DirectoryEntry(language=language, addresses=tuple(dict.fromkeys(addresses)))

    def _fail(self, place: tuple[str | int, ...], what: str) -> NoReturn:
        Checks(self._file, self._lines).fail(place, what)


def _is_address(text: object) -> bool:
    """Whether it is a plain address of ASCII characters, as every mail server takes it."""
    if not isinstance(text, str) or not text.isascii() or not text.isprintable():
        return False
    try:
        parsed = Address(addr_spec=text)
    except (ValueError, MessageError, IndexError):
        return False
    return bool(parsed.username and parsed.domain) and " " not in text

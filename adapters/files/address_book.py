"""The directory: how seats and officers are reached. It lies beside the log and is no event."""

from __future__ import annotations

import hmac
import os
import secrets
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec

from adapters.files import bounded_files, directory_text, located_yaml
from adapters.files.locks import hold_lock, replace_durably
from domain.ports.address_book import (
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
    def key(self, given: bytes | None = None) -> bytes:
        """The key of marks, made when there is none; of two made at once one stays.

        Where there is none the one that is given is kept, as for a copy of a store.

        Raises Unavailable when it cannot be made.
        """

    def exists(self) -> bool:
        """Whether one was loaded."""
        return self.content() is not None

    def read(self) -> Directory:
        """The addresses; none where none were loaded. Raises CaseError for a damaged text."""
        content = self.content()
        return Directory() if content is None else directory_text.parse(content, self.where)

    def check(self, path: Path, known: Known | None = None) -> Directory:
        """Read a file, as one of what is known if that is told. Raises CaseError."""
        return directory_text.read_file(path, known)

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
        directory = directory_text.read_file(path, known)
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
            written = directory_text.write(before, change, entry)
            directory_text.parse(written, self.where)
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

    def key(self, given: bytes | None = None) -> bytes:
        """The key of marks (see the base class)."""
        path = self._home / KEY
        try:
            self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
            with suppress(FileExistsError):
                made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(made, "wb") as file:
                    file.write(given or new_key())
            return path.read_bytes()
        except OSError as error:
            because = f"cannot take the key of addresses: {error.strerror}"
            raise Unavailable(f"{self._home} {because}.") from error


def new_key() -> bytes:
    """A key for marks of addresses."""
    return secrets.token_bytes(32)

"""The directory: how seats and officers are reached. It lies beside the log and is no event."""

from __future__ import annotations

from email.errors import MessageError
from email.headerregistry import Address
from pathlib import Path
from typing import Any, Final, NoReturn

from adapters import marked, plainfiles
from adapters.fieldchecks import Checks, shown, unknown
from adapters.filelocks import put
from adapters.marked import Lines
from domain.notices import Directory, Entry
from domain.ports import Unavailable

FILE: Final = "directory.yaml"
LANGUAGES: Final = ("ar", "zh", "en", "fr", "ru", "es")
"""The languages in which letters can be written."""


def read(path: Path) -> Directory:
    """The directory in a file. Raises CaseError, naming the line of what is wrong."""
    told, lines = marked.load(path)
    reader = _Reader(str(path), lines)
    found: dict[str, dict[str, dict[str, Entry]]] = {}
    for organisation, bodies in reader.map(told, ()).items():
        found[organisation] = {}
        for body, entries in reader.map(bodies, (organisation,)).items():
            found[organisation][body] = {
                name: reader.entry(entry, (organisation, body, name))
                for name, entry in reader.map(entries, (organisation, body)).items()
            }
    return Directory(found)


def of_store(folder: Path) -> Directory:
    """The directory of a store; an empty one where none was loaded. Raises CaseError."""
    return read(folder / FILE) if (folder / FILE).is_file() else Directory()


def load(path: Path, folder: Path) -> Directory:
    """Put a file in the place of a store's directory, if it can be read as one.

    Raises CaseError, and Unavailable when the folder cannot be written; then the old one stays.
    """
    directory = read(path)
    part = folder / (FILE + ".part")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.write_bytes(plainfiles.content(path))
        part.chmod(0o600)
        put(part, folder / FILE)
    except OSError as error:
        raise Unavailable(f"{folder} cannot take the directory: {error.strerror}.") from error
    return directory


class _Reader:
    """Reads the values of one file, and knows the line of each."""

    def __init__(self, file: str, lines: Lines) -> None:
        self._file, self._lines = file, lines

    def map(self, value: Any, place: tuple[str, ...]) -> dict[str, Any]:
        if not isinstance(value, dict):
            self._fail(place, "names with what belongs to them are expected here")
        found: dict[str, Any] = value
        return found

    def entry(self, value: Any, place: tuple[str, ...]) -> Entry:
        told = self.map(value, place)
        strange = next((name for name in told if name not in {"language", "addresses"}), None)
        if strange is not None:
            self._fail((*place, strange), unknown(strange, ("language", "addresses"), "field"))
        language = told.get("language", "en")
        if language not in LANGUAGES:
            self._fail((*place, "language"), f"write one of {', '.join(LANGUAGES)}")
        addresses = told.get("addresses", [])
        if not isinstance(addresses, list):
            self._fail((*place, "addresses"), "a list of addresses is expected here")
        for number, address in enumerate(addresses):
            if not _is_address(address):
                self._fail((*place, "addresses", number), f"{shown(address)} is no mail address")
        return Entry(language=language, addresses=tuple(dict.fromkeys(addresses)))

    def _fail(self, place: tuple[str | int, ...], what: str) -> NoReturn:
        Checks(self._file, self._lines).fail(place, what)


def _is_address(text: object) -> bool:
    """Whether it is a plain address of ASCII characters, as every mail server takes it."""
    if not isinstance(text, str) or not text.isascii() or not text.isprintable():
        return False
    try:
        told = Address(addr_spec=text)
    except (ValueError, MessageError, IndexError):
        return False
    return bool(told.username and told.domain) and " " not in text

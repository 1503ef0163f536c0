"""The directory as a text in YAML, as people write it and as it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from email.errors import MessageError
from email.headerregistry import Address
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar

from adapters.files import located_yaml
from adapters.files.field_checks import Checks, shorten, unknown_word
from adapters.files.located_yaml import Lines
from domain.languages import LANGUAGES
from domain.ports.address_book import OFFICES, Directory, DirectoryChange, DirectoryEntry, Known

FIELDS: Final = ("language", "addresses")
LISTED: Final = 20
"""How many known names a message lists at most."""
V = TypeVar("V")


def read_file(path: Path, known: Known | None = None) -> Directory:
    """The directory in a file. Raises CaseError, naming the line of what is wrong.

    With what is `known`, a name that is not among it is wrong: letters to it would reach nobody.
    """
    return parse(located_yaml.file_content(path), str(path), known)


def parse(content: bytes, file: str, known: Known | None = None) -> Directory:
    """The directory in this text, of the file that faults name. Raises CaseError as above."""
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


def write(directory: Directory, change: DirectoryChange, entry: DirectoryEntry | None) -> bytes:
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

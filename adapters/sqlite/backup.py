"""Backups of a store in a folder: what of it is copied, in which order, and proved by a manifest.

A backup has two parts: the log, in which no text is that can be erased, and all that lies beside
it and holds personal data or secrets. Both may lie in one folder, or apart; then the second part
can be replaced within the time in which an erased text has to be gone. See decision 48.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from adapters.eventstore.program_version import program_version
from adapters.files.address_book import CHANGES, KEY
from adapters.files.address_book import FILE as DIRECTORY
from adapters.files.high_water_marks import FILE as SEEN
from adapters.keys.keyring import FOLDER as SIGNING_KEYS
from adapters.sqlite.accounts import FILE as ACCOUNTS
from adapters.sqlite.connections import Connections
from adapters.sqlite.drafts import FILE as DRAFTS
from adapters.sqlite.errors import translate_errors
from adapters.sqlite.incoming_mail import FILE as INCOMING_MAIL
from adapters.sqlite.incoming_mail import IncomingMailFile
from adapters.sqlite.intake import ATTEMPTS_FILE as ATTEMPTS
from adapters.sqlite.intake import FILE as INTAKE
from adapters.sqlite.outbox import FILE as OUTBOX
from adapters.sqlite.schema import LOG
from adapters.sqlite.text_keys import FILE as TEXT_KEYS
from domain.ports.accounts import KEPT_TICKETS
from domain.ports.errors import Unavailable

MANIFEST: Final = "backup.json"
"""The manifest. Where it lies in the folder of a store, that store was restored from a backup."""
BEFORE: Final = (INTAKE, ATTEMPTS, DRAFTS, INCOMING_MAIL, OUTBOX)
"""What hands something over to the log, or follows it, is copied before it: then the log holds
whatever is noted there as recorded, and what is not noted yet is found by its command id."""
AFTER: Final = (ACCOUNTS, DIRECTORY, KEY, CHANGES)
"""What the log refers to is copied after it, as are the keys of its texts."""
_ENDED: Final = (
    "DELETE FROM login_session",
    f"DELETE FROM ticket WHERE kind NOT IN ({', '.join(map(repr, KEPT_TICKETS))})",  # noqa: S608 (constants)
)
"""What of the accounts a backup leaves out: no old session shall be in force again."""


class CopiedFile(Struct, frozen=True):
    """A file as it was copied."""

    sha256: str
    size: int


class Manifest(Struct, frozen=True, kw_only=True):
    """What a part of a backup holds: its files with their hashes, and how far its log reaches."""

    format: int = 1
    id: str
    """The same in both parts of a backup."""
    made_at: datetime
    """When the copy began, in UTC."""
    program: str
    positions: Mapping[str, int]
    """The last position of each organisation."""
    files: Mapping[str, CopiedFile]


CopyLog = Callable[[Path, Path], Mapping[str, int]]
"""Copies the log into one folder and the keys of its texts into another; its last positions."""


def write_backup(folder: Path, target: Path, apart: Path | None, copy_log: CopyLog) -> None:
    """Copy a store, also while it is served, into new folders. Raises Unavailable; then none is
    there.

    Without `apart` all of it lies in one folder.
    """
    places = [target, *([apart] if apart else [])]
    second, made_at, name = apart or target, datetime.now(UTC), secrets.token_hex(8)
    with _new_folders(places):
        for file in BEFORE:
            _copy(folder / file, second / file)
        positions = copy_log(target, second)
        for file in AFTER:
            _copy(folder / file, second / file)
        _end_sessions(second / ACCOUNTS)
        _copy_signing_keys(folder / SIGNING_KEYS, second / SIGNING_KEYS)
        for place in places:
            manifest = Manifest(
                id=name,
                made_at=made_at,
                program=program_version(),
                positions=positions,
                files={str(path.relative_to(place)): _hashed(path) for path in _files(place)},
            )
            _write(place / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))


def restore_backup(source: Path, apart: Path | None, target: Path, broken: Path | None) -> None:
    """Make a store from a backup, each file proved by the manifest, in a folder that is not there.

    `apart` is the second part: the one that was made with the first, or a newer one. `broken` is
    the folder of the store that it replaces: its marks come along, which tell what is missing.
    Raises Unavailable; then no folder is there.
    """
    first = read_manifest(source)
    second = read_manifest(apart) if apart else first
    if LOG not in first.files:
        raise Unavailable(f"{source} is not the part of a backup that holds the log.")
    if TEXT_KEYS not in second.files and _names_keys(source / LOG):
        raise Unavailable(
            f"{source} holds no keys of texts: name the folder where the other part is (--apart)."
        )
    if second.made_at < first.made_at:
        raise Unavailable(f"{apart} is older than {source}: keys of its texts would be missing.")
    with _new_folders([target]):
        for place, manifest in {source: first, apart or source: second}.items():
            for file, copied in manifest.files.items():
                _restore(place / file, copied, target / file)
        if broken and (broken / SEEN).is_file():
            _copy_bytes(broken / SEEN, target / SEEN)
        if second.id != first.id:
            _reopen_messages(target, first.positions)
        _copy_bytes(source / MANIFEST, target / MANIFEST)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a part of a backup. Raises Unavailable."""
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError as error:
        raise Unavailable(f"{folder} is no backup: it has no {MANIFEST}.") from error
    except (OSError, msgspec.DecodeError) as error:
        raise Unavailable(f"{folder / MANIFEST} cannot be read: {error}.") from error
    if manifest.format != 1:
        raise Unavailable(f"{folder} was written by a newer version of Placet: use that one.")
    return manifest


def _names_keys(log: Path) -> bool:
    """Whether any text of a log is sealed."""
    with translate_errors(log), closing(sqlite3.connect(f"file:{log}?mode=ro", uri=True)) as found:
        sql = "SELECT 1 FROM event WHERE instr(state, CAST('\"sealed\":{' AS BLOB)) LIMIT 1"
        return found.execute(sql).fetchone() is not None


def _copy(source: Path, target: Path) -> None:
    """Copy a file as it stands at one moment, if it is there; of a database what it holds."""
    if not source.is_file():
        return
    if source.suffix != ".db":
        _copy_bytes(source, target)
        return
    connections = Connections(source, read_only=True)
    with closing(connections), translate_errors(target):
        _private(target)
        connections.reader.execute("VACUUM INTO ?", (str(target),))
        with closing(sqlite3.connect(target, isolation_level=None)) as copy:
            ((found,),) = copy.execute("PRAGMA integrity_check(1)").fetchall()
            if found != "ok":
                raise Unavailable(f"{source} is damaged: {found}.")
            copy.execute("PRAGMA journal_mode=WAL")


def _end_sessions(accounts: Path) -> None:
    if accounts.is_file():
        with translate_errors(accounts), closing(sqlite3.connect(accounts)) as copy, copy:
            copy.execute("PRAGMA secure_delete=ON")
            for statement in _ENDED:
                copy.execute(statement)


def _copy_signing_keys(source: Path, target: Path) -> None:
    if not source.is_dir():
        return
    with _translated(target):
        target.mkdir(mode=0o700)
    for file in source.iterdir():
        if file.suffix in {".pem", ".json"}:
            _copy_bytes(file, target / file.name)


def _reopen_messages(folder: Path, positions: Mapping[str, int]) -> None:
    """Let messages wait again that were registered after the log ended."""
    with closing(IncomingMailFile(folder / INCOMING_MAIL)) as mail:
        for message in mail.messages():
            if (then := message.as_of(positions)) != message:
                mail.settle(then)


# --- Files ----------------------------------------------------------------------------------------


@contextmanager
def _new_folders(folders: Sequence[Path]) -> Iterator[None]:
    """New folders that only their owner can read; none of them is left after a failure."""
    made: list[Path] = []
    try:
        for folder in folders:
            try:
                folder.mkdir(mode=0o700, parents=True)
            except OSError as error:
                raise Unavailable(f"{folder} cannot take a backup: {error.strerror}.") from error
            made.append(folder)
        yield
        for folder in folders:
            _sync(folder)
    except OSError as error:
        _remove(made)
        raise Unavailable(f"{folders[0]} cannot be made: {error.strerror or error}.") from error
    except BaseException:
        _remove(made)
        raise


def _remove(folders: Sequence[Path]) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _hashed(path: Path) -> CopiedFile:
    with _translated(path), path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return CopiedFile(found, path.stat().st_size)


def _restore(source: Path, copied: CopiedFile, target: Path) -> None:
    with _translated(target):
        target.parent.mkdir(mode=0o700, exist_ok=True)
    _copy_bytes(source, target)
    if _hashed(target) != copied:
        raise Unavailable(f"{source} is not what the manifest says: it is damaged or was changed.")


def _copy_bytes(source: Path, target: Path) -> None:
    with _translated(source):
        _private(target)
        with source.open("rb") as read, target.open("r+b") as written:
            shutil.copyfileobj(read, written)


def _write(path: Path, content: bytes) -> None:
    with _translated(path):
        _private(path)
        path.write_bytes(content)
        _hashed(path)


def _private(path: Path) -> None:
    """Make an empty file that only its owner can read."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _sync(folder: Path) -> None:
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Raise Unavailable for what the system refuses."""
    try:
        yield
    except OSError as error:
        raise Unavailable(f"{path} cannot be copied: {error.strerror or error}.") from error

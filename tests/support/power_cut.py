"""A disk as a power cut would leave it, from what was done to its files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from random import Random

from sqlite_io_spy import IoOperation

SECTOR = 512
OUTCOMES = ("nothing", "everything", "some", "some, and torn", "some, and torn")
"""What becomes of that which was not synced yet."""


class File:
    """A file: what of it is sure, and what was done to it since its last sync."""

    def __init__(self, content: bytes = b"", *, journal: bool = False) -> None:
        self.sure, self.pending = bytearray(content), list[IoOperation]()
        self.journal = journal

    def sync(self) -> None:
        """All that was done to it is sure from now on."""
        for entry in self.pending:
            _apply(self.sure, entry)
        self.pending.clear()

    def left(self, chance: Random) -> bytes:
        """What a power cut leaves: each write since the last sync is there, lost or torn."""
        content, mood = bytearray(self.sure), chance.choice(OUTCOMES)
        for entry in self.pending:
            if mood == "everything" or (mood.startswith("some") and chance.random() < 0.5):
                for part in _torn(entry, chance) if mood.endswith("torn") else [entry]:
                    _apply(content, part)
        return bytes(content)


class Disk:
    """A folder on a disk that reorders what was not synced, within files and among names."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._names = {name: File(content) for name, content in files.items()}
        self._sure_names = [dict(self._names)]

    def do(self, operation: IoOperation) -> None:
        """Let this be done; what somebody was told is no matter of the disk."""
        match operation.what:
            case "open":
                self._name(operation.file, File(journal=bool(operation.number)))
            case "delete":
                self._name(operation.file, None)
                if operation.number:
                    del self._sure_names[:-1]
            case "sync":
                self._names[operation.file].sync()
                if self._names[operation.file].journal:
                    self._names[operation.file].journal = False
                    del self._sure_names[:-1]
            case "write" | "truncate":
                self._names[operation.file].pending.append(operation)

    def cut(self, folder: Path, chance: Random) -> None:
        """Write what is left after a power cut now; the names as they stood at any time since."""
        folder.mkdir()
        for name, file in chance.choice(self._sure_names).items():
            (folder / name).write_bytes(file.left(chance))

    def _name(self, name: str, file: File | None) -> None:
        self._names = {key: entry for key, entry in self._names.items() if key != name}
        if file:
            self._names[name] = file
        self._sure_names.append(self._names)


def _apply(content: bytearray, operation: IoOperation) -> None:
    if operation.what == "truncate":
        del content[operation.number :]
        return
    end = operation.number + len(operation.content)
    content.extend(bytes(max(0, operation.number - len(content))))
    content[operation.number : end] = operation.content


def _torn(operation: IoOperation, chance: Random) -> Iterable[IoOperation]:
    """Some of the sectors of a write; one of those that got lost may hold anything."""
    if operation.what == "truncate":
        return [operation]
    return [
        IoOperation("write", operation.file, operation.number + start, content)
        for start, content in _sectors(operation)
        for content in _fate(content, chance)
    ]


def _sectors(operation: IoOperation) -> Sequence[tuple[int, bytes]]:
    first = SECTOR - operation.number % SECTOR
    starts = [0, *range(first, len(operation.content), SECTOR)]
    ends = [*starts[1:], len(operation.content)]
    return [(start, operation.content[start:end]) for start, end in zip(starts, ends, strict=True)]


def _fate(content: bytes, chance: Random) -> Sequence[bytes]:
    manner = chance.choice(("written", "written", "lost", "lost", "garbage"))
    return {"written": [content], "lost": [], "garbage": [chance.randbytes(len(content))]}[manner]

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
        for one in self.pending:
            _apply(self.sure, one)
        self.pending.clear()

    def left(self, chance: Random) -> bytes:
        """What a power cut leaves: each write since the last sync is there, lost or torn."""
        content, mood = bytearray(self.sure), chance.choice(OUTCOMES)
        for one in self.pending:
            if mood == "everything" or (mood.startswith("some") and chance.random() < 0.5):
                for part in _torn(one, chance) if mood.endswith("torn") else [one]:
                    _apply(content, part)
        return bytes(content)


class Disk:
    """A folder on a disk that reorders what was not synced, within files and among names."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._names = {name: File(content) for name, content in files.items()}
        self._sure_names = [dict(self._names)]

    def do(self, one: IoOperation) -> None:
        """Let this be done; what somebody was told is no matter of the disk."""
        match one.what:
            case "open":
                self._name(one.file, File(journal=bool(one.number)))
            case "delete":
                self._name(one.file, None)
                if one.number:
                    del self._sure_names[:-1]
            case "sync":
                self._names[one.file].sync()
                if self._names[one.file].journal:
                    self._names[one.file].journal = False
                    del self._sure_names[:-1]
            case "write" | "truncate":
                self._names[one.file].pending.append(one)

    def cut(self, folder: Path, chance: Random) -> None:
        """Write what is left after a power cut now; the names as they stood at any time since."""
        folder.mkdir()
        for name, file in chance.choice(self._sure_names).items():
            (folder / name).write_bytes(file.left(chance))

    def _name(self, name: str, file: File | None) -> None:
        self._names = {key: one for key, one in self._names.items() if key != name}
        if file:
            self._names[name] = file
        self._sure_names.append(self._names)


def _apply(content: bytearray, one: IoOperation) -> None:
    if one.what == "truncate":
        del content[one.number :]
        return
    end = one.number + len(one.content)
    content.extend(bytes(max(0, one.number - len(content))))
    content[one.number : end] = one.content


def _torn(one: IoOperation, chance: Random) -> Iterable[IoOperation]:
    """Some of the sectors of a write; one of those that got lost may hold anything."""
    if one.what == "truncate":
        return [one]
    return [
        IoOperation("write", one.file, one.number + start, content)
        for start, content in _sectors(one)
        for content in _fate(content, chance)
    ]


def _sectors(one: IoOperation) -> Sequence[tuple[int, bytes]]:
    first = SECTOR - one.number % SECTOR
    starts = [0, *range(first, len(one.content), SECTOR)]
    ends = [*starts[1:], len(one.content)]
    return [(start, one.content[start:end]) for start, end in zip(starts, ends, strict=True)]


def _fate(content: bytes, chance: Random) -> Sequence[bytes]:
    way = chance.choice(("written", "written", "lost", "lost", "garbage"))
    return {"written": [content], "lost": [], "garbage": [chance.randbytes(len(content))]}[way]

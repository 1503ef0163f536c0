"""What SQLite does to its files, heard beneath the real driver.

The library that the module `sqlite3` uses is told, through its C interface, to open files by a
way of our own: the system's own way, but for writing, shortening, syncing and deleting, which are
noted after they are done. Nothing of the program or of its driver is replaced.
"""

from __future__ import annotations

import ctypes
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, Structure, byref, c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

JOURNALS = 0x00000800 | 0x00080000
"""Flags of a journal and of a write-ahead log: the first sync of a new one syncs its folder too."""

_OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_DELETE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int)
_WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNC = CFUNCTYPE(c_int, c_void_p, c_int)


class _Vfs(Structure):
    """How files are reached: the structure `sqlite3_vfs`."""

    _fields_ = (
        ("version", c_int),
        ("size_of_file", c_int),
        ("longest_path", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", _OPEN),
        ("delete", _DELETE),
        ("others", c_void_p * 13),
    )


class _Methods(Structure):
    """What can be done to an open file: the structure `sqlite3_io_methods`."""

    _fields_ = (
        ("version", c_int),
        ("close", c_void_p),
        ("read", c_void_p),
        ("write", _WRITE),
        ("truncate", _TRUNCATE),
        ("sync", _SYNC),
        ("others", c_void_p * 13),
    )


@dataclass(frozen=True)
class IoOperation:
    """One thing that was done to a file, or said.

    `what` is "open" (a file that was not there, `number` 1 for a journal), "write" (`content` at
    the offset `number`), "truncate" (to the length `number`), "sync", "delete" (`number` 1: the
    folder was synced too), or "said" (the program told somebody that `file` is done).
    """

    what: str
    file: str
    number: int = 0
    content: bytes = b""


class IoLog:
    """Everything that was done to the files in one folder, in order."""

    def __init__(self, folder: Path) -> None:
        self.done: list[IoOperation] = []
        self._folder = str(folder.resolve())
        self._library = _library()
        self._real = _Vfs.from_address(self._library.sqlite3_vfs_find(None))
        self._files: dict[int, str] = {}
        self._kept: dict[int, tuple[_Methods, _Methods]] = {}
        self._vfs = _Vfs.from_buffer_copy(self._real)
        self._vfs.name = b"placet-heard"
        self._vfs.open, self._vfs.delete = _OPEN(self._open), _DELETE(self._delete)

    def say(self, what: str) -> None:
        """Note that somebody was told that this is done."""
        self.done.append(IoOperation("said", what))

    def begin(self) -> None:
        """From now on files are opened in this way."""
        self._library.sqlite3_vfs_register(byref(self._vfs), 1)

    def end(self) -> None:
        """Files are opened in the system's way again."""
        self._library.sqlite3_vfs_register(byref(self._real), 1)
        self._library.sqlite3_vfs_unregister(byref(self._vfs))

    def _open(self, manner: int, name: int | None, file: int, flags: int, out: int | None) -> int:
        path = _text(name)
        new = bool(path) and not os.path.exists(path)  # noqa: PTH110 (it is a C string)
        code: int = self._real.open(manner, name, file, flags, out)
        if code == sqlite3.SQLITE_OK and path.startswith(self._folder):
            self._files[file] = Path(path).name
            if new:
                self.done.append(IoOperation("open", self._files[file], bool(flags & JOURNALS)))
            methods = c_void_p.from_address(file)
            methods.value = ctypes.addressof(self._methods(methods.value or 0))
        return code

    def _methods(self, address: int) -> _Methods:
        """The same methods, but for those that are heard."""
        if address not in self._kept:
            real = _Methods.from_address(address)
            ours = _Methods.from_buffer_copy(real)
            self._kept[address] = ours, real

            def write(file: int, buffer: int, size: int, offset: int) -> int:
                content = ctypes.string_at(buffer, size)
                return self._after(real.write(file, buffer, size, offset), file, offset, content)

            def truncate(file: int, size: int) -> int:
                return self._after(real.truncate(file, size), file, size, what="truncate")

            def sync(file: int, flags: int) -> int:
                return self._after(real.sync(file, flags), file, what="sync")

            ours.write, ours.truncate, ours.sync = _WRITE(write), _TRUNCATE(truncate), _SYNC(sync)
        return self._kept[address][0]

    def _after(
        self, code: int, file: int, number: int = 0, content: bytes = b"", *, what: str = "write"
    ) -> int:
        if code == sqlite3.SQLITE_OK:
            self.done.append(IoOperation(what, self._files[file], number, content))
        return code

    def _delete(self, manner: int, name: int, sync_folder: int) -> int:
        code: int = self._real.delete(manner, name, sync_folder)
        if code == sqlite3.SQLITE_OK and _text(name).startswith(self._folder):
            self.done.append(IoOperation("delete", Path(_text(name)).name, sync_folder))
        return code


def _text(address: int | None) -> str:
    """The text at an address; SQLite keeps more behind it, so that the address is what goes on."""
    return ctypes.string_at(address).decode() if address else ""


@contextmanager
def record_io(folder: Path) -> Iterator[IoLog]:
    """Hear what is done to the files in a folder by those who open them meanwhile."""
    hearing = IoLog(folder)
    hearing.begin()
    try:
        yield hearing
    finally:
        hearing.end()


def _library() -> Any:
    """The very library that the module `sqlite3` uses. Where it is out of reach, CI fails."""
    import _sqlite3

    try:
        library = ctypes.CDLL(getattr(_sqlite3, "__file__", None))
        library.sqlite3_vfs_find.restype = c_void_p
    except (OSError, AttributeError):
        reason = "the library of the module sqlite3 cannot be reached through its C interface"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return library

"""What the operating system does for files: locks that end with their process, lasting names."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from domain.ports.errors import Unavailable

if sys.platform == "win32":
    import msvcrt

    def _seize(handle: int) -> None:
        os.lseek(handle, 2**30, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def _free(handle: int) -> None:
        os.lseek(handle, 2**30, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _seize(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _free(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


def try_lock(path: Path) -> int | None:
    """A handle that holds the lock until it is closed; None when another one holds it.

    Raises Unavailable where no lock can be made, as in a folder that cannot be written.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise Unavailable(f"{path} cannot be written: {error.strerror}.") from error
    try:
        _seize(handle)
    except OSError:
        os.close(handle)
        return None
    return handle


def try_lock_folder(path: Path) -> int | None:
    """The same for a folder itself, which nobody deletes by mistake beside what is in it.

    Where the system locks no folders, a handle that locks nothing.
    """
    if sys.platform == "win32":
        return os.open(os.devnull, os.O_RDONLY)
    handle = os.open(path, os.O_RDONLY)
    try:
        _seize(handle)
    except BlockingIOError:
        os.close(handle)
        return None
    except OSError:  # as on some network file systems
        pass
    return handle


@contextmanager
def hold_lock(path: Path, timeout: float) -> Iterator[None]:
    """Hold the lock for a while. Raises Unavailable when it is not free within `patience` s."""
    lock = FileLock(path)
    try:
        lock.acquire(timeout)
        yield
    finally:
        lock.close()


class FileLock:
    """A lock that is taken often: its file stays open in between.

    It keeps processes apart, not the threads of one, which take turns in another way.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def hold(self, timeout: float) -> AbstractContextManager[None]:
        """Hold the lock for a while, as the function `held` does."""
        return _Held(self, timeout)

    def acquire(self, timeout: float) -> None:
        """Take the lock. Raises Unavailable when it is not free within `patience` s."""
        until = time.monotonic() + timeout
        while not self._seized():
            if time.monotonic() > until:
                because = f"held by another process for over {timeout:.0f} seconds"
                raise Unavailable(f"{self._path} is {because}.")
            time.sleep(0.001)

    def release(self) -> None:
        """Let the lock go."""
        if self._handle is not None:
            _free(self._handle)

    def close(self) -> None:
        """Close the file; a later use opens it again."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __del__(self) -> None:
        with suppress(OSError):
            self.close()

    def _seized(self) -> bool:
        """Whether the lock could be taken.

        A file that was deleted meanwhile locks nobody else out, so that it is left.
        """
        if self._handle is None:
            self._handle = try_lock(self._path)
            return self._handle is not None
        try:
            _seize(self._handle)
        except OSError:
            return False
        if not os.fstat(self._handle).st_nlink:
            self.close()
            return self._seized()
        return True


class _Held:
    """While it is entered, the lock is held."""

    def __init__(self, lock: FileLock, timeout: float) -> None:
        self._lock, self._timeout = lock, timeout

    def __enter__(self) -> None:
        self._lock.acquire(self._timeout)

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def replace_durably(part: Path, path: Path) -> None:
    """Give a finished file its name, in place of any other, so that a power cut keeps it there."""
    part.replace(path)
    if sys.platform != "win32":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def archive_file(file: Path, now: datetime) -> None:
    """Archive a file that is not used any more: give it a name that says since when."""
    archived = archive_name(file, now)
    for ending in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            file.with_name(file.name + ending).rename(archived.with_name(archived.name + ending))


def archive_name(file: Path, now: datetime) -> Path:
    """The name that a file gets when it is archived now, such as `outbox-20260302T120000.db`."""
    return file.with_name(f"{file.stem}-{now:%Y%m%dT%H%M%S}{file.suffix}")

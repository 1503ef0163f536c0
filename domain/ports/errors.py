"""What may go wrong outside: errors that every adapter raises alike."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

LONGEST_FIELD: Final = 200
LONGEST_MESSAGE: Final = 2000
"""How many characters of a field's name and of a message are shown; files hold anything."""


class VersionConflict(Exception):
    """A stream that the decision relied upon has moved on. Decide again on its new state."""


class TooLarge(Exception):
    """An event is over the cap. Large contents belong into the content store."""


class Unavailable(Exception):
    """The store cannot be read or written now (full disk, damage, lock); nothing was changed."""


class Unreadable(Unavailable):
    """Something in the store is damaged, or of a kind that this program does not know.

    It stays so until the store or the program is repaired; all that does not need it goes on.
    `stream` and `position` say which event it is; empty and 0 for a content.
    """

    def __init__(self, message: str, *, stream: str = "", position: int = 0) -> None:
        super().__init__(message)
        self.stream, self.position = stream, position


class ParkedStream(Struct, frozen=True, kw_only=True):
    """A stream that a follower cannot read: it made nothing of the events from `position` on."""

    organisation: str
    stream: str
    position: int
    because: str


class UnknownCommitOutcome(Unavailable):
    """The store fell silent while it was written to. Say the same again under the same id."""


class CaseError(Exception):
    """A file that people wrote (case, calendar, addresses) cannot be read; says where."""

    def __init__(self, file: str, line: int, field: str, what: str) -> None:
        field, what = field[:LONGEST_FIELD], what[:LONGEST_MESSAGE]
        super().__init__(f"{file}:{line}: {field}: {what}" if field else f"{file}:{line}: {what}")


class MalformedValue(ValueError):
    """A value does not have the type that it should have; the message says where and why."""

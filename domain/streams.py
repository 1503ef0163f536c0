"""The seven kinds of stream, and how one stream is named."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class StreamKind(StrEnum):
    """The seven kinds of stream; each has its own fence of versions."""

    BODY = "body"
    SESSION = "session"
    AGENDA = "agenda"
    WINDOW = "window"
    DOCUMENT = "document"
    SYMBOL = "symbol"
    ORGANISATION = "organisation"


class Stream(Struct, frozen=True, order=True, cache_hash=True):
    """One history under one fence, such as `agenda/wg7-10`, inside one organisation."""

    kind: StreamKind
    id: str

    def __str__(self) -> str:
        return self.kind + "/" + self.id

    @classmethod
    def parse(cls, text: str) -> Stream:
        """Read `kind/id`. Raises ValueError for an unknown kind or an empty id."""
        kind, _, name = text.partition("/")
        if not name:
            raise ValueError(f"{text!r} is not a stream: write kind/id, such as agenda/wg7-10")
        if kind not in {*StreamKind}:
            raise ValueError(f"{text!r} is not a stream: a kind is one of {', '.join(StreamKind)}")
        return cls(StreamKind(kind), name)

"""The port that makes values plain, and values of what is plain."""

from __future__ import annotations

from typing import Any, Protocol


class Codec(Protocol):
    """Facts and commands to and from plain values (text, numbers, lists, maps)."""

    def to_plain(self, value: object) -> object: ...

    def to_canonical_json(self, value: object) -> bytes: ...

    def from_plain(self, value: object, kind: type) -> Any: ...

"""The port for rule packs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from domain.rules import RulePack


class RulePackRepository(Protocol):
    """The rule packs that ship with the program, and those kept as contents."""

    def shipped(self) -> Mapping[str, RulePack]: ...

    def read(self, content: bytes) -> RulePack: ...

    def content_of(self, pack: RulePack) -> bytes: ...

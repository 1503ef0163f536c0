"""The rule packs that ship with the program, and those kept as contents of the record."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import msgspec

from adapters.codec import from_plain, to_plain
from domain.canonical import canonical_json
from domain.ports.errors import MalformedValue
from domain.rules import RulePack


class MalformedPack(ValueError):
    """A rule pack cannot be read; the message names it and says what is wrong."""


class RulePacks:
    """The port `RulePackRepository`: packs from `domain/packs/*.toml`, and from contents."""

    def shipped(self) -> Mapping[str, RulePack]:
        """The shipped packs by id. Raises MalformedPack."""
        return _shipped()

    def read(self, content: bytes) -> RulePack:
        """The pack in a content. Raises MalformedPack."""
        return _of_content(content)

    def content_of(self, pack: RulePack) -> bytes:
        """The canonical bytes of a pack, whose SHA-256 names it in events."""
        return canonical_json(to_plain(pack))


@cache
def rules_of_packs() -> frozenset[str]:
    """The rules of all packs that ship with the program: those that find something."""
    return frozenset(rule for pack in _shipped().values() for rule in pack.rules)


@cache
def _shipped() -> Mapping[str, RulePack]:
    places = sorted((files("domain") / "packs").iterdir(), key=lambda place: place.name)
    packs = [_of_file(place) for place in places if place.name.endswith(".toml")]
    return {pack.id: pack for pack in packs}


def _of_file(place: Traversable) -> RulePack:
    try:
        return _of_plain(tomllib.loads(place.read_text(encoding="utf-8")), place.name)
    except tomllib.TOMLDecodeError as error:
        raise MalformedPack(f"The rule pack {place.name} cannot be read: {error}") from error


@lru_cache(maxsize=256)
def _of_content(content: bytes) -> RulePack:
    try:
        return _of_plain(msgspec.json.decode(content), "in the record")
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedPack(f"The rule pack in the record cannot be read: {error}") from error


def _of_plain(value: object, name: str) -> RulePack:
    try:
        pack: RulePack = from_plain(value, RulePack)
    except MalformedValue as error:
        raise MalformedPack(f"The rule pack {name} cannot be read: {error}") from error
    return pack

"""Sealed texts of events, in the form that decision 21 settles."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct

from adapters.codec import decode_json, to_canonical_json
from adapters.eventstore.text_keys import TextKey
from domain.erasures import COMMAND_HASH, ERASED, MISSING, ORDER, SEALED
from domain.event_proofs import commitment, sealed_place
from domain.ports.errors import MalformedValue

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE: Final = 12
_RANDOM: Final = _NONCE + 32
"""Bytes of a nonce with its salt."""
FOUND_BY: Final = b'"sealed":{'
"""Stands in the bytes of each event with sealed texts, and hardly in those of any other one."""


class SealedValue(Struct, frozen=True):
    """One value as it is stored; see decision 21."""

    key: str
    nonce: bytes
    """Like what follows it, base64 in the JSON."""
    ciphertext: bytes
    commitment: str


class Place(Struct, frozen=True):
    """The event in which a value is sealed."""

    organisation: str
    stream: str
    version: int

    def lines(self, path: str) -> bytes:
        """The lines to which a value at this path is bound."""
        return sealed_place(self.organisation, self.stream, self.version, path)


class Shown(Struct, frozen=True):
    """The proof of a value without its key."""

    salt: str
    value: str


class _Sealed(Struct):
    sealed: dict[str, SealedValue] = {}


class _Fact(Struct):
    fact: msgspec.Raw


class EventKeys(Struct, frozen=True):
    """The keys of one event: of the texts of its fact, of its order, and of its command's hash.

    They are one and the same where that is safe; see `keys_of_append`.
    """

    fact: TextKey
    order: TextKey
    command: TextKey

    def of(self, path: str) -> TextKey:
        """The key under which the text at a path is sealed."""
        if path == COMMAND_HASH:
            return self.command
        return self.order if path.startswith(ORDER) else self.fact


def keys_of_append(
    texts: Sequence[Mapping[str, str]], take: Callable[[], TextKey]
) -> list[EventKeys]:
    """The keys of the events of one append, whose texts these are; none where it has no text.

    A key serves several texts only if they are erased together. What was ordered is told by every
    event of the append, and goes with any of them; the hash of the command confirms a guess of any
    text, so that it goes with each.
    """
    if not any(texts):
        return []
    own = [any(not path.startswith(ORDER) for path in some) for some in texts]
    ordered = any(path.startswith(ORDER) for some in texts for path in some)
    first = take()
    if len(texts) == 1 or not (ordered or sum(own) > 1):
        return [EventKeys(first, first, first)] * len(texts)
    order = take() if ordered else first
    return [EventKeys(take() if has else first, order, first) for has in own]


def seal(place: Place, texts: Mapping[str, str], keys: EventKeys) -> Mapping[str, SealedValue]:
    """These texts, each sealed at its path under its key."""
    random = os.urandom(_RANDOM * len(texts))
    ciphers: dict[str, AESGCM] = {}
    sealed = {}
    for start, (path, text) in enumerate(texts.items()):
        chance = random[start * _RANDOM : (start + 1) * _RANDOM]
        key = keys.of(path)
        cipher = ciphers.get(key.id) or ciphers.setdefault(key.id, _cipher()(key.secret))
        sealed[path] = _seal(place.lines(path), text, key.id, cipher, chance)
    return sealed


def _seal(lines: bytes, text: str, key_id: str, cipher: AESGCM, random: bytes) -> SealedValue:
    nonce, salt = random[:_NONCE], random[_NONCE:].hex()
    shown = to_canonical_json({"salt": salt, "value": text})
    return SealedValue(key_id, nonce, cipher.encrypt(nonce, shown, lines), commitment(lines, shown))


def sealed_values(fact: bytes | msgspec.Raw) -> Mapping[str, SealedValue]:
    """The sealed values of a fact as it is stored, by their paths; none in most facts."""
    found: _Sealed = decode_json(fact, _Sealed)
    return found.sealed


def sealed_values_of_event(state: bytes) -> Mapping[str, SealedValue]:
    """The same of the stored bytes of an event; none where they cannot be read."""
    if FOUND_BY not in state:
        return {}
    try:
        envelope: _Fact = decode_json(state, _Fact)
        return sealed_values(envelope.fact)
    except MalformedValue:
        return {}


def shared_key_ids(states: Collection[bytes]) -> set[str]:
    """The keys of what goes with any text of an append: the hashes of commands in these events."""
    return {
        value.key
        for state in states
        for path, value in sealed_values_of_event(state).items()
        if path == COMMAND_HASH
    }


def key_ids(states: Collection[bytes]) -> set[str]:
    """The keys that these events name, by their stored bytes."""
    return {value.key for state in states for value in sealed_values_of_event(state).values()}


def opened_texts(
    place: Place, values: Mapping[str, SealedValue], keys: Mapping[str, bytes | None]
) -> Iterator[tuple[str, str]]:
    """The text at each path, or its placeholder where there is no key any more.

    Raises MalformedValue for what was not sealed at this place by this key, or is not what was
    committed to.
    """
    for path, value in values.items():
        if value.key not in keys:
            yield path, MISSING
        elif (secret := keys[value.key]) is None:
            yield path, ERASED
        else:
            yield path, opened(place, path, value, secret).value


def unopened_texts(values: Mapping[str, SealedValue]) -> Iterator[tuple[str, str]]:
    """Placeholders for the texts of a fact, where none of them is needed."""
    return (
        (path, SEALED) for path in values if path != COMMAND_HASH and not path.startswith(ORDER)
    )


def opened(place: Place, path: str, value: SealedValue, secret: bytes) -> Shown:
    """A value with its salt. Raises MalformedValue like `opened_texts`."""
    lines = place.lines(path)
    try:
        shown = _cipher()(secret).decrypt(value.nonce, value.ciphertext, lines)
    except (_invalid_tag(), ValueError) as error:
        raise MalformedValue(f"{path} was not sealed here by its key") from error
    if commitment(lines, shown) != value.commitment:
        raise MalformedValue(f"{path} is not what the event commits to")
    text: Shown = decode_json(shown, Shown)
    return text


@cache
def _cipher() -> type[AESGCM]:
    """Imported when it is needed: loading the library takes a tenth of a second."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 (see above)

    return AESGCM


@cache
def _invalid_tag() -> type[Exception]:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 (see above)

    return InvalidTag

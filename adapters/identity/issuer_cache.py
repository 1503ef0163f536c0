"""A cache of an issuer's description and keys, and when they are fetched again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar

from adapters.identity.discovery import Metadata, read_metadata
from adapters.identity.signing_keys import SigningKey, read_keys

KEPT: Final = 900.0
"""Seconds after which both are fetched again, so that a withdrawn key is not trusted for long."""
PAUSE: Final = 30.0
"""Seconds between two requests for keys because a token names an unknown one."""
T = TypeVar("T")


class _Kept(Generic[T]):
    """One answer, and how old it is."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._answers: tuple[tuple[float, T], ...] = ()

    async def get(self, read: Callable[[], Awaitable[T]], oldest: float) -> T:
        """The answer, fetched again where it is older than this many seconds."""
        for answered_at, answer in self._answers:
            if self._clock() - answered_at < oldest:
                return answer
        answer = await read()
        self._answers = ((self._clock(), answer),)
        return answer


class IssuerCache:
    """The cache of one issuer. Of concurrent log-ins one fetches, and the others wait for it."""

    def __init__(self, issuer: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._issuer = issuer
        self._lock = asyncio.Lock()
        self._metadata = _Kept[Metadata](clock)
        self._keys = _Kept[tuple[SigningKey, ...]](clock)

    async def metadata(self) -> Metadata:
        """The metadata of the issuer. Raises LogInFailed."""
        async with self._lock:
            return await self._current_metadata()

    async def keys(self, key_id: str | None) -> tuple[SigningKey, ...]:
        """The keys that a token can be signed with; those of this id, if it names one.

        An unknown id means that the issuer has changed its keys: they are asked for once more,
        but not again and again. Raises LogInFailed.
        """
        async with self._lock:
            metadata = await self._current_metadata()

            async def read() -> tuple[SigningKey, ...]:
                return await read_keys(metadata.jwks_uri)

            found = _named(await self._keys.get(read, KEPT), key_id)
            return found or _named(await self._keys.get(read, PAUSE), key_id)

    async def _current_metadata(self) -> Metadata:
        return await self._metadata.get(lambda: read_metadata(self._issuer), KEPT)


def _named(keys: tuple[SigningKey, ...], key_id: str | None) -> tuple[SigningKey, ...]:
    if key_id is None:
        return keys
    return tuple(key for key in keys if key.get("kid") == key_id)

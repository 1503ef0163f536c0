"""Requests to an issuer: bounded in time and size, and without following redirects."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from functools import cache
from typing import Final

import httpx

from domain.ports.identity_providers import LogInFailed, LogInProblem

SECONDS: Final = 10.0
"""How long one step of a log-in may take, with all its requests."""
LARGEST: Final = 512 * 2**10
"""The most bytes of an answer; those of large issuers have some tens of thousands."""


@cache
def _trust() -> ssl.SSLContext:
    """The authorities that are trusted: those of SSL_CERT_FILE, if it is set, or certifi's."""
    return httpx.create_ssl_context()


async def fetch(
    address: str,
    *,
    body: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[int, bytes]:
    """Status and content of an answer, to a POST where there is a body. Raises LogInFailed.

    Proxies of the environment are not used: requests go to the issuer only.
    """
    sent = {"Accept": "application/json", "Accept-Encoding": "identity", **(headers or {})}
    method = "GET" if body is None else "POST"
    client = httpx.AsyncClient(
        verify=_trust(), trust_env=False, follow_redirects=False, timeout=SECONDS
    )
    try:
        async with (
            client,
            client.stream(method, address, headers=sent, content=body) as answer,
        ):
            return answer.status_code, await _content(address, answer)
    except httpx.InvalidURL as error:
        raise LogInFailed(LogInProblem.UNUSABLE, f"{address}: {error}") from error
    except httpx.HTTPError as error:
        because = str(error) or type(error).__name__
        raise LogInFailed(LogInProblem.UNREACHABLE, f"{address}: {because}") from error


async def _content(address: str, answer: httpx.Response) -> bytes:
    if 300 <= answer.status_code < 400:
        refuse(address, f"it redirects (status {answer.status_code}), which is not followed")
    if answer.headers.get("content-encoding", "identity") != "identity":
        refuse(address, "its answer is compressed, though that was not asked for")
    content = bytearray()
    async for part in answer.aiter_raw():
        content += part
        if len(content) > LARGEST:
            refuse(address, f"its answer has more than {LARGEST} bytes")
    if answer.status_code == 429 or answer.status_code >= 500:
        raise LogInFailed(
            LogInProblem.UNREACHABLE, f"{address}: it answers with status {answer.status_code}"
        )
    return bytes(content)


def refuse(address: str, because: str) -> None:
    """Raise LogInFailed for an answer that cannot be used."""
    raise LogInFailed(LogInProblem.UNUSABLE, f"{address}: {because}")

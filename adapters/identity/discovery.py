"""The metadata of an issuer (OpenID Connect Discovery 1.0)."""

from __future__ import annotations

from typing import Final

import msgspec
from msgspec import Struct

from adapters.identity.bounded_requests import fetch
from adapters.identity.urls import is_loopback, is_secure
from domain.ports.identity_providers import LogInFailed, LogInProblem


class Metadata(Struct, frozen=True, kw_only=True):
    """The part of the metadata that a log-in needs."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str = ""
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


_ENDPOINTS: Final = (
    "authorization_endpoint",
    "token_endpoint",
    "jwks_uri",
    "end_session_endpoint",
)


def metadata_address(issuer: str) -> str:
    """The address of an issuer's metadata (OpenID Connect Discovery 1.0, section 4.1)."""
    return issuer.rstrip("/") + "/.well-known/openid-configuration"


async def read_metadata(issuer: str) -> Metadata:
    """The metadata of an issuer. Raises LogInFailed."""
    address = metadata_address(issuer)
    status, content = await fetch(address)
    if status != 200:
        raise _unusable(address, f"it answers with status {status}")
    try:
        found = msgspec.json.decode(content, type=Metadata)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _unusable(address, str(error)) from error
    if found.issuer != issuer:
        raise _unusable(address, f"it is of the issuer {found.issuer!r}, and not of {issuer!r}")
    for name in _ENDPOINTS:
        endpoint = getattr(found, name)
        if endpoint and not is_secure(endpoint, loopback=is_loopback(issuer)):
            raise _unusable(address, f"{name} is no address by https: {endpoint[:200]!r}")
    return found


def _unusable(address: str, because: str) -> LogInFailed:
    return LogInFailed(LogInProblem.UNUSABLE, f"{address}: {because}")

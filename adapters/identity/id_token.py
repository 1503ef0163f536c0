"""Validation of ID tokens (OpenID Connect Core 1.0, section 3.1.3.7)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]  # it has no types
from joserfc import jws, jwt
from joserfc.errors import BadSignatureError, ExpiredTokenError, JoseError

from adapters.identity.signing_keys import SigningKey
from domain.ports.identity_providers import (
    LogInFailed,
    LogInProblem,
    PendingLogIn,
    ProvenIdentity,
)

LEEWAY: Final = 60
"""Seconds by which the clocks of an issuer and of this server may differ."""
ALGORITHMS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), "RSA"),
    **dict.fromkeys(("ES256", "ES384", "ES512"), "EC"),
}
"""The allowed algorithms and their key types; all are asymmetric, so that only the issuer can sign.

`none` proves nothing, and of HS256 and its like the "secret" can be a public key (RFC 8725, 2.1).
"""
LONGEST_TOKEN: Final = 16 * 2**10
LONGEST_SUBJECT: Final = 255
"""ASCII characters (OpenID Connect Core 1.0, section 2)."""
_WORD: Final = re.compile(r"[A-Za-z0-9:/._~+-]{1,100}")
"""The form of `acr` and `amr` that goes on record; other values are left out."""
MOST_METHODS: Final = 8


class _Registry(jws.JWSRegistry):
    """Unknown headers are ignored, unless they are marked critical (RFC 7515)."""

    max_header_length = 4096


def key_id(token: str) -> str | None:
    """The id of the key that a token says it is signed with. Raises LogInFailed."""
    header = _header(token)
    if header.get("alg") not in ALGORITHMS:
        raise _untrusted(f"signed by {str(header.get('alg'))[:40]!r}, which proves nothing here")
    found = header.get("kid")
    if found is not None and not isinstance(found, str):
        raise _untrusted("the id of its key is no text")
    return found


def read_identity(
    token: str,
    keys: Sequence[SigningKey],
    pending: PendingLogIn,
    *,
    issuer: str,
    client_id: str,
    access_token: str,
    now: datetime,
) -> ProvenIdentity:
    """The identity that a valid token proves. Raises LogInFailed."""
    found = _verified(token, keys)
    claims = CodeIDToken(
        found.claims,
        found.header,
        options={
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": client_id},
        },
        params={
            "nonce": pending.nonce,
            "client_id": client_id,
            "access_token": access_token,
            "max_age": pending.reauthenticate,
        },
    )
    try:
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
    except ExpiredTokenError as error:
        raise _untrusted("it has expired; the clocks of issuer and server may differ") from error
    except (JoseError, ValueError, TypeError) as error:
        raise _untrusted(str(error)[:200]) from error
    return _identity(claims, token, pending, issuer, now)


def _identity(
    claims: Mapping[str, Any], token: str, pending: PendingLogIn, issuer: str, now: datetime
) -> ProvenIdentity:
    begun = pending.begun_at.timestamp() - LEEWAY
    if claims["iat"] < begun:
        raise _untrusted("it was made before this log-in began")
    subject = claims["sub"]
    if not subject or len(subject) > LONGEST_SUBJECT or not _plain(subject):
        raise _untrusted("its subject is no text of at most 255 printable ASCII characters")
    proved_at = claims.get("auth_time")
    if pending.reauthenticate and (proved_at is None or proved_at < begun):
        raise _untrusted("the person was asked to prove again who they are, and has not")
    methods = claims.get("amr") or ()
    return ProvenIdentity(
        provider=pending.provider,
        issuer=issuer,
        subject=subject,
        authenticated_at=now if proved_at is None else _instant(proved_at, now),
        context_class=_word(claims.get("acr")),
        methods=tuple(filter(None, map(_word, methods)))[:MOST_METHODS],
        id_token=token,
    )


def _header(token: str) -> Mapping[str, Any]:
    if len(token) > LONGEST_TOKEN:
        raise _untrusted(f"it has more than {LONGEST_TOKEN} characters")
    try:
        return jws.extract_compact(token.encode(), registry=_registry()).headers()
    except (JoseError, ValueError) as error:
        raise _untrusted(f"it cannot be read: {error}") from error


def _verified(token: str, keys: Sequence[SigningKey]) -> jwt.Token:
    algorithm = _header(token)["alg"]
    fitting = [key for key in keys if _fits(key, algorithm)]
    if not fitting:
        raise _untrusted("it is signed with a key that the issuer does not list")
    for key in fitting:
        try:
            return jwt.decode(token, key, registry=_registry())
        except BadSignatureError:
            continue
        except (JoseError, ValueError) as error:
            raise _untrusted(f"it cannot be read: {error}") from error
    raise _untrusted("its signature is wrong")


def _fits(key: SigningKey, algorithm: str) -> bool:
    return key.key_type == ALGORITHMS[algorithm] and key.get("alg", algorithm) == algorithm


def _registry() -> _Registry:
    return _Registry(algorithms=list(ALGORITHMS), strict_check_header=False)


def _instant(seconds: float, now: datetime) -> datetime:
    """The time of authentication; never in the future, whatever the clock of the issuer says."""
    try:
        return min(datetime.fromtimestamp(seconds, UTC), now)
    except (OverflowError, ValueError, OSError) as error:
        raise _untrusted("its auth_time is no time") from error


def _word(value: object) -> str:
    return value if isinstance(value, str) and _WORD.fullmatch(value) else ""


def _plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _untrusted(because: str) -> LogInFailed:
    return LogInFailed(LogInProblem.UNTRUSTED, f"the ID token is not believed: {because}")

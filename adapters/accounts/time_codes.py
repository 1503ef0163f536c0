"""Time-based one-time codes (RFC 6238) by pyotp."""

from __future__ import annotations

from datetime import datetime
from hmac import compare_digest
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pyotp

SECONDS: Final = 30
"""How long a time step is."""
NEIGHBOURS: Final = (0, -1, 1)
"""Which steps are tried: clocks of telephones differ, and people type slowly (RFC 6238, 5.2)."""


class PyotpTimeCodes:
    """The port `TimeCodes`: six digits, SHA-1, as every authenticator knows them."""

    def new_secret(self) -> str:
        """A new secret of 160 bits, in base 32."""
        import pyotp  # noqa: PLC0415 (a server starts without it)

        return pyotp.random_base32()

    def matching_step(self, secret: str, code: str, at: datetime) -> int | None:
        """The time step of which a code is (see the port)."""
        now, codes = int(at.timestamp()) // SECONDS, _codes(secret)
        found = [
            now + shift
            for shift in NEIGHBOURS
            if compare_digest(codes.generate_otp(now + shift).encode(), code.encode())
        ]
        return found[0] if found else None

    def address(self, secret: str, login: str, service: str) -> str:
        """What a program on a telephone reads from a QR code (see the port)."""
        return _codes(secret).provisioning_uri(name=login, issuer_name=service)


def _codes(secret: str) -> pyotp.TOTP:
    import pyotp  # noqa: PLC0415 (a server starts without it)

    return pyotp.TOTP(secret, interval=SECONDS)

"""The configured identity providers."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from adapters.identity.issuer_settings import read_settings
from domain.ports.identity_providers import IdentityProvider


class IdentityProviders:
    """Reads which they are. `now` returns the time in UTC."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def __call__(self, file: Path | None) -> Sequence[IdentityProvider]:
        """The providers of a file and of the environment, without a request to them.

        Raises CaseError and Unavailable for what cannot be meant.
        """
        settings = read_settings(file, os.environ)
        if not settings:
            return ()
        from adapters.identity.openid_client import OpenIdProvider  # noqa: PLC0415 (it is large)

        return [OpenIdProvider(each, self._now) for each in settings]

"""The configured identity providers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from adapters.identity.issuer_settings import IssuerSettings, read_settings
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

    @contextmanager
    def demonstration(
        self,
        people: Mapping[str, str],
        page: Callable[[str, Mapping[str, str]], str],
        returns: Mapping[str, str],
    ) -> Iterator[IdentityProvider]:
        """An issuer that proves nothing, on loopback, for these people.

        `page` makes its page from a header `Accept-Language` and the names of people by their
        subjects; `log_in` and `log_out` of `returns` are the paths to which it leads back.
        """
        from adapters.identity.demo_issuer import (  # noqa: PLC0415 (they are large)
            CLIENT,
            DemoIssuer,
            served_on_loopback,
        )
        from adapters.identity.openid_client import OpenIdProvider  # noqa: PLC0415 (the same)

        hosts = [f"http://{host}" for host in ("127.0.0.1", "localhost")]
        issuer = DemoIssuer(
            people=people,
            page=page,
            redirect_uris={f"{host}{returns['log_in']}" for host in hosts},
            after_log_out={f"{host}{returns['log_out']}" for host in hosts},
        )
        with served_on_loopback(issuer):
            settings = IssuerSettings(
                name="demo",
                label="OpenID Connect",
                issuer=issuer.address,
                client_id=CLIENT,
                secret=issuer.secret,
            )
            yield OpenIdProvider(settings, self._now)

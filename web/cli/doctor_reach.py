"""Checks of how others reach a server, and how letters leave it."""

from __future__ import annotations

import asyncio
import http.client
import ssl
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from domain.ports.identity_providers import IdentityProvider, LogInFailed, LogInProblem
from web.cli.context import environment
from web.cli.doctor_findings import Finding, failed, ok, warning
from web.cli.mail_options import MailOptions
from web.cli.serving_options import ServingOptions
from web.http.account_urls import LOG_IN_WITH
from web.http.external_address import parse_external_address
from web.http.host_names import OF_THIS_MACHINE

SECONDS: Final = 10.0
"""For how long an address is tried."""
EXPIRES_SOON: Final = timedelta(days=21)
PROBE: Final = "/static/placet.svg"
"""A page that is answered without a look at the record."""
HTTPS_ONLY: Final = "strict-transport-security"


def configuration(serving: ServingOptions, *, log_in: bool) -> Iterator[Finding]:
    """Whether the options of the server are clear and safe. Raises Unavailable."""
    check = "configuration"
    serving.check()
    if not serving.for_others:
        yield ok(check, "This machine only is served.")
    elif not log_in:
        yield failed(
            check,
            "Others are served, and nobody logs in: all of them can act as anybody.",
            "Make an account, or serve this machine only.",
        )
    else:
        names = ", ".join(name for name in serving.names if name not in OF_THIS_MACHINE)
        yield ok(check, f"Others are served, as {names or 'this machine'}.")


def issuers(providers: Sequence[IdentityProvider], serving: ServingOptions) -> Iterator[Finding]:
    """Whether each issuer answers as one by which people can log in. Nobody is logged in."""
    check, base = "log-in", serving.external_address.rstrip("/") or "https://localhost"
    for provider in providers:
        back = f"{base}{LOG_IN_WITH}{provider.name}/return"
        try:
            asyncio.run(provider.begin(back))
        except LogInFailed as error:
            found = warning if error.problem is LogInProblem.UNREACHABLE else failed
            yield found(
                check,
                f"Nobody can log in by {provider.label} ({provider.issuer}): {error.detail}.",
                "Look whether the issuer is reached from here, and at its address and settings.",
            )
        else:
            yield ok(check, f"People may log in by {provider.label}: {provider.issuer}.")


def external_address(serving: ServingOptions, now: datetime) -> Iterator[Finding]:
    """Whether Placet answers where people look for it, by TLS that a browser believes.

    Raises Unavailable for what is no external address.
    """
    check, address = "external address", serving.external_address
    if not address:
        yield warning(check, "None is set.", "Give --external-address before letters go out.")
        return
    base, host = parse_external_address(address)
    port = urlsplit(base).port
    encrypted = base.startswith("https:")
    try:
        if encrypted:
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                host, port, timeout=SECONDS, context=ssl.create_default_context()
            )
        else:
            connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
        connection.connect()
        if isinstance(connection.sock, ssl.SSLSocket):
            until = ssl.cert_time_to_seconds(str((connection.sock.getpeercert() or {})["notAfter"]))
            yield from _expiry(
                f"certificate of {host}", datetime.fromtimestamp(until, now.tzinfo), now
            )
        connection.request("GET", PROBE)
        answer = connection.getresponse()
        yield from _answered(base, answer.status, encrypted=encrypted, answer=answer)
        connection.close()
    except ssl.SSLCertVerificationError as error:
        yield failed(
            check,
            f"Browsers do not believe the certificate at {base}: {error.verify_message}.",
            "Install a certificate for this name, with its chain.",
        )
    except (OSError, http.client.HTTPException) as error:
        yield warning(
            check,
            f"{base} cannot be reached from here: {error}.",
            "Look whether the server and its proxy run, and open the address in a browser.",
        )


def _answered(
    base: str, status: int, *, encrypted: bool, answer: http.client.HTTPResponse
) -> Iterator[Finding]:
    check = "external address"
    if status == HTTPStatus.MISDIRECTED_REQUEST:
        yield failed(
            check,
            f"Placet is reached at {base}, and does not know this name.",
            "Let the proxy hand on the name (proxy_set_header Host $http_host), or name it by"
            " --external-address where Placet is served.",
        )
    elif status != HTTPStatus.OK:
        yield failed(
            check,
            f"{base} answers with status {status}, and not as Placet does.",
            "Look whether `placet serve` runs, and what the log of the proxy says.",
        )
    elif encrypted and HTTPS_ONLY not in answer.headers:
        yield failed(
            check,
            f"Placet is reached at {base}, and does not know that this was by https.",
            "Name the proxy by --trusted-proxy, and let it set X-Forwarded-Proto.",
        )
    else:
        yield ok(check, f"Placet answers at {base}.")


def certificate(serving: ServingOptions, now: datetime) -> Iterator[Finding]:
    """Whether the server's own certificate is valid, and for its name. Raises Unavailable."""
    if not serving.certificate:
        return
    check = "certificate"
    found = environment().files.certificate(serving.certificate)
    if serving.external_address:
        host = parse_external_address(serving.external_address)[1]
        if not found.is_for(host):
            yield failed(
                check,
                f"It is for {', '.join(found.names) or 'no name'}, and not for {host}.",
                "Install a certificate for the name of the external address.",
            )
    if now < found.since:
        yield failed(check, f"It is valid only from {found.since:%Y-%m-%d}.", "Look at the clock.")
    yield from _expiry(check, found.until, now)


def _expiry(check: str, until: datetime, now: datetime) -> Iterator[Finding]:
    days = (until - now) // timedelta(days=1)
    if now >= until:
        yield failed(check, f"It expired on {until:%Y-%m-%d}.", "Renew it, and start again.")
    elif until - now < EXPIRES_SOON:
        yield warning(check, f"It expires in {days} days.", "Renew it before.")
    else:
        yield ok(check, f"It is valid for {days} days.")


def mail(mailing: MailOptions) -> Iterator[Finding]:
    """Whether letters can leave. Raises Unavailable for options that are unclear."""
    transport, sentence = mailing.transport()
    if not transport.delivers:
        yield warning("mail", sentence, "Give --smtp and --mail-from, or --mail-dir.")
        return
    if obstacle := transport.obstacle():
        yield failed(
            "mail",
            f"{sentence} It does not take any now: {obstacle}",
            "Look at the address, the account and the password of the mail server.",
        )
    else:
        yield ok("mail", sentence)
    if not mailing.address:
        yield failed(
            "mail", "Letters would not say where the pages are.", "Give --external-address."
        )

"""To whom a server answers, from options and settings, and what it needs to be safe for them."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from domain.ports.errors import Unavailable
from web.cli.secret_files import read_secret
from web.http.external_address import parse_external_address
from web.http.forwarded import ForwardedHeader, TrustedProxies, is_loopback, parse_network
from web.http.host_names import OF_THIS_MACHINE

LOOPBACK: Final = "127.0.0.1"
HOST: Final = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")
CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""For TLS 1.2, which is the oldest version that is spoken; TLS 1.3 has its own."""

Port = Annotated[
    int,
    typer.Option("--port", envvar="PLACET_PORT", min=0, max=65535, help="0 takes any free port."),
]


@dataclass(frozen=True, kw_only=True)
class ServingOptions:
    """The options about who is answered, as they were given."""

    port: int = 8000
    bind: Annotated[
        str,
        typer.Option(
            "--bind",
            envvar="PLACET_BIND",
            help="The address of this machine at which it listens; 127.0.0.1 is reached from it"
            " only.",
        ),
    ] = LOOPBACK
    certificate: Annotated[
        Path | None,
        typer.Option(
            "--certificate",
            envvar="PLACET_CERTIFICATE",
            help="Serve by https with this certificate and its chain (PEM).",
        ),
    ] = None
    key: Annotated[
        Path | None,
        typer.Option(
            "--key", envvar="PLACET_KEY", help="The private key of the certificate (PEM)."
        ),
    ] = None
    key_password_file: Annotated[
        Path | None,
        typer.Option(
            "--key-password-file",
            envvar="PLACET_KEY_PASSWORD_FILE",
            help="A file that holds the password of the private key.",
        ),
    ] = None
    host_names: Annotated[
        Sequence[str],
        typer.Option(
            "--host-name",
            envvar="PLACET_HOST_NAMES",
            metavar="NAME",
            help="Answer under this name too, beside that of the external address and this"
            " machine's; may be given several times.",
        ),
    ] = ()
    trusted_proxies: Annotated[
        Sequence[str],
        typer.Option(
            "--trusted-proxy",
            envvar="PLACET_TRUSTED_PROXIES",
            metavar="ADDRESS",
            help="Believe the forwarded headers of this address or network; may be given several"
            " times.",
        ),
    ] = ()
    forwarded_header: Annotated[
        ForwardedHeader,
        typer.Option(
            "--forwarded-header",
            envvar="PLACET_FORWARDED_HEADER",
            help="Which headers the trusted proxies set: X-Forwarded-For, -Proto and -Host, or"
            " Forwarded (RFC 7239). The others are ignored.",
        ),
    ] = ForwardedHeader.CONVENTION
    external_address: str = ""

    def check(self) -> None:
        """Raises Unavailable where the options are unclear, or would let others read along."""
        _require_address(self.bind)
        _ = self.proxies, self.names
        self.tls()
        if not self.on_loopback and not self.certificate and not self.trusted_proxies:
            raise Unavailable(
                f"Nobody shall read along: other machines reach {self.bind}, so give --certificate"
                " and --key, or --trusted-proxy with the address of the proxy that ends TLS."
            )

    def require_log_in(self, in_force: bool) -> None:
        """Raises Unavailable where others would reach a store to which nobody logs in."""
        if in_force or not self.for_others:
            return
        raise Unavailable(
            "Nobody logs in to this store, so others must not reach it"
            f" ({self._reached_by}): all of them could act as anybody. `placet user add` makes the"
            " first account; from then on everybody logs in."
        )

    def readers(self, log_in: bool) -> str:
        """Who reaches the pages, in a few words."""
        if not self.for_others:
            return "this machine only: " + ("people log in" if log_in else "nobody logs in yet")
        names = [name for name in self.names if name not in OF_THIS_MACHINE]
        return f"for others, as {', '.join(names) or 'this machine is called'}"

    @property
    def _reached_by(self) -> str:
        """What lets others reach the pages."""
        if not self.on_loopback:
            return f"at {self.bind}"
        names = [name for name in self.names if name not in OF_THIS_MACHINE]
        return f"as {', '.join(names)}" if names else "by a trusted proxy"

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine reaches the server directly."""
        return is_loopback(self.bind)

    @property
    def for_others(self) -> bool:
        """Whether others than this machine are meant to reach the pages, also by a proxy."""
        return bool(
            not self.on_loopback
            or self.trusted_proxies
            or any(name not in OF_THIS_MACHINE and not is_loopback(name) for name in self.names)
        )

    @property
    def scheme(self) -> str:
        return "https" if self.certificate else "http"

    @cached_property
    def proxies(self) -> TrustedProxies:
        """The proxies that are believed. Raises Unavailable."""
        networks = []
        for text in self.trusted_proxies:
            try:
                networks.append(parse_network(text))
            except ValueError as error:
                raise Unavailable(
                    f"{text!r} is no proxy: write an address or a network, such as 10.0.0.0/24"
                    f" ({error})."
                ) from error
        return TrustedProxies(networks, self.forwarded_header)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The host names under which the server answers. Raises Unavailable."""
        external = parse_external_address(self.external_address)[1] if self.external_address else ""
        for name in self.host_names:
            if not (HOST.fullmatch(name) or _is_address(name)):
                raise Unavailable(
                    f"{name!r} is no host name: write it in small letters, without scheme and port."
                )
        listened = () if ip_address(self.bind).is_unspecified else (self.bind,)
        found = (*OF_THIS_MACHINE, *listened, external, *self.host_names)
        return tuple(dict.fromkeys(filter(None, found)))

    def tls(self) -> Mapping[str, Any]:
        """What uvicorn is told of TLS; nothing where it is to speak http. Raises Unavailable."""
        if not self.certificate:
            if self.key or self.key_password_file:
                raise Unavailable("A private key needs its certificate: give --certificate.")
            return {}
        password = read_secret(self.key_password_file)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        try:
            context.load_cert_chain(self.certificate, self.key, lambda: password)
        except (OSError, ValueError) as error:
            raise Unavailable(self._why_not(error)) from error
        return {
            "ssl_certfile": self.certificate,
            "ssl_keyfile": self.key,
            "ssl_keyfile_password": password or None,
            "ssl_ciphers": CIPHERS,
        }

    def _why_not(self, error: OSError | ValueError) -> str:
        files = " with ".join(str(file) for file in (self.certificate, self.key) if file)
        if isinstance(error, ssl.SSLError):
            if error.reason == "KEY_VALUES_MISMATCH":
                return f"{files}: this is the private key of another certificate."
            return (
                f"{files}: no certificate with its private key can be read there, both in PEM"
                " and the key without a password or with that of --key-password-file."
            )
        return f"{files} cannot be read: {getattr(error, 'strerror', None) or error}."

    def listen(self) -> socket.socket:
        """A socket at the address. Raises Unavailable when the port is taken."""
        family = socket.AF_INET6 if ":" in self.bind else socket.AF_INET
        try:
            return socket.create_server((self.bind, self.port), family=family)
        except OSError as error:
            where = "" if self.on_loopback else f" at {self.bind}"
            raise Unavailable(
                f"port {self.port} cannot be used{where}: {error.strerror}. Try --port 0."
            ) from error

    def address_of(self, listening: socket.socket) -> str:
        """Where the pages are as seen from this machine."""
        host = f"[{self.bind}]" if ":" in self.bind else self.bind
        return f"{self.scheme}://{host}:{listening.getsockname()[1]}/"


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _require_address(text: str) -> None:
    if not _is_address(text):
        raise Unavailable(
            f"{text!r} is no address of this machine: write one such as 127.0.0.1, or 0.0.0.0 for"
            " all of them."
        )

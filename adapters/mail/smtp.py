"""Mail by SMTP."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from adapters.mail.message import format_letter
from domain.notices import CONNECTION_LOST, UNREACHABLE
from domain.ports.errors import Unavailable
from domain.ports.mail import Letter
from domain.ports.outbox import DeliveryOutcome

TIMEOUT: Final = 30.0
"""Seconds that each step of talking to a mail server may take."""
_CODE: Final = re.compile(r"^[245]\.\d{1,3}\.\d{1,3}\b")
_OWN: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class SmtpTransport:
    """A mail server. One connection serves the letters of one round."""

    delivers = True

    def __init__(
        self,
        host: str,
        port: int,
        *,
        sender: str,
        tls: str = "starttls",
        user: str = "",
        password: str = "",
    ) -> None:
        """`tls` is `starttls`, `tls` from the first byte, or `none`.

        Raises Unavailable where a password would go over the network in the clear.
        """
        if password and tls == "none" and host not in _OWN:
            raise Unavailable("A password goes to a mail server by starttls or tls only.")
        self._host, self._port, self._sender, self._tls = host, port, sender, tls
        self._user, self._password = user, password
        self._server: smtplib.SMTP | None = None

    @property
    def via(self) -> str:
        return f"smtp {self._host}"

    def send(self, letter: Letter) -> DeliveryOutcome:
        """Try once; what the server refuses for good is refused, all else may be tried again."""
        try:
            server = self._server = self._server or self._connected()
        except (OSError, ValueError) as error:
            return DeliveryOutcome(state="waiting", reason=UNREACHABLE, answer=str(error))
        try:
            refused = server.sendmail(
                self._sender, list(letter.to), format_letter(letter, self._sender)
            )
        except smtplib.SMTPRecipientsRefused as error:
            return self._refused(error.recipients)
        except smtplib.SMTPResponseException as error:
            self.close()
            return _answered(error.smtp_code, error.smtp_error)
        except OSError as error:
            self._server = None
            return DeliveryOutcome(state="waiting", reason=CONNECTION_LOST, answer=str(error))
        if not refused:
            return DeliveryOutcome(state="accepted", accepted_addresses=tuple(letter.to))
        some = f"{len(refused)} of {len(letter.to)} addresses refused"
        taken = tuple(address for address in letter.to if address not in refused)
        return DeliveryOutcome(
            state="accepted",
            reason=some,
            answer=_describe_refusals(refused),
            accepted_addresses=taken,
        )

    def obstacle(self) -> str:
        """Why no connection, or no log-in, succeeds now; the server's own words where it has any.

        The sender's address is not tried: a server may judge it by the letter.
        """
        try:
            self._server = self._connected()
        except (OSError, ValueError) as error:
            return str(error) or type(error).__name__
        self.close()
        return ""

    def close(self) -> None:
        """End the connection."""
        if self._server is not None:
            with suppress(OSError):
                self._server.quit()
            self._server = None

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=TIMEOUT, context=context
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT)
        try:
            if self._tls == "starttls":
                server.starttls(context=context)
            if self._user:
                server.login(self._user, self._password)
        except BaseException:
            server.close()
            raise
        return server

    def _refused(self, recipients: Mapping[str, tuple[int, bytes]]) -> DeliveryOutcome:
        """All addresses were refused: for good, or with one that may be taken later."""
        self.close()
        code, said = min(recipients.values(), key=lambda refusal: refusal[0])
        answer = _answered(code, said)
        return DeliveryOutcome(
            state=answer.state, reason=answer.reason, answer=_describe_refusals(recipients)
        )


def _answered(code: int, said: bytes | str) -> DeliveryOutcome:
    """The server's answer: 4xx asks to come back later, 5xx refuses (RFC 5321, 4.2.1)."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    more = _CODE.match(text)
    number = f"{code} {more[0]}" if more else str(code)
    if 500 <= code < 600:
        return DeliveryOutcome(
            state="refused", reason=f"the server refused it: {number}", answer=text
        )
    return DeliveryOutcome(state="waiting", reason=f"the server put it off: {number}", answer=text)


def _describe_refusals(recipients: Mapping[str, tuple[int, bytes]]) -> str:
    return "; ".join(
        f"{address}: {code} {said.decode('utf-8', 'replace')}"
        for address, (code, said) in recipients.items()
    )

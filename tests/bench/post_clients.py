"""Clients that respond by HTTP, each on a kept connection, one response after the other."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from tests.bench.agenda_life import SEATS
from tests.bench.http_load import cookie_line
from web.http.authentication import FORM_TOKEN, form_token


class Clients:
    """What became of the responses so far: how long each took, by its status."""

    def __init__(
        self, address: str, windows: Sequence[tuple[str, str]], sessions: Sequence[str]
    ) -> None:
        """`sessions` are those of the seats in their order; none where log-in is not in force."""
        self._place, self._windows = urlsplit(address), windows
        self._sessions = dict(zip(SEATS, sessions, strict=True)) if sessions else {}
        self._number = 0
        self.seconds: dict[int, list[float]] = {}

    async def respond(self, until: float) -> None:
        """Respond again and again, each time to another window."""
        reader, writer = await asyncio.open_connection(self._place.hostname, self._place.port)
        while time.perf_counter() < until:
            words = self._response()
            began = time.perf_counter()
            writer.write(words)
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = int(head.partition("content-length: ")[2].partition("\r\n")[0] or 0)
            await reader.readexactly(length)
            self.seconds.setdefault(int(head.split()[1]), []).append(time.perf_counter() - began)
        writer.close()

    def _response(self) -> bytes:
        window, text = self._windows[self._number % len(self._windows)]
        seat = SEATS[self._number // len(self._windows) % len(SEATS)]
        self._number += 1
        values = {
            "seat": seat,
            "kind": "editorial comment",
            "text": f"Comma {self._number} is missing.",
            "text_hash": text,
            "command_id": str(uuid4()),
            "confirmed": "yes",
        }
        cookie, session = "", self._sessions.get(seat)
        if session:
            values[FORM_TOKEN], cookie = form_token(session), cookie_line(session)
        body = urlencode(values)
        return (
            f"POST /windows/org/{window}/act/respond HTTP/1.1\r\nHost: {self._place.netloc}\r\n"
            f"{cookie}Sec-Fetch-Site: same-origin\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()


async def run(
    address: str,
    windows: Sequence[tuple[str, str]],
    number: int,
    long: float,
    sessions: Sequence[str],
) -> Clients:
    """So many clients at once, for so many seconds."""
    found = Clients(address, windows, sessions)
    until = time.perf_counter() + long
    await asyncio.gather(*(found.respond(until) for _ in range(number)))
    return found


if __name__ == "__main__":
    address, texts, number, long, sessions = sys.argv[1:]
    known = json.loads(Path(texts).read_text())
    made = asyncio.run(run(address, known, int(number), float(long), json.loads(sessions)))
    sys.stdout.write(json.dumps(made.seconds))

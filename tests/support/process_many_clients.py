"""A crowd before a server, in a process of its own: readers, one seat that sends much, and idlers.

`python process_many_clients.py ADDRESS PLAN` with a plan in JSON; it says `ready` once all are at
work, and then what became of them when its input ends.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
from collections import Counter
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4


class Crowd:
    """What became of all requests so far, by who sent them and by status."""

    def __init__(self, address: str) -> None:
        place = urlsplit(address)
        self.host, self.port = place.hostname or "", place.port or 0
        self.acknowledged: Counter[str] = Counter()
        self.connected = 0

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        found = await asyncio.open_connection(self.host, self.port)
        self.connected += 1
        return found

    async def ask(
        self, who: str, entry: tuple[asyncio.StreamReader, asyncio.StreamWriter], words: bytes
    ) -> None:
        """Send one request on a kept connection, and read the whole answer."""
        reader, writer = entry
        writer.write(words)
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length: ")[2].partition("\r\n")[0] or 0)
        await reader.readexactly(length)
        self.acknowledged[f"{who} {head.split()[1]}"] += 1

    async def again(self, who: str, words: Any, times: int) -> None:
        """Ask again and again; connect again after each failure."""
        entry = None
        for number in range(times):
            try:
                entry = entry or await self.connect()
                await self.ask(who, entry, words(number))
            except (OSError, asyncio.IncompleteReadError):
                self.acknowledged[f"{who} lost"] += 1
                entry = None
                await asyncio.sleep(0.05)

    def get(self, path: str) -> bytes:
        return f"GET {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n\r\n".encode()

    def response(self, path: str, seat: str, text: str) -> bytes:
        """A confirmed response, small and harmless."""
        values = {
            "command_id": str(uuid4()),
            "seat": seat,
            "kind": "editorial comment",
            "text": text,
            "confirmed": "yes",
        }
        body = urlencode(values)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n"
            "Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return (head + body).encode()


async def main(address: str, plan: dict[str, Any]) -> None:
    crowd, idlers = Crowd(address), list[Any]()
    for _ in range(plan["idle"]):
        with suppress(OSError):
            idlers.append(await crowd.connect())
    page, path = crowd.get(plan["page"]), plan["path"]
    each = plan["responses"] // max(1, plan["senders"])

    def says(sender: int) -> Any:
        return lambda number: crowd.response(path, plan["seat"], f"Comma {sender}/{number}.")

    tasks = [
        asyncio.create_task(crowd.again("reader", lambda _: page, 10**6))
        for _ in range(plan["readers"])
    ]
    tasks += [
        asyncio.create_task(crowd.again("sender", says(number), each))
        for number in range(plan["senders"])
    ]
    await asyncio.sleep(plan["warm"])
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    print(json.dumps({**crowd.acknowledged, "connected": crowd.connected}), flush=True)
    for task in tasks:
        task.cancel()


if __name__ == "__main__":
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, hard), hard))
    asyncio.run(main(sys.argv[1], json.loads(sys.argv[2])))

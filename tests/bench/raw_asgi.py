"""The floor of a page: a bare ASGI application that answers with the bytes of a file.

`python tests/bench/raw_asgi.py FILE` says its address and serves, by uvicorn as it comes.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from typing import Any

import uvicorn


def application(page: bytes) -> Any:
    """Answers everything with the page."""
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(page)).encode()),
    ]

    async def app(scope: Any, _: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": page})

    return app


if __name__ == "__main__":
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(2048)
        sys.stderr.write(f"http://127.0.0.1:{listening.getsockname()[1]}/\n")
        sys.stderr.flush()
        config = uvicorn.Config(
            application(Path(sys.argv[1]).read_bytes()), log_level="warning", ws="none"
        )
        uvicorn.Server(config).run(sockets=[listening])

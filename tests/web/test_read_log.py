"""Who read a paper or a receipt is in the program's log, and nothing secret with it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters import structured_logging
from domain.access.roles import Identity
from story import NOON, ORGANISATION, Story
from web_visitor import SENT_HERE, Visitor, pages

READER = "p-4711"


class LoggedIn:
    """Puts an identity into each request, as a log-in does."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say who asks."""
        identity = Identity(principal=READER, authenticated_by="password", authenticated_at=NOON)
        scope["state"] = {**scope.get("state", {}), "identity": identity}
        await self._app(scope, receive, send)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the program writes into its log."""
    out = io.StringIO()
    structured_logging.configure(out)
    yield out
    structlog.reset_defaults()


def visitor(tmp_path: Path) -> Visitor:
    """Somebody who reads pages with a log; a response came with a paper."""
    story = Story(tmp_path)
    story.body()
    story.do("grant role", who="administrator", principal=READER, role="auditor")
    story.silence()
    story.respond("objection", text="No.")
    made = Visitor(story)
    app = pages(made.placet, made.clock, log=structured_logging.logger())
    app.user_middleware.insert(-1, Middleware(LoggedIn))
    made.client = type(made.client)(app, follow_redirects=False)
    return made


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [
        line for line in map(json.loads, log.getvalue().splitlines()) if line["event"] == "read"
    ]


def test_each_reading_of_what_is_one_seats_own_is_logged(tmp_path: Path, log: io.StringIO) -> None:
    """Also one that was refused; pages of the record are not."""
    reader = visitor(tmp_path)
    event = len(reader.story.events())
    for path in (f"/windows/{ORGANISATION}/w", f"/history/{ORGANISATION}", "/"):
        reader.opens(path)
    before = lines(log)
    addresses = [
        f"/receipts/{ORGANISATION}/{event}",
        f"/receipts/{ORGANISATION}/{event}.txt",
        f"/receipts/{ORGANISATION}/1",
        f"/windows/{ORGANISATION}/w/evidence/1",
        f"/mail/{ORGANISATION}/1/file",
    ]
    for path in addresses:
        reader.client.get(f"{path}?token=secret", headers={"Cookie": "session=secret"})
    reader.client.post(
        f"/windows/{ORGANISATION}/w/receipt", data={"command_id": "secret"}, headers=SENT_HERE
    )
    found = lines(log)

    assert [] == before
    assert [*addresses, f"/windows/{ORGANISATION}/w/receipt"] == [line["address"] for line in found]
    assert {READER} == {line["principal"] for line in found}
    assert {ORGANISATION} == {line["organisation"] for line in found}
    assert {"testclient"} == {line["client"] for line in found}
    assert "refused" == found[2]["outcome"]
    assert "secret" not in log.getvalue()
    reader.story.placet.close()


def test_no_reading_is_left_out_of_it(log: io.StringIO) -> None:
    """Other lines that are alike are left out after some."""
    for _ in range(100):
        structured_logging.logger().info("read", address="/receipts/a/1", outcome="given")

    assert 100 == len(lines(log))


def test_an_address_cannot_forge_a_line(tmp_path: Path, log: io.StringIO) -> None:
    reader = visitor(tmp_path)
    log.truncate(0)
    log.seek(0)
    reader.client.get("/receipts/x%0D%0A%1b%5B2J%E2%80%AE/1")

    assert 1 == len(log.getvalue().splitlines())
    assert not {*"\r\x1b\u202e"} & {*log.getvalue()}
    reader.story.placet.close()

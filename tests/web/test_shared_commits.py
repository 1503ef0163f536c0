"""Responses that come at the same time share the commits of the intake and of the log."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from threading import Event
from typing import Any
from uuid import uuid4

import httpx
import pytest

from adapters.eventstore.event_store import StoredHistory
from domain.intake_entry import IntakeEntry
from domain.ports.event_store import EncodedAppend
from story import ORGANISATION, Story
from web.http import admission
from web_visitor import SENT_HERE, WINDOW, Hands, pages

CLIENTS = 16
SOON = 30


class Commits:
    """A store in which the first commit of the intake waits until all responses are there.

    Then the log waits until as many orders wait for it as can; each commit is counted.
    """

    def __init__(self, story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
        self.story, self.intake, self.log = story, list[int](), list[int]()
        self.may_keep = Event()
        placet = story.placet
        keep = placet.intake_queue.keep

        def kept(entries: list[IntakeEntry]) -> Any:
            self.may_keep.wait(SOON)
            self.intake.append(len(entries))
            return keep(entries)

        monkeypatch.setattr(placet.intake_queue, "keep", kept)
        append = StoredHistory.append_after

        def appended(history: StoredHistory, position: int, some: list[EncodedAppend]) -> None:
            self.log.append(len(some))
            append(history, position, some)

        monkeypatch.setattr(StoredHistory, "append_after", appended)
        self.queue = placet.handling._line(placet.store.history(ORGANISATION))

    async def respond(self, sharing: int) -> list[int]:
        """All clients respond at once; the statuses that they are answered."""
        app = pages(self.story.placet, Hands(self.story.now))
        arriving = self.story.placet.processes.intake._arriving
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            with ExitStack() as held:
                held.enter_context(self.queue._lock)
                sending = [
                    asyncio.create_task(self._send(client, number)) for number in range(CLIENTS)
                ]
                await holds(lambda: len(arriving) == CLIENTS)
                self.may_keep.set()
                await holds(lambda: self.queue.length == sharing)
            self.queue._wake_next()
            return [answer.status_code for answer in await asyncio.gather(*sending)]

    async def _send(self, client: httpx.AsyncClient, number: int) -> httpx.Response:
        values = {
            "seat": ("east", "west")[number % 2],
            "kind": "editorial comment",
            "text": f"Comma {number} is missing.",
            "text_hash": self.story.state("window/w").text_hash,
            "command_id": str(uuid4()),
            "confirmed": "yes",
        }
        return await client.post(f"{WINDOW}/act/respond", data=values, headers=SENT_HERE)


async def holds(said: Callable[[], bool]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(SOON):
        while not said():  # noqa: ASYNC110 (a thread makes it hold)
            await asyncio.sleep(0.001)


@pytest.fixture
def commits(story: Story, monkeypatch: pytest.MonkeyPatch) -> Commits:
    story.body()
    story.silence()
    return Commits(story, monkeypatch)


def test_many_who_respond_at_once_share_their_commits(commits: Commits) -> None:
    """At most three commits for sixteen: the first alone in the intake, the others, the log."""
    assert [303] * CLIENTS == asyncio.run(commits.respond(sharing=CLIENTS))

    assert CLIENTS == sum(commits.intake)
    assert len(commits.intake) <= 2
    assert [CLIENTS] == commits.log
    assert CLIENTS == len(commits.story.state("window/w").responses)


def test_where_few_are_let_in_more_commits_are_needed(
    commits: Commits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: no order waits for the log before it is let in."""
    monkeypatch.setattr(admission, "RESPONSES_AT_ONCE", 4)

    assert [303] * CLIENTS == asyncio.run(commits.respond(sharing=4))
    assert 4 <= len(commits.log)
    assert 4 == max(commits.log)

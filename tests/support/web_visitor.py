"""Somebody with a browser: opens forms over a story's store, fills them in, checks, confirms."""

from __future__ import annotations

import warnings
from datetime import datetime, timedelta
from typing import Any

from fastapi import FastAPI

from adapters.system_clock import ServerClock
from domain.ports.clock import ClockReading
from page_tree import parsed, text
from story import ORGANISATION, Story
from web.app import create_app
from web.http.context import AboutProgram
from wiring import FILES, Placet

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks for a successor of httpx that need not be there
    from starlette.testclient import TestClient


WINDOW = f"/windows/{ORGANISATION}/w"
SENT_HERE = {"Sec-Fetch-Site": "same-origin"}


class Hands(ServerClock):
    """A clock whose hands the story moves."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.at, self.offset_ms, self.goes = at, 0, timedelta(0)

    def read(self) -> ClockReading:
        """The time, which then goes on by as much as the story says."""
        found = ClockReading(self.at, self.offset_ms)
        self.at += self.goes
        return found


class Visitor:
    """Somebody with a browser: opens forms, fills them in, checks and confirms."""

    def __init__(self, story: Story) -> None:
        self.story, self.placet = story, story.placet
        self.clock = Hands(story.now + timedelta(minutes=1))
        self.placet.clock = self.clock
        self.client = TestClient(pages(self.placet, self.clock), follow_redirects=False)

    def opens(self, path: str) -> Any:
        """The page at this address, which is there."""
        answer = self.follows(self.client.get(path))
        assert answer.status_code == 200, answer.text
        return answer

    def follows(self, answer: Any) -> Any:
        """What a browser shows where the answer leads to the address of a form in progress."""
        while answer.status_code == 303 and "draft=" in answer.headers["location"]:
            answer = self.client.get(answer.headers["location"])
        return answer

    def fills(self, path: str, **fields: Any) -> dict[str, Any]:
        """What the form at this address sends once these fields are filled in."""
        return field_values(self.opens(path).text) | fields

    def sends(self, path: str, values: dict[str, Any], **headers: str) -> Any:
        """The answer to a form."""
        return self.follows(self.client.post(path, data=values, headers=headers or SENT_HERE))

    def checks(self, path: str, **fields: Any) -> Any:
        """The check page of the form at this address."""
        answer = self.sends(path, self.fills(path, **fields))
        assert answer.status_code == 200, said(answer)
        return answer

    def confirms(self, path: str, check: Any, **headers: str) -> Any:
        """The answer once the check page is confirmed."""
        return self.sends(path, field_values(check.text) | {"confirmed": "yes"}, **headers)

    def acts(self, slug: str, on: str = WINDOW, **fields: Any) -> Any:
        """Fill in, check and confirm; the page that says what was recorded."""
        path = f"{on}/act/{slug}"
        done = self.confirms(path, self.checks(path, **fields))
        if done.status_code == 200:
            return done
        assert done.status_code == 303, said(done)
        return self.opens(done.headers["location"])

    def window(self) -> str:
        """What the page of the window says."""
        return said(self.opens(WINDOW))


def pages(placet: Placet, clock: Hands, **more: Any) -> FastAPI:
    """The application over a store, with a clock that the story moves, and what else it is told."""

    def refresh() -> None:
        placet.projections.follow()

    return create_app(
        placet.queries,
        lambda: clock.at,
        refresh,
        AboutProgram(version="0.1.0", store="story", virtual=True),
        placet.codec,
        receipts=placet.receipts,
        placet=placet,
        clock=placet.clock,
        read_table=FILES.table,
        **more,
    )


def field_values(page: str) -> dict[str, Any]:
    """What the form of a page would send if nothing was changed."""
    form = parsed(page).forms[0]
    values: dict[str, Any] = {}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    return values


def said(answer: Any) -> str:
    """What a page says, with single spaces."""
    return text(answer.text)

"""Somebody who wants more than their role gives: as a member, a dashboard, a stranger."""

from __future__ import annotations

import asyncio
import re
from collections import Counter, deque
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from starlette.requests import Request

from logged_in import ROLES, Person
from logged_in import person as person
from page_tree import parsed
from story import ORGANISATION
from web.http.account_urls import LOG_IN
from web.http.admission import Admission
from web.http.authentication import COOKIE, form_token
from web_visitor import WINDOW
from workflows.accounts.sessions import Client

RESPOND = f"{WINDOW}/act/respond"
OBJECTION = {"seat": "east", "kind": "objection", "text": "No.", "confirmed": "yes"}


def responses(person: Person) -> list[Any]:
    """What was recorded of responses."""
    return [event for event in person.story.events() if "response" in event.name]


def test_what_is_sent_again_after_a_stronger_log_in_is_the_same(person: Person) -> None:
    """An objection whose answer was lost goes again from a session with a code, and counts once."""
    person.logs_in("eastern")
    values = {**OBJECTION, "command_id": str(uuid4())}
    first = person.sends(RESPOND, values)
    begun = person.placet.accounts.sessions.begin("eastern", "password and code", Client())
    person.client.cookies.set(COOKIE, begun.secret)
    person.token = form_token(begun.secret)
    again = person.sends(RESPOND, values)

    assert (303, 303) == (first.status_code, again.status_code)
    assert again.headers["location"].endswith("again=yes")
    assert 1 == len(responses(person))


# --- What is shown to whom ------------------------------------------------------------------------


@pytest.fixture
def at_work(person: Person) -> Person:
    """An agenda of b is begun, and a seat of b has objected to a text."""
    tell = person.story.do
    dates = {"starts": "2026-06-01", "ends": "2026-06-02", "venue": "Vienna"}
    tell("schedule session", session="s", body="b", number="5", **dates)
    tell("start agenda", agenda="a", body="b", session="s", approved_by="b")
    item = {"titles": {"en": "T"}, "proposer_kind": "secretariat", "memorandum": "m"}
    tell("propose item", agenda="a", item="1", **item)
    person.logs_in("eastern").acts("respond", kind="objection", text="No.")
    return person


def links(person: Person, start: str = "/", most: int = 90) -> Iterator[tuple[str, str, int]]:
    """Each link that leads on from a page: where it stands, where it leads, and the answer there.

    Of links that differ only by the moment, or by a number, the first few are followed.
    """
    seen: Counter[str] = Counter()
    todo = deque([("", start)])
    while todo and seen.total() < most:
        found_on, path = todo.popleft()
        answer = person.client.get(path)
        yield found_on, path, answer.status_code
        if answer.status_code in {303, 307}:
            todo.append((path, answer.headers["location"]))
        if answer.status_code != 200 or "html" not in answer.headers["content-type"]:
            continue
        for link in parsed(answer.text).xpath("//a/@href | //link/@href"):
            there = str(link).split("#")[0]
            kind = re.sub(r"\d+|draft=[^&]*", "", there)
            ours = there.startswith("/") and "/static/" not in there and "lang=" not in there
            if ours and seen[kind] < 3 and not seen[there]:
                seen.update({kind: 1, there: 1})
                todo.append((path, there))


@pytest.mark.heavy
@pytest.mark.parametrize("principal", ROLES)
def test_no_page_leads_to_one_that_its_reader_may_not_see(at_work: Person, principal: str) -> None:
    """Links, buttons and JSON; of a board on a screen at the wall too."""
    at_work.logs_in(principal)
    found = list(links(at_work))

    assert [] == [row for row in found if row[2] not in {200, 303}]
    assert len(found) > 5


def test_a_dashboard_reads_no_words_of_seats(person: Person) -> None:
    """The list of outcomes tells it what the outcome was, as a page and as JSON."""
    person.story.clock("2026-04-01T12:00Z")
    person.clock.at = person.story.now + timedelta(minutes=1)
    person.logs_in("eastern").acts("respond", kind="objection", text="Our own words.")
    listed = (f"/outstanding/{ORGANISATION}", f"/outstanding/{ORGANISATION}.json")
    of_a_member = [person.opens(path).text for path in listed]
    person.logs_in("screen")
    on_the_wall = [person.opens(path).text for path in listed]

    assert all("Our own words." in text for text in of_a_member)
    assert not any("Our own words." in text or "east" in text for text in on_the_wall)
    assert all(">w<" in text or '"w"' in text for text in on_the_wall)


def test_histories_tell_who_has_which_role_only_to_those_who_see_it(person: Person) -> None:
    """As the page of the organisation does; in lists such events are left out."""
    granted = next(e for e in person.story.events() if e.name.startswith("organisation."))
    histories = [f"/history/{ORGANISATION}", f"/history/{ORGANISATION}.json"]
    closed = [
        f"/history/{ORGANISATION}/organisation/self",
        f"/history/{ORGANISATION}/organisation/self.json",
        f"/events/{ORGANISATION}/{granted.position}",
        f"/events/{ORGANISATION}/{granted.position}.json?at=30",
    ]
    person.logs_in("auditor")
    assert {200} == {person.status(path) for path in closed}
    assert all("eastern of c" in person.opens(path).text for path in histories)
    for principal in ("eastern", "printer", "chair"):
        person.logs_in(principal)
        assert {403} == {person.status(path) for path in closed}
        assert not any("eastern of c" in person.opens(path).text for path in histories)


def test_a_procedure_is_opened_for_the_own_body_alone(person: Person) -> None:
    """The form offers no other, and takes none."""
    form = f"/open/{ORGANISATION}"

    def offered(principal: str) -> list[str]:
        page = person.logs_in(principal).opens(form).text
        return [str(it) for it in parsed(page).xpath("//*[@name='body']/option/@value") if it]

    assert ["b"] == offered("office of b")
    assert ["c"] == offered("office of c")
    assert ["b", "c"] == offered("office")
    person.logs_in("office of c")
    values = person.fills(form) | {"window": "w2", "body": "b", "type": "decision text"}
    answer = person.sends(form, values | {"text-en": "T", "title-en": "T", "confirmed": "yes"})
    assert answer.status_code in {403, 422}
    assert not any(e.stream.id == "w2" for e in person.story.events())


# --- Many at once ---------------------------------------------------------------------------------


def sent_to(path: str, client: str) -> dict[str, Any]:
    """A POST, as the server hands it on."""
    return {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "client": (client, 1),
        "headers": [],
    }


def test_log_ins_keep_nobody_out_who_acts_or_logs_in_elsewhere() -> None:
    """While one address lets passwords be computed without end. The control: it is turned away."""

    async def flood() -> Counter[str]:
        counted: Counter[str] = Counter()
        going_on = asyncio.Event()

        async def slow(scope: Any, receive: Any, send: Any) -> None:
            if scope["path"] == LOG_IN and scope["client"][0] == "192.0.2.1":
                await going_on.wait()
            counted[f"{scope['client'][0]} {scope['path']}"] += 1
            await send({"type": "http.response.start", "status": 200, "headers": []})

        async def nothing(*_: Any) -> Any:
            """Take what is sent, and send nothing."""

        def refused(request: Request, status: int) -> Any:
            counted[f"{request.client.host if request.client else ''} {status}"] += 1
            return nothing

        app = Admission(slow, refused)

        def begin(path: str, client: str) -> asyncio.Task[None]:
            return asyncio.create_task(app(sent_to(path, client), nothing, nothing))

        many = [begin(LOG_IN, "192.0.2.1") for _ in range(300)]
        await asyncio.sleep(0)
        await begin(f"{WINDOW}/act/suspend", "192.0.2.2")
        other = begin(LOG_IN, "192.0.2.3")
        await asyncio.sleep(0)
        going_on.set()
        await asyncio.gather(*many, other)
        return counted

    counted = asyncio.run(flood())
    assert 248 == counted["192.0.2.1 503"]
    assert 1 == counted[f"192.0.2.2 {WINDOW}/act/suspend"]
    assert 1 == counted[f"192.0.2.3 {LOG_IN}"]

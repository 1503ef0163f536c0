"""Pages are made once per change and shared, never stale, and never with what is for one person."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.sqlite.connections import Connections
from adapters.sqlite.store import SqliteStore
from domain.ports.errors import ParkedStream, Unavailable
from domain.ports.event_store import Head
from page_tree import parsed, text
from story import NOON, ORGANISATION, Story
from web import page_context
from web.app import create_app
from web.http import shared_pages
from web.http.access_view import EVERYBODY
from web.http.context import AboutProgram, Requested
from web.http.shared_pages import Address, KeptPage, PageCache, SharedPages, Validity
from web.i18n.clock_granularity import MINUTE, holds_until, whole_minute
from web.rendering import Templates
from web_visitor import WINDOW, Visitor, pages, said
from workflows.projections import parking
from workflows.projections.catch_up import FOLLOWER
from workflows.projections.rows import ParkedRow
from workflows.queries import board_rows

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks for a successor of httpx that need not be there
    from starlette.testclient import TestClient

AGENDA = f"/agendas/{ORGANISATION}/a"
HISTORY = f"/history/{ORGANISATION}"
OF_WINDOW = f"{HISTORY}/window/w"
EVENT = f"/events/{ORGANISATION}/2"
OUTSTANDING = f"/outstanding/{ORGANISATION}"
SHARED = ("/", AGENDA, WINDOW, HISTORY, OF_WINDOW, EVENT, OUTSTANDING)
pytestmark = pytest.mark.folder


@pytest.fixture
def visitor(story: Story) -> Visitor:
    """Somebody at the pages of a body with an agenda, and a text under silence."""
    story.body()
    story.agenda()
    story.silence()
    return Visitor(story)


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates that were rendered, in order."""
    found: list[str] = []
    render = Templates.page

    def counted(self: Templates, name: str, *words: Any, **values: Any) -> str:
        found.append(name)
        return render(self, name, *words, **values)

    monkeypatch.setattr(Templates, "page", counted)
    return found


@contextmanager
def reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The statements by which the store is read meanwhile."""
    found: list[str] = []
    read = Connections.read

    def counted(self: Connections, sql: str, values: Any) -> Any:
        found.append(sql)
        return read(self, sql, values)

    with monkeypatch.context() as patched:
        patched.setattr(Connections, "read", counted)
        yield found


def known(visitor: Visitor, path: str, page: Any) -> Any:
    """The answer to a browser that has this page already."""
    return visitor.client.get(path, headers={"If-None-Match": page.headers["etag"]})


# --- once per change -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", SHARED)
def test_readers_who_may_see_the_same_get_a_page_that_was_made_once(
    visitor: Visitor, rendered: list[str], path: str
) -> None:
    opened = [visitor.opens(path) for _ in range(10)]

    assert 1 == len(rendered)
    assert 1 == len({page.text for page in opened})


@pytest.mark.parametrize("path", SHARED)
def test_a_browser_that_has_the_page_is_told_so_by_one_read_and_without_a_body(
    visitor: Visitor, rendered: list[str], monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    first = visitor.opens(path)
    with reads(monkeypatch) as statements:
        second = known(visitor, path, first)

    assert (304, b"") == (second.status_code, second.content)
    assert 1 == len(statements), statements
    assert "FROM counter" in statements[0]
    assert 1 == len(rendered)
    assert first.headers["etag"] == second.headers["etag"]
    for answer in (first, second):
        assert "private, no-cache" == answer.headers["cache-control"]
        assert "Accept-Language" == answer.headers["vary"]
    assert {"cache-control", "etag", "vary"} == {*second.headers}, "it keeps what it has"


def test_a_page_that_came_out_the_same_again_is_confirmed_too(
    visitor: Visitor, rendered: list[str]
) -> None:
    """The record went on, but nothing of it stands on this page."""
    first = visitor.opens(EVENT)
    visitor.story.respond("no objection")
    again = known(visitor, EVENT, first)

    assert 304 == again.status_code
    assert 2 == len(rendered)


@pytest.mark.parametrize(
    ("named", "status"),
    [("{}", 304), ("W/{}", 304), ('"x", {}', 304), ("*", 304), ('"x"', 200), ("", 200)],
)
def test_a_browser_may_name_several_pages(visitor: Visitor, named: str, status: int) -> None:
    etag = visitor.opens("/").headers["etag"]
    answer = visitor.client.get("/", headers={"If-None-Match": named.format(etag)})

    assert status == answer.status_code


def test_the_same_page_that_many_want_at_once_is_made_once(
    visitor: Visitor, rendered: list[str]
) -> None:
    """The control: pages in two languages are made for each."""
    app = visitor.client.app

    async def all_at_once(*languages: str) -> list[bytes]:
        return await asyncio.gather(*(body_of(app, "/", language) for language in languages))

    bodies = asyncio.run(all_at_once(*["en"] * 16))
    assert (1, 1) == (len(rendered), len(set(bodies)))
    visitor.clock.at += timedelta(hours=1)
    bodies = asyncio.run(all_at_once(*["en", "fr"] * 8))
    assert (3, 2) == (len(rendered), len(set(bodies)))


async def body_of(app: Any, path: str, language: str = "en", method: str = "GET") -> bytes:
    """The body of a page, asked of the application itself."""
    body, goes_away = b"", asyncio.Event()

    async def receive() -> Any:
        await goes_away.wait()

    async def send(message: Any) -> None:
        nonlocal body
        body += message.get("body", b"")

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"here"), (b"accept-language", language.encode())],
        "http_version": "1.1",
        "scheme": "http",
        "server": ("here", 80),
        "client": ("there", 1),
    }
    await app(scope, receive, send)
    return body


# --- never stale ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", WINDOW, HISTORY, OF_WINDOW])
def test_what_somebody_sent_is_in_the_next_page(visitor: Visitor, path: str) -> None:
    """Within the same instant, also for a browser that names the page before."""
    before = visitor.opens(path)
    visitor.acts("respond", seat="east", kind="objection")
    after = known(visitor, path, before)

    assert 200 == after.status_code
    assert before.headers["etag"] != after.headers["etag"]
    assert "objection" in said(after).lower()
    assert after.text == uncached(visitor).get(path).text


def test_what_another_process_recorded_is_in_the_next_page(visitor: Visitor) -> None:
    """The store is asked, not the memory of this process."""
    before = visitor.opens(WINDOW)
    assert isinstance(visitor.placet.store, SqliteStore)
    other = Story(SqliteStore.open(visitor.placet.store.folder))
    other.now, other._count = visitor.story.now, 100
    other.respond("objection")
    other.placet.close()

    assert "1 objection received" not in said(before)
    assert "1 objection received" in visitor.window()


def test_a_log_that_was_put_in_the_place_of_another_is_not_taken_for_it() -> None:
    """It ends at the same position, but that was recorded at another time."""
    until = Validity(NOON, NOON + MINUTE)
    page = KeptPage({"un": Head(7, NOON)}, until, b'"e"', [], b"page")

    assert page.holds({"un": Head(7, NOON)}, NOON)
    assert not page.holds({"un": Head(7, NOON + MINUTE)}, NOON)
    assert not page.holds({"un": Head(8, NOON)}, NOON)
    assert not page.holds({}, NOON)
    assert not page.holds({"un": Head(7, NOON)}, NOON - MINUTE), "the clock was set back"


def uncached(visitor: Visitor) -> TestClient:
    """The same pages, by an application that keeps none: each is made when it is opened."""
    client = TestClient(pages(visitor.placet, visitor.clock))
    client.get("/static/placet.css")
    layer(client)._cache = PageCache(0)
    return client


def instants(story: Story) -> list[datetime]:
    """Instants from an hour before an end of a silence to an hour after it, and further away."""
    end = story.state("window/w").closes.exact
    spans = [timedelta(seconds=seconds) for seconds in (0, 31, 60, 90, 3600, 86_400, 90_000)]
    found = {end + sign * span for span in spans for sign in (-1, 1)}
    found |= {whole_minute(at) for at in found}
    return sorted(at + tiny for at in found for tiny in (-TINY, timedelta(0), TINY))


TINY = timedelta(microseconds=1)
TIMED = ("/", AGENDA, WINDOW)


def timed_story(story: Story) -> Visitor:
    """Agenda items under silence until an end that no whole minute is."""
    story.body()
    story.agenda()
    story.do("submit items", agenda="a")
    story.now += timedelta(seconds=17, microseconds=5)
    story.silence(subject={"type": "agenda items", "agenda": "a"}, text={})
    story.now += timedelta(seconds=40)
    story.silence(window="other")
    return Visitor(story)


def differing(visitor: Visitor) -> list[tuple[str, datetime]]:
    """When which page differs from the same page made again, while nothing is recorded."""
    found, other = [], uncached(visitor)
    for at in instants(visitor.story):
        visitor.clock.at = at
        found += [(path, at) for path in TIMED if visitor.opens(path).text != other.get(path).text]
    return found


def test_a_kept_page_is_at_every_instant_what_would_be_made_then(
    story: Story, rendered: list[str]
) -> None:
    """Before, at and after the deadline; and it was not made again each time."""
    visitor = timed_story(story)
    wrong = differing(visitor)
    looked = len(TIMED) * len(instants(story))

    assert [] == wrong
    assert looked < len(rendered) < 2 * looked


def test_kept_for_whole_minutes_a_page_would_run_past_the_deadline(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a page that forgets the ends of the clocks on it."""
    monkeypatch.setattr(page_context, "holds_until", lambda now, _: whole_minute(now) + MINUTE)
    visitor = timed_story(story)
    end = story.state("window/w").closes.exact

    assert (WINDOW, end) in differing(visitor)


def test_at_the_deadline_nobody_is_told_that_the_silence_runs(visitor: Visitor) -> None:
    """A microsecond before it does; the page of then is confirmed no more."""
    end = visitor.story.state("window/w").closes.exact
    visitor.clock.at = end - TINY
    before = visitor.opens(WINDOW)
    visitor.clock.at = end
    after = known(visitor, WINDOW, before)

    assert "Silence running" in said(before)
    assert 200 == after.status_code
    assert "Silence running" not in said(after)
    assert "Deadline passed, being verified" in said(after)


def test_the_present_is_told_to_the_minute_where_many_read_the_same(visitor: Visitor) -> None:
    """On the form, where seconds may matter, it is told to the second."""
    visitor.clock.at = NOON + timedelta(minutes=30, seconds=12)

    assert "Server time 2 March 2026, 12:30 UTC" in said(visitor.opens("/"))
    assert "13:30:12" in said(visitor.opens(f"{WINDOW}/act/respond"))


def test_rows_that_lack_events_are_shown_with_a_note_and_not_shared(
    visitor: Visitor, rendered: list[str]
) -> None:
    """What is made of the log alone is shared all the same."""
    visitor.placet.projections.follow()
    behind = lacking_events(visitor)
    for path in ("/", AGENDA, OUTSTANDING):
        answers = [behind.get(path) for _ in range(2)]
        assert ["no-store"] * 2 == [answer.headers["cache-control"] for answer in answers]
        assert "etag" not in answers[0].headers
    assert 6 == len(rendered)
    assert "etag" in behind.get(WINDOW).headers
    assert "not up to date yet" in text(behind.get("/").text)


def lacking_events(visitor: Visitor) -> TestClient:
    """Pages whose rows lack three events."""
    return TestClient(
        create_app(
            visitor.placet.queries,
            lambda: visitor.clock.at,
            lambda: 3,
            AboutProgram(version="0.1.0", store="story"),
            visitor.placet.codec,
            receipts=visitor.placet.receipts,
        )
    )


def test_a_board_with_streams_that_cannot_be_read_is_not_shared(visitor: Visitor) -> None:
    """They are tried again in their own time, and no position tells when that succeeds."""
    views = visitor.placet.projections.views
    assert "etag" in visitor.opens("/").headers
    visitor.story.respond("no objection")
    visitor.placet.projections.follow()
    again = visitor.placet.projections.again = parking.Backoff(first=1e9)
    assert again.due(ORGANISATION), "it was tried just now"
    position = views.position(FOLLOWER, ORGANISATION)
    row = parking.parked_row(
        ParkedStream(
            organisation=ORGANISATION, stream="window/w", position=position, because="damaged"
        )
    )
    assert row == ParkedRow(id="window/w", position=position, because="damaged")
    views.keep(
        FOLLOWER,
        ORGANISATION,
        position,
        {(ParkedRow.view, "window/w"): row},
        places={},
        after=position,
    )
    board = visitor.client.get("/")

    assert "Part of the record cannot be read" in said(board)
    assert "etag" not in board.headers
    assert "etag" not in visitor.opens(AGENDA).headers


def test_a_board_that_lacks_a_row_is_not_shared(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does while the rows are being rebuilt; a moment later it is whole."""
    with monkeypatch.context() as rebuilding:
        rebuilding.setattr(board_rows, "board_row", lambda *_: None)
        assert "etag" not in visitor.opens("/").headers
    whole = visitor.opens("/")

    assert "etag" in whole.headers
    assert WINDOW in whole.text


def test_nothing_is_shown_from_memory_while_the_record_cannot_be_read(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = visitor.opens(WINDOW)

    def fails(*_: object) -> None:
        raise Unavailable("the disk is gone")

    monkeypatch.setattr(Connections, "read", fails)
    answer = known(visitor, WINDOW, page)

    assert 503 == answer.status_code
    assert "no-store" == answer.headers["cache-control"]


# --- never what is for one person ----------------------------------------------------------------


def kept(visitor: Visitor) -> list[KeptPage]:
    """All pages that the application has kept."""
    return [*layer(visitor.client)._cache._pages.values()]


def layer(client: Any) -> SharedPages:
    """What keeps the pages of an application that has been asked something."""
    found = client.app.middleware_stack
    while not isinstance(found, SharedPages):
        found = getattr(found, "app", None) or found._app
    return found


def test_forms_receipts_and_errors_are_never_kept(story: Story) -> None:
    """Not even by the browser; each form has an id of its own."""
    story.placet.keys.create(NOON)
    story.body()
    story.silence()
    visitor = Visitor(story)
    form = f"{WINDOW}/act/respond"
    check = visitor.checks(form, seat="east", kind="objection")
    done = visitor.confirms(form, check)
    recorded = visitor.opens(done.headers["location"])
    position = story.names().index("window.response_received") + 1
    answers = [
        recorded,
        *(visitor.opens(form) for _ in range(2)),
        visitor.opens(f"/receipts/{ORGANISATION}/{position}"),
        visitor.opens(f"/receipts/{ORGANISATION}/{position}.txt"),
        visitor.opens(f"/open/{ORGANISATION}"),
        visitor.opens(f"{WINDOW}.json"),
        visitor.opens("/board.json"),
        *(visitor.client.get(f"/windows/{ORGANISATION}/none") for _ in range(2)),
    ]
    ids = [
        parsed(page.text).xpath("string(//input[@name='command_id']/@value)")
        for page in answers[1:3]
    ]

    assert ["no-store"] * len(answers) == [answer.headers["cache-control"] for answer in answers]
    assert not [answer for answer in answers if "etag" in answer.headers]
    assert ids[0] != ids[1]
    assert [] == kept(visitor)


def test_a_receipt_that_is_for_its_sender_alone_is_in_no_page_that_is_kept(story: Story) -> None:
    """Nor the id that opens it, nor whose the response is; the control: its window is kept."""
    story.placet.keys.create(NOON)
    story.body()
    story.silence(names_withheld=True)
    visitor = Visitor(story)
    path = f"{WINDOW}/act/respond"
    check = visitor.checks(path, seat="east", kind="objection", text="A text.")
    done = visitor.confirms(path, check)
    command_id = parsed(check.text).xpath("string(//input[@name='command_id']/@value)")
    (receipt,) = parsed(done.text).xpath("//pre")
    for shown in ("/", WINDOW, HISTORY, OF_WINDOW):
        visitor.opens(shown)
    found = b"".join(page.body for page in kept(visitor)).decode()

    assert 4 == len(kept(visitor))
    assert "1 objection received" in found
    assert command_id
    assert command_id in done.text
    assert command_id not in found
    assert receipt.text_content().strip().splitlines()[-1] not in found


@pytest.mark.parametrize("path", ["/", WINDOW])
def test_each_language_has_pages_of_its_own(visitor: Visitor, path: str) -> None:
    """Whether the address or the browser asks for it: links keep what stands in the address."""
    in_address = visitor.opens(f"{path}?lang=fr")
    of_browser = visitor.client.get(path, headers={"Accept-Language": "fr"})
    english = visitor.opens(path)

    assert ["fr", "fr", "en"] == [
        page.headers["content-language"] for page in (in_address, of_browser, english)
    ]
    assert "lang=fr" in in_address.text.replace('?lang=fr" lang', "")
    assert 3 == len({page.headers["etag"] for page in (in_address, of_browser, english)})
    assert 304 == known(visitor, f"{path}?lang=fr", in_address).status_code
    assert 200 == known(visitor, path, in_address).status_code


def test_each_moment_and_page_has_an_address_of_its_own(visitor: Visitor) -> None:
    """What no page depends on makes no further one."""
    found = [
        visitor.opens(path).headers["etag"]
        for path in (WINDOW, f"{WINDOW}?at=14", HISTORY, f"{HISTORY}?at=3", f"{HISTORY}?after=2")
    ]

    assert len(found) == len(set(found))
    assert found[0] == visitor.opens(f"{WINDOW}?from=mail").headers["etag"]
    assert 5 == len(kept(visitor))


def test_an_address_that_cannot_be_read_is_refused_as_ever(visitor: Visitor) -> None:
    assert 400 == visitor.client.get("/?at=yesterday").status_code
    assert 404 == visitor.client.get("/?page=nonsense").status_code
    assert 414 == visitor.client.get("/?at=" + "1" * 9000).status_code


# --- what it takes -------------------------------------------------------------------------------


def test_the_memory_for_pages_has_a_bound() -> None:
    """Those go that nobody has asked for for longest, and one that is larger than all of it."""
    cache, ends = PageCache(10_000), {"un": Head(1, NOON)}
    until = Validity(NOON, NOON + MINUTE)

    def address(number: int) -> Address:
        return Address(EVERYBODY, f"/events/un/{number}", Requested("en"))

    def page(size: int) -> KeptPage:
        return KeptPage(ends, until, b'"e"', [], b"x" * (size - shared_pages.OVERHEAD))

    for number in range(4):
        cache.put(address(number), page(3_000))
        cache.get(address(0), ends, NOON)
    found = [number for number in range(4) if cache.get(address(number), ends, NOON)]
    assert ([0, 2, 3], 9_000) == (found, cache.size)
    cache.put(address(0), page(2_500))
    assert 8_500 == cache.size
    cache.put(address(9), page(10_001))
    assert 0 == cache.size


def test_head_is_answered_like_get_without_a_body(visitor: Visitor) -> None:
    """Of pages, forms, files and what is not there."""
    form = visitor.client.get(f"{WINDOW}/act/respond").headers["location"]
    for path in ("/", WINDOW, form, "/static/placet.css", "/nowhere"):
        whole, head = visitor.client.get(path), visitor.client.head(path)
        assert whole.status_code == head.status_code
        assert b"" == asyncio.run(
            body_of(visitor.client.app, path.partition("?")[0], method="HEAD")
        )
        assert whole.headers["content-length"] == head.headers["content-length"]
        assert whole.headers["content-type"] == head.headers["content-type"]


def test_style_sheet_and_icon_are_asked_for_once_and_never_again(visitor: Visitor) -> None:
    """Under an address that tells what is in them; under any other, the browser asks again."""
    links = parsed(visitor.opens("/").text).xpath("//link[starts-with(@href, '/static/')]/@href")

    assert 2 == len(links)
    for link in links:
        path, _, version = link.partition("?")
        now, other, bare = (visitor.opens(address) for address in (link, f"{path}?v=older", path))
        assert version.startswith("v=")
        assert now.content == other.content == bare.content
        assert "public, max-age=31536000, immutable" == now.headers["cache-control"]
        assert "cache-control" not in other.headers
        assert "cache-control" not in bare.headers


def test_years_of_readers_do_not_wear_the_clock_out() -> None:
    """The ends of time can be told how far away they are."""
    ends = [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)]

    assert NOON < holds_until(NOON, ends) <= NOON + MINUTE

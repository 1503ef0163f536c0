"""No page reads more of the log than its limit; where more is needed, it says what to do."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from starlette.requests import Request

from adapters.eventstore.event_store import StoredHistory
from domain.messages import RecordedEvent
from page_tree import parsed
from story import ORGANISATION, Story
from web.app import create_app
from web.http.cli_equivalents import command_for
from web.http.context import AboutProgram
from web.i18n.catalogues import NAMES
from web_visitor import said
from workflows.history import read_limit
from workflows.history.read_limit import ReadLimitExceeded, limited_to

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks for a successor of httpx that need not be there
    from starlette.testclient import TestClient

LIMIT = 60
SEATS = 70
REFUSED = "Too much would have to be read for this"
PAST = f"at={LIMIT + 10}"
LIST = f"placet agenda list --at {LIMIT + 10}"
OF = f"--organisation {ORGANISATION}"
HISTORY = f"/history/{ORGANISATION}"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many events were read since it was cleared."""
    counted = Counter[str]()

    def counting(name: str) -> None:
        itself = getattr(StoredHistory, name)

        def method(*args: Any, **values: Any) -> Sequence[RecordedEvent]:
            found: Sequence[RecordedEvent] = itself(*args, **values)
            counted["events"] += len(found)
            return found

        monkeypatch.setattr(StoredHistory, name, method)

    for name in ("events_of", "since", "events_of_command"):
        counting(name)
    return counted


@pytest.fixture
def long_story(story: Story) -> Story:
    """A store whose log, and whose longest stream, are over the limit."""
    story.body()
    for number in range(12):
        story.silence(window=f"w{number}")
    story.do("establish body", body="large", names={"en": "Large body"}, zone="UTC")
    story.do("adopt rule pack", body="large", pack="generic")
    for number in range(SEATS):
        story.do("fill seat", body="large", seat=f"s{number}", holder=f"Land {number}")
    story.silence(window="w", body="large")
    return story


def browser(story: Story, most_read: int) -> Any:
    """Somebody who reads pages with this limit."""
    placet = story.placet
    placet.projections.follow()
    app = create_app(
        placet.queries,
        lambda: story.now,
        lambda: None,
        AboutProgram(version="0.1.0", store="story", virtual=True),
        placet.codec,
        receipts=placet.receipts,
        most_read=most_read,
    )
    return TestClient(app)


@pytest.mark.parametrize(
    ("address", "command"),
    [
        (f"/?{PAST}", LIST),
        (f"/board.json?{PAST}", LIST),
        (f"/outstanding/{ORGANISATION}?{PAST}", LIST),
        (f"{HISTORY}/body/large", f"placet agenda history body/large {OF}"),
        (f"{HISTORY}/body/large.json", f"placet agenda history body/large {OF}"),
        (f"/windows/{ORGANISATION}/w", f"placet window show w {OF}"),
        (f"/windows/{ORGANISATION}/w?at=90", f"placet window show w {OF} --at 90"),
    ],
)
def test_what_would_take_more_is_refused_before_it_is_read(
    long_story: Story, read: Counter[str], address: str, command: str
) -> None:
    """The control is that the same addresses are pages where the limit is higher."""
    pages = {most: browser(long_story, most) for most in (LIMIT, 1_000)}
    read.clear()
    refused = pages[LIMIT].get(address)
    spent = read.total()
    shown = pages[1_000].get(address)

    assert (503, 200) == (refused.status_code, shown.status_code)
    assert spent <= LIMIT + 1 < read.total() - spent
    assert REFUSED in refused.text
    assert command in said(refused)
    assert "Retry-After" not in refused.headers
    if ".json" in address:
        assert "more than 60 events or contents" == refused.json()["reason"]


@pytest.mark.parametrize(
    "address", ["/", HISTORY, f"/?at={LIMIT // 2}", f"/events/{ORGANISATION}/9"]
)
def test_pages_of_a_part_stay_within_the_limit_in_a_log_of_any_length(
    long_story: Story, read: Counter[str], monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr("web.presenters.history.PAGE", 20)
    client = browser(long_story, LIMIT)
    read.clear()

    assert 200 == client.get(address).status_code
    assert read.total() <= LIMIT


@pytest.mark.parametrize(
    ("address", "command"),
    [
        ("/", "placet agenda list"),
        ("/history/un", "placet agenda list"),
        ("/agendas/un/a", "placet agenda show a --organisation un"),
        ("/windows/un/a/b/evidence/1", "placet window show a/b --organisation un"),
        ("/windows/un/a/act/respond", "placet window show a --organisation un"),
        ("/bodies/un/b.json", "placet agenda history body/b --organisation un"),
        ("/sessions/un/s?at=3", "placet agenda history session/s --organisation un --at 3"),
        ("/documents/un/d", "placet agenda history document/d --organisation un"),
        ("/events/un/7.json?at=3", "placet event show 7 --organisation un"),
        ("/receipts/un/7.txt", "placet event show 7 --organisation un"),
        ("/agendas/un/$(a)", "placet agenda show '$(a)' --organisation un"),
    ],
)
def test_each_page_has_a_command_that_shows_the_same(address: str, command: str) -> None:
    path, _, query = address.partition("?")
    scope = {"type": "http", "path": path, "query_string": query.encode()}

    assert command == command_for(Request(scope))


def corrected(story: Story) -> tuple[int, int]:
    """The positions of two corrections: of an early event, and of a late one."""
    story.do("start agenda", agenda="a", body="b", approved_by="b")
    story.propose("1", subjects=["report"])
    story.do("submit items", agenda="a")
    for stream, version, now in (
        ("body/b", 1, {"zone": "UTC"}),
        ("agenda/a", 2, {"memorandum": "M.1"}),
    ):
        why = {"reason": "a slip", "authority": "secretary"}
        story.do("correct fact", of=stream, version=version, now=now, **why)
    last = len(story.events())
    return last - 1, last


def test_the_page_of_a_correction_reads_what_came_after_what_it_corrects(
    long_story: Story, read: Counter[str]
) -> None:
    """Where that is too much, the event is shown all the same, with where the rest is."""
    old, new = corrected(long_story)
    client, unlimited = (browser(long_story, most) for most in (LIMIT, 1_000))
    read.clear()
    whole = client.get(f"/events/{ORGANISATION}/{new}.json")
    spent = read.total()
    part = client.get(f"/events/{ORGANISATION}/{old}.json")
    page = said(client.get(f"/events/{ORGANISATION}/{old}"))

    assert (200, 200) == (whole.status_code, part.status_code)
    assert spent < LIMIT // 2
    relied = [event["name"] for event in whole.json()["affected"]]
    assert ["agenda.items_submitted.v1"] == relied
    assert part.json()["affected"] is None
    assert part.json()["event"] == unlimited.get(str(part.url)).json()["event"]
    assert f"placet event show {old}" in page
    assert "placet event show" not in said(unlimited.get(f"/events/{ORGANISATION}/{old}"))


@pytest.mark.parametrize("tag", NAMES)
def test_the_refusal_is_a_page_in_each_language(long_story: Story, tag: str) -> None:
    page = browser(long_story, LIMIT).get(f"/?{PAST}&lang={tag}")

    assert tag == page.headers["Content-Language"]
    assert (REFUSED in said(page)) == (tag == "en")
    assert "placet serve --read-limit" in said(page)
    assert f"placet agenda list --at {LIMIT + 10}" in said(page)
    assert ("more than 60 events or contents" in said(page)) == (tag == "en")


@pytest.mark.parametrize("tag", NAMES)
def test_how_much_is_too_much_is_json_in_each_language(long_story: Story, tag: str) -> None:
    found = browser(long_story, LIMIT).get(f"/board.json?{PAST}&lang={tag}").json()

    assert "60" in found["reason"]
    assert (found["reason"] == "more than 60 events or contents") == (tag == "en")


@pytest.mark.parametrize("tag", NAMES)
def test_the_page_of_an_old_correction_says_in_each_language_where_its_list_is(
    long_story: Story, tag: str
) -> None:
    old, _ = corrected(long_story)
    page = said(browser(long_story, LIMIT).get(f"/events/{ORGANISATION}/{old}?lang={tag}"))

    assert f"placet event show {old}" in page
    assert ("Too much was recorded in between" in page) == (tag == "en")


@pytest.mark.parametrize(
    ("address", "there"),
    [
        (f"/?{PAST}&lang=fr", f"/?{PAST}&lang=es"),
        (f"/agendas/{ORGANISATION}/é%2Fx", f"/agendas/{ORGANISATION}/%C3%A9/x?lang=es"),
        ("//example.org/x", "/example.org/x?lang=es"),
        ("/?at=nonsense", "/?at=nonsense&lang=es"),
    ],
)
def test_a_page_of_an_error_leads_to_itself_in_other_languages(
    long_story: Story, address: str, there: str
) -> None:
    """All other links lead to what stands now, and none to another server."""
    page = browser(long_story, LIMIT).get(f"http://testserver{address}")
    tree = parsed(page.text)

    assert 400 <= page.status_code
    assert [there] == tree.xpath("//a[@hreflang='es']/@href")
    assert {"at=" in link for link in tree.xpath("//main//a/@href")} == {False}


def test_each_request_has_a_limit_of_its_own_and_the_command_line_has_none(
    long_story: Story,
) -> None:
    client = browser(long_story, LIMIT)
    for _ in range(5):
        assert 200 == client.get(f"/?at={LIMIT // 2}").status_code

    assert len(long_story.events()) > LIMIT
    assert long_story.placet.queries.board(long_story.now, PAST.removeprefix("at=")).groups()
    with limited_to(LIMIT), pytest.raises(ReadLimitExceeded):
        long_story.placet.queries.board(long_story.now, PAST.removeprefix("at="))


@pytest.mark.parametrize("path", ["/", f"/outstanding/{ORGANISATION}"])
def test_what_reads_all_before_a_position_is_refused_at_once_or_not_at_all(
    long_story: Story, read: Counter[str], path: str
) -> None:
    """One event more tells when the position was recorded; contents take nothing away from it."""
    client, found = browser(long_story, LIMIT), {}
    for position in range(LIMIT - 3, LIMIT + 2):
        read.clear()
        status = client.get(f"{path}?at={position}").status_code
        found[position] = (status, read.total())

    assert {
        **{at: (200, at + 1) for at in range(LIMIT - 3, LIMIT)},
        **{at: (503, found[at][1]) for at in (LIMIT, LIMIT + 1)},
    } == found
    assert max(found[LIMIT][1], found[LIMIT + 1][1]) <= 1


def test_of_several_organisations_none_is_read_in_vain(
    long_story: Story, read: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control is the same position while there is one."""
    client, at = browser(long_story, LIMIT), LIMIT - 2
    assert 200 == client.get(f"/?at={at}").status_code
    monkeypatch.setattr("story.ORGANISATION", "other")
    long_story.body()
    read.clear()

    assert 503 == client.get(f"/?at={at}").status_code
    assert 0 == read.total()


def test_a_past_board_reads_each_event_once(long_story: Story, read: Counter[str]) -> None:
    """And one more for each organisation: when the position was recorded."""
    read.clear()
    long_story.placet.queries.board(long_story.now, "50")

    assert 50 + 1 == read.total()
    assert read_limit.DEFAULT >= 10_000

"""Pages of a standby say how far they are behind, and lead nobody to believe that they acted."""

from __future__ import annotations

import warnings
from datetime import timedelta

import pytest

from account_story import PASSWORD
from domain.actors import Actor, Role
from domain.ports.errors import Unavailable
from domain.ports.store import Standby
from page_tree import parsed
from story import ORGANISATION, Story
from web.app import create_app
from web.http.authentication import COOKIE
from web.http.context import AboutProgram
from web.http.standby import standby_note
from web.i18n.catalogues import NAMES
from wiring import CODEC
from workflows.accounts.sessions import Client

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks for a successor of httpx that need not be there
    from starlette.testclient import TestClient

WINDOW = f"/windows/{ORGANISATION}/w"
FORM = f"{WINDOW}/act/respond"


class Copy:
    """The server of a standby over the store of a story, until it is promoted."""

    def __init__(self, story: Story, primary: str = "") -> None:
        self.state: Standby | None = Standby(story.now - timedelta(seconds=7))
        placet = story.placet
        about = AboutProgram(
            version="0",
            store="s",
            resting=lambda: self.state is not None,
            standby=standby_note(placet.store, lambda: self.state),
            primary=primary,
        )
        app = create_app(
            placet.queries,
            lambda: story.now,
            placet.projections.catch_up_or_wait,
            about,
            CODEC,
            receipts=placet.receipts,
            placet=placet,
            clock=placet.clock,
        )
        self.client = TestClient(app, follow_redirects=False)

    def said(self, path: str) -> str:
        """What a page says of the standby; empty where it says nothing."""
        found = parsed(self.client.get(path).text).xpath("//p[contains(@class, 'standby')]")
        return " ".join(found[0].text_content().split()) if found else ""


@pytest.fixture
def silent(story: Story) -> Story:
    """A silence procedure, up to event 5 of one organisation."""
    story.body()
    story.silence()
    story.placet.projections.follow()
    return story


@pytest.mark.parametrize("path", ["/", WINDOW, f"/history/{ORGANISATION}", f"{WINDOW}?at=5"])
def test_a_page_says_up_to_which_event_and_when_it_stood_so(silent: Story, path: str) -> None:
    said = Copy(silent).said(path)

    assert f"It holds {ORGANISATION} up to event 5." in said
    assert "That is 7 seconds before this page was made." in said


def test_json_says_it_too(silent: Story) -> None:
    copy = Copy(silent)
    found = copy.client.get(f"{WINDOW}.json").json()["standby"]

    assert {ORGANISATION: 5} == found["positions"]
    assert found["replayed_at"].startswith("2026-03-02T12:04:53")


def test_what_is_not_known_is_not_guessed(silent: Story) -> None:
    copy = Copy(silent)
    copy.state = Standby()

    assert "How far it is behind is not known." in copy.said("/")


def test_nobody_acts_on_a_standby(silent: Story) -> None:
    """Nothing is taken into the intake either: no window is held for it later."""
    copy = Copy(silent)
    page = copy.client.get(WINDOW).text
    form, sent = copy.client.get(FORM), copy.client.post(FORM, data={"seats": "east"})

    assert "/act/" not in page
    assert [405, 405] == [form.status_code, sent.status_code]
    assert "Nothing was recorded." in sent.text
    assert [] == [*silent.placet.intake_queue.pending_entries()]
    assert 5 == len(silent.events())


def test_who_is_logged_in_reads_on_a_standby_and_nobody_logs_in_there(silent: Story) -> None:
    """Sessions come along with the database; that one is in use cannot be written there."""
    principal = silent.placet.accounts.directory.add("ana", password=PASSWORD).principal
    role = {"principal": principal, "role": "member", "body": "b", "seat": "east"}
    silent.do("grant role", who=Actor(role=Role.ADMINISTRATOR), **role)
    silent.placet.projections.follow()
    begun = silent.placet.accounts.sessions.begin(principal, "password", Client())
    copy = Copy(silent)
    stranger = copy.client.get(WINDOW)
    refused = copy.client.post("/log-in", data={"login": "ana", "password": PASSWORD})
    said = copy.said("/log-in")
    copy.client.cookies.set(COOKIE, begun.secret)
    read = copy.client.get(WINDOW)

    assert (303, 405, 200) == (stranger.status_code, refused.status_code, read.status_code)
    assert "nothing can be done here" in said
    assert "/act/" not in read.text
    assert 405 == copy.client.post(FORM, data={"seats": "east"}).status_code


@pytest.mark.parametrize("path", [FORM, "/establish/isle", "/bodies/fictional/b/act/fill-seat"])
def test_a_form_leads_to_the_primary_that_was_named(silent: Story, path: str) -> None:
    copy = Copy(silent, "http://127.0.0.1:8000/")
    form, sent = copy.client.get(path), copy.client.post(path)

    assert (307, f"http://127.0.0.1:8000{path}") == (form.status_code, form.headers["location"])
    assert f"Act at http://127.0.0.1:8000{path}" in sent.text


def test_the_language_comes_along_to_the_primary(silent: Story) -> None:
    copy = Copy(silent, "http://127.0.0.1:8000/")
    form, sent = copy.client.get(f"{FORM}?lang=fr"), copy.client.post(f"{FORM}?lang=fr")

    assert f"http://127.0.0.1:8000{FORM}?lang=fr" == form.headers["location"]
    assert f"http://127.0.0.1:8000{FORM}?lang=fr" in sent.text


@pytest.mark.parametrize("tag", NAMES)
def test_why_nobody_acts_there_is_said_in_each_language(silent: Story, tag: str) -> None:
    sent = Copy(silent, "http://127.0.0.1:8000/").client.post(f"{FORM}?lang={tag}")

    assert (405, tag) == (sent.status_code, sent.headers["Content-Language"])
    assert ("Nothing was recorded." in sent.text) == (tag == "en")
    assert ("Act at" in sent.text) == (tag == "en")


def test_once_it_is_promoted_the_pages_take_acts(silent: Story) -> None:
    copy = Copy(silent)
    copy.state = None

    assert "" == copy.said(WINDOW)
    assert FORM in copy.client.get(WINDOW).text
    assert 303 == copy.client.get(FORM).status_code


def test_a_page_of_an_error_needs_no_database(silent: Story) -> None:
    def lost() -> Standby:
        raise Unavailable("the database cannot be used now")

    assert standby_note(silent.placet.store, lost)("/") is None

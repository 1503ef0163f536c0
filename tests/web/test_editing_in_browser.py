"""A roster edited in a real browser: going back, clicking twice, and a session that runs out."""

from __future__ import annotations

import warnings
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from account_story import PASSWORD
from browser_person import BrowserPerson
from chromium import IN_CHROMIUM
from chromium import browser as browser
from served_app import served_app
from story import ORGANISATION, Story
from web_visitor import Hands, pages

ROSTER = f"/bodies/{ORGANISATION}/b/edit/roster"
SEATS = "\n".join(["holder;seat", *(f"State {number};state-{number}" for number in range(190))])

pytestmark = IN_CHROMIUM


def logs_in(person: BrowserPerson, next_page: str) -> None:
    """Log in on the log-in page, and go on there."""
    person.goes(f"/log-in?next={next_page}")
    person.page.fill("#login", "ada")
    person.page.fill("#password", PASSWORD)
    with person.page.expect_navigation():
        person.page.locator("form:has(#password) button[type=submit]").first.click()


@pytest.mark.parametrize(
    ("language", "width", "scripts"),
    [
        pytest.param("fr", 1280, True, id="French, with scripts"),
        pytest.param("ar", 390, False, id="Arabic at 390 pixels, without scripts"),
    ],
)
def test_a_roster_survives_going_back_a_double_click_and_a_session_that_runs_out(
    browser: Browser, story: Story, language: str, width: int, *, scripts: bool
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        story.body()
    story.do("grant role", who="administrator", principal="ada", role="secretariat", body="b")
    hands = Hands(story.now + timedelta(minutes=2))
    story.placet.clock = hands
    story.placet.accounts.directory.add("ada", principal="ada", password=PASSWORD)
    with served_app(pages(story.placet, hands)) as here:
        ada = BrowserPerson.opens(browser, here, "ada", language, width, scripts=scripts)
        page = ada.page
        logs_in(ada, ROSTER)

        page.fill("#text", "holder;seat;capacity\nEast;east\nWest;west\nNorth;north;monarch")
        ada.presses("main button.main", 422)
        page.fill("#text", "holder;seat\nEast;east\nWest;west\nNorth;north")
        ada.presses("main button.main")
        page.go_back()
        assert "North;north\n" in page.input_value("#text") + "\n"
        assert "monarch" not in page.input_value("#text")
        page.fill("#text", f"{page.input_value('#text')}\nSouth;south")
        ada.presses("main button.main")
        page.reload()
        page.locator("button[name=confirmed]").dblclick()
        page.wait_for_url("**/recorded/**")
        recorded = ada.path
        page.go_back()
        assert recorded == ada.path
        assert 4 == len(story.state("body/b").seats)

        ada.goes(ROSTER)
        page.fill("#text", SEATS)
        hands.at += timedelta(minutes=40)
        ada.presses("main button.main", 401)
        logs_in(ada, f"/drafts/{ORGANISATION}")
        with page.expect_navigation():
            page.locator("main a.button.main").click()
        assert SEATS == page.input_value("#text").strip()
        assert [] == ada.problems
        page.context.close()

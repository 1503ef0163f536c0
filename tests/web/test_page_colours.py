"""Pages in an organisation's own colours: the form, the style sheet, and who gets it when."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from domain.access.page_colours import BACKGROUNDS, HEAD, LINKS
from page_tree import parsed
from story import ORGANISATION, Story
from web.http.static_assets import FOR_EVER
from web_visitor import WINDOW, Visitor, said

FORM = f"/organisations/{ORGANISATION}/act/colours"
SHEET = Path(__file__).parents[2] / "web" / "static" / "placet.css"
pytestmark = pytest.mark.folder


@pytest.fixture
def visitor(story: Story) -> Visitor:
    """Somebody at the pages of a body with a text under silence."""
    story.body()
    story.silence()
    return Visitor(story)


def sheets(visitor: Visitor, path: str) -> list[str]:
    """The style sheets of a page."""
    found = parsed(visitor.opens(path).text).xpath("//link[@rel='stylesheet']/@href")
    return [str(address) for address in found]


def chooses(visitor: Visitor, **colours: str) -> None:
    done = visitor.confirms(FORM, visitor.checks(FORM, **colours))
    assert 303 == done.status_code, said(done)


def test_pages_change_their_colours_at_once_and_letters_have_none(visitor: Visitor) -> None:
    before = sheets(visitor, WINDOW)
    form = parsed(visitor.opens(FORM).text)
    chooses(visitor, head="#3d0f2e", links="#7a1f5c")
    after = [sheets(visitor, path) for path in (WINDOW, "/", f"/bodies/{ORGANISATION}/b")]
    answer = visitor.client.get(after[0][1])

    assert [HEAD, LINKS] == form.xpath("//input[@type='color' and not(@disabled)]/@value")
    assert 1 == len(before)
    assert [[*before, "/static/colours-3d0f2e-7a1f5c.css"]] * 3 == after
    assert ("text/css; charset=utf-8", FOR_EVER) == (
        answer.headers["content-type"],
        answer.headers["cache-control"],
    )
    assert "--deep: #3d0f2e; --blue: #7a1f5c;" in answer.text
    assert "unsafe-inline" not in answer.headers["content-security-policy"]
    chooses(visitor, head=HEAD, links=LINKS)
    assert before == sheets(visitor, WINDOW)


def test_what_is_refused_names_the_criterion_and_keeps_what_was_written(visitor: Visitor) -> None:
    refused = visitor.sends(FORM, visitor.fills(FORM, links="#ff9900"))
    faulty = visitor.sends(FORM, visitor.fills(FORM, links="orange"))

    assert (409, True) == (refused.status_code, "WCAG 2.2, SC 1.4.3" in said(refused))
    assert ["#ff9900"] == parsed(refused.text).xpath("//input[@name='links']/@value")
    assert (422, True) == (faulty.status_code, "six hexadecimal digits" in said(faulty))


@pytest.mark.parametrize("named", ["ff9900-00558a", "07304c-ffffff", "zz", "07304C-00558A"])
def test_a_style_sheet_of_other_colours_is_not_there(visitor: Visitor, named: str) -> None:
    assert 404 == visitor.client.get(f"/static/colours-{named}.css").status_code


def test_letters_stand_on_no_ground_that_was_not_looked_at() -> None:
    """Pages have one appearance, and all its grounds are those that the rule compares with."""
    sheet = SHEET.read_text()
    named = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", sheet))
    grounds = {named[name] for name in ("wash", "pale", "ok-pale", "wait-pale", "stop-pale")}

    assert {"#ffffff", *grounds} == {*BACKGROUNDS}
    assert ("#fff", HEAD, LINKS) == (named["paper"], named["deep"], named["blue"])
    assert "prefers-color-scheme" not in sheet

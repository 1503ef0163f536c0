"""Histories and events tell times where the body sits, with UTC beside them."""

import pytest

from page_tree import text
from story import ORGANISATION, Story
from web_visitor import Visitor


@pytest.fixture
def visitor(story: Story) -> Visitor:
    """Somebody who reads of a body in Vienna, whose organisation is in Geneva."""
    story.do("change settings", who="administrator", zone="Europe/Zurich")
    story.body()
    dates = {"starts": "2026-05-04", "ends": "2026-05-05"}
    story.do("schedule session", session="s", body="b", number="3", zone="Asia/Tokyo", **dates)
    story.do("start agenda", agenda="a", body="b", session="s", approved_by="b")
    masthead = {"symbol": "FBR/2026/1", "type": "provisional agenda", "body": "b", "agenda": "a"}
    story.do("register document", document="paper", languages=["en"], **masthead)
    story.propose("1")
    story.silence(subject={"type": "list of entries", "items": ["a", "b"]}, by_item=True)
    return Visitor(story)


@pytest.mark.parametrize(
    ("stream", "place"),
    [
        ("/body/b", "Vienna ("),
        ("/agenda/a", "Vienna ("),
        ("/document/paper", "Vienna ("),
        ("/window/w", "Vienna ("),
        ("/session/s", "Tokyo ("),
        ("/symbol/FBR%2F2026%2F1", "Vienna ("),
        ("/organisation/self", "Zurich ("),
        ("", "Zurich ("),
    ],
)
def test_a_history_is_told_in_the_zone_of_its_body(
    visitor: Visitor, stream: str, place: str
) -> None:
    """That of a session in the zone of the session, and the whole one in the organisation's."""
    page = text(visitor.opens(f"/history/{ORGANISATION}{stream}").text)
    assert place in page
    assert "UTC)" in page


def test_an_event_is_told_in_the_zone_of_its_body(visitor: Visitor) -> None:
    """When it took effect, as its heading says too, was received and was recorded."""
    page = text(visitor.opens(f"/events/{ORGANISATION}/2").text)
    assert page.count("13:02 Vienna (12:02 UTC)") == 4

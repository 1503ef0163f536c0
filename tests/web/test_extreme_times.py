"""What was stored at the ends of time, before times were bound: it is read, shown and sent."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from command_line import Placet
from domain import deadlines, times
from domain.instants import LATEST
from story import Story
from web_visitor import Visitor

LAST, FIRST = "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"


@pytest.fixture
def far(story: Story, monkeypatch: pytest.MonkeyPatch) -> Story:
    """Windows and sessions that begin or end there, as an earlier program took them."""
    with monkeypatch.context() as earlier:
        earlier.setattr(times, "YEARS", range(1, 10_000))
        earlier.setattr(deadlines, "REACH", timedelta.max)
        parameters = {"reminder-hours": "999999", "grace-seconds": "999999", "margin-seconds": "9"}
        story.body(parameters=parameters)
        story.silence(closes=LAST)
        days = {"starts": FIRST, "ends": LAST}
        story.do("schedule session", session="s", body="b", number="1", **days)
        story.do("start agenda", agenda="a", body="b", session="s", approved_by="b")
        story.propose("1", subjects=["adoption of the agenda", "report"])
        story.do("submit items", agenda="a")
        subject = {"type": "agenda items", "agenda": "a"}
        story.silence(window="items", subject=subject, text={}, closes=LAST)
        values = {"body": "b", "subject": {"type": "decision text"}, "closes": LAST}
        story.tell("open silence", FIRST, window="old", **values)
    times._require_enterable.cache_clear()
    story.placet.projections.follow()
    return story


def test_the_record_of_then_is_folded(far: Story) -> None:
    """What follows from its times stays within time."""
    window = far.state("window/w")

    assert (LATEST, "open") == (window.due_from, far.phase())
    assert LATEST - window.reminder_due_from > timedelta(days=30_000)
    assert not window.due(far.now)
    far.respond("objection")
    assert far.state("window/w").broken_whole


@pytest.mark.parametrize("language", ["en", "zh", "ar"])
@pytest.mark.filterwarnings("ignore")
def test_the_pages_of_then_are_shown(far: Story, language: str) -> None:
    """All that there are, and the forms that move a deadline."""
    visitor = Visitor(far)
    paths = ["/", "/history/fictional", "/outstanding/fictional", "/open/fictional"]
    paths += [f"/windows/fictional/{name}" for name in ("w", "items", "old")]
    paths += ["/agendas/fictional/a", "/windows/fictional/w/act/extend"]
    for path in paths:
        visitor.opens(f"{path}?lang={language}")


def test_the_command_line_tells_of_then(placet: Placet, far: Story, tmp_path: Path) -> None:
    """RowReader, looks, and a turn of the clock."""
    far.placet.close()
    for text_line in (
        ("window", "list"),
        ("window", "show", "w"),
        ("window", "show", "old"),
        ("agenda", "list"),
        ("agenda", "show", "a"),
        ("clock", "--once"),
        ("store", "check"),
    ):
        code, _, err = placet(*text_line, "--store", tmp_path / "store")
        assert 0 == code, (text_line, err)

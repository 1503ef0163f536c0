"""Pages stay of a bounded size, and say what they leave out."""

from __future__ import annotations

import pytest

from page_tree import parsed
from story import Story
from web.presenters import history, window
from web_visitor import WINDOW, Visitor, said

RESPONSES = '//ol[@class="responses"]/li'


def test_a_page_lists_what_may_break_the_silence_and_the_newest_others(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: on a larger page all of it stands, and nothing is said to be left out."""
    story.body()
    story.silence(threshold=2)
    story.respond("objection", "west")
    for number in range(8):
        story.respond("editorial comment", text=f"Comma {number}.")
    whole = Visitor(story).opens(WINDOW)
    monkeypatch.setattr(window, "LISTED", 3)
    monkeypatch.setattr(history, "PAGE", 4)
    short = Visitor(story).opens(WINDOW)
    numbers = [
        [int(node.xpath("string(h3/span)")) for node in parsed(page.text).xpath(RESPONSES)]
        for page in (whole, short)
    ]

    assert [[*range(1, 10)], [1, 7, 8, 9]] == numbers
    assert "not listed here" not in said(whole)
    assert "Earlier ones, not listed here: 5" in said(short)
    assert "Earlier ones, not listed here: 6" in said(short)

"""What is next is found without looking at what is not: due, to be reminded of, still running."""

from __future__ import annotations

from datetime import datetime, timedelta

from story import ORGANISATION, Story
from workflows.projections import due_windows

WHO = "presiding officer"


def windows(story: Story) -> None:
    """Windows that end an hour after each other; one is suspended, one held, one superseded."""
    story.body()
    for n in range(6):
        story.silence(window=f"w{n}", length=f"{72 + n} hours")
    story.do("suspend silence", window="w1", reason="a doubt", who=WHO)
    story.do("hold silence", window="w2", reason="a doubt", who=WHO)
    story.do("supersede silence", window="w3", reason="another text", who=WHO)
    story.placet.projections.follow()


def test_a_window_is_due_when_its_grace_is_over(story: Story) -> None:
    """Not a moment before, and neither while it is suspended or held nor once it is over."""
    windows(story)
    end = story.state("window/w4").due_from

    def due(at: datetime) -> list[str]:
        return list(due_windows.due_windows(story.placet.views, at).get(ORGANISATION, ()))

    assert ["w0"] == due(end - timedelta(microseconds=1))
    assert ["w0", "w4"] == due(end)
    assert [] == due(story.now)
    assert all(story.state(f"window/{name}").due(end) for name in due(end))


def test_silent_seats_are_reminded_of_a_running_clock_only(story: Story) -> None:
    windows(story)
    near = story.state("window/w4").reminder_due_from

    def to_remind(at: datetime) -> list[str]:
        return list(due_windows.windows_to_remind(story.placet.views, at).get(ORGANISATION, ()))

    assert ["w0"] == to_remind(near - timedelta(microseconds=1))
    assert ["w0", "w4"] == to_remind(near)
    story.do("hold silence", window="w0", reason="a doubt", who=WHO)
    story.placet.projections.follow()
    assert ["w4"] == to_remind(near)


def test_what_has_no_outcome_is_listed_nearest_end_first(story: Story) -> None:
    windows(story)

    found = [name for _, name in due_windows.unfinished_windows(story.placet.views)]

    assert ["w0", "w4", "w5", "w1", "w2"] == found


def test_a_deadline_that_moves_takes_its_window_along(story: Story) -> None:
    windows(story)
    story.do(
        "extend silence", window="w0", closes="2026-03-12T12:00:00Z", reason="a holiday", who=WHO
    )
    story.placet.projections.follow()

    assert ["w4", "w5", "w0"] == [
        name for _, name in due_windows.unfinished_windows(story.placet.views)
    ][:3]

"""What is entered in the browser once a silence has failed: a decision, or an amended text."""

from __future__ import annotations

import warnings
from datetime import timedelta
from pathlib import Path

import pytest

from command_line import Placet
from page_tree import parsed
from story import Story
from web_visitor import WINDOW, Visitor, field_values, said


@pytest.fixture
def visitor(story: Story) -> Visitor:
    """A visitor of a window whose text failed by an objection."""
    story.body()
    story.silence()
    story.respond("objection")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Visitor(story)


def offered(visitor: Visitor) -> set[str]:
    """The names of the acts that the page of the window offers."""
    page = parsed(visitor.opens(WINDOW).text)
    links = page.xpath("//nav[contains(@class, 'acts')]//a/@href")
    return {str(link).rpartition("/")[2] for link in links}


def test_a_meeting_decides_on_what_the_silence_did_not(visitor: Visitor) -> None:
    votes = {"in_favour": "12", "against": "3", "abstaining": "0"}
    done = visitor.acts(
        "decide", result="adopted", manner="vote", note="Third meeting, paragraph 9.", **votes
    )
    window = visitor.story.state("window/w")
    (_, decision), *others = window.follow_up.decided

    assert "adopted" in said(done)
    assert [] == others
    assert ("adopted", "vote", "b", 12, 3, 0) == (
        decision.result,
        decision.manner,
        decision.by,
        decision.in_favour,
        decision.against,
        decision.abstaining,
    )
    assert "body" == str(visitor.story.events()[-1].actor.role)
    assert window.broken_whole
    assert "Votes: 12 in favour, 3 against, 0 abstaining." in visitor.window()


def test_figures_without_a_vote_are_refused_with_the_rule(visitor: Visitor) -> None:
    form = f"{WINDOW}/act/decide"
    given = visitor.fills(form, result="adopted", manner="consensus", in_favour="12")
    answer = visitor.sends(form, given)
    words = visitor.sends(form, visitor.fills(form, result="adopted", in_favour="many"))

    assert (409, 422) == (answer.status_code, words.status_code)
    assert "vote-counted" in said(answer)
    assert "A number from 0 to 9999." in said(words)
    assert ["12"] == field_values(answer.text)["in_favour"]


def test_an_amended_text_is_announced_without_a_new_silence(visitor: Visitor) -> None:
    texts = {"text-en": "The board decides otherwise.", "text-fr": "Le conseil décide autrement."}
    visitor.acts("announce-revision", role="secretariat", note="Letter of 3 March.", **texts)

    assert visitor.story.state("window/w").broken_whole
    assert "window.revision_announced" == visitor.story.names()[-1]
    assert "Letter of 3 March." in visitor.window()


def test_an_announcement_that_says_nothing_is_refused(visitor: Visitor) -> None:
    form = f"{WINDOW}/act/announce-revision"
    answer = visitor.sends(form, visitor.fills(form, role="secretariat"))

    assert 409 == answer.status_code
    assert "say what is announced" in said(answer)


def test_they_are_offered_only_where_something_failed(visitor: Visitor, story: Story) -> None:
    follow_up = {"decide", "announce-revision"}
    failed = offered(visitor) & follow_up
    story.silence(window="v")
    running = parsed(visitor.opens(WINDOW.removesuffix("w") + "v").text)

    assert follow_up == failed
    assert not [link for link in running.xpath("//a/@href") if "decide" in str(link)]
    assert not [link for link in running.xpath("//a/@href") if "announce-revision" in str(link)]


def test_nothing_is_decided_on_what_silence_approved(story: Story) -> None:
    story.body()
    story.silence()
    story.do("record notices", window="w", seats=["east", "west"], result="delivered")
    story.clock("2026-03-08T12:00:00Z")
    visitor = Visitor(story)

    assert "announce" in offered(visitor)
    assert not offered(visitor) & {"decide", "announce-revision"}


def test_a_decision_is_entered_on_the_command_line(
    placet: Placet, story: Story, tmp_path: Path
) -> None:
    story.now -= timedelta(days=1)
    story.body()
    story.silence()
    story.respond("objection")
    line = ("window", "decide", "w", "--result", "declined", "--manner", "without a vote")
    code, _, said_ = placet(*line, "--store", tmp_path / "store", "--yes")

    assert 0 == code, said_
    assert "window.matter_decided" == story.names()[-1]
    assert "body" == str(story.events()[-1].actor.role)

"""Silence counts only of those who were told and could answer: notices, outages, papers, grace."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.actors import Actor, Role
from domain.awaited_action import Awaited
from domain.canonical import digest
from domain.messages import UNDER_WAY, CitedMessage
from domain.times import When
from story import Story

CLOSED = "2026-03-05T12:10:00Z"
OFFICER = {"who": "presiding officer", "window": "w"}
LETTER = b"We object. Signed: Eastland."


def opened(story: Story, **parameters: str) -> None:
    """Window `w` of two seats, opened 12:05 UTC on 2 March 2026 for 72 hours."""
    story.body(parameters={name.replace("_", "-"): value for name, value in parameters.items()})
    story.at("2026-03-02T12:04:00Z")
    story.silence()


SERVICE = Actor(role=Role.NOTICES)


def notices(
    story: Story, result: str, *seats: str, about: str = "", who: Actor | str = SERVICE
) -> None:
    """What became of notices to these seats."""
    values = {"window": "w", "seats": seats, "result": result, "about": about, "reason": "by phone"}
    story.do("record notices", who=who, **values)


# --- told ----------------------------------------------------------------------------------------


def test_where_the_policy_wants_it_each_seat_is_told_before_silence_counts(story: Story) -> None:
    """Nothing failed, yet nothing says that west was told: the close waits for that."""
    opened(story, notices_required="yes")
    notices(story, "delivered", "east")
    story.clock(CLOSED)
    held = story.phase(), story.state("window/w").hold_reason
    notices(story, "delivered", "west", who="secretariat")
    story.clock("2026-03-05T12:20:00Z")

    assert ("held for review", "not told of the opening: west") == held
    assert "approved" == story.phase()


def test_a_letter_that_arrives_after_the_end_approves_nothing_by_itself(story: Story) -> None:
    """Who was told only when it was over was not told in time: a person says that it is well."""
    opened(story, notices_required="yes")
    notices(story, "delivered", "east")
    story.clock(CLOSED)
    notices(story, "delivered", "west")
    story.clock("2026-03-05T12:20:00Z")
    held = story.phase()
    story.do("release silence", **OFFICER, reason="West says that it knew.")
    story.clock("2026-03-05T12:30:00Z")

    assert ("held for review", "approved") == (held, story.phase())


def test_the_hold_stays_until_nobody_is_left_untold(story: Story) -> None:
    """People tell of one of two seats, and of what was said; the other one still waits."""
    story.body(seats=("east", "west", "north"), parameters={"notices-required": "yes"})
    story.at("2026-03-02T12:04:00Z")
    story.silence()
    notices(story, "delivered", "east")
    story.clock(CLOSED)
    notices(story, "resolved", "west", who="secretariat")
    held = story.state("window/w").hold_reason
    notices(story, "failed", "west", who="secretariat", about="extension")
    notices(story, "resolved", "north", who="secretariat", about="opening")
    still = story.phase()
    notices(story, "resolved", "west", who="secretariat", about="extension")

    assert ("not told of the opening: north, west", "held for review") == (held, still)
    assert () == story.state("window/w").holds


@pytest.mark.parametrize("result", ["waived", "resolved"])
def test_a_failure_is_resolved_or_waived_with_a_reason(story: Story, result: str) -> None:
    """A waiver excuses the seat; it does not say that it was told."""
    opened(story, notices_required="yes")
    notices(story, "delivered", "east")
    notices(story, "failed", "west")
    story.clock(CLOSED)
    held = story.phase()
    notices(story, result, "west", who="secretariat")
    story.clock("2026-03-05T12:20:00Z")
    window = story.state("window/w")

    assert ("held for review", "approved") == (held, story.phase())
    assert (result == "resolved") == ("west" in window.delivered)
    assert (result == "waived") == ("west" in window.notices.excused)


def test_who_is_excused_from_an_extension_is_still_to_be_told_of_the_opening(story: Story) -> None:
    """A waiver is for what it names."""
    opened(story, notices_required="yes")
    notices(story, "delivered", "east")
    notices(story, "failed", "west", about="extension")
    notices(story, "waived", "west", about="extension")
    story.clock(CLOSED)

    assert "not told of the opening: west" == story.state("window/w").hold_reason


def test_a_seat_that_was_told_of_the_extension_alone_was_not_told_of_the_text(
    story: Story,
) -> None:
    """Only what went out at the opening says what is under silence."""
    opened(story, notices_required="yes")
    notices(story, "delivered", "east")
    notices(story, "delivered", "west", about="extension")

    assert frozenset({"east"}) == story.state("window/w").delivered


def test_a_failure_that_is_no_news_records_nothing(story: Story) -> None:
    """Every seat was told by other means when the letters failed."""
    story.body()
    story.silence()
    values = {"window": "w", "seats": ["east", "west"]}
    story.do("record notices", result="delivered", via="courier", **values)
    answer = story.do("record notices", who="notice service", result="failed", reason="x", **values)

    assert () == answer.events
    assert frozenset() == story.state("window/w").unreached_seats


def test_who_has_answered_knows_of_the_opening_whatever_became_of_the_letter(story: Story) -> None:
    """Of an extension it need not know."""
    opened(story)
    notices(story, "failed", "east", "west")
    story.respond("editorial comment", "east")
    unreached = story.state("window/w").unreached_seats
    notices(story, "failed", "east", about="extension")

    assert frozenset({"west"}) == unreached
    assert frozenset({"east", "west"}) == story.state("window/w").unreached_seats


def test_a_hold_about_notices_waits_for_who_records_them_not_for_its_release(story: Story) -> None:
    """The presiding officer's release comes to nothing: the clock holds it again."""
    opened(story)
    notices(story, "failed", "west")
    story.clock(CLOSED)
    held = story.state("window/w").awaited(story.now)
    story.do("release silence", **OFFICER, reason="He knows.")
    story.clock("2026-03-05T12:20:00Z")
    again = story.state("window/w").awaited(story.now)
    notices(story, "resolved", "west", who="secretariat")
    story.clock("2026-03-05T12:30:00Z")

    assert [Awaited("secretariat", "that seats were told, or need not be")] * 2 == [held, again]
    assert "approved" == story.phase()


@pytest.mark.parametrize("about", ["extension", "suspension", "resumption", "supersession"])
def test_what_must_reach_all_blocks_the_close_when_it_fails(story: Story, about: str) -> None:
    """News of another notice does not settle it; news of this one does."""
    opened(story)
    notices(story, "failed", "west", about=about)
    notices(story, "delivered", "west")
    story.clock(CLOSED)
    held = story.phase()
    notices(story, "delivered", "west", about=about, who="secretariat")
    story.clock("2026-03-05T12:20:00Z")

    assert ("held for review", "approved") == (held, story.phase())


def test_resolved_without_saying_what_settles_all_that_failed(story: Story) -> None:
    """Somebody was told of everything by telephone."""
    opened(story)
    notices(story, "failed", "east", "west")
    notices(story, "failed", "west", about="extension")
    notices(story, "resolved", "west")

    assert frozenset({"east"}) == story.state("window/w").unreached_seats


@pytest.mark.parametrize("about", ["reminder", "outcome"])
def test_a_reminder_or_an_outcome_that_fails_blocks_nothing(story: Story, about: str) -> None:
    """They are courtesies: who was told of the text has been told."""
    opened(story)
    notices(story, "failed", "west", about=about)
    story.clock(CLOSED)

    assert "approved" == story.phase()


def test_withheld_names_are_counted_where_somebody_was_not_told(story: Story) -> None:
    """The hold says how many, and nobody's name."""
    opened(story, notices_required="yes", names_withheld="yes")
    story.clock(CLOSED)

    assert "not told of the opening: 2 seats" == story.state("window/w").hold_reason


def test_a_notice_is_about_something_that_is_told(story: Story) -> None:
    """A misspelt occasion is refused; a seat records no notices."""
    opened(story)
    values = {"window": "w", "seats": ["west"], "result": "failed"}
    with story.refused("known"):
        story.do("record notices", about="the weather", **values)
    with story.refused("live-role"):
        story.do("record notices", who="seat west", **values)


# --- heard ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "phase"), [(30, "approved"), (31, "held for review")])
def test_a_close_after_an_outage_is_for_people(story: Story, minutes: int, phase: str) -> None:
    """Who could not answer was not silent; half an hour is what this body allows."""
    opened(story, longest_outage_minutes="30")
    story.clock(CLOSED, outage=timedelta(minutes=minutes))

    assert phase == story.phase()


def test_without_a_limit_no_outage_holds_the_close(story: Story) -> None:
    """A body that asks for none has none."""
    opened(story, longest_outage_minutes="0")
    story.clock(CLOSED, outage=timedelta(hours=20))

    assert "approved" == story.phase()


def test_the_officer_releases_what_an_outage_held(story: Story) -> None:
    """Having looked, the officer lets the clock go on; the outage itself stays what it was."""
    opened(story, longest_outage_minutes="30")
    outage = timedelta(minutes=31)
    story.clock(CLOSED, outage=outage)
    story.do("release silence", reason="Nobody had tried to answer.", **OFFICER)
    story.clock("2026-03-05T12:20:00Z", outage=outage)

    assert "approved" == story.phase()


def test_a_release_before_the_deadline_says_nothing_of_an_outage_at_it(story: Story) -> None:
    """What the officer had looked at was something else."""
    opened(story, longest_outage_minutes="30")
    story.do("hold silence", window="w", reason="a doubt")
    story.do("release silence", reason="no doubt", **OFFICER)
    story.clock(CLOSED, outage=timedelta(minutes=31))

    assert "held for review" == story.phase()


def test_what_is_asked_about_outages_is_the_last_day_before_the_deadline(story: Story) -> None:
    """No more than a day back, and nothing before the opening."""
    from workflows.processes import silence_clock

    opened(story)
    story.silence(window="v", length="1 hour", waive={"silence-minimum-length": "in a hurry"})
    history = story.placet.store.history("fictional")
    requested = []

    def gap(since: object, until: object) -> timedelta:
        requested.append((since, until))
        return timedelta(0)

    for name in "wv":
        moment = When("2026-03-06T12:00:00Z").exact
        silence_clock.record_due(story.placet.handling, history, [name], moment, gap=gap)
    texts = (
        ("2026-03-04T12:05:00Z", "2026-03-05T12:05:00Z"),
        ("2026-03-02T12:06:00Z", "2026-03-02T13:06:00Z"),
    )

    assert [(When(a).exact, When(b).exact) for a, b in texts] == requested


# --- papers and patience -------------------------------------------------------------------------


def test_a_paper_that_is_cited_is_kept_with_the_response(story: Story) -> None:
    """It comes along with the registration, and its bytes can be read for ever."""
    opened(story)
    name = digest(LETTER)
    values = {"window": "w", "kind": "objection", "seats": ["east"], "evidence": name}
    with story.refused("evidence-kept"):
        story.do("respond", **values)
    story.do("respond", files={name: LETTER}, **values)
    story.do("respond", **(values | {"seats": ["west"]}))

    assert LETTER == story.placet.store.history("fictional").content(name)
    assert [name] * 2 == [
        response.response.evidence for response in story.state("window/w").responses
    ]


def test_the_hash_of_a_paper_opens_no_paper_of_another_procedure(story: Story) -> None:
    """Many see it who may not read the paper; cited elsewhere, it could be read there."""
    opened(story)
    story.silence(window="v")
    values = {"kind": "objection", "seats": ["east"], "evidence": digest(LETTER)}
    story.do("respond", window="w", files={digest(LETTER): LETTER}, **values)
    with story.refused("evidence-kept"):
        story.do("respond", window="v", **values)
    story.do("withdraw objection", window="w", number=1, evidence=digest(LETTER))

    assert story.state("window/w").responses[0].withdrawn


def test_a_file_that_nothing_cites_is_not_kept(story: Story) -> None:
    """Nothing lies in the record of which no event speaks."""
    opened(story)
    with story.refused("evidence-kept"):
        story.respond("objection", files={digest(LETTER): LETTER})


def test_a_file_under_the_hash_of_another_is_a_fault_of_the_program(story: Story) -> None:
    """Nothing is recorded: a store that took it would not be sound."""
    opened(story)
    before = len(story.events())
    name = digest(b"another paper")
    with pytest.raises(ValueError, match="content"):
        story.respond("objection", evidence=name, files={name: LETTER})

    assert before == len(story.events())


def test_history_may_cite_a_paper_that_lies_elsewhere(story: Story) -> None:
    """A source tells of it; the record does not hold it."""
    story.tell("establish body", body="b", names={"en": "Body"}, zone="Europe/Vienna")
    opening = {"window": "w", "body": "b", "subject": {"type": "decision text"}}
    story.tell("open silence", "2026-03-01", closes="2026-03-03", **opening)
    values = {"window": "w", "kind": "reservation", "seats": ["east"], "evidence": digest(LETTER)}
    story.tell("respond", "2026-03-02", **values)

    assert digest(LETTER) == story.events()[-1].fact.response.evidence


@pytest.mark.parametrize(("grace", "margin"), [(60, 0), (62, 2), (1, 0)])
def test_a_grace_that_the_last_response_may_outlive_opens_nothing(
    story: Story, grace: int, margin: int
) -> None:
    """A response may be under way for a minute, and the margin comes on top of it."""
    story.body(parameters={"grace-seconds": str(grace), "margin-seconds": str(margin)})
    with story.refused("grace-exceeds-queue"):
        story.silence()


def test_a_grace_above_that_opens(story: Story) -> None:
    """A second more than a response may be under way is enough."""
    story.body(parameters={"grace-seconds": str(UNDER_WAY.seconds + 3), "margin-seconds": "2"})
    story.silence()

    assert "open" == story.phase()


# --- A message is registered once -------------------------------------------------------------


def registered(story: Story, known: int = 0, **fields: Any) -> None:
    """The secretariat registers a message that came by mail."""
    given = {"window": "w", "kind": "objection", "seats": ["east"], "evidence": digest(LETTER)}
    story.do(
        "respond",
        cites=CitedMessage(sha256=digest(LETTER), known=known),
        files={digest(LETTER): LETTER} if "evidence" not in fields else {},
        **(given | fields),
    )


def test_a_message_is_registered_once_unless_who_does_it_knows(story: Story) -> None:
    """Whatever the second one says of it; and once more only by who knows of all that is there."""
    story.body()
    story.silence()
    registered(story)
    with story.refused("registered-once"):
        registered(story, kind="no objection", seats=["west"])
    registered(story, known=1, kind="editorial comment")
    with story.refused("registered-once"):
        registered(story, known=1, kind="reservation")

    assert 2 == len(story.state("window/w").responses)


def test_a_message_that_the_record_cannot_hold_is_registered_once_too(story: Story) -> None:
    """How it came names its hash."""
    story.body()
    story.silence()
    channel = f"mail; kept beside the record, SHA-256 {digest(LETTER)}"
    registered(story, evidence="", channel=channel)
    with story.refused("registered-once"):
        registered(story, evidence="", channel=channel)


def test_a_message_may_answer_two_procedures(story: Story) -> None:
    story.body()
    for window in ("w", "v"):
        story.silence(window=window)
        registered(story, window=window)

    assert [1, 1] == [len(story.state(f"window/{name}").responses) for name in ("w", "v")]


def test_a_paper_may_be_signed_by_several(story: Story) -> None:
    """Who gives a paper as a file is not asked whether it is there already."""
    story.body()
    story.silence()
    for seat in ("east", "west"):
        given = {"window": "w", "kind": "reservation", "seats": [seat]}
        story.do("respond", evidence=digest(LETTER), files={digest(LETTER): LETTER}, **given)

    assert 2 == len(story.state("window/w").responses)

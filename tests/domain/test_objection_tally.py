"""Whose objections count, before the close and after it, until when, and by which rule."""

from __future__ import annotations

from typing import Any

import pytest

from domain.canonical import digest
from domain.record_rules import RECORD
from story import Story

OFFICER = {"who": "presiding officer", "window": "w"}
CLOSED = "2026-03-05T12:30:00Z"
LETTER = b"We withdraw it. Signed: Westland."


def opened(
    story: Story, *, seats: tuple[str, ...] = ("east", "west", "north"), **fields: Any
) -> None:
    """Window `w` of three seats, opened 12:10 UTC on 2 March 2026 for 72 hours."""
    story.body(seats=seats)
    story.at("2026-03-02T12:09:00Z")
    story.silence(**fields)


def found(story: Story, seat: str, kind: str = "objection", **fields: Any) -> None:
    """A letter that came on 3 March is found now."""
    letter = {"window": "w", "kind": kind, "seats": [seat], "received": "2026-03-03T12:00:00Z"}
    story.do("respond", **(letter | fields))


def ruled(story: Story, number: int, *, breaks: bool) -> None:
    """The presiding officer and the Vice-Chair rule."""
    said = {"number": number, "breaks": breaks, "reason": "as read", "second": "the Vice-Chair"}
    story.do("rule on response", **OFFICER, **said)


# --- after the close ------------------------------------------------------------------------------


def test_one_found_objection_below_the_threshold_suspends_nothing(story: Story) -> None:
    """With a threshold of two, one member more cannot have broken it."""
    opened(story, threshold=2)
    story.clock(CLOSED)
    found(story, "east")

    assert "approved" == story.phase()
    assert frozenset() == story.state("window/w").unruled_late_responses


def test_with_what_was_counted_before_the_close_it_does(story: Story) -> None:
    """East objected and was counted; west was found. Together they are two."""
    opened(story, threshold=2)
    story.respond("objection")
    story.clock(CLOSED)
    found(story, "west")
    doubted = story.phase()
    ruled(story, 2, breaks=True)
    fact = story.events()[-1].fact

    assert ("approval suspended", "broken") == (doubted, story.phase())
    assert ((1, 2), "members-counted-alike") == (fact.responses, fact.rule)


def test_two_that_are_found_are_both_ruled_upon(story: Story) -> None:
    """The first alone suspended nothing; with the second both are in doubt."""
    opened(story, threshold=2)
    story.clock(CLOSED)
    found(story, "east")
    found(story, "west")
    doubts = story.state("window/w").unruled_late_responses
    ruled(story, 2, breaks=True)
    half = story.phase()
    ruled(story, 1, breaks=True)

    assert {1, 2} == doubts
    assert ("approval suspended", "broken") == (half, story.phase())


def test_it_stands_again_once_what_waits_cannot_reach_the_threshold(story: Story) -> None:
    """The second is none; the first alone is not enough, and needs no ruling any more."""
    opened(story, threshold=2)
    story.clock(CLOSED)
    found(story, "east")
    found(story, "west")
    ruled(story, 2, breaks=False)
    window = story.state("window/w")

    assert ("approved", frozenset()) == (story.phase(), window.unruled_late_responses)
    assert (2,) == story.events()[-1].fact.responses


def test_a_confirmation_waits_for_every_other_doubt(story: Story) -> None:
    """While another response is in doubt, a ruling that one is none approves nothing."""
    opened(story)
    story.clock(CLOSED)
    found(story, "east")
    found(story, "west", kind="unclear")
    ruled(story, 1, breaks=False)
    waits = story.phase(), story.state("window/w").unruled_late_responses
    ruled(story, 2, breaks=False)

    assert ("approval suspended", frozenset({2})) == waits
    assert "approved" == story.phase()


def test_after_a_revocation_nothing_waits_for_a_ruling(story: Story) -> None:
    """What concerns nothing that stands is in doubt no more, and stays broken."""
    opened(story)
    story.clock(CLOSED)
    found(story, "east")
    found(story, "west")
    ruled(story, 1, breaks=True)
    with story.refused("stage"):
        ruled(story, 2, breaks=False)

    assert ("broken", frozenset()) == (
        story.phase(),
        story.state("window/w").unruled_late_responses,
    )


def test_what_is_found_after_a_revocation_revokes_nothing_more(story: Story) -> None:
    """Nothing stands any more that it could put in doubt."""
    opened(story)
    story.clock(CLOSED)
    found(story, "east")
    ruled(story, 1, breaks=True)
    found(story, "west")
    window = story.state("window/w")

    assert ("broken", (), False) == (
        story.phase(),
        window.approved_parts,
        window.approval_is_suspended,
    )


LIST: dict[str, Any] = {
    "subject": {"type": "list of entries", "items": ["x", "y"]},
    "by_item": True,
}


def test_an_item_that_nobody_objected_to_reads_approved(story: Story) -> None:
    """An objection to y, found after the close, puts x in no doubt."""
    opened(story, **LIST)
    story.clock(CLOSED)
    found(story, "east", items=["y"])
    window = story.state("window/w")

    assert ("approved", "approval suspended") == (window.outcome("x"), window.outcome("y"))
    assert "approval suspended" == window.outcome("")
    ruled(story, 1, breaks=True)
    window = story.state("window/w")
    assert ("approved", "broken") == (window.outcome("x"), window.outcome("y"))
    assert "partly approved" == story.phase()


def test_what_broke_is_not_among_what_stands(story: Story) -> None:
    """An objection to the whole list, found later, suspends what is left of it."""
    opened(story, **LIST)
    story.respond("objection", items=["x"])
    story.clock(CLOSED)
    found(story, "west")
    window = story.state("window/w")

    assert ("y",) == window.approved_parts_concerned(window.responses[1].response)
    assert ("broken", "approval suspended") == (window.outcome("x"), window.outcome("y"))
    assert ("y",) == story.events()[-1].fact.items


def test_the_agenda_hears_only_of_the_items_in_doubt(story: Story) -> None:
    """Item 2 is suspended and falls; the others stay approved."""
    story.body(parameters={"by-item": "yes"})
    story.agenda()
    story.do("submit items", agenda="a")
    story.at("2026-03-02T12:09:00Z")
    story.do("open silence", window="w", body="b", subject={"type": "agenda items", "agenda": "a"})
    story.clock(CLOSED)
    found(story, "east", items=["2"])
    agenda = story.state("agenda/a")

    assert (("1", "9"), ("2",)) == (
        agenda.items_with_approval("approved"),
        agenda.items_with_approval("approval suspended"),
    )
    ruled(story, 1, breaks=True)
    assert ("2",) == story.state("agenda/a").items_with_approval("not approved")


def test_an_objection_withdrawn_before_another_came_never_stood_with_it(story: Story) -> None:
    """East had gone when west came; two members never objected together."""
    opened(story, threshold=2)
    story.respond("objection")
    story.do("withdraw objection", who="seat east", window="w", number=1)
    story.respond("objection", "west")

    assert "open" == story.phase()


def test_an_objection_withdrawn_after_another_came_had_stood_with_it(story: Story) -> None:
    """West's letter of 3 March is found; east withdrew on the 4th. They were two on the 3rd."""
    opened(story, threshold=2)
    story.respond("objection")
    story.at("2026-03-04T12:00:00Z")
    story.do("withdraw objection", who="seat east", window="w", number=1)
    story.clock(CLOSED)
    approved = story.phase()
    found(story, "west")
    doubted = story.phase()
    ruled(story, 2, breaks=True)

    assert ("approved", "approval suspended", "broken") == (approved, doubted, story.phase())


def test_a_withdrawal_of_the_day_before_is_not_undone_by_what_is_found(story: Story) -> None:
    """The control: east withdrew before west's letter came."""
    opened(story, threshold=2)
    story.respond("objection")
    story.do("withdraw objection", who="seat east", window="w", number=1)
    story.clock(CLOSED)
    found(story, "west")

    assert "approved" == story.phase()


# --- withdrawals ----------------------------------------------------------------------------------


def joint(story: Story, threshold: int = 3) -> None:
    """East and west sign one letter, in a window that three members break."""
    opened(story, threshold=threshold)
    letter = {"window": "w", "kind": "objection", "seats": ["east", "west"]}
    story.do("respond", **letter)


def test_a_joint_objection_stays_as_long_as_one_of_its_seats_stands_by_it(story: Story) -> None:
    """East withdraws for itself; west never did, and with north and east again they are three."""
    joint(story, threshold=2)
    assert "broken" == story.phase()
    story.do("withdraw objection", who="seat east", window="w", number=1)
    entry = story.state("window/w").responses[0]

    assert (False, ("west",), True) == (entry.withdrawn, entry.speakers_at(), entry.breaks)
    story.do("withdraw objection", who="seat west", window="w", number=1)
    entry = story.state("window/w").responses[0]
    assert (True, (), False) == (entry.withdrawn, entry.speakers_at(), entry.breaks)


def test_who_spoke_for_a_member_withdraws_for_it_only_by_name(story: Story) -> None:
    """Island's objection stays when its neighbour withdraws its own."""
    story.body(seats=("east", "islands"))
    story.do("empower seat", body="b", seat="east", acts_for=["Islands"], since="2026-01-01")
    story.silence(threshold=2)
    story.respond("reservation", on_behalf_of=["Islands"])
    story.do("withdraw objection", who="seat east", window="w", number=1)
    left = story.state("window/w").responses[0].speakers_at()
    story.do("withdraw objection", who="seat east", window="w", number=1, seats=["Islands"])

    assert (("Islands",), ()) == (left, story.state("window/w").responses[0].speakers_at())


def test_nobody_withdraws_by_a_power_that_has_ended(story: Story) -> None:
    """What was frozen at the opening lets no objection disappear on a later day."""
    story.body()
    story.do(
        "empower seat",
        body="b",
        seat="east",
        acts_for=["west"],
        since="2026-01-01",
        until="2026-03-02",
    )
    story.silence(threshold=2)
    story.respond("objection", "west")
    story.clock("2026-03-03T12:00:00Z")
    with story.refused("empowered-to-act"):
        story.do("withdraw objection", who="seat east", window="w", number=1, seats=["west"])
    story.respond("objection", "east")

    assert "broken" == story.phase()


def test_a_member_withdraws_what_was_said_for_it(story: Story) -> None:
    """Islands speaks for itself after all; east's own objection stays."""
    story.body(seats=("east", "islands"))
    story.do("empower seat", body="b", seat="east", acts_for=["Islands"], since="2026-01-01")
    story.silence(threshold=2)
    story.respond("unclear", on_behalf_of=["Islands"])
    story.do("withdraw objection", who="seat islands", window="w", number=1)

    assert ("east",) == story.state("window/w").responses[0].speakers_at()


def test_staff_withdraws_with_the_paper_and_says_for_whom(story: Story) -> None:
    """Of two who signed, the secretariat names the one whose letter it holds."""
    joint(story)
    values = {
        "window": "w",
        "number": 1,
        "evidence": digest(LETTER),
        "files": {digest(LETTER): LETTER},
    }
    with story.refused("evidence-kept"):
        story.do("withdraw objection", window="w", number=1, seats=["west"])
    with story.refused("empty"):
        story.do("withdraw objection", **values)
    with story.refused("known"):
        story.do("withdraw objection", seats=["north"], **values)
    story.do("withdraw objection", who="presiding officer", seats=["west"], **values)
    fact = story.events()[-1].fact

    assert (("west",), digest(LETTER)) == (fact.seats, fact.evidence)
    assert ("east",) == story.state("window/w").responses[0].speakers_at()
    with story.refused("stage"):
        story.do("withdraw objection", seats=["west"], **values)


def test_of_one_who_signed_staff_need_not_say_for_whom(story: Story) -> None:
    """There is nobody else it could be."""
    opened(story, threshold=2)
    story.respond("objection")
    files = {digest(LETTER): LETTER}
    story.do("withdraw objection", window="w", number=1, evidence=digest(LETTER), files=files)

    assert ("east",) == story.events()[-1].fact.seats


@pytest.mark.parametrize("who", ["body", "document services", "other", "notice service"])
def test_nobody_else_withdraws_for_a_seat(story: Story, who: str) -> None:
    """Not even with a paper."""
    joint(story)
    attachment = {"evidence": digest(LETTER), "files": {digest(LETTER): LETTER}}
    with story.refused("live-role"):
        story.do("withdraw objection", who=who, window="w", number=1, seats=["west"], **attachment)


def test_a_stranger_withdraws_nothing(story: Story) -> None:
    joint(story)
    with story.refused("responder-on-roster"):
        story.do("withdraw objection", who="seat stranger", window="w", number=1)


# --- voices ---------------------------------------------------------------------------------------


def test_a_pack_may_give_observers_a_voice(story: Story) -> None:
    """What capacities have none is the body's to say."""
    story.body(parameters={"no-voice-capacities": "guest, expert"})
    for seat, capacity in (("o", "observer"), ("g", "Guest")):
        values = {"holder": seat.title(), "capacity": capacity, "since": "2026-01-01"}
        story.do("fill seat", body="b", seat=seat, **values)
    story.silence()
    story.respond("objection", "g")
    still = story.phase()
    story.respond("objection", "o")

    assert ("open", "broken") == (still, story.phase())


def test_a_seat_without_a_voice_still_speaks_for_those_whom_it_may_act_for(story: Story) -> None:
    """An observer that East empowered brings East's objection; its own is kept beside it."""
    story.body()
    values = {"holder": "Overland", "capacity": "observer", "since": "2026-01-01"}
    story.do("fill seat", body="b", seat="o", **values)
    story.do("empower seat", body="b", seat="o", acts_for=["East"], since="2026-01-01")
    story.silence()
    story.respond("objection", "o", on_behalf_of=["East"])
    first, second = story.state("window/w").responses

    assert ("broken", (), ("East",)) == (
        story.phase(),
        first.response.seats,
        first.response.on_behalf_of,
    )
    assert ("voice-of-the-seat", ("o",)) == (second.rule, second.response.seats)


def test_the_powers_of_a_seat_that_is_not_heard_do_not_count(story: Story) -> None:
    """West signs for East, which may act for Islands. West may not act for East."""
    story.body(seats=("east", "west", "islands"))
    story.do("empower seat", body="b", seat="east", acts_for=["Islands"], since="2026-01-01")
    story.silence(threshold=2)
    both = {"window": "w", "kind": "objection", "seats": ["west", "east"]}
    story.do("respond", who="seat west", on_behalf_of=["Islands"], **both)

    assert ("open", ["", "empowered-to-act", "empowered-to-act"]) == (
        story.phase(),
        [response.rule for response in story.state("window/w").responses],
    )


def test_observers_do_not_make_a_threshold_reachable(story: Story) -> None:
    """Of one member and one observer never two can object."""
    story.body(seats=("east",))
    values = {"holder": "Overland", "capacity": "observer", "since": "2026-01-01"}
    story.do("fill seat", body="b", seat="o", **values)
    with story.refused("threshold-reachable"):
        story.silence(threshold=2)


# --- what decided ---------------------------------------------------------------------------------


def test_what_ended_a_silence_is_named_with_its_rule(story: Story) -> None:
    """Each event that decides says by which rule of the record, from where, and by whom."""
    opened(story)
    story.respond("objection", text_hash="0" * 64)
    story.respond("unclear")
    ruling = {"number": 2, "breaks": False, "reason": "a question"}
    story.do("rule on response", **OFFICER, **ruling)
    story.clock(CLOSED)
    lapse = story.events()[-1].fact
    found(story, "west")
    suspended = story.events()[-1].fact
    ruled(story, 3, breaks=False)
    confirmed = story.events()[-1].fact
    found(story, "north")
    ruled(story, 4, breaks=True)
    revoked = story.events()[-1].fact
    story.respond("objection", "north")
    late = story.events()[-1].fact
    refused = next(
        event.fact for event in story.events() if event.name.startswith("window.response_ref")
    )

    rules = [entry.rule for entry in (lapse, suspended, confirmed, revoked, late, refused)]
    assert [
        "lapse-after-deadline",
        "members-counted-alike",
        "members-counted-alike",
        "members-counted-alike",
        "window-open",
        "text-under-silence",
    ] == rules
    for entry in (lapse, suspended, confirmed, revoked, late, refused):
        assert RECORD[entry.rule] == entry.citation
    values = [entry.responses for entry in (lapse, suspended, confirmed, revoked)]
    assert [(2,), (3,), (3,), (4,)] == values


def test_a_break_names_its_rule_and_who_broke_it(story: Story) -> None:
    opened(story)
    story.respond("objection")
    broken = story.events()[-1].fact

    assert ("objection-breaks", (1,)) == (broken.rule, broken.by)


# --- wording, supersession, resumption ------------------------------------------------------------


@pytest.mark.parametrize("kind", ["editorial comment", "substantive comment", "no objection"])
def test_who_asks_for_wording_is_ruled_upon(story: Story, kind: str) -> None:
    """Silence binds one text; a seat that wants another one is not silently approved over."""
    opened(story)
    story.respond(kind, wording="The body *urges*.")
    story.clock(CLOSED)
    held = story.phase()
    ruling = {"number": 1, "breaks": False, "reason": "a remark on the next text"}
    story.do("rule on response", **OFFICER, **ruling)
    story.clock("2026-03-05T12:40:00Z")

    assert ("held for review", "approved") == (held, story.phase())


def test_blank_wording_asks_for_nothing(story: Story) -> None:
    opened(story)
    story.respond("substantive comment", wording=" \n")
    story.clock(CLOSED)

    assert "approved" == story.phase()


def test_wording_that_is_found_after_the_close_suspends(story: Story) -> None:
    opened(story)
    story.clock(CLOSED)
    found(story, "east", kind="substantive comment", wording="Another text.")

    assert "approval suspended" == story.phase()


@pytest.mark.parametrize("second", [0, 60])
def test_what_silence_decided_is_not_superseded(story: Story, second: int) -> None:
    """At the very instant of the deadline, and after it, before anybody wrote it down."""
    opened(story)
    ends = story.state("window/w").closes.exact
    values = {**OFFICER, "reason": "another text"}
    story.now = ends.replace(minute=ends.minute - 1, second=second % 60)
    if second:
        story.now = ends
    with story.refused("window-open"):
        story.do("supersede silence", **values)
    story.clock(CLOSED)

    assert "approved" == story.phase()


def test_what_is_in_doubt_after_the_deadline_may_be_superseded(story: Story) -> None:
    """An answer waits for a ruling; the presiding officer starts again."""
    opened(story)
    story.respond("unclear")
    story.now = story.state("window/w").closes.exact
    story.do("supersede silence", **OFFICER, reason="another text")

    assert "superseded" == story.phase()


def test_a_suspended_window_is_superseded_at_any_time(story: Story) -> None:
    """Its clock stands still, so its deadline is not past."""
    opened(story)
    story.do("suspend silence", **OFFICER, reason="talks")
    story.at("2026-04-01T12:00:00Z")
    story.do("supersede silence", **OFFICER, reason="another text")

    assert "superseded" == story.phase()


def test_a_resumption_gives_the_time_that_the_rules_want(story: Story) -> None:
    """Stopped after an hour of 72, it may not end two hours after it runs again."""
    opened(story)
    story.at("2026-03-02T13:09:00Z")
    story.do("suspend silence", **OFFICER, reason="talks")
    story.at("2026-03-05T09:59:00Z")
    with story.refused("silence-minimum-length"):
        story.do("resume silence", **OFFICER, closes="2026-03-05T12:10:00Z")
    with story.refused("silence-minimum-length"):
        story.do("resume silence", **OFFICER, length="70 hours")
    story.do("resume silence", **OFFICER, length="71 hours")
    story.do("suspend silence", **OFFICER, reason="talks again")
    story.at("2026-03-09T12:00:00Z")
    with story.refused("silence-minimum-length"):
        story.do("resume silence", **OFFICER, length="70 hours")
    story.do("resume silence", **OFFICER, length="71 hours")

    assert ["satisfied"] == [str(finding.result) for finding in story.events()[-1].findings]


def test_a_waiver_shortens_what_is_left(story: Story) -> None:
    """As it would have shortened the window at its opening."""
    opened(story)
    story.do("suspend silence", **OFFICER, reason="talks")
    story.at("2026-03-08T12:00:00Z")
    waived = {"waive": {"silence-minimum-length": "The plenary meets tomorrow."}}
    story.do("resume silence", **OFFICER, length="24 hours", **waived)
    finding = story.events()[-1].findings[0]

    assert ("silence-minimum-length", "violated") == (finding.rule, str(finding.result))


def test_who_opened_shorter_by_a_waiver_gives_back_no_more(story: Story) -> None:
    """24 hours were promised; a minute ran."""
    waived: dict[str, Any] = {"waive": {"silence-minimum-length": "An emergency."}}
    opened(story, length="24 hours", **waived)
    story.do("suspend silence", **OFFICER, reason="talks")
    story.at("2026-03-08T12:00:00Z")
    story.do("resume silence", **OFFICER, length="24 hours")

    assert "open" == story.phase()


def test_where_the_rules_want_no_length_a_resumption_may_be_short(story: Story) -> None:
    """Such a body lets its presiding officer say."""
    story.body(parameters={"silence-minimum-length.force": "none"})
    story.silence(length="72 hours")
    story.do("suspend silence", **OFFICER, reason="talks")
    story.at("2026-03-08T12:00:00Z")
    story.do("resume silence", **OFFICER, length="2 hours")

    assert "open" == story.phase()

"""A silence procedure: what counts, what breaks it, when it ends, and what is never possible."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.actors import Actor, Role
from domain.times import When
from story import Story

DEADLINE = "2026-03-05T12:05:00Z"
"""72 hours after the opening in `opened`."""


def opened(story: Story, **fields: object) -> None:
    """Window `w` on a decision text, opened 12:05 UTC on 2 March 2026."""
    story.body()
    story.at("2026-03-02T12:04:00Z")
    story.silence(**fields)


def test_silence_makes_approval_at_the_deadline_itself(story: Story) -> None:
    """The clock comes later, yet the approval takes effect at the deadline."""
    opened(story)
    story.clock("2026-03-06T09:00:00Z")
    lapse = story.events()[-1]

    assert ("window.lapsed.v2", When(DEADLINE)) == (lapse.name, lapse.effective)


def test_no_read_depends_on_the_clock(story: Story) -> None:
    """Past its end and unbroken, a window is being verified until the lapse is recorded."""
    opened(story)
    end = When(DEADLINE).exact

    assert "open" == story.phase(end - timedelta(microseconds=1))
    assert "deadline passed, being verified" == story.phase(end)
    assert "deadline passed, being verified" == story.phase(end + timedelta(days=9))


@pytest.mark.parametrize(
    ("moment", "standing"),
    [
        ("2026-03-05T12:04:59.999999Z", "counted"),
        ("2026-03-05T12:05:00Z", "late"),
        ("2026-03-05T12:05:00.000001Z", "late"),
    ],
)
def test_in_time_means_strictly_before_the_deadline(
    story: Story, moment: str, standing: str
) -> None:
    """A microsecond decides, and the deadline itself is late."""
    opened(story)
    story.at("2026-03-05T12:06:00Z")
    story.do("respond", window="w", kind="objection", seats=["east"], received=moment)

    assert standing == story.state("window/w").responses[0].standing


def test_an_objection_breaks_at_once(story: Story) -> None:
    """One objection is enough, and no later event makes the window approved."""
    opened(story)
    story.respond("objection")
    story.clock("2026-03-09T12:00:00Z")

    assert "broken" == story.phase()
    assert "window.lapsed" not in story.names()


@pytest.mark.parametrize("kind", ["amendment", "objection"])
def test_an_amendment_breaks_like_an_objection(story: Story, kind: str) -> None:
    """Who proposes other words does not accept these."""
    opened(story)
    story.respond(kind)

    assert "broken" == story.phase()


@pytest.mark.parametrize(
    "kind",
    [
        "no objection",
        "editorial comment",
        "substantive comment",
        "reservation",
        "interpretative statement",
        "explanation of position",
    ],
)
def test_statements_do_not_break(story: Story, kind: str) -> None:
    """Statements go with the outcome; the silence holds."""
    opened(story)
    story.respond(kind)
    story.clock("2026-03-05T12:10:00Z")

    assert "approved" == story.phase()


def test_the_threshold_counts_members_not_letters(story: Story) -> None:
    """Consensus minus one: the same seat twice is one voice, a second seat breaks."""
    opened(story, threshold=2)
    story.respond("objection")
    story.respond("objection")
    first = story.phase()
    story.respond("amendment", "west")

    assert ("open", "broken") == (first, story.phase())


def test_an_unclear_response_waits_for_a_ruling(story: Story) -> None:
    """Until the presiding officer rules, the clock holds the close instead of approving."""
    opened(story)
    story.respond("unclear")
    story.clock("2026-03-05T12:10:00Z")

    assert "held for review" == story.phase()
    with story.refused("live-role"):
        story.do("rule on response", window="w", number=1, breaks=False, reason="harmless")
    story.do(
        "rule on response",
        who="presiding officer",
        window="w",
        number=1,
        breaks=False,
        reason="a question",
    )

    assert story.state("window/w").responses[0].breaks is False
    story.clock("2026-03-05T12:30:00Z")
    assert "approved" == story.phase()


def test_an_undelivered_notice_blocks_the_close(story: Story) -> None:
    """Silence of somebody who was never told is no approval."""
    opened(story)
    story.do("record notices", window="w", seats=["west"], result="failed", reason="bounced")
    story.clock("2026-03-05T12:10:00Z")
    held = story.phase()
    story.do("record notices", window="w", seats=["west"], result="waived", reason="told by phone")
    story.clock("2026-03-05T12:20:00Z")

    assert ("held for review", "approved") == (held, story.phase())


def test_a_hold_is_recorded_once_and_released_by_an_officer(story: Story) -> None:
    """People hold the close; the clock waits until the presiding officer releases it."""
    opened(story)
    story.do("hold silence", window="w", reason="the registry was shut")
    story.clock("2026-03-05T12:10:00Z")
    story.clock("2026-03-05T12:11:00Z")
    held = story.phase()
    with story.refused("live-role"):
        story.do("release silence", window="w", reason="checked")
    with story.refused("empty"):
        story.do("release silence", who="presiding officer", window="w", reason="")
    story.do("release silence", who="presiding officer", window="w", reason="checked")
    with story.refused("stage"):
        story.do("release silence", who="presiding officer", window="w", reason="again")
    story.clock("2026-03-05T12:20:00Z")

    assert ("held for review", "approved") == (held, story.phase())
    assert 1 == story.names().count("window.held")


def test_each_doubt_that_stays_is_held_once(story: Story) -> None:
    """The clock may look as often as it likes; the record says each of them once."""
    opened(story)
    story.respond("unclear")
    story.respond("unclear", "west")
    for minute in ("10", "11", "12"):
        story.clock(f"2026-03-05T12:{minute}:00Z")

    assert 2 == story.names().count("window.held")


def test_a_stopped_clock_makes_nobody_late(story: Story) -> None:
    """While suspended, an objection counts although the old deadline is past."""
    opened(story)
    story.do("suspend silence", who="presiding officer", window="w", reason="consultations")
    story.at("2026-03-07T12:00:00Z")
    story.respond("objection")

    assert "broken" == story.phase()


def test_objections_after_a_break_are_kept_and_break_nothing_twice(story: Story) -> None:
    """Each is on the record; the break is told once."""
    opened(story)
    story.respond("objection")
    story.respond("objection", "west")

    assert ["counted", "counted"] == [
        response.standing for response in story.state("window/w").responses
    ]
    assert 1 == story.names().count("window.broken")


def test_a_response_to_another_text_is_kept_but_does_not_count(story: Story) -> None:
    """The refusal is an event, with the rule that forbade it to count."""
    opened(story)
    story.respond("objection", text_hash="0" * 64)

    assert "text-under-silence" == story.events()[-1].fact.rule
    assert "open" == story.phase()


def test_acting_for_others_needs_power(story: Story) -> None:
    """A seat objects for another one only where it is empowered to; for itself in any case."""
    story.body(seats=("east", "islands", "mountains"))
    story.do("empower seat", body="b", seat="east", acts_for=["Islands"], since="2026-01-01")
    story.silence()
    story.respond("reservation", on_behalf_of=["Mountains"])
    story.respond("objection", on_behalf_of=["Islands"])
    kept = [
        (response.standing, response.response.on_behalf_of)
        for response in story.state("window/w").responses
    ]

    assert [("counted", ()), ("refused", ("Mountains",)), ("counted", ("Islands",))] == kept


def test_reasons_where_the_policy_wants_them(story: Story) -> None:
    """An objection without its reason is kept and does not count under such a policy."""
    story.body(parameters={"reasons-required": "yes"})
    story.silence()
    story.respond("objection")
    story.respond("objection", text="Because.")
    stands = [response.standing for response in story.state("window/w").responses]

    assert ["refused", "counted"] == stands


def test_extension_only_while_open_and_only_later(story: Story) -> None:
    """An officer moves the end to a later one; never back, never after the end."""
    opened(story)
    requested = {"window": "w", "reason": "more time", "closes": "2026-03-06T12:00[Europe/Vienna]"}
    with story.refused("live-role"):
        story.do("extend silence", **requested)
    with story.refused("extension-later"):
        story.do(
            "extend silence",
            who="presiding officer",
            **(requested | {"closes": "2026-03-05T12:00Z"}),
        )
    story.do("extend silence", who="presiding officer", **requested)
    story.clock("2026-03-05T12:30:00Z")
    between = story.phase()
    story.at("2026-03-06T11:00:00Z")
    with story.refused("window-open"):
        story.do(
            "extend silence",
            who="presiding officer",
            **(requested | {"closes": "2026-03-09T12:00Z"}),
        )

    assert "open" == between


def test_suspension_stops_the_clock(story: Story) -> None:
    """A suspended window does not lapse; it runs again to a new end."""
    opened(story)
    story.do("suspend silence", who="presiding officer", window="w", reason="consultations")
    story.clock("2026-03-20T12:00:00Z")
    stopped = story.phase()
    story.do("resume silence", who="presiding officer", window="w", length="72 hours")
    story.clock("2026-03-23T13:00:00Z")

    assert ("suspended", "approved") == (stopped, story.phase())


def test_a_ruling_after_the_close_takes_two_persons(story: Story) -> None:
    """Confirmed or revoked: either way by two, and only then."""
    opened(story)
    story.clock("2026-03-05T12:10:00Z")
    story.do(
        "respond", window="w", kind="objection", seats=["east"], received="2026-03-05T11:00:00Z"
    )
    doubted = story.phase()
    ruling = {"window": "w", "number": 1, "breaks": False, "reason": "It concerns another text."}
    with story.refused("two-persons"):
        story.do("rule on response", who="presiding officer", **ruling)
    story.do("rule on response", who="presiding officer", second="rapporteur", **ruling)

    assert ("approval suspended", "approved") == (doubted, story.phase())


def test_an_outcome_is_announced_only_when_there_is_one(story: Story) -> None:
    """And a matter goes on elsewhere only after its window has ended, to a known place."""
    opened(story)
    with story.refused("stage"):
        story.do("announce outcome", window="w", manner="letter")
    with story.refused("stage"):
        story.do("refer matter", window="w", to="a vote")
    story.respond("objection")
    with story.refused("known"):
        story.do("refer matter", window="w", to="the moon")
    story.do("announce outcome", window="w", manner="letter")
    story.do("refer matter", window="w", to="a vote")
    window = story.state("window/w")

    assert (["letter"], ["a vote"]) == (
        [entry.manner for entry in window.follow_up.announced],
        [entry.to for entry in window.follow_up.referred],
    )


def test_a_window_is_moved_by_its_presiding_officer_in_turn(story: Story) -> None:
    """Suspended once, resumed when suspended, to an end ahead; nothing after its end."""
    officer = {"who": "presiding officer", "window": "w"}
    opened(story)
    with story.refused("stage"):
        story.do("resume silence", length="48 hours", **officer)
    for verb, entry in (("hold silence", {}), ("extend silence", {"closes": "2026-04-01T12:00Z"})):
        with story.refused("empty"):
            story.do(verb, reason="", **officer, **entry)
    with story.refused("empty"):
        story.do("supersede silence", reason="", **officer)
    story.do("suspend silence", reason="talks", **officer)
    with story.refused("stage"):
        story.do("suspend silence", reason="talks", **officer)
    with story.refused("stage"):
        clock = Actor(role=Role.CLOCK)
        story.do("record lapse", who=clock, window="w")
    for end in ("2026-03-02T12:00Z", "2026-03-05T12:04Z"):
        with story.refused("extension-later"):
            story.do("resume silence", closes=end, **officer)
    story.do("resume silence", closes="2026-03-09T12:00Z", **officer)
    ends = story.state("window/w").closes
    story.do("supersede silence", reason="a wrong annex", by="v", **officer)
    for verb in ("extend silence", "hold silence"):
        with story.refused("stage"):
            entry = {"closes": "2026-04-01T12:00Z"} if verb == "extend silence" else {}
            story.do(verb, reason="late idea", **officer, **entry)

    assert (When("2026-03-09T12:00:00Z"), "superseded") == (ends, story.phase())


def test_a_ruling_is_awaited_only_while_it_can_be_given(story: Story) -> None:
    """An unclear response waits until the silence breaks; then no ruling on it is taken."""
    opened(story)
    story.respond("unclear")
    before = story.state("window/w").awaiting_ruling
    story.respond("objection", "west")
    ruling = {"window": "w", "number": 1, "breaks": False, "reason": "It asks."}
    with story.refused("stage"):
        story.do("rule on response", who="presiding officer", **ruling)

    assert ({1}, set()) == (before, story.state("window/w").awaiting_ruling)


def test_what_suspends_an_approval_awaits_its_ruling(story: Story) -> None:
    """The unclear response before the close does so no more: it was ruled on."""
    opened(story)
    story.respond("unclear")
    ruling = {"window": "w", "number": 1, "breaks": False, "reason": "It asks."}
    story.do("rule on response", who="presiding officer", **ruling)
    story.clock("2026-03-05T12:08:00Z")
    found = {"window": "w", "kind": "objection", "seats": ["west"], "channel": "letter"}
    story.do("respond", received="2026-03-05T12:00:00Z", **found)

    assert {2} == story.state("window/w").awaiting_ruling


def test_no_procedure_follows_itself(story: Story) -> None:
    opened(story)
    with story.refused("stage"):
        story.do("supersede silence", who="presiding officer", window="w", reason="x", by="w")

    assert "open" == story.phase()


def test_only_the_clock_records_a_lapse_and_never_early(story: Story) -> None:
    """Not a person, not before the grace has run, not twice."""
    opened(story)
    clock = Actor(role=Role.CLOCK)
    with story.refused("live-role"):
        story.do("record lapse", window="w")
    story.at("2026-03-05T12:05:30Z")
    with story.refused("lapse-after-deadline"):
        story.do("record lapse", who=clock, window="w")
    story.clock("2026-03-05T12:10:00Z")
    with story.refused("stage"):
        story.do("record lapse", who=clock, window="w")

    assert 1 == story.names().count("window.lapsed")


def test_a_window_is_opened_once_by_those_whose_function_it_is(story: Story) -> None:
    """With somebody to ask, and an end that is an instant."""
    story.body(seats=())
    with story.refused("empty"):
        story.silence()
    story.do("fill seat", body="b", seat="east", holder="Eastland", since="2026-01-01")
    with story.refused("live-role"):
        story.silence(who="seat east")
    with story.refused("exact-instant"):
        story.silence(closes="2026-04-01")
    story.silence(closes="2026-04-01T12:00[Europe/Vienna]")
    with story.refused("new"):
        story.silence()

    assert "stated by officer" == story.state("window/w").deadline.rule


def test_silence_needs_a_text_and_a_window_that_was_opened(story: Story) -> None:
    """Nothing is approved that nobody could read; nothing is answered that was never asked."""
    story.body()
    with story.refused("empty"):
        story.silence(text={})
    with story.refused("known"):
        story.respond("objection")


def test_a_held_window_does_not_lapse(story: Story) -> None:
    """Not even when the clock asks outright."""
    opened(story)
    story.do("hold silence", window="w", reason="the registry was shut")
    story.at("2026-03-05T12:10:00Z")
    with story.refused("stage"):
        story.do("record lapse", who=Actor(role=Role.CLOCK), window="w")


def test_notices_name_seats_of_the_roster(story: Story) -> None:
    """What became of a notice is one of four things; a waiver has its reason."""
    opened(story)
    for entry, rule in (
        ({"seats": ["nobody"], "result": "delivered"}, "known"),
        ({"seats": ["east"], "result": "lost"}, "known"),
        ({"seats": ["east"], "result": "waived"}, "empty"),
    ):
        with story.refused(rule):
            story.do("record notices", window="w", **entry)
    story.do("record notices", window="w", seats=["east", "west"], result="delivered")

    assert {"east", "west"} == story.state("window/w").delivered


def test_rulings_are_about_what_is_doubtful(story: Story) -> None:
    """With a reason, on a response there is, in time; an objection cannot be ruled away."""
    opened(story, threshold=2)
    story.respond("objection")
    ruling = {"who": "presiding officer", "window": "w", "number": 1}
    for entry, rule in (
        ({"breaks": False, "reason": "I prefer it so"}, "stage"),
        ({"breaks": True, "reason": ""}, "empty"),
        ({"breaks": True, "reason": "x", "number": 7}, "known"),
    ):
        with story.refused(rule):
            story.do("rule on response", **(ruling | entry))
    story.respond("objection", text_hash="0" * 64)
    with story.refused("stage"):
        story.do("rule on response", **(ruling | {"number": 2, "breaks": True, "reason": "x"}))
    story.respond("no objection", "west")
    story.do("rule on response", **(ruling | {"number": 3, "breaks": True, "reason": "irony"}))
    with story.refused("stage"):
        story.do("rule on response", **(ruling | {"number": 3, "breaks": True, "reason": "x"}))

    assert "broken" == story.phase()


def test_a_withdrawn_objection_stays_and_breaks_still(story: Story) -> None:
    """Withdrawal is noted beside it, once; it may lead to a new window, never revives this one."""
    opened(story)
    story.respond("objection")
    story.do("withdraw objection", who="seat east", window="w", number=1, reason="settled")
    with story.refused("stage"):
        story.do("withdraw objection", who="seat east", window="w", number=1)

    assert (True, "broken") == (story.state("window/w").responses[0].withdrawn, story.phase())


def test_what_is_no_objection_is_not_withdrawn_as_one(story: Story) -> None:
    """Else the record would say for ever that there had been an objection."""
    opened(story)
    story.respond("no objection")
    for kind in ("unclear", "unclear"):
        story.respond(kind, "west")
    ruled = {"window": "w", "number": 2, "breaks": False, "reason": "It thanks for the text."}
    story.do("rule on response", who="presiding officer", **ruled)

    for seat, number in (("east", 1), ("west", 2)):
        with story.refused("stage"):
            story.do("withdraw objection", who=f"seat {seat}", window="w", number=number)
    story.do("withdraw objection", who="seat west", window="w", number=3)


def test_a_withdrawn_objection_counts_no_more_towards_a_threshold(story: Story) -> None:
    """Two are needed; one that was withdrawn before the second came is none."""
    opened(story, threshold=2)
    story.respond("objection")
    story.do("withdraw objection", who="seat east", window="w", number=1)
    story.respond("objection", "west")

    assert "open" == story.phase()


def test_responses_after_the_close_that_are_harmless_suspend_nothing(story: Story) -> None:
    """A statement found later joins the outcome; a second objection waits for its own ruling."""
    opened(story)
    story.clock("2026-03-05T12:10:00Z")
    found = {"window": "w", "seats": ["east"], "received": "2026-03-05T11:00:00Z"}
    story.do("respond", kind="reservation", **found)
    with story.refused("stage"):
        story.do(
            "rule on response",
            who="presiding officer",
            window="w",
            number=1,
            breaks=True,
            reason="x",
            second="rapporteur",
        )
    harmless = story.phase()
    story.do("respond", kind="objection", **found)
    story.do("respond", kind="unclear", **(found | {"seats": ["west"]}))
    ruling = {"who": "presiding officer", "window": "w", "second": "rapporteur", "reason": "x"}
    story.do("rule on response", number=2, breaks=False, **ruling)
    between = story.phase()
    story.do("rule on response", number=3, breaks=False, **ruling)

    assert ("approved", "approval suspended", "approved") == (harmless, between, story.phase())


def test_unknown_kinds_and_items_are_told_apart(story: Story) -> None:
    """A kind that does not exist is refused; an item that is not under silence is kept."""
    opened(story)
    with story.refused("known"):
        story.respond("veto")
    story.respond("objection", items=["7"])

    assert "items-under-silence" == story.events()[-1].fact.rule


CAST = ("east", "west", "north")
KINDS = ("no objection", "objection", "amendment", "unclear", "reservation")
ACTS = st.one_of(
    st.tuples(st.just("respond"), st.sampled_from(CAST), st.sampled_from(KINDS)),
    st.tuples(st.just("clock"), st.integers(1, 50), st.just("")),
    st.tuples(st.just("register"), st.sampled_from(CAST), st.integers(0, 71)),
    st.tuples(st.just("suspend"), st.just(""), st.just("")),
    st.tuples(st.just("resume"), st.just(""), st.just("")),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=st.lists(ACTS, min_size=4, max_size=12))
def test_never_approved_while_an_objection_in_time_stands(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, object, object]]
) -> None:
    """Whatever is done in whatever order: a standing objection in time excludes approval."""
    from domain.rules import Refused

    story = Story(tmp_path_factory.mktemp("story"))
    story.body(seats=CAST)
    story.silence()
    for act, who, what in acts:
        try:
            _act(story, act, who, what)
        except Refused:
            continue
    window = story.state("window/w")
    story.placet.close()
    objections = [
        response
        for response in window.responses
        if response.standing in {"counted", "found after the close"}
        and response.response.kind in {"objection", "amendment"}
        and response.received.latest < window.closes.latest
    ]

    assert not (objections and story_phase(window, story) in {"approved", "partly approved"})


def story_phase(window: object, story: Story) -> str:
    """The phase of a window that was read already."""
    return str(window.phase(story.now + timedelta(days=30)))  # type: ignore[attr-defined]


def _act(story: Story, act: str, who: object, what: object) -> None:
    if act == "respond":
        story.respond(str(what), str(who))
    elif act == "clock":
        story.clock(When.from_instant(story.now + timedelta(hours=int(str(who)))))
    elif act == "register":
        received = min(
            story.now, When("2026-03-02T13:00:00Z").exact + timedelta(hours=int(str(what)))
        )
        story.do(
            "respond",
            window="w",
            kind="objection",
            seats=[who],
            received=When.from_instant(received),
        )
    elif act == "suspend":
        story.do("suspend silence", who="presiding officer", window="w", reason="talks")
    else:
        story.do("resume silence", who="presiding officer", window="w", length="48 hours")


# --- what a second reading found ------------------------------------------------------------------

IN_TIME = "2026-03-05T11:00:00Z"
RULING = {
    "who": "presiding officer",
    "window": "w",
    "second": "rapporteur",
    "reason": "read with care",
}


def closed(story: Story, *found: str, by_item: bool = True) -> None:
    """A text of items 1 and 2, approved; then an objection to each of these turns up."""
    subject = {"type": "list of entries", "items": ["1", "2"]}
    opened(story, subject=subject, by_item=by_item)
    story.clock("2026-03-05T12:10:00Z")
    for seat, item in zip(("east", "west"), found, strict=False):
        values = {"kind": "objection", "seats": [seat], "items": [item], "received": IN_TIME}
        story.do("respond", window="w", **values)


def test_one_ruling_does_not_settle_the_doubt_about_another_item(story: Story) -> None:
    """Item 2 is not approved again because the objection to item 1 was upheld."""
    closed(story, "1", "2")
    story.do("rule on response", number=1, breaks=True, **RULING)
    between = story.state("window/w").outcome("2"), story.phase()
    story.do("rule on response", number=2, breaks=True, **RULING)

    assert ("approval suspended", "approval suspended") == between
    assert "broken" == story.phase()


def test_items_that_fell_one_after_the_other_leave_nothing_approved(story: Story) -> None:
    """Both are revoked, each by its own ruling."""
    closed(story, "1")
    story.do("rule on response", number=1, breaks=True, **RULING)
    first = story.phase()
    values = {"kind": "objection", "seats": ["west"], "items": ["2"], "received": IN_TIME}
    story.do("respond", window="w", **values)
    story.do("rule on response", number=2, breaks=True, **RULING)

    assert ("partly approved", "broken") == (first, story.phase())


def test_an_undivided_text_falls_as_a_whole_after_the_close_too(story: Story) -> None:
    """An objection to one of its items is an objection to it."""
    closed(story, "1", by_item=False)
    story.do("rule on response", number=1, breaks=True, **RULING)

    assert ("broken", "broken") == (story.phase(), story.state("window/w").outcome(""))


def test_a_window_is_not_moved_past_a_response_that_was_late(story: Story) -> None:
    """An extension that waited for its turn would make a late objection one in time."""
    opened(story)
    before = {"who": "presiding officer", "window": "w", "reason": "more time"}
    story.at("2026-03-05T12:05:00Z")
    story.respond("objection")
    story.at("2026-03-05T12:03:00Z")
    with story.refused("window-open"):
        story.do("extend silence", closes="2026-03-06T12:00:00Z", **before)
    story.at("2026-03-05T12:03:00Z")
    with story.refused("window-open"):
        story.do("suspend silence", **before)

    assert "late" == story.state("window/w").responses[0].standing


def test_news_of_a_notice_does_not_end_a_hold_of_people(story: Story) -> None:
    """Who held the close for a reason of their own is not overruled by a routine message."""
    opened(story)
    story.do("hold silence", window="w", reason="the registry was shut")
    story.do("record notices", window="w", seats=["west"], result="delivered")
    story.clock("2026-03-05T12:10:00Z")

    assert "held for review" == story.phase()


# --- what a review by hand found -----------------------------------------------------------------


def test_a_seat_answers_for_itself_only(story: Story) -> None:
    """For another one where it is empowered; a seat that does not sit there answers for nobody."""
    story.body(seats=("east", "west", "north"))
    story.do("empower seat", body="b", seat="north", acts_for=["west"], since="2026-01-01")
    story.silence(threshold=2)
    values = {"window": "w", "kind": "objection", "seats": ["west"]}
    for who in ("seat east", "seat nobody", "body"):
        story.do("respond", who=who, **values)
    story.do("respond", who="seat north", **values)
    kept = [(event.name, getattr(event.fact, "rule", "")) for event in story.events()[-4:]]

    assert [
        ("window.response_refused.v2", "empowered-to-act"),
        ("window.response_refused.v2", "responder-on-roster"),
        ("window.response_refused.v2", "responder-on-roster"),
        ("window.response_received.v2", ""),
    ] == kept


def test_who_signs_beside_a_stranger_is_heard(story: Story) -> None:
    """A group letter counts for the seats that sit there; what cannot count stands beside it."""
    opened(story)
    story.do("respond", window="w", kind="objection", seats=["east", "stranger", "west"])
    counted, refused, broken = story.events()[-3:]

    assert ("east", "west") == counted.fact.response.seats
    assert ("stranger",) == refused.fact.response.seats
    assert (2, "responder-on-roster") == (refused.fact.number, refused.fact.rule)
    assert ("window.broken.v2", "broken") == (broken.name, story.phase())


def test_who_names_a_wrong_item_beside_a_right_one_is_heard(story: Story) -> None:
    """The item that is under silence is objected to."""
    story.body()
    subject = {"type": "list of entries", "items": ["a", "b"]}
    story.silence(subject=subject, by_item=True)
    story.respond("objection", items=["a", "z"])
    kept = [
        (response.standing, response.response.items)
        for response in story.state("window/w").responses
    ]

    assert [("counted", ("a",)), ("refused", ("z",))] == kept
    assert {"a"} == story.state("window/w").broken


def test_who_speaks_for_too_many_is_heard_for_itself(story: Story) -> None:
    """Powers that are lacking take nothing from the seat's own voice."""
    story.body(seats=("east", "west", "north"))
    story.do("empower seat", body="b", seat="north", acts_for=["west"], since="2026-01-01")
    story.silence(threshold=2)
    values = {"window": "w", "kind": "objection", "seats": ["north"]}
    story.do("respond", who="seat north", on_behalf_of=["west", "east"], **values)
    first, second = (response.response for response in story.state("window/w").responses)

    assert (("west",), ("east",)) == (first.on_behalf_of, second.on_behalf_of)
    assert "broken" == story.phase()


def test_what_lacks_its_reason_cannot_count_in_any_part(story: Story) -> None:
    """One refusal tells all that was the matter."""
    story.body(parameters={"reasons-required": "yes"})
    story.silence()
    story.do("respond", window="w", kind="objection", seats=["east", "stranger"])
    (kept,) = story.state("window/w").responses

    assert ("refused", ("east", "stranger")) == (kept.standing, kept.response.seats)
    assert "the policy of this window wants a reason; not on the roster: stranger" == (
        story.events()[-1].fact.reason
    )


def test_a_member_with_two_seats_has_one_voice(story: Story) -> None:
    """With a threshold of two, an officer who also chairs a group needs another member."""
    story.body(seats=("east",))
    story.do("fill seat", body="b", seat="chair", holder="East", since="2026-01-01")
    story.do("fill seat", body="b", seat="west", holder="West", since="2026-01-01")
    story.silence(threshold=2)
    story.respond("objection", seat="east")
    story.respond("objection", seat="chair")
    alone = story.phase()
    story.respond("objection", seat="west")

    assert ("open", "broken") == (alone, story.phase())


def test_two_persons_are_not_one_named_twice(story: Story) -> None:
    """Who rules is no second person, in whatever spelling."""
    opened(story)
    story.clock("2026-03-05T13:05:00Z")
    found = {"received": "2026-03-05T11:00:00Z", "window": "w", "seats": ["east"]}
    story.do("respond", kind="objection", **found)
    ruling = {"who": "presiding officer", "window": "w", "number": 1, "breaks": False}
    with story.refused("two-persons"):
        story.do("rule on response", second=" Presiding  officer ", reason="x", **ruling)


@pytest.mark.parametrize("field", ["session", "document"])
def test_what_a_window_refers_to_is_in_the_record(story: Story, field: str) -> None:
    """A session or a document that nobody knows is none."""
    story.body()
    with story.refused("known"):
        story.silence(subject={"type": "decision text", field: "nobody-knows"})


def test_an_agenda_comes_under_silence_as_it_was_submitted(story: Story) -> None:
    """A text beside it would be read by nobody, or be taken for it."""
    story.body()
    story.agenda("1")
    story.do("submit items", agenda="a")
    subject = {"type": "agenda items", "agenda": "a"}
    with story.refused("text-under-silence"):
        story.silence(subject=subject, text={"en": "Something else."})
    story.silence(subject=subject, text={})

    assert "open" == story.phase()


def test_an_objection_is_withdrawn_by_who_made_it(story: Story) -> None:
    """Another seat cannot."""
    opened(story)
    story.respond("objection")
    with story.refused("empowered-to-act"):
        story.do("withdraw objection", who="seat west", window="w", number=1)


def test_a_window_does_not_close_before_it_opens(story: Story) -> None:
    """No waiver makes an end in the past one."""
    story.body()
    with story.refused("closes-after-opening"):
        story.silence(
            closes="2026-03-01T12:00Z", waive={"silence-minimum-length": "we are in a hurry"}
        )


def test_what_came_before_the_opening_is_no_answer_to_it(story: Story) -> None:
    """It is kept, and does not count."""
    opened(story)
    story.do(
        "respond", window="w", kind="objection", seats=["east"], received="2026-03-02T12:00:00Z"
    )

    assert ("window-open", "open") == (story.events()[-1].fact.rule, story.phase())


def test_the_board_awaits_a_ruling_before_anything_else(story: Story) -> None:
    """The clock runs, but nothing ends before the presiding officer has ruled."""
    story.body()
    story.silence()
    story.respond("unclear")
    story.placet.projections.follow()
    (row,) = story.placet.queries.board(story.now).rows()

    assert "open" == row.stands
    assert ("presiding officer", "a ruling on a response") == (row.awaited_from, row.awaited)


@pytest.mark.parametrize(
    ("values", "result"),
    [
        ({"length": "72 hours"}, "satisfied"),
        ({"length": "48 hours"}, "violated"),
        ({"length": "3 days"}, "undeterminable"),
        ({}, "undeterminable"),
        ({"closes": "2026-03-09"}, "satisfied"),
    ],
)
def test_a_length_that_the_source_tells_is_long_enough_or_not(
    story: Story, values: dict[str, str], result: str
) -> None:
    """Also where it tells no end."""
    story.tell("establish body", body="b", names={"en": "Body"}, zone="Europe/Vienna")
    story.tell("adopt rule pack", body="b", pack="generic")
    subject = {"type": "decision text"}
    answer = story.tell(
        "open silence", "2026-03-02", window="w", body="b", subject=subject, **values
    )
    found = {finding.rule: str(finding.result) for finding in answer.events[0].findings}

    assert result == found["silence-minimum-length"]

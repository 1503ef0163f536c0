"""Rules at their edges: the very instant, the last member, the day that a source leaves open."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.actors import Actor, Role
from domain.messages import UNDER_WAY, Fact, RecordedEvent
from domain.ports.clock import ClockReading
from domain.ports.errors import ParkedStream
from domain.silence import rate_limit, roster
from domain.silence.events import ApprovalRevoked, Response
from domain.silence.objection_tally import Opposition, Voices
from domain.silence.outcome import Result
from domain.silence.responses import ReceivedResponse
from domain.silence.window import Window
from domain.streams import Stream, StreamKind
from domain.times import When, is_before
from story import NOON, ORGANISATION, Story, actor
from workflows.commands import order_checks
from workflows.processes import silence_clock
from workflows.processes.silence_clock import SilenceClock

OFFICER = {"who": "presiding officer", "window": "w"}
CLOSED = "2026-03-05T12:30:00Z"


def attested_silence(story: Story, **further: object) -> None:
    """A source tells of a silence procedure in body `b`, from 2 March 2026 on."""
    story.body()
    story.at("2026-04-01T12:00:00Z")
    story.tell(
        "open silence",
        "2026-03-02T12:00Z",
        window="w",
        body="b",
        subject={"type": "decision text"},
        closes="2026-03-05T12:00Z",
        **further,
    )


# --- who is heard --------------------------------------------------------------------------------


@pytest.mark.parametrize("received", ["2026-03-02", "unknown", "2026-03"])
def test_what_may_have_come_after_the_opening_is_heard(story: Story, received: str) -> None:
    """A source tells the day of an objection only; the window was opened at noon of that day."""
    attested_silence(story)
    story.tell("respond", received, window="w", kind="objection", seats=["east"])

    assert "broken" == story.phase()


def test_a_source_may_tell_for_whom_and_not_by_whom(story: Story) -> None:
    """Somebody objected on behalf of West; that it was for West stays in the record."""
    attested_silence(story)
    story.tell("respond", "2026-03-03", window="w", kind="objection", on_behalf_of=["West"])
    (entry,) = story.state("window/w").responses

    assert (("West",), "counted") == (entry.names, entry.standing)


def test_of_whom_a_stranger_speaks_is_not_heard(story: Story) -> None:
    """Nor by a source: what a stranger says for West is no objection of West."""
    attested_silence(story)
    story.tell(
        "respond",
        "2026-03-03",
        window="w",
        kind="objection",
        seats=["stranger"],
        on_behalf_of=["West"],
    )
    (entry,) = story.state("window/w").responses

    assert "refused" == entry.standing


def test_a_letter_that_was_brought_in_late_stood_beside_one_withdrawn_since(story: Story) -> None:
    """West's letter of the 3rd is registered on the 4th, after east withdrew; they were two."""
    story.body(seats=("east", "west", "north"))
    story.silence(threshold=2)
    story.respond("objection")
    story.at("2026-03-04T12:00:00Z")
    story.do("withdraw objection", who="seat east", window="w", number=1)
    letter = {"kind": "objection", "seats": ["west"], "received": "2026-03-03T12:00:00Z"}
    story.do("respond", window="w", **letter)

    assert "broken" == story.phase()


def test_only_what_was_suspended_is_confirmed(story: Story) -> None:
    """Against x there is one letter of the two that it takes: it was in no doubt."""
    story.body(seats=("east", "west", "north"))
    items = {"type": "list of entries", "items": ["x", "y"]}
    story.silence(threshold=2, by_item=True, subject=items)
    story.clock(CLOSED)
    letter = {"window": "w", "kind": "objection", "received": "2026-03-03T12:00:00Z"}
    story.do("respond", **letter, seats=["east"], items=["y"])
    story.do("respond", **letter, seats=["west"])
    ruling = {"number": 2, "breaks": False, "reason": "as read", "second": "the Vice-Chair"}
    story.do("rule on response", **OFFICER, **ruling)

    assert ("y",) == story.events()[-1].fact.items


@pytest.mark.parametrize("field", ["name", "seat"])
def test_the_second_person_is_none_of_the_names_of_the_first(story: Story, field: str) -> None:
    """Neither the office that rules, nor its seat."""
    story.body()
    story.silence()
    story.clock(CLOSED)
    letter = {"window": "w", "kind": "objection", "received": "2026-03-03T12:00:00Z"}
    story.do("respond", **letter, seats=["east"])
    chair = Actor(role=Role.PRESIDING_OFFICER, **{field: "Office of the President"})
    ruling = {"window": "w", "number": 1, "breaks": False, "reason": "as read"}
    with story.refused("two-persons"):
        story.do("rule on response", who=chair, second="office of the  PRESIDENT", **ruling)
    story.do("rule on response", who=chair, second="the Vice-Chair", **ruling)

    assert "approved" == story.phase()


def test_a_question_that_was_taken_back_is_no_objection_found_later(story: Story) -> None:
    """Nobody ruled that east's question objects; west's letter alone is one of two."""
    story.body()
    story.silence(threshold=2)
    story.respond("unclear")
    story.at("2026-03-04T12:00:00Z")
    story.do("withdraw objection", who="seat east", window="w", number=1)
    story.clock(CLOSED)
    letter = {"window": "w", "kind": "objection", "received": "2026-03-03T12:00:00Z"}
    story.do("respond", **letter, seats=["west"])

    assert "approved" == story.phase()


def test_a_stranger_who_is_late_is_a_stranger_first(story: Story) -> None:
    """What could not have counted in time keeps nobody from moving the end."""
    story.body()
    story.silence()
    story.at(CLOSED)
    story.do("respond", who="secretariat", window="w", kind="objection", seats=["stranger"])
    (entry,) = story.state("window/w").responses

    assert ("refused", "responder-on-roster") == (entry.standing, entry.rule)


def test_members_are_counted_at_each_moment_not_letters(story: Story) -> None:
    """East had written twice, and withdrew both; then west and north objected together."""
    story.body(seats=("east", "west", "north"))
    story.silence(threshold=2)
    for number in (1, 2):
        story.respond("objection", text=f"letter {number}")
    for number in (1, 2):
        story.do("withdraw objection", who="seat east", window="w", number=number)
    story.respond("objection", "west")
    alone = story.phase()
    story.respond("objection", "north")

    assert ("open", "broken") == (alone, story.phase())


def test_a_list_whose_items_fell_one_after_the_other_is_broken(story: Story) -> None:
    """Nothing is left to approve: the silence is over before its deadline."""
    story.body()
    story.silence(by_item=True, subject={"type": "list of entries", "items": ["x", "y"]})
    story.respond("objection", items=["x"])
    half = story.phase()
    story.respond("objection", "west", items=["y"])

    assert ("open", "broken") == (half, story.phase())


def test_of_days_that_a_source_tells_only_what_was_not_withdrawn_counts(story: Story) -> None:
    """East objected and withdrew, and west objected, all on one day: in which order is not told."""
    attested_silence(story, threshold=2)
    story.tell("respond", "2026-03-03", window="w", kind="objection", seats=["east"])
    story.tell("withdraw objection", "2026-03-03", window="w", number=1)
    story.tell("respond", "2026-03-03", window="w", kind="objection", seats=["west"])

    assert "outcome unknown" == story.phase()


def test_who_is_no_member_has_no_voice_whatever_was_kept() -> None:
    """Neither the response of a stranger nor its name is among those that broke a silence."""
    voices = Voices(Window(id="w"), {"east": "East"})
    kept = [
        ReceivedResponse(
            number=n,
            response=Response(kind="objection", seats=(seat,)),
            received=When("2026-03-03"),
            standing="counted",
        )
        for n, seat in enumerate(("stranger", "east"), 1)
    ]

    assert Opposition(members=frozenset({"East"}), responses=(2,)) == voices.largest_opposition(
        kept
    )


@pytest.mark.parametrize("items", [["1", "2"], ["2"], ["9", "2", "1"]])
def test_an_agenda_comes_under_silence_whole_and_in_its_order(
    story: Story, items: list[str]
) -> None:
    """What was submitted together is bound together."""
    story.body()
    story.agenda()
    story.do("submit items", agenda="a")
    with story.refused("stage"):
        story.silence(subject={"type": "agenda items", "agenda": "a", "items": items}, text={})
    whole = {"type": "agenda items", "agenda": "a", "items": ["1", "2", "9"]}
    story.silence(subject=whole, text={})

    assert "open" == story.phase()


def test_they_are_asked_who_sit_when_it_opens(story: Story) -> None:
    """Neither who comes before the deadline nor only who stays until then."""
    story.body()
    story.do("fill seat", body="b", seat="north", holder="North", since="2026-03-04")
    story.do("vacate seat", body="b", seat="west", until="2026-03-03")
    story.silence()

    assert 2 == story.state("window/w").seats
    story.respond("objection", "west")
    assert "broken" == story.phase()


def test_what_was_withdrawn_after_it_was_submitted_is_submitted_anew(story: Story) -> None:
    """The text that was submitted holds an item that nobody wants any more."""
    story.body()
    story.agenda()
    story.do("submit items", agenda="a")
    story.do("withdraw item", agenda="a", item="2", reason="No longer needed.")
    with story.refused("stage"):
        story.silence(subject={"type": "agenda items", "agenda": "a"}, text={})


def test_a_letter_that_fails_is_no_news_of_who_need_not_be_told(story: Story) -> None:
    """That west was not told was waived; that its letter came back then blocks nothing."""
    story.body()
    story.silence()
    values = {"window": "w", "seats": ["west"]}
    story.do("record notices", **values, result="waived", reason="West knows.")
    story.do("record notices", **values, result="failed", who="notice service")
    story.clock(CLOSED)

    assert "approved" == story.phase()


@pytest.mark.parametrize(("after", "phase"), [(0, "broken"), (1, "open")])
def test_who_withdraws_when_another_objects_had_stood_with_it(
    story: Story, after: int, phase: str
) -> None:
    """At the same microsecond they were two; a microsecond later east had gone."""
    story.body(seats=("east", "west", "north"))
    story.silence(threshold=2)
    story.respond("objection")
    story.do("withdraw objection", who="seat east", window="w", number=1)
    came = moment(story.now + timedelta(microseconds=after))
    letter = {"kind": "objection", "seats": ["west"], "received": came}
    story.do("respond", window="w", **letter)

    assert phase == story.phase()


@pytest.mark.parametrize(("beyond", "doubtful"), [(0, True), (1, False)])
def test_an_extension_by_as_much_as_the_clocks_differ_leaves_the_doubt(
    story: Story, beyond: int, doubtful: bool
) -> None:
    """It came two seconds before the new end, and two seconds are what clocks may be off."""
    story.body(parameters={"margin-seconds": "2"})
    story.silence()
    ends = story.state("window/w").closes.exact
    story.now = ends - timedelta(minutes=1, milliseconds=500)
    story.respond("objection", received=moment(ends - timedelta(seconds=1)))
    story.now = ends - timedelta(minutes=1, milliseconds=400)
    later = moment(ends + timedelta(seconds=1, microseconds=beyond))
    story.do("extend silence", **OFFICER, closes=later, reason="a second")
    ruling = {"number": 1, "breaks": False, "reason": "as measured", "second": "the Vice-Chair"}
    if doubtful:
        story.do("rule on response", **OFFICER, **ruling)
    else:
        with story.refused("stage"):
            story.do("rule on response", **OFFICER, **ruling)


def test_an_objection_of_the_last_day_is_ruled_none_by_no_source(story: Story) -> None:
    """That only its day is told makes it none of those that clocks leave open."""
    attested_silence(story, threshold=2)
    story.tell("respond", "2026-03-05", window="w", kind="objection", seats=["east"])
    with story.refused("stage"):
        story.tell("rule on response", window="w", number=1, breaks=False, reason="none")


def test_the_frozen_roster_tells_for_whom_else_a_seat_acts(story: Story) -> None:
    """For itself it acts without any power."""
    story.body(seats=("east", "west", "north"))
    story.do("empower seat", body="b", seat="east", acts_for=["west"])
    story.silence()
    content = story.placet.store.history(ORGANISATION).content(story.state("window/w").roster_hash)

    assert {"east": ("west",), "west": (), "north": ()} == {
        entry.seat: entry.acts_for for entry in roster.decode_roster(content)
    }


@pytest.mark.parametrize(
    ("since", "until", "included"),
    [
        ("2026-03-02T23:00Z", "unknown", True),
        ("2026-03-02T23:00:00.000001Z", "unknown", False),
        ("2026-01-01", "2026-03-02T23:00Z", False),
        ("2026-01-01", "2026-03-02T23:00:00.000001Z", True),
        ("2026-03-03", "unknown", True),
        ("2026-01-01", "2026-03-02", False),
    ],
)
def test_a_term_begins_with_its_first_instant_and_ends_before_its_last(
    story: Story, since: str, until: str, included: bool
) -> None:
    """The window opens when 3 March begins in Vienna."""
    story.body()
    story.do("fill seat", body="b", seat="north", holder="North", since=since, until=until)
    story.at("2026-03-02T22:59:00Z")
    story.silence()

    assert 2 + included == story.state("window/w").seats


def test_after_so_many_within_an_hour_a_seat_says_something_new_or_waits(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one after the last is refused; what came a whole hour ago is none within the hour."""
    monkeypatch.setattr(rate_limit, "MOST", 3)
    story.body()
    story.silence()
    first = story.now + timedelta(minutes=1)
    for _ in range(3):
        story.respond("no objection")
    with story.refused("responses-bounded"):
        story.respond("no objection")
    story.now = first + timedelta(minutes=59, microseconds=-1)
    with story.refused("responses-bounded"):
        story.respond("no objection")
    story.now = first + timedelta(minutes=59)
    story.respond("no objection")


def test_no_amended_text_is_announced_while_a_part_is_still_asked_for(story: Story) -> None:
    """Item x fell; of y the silence has not decided yet."""
    story.body()
    story.silence(by_item=True, subject={"type": "list of entries", "items": ["x", "y"]})
    story.respond("objection", items=["x"])
    with story.refused("stage"):
        story.do("announce revision", window="w", text={"en": "x, amended."})
    story.clock(CLOSED)
    story.do("announce revision", window="w", text={"en": "x, amended."})

    assert "window.revision_announced" == story.names()[-1]


def test_items_of_a_superseded_silence_are_not_approved(story: Story) -> None:
    """The agenda hears of it; its items may be submitted again."""
    story.body()
    story.agenda()
    story.do("submit items", agenda="a")
    story.silence(subject={"type": "agenda items", "agenda": "a"}, text={})
    story.do("supersede silence", **OFFICER, reason="A new text is on the table.")

    assert ("1", "2", "9") == story.state("agenda/a").items_with_approval("not approved")
    assert "superseded" == story.phase()


def test_a_stranger_without_a_reason_is_a_stranger_first(story: Story) -> None:
    """What cannot count at all is not sent back for its reason."""
    story.body(parameters={"reasons-required": "yes"})
    story.silence()
    story.do("respond", window="w", kind="objection", seats=["stranger"])
    (entry,) = story.state("window/w").responses

    assert "responder-on-roster" == entry.rule


# --- what history may still tell -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "when", "values"),
    [
        ("fill seat", "2026-03-01", {"since": "2026-03-01", "until": "2026-03-05"}),
        ("fill seat", "2026-03-01", {"since": "2026-03-01", "until": "2026-03-02"}),
        ("fill seat", "2026-03-01", {"since": "2026-03-01", "until": "2026-03-02T14:00Z"}),
        ("adopt rule pack", "2026-03-02", {"pack": "untoc-working-groups"}),
        ("adopt rule pack", "2026-03-05", {"pack": "untoc-working-groups"}),
    ],
)
def test_history_tells_nothing_of_the_day_on_which_a_body_went_on_live(
    story: Story, verb: str, when: str, values: dict[str, Any]
) -> None:
    """It acted live at noon of 2 March, and again on the 10th: what was between was relied on."""
    story.body()
    story.at("2026-03-10T12:00:00Z")
    story.do("fill seat", body="b", seat="north", holder="North", since="2026-03-10")
    story.do("adopt rule pack", body="b", pack="generic")
    seat = {"seat": "south", "holder": "South"} if verb == "fill seat" else {}
    with story.refused("history-alters-no-live-act"):
        story.tell(verb, when, body="b", **seat, **values)


def test_a_term_that_was_over_before_a_body_went_on_live_is_still_told(story: Story) -> None:
    """Nobody relied on it."""
    story.body()
    values = {"seat": "south", "holder": "South", "since": "2026-01-01", "until": "2026-03-01"}
    story.tell("fill seat", "2026-01-01", body="b", **values)

    assert "South" in {seat.holder for seat in story.state("body/b").seats}


def test_days_of_two_zones_are_compared_by_their_instants() -> None:
    """When the 6th begins on Kiritimati, the 5th has not yet begun on Pago Pago."""
    ahead, behind = When("2026-03-06[Pacific/Kiritimati]"), When("2026-03-05[Pacific/Pago_Pago]")

    assert is_before(ahead, behind) is is_before(behind, ahead) is None


# --- moving and ending ---------------------------------------------------------------------------


def test_what_an_extension_had_added_is_not_given_back(story: Story) -> None:
    """24 hours were promised, 48 with the extension; one ran, and 23 more are enough."""
    story.body()
    waived = {"waive": {"silence-minimum-length": "An emergency."}}
    story.at("2026-03-02T12:59:00Z")
    story.silence(length="24 hours", **waived)
    story.do("extend silence", **OFFICER, closes="2026-03-04T12:00:00Z", reason="talks")
    story.at("2026-03-02T13:59:00Z")
    story.do("suspend silence", **OFFICER, reason="talks")
    story.at("2026-03-08T11:59:00Z")
    with story.refused("silence-minimum-length"):
        story.do("resume silence", **OFFICER, length="22 hours")
    story.do("resume silence", **OFFICER, length="23 hours")

    assert "open" == story.phase()


def test_the_new_end_lies_ahead(story: Story) -> None:
    """At the very instant it would be past already."""
    story.body(parameters={"silence-minimum-length.force": "none"})
    story.silence(length="72 hours")
    story.do("suspend silence", **OFFICER, reason="talks")
    story.at("2026-03-08T11:59:00Z")
    with story.refused("extension-later"):
        story.do("resume silence", **OFFICER, closes="2026-03-08T12:00:00Z")
    story.do("resume silence", **OFFICER, closes="2026-03-08T12:01:00.000001Z")

    assert "open" == story.phase()


def test_an_end_that_passed_while_the_order_was_under_way_is_past(story: Story) -> None:
    """Half a minute before, it still lay ahead; nobody could answer before it any more."""
    story.body(parameters={"silence-minimum-length.force": "none"})
    story.silence(length="72 hours")
    story.do("suspend silence", **OFFICER, reason="talks")
    story.at("2026-03-08T11:59:00Z")
    values = {"received": "2026-03-08T11:59:30Z", "closes": "2026-03-08T11:59:45Z"}
    with story.refused("extension-later"):
        story.do("resume silence", **OFFICER, **values)


def test_the_lapse_names_who_asked_for_wording_and_was_ruled_not_to_object(story: Story) -> None:
    """It might have broken the silence; what was never in question is not named."""
    story.body()
    story.silence()
    story.respond("no objection", "west")
    story.respond("editorial comment", wording="The body decides unanimously.")
    ruling = {"number": 2, "breaks": False, "reason": "a matter of style"}
    story.do("rule on response", **OFFICER, **ruling)
    story.clock(CLOSED)

    assert (2,) == story.events()[-1].fact.responses


@pytest.mark.parametrize(("before", "phase"), [(0, "approved"), (1, "held for review")])
def test_an_outage_is_reviewed_once_nobody_can_answer_any_more(
    story: Story, before: int, phase: str
) -> None:
    """At the deadline itself all of it can be seen; a microsecond earlier it may still go on."""
    story.body(parameters={"longest-outage-minutes": "30"})
    story.silence()
    story.do("hold silence", window="w", about="outage", reason="The line was down.")
    ends = story.state("window/w").closes.exact
    story.now = ends - timedelta(minutes=1, microseconds=before)
    story.do("release silence", **OFFICER, reason="looked at")
    story.clock(CLOSED, outage=timedelta(minutes=31))

    assert phase == story.phase()


def test_what_was_looked_at_stays_looked_at(story: Story) -> None:
    """After the outage a letter is looked into as well; nobody looks at the outage again."""
    story.body(parameters={"longest-outage-minutes": "30"})
    story.silence()
    outage = timedelta(minutes=31)
    story.clock(CLOSED, outage=outage)
    story.do("hold silence", window="w", about="letter", reason="A letter is on its way.")
    story.do("hold silence", window="w", about="letter", reason="Another one is.")
    story.do("release silence", **OFFICER, hold=2, reason="It came to nothing.")
    looked = story.state("window/w").review.reviewed
    story.do("release silence", **OFFICER, hold=1, reason="looked at")
    story.do("release silence", **OFFICER, hold=3, reason="It came to nothing.")
    story.clock("2026-03-05T13:00:00Z", outage=outage)

    assert (False, "approved") == (looked, story.phase())


def test_an_extension_takes_nothing_from_the_time_that_ran(story: Story) -> None:
    """Extended after ten hours and stopped after eleven: 61 of 72 are left."""
    story.body()
    story.at("2026-03-02T12:59:00Z")
    story.silence()
    story.at("2026-03-02T22:59:00Z")
    story.do("extend silence", **OFFICER, closes="2026-03-05T14:00:00Z", reason="talks")
    story.at("2026-03-02T23:59:00Z")
    story.do("suspend silence", **OFFICER, reason="talks")
    story.at("2026-03-08T11:59:00Z")
    with story.refused("silence-minimum-length"):
        story.do("resume silence", **OFFICER, length="60 hours")
    story.do("resume silence", **OFFICER, length="61 hours")

    assert "open" == story.phase()


@pytest.mark.parametrize(
    ("before", "phase"), [(1, "deadline passed, being verified"), (0, "approved")]
)
def test_the_clock_waits_for_what_came_before_the_grace_was_over(
    story: Story, before: int, phase: str
) -> None:
    """Clocks may be off: what came within the grace is decided before anything is approved."""
    story.body()
    story.silence()
    due = story.state("window/w").due_from
    silence_clock.record_due(
        story.placet.handling,
        story.placet.store.history(ORGANISATION),
        ["w"],
        due + timedelta(minutes=5),
        awaited={"w": due - timedelta(microseconds=before)},
    )

    assert phase == story.phase(due)


class Kept:
    """Keeps what a program would log."""

    def __init__(self) -> None:
        self.kept: list[dict[str, object]] = []

    def info(self, event: str, **values: object) -> None:
        """Keep a line."""
        self.kept.append({"event": event, **values})

    error = info


def test_nothing_is_approved_whose_notices_cannot_be_told(story: Story) -> None:
    """Who sends letters could not read the window, which the clock reads well: people look."""
    story.body()
    story.silence()
    story.silence(window="v")
    alarm = Kept()
    clock = SilenceClock(
        story.placet.handling, story.placet.store, lambda _, __: timedelta(0), alarm
    )
    because = "its hash does not fit"
    parked = ParkedStream(organisation=ORGANISATION, stream="window/w", position=7, because=because)
    not_stated = {"w": parked}
    moment = ClockReading(When(CLOSED).exact, 0)
    for _ in range(2):
        clock.run_once(ORGANISATION, ["w", "v"], not_stated, moment)
    phases = [str(story.state(f"window/{name}").phase(moment.at)) for name in ("w", "v")]

    assert ["deadline passed, being verified", "approved"] == phases
    assert {(ORGANISATION, "w"): because} == clock.unreadable_windows
    assert ["w"] == [text_line["window"] for text_line in alarm.kept]
    clock.run_once(ORGANISATION, ["w"], {}, moment)
    assert ("approved", {}) == (story.phase(moment.at), clock.unreadable_windows)


def test_the_clock_orders_nothing_that_would_be_refused(story: Story) -> None:
    """Neither at the look at which it holds a window nor at later ones does it try to close it."""
    story.body()
    story.silence()
    story.respond("unclear")
    log = Kept()
    story.placet.handling._logger = log
    for moment in (CLOSED, "2026-03-05T12:31:00Z"):
        story.clock(moment)

    assert [("hold silence", "recorded")] == [
        (entry["command"], entry["outcome"]) for entry in log.kept
    ]


def test_a_window_held_for_an_id_that_was_taken_lapses_once_people_looked(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next id of the clock is another one: an old slip does not keep a window for ever."""
    story.body()
    story.silence()
    window = story.state("window/w")
    with monkeypatch.context() as older:
        older.setattr(order_checks, "PROGRAM_ID_PREFIXES", {})
        taken = f"clock:lapse:w@{window.closes}:1"
        story.do("fill seat", body="b", seat="north", holder="North", since="2026-01-01", id=taken)
    story.clock(CLOSED)
    held = story.phase()
    story.do("release silence", **OFFICER, reason="An old slip.")
    story.clock("2026-03-05T12:40:00Z")

    assert ("held for review", "approved") == (held, story.phase())


def test_an_order_may_be_under_way_for_so_long_and_no_longer(story: Story) -> None:
    """To the microsecond; what was received at this very moment is not of the future."""
    story.body()
    story.silence()
    at = story.now + timedelta(minutes=1)
    with story.refused("live-now"):
        story.respond("no objection", received=moment(at - UNDER_WAY - timedelta.resolution))
    story.respond("no objection", received=moment(story.now + timedelta(minutes=1) - UNDER_WAY))
    story.respond("no objection", received=moment(story.now + timedelta(minutes=1)))
    at = story.now + timedelta(minutes=1)
    with story.refused("live-now"):
        story.respond("no objection", received=moment(at + timedelta.resolution))


def moment(at: datetime) -> str:
    return str(When.from_instant(at))


def test_what_happens_at_this_very_moment_can_be_attested(story: Story) -> None:
    """A microsecond later it lies ahead."""
    values = {"body": "b", "names": {"en": "Body"}}
    now = story.now + timedelta(minutes=1)
    with story.refused("attested-past"):
        story.tell("establish body", moment(now + timedelta.resolution), **values)
    story.tell("establish body", moment(now + timedelta(minutes=1)), **values)


def test_no_part_of_the_program_acts_under_the_ids_of_another(story: Story) -> None:
    """The part that sends notices takes none from the clock."""
    story.body()
    story.silence()
    values = {"window": "w", "seats": ["east"], "result": "delivered", "who": "notice service"}
    with story.refused("ids-of-machines"):
        story.do("record notices", id="clock:lapse:w", **values)
    story.do("record notices", id="notices:w:1", **values)


@pytest.mark.parametrize(
    "other",
    [
        {"who": "presiding officer"},
        {"authority": "the Bureau"},
        {"waive": {"silence-minimum-length": "An emergency."}},
        {"mandate": "decision 1"},
    ],
)
def test_a_command_that_differs_in_anything_is_another_one(
    story: Story, other: dict[str, Any]
) -> None:
    """Under an id that was used it is refused, and not answered as if it had been done."""
    story.body()
    story.silence(id="once")
    with story.refused("command-id-once"):
        story.silence(id="once", **other)


@pytest.mark.parametrize(("when", "source"), [("2026-01-02", "a letter"), ("2026-01-01", "b")])
def test_history_that_differs_in_its_day_or_source_is_another_command(
    story: Story, when: str, source: str
) -> None:
    body = {"body": "b", "names": {"en": "Body"}, "id": "once"}
    story._do("establish body", dict(body), source="a letter", when=When("2026-01-01"))
    with story.refused("command-id-once"):
        story._do("establish body", dict(body), source=source, when=When(when))


# --- events of earlier versions -------------------------------------------------------------------


def test_an_old_revocation_that_names_no_items_was_of_all() -> None:
    """Earlier versions did not say of which items; they meant the whole text."""
    window = Window(
        id="w",
        result=Result(approved=("x", "y"), lapsed=When("2026-03-05"), in_doubt=frozenset({""})),
    )
    fact = ApprovalRevoked()
    after = window.evolve(remembered(fact))

    assert (True, frozenset()) == (after.revoked, after.in_doubt)


def remembered(fact: Fact) -> RecordedEvent:
    """An event of window `w`, as the presiding officer caused it."""
    return RecordedEvent(
        organisation=ORGANISATION,
        stream=Stream(StreamKind.WINDOW, "w"),
        version=1,
        position=1,
        name="",
        fact=fact,
        effective=When("2026-03-06"),
        received_at=NOON,
        recorded_at=NOON,
        actor=actor("presiding officer"),
    )

"""What meetings decide beside silences, what is told of old ones, and what comes outside of any."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from domain.voting import REFUSING, RESULTS
from story import Story
from workflows.history.redaction import WITHHELD, Redaction

OLD: dict[str, Any] = {
    "window": "old",
    "body": "b",
    "subject": {"type": "list of entries", "items": ["x", "y", "z"]},
    "by_item": True,
}

BY_VOTE = {"manner": "vote", "in_favour": 4}


@pytest.fixture
def story(tmp_path: Path) -> Story:
    found = Story(tmp_path)
    found.body()
    return found


@pytest.mark.parametrize("result", RESULTS)
def test_a_meeting_decides_on_submitted_items(story: Story, result: str) -> None:
    """Agreed or adopted approves them; declined, or a failure to agree, does not."""
    story.agenda("1", "2")
    story.do("submit items", agenda="a")
    story.do("decide items", who="body", agenda="a", items=["2"], result=result, manner="consensus")
    stands = "not approved" if result in REFUSING else "approved"

    assert stands == story.state("agenda/a").item("2").approval
    story.do("decide items", who="body", agenda="a", result="agreed")
    left = {item.item: item.approval for item in story.state("agenda/a").items}
    assert {"1": "approved", "2": "approved", "9": "approved"} == left
    assert "approved" == story.state("agenda/a").stage


def test_an_item_that_is_turned_down_leaves_the_approval_of_the_others(story: Story) -> None:
    """When it is withdrawn afterwards, the agenda is approved since the others were."""
    story.agenda("1", "2")
    story.do("submit items", agenda="a")
    story.do("decide items", who="body", agenda="a", items=["1", "9"], result="agreed")
    approved = story.state("agenda/a").last_approval
    story.do("decide items", who="body", agenda="a", items=["2"], result="declined")

    assert "partly approved" == story.state("agenda/a").stage
    story.do("withdraw item", agenda="a", item="2", reason="It was turned down.")
    assert ("approved", approved) == (
        story.state("agenda/a").stage,
        story.state("agenda/a").approved,
    )


def test_a_meeting_decides_on_an_agenda_whose_items_no_source_tells(story: Story) -> None:
    """What was decided last stands: approved, or not."""
    story.tell("start agenda", agenda="h", body="b")
    with story.refused("stage"):
        story.do("decide items", who="body", agenda="h", result="agreed")
    story.tell("decide items", agenda="h", result="not agreed", when="2021-08-30")
    refused = story.state("agenda/h").stage
    story.tell("decide items", agenda="h", result="agreed", when="2021-09-30")
    agreed = story.state("agenda/h").stage
    story.tell("decide items", agenda="h", result="declined", when="2021-10-30")

    assert ("not approved", "approved") == (refused, agreed)
    assert "not approved" == story.state("agenda/h").stage


def test_history_takes_nothing_back_that_a_silence_here_decided(story: Story) -> None:
    """An item whose silence broke under the clock may be agreed by a live meeting only."""
    story.agenda("1", "2")
    story.do("submit items", agenda="a")
    subject = {"type": "agenda items", "agenda": "a", "items": ["1", "2", "9"]}
    story.silence(subject=subject, text={})
    with story.refused("stage"):
        story.do("decide items", who="body", agenda="a", items=["2"], result="agreed")
    story.respond("objection")
    with story.refused("stage"):
        story.tell("decide items", agenda="a", items=["2"], result="agreed", when="2026-03-01")
    story.do("decide items", who="body", agenda="a", items=["2"], result="agreed")

    assert "approved" == story.state("agenda/a").item("2").approval
    assert "broken" == story.phase()


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ("act-of-a-meeting", {"who": "presiding officer", "result": "agreed"}),
        ("known", {"who": "body", "result": "yes"}),
        ("known", {"who": "body", "result": "agreed", "manner": "by acclaim"}),
        ("vote-counted", {"who": "body", "result": "agreed", "against": 0}),
        ("vote-counted", {"who": "body", "result": "agreed", "manner": "vote", "against": -1}),
        ("vote-carried", {"who": "body", "result": "adopted", **BY_VOTE, "against": 5}),
        ("vote-carried", {"who": "body", "result": "agreed", **BY_VOTE, "against": 4}),
    ],
)
def test_what_no_meeting_decides_is_refused(
    story: Story, rule: str, values: dict[str, Any]
) -> None:
    """On items and on a text after its silence alike."""
    story.agenda("1")
    story.do("submit items", agenda="a")
    story.silence()
    story.respond("objection")
    for verb, of in (("decide items", {"agenda": "a"}), ("decide matter", {"window": "w"})):
        with story.refused(rule):
            story.do(verb, **of, **values)


def test_a_meeting_decides_on_a_text_whose_silence_failed(story: Story) -> None:
    """With figures where they are told; what became of the silence stands for ever."""
    story.silence()
    with story.refused("stage"):
        story.do("decide matter", who="body", window="w", result="adopted")
    story.respond("objection")
    figures = {"in_favour": 30, "against": 0}
    story.do("decide matter", who="body", window="w", result="adopted", manner="vote", **figures)
    ((_, decided),) = story.state("window/w").follow_up.decided

    assert (30, 0, None) == (decided.in_favour, decided.against, decided.abstaining)
    assert "broken" == story.phase()
    last = story.events()[-1]
    redacted = story.placet.queries.events.redact("fictional", [last])
    assert [last.fact] == [event.fact for event in redacted]


def test_what_a_silence_approved_no_meeting_turns_down(story: Story) -> None:
    """Neither live nor as history: an approval under the clock falls by a ruling only."""
    story.silence()
    story.clock("2026-03-09T12:00:00Z")
    assert "approved" == story.phase()
    for act, rule in ((story.do, "stage"), (story.tell, "window-of-one-basis")):
        with story.refused(rule):
            act("decide matter", who="body", window="w", result="declined")
    with story.refused("stage"):
        story.do("announce revision", window="w", wording="other")


def test_an_amended_text_is_announced_without_a_new_silence(story: Story) -> None:
    """Its text is kept and named by its hash; a wording or a note alone will do."""
    story.silence()
    story.respond("objection")
    with story.refused("live-role"):
        story.do("announce revision", who="seat east", window="w", wording="other")
    with story.refused("empty"):
        story.do("announce revision", window="w", text={"en": " "})
    story.do("announce revision", window="w", text={"en": "The body decides otherwise."})
    story.do("announce revision", window="w", note="It was read out.")
    (_, first), (_, second) = story.state("window/w").follow_up.revisions
    kept = story.placet.store.history("fictional").content(first.text_hash)

    assert b"The body decides otherwise." in kept
    assert ("", "It was read out.") == (second.text_hash, second.note)
    assert "broken" == story.phase()


def test_a_source_tells_of_some_items_and_is_silent_on_the_others(story: Story) -> None:
    """Of these nothing is known, until something tells it; then the outcome is whole."""
    story.tell("open silence", when="2019-03-01", **OLD)
    before = [story.state("window/old").outcome(part) for part in "xyz"]
    story.tell("tell outcome", when="2019-03-08", window="old", approved=["x"])
    some = [story.state("window/old").outcome(part) for part in "xyz"]
    story.tell("tell outcome", when="2019-03-08", window="old", broken=["y", "z"])
    whole = story.state("window/old")

    assert ["open", "open", "open"] == before
    assert ["approved", "unknown", "unknown"] == some
    assert ["approved", "broken", "broken"] == [whole.outcome(part) for part in "xyz"]
    assert (("x",), "2019-03-08") == (whole.approved, str(whole.lapsed))
    assert "partly approved" == whole.phase(story.now)


def test_a_source_tells_that_every_item_was_broken(story: Story) -> None:
    """Then nothing of it was approved, and the silence is broken as a whole."""
    story.tell("open silence", when="2019-03-01", **OLD)
    story.tell("tell outcome", window="old", broken=["x"])
    story.tell("tell outcome", window="old", broken=["y", "z"])
    window = story.state("window/old")

    assert ("broken", None) == (window.phase(story.now), window.lapsed)


def test_an_outcome_in_part_moves_the_items_of_an_agenda(story: Story) -> None:
    """Those that are told are approved or not; of the others the agenda says no more."""
    story.tell("start agenda", agenda="a", body="b", approved_by="b")
    for item in ("1", "2", "3"):
        story.tell("propose item", agenda="a", item=item, titles={"en": item})
    story.tell("submit items", agenda="a")
    items = {"type": "agenda items", "agenda": "a", "items": ["1", "2", "3"]}
    story.tell("open silence", **(OLD | {"subject": items}))
    story.tell("tell outcome", window="old", approved=["1"], broken=["2"])
    stand = [item.approval for item in story.state("agenda/a").items]

    assert ["approved", "not approved", "under silence"] == stand


def test_no_source_tells_what_the_clock_computes(story: Story) -> None:
    """Of a silence that runs or ran here, of an undivided text, and of other parts: refused."""
    story.silence(subject=OLD["subject"], by_item=True)
    with story.refused("attested-source"):
        story.do("tell outcome", window="w", approved=["x"])
    with story.refused("window-of-one-basis"):
        story.tell("tell outcome", window="w", approved=["x"])
    story.tell("open silence", **(OLD | {"by_item": False}))
    with story.refused("items-under-silence"):
        story.tell("tell outcome", window="old", approved=["x"])
    story.tell("open silence", **(OLD | {"window": "older"}))
    wrong: tuple[tuple[str, dict[str, Any]], ...] = (
        ("empty", {}),
        ("items-under-silence", {"approved": ["n"]}),
        ("stage", {"approved": ["x", "x"]}),
        ("stage", {"approved": ["x"], "broken": ["x"]}),
    )
    for rule, named in wrong:
        with story.refused(rule):
            story.tell("tell outcome", window="older", **named)
    story.tell("tell outcome", window="older", approved=["x"])
    with story.refused("stage"):
        story.tell("tell outcome", window="older", broken=["x"])


def test_an_objection_outside_of_any_silence_is_kept_and_breaks_nothing(story: Story) -> None:
    """It is numbered and shown; items stay where they are."""
    story.agenda("1", "2")
    with story.refused("empty"):
        story.do("note objection", agenda="a", seats=[])
    with story.refused("known"):
        story.do("note objection", agenda="a", seats=["east"], items=["7"])
    story.do("note objection", agenda="a", seats=["east"], items=["2"], text="No.")
    story.do("note objection", agenda="a", seats=["west"])
    noted = [objection for _, objection in story.state("agenda/a").objections]

    assert [(1, ("east",), ("2",)), (2, ("west",), ())] == [
        (entry.number, entry.seats, entry.items) for entry in noted
    ]
    assert "proposed" == story.state("agenda/a").stage


def test_while_a_silence_runs_an_objection_goes_there(story: Story) -> None:
    """Where it breaks; entered beside it, it would be lost."""
    story.agenda("1", "2")
    subject = {"type": "agenda items", "agenda": "a", "items": ["2"]}
    story.do("submit items", agenda="a", items=["2"])
    story.silence(subject=subject, text={})
    for items in (["2"], []):
        with story.refused("silence-goes-first"):
            story.do("note objection", agenda="a", seats=["east"], items=items)
        with story.refused("silence-goes-first"):
            story.tell("note objection", agenda="a", seats=["east"], items=items)
    story.do("note objection", agenda="a", seats=["east"], items=["1"])

    assert 1 == len(story.state("agenda/a").objections)


def test_an_objection_may_come_after_a_silence_of_history(story: Story) -> None:
    """No clock runs for it, whatever its source leaves open."""
    story.tell("start agenda", agenda="a", body="b", approved_by="b")
    story.tell("propose item", agenda="a", item="1", titles={"en": "1"})
    story.tell("submit items", agenda="a")
    items = {"type": "agenda items", "agenda": "a", "items": ["1"]}
    story.tell("open silence", **(OLD | {"subject": items}))
    story.tell("note objection", agenda="a", seats=["east"])

    assert 1 == len(story.state("agenda/a").objections)


def test_who_objected_outside_is_withheld_where_the_body_withholds_names(tmp_path: Path) -> None:
    """In the state that pages show and in the event; the record itself keeps the name."""
    story = Story(tmp_path)
    story.body(parameters={"names-withheld": "yes"})
    story.agenda("1")
    story.do("note objection", who="seat east", agenda="a", seats=["east"], text="No.")
    ((_, noted),) = story.state("agenda/a").objections
    entry = story.events()[-1]
    history = story.placet.store.history("fictional")
    shown = Redaction(story.placet.handling.decision_context(history)).redact_event(entry)

    assert (WITHHELD,) == noted.seats
    assert ("east",) == entry.fact.seats
    assert "east" not in str(shown)


def test_the_adoption_of_a_report_is_put_off_until_it_is_adopted(story: Story) -> None:
    """The stage says so; only the body itself puts it off, with a reason, and not afterwards."""
    story.tell("start agenda", agenda="a", body="b")
    with story.refused("act-of-a-meeting"):
        story.do("defer report", agenda="a", reason="Not translated.")
    with story.refused("empty"):
        story.do("defer report", who="body", agenda="a", reason=" ")
    story.propose("1", subjects=["adoption of the agenda", "report"])
    story.do("adopt agenda", who="body", agenda="a")
    story.do("defer report", who="body", agenda="a", reason="r", until="2026-12-01")
    until = story.state("agenda/a").deferred_to
    story.do("defer report", who="body", agenda="a", reason="r", to="the next session")
    put_off = story.state("agenda/a")
    story.do("defer report", who="body", agenda="a", reason="r")
    story.do("adopt report", agenda="a", who="body")

    assert ("2026-12-01", "the next session", "report deferred") == (
        until,
        put_off.deferred_to,
        put_off.stage,
    )
    assert "report adopted" == story.state("agenda/a").stage
    with story.refused("stage"):
        story.do("defer report", who="body", agenda="a", reason="r")


def test_a_joint_meeting_has_further_bodies(story: Story) -> None:
    """Agenda and session are theirs too; each is of the record, and named once."""
    for name in ("c", "d", "e"):
        story.do("establish body", body=name, names={"en": name})
    story.do("start agenda", agenda="a", body="b")
    story.do(
        "schedule session",
        session="s",
        body="b",
        number="1",
        starts="2026-05-04",
        ends="2026-05-05",
    )
    for verb, of in (("share agenda", {"agenda": "a"}), ("share session", {"session": "s"})):
        for rule, bodies in (
            ("empty", []),
            ("known", ["x"]),
            ("new", ["b"]),
            ("new", ["c", "c"]),
        ):
            with story.refused(rule):
                story.do(verb, bodies=bodies, **of)
        story.do(verb, bodies=["c", "d"], **of)
        story.do(verb, bodies=["e"], **of)
        with story.refused("new"):
            story.do(verb, bodies=["c"], **of)

    assert ("c", "d", "e") == story.state("agenda/a").shared == story.state("session/s").shared


def test_only_a_past_silence_was_for_several_bodies(story: Story) -> None:
    """One that runs asks one roster: others, who were not asked, would be bound by it."""
    story.do("establish body", body="c", names={"en": "c"})
    story.silence()
    with story.refused("attested-source"):
        story.do("share silence", window="w", bodies=["c"])
    with story.refused("window-of-one-basis"):
        story.tell("share silence", window="w", bodies=["c"])
    story.tell("open silence", **OLD)
    story.tell("share silence", window="old", bodies=["c"])

    assert ("c",) == story.state("window/old").follow_up.shared

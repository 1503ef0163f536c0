"""States as a decision sees them: strange commands are told apart, strange events forgotten."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import Struct, structs

from domain.decide import decide
from domain.decision_context import DecisionContext
from domain.folding import STATES
from domain.messages import DatedStep, Fact, Order
from domain.milestones import milestone_days, milestones
from domain.ports.event_store import Head
from domain.rules import Refused
from domain.state_cache import StagedStates, StateCache
from domain.streams import Stream, StreamKind
from domain.times import UNKNOWN, When
from story import Story, actor
from wiring import PACKS, shipped_packs


class Strange(Fact, frozen=True, kw_only=True):
    """An event of a later version of the program."""


class Misplaced(Struct, frozen=True, kw_only=True):
    """A command that no state knows."""

    stream: Stream


@pytest.fixture
def full(story: Story) -> Story:
    """One stream of every kind."""
    story.body()
    dates = {"starts": "2026-08-10", "ends": "2026-08-11"}
    story.do("schedule session", session="s", body="b", number="1", **dates)
    story.agenda()
    story.silence()
    story.do("register document", document="d", symbol="FX/1", type="report", body="b")
    return story


@pytest.mark.parametrize("name", ["body/b", "session/s", "agenda/a", "window/w", "document/d"])
def test_a_strange_command_is_a_fault_of_the_program(full: Story, name: str) -> None:
    """No silent success: a command that a state does not know raises a TypeError."""
    history = full.placet.store.history("fictional")
    world = full.placet.handling.decision_context(history)
    command: Any = Misplaced(stream=Stream.parse(name))
    order = Order(
        command=command,
        command_id="x",
        actor=actor("presiding officer"),
        at=full.now,
        received_at=full.now,
    )
    with pytest.raises(TypeError, match=r"^no \w+ command"):
        decide(order, world)


@pytest.mark.parametrize("kind", list(StreamKind))
def test_a_strange_event_changes_no_state(full: Story, kind: StreamKind) -> None:
    """What a state does not know, it ignores; folding never refuses."""
    event = structs.replace(full.events()[0], fact=Strange())
    state = STATES[kind]()

    assert state == state.evolve(event)


def test_a_lost_content_is_named(full: Story) -> None:
    """A text that the store should hold, and does not, is told by its hash."""
    world = full.placet.handling.decision_context(full.placet.store.history("fictional"))
    with pytest.raises(Refused, match="content 000000000000 is not in the store"):
        world.content("0" * 64)


def test_lines_are_counted_back_from_a_known_day_only() -> None:
    """The seed's: 27 July, 6 August and 24 August before 5 October 2023."""
    pack = shipped_packs()["untoc-working-groups"]
    days = milestone_days(pack, regular=True)
    drawn = [str(text_line.day) for text_line in milestones(When("2023-10-05"), days)]

    assert ["2023-07-27", "2023-08-06", "2023-08-24"] == drawn
    assert () == milestones(UNKNOWN, days)
    assert {} == milestone_days(shipped_packs()["generic"], regular=True)


def test_history_may_extend_and_announce_without_exact_times(story: Story) -> None:
    """Attested moves start no clock and need no officer's hour."""
    story.body(seats=())
    subject = {"subject": {"type": "decision text"}, "window": "w", "body": "b"}
    story.tell("open silence", "2020-04-14", closes="2020-04-17", **subject)
    story.tell("record notices", "2020-04-14", window="w", seats=["any"], result="delivered")
    story.tell("extend silence", "2020-04-16", window="w", closes="2020-04-20", reason="asked")
    window = story.state("window/w")
    story.tell("suspend silence", "2020-04-17", window="w", reason="consultations")
    story.tell("resume silence", "2020-04-19", window="w", closes="2020-04-22")

    assert (When("2020-04-20"), None) == (window.closes, window.deadline)
    assert When("2020-04-22") == story.state("window/w").closes


@pytest.mark.parametrize(
    ("opens", "closes", "minimum", "result"),
    [
        ("2020-01-01", "2020-01-04", "72 hours", "undeterminable"),
        ("2020-01-01", "2020-01-05", "72 hours", "satisfied"),
        ("2020-01-01", "2020-01-02", "72 hours", "violated"),
        ("2020-01-01", "2020-01-15", "14 days", "satisfied"),
        ("2020-01-01", "2020-01-14", "14 days", "violated"),
        ("2020-01-01T10:00Z", "2020-01-04T10:00Z", "72 hours", "satisfied"),
        ("2020-01-01T10:00Z", "2020-01-04T09:59Z", "72 hours", "violated"),
        ("2020-01", "2020-02", "72 hours", "undeterminable"),
        ("2020-01", "2020-05", "72 hours", "satisfied"),
        ("2020-01-01", "unknown", "72 hours", "undeterminable"),
        ("2020-01-01", "2020-03-01", "10 working days", "undeterminable"),
    ],
)
def test_history_is_long_enough_only_as_far_as_it_tells(
    story: Story, opens: str, closes: str, minimum: str, result: str
) -> None:
    """What the precision leaves open stays open."""
    story.do("establish body", body="b", names={"en": "Body"})
    minimum_of = {"silence-minimum-length.length": minimum}
    story.tell("adopt rule pack", body="b", pack="generic", parameters=minimum_of)
    subject = {"subject": {"type": "decision text"}, "window": "w", "body": "b"}
    answer = story.tell("open silence", opens, closes=closes, **subject)
    found = {finding.rule: str(finding.result) for finding in answer.events[0].findings}

    assert result == found["silence-minimum-length"]


def test_rules_hold_from_their_day_on(story: Story) -> None:
    """History told out of order is judged by the pack that was in force then."""
    story.do("establish body", body="b", names={"en": "Body"})
    story.tell("adopt rule pack", "2020-06-01", body="b", pack="untoc-working-groups")
    story.tell("adopt rule pack", "2020-03-01", body="b", pack="generic")
    body = story.state("body/b")
    packs = [event.fact.hash for event in story.events()[1:]]

    assert ["", packs[1], packs[0], packs[0]] == [
        body.pack_at(When(day)) for day in ("2020-01-01", "2020-04-01", "2020-07-01", "unknown")
    ]


def test_a_document_may_lack_its_symbol_in_history_only(story: Story) -> None:
    """A source that gives no symbol reserves none; a live document has one."""
    story.body()
    values = {"document": "d", "symbol": "unknown", "type": "report", "body": "b"}
    with story.refused("symbol-form"):
        story.do("register document", **values)
    story.tell("register document", "2020-09-01", **values)

    assert ["document.registered"] == story.names()[-1:]


def test_a_report_on_an_agenda_names_no_provisional_one(story: Story) -> None:
    """Only a provisional agenda's own document tells its agenda of its masthead."""
    story.body()
    story.agenda()
    values = {"document": "d", "symbol": "FX/1", "type": "report", "body": "b", "agenda": "a"}
    story.do("register document", **values)

    assert "" == story.state("agenda/a").document


def test_items_that_no_source_lists_may_have_been_approved(story: Story) -> None:
    """An agenda whose items are unknown was approved if a source says so; live it is not."""
    story.body()
    story.do("start agenda", agenda="a", body="b")
    with story.refused("stage"):
        story.do("approve items", who="body", agenda="a", manner="at a meeting")
    story.tell("approve items", "2020-03-06", who="body", agenda="a", manner="no objection")

    assert "approved" == story.state("agenda/a").stage


@pytest.mark.parametrize("breaks", [True, False])
def test_a_finding_after_the_close_concerns_its_items_only(story: Story, breaks: bool) -> None:
    """In a window by items, the others stay approved; the ruling is on those concerned."""
    story.body()
    story.agenda()
    story.do("submit items", agenda="a")
    subject = {"type": "agenda items", "agenda": "a"}
    story.silence(subject=subject, text={}, by_item=True)
    story.clock("2026-03-09T12:00:00Z")
    story.do(
        "respond",
        window="w",
        kind="objection",
        seats=["east"],
        items=["2"],
        received="2026-03-04T11:00:00Z",
    )
    stands = [item.approval for item in story.state("agenda/a").items]
    ruling = {"who": "presiding officer", "window": "w", "number": 1, "second": "rapporteur"}
    if not breaks:
        story.do("rule on response", breaks=False, reason="another text", **ruling)

        assert "approved" == story.state("agenda/a").stage
        return
    story.do("rule on response", breaks=True, reason="stamped in time", **ruling)

    assert ["approved", "approval suspended", "approved"] == stands
    assert ["approved", "not approved", "approved"] == [
        item.approval for item in story.state("agenda/a").items
    ]
    assert "partly approved" == story.phase()


def test_a_memory_lets_go_of_what_was_asked_for_longest_ago(story: Story) -> None:
    """It stays small, whatever the number of streams."""
    story.body()
    found = story.events()
    memory = StateCache(most=1)
    memory.head = Head()
    staged_states = StagedStates(memory)
    staged_states.apply(found)
    staged_states.commit()
    story.silence()
    later = StagedStates(memory)
    later.apply(story.events()[len(found) :])
    later.commit()

    memory.replace({}, Head(), {"first": b"1", "second": b"2"})

    assert memory.state(Stream.parse("window/w"))
    assert memory.state(Stream.parse("body/b")) is None
    assert (None, b"2") == (memory.content("first"), memory.content("second"))


def test_nothing_follows_upon_a_memory_that_knows_no_end_of_the_log() -> None:
    with pytest.raises(ValueError, match="knows no end of the log"):
        StagedStates(StateCache())


def test_a_value_is_changed_in_fields_that_it_has_only() -> None:
    first = DatedStep(when=When("2023"), attested=True, position=1)

    changed = DatedStep(when=When("2023"), attested=True, position=2)
    assert changed == structs.replace(first, position=2)
    assert DatedStep(when=When("2023"), attested=True, position=1) == first
    with pytest.raises(TypeError, match="`DatedStep` has no field 'place'"):
        structs.replace(first, place=2)


def test_where_nobody_keeps_accounts_each_principal_counts(full: Story) -> None:
    """As in a case; a store with accounts looks them up."""
    history = full.placet.store.history("fictional")
    assert DecisionContext(history, PACKS, "2026a").can_log_in("p-1")
    assert not full.placet.handling.decision_context(history).can_log_in("p-1")

"""Several acts that stand together: one append, each decided on what those before it cause."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from domain.actors import Actor, Role
from domain.agenda.commands import AmendItem, OrganizeWork, ProposeItem
from domain.agenda.work_schedule import current_slots
from domain.body.commands import AdoptRulePack, FillSeat, VacateSeat
from domain.cases import Step
from domain.corrections import CorrectFact
from domain.messages import Command
from domain.organization_of_work import Entry, Slot
from domain.ports.clock import ClockReading
from domain.rules import ActsRefused, Refused
from domain.session.commands import OpenSession
from domain.times import When
from domain.type_registry import VERBS
from story import ORGANISATION, Story
from wiring import PACKS
from workflows.commands.command_result import CommandResult
from workflows.commands.order_checks import MOST_ACTS


def step(command: Command, role: Role = Role.SECRETARIAT, **fields: Any) -> Step:
    """A live act."""
    return Step(
        line=0,
        mode="live",
        verb=VERBS[type(command)],
        command=command,
        actor=Actor(role=role),
        **fields,
    )


def together(
    story: Story, acts: Sequence[Step], *, name: str = "one", seen: int | None = None
) -> CommandResult:
    """Carry them out as one append, now."""
    story.placet.clock = Fixed(story.now)
    return story.placet.execute(ORGANISATION, acts, name, seen=seen)


class Fixed:
    """A clock that stands at the story's moment."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def read(self) -> ClockReading:
        """The moment."""
        return ClockReading(self.at, 0)


def fill(seat: str, **fields: Any) -> Step:
    """Seat a holder of the same name."""
    return step(FillSeat(body="b", seat=seat, holder=fields.pop("holder", seat.title()), **fields))


def vacate(seat: str, until: str) -> Step:
    """End the term of a seat."""
    return step(VacateSeat(body="b", seat=seat, until=When(until)))


def test_several_acts_are_one_append(story: Story) -> None:
    """One command id; the first event tells the hash and what was read, the others point at it."""
    story.body()
    answer = together(story, [fill("north"), fill("south"), vacate("east", "2026-03-01")])
    first, *others = answer.events

    assert ["body.seat_filled"] * 2 + ["body.seat_vacated"] == story.names()[-3:]
    assert {"one"} == {event.command_id for event in answer.events}
    assert ["", *[str(first.event_id)] * 2] == [event.caused_by for event in answer.events]
    assert [True, False, False] == [bool(event.command_hash) for event in answer.events]
    assert ({"body/b": 4}, [{}, {}]) == (first.reads, [event.reads for event in others])
    assert [5, 6, 7] == [event.version for event in answer.events]


def test_each_act_is_decided_on_what_those_before_it_cause(story: Story) -> None:
    """A seat is vacated and filled again; by itself the second act is refused."""
    story.body()
    again = fill("east", holder="Otherland", since=When("2026-03-01"))
    with story.refused("no-overlap-of-terms"):
        together(story, [again])
    together(story, [vacate("east", "2026-03-01"), again])

    assert "Otherland" == story.state("body/b").seats[-1].holder


def test_where_one_act_is_refused_none_is_done_and_all_refusals_are_told(story: Story) -> None:
    story.body()
    acts = [fill("north"), fill("east"), fill("south"), fill("west")]
    with pytest.raises(ActsRefused) as refusal:
        together(story, acts)
    assert [1, 3] == [*refusal.value.refusals]
    with story.refused("no-overlap-of-terms"):
        together(story, acts)


def test_the_same_acts_are_done_once_and_others_under_their_id_are_refused(story: Story) -> None:
    story.body()
    acts = [fill("north"), fill("south")]
    first, again = together(story, acts), together(story, acts)

    assert (first.events, True) == (again.events, again.repeated)
    for others in ([fill("north")], [fill("north"), fill("far")], acts[::-1]):
        with story.refused("command-id-once"):
            together(story, others)


def test_a_preview_says_what_would_be_recorded_and_records_nothing(story: Story) -> None:
    story.body()
    acts = [vacate("east", "2026-03-01"), fill("east", since=When("2026-03-01"))]
    before = len(story.events())
    story.placet.clock = Fixed(story.now)
    previewed = story.placet.preview(ORGANISATION, acts, "one")

    assert before == len(story.events())
    assert [event.fact for event in previewed] == [
        event.fact for event in together(story, acts).events
    ]


def test_who_changes_a_whole_has_seen_it_as_it_is(story: Story) -> None:
    """What somebody else has recorded meanwhile is not overwritten, nor by a preview."""
    story.body()
    together(story, [fill("north")], seen=4)
    with story.refused("seen-version"):
        together(story, [fill("south")], name="two", seen=4)
    with story.refused("seen-version"):
        story.placet.preview(ORGANISATION, [fill("south")], "two", seen=4)
    assert together(story, [fill("north")], seen=4).repeated


@pytest.mark.parametrize(
    "other",
    [
        step(OpenSession(session="s")),
        step(FillSeat(body="c", seat="south", holder="South")),
        step(FillSeat(body="b", seat="south", holder="South"), Role.PRESIDING_OFFICER),
        step(FillSeat(body="b", seat="south", holder="South"), authority="a decision"),
    ],
    ids=["session", "body", "actor", "authority"],
)
def test_acts_that_stand_together_concern_one_noun_by_one_person(story: Story, other: Step) -> None:
    story.body()
    with story.refused("acts-together"):
        together(story, [fill("north"), other])


def test_no_act_at_all_and_too_many_are_refused(story: Story) -> None:
    story.body()
    with story.refused("empty"):
        together(story, [])
    with story.refused("acts-together"):
        together(story, [fill(f"seat-{n}") for n in range(MOST_ACTS + 1)])


def test_what_is_found_stands_once_and_with_the_rules_that_found_it(story: Story) -> None:
    """The events are sound together: the findings are by the rules that the first one names."""
    story.body("untoc-working-groups", seats=())
    officers = [fill(f"vice-{n}", capacity="officer", office="Vice-Chair") for n in range(3)]
    together(story, officers)
    acts = [
        act
        for n in range(3)
        for act in (
            vacate(f"vice-{n}", "2026-03-02"),
            fill(f"vice-{n}", capacity="officer", office="Vice-Chair", since=When("2026-03-02")),
        )
    ]
    first, *others = together(story, acts, name="two").events

    assert ["replacement-by-same-state"] == [finding.rule for finding in first.findings]
    assert ("", story.state("body/b").packs[0][1]) == (others[1].pack and "", first.pack)
    assert [()] * 5 == [event.findings for event in others]


def test_acts_that_different_rules_judge_do_not_stand_together(story: Story) -> None:
    """Between them a rule pack is adopted, so that no one pack tells what was found."""
    story.body("untoc-working-groups", seats=("east", "west"))
    with story.refused("acts-together"):
        together(
            story,
            [
                vacate("east", "2026-03-02"),
                fill("east", since=When("2026-03-02")),
                step(
                    AdoptRulePack(
                        body="b",
                        pack="untoc-working-groups",
                        parameters={"silence-minimum-length.length": "20 days"},
                    )
                ),
                vacate("west", "2026-03-02"),
                fill("west", since=When("2026-03-02")),
            ],
        )


def test_a_pack_that_is_adopted_holds_for_the_acts_behind_it(story: Story) -> None:
    """Its content is not in the store yet when they are decided."""
    story.do("establish body", body="b", names={"en": "Body"}, zone="UTC")
    adopt = step(AdoptRulePack(body="b", pack="generic"))
    together(story, [adopt, fill("north"), vacate("north", "2026-03-02"), fill("north")])

    assert PACKS.shipped()["generic"].id == story.events()[-4].fact.pack


def test_what_was_just_recorded_is_read_with_a_correction_behind_it(story: Story) -> None:
    """A later act of the same append sees the corrected fact."""
    story.body()
    story.do("start agenda", agenda="a", body="b", approved_by="b")
    story.propose("1")
    by: dict[str, Any] = {"authority": "a note"}
    together(
        story,
        [
            step(ProposeItem(agenda="a", item="2", titles={"en": "Wells"}), **by),
            step(
                CorrectFact(of="agenda/a", version=3, now={"item": "3"}, reason="a slip"),
                **by,
            ),
            step(
                AmendItem(agenda="a", item="3", titles={"fr": "Puits"}, reason="a language more"),
                **by,
            ),
        ],
    )

    corrected = story.state("agenda/a").items[1]
    assert ("3", {"en": "Wells", "fr": "Puits"}) == (corrected.item, corrected.titles)


def test_a_content_of_an_act_is_there_for_the_next_one(story: Story) -> None:
    """An organization of work is kept as a content, which a correction behind it reads."""
    story.body()
    story.do("start agenda", agenda="a", body="b", approved_by="b")
    story.propose("1")
    slot = Slot(day=When("2026-05-04"), starts="10:00", ends="13:00", entries=(Entry(item="1"),))
    by: dict[str, Any] = {"authority": "a note"}
    together(
        story,
        [
            step(OrganizeWork(agenda="a", slots=(slot,)), **by),
            step(
                CorrectFact(
                    of="agenda/a", version=3, now={"slots.0.ends": "12:00"}, reason="a slip"
                ),
                **by,
            ),
        ],
    )
    agenda = story.state("agenda/a")
    history = story.placet.store.history(ORGANISATION)

    (read,) = current_slots(agenda.work, agenda.items, history.content)
    assert "12:00" == read.ends


def test_a_single_act_that_is_refused_is_refused_as_ever(story: Story) -> None:
    story.body()
    with pytest.raises(Refused) as refusal:
        together(story, [fill("east")])

    assert not isinstance(refusal.value, ActsRefused)


def test_a_record_with_acts_together_is_sound(story: Story) -> None:
    """The check of a whole store finds nothing, and a second process reads the same."""
    story.body()
    together(story, [fill("north"), vacate("north", "2026-03-02"), fill("south")])
    together(story, [fill("north", since=When("2026-03-02"))], name="two")

    assert [] == [*story.placet.store.check().faults]

"""A body: who sat where on which day, by which rules, and for whom a seat may act."""

from __future__ import annotations

from gettext import gettext

import pytest
from story import ORGANISATION, Story

from domain.times import UNKNOWN, When
from web import histories
from workflows.replay import AsOf
from workflows.trail import sentence


def holders(story: Story, day: str) -> list[str]:
    """Who sits on that day."""
    return [seat.holder for seat in story.state("body/b").roster_at(When(day))]


def test_rosters_are_read_by_date(story: Story) -> None:
    """A seat that was vacated and filled anew shows who sat when."""
    story.body(seats=())
    seat = {"body": "b", "seat": "chair"}
    story.do("fill seat", holder="Eastland", since="2024-01-01", until="2024-12-31", **seat)
    story.do("fill seat", holder="Westland", since="2025-01-01", **seat)
    story.do("fill seat", body="b", seat="group", holder="Westland", capacity="chair of a group")
    story.do("vacate seat", body="b", seat="chair", until="2025-06-30")

    assert ["Eastland"] == holders(story, "2024-05-05")
    assert ["Westland"] == holders(story, "2025-05-05")
    assert [] == holders(story, "2025-07-07")


def test_a_state_may_hold_two_seats(story: Story) -> None:
    """As an officer, and as chair of its regional group."""
    story.body(seats=())
    told = {"body": "b", "holder": "Eastland", "since": "2024-01-01"}
    story.do("fill seat", seat="vice-chair", capacity="officer", **told)
    story.do("fill seat", seat="group", capacity="chair of a regional group", **told)

    assert ["Eastland", "Eastland"] == holders(story, "2025-01-01")


def test_a_seat_has_one_holder_at_a_time(story: Story) -> None:
    """The next one sits only when the last one has left."""
    story.body()
    with story.refused("no-overlap-of-terms"):
        story.do("fill seat", body="b", seat="east", holder="Other", since="2026-02-01")


def test_powers_hold_for_their_time(story: Story) -> None:
    """Empowered from one day to another, and for itself always."""
    story.body()
    term = {"since": "2026-01-01", "until": "2026-06-30"}
    story.do("empower seat", body="b", seat="east", acts_for=["Islands"], **term)
    body = story.state("body/b")
    with story.refused("no-overlap-of-terms"):
        backwards = {"since": "2026-05-01", "until": "2026-04-01"}
        story.do("fill seat", body="b", seat="north", holder="Northland", **backwards)
    with story.refused("exact-instant"):
        story.do("establish body", body="c", names={"en": "C"}, zone="Europe/Wien")
    with story.refused("length"):
        parameters = {"silence-minimum-length.length": "14 bananas"}
        story.do("adopt rule pack", body="b", pack="generic", parameters=parameters)

    assert {"east", "Islands"} == body.may_act_for("east", When("2026-03-03"))
    assert {"east"} == body.may_act_for("east", When("2026-07-07"))
    assert {"west"} == body.may_act_for("west", When("2026-03-03"))


def test_a_president_may_be_followed_by_another_state(story: Story) -> None:
    """The rule on replacement names the offices that it leaves out."""
    story.body("untoc-working-groups", seats=())
    seat = {"body": "b", "seat": "president", "capacity": "officer", "office": "President"}
    story.do("fill seat", holder="Eastland", since="2024-01-01", until="2024-12-31", **seat)
    story.do("fill seat", holder="Westland", since="2025-01-01", **seat)

    assert ["Westland"] == holders(story, "2025-05-05")


def test_only_what_is_known_is_changed(story: Story) -> None:
    """Bodies, seats and packs by their names; a body is established once."""
    with story.refused("known"):
        story.do("adopt rule pack", body="b", pack="generic")
    story.body()
    with story.refused("new"):
        story.do("establish body", body="b", names={"en": "Again"})
    with story.refused("pack-known"):
        story.do("adopt rule pack", body="b", pack="none-such")
    for verb, told in (
        ("vacate seat", {"until": "2026-05-05"}),
        ("empower seat", {"acts_for": ["x"]}),
    ):
        with story.refused("known"):
            story.do(verb, body="b", seat="nobody", **told)
    with story.refused("calendar-dates"):
        calendar = {"duty_station": "Vienna", "year": 2026, "version": "1"}
        story.do("publish calendar", body="b", holidays=["2025-01-01"], **calendar)


def test_an_adopted_pack_stays_as_it_was(story: Story) -> None:
    """Decisions are taken by the pack kept with the record, found by its hash."""
    story.body(parameters={"silence-minimum-length.length": "96 hours"})
    story.silence()
    window = story.state("window/w")

    assert 96 * 3600 == (window.closes.exact - window.opened.exact).total_seconds()
    assert story.events()[-1].pack == story.state("body/b").pack_at(UNKNOWN)


def test_without_a_pack_no_rule_is_invented(story: Story) -> None:
    """A body without rules has no minimum; the length has to be said."""
    story.do("establish body", body="b", names={"en": "Body"}, zone="Europe/Vienna")
    with story.refused("empty"):
        story.silence(length="8 hours")
    story.do("fill seat", body="b", seat="east", holder="Eastland", since="2026-01-01")
    with story.refused("length"):
        story.silence()
    story.silence(length="8 hours")

    assert "open" == story.phase()


@pytest.mark.parametrize("zone", ["", "Europe/Vienna"])
def test_a_body_without_zone_counts_in_utc(story: Story, zone: str) -> None:
    """A deadline names the zone that it was counted in."""
    story.do("establish body", body="b", names={"en": "Body"}, zone=zone)
    story.do("fill seat", body="b", seat="east", holder="Eastland", since="2026-01-01")
    story.silence(length="2 days")

    assert (zone or "UTC") == story.state("window/w").deadline.zone


# --- what is told of a body later -----------------------------------------------------------------


def test_a_body_is_called_by_its_newest_names(story: Story) -> None:
    """In each language; the old ones stay in the history, as of each moment."""
    story.body()
    before_ = story.events()[-1].position
    story.do("complete body", body="b", names={"fr": "Corps", "en": "Body"})
    story.do("complete body", body="b", names={"en": "Council"})
    body = story.state("body/b")
    names = [dict(one.fact.names) for one in story.events()[-2:]]
    then = AsOf(story.placet.store.history(ORGANISATION), before_)

    assert {"en": "Council", "fr": "Corps"} == body.names
    assert [{"fr": "Corps"}, {"en": "Council"}] == names
    assert {"en": "Body"} == story.placet.handling.world(then).body("b").names
    assert {"b": "Council"} == histories.names(story.events(), "en")


def test_a_name_of_an_earlier_day_replaces_no_later_one(story: Story) -> None:
    """A source that tells how it was called once does not rename it."""
    story.tell("establish body", "2001", body="b", names={"en": "Group"})
    story.tell("complete body", "2015-03-01", body="b", names={"en": "Council"})
    story.tell("complete body", "2009", body="b", names={"en": "Committee", "es": "Comité"})
    body = story.state("body/b")

    assert ["2001", "2009", "2015-03-01"] == [str(when) for when, _ in body.named]
    assert {"en": "Council", "es": "Comité"} == body.names
    assert {"b": "Council"} == histories.names(story.events(), "en")


def test_particulars_that_were_not_known_are_told_once(story: Story) -> None:
    """A further symbol series is added; another value of the rest is a correction."""
    story.body()
    told = {"duty_station": "Vienna", "parent": "conf", "mandate": "resolution 1"}
    story.do("complete body", body="b", symbol_series=["FX/WG.1"], **told)
    story.do("complete body", body="b", symbol_series=["FX/WG.1", "FX/WG.2"], duty_station="Vienna")
    body = story.state("body/b")
    last = story.events()[-1]

    assert ("FX/WG.1", "FX/WG.2") == body.symbol_series
    assert ("Vienna", "conf", "resolution 1") == (body.duty_station, body.parent, body.mandate)
    assert (("FX/WG.2",), "") == (last.fact.symbol_series, last.fact.duty_station)
    assert "New in what is told of the body: FX/WG.2." == sentence(last, gettext, "en")
    for name in told:
        with story.refused("new"):
            story.do("complete body", body="b", **{name: "another"})


@pytest.mark.parametrize("told", [{}, {"names": {"en": "Body"}}, {"names": {"fr": " "}}])
def test_nothing_new_completes_nothing(story: Story, told: dict[str, object]) -> None:
    story.body()

    with story.refused("empty"):
        story.do("complete body", body="b", **told)
    with story.refused("known"):
        story.do("complete body", body="nowhere", names={"en": "x"})

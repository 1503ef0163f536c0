"""A body: who sat where on which day, by which rules, and for whom a seat may act."""

from __future__ import annotations

from gettext import gettext

import pytest

from domain.times import UNKNOWN, When
from story import Story
from workflows.history.narration import sentence


def holders(story: Story, day: str) -> list[str]:
    """Who sits on that day."""
    return [seat.holder for seat in story.state("body/b").roster_at(When(day))]


def test_rosters_are_read_by_date(story: Story) -> None:
    """A seat that was vacated and filled again shows who sat when."""
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
    values = {"body": "b", "holder": "Eastland", "since": "2024-01-01"}
    story.do("fill seat", seat="vice-chair", capacity="officer", **values)
    story.do("fill seat", seat="group", capacity="chair of a regional group", **values)

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
    for verb, entry in (
        ("vacate seat", {"until": "2026-05-05"}),
        ("empower seat", {"acts_for": ["x"]}),
    ):
        with story.refused("known"):
            story.do(verb, body="b", seat="nobody", **entry)
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


# --- the days of a term --------------------------------------------------------------------------


def handover(story: Story, zone: str) -> None:
    """The chair passes from Eastland to Westland in the night to 4 May; North sits all the time."""
    story.do("establish body", body="b", names={"en": "Body"}, zone=zone)
    seat = {"body": "b", "seat": "chair"}
    story.do("fill seat", holder="Eastland", since="2024-01-01", until="2026-05-03", **seat)
    story.do("fill seat", holder="Westland", since="2026-05-04", **seat)
    story.do("fill seat", body="b", seat="north", holder="Northland", since="2024-01-01")


@pytest.mark.parametrize(
    ("zone", "at", "chair"),
    [
        ("Europe/Vienna", "2026-05-03T21:59:59.999999Z", "Eastland"),
        ("Europe/Vienna", "2026-05-03T22:00:00Z", "Westland"),
        ("Europe/Vienna", "2026-05-04T11:00[Europe/Vienna]", "Westland"),
        ("America/New_York", "2026-05-04T03:59:59Z", "Eastland"),
        ("America/New_York", "2026-05-04T04:00:00Z", "Westland"),
        ("", "2026-05-03T23:59:59Z", "Eastland"),
        ("", "2026-05-04T00:00:00Z", "Westland"),
        ("Europe/Vienna", "2026-05-03", "Eastland"),
        ("Europe/Vienna", "2026-05-04", "Westland"),
        ("", "2026-05-03", "Eastland"),
    ],
)
def test_a_handover_happens_at_midnight_of_the_body(
    story: Story, zone: str, at: str, chair: str
) -> None:
    """At each moment one of both sits, by the clocks of the body; by UTC where it tells none."""
    handover(story, zone)

    assert [chair, "Northland"] == holders(story, at)


def test_on_a_shared_day_the_one_who_follows_sits(story: Story) -> None:
    """A seat is one seat, also on the day on which it passes on; so it is in a whole year."""
    story.body(seats=())
    seat = {"body": "b", "seat": "chair"}
    story.do("fill seat", holder="Eastland", since="2024-01-01", until="2026-05-03", **seat)
    story.do("fill seat", holder="Westland", since="2026-05-03", **seat)

    assert ["Westland"] == holders(story, "2026-05-03")
    assert ["Eastland"] == holders(story, "2026-05-02")
    assert ["Westland"] == holders(story, "2026")


def test_an_hour_ends_a_term_at_once(story: Story) -> None:
    """Who was told to leave at ten has left at ten; who follows sits from then on."""
    story.body(seats=())
    seat = {"body": "b", "seat": "chair"}
    story.do("fill seat", holder="Eastland", since="2024-01-01", **seat)
    story.do("vacate seat", body="b", seat="chair", until="2026-05-04T10:00:00Z")
    story.do("fill seat", holder="Westland", since="2026-05-04T10:00:00Z", **seat)

    assert ["Eastland"] == holders(story, "2026-05-04T09:59:59.999999Z")
    assert ["Westland"] == holders(story, "2026-05-04T10:00:00Z")


def test_powers_run_by_the_days_of_the_body(story: Story) -> None:
    story.body()
    term = {"since": "2026-05-04", "until": "2026-05-05"}
    story.do("empower seat", body="b", seat="east", acts_for=["west"], **term)
    body = story.state("body/b")

    assert {"east"} == body.may_act_for("east", When("2026-05-03T21:59:59Z"))
    assert {"east", "west"} == body.may_act_for("east", When("2026-05-03T22:00:00Z"))
    assert {"east", "west"} == body.may_act_for("east", When("2026-05-05T21:59:59Z"))
    assert {"east"} == body.may_act_for("east", When("2026-05-05T22:00:00Z"))


def test_a_pack_is_in_force_from_midnight_of_its_day(story: Story) -> None:
    """Of the body's day, though a source tells only the day."""
    story.do("establish body", body="b", names={"en": "Body"}, zone="Europe/Vienna")
    story.tell("adopt rule pack", "2026-02-02", body="b", pack="generic")
    body = story.state("body/b")

    assert not body.pack_at(When("2026-02-01T22:59:59Z"))
    assert body.pack_at(When("2026-02-01T23:00:00Z"))


@pytest.mark.parametrize(
    ("until", "when", "zone", "found"),
    [
        ("2026-05-31", "2026-05-31", "Europe/Vienna", "satisfied"),
        ("2026-05-31", "2026-05-31T21:59:59Z", "Europe/Vienna", "satisfied"),
        ("2026-05-31", "2026-05-31T22:00:00Z", "Europe/Vienna", "violated"),
        ("2026-05-31", "2026-05-31T22:00:00Z", "", "undeterminable"),
        ("2026-05-31", "2026-05-31", "", "satisfied"),
        ("2026-05-31", "2026-06", "", "violated"),
        ("2026-05-31", "2026", "", "undeterminable"),
        ("always", "2026", "", "satisfied"),
    ],
)
def test_the_last_day_of_an_authority_counts(
    story: Story, until: str, when: str, zone: str, found: str
) -> None:
    """History is judged as far as its days tell; without a zone some hours stay open."""
    story.do("establish body", body="b", names={"en": "Body"}, zone=zone)
    parameters = {"silence-authorised.until": until}
    story.tell("adopt rule pack", "2020", body="b", pack="generic", parameters=parameters)
    story.at("2026-07-01T00:00:00Z")
    story.tell("open silence", when, window="w", body="b", subject={"type": "decision text"})
    findings = {finding.rule: str(finding.result) for finding in story.events()[-1].findings}

    assert found == findings["silence-authorised"]


def test_a_live_opening_without_a_zone_counts_the_days_of_utc(story: Story) -> None:
    """Strictly, as its deadlines are counted: doubt never lets a live act pass."""
    story.do("establish body", body="b", names={"en": "Body"})
    parameters = {"silence-authorised.until": "2026-05-31"}
    story.do("adopt rule pack", body="b", pack="generic", parameters=parameters)
    story.do("fill seat", body="b", seat="east", holder="Eastland", since="2026-01-01")
    story.at("2026-05-31T23:58:00Z")
    story.silence()
    with story.refused("silence-authorised"):
        story.silence(window="v")

    assert "open" == story.phase()


@pytest.mark.parametrize("until", ["2026-13", "soon", "unknown", "9999"])
def test_an_authority_ends_on_a_day_or_never(story: Story, until: str) -> None:
    story.do("establish body", body="b", names={"en": "Body"})
    with story.refused("pack-known"):
        parameters = {"silence-authorised.until": until}
        story.do("adopt rule pack", body="b", pack="generic", parameters=parameters)


# --- names of seats ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seat", "rule"),
    [
        ("", "plain-id"),
        (" ", "plain-id"),
        ("..", "plain-id"),
        ("ea\u200bst", "plain-id"),
        ("east ", "plain-id"),
        ("\u0435ast", "plain-id"),
        ("East", "new"),
        ("EAST", "new"),
        ("e\u00e1st", "new"),
        ("ea5t", ""),
    ],
)
def test_no_seat_can_be_taken_for_another(story: Story, seat: str, rule: str) -> None:
    """Nor for nothing: what counts is what is seen of its name."""
    story.body()
    values = {"body": "b", "seat": seat, "holder": "Northland", "since": "2026-01-01"}
    if rule:
        with story.refused(rule):
            story.do("fill seat", **values)
    else:
        story.do("fill seat", **values)


def test_a_seat_of_before_keeps_its_name(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was entered before names were looked at can be filled and left as ever."""
    story.body()
    with monkeypatch.context() as patch:
        patch.setattr("domain.body.decisions.plain_id_problem", lambda _: "")
        patch.setattr("domain.body.decisions.skeleton", lambda name: name)
        story.do("fill seat", body="b", seat="East ", holder="Northland", since="2026-01-01")
    story.do("vacate seat", body="b", seat="East ", until="2026-02-01")
    story.do("fill seat", body="b", seat="East ", holder="Southland", since="2026-02-02")

    assert ["East", "West", "Southland"] == holders(story, "2026-03-03")


@pytest.mark.parametrize("zone", ["Europe", "posixrules", "localtime", "right/Europe/Vienna"])
def test_a_zone_is_that_of_a_place(story: Story, zone: str) -> None:
    """Of a body, of a seat, of a session."""
    story.body()
    with story.refused("exact-instant"):
        story.do("establish body", body="c", names={"en": "C"}, zone=zone)
    with story.refused("exact-instant"):
        story.do("fill seat", body="b", seat="north", holder="Northland", zone=zone)
    with story.refused("exact-instant"):
        days = {"starts": "2026-06-01", "ends": "2026-06-02"}
        story.do("schedule session", session="s", body="b", number="1", zone=zone, **days)


# --- names of everything else --------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["..", ".", "-", "w\u200b", "w\u0456ndow", "\u043e\u043a\u043d\u043e", "\uff57"]
)
def test_an_id_is_written_plainly(story: Story, name: str) -> None:
    """In letters and digits that everybody can type, for it stands in addresses."""
    story.body()
    with story.refused("plain-id"):
        story.silence(window=name)
    with story.refused("plain-id"):
        story.do("establish body", body=name, names={"en": "Body"})
    with story.refused("plain-id"):
        story.do("start agenda", agenda=name, body="b")


@pytest.mark.parametrize(("first", "second"), [("w", "W"), ("W7", "w7"), ("Wg-a", "WG-A")])
def test_ids_that_differ_in_case_are_one(story: Story, first: str, second: str) -> None:
    """Whichever came first."""
    story.body()
    story.silence(window=first)
    with story.refused("new"):
        story.silence(window=second)
    story.do("start agenda", agenda=second, body="b")


def test_an_id_of_before_is_used_as_ever(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can change what a window was called when that was still taken."""
    story.body()
    with monkeypatch.context() as patch:
        patch.setattr("domain.decide.url_name_problem", lambda _: "")
        story.silence(window="\u043e\u043a\u043d\u043e")
    story.respond("objection", window="\u043e\u043a\u043d\u043e")

    assert story.state("window/\u043e\u043a\u043d\u043e").broken_whole


@pytest.mark.parametrize("value", ["", "many", "-1", "1.5", "1234567", "٣"])
def test_a_number_of_a_pack_stays_a_number(story: Story, value: str) -> None:
    """Days are counted back by it."""
    story.do("establish body", body="b", names={"en": "Body"})
    with story.refused("pack-known"):
        parameters = {"issued-six-weeks-before.days": value}
        story.do("adopt rule pack", body="b", pack="untoc-working-groups", parameters=parameters)
    parameters = {"issued-six-weeks-before.days": "30"}
    story.do("adopt rule pack", body="b", pack="untoc-working-groups", parameters=parameters)


@pytest.mark.parametrize("seat", ["Den Mark", "../x/ y?z#", "s" * 61, "s\u200b"])
def test_the_id_of_a_new_seat_is_plain(story: Story, seat: str) -> None:
    """It is typed into lists and options, and stays for ever."""
    story.body()
    with story.refused("plain-id"):
        story.do("fill seat", body="b", seat=seat, holder="Denmark")


# --- what is told of a body later -----------------------------------------------------------------


def test_particulars_that_were_not_known_are_told_once(story: Story) -> None:
    """A further symbol series is added; another value of the rest is a correction."""
    story.body()
    values = {"duty_station": "Vienna", "parent": "conf", "mandate": "resolution 1"}
    story.do("complete body", body="b", symbol_series=["FX/WG.1"], **values)
    story.do("complete body", body="b", symbol_series=["FX/WG.1", "FX/WG.2"], duty_station="Vienna")
    body = story.state("body/b")
    last = story.events()[-1]

    assert ("FX/WG.1", "FX/WG.2") == body.symbol_series
    assert ("Vienna", "conf", "resolution 1") == (body.duty_station, body.parent, body.mandate)
    assert (("FX/WG.2",), "") == (last.fact.symbol_series, last.fact.duty_station)
    assert "New in what is told of the body: FX/WG.2." == sentence(last, gettext, "en")
    for name in values:
        with story.refused("new"):
            story.do("complete body", body="b", **{name: "another"})


@pytest.mark.parametrize("values", [{}, {"names": {"en": "Body"}}, {"names": {"fr": " "}}])
def test_nothing_new_completes_nothing(story: Story, values: dict[str, object]) -> None:
    story.body()

    with story.refused("empty"):
        story.do("complete body", body="b", **values)
    with story.refused("known"):
        story.do("complete body", body="nowhere", names={"en": "x"})


@pytest.mark.parametrize(
    ("until", "refused"),
    [
        ("2025-12-31", True),
        ("2026-01-01", False),
        ("2026-01-01T09:00:00Z", False),
        ("2025", True),
        ("2026", False),
    ],
)
def test_a_seat_is_not_vacated_before_its_term_began(
    story: Story, until: str, refused: bool
) -> None:
    """Else nobody would have sat there, also when a silence asked."""
    story.body(seats=())
    story.do("fill seat", body="b", seat="east", holder="Eastland", since="2026-01-01")
    requested = {"body": "b", "seat": "east", "until": until}
    if refused:
        with story.refused("no-overlap-of-terms"):
            story.do("vacate seat", **requested)
    else:
        story.do("vacate seat", **requested)

    assert [UNKNOWN if refused else When(until)] == [
        seat.until for seat in story.state("body/b").seats
    ]


def test_a_power_does_not_end_before_it_begins(story: Story) -> None:
    story.body(seats=("east", "west"))
    power = {"body": "b", "seat": "east", "acts_for": ["west"], "since": "2026-05-04"}
    with story.refused("no-overlap-of-terms"):
        story.do("empower seat", until="2026-05-03", **power)
    story.do("empower seat", until="2026-05-04", **power)

    assert 1 == len(story.state("body/b").powers)

"""What a person who opens a window is told first: working days, a bad day or hour for its end."""

from __future__ import annotations

from typing import Any

from domain.messages import Order
from domain.ports.address_book import DirectoryEntry
from domain.silence.opening_cautions import (
    Caution,
    LettersReturned,
    OfficerWithoutAddress,
    SeatsWithoutAddress,
    UnknownAddressees,
    address_cautions,
)
from domain.times import When
from domain.type_registry import COMMANDS
from smtp_server import directory
from story import ORGANISATION, Story, actor
from wiring import CODEC
from workflows.history.narration import caution_sentence


def cautions(story: Story, **requested: Any) -> list[str]:
    """The warnings before a window would be opened now, where each seat has an address."""
    directory(story, *(term.seat for term in story.state("body/b").seats))
    given = {
        "window": "w",
        "body": "b",
        "subject": {"type": "decision text"},
        "text": {"en": "The body decides."},
    }
    order = Order(
        command=CODEC.from_plain(CODEC.to_plain(given | requested), COMMANDS["open silence"]),
        command_id="foreseen",
        actor=actor("secretariat"),
        at=story.now,
        received_at=story.now,
    )
    events = story.placet.handling.dry_run(ORGANISATION, order)
    story.placet.projections.follow()
    found = story.placet.queries.events.cautions(ORGANISATION, events)
    return [caution_sentence(caution, str) for caution in found]


def calendar(story: Story, *holidays: str) -> None:
    """The calendar of Vienna for 2026."""
    story.do(
        "publish calendar",
        body="b",
        duty_station="Vienna",
        year=2026,
        version="2026.1",
        holidays=list(holidays),
    )


def test_nothing_is_recorded_by_looking_ahead(story: Story) -> None:
    story.body()
    before = story.names()
    cautions(story)

    assert before == story.names()


def test_without_a_calendar_working_days_are_not_guessed(story: Story) -> None:
    story.body()
    story.do("complete body", body="b", duty_station="Vienna")

    (only,) = cautions(story)

    assert "no calendar of the duty station is published for 2026" in only


def test_who_has_a_calendar_is_told_of_the_year_that_is_missing(story: Story) -> None:
    """Also where the body names no duty station."""
    story.body()
    calendar(story)

    (only,) = cautions(story, closes="2027-03-02T12:00[Europe/Vienna]")

    assert "no calendar of the duty station is published for 2027" in only


def test_where_no_duty_station_is_set_no_calendar_is_missed(story: Story) -> None:
    """Its silences count hours or days, and no working day."""
    story.body()

    assert [] == cautions(story, length="72 hours")


def test_the_working_days_inside_are_counted(story: Story) -> None:
    """Opened on Monday 2 March at noon for 72 hours: three days follow, one is a holiday."""
    story.body()
    calendar(story, "2026-03-04")

    assert ["Working days of Vienna until the deadline: 2."] == cautions(story)


def test_an_end_on_a_free_day_is_told(story: Story) -> None:
    """Five days from Monday: the deadline is a Saturday."""
    story.body()
    calendar(story)

    assert [
        "Working days of Vienna until the deadline: 4.",
        "It ends on 2026-03-07, a day on which Vienna does not work.",
    ] == cautions(story, length="5 days")


def test_an_end_on_the_day_of_the_opening_is_looked_at_too(story: Story) -> None:
    story.body(parameters={"silence-minimum-length.length": "1 hour"})
    calendar(story, "2026-03-02")

    assert "It ends on 2026-03-02, a day on which Vienna does not work." in cautions(
        story, length="2 hours"
    )


def test_an_end_at_night_is_told_for_the_seats_concerned(story: Story) -> None:
    """13:07 in Vienna is 23:07 in Sydney; in London it is day."""
    story.body()
    story.do("fill seat", body="b", seat="south", holder="Southland", zone="Australia/Sydney")
    story.do("fill seat", body="b", seat="north", holder="Northland", zone="Europe/London")
    calendar(story)

    assert cautions(story)[1:] == [
        "It ends at night, at 23:07 in Australia/Sydney, for these seats: south."
    ]


def test_history_needs_no_warning(story: Story) -> None:
    story.body()
    calendar(story)
    story.tell(
        "open silence",
        when="2026-01-05",
        window="w",
        body="b",
        subject={"type": "decision text"},
        closes="2026-01-10",
    )
    (opened,) = [event for event in story.events() if event.name == "window.opened.v2"]
    story.placet.projections.follow()

    assert () == story.placet.queries.events.cautions(ORGANISATION, [opened])


def test_a_seat_in_no_zone_at_all_is_refused(story: Story) -> None:
    story.body()

    with story.refused("exact-instant"):
        story.do("fill seat", body="b", seat="moon", holder="Moonland", zone="Moon/Tranquility")


def test_who_opens_is_told_of_seats_from_which_the_last_letter_came_back(story: Story) -> None:
    """Of those that are asked, by whatever spelling of the address."""
    story.body()
    entries = {
        "east": DirectoryEntry(addresses=("East@example.org", "second@example.org")),
        "west": DirectoryEntry(addresses=("west@example.org",)),
        "secretariat": DirectoryEntry(addresses=("office@example.org",)),
        "presiding officer": DirectoryEntry(addresses=("chair@example.org",)),
    }
    now, body = When.from_instant(story.now), story.state("body/b")
    (only,) = address_cautions(entries, now, body, {"east@example.org", "office@example.org"})

    assert LettersReturned(seats=("east",)) == only
    assert [] == [*address_cautions(entries, now, body)]
    assert caution_sentence(only, str).startswith(
        "The last letter to an address of these seats came back: east."
    )


def test_who_opens_is_told_whom_no_letter_reaches_and_of_names_of_nobody(story: Story) -> None:
    """Alarms go to the presiding officer: without an address nobody hears of a hold."""
    story.body()
    reached = DirectoryEntry(addresses=("somebody@example.org",))
    seats = {term.seat: reached for term in story.state("body/b").seats}
    now, body = When.from_instant(story.now), story.state("body/b")

    def found(**others: DirectoryEntry) -> list[Caution]:
        named = {name.replace("_", " "): entry for name, entry in others.items()}
        return [*address_cautions({**seats, **named}, now, body)]

    assert [] == found(presiding_officer=reached)
    assert [OfficerWithoutAddress()] == found()
    assert [OfficerWithoutAddress()] == found(presiding_officer=DirectoryEntry())
    assert [SeatsWithoutAddress(seats=("east",))] == found(
        presiding_officer=reached, east=DirectoryEntry()
    )
    assert [UnknownAddressees(names=("eest",))] == found(presiding_officer=reached, eest=reached)

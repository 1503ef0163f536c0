"""Letters that came back, that are sent again on purpose, or whose outbox was lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.mail.folder import FolderTransport
from domain.actors import Actor, Role
from domain.silence.events import NoticesRecorded, NoticesRepeated
from smtp_server import (
    SENDER,
    Server,
    directory,
    encode_texts,
    mail_server,
    recorded,
    sent,
    service,
)
from story import Story

OFFICE = Actor(role=Role.SECRETARIAT)
LATER = "2026-03-09T17:00[Europe/Vienna]"


@pytest.fixture
def server() -> Iterator[Server]:
    with mail_server() as found:
        yield found


@pytest.fixture
def told(story: Story, server: Server) -> Story:
    """Window `w` of east, with two addresses, and west; both were told of the opening."""
    story.body()
    directory(story, "west", more="east: {addresses: [one@example.org, two@example.org]}")
    story.at("2026-03-02T12:04:00Z")
    story.silence()
    service(story, server.way())
    sent(story)
    return story


def letter_of(story: Story, seat: str, about: str = "opening") -> str:
    """The id of the last letter to a seat."""
    every = story.placet.notifications.outbox.all_notices()
    found = [one for one in every if (one.notice.to, one.notice.about) == (seat, about)]
    return found[-1].notice.key


def came_back(story: Story, key: str, address: str = "", reason: str = "mailbox full") -> None:
    posting = story.placet.notifications.delivery
    assert posting is not None
    story.now += timedelta(minutes=1)
    posting.record_bounce(key, reason, by=OFFICE, address=address)


def backs(story: Story) -> list[tuple[str, str]]:
    """What is recorded of letters that came back: result and reason."""
    facts = [one.fact for one in story.events() if isinstance(one.fact, NoticesRecorded)]
    return [(one.result, one.reason) for one in facts if one.result in {"bounced", "failed"}]


# --- letters that came back ----------------------------------------------------------------------


def test_who_was_told_at_another_address_stays_told(told: Story) -> None:
    key = letter_of(told, "east")
    came_back(told, key, "one@example.org")
    before = told.state("window/w").unreached_seats
    came_back(told, key, "TWO@example.org", "unknown user")

    assert (frozenset(), frozenset({"east"})) == (before, told.state("window/w").unreached_seats)
    assert [("bounced", "mailbox full"), ("failed", "unknown user")] == backs(told)


def test_that_one_address_bounced_mends_no_failure_and_tells_nobody(story: Story) -> None:
    story.body()
    story.silence()
    for result in ("failed", "bounced"):
        told = {"window": "w", "seats": ["east"], "result": result, "reason": "mailbox full"}
        story.do("record notices", **told)
    window = story.state("window/w")

    assert (frozenset({"east"}), frozenset()) == (window.unreached_seats, window.delivered)


def test_each_address_is_recorded_by_a_mark_that_is_not_the_address(told: Story) -> None:
    """Two marks for two addresses, the same for the same; the key of marks is in no event."""
    key = letter_of(told, "east")
    came_back(told, key, "one@example.org")
    came_back(told, key, "two@example.org")
    came_back(told, key, "one@example.org", "still full")
    marks = [one.fact.address for one in told.events() if getattr(one.fact, "address", "")]

    assert marks[0] == marks[2] != marks[1]
    assert 3 == len(backs(told))
    assert "example.org" not in repr(told.events())


def test_the_same_bounce_told_twice_is_recorded_once(told: Story) -> None:
    key = letter_of(told, "west")
    came_back(told, key)
    came_back(told, key)
    came_back(told, key, reason="unknown user")

    assert [("failed", "mailbox full"), ("failed", "unknown user")] == backs(told)


def test_of_several_addresses_one_says_which_it_was(told: Story) -> None:
    key = letter_of(told, "east")
    with told.refused("known"):
        came_back(told, key)
    with told.refused("known"):
        came_back(told, key, "three@example.org")
    with told.refused("empty"):
        came_back(told, key, "one@example.org", " ")


def test_an_address_that_was_refused_does_not_keep_a_seat_told(
    story: Story, server: Server
) -> None:
    story.body()
    directory(story, "west", more="east: {addresses: [one@example.org, two@example.org]}")
    server.of_recipients = {"one@example.org": "550 5.1.1 unknown"}
    story.silence()
    service(story, server.way())
    sent(story)
    came_back(story, letter_of(story, "east"))

    assert frozenset({"east"}) == story.state("window/w").unreached_seats


def test_what_comes_back_after_it_was_sent_again_is_no_failure(told: Story, server: Server) -> None:
    first = letter_of(told, "west")
    told.do("repeat notices", window="w", seats=["west"], reason="they ask for it")
    sent(told)
    came_back(told, first)
    before = told.state("window/w").unreached_seats
    came_back(told, letter_of(told, "west"))

    assert (frozenset(), frozenset({"west"})) == (before, told.state("window/w").unreached_seats)


def test_a_file_came_back_like_a_letter(story: Story, tmp_path: Path) -> None:
    story.body()
    directory(story, "west", more="east: {addresses: [one@example.org, two@example.org]}")
    story.silence()
    service(story, FolderTransport(tmp_path / "out", sender=SENDER))
    sent(story)
    came_back(story, letter_of(story, "east"), "one@example.org")

    assert frozenset() == story.state("window/w").unreached_seats


# --- sent again on purpose -----------------------------------------------------------------------


def test_a_notice_is_sent_again_by_an_act_that_is_recorded(told: Story, server: Server) -> None:
    """With what holds by now, under an id of its own; what became of it is recorded."""
    told.do("extend silence", who="presiding officer", window="w", closes=LATER, reason="more time")
    sent(told)
    before = len(server.letters)
    told.do("repeat notices", window="w", seats=["west"], reason="they lost it")
    sent(told)
    (letter,) = server.letters[before:]

    assert ("west@example.org", "Under silence until 17") == server.told()[-1]
    assert "The deadline was moved to a later one. more time" in encode_texts(letter)
    assert len({*server.ids()}) == len(server.letters)
    assert ("opening", "delivered", ("west",)) == recorded(told)[-1]
    assert ["they lost it"] == [
        one.fact.reason for one in told.events() if isinstance(one.fact, NoticesRepeated)
    ]


def test_it_is_sent_again_to_one_address_only(told: Story, server: Server) -> None:
    mark = told.placet.notifications.addresses.mark("two@example.org")
    told.do("repeat notices", window="w", seats=["east"], reason="it bounced", addresses=[mark])
    sent(told)

    assert ("two@example.org",) == server.reached[-1]


def test_an_address_that_is_gone_meanwhile_gets_nothing(told: Story, server: Server) -> None:
    mark = told.placet.notifications.addresses.mark("gone@example.org")
    before = len(server.letters)
    told.do("repeat notices", window="w", seats=["east"], reason="it bounced", addresses=[mark])
    sent(told)

    assert before == len(server.letters)


def test_sending_again_mends_a_failure(told: Story) -> None:
    came_back(told, letter_of(told, "west"))
    told.do("repeat notices", window="w", seats=["west"], reason="it came back")
    sent(told)

    assert frozenset() == told.state("window/w").unreached_seats


def test_only_what_there_is_and_what_holds_is_sent_again(told: Story) -> None:
    again = {"window": "w", "seats": ["west"], "reason": "asked for"}
    for rule, more in (
        ("stage", {"about": "extension"}),
        ("stage", {"about": "outcome"}),
        ("known", {"about": "reminder"}),
        ("known", {"seats": ["ghost"]}),
        ("empty", {"seats": []}),
        ("empty", {"reason": " "}),
        ("live-role", {"who": "seat west"}),
    ):
        with told.refused(rule):
            told.do("repeat notices", **(again | more))
    with told.refused("window-of-one-basis"):
        told.tell("repeat notices", "2026-03-02T12:00:00Z", **again)
    told.respond("objection")
    with told.refused("stage"):
        told.do("repeat notices", **again)
    told.do("repeat notices", **(again | {"about": "outcome"}))


def test_the_outcome_is_sent_again_too(told: Story, server: Server) -> None:
    told.respond("objection")
    sent(told)
    told.do("repeat notices", window="w", seats=["west"], about="outcome", reason="lost")
    sent(told)

    assert [("west@example.org", "Silence broken")] * 2 == [
        one for one in server.told() if one[0] == "west@example.org"
    ][-2:]


def test_where_names_are_withheld_nobody_sees_to_whom_it_is_sent_again(
    story: Story,
) -> None:
    story.body()
    story.silence(names_withheld=True)
    story.do("repeat notices", window="w", seats=["west"], reason="asked for")
    (shown,) = story.placet.queries.redact("fictional", story.events()[-1:])

    assert isinstance(shown.fact, NoticesRepeated)
    assert ("withheld",) == shown.fact.seats


# --- the outbox was lost -------------------------------------------------------------------------


def lost(story: Story, server: Server) -> None:
    """The program ends, its outbox is lost, and it begins anew."""
    story.placet.notifications.close()
    story.placet.store.outbox_place().archive(story.now)
    service(story, server.way())


def test_nothing_is_sent_again_because_the_outbox_was_lost(told: Story, server: Server) -> None:
    """Openings, extensions and reminders, of all of which the record says what became of them."""
    told.do("extend silence", who="presiding officer", window="w", closes=LATER, reason="more time")
    told.at("2026-03-09T10:00:00Z")
    sent(told)
    before = server.ids()
    lost(told, server)
    sent(told)

    assert 6 == len(before)
    assert before == server.ids()


def test_what_was_not_told_yet_is_told_after_the_outbox_was_lost(
    told: Story, server: Server
) -> None:
    """A reminder to one, an extension to both; also one that follows one that was told."""
    extension = {"who": "presiding officer", "window": "w", "reason": "more time"}
    told.do("extend silence", closes=LATER, **extension)
    sent(told)
    told.do("extend silence", closes="2026-03-10T17:00[Europe/Vienna]", **extension)
    before = len(server.letters)
    lost(told, server)
    sent(told)

    assert ["Extended until 17"] * 2 == [subject for _, subject in server.told()[before:]]


def test_a_late_record_of_one_extension_is_none_of_the_next(told: Story, server: Server) -> None:
    """It names the event that was told; so the one that holds is told after the outbox was lost."""
    extension = {"who": "presiding officer", "window": "w", "reason": "more time"}
    told.do("extend silence", closes=LATER, **extension)
    first = told.events()[-1].version
    told.do("extend silence", closes="2026-03-10T17:00[Europe/Vienna]", **extension)
    both = {"seats": ["east", "west"], "about": "extension", "event": first}
    told.do("record notices", window="w", result="delivered", **both)
    before = len(server.letters)
    lost(told, server)
    sent(told)

    assert ["Extended until 17"] * 2 == [subject for _, subject in server.told()[before:]]


@pytest.mark.parametrize("end", ["broken", "superseded"])
def test_the_end_is_told_also_if_the_outbox_was_lost_before_it_was(
    told: Story, server: Server, end: str
) -> None:
    if end == "broken":
        told.respond("objection")
    else:
        told.do("supersede silence", who="presiding officer", window="w", reason="another text")
    before = len(server.letters)
    lost(told, server)
    sent(told)
    after = len(server.letters)
    lost(told, server)
    sent(told)

    assert (2, 2) == (after - before, len(server.letters) - before)


def test_what_was_handed_over_and_not_yet_recorded_comes_again_under_the_same_id(
    told: Story, server: Server
) -> None:
    """Nobody can know that it was accepted; a reader's mail program knows it by its id."""
    told.do("suspend silence", who="presiding officer", window="w", reason="consultations")
    posting = told.placet.notifications.delivery
    assert posting is not None
    posting.record_pending()
    for one in told.placet.notifications.outbox.due(told.now, 20):
        told.placet.notifications.outbox.claim(one.notice.key, told.now, posting.way.via)
        posting._try(one, told.placet.notifications.addresses.read())
    posting.way.close()
    first = server.ids()
    lost(told, server)
    sent(told)

    assert first[-2:] == server.ids()[-2:] == server.ids()[-4:-2]


def test_who_had_no_address_is_told_also_after_the_outbox_was_lost(
    story: Story, server: Server
) -> None:
    story.body()
    directory(story, "east")
    story.silence()
    service(story, server.way())
    sent(story)
    directory(story, "east", "west")
    lost(story, server)
    sent(story)

    openings = [to for to, subject in server.told() if subject.startswith("Under silence")]
    assert ["east@example.org", "west@example.org"] == openings

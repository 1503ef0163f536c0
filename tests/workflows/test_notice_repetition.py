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
def notified(story: Story, server: Server) -> Story:
    """Window `w` of east, with two addresses, and west; both were told of the opening."""
    story.body()
    directory(story, "west", more="east: {addresses: [one@example.org, two@example.org]}")
    story.at("2026-03-02T12:04:00Z")
    story.silence()
    service(story, server.transport())
    sent(story)
    return story


def letter_of(story: Story, seat: str, about: str = "opening") -> str:
    """The id of the last letter to a seat."""
    every = story.placet.notifications.outbox.all_notices()
    found = [entry for entry in every if (entry.notice.to, entry.notice.about) == (seat, about)]
    return found[-1].notice.key


def came_back(story: Story, key: str, address: str = "", reason: str = "mailbox full") -> None:
    posting = story.placet.notifications.delivery
    assert posting is not None
    story.now += timedelta(minutes=1)
    posting.record_bounce(key, reason, by=OFFICE, address=address)


def backs(story: Story) -> list[tuple[str, str]]:
    """What is recorded of letters that came back: result and reason."""
    facts = [event.fact for event in story.events() if isinstance(event.fact, NoticesRecorded)]
    return [(fact.result, fact.reason) for fact in facts if fact.result in {"bounced", "failed"}]


# --- letters that came back ----------------------------------------------------------------------


def test_who_was_told_at_another_address_stays_told(notified: Story) -> None:
    key = letter_of(notified, "east")
    came_back(notified, key, "one@example.org")
    before = notified.state("window/w").unreached_seats
    came_back(notified, key, "TWO@example.org", "unknown user")

    assert (frozenset(), frozenset({"east"})) == (
        before,
        notified.state("window/w").unreached_seats,
    )
    assert [("bounced", "mailbox full"), ("failed", "unknown user")] == backs(notified)


def test_that_one_address_bounced_mends_no_failure_and_tells_nobody(story: Story) -> None:
    story.body()
    story.silence()
    for result in ("failed", "bounced"):
        values = {"window": "w", "seats": ["east"], "result": result, "reason": "mailbox full"}
        story.do("record notices", **values)
    window = story.state("window/w")

    assert (frozenset({"east"}), frozenset()) == (window.unreached_seats, window.delivered)


def test_each_address_is_recorded_by_a_mark_that_is_not_the_address(notified: Story) -> None:
    """Two marks for two addresses, the same for the same; the key of marks is in no event."""
    key = letter_of(notified, "east")
    came_back(notified, key, "one@example.org")
    came_back(notified, key, "two@example.org")
    came_back(notified, key, "one@example.org", "still full")
    marks = [
        event.fact.address for event in notified.events() if getattr(event.fact, "address", "")
    ]

    assert marks[0] == marks[2] != marks[1]
    assert 3 == len(backs(notified))
    assert "example.org" not in repr(notified.events())


def test_the_same_bounce_told_twice_is_recorded_once(notified: Story) -> None:
    key = letter_of(notified, "west")
    came_back(notified, key)
    came_back(notified, key)
    came_back(notified, key, reason="unknown user")

    assert [("failed", "mailbox full"), ("failed", "unknown user")] == backs(notified)


def test_of_several_addresses_one_says_which_it_was(notified: Story) -> None:
    key = letter_of(notified, "east")
    with notified.refused("known"):
        came_back(notified, key)
    with notified.refused("known"):
        came_back(notified, key, "three@example.org")
    with notified.refused("empty"):
        came_back(notified, key, "one@example.org", " ")


def test_an_address_that_was_refused_does_not_keep_a_seat_told(
    story: Story, server: Server
) -> None:
    story.body()
    directory(story, "west", more="east: {addresses: [one@example.org, two@example.org]}")
    server.of_recipients = {"one@example.org": "550 5.1.1 unknown"}
    story.silence()
    service(story, server.transport())
    sent(story)
    came_back(story, letter_of(story, "east"))

    assert frozenset({"east"}) == story.state("window/w").unreached_seats


def test_what_comes_back_after_it_was_sent_again_is_no_failure(
    notified: Story, server: Server
) -> None:
    first = letter_of(notified, "west")
    notified.do("repeat notices", window="w", seats=["west"], reason="they ask for it")
    sent(notified)
    came_back(notified, first)
    before = notified.state("window/w").unreached_seats
    came_back(notified, letter_of(notified, "west"))

    assert (frozenset(), frozenset({"west"})) == (
        before,
        notified.state("window/w").unreached_seats,
    )


def test_a_file_came_back_like_a_letter(story: Story, tmp_path: Path) -> None:
    story.body()
    directory(story, "west", more="east: {addresses: [one@example.org, two@example.org]}")
    story.silence()
    service(story, FolderTransport(tmp_path / "out", sender=SENDER))
    sent(story)
    came_back(story, letter_of(story, "east"), "one@example.org")

    assert frozenset() == story.state("window/w").unreached_seats


# --- sent again on purpose -----------------------------------------------------------------------


def test_a_notice_is_sent_again_by_an_act_that_is_recorded(notified: Story, server: Server) -> None:
    """With what holds by now, under an id of its own; what became of it is recorded."""
    notified.do(
        "extend silence", who="presiding officer", window="w", closes=LATER, reason="more time"
    )
    sent(notified)
    before = len(server.letters)
    notified.do("repeat notices", window="w", seats=["west"], reason="they lost it")
    sent(notified)
    (letter,) = server.letters[before:]

    assert ("west@example.org", "Under silence until 17") == server.subjects()[-1]
    assert "The deadline was moved to a later one. more time" in encode_texts(letter)
    assert len({*server.ids()}) == len(server.letters)
    assert ("opening", "delivered", ("west",)) == recorded(notified)[-1]
    assert ["they lost it"] == [
        event.fact.reason for event in notified.events() if isinstance(event.fact, NoticesRepeated)
    ]


def test_it_is_sent_again_to_one_address_only(notified: Story, server: Server) -> None:
    mark = notified.placet.notifications.addresses.mark("two@example.org")
    notified.do("repeat notices", window="w", seats=["east"], reason="it bounced", addresses=[mark])
    sent(notified)

    assert ("two@example.org",) == server.reached[-1]


def test_an_address_that_is_gone_meanwhile_gets_nothing(notified: Story, server: Server) -> None:
    mark = notified.placet.notifications.addresses.mark("gone@example.org")
    before = len(server.letters)
    notified.do("repeat notices", window="w", seats=["east"], reason="it bounced", addresses=[mark])
    sent(notified)

    assert before == len(server.letters)


def test_sending_again_mends_a_failure(notified: Story) -> None:
    came_back(notified, letter_of(notified, "west"))
    notified.do("repeat notices", window="w", seats=["west"], reason="it came back")
    sent(notified)

    assert frozenset() == notified.state("window/w").unreached_seats


def test_only_what_there_is_and_what_holds_is_sent_again(notified: Story) -> None:
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
        with notified.refused(rule):
            notified.do("repeat notices", **(again | more))
    with notified.refused("window-of-one-basis"):
        notified.tell("repeat notices", "2026-03-02T12:00:00Z", **again)
    notified.respond("objection")
    with notified.refused("stage"):
        notified.do("repeat notices", **again)
    notified.do("repeat notices", **(again | {"about": "outcome"}))


def test_the_outcome_is_sent_again_too(notified: Story, server: Server) -> None:
    notified.respond("objection")
    sent(notified)
    notified.do("repeat notices", window="w", seats=["west"], about="outcome", reason="lost")
    sent(notified)

    assert [("west@example.org", "Silence broken")] * 2 == [
        entry for entry in server.subjects() if entry[0] == "west@example.org"
    ][-2:]


def test_where_names_are_withheld_nobody_sees_to_whom_it_is_sent_again(
    story: Story,
) -> None:
    story.body()
    story.silence(names_withheld=True)
    story.do("repeat notices", window="w", seats=["west"], reason="asked for")
    (shown,) = story.placet.queries.events.redact("fictional", story.events()[-1:])

    assert isinstance(shown.fact, NoticesRepeated)
    assert ("withheld",) == shown.fact.seats


# --- the outbox was lost -------------------------------------------------------------------------


def lost(story: Story, server: Server) -> None:
    """The program ends, its outbox is lost, and it begins again."""
    story.placet.notifications.close()
    story.placet.store.outbox_place().archive(story.now)
    service(story, server.transport())


def test_nothing_is_sent_again_because_the_outbox_was_lost(notified: Story, server: Server) -> None:
    """Openings, extensions and reminders, of all of which the record says what became of them."""
    notified.do(
        "extend silence", who="presiding officer", window="w", closes=LATER, reason="more time"
    )
    notified.at("2026-03-09T10:00:00Z")
    sent(notified)
    before = server.ids()
    lost(notified, server)
    sent(notified)

    assert 6 == len(before)
    assert before == server.ids()


def test_what_was_not_told_yet_is_told_after_the_outbox_was_lost(
    notified: Story, server: Server
) -> None:
    """A reminder to one, an extension to both; also one that follows one that was told."""
    extension = {"who": "presiding officer", "window": "w", "reason": "more time"}
    notified.do("extend silence", closes=LATER, **extension)
    sent(notified)
    notified.do("extend silence", closes="2026-03-10T17:00[Europe/Vienna]", **extension)
    before = len(server.letters)
    lost(notified, server)
    sent(notified)

    assert ["Extended until 17"] * 2 == [subject for _, subject in server.subjects()[before:]]


def test_a_late_record_of_one_extension_is_none_of_the_next(
    notified: Story, server: Server
) -> None:
    """It names the event that was told; so the one that holds is told after the outbox was lost."""
    extension = {"who": "presiding officer", "window": "w", "reason": "more time"}
    notified.do("extend silence", closes=LATER, **extension)
    first = notified.events()[-1].version
    notified.do("extend silence", closes="2026-03-10T17:00[Europe/Vienna]", **extension)
    both = {"seats": ["east", "west"], "about": "extension", "event": first}
    notified.do("record notices", window="w", result="delivered", **both)
    before = len(server.letters)
    lost(notified, server)
    sent(notified)

    assert ["Extended until 17"] * 2 == [subject for _, subject in server.subjects()[before:]]


@pytest.mark.parametrize("end", ["broken", "superseded"])
def test_the_end_is_told_also_if_the_outbox_was_lost_before_it_was(
    notified: Story, server: Server, end: str
) -> None:
    if end == "broken":
        notified.respond("objection")
    else:
        notified.do("supersede silence", who="presiding officer", window="w", reason="another text")
    before = len(server.letters)
    lost(notified, server)
    sent(notified)
    after = len(server.letters)
    lost(notified, server)
    sent(notified)

    assert (2, 2) == (after - before, len(server.letters) - before)


def test_what_was_handed_over_and_not_yet_recorded_comes_again_under_the_same_id(
    notified: Story, server: Server
) -> None:
    """Nobody can know that it was accepted; a reader's mail program knows it by its id."""
    notified.do("suspend silence", who="presiding officer", window="w", reason="consultations")
    posting = notified.placet.notifications.delivery
    assert posting is not None
    posting.record_pending()
    for entry in notified.placet.notifications.outbox.due(notified.now, 20):
        notified.placet.notifications.outbox.claim(
            entry.notice.key, notified.now, posting.transport.via
        )
        posting._try(entry, notified.placet.notifications.addresses.read())
    posting.transport.close()
    first = server.ids()
    lost(notified, server)
    sent(notified)

    assert first[-2:] == server.ids()[-2:] == server.ids()[-4:-2]


def test_who_had_no_address_is_told_also_after_the_outbox_was_lost(
    story: Story, server: Server
) -> None:
    story.body()
    directory(story, "east")
    story.silence()
    service(story, server.transport())
    sent(story)
    directory(story, "east", "west")
    lost(story, server)
    sent(story)

    openings = [to for to, subject in server.subjects() if subject.startswith("Under silence")]
    assert ["east@example.org", "west@example.org"] == openings

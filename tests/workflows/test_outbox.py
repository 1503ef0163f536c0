"""The outbox and its mail server: each letter once as far as SMTP allows, whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from adapters.mail.screen import ScreenTransport
from adapters.mail.smtp import SmtpTransport
from domain.notices import NO_ADDRESS, UNREACHABLE, Notice
from domain.ports.clock import ClockReading
from domain.ports.errors import Unavailable, VersionConflict
from domain.ports.outbox import DeliveryOutcome, QueuedNotice
from smtp_server import Server, closed_port, directory, mail_server, recorded, sent, service
from story import ORGANISATION, Story
from wiring import Quiet
from workflows.notifications.letter_maker import LetterMaker
from workflows.notifications.staleness import TOO_LATE


@pytest.fixture
def server() -> Iterator[Server]:
    with mail_server() as found:
        yield found


@pytest.fixture
def opened(story: Story) -> Story:
    """Window `w` of two seats that can be reached, open until 5 March 2026, 12:05 UTC."""
    story.body()
    directory(story, "east", "west")
    story.at("2026-03-02T12:04:00Z")
    story.silence()
    return story


def states(story: Story) -> list[tuple[str, str, int]]:
    """To whom, in which state, after how many attempts."""
    return [
        (notice.notice.to, notice.state, notice.attempts)
        for notice in story.placet.notifications.outbox.all_notices()
    ]


def not_notified(story: Story) -> set[str]:
    """Seats that the notice of the opening certainly or possibly did not reach."""
    found = recorded(story)
    return {name for about, _, names in found for name in names if about == "opening"} - {
        name for _, result, names in found for name in names if result != "failed"
    }


def test_a_letter_that_was_accepted_is_not_sent_again(opened: Story, server: Server) -> None:
    service(opened, server.transport())
    sent(opened)
    sent(opened)

    assert ["east@example.org", "west@example.org"] == [to for to, _ in server.subjects()]
    assert [("opening", "delivered", ("east", "west"))] == recorded(opened)


def test_a_letter_that_is_put_off_is_sent_later(opened: Story, server: Server) -> None:
    """A 4xx asks to come back; the pause doubles, and nothing is recorded meanwhile."""
    server.of_letters = ["451 4.3.0 busy", "451 4.3.0 busy"]
    service(opened, server.transport())
    sent(opened)

    assert [("east", "waiting", 1), ("west", "waiting", 1)] == states(opened)
    assert [] == recorded(opened)

    opened.now += timedelta(minutes=3)
    sent(opened)

    assert [("east", "accepted", 2), ("west", "accepted", 2)] == states(opened)
    assert [("opening", "delivered", ("east", "west"))] == recorded(opened)


def test_a_refusal_is_recorded_as_a_failure_without_addresses(
    opened: Story, server: Server
) -> None:
    """The server's words name the address; the record has only its number."""
    server.of_recipients = {"east@example.org": "550 5.1.1 <east@example.org> is unknown"}
    service(opened, server.transport())
    sent(opened)
    failure = next(event.fact for event in opened.events() if getattr(event.fact, "reason", ""))

    assert ("opening", "failed", ("east",)) in recorded(opened)
    assert "the server refused it: 550 5.1.1" == failure.reason
    assert "example.org" not in repr(opened.events())
    assert any(
        "east@example.org" in notice.answer
        for notice in opened.placet.notifications.outbox.all_notices()
    )


def test_a_seat_is_told_when_one_of_its_addresses_takes_the_letter(
    opened: Story, server: Server
) -> None:
    directory(opened, "west", more="east: {addresses: [old@example.org, new@example.org]}")
    server.of_recipients = {"old@example.org": "550 5.1.1 unknown"}
    service(opened, server.transport())
    sent(opened)
    reasons = [getattr(event.fact, "reason", "") for event in opened.events()]

    assert ("new@example.org",) in server.reached
    assert ("opening", "delivered", ("east",)) in recorded(opened)
    assert "1 of 2 addresses refused" in reasons


def test_a_seat_without_an_address_is_recorded_as_not_told(opened: Story, server: Server) -> None:
    directory(opened, "west")
    service(opened, server.transport())
    sent(opened)

    assert ("opening", "failed", ("east",)) in recorded(opened)
    assert NO_ADDRESS in [getattr(event.fact, "reason", "") for event in opened.events()]


class Alarms(Quiet):
    """Remembers what it was told of."""

    def __init__(self) -> None:
        self.errors: list[str] = []

    def error(self, event: str, **_: object) -> None:
        self.errors.append(event)


def test_a_letter_that_a_defect_spoils_keeps_no_other_waiting(
    opened: Story, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is given up, its seat is recorded as not notified; the log and the chair are told."""
    opened.placet.alarm = alarms = Alarms()
    written = LetterMaker.letter

    def spoiled(maker: LetterMaker, queued: QueuedNotice, *rest: Any, **named: Any) -> Any:
        if queued.notice.to == "east":
            raise AttributeError("a template asks for what is not there")
        return written(maker, queued, *rest, **named)

    monkeypatch.setattr(LetterMaker, "letter", spoiled)
    service(opened, server.transport())
    sent(opened)

    assert ["west@example.org", "chair@example.org"] == [to for to, _ in server.subjects()]
    assert {"east"} == not_notified(opened)
    assert ["a letter is given up"] == alarms.errors


def test_while_the_server_is_down_letters_wait(opened: Story, server: Server) -> None:
    """One attempt is enough to know; the others are not even tried."""
    service(opened, SmtpTransport("127.0.0.1", closed_port(), sender="p@e.org", tls="none"))
    opened.placet.notifications.send()

    assert [("east", "waiting", 1), ("west", "waiting", 0)] == states(opened)
    assert [UNREACHABLE, ""] == [
        notice.reason for notice in opened.placet.notifications.outbox.all_notices()
    ]

    service(opened, server.transport())
    opened.now += timedelta(minutes=3)
    sent(opened)

    assert 2 == len(server.letters)


def test_what_was_only_printed_is_sent_once_letters_reach_somebody(
    opened: Story, server: Server
) -> None:
    """Who looks at the letters on a screen takes them from nobody."""
    service(opened, ScreenTransport(lambda _: None))
    sent(opened)
    printed = {state for _, state, _ in states(opened)}
    service(opened, server.transport())
    sent(opened)

    assert {"printed"} == printed
    assert 2 == len(server.letters)
    assert [("opening", "delivered", ("east", "west"))] == recorded(opened)


def test_a_letter_that_fails_is_no_news_of_who_was_told_otherwise(
    story: Story, server: Server
) -> None:
    """A courier was there before; only the seat that nobody told stands in the way."""
    story.body()
    directory(story)
    story.silence()
    story.do("record notices", window="w", seats=["east"], result="delivered", via="courier")
    service(story, server.transport())
    sent(story)

    assert ("opening", "failed", ("west",)) == recorded(story)[-1]
    assert {"west"} == story.state("window/w").unreached_seats


def test_after_a_day_a_letter_is_given_up(opened: Story) -> None:
    service(opened, SmtpTransport("127.0.0.1", closed_port(), sender="p@e.org", tls="none"))
    for _ in range(26):
        opened.placet.notifications.send()
        opened.now += timedelta(hours=1)

    assert [("east", "given up", 13), ("west", "given up", 13)] == states(opened)[:2]
    assert {("opening", "failed")} == {entry[:2] for entry in recorded(opened)}


def test_a_letter_that_was_tried_very_often_is_put_off_like_another(
    story: Story, server: Server
) -> None:
    """A pause that doubled each time would not fit into any calendar by then."""
    story.body(seats=("east",))
    directory(story, "east")
    story.silence()
    service(story, SmtpTransport("127.0.0.1", closed_port(), sender="p@e.org", tls="none"))
    for _ in range(60):
        story.placet.notifications.send()
        story.now += timedelta(minutes=1)
    server.of_letters = ["451 4.3.0 busy"]
    service(story, server.transport())
    sent(story)
    before = states(story)
    story.now += timedelta(hours=1)
    sent(story)

    assert [("east", "waiting", 61)] == before
    assert [("east", "accepted", 62)] == states(story)


def test_what_was_not_sent_before_the_deadline_is_no_approval(opened: Story) -> None:
    """The outbox gives it up at the deadline, and the clock finds somebody who was not told."""
    service(opened, SmtpTransport("127.0.0.1", closed_port(), sender="p@e.org", tls="none"))
    opened.placet.notifications.send()
    opened.at("2026-03-05T12:05:00Z")
    opened.placet.notifications.delivery.record_pending()  # type: ignore[union-attr]
    opened.clock("2026-03-05T12:10:00Z")

    assert {"east", "west"} == not_notified(opened)
    assert TOO_LATE in [getattr(event.fact, "reason", "") for event in opened.events()]
    assert "held for review" == opened.phase()


# --- crashes and races ---------------------------------------------------------------------------


class Crash(BaseException):
    """The process ends here."""


def send_until(
    end: BaseException, story: Story, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Send what is due until this step of the outbox, which ends so."""

    def broken(*_: object, **__: object) -> None:
        raise end

    with monkeypatch.context() as patch:
        patch.setattr(story.placet.notifications.outbox, step, broken)
        with pytest.raises(type(end)):
            story.placet.notifications.send()


def test_a_crash_after_the_acceptance_sends_the_same_letter_again(
    opened: Story, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SMTP cannot tell whether it was accepted; the Message-ID tells the reader it is the same."""
    service(opened, server.transport())
    send_until(Crash(), opened, "finish_attempt", monkeypatch)
    assert ("east", "being sent", 1) == states(opened)[0]

    sent(opened)
    assert ("east", "being sent", 1) == states(opened)[0]

    opened.now += timedelta(minutes=11)
    sent(opened)
    first, _, again = server.letters

    assert ("east", "accepted", 2) == states(opened)[0]
    assert "east@example.org" == first["To"] == again["To"]
    assert first["Message-ID"] == again["Message-ID"]
    assert first.as_bytes() == again.as_bytes()


@pytest.mark.parametrize(("minutes", "letters"), [(5, 2), (11, 3)])
def test_what_became_of_a_letter_is_saved_once_the_outbox_is_back(
    opened: Story, server: Server, monkeypatch: pytest.MonkeyPatch, minutes: int, letters: int
) -> None:
    """The database was away just after the server had taken the letter; it is not sent again.

    The control: it was away until others send again what nobody knows to have been sent.
    """
    service(opened, server.transport())
    away = Unavailable("the database is away")
    send_until(away, opened, "finish_attempt", monkeypatch)
    opened.now += timedelta(minutes=minutes)
    sent(opened)
    opened.now += timedelta(minutes=11)
    sent(opened)

    assert letters == len(server.letters)
    assert {"accepted"} == {state for _, state, _ in states(opened)}
    assert ["east", "west"] == [name for _, _, names in recorded(opened) for name in names]


def test_a_letter_left_by_a_crash_is_no_approval_either(
    opened: Story, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it reached its seat before the deadline is not known, so it counts as not told."""
    opened.at("2026-03-05T12:04:30Z")
    service(opened, server.transport())
    send_until(Crash(), opened, "finish_attempt", monkeypatch)
    opened.at("2026-03-05T12:05:29Z")
    opened.placet.notifications.delivery.record_pending()  # type: ignore[union-attr]
    before = not_notified(opened)
    opened.at("2026-03-05T12:05:30Z")
    opened.placet.notifications.delivery.record_pending()  # type: ignore[union-attr]

    assert ({"west"}, {"east", "west"}) == (before, not_notified(opened))


def test_a_crash_before_the_recording_records_once(
    opened: Story, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command id is that of the batch, so the record answers as the first time."""
    service(opened, server.transport())
    send_until(Crash(), opened, "mark_recorded", monkeypatch)
    sent(opened)

    assert [("opening", "delivered", ("east", "west"))] == recorded(opened)
    assert 2 == len(server.letters)


def test_two_senders_at_once_send_each_letter_once(tmp_path: Path, server: Server) -> None:
    seats = tuple(f"s{number:02}" for number in range(40))
    story = Story(tmp_path)
    story.body(seats=seats)
    directory(story, *seats)
    story.silence()
    entry = service(story, server.transport())
    two = service(story, server.transport())
    both = Barrier(2)

    def work(posting: Any) -> None:
        both.wait(timeout=10)
        while posting.run_round(lambda _: []).sent:
            pass

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, (entry, two)))
    story.placet.close()

    assert sorted(f"{seat}@example.org" for seat in seats) == sorted(
        to for to, _ in server.subjects()
    )


def notice(to: str = "east") -> Notice:
    """That `to` is to be told of the opening of window `w`."""
    return Notice(
        organisation=ORGANISATION, window="w", about="opening", occasion="5", to=to, position=5
    )


def test_only_one_claims_a_letter(opened: Story) -> None:
    """The control of the race: the second claim fails until the first is forgotten."""
    outbox = opened.placet.store.outbox_place().open({})
    outbox.add([notice()], opened.now)
    key = notice().key

    assert outbox.claim(key, opened.now, "files")
    assert not outbox.claim(key, opened.now + timedelta(minutes=9), "files")
    assert outbox.claim(key, opened.now + timedelta(minutes=10), "files")
    assert outbox.finish_attempt(key, DeliveryOutcome(state="accepted"), opened.now)
    assert not outbox.finish_attempt(key, DeliveryOutcome(state="refused"), opened.now)
    outbox.close()


def test_a_notice_is_queued_once_and_with_its_position(opened: Story) -> None:
    """Queries the same events again queues nothing; another reader's position is not moved."""
    outbox = opened.placet.store.outbox_place().open({})
    outbox.queue(ORGANISATION, [notice()], opened.now, after=0, position=5)
    outbox.claim(notice().key, opened.now, "files")
    with pytest.raises(VersionConflict):
        outbox.queue(ORGANISATION, [notice("west")], opened.now, after=0, position=5)
    outbox.queue(ORGANISATION, [notice(), notice("north")], opened.now, after=5, position=6)

    found = [(notice.notice.to, notice.state) for notice in outbox.all_notices()]
    assert [("east", "being sent"), ("north", "waiting")] == found
    assert 6 == outbox.position(ORGANISATION)
    outbox.close()


def test_what_became_of_many_notices_is_recorded_in_few_events(
    tmp_path: Path, server: Server
) -> None:
    """About a hundred seats for each event: 250 seats make three."""
    seats = tuple(f"s{number:03}" for number in range(250))
    story = Story(tmp_path)
    story.body(seats=seats)
    directory(story, *seats)
    story.silence()
    posting = service(story, server.transport())
    posting.begin()
    outbox = story.placet.notifications.outbox
    for notice in outbox.all_notices():
        outbox.claim(notice.notice.key, story.now, posting.transport.via)
        outbox.finish_attempt(notice.notice.key, DeliveryOutcome(state="accepted"), story.now)
    posting.record_pending()
    found = recorded(story)
    story.placet.close()

    assert [100, 100, 50] == [len(names) for _, _, names in found]
    assert {*seats} == {name for _, _, names in found for name in names}


def test_while_the_clock_is_off_what_became_of_notices_waits(opened: Story, server: Server) -> None:
    """The record refuses it then, and takes it when the clock is right again."""
    posting = service(opened, server.transport())
    posting._clock = lambda: ClockReading(opened.now, 5_000)
    sent(opened)
    before = recorded(opened)
    service(opened, server.transport())
    sent(opened)

    assert ([], [("opening", "delivered", ("east", "west"))]) == (before, recorded(opened))
    assert 2 == len(server.letters)


def test_an_outbox_that_knows_more_than_the_log_is_not_used(opened: Story, server: Server) -> None:
    """After an old backup was put back, notices about new events would be taken for old ones."""
    posting = service(opened, server.transport())
    opened.placet.notifications.outbox.queue(ORGANISATION, [], opened.now, after=0, position=99)

    with pytest.raises(Unavailable, match="another copy of the store"):
        posting.record_pending()


# --- a server that behaves badly -----------------------------------------------------------------


def test_a_password_never_goes_in_clear() -> None:
    with pytest.raises(Unavailable, match="starttls or tls"):
        SmtpTransport(
            "mail.example.org", 25, sender="p@e.org", tls="none", user="u", password="secret"
        )


def test_a_server_without_encryption_is_not_spoken_to_when_it_is_wanted(
    opened: Story, server: Server
) -> None:
    """`starttls` is no wish: without it nothing is sent."""
    service(opened, SmtpTransport("127.0.0.1", server.port, sender="p@e.org", tls="starttls"))
    opened.placet.notifications.send()

    assert [] == server.letters
    assert UNREACHABLE == opened.placet.notifications.outbox.all_notices()[0].reason

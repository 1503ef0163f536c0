"""Letters that waited: what holds no more leaves as such, or not at all, and all leave in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from adapters.mail.smtp import SmtpTransport
from domain.delivery_retry import GIVE_UP_AFTER
from smtp_server import (
    Server,
    closed_port,
    directory,
    encode_texts,
    mail_server,
    recorded,
    sent,
    service,
)
from story import Story
from workflows.notifications import staleness

TITLES = {"en": "Painting the buoys"}
LATER = "2026-03-09T17:00[Europe/Vienna]"
LATER_STILL = "2026-03-10T17:00[Europe/Vienna]"


@pytest.fixture
def server() -> Iterator[Server]:
    with mail_server() as found:
        yield found


@pytest.fixture
def waiting(story: Story) -> Story:
    """Window `w` until 5 March 2026, 13:05 in Vienna; no letter can leave yet."""
    story.body()
    directory(story, "east", "west")
    story.at("2026-03-02T12:04:00Z")
    down(story)
    story.silence(subject={"type": "decision text", "titles": TITLES})
    story.placet.notifications.send()
    return story


def down(story: Story) -> None:
    """From now on no mail server is there."""
    service(story, SmtpTransport("127.0.0.1", closed_port(), sender="p@e.org", tls="none"))


def up(story: Story, server: Server, hours: int = 3) -> None:
    """After some hours the mail server is there, and all that may leave does; a restart between."""
    story.now += timedelta(hours=hours)
    service(story, server.transport())
    for _ in range(3):  # what waits for its next try is tried by then
        sent(story)
        story.now += timedelta(minutes=1)


def officer(story: Story, act: str, **fields: Any) -> None:
    story.do(f"{act} silence", who="presiding officer", window="w", **fields)
    story.placet.notifications.send()


def to(server: Server, seat: str = "east") -> list[str]:
    """How the subjects begin of the letters that a seat received."""
    address = f"{seat}@example.org"
    return [
        str(letter["Subject"]).partition(":")[0]
        for letter in server.letters
        if letter["To"] == address
    ]


def left_out(story: Story) -> list[tuple[str, str, str]]:
    """What was left out: about what, in which state, and why."""
    found = {
        (notice.notice.about, notice.state, notice.reason)
        for notice in story.placet.notifications.outbox.all_notices()
        if notice.state in {"overtaken", "given up"}
    }
    return sorted(found)


def test_an_opening_that_waited_past_an_extension_tells_the_new_deadline(
    waiting: Story, server: Server
) -> None:
    officer(waiting, "extend", closes=LATER, reason="more time")
    up(waiting, server)
    texts = [encode_texts(letter) for letter in server.letters]

    assert [
        "Under silence until 17",
        "Extended until 17",
    ] == to(server)
    assert "The deadline was moved to a later one. more time" in texts[0]
    assert not any(
        "5 March" in f"{letter['Subject']} {encode_texts(letter)}" for letter in server.letters
    )
    assert [] == left_out(waiting)


def test_of_two_extensions_only_the_one_that_holds_is_told(waiting: Story, server: Server) -> None:
    officer(waiting, "extend", closes=LATER, reason="more time")
    officer(waiting, "extend", closes=LATER_STILL, reason="still more")
    up(waiting, server)

    assert ["Under silence until 17", "Extended until 17"] == to(server)
    assert [("extension", "overtaken", staleness.MOVED)] == left_out(waiting)
    assert not any(
        "9 March" in f"{letter['Subject']} {encode_texts(letter)}" for letter in server.letters
    )
    assert {"opening", "extension"} == {about for about, _, _ in recorded(waiting)}
    assert {"delivered"} == {result for _, result, _ in recorded(waiting)}


def test_while_the_clock_is_stopped_no_letter_tells_a_deadline(
    waiting: Story, server: Server
) -> None:
    officer(waiting, "extend", closes=LATER, reason="more time")
    officer(waiting, "suspend", reason="consultations")
    up(waiting, server)

    assert ["Under silence, clock stopped", "Clock stopped"] == to(server)
    assert [("extension", "overtaken", staleness.STOPPED)] == left_out(waiting)
    assert not any("DEADLINE" in encode_texts(letter) for letter in server.letters)
    assert "The clock was stopped. consultations" in encode_texts(server.letters[0])


def test_a_stop_that_is_over_is_not_told_any_more(waiting: Story, server: Server) -> None:
    officer(waiting, "suspend", reason="consultations")
    officer(waiting, "resume", closes=LATER)
    up(waiting, server)

    assert ["Under silence until 17", "Clock runs again, until 17"] == to(server)
    assert [("suspension", "overtaken", staleness.RUNS)] == left_out(waiting)


@pytest.mark.parametrize("end", ["break", "supersede"])
def test_after_the_end_only_the_end_is_told(waiting: Story, server: Server, end: str) -> None:
    """That a seat was never told of the opening is recorded, and alarms nobody any more."""
    officer(waiting, "extend", closes=LATER, reason="more time")
    if end == "break":
        waiting.respond("objection", "west", text="No.")
    else:
        officer(waiting, "supersede", reason="another text")
    up(waiting, server)

    assert [{"break": "Silence broken", "supersede": "Ended without outcome"}[end]] == to(server)
    assert [
        ("extension", "overtaken", staleness.ENDED),
        ("opening", "given up", staleness.ENDED),
    ] == left_out(waiting)
    assert ("opening", "failed", ("east", "west")) in recorded(waiting)
    assert [] == [letter for letter in server.letters if letter["To"] == "chair@example.org"]


def test_a_part_that_was_broken_meanwhile_is_told_with_the_opening(
    story: Story, server: Server
) -> None:
    story.body()
    directory(story, "east", "west")
    down(story)
    subject = {"type": "list of entries", "titles": TITLES, "items": ["A", "B"]}
    story.silence(subject=subject, by_item=True)
    story.placet.notifications.send()
    story.respond("objection", items=["B"])
    up(story, server)

    assert ["Under silence until 13", "Silence broken in part"] == to(server, "west")
    assert "The silence was broken for item B." in encode_texts(server.letters[0])


def test_an_outcome_that_changed_while_it_waited_says_so_in_its_subject(
    waiting: Story, server: Server
) -> None:
    """Both are told, the first as what it is by now."""
    up(waiting, server)
    waiting.at("2026-03-05T12:00:00Z")
    down(waiting)
    waiting.clock("2026-03-05T12:10:00Z")
    waiting.placet.notifications.send()
    late = {"window": "w", "kind": "objection", "seats": ["east"]}
    waiting.do("respond", received="2026-03-05T12:00:00Z", **late)
    ruling = {"window": "w", "number": 1, "breaks": True, "reason": "it objects"}
    waiting.do("rule on response", who="presiding officer", second="the Rapporteur", **ruling)
    before = len(to(server))
    up(waiting, server)
    marked = [letter for letter in server.letters if str(letter["Subject"]).startswith("Overtaken")]
    first = next(entry for entry in marked if entry["To"] == "east@example.org")

    assert ["Overtaken", "Overtaken", "Approval revoked"] == to(server)[before:]
    assert "Overtaken: Approved by silence: Painting the buoys (seat east)" == first["Subject"]
    assert "The suspended approval is revoked." in encode_texts(first)


def test_a_reminder_that_waited_goes_to_nobody_who_has_answered(
    waiting: Story, server: Server
) -> None:
    up(waiting, server)
    waiting.at("2026-03-04T13:00:00Z")
    down(waiting)
    waiting.placet.notifications.send()
    waiting.respond("no objection", "west")
    before = (len(to(server)), len(to(server, "west")))
    up(waiting, server)

    assert ["Reminder, under silence until 13"] == to(server)[before[0] :]
    assert [] == to(server, "west")[before[1] :]
    assert [("reminder", "overtaken", staleness.ANSWERED)] == left_out(waiting)


@pytest.mark.parametrize(
    ("act", "values", "reason"),
    [
        ("extend", {"closes": LATER, "reason": "more time"}, staleness.MOVED),
        ("suspend", {"reason": "consultations"}, staleness.STOPPED),
        ("supersede", {"reason": "another text"}, staleness.ENDED),
    ],
)
def test_a_reminder_of_a_deadline_that_holds_no_more_is_left_out(
    waiting: Story, server: Server, act: str, values: dict[str, str], reason: str
) -> None:
    up(waiting, server)
    waiting.at("2026-03-04T13:00:00Z")
    down(waiting)
    waiting.placet.notifications.send()
    officer(waiting, act, **values)
    up(waiting, server)

    assert not any("Reminder" in entry for entry in to(server))
    assert [("reminder", "overtaken", reason)] == left_out(waiting)


@pytest.mark.parametrize(
    ("who", "values", "reminded"),
    [
        ("seat east", {"seats": ["east"], "text_hash": "0" * 64}, ["west"]),
        ("seat east", {"seats": ["west"]}, ["west"]),
        ("seat east", {"seats": ["east"], "on_behalf_of": ["west"]}, ["west"]),
        ("seat ghost", {"seats": ["west"], "text_hash": "0" * 64}, ["east", "west"]),
        ("secretariat", {"seats": ["west"], "text_hash": "0" * 64}, ["east"]),
        ("secretariat", {"seats": ["ghost"]}, ["east", "west"]),
    ],
)
def test_who_sent_what_cannot_count_has_answered(
    story: Story, server: Server, who: str, values: dict[str, Any], reminded: list[str]
) -> None:
    """Who was only named by somebody else has not."""
    story.body()
    directory(story, "east", "west")
    service(story, server.transport())
    story.at("2026-03-02T12:04:00Z")
    story.silence()
    sent(story)
    story.do("respond", who=who, window="w", kind="editorial comment", **values)
    story.at("2026-03-05T09:00:00Z")
    sent(story)
    found = [address for address, subject in server.subjects() if subject.startswith("Reminder")]

    assert [f"{seat}@example.org" for seat in reminded] == found


# --- order ---------------------------------------------------------------------------------------


def test_a_later_letter_waits_for_an_earlier_one_to_the_same_seat(
    waiting: Story, server: Server
) -> None:
    """The other seat, whose letters nobody puts off, does not wait."""
    server.of_recipients = {"east@example.org": "451 4.3.0 busy"}
    up(waiting, server, hours=0)
    officer(waiting, "suspend", reason="consultations")
    sent(waiting)
    before = to(server), to(server, "west")
    server.of_recipients = {}
    waiting.now += timedelta(hours=1)
    sent(waiting)

    assert ([], ["Under silence until 13", "Clock stopped"]) == before
    assert ["Under silence, clock stopped", "Clock stopped"] == to(server)


@pytest.mark.parametrize("answer", ["550 5.1.1 unknown", "451 4.3.0 busy"])
def test_a_letter_that_failed_for_good_keeps_no_other_back(
    waiting: Story, server: Server, answer: str
) -> None:
    """Refused at once, or put off until it is given up."""
    server.of_recipients = {"east@example.org": answer}
    up(waiting, server, hours=0)
    officer(waiting, "extend", closes=LATER, reason="more time")
    waiting.now += GIVE_UP_AFTER + timedelta(hours=1)
    sent(waiting)
    server.of_recipients = {}
    officer(waiting, "suspend", reason="consultations")
    waiting.now += GIVE_UP_AFTER
    sent(waiting)

    assert "Clock stopped" == to(server)[-1]


def test_once_the_server_is_there_again_nobody_waits_for_the_next_try(
    waiting: Story, server: Server
) -> None:
    """After hours the next try is an hour away; the first letter that is taken ends that."""
    for _ in range(30):
        waiting.placet.notifications.send()
        waiting.now += timedelta(minutes=20)
    service(waiting, server.transport())
    waiting.do("suspend silence", who="presiding officer", window="w", reason="consultations")
    sent(waiting)

    assert ["Under silence, clock stopped", "Clock stopped"] == to(server) == to(server, "west")


# --- alarms --------------------------------------------------------------------------------------


def alarms(server: Server) -> list[str]:
    return [
        encode_texts(letter) for letter in server.letters if letter["To"] == "chair@example.org"
    ]


def test_an_alarm_about_what_is_settled_is_left_out(waiting: Story, server: Server) -> None:
    waiting.do("hold silence", window="w", reason="a letter is on its way")
    waiting.placet.notifications.send()
    officer(waiting, "release", reason="it came")
    up(waiting, server)

    assert [] == alarms(server)
    assert [("alarm", "overtaken", staleness.SETTLED)] == left_out(waiting)


def test_an_alarm_about_what_is_still_to_be_done_is_sent_late(
    waiting: Story, server: Server
) -> None:
    waiting.do("hold silence", window="w", reason="a letter is on its way")
    waiting.placet.notifications.send()
    up(waiting, server)

    assert 1 == len(alarms(server))


def test_an_objection_that_cannot_count_alarms_also_after_the_end(
    waiting: Story, server: Server
) -> None:
    """People must know of it in any case; the letter says what has happened since."""
    waiting.respond("objection", text_hash="0" * 64)
    waiting.placet.notifications.send()
    officer(waiting, "supersede", reason="another text")
    up(waiting, server)

    (alarm,) = alarms(server)
    assert "The silence ended without outcome. another text" in alarm


# --- for whom, and by which clocks ---------------------------------------------------------------


def test_two_seats_in_one_mailbox_see_for_which_seat_each_letter_is(
    story: Story, server: Server
) -> None:
    story.body()
    seats = ("east", "west")
    shared = "\n    ".join(f"{seat}: {{addresses: [both@example.org]}}" for seat in seats)
    directory(story, more=shared)
    service(story, server.transport())
    story.silence(subject={"type": "decision text", "titles": TITLES})
    sent(story)

    assert [f"Painting the buoys (seat {seat})" for seat in seats] == [
        str(letter["Subject"]).rpartition(": ")[2] for letter in server.letters
    ]
    assert [f"This letter is for {seat.title()} (seat {seat})." for seat in seats] == [
        found[0]
        for letter in server.letters
        if (found := re.search(r"This letter is for .*", encode_texts(letter)))
    ]


def clocks(server: Server) -> set[str]:
    """How each letter tells the deadline."""
    texts = [encode_texts(letter).replace("\n", " ") for letter in server.letters]
    return {found[0] for text in texts if (found := re.search(r"before \d\d:.*?\)", text))}


def test_every_letter_tells_the_deadline_by_the_clocks_of_the_body_of_the_seat_and_in_utc(
    story: Story, server: Server
) -> None:
    """Also where it was stated in another zone: openings, extensions, reminders and outcomes."""
    story.body(seats=())
    story.do("fill seat", body="b", seat="far", holder="Far", since="2026-01-01", zone="Asia/Tokyo")
    directory(story, "far")
    service(story, server.transport())
    story.at("2026-03-02T12:04:00Z")
    story.silence(closes="2026-03-05T10:00[America/New_York]")
    sent(story)
    officer(story, "suspend", reason="consultations")
    officer(story, "resume", closes="2026-03-05T10:00[America/New_York]")
    sent(story)
    opening = clocks(server)
    officer(story, "extend", closes="2026-03-06T10:00[America/New_York]", reason="more time")
    sent(story)
    story.at("2026-03-05T18:00:00Z")
    sent(story)
    story.clock("2026-03-06T15:10:00Z")
    sent(story)

    assert [
        "Under silence until 16",
        "Clock stopped",
        "Clock runs again, until 16",
        "Extended until 16",
        "Reminder, under silence until 16",
        "Approved by silence",
    ] == to(server, "far")
    text = (
        "before 16:00:00 on %s March 2026, Europe/Vienna (10:00:00 America/New_York;"
        " %s March 2026, 00:00:00 Asia/Tokyo; 15:00:00 UTC)"
    )
    assert {text % ("Thursday 5", "Friday 6")} == opening
    assert {text % ("Friday 6", "Saturday 7")} == clocks(server) - opening


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr", "vendredi 6 mars 2026"),
        ("es", "viernes, 6 de marzo de 2026"),
        ("ru", "пятница, 6 марта 2026 года"),
        ("zh", "2026年3月6日星期五"),
        ("ar", "الجمعة 6 آذار/مارس 2026"),
    ],
)
def test_the_clocks_are_told_in_each_language(
    story: Story, server: Server, language: str, expected: str
) -> None:
    story.body(seats=("east",))
    directory(story, more=f"east: {{language: {language}, addresses: [east@example.org]}}")
    service(story, server.transport())
    story.at("2026-03-02T12:04:00Z")
    story.silence(closes="2026-03-05T19:00[America/New_York]")
    sent(story)
    text = encode_texts(server.letters[0])

    assert expected in text
    for entry in ("01:00:00", "Europe/Vienna", "19:00:00 America/New_York", "00:00:00 UTC"):
        assert entry in text


def test_what_was_broken_in_part_stays_true_when_only_the_deadline_moves(
    story: Story, server: Server
) -> None:
    """Such a letter tells what has happened since, and is not overtaken."""
    story.body()
    directory(story, "east", "west")
    story.at("2026-03-02T12:04:00Z")
    down(story)
    entries = {"type": "list of entries", "items": ["lamp", "bell"], "titles": TITLES}
    story.silence(subject=entries, by_item=True)
    story.respond("objection", items=["lamp"])
    officer(story, "extend", closes=LATER, reason="To talk.")
    up(story, server)

    (broken,) = [entry for entry in to(server) if "Silence broken" in entry]
    assert "Silence broken in part" == broken
    (letter,) = [
        letter
        for letter in server.letters
        if letter["To"] == "east@example.org" and "broken" in str(letter["Subject"])
    ]
    letter_text = " ".join(encode_texts(letter).split())
    assert "The deadline was moved to a later one. To talk." in letter_text
    assert "Not approved: lamp. Under silence stays: bell." in letter_text

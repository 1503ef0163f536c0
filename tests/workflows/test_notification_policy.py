"""Notices: who is told what, when nobody is, and what a letter says in which language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.keys.keyring import Keyring
from adapters.mail.folder import FolderTransport
from adapters.mail.screen import ScreenTransport
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
from story import ORGANISATION, Story
from wiring import read_case

TITLES = {"en": "Painting the buoys"}


@pytest.fixture
def server() -> Iterator[Server]:
    with mail_server() as found:
        yield found


def opened(story: Story, server: Server, **fields: object) -> Story:
    """Window `w` of east and west, open until 5 March 2026, 13:05 in Vienna; all were told."""
    story.body()
    directory(story, "east", "west")
    story.at("2026-03-02T12:04:00Z")
    story.silence(**({"subject": {"type": "decision text", "titles": TITLES}} | fields))
    service(story, server.transport(), "https://placet.example.org")
    sent(story)
    return story


def after(server: Server) -> list[tuple[str, str]]:
    """What came after the two notices of the opening."""
    return server.subjects()[2:]


def test_the_notice_says_all_that_one_needs_to_object(story: Story, server: Server) -> None:
    opened(story, server, text={"en": "The buoys shall be red."}, threshold=2)
    letter = server.letters[0]
    text = encode_texts(letter)
    window = story.state("window/w")

    assert (
        "Under silence until 13:05:00 on Thursday 5 March 2026, Europe/Vienna"
        in (letter["Subject"])
    )
    for entry in (
        "Body\nPainting the buoys\n",
        "The buoys shall be red.",
        window.text_hash,
        "before 13:05:00 on Thursday 5 March 2026, Europe/Vienna (12:05:00 UTC)",
        "2 objections break it.",
        "Whoever does not object need not answer.",
        "https://placet.example.org/windows/fictional/w",
    ):
        assert entry in text
    assert "office@example.org" == letter["Reply-To"]
    assert "auto-generated" == letter["Auto-Submitted"]
    assert re.fullmatch(r"<[0-9a-f]{40}@example\.org>", letter["Message-ID"])


def test_the_notice_says_beforehand_that_no_key_signs_receipts(
    story: Story, server: Server
) -> None:
    """And nothing of it once there is a key."""
    opened(story, server)
    story.placet.keys.create(story.now)
    story.silence(window="v", text={"en": "Another text."})
    sent(story)
    first, later = server.letters[0], server.letters[-1]

    assert "No key signs receipts at present." in encode_texts(first)
    assert "No key signs" not in encode_texts(later)
    assert "HOW TO OBJECT" in encode_texts(later)


def test_a_letter_names_the_session_and_the_agenda_of_its_items(
    story: Story, server: Server
) -> None:
    """Also where nobody gave what is under silence a title."""
    story.body()
    dates = {"starts": "2027-02-01", "ends": "2027-02-05"}
    story.do("schedule session", session="s", body="b", number="15", **dates)
    story.do("start agenda", agenda="a", body="b", session="s", approved_by="b")
    story.propose("1", subjects=["adoption of the agenda"])
    story.propose("9", subjects=["report"])
    story.do("submit items", agenda="a")
    directory(story, "east", "west")
    story.silence(subject={"type": "agenda items", "agenda": "a"}, text={})
    service(story, server.transport())
    sent(story)
    letter = server.letters[0]
    assert "agenda items, Session 15 (seat " in letter["Subject"]
    lines = "Body\nAgenda items\nSession 15, 1–5 February 2027\nAgenda: a\n"
    assert lines in encode_texts(letter)


def test_the_deadline_in_utc_names_its_day_where_that_is_another(
    story: Story, server: Server
) -> None:
    opened(story, server, closes="2026-03-07T00:30[Europe/Vienna]")

    expected = "before 00:30:00 on Saturday 7 March 2026, Europe/Vienna"
    assert f"{expected} (Friday 6 March 2026, 23:30:00 UTC)" in server.texts()[0]


@pytest.mark.parametrize(
    ("acts", "subject"),
    [
        (["extend"], "Extended until 17"),
        (["suspend"], "Clock stopped"),
        (["suspend", "resume"], "Clock runs again, until 17"),
        (["supersede"], "Ended without outcome"),
    ],
)
def test_whatever_moves_or_ends_a_window_is_told_to_all(
    story: Story, server: Server, acts: list[str], subject: str
) -> None:
    opened(story, server)
    more: dict[str, dict[str, str]] = {
        "extend": {"closes": "2026-03-06T17:00[Europe/Vienna]", "reason": "more time"},
        "suspend": {"reason": "consultations"},
        "resume": {"closes": "2026-03-06T17:00[Europe/Vienna]"},
        "supersede": {"reason": "another text"},
    }
    for act in acts:
        story.do(f"{act} silence", who="presiding officer", window="w", **more[act])
        sent(story)

    assert [("east@example.org", subject), ("west@example.org", subject)] == after(server)[-2:]


def test_each_kind_of_notice_is_recorded_by_what_it_was_about(story: Story, server: Server) -> None:
    """So that a failed notice of an extension is not mistaken for one of the opening."""
    opened(story, server)
    server.of_recipients = {"east@example.org": "550 5.1.1 gone"}
    story.do("suspend silence", who="presiding officer", window="w", reason="consultations")
    sent(story)

    assert ("suspension", "failed", ("east",)) in recorded(story)
    assert ("suspension", "delivered", ("west",)) in recorded(story)


# --- reminders -----------------------------------------------------------------------------------


def test_reminders_go_only_to_the_silent_and_once(story: Story, server: Server) -> None:
    """A day before the deadline, unless the pack says otherwise."""
    opened(story, server)
    story.respond("no objection", "west")
    story.at("2026-03-04T12:04:59Z")
    sent(story)
    before = after(server)
    story.at("2026-03-04T12:05:00Z")
    sent(story)
    sent(story)

    assert [] == before
    assert [("east@example.org", "Reminder, under silence until 13")] == after(server)


def test_a_reminder_says_on_what_the_silence_is_broken_already(
    story: Story, server: Server
) -> None:
    """Only the rest is approved if nobody else objects."""
    listed = {"type": "list of entries", "items": ["a", "b"]}
    opened(story, server, subject=listed, by_item=True)
    story.respond("objection", "west", items=["a"])
    story.at("2026-03-04T12:05:00Z")
    sent(story)
    before, after_it = (
        " ".join(encode_texts(letter).split()) for letter in (server.letters[0], server.letters[-1])
    )

    assert "Reminder" in server.letters[-1]["Subject"]
    assert "the text is approved with effect at the deadline" in before
    assert (
        "The silence is broken already, so that nothing is approved, on: a If no further"
        in after_it
    )
    assert "what is still under silence is approved with effect at the deadline" in after_it
    assert "the text is approved" not in after_it


def test_who_was_answered_for_is_not_silent(story: Story, server: Server) -> None:
    story.body()
    story.do("empower seat", body="b", seat="east", acts_for=["west"], since="2026-01-01")
    directory(story, "east", "west")
    story.at("2026-03-02T12:04:00Z")
    story.silence()
    story.respond("editorial comment", "east", on_behalf_of=["west"])
    service(story, server.transport())
    story.at("2026-03-05T09:00:00Z")
    sent(story)

    assert 2 == len(server.letters)


def test_a_new_deadline_is_reminded_of_anew(story: Story, server: Server) -> None:
    opened(story, server)
    story.at("2026-03-05T09:00:00Z")
    sent(story)
    later = "2026-03-09T17:00[Europe/Vienna]"
    story.do("extend silence", who="presiding officer", window="w", closes=later, reason="time")
    sent(story)
    story.at("2026-03-09T09:00:00Z")
    sent(story)
    reminders = [to for to, subject in server.subjects() if subject.startswith("Reminder")]

    assert ["east@example.org", "west@example.org"] * 2 == reminders


def test_who_was_just_told_of_a_deadline_is_not_reminded_of_it(
    story: Story, server: Server
) -> None:
    """An extension by three hours is told by its own letter."""
    opened(story, server)
    story.at("2026-03-04T11:00:00Z")
    sent(story)
    later = "2026-03-05T17:00[Europe/Vienna]"
    story.at("2026-03-05T11:00:00Z")
    sent(story)
    story.do("extend silence", who="presiding officer", window="w", closes=later, reason="time")
    sent(story)
    reminders = [to for to, subject in server.subjects() if subject.startswith("Reminder")]

    assert ["east@example.org", "west@example.org"] == reminders


def test_a_stopped_clock_reminds_nobody(story: Story, server: Server) -> None:
    opened(story, server)
    story.do("suspend silence", who="presiding officer", window="w", reason="consultations")
    story.at("2026-03-05T09:00:00Z")
    sent(story)

    assert not [subject for _, subject in server.subjects() if subject.startswith("Reminder")]


# --- outcomes ------------------------------------------------------------------------------------


def test_an_approval_goes_out_with_what_was_said(story: Story, server: Server) -> None:
    """Never `agreed by all`: what can be said is that no objection was received."""
    opened(story, server)
    story.respond("explanation of position", text="We would have liked green.")
    story.clock("2026-03-05T12:10:00Z")
    sent(story)
    text = server.texts()[-1]

    assert [
        ("east@example.org", "Approved by silence"),
        ("west@example.org", "Approved by silence"),
    ] == after(server)[-2:]
    assert "No objection was received before the deadline." in text
    assert "Response 1: explanation of position, seat east" in text
    assert "We would have liked green." in text
    assert "agreed" not in text


def test_a_break_goes_out_at_once_with_the_objection(story: Story, server: Server) -> None:
    opened(story, server)
    story.respond("amendment", "west", text="Too bright.", wording="The buoys shall be green.")
    sent(story)
    text = server.texts()[-1]

    assert [("east@example.org", "Silence broken"), ("west@example.org", "Silence broken")] == (
        after(server)
    )
    for entry in (
        "The text is not approved.",
        "Response 1: amendment, seat west",
        "shall be green.",
    ):
        assert entry in text


def test_an_objection_that_was_too_few_is_told_with_the_approval(
    story: Story, server: Server
) -> None:
    opened(story, server, threshold=2)
    story.respond("objection", text="No.")
    story.clock("2026-03-05T12:10:00Z")
    sent(story)

    assert "1 objection was received before the deadline, too few" in server.texts()[-1]


def test_a_letter_counts_members_that_objected_and_not_what_they_sent(
    story: Story, server: Server
) -> None:
    """One that sends its objection twice is one member still."""
    opened(story, server, threshold=2)
    story.respond("objection", text="No.")
    story.respond("objection", text="No, as I said.")
    story.clock("2026-03-05T12:10:00Z")
    sent(story)

    assert "1 objection was received before the deadline, too few" in server.texts()[-1]


def test_an_unclear_response_that_was_ruled_to_break_is_attached(
    story: Story, server: Server
) -> None:
    opened(story, server)
    story.respond("unclear", text="We are not sure about red.")
    rule(story, breaks=True)
    sent(story)
    text = server.texts()[-1]

    assert "Silence broken" == after(server)[-1][1]
    assert "Response 1: unclear, seat east" in text
    assert "How it stands: in time, ruled to break the silence" in text
    assert "We are not sure about red." in text


def test_each_statement_is_attached_with_its_number_and_how_it_stands(
    story: Story, server: Server
) -> None:
    """What was withdrawn, could not count or came too late is not taken for what counted."""
    opened(story, server, threshold=2)
    story.respond("no objection", "west")
    story.respond("objection", text="Not red.")
    story.do("withdraw objection", who="seat east", window="w", number=2)
    story.respond("objection", "west", text_hash="0" * 64)
    story.respond("unclear", "west")
    rule(story, number=4, breaks=False)
    story.do("respond", window="w", kind="objection", seats=["ghost"], text="Boo.")
    story.at("2026-03-05T12:06:00Z")
    story.respond("objection", "west")
    story.clock("2026-03-05T12:10:00Z")
    sent(story)
    text = [
        encode_texts(letter) for letter in server.letters if letter["To"] == "west@example.org"
    ][-1]

    assert [
        ("2", "objection", "in time, withdrawn"),
        ("3", "objection", "cannot count"),
        ("4", "unclear", "in time, ruled not to break the silence"),
        ("6", "objection", "late, without effect"),
    ] == re.findall(r"Response (\d): (\w+),.*\nHow it stands: (.*)\n", text)
    assert "Boo." not in text


def test_an_outcome_in_part_says_so_and_calls_items_by_their_ids(
    story: Story, server: Server
) -> None:
    subject = {"type": "list of entries", "titles": TITLES, "items": ["A", "B"]}
    opened(story, server, subject=subject, by_item=True)
    story.respond("objection", items=["B"])
    sent(story)
    story.clock("2026-03-05T12:10:00Z")
    sent(story)
    text = server.texts()[-1]

    assert ["Silence broken in part", "Approved by silence in part"] == [
        subject for to, subject in after(server) if to == "east@example.org"
    ]
    assert "A: approved, no breaking objection received" in text
    assert "B: not approved, silence broken" in text
    assert "The whole text" not in text


def rule(story: Story, number: int = 1, *, breaks: bool) -> None:
    """The presiding officer rules on a response of window `w`."""
    story.do(
        "rule on response",
        who="presiding officer",
        window="w",
        number=number,
        breaks=breaks,
        reason="so read",
    )


def test_an_approval_that_is_doubted_alarms_and_its_end_is_told_to_all(
    story: Story, server: Server
) -> None:
    opened(story, server)
    story.clock("2026-03-05T12:10:00Z")
    sent(story)
    before = len(server.letters)
    story.do(
        "respond", window="w", kind="objection", seats=["east"], received="2026-03-05T12:00:00Z"
    )
    sent(story)
    story.do(
        "rule on response",
        who="presiding officer",
        window="w",
        number=1,
        breaks=True,
        reason="it objects",
        second="the Rapporteur",
    )
    sent(story)

    assert [
        ("east@example.org", "Approval suspended"),
        ("west@example.org", "Approval suspended"),
        ("chair@example.org", "For the presiding officer"),
        ("east@example.org", "Approval revoked"),
        ("west@example.org", "Approval revoked"),
    ] == server.subjects()[before:]


@pytest.mark.parametrize("in_part", [False, True], ids=["whole", "in part"])
def test_an_approval_that_stands_after_a_doubt_is_confirmed_to_all(
    story: Story, server: Server, *, in_part: bool
) -> None:
    """In part where another response that was found is still without its ruling."""
    subject = {"type": "list of entries", "titles": TITLES, "items": ["A", "B"]}
    opened(story, server, subject=subject, by_item=True)
    story.clock("2026-03-05T12:10:00Z")
    found = {"window": "w", "kind": "objection", "received": "2026-03-05T12:00:00Z"}
    story.do("respond", **found, seats=["east"], items=["A"])
    if in_part:
        story.do("respond", **found, seats=["west"], items=["B"])
    ruling = {"window": "w", "number": 1, "breaks": False, "reason": "it does not object"}
    story.do("rule on response", who="presiding officer", second="the Rapporteur", **ruling)
    sent(story)

    topic = "Approval confirmed in part" if in_part else "Approval confirmed"
    assert [("east@example.org", topic), ("west@example.org", topic)] == after(server)[-2:]
    assert "The approval stands." in server.texts()[-1]


def test_a_failure_and_the_hold_that_follows_alarm_the_presiding_officer(
    story: Story, server: Server
) -> None:
    opened(story, server)
    story.do("record notices", window="w", seats=["west"], result="failed", reason="came back")
    sent(story)
    story.clock("2026-03-05T12:10:00Z")
    sent(story)
    alarms = [
        encode_texts(letter) for letter in server.letters if letter["To"] == "chair@example.org"
    ]

    assert ["Notices that could not be delivered: 1.", "not certainly told: west"] == [
        found[0]
        for text, words in zip(alarms, (r"Notices that .*", r"not certainly .*"), strict=True)
        if (found := re.search(words, text))
    ]


def test_an_alarm_names_the_seats_that_were_not_told(story: Story, server: Server) -> None:
    opened(story, server)
    story.do("record notices", window="w", seats=["west"], result="failed", reason="came back")
    sent(story)

    assert "Seats: west" in server.texts()[-1]


def test_an_objection_in_time_that_cannot_count_alarms_and_is_told_with_the_outcome(
    story: Story, server: Server
) -> None:
    """A comment that cannot count, or what comes too late, alarms nobody."""
    opened(story, server)
    story.respond("objection", text_hash="0" * 64)
    story.respond("editorial comment", text_hash="0" * 64)
    story.at("2026-03-05T12:06:00Z")
    story.respond("objection", text_hash="0" * 64)
    sent(story)
    alarms = [
        encode_texts(letter) for letter in server.letters if letter["To"] == "chair@example.org"
    ]
    story.clock("2026-03-05T12:10:00Z")
    sent(story)
    outcome = server.texts()[-1]

    assert 1 == len(alarms)
    assert "cannot count, by the rule text-under-silence" in alarms[0]
    assert "No objection that counts was received before the deadline." in outcome
    assert "Objections that came and do not count: 2." in outcome


def test_a_change_of_the_suspended_approval_names_the_items(story: Story, server: Server) -> None:
    subject = {"type": "list of entries", "titles": TITLES, "items": ["A", "B"]}
    opened(story, server, subject=subject, by_item=True)
    story.clock("2026-03-05T12:10:00Z")
    late = {"window": "w", "kind": "objection", "seats": ["east"], "items": ["B"]}
    story.do("respond", received="2026-03-05T12:00:00Z", **late)
    ruling = {"window": "w", "number": 1, "breaks": True, "reason": "it objects"}
    story.do("rule on response", who="presiding officer", second="the Rapporteur", **ruling)
    sent(story)

    assert "Approval revoked in part" == after(server)[-1][1]
    assert "The approval is revoked in part: B." in server.texts()[-1]


def test_withheld_names_are_in_no_letter(story: Story, server: Server) -> None:
    """Not in the outcome, not in an alarm: a seat reads its own name as the addressee only."""
    opened(story, server, names_withheld=True, threshold=2)
    story.respond("explanation of position", "west", text="We explain.")
    story.respond("objection", "east", text="We object.")
    story.do("record notices", window="w", seats=["west"], result="failed", reason="came back")
    sent(story)
    story.clock("2026-03-05T12:10:00Z")
    story.do("record notices", window="w", seats=["west"], result="waived", reason="they know")
    story.clock("2026-03-05T12:20:00Z")
    sent(story)
    texts = server.texts()
    strange = {"east@example.org": "west", "west@example.org": "east"}

    assert {"Approved by silence", "For the presiding officer"} <= {s for _, s in server.subjects()}
    assert any("We object." in text for text in texts)
    for letter in server.letters:
        other = strange.get(str(letter["To"]), "east")
        assert other not in f"{letter['Subject']} {encode_texts(letter)}".casefold()
    assert [] == [
        letter
        for letter in server.letters
        if letter["To"] == "chair@example.org" and "west" in encode_texts(letter)
    ]


# --- what is never mailed ------------------------------------------------------------------------


def test_history_is_not_mailed(story: Story, server: Server) -> None:
    story.body()
    directory(story, "east", "west")
    story.tell(
        "open silence",
        "2020-03-02T12:00:00Z",
        window="w",
        body="b",
        subject={"type": "decision text"},
        text={"en": "Old."},
        closes="2020-03-05T12:00:00Z",
    )
    story.tell("respond", "2020-03-03T12:00:00Z", window="w", kind="objection", seats=["east"])
    service(story, server.transport())
    sent(story)

    assert ([], []) == (server.letters, recorded(story))


def test_what_a_source_tells_of_a_window_is_not_mailed(story: Story, server: Server) -> None:
    """A person who tells history has told those concerned, or has them told by an act of today."""
    opened(story, server)
    values = {"window": "v", "body": "b", "subject": {"type": "decision text"}, "closes": "unknown"}
    story.at("2026-03-02T13:00:00Z")
    story.tell("open silence", "2026-03-02T12:20:00Z", **values)
    objection = {"window": "v", "kind": "objection", "seats": ["east"]}
    story.tell("respond", "2026-03-02T12:30:00Z", **objection)
    sent(story)

    assert ("window.broken", []) == (story.names()[-1], after(server))


def test_what_is_simulated_is_not_mailed(story: Story, server: Server) -> None:
    service(story, server.transport())
    case = Path(__file__).parents[1] / "cases" / "fictional-moving-the-end.yaml"
    assert story.placet.scenarios.play(read_case(case)).passed
    sent(story)

    assert [] == story.placet.notifications.outbox.all_notices()


def test_what_was_over_before_the_outbox_was_made_is_not_mailed(
    story: Story, server: Server
) -> None:
    """A window that is open still is told of, but not to those of whom the record says so."""
    story.body()
    directory(story, "east", "west")
    story.at("2026-03-02T12:04:00Z")
    story.silence()
    story.silence(window="v")
    story.respond("objection")
    story.do("record notices", window="v", seats=["west"], result="delivered")
    service(story, server.transport())
    sent(story)

    assert [("v", "east")] == [
        (notice.notice.window, notice.notice.to)
        for notice in story.placet.notifications.outbox.all_notices()
    ]


def test_views_made_anew_send_nothing(story: Story, server: Server) -> None:
    opened(story, server)
    story.placet.projections.rebuild()
    sent(story)

    assert 2 == len(server.letters)


# --- languages -----------------------------------------------------------------------------------


def test_a_letter_is_in_the_language_of_its_seat(story: Story, server: Server) -> None:
    """The Arabic letter arrives as it was written, and so does its subject."""
    story.body()
    directory(story, "east", more="west: {language: ar, addresses: [west@example.org]}")
    story.at("2026-03-02T12:04:00Z")
    arabic = "تُطلى العوامات باللون الأحمر."
    titles = {"en": "Painting", "ar": "طلاء العوامات"}
    subject = {"type": "decision text", "titles": titles}
    story.silence(text={"en": "The buoys.", "ar": arabic}, subject=subject)
    service(story, server.transport())
    sent(story)
    letter = server.letters[1]

    assert ("ar", "west@example.org") == (letter["Content-Language"], letter["To"])
    assert letter["Subject"].endswith("طلاء العوامات (المقعد west)")
    assert arabic in encode_texts(letter)
    assert "الخميس 5 آذار/مارس 2026" in encode_texts(letter)
    assert "The buoys." not in encode_texts(letter)
    assert "The buoys." in encode_texts(server.letters[0])


# --- ways ----------------------------------------------------------------------------------------


def test_letters_can_be_written_to_a_folder(story: Story, tmp_path: Path, server: Server) -> None:
    """Somebody else brings them; the record says that they went as files."""
    story.body()
    directory(story, "east", "west")
    story.silence()
    service(story, FolderTransport(tmp_path / "out", sender=SENDER))
    sent(story)
    found = [event for event in story.events() if event.name == "window.notices_recorded.v2"]

    assert 2 == len(list((tmp_path / "out").glob("*.eml")))
    assert ("delivered", "files") == (found[0].fact.result, found[0].fact.via)


def test_what_is_only_printed_is_not_recorded(story: Story) -> None:
    story.body()
    directory(story, "east")
    story.silence()
    shown: list[str] = []
    service(story, ScreenTransport(shown.append))
    sent(story)
    story.clock("2026-03-09T12:00:00Z")
    sent(story)

    assert [] == recorded(story)
    assert ["To: east@example.org", "To: nobody"] == [
        entry.partition("\n")[0] for entry in shown[:2]
    ]


def test_receipts_are_mailed_to_the_seats_that_answered(story: Story, server: Server) -> None:
    opened(story, server)
    story.placet.keys.create(story.now)
    story.respond("no objection", "west")
    position = story.events()[-1].position
    sent(story)
    (attached,) = server.letters[-1].iter_attachments()

    assert [("west@example.org", "Receipt")] == after(server)
    assert f"receipt-{position}.txt" == attached.get_filename()
    assert story.placet.receipts.issue(ORGANISATION, position) == attached.get_content().encode()


def test_receipts_are_signed_for_letters_and_not_to_queue_them(
    story: Story, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many came since the log was followed. The control: each letter has its signature."""
    opened(story, server)
    story.placet.keys.create(story.now)
    for number in range(3):
        story.respond("editorial comment", "west", text=f"Comma {number}.")
    signed, sign = list[str](), Keyring.sign

    def counted(keys: Keyring, key_id: str, statement: bytes) -> bytes:
        signed.append(key_id)
        return sign(keys, key_id, statement)

    monkeypatch.setattr(Keyring, "sign", counted)
    story.placet.notifications.record_pending()

    assert not signed
    sent(story)
    assert 3 == len(signed)
    assert 3 == len([letter for letter in server.letters if "Receipt" in letter["Subject"]])


def test_where_names_are_withheld_a_receipt_goes_to_its_sender_only(
    story: Story, server: Server
) -> None:
    """Not to a seat for which somebody answered who may not."""
    opened(story, server, names_withheld=True)
    story.placet.keys.create(story.now)
    story.respond("no objection", "west")
    story.do("respond", who="seat east", window="w", kind="no objection", seats=["west"])
    sent(story)

    assert ["counted", "refused"] == [
        response.standing for response in story.state("window/w").responses
    ]
    assert [("west@example.org", "Receipt")] == after(server)


def test_without_a_key_no_receipt_is_mailed(story: Story, server: Server) -> None:
    opened(story, server)
    story.respond("no objection", "west")
    sent(story)

    assert [] == after(server)

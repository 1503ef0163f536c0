"""Silence procedures on the command line: said before it is done, done once, refused in words."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.sqlite.store import SqliteStore
from command_line import Placet
from domain.actors import Actor, Role
from domain.canonical import digest
from domain.messages import Order, RecordedEvent
from domain.silence.commands import Respond
from story import ORGANISATION, Story
from wiring import now

HOUR = timedelta(hours=1)


@pytest.fixture
def store(story: Story, tmp_path: Path) -> Path:
    """A store with body `b`, whose window `w` was opened within the last hour, for 72 hours."""
    story.now = now() - HOUR
    story.body()
    story.silence()
    return tmp_path / "store"


@pytest.fixture
def past(story: Story, tmp_path: Path) -> Path:
    """A store whose window `w` ended long ago, and whose clock has not recorded that."""
    story.body(parameters={"longest-outage-minutes": "0"})
    story.silence()
    return tmp_path / "store"


def events(folder: Path) -> Sequence[RecordedEvent]:
    with SqliteStore.open(folder) as store:
        return store.history(ORGANISATION).since(0, 1000)


def last(folder: Path) -> str:
    """The name of the newest event, without its version."""
    return events(folder)[-1].name.rpartition(".")[0]


def later(hours: int) -> str:
    """A minute so many hours from now, as somebody would write it."""
    return f"{now() + hours * HOUR:%Y-%m-%dT%H:%MZ}"


def words(text: str) -> str:
    """The text in one line."""
    return " ".join(text.split())


OBJECTION = ("window", "respond", "w", "--as", "east", "--kind", "objection")

# --- said before it is done ----------------------------------------------------------------------


def test_the_effect_is_said_and_nothing_is_done_where_nobody_can_be_asked(
    placet: Placet, store: Path
) -> None:
    """Exit code 1; what an objection would do stands there in words."""
    before = events(store)
    code, out, err = placet(*OBJECTION, "--store", store)

    assert (1, "") == (code, out)
    assert "It will count as an objection in time." in err
    assert "This will break the silence: the whole text will not be approved." in err
    assert "It is received when you confirm it" in err
    assert "Nothing was done" in err
    assert before == events(store)


@pytest.mark.folder
@pytest.mark.parametrize(("answer", "code", "kept"), [("y", 0, 1), ("n", 1, 0), ("", 1, 0)])
def test_a_person_at_a_terminal_is_asked(store: Path, answer: str, code: int, kept: int) -> None:
    """Only a yes does it."""
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    before = len(events(store))
    text_line = [sys.executable, "-m", "web", *OBJECTION, "--as", "west", "--store", str(store)]
    requested = subprocess.run(text_line, stdin=theirs, capture_output=True, text=True, check=False)
    os.close(ours)
    os.close(theirs)

    assert code == requested.returncode, requested.stderr
    assert "Do it? [y/N]" in requested.stderr
    assert kept == len([event for event in events(store)[before:] if "response" in event.name])


def test_said_with_yes_it_is_done_and_proved(placet: Placet, store: Path) -> None:
    """Number, standing, receipt and the hash of the event are printed; the silence is broken."""
    code, out, err = placet(*OBJECTION, "--text", "No red.", "--store", store, "--yes")
    kept = next(event for event in events(store) if event.name == "window.response_received.v2")

    assert 0 == code
    assert "1 counted" in words(out)
    assert str(kept.effective) in out
    assert kept.hash in out
    assert f"--id {kept.command_id}" in err
    assert "w: decision text, broken" in placet("window", "show", "w", "--store", store)[1]


def test_a_receipt_is_written_where_it_is_asked_for(
    placet: Placet, store: Path, tmp_path: Path
) -> None:
    """Also of a response that does not count; and it is said where it can be had."""
    placet("key", "create", "--store", store)
    file, other = tmp_path / "receipt.txt", tmp_path / "other.txt"
    done = placet(*OBJECTION, "--store", store, "--yes", "--receipt", file)
    wrong = (*OBJECTION, "--text-hash", "0" * 64)
    kept = placet(*wrong, "--store", store, "--yes", "--receipt", other)
    plain = placet(*OBJECTION, "--store", store, "--yes")

    assert (0, 1) == (done[0], kept[0])
    assert "Standing: counted" in file.read_text()
    assert "Standing: refused" in other.read_text()
    assert "does not count" in kept[2]
    assert "It has a signed receipt: placet receipt show" in words(plain[2])


def test_a_lost_answer_is_given_again(placet: Placet, store: Path) -> None:
    """The same words with the same id record nothing again, and ask nobody."""
    first = placet(*OBJECTION, "--id", "letter-7", "--yes", "--store", store, "--json")
    before = events(store)
    again = placet(*OBJECTION, "--id", "letter-7", "--store", store, "--json")
    other = placet(*OBJECTION, "--id", "letter-7", "--text", "?", "--yes", "--store", store)

    assert (0, first[1]) == again[:2]
    assert "nothing was recorded again" in again[2]
    assert 1 == other[0]
    assert "used before, for another command" in words(other[2])
    assert before == events(store)


# --- opening -------------------------------------------------------------------------------------


def test_a_window_is_opened_with_its_deadline_in_words(
    placet: Placet, store: Path, tmp_path: Path
) -> None:
    """The text comes from a file; a waiver with its reason makes the window short."""
    file = tmp_path / "text.txt"
    file.write_text("The buoys shall be red.\n", encoding="utf-8")
    text_line = [
        "window",
        "open",
        "buoys",
        "--body",
        "b",
        "--text-file",
        f"en={file}",
        "--store",
        store,
    ]
    short = [*text_line, "--length", "8 hours", "--title", "en=Buoys"]
    refused = placet(*short, "--yes")
    waived = [*short, "--waive", "silence-minimum-length=the ship sails"]
    found = placet(*waived)
    done = placet(*waived, "--by", "presiding officer", "--authority", "a mandate", "--yes")
    shown = placet("window", "show", "window/buoys", "--text", "--store", store)[1]
    opened = events(store)[-1]

    assert 1 == refused[0]
    assert "Give a waiver with its reason" in words(refused[2])
    assert 1 == found[0]
    assert "plus 8 hours of elapsed time" in found[2]
    assert "closes before" in found[2]
    assert "Europe/Vienna" in found[2]
    assert "violated (waived: the ship sails)" in found[2]
    assert "no calendar of the duty station is published" not in words(found[2])  # hours count
    assert 0 == done[0]
    assert "plus 8 hours of elapsed time" in done[2]
    assert ("presiding officer", "a mandate") == (opened.actor.role, opened.authority)
    assert "[en]\nThe buoys shall be red.\n" in shown


def test_submitted_items_are_put_under_silence(placet: Placet, story: Story, store: Path) -> None:
    """With --agenda the text is the submitted items."""
    story.agenda()
    story.do("submit items", agenda="a", to="b")
    text_line = ("window", "open", "items", "--body", "b", "--agenda", "a", "--by-item")
    code, _, err = placet(
        *text_line, "--names-withheld", "--threshold", "2", "--store", store, "--yes"
    )
    opened: Any = next(event for event in events(store) if event.stream.id == "items").fact

    assert 0 == code, err
    assert ("agenda items", ("1", "2", "9")) == (opened.subject.type, opened.subject.items)
    assert (2, True) == (opened.policy.threshold, opened.policy.names_withheld)
    shown = placet("window", "show", "items", "--text", "--store", store)[1]
    assert "2 [en]\nItem 2" in shown
    assert opened.policy.by_item


# --- what moves and ends a window ----------------------------------------------------------------


def test_every_act_is_done_in_its_place(placet: Placet, store: Path) -> None:
    """From notices to the referral, with the event that each leaves."""

    def did(*text_line: str) -> str:
        code, _, err = placet("window", *text_line, "--store", store, "--yes")
        assert 0 == code, err
        return last(store)

    seat = ("--seat", "west", "--reason", "mailbox full")
    assert "window.notices_recorded" == did("notices", "w", "--result", "failed", *seat)
    assert "window.notices_recorded" == did("notices", "w", "--result", "waived", *seat)
    assert "window.suspended" == did("suspend", "w", "--reason", "talks")
    assert "window.resumed" == did("resume", "w", "--length", "72 hours")
    assert "window.extended" == did("extend", "w", "--closes", later(200), "--reason", "a holiday")
    doubtful = ("--kind", "unclear", "--text", "Hm.")
    assert "window.response_received" == did("respond", "w", "--as", "west", *doubtful)
    shown = placet("window", "show", "w", "--store", store)[1]
    assert "a ruling on response 1 (presiding officer)" in words(shown)
    ruling = ("--response", "1", "--does-not-break", "--reason", "a question")
    assert "window.response_ruled_upon" == did("rule", "w", *ruling)
    assert "window.held" == did("hold", "w", "--reason", "a rumour")
    assert "(presiding officer): a rumour" in words(
        placet("window", "show", "w", "--store", store)[1]
    )
    assert "window.released" == did("release", "w", "--reason", "nothing in it")
    assert "window.broken" == did("respond", "w", "--as", "east", "--kind", "objection")
    assert "window.objection_withdrawn" == did("withdraw", "w", "--response", "2", "--as", "east")
    assert "window.outcome_announced" == did("announce", "w", "--manner", "letter")
    assert "window.matter_referred" == did("refer", "w", "--to", "a meeting")
    shown = placet("window", "show", "w", "--store", store)[1]
    assert "waits for" not in shown
    assert "withdrawn" in shown


def test_a_deadline_is_taken_as_it_is_shown_to_the_second(placet: Placet, store: Path) -> None:
    """Local, with its zone; a time that the zone skips is refused as any other."""
    text_line = (
        "window",
        "extend",
        "w",
        "--reason",
        "talks",
        "--yes",
        "--store",
        store,
        "--closes",
    )
    wrong = placet(*text_line, "2027-03-28T02:30:20[Europe/Vienna]")
    none = placet(*text_line, "2027-02-30T02:30:20[Europe/Vienna]")
    done = placet(*text_line, "2027-02-01T20:00:20[Europe/Vienna]")
    shown = placet("window", "show", "w", "--store", store)[1]

    assert (0, True, True) == (done[0], wrong[0] != 0, none[0] != 0)
    assert "does not exist in Europe/Vienna" in words(wrong[2])
    assert "2027-02-01T20:00:20 Europe/Vienna" in shown


def test_a_window_is_superseded(placet: Placet, store: Path) -> None:
    text_line = ("window", "supersede", "w", "--reason", "a wrong text", "--by-window", "w2")
    code, _, err = placet(*text_line, "--store", store, "--yes")

    assert 0 == code, err
    assert "window.superseded" == last(store)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("open w --body b --text en=Again.", "window w exists already"),
        ("open v --body b", "silence binds a text"),
        ("open v --body b --text en=A. --closes 2099-03-29T02:30[Europe/Vienna]", "does not exist"),
        ("open v --body b --text en=A. --subject weather", "silence is not authorised for weather"),
        ("respond w --as east --kind shrug", "shrug: write amendment"),
        ("respond v --as east --kind objection", "window v was never opened"),
        ("register w --kind objection --seat east --channel mail --received 2026-05-29", "exact"),
        ("register w --kind objection --seat east --channel mail --received unknown", "exact"),
        (
            "register w --kind objection --seat east --channel mail --received 2199-01-01T10:00Z",
            "nothing is received in the future",
        ),
        ("withdraw w --response 7", "window w has no response 7"),
        ("extend w --closes 2020-01-01T10:00Z --reason talks", "is not later than"),
        ("extend w --closes 2099-01-01 --reason talks", "is no exact instant"),
        ("suspend nowhere --reason talks", "window nowhere was never opened"),
        ("resume w --length", "is not suspended"),
        ("rule w --response 1 --breaks --reason so", "window w has no response 1"),
        ("hold w --reason", "a hold needs its reason"),
        ("release w --reason calm", "window w is not held"),
        ("supersede w --reason", "superseding needs its reason"),
        ("announce w --manner letter", "window w has no outcome yet"),
        ("refer w --to a_meeting", "window w is still running"),
        ("notices w --seat east --result lost", "lost: write delivered, failed"),
        ("notices w --seat north --result failed", "not on the roster of window w: north"),
        ("show v", "window v is not in the record"),
        ("show w -o nobody", "no organisation nobody"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    placet: Placet, store: Path, line: str, sentence: str
) -> None:
    """Exit code 1, said with and without --yes; nothing is recorded."""
    before = events(store)
    found = [*line.split(), *([""] if line.endswith(("--reason", "--length")) else [])]
    modes: list[list[str]] = [[]] if line.startswith("show") else [[], ["--yes"]]
    for mode in modes:
        code, out, err = placet("window", *found, "--store", store, *mode)
        assert (1, "") == (code, out)
        assert sentence in words(err)
    assert before == events(store)


@pytest.mark.parametrize(
    "line",
    [
        "open v --body b --text en",
        "open v --body b --text en=A. --text en=B.",
        "open v --body b --text-file en=nowhere.txt",
        "open v --body b --text-file en=README.md --text en=A.",
        "open v --body b --threshold 0",
        "hold w --reason so --by seat",
        "respond w --kind objection",
        "rule w --response 1 --reason so",
        "register w --kind objection --received 2020-01-01T10:00Z --channel mail",
        "register w --kind objection --received 2020-01-01T10:00Z --channel mail --seat east -o",
        "register w --kind unclear --received 2020-01-01T10:00Z --channel x --seat e --evidence no",
    ],
)
def test_a_wrong_call_is_told_from_a_refusal(placet: Placet, store: Path, line: str) -> None:
    """Exit code 2."""
    assert 2 == placet("window", *line.split(), "--store", store, "--yes")[0]


# --- responses that came late, on paper, or from somebody else -----------------------------------


def test_a_response_that_does_not_count_is_kept_and_ends_with_one(
    placet: Placet, store: Path
) -> None:
    """Not on the roster, or about another text."""
    strange = placet(
        "window", "respond", "w", "--as", "north", "--kind", "objection", "--store", store, "--yes"
    )
    wrong = placet(*OBJECTION, "--text-hash", "0" * 64, "--store", store, "--yes")

    assert (1, 1) == (strange[0], wrong[0])
    assert "does not count" in strange[2]
    assert "responder-on-roster" in strange[2]
    assert "text-under-silence" in wrong[2]
    assert "2 refused" in words(wrong[1])
    assert "window.response_refused" == last(store)


def test_a_late_objection_is_kept_without_effect(placet: Placet, past: Path) -> None:
    """It says so before and after, and ends with 1."""
    requested = placet(*OBJECTION, "--store", past)
    done = placet(*OBJECTION, "--store", past, "--yes")

    assert "will be kept as late, will have no effect" in words(requested[2])
    assert 1 == done[0]
    assert "goes to the meeting" in words(done[2])
    assert "window.late_response_received" == last(past)


def test_a_letter_found_after_the_close_suspends_the_approval(
    placet: Placet, past: Path, story: Story, tmp_path: Path
) -> None:
    """It is registered with its time and its paper; two persons rule on it."""
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(b"We object.")
    received = story.state("window/w").closes.exact - HOUR
    text_line = [
        *("window", "register", "w", "--kind", "objection", "--seat", "east", "--seat", "west"),
        *("--channel", "letter", "--received", f"{received:%Y-%m-%dT%H:%MZ}"),
        *("--evidence", letter, "--store", past),
    ]
    story.clock("2026-03-06T12:00:00Z")
    assert "approved" in placet("window", "show", "w", "--store", past)[1]
    requested = placet(*text_line)
    done = placet(*text_line, "--yes")
    kept: Any = events(past)[-1].fact
    ruling = ["window", "rule", "w", "--response", "1", "--breaks", "--reason", "so", "--yes"]
    shown = placet("window", "show", "w", "--store", past)[1]
    entry = placet(*ruling, "--store", past)
    two = placet(*ruling, "--store", past, "--second", "Vice-President")

    assert "The approval will be suspended until two persons have ruled" in words(requested[2])
    assert "It is received when you confirm it" not in requested[2]
    assert 0 == done[0]
    assert ("letter", ("east", "west")) == (kept.response.channel, kept.response.seats)
    assert digest(b"We object.") == kept.response.evidence
    with SqliteStore.open(past) as store:
        assert b"We object." == store.history(ORGANISATION).content(kept.response.evidence)
    assert "approval suspended" in shown
    assert "a ruling on response 1 (presiding officer)" in words(shown)
    assert (1, 0) == (entry[0], two[0])
    found = words(placet("window", "show", "w", "--store", past)[1])
    assert "Ruled by presiding officer with Vice-President on" in found
    assert "response 1 breaks the silence. so" in found
    assert "two persons rule" in entry[2]
    assert "window.approval_revoked" == last(past)


def test_the_paper_of_a_response_can_be_had_again(
    placet: Placet, store: Path, tmp_path: Path
) -> None:
    """As it came, into a new file; a response without one says so."""
    attachment, to = tmp_path / "letter.pdf", tmp_path / "again.pdf"
    attachment.write_bytes(b"We object.")
    text_line = (
        "window",
        "register",
        "w",
        "--kind",
        "editorial comment",
        "--seat",
        "east",
        "--yes",
    )
    came = ("--channel", "letter", "--received", f"{now():%Y-%m-%dT%H:%MZ}", "--store", store)
    placet(*text_line, *came, "--evidence", attachment)
    placet(*text_line, *came)
    asks = ("window", "evidence", "w", "--store", store, "--to", to, "--response")
    done, twice, none = placet(*asks, 1), placet(*asks, 1), placet(*asks, 2)

    assert (0, b"We object.") == (done[0], to.read_bytes())
    assert digest(b"We object.") in words(done[2])
    assert (1, 1) == (twice[0], none[0])
    assert "no paper came with response 2" in words(none[2])


def test_a_paper_that_is_too_large_is_visibly_not_taken(
    placet: Placet, store: Path, tmp_path: Path
) -> None:
    """Its sender can still act: without the paper, or with a smaller one."""
    attachment = tmp_path / "scan.pdf"
    attachment.write_bytes(bytes(16 * 1024 * 1024 + 1))
    before = events(store)
    text_line = ("window", "register", "w", "--kind", "objection", "--seat", "east", "--yes")
    came = f"{now():%Y-%m-%dT%H:%MZ}"
    found = ("--channel", "letter", "--received", came, "--evidence", attachment, "--store", store)
    code, _, err = placet(*text_line, *found)

    assert 1 == code
    assert "it may take 16777216" in words(err)
    assert before == events(store)


# --- what a chair sees ---------------------------------------------------------------------------


def answered(story: Story, seat: str, at: datetime, offset_ms: int | None = None) -> None:
    """A seat objects at this moment, by a clock that is so much off."""
    order = Order(
        command=Respond(window="w", kind="objection", seats=(seat,)),
        command_id=f"of {seat}",
        actor=Actor(role=Role.SEAT, seat=seat),
        at=at,
        received_at=at,
        offset_ms=offset_ms,
    )
    story.placet.handling.handle(ORGANISATION, order)


def test_what_clocks_cannot_tell_is_flagged(placet: Placet, story: Story, tmp_path: Path) -> None:
    """A response near the deadline, one by a clock that is off, and a notice that failed."""
    story.body(parameters={"margin-seconds": "2"})
    story.silence(threshold=2)
    story.do("record notices", window="w", seats=["east"], result="delivered")
    story.do("record notices", window="w", seats=["west"], result="failed")
    ends = story.state("window/w").closes.exact
    answered(story, "east", ends - 10 * HOUR, offset_ms=-1500)
    answered(story, "west", ends - timedelta(seconds=1))
    shown = words(placet("window", "show", "w", "--store", tmp_path / "store")[1])
    decoded = json.loads(placet("window", "show", "w", "--store", tmp_path / "store", "--json")[1])

    assert "response 2 came within 2000 ms of the deadline" in shown
    assert "response 1 was stamped by a clock that was -1500 ms off" in shown
    assert "a failed notice resolved or waived: opening, seat west (secretariat)" in shown
    assert "a ruling on response 2 (presiding officer)" in shown
    assert "objected 1" in shown
    assert "waits for a ruling 1" in shown
    assert {"objected": 1, "waits for a ruling": 1} == decoded["tally"]


def test_what_nobody_rules_on_any_more_is_told_so(
    placet: Placet, story: Story, tmp_path: Path
) -> None:
    """The silence broke before there was a ruling on the unclear answer of east."""
    story.now = now() - HOUR
    story.body()
    story.silence()
    story.respond("unclear")
    story.respond("objection", "west")
    shown = words(placet("window", "show", "w", "--store", tmp_path / "store")[1])

    assert "not ruled on 1" in shown
    assert "waits for a ruling" not in shown
    assert "a ruling on response" not in shown


def test_withheld_names_are_withheld_here_too(placet: Placet, story: Story, tmp_path: Path) -> None:
    """Neither the check before an act nor the show names who answers; failures are counted."""
    story.now = now() - HOUR
    story.body(seats=("east", "secret-seat"))
    story.silence(names_withheld=True)
    story.do("record notices", window="w", seats=["secret-seat"], result="failed")
    text_line = ("window", "respond", "w", "--as", "secret-seat", "--kind", "objection")
    requested = placet(*text_line, "--store", tmp_path / "store")
    shown = placet("window", "show", "w", "--store", tmp_path / "store")[1]
    done = placet(*text_line, "--store", tmp_path / "store", "--yes")
    after = placet("window", "show", "w", "--store", tmp_path / "store")[1]

    assert "This will break the silence" in requested[2]
    assert "failed notices resolved or waived, for 1 seat (" in words(shown)
    for entry in (requested[2], shown, done[1], after):
        assert "secret-seat" not in entry
    assert "withheld" in after


def test_what_became_of_each_item_is_shown(placet: Placet, story: Story, store: Path) -> None:
    """And who withdrew from a joint answer."""
    entries = {"type": "list of entries", "items": ["x", "y", "z"]}
    story.silence(window="v", subject=entries, text={"en": "A list."}, by_item=True)
    story.respond("objection", window="v", items=["y"])
    both: dict[str, Any] = {"window": "v", "seats": ["east", "west"], "items": ["z"]}
    story.do("respond", kind="unclear", **both)
    story.do("withdraw objection", who="seat west", window="v", number=2)
    shown = words(placet("window", "show", "v", "--store", store)[1])

    assert "item outcome x open y broken z open" in shown
    assert "waits for a ruling; withdrawn for west" in shown


def test_all_windows_are_listed(placet: Placet, story: Story, store: Path) -> None:
    """As a table and as JSON, each with its phase."""
    story.silence(window="v")
    story.respond("objection", window="v")
    decoded = json.loads(placet("window", "list", "--store", store, "--json")[1])
    table = placet("window", "list", "--store", store)[1]

    assert {"v": "broken", "w": "open"} == {row["id"]: row["phase"] for row in decoded}
    assert "v broken" in words(table)


def test_an_opening_that_asks_nobody_warns_all_the_same(placet: Placet, store: Path) -> None:
    """The directory is empty; no working day matters where there is no duty station."""
    text_line = (
        "window",
        "open",
        "warned",
        "--body",
        "b",
        "--text",
        "en=A.",
        "--store",
        store,
        "--yes",
    )
    code, _, err = placet(*text_line)

    assert 0 == code
    assert "! No letter can reach these seats" in err
    assert "Working days" not in err


def test_the_text_is_printed_when_asked_for(placet: Placet, store: Path) -> None:
    """`agenda show window/w` prints the same as `window show w --text`."""
    plain = placet("window", "show", "w", "--store", store)[1]
    whole = placet("window", "show", "w", "--text", "--store", store)[1]

    assert "The body decides." not in plain
    assert "[en]\nThe body decides.\n" in whole
    assert whole == placet("agenda", "show", "window/w", "--store", store)[1]


def test_a_waived_rule_is_shown_with_the_reason_of_its_waiver(
    story: Story, placet: Placet, tmp_path: Path
) -> None:
    story.now = now() - HOUR
    story.body()
    story.silence(length="12 hours", waive={"silence-minimum-length": "The ice is coming."})

    code, out, _ = placet("window", "show", "w", "--store", tmp_path / "store")

    assert code == 0
    assert "waiver silence-minimum-length: The ice is coming." in words(out)

"""Receipts: each response gets a signed one, it says what was recorded, and no forgery passes."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.keys.public_keys import PublicKeys
from domain.rules import Refused
from page_tree import parsed, text
from receipt_story import Received
from story import NOON, ORGANISATION
from web_site import made
from wiring import CODEC
from workflows.receipts.format import (
    LABELS,
    InvalidReceipt,
    format_receipt,
    statement,
    verify_receipt,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks for a successor of httpx that need not be there
    from starlette.testclient import TestClient

SIXTY_FOUR = re.compile("^[0-9a-f]{64}$")


@pytest.fixture
def story(tmp_path: Path) -> Received:
    """A body of two seats with a text under silence."""
    found = Received(tmp_path)
    found.body()
    found.silence()
    return found


@pytest.fixture(scope="module")
def objection(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, PublicKeys]:
    """The receipt of an objection, and the public keys."""
    found = Received(tmp_path_factory.mktemp("objection"))
    found.body(seats=("east", "sørland"))
    found.silence()
    answer = found.respond("objection", seat="sørland", text="Red is no colour for buoys.")
    receipt = found.placet.receipts.for_answer(answer)
    assert receipt is not None
    return receipt, found.placet.keys.public()


# --- what a receipt says -------------------------------------------------------------------------


def test_a_receipt_says_what_was_recorded(story: Received) -> None:
    """Window, command, times, the hash of the stored event and of the text, and the key."""
    answer = story.respond("objection", id="my command")
    found, entry = story.verified(answer.events[0].position), answer.events[0]

    assert (ORGANISATION, "w", 1, "objection") == (
        found.organisation,
        found.window,
        found.number,
        found.answered,
    )
    assert (("east",), "counted", "my command") == (found.seats, found.standing, found.command_id)
    assert (entry.received_at, entry.recorded_at) == (found.received_at, found.recorded_at)
    assert (entry.name, entry.version, entry.hash) == (found.event, found.version, found.event_hash)
    assert story.state("window/w").text_hash == found.text_hash
    assert SIXTY_FOUR.match(found.event_hash)
    assert story.placet.keys.in_force(NOON) == found.key_id
    assert found.deadline == str(story.state("window/w").closes)
    assert not found.simulated


def test_a_receipt_can_be_read_without_any_program(
    objection: tuple[bytes, PublicKeys],
) -> None:
    """One fact per line, in words, before the line that is signed."""
    lines = objection[0].decode().splitlines()

    assert "Answered: objection" in lines
    assert "Seats: sørland" in lines
    assert "Standing: counted" in lines
    assert "Refused by rule: none" in lines
    assert "Clock off by, in milliseconds: not measured" in lines
    assert [text_line for text_line in lines if text_line.startswith("Received at: 2026-03-02T12:")]


def late(story: Received) -> None:
    story.at("2026-03-09T12:00:00Z")
    story.respond("objection")


def stranger(story: Received) -> None:
    story.respond("objection", seat="north")


def found_after_the_close(story: Received) -> None:
    story.clock("2026-03-09T12:00:00Z")
    values = {"window": "w", "kind": "objection", "seats": ["east"]}
    story.do("respond", received="2026-03-03T09:00:00Z", **values)


@pytest.mark.parametrize(
    ("act", "standing", "rule"),
    [
        (late, "late", ""),
        (stranger, "refused", "responder-on-roster"),
        (found_after_the_close, "found after the close", ""),
    ],
)
def test_each_response_gets_a_receipt_that_says_how_it_stands(
    story: Received, act: Callable[[Received], None], standing: str, rule: str
) -> None:
    """Also one that is too late or cannot count: its sender can still act, or go to the meeting."""
    act(story)
    here = [event for event in story.events() if hasattr(event.fact, "response")]
    found = story.verified(here[-1].position)

    assert (standing, rule) == (found.standing, found.rule)
    assert bool(rule) == bool(found.reason)


def test_what_clocks_cannot_tell_is_told_as_such(tmp_path: Path) -> None:
    """Within the margin of the deadline neither side is told that it counts or is late."""
    story = Received(tmp_path)
    story.body(parameters={"margin-seconds": "5"})
    story.silence()
    end = story.state("window/w").closes.exact
    story.now = end - timedelta(minutes=1, seconds=2)
    story.respond("objection")

    assert "at the margin" == story.verified().standing


@pytest.mark.parametrize("offset", [None, 0, -740])
def test_the_measured_offset_of_the_clock_is_told(story: Received, offset: int | None) -> None:
    """A response that a wrong clock stamped says by how much that clock was off."""
    story.hear(offset_ms=offset)

    assert offset == story.verified().clock_offset_ms


def test_a_simulated_response_says_so(story: Received) -> None:
    """What was played through in a throw-away store cannot pass for more."""
    story.hear(virtual=True)

    assert story.verified().simulated
    assert b"\nSimulated: yes\n" in (story.receipt() or b"")


def test_a_receipt_tells_of_its_moment_and_of_nothing_later(story: Received) -> None:
    """It has the same bytes whenever it is made: after a ruling, a withdrawal and the close."""
    position = story.respond("unclear").events[0].position
    first = story.receipt(position)
    ruled = {"window": "w", "number": 1, "breaks": True, "reason": "It objects."}
    story.do("rule on response", who="presiding officer", **ruled)
    story.do("withdraw objection", who="seat east", window="w", number=1)
    story.clock("2026-03-09T12:00:00Z")

    assert first is not None
    assert first == story.receipt(position)


def test_nothing_but_a_response_that_was_received_has_a_receipt(story: Received) -> None:
    """Not an opening, and not a response of which only a source tells."""
    opening = story.position
    text = {"body": "b", "subject": {"type": "decision text"}, "closes": "2026-03-01"}
    story.tell("open silence", "2026-02-01", window="past", **text)
    values = {"window": "past", "kind": "objection", "seats": ["east"]}
    answer = story.tell("respond", when="2026-02-02T12:05:00Z", **values)

    assert story.receipt(opening) is None
    assert story.receipt() is None
    assert story.placet.receipts.for_answer(answer) is None
    assert "no response that Placet received" in story.placet.receipts.reason_for_none(
        ORGANISATION, opening
    )
    with pytest.raises(Refused, match="has no event 99"):
        story.receipt(99)


def test_where_names_are_withheld_only_the_sender_gets_a_receipt(tmp_path: Path) -> None:
    """Anybody else would learn from it who answered."""
    story = Received(tmp_path)
    story.body()
    story.silence(names_withheld=True)
    answer = story.respond("objection")
    position = answer.events[0].position
    own = story.placet.receipts.for_answer(answer)

    assert story.receipt(position) is None
    assert "for their senders only" in story.placet.receipts.reason_for_none(ORGANISATION, position)
    assert own is not None
    assert own == story.receipt(position, to_sender=True)
    assert ("east",) == story.verified(position).seats


def test_a_line_of_a_receipt_is_one_line(tmp_path: Path) -> None:
    """Characters that end a line or turn the writing show as escapes, so no line can be added."""
    story = Received(tmp_path)
    story.body()
    story.silence()
    story.respond("reservation", id="mine\nStanding: late\u202e\u2028")
    receipt = story.receipt()
    assert receipt is not None
    lines = receipt.decode().splitlines()

    assert r"Command id: mine\u000aStanding: late\u202e\u2028" in lines
    assert 1 == len([text_line for text_line in lines if text_line.startswith("Standing")])
    assert "mine\nStanding: late\u202e\u2028" == story.verified().command_id


# --- forgeries -----------------------------------------------------------------------------------

Objection = tuple[bytes, PublicKeys]


def valid(content: bytes, keys: PublicKeys) -> bool:
    """Whether this passes for a receipt."""
    try:
        verify_receipt(content, keys, CODEC)
    except InvalidReceipt:
        return False
    return True


def test_no_bit_of_a_receipt_can_be_changed(objection: Objection) -> None:
    """One bit in each of its bytes, and the control: the untouched file is valid."""
    receipt, keys = objection
    changed = (
        receipt[:n] + bytes([byte ^ (1 << n % 8)]) + receipt[n + 1 :]
        for n, byte in enumerate(receipt)
    )

    assert [] == [entry for entry in changed if valid(entry, keys)]
    assert valid(receipt, keys)


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_no_edit_of_a_receipt_is_valid(objection: Objection, data: st.DataObject) -> None:
    """A stretch of it is left out, put in, doubled, or replaced by anything else."""
    receipt, keys = objection
    start = data.draw(st.integers(0, len(receipt)))
    end = data.draw(st.integers(start, min(len(receipt), start + 80)))
    piece = data.draw(st.binary(max_size=80) | st.just(receipt[start:end] * 2))
    edited = receipt[:start] + piece + receipt[end:]

    assert (edited == receipt) == valid(edited, keys)


def test_the_lines_that_people_read_cannot_say_something_else(objection: Objection) -> None:
    """The signature alone would not see it: it covers the last line but one only."""
    receipt, keys = objection
    for was, becomes in (
        (b"Answered: objection", b"Answered: no objection"),
        (b"Standing: counted", b"Standing: late"),
        (b"Seats: s", b"Seats:  s"),
        (b"PLACET RECEIPT\n", b"PLACET RECEIPT\r\n"),
        (b"\nOrganisation", b"\nNote: void\nOrganisation"),
    ):
        assert was in receipt
        with pytest.raises(InvalidReceipt, match="not exactly as Placet writes"):
            verify_receipt(receipt.replace(was, becomes, 1), keys, CODEC)


def test_the_same_signature_in_other_letters_is_none(objection: Objection) -> None:
    """Base64 leaves bits unused at its end, and JSON can be written in many ways."""
    receipt, keys = objection
    head, signed, signature, end = receipt.rsplit(b"\n", 3)
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = alphabet.index(signature[-3])
    other = signature[:-3] + alphabet[last + 1 : last + 2] + b"=="

    assert base64.b64decode(other) == base64.b64decode(signature)
    assert not valid(b"\n".join([head, signed, other, end]), keys)
    spaced = json.dumps(json.loads(signed)).encode()
    assert not valid(b"\n".join([head, spaced, signature, end]), keys)


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"\n\n\n", b"a\nb\nAAAA\n", b"\xff\n{}\n\xff\n", b"[" * 100_000]
)
def test_what_is_no_receipt_is_not_valid(objection: Objection, content: bytes) -> None:
    assert not valid(content, objection[1])


def signed(story: Received, values: object, key_id: str) -> bytes:
    """Something that the keys of the store have signed, in the form of a receipt's end."""
    text_line = json.dumps(
        values, separators=(",", ":"), sort_keys=True, ensure_ascii=False
    ).encode()
    signature = base64.b64encode(story.placet.keys.sign(key_id, text_line))
    return b"\n".join([b"", text_line, signature, b""])


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"format": "placet-receipt/2"}, "its format is"),
        ({"number": "one"}, "no receipt that this version"),
        ({"key_id": "0" * 16}, "names another key"),
        ({"recorded_at": "2026-03-02T12:30:00"}, "no receipt that this version"),
    ],
)
def test_what_the_key_has_signed_must_be_a_receipt(
    story: Received, changes: dict[str, object], because: str
) -> None:
    """Another format, another kind of value, another key than its own, no zone."""
    story.respond("reservation")
    receipt = story.verified()
    values = {**CODEC.to_plain(receipt), **changes}  # type: ignore[dict-item]  # a receipt's fields
    with pytest.raises(InvalidReceipt, match=because):
        verify_receipt(signed(story, values, receipt.key_id), story.placet.keys.public(), CODEC)


# --- the form is for ever ------------------------------------------------------------------------


def test_the_words_of_a_receipt_tell_all_of_it_and_do_not_change() -> None:
    """A receipt is kept for years: another version of the program must write the same bytes."""
    sample = Path(__file__).parents[1] / "samples" / "receipts" / "1.txt"
    receipt = sample.read_bytes()
    keys = PublicKeys.read(sample.with_name("1.public-keys.json"))
    found = verify_receipt(receipt, keys, CODEC)

    assert list(LABELS) == list(CODEC.to_plain(found))  # type: ignore[call-overload]  # a mapping
    assert receipt.split(b"\n")[-3] == statement(found, CODEC)
    assert receipt == format_receipt(found, base64.b64decode(receipt.split(b"\n")[-2]), CODEC)


def test_the_check_that_the_documents_show_needs_no_placet(
    objection: Objection, tmp_path: Path
) -> None:
    """The lines of Python in docs/receipts.md take a receipt, and no forged one."""
    page = (Path(__file__).parents[2] / "docs" / "receipts.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    receipt, keys = objection
    (tmp_path / "check.py").write_text(program, encoding="utf-8")
    (tmp_path / "receipt.txt").write_bytes(receipt)
    (tmp_path / "forged.txt").write_bytes(receipt.replace(b'"objection"', b'"reservation"'))
    (tmp_path / "keys.json").write_text(json.dumps(CODEC.to_plain(keys.keys)), encoding="utf-8")

    def run(file: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-I", "check.py", file, "keys.json"]
        return subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert 0 == run("receipt.txt").returncode
    assert '"standing": "counted"' in run("receipt.txt").stdout
    assert "InvalidSignature" in run("forged.txt").stderr


# --- on pages ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    site = made(tmp_path_factory.mktemp("site") / "store")
    with TestClient(site.app, raise_server_exceptions=False) as opened:
        yield opened


def links(client: TestClient, window: str) -> list[str]:
    """Where the receipts of a window's responses are."""
    page = parsed(client.get(window).text)
    return [str(node) for node in page.xpath("//ol[@class='responses']//@href")]


def test_a_receipt_is_shown_and_can_be_taken_along(client: TestClient) -> None:
    """Each response links to its receipt; page, file and JSON hold the same."""
    first, _ = links(client, "/windows/fiction/a-5-items")
    page, file = client.get(first), client.get(f"{first}.txt")

    assert "Answered: no objection" in text(page.text)
    assert file.text in parsed(page.text).xpath("string(//pre)") + "\n"
    assert file.text == client.get(f"{first}.json").json()["receipt"]
    assert re.match(r'attachment; filename="receipt-\d+\.txt"', file.headers["content-disposition"])
    assert "no-store" == file.headers["cache-control"]
    assert "text/plain; charset=utf-8" == file.headers["content-type"]


def test_the_pages_offer_no_receipt_where_names_are_withheld(client: TestClient) -> None:
    """Neither a link nor, for somebody who guesses the address, the receipt itself."""
    events = client.get("/windows/fiction/sealed-items.json").json()["events"]
    received = [event["position"] for event in events if "response" in event["fact"]]

    assert [] == links(client, "/windows/fiction/sealed-items")
    assert 2 == len(received)
    for position in received:
        for ending in ("", ".txt", ".json"):
            answer = client.get(f"/receipts/fiction/{position}{ending}")
            assert 404 == answer.status_code
            assert "Sealand" not in answer.text


@pytest.mark.parametrize("position", ["1", "99999", "none", "1.txt", "none.txt"])
def test_what_has_no_receipt_is_not_there(client: TestClient, position: str) -> None:
    assert 404 == client.get(f"/receipts/fiction/{position}").status_code


def test_a_page_says_when_no_receipt_can_be_signed(tmp_path: Path) -> None:
    """And nothing of where keys are kept; the response stays on record."""
    site = made(tmp_path / "store")
    for file in (tmp_path / "store" / "keys").glob("*.pem"):
        file.unlink()
    with TestClient(site.app, raise_server_exceptions=False) as client:
        (first, _) = links(client, "/windows/fiction/a-5-items")
        page, file_ = client.get(first), client.get(f"{first}.txt")

    assert (200, 503) == (page.status_code, file_.status_code)
    assert "The response is recorded nevertheless" in text(page.text)
    assert str(tmp_path) not in page.text + file_.text

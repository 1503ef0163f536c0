"""The format of events that decision 21 settles: each sample is computed again from the words."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import structs

from adapters.eventstore import sealing
from adapters.eventstore.envelope import EventRow, encode_event, event_from_row
from adapters.eventstore.sealing import EventKeys, Place, seal, sealed_values
from adapters.eventstore.text_keys import TextKey
from domain.canonical import canonical_json
from domain.ports.errors import MalformedValue

PAGE = Path(__file__).parents[2] / "docs" / "decisions" / "0021-event-format.md"
ORGANISATION, STREAM, VERSION = "harbour", "window/buoys", 4
KEY = bytes(range(32))
SHOWN = {
    "response.text": {"salt": "5a" * 32, "value": "Red buoys cannot be seen at dusk."},
    "response.seats.0": {"salt": "c3" * 32, "value": "north"},
}
HEADS = {"agenda/harbour-5": (12, "0b"), "body/board": (7, "1c"), "window/buoys": (9, "2d")}


def sample(heading: str) -> dict[str, Any]:
    """The JSON that stands under a heading of the decision."""
    text = PAGE.read_text(encoding="utf-8")
    section = text.partition(f"## {heading}")[2].partition("\n## ")[0]
    found = re.search(r"```json\n(.*?)\n```", section, re.DOTALL)
    assert found
    decoded: dict[str, Any] = json.loads(found[1])
    return decoded


def sealed() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = sample("Sealed values")["sealed"]
    return found


def place(path: str, version: int = VERSION) -> bytes:
    return f"sealed/v1\n{ORGANISATION}\n{STREAM}\n{version}\n{path}\n".encode()


def opened(mapping: Mapping[str, str], at: bytes, key: bytes = KEY) -> bytes:
    return AESGCM(key).decrypt(b64decode(mapping["nonce"]), b64decode(mapping["ciphertext"]), at)


@pytest.mark.parametrize("path", SHOWN)
def test_who_has_the_key_reads_a_sealed_value(path: str) -> None:
    assert canonical_json(SHOWN[path]) == opened(sealed()[path], place(path))


@pytest.mark.parametrize("path", SHOWN)
def test_a_sealed_value_is_proved_without_its_key(path: str) -> None:
    """Salt and value are enough; another value, and another place, give another commitment."""
    commitment = sealed()[path]["commitment"]

    def committed(value: object, at: bytes) -> str:
        return hashlib.sha256(at + canonical_json(value)).hexdigest()

    assert commitment == committed(SHOWN[path], place(path))
    assert commitment != committed({**SHOWN[path], "value": "south"}, place(path))
    assert commitment != committed(SHOWN[path], place(path, version=5))


def test_a_ciphertext_cannot_be_moved_or_opened_by_another_key() -> None:
    entry = sealed()["response.text"]

    for key, at in ((KEY, place("response.wording")), (bytes(32), place("response.text"))):
        with pytest.raises(InvalidTag):
            opened(entry, at, key)


@pytest.mark.parametrize("path", SHOWN)
def test_the_program_opens_what_the_decision_shows(path: str) -> None:
    """And seals in a form that it opens, at that place only."""
    place_ = Place(ORGANISATION, STREAM, VERSION)
    stored = sealed_values(json.dumps({"sealed": sealed()}).encode())
    key = TextKey("k", KEY)
    again = seal(place_, {path: SHOWN[path]["value"]}, EventKeys(key, key, key))

    assert SHOWN[path] == structs.asdict(sealing.opened(place_, path, stored[path], KEY))
    assert SHOWN[path]["value"] == sealing.opened(place_, path, again[path], KEY).value
    for elsewhere, secret in ((Place(ORGANISATION, STREAM, 5), KEY), (place_, bytes(32))):
        with pytest.raises(MalformedValue):
            sealing.opened(elsewhere, path, again[path], secret)
    forged = structs.replace(again[path], commitment="0" * 64)
    with pytest.raises(MalformedValue):
        sealing.opened(place_, path, forged, KEY)


def test_no_name_or_text_stands_beside_what_is_sealed() -> None:
    found = json.dumps(sample("Sealed values"))

    assert not [word for word in ("north", "buoys", "dusk") if word in found]


def test_the_heads_of_all_streams_make_one_root() -> None:
    found = sample("A commitment to the heads")

    assert found["root"] == root([leaf(name) for name in sorted(HEADS)])
    assert found["root"] != root([leaf(name) for name in sorted(HEADS)[:2]])
    assert found["streams"] == len(HEADS)


def test_an_envelope_without_repetition_is_read_and_written() -> None:
    """What it leaves out means just that: effective on receipt, and no hash of a further event."""
    state = json.dumps(sample("An envelope without repetition"), separators=(",", ":")).encode()
    row = EventRow(
        id=VERSION,
        originator_id=STREAM,
        originator_version=VERSION,
        topic="window.suspended.v1",
        state=state,
    )
    event = event_from_row(ORGANISATION, row)

    assert event.effective.exact == event.received_at != event.recorded_at
    assert state == encode_event(event)


def leaf(stream: str) -> bytes:
    version, byte = HEADS[stream]
    text_line = f"head/v1\n{ORGANISATION}\n{stream}\n{version}\n{byte * 32}\n"
    return hashlib.sha256(b"\0" + text_line.encode()).digest()


def root(leaves: Sequence[bytes]) -> str:
    def of(some: Sequence[bytes]) -> bytes:
        if len(some) == 1:
            return some[0]
        half = 1
        while half * 2 < len(some):
            half *= 2
        return hashlib.sha256(b"\1" + of(some[:half]) + of(some[half:])).digest()

    return of(leaves).hex()

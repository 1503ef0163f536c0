"""Keys: made once, rotated, kept from others; and receipts on the command line."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from adapters.keys.keyring import Keyring
from adapters.keys.public_keys import PublicKeys
from cli_store import OPEN, step, store
from command_line import Placet
from domain.ports.errors import Unavailable
from receipt_story import Received
from story import NOON
from wiring import CODEC, open_application
from workflows.receipts.format import InvalidReceipt, verify_receipt
from workflows.receipts.issue import Unsigned, is_received_response

__all__ = ["store"]

HOUR = timedelta(hours=1)
ANSWER = "live: respond\nwho: seat east\nwindow: w\nkind: objection\nseats: [east]\nid: mine\n"


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    """Keys of a folder, of which the first was made at noon."""
    made = Keyring(tmp_path)
    made.create(NOON)
    return made


# --- keys ----------------------------------------------------------------------------------------


def test_a_private_key_is_its_owners_alone(keyring: Keyring) -> None:
    """From the first moment; and its public half is listed."""
    (key,) = keyring.public().keys
    (file,) = keyring.folder.glob("*.pem")

    assert f"{key.key_id}.pem" == file.name
    assert 0o600 == file.stat().st_mode & 0o777
    assert 0o700 == keyring.folder.stat().st_mode & 0o777
    assert b"PRIVATE" not in (keyring.folder / "public-keys.json").read_bytes()


def test_a_second_first_key_is_not_made(keyring: Keyring) -> None:
    """It would be in force beside the first; and there is no rotation without a first."""
    with pytest.raises(Unavailable, match="in force already"):
        keyring.create(NOON + HOUR)
    with pytest.raises(Unavailable, match="no key yet"):
        Keyring(keyring.folder).rotate(NOON)

    assert 1 == len(keyring.public().keys)


def test_each_key_signs_what_is_recorded_in_its_time(keyring: Keyring) -> None:
    """The first also what was recorded before there was any."""
    (first,) = keyring.public().keys
    second = keyring.rotate(NOON + HOUR)

    assert first.key_id == keyring.in_force(NOON - HOUR)
    assert first.key_id == keyring.in_force(NOON + HOUR - timedelta(microseconds=1))
    assert second.key_id == keyring.in_force(NOON + HOUR)
    assert [NOON + HOUR, None] == [key.retired for key in keyring.public().keys]
    assert "" == PublicKeys().in_force(NOON)


def test_a_clock_that_was_set_back_makes_no_key(keyring: Keyring) -> None:
    """Two keys would be in force at one moment."""
    with pytest.raises(Unavailable, match="set it right"):
        keyring.rotate(NOON)


def test_a_rotation_changes_no_receipt_that_was_given(tmp_path: Path) -> None:
    """Made again after it, the old receipt has the same bytes; a new one has the new key."""
    story = Received(tmp_path)
    story.body()
    story.silence()
    old = story.respond("reservation").events[0].position
    before, public = story.receipt(old), story.placet.keys.public()
    story.placet.keys.rotate(story.now + timedelta(seconds=1))
    story.respond("objection")
    new = story.position - 1
    first, second = (key.key_id for key in story.placet.keys.public().keys)

    assert before is not None
    assert before == story.receipt(old)
    assert (first, second) == (story.verified(old).key_id, story.verified(new).key_id)
    assert verify_receipt(before, public, CODEC) == story.verified(old)
    with pytest.raises(InvalidReceipt, match="none of the keys"):
        verify_receipt(story.receipt(new) or b"", public, CODEC)


def test_a_retired_key_signs_nothing_later(tmp_path: Path) -> None:
    """Who took it can pass off as later nothing; the control: without the rotation it is valid."""
    story = Received(tmp_path)
    story.body()
    story.silence()
    story.respond("reservation")
    receipt, public = story.receipt() or b"", story.placet.keys.public()
    story.placet.keys.rotate(story.now - timedelta(seconds=1))

    assert "reservation" == verify_receipt(receipt, public, CODEC).answered
    with pytest.raises(InvalidReceipt, match="was not in force"):
        verify_receipt(receipt, story.placet.keys.public(), CODEC)


def test_another_stores_keys_do_not_make_a_receipt_valid(tmp_path: Path) -> None:
    """The maker of a store can sign anything in it, but only with keys of its own."""
    story = Received(tmp_path)
    story.body()
    story.silence()
    story.respond("reservation")
    (tmp_path / "other").mkdir()
    other = Keyring(tmp_path / "other")
    other.create(NOON)
    with pytest.raises(InvalidReceipt, match="none of the keys"):
        verify_receipt(story.receipt() or b"", other.public(), CODEC)


def pem(key: object, password: bytes = b"") -> bytes:
    """A private key of any kind as a file."""
    closed = BestAvailableEncryption(password) if password else NoEncryption()
    found: bytes = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, closed)  # type: ignore[attr-defined]  # of any kind
    return found


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (None, "cannot be read"),
        (b"no key", "no private key that can be read"),
        (pem(Ed25519PrivateKey.generate(), b"secret"), "no private key that can be read"),
        (pem(Ed25519PrivateKey.generate()), "another key than its name says"),
        (pem(generate_private_key(SECP256R1())), "another key than its name says"),
    ],
)
def test_a_key_that_is_not_at_hand_signs_nothing(
    tmp_path: Path, content: bytes | None, because: str
) -> None:
    """The response stands; that it has no receipt is said with the reason."""
    story = Received(tmp_path)
    story.body()
    story.silence()
    (file,) = story.placet.keys.folder.glob("*.pem")
    file.unlink() if content is None else file.write_bytes(content)
    story.respond("objection")

    assert "broken" == story.phase()
    with pytest.raises(Unsigned, match=because):
        story.receipt(story.position - 1)


def test_a_private_key_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    """Somebody may have it by now."""
    story = Received(tmp_path)
    story.body()
    story.silence()
    story.respond("reservation")
    (file,) = story.placet.keys.folder.glob("*.pem")
    file.chmod(0o640)
    with pytest.raises(Unsigned, match="mode 600"):
        story.receipt()
    file.chmod(0o600)

    assert story.receipt()


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("[", "("),
        ('"made"', '"maid"'),
        ('"public_key": "', '"public_key": "AAAA'),
        ('"public_key": "', '"public_key": "é'),
        ('"retired": null', '"retired": "2026-03-02T13:00:00Z"'),
        ('"key_id": "', '"key_id": "0'),
    ],
)
def test_a_list_of_keys_that_contradicts_itself_is_not_believed(
    keyring: Keyring, was: str, becomes: str
) -> None:
    """Ids must be those of the keys; only the last key is in force."""
    path = keyring.folder / "public-keys.json"
    text = path.read_text()
    path.write_text(text.replace(was, becomes, 1))

    assert was in text
    with pytest.raises(Unavailable, match="no list of public keys"):
        keyring.public()


def test_keys_cannot_be_made_in_what_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file")
    with pytest.raises(Unavailable, match="cannot be written"):
        Keyring(tmp_path).create(NOON)


# --- on the command line -------------------------------------------------------------------------


def test_a_receipt_is_written_shown_and_checked_without_the_store(
    placet: Placet, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person who has the receipt and the public keys needs nothing else."""
    receipt, keys = tmp_path / "receipt.txt", tmp_path / "keys.json"
    placet("key", "create", "--store", store)
    placet("agenda", "do", step(tmp_path, OPEN), "--store", store)
    code, _, err = placet(
        "agenda", "do", step(tmp_path, ANSWER), "--store", store, "--receipt", receipt
    )
    shown = placet("receipt", "show", "5", "--store", store)[1]
    keys.write_text(placet("key", "list", "--store", store, "--json")[1])
    store.rename(tmp_path / "elsewhere")
    monkeypatch.setenv("PLACET_STORE", str(tmp_path / "nowhere"))
    checked = placet("receipt", "verify", receipt, "--keys", keys)
    decoded = json.loads(placet("receipt", "verify", receipt, "--keys", keys, "--json")[1])

    assert 0 == code
    assert "Wrote its signed receipt" in err
    assert receipt.read_text() == shown
    assert (0, "") == checked[:2]
    assert ("objection", "mine") == (decoded["answered"], decoded["command_id"])

    receipt.write_text(shown.replace("Seats: east", "Seats: west"))
    assert 3 == placet("receipt", "verify", receipt, "--keys", keys)[0]
    assert 1 == placet("receipt", "verify", tmp_path / "none", "--keys", keys)[0]
    assert 1 == placet("receipt", "verify", receipt, "--keys", tmp_path / "none")[0]
    assert 2 == placet("receipt", "verify", receipt)[0]


def test_without_a_key_a_response_counts_all_the_same(
    placet: Placet, store: Path, tmp_path: Path
) -> None:
    """It is recorded and answered; its receipt can be made when there is a key."""
    placet("agenda", "do", step(tmp_path, OPEN), "--store", store)
    requested = tmp_path / "receipt.txt"
    code, _, err = placet("agenda", "do", step(tmp_path, ANSWER), "--store", store)
    again = placet("agenda", "do", step(tmp_path, ANSWER), "--store", store, "--receipt", requested)
    board = json.loads(placet("agenda", "list", "--store", store, "--json")[1])

    assert (0, "broken") == (code, board[0]["stands"])
    assert "recorded, but without a signed receipt" in err
    assert "placet key create" in err
    assert 1 == again[0]
    assert not requested.exists()
    assert 1 == placet("receipt", "show", "5", "--store", store)[0]

    placet("key", "create", "--store", store)
    assert (0, True) == (
        placet("agenda", "do", step(tmp_path, ANSWER), "--store", store, "--receipt", requested)[0],
        requested.exists(),
    )
    assert requested.read_text() == placet("receipt", "show", "5", "--store", store)[1]


def test_a_receipt_is_written_over_nothing(placet: Placet, store: Path, tmp_path: Path) -> None:
    """The response is recorded, and the answer says how to get its receipt."""
    placet("key", "create", "--store", store)
    placet("agenda", "do", step(tmp_path, OPEN), "--store", store)
    kept = tmp_path / "kept.txt"
    kept.write_text("something")
    words = ("agenda", "do", step(tmp_path, ANSWER), "--store", store)
    code, out, err = placet(*words, "--receipt", kept)

    assert (1, "something") == (code, kept.read_text())
    assert "objection" in out
    assert "placet receipt show 5 -o org" in " ".join(err.split())
    assert "placet receipt show 5 -o org" in " ".join(placet(*words)[2].split())


def test_what_is_no_response_has_no_receipt(placet: Placet, store: Path, tmp_path: Path) -> None:
    """It is done; only who asked for a receipt hears of it."""
    file = tmp_path / "receipt.txt"
    opening = step(tmp_path, OPEN)
    plain = placet("agenda", "do", opening, "--store", store)
    requested = placet("agenda", "do", opening, "--store", store, "--receipt", file)

    assert (0, 1) == (plain[0], requested[0])
    assert "receipt" not in plain[2]
    assert "no response that Placet received" in requested[2]
    assert "no response" in placet("receipt", "show", "4", "--store", store)[2]
    assert not file.exists()


def test_a_receipt_with_a_withheld_name_is_made_for_its_sender_only(
    placet: Placet, store: Path, tmp_path: Path
) -> None:
    """Who makes it again must say that it goes to nobody else."""
    placet("key", "create", "--store", store)
    placet("agenda", "do", step(tmp_path, OPEN + "names_withheld: yes\n"), "--store", store)
    hint = placet("agenda", "do", step(tmp_path, ANSWER), "--store", store)[2]
    shown = ("receipt", "show", "5", "--store", store)

    assert "--to-sender" in hint
    assert (1, "") == placet(*shown)[:2]
    assert "Seats: east" in placet(*shown, "--to-sender")[1]


def test_keys_are_made_rotated_and_listed(placet: Placet, store: Path) -> None:
    """In this order only; the list tells which one is in force."""
    assert 1 == placet("key", "rotate", "--store", store)[0]
    assert [] == json.loads(placet("key", "list", "--store", store, "--json")[1])
    assert 0 == placet("key", "create", "--store", store)[0]
    assert 1 == placet("key", "create", "--store", store)[0]
    assert 0 == placet("key", "rotate", "--store", store)[0]
    listed = placet("key", "list", "--store", store)[1]

    assert 1 == listed.count("in force")
    assert 2 == len(json.loads(placet("key", "list", "--store", store, "--json")[1]))


def test_the_demonstration_can_sign(placet: Placet, tmp_path: Path) -> None:
    """Its throw-away store has a key, and its simulated responses have receipts that say so."""
    demo = tmp_path / "demo"
    placet("demo", "--no-serve", "--store", demo)
    with open_application(demo) as made:
        names = made.store.organisations()
        events = [event for name in names for event in made.store.history(name).since(0, 1000)]
    entry = next(event for event in events if is_received_response(event))
    shown = placet(
        "receipt", "show", str(entry.position), "--store", demo, "-o", entry.organisation
    )

    assert 0 == shown[0]
    assert "Simulated: yes" in shown[1]

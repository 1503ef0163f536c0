"""Texts that may hold personal data are sealed, and can be erased for good."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from adapters.eventstore.integrity import Report
from adapters.sqlite.store import SqliteStore
from adapters.sqlite.text_keys import FILE as KEYS
from adapters.store_factory import copy_store, open_store, upgrade_store
from domain.canonical import canonical_json
from domain.erasures import END, ERASED, MARK, MISSING, TextErased, is_replaced
from domain.intake_entry import IntakeEntry
from domain.rules import Refused
from domain.streams import Stream
from postgres_server import Server, ask
from story import NOON, ORGANISATION, Story
from wiring import Placet, Quiet

TEXT = "Ms Hazel Quartz of 7 Fern Lane cannot travel."
WHY = {"authority": "request of the person concerned", "reason": "A private address."}
DAY = "2026-03-20T12:00:00Z"
WAITING = json.dumps({"text": TEXT}).encode()
"""A response as it lies in the intake, which keeps it in base64."""


@pytest.fixture
def told(place: str) -> Iterator[Story]:
    """A silence procedure with a statement that does not break it, and that holds a name."""
    found = Story(open_store(place))
    found.body(parameters={"longest-outage-minutes": "0"})
    found.silence()
    found.respond("explanation of position", text=TEXT)
    yield found
    found.placet.close()


def erase(story: Story, version: int = 2, **fields: Any) -> Any:
    """Erase the text of an event of the procedure, and carry that out."""
    answer = story.do("erase text", of="window/w", version=version, **(WHY | fields))
    story.placet.store.destroy_erased_texts()
    return answer


def text_of(story: Story, version: int = 2) -> str:
    """The text of a response as it is read from the log."""
    events = story.placet.store.history(ORGANISATION).events_of(Stream.parse("window/w"))
    found: Any = events[version - 1].fact
    text: str = found.response.text
    return text


def shown(story: Story) -> str:
    """The text of the first response as the state of the procedure has it."""
    found: str = story.state("window/w").responses[0].response.text
    return found


def ended(story: Story) -> None:
    """Let the silence end without an objection."""
    story.clock(DAY)


def check(story: Story) -> Report:
    return story.placet.store.check()


# --- sealed -------------------------------------------------------------------------------------


def test_a_text_is_read_as_it_was_sent(told: Story) -> None:
    told.placet.close()
    with closing(Placet(open_store(told.placet.store.place), Quiet())) as again:
        told.placet = again

        assert TEXT == text_of(told) == shown(told)
        assert ("response.text",) == told.events()[-1].sealed
        assert check(told).sound


def test_no_file_and_no_table_holds_the_text_itself(told: Story, cluster: Server) -> None:
    """The control: what is not sealed, such as the kind of the response, is found."""
    told.placet.projections.follow()
    found = everything(told, cluster)

    assert b"explanation of position" in found
    assert TEXT.encode() not in found
    assert secret_of(told) in found


def test_only_the_owner_reads_the_keys(story: Story, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--postgresql"):
        pytest.skip("the server guards its tables")
    story.body()
    story.silence()
    story.respond("objection", text=TEXT)
    keys = Path(story.placet.store.place) / KEYS

    assert 0o600 == keys.stat().st_mode & 0o777


def test_each_event_has_a_key_of_its_own(told: Story) -> None:
    told.respond("explanation of position", seat="west", text=TEXT, wording="Another one.")
    stored = [sealed_of(told, version) for version in (2, 3)]
    keys = [{value["key"] for value in sealed.values()} for sealed in stored]

    assert [1, 1] == [len(key) for key in keys]
    assert keys[0] != keys[1]
    assert {"response.text", "response.wording", "command_hash"} == {*stored[1]}


def test_what_is_sealed_is_what_decision_21_says(told: Story) -> None:
    """A reader without the program computes the commitment from salt and value."""
    proof = told.placet.store.text_proof(ORGANISATION, told.events()[-1].position)
    (text,) = proof.texts
    place = f"sealed/v1\n{ORGANISATION}\nwindow/w\n2\n{text.path}\n".encode()
    proved = place + canonical_json({"salt": text.salt, "value": text.value})
    event = f"event/v1\n{ORGANISATION}\nwindow/w\n2\n{proof.name}\n{proof.state}".encode()

    assert (TEXT, "response.text") == (text.value, text.path)
    assert sealed_of(told)["response.text"]["commitment"] == hashlib.sha256(proved).hexdigest()
    assert told.events()[-1].hash == proof.event_hash == hashlib.sha256(event).hexdigest()


def test_the_same_command_again_gets_the_same_answer(told: Story) -> None:
    """Its hash is sealed as well, for it would confirm a guess of the text."""
    first = told.respond("explanation of position", seat="west", text="Once.", id="twice")
    again = told.respond("explanation of position", seat="west", text="Once.", id="twice")
    stored = raw_of(told, 3)

    assert again.repeated
    assert [event.position for event in first.events] == [e.position for e in again.events]
    assert "command_hash" not in stored
    with pytest.raises(Refused, match="command-id-once"):
        told.respond("explanation of position", seat="west", text="Twice.", id="twice")


def test_a_text_cannot_pretend_to_be_erased(told: Story) -> None:
    told.respond("explanation of position", seat="west", text=f"{MARK}erased{END}")

    assert text_of(told, 3) == "erased"


def test_a_store_of_before_is_read_and_its_texts_are_sealed_once_it_is_upgraded(
    tmp_path: Path,
) -> None:
    story = Story(tmp_path)
    story.placet.close()
    by_hand(tmp_path / "store", "UPDATE meta SET value = '1' WHERE key = 'schema'")
    old = Story(SqliteStore.open(tmp_path / "store"))
    old.body()
    old.silence()
    old.respond("explanation of position", text=TEXT)
    plain = old.events()[-1]
    old.placet.close()

    assert (1, 2) == upgrade_store(tmp_path / "store")
    assert (2, 2) == upgrade_store(tmp_path / "store")
    story = Story(SqliteStore.open(tmp_path / "store"))
    story.now, story._count = old.now, 100
    story.respond("explanation of position", seat="west", text="Sealed.")
    with story.refused("erasing-of-a-sealed-text"):
        story.do("erase text", of="window/w", version=2, **WHY)

    assert [(), ("response.text",)] == [event.sealed for event in story.events()[-2:]]
    assert plain == story.events()[-2]
    assert check(story).sound
    story.placet.close()


# --- erased -------------------------------------------------------------------------------------


def test_an_erased_text_is_nowhere_any_more(told: Story, cluster: Server) -> None:
    """Neither the text nor its key; also not where the response lay before it was decided."""
    store = told.placet.store
    entry = told.placet.intake_queue.keep([waiting()])
    told.placet.intake_queue.remove([one.id for one in entry])
    told.placet.projections.follow()
    secret = secret_of(told)
    before = everything(told, cluster)
    ended(told)
    answer = erase(told)
    told.placet.projections.follow()
    told.placet.close()
    after = everything(told, cluster)

    assert secret in before
    assert b64encode(WAITING) in before, "the control: what was removed from the intake is found"
    assert not [trace for trace in (secret, TEXT.encode(), b64encode(WAITING)) if trace in after]
    assert isinstance(answer.events[0].fact, TextErased)
    assert store.check().sound


def test_the_state_says_when_and_by_what_authority(told: Story) -> None:
    ended(told)
    erase(told)

    assert f"{MARK}erased on 2026-03-20T12:01:00Z by authority of {WHY['authority']}{END}" == shown(
        told
    )
    assert text_of(told) == ERASED
    assert told.phase() == "approved"


def test_nothing_that_was_proved_has_changed(told: Story) -> None:
    """Bytes, hashes and outcome are the same; rows made anew say the same as those carried on."""
    ended(told)
    told.placet.projections.follow()
    before = [(event.position, event.hash) for event in told.events()]
    outcome = told.state("window/w").outcome("")
    erase(told)
    told.placet.projections.follow()

    assert before == [(event.position, event.hash) for event in told.events()[: len(before)]]
    assert outcome == told.state("window/w").outcome("")
    assert not told.placet.projections.verify().differences
    told.placet.projections.rebuild()
    assert not told.placet.projections.verify().differences


def test_the_sender_proves_the_text_when_its_key_is_gone(told: Story) -> None:
    position = told.events()[-1].position
    proof = told.placet.store.text_proof(ORGANISATION, position)
    ended(told)
    erase(told)
    commitment = sealed_of(told)["response.text"]["commitment"]
    (text,) = proof.texts
    place = f"sealed/v1\n{ORGANISATION}\nwindow/w\n2\n{text.path}\n".encode()
    proved = place + canonical_json({"salt": text.salt, "value": text.value})

    assert commitment == hashlib.sha256(proved).hexdigest()
    assert not told.placet.store.text_proof(ORGANISATION, position).texts


def test_a_crash_before_the_key_is_gone_is_made_good(told: Story) -> None:
    """The event is recorded; who reads the state sees no text, and the next start destroys it."""
    ended(told)
    told.do("erase text", of="window/w", version=2, **WHY)

    assert is_replaced(shown(told))
    assert any("is destroyed when the store is served next" in note for note in check(told).notes)
    assert check(told).sound
    assert [] == [*told.placet.processes.prepare_intake()]
    assert text_of(told) == ERASED
    assert 0 == told.placet.store.destroy_erased_texts()
    assert not any("is destroyed when" in note for note in check(told).notes)


def test_a_correction_loses_the_text_too(story: Story) -> None:
    """What a source told of a past silence was corrected: the text goes, old and new."""
    story.body()
    story.tell(
        "open silence",
        "2025-03-01",
        window="w",
        body="b",
        closes="2025-03-08",
        subject={"type": "decision text"},
        text={"en": "The body decides."},
    )
    story.tell(
        "respond",
        "2025-03-02",
        window="w",
        kind="explanation of position",
        seats=["east"],
        text=TEXT,
    )
    story.do(
        "correct fact",
        of="window/w",
        version=2,
        now={"response.text": TEXT + " She said."},
        reason="A sentence was missing.",
        authority="the registry",
    )
    story.tell("record lapse", "2025-03-08", window="w")
    erase(story)

    assert [2, 3] == [e.fact.version for e in story.events() if isinstance(e.fact, TextErased)]
    assert is_replaced(shown(story))
    assert all(is_replaced(text) for text in story.events()[-4].fact.now.values())


# --- refused ------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["authority", "reason"])
def test_who_erases_says_why_and_by_what_authority(told: Story, missing: str) -> None:
    ended(told)
    with told.refused("erasing-has-reason"):
        erase(told, 2, **{missing: ""})


def test_only_staff_erase(told: Story) -> None:
    ended(told)
    with told.refused("live-role"):
        erase(told, who="seat east")


@pytest.mark.parametrize("version", [1, 3, 99])
def test_what_holds_no_sealed_text_cannot_be_erased(told: Story, version: int) -> None:
    ended(told)
    with told.refused("erasing-of-a-sealed-text"):
        erase(told, version=version)


def test_a_text_is_erased_once(told: Story) -> None:
    ended(told)
    erase(told)
    with told.refused("erasing-of-a-sealed-text"):
        erase(told)


def test_what_may_still_decide_is_kept(told: Story) -> None:
    with told.refused("decisive-text-kept"):
        erase(told)


def test_what_decided_is_kept_until_its_retention_ends(place: str) -> None:
    """It is unknown until the body has set it; then it counts from the outcome."""
    story = Story(open_store(place))
    story.body()
    story.silence()
    story.respond("objection", text=TEXT)
    with story.refused("decisive-text-kept"):
        erase(story)
    story.do("adopt rule pack", body="b", pack="generic", parameters={"decisive-text-days": "30"})
    story.at("2026-04-01T11:00:00Z")
    with story.refused("decisive-text-kept"):
        erase(story)
    story.at("2026-04-01T13:00:00Z")
    erase(story)

    assert is_replaced(shown(story))
    assert story.state("window/w").broken_whole
    story.placet.close()


# --- keys elsewhere -----------------------------------------------------------------------------


def test_keys_come_along_in_a_copy(told: Story, cluster: Server, tmp_path: Path) -> None:
    """To the other kind of store, and not those of texts that were erased."""
    told.respond("explanation of position", seat="west", text="It stays.")
    ended(told)
    erase(told)
    here = told.placet.store.place
    there = str(tmp_path / "there") if here.startswith("postgresql") else cluster.database()
    if there.startswith("postgresql"):
        from adapters.postgres.store import PostgresStore

        PostgresStore.create(there, virtual=True, durable=False).close()
    report = copy_store(here, there, lambda *_: None)

    assert report.sound, report.faults
    copied = Story(open_store(there))
    assert (ERASED, "It stays.") == (text_of(copied), text_of(copied, 3))
    copied.placet.close()


def test_a_backup_holds_the_keys_and_without_them_the_check_says_what_is_lost(
    story: Story, tmp_path: Path
) -> None:
    story.body()
    story.silence()
    story.respond("objection", text=TEXT)
    if not isinstance(story.placet.store, SqliteStore):
        pytest.skip("a database is backed up by its own means")
    story.placet.store.backup(tmp_path / "backup")
    with SqliteStore.open(tmp_path / "backup", read_only=True) as backup:
        assert backup.check().sound
    (tmp_path / "backup" / KEYS).unlink()
    restored = Story(SqliteStore.open(tmp_path / "backup"))

    assert MISSING == text_of(restored)
    assert restored.state("window/w").broken_whole
    assert [fault for fault in check(restored).faults if "is missing" in fault]
    restored.placet.close()


def test_a_key_that_went_without_an_act_is_a_fault(told: Story) -> None:
    store = told.placet.store
    store.text_keys.destroy({sealed_of(told)["response.text"]["key"]})

    assert [fault for fault in check(told).faults if "nothing says why" in fault]


def test_an_older_copy_of_the_keys_is_made_good(told: Story) -> None:
    """Restored beside a newer log, it would bring a text back."""
    key, secret = sealed_of(told)["response.text"]["key"], secret_of(told)
    ended(told)
    erase(told)
    keys, place = told.placet.store.text_keys, told.placet.store.place
    if place.startswith("postgresql"):
        ask(place, "UPDATE text_key SET secret = %s WHERE id = %s", secret, key)
        ask(place, "DELETE FROM erased")
    else:
        by_hand(Path(place), "UPDATE text_key SET secret = ? WHERE id = ?", KEYS, secret, key)
        by_hand(Path(place), "DELETE FROM erased", KEYS)

    assert text_of(told) == TEXT
    assert 1 == told.placet.store.destroy_erased_texts()
    assert {key: None} == keys.find({key})


# --- what is looked at --------------------------------------------------------------------------


def waiting() -> Any:

    return IntakeEntry(
        organisation=ORGANISATION,
        window="w",
        seat="east",
        command_id="c",
        response=WAITING,
        received_at=NOON,
        offset_ms=0,
    )


def row_of(story: Story, version: int) -> Any:
    recorder = story.placet.store.history(ORGANISATION).recorder
    return recorder.select_events("window/w", gt=version - 1, lte=version)[0]


def raw_of(story: Story, version: int = 2) -> dict[str, Any]:
    """The event as it is stored."""
    found: dict[str, Any] = json.loads(row_of(story, version).state)
    return found


def sealed_of(story: Story, version: int = 2) -> dict[str, Any]:
    """The sealed values of an event as they are stored."""
    found: dict[str, Any] = raw_of(story, version)["fact"]["sealed"]
    return found


def secret_of(story: Story) -> bytes:
    key = sealed_of(story)["response.text"]["key"]
    secret = story.placet.store.text_keys.find({key})[key]
    assert secret
    return secret


def everything(story: Story, cluster: Server) -> bytes:
    """Every byte of the folder, or of the files of the server's tables after a checkpoint."""
    place = story.placet.store.place
    if not place.startswith("postgresql"):
        return b"".join(path.read_bytes() for path in Path(place).rglob("*") if path.is_file())
    ask(place, "CHECKPOINT")
    ((oid,),) = ask(place, "SELECT oid::text FROM pg_database WHERE datname = current_database()")
    folder = cluster.folder / "base" / str(oid)
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


def by_hand(folder: Path, statement: str, file: str = "log.db", *values: Any) -> None:
    import sqlite3

    with closing(sqlite3.connect(folder / file)) as connection, connection:
        connection.execute(statement, values)

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
from msgspec import structs

from adapters.eventstore.integrity import Report
from adapters.sqlite.store import SqliteStore
from adapters.sqlite.text_keys import FILE as KEYS
from adapters.store_factory import copy_store, open_store, upgrade_store
from domain.actors import Actor, Role
from domain.canonical import canonical_json
from domain.erasures import END, ERASED, MARK, MISSING, TextErased, is_replaced
from domain.intake_entry import IntakeEntry
from domain.messages import Order
from domain.ports.drafts import Draft
from domain.rules import Refused
from domain.silence.commands import RepeatNotices
from domain.streams import Stream
from postgres_server import Server, ask
from story import NOON, ORGANISATION, Story
from wiring import CODEC, Placet, Quiet

TEXT = "Ms Hazel Quartz of 7 Fern Lane cannot travel."
WHY = {"authority": "request of the person concerned", "reason": "A private address."}
DAY = "2026-03-20T12:00:00Z"
WAITING = json.dumps({"text": TEXT}).encode()
"""A response as it lies in the intake, which keeps it in base64."""


DRAFT = Draft(
    id="d" * 22,
    owner="p",
    organisation=ORGANISATION,
    page="/",
    form="/windows/fictional/w/act/hold",
    title="Hold",
    values={},
    changed_at=NOON,
)


@pytest.fixture
def recorded(place: str) -> Iterator[Story]:
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


def test_a_text_is_read_as_it_was_sent(recorded: Story) -> None:
    recorded.placet.close()
    with closing(Placet(open_store(recorded.placet.store.place), Quiet())) as again:
        recorded.placet = again

        assert TEXT == text_of(recorded) == shown(recorded)
        assert ("response.text",) == recorded.events()[-1].sealed
        assert check(recorded).sound


def test_no_file_and_no_table_holds_the_text_itself(recorded: Story, cluster: Server) -> None:
    """The control: what is not sealed, such as the kind of the response, is found."""
    recorded.placet.projections.follow()
    found = everything(recorded, cluster)

    assert b"explanation of position" in found
    assert TEXT.encode() not in found
    assert secret_of(recorded) in found


def test_only_the_owner_reads_the_keys(story: Story, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--postgresql"):
        pytest.skip("the server guards its tables")
    story.body()
    story.silence()
    story.respond("objection", text=TEXT)
    keys = Path(story.placet.store.place) / KEYS

    assert 0o600 == keys.stat().st_mode & 0o777


def test_each_event_has_a_key_of_its_own(recorded: Story) -> None:
    recorded.respond("explanation of position", seat="west", text=TEXT, wording="Another one.")
    stored = [sealed_of(recorded, version) for version in (2, 3)]
    keys = [{value["key"] for value in sealed.values()} for sealed in stored]

    assert [1, 1] == [len(key) for key in keys]
    assert keys[0] != keys[1]
    assert {"response.text", "response.wording", "command_hash"} == {*stored[1]}


def test_what_is_sealed_is_what_decision_21_says(recorded: Story) -> None:
    """A reader without the program computes the commitment from salt and value."""
    proof = recorded.placet.store.text_proof(ORGANISATION, recorded.events()[-1].position)
    (text,) = proof.texts
    place = f"sealed/v1\n{ORGANISATION}\nwindow/w\n2\n{text.path}\n".encode()
    proved = place + canonical_json({"salt": text.salt, "value": text.value})
    event = f"event/v1\n{ORGANISATION}\nwindow/w\n2\n{proof.name}\n{proof.state}".encode()

    assert (TEXT, "response.text") == (text.value, text.path)
    assert sealed_of(recorded)["response.text"]["commitment"] == hashlib.sha256(proved).hexdigest()
    assert recorded.events()[-1].hash == proof.event_hash == hashlib.sha256(event).hexdigest()


def test_the_same_command_again_gets_the_same_answer(recorded: Story) -> None:
    """Its hash is sealed as well, for it would confirm a guess of the text."""
    first = recorded.respond("explanation of position", seat="west", text="Once.", id="twice")
    again = recorded.respond("explanation of position", seat="west", text="Once.", id="twice")
    stored = raw_of(recorded, 3)

    assert again.repeated
    assert [event.position for event in first.events] == [e.position for e in again.events]
    assert "command_hash" not in stored
    with pytest.raises(Refused, match="command-id-once"):
        recorded.respond("explanation of position", seat="west", text="Twice.", id="twice")


def test_a_text_cannot_pretend_to_be_erased(recorded: Story) -> None:
    recorded.respond("explanation of position", seat="west", text=f"{MARK}erased{END}")

    assert text_of(recorded, 3) == "erased"


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


def test_an_erased_text_is_nowhere_any_more(recorded: Story, cluster: Server) -> None:
    """Neither the text nor its key; also not where the response lay before it was decided."""
    store = recorded.placet.store
    entry = recorded.placet.intake_queue.keep([waiting()])
    recorded.placet.intake_queue.remove([each.id for each in entry])
    recorded.placet.projections.follow()
    secret = secret_of(recorded)
    before = everything(recorded, cluster)
    ended(recorded)
    answer = erase(recorded)
    recorded.placet.projections.follow()
    recorded.placet.close()
    after = everything(recorded, cluster)

    assert secret in before
    assert b64encode(WAITING) in before, "the control: what was removed from the intake is found"
    assert not [trace for trace in (secret, TEXT.encode(), b64encode(WAITING)) if trace in after]
    assert isinstance(answer.events[0].fact, TextErased)
    assert store.check().sound


WORDS = {
    "authority": "letter of Ms Hazel Quartz",
    "waiver": "Mr Olm Ravine leaves tomorrow",
    "hold": "Ms Fern is on her way",
    "release": "Ms Fern has arrived",
    "superseded": "Mr Alder found a slip",
    "draft": "Ms Rowan thinks so",
}
"""What somebody wrote, and what must not be left."""


def test_no_word_is_left_of_what_was_written_around_an_act(story: Story, cluster: Server) -> None:
    """Reasons of holds and waivers, authorities, and a form that was confirmed long ago.

    The act stands in two streams: what was ordered goes in both.
    """
    story.body(parameters={"longest-outage-minutes": "0", "decisive-text-days": "0"})
    story.agenda("1")
    story.do("submit items", agenda="a", to="b")
    by = {"authority": WORDS["authority"]}
    story.silence(
        length="8 hours",
        waive={"silence-minimum-length": WORDS["waiver"]},
        subject={"type": "agenda items", "agenda": "a"},
        text={},
    )
    story.do("hold silence", window="w", reason=WORDS["hold"], **by)
    story.do("release silence", window="w", reason=WORDS["release"], who="presiding officer")
    chair = {"who": "presiding officer"}
    story.do("supersede silence", window="w", reason=WORDS["superseded"], **by, **chair)
    drafts = story.placet.store.drafts()
    drafts.put(structs.replace(DRAFT, values={"reason": (WORDS["draft"],)}))
    drafts.record(DRAFT, "/recorded/1")
    story.placet.projections.follow()
    before, keys = everything(story, cluster), story.placet.store.text_keys
    secrets = [s for s in keys.find(key_ids_of(story)).values() if s]
    for event in [e for e in story.events() if e.sealed and e.stream.kind == "window"]:
        story.do("erase text", of="window/w", version=event.version, **WHY)
    story.placet.store.destroy_erased_texts()
    story.placet.projections.follow()
    histories = b"".join(read_again(story))
    after = everything(story, cluster)
    drafts.close()

    assert WORDS["draft"].encode() in before, "the control: a form that was confirmed is found"
    assert [True] * len(secrets) == [secret in before for secret in secrets]
    assert len(secrets) >= 5
    assert [] == [word for word in WORDS.values() if word.encode() in after + histories]
    assert [] == [secret for secret in secrets if secret in after]
    assert story.placet.store.check().sound


def read_again(story: Story) -> Iterator[bytes]:
    """All events as they are read, of whatever stream."""
    for event in story.placet.store.history(ORGANISATION).since(0, 1_000):
        yield repr(event).encode()


def key_ids_of(story: Story) -> set[str]:
    """The keys that any event names."""
    rows = story.placet.store.history(ORGANISATION).recorder.select_notifications(1, 1_000)
    return {
        value["key"]
        for row in rows
        for value in json.loads(row.state)["fact"].get("sealed", {}).values()
    }


def test_what_was_ordered_has_a_key_of_its_own_in_several_events(story: Story) -> None:
    """It goes with any of them; the text of one goes alone, but the hash of the order goes too."""
    story.body(parameters={"longest-outage-minutes": "0"})
    story.silence()
    first = CODEC.from_plain(
        {"window": "w", "seats": ["east"], "about": "opening", "reason": "Ms Quartz moved."},
        RepeatNotices,
    )
    second = structs.replace(first, seats=("west",), reason="Mr Ravine moved.")
    order = Order(
        command=first,
        further=(second,),
        command_id="both",
        actor=Actor(role=Role.SECRETARIAT),
        at=story.now,
        received_at=story.now,
        authority="letter of Ms Quartz",
    )
    story.placet.handling.handle(ORGANISATION, order)
    here, there = (sealed_of(story, version) for version in (2, 3))
    named = [here["reason"]["key"], there["reason"]["key"], here["order.authority"]["key"]]

    assert 4 == len({*named, here["command_hash"]["key"]})
    assert here["order.authority"]["key"] == there["order.authority"]["key"]
    erase(story, 3)
    events: list[Any] = [*story.placet.store.history(ORGANISATION).since(0, 99)][-3:-1]
    assert ["Ms Quartz moved.", ERASED] == [event.fact.reason for event in events]
    assert [ERASED, ERASED] == [event.authority for event in events]
    assert ERASED == events[0].command_hash
    assert check(story).sound


def test_the_state_says_when_and_by_what_authority(recorded: Story) -> None:
    ended(recorded)
    erase(recorded)

    assert f"{MARK}erased on 2026-03-20T12:01:00Z by authority of {WHY['authority']}{END}" == shown(
        recorded
    )
    assert text_of(recorded) == ERASED
    assert recorded.phase() == "approved"


def test_nothing_that_was_proved_has_changed(recorded: Story) -> None:
    """Bytes, hashes and outcome are the same; rebuilt rows say the same as those carried on."""
    ended(recorded)
    recorded.placet.projections.follow()
    before = [(event.position, event.hash) for event in recorded.events()]
    outcome = recorded.state("window/w").outcome("")
    erase(recorded)
    recorded.placet.projections.follow()

    assert before == [(event.position, event.hash) for event in recorded.events()[: len(before)]]
    assert outcome == recorded.state("window/w").outcome("")
    assert not recorded.placet.projections.verify().differences
    recorded.placet.projections.rebuild()
    assert not recorded.placet.projections.verify().differences


def test_the_sender_proves_the_text_when_its_key_is_gone(recorded: Story) -> None:
    position = recorded.events()[-1].position
    proof = recorded.placet.store.text_proof(ORGANISATION, position)
    ended(recorded)
    erase(recorded)
    commitment = sealed_of(recorded)["response.text"]["commitment"]
    (text,) = proof.texts
    place = f"sealed/v1\n{ORGANISATION}\nwindow/w\n2\n{text.path}\n".encode()
    proved = place + canonical_json({"salt": text.salt, "value": text.value})

    assert commitment == hashlib.sha256(proved).hexdigest()
    assert not recorded.placet.store.text_proof(ORGANISATION, position).texts


def test_a_crash_before_the_key_is_gone_is_made_good(recorded: Story) -> None:
    """The event is recorded; who reads the state sees no text, and the next start destroys it."""
    ended(recorded)
    recorded.do("erase text", of="window/w", version=2, **WHY)

    assert is_replaced(shown(recorded))
    assert any(
        "is destroyed when the store is served next" in note for note in check(recorded).notes
    )
    assert check(recorded).sound
    assert [] == [*recorded.placet.processes.prepare_intake()]
    assert text_of(recorded) == ERASED
    assert 0 == recorded.placet.store.destroy_erased_texts()
    assert not any("is destroyed when" in note for note in check(recorded).notes)


# --- keys elsewhere -----------------------------------------------------------------------------


def test_keys_come_along_in_a_copy(recorded: Story, cluster: Server, tmp_path: Path) -> None:
    """To the other kind of store, and not those of texts that were erased."""
    recorded.respond("explanation of position", seat="west", text="It stays.")
    ended(recorded)
    erase(recorded)
    here = recorded.placet.store.place
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


def test_a_key_that_went_without_an_act_is_a_fault(recorded: Story) -> None:
    store = recorded.placet.store
    store.text_keys.destroy({sealed_of(recorded)["response.text"]["key"]})

    assert [fault for fault in check(recorded).faults if "nothing says why" in fault]


def test_an_older_copy_of_the_keys_is_made_good(recorded: Story) -> None:
    """Restored beside a newer log, it would bring a text back."""
    key, secret = sealed_of(recorded)["response.text"]["key"], secret_of(recorded)
    ended(recorded)
    erase(recorded)
    keys, place = recorded.placet.store.text_keys, recorded.placet.store.place
    if place.startswith("postgresql"):
        ask(place, "UPDATE text_key SET secret = %s WHERE id = %s", secret, key)
        ask(place, "DELETE FROM erased")
    else:
        by_hand(Path(place), "UPDATE text_key SET secret = ? WHERE id = ?", KEYS, secret, key)
        by_hand(Path(place), "DELETE FROM erased", KEYS)

    assert text_of(recorded) == TEXT
    assert 1 == recorded.placet.store.destroy_erased_texts()
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

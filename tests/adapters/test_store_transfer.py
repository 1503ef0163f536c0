"""A log is copied from one store to another, byte for byte, or the copy is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from adapters.eventstore import transfer
from adapters.eventstore.transfer import copy_logs
from adapters.postgres.address import without_password
from adapters.sqlite.store import SqliteStore
from adapters.store_factory import AnyStore, open_store
from command_line import Placet
from domain.canonical import digest
from domain.ports.errors import Unavailable
from event_factory import append, body, keep, recorded
from postgres_server import Server, ask, new_store

TEXT = b"the text of a decision"
HELD = "is sound and holds 1 events and 1 contents.\n"
Rows = list[tuple[object, ...]]


@pytest.fixture
def places(tmp_path: Path, cluster: Server) -> Callable[[str], str]:
    """Where a new, empty store of a kind is."""

    def place(kind: str) -> str:
        if kind == "PostgreSQL":
            return new_store(cluster)
        folder = tmp_path / f"store{len(list(tmp_path.iterdir()))}"
        SqliteStore.create(folder).close()
        return str(folder)

    return place


@pytest.fixture(params=[("SQLite", "PostgreSQL"), ("PostgreSQL", "SQLite")], ids="->".join)
def pair(
    request: pytest.FixtureRequest, places: Callable[[str], str]
) -> Iterator[tuple[AnyStore, AnyStore]]:
    """A source with two organisations, and an empty target of the other kind."""
    entry, other = request.param
    with open_store(places(entry)) as source, open_store(places(other)) as target:
        contents = {digest(TEXT): TEXT, digest(b""): b""}
        keep(source.history("un"), [recorded(body("wg7"), 1)], contents)
        for _ in range(11):
            append(source.history("un"), body("wg8"))
        append(source.history("oas"), body("wg7"))
        yield source, target


def rows(store: AnyStore) -> Rows:
    """Everything that a store holds of its organisations."""
    found: Rows = []
    for name in store.organisations():
        recorder = store.history(name).recorder
        found += [(name, row) for row in recorder.select_notifications(1, 1000)]
        found += [(name, content, recorder.content(content)) for content in recorder.contents()]
    return found


def silent(name: str, done: int, total: int) -> None:
    """Nobody watches."""


def test_a_copy_holds_every_event_at_its_position_byte_for_byte(
    pair: tuple[AnyStore, AnyStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = pair
    monkeypatch.setattr(transfer, "PAGE", 5)
    received: list[tuple[str, int, int]] = []

    assert {"oas": 1, "un": 12} == copy_logs(
        source, target, lambda *values: received.append(values)
    )
    assert rows(source) == rows(target)
    assert () == target.check().faults
    assert [("oas", 1, 1), ("un", 5, 12), ("un", 10, 12), ("un", 12, 12)] == received
    append(target.history("un"), body("wg8"))
    assert 13 == target.history("un").last_position()


def test_an_interrupted_copy_is_completed(
    pair: tuple[AnyStore, AnyStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = pair
    monkeypatch.setattr(transfer, "PAGE", 5)

    def interrupt(name: str, done: int, total: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_logs(source, target, interrupt)
    assert 5 == target.history("un").last_position()
    received: list[int] = []
    copy_logs(source, target, lambda *values: received.append(values[1]))

    assert [10, 12] == received
    assert rows(source) == rows(target)
    copy_logs(source, target, silent)
    assert rows(source) == rows(target)


def test_a_target_that_holds_something_else_is_refused(pair: tuple[AnyStore, AnyStore]) -> None:
    source, target = pair
    append(target.history("un"), body("other"))
    before = rows(target)

    with pytest.raises(Unavailable, match="Event 1 of un is not the same in source and target"):
        copy_logs(source, target, silent)
    assert before == [row for row in rows(target) if row[0] == "un"]


def test_a_target_that_is_ahead_or_of_others_is_refused(pair: tuple[AnyStore, AnyStore]) -> None:
    source, target = pair
    copy_logs(source, target, silent)
    append(target.history("un"), body("wg8"))
    with pytest.raises(Unavailable, match="Event 13 of un is not the same"):
        copy_logs(source, target, silent)
    append(target.history("icao"), body("wg8"))
    with pytest.raises(Unavailable, match="The target holds icao, unlike the source"):
        copy_logs(source, target, silent)


def test_one_organisation_is_copied_beside_others(pair: tuple[AnyStore, AnyStore]) -> None:
    source, target = pair
    append(target.history("icao"), body("council"))
    before = rows(target)
    with pytest.raises(Unavailable, match="The source holds nothing of unesco"):
        copy_logs(source, target, silent, ["oas", "unesco"])
    assert before == rows(target)

    assert {"oas": 1} == copy_logs(source, target, silent, ["oas"])
    assert [*before, *(row for row in rows(source) if row[0] == "oas")] == rows(target)
    assert () == target.check().faults


def test_a_copy_beside_somebody_who_writes_is_refused(
    pair: tuple[AnyStore, AnyStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = pair
    monkeypatch.setattr(transfer, "PAGE", 5)

    def write(name: str, done: int, total: int) -> None:
        if done == 5:
            append(target.history("un"), body("theirs"))

    with pytest.raises(Unavailable, match="Somebody else writes to the target"):
        copy_logs(source, target, write)


def test_simulated_acts_do_not_get_among_history(
    tmp_path: Path, places: Callable[[str], str]
) -> None:
    with (
        SqliteStore.create(tmp_path / "virtual", virtual=True) as source,
        open_store(places("PostgreSQL")) as target,
        pytest.raises(Unavailable, match="Simulated acts belong"),
    ):
        copy_logs(source, target, silent)


def test_a_content_that_changed_on_its_way_is_found(places: Callable[[str], str]) -> None:
    where = places("PostgreSQL")
    with open_store(places("SQLite")) as source, open_store(where) as target:
        keep(source.history("un"), [recorded(body("wg7"), 1)], {digest(TEXT): TEXT})
        copy_logs(source, target, silent)
        ask(where, "SET session_replication_role = replica; UPDATE content SET bytes = 'x'")
        with pytest.raises(Unavailable, match="did not arrive as it was"):
            copy_logs(source, target, silent)


def test_an_event_that_changed_in_both_stores_is_found(places: Callable[[str], str]) -> None:
    """Two equal rows are not enough: each must fit its hash."""
    entry, other = places("PostgreSQL"), places("PostgreSQL")
    with open_store(entry) as source, open_store(other) as target:
        append(source.history("un"), body("wg7"))
        copy_logs(source, target, silent)
        for place in (entry, other):
            ask(place, "SET session_replication_role = replica; UPDATE event SET state = 'x'")
        with pytest.raises(Unavailable, match="Event 1 of un is not the same"):
            copy_logs(source, target, silent)


def test_the_command_makes_a_target_in_a_folder_and_checks_it(
    places: Callable[[str], str], placet: Placet, tmp_path: Path
) -> None:
    where = places("PostgreSQL")
    with open_store(where) as store:
        keep(store.history("un"), [recorded(body("wg7"), 1)], {digest(TEXT): TEXT})

    found = placet("store", "copy", where, tmp_path / "new")
    assert (0, f"Copied; {tmp_path / 'new'} {HELD}") == found[::2]
    again = placet("store", "copy", tmp_path / "new", where)
    assert (0, f"Copied; {without_password(where)} {HELD}") == again[::2]
    ask(where, "DROP TRIGGER content_stays ON content")
    code, _, said = placet("store", "copy", tmp_path / "new", where)
    assert (3, True) == (code, "is not sound" in said)

"""Drafts: kept for their owner only, on each kind of store, and forgotten after a while."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from adapters.store_factory import open_store
from domain.ports import drafts as port
from domain.ports.drafts import LARGEST, Draft, DraftStore, Prepared, TooManyDrafts
from domain.ports.errors import TooLarge
from story import NOON


@pytest.fixture
def drafts(place: str) -> Iterator[DraftStore]:
    """Where drafts lie, on each kind of store."""
    with open_store(place) as store:
        found = store.drafts()
        yield found
        found.close()


def draft(name: str = "1", **fields: Any) -> Draft:
    """What Ada has written so far."""
    known: dict[str, Any] = {
        "owner": "ada",
        "organisation": "fictional",
        "page": "/agendas/fictional/a",
        "form": "/agendas/fictional/a/act/propose-item",
        "title": "Propose an item",
        "values": {"title-en": ["Buoys"]},
        "changed_at": NOON,
    }
    return Draft(id=name, **known | fields)


def test_a_draft_is_read_by_its_owner_and_by_nobody_else(drafts: DraftStore) -> None:
    kept = drafts.put(draft())

    assert kept
    assert draft() == drafts.get("1", "ada", NOON)
    assert drafts.get("1", "bob", NOON) is None
    assert drafts.get("1", "", NOON) is None
    assert drafts.get("2", "ada", NOON) is None


def test_nobody_writes_over_the_draft_of_another(drafts: DraftStore) -> None:
    drafts.put(draft(saved=True))
    taken = drafts.put(draft(owner="bob", values={}))
    drafts.remove("1", "bob")

    assert not taken
    assert draft(saved=True) == drafts.get("1", "ada", NOON)
    assert [] == drafts.in_progress("bob", "fictional", NOON)


def test_what_is_in_progress_is_listed_the_latest_first_until_it_is_deleted(
    drafts: DraftStore,
) -> None:
    later = draft("3", saved=True, changed_at=NOON + timedelta(minutes=1))
    for each in (draft("1", saved=True), draft("2"), later, draft("4", organisation="other")):
        drafts.put(each)
    listed = [each.id for each in drafts.in_progress("ada", "fictional", NOON)]
    drafts.remove("3", "ada")

    assert ["3", "1", "2"] == listed
    assert ["1", "2"] == [each.id for each in drafts.in_progress("ada", "fictional", NOON)]


def test_with_an_account_all_that_it_has_written_is_erased(drafts: DraftStore) -> None:
    for each in (draft("1"), draft("2", saved=True), draft("3", owner="bob")):
        drafts.put(each)
    drafts.put(draft("4", waits=PREPARED))
    drafts.erase("ada")

    assert [] == drafts.in_progress("ada", "fictional", NOON)
    assert drafts.find_waiting("4", NOON) is None
    assert drafts.get("3", "bob", NOON)


def test_drafts_are_forgotten_after_a_while_and_saved_ones_later(drafts: DraftStore) -> None:
    drafts.put(draft("1"))
    drafts.put(draft("2", saved=True))
    two_days, month = NOON + port.KEPT_IN_PROGRESS, NOON + port.KEPT_SAVED

    assert drafts.get("1", "ada", two_days - timedelta(seconds=1))
    assert drafts.get("1", "ada", two_days) is None
    assert drafts.get("2", "ada", month - timedelta(seconds=1))
    assert [] == drafts.in_progress("ada", "fictional", month)
    drafts.put(draft("3", changed_at=month))
    assert drafts.get("2", "ada", NOON) is None  # gone from the table, too


def test_what_was_recorded_keeps_the_address_and_not_the_words(drafts: DraftStore) -> None:
    drafts.put(draft(saved=True))
    drafts.record(draft(saved=True), "/agendas/fictional/a/recorded/9")
    again = drafts.put(draft(values={"title-en": ("Ropes",)}))
    found = drafts.get("1", "ada", NOON)

    assert not again
    assert found is not None
    assert ({}, "/agendas/fictional/a/recorded/9") == (found.values, found.recorded)
    assert [] == drafts.in_progress("ada", "fictional", NOON)


def test_a_draft_has_a_largest_size(drafts: DraftStore) -> None:
    with pytest.raises(TooLarge):
        drafts.put(draft(values={"text": ("x" * LARGEST,)}))

    assert drafts.get("1", "ada", NOON) is None


def test_the_oldest_in_progress_go_and_what_was_saved_stays(
    drafts: DraftStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("adapters.stored_drafts.MOST",):
        monkeypatch.setattr(name, 2)
    for number in range(4):
        drafts.put(draft(f"{number}", changed_at=NOON + timedelta(seconds=number)))
    drafts.put(draft("a", saved=True))
    drafts.put(draft("b", saved=True))
    with pytest.raises(TooManyDrafts):
        drafts.put(draft("c", saved=True))
    drafts.put(structs.replace(draft("b", saved=True), values={}))

    there = [name for name in ("0", "1", "2", "3", "a", "b", "c") if drafts.get(name, "ada", NOON)]
    assert ["2", "3", "a", "b"] == there


# --- What waits for the second of two persons -----------------------------------------------------

PREPARED = Prepared(
    act="rule on response",
    command='{"window":"w"}',
    stream="window/w",
    role="presiding officer",
    authenticated_by="password",
    command_id="one",
    seen=7,
)


def waits(name: str = "1", **fields: Any) -> Draft:
    """What Ada has prepared for another person."""
    return draft(name, **({"values": {}, "waits": PREPARED} | fields))


def test_what_waits_is_found_by_everybody_until_it_expires(drafts: DraftStore) -> None:
    assert [] == drafts.waiting("fictional", NOON)
    drafts.put(draft("1"))
    drafts.put(waits("1"))
    drafts.put(waits("2", owner="bob", changed_at=NOON + timedelta(minutes=1)))
    drafts.put(waits("3", organisation="other"))
    drafts.put(draft("4", saved=True))
    week = NOON + port.KEPT_WAITING

    assert ["2", "1"] == [each.id for each in drafts.waiting("fictional", NOON)]
    assert waits("1") == drafts.find_waiting("1", NOON)
    assert drafts.find_waiting("4", NOON) is None
    assert drafts.find_waiting("1", week - timedelta(seconds=1))
    assert drafts.find_waiting("1", week) is None
    assert ["2"] == [each.id for each in drafts.waiting("fictional", week)]
    assert ["4"] == [each.id for each in drafts.in_progress("ada", "fictional", NOON)]


def test_what_waits_is_neither_written_over_nor_deleted_as_a_form(drafts: DraftStore) -> None:
    drafts.put(waits())

    assert not drafts.put(draft(values={"reason": ("Another one.",)}))
    assert not drafts.put(waits(changed_at=NOON + timedelta(days=1)))
    drafts.remove("1", "ada")
    assert waits() == drafts.find_waiting("1", NOON)


def test_one_takes_it_in_hand_and_meanwhile_nobody_else_settles_it(drafts: DraftStore) -> None:
    drafts.put(waits())
    soon = NOON + port.CLAIM_LASTS

    assert drafts.claim("1", NOON)
    assert not drafts.claim("1", soon - timedelta(seconds=1))
    assert not drafts.take_back("1", "ada")
    assert not drafts.decline(waits())
    assert drafts.claim("1", soon)
    drafts.unclaim("1")
    assert drafts.claim("1", soon)
    drafts.record(waits(), "/recorded/9")
    assert not drafts.claim("1", soon + port.CLAIM_LASTS)
    drafts.unclaim("1")
    assert not drafts.take_back("1", "ada")
    assert [] == drafts.waiting("fictional", NOON)
    found = drafts.find_waiting("1", NOON)
    assert found is not None
    assert found.waits is not None
    assert ("/recorded/9", "") == (found.recorded, found.waits.command)
    assert not drafts.claim("2", NOON)


def test_its_owner_takes_it_back_and_another_person_declines_it(drafts: DraftStore) -> None:
    declined = structs.replace(PREPARED, declined="It is another text.")
    drafts.put(waits("1"))
    drafts.put(waits("2"))

    assert not drafts.take_back("1", "bob")
    assert drafts.take_back("1", "ada")
    assert not drafts.take_back("1", "ada")
    assert not drafts.claim("1", NOON)
    assert drafts.decline(waits("2", waits=declined))
    assert waits("2", waits=declined) == drafts.find_waiting("2", NOON)


def test_so_much_waits_of_one_owner(drafts: DraftStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.stored_drafts.MOST_WAITING", 1)
    drafts.put(waits("1"))
    with pytest.raises(TooManyDrafts):
        drafts.put(waits("2"))
    drafts.put(waits("3", owner="bob"))
    drafts.record(waits("1"), "/recorded/9")
    drafts.put(waits("2"))

    assert ["2", "3"] == sorted(each.id for each in drafts.waiting("fictional", NOON))

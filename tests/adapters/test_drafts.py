"""Drafts: kept for their owner only, on each kind of store, and forgotten after a while."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from adapters.store_factory import open_store
from domain.ports import drafts as port
from domain.ports.drafts import LARGEST, Draft, DraftStore, TooManyDrafts
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
    assert [] == drafts.saved("bob", "fictional", NOON)


def test_what_was_saved_is_listed_the_latest_first_until_it_is_deleted(
    drafts: DraftStore,
) -> None:
    later = draft("3", saved=True, changed_at=NOON + timedelta(minutes=1))
    for each in (draft("1", saved=True), draft("2"), later, draft("4", organisation="other")):
        drafts.put(each)
    listed = [each.id for each in drafts.saved("ada", "fictional", NOON)]
    drafts.remove("3", "ada")

    assert ["3", "1"] == listed
    assert ["1"] == [each.id for each in drafts.saved("ada", "fictional", NOON)]


def test_drafts_are_forgotten_after_a_while_and_saved_ones_later(drafts: DraftStore) -> None:
    drafts.put(draft("1"))
    drafts.put(draft("2", saved=True))
    two_days, month = NOON + port.KEPT_IN_PROGRESS, NOON + port.KEPT_SAVED

    assert drafts.get("1", "ada", two_days - timedelta(seconds=1))
    assert drafts.get("1", "ada", two_days) is None
    assert drafts.get("2", "ada", month - timedelta(seconds=1))
    assert [] == drafts.saved("ada", "fictional", month)
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
    assert [] == drafts.saved("ada", "fictional", NOON)


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

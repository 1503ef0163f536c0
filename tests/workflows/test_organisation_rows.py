"""The rows of some organisations: as if there were no others, in pages and both ways."""

from __future__ import annotations

import pytest

from domain.ports.read_models import Row
from workflows.projections.in_memory import InMemoryRows
from workflows.projections.rows import BodyRow
from workflows.projections.stream_rows import StatusRows
from workflows.queries import organisation_rows
from workflows.queries.organisation_rows import OrganisationRows

PLACE = "waiting"


@pytest.fixture
def kept() -> InMemoryRows:
    """Ten bodies of each of three organisations, which stand at one place in turn."""
    made = InMemoryRows()
    for organisation in ("a", "b", "c"):
        rows: dict[tuple[str, str], Row | None] = {}
        places: dict[tuple[str, str], tuple[str, str, str]] = {}
        for number in range(10):
            key = BodyRow.view, f"{organisation}-{number}"
            rows[key] = BodyRow(id=key[1], names={}, fictional=True, line_days=({}, {}))
            places[key] = (PLACE, str(number), organisation)
        made.add(organisation, StatusRows(rows, places))
    return made


def listed(rows: OrganisationRows, limit: int, *, backwards: bool = False) -> list[str]:
    marks = rows.list_rows(BodyRow.view, PLACE, limit, backwards=backwards)
    return [key for _, _, key in marks]


@pytest.mark.parametrize("at_once", [1, 7, 500])
def test_rows_of_others_are_left_out_of_every_page(
    kept: InMemoryRows, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(organisation_rows, "AT_ONCE", at_once)
    rows = OrganisationRows(kept, frozenset({"a", "c"}))
    expected = [f"{name}-{number}" for number in range(10) for name in ("a", "c")]

    assert expected == listed(rows, 100)
    assert expected[:5] == listed(rows, 5)
    assert expected[::-1] == listed(rows, 100, backwards=True)
    after, before = ("2", "c", "c-2"), ("4", "a", "a-4")
    between = rows.list_rows(BodyRow.view, PLACE, 100, after=after, before=before)
    assert ["a-3", "c-3"] == [key for _, _, key in between]


def test_rows_of_others_are_not_counted(kept: InMemoryRows) -> None:
    rows = OrganisationRows(kept, frozenset({"a", "c"}))

    assert {PLACE: 20} == rows.counts(BodyRow.view)
    assert {PLACE: 10} == rows.counts(BodyRow.view, "a")
    assert {} == rows.counts(BodyRow.view, "b")
    assert 8 == rows.count_up_to(BodyRow.view, PLACE, "3")


def test_rows_of_others_are_not_found_by_their_names(kept: InMemoryRows) -> None:
    rows = OrganisationRows(kept, frozenset({"a"}))
    named = rows.rows_named(BodyRow, [("a", "a-1"), ("b", "b-1")])

    assert [("a", "a-1")] == [*named]
    assert 10 == len([*rows.rows(BodyRow)])
    assert [] == [*rows.rows(BodyRow, "b")]
    assert [] == [*rows.rows_part_of(BodyRow, "b", "b")]
    assert 10 == len(rows.rows_part_of(BodyRow, "a", "a"))

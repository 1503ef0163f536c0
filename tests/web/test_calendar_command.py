"""Calendars of working days: drafted from a library, edited by a person, published, counted."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.sqlite.store import SqliteStore
from command_line import Placet
from story import ORGANISATION, Story
from wiring import now

VIENNA = ("--country", "AT", "--duty-station", "Vienna")


@pytest.fixture
def store(story: Story, tmp_path: Path) -> Path:
    """A store with body `b`, established an hour ago."""
    story.now = now() - timedelta(hours=1)
    story.body(parameters={"closing-hour": "17:00"})
    return tmp_path / "store"


def words(text: str) -> str:
    """The text in one line."""
    return " ".join(text.split())


def edited(placet: Placet, folder: Path, year: int, **changes: str) -> Path:
    """A draft as a person edits it: no draft any more, and with changes of its text."""
    _, text, _ = placet("calendar", "draft", *VIENNA, "--year", str(year))
    for was, becomes in {"draft: yes\n": "", **changes}.items():
        assert was in text
        text = text.replace(was, becomes)
    file = folder / f"vienna-{year}.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_draft_says_that_it_is_one(placet: Placet) -> None:
    """It names its source, and that the organisation's list is another."""
    code, out, err = placet("calendar", "draft", *VIENNA, "--year", "2023")

    assert 0 == code
    assert "draft: yes" in out
    assert "It is NOT the organisation's list" in out
    assert "national holidays of AT, as the library holidays" in words(out)
    assert "  - 2023-06-08  # Corpus Christi\n" in out
    assert "not the organisation's list" in err


def test_a_draft_is_edited_loaded_and_counted(placet: Placet, store: Path, tmp_path: Path) -> None:
    """Before that, working days are refused; afterwards the deadline names its calendars."""
    opening = ("window", "open", "w", "--body", "b", "--text", "en=A.", "--length")
    ten = (*opening, "10 working days", "--store", store, "--yes")
    missing = placet(*ten)
    for year in (now().year, now().year + 1):
        file = edited(placet, tmp_path, year)
        code, _, err = placet("calendar", "load", file, "--body", "b", "--store", store, "--yes")
        assert 0 == code, err
    code, _, err = placet(*ten)
    with SqliteStore.open(store) as kept:
        opened: Any = kept.history(ORGANISATION).since(0, 100)[-1].fact

    assert 1 == missing[0]
    assert "no calendar of working days is published" in missing[2]
    assert 0 == code, err
    assert "Vienna 1" in opened.deadline.calendars
    assert opened.deadline.local.endswith("T17:00:00")
    assert "plus 10 working days" in err


def test_the_calendar_of_another_year_is_none(placet: Placet, store: Path, tmp_path: Path) -> None:
    """A year without its list is refused, never guessed from the one before."""
    file = edited(placet, tmp_path, now().year + 5)
    placet("calendar", "load", file, "--body", "b", "--store", store, "--yes")
    opening = ("window", "open", "w", "--body", "b", "--text", "en=A.", "--store", store)
    code, _, err = placet(*opening, "--length", "10 working days", "--yes")

    assert 1 == code
    assert "no calendar of working days is published" in err
    assert "calendar-published" in err


def test_a_calendar_is_shown_before_it_is_published(
    placet: Placet, store: Path, tmp_path: Path
) -> None:
    """Without --yes and without a terminal nothing is published."""
    file = edited(placet, tmp_path, 2027)
    code, _, err = placet("calendar", "load", file, "--body", "b", "--store", store)

    assert 1 == code
    assert "2027-05-27" in err
    assert "The holidays of Vienna for 2027 were published, version 1." in words(err)
    assert [] == json.loads(placet("calendar", "list", "--store", store, "--json")[1])


def test_calendars_in_force_are_listed(placet: Placet, store: Path, tmp_path: Path) -> None:
    """A later version takes the place of an earlier one."""
    first = edited(placet, tmp_path, 2027)
    placet("calendar", "load", first, "--body", "b", "--store", store, "--yes")
    second = edited(
        placet, tmp_path, 2027, **{'"1"': '"2"', "  - 2027-05-27  # Corpus Christi\n": ""}
    )
    placet("calendar", "load", second, "--body", "b", "--store", store, "--yes")
    (decoded,) = json.loads(placet("calendar", "list", "--store", store, "--json")[1])
    table = placet("calendar", "list", "--store", store)[1]

    assert ("b", "Vienna", 2027, "2") == tuple(
        decoded[key] for key in ("body", "duty_station", "year", "version")
    )
    assert "2027-05-27" not in decoded["holidays"]
    assert "2027-10-26" in decoded["holidays"]
    assert "b Vienna 2027 2 12" in words(table)


def test_a_version_of_a_calendar_is_published_once(
    placet: Placet, store: Path, tmp_path: Path
) -> None:
    """Its days cannot change under the name by which deadlines cite it."""
    load = ("--body", "b", "--store", store, "--yes")
    placet("calendar", "load", edited(placet, tmp_path, 2027), *load)
    other = edited(placet, tmp_path, 2027, **{"  - 2027-05-27  # Corpus Christi\n": ""})
    code, _, err = placet("calendar", "load", other, *load)
    (decoded,) = json.loads(placet("calendar", "list", "--store", store, "--json")[1])

    assert (1, True) == (code, "published already, with other days" in words(err))
    assert "2027-05-27" in decoded["holidays"]


def test_a_deadline_stays_when_the_calendar_changes(
    placet: Placet, store: Path, tmp_path: Path
) -> None:
    """Neither the stored deadline nor the recomputed one knows the later version."""
    years = (now().year, now().year + 1)
    for year in years:
        file = edited(placet, tmp_path, year)
        placet("calendar", "load", file, "--body", "b", "--store", store, "--yes")
    text_line = ("window", "open", "w", "--body", "b", "--text", "en=A.", "--store", store)
    placet(*text_line, "--length", "10 working days", "--yes")
    before = json.loads(placet("window", "show", "w", "--store", store, "--json")[1])
    for year in years:
        week = {"weekend: [Saturday, Sunday]": "weekend: [Friday, Saturday, Sunday]"}
        file = edited(placet, tmp_path, year, **week, **{'"1"': '"2"'})
        placet("calendar", "load", file, "--body", "b", "--store", store, "--yes")
    after = json.loads(placet("window", "show", "w", "--store", store, "--json")[1])
    placet(*text_line[:2], "v", *text_line[3:], "--length", "10 working days", "--yes")
    other = json.loads(placet("window", "show", "v", "--store", store, "--json")[1])

    assert before["window"]["deadline"] == after["window"]["deadline"]
    assert before["again"]["utc"] == after["again"]["utc"]
    assert other["window"]["deadline"]["utc"] > after["window"]["deadline"]["utc"]


@pytest.mark.parametrize(
    ("was", "becomes", "sentence"),
    [
        ("draft: yes\n", "draft: yes\n\n", "vienna.yaml:5: draft: it is a draft still"),
        ("draft: yes\n", "draft: perhaps\n", "it is a draft still"),
        ("draft: yes\n", "author: me\n", "author: 'author' is no field"),
        ('draft: yes\nduty_station: "Vienna"\n', "", "duty_station"),
        ("draft: yes\n", "holidays: [\n", "not YAML"),
        (
            'draft: yes\nduty_station: "Vienna"\nyear: 2027',
            'duty_station: "Vienna"\nyear: soon',
            "year: 'soon' is not a whole number",
        ),
        ("draft: yes\nduty_station", "duty_station", "body x is not established"),
    ],
)
def test_what_is_no_calendar_is_refused(
    placet: Placet, store: Path, *, was: str, becomes: str, sentence: str
) -> None:
    """With the file and the line, or the rule; exit code 1."""
    _, text, _ = placet("calendar", "draft", *VIENNA, "--year", "2027")
    file = store.parent / "vienna.yaml"
    file.write_text(text.replace(was, becomes), encoding="utf-8")
    body = "x" if "established" in sentence else "b"
    code, out, err = placet("calendar", "load", file, "--body", body, "--store", store, "--yes")

    assert was in text
    assert (1, "") == (code, out)
    assert sentence in err.replace("\n", " ")


def test_a_day_of_another_year_is_refused(placet: Placet, store: Path, tmp_path: Path) -> None:
    """By the rule of calendars."""
    file = edited(placet, tmp_path, 2027, **{"year: 2027": "year: 2028"})
    code, _, err = placet("calendar", "load", file, "--body", "b", "--store", store, "--yes")

    assert 1 == code
    assert "is not a day of the calendar for 2028" in words(err)


@pytest.mark.parametrize(
    ("country", "year", "sentence"),
    [("XX", "2027", "no country XX is known"), ("AT", "3027", "no holidays of AT are known")],
)
def test_no_draft_is_made_of_nothing(
    placet: Placet, country: str, year: str, sentence: str
) -> None:
    """Neither an unknown country nor a year that the library does not reach."""
    text_line = ("--country", country, "--year", year, "--duty-station", "Vienna")
    code, out, err = placet("calendar", "draft", *text_line)

    assert (1, "") == (code, out)
    assert sentence in words(err)


def test_a_file_that_is_no_list_of_fields_is_none(
    placet: Placet, store: Path, tmp_path: Path
) -> None:
    file = tmp_path / "vienna.yaml"
    file.write_text("- 2027-01-01\n", encoding="utf-8")
    code, _, err = placet("calendar", "load", file, "--body", "b", "--store", store, "--yes")

    assert 1 == code
    assert "a calendar is a list of fields" in words(err)

"""Names and prose keep to the words of the field; each check is shown to find what it refuses."""

from __future__ import annotations

import pytest

import refused_words
from refused_words import FOLDERS, findings, findings_in, objection_to


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_has_no_refused_word(folder: str) -> None:
    """When this fails, run `python tests/support/refused_words.py FOLDER`."""
    assert [] == [str(finding) for finding in findings(folder)]


@pytest.mark.parametrize(
    "name", ["told", "_told", "told_all", "ToldDoubts", "NOBODY", "one", "PATIENCE", "make_anew"]
)
def test_a_name_of_our_own_is_refused(name: str) -> None:
    assert objection_to(name)


@pytest.mark.parametrize(
    "name", ["event", "at_least_one", "away", "calmer", "demand", "test_who_is_told_answers_once"]
)
def test_a_name_in_plain_words_is_not(name: str) -> None:
    """Neither are the names of tests, which are sentences."""
    assert not objection_to(name)


def test_refused_words_are_found_where_they_stand() -> None:
    """The control: a name and a comment of a file, and a line of a page."""
    source = '"""It is dear."""\n\ntold = "made anew"  # all is made anew\n'

    found = [
        *findings_in("domain/x.py", source, frozenset()),
        *findings_in("docs/x.md", "# A page\n\nIt has a twin.\n", frozenset()),
    ]

    assert [
        ("domain/x.py", 3, "told"),
        ("domain/x.py", 3, "anew"),
        ("domain/x.py", 1, "is dear"),
        ("docs/x.md", 3, "twin"),
    ] == [(finding.path, finding.line, finding.text) for finding in found]


def test_released_names_stay() -> None:
    """An event that is on disk keeps its name, whatever words it is made of."""
    released = refused_words.released_names()

    assert objection_to("OutcomeTold")
    assert not [*findings_in("domain/x.py", "OutcomeTold\n", released)]


def test_what_is_found_is_printed_and_makes_the_program_fail(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = refused_words.Finding("domain/x.py", 3, "told", "text")
    monkeypatch.setattr(refused_words, "findings", lambda folder: [place] * (folder == "domain"))

    assert 1 == refused_words.main("domain", "web")
    assert "domain/x.py:3: told (say: text)\n" == capsys.readouterr().out
    assert 0 == refused_words.main("web")

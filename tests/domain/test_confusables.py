"""What is visibly the same is one: blank texts, names that look alike, words that say the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.confusables import (
    comparison_key,
    is_blank,
    letters,
    may_be_same_person,
    may_name_person,
    name_problem,
    plain_id_problem,
    skeleton,
    spelling_variants,
    url_name_problem,
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\t",
        "\ufeff",
        "\u200b\u2060",
        "\u00a0",
        "\u3164",
        "\u2800",
        "\u0301",
        "\x00",
        "\u00ad",
    ],
)
def test_what_nobody_sees_is_blank(text: str) -> None:
    """Blanks, marks on nothing, fillers, and signs that only steer others."""
    assert is_blank(text)
    assert not is_blank(text + ".")


@pytest.mark.parametrize("text", ["a", "№", "—", "会", "😀", "\ue000", "e\u0301"])
def test_what_is_seen_is_not_blank(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("The body decides.", " the  BODY\u00a0decides.\n"),
        ("The body", "\ufeffThe bo\u200bdy"),
        ("café", "cafe\u0301"),
        ("ﬁle", "file"),
        ("The body decides.", "Thе bоdу dесidеѕ."),
        ("co–operate", "co-operate"),
        ("the “text”", 'the "text"'),
        ("l’ordre", "l'ordre"),
        ("Straße", "STRASSE"),
    ],
)
def test_two_texts_may_say_the_same(text: str, other: str) -> None:
    """Case, blanks, unseen signs, look-alike letters and forms of a character say nothing."""
    assert comparison_key(text) == comparison_key(other)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("ou", "où"),
        ("The body decides.", "The body decides"),
        ("a b", "ab"),
        ("Article 1", "Article 2"),
        ("shall", "should"),
        ("10", "lo"),
    ],
)
def test_two_texts_may_differ_by_little(text: str, other: str) -> None:
    """An accent, a full stop, a word, a figure."""
    assert comparison_key(text) != comparison_key(other)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("north", "North"),
        ("north", "nоrth"),
        ("north", "nor\u200bth"),
        ("north", " north "),
        ("north", "ｎｏｒｔｈ"),
        ("north", "n0rth"),
        ("Peru", "Perú"),
        ("NOTO", "ΝΟΤΟ"),
        ("COP", "СОР"),
        ("Lodz", "Łódź"),
        ("seat-1", "seat‑1"),
        ("al", "a1"),
    ],
)
def test_names_that_are_taken_for_each_other(name: str, other: str) -> None:
    assert skeleton(name) == skeleton(other)


@pytest.mark.parametrize(("name", "other"), [("north", "south"), ("w-1", "w1"), ("ai", "al")])
def test_names_that_are_told_apart(name: str, other: str) -> None:
    assert skeleton(name) != skeleton(other)


@given(st.text())
def test_what_is_said_is_said_again(text: str) -> None:
    """A name and its own skeleton are one; nothing of it raises."""
    assert comparison_key(comparison_key(text)) == comparison_key(text)
    assert isinstance(name_problem(text), str)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "no letter"),
        (".", "no letter"),
        ("..", "no letter"),
        ("--", "no letter"),
        ("a\u200bb", "not seen"),
        ("a\x07", "not seen"),
        ("a\nb", "not seen"),
        (" a", "not seen"),
        ("a  b", "not seen"),
        ("a\u00a0b", "not seen"),
        ("a\u202eb", "not seen"),
        ("ａ", "plainer"),
        ("nоrth", "Cyrillic and Latin"),
        ("Νorth", "Greek and Latin"),
    ],
)
def test_a_name_shows_what_it_is(name: str, why: str) -> None:
    """It has letters of one script, and nothing that is not seen."""
    assert why in name_problem(name)
    assert url_name_problem(name)


@pytest.mark.parametrize(
    "name", ["chair", "Vice-Chair 2", "y", "7", "Côte d'Ivoire", "север", "主席"]
)
def test_a_plain_name_is_taken(name: str) -> None:
    assert "" == name_problem(name)
    assert name.isascii() == (not url_name_problem(name))


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "no letter"),
        ("w\u200b", "not seen"),
        ("Den Mark", "blanks or slashes"),
        ("../x", "blanks or slashes"),
        ("z?y", "blanks or slashes"),
        ("z#y", "blanks or slashes"),
        ("z\\y", "blanks or slashes"),
        ("x" * 61, "more than 60 characters"),
    ],
)
def test_an_id_that_is_typed_is_short_and_one_word(name: str, why: str) -> None:
    assert why in plain_id_problem(name)


@pytest.mark.parametrize("name", ["y", "vice-president-1", "M2", "sørland", "x" * 60])
def test_a_plain_id_is_taken(name: str) -> None:
    assert "" == plain_id_problem(name)


def test_a_name_is_written_in_several_ways() -> None:
    """Those that differ in case alone; what has no case has none."""
    assert {"wg7-a", "WG7-A", "Wg7-A", "wG7-A"} == {*spelling_variants("Wg7-a")}
    assert {"WG", "Wg", "wG"} == {"wG", *spelling_variants("wg")}
    assert () == spelling_variants("7-7")


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("", False),
        ("x", False),
        (".", False),
        ("xx", False),
        ("X x", False),
        ("12", False),
        ("Li", True),
        ("李明", True),
        ("J. Doe", True),
        ("Jоe", False),
    ],
)
def test_a_person_has_a_name(name: str, answer: bool) -> None:
    """Of two letters at least, which differ and are of one script."""
    assert answer is may_name_person(name)


def test_points_and_blanks_make_nobody_another_person() -> None:
    assert letters("J. Doe") == letters(" j doe") == letters("J.\u200bDoé")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("Anna Kern", True),
        ("Kern, Anna", True),
        ("A. Kern", True),
        ("A. K.", True),
        ("Dr. Anna Kern", True),
        ("Anna Kern 1", True),
        ("Anna Kem", True),
        ("B. Kern", False),
        ("Anna Bern", False),
        ("Kern Kern", False),
        ("Anna Kern Wong", False),
        ("Bo Li", False),
        ("12 3", False),
        ("", False),
    ],
)
def test_the_same_words_may_be_the_same_person(other: str, same: bool) -> None:
    """In any order, by their initials, with a title or a number."""
    assert same is may_be_same_person("Anna Kern", other) is may_be_same_person(other, "Anna Kern")


def test_an_office_and_its_deputy_are_two_persons() -> None:
    assert not may_be_same_person("President", "Vice-President")

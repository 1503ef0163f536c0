"""The canonical JSON of plain values, held against a writer that knows no short cut."""

from __future__ import annotations

import json
import unicodedata
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.canonical import canonical_json

ASCII = st.text(st.characters(max_codepoint=127))
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def plain(text: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Plain values with such texts and keys."""
    leaves = st.none() | st.booleans() | st.integers() | text
    return st.recursive(
        leaves, lambda some: st.lists(some) | st.dictionaries(text, some), max_leaves=8
    )


def composed(value: Any) -> Any:
    """The value with all texts in form NFC."""
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case list():
            return [composed(item) for item in value]
        case dict():
            return {composed(key): composed(item) for key, item in value.items()}
    return value


def written_plainly(value: Any) -> bytes:
    """What the standard library writes, with sorted keys and nothing left to chance."""
    found = json.dumps(composed(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return found.encode()


@given(plain(ASCII) | plain(TEXT))
def test_it_is_what_the_standard_library_writes(value: object) -> None:
    assert written_plainly(value) == canonical_json(value)


def test_each_sign_of_ascii_is_written_alike() -> None:
    signs = {sign: sign for sign in map(chr, range(128))}
    assert written_plainly(signs) == canonical_json(signs)


class Word(StrEnum):
    OPEN = "open"


class Shouted(str):
    __slots__ = ()


@pytest.mark.parametrize("value", [{Word.OPEN: Word.OPEN}, [Shouted("a")], {2: "b", 10: "a"}])
def test_texts_of_a_type_of_their_own_and_numbers_as_keys_are_written_alike(value: object) -> None:
    assert written_plainly(value) == canonical_json(value)


def test_what_is_no_unicode_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        canonical_json(["\ud800"])

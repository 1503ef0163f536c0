"""The difference of two texts, word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.presenters.text_diff import diff_words

WORDS = st.lists(st.sampled_from(["the ", "body ", "decides", ".", "机", "构", "\n", "لا "])).map(
    "".join
)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", []),
        ("Same.", "Same.", [("kept", "Same.")]),
        ("", "New.", [("added", "New.")]),
        ("Old.", "", [("removed", "Old.")]),
        (
            "The body decides.",
            "The body may decide.",
            [("kept", "The body "), ("removed", "decides"), ("added", "may decide"), ("kept", ".")],
        ),
        (
            "什么人是偷运移民者",
            "什么是偷运移民者",
            [("kept", "什么"), ("removed", "人"), ("kept", "是偷运移民者")],
        ),
    ],
)
def test_words_that_are_gone_stand_before_those_that_are_new(
    before: str, after: str, expected: list[tuple[str, str]]
) -> None:
    assert expected == [(word.kind, word.text) for word in diff_words(before, after)]


@given(WORDS, WORDS)
def test_both_texts_can_be_read_from_their_difference(before: str, after: str) -> None:
    found = diff_words(before, after)

    assert before == "".join(entry.text for entry in found if entry.kind != "added")
    assert after == "".join(entry.text for entry in found if entry.kind != "removed")

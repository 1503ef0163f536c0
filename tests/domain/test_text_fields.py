"""Of each text of each event it is said what it holds; whatever is written freely is sealed."""

from __future__ import annotations

from typing import get_type_hints

import pytest

from domain.erasures import ORDER
from domain.messages import Fact, RecordedEvent
from domain.sealed_texts import SEALED_PATHS
from domain.text_fields import ENVELOPE, Content, contents, text_paths, unlisted
from domain.type_registry import NAMES

FREE = {"reason", "note", "text", "wording", "second"}
"""How fields are called that hold what somebody wrote freely."""
NOT_SEALED = {
    ("ResponseRefused", "reason"): "the program makes it",
    ("ItemsNotApproved", "reason"): "the program makes it",
    ("RevisionAnnounced", "wording"): "it is the text of the body",
    ("TextErased", "reason"): "the record says for ever why a text is gone",
}
OWN_PLACE = {"organisation", "name", "hash", "stream.id", "reads.*", "sealed.*"}
"""Texts of an event that say where it stands; they are no part of what somebody ordered."""


class NewEvent(Fact, frozen=True, kw_only=True):
    """An event that a developer adds, and of whose texts nothing is said."""

    remark: str
    days: int = 0
    parts: tuple[str, ...] = ()


@pytest.mark.parametrize("kind", [*NAMES], ids=lambda kind: str(kind.__name__))
def test_what_a_text_holds_is_said_of_each(kind: type[Fact]) -> None:
    assert set() == unlisted(kind)
    assert set() == contents(kind).keys() - {*text_paths(kind)}, "no text stands there"
    assert ORDER.rstrip(".") not in kind.__struct_fields__


def test_an_event_with_a_new_text_fails() -> None:
    """The control."""
    assert {"remark", "parts.*"} == unlisted(NewEvent)


@pytest.mark.parametrize("kind", [*NAMES], ids=lambda kind: str(kind.__name__))
def test_what_is_written_freely_is_sealed(kind: type[Fact]) -> None:
    """Each field that is called so, or it is listed above with the reason why not."""
    free = {
        (kind.__name__, path) for path in text_paths(kind) if path.rpartition(".")[2] in FREE
    } - NOT_SEALED.keys()

    assert free <= {(kind.__name__, path) for path in SEALED_PATHS.get(kind, ())}


def test_no_text_is_said_to_be_sealed_that_is_not() -> None:
    sealed = {
        (kind, path)
        for kind in NAMES
        for path, content in contents(kind).items()
        if content is Content.SEALED and path not in {"was.*", "now.*"}
    }

    assert sealed == {(kind, path) for kind, paths in SEALED_PATHS.items() for path in paths}


def test_what_stands_around_a_fact_is_said_too() -> None:
    hints = get_type_hints(RecordedEvent)
    around = {
        path for name, kind in hints.items() if name != "fact" for path in text_paths(kind, name)
    }
    ordered = {
        f"{ORDER}{path}" if path.startswith(("authority", "waivers")) else path for path in around
    }

    assert ENVELOPE.keys() == ordered - OWN_PLACE

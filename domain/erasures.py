"""Erasures: a text that may hold personal data is destroyed for good, and the record says so.

The event that held it, its hash and all that is proved by it stay as they were; see decision 21.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct, structs

from domain import field_paths
from domain.messages import Fact, RecordedEvent
from domain.streams import Stream

MARK: Final = "\ufdd0"
END: Final = "\ufdd1"
"""Delimiters of a placeholder. Unicode excludes these code points from all texts."""
ERASED: Final = f"{MARK}erased{END}"
"""In the place of a text that was erased, where it is not said when."""
MISSING: Final = f"{MARK}missing{END}"
"""In the place of a text whose key is lost, though nothing says that it was erased."""
SEALED: Final = f"{MARK}sealed{END}"
"""In the place of a text where only the state is asked for, which never depends on it."""
_BY: Final = " by authority of "
COMMAND_HASH: Final = "command_hash"
"""The path of the hash of the command: it is sealed too, because it would confirm a guess."""
ORDER: Final = "order."
"""How paths begin of what belongs to the order, beside the fact: no fact has such a field."""
AUTHORITY: Final = f"{ORDER}authority"
WAIVERS: Final = f"{ORDER}waivers."
"""Before the id of the rule that was waived."""


class TextErased(Fact, frozen=True, kw_only=True):
    """Texts of an earlier event of this stream were erased for good, for this reason.

    `paths` are the places in that event at which they stood.
    """

    version: int
    paths: tuple[str, ...]
    reason: str


class EraseText(Struct, frozen=True, kw_only=True):
    """Erase the texts of an event, named by its stream and version, and those of its corrections.

    The reason stays on record: it must not repeat what is erased.
    """

    of: str
    version: int
    reason: str

    @property
    def stream(self) -> Stream:
        return Stream.parse(self.of)


def erased_text(on: str, authority: str) -> str:
    """The placeholder of a text that was erased then (UTC), by this authority."""
    return f"{MARK}erased on {on}{_BY}{without_marks(authority)}{END}"


def is_replaced(text: object) -> bool:
    """Whether this is the placeholder of a text that was erased, lost or left out."""
    return isinstance(text, str) and text.startswith(MARK)


def erasure_of(mark: str) -> tuple[str, str] | None:
    """On which day (UTC) and by what authority, by what stands between MARK and END.

    None where it does not say.
    """
    day, by, authority = mark.removeprefix("erased on ").partition(_BY)
    return (day[:10], authority) if by else None


def without_marks(text: str) -> str:
    """A text as somebody may send it: it cannot pretend to have been erased."""
    return text.replace(MARK, "").replace(END, "")


def apply_erasure(
    event: RecordedEvent, erasure: RecordedEvent, erased: TextErased
) -> RecordedEvent:
    """The event as it is to be read, with placeholders for its texts."""
    words = erased_text(str(erasure.effective), erasure.authority)
    return replace_event_texts(event, dict.fromkeys(erased.paths, words))


def replace_texts(fact: Fact, texts: Mapping[str, str]) -> Fact:
    """The fact with other texts at these paths."""
    for path, text in texts.items():
        fact = field_paths.replace_at(fact, path, text)
    return fact


def replace_event_texts(event: RecordedEvent, texts: Mapping[str, str]) -> RecordedEvent:
    """The event with other texts at these paths, of its fact and of its order."""
    of_order = {path: text for path, text in texts.items() if path.startswith(ORDER)}
    of_fact = {path: text for path, text in texts.items() if path not in of_order}
    waivers = {
        path.removeprefix(WAIVERS): text
        for path, text in of_order.items()
        if path.startswith(WAIVERS)
    }
    return structs.replace(
        event,
        fact=replace_texts(event.fact, of_fact),
        authority=of_order.get(AUTHORITY, event.authority),
        waivers={**event.waivers, **waivers},
    )


def text_at(event: RecordedEvent, path: str) -> object:
    """What stands at a path of an event, in its fact or in its order. Raises UnknownPath."""
    if path == AUTHORITY:
        return event.authority
    if path.startswith(WAIVERS):
        return event.waivers.get(path.removeprefix(WAIVERS))
    return field_paths.value_at(event.fact, path)

"""The reader's language: how names, lists and languages are called in sentences.

Texts go through `say`, a gettext-like function; their placeholders have names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final
from unicodedata import bidirectional

from msgspec import Struct, field

from domain.actors import Actor, Role
from domain.languages import LANGUAGES
from domain.messages import RecordedEvent
from domain.streams import Stream
from workflows.history.redaction import WITHHELD

Translate = Callable[[str], str]
EventKey = tuple[Stream, int]
"""The stream and the version of an event."""
MARK: Final = "\u200e"
"""The invisible mark that says: from left to right."""


class SpokenNames(Struct, frozen=True, kw_only=True):
    """What bodies, seats and persons are called in the reader's language, by their ids."""

    bodies: Mapping[str, str] = field(default_factory=dict)
    seats: Mapping[Stream, Mapping[str, str]] = field(default_factory=dict)
    """Of seats as the events of a stream name them."""
    seats_then: Mapping[EventKey, Mapping[str, str]] = field(default_factory=dict)
    """The same for single events, where somebody else held a seat then than holds it now."""
    people: Mapping[str, str] = field(default_factory=dict)
    """Of persons, for those who may know who has which account."""

    def seats_at(self, event: RecordedEvent) -> Mapping[str, str]:
        """What seats are called in what is said of an event: by who held them then."""
        then = self.seats_then.get((event.stream, event.version))
        return self.seats.get(event.stream, {}) if then is None else then


class Wording(Struct, frozen=True):
    """What sentences need beside their event."""

    say: Translate
    language: str
    names: SpokenNames = SpokenNames()
    seats: Mapping[str, str] = field(default_factory=dict)
    """What the seats of which the event speaks are called, by their ids."""
    attested: bool = False
    """Whether the event is known from a source."""

    def name(self, names: Mapping[str, str]) -> str:
        """A text in the reader's language."""
        return localized_name(names, self.language)

    def body(self, body: str) -> str:
        """What a body is called, or its id."""
        return self.names.bodies.get(body, body)

    def seat(self, seat: str) -> str:
        """What a seat stands for, or its id, or that its name is withheld."""
        return seat_name(seat, self.say, self.seats)

    def member(self, member: str) -> str:
        """A member for whom a seat acts: by the name of its seat, or as it was called."""
        return self.seats.get(member, member)

    def person(self, principal: str) -> str:
        """Who a person is, for those who may know it, or the opaque id."""
        return self.names.people.get(principal, principal)

    def language_name(self, tag: str) -> str:
        """A language by its tag, as the reader calls it."""
        return self.say(LANGUAGES.get(tag, tag))

    def number(self, item: str) -> str:
        """The number of an item as one piece, so that `1 (a)` is not turned about in Arabic."""
        return item if item.isdecimal() else self.left_to_right(item)

    def numbers(self, items: Sequence[str]) -> str:
        """The numbers of items, one after another."""
        return self.listed([self.number(item) for item in items])

    def left_to_right(self, text: str) -> str:
        """A text such as `1 (a)` or `2 → 3` that is read from left to right in Arabic as well.

        It stands between marks of that direction; pages show isolating characters as such. What
        has letters of the other direction goes by these.
        """
        turned = any(bidirectional(char) in {"R", "AL"} for char in text)
        return text if self.language != "ar" or turned else f"{MARK}{text}{MARK}"

    def listed(self, words: Sequence[str]) -> str:
        """Words one after another."""
        return join_words(words, self.say)

    def of_items(self, items: Sequence[str], single: str, several: str, **values: object) -> str:
        """The sentence about one item, or the one about several, with their numbers and values."""
        sentence = single if len(items) == 1 else several
        return sentence % {"items": self.numbers(items), **values}

    def shared(self, bodies: Sequence[str]) -> str:
        """That something is also that of further bodies."""
        listed = self.listed([self.body(body) for body in bodies])
        return self.say("It is also that of: %(bodies)s.") % {"bodies": listed}

    def published(self, missing: Sequence[str]) -> str:
        """That a document was out, and in which languages it was not."""
        say = self.say
        if not missing:
            return say("It was out in every required language.")
        languages = {"languages": self.listed([self.language_name(tag) for tag in missing])}
        if self.attested:
            return say("It was out. Language versions not told of: %(languages)s.") % languages
        return say("It was out, by a waiver without these languages: %(languages)s.") % languages


def actor_name(actor: Actor, say: Translate, seats: Mapping[str, str] | None = None) -> str:
    """Who acted: the office or organ as the source calls it, else the function."""
    if actor.role is Role.SEAT:
        return seat_name(actor.seat, say, seats)
    return actor.name or say(str(actor.role))


def seat_name(name: str, say: Translate, seats: Mapping[str, str] | None = None) -> str:
    """What a seat stands for, by `seats`; else its id, or that its name is withheld."""
    if name == WITHHELD:
        return say("a seat whose name is withheld")
    if seats and name in seats:
        return seats[name]
    return say("seat %(seat)s") % {"seat": name}


def localized_name(names: Mapping[str, str], language: str) -> str:
    """A text in the reader's language, else in English, else in any that there is."""
    return names.get(language) or names.get("en") or next(iter(names.values()), "")


def join_words(words: Sequence[str], say: Translate) -> str:
    """Words one after another, with the comma of the reader's language."""
    comma = say(", ")
    return comma.join(words)

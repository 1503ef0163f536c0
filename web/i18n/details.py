"""What exactly is the matter, in the reader's language: sentences that the record has in English.

A sentence is recognised by the message ids of `web.i18n.detail_texts`, and said again with its
values written for the language. What is not recognised, such as the words of a body's own rule,
stands as it is, and pages mark it as English.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Final, NamedTuple

from markupsafe import Markup, escape

from domain.access.roles import AccessRole
from domain.actors import Role
from domain.deadlines import Length
from domain.languages import LANGUAGES
from domain.rules import Refused
from domain.times import When
from domain.type_registry import VERBS
from web.i18n import labels
from web.i18n.catalogues import Catalogue
from web.i18n.dates import DateFormatter
from web.i18n.detail_texts import ACTS, DETAILS, WAIVE
from web.i18n.language_choice import escape_control_characters
from workflows.acts.catalogue import ACTS as ACTS_OF_PEOPLE

LONGEST: Final = 600
"""How many characters a sentence may have to be looked at; longer ones stand as they are."""
KEPT: Final = 2_000
"""How many sentences are remembered in each language."""
WRITTEN: Final[Mapping[str, str]] = {
    "number": r"-?\d+",
    "numbers": r"\S+(?: \([^)]*\))*(?:, \S+(?: \([^)]*\))*)*",
    "when": r"\S+",
    "stream": r"[a-z]+/\S+",
    "language": r"[a-z]{2,3}",
    "kind": "|".join(labels.KINDS),
}
"""How values of some names are written in the record; all others are any text."""
JOINED: Final[Mapping[str, str]] = {"ar": "؛ ", "fr": " ; ", "zh": "；"}
"""What stands between two sentences, where it is no semicolon and a space."""
ROLES: Final = sorted({*map(str, AccessRole), *map(str, Role)}, key=len, reverse=True)
_ISOLATE: Final = "\u2068"
_END: Final = "\u2069"
"""What stands around a value until it is known whether it goes into a page."""
_NAME: Final = re.compile(r"%\((\w+)\)s")
_SPAN: Final = re.compile(r"(?:(?P<days>\d+) days?, )?(?P<hours>\d+):(?P<minutes>\d\d):\d\d.*")


class Pattern(NamedTuple):
    """How one message id is recognised."""

    message: str
    pieces: Sequence[str]
    """What stands around its values."""
    written: re.Pattern[str]


@cache
def patterns() -> Sequence[Pattern]:
    """All patterns, the most particular ones first."""
    found = [Pattern(message, _NAME.split(message)[::2], _written(message)) for message in DETAILS]
    return sorted(found, key=lambda each: sum(map(len, each.pieces)), reverse=True)


@cache
def titles_of_acts() -> Mapping[str, str]:
    """The titles of acts, as message ids, by what the record calls them."""
    return {VERBS[act.command]: act.title for act in ACTS_OF_PEOPLE}


def _written(message: str) -> re.Pattern[str]:
    parts = _NAME.split(message)
    kinds = [
        f"(?P<{part}>{WRITTEN.get(kind_of(part), '.+?')})" if place % 2 else re.escape(part)
        for place, part in enumerate(parts)
    ]
    return re.compile("".join(kinds), re.DOTALL)


def kind_of(name: str) -> str:
    """What a value is, by its name: that of a second one ends in a digit."""
    return name.rstrip("0123456789")


@cache
def details_of(catalogue: Catalogue) -> Details:
    """What says such sentences in the language of a catalogue."""
    texts = catalogue.texts
    clock = DateFormatter(catalogue.language, texts.gettext, texts.ngettext)
    return Details(catalogue.language, texts.gettext, clock)


class Details:
    """Says such sentences in one language. `say` is gettext."""

    def __init__(self, language: str, say: Callable[[str], str], clock: DateFormatter) -> None:
        self._language, self._say, self._clock = language, say, clock
        self._known: dict[str, str] = {}
        self._values: Mapping[str, Callable[[str], str | None]] = {
            "when": self._when,
            "days": self._days,
            "times": self._times,
            "clock": self._hour_of_day,
            "length": self._length,
            "lasting": self._lasting,
            "language": self._tongues,
            "languages": self._tongues,
            "kind": self._kind,
            "stream": self._stream,
            "streams": self._stream,
            "role": say,
            "roles": self._roles,
            "stage": lambda text: say(labels.STANDINGS.get(text, text)),
            "act": lambda text: say(ACTS.get(text, text)),
            "word": self._word,
            "words": lambda text: self._each(text, self._word),
            "messages": self._messages,
            "mailboxes": lambda text: (re.match(r"\d+", text) or ["1"])[0],
            "items": lambda text: say(text) if text == "nothing" else text,
            "number": self._number,
            "verb": lambda text: say(titles_of_acts().get(text, text)),
            "why": self._why,
        }

    def __call__(self, sentence: str) -> Markup:
        """The sentence for a page, with values that keep their own direction.

        Empty where it is not recognised.
        """
        said = str(escape(self._known_sentence(sentence)))
        return Markup(said.replace(_ISOLATE, "<bdi>").replace(_END, "</bdi>"))  # noqa: S704 (escaped)

    def plain(self, sentence: str) -> str:
        """The same as text."""
        return self._known_sentence(sentence).replace(_ISOLATE, "").replace(_END, "")

    def _known_sentence(self, sentence: str) -> str:
        if self._language == "en" or len(sentence) > LONGEST:
            return ""
        if sentence not in self._known:
            if len(self._known) >= KEPT:
                self._known.clear()
            self._known[sentence] = self._why(sentence) or ""
        return self._known[sentence]

    def _why(self, sentence: str) -> str | None:
        """A sentence, or several with semicolons between them; None where one is not known."""
        hint = f". {WAIVE}"
        if sentence.endswith(hint):
            said = self._why(sentence.removesuffix(hint))
            return said and f"{said}. {self._say(WAIVE)}"
        several = [self._sentence(part) for part in sentence.split("; ")]
        if None in several:
            return self._sentence(sentence)
        return JOINED.get(self._language, "; ").join(filter(None, several))

    def _sentence(self, sentence: str) -> str | None:
        for pattern in patterns():
            if not all(piece in sentence for piece in pattern.pieces):
                continue
            found = pattern.written.fullmatch(sentence)
            if found and (said := self._said(pattern.message, found.groupdict())):
                return said
        return None

    def _said(self, message: str, values: Mapping[str, str]) -> str | None:
        """The sentence with its values; None where one of them is not of its kind."""
        said: dict[str, str] = {}
        for name, text in values.items():
            value = self._values.get(kind_of(name), str)(text)
            if value is None:
                return None
            nested = kind_of(name) in {"why", "days"}
            said[name] = value if nested else f"{_ISOLATE}{escape_control_characters(value)}{_END}"
        return self._say(message) % said

    # --- Values -----------------------------------------------------------------------------------

    def _each(self, text: str, say: Callable[[str], str]) -> str:
        return ("، " if self._language == "ar" else ", ").join(map(say, text.split(", ")))

    def _word(self, text: str) -> str:
        return self._say(text)

    def _number(self, text: str) -> str:
        return self._clock.number(int(text)) if text.isdecimal() and len(text) > 4 else text

    def _when(self, text: str) -> str:
        try:
            return self._clock.when(When.from_stored(text))
        except ValueError:
            return text

    def _days(self, text: str) -> str:
        """Some days, or the first and the last one."""
        first, to, last = text.partition(" to ")
        if to:
            return f"{self._when(first)} – {self._when(last)}"
        return self._why(text) or self._each(text, self._when)

    def _times(self, text: str) -> str:
        """Days with an hour each."""

        def day_and_hour(time: str) -> str:
            day, _, hour = time.partition(" ")
            return f"{self._when(day)} {hour}"

        return self._each(text, day_and_hour)

    def _hour_of_day(self, text: str) -> str:
        """A day with its hour to the second, and perhaps a zone."""
        day, _, hour = text.partition(" ")
        return self._say("%(day)s, %(hour)s") % {"day": self._when(day), "hour": hour}

    def _length(self, text: str) -> str:
        try:
            length = Length.parse(text)
        except Refused:
            return text
        match length.unit:
            case "hours":
                return self._clock.hours(length.count)
            case "days":
                return self._clock.days(length.count)
        return f"{length.count} {self._say('working days')}"

    def _lasting(self, text: str) -> str:
        found = _SPAN.fullmatch(text)
        if found is None:
            return text
        parts = {name: int(number or 0) for name, number in found.groupdict().items()}
        return self._clock.lasting(timedelta(**parts))

    def _tongues(self, text: str) -> str:
        return self._each(text, lambda tag: self._say(LANGUAGES.get(tag, tag)))

    def _messages(self, text: str) -> str:
        """The numbers of messages, and how many more there are."""
        named, _, more = text.partition(" and ")
        numbers = self._say(", ").join(re.findall(r"\d+", named))
        return f"{numbers} (+{more.removesuffix(' more')})" if more else numbers

    def _kind(self, text: str) -> str:
        return self._say(labels.KINDS[text]).lower()

    def _stream(self, text: str) -> str:
        kind, _, name = text.partition("/")
        return f"{self._kind(kind)} {name}" if kind in labels.KINDS else text

    def _roles(self, text: str) -> str:
        """Roles, each with the body and seat for which it is needed or held."""
        said = re.sub("|".join(ROLES), lambda role: self._say(role[0]), text)
        said = re.sub(r", seat (\S+)", lambda seat: f", {self._say('seat')} {seat[1]}", said)
        said = re.sub(r" of ([^,;]+)", r" (\1)", said).replace(" or ", " / ")
        return self._say(said) if said == "none" else said.replace(", ", self._say(", "))

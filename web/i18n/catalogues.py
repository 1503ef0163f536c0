"""The program's own words in six languages: gettext catalogues, read from their .po files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Final

NAMES: Final = {
    "ar": "العربية",
    "zh": "中文",
    "en": "English",
    "fr": "Français",
    "ru": "Русский",
    "es": "Español",
}
"""The six languages (`domain.languages`), each by its own name, in the same order."""


@dataclass(frozen=True)
class Catalogue:
    """The texts of one language; a text that is not translated stands in English."""

    language: str
    texts: NullTranslations
    share: float
    """How much of the program is translated, from 0 to 1."""

    @property
    def direction(self) -> str:
        return "rtl" if self.language == "ar" else "ltr"


@cache
def load_catalogue(language: str) -> Catalogue:
    """The catalogue of one of the six languages, whether its file is there or not.

    It is read with the first page in this language: that takes a tenth of a second.
    """
    if language == "en":
        return Catalogue(language, NullTranslations(), 1.0)
    place = files("web") / "locales" / language / "LC_MESSAGES" / "messages.po"
    if not place.is_file():
        return Catalogue(language, NullTranslations(), 0.0)
    return parse_catalogue(language, place.read_bytes())


def parse_catalogue(language: str, content: bytes) -> Catalogue:
    """The catalogue in a .po file. Messages marked fuzzy are left out."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415 (pages in English do without)
    from babel.messages.pofile import read_po  # noqa: PLC0415 (the same)

    catalogue = read_po(BytesIO(content), locale=language)
    messages = [message for message in catalogue if message.id]
    done = [message for message in messages if message.string and not message.fuzzy]
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Catalogue(language, GNUTranslations(compiled), len(done) / max(len(messages), 1))


def choose_language(requested: str, accepted: str) -> str:
    """The language asked for outright, else the best that a browser accepts, else English."""
    if requested in NAMES:
        return requested
    ranked = sorted(
        (_weighed(part, place) for place, part in enumerate(accepted.split(",")[:20])),
        reverse=True,
    )
    known = (tag for weight, _, tag in ranked if tag in NAMES and weight > 0)
    return next(known, "en")


def _weighed(part: str, place: int) -> tuple[float, int, str]:
    """One entry of Accept-Language: its weight, its place from the end, its main tag."""
    tag, _, weight = part.partition(";q=")
    try:
        value = float(weight or 1)
    except ValueError:
        value = 0.0
    return value, -place, tag.strip().lower().partition("-")[0]

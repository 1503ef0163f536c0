"""Texts of the record in the language of a reader: which one is shown, and what it is."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Final

_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff\ufff9-\ufffb]"
)


@dataclass(frozen=True)
class LocalizedText:
    """A text with its language; `foreign` to the reader, or a working translation."""

    text: str
    language: str
    foreign: bool = False
    working: bool = False

    @property
    def direction(self) -> str:
        return "rtl" if self.language == "ar" else "ltr"


def localized_text(
    names: Mapping[str, str], language: str, original: str = "", working: Container[str] = ()
) -> LocalizedText:
    """The text in the reader's language, else in the original, in English, or in any."""
    order = (language, original, "en", *names)
    found = next((tag for tag in order if names.get(tag)), "")
    if not found:
        return LocalizedText("", language)
    return LocalizedText(names[found], found, foreign=found != language, working=found in working)


def escape_control_characters(text: str) -> str:
    """The text with characters that steer a screen or turn its direction made visible."""
    return _UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text.replace("\r\n", "\n"))

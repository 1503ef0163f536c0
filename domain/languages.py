"""The six official languages of the United Nations, in which texts are kept and pages read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LANGUAGES: Final[Mapping[str, str]] = {
    "ar": "Arabic",
    "zh": "Chinese",
    "en": "English",
    "fr": "French",
    "ru": "Russian",
    "es": "Spanish",
}
"""By their tags, in the order of the United Nations, with their English names.

Source: UNGA rules of procedure, rule 51.
"""

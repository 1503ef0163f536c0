"""The two colours in which an organisation has its pages: what may be chosen, and why."""

from __future__ import annotations

import re
from typing import Final

HEAD: Final = "#07304c"
"""The colour of the head of pages and of headings, where no other was chosen."""
LINKS: Final = "#00558a"
"""The colour of links and buttons, where no other was chosen."""
HEX: Final = r"#[0-9a-f]{6}"
"""How a colour is written: red, green and blue in hexadecimal digits of small letters."""
BACKGROUNDS: Final = ("#ffffff", "#f3f7f9", "#e2f1f9", "#e5f4ea", "#fff3da", "#fdebeb")
"""The grounds of pages on which both stand as letters; on both, letters are white as the first."""
LEAST_CONTRAST: Final = 4.5
"""The contrast of letters and their ground: WCAG 2.2, success criterion 1.4.3, level AA."""


def is_colour(text: str) -> bool:
    """Whether it is written as a colour."""
    return re.fullmatch(HEX, text) is not None


def contrast(colour: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21, as WCAG 2.2 defines it."""
    lighter, darker = sorted((_luminance(colour), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def least_contrast(colour: str) -> tuple[float, str]:
    """The contrast with the ground on which it is least, and that ground."""
    return min((contrast(colour, ground), ground) for ground in BACKGROUNDS)


def _luminance(colour: str) -> float:
    """The relative luminance, from 0 to 1, as WCAG 2.2 defines it."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    """A part of a colour of sRGB without its gamma."""
    if part <= 0.04045:
        return part / 12.92
    return float(((part + 0.055) / 1.055) ** 2.4)

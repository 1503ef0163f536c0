"""The style sheet knows what pages call their parts."""

from __future__ import annotations

import re
from pathlib import Path

WEB = Path(__file__).parents[2] / "web"
WITHOUT_STYLE = {"qr", "standby"}
"""Names that only say what something is."""


def test_every_class_of_a_page_has_a_style() -> None:
    """Also what only screen readers are to read: without its style it would stand on the page."""
    styled = {*re.findall(r"\.([a-zA-Z][\w-]*)", (WEB / "static" / "placet.css").read_text())}
    named = {
        name
        for page in (WEB / "templates").glob("**/*.html")
        for names in re.findall(r'class="([^"{]*)"', page.read_text())
        for name in names.split()
    }

    assert "unseen" in named
    assert WITHOUT_STYLE == named - styled

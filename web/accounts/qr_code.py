"""QR codes as drawings that stand in a page."""

from __future__ import annotations

from markupsafe import Markup


def drawing(text: str) -> Markup:
    """The QR code of a text as SVG; it is made of squares alone, whatever the text is."""
    import segno  # noqa: PLC0415 (a server starts without it)

    made = segno.make_qr(text, error="m")
    svg = made.svg_inline(scale=4, border=4, light="#fff", dark="#000", omitsize=False)
    return Markup(svg)  # noqa: S704 (a drawing of segno, in which no character of the text stands)

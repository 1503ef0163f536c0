"""The code that documents show, so that tests run what readers are told."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def code_blocks(document: str, language: str) -> list[str]:
    """The blocks of one language in a document of `docs/`, in their order."""
    text = (DOCS / document).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def command_lines(document: str) -> list[str]:
    """The commands of `.venv/bin/placet` in a document of this folder, without the program."""
    text = (DOCS.parent / document).read_text(encoding="utf-8")
    return re.findall(r"^\.venv/bin/placet (.+)$", text, re.MULTILINE)

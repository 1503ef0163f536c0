"""A store entered by the command line, and steps for it in files."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import Placet


@pytest.fixture
def store(tmp_path: Path, placet: Placet) -> Path:
    """A store with body `b` of one seat, entered by the command line."""
    folder = tmp_path / "store"
    placet("store", "create", folder)
    for n, step in enumerate(
        (
            "live: establish body\nbody: b\nnames: {en: Body}\nzone: UTC\n",
            "live: adopt rule pack\nbody: b\npack: generic\n",
            "attested: fill seat\nbody: b\nseat: east\nholder: Eastland\nsource: a list\n",
        )
    ):
        file = tmp_path / f"step-{n}.yaml"
        file.write_text(step)
        code, _, err = placet("agenda", "do", file, "--store", folder, "-o", "org")
        assert code == 0, err
    return folder


def step(tmp_path: Path, text: str) -> Path:
    """A file with one step."""
    file = tmp_path / "step.yaml"
    file.write_text(text, encoding="utf-8")
    return file


OPEN = """\
live: open silence
window: w
body: b
subject: {type: decision text}
text: {en: A text.}
id: open-w
"""

"""Time zones come from one source, and the proof of a deadline names it."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import subprocess
import sys
import zoneinfo
from importlib.resources import files
from pathlib import Path

import pytest

from adapters import time_zone_data
from domain.ports.errors import Unavailable
from story import Story


def test_a_deadline_names_the_time_zones_that_were_used(story: Story) -> None:
    """Those of the package that is pinned, and of nothing else on this machine."""
    story.body()
    story.silence()

    assert () == zoneinfo.TZPATH
    assert importlib.metadata.version("tzdata") == time_zone_data.release()
    assert time_zone_data.release() == story.state("window/w").deadline.tzdata


def test_time_zones_of_a_system_are_not_taken(tmp_path: Path) -> None:
    """Their release is not known; a program that would read them does not start."""
    zoneinfo.reset_tzpath(to=[str(tmp_path)])
    try:
        with pytest.raises(Unavailable, match="of unknown release"):
            time_zone_data.release()
        with pytest.raises(Unavailable, match="of unknown release"):
            Story(tmp_path)
    finally:
        time_zone_data.use_shipped()


def test_a_package_is_of_the_release_that_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tzdata.__version__", "1999.1")
    with pytest.raises(Unavailable, match=r"its files are of 1999\.1"):
        time_zone_data.release()


def test_a_system_with_other_clocks_changes_nothing(tmp_path: Path) -> None:
    """Not even where its administrator puts its own files first: Vienna keeps its hour."""
    folder = tmp_path / "zones" / "Europe"
    folder.mkdir(parents=True)
    shutil.copy(str(files("tzdata") / "zoneinfo" / "America" / "New_York"), folder / "Vienna")
    text = (
        "import zoneinfo; zoneinfo.ZoneInfo('Europe/Vienna'); import web.main;"
        " from domain.times import When; print(When('2026-07-01T12:00[Europe/Vienna]').exact)"
    )
    around = {**os.environ, "PYTHONTZPATH": str(folder.parent)}
    said = subprocess.run(
        [sys.executable, "-c", text], env=around, capture_output=True, text=True, check=True
    )

    assert "2026-07-01 10:00:00+00:00" == said.stdout.strip()

"""Fixtures that several test files tell their stories with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from story import Story


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    """An empty story in a store of its own."""
    told = Story(tmp_path)
    yield told
    told.placet.close()

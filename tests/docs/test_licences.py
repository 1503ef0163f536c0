"""The licences of what Placet is installed with, as the page of operations lists them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]
FREE = re.compile(r"MIT(-0)?|BSD|ISC|Apache|PSF|Python Software Foundation")
"""Licences that ask for no more than a notice."""


def stated_licences() -> Iterator[tuple[str, str]]:
    """Each package of the lock that is installed here, with the licence that it states."""
    lock = (ROOT / "requirements" / "run.lock").read_text(encoding="utf-8")
    for name in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==", lock, re.MULTILINE):
        try:
            found = metadata(name)
        except PackageNotFoundError:  # for another system, such as colorama
            continue
        classified = [c for c in found.get_all("Classifier") or () if c.startswith("License ::")]
        fields = [found[field] for field in ("License-Expression", "License") if field in found]
        yield name, "; ".join((*classified, *fields))


def test_each_licence_that_asks_for_more_is_listed() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    listed = page.partition("## Licences of what is installed")[2]
    demanding = {name for name, licence in stated_licences() if not FREE.search(licence)}

    assert {"certifi", "psycopg"} <= demanding, "the control"
    assert demanding == set(re.findall(r"`([a-z-]+)`", listed.partition("A test reads")[0]))

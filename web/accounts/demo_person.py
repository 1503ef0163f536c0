"""A person as whom every visitor of the demonstration can log in."""

from __future__ import annotations

from typing import NamedTuple


class DemoPerson(NamedTuple):
    """Such a person, and where the role is held."""

    principal: str
    role: str
    organisations: tuple[str, ...] = ()
    body: str = ""
    seat: str = ""

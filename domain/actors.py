"""Who acts, and in what function."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from msgspec import Struct

UNPROVED: Final = "none"
"""How an act is authenticated where log-in is not in force."""


class Role(StrEnum):
    """In what function somebody acts. Bodies name their officers; these are the functions."""

    SECRETARIAT = "secretariat"
    PRESIDING_OFFICER = "presiding officer"
    SEAT = "seat"
    BODY = "body"
    ADMINISTRATOR = "administrator"
    DOCUMENT_SERVICES = "document services"
    CLOCK = "silence clock"
    NOTICES = "notice service"
    OTHER = "other"


class Actor(Struct, frozen=True, kw_only=True):
    """Who acted. No personal data: a seat's id and an opaque principal, never a person's name."""

    role: Role
    name: str = ""
    """The office or organ as the source calls it, such as `extended Bureau`."""
    seat: str = ""
    principal: str = ""
    """The account that acted, or that entered what a source reports; empty where log-in was not
    in force."""
    authenticated_by: str = UNPROVED
    """How it was proved, such as `password and code`; `command line` for an act of somebody who
    can write the store; `none` where it was not."""

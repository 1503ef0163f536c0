"""The one source of time zones: the package `tzdata`, whose release proofs name."""

from __future__ import annotations

import importlib.metadata
import zoneinfo
from importlib import import_module

from domain.ports.errors import Unavailable


def use_shipped() -> None:
    """Read time zones from the package alone, never from the system.

    The files of a system may be of another release than the package, and would be read first.
    """
    zoneinfo.reset_tzpath(to=())
    zoneinfo.ZoneInfo.clear_cache()


def release() -> str:
    """The version of the package whose time zones are in use. Raises Unavailable for others."""
    declared, found = importlib.metadata.version("tzdata"), import_module("tzdata").__version__
    if zoneinfo.TZPATH:
        raise Unavailable(f"Time zones are read from {zoneinfo.TZPATH[0]}, of unknown release.")
    if declared != found:
        raise Unavailable(f"tzdata is said to be {declared}, but its files are of {found}.")
    return declared

"""The version of this program, which a store records of the program that made it."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """The version of the installed program; `unknown` for one that runs uninstalled."""
    try:
        return version("placet")
    except PackageNotFoundError:
        return "unknown"

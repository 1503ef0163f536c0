"""The version of the program, which a store keeps of whoever made it."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """The version of the installed program; `unknown` for one that runs uninstalled."""
    try:
        return version("placet")
    except PackageNotFoundError:
        return "unknown"

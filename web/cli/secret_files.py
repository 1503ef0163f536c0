"""Secrets in files of their own, such as those that systemd hands to a service."""

from __future__ import annotations

from pathlib import Path

from domain.ports.errors import Unavailable


def read_secret(file: Path | None) -> str:
    """What stands in a file, without the end of the line; empty without one. Raises Unavailable."""
    if file is None:
        return ""
    try:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        because = error.strerror if isinstance(error, OSError) else "it is no text"
        raise Unavailable(f"{file} cannot be read: {because}.") from error

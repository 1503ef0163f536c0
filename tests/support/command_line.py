"""How tests run the command line `placet`."""

from __future__ import annotations

from collections.abc import Callable

Placet = Callable[..., tuple[int, str, str]]
"""Runs the command line: its exit code, standard output and standard error."""

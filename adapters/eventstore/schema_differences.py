"""How the tables of a log are made, by name; and where they differ from what they should be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

Shape = Mapping[str, str]
"""By kind and name, such as `trigger event_stays`: how it is made."""

_HARMLESS: Final = {"index", "sequence", "table", "view"}
"""What somebody may have added beside the tables, and what changes nothing that they hold."""


def shape_differences(found: Shape, made: Shape) -> Iterator[str]:
    """What is missing, made otherwise, or there although it changes what is written or read."""
    changed = [name for name, how in made.items() if found.get(name) != how]
    if triggers := ", ".join(name for name in changed if name.startswith("trigger ")):
        what = "The triggers that keep events and contents from being changed are gone"
        yield f"{what}, or others than this program makes: {triggers}."
    for name in changed:
        if name in found and not name.startswith("trigger "):
            yield f"The {name} is not as this program makes it: {found[name]:.300}."
        elif not name.startswith("trigger "):
            yield f"The {name} is gone."
    for name in sorted(found.keys() - made.keys()):
        if name.partition(" ")[0] not in _HARMLESS and _of_ours(name, made):
            yield f"The {name} is none that this program makes: {found[name]:.300}."


def shape_additions(found: Shape, made: Shape) -> Iterator[str]:
    """What somebody added that changes nothing of the log."""
    for name in sorted(found.keys() - made.keys()):
        if name.partition(" ")[0] in _HARMLESS:
            yield f"The {name} is none that this program makes."


def _of_ours(name: str, made: Shape) -> bool:
    """Columns and constraints of a table that is not ours are its own affair."""
    kind, _, rest = name.partition(" ")
    table = rest.partition(".")[0]
    return kind not in {"column", "constraint"} or f"table {table}" in made

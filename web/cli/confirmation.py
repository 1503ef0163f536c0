"""Before something is done on the command line: its effect in words, and a question."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import typer
from msgspec import structs

from domain.messages import RecordedEvent
from web.cli.output import print_note
from workflows.acts.act import AnyAct
from workflows.acts.preview import effects
from workflows.history.narration import SpokenNames


def effect_sentences(
    act: AnyAct, before: Any, events: Sequence[RecordedEvent], names: SpokenNames
) -> list[str]:
    """What the events would do, in words; rules that are departed from are said apart."""
    bare = [structs.replace(event, findings=()) for event in events]
    return [effect.sentence for effect in effects(act, bare, before, str, "en", names)]


def confirm() -> None:
    """Let a person at a terminal decide; else nothing is done."""
    if not sys.stdin.isatty():
        print_note("Nothing was done, because nobody can be asked here. Add --yes to do it.")
        raise typer.Exit(1)
    if not typer.confirm("Do it?", err=True):
        print_note("Nothing was done.")
        raise typer.Exit(1)

"""Editing a list as a whole on the command line: from a file, as one append."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import typer

from domain.languages import LANGUAGES
from domain.ports.spreadsheets import UnreadableTable
from domain.rules import ActsRefused, Refused
from web.cli import execute
from web.cli.confirmation import confirm
from web.cli.context import environment, open_application
from web.cli.execute import ActOptions
from web.cli.organisation_option import resolve_organisation
from web.cli.output import print_error, print_note
from web.cli.output_failures import report_recorded
from web.cli.token_identity import execute_here, identity_of_token
from workflows.acts.request import Request
from workflows.acts.stated_circumstances import Circumstances
from workflows.acts.unseen_characters import take_out
from workflows.application import Application
from workflows.commands.command_result import CommandResult
from workflows.editing.editing import Editing
from workflows.editing.rows import Draft, Fate, Fault, Plan

Shown = Callable[[Application, str], Any]
"""Reads the noun as it stands now, for an organisation of the store."""
SAID = {
    Fate.NEW: "new",
    Fate.CHANGED: "changed",
    Fate.REMOVED: "taken off",
    Fate.UNCHANGED: "unchanged",
}


def edit(
    options: ActOptions,
    editing: Editing[Any],
    shown_of: Shown,
    file: Path,
    *,
    answers: Mapping[str, str],
    language: str = "en",
) -> None:
    """Make the list what a file says: tell what becomes of it, ask, and record it as one append.

    Ends with 1 when lines are wrong, which are listed with their numbers, or when nothing differs.
    Raises Refused and Unavailable.
    """
    if language not in LANGUAGES:
        raise typer.BadParameter(f"{language}: write one of {', '.join(LANGUAGES)}")
    content = environment().files.content(file)
    with open_application(options.store) as placet, report_recorded(placet):
        where = resolve_organisation(placet, options.organisation)
        name = options.id or str(uuid4())
        if done := placet.queries.record.done(where, name):
            again = CommandResult(tuple(done), repeated=True)
            execute.report(placet, where, again, json=options.json)
            return
        try:
            text = environment().files.table(content)
        except UnreadableTable as error:
            raise typer.BadParameter(f"{file} cannot be read: {error}") from error
        placet.projections.follow()
        shown = shown_of(placet, where)
        plan = _plan(editing, shown, text, answers, language)
        steps = [_step(editing, command) for command in plan.commands]
        try:
            identity = identity_of_token(placet)
            events = placet.preview(where, steps, name, seen=shown.version, identity=identity)
            if not options.yes:
                _foretell(plan, execute.particulars(events))
                confirm()
            if not options.id:
                print_note(f"If no answer comes, say the same again with --id {name}.")
            answer = execute_here(placet, where, steps, name, seen=shown.version)
        except ActsRefused as refused:
            _tell_refusals(plan, refused)
            raise typer.Exit(1) from refused
        execute.report(placet, where, answer, json=options.json)


def _plan(
    editing: Editing[Any], shown: Any, text: str, answers: Mapping[str, str], language: str
) -> Plan:
    """What a text means; ends with 1 where it is wrong, or where nothing differs."""
    offered = editing.offered
    if not offered.holds(shown):
        raise Refused("stage", f"this can be done {offered.words}")
    assert editing.lines is not None  # noqa: S101 (only such pages have a command)
    base = editing.rows(shown)
    text, unseen = take_out(text, " ")
    for sign in unseen:
        print_note(f"line {sign.line}: taken out, for nobody sees it: {sign.named}")
    rows, faults = editing.lines.read(base, text, language, str)
    begun = {answer.name: answer.value(shown) for answer in editing.questions(shown)}
    draft = Draft(rows=tuple(rows), base=base, answers={**begun, **answers})
    plan = editing.plan(shown, draft)
    unread = {fault.line for fault in faults}
    wrong = [*faults, *(fault for fault in plan.faults if fault.line not in unread)]
    for fault in sorted(wrong, key=lambda fault: fault.line):
        print_error(_sentence(fault))
    if wrong:
        print_note("Nothing was recorded.")
        raise typer.Exit(1)
    if not plan.commands:
        print_note("Nothing differs from what is recorded.")
        raise typer.Exit(1)
    return plan


def _sentence(fault: Fault) -> str:
    said = fault.why % dict(fault.words)
    return f"line {fault.line}: {said}" if fault.line else said


def _step(editing: Editing[Any], command: Any) -> Any:
    act = next(act for act in editing.acts if act.command is type(command))
    return Request(command=command, circumstances=Circumstances(role=act.roles[0])).step


def _foretell(plan: Plan, departures: list[str]) -> None:
    """Say what becomes of each line that changes, and which rules are not certainly kept."""
    for fate in (Fate.NEW, Fate.CHANGED, Fate.REMOVED):
        for line in plan.of(fate):
            print_note(f"{SAID[fate]}: {line.called}")
    print_note(f"{SAID[Fate.UNCHANGED]}: {len(plan.of(Fate.UNCHANGED))}")
    for departure in departures:
        print_note(f"  {departure}")


def _tell_refusals(plan: Plan, refused: ActsRefused) -> None:
    for number, refusal in refused.refusals.items():
        line = plan.lines_of[number]
        print_error(f"line {line}: {refusal}" if line else str(refusal))
    print_note("Nothing was recorded.")

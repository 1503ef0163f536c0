"""`placet case`: play case files and say whether they end as they should."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from domain.cases import Case
from domain.ports.errors import CaseError
from web.cli.context import environment
from web.cli.output import AsJson, print_error, print_json, print_note, progress
from workflows.scenarios.player import Verdict

app = typer.Typer(help="Play case files.", no_args_is_help=True, rich_markup_mode=None)

File = Annotated[Path, typer.Argument(help="A case file.")]


@app.command("run")
def run(file: File, json: AsJson = False) -> None:
    """Play one case in a throw-away store, step by step, and give the verdict."""
    case = environment().files.case(file)
    verdict = environment().play_in_temporary_store(case)
    if json:
        print_json(_plain(file, verdict))
    else:
        _tell_steps(file, case, verdict)
    raise typer.Exit(0 if verdict.passed else 3)


@app.command("check")
def check(
    folder: Annotated[Path, typer.Argument(help="A folder of case files (*.yaml).")],
    json: AsJson = False,
) -> None:
    """Play every case file of a folder; each must be readable and pass wholly."""
    files = sorted(folder.rglob("*.yaml"))
    if not files:
        print_error(f"{folder} holds no case file (*.yaml).")
        raise typer.Exit(2)
    verdicts: list[tuple[Path, Verdict]] = []
    unreadable = 0
    with progress("cases") as on_progress:
        for number, file in enumerate(files, 1):
            try:
                verdicts.append(
                    (file, environment().play_in_temporary_store(environment().files.case(file)))
                )
            except CaseError as error:
                print_error(str(error))
                unreadable += 1
            on_progress(str(folder), number, len(files))
    if json:
        print_json([_plain(file, verdict) for file, verdict in verdicts])
    else:
        for file, verdict in verdicts:
            _tell(file, verdict)
    failed = sum(not verdict.passed for _, verdict in verdicts)
    unread = f", {unreadable} not readable" if unreadable else ""
    passed = len(files) - failed - unreadable
    print_note(f"{len(files)} cases, {passed} passed, {failed} failed{unread}.")
    _sum_up([verdict for _, verdict in verdicts])
    raise typer.Exit(1 if unreadable else 3 if failed else 0)


@app.command("timeline")
def timeline(file: File) -> None:
    """Print the timeline that a case makes, ready to be put at the end of its file."""
    verdict = environment().play_in_temporary_store(environment().files.case(file))
    print("timeline:")
    for line in verdict.timeline:
        print(f'  - "{line}"')


@app.command("schema")
def schema() -> None:
    """Print the JSON Schema of case files."""
    print_json(environment().files.case_schema())


def _sum_up(verdicts: Sequence[Verdict]) -> None:
    """How much all of them assert together, by kind of expectation, and which assert nothing."""
    expected: Counter[str] = Counter()
    for verdict in verdicts:
        expected.update(verdict.expected)
    print_note(f"{expected.total()} expectations: {_kinds(expected)}.")
    if idle := [verdict.case for verdict in verdicts if verdict.asserts_nothing]:
        print_note(f"{len(idle)} assert nothing: {', '.join(idle)}.")


def _kinds(expected: Mapping[str, int]) -> str:
    return ", ".join(f"{kind} {number}" for kind, number in sorted(expected.items())) or "none"


def _tell_steps(file: Path, case: Case, verdict: Verdict) -> None:
    wrong = {fault.step for fault in verdict.faults}
    for number, step in enumerate(case.steps, 1):
        mark = "  wrong" if number in wrong else "  ok   "
        print(f"{mark} line {step.line:<4} {step.when!s:<34} {step.mode} {step.verb}")
    _tell(file, verdict)
    print_note(f"Expected: {_kinds(verdict.expected)}.")
    if verdict.missing:
        print_note(f"By its own word it leaves out {verdict.missing} of what its sources tell.")


def _tell(file: Path, verdict: Verdict) -> None:
    word = "passed" if verdict.passed else "FAILED"
    size = f"{verdict.steps} steps, {verdict.expectations} expectations"
    print(f"{word} {verdict.case} ({size}, {verdict.events} events)")
    for fault in verdict.faults:
        print(f"  {file}:{fault}")


def _plain(file: Path, verdict: Verdict) -> dict[str, object]:
    return {
        "file": str(file),
        "case": verdict.case,
        "passed": verdict.passed,
        "steps": verdict.steps,
        "expectations": verdict.expectations,
        "expected": dict(sorted(verdict.expected.items())),
        "missing": verdict.missing,
        "faults": [
            {"line": fault.line, "step": fault.step, "field": fault.field, "what": fault.what}
            for fault in verdict.faults
        ],
        "timeline": list(verdict.timeline),
    }

"""`placet case`: play case files and say whether they end as they should."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from domain.cases import Case
from web.cli.printing import AsJson, complain, note, print_json, progress
from web.main import CaseError, case_schema, play_alone, read_case
from workflows.cases import Fault, Verdict

app = typer.Typer(help="Play case files.", no_args_is_help=True, rich_markup_mode=None)

File = Annotated[Path, typer.Argument(help="A case file.")]


@app.command("run")
def run(file: File, json: AsJson = False) -> None:
    """Play one case in a throw-away store, step by step, and give the verdict."""
    case = read_case(file)
    verdict = play_alone(case)
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
        complain(f"{folder} holds no case file (*.yaml).")
        raise typer.Exit(2)
    verdicts: list[tuple[Path, Verdict]] = []
    unreadable = 0
    with progress("cases") as told:
        for number, file in enumerate(files, 1):
            try:
                verdicts.append((file, play_alone(read_case(file))))
            except CaseError as error:
                complain(str(error))
                unreadable += 1
            told(str(folder), number, len(files))
    if json:
        print_json([_plain(file, verdict) for file, verdict in verdicts])
    else:
        for file, verdict in verdicts:
            _tell(file, verdict)
    failed = sum(not verdict.passed for _, verdict in verdicts)
    note(f"{len(files)} cases, {len(files) - failed - unreadable} passed, {failed} failed.")
    raise typer.Exit(1 if unreadable else 3 if failed else 0)


@app.command("timeline")
def timeline(file: File) -> None:
    """Print the timeline that a case makes, ready to be put at the end of its file."""
    verdict = play_alone(read_case(file))
    print("timeline:")
    for line in verdict.timeline:
        print(f'  - "{line}"')


@app.command("schema")
def schema() -> None:
    """Print the JSON Schema of case files."""
    print_json(case_schema())


def _tell_steps(file: Path, case: Case, verdict: Verdict) -> None:
    wrong: dict[int, list[Fault]] = {}
    for fault in verdict.faults:
        wrong.setdefault(fault.line, []).append(fault)
    for step in case.steps:
        mark = "  wrong" if step.line in wrong else "  ok   "
        print(f"{mark} line {step.line:<4} {step.when!s:<34} {step.mode} {step.verb}")
    _tell(file, verdict)


def _tell(file: Path, verdict: Verdict) -> None:
    word = "passed" if verdict.passed else "FAILED"
    size = f"{verdict.steps} steps, {verdict.expectations} expectations"
    print(f"{word} {verdict.case} ({size}, {verdict.events} events)")
    for fault in verdict.faults:
        print(f"  {file}:{fault.line}: {fault.what}")


def _plain(file: Path, verdict: Verdict) -> dict[str, object]:
    return {
        "file": str(file),
        "case": verdict.case,
        "passed": verdict.passed,
        "steps": verdict.steps,
        "expectations": verdict.expectations,
        "faults": [{"line": fault.line, "what": fault.what} for fault in verdict.faults],
        "timeline": list(verdict.timeline),
    }

"""Running the tests on one mutant after another, in copies of this folder.

Each mutant is tried in a process of its own, with a time limit; what the tests start comes from
the copy too.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from fnmatch import fnmatch
from pathlib import Path
from queue import SimpleQueue
from time import monotonic
from typing import Final

import pytest
from coverage import CoverageData

from tests.mutation.equivalent_mutants import EQUIVALENT_MUTANTS
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.targets import TABLE

ROOT: Final = Path(__file__).resolve().parents[2]
LEAST: Final = 60.0
"""Seconds that the tests of a mutant have at least; else several times what they take unchanged."""
_ABOUT: Final = "Change the program in one place after another, and tell what no test notices."
_NOT_COPIED: Final = (".git", ".venv", ".*_cache", ".coverage*", ".hypothesis", "__pycache__")
_OPTIONS: Final = ("-x", "-q", "--no-header", "-p", "no:cacheprovider", "-m", "not heavy")


class Tree:
    """A copy of the folder in which a module may be changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "tree"
        self._scratch = folder / "scratch"
        self._scratch.mkdir(parents=True)
        shutil.copytree(ROOT, self.folder, ignore=shutil.ignore_patterns(*_NOT_COPIED))

    @contextmanager
    def changed(self, mutant: Mutant) -> Iterator[None]:
        """The folder with a mutant in the place of its module."""
        path = self.folder / mutant.module
        self._write(path, mutant.after)
        try:
            yield
        finally:
            self._write(path, mutant.before)

    def test(self, words: Sequence[str], seconds: float) -> str:
        """Run tests: `passed`, `failed` or `hung`; `not run` where there are none of these names,
        or nothing can be imported.
        """
        program = (sys.executable, "-m", "pytest", *_OPTIONS, "--hypothesis-seed=0", *words)
        with (self._scratch / "said").open("w") as said:
            run = subprocess.Popen(
                program,
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(self.folder), "TMPDIR": str(self._scratch)},
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            outcome = _outcome(run, seconds)
        self._tidy()
        return outcome

    def where(self) -> Path:
        """Where the program comes from in this tree; the control of all that is tried."""
        code = "import domain, pathlib; print(pathlib.Path(domain.__file__).parent.parent)"
        result = subprocess.run(
            [sys.executable, "-c", code],
            cwd="/",
            env={**os.environ, "PYTHONPATH": str(self.folder)},
            check=True,
            capture_output=True,
            text=True,
        )
        return Path(result.stdout.strip())

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text)
        Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)

    def _tidy(self) -> None:
        """End the servers that tests left running when they were broken off."""
        for file in self._scratch.glob("placet-pg-*/data/postmaster.pid"):
            with suppress(OSError, ValueError):
                os.kill(int(file.read_text().splitlines()[0]), signal.SIGQUIT)
        for folder in self._scratch.glob("*/"):
            shutil.rmtree(folder, ignore_errors=True)


def _outcome(run: subprocess.Popen[bytes], seconds: float) -> str:
    try:
        code = run.wait(seconds)
    except subprocess.TimeoutExpired:
        for how in (signal.SIGINT, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(run.pid, how)
            with suppress(subprocess.TimeoutExpired):
                run.wait(10)
                break
        return "hung"
    if code == pytest.ExitCode.USAGE_ERROR:
        return "not run"
    return (
        "passed" if code in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED} else "failed"
    )


class Reach:
    """Which tests reach a line, as a run of all of them on the unchanged module told."""

    def __init__(self, tree: Tree, files: Sequence[str]) -> None:
        kept, rules = tree.folder / ".reached", tree.folder / ".reaching"
        rules.write_text(f"[run]\ndata_file = {kept}\ndisable_warnings = no-sysmon\n")
        packages = [f"--cov={entry}" for entry in ("domain", "adapters", "workflows")]
        options = (*packages, f"--cov-config={rules}", "--cov-context=test", "--cov-report=")
        began = monotonic()
        if (outcome := tree.test((*options, *files), 3600)) != "passed":
            raise SystemExit(f"The tests {outcome} before anything was changed: {' '.join(files)}.")
        self.seconds = max(LEAST, 4 * (monotonic() - began))
        self._data = CoverageData(str(kept))
        self._data.read()
        self._tree = tree

    def tests(self, mutant: Mutant) -> list[str]:
        """The tests that reach the lines of a mutant; none where only an import does."""
        lines = self._data.contexts_by_lineno(str(self._tree.folder / mutant.module))
        first, last = mutant.lines
        found = {
            entry for text_line in range(first, last + 1) for entry in lines.get(text_line, ())
        }
        return sorted({entry.rpartition("|")[0] for entry in found} - {""})


def main() -> None:
    """Try mutants, and print each that no test noticed; then the exit code is 1."""
    options = _options()
    tried = survived = 0
    for module, files in _chosen(options.modules).items():
        every = mutants(module, (ROOT / module).read_text())
        wanted = [
            entry
            for entry in _some(every, options)
            if entry.change not in EQUIVALENT_MUTANTS.get(module, {})
        ]
        if options.list:
            sys.stdout.writelines(f"{_description(entry)}\n" for entry in wanted)
            continue
        left = _survivors(module, wanted, files, options.jobs)
        tried, survived = tried + len(wanted), survived + len(left)
    sys.stdout.write(f"{tried} tried, {survived} survived.\n")
    raise SystemExit(1 if survived else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests/mutation", description=_ABOUT)
    parser.add_argument("modules", nargs="*", default=[*TABLE], help="such as domain/times.py")
    parser.add_argument("--jobs", type=int, default=1, help="how many are tried at once")
    parser.add_argument("--most", type=int, default=0, help="of each module at most so many")
    parser.add_argument("--seed", type=int, default=0, help="which ones these are")
    parser.add_argument("--only", type=int, nargs="*", help="the mutants of these numbers")
    parser.add_argument("--list", action="store_true", help="show them, and try none")
    return parser.parse_args()


def _chosen(patterns: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The modules of some patterns, each with the tests that the table tells for it."""
    chosen: dict[str, tuple[str, ...]] = {}
    for module in sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("*/**/*.py")):
        if any(fnmatch(module, pattern) for pattern in patterns):
            found = [file for key, files in TABLE.items() if fnmatch(module, key) for file in files]
            chosen.update({module: tuple(dict.fromkeys(found))} if found else {})
    if not chosen:
        raise SystemExit(f"The table has no module {' '.join(patterns)}.")
    return chosen


def _some(every: list[Mutant], options: argparse.Namespace) -> list[Mutant]:
    if options.only:
        return [entry for entry in every if entry.number in options.only]
    if not 0 < options.most < len(every):
        return every
    chance = random.Random(f"{options.seed} {every[0].module}")  # noqa: S311  (no secret)
    return sorted(chance.sample(every, options.most), key=lambda entry: entry.number)


def _survivors(
    module: str, wanted: Sequence[Mutant], files: Sequence[str], jobs: int
) -> list[Mutant]:
    """Those that no test noticed, each told as soon as it is known."""
    if not wanted:
        return []
    with tempfile.TemporaryDirectory(prefix="placet-mutation-") as folder:
        Path(folder).chmod(0o711)
        free: SimpleQueue[Tree] = SimpleQueue()
        trees = [Tree(Path(folder) / str(n)) for n in range(jobs)]
        for tree in trees:
            if tree.where() != tree.folder:
                raise SystemExit(f"The program would come from {tree.where()}.")
            free.put(tree)
        reach = Reach(trees[0], files)
        sys.stdout.write(f"{module}: {len(wanted)} mutants, {reach.seconds:.0f} seconds each\n")

        def survives(mutant: Mutant) -> bool:
            tree = free.get()
            try:
                return _survives(tree, mutant, reach, files)
            finally:
                free.put(tree)

        with ThreadPoolExecutor(jobs) as pool:
            found = list(pool.map(survives, wanted))
    return [entry for entry, left in zip(wanted, found, strict=True) if left]


def _survives(tree: Tree, mutant: Mutant, reach: Reach, files: Sequence[str]) -> bool:
    """Those tests are asked first that reach the line, then all of the table's."""
    with tree.changed(mutant):
        near = reach.tests(mutant)
        outcome = tree.test(near, reach.seconds) if near else "not run"
        if outcome in {"passed", "not run"}:
            requested = near if outcome == "passed" else ()
            far = [*files, *(f"--deselect={entry}" for entry in requested)]
            outcome = tree.test(far, reach.seconds)
    if outcome != "passed":
        _tell(f"{mutant.module} {mutant.number}: {outcome}")
        return False
    _tell(f"SURVIVED {_description(mutant)}")
    return True


def _description(mutant: Mutant) -> str:
    return f"{mutant.module} {mutant.number}: {mutant.what}\n{mutant.diff}"


def _tell(text_line: str) -> None:
    sys.stdout.write(text_line + "\n")
    sys.stdout.flush()

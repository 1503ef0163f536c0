"""The bench itself: its disk, its parts, and the tables of the page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from postgres_server import Server
from tests.bench import child_process, command_line, kept_figures, slow_disk
from tests.bench.figures import Figure, figure, from_plain, plain, table
from tests.bench.part_process import measured
from tests.bench.parts import PARTS, named
from tests.bench.run import Run
from tests.bench.sides import Sides, waiting
from tests.bench.slow_disk import NotInEffectError
from tests.bench.workload import Taken
from tests.bench.write_measures import ON_SQLITE

GOALS = (">= 1", "<= 1", "= 1")
CHECK = (
    "import sys; from pathlib import Path; from tests.bench import slow_disk;"
    " {} slow_disk.check(Path(sys.argv[1])); print(slow_disk.calls())"
)
VERSIONS = {"Python": "3.11"}
needs_compiler = pytest.mark.skipif(
    not slow_disk.present() and "CI" not in os.environ,
    reason="the disk of known speed needs Linux and a C compiler",
)


def run_of(folder: Path, *, disk: float | None = None, peer: bool = False) -> Run:
    return Run(folder, pairs=1, each=1, agendas=1, peer=peer, disk=disk)


def check_apart(folder: Path, microseconds: int, before: str = "") -> tuple[int, str]:
    """The check in a process on such a disk: how it ended, and what it said."""
    around = slow_disk.environment(slow_disk.compiled(folder / "disk"), microseconds)
    program = [sys.executable, "-c", CHECK.format(before), str(folder)]
    root = child_process.TESTS.parent
    found = subprocess.run(
        program, check=False, capture_output=True, text=True, env=around, cwd=root
    )
    return found.returncode, found.stdout + found.stderr


# --- the disk ------------------------------------------------------------------------------------


@needs_compiler
def test_on_a_disk_of_known_speed_every_commit_is_counted_and_takes_its_time(
    tmp_path: Path,
) -> None:
    """Looked at by the check that each measured part begins with."""
    ended, said = check_apart(tmp_path, 2000)

    assert (0, True) == (ended, int(said) >= 2 * slow_disk.CONTROLS)


def test_a_run_with_fewer_fsyncs_than_steps_gives_no_figure() -> None:
    """The control of what is looked at after each run of one client on a slow disk."""

    def figures(syncs: int) -> Sequence[Figure]:
        sides = Sides()
        for some in (sides.floor, sides.placet, *sides.many.values()):
            some.append(Taken(steps=16, seconds=1, cpu=1, syncs=syncs))
        return waiting("SQLite", "p", sides, ON_SQLITE)

    assert len(figures(16)) == 9
    with pytest.raises(NotInEffectError, match="15 fsyncs of 16 steps"):
        figures(15)


@needs_compiler
def test_a_disk_that_takes_less_than_it_should_is_refused(tmp_path: Path) -> None:
    """The control: the disk was told no delay, and two milliseconds are expected."""
    ended, said = check_apart(tmp_path, 0, "import os; os.environ['SLOW_US'] = '2000';")

    assert ended == 1
    assert "NotInEffectError: the disk of known speed is not in effect: 20 commits by fsync" in said


def test_without_the_disk_there_is_no_figure(tmp_path: Path, cluster: Server) -> None:
    with pytest.raises(NotInEffectError, match="and it counted 0 of them"):
        slow_disk.check(tmp_path)
    with pytest.raises(NotInEffectError, match="20 commits by PostgreSQL"):
        slow_disk.check_server(cluster.database())


def test_a_machine_without_a_compiler_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    kept = tmp_path / "figures.json"

    with pytest.raises(SystemExit, match="not measured: sqlite"):
        command_line.main(["--only", "sqlite", "--disk", "2", "--json", str(kept)])

    said = capsys.readouterr()
    assert "needs Linux and a C compiler" in said.err
    assert (said.out, kept.exists()) == ("", False)


# --- parts ---------------------------------------------------------------------------------------


def test_each_part_has_a_name_of_its_own() -> None:
    assert len(PARTS) == len({part.name for part in PARTS})
    assert list(PARTS) == [named(part.name) for part in PARTS]


@needs_compiler
def test_a_part_is_measured_in_a_process_of_its_own_on_its_disk(tmp_path: Path) -> None:
    """On the disk that takes no time: floor, Placet and peer, beside each other."""
    found = {
        some.name: some for some in measured(named("sqlite"), run_of(tmp_path, disk=0, peer=True))
    }

    over = found["SQLite, one client, client CPU per step over the floor's"]
    assert (over.floor, "<= 2") == (1.0, over.goal)
    assert over.peer is not None
    assert found["SQLite, commits per step, one client"].reached == "yes"


def test_how_a_part_is_measured_reaches_its_process(tmp_path: Path) -> None:
    run = run_of(tmp_path, disk=2.0)
    assert run == Run.decode(run.encode())


def test_a_part_that_waits_for_a_disk_is_measured_on_each() -> None:
    def chosen(*words: str) -> list[tuple[str, float | None]]:
        values = command_line._parser().parse_args(words)
        return [(part.name, disk) for part, disk in command_line._chosen(values)]

    assert [("sqlite", 0.0), ("sqlite", 2.0)] == chosen("--only", "sqlite")
    assert [("sqlite", 5.0), ("start", None)] == chosen(
        "--only", "start", "--only", "sqlite", "--disk", "5"
    )
    assert [("sqlite", None)] == chosen("--only", "sqlite", "--disk", "real")
    assert named("sqlite").title_on(2.0) == "Writing, SQLite, fsync 2 ms"
    assert named("start").title_on(None) == "Start"
    assert not chosen("--render")


# --- figures and the page ------------------------------------------------------------------------


def test_a_goal_is_reached_at_its_bound() -> None:
    def reached(goal: str) -> list[str]:
        return [figure("f", [entry], "p", goal).reached for entry in (0.9, 1, 1.1)]

    assert [["no", "yes", "yes"], ["yes", "yes", "no"], ["no", "yes", "no"]] == [
        reached(goal) for goal in GOALS
    ]


def test_a_table_says_what_floor_and_peer_took() -> None:
    found = figure("f", [1, 2, 3], "p", ">= 2", ([5], [7, 8, 9]))

    assert "| f | 2 (1 - 3) | 5 | 8 | >= 2 | yes | 3 | p |" in table([found])
    assert "| f | 2 (1 - 3) | 5 | 8 | >= 2 | yes |" in table([found], paths=False).splitlines()
    assert "| f | 4 |  |  |  |  |" in table([figure("f", [4], "p")], paths=False).splitlines()
    assert found == from_plain(json.loads(json.dumps(plain(found))))


def keep(path: Path, name: str, *values: float) -> kept_figures.Kept:
    found = [figure(name, [value], "p") for value in values]
    run = run_of(path.parent)
    entry = kept_figures.entry(
        found, run, day=date(2026, 11, 29), machine="2 processors", versions=VERSIONS
    )
    return kept_figures.keep(path, {name: entry})


def test_a_part_that_is_measured_again_replaces_its_own_table_only(tmp_path: Path) -> None:
    path, page = tmp_path / "figures.json", tmp_path / "page.md"
    page.write_text(f"Before.\n{kept_figures.BEGIN}\nold\n{kept_figures.END}\nAfter.\n")
    keep(path, "One", 1)
    keep(path, "Two", 2)
    command_line.render(page, path)
    first = page.read_text()

    keep(path, "One", 3)
    command_line.render(page, path)

    assert first.replace("| One | 1 |", "| One | 3 |") == page.read_text()
    assert first.startswith(
        f"Before.\n{kept_figures.BEGIN}\n\n### One\n\nTaken on 29 November 2026;"
    )
    assert first.endswith(f"| Two | 2 |  |  |  |  |\n\n{kept_figures.END}\nAfter.\n")


def test_a_page_without_a_place_for_figures_is_left_alone() -> None:
    with pytest.raises(ValueError, match="no place for figures"):
        kept_figures.rendered("A page.", {})


def test_the_page_shows_the_figures_that_are_kept() -> None:
    """After `python tests/bench --document`; `--render` writes the tables only."""
    page = command_line.PAGE.read_text(encoding="utf-8")
    assert page == kept_figures.rendered(page, kept_figures.read(command_line.FIGURES))

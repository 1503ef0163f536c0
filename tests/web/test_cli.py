"""The command line: data on standard output, one clear sentence for every failure, exit codes."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from adapters.files.locks import try_lock
from cli_store import OPEN, step
from cli_store import store as store
from command_line import Placet
from domain.ports.errors import Unavailable

CASES = Path(__file__).parents[1] / "cases"
SEED = CASES / "untoc-wg7-2023.yaml"


def test_versions_are_said(placet: Placet, store: Path) -> None:
    """Of the program and of the format of its stores."""
    code, out, _ = placet("--version")

    assert 0 == code
    assert out.startswith("placet 0.")
    assert "store format" in out


def test_the_seed_passes_and_says_so(placet: Placet) -> None:
    """Step by step, with a verdict, as text and as JSON."""
    code, out, _ = placet("case", "run", SEED)
    verdict = json.loads(placet("case", "run", SEED, "--json")[1])

    assert 0 == code
    assert "passed untoc-wg7-2023" in out
    assert verdict["passed"] is True


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("when: 2023-06-06", "when: 2023-06-07"),
        ("when: 2023-06-20", "when: 2023-06-21"),
        ("masthead_date: 2023-07-11", "masthead_date: 2023-07-12"),
        ("starts: 2023-10-05", "starts: 2023-10-04"),
        ("stage: approved", "stage: adopted"),
        ("proposer-permitted: undeterminable", "proposer-permitted: satisfied"),
    ],
)
def test_a_changed_copy_of_the_seed_fails(
    placet: Placet, tmp_path: Path, was: str, becomes: str
) -> None:
    """Any date or expectation that is not the source's is found; exit code 3."""
    text = SEED.read_text()
    copy = tmp_path / "copy.yaml"
    copy.write_text(text.replace(was, becomes, 1))

    assert was in text
    assert 3 == placet("case", "run", copy)[0]
    assert 3 == placet("case", "check", tmp_path)[0]


def test_a_typing_error_is_found_where_it_is(placet: Placet, tmp_path: Path) -> None:
    """The answer names file, line and field, and a word that was perhaps meant."""
    copy = tmp_path / "copy.yaml"
    copy.write_text(SEED.read_text().replace("    venue: Vienna", "    venu: Vienna", 1))
    text_line = copy.read_text().splitlines().index("    venu: Vienna") + 1
    code, _, err = placet("case", "run", copy)

    assert 1 == code
    assert f"{copy}:{text_line}: " in err.replace("\n", "")
    assert "did you mean 'venue'" in err
    assert 1 == placet("case", "check", tmp_path)[0]


def test_an_empty_folder_is_a_wrong_call(placet: Placet, tmp_path: Path) -> None:
    """There is nothing to check; exit code 2, like an unknown command."""
    assert 2 == placet("case", "check", tmp_path)[0]
    assert 2 == placet("case", "chek", tmp_path)[0]


def test_everything_is_done_and_seen_without_forms(
    placet: Placet, store: Path, tmp_path: Path
) -> None:
    """A silence is opened and answered by steps, and seen in list, event and history."""
    code, out, _ = placet("agenda", "do", step(tmp_path, OPEN), "--store", store, "--json")
    opened = json.loads(out)[0]
    answer = "live: respond\nwho: seat east\nwindow: w\nkind: objection\nseats: [east]\n"
    placet("agenda", "do", step(tmp_path, answer), "--store", store)
    board = json.loads(placet("agenda", "list", "--store", store, "--json")[1])
    event = json.loads(placet("event", "show", opened["position"], "--store", store, "--json")[1])
    earlier = placet("agenda", "list", "--store", store, "--at", opened["position"], "--json")

    shown = placet("agenda", "show", "window/w", "--store", store)
    history = placet("agenda", "history", "window/w", "--store", store)

    assert (0, "broken") == (code, board[0]["stands"])
    assert "A text." in shown[1]
    assert "objection" in history[1]
    assert 1 == placet("agenda", "history", "nothing/w", "--store", store)[0]
    assert "window.opened.v2" == event["event"]["name"]
    assert "open" == json.loads(earlier[1])[0]["stands"]
    assert 0 == placet("event", "show", opened["position"], "--store", store)[0]


def test_said_twice_is_done_once(placet: Placet, store: Path, tmp_path: Path) -> None:
    """The id of a step makes it safe to repeat."""
    file = step(tmp_path, OPEN)
    first = placet("agenda", "do", file, "--store", store, "--json")
    again = placet("agenda", "do", file, "--store", store, "--json")

    assert first[1] == again[1]
    assert "nothing was recorded again" in again[2]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (OPEN.replace("body: b", "body: c"), "body c is not in the record"),
        (
            OPEN.replace("live", "simulated") + "when: 2020-01-01T10:00Z\n",
            "simulated acts are played",
        ),
        (OPEN + "when: 2020-01-01\n", "a live act cannot be dated"),
        (OPEN + "length: 8 hours\n", "UNGA decision 74/544"),
        (OPEN + "closes: 2099-03-29T02:30[Europe/Vienna]\n", "does not exist in Europe/Vienna"),
        ("live: wait\n", "nothing happens by waiting"),
        ("attested: open session\nsession: s\n", "history needs its source"),
        ("live: respond\nwindow: nowhere\nkind: objection\n", "never opened"),
        ("live: open silense\n", "did you mean 'open silence'"),
        ("live: [\n", "not YAML"),
    ],
)
def test_wrong_input_gets_one_clear_sentence(
    placet: Placet, store: Path, tmp_path: Path, text: str, sentence: str
) -> None:
    """A non-zero exit, the reason on standard error, and nothing lost or added."""
    before = placet("store", "check", "--store", store)[1]
    code, out, err = placet("agenda", "do", step(tmp_path, text), "--store", store)

    assert (1, "") == (code, out)
    assert sentence in " ".join(err.split())
    assert before == placet("store", "check", "--store", store)[1]


def test_a_response_that_does_not_count_is_kept_and_said(
    placet: Placet, store: Path, tmp_path: Path
) -> None:
    """Exit code 1, but the response is on the record with its rule."""
    placet("agenda", "do", step(tmp_path, OPEN), "--store", store)
    answer = "live: respond\nwho: {role: other}\nwindow: w\nkind: objection\nseats: [west]\n"
    code, _, err = placet("agenda", "do", step(tmp_path, answer), "--store", store)

    assert 1 == code
    assert "responder-on-roster" in err


def test_a_store_is_checked_copied_and_rebuilt(placet: Placet, store: Path, tmp_path: Path) -> None:
    """The copy is sound; a copy is never made over something."""
    assert 0 == placet("store", "backup", tmp_path / "copy", "--store", store)[0]
    assert 1 == placet("store", "backup", tmp_path / "copy", "--store", store)[0]
    report = json.loads(placet("store", "check", "--store", tmp_path / "copy", "--json")[1])
    before = placet("agenda", "list", "--store", store, "--json")[1]
    code = placet("rebuild", "--store", store)[0]

    assert (True, 0) == (report["sound"], code)
    assert before == placet("agenda", "list", "--store", store, "--json")[1]


def test_a_damaged_store_is_found(placet: Placet, store: Path) -> None:
    """Changed bytes end a check with code 3 or a clear error, never with a clean bill."""
    path = store / "log.db"
    content = bytearray(path.read_bytes())
    place = content.find(b"Eastland")
    assert place > 0
    content[place : place + 8] = b"Westland"
    path.write_bytes(content)
    code, out, err = placet("store", "check", "--store", store)

    assert code in {1, 3}
    assert "hash" in out + err


def test_what_is_no_store_is_none(placet: Placet, tmp_path: Path) -> None:
    """A missing folder, a file of something else, a store made twice."""
    assert 1 == placet("agenda", "list", "--store", tmp_path / "nowhere")[0]
    placet("store", "create", tmp_path / "store")
    assert 1 == placet("store", "create", tmp_path / "store")[0]
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "log.db").write_text("no database at all " * 100)
    code, _, err = placet("agenda", "list", "--store", tmp_path / "other")

    assert 1 == code
    assert "Traceback" not in err


@pytest.mark.parametrize("at", ["soon", "2023-06-06", "2023-06-06T10:00"])
def test_a_moment_that_is_none_is_refused(placet: Placet, store: Path, at: str) -> None:
    """As of a position or an exact instant, nothing else."""
    code, _, err = placet("agenda", "list", "--store", store, "--at", at)

    assert 1 == code
    assert err


def test_rules_and_schema_are_printed(placet: Placet) -> None:
    """Every rule with its citation, and the schema of case files."""
    rules = json.loads(placet("rules", "--json")[1])
    schema: Any = json.loads(placet("case", "schema")[1])

    assert {"generic", "untoc-working-groups"} == rules.keys()
    assert "steps" in schema["properties"]
    assert "UNGA decision 74/544" in placet("rules")[1]


def test_the_demonstration_prints_the_seeds_dates(placet: Placet, tmp_path: Path) -> None:
    """Each date of the real case from an event, attested and planned told apart."""
    code, out, _ = placet("demo", "--no-serve", "--store", tmp_path / "demo")
    lines = [" ".join(text_line.split()) for text_line in out.splitlines()]

    assert 0 == code
    assert any(text_line.startswith("submitted 2023-06-06 attested") for text_line in lines)
    assert any(text_line.startswith("approved 2023-06-20 attested") for text_line in lines)
    assert any(text_line.startswith("published 2023-07-11 attested") for text_line in lines)
    assert any(text_line.startswith("agenda adopted 2023-10-05 planned") for text_line in lines)
    assert any(text_line.startswith("report adopted 2023-10-06 planned") for text_line in lines)
    assert 1 == placet("demo", "--no-serve", "--store", tmp_path / "demo")[0]


def test_the_program_starts_as_a_process(tmp_path: Path) -> None:
    """`python -m web`: help on standard output, an unknown word is a wrong call."""
    run = [sys.executable, "-m", "web"]
    requested = subprocess.run([*run, "--help"], capture_output=True, text=True, check=False)
    wrong = subprocess.run([*run, "dmeo"], capture_output=True, text=True, check=False)

    assert (0, 2) == (requested.returncode, wrong.returncode)
    assert "demo" in requested.stdout


def test_a_withheld_name_is_withheld_from_who_gave_it_too(
    placet: Placet, store: Path, tmp_path: Path
) -> None:
    """What an act prints is what anybody may see."""
    placet("agenda", "do", step(tmp_path, OPEN + "names_withheld: yes\n"), "--store", store)
    answer = "live: respond\nwho: seat east\nwindow: w\nkind: objection\nseats: [east]\n"
    code, out, _ = placet("agenda", "do", step(tmp_path, answer), "--store", store, "--json")

    assert 0 == code
    assert '"east"' not in out
    assert "withheld" in out


def test_letters_that_the_output_cannot_hold_are_written_as_their_codes(tmp_path: Path) -> None:
    """In a C locale with ASCII: text with codes, JSON that reads back, and no traceback."""
    ascii_only = {
        "PATH": "",
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONIOENCODING": "ascii",
    }

    def run(*words: object) -> subprocess.CompletedProcess[str]:
        call = [sys.executable, "-m", "web", *map(str, words)]
        root = Path(__file__).parents[2]
        return subprocess.run(
            call, capture_output=True, text=True, env=ascii_only, cwd=root, check=False
        )

    store = tmp_path / "store"
    case = tmp_path / "case.yaml"
    case.write_text(
        "organisation: x\nsteps:\n  - {simulated: establish body, when: 2026-05-04T07:00Z,"
        " body: b, names: {en: \u00c4, ru: \u0421}, expect: {counts: {roster: 1}}}\n",
        encoding="utf-8",
    )
    result = run("case", "run", case)
    as_json = run("case", "run", SEED, "--json")
    step(tmp_path, "live: establish body\nbody: b\nnames: {en: \u0411}\n")
    made = run("store", "create", store)
    done = run("agenda", "do", tmp_path / "step.yaml", "--store", store, "-o", "org")
    wrong = run("agenda", "do", tmp_path / "step.yaml", "--store", store, "-o", "f\u00e4")

    assert [3, 0, 0, 0] == [entry.returncode for entry in (result, as_json, made, done)]
    assert "steps.1.expect.counts.roster: roster is 0, not 1" in result.stdout
    assert json.loads(as_json.stdout)["passed"]
    assert "\\u0411" in done.stdout
    assert 1 == wrong.returncode
    for entry in (result, as_json, made, done, wrong):
        assert "Traceback" not in entry.stderr


def test_a_store_that_cannot_be_written_is_read_all_the_same(
    placet: Placet, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No lock is made there; what wants to write says that it cannot."""
    placet("agenda", "list", "--store", store)
    held = os.open

    def refusing(path: str | Path, flags: int, *more: int) -> int:
        if flags & os.O_CREAT and str(path).startswith(str(store)):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return held(path, flags, *more)

    monkeypatch.setattr(os, "open", refusing)
    monkeypatch.setattr(os, "access", lambda _, mode: not mode & os.W_OK)

    assert 0 == placet("window", "list", "--store", store)[0]
    with pytest.raises(Unavailable, match="cannot be written: Permission denied"):
        try_lock(store / "lock")

"""`placet post` and `placet directory`: sending by hand, bounces, and the addresses."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from posted import service
from story import Story

from domain.facts import Actor, Role
from web.catalogues import NAMES
from web.cli import main
from web.main import CaseError, mail_screen, read_directory

Run = Callable[..., tuple[int, str, str]]


pytestmark = pytest.mark.folder


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line; its exit code, standard output and standard error."""

    def placet(*words: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["placet", *map(str, words)])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        told = capsys.readouterr()
        return code, told.out, told.err

    return placet


@pytest.fixture
def store(story: Story, run: Run) -> Path:
    """A store with window `w` open since now, whose secretariat loads a directory."""
    story.now = story.placet.clock.read().at.replace(microsecond=0)
    story.body()
    story.silence()
    folder = story.placet.store.home
    given = folder.parent / "given.yaml"
    given.write_text("fictional: {b: {east: {addresses: [e@x.org]}, west: {addresses: []}}}\n")
    assert 0 == run("directory", "load", given, "--store", folder)[0]
    return folder


def test_letters_are_sent_seen_and_noted_as_bounced_by_commands(
    store: Path, story: Story, tmp_path: Path, run: Run
) -> None:
    out = tmp_path / "out"
    code, told, said = run("post", "send", "--store", store, "--mail-dir", out, "--json")
    first = [(one["to"], one["state"]) for one in json.loads(told)]
    name = next(out.glob("*.eml")).stem

    assert (0, [("east", "accepted"), ("west", "given up")]) == (code, first[:2])
    assert "Notices are written to" in said
    reason = ("--reason", "came back")
    code, _, _ = run("post", "bounced", f"<{name}@x.org>", "--store", store, *reason)
    assert 0 == code
    assert frozenset({"east", "west"}) == story.state("window/w").failed

    seat = ("--window", "w", "--store", store, "--seat")
    assert 0 == run("post", "resolve", *seat, "east", "--reason", "told by phone")[0]
    assert 0 == run("post", "waive", *seat, "west", "--reason", "no post there")[0]
    assert frozenset() == story.state("window/w").failed

    _, status, _ = run("post", "status", "--store", store, "--json")
    states = {one["to"]: one["state"] for one in json.loads(status) if one["about"] == "opening"}
    assert {"east": "bounced", "west": "given up"} == states


def test_what_was_never_sent_cannot_have_come_back(story: Story) -> None:
    posting = service(story, mail_screen(print))
    with story.refused("known"):
        posting.bounced("0" * 40, "came back", by=Actor(role=Role.SECRETARIAT))


@pytest.mark.parametrize(
    "words",
    [
        ("--smtp", "localhost"),
        ("--smtp", "localhost:25"),
        ("--smtp", "localhost:25", "--mail-from", "a@b.org", "--smtp-tls", "maybe"),
        ("--smtp", "localhost:25", "--mail-from", "a@b.org", "--mail-dir", "out"),
    ],
)
def test_unclear_settings_send_nothing(store: Path, words: tuple[str, ...], run: Run) -> None:
    assert 0 != run("post", "send", "--store", store, *words)[0]


def test_a_directory_is_checked_before_it_takes_the_place_of_another(
    store: Path, tmp_path: Path, run: Run
) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("fictional: {b: {east: {addresses: [nobody]}}}\n")

    assert 0 != run("directory", "check", wrong)[0]
    assert 0 != run("directory", "load", wrong, "--store", store)[0]
    _, told, _ = run("directory", "list", "--store", store, "--json")
    assert ["e@x.org", ""] == [one["addresses"] for one in json.loads(told)]


# --- the directory -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "line", "fault"),
    [
        ("{language: xx}", 3, "write one of"),
        ("{addresses: a@b.org}", 3, "a list of addresses"),
        ("{addresses: [a b@c.org]}", 3, "is no mail address"),
        ("{addresses: ['Name <a@b.org>']}", 3, "is no mail address"),
        ('{addresses: ["a@b.org\\r\\nBcc: x@y.org"]}', 3, "is no mail address"),
        ("{addresses: [ä@b.org]}", 3, "is no mail address"),
        ("{addresses: [nobody]}", 3, "is no mail address"),
        ("{address: [a@b.org]}", 3, "did you mean 'addresses'"),
        ("a@b.org", 3, "names with what belongs to them"),
    ],
)
def test_a_wrong_directory_is_refused_with_its_line(
    tmp_path: Path, entry: str, line: int, fault: str
) -> None:
    path = tmp_path / "d.yaml"
    path.write_text(f"un:\n  b:\n    east: {entry}\n", encoding="utf-8")

    with pytest.raises(CaseError, match=rf"d\.yaml:{line}: .*{fault}"):
        read_directory(path)


@pytest.mark.parametrize("language", NAMES)
def test_every_language_of_letters_may_stand_in_the_directory(
    language: str, tmp_path: Path
) -> None:
    path = tmp_path / "d.yaml"
    path.write_text(f"un: {{b: {{east: {{language: {language}, addresses: [a@b.org]}}}}}}\n")

    assert language == read_directory(path).of("un", "b", "east").language

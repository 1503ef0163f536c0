"""`placet post` and `placet directory`: sending by hand, bounces, and the addresses."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.files import directory_text
from adapters.mail.screen import ScreenTransport
from domain.actors import Actor, Role
from domain.ports.errors import CaseError
from smtp_server import service
from story import Story
from web.cli import main
from web.i18n.catalogues import NAMES

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
        found = capsys.readouterr()
        return code, found.out, found.err

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
    code, result, said = run("post", "send", "--store", store, "--mail-dir", out, "--json")
    first = [(load["to"], load["state"]) for load in json.loads(result)]
    name = next(out.glob("*.eml")).stem

    assert (0, [("east", "accepted"), ("west", "given up")]) == (code, first[:2])
    assert "Notices are written to" in said
    reason = ("--reason", "came back")
    code, _, _ = run("post", "bounced", f"<{name}@x.org>", "--store", store, *reason)
    assert 0 == code
    assert frozenset({"east", "west"}) == story.state("window/w").unreached_seats

    seat = ("--window", "w", "--store", store, "--seat")
    assert 0 == run("post", "resolve", *seat, "east", "--reason", "told by phone")[0]
    assert 0 == run("post", "waive", *seat, "west", "--reason", "no post there")[0]
    assert frozenset() == story.state("window/w").unreached_seats

    _, status, _ = run("post", "status", "--store", store, "--json")
    states = {
        load["to"]: load["state"] for load in json.loads(status) if load["about"] == "opening"
    }
    assert {"east": "bounced", "west": "given up"} == states


def test_where_names_are_withheld_no_list_of_letters_tells_who_answered(
    store: Path, story: Story, tmp_path: Path, run: Run
) -> None:
    """Only who answered gets a receipt, and only who did not gets a reminder."""
    assert 0 == run("key", "create", "--store", store)[0]
    send = ("post", "send", "--store", store, "--mail-dir", tmp_path / "out", "--json")
    run(*send)  # receipts are sent of answers that come from now on
    story.now += timedelta(seconds=1)  # a key is in force since the moment of its making
    for window, withheld in (("sealed", True), ("open", False)):
        story.silence(window=window, text={"en": "Blue."}, names_withheld=withheld)
        story.respond("objection", window=window)
    _, sent, _ = run(*send)
    _, status, _ = run("post", "status", "--store", store, "--json")

    for listed in (json.loads(sent), json.loads(status)):
        receipts = {load["window"]: load["to"] for load in listed if load["about"] == "receipt"}
        assert {"sealed": "withheld", "open": "east"} == receipts


def test_no_letter_goes_out_that_does_not_say_where_the_pages_are(tmp_path: Path, run: Run) -> None:
    """As it is for a server; letters of a throw-away store reach nobody."""
    store, out = tmp_path / "store", tmp_path / "out"
    send = ("post", "send", "--store", store, "--mail-dir", out)
    assert 0 == run("store", "create", store)[0]

    code, _, said = run(*send)
    assert (1, True) == (code, "Letters that reach people must say where the pages are" in said)
    assert 0 == run(*send, "--external-address", "https://placet.example.org")[0]


def test_what_was_never_sent_cannot_have_come_back(story: Story) -> None:
    posting = service(story, ScreenTransport(print))
    with story.refused("known"):
        posting.record_bounce("0" * 40, "came back", by=Actor(role=Role.SECRETARIAT))


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
    _, result, _ = run("directory", "list", "--store", store, "--json")
    assert ["e@x.org", ""] == [load["addresses"] for load in json.loads(result)]


@pytest.mark.parametrize(
    ("content", "line", "fault"),
    [
        (
            "fictional: {b: {\n  suoth: {addresses: [s@x.org]}}}",
            2,
            "'suoth' is no office or seat of b",
        ),
        ("fictional: {b: {\n  wset: {}}}", 2, r"did you mean west\?"),
        ("fictional: {b: {\n  chair: {}}}", 2, "presiding officer, secretariat, east, west"),
        ("fictional:\n  bb: {east: {}}", 2, r"'bb' is no body of fictional.*known are: b"),
        ("\nfictoinal: {b: {east: {}}}", 2, "no organisation of this store.*known are: fictional"),
        ("fictional: {b: {east: {\n  adresses: []}}}", 2, "'adresses' is no field"),
    ],
)
def test_a_name_that_nobody_has_is_refused_with_its_line_and_what_is_known(
    store: Path, run: Run, content: str, line: int, fault: str
) -> None:
    """Letters to it would reach nobody; the old directory stays."""
    wrong = store.parent / "wrong.yaml"
    wrong.write_text(f"{content}\n")
    loaded = run("directory", "load", wrong, "--store", store)
    checked = run("directory", "check", wrong, "--store", store)
    _, listed, _ = run("directory", "list", "--store", store, "--json")

    assert (1, 1) == (loaded[0], checked[0])
    assert re.search(rf"wrong\.yaml:{line}: .*{fault}", " ".join(loaded[2].split()))
    assert ["e@x.org", ""] == [load["addresses"] for load in json.loads(listed)]


def test_whoever_opens_a_window_is_told_whom_no_letter_can_reach(
    store: Path, tmp_path: Path, run: Run
) -> None:
    """Also where the file was changed by hand, past the check."""
    (store / "directory.yaml").write_text(
        "fictional: {b: {suoth: {addresses: [s@x.org]}, east: {addresses: [e@x.org]}}}\n"
    )
    words = (
        "--body",
        "b",
        "--subject",
        "decision text",
        "--text",
        "en=Red.",
        "--length",
        "72 hours",
    )
    _, _, said = run("window", "open", "v", "--store", store, "--yes", *words)
    said = " ".join(said.split())

    assert "No letter can reach these seats, for the directory has no address: west." in said
    assert "The directory names what is no seat and no office here: suoth." in said


def test_who_opens_a_procedure_without_any_directory_is_warned(store: Path, run: Run) -> None:
    """No notice could reach anybody, and silence would still approve."""
    (store / "directory.yaml").unlink(missing_ok=True)
    words = ("--body", "b", "--subject", "decision text", "--text", "en=Red.")
    _, _, said = run(
        "window", "open", "v", "--store", store, "--yes", "--length", "72 hours", *words
    )

    assert "the directory has no address: east, west." in " ".join(said.split())


def test_nobody_is_warned_where_letters_reach_all(store: Path, run: Run) -> None:
    everybody = (
        "east: {addresses: [e@x.org]}, west: {addresses: [w@x.org]},"
        " presiding officer: {addresses: [p@x.org]}"
    )
    (store / "directory.yaml").write_text(f"fictional: {{b: {{{everybody}}}}}\n")
    words = (
        "--body",
        "b",
        "--subject",
        "decision text",
        "--text",
        "en=Red.",
        "--length",
        "72 hours",
    )
    code, _, said = run("window", "open", "v", "--store", store, "--yes", *words)

    assert 0 == code
    assert "directory" not in said


def test_a_directory_that_is_mended_sends_what_was_missed(
    store: Path, story: Story, tmp_path: Path, run: Run
) -> None:
    """What became of it is recorded again; what was sent before is not sent again."""
    out = tmp_path / "out"
    send = ("post", "send", "--store", store, "--mail-dir", out, "--json")
    run(*send)
    before = story.state("window/w").unreached_seats
    unparked = tmp_path / "mended.yaml"
    unparked.write_text(
        "fictional: {b: {east: {addresses: [e@x.org]}, west: {addresses: [w@x.org]}}}"
    )
    run("directory", "load", unparked, "--store", store)
    _, result, _ = run(*send)
    _, again, _ = run(*send)

    assert (frozenset({"west"}), frozenset()) == (before, story.state("window/w").unreached_seats)
    assert [("west", "accepted")] == [
        (load["to"], load["state"]) for load in json.loads(result) if load["about"] == "opening"
    ]
    assert [] == [load for load in json.loads(again) if load["about"] == "opening"]


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
        directory_text.read_file(path)


@pytest.mark.parametrize("language", NAMES)
def test_every_language_of_letters_may_stand_in_the_directory(
    language: str, tmp_path: Path
) -> None:
    path = tmp_path / "d.yaml"
    path.write_text(f"un: {{b: {{east: {{language: {language}, addresses: [a@b.org]}}}}}}\n")

    assert language == directory_text.read_file(path).entry_of("un", "b", "east").language

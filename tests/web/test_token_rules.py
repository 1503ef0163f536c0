"""Under a token every command does and shows what the roles of the token's owner allow."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from command_line import Placet
from domain.access.events import RoleGranted
from domain.canonical import digest
from served_store import PLACET
from story import Story
from web.cli.command_table import COMMANDS, load_command
from web.cli.token_rules import RULES, TokenRule, rule_of
from workflows.accounts.tokens import ACT, READ

PASSWORD = "a long pass phrase"
ANSWERED_WITHIN = 20.0
"""Seconds after which a command is ended that was not refused."""
R, EVERY_RULE = TokenRule, frozenset(TokenRule)


def leaves(command: Any, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each command below one, by its words."""
    members = getattr(command, "commands", None)
    if members is None:
        yield words, command
    for name, member in (members or {}).items():
        yield from leaves(member, (*words, name))


EVERY = [found for name in COMMANDS for found in leaves(load_command(name), (name,))]


MOMENT = "2026-03-16T16:50[UTC]"
USUAL = dict.fromkeys(("value_order_received", "received", "value_closes"), MOMENT)
"""Values of a form that the command looks at before it opens a store."""
LIST = "body: b\nduty_station: D\nyear: 2026\nversion: 1\nholidays: []\n"
STEP = "live: establish body\nbody: c\nnames: {en: Body}\nzone: UTC\n"


def needed(command: Any, folder: Path) -> list[str]:
    """Words that a command cannot do without: invented ones, and the store."""
    words = []
    for parameter in command.params:
        if not (parameter.required or parameter.name == "store"):
            continue
        kind, value = parameter.type_descriptor.annotation, "x"
        if isinstance(kind, type) and issubclass(kind, int | Path | Enum):
            value = next(iter(kind)).value if issubclass(kind, Enum) else "1"
            value = str(folder / "file") if issubclass(kind, Path) else value
        value = "en=x" if "=" in (parameter.metavar or "") else value
        value = str(folder / "store") if parameter.name in {"store", "place", "source"} else value
        value = USUAL.get(parameter.name, value)
        is_option = parameter.param_type_name == "option"
        words += ([parameter.opts[0]] if is_option else []) + (
            [] if is_option and parameter.is_flag else [value]
        )
    if any("--password-file" in parameter.opts for parameter in command.params):
        words += ["--password-file", str(folder / "password")]
    if command.name == "load":
        words[0] = str(folder / "list")
    return words


@pytest.fixture
def tokens(story: Story, tmp_path: Path) -> dict[str, str]:
    """The tokens of four persons, one of whom has no role, and one that is wrong."""
    story.body()
    (tmp_path / "file").write_text(STEP)
    (tmp_path / "list").write_text(LIST)
    (tmp_path / "password").write_text(PASSWORD)
    accounts, made = story.placet.accounts, {"wrong": "placet_wrong"}
    for login, role, scope in (
        ("ann", "administrator", ACT),
        ("eve", "", ACT),
        ("ro", "administrator", READ),
        ("sec", "secretariat", ACT),
    ):
        principal = accounts.directory.add(login, password=PASSWORD).principal
        made[login] = accounts.tokens.make(principal, "x", scope, timedelta(days=9))[0]
        if role:
            story.do("grant role", who="administrator", principal=principal, role=role)
    return made


def test_every_command_has_a_rule_and_every_rule_a_command() -> None:
    ruled = {
        (name, *below)
        for name, found in RULES.items()
        for below in ([()] if isinstance(found, TokenRule) else [(each,) for each in found])
    }
    assert ruled == {words for words, _ in EVERY}
    assert rule_of(("mail", "invented")) is None


def test_a_wrong_token_is_refused_by_every_command_that_opens_a_store(
    tokens: dict[str, str],
    story: Story,
    tmp_path: Path,
    placet: Placet,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = len(story.events())
    for wrong in (tokens["wrong"], ""):  # empty where a secret failed to be filled in
        monkeypatch.setenv("PLACET_TOKEN", wrong)
        assert {} == answers(placet, EVERY_RULE - {R.NO_STORE, R.NEVER}, "not known", tmp_path)
        assert {} == answers(placet, frozenset({R.NEVER}), "role-granted", tmp_path)
    assert before == len(story.events())


def test_who_has_no_role_is_refused_whatever_a_role_is_needed_for(
    tokens: dict[str, str], tmp_path: Path, placet: Placet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLACET_TOKEN", tokens["eve"])
    rules = EVERY_RULE - {R.NO_STORE, R.NEVER, R.ACT}
    assert {} == answers(placet, rules, "role-granted", tmp_path)


def test_a_token_that_may_read_changes_nothing(
    tokens: dict[str, str], tmp_path: Path, placet: Placet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLACET_TOKEN", tokens["ro"])
    store = ("--store", tmp_path / "store")
    for words in (
        ("agenda", "withdraw", "a", "--item", "i", "--reason", "r"),
        ("mail", "dismiss", "1", "--reason", "r"),
        ("user", "disable", "ann"),
    ):
        code, _, err = placet(*words, *store)
        assert (1, True) == (code, "token-scope" in err), err
    assert 0 == placet("user", "list", "--store", tmp_path / "store")[0]


def test_the_paper_of_a_response_is_for_whom_its_page_gives_it_to(
    tokens: dict[str, str],
    story: Story,
    tmp_path: Path,
    placet: Placet,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An administrator reads the record, and no papers."""
    story.silence()
    given = {"window": "w", "kind": "objection", "seats": ["east"]}
    story.do("respond", evidence=digest(b"No."), files={digest(b"No."): b"No."}, **given)
    words = ("window", "evidence", "w", "--response", "1", "--store", tmp_path / "store", "--to")

    def writes(who: str) -> tuple[int, bool]:
        monkeypatch.setenv("PLACET_TOKEN", tokens[who])
        code, _, err = placet(*words, tmp_path / who)
        return code, "role-granted" in err

    assert (0, False) == writes("sec")
    assert (1, True) == writes("ann")
    assert [True, False] == [(tmp_path / who).exists() for who in ("sec", "ann")]


def answers(
    placet: Placet, rules: frozenset[TokenRule], because: str, folder: Path
) -> dict[str, tuple[int, str, str]]:
    """What commands under these rules answer, where it is another thing than such a refusal."""
    other = {}
    for words, command in EVERY:
        if rule_of(words) in rules:
            with ended_after(ANSWERED_WITHIN):
                answer = placet(*words, *needed(command, folder))
            if answer[:2] != (1, "") or because not in answer[2]:
                other[" ".join(words)] = answer
    return other


@contextmanager
def ended_after(seconds: float) -> Iterator[None]:
    """End what goes on for so long as Ctrl-C would: `serve` that is not refused serves for ever."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_a_command_that_should_be_refused_and_serves_instead_is_found(
    story: Story, tmp_path: Path, placet: Placet
) -> None:
    """The control of the tests above: without a token nothing refuses `serve`, and it ends."""
    story.body()
    with ended_after(3):
        code, _, err = placet("serve", "--store", tmp_path / "store", "--port", "0")
    assert (130, True) == (code, "http://127.0.0.1" in err)


@pytest.mark.parametrize("words", [("serve", "--port", "0"), ("clock",)])
def test_a_process_that_is_refused_ends_with_its_message(
    tokens: dict[str, str], tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = subprocess.run(
        [*PLACET, *words, "--store", str(tmp_path / "store")],
        env={**os.environ, "PLACET_TOKEN": tokens["eve"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (1, "") == (done.returncode, done.stdout)
    assert "role-granted" in done.stderr


def test_what_is_done_beside_the_record_names_the_owner_of_the_token(
    tokens: dict[str, str],
    story: Story,
    tmp_path: Path,
    placet: Placet,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    named = story.placet.accounts.directory.named
    store, where = ("--store", tmp_path / "store"), ("-o", story.events()[0].organisation)
    password = ("--password-file", tmp_path / "password")
    monkeypatch.setenv("PLACET_TOKEN", tokens["ann"])
    assert 0 == placet("user", "add", "bo", *store, *password, *where, "--administrator")[0]
    (granted,) = [e for e in story.events() if isinstance(e.fact, RoleGranted)][-1:]
    assert (named("bo").principal, named("ann").principal, "token") == (
        granted.fact.principal,
        granted.actor.principal,
        granted.actor.authenticated_by,
    )
    code, out, err = placet("user", "tokens", "bo", *store, "--make", "x")
    assert (1, "", True) == (code, out, "no other token" in err), "a token would outlive itself"
    entry = (
        "directory",
        "set",
        "b",
        "presiding officer",
        *store,
        *where,
        "--address",
        "p@b.example",
    )
    code, _, err = placet(*entry)
    assert (1, True) == (code, "role-granted" in err), "addresses are for the secretariat"
    monkeypatch.setenv("PLACET_TOKEN", tokens["sec"])
    code, _, err = placet(*entry)
    assert 0 == code, err
    assert named("sec").principal == story.placet.notifications.addresses.changes()[-1].by
    assert 1 == placet("user", "list", *store)[0]
    assert 0 == placet("window", "list", *store)[0]
    assert 0 == placet("mail", "list", *store)[0]

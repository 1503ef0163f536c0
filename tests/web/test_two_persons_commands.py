"""What takes two persons, on the command line: under the tokens of two accounts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

import wiring
from command_line import Placet
from domain.times import When
from story import Story
from workflows.accounts.tokens import ACT

Run = Callable[..., tuple[int, str, str]]
RULE = ("window", "rule", "w", "--response", "1", "--does-not-break", "--reason", "It was late.")


@pytest.fixture
def acts(story: Story, placet: Placet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Does something as one of three persons, of whom one may not rule; or as nobody."""
    folder = tmp_path / "store"
    story.now = wiring.now() - timedelta(hours=72, minutes=20)
    story.body(parameters={"margin-seconds": "2"})
    accounts, tokens = story.placet.accounts, dict[str, str]()
    for login, role in (("chair", "presiding officer"), ("vice", "presiding officer"), ("xi", "")):
        principal = accounts.directory.add(login).principal
        tokens[login] = accounts.tokens.make(principal, "x", ACT, timedelta(days=9))[0]
        if role:
            grant = {"principal": principal, "role": role, "body": "b"}
            story.do("grant role", who="administrator", **grant)
    story.silence(length="72 hours")
    end = story.state("window/w").closes.exact
    story.now = end - timedelta(seconds=59)
    received = When.from_instant(end - timedelta(milliseconds=1))
    given = {"window": "w", "kind": "objection", "seats": ["east"], "received": received}
    story.do("respond", offset_ms=0, **given)

    def run(login: str, *words: str) -> tuple[int, str, str]:
        if login in tokens:
            monkeypatch.setenv("PLACET_TOKEN", tokens[login])
        else:
            monkeypatch.delenv("PLACET_TOKEN", raising=False)
        return placet(*words, "--store", folder)

    return run


def prepared(acts: Run) -> str:
    """The id of what the chair has prepared."""
    code, out, err = acts("chair", *RULE, "--yes")
    assert (0, "") == (code, out), err
    assert "This takes two persons, and nothing is recorded yet." in err
    found = re.search(r"placet window confirm (\S+)", err)
    assert found
    return found[1]


def test_one_prepares_and_another_confirms(acts: Run, story: Story) -> None:
    before = len(story.events())
    waits = prepared(acts)
    assert before == len(story.events())
    listed = json.loads(acts("vice", "window", "waiting", "--json")[1])
    assert [(waits, "rule on response", "window/w")] == [
        (row["id"], row["act"], row["of"]) for row in listed
    ]
    assert [] == json.loads(acts("xi", "window", "waiting", "--json")[1])
    assert 1 == len(json.loads(acts("nobody", "window", "waiting", "--json")[1]))
    question = acts("vice", "window", "confirm", waits)
    assert (1, True) == (
        question[0],
        "Nothing was done, because nobody can be asked" in question[2],
    )
    assert "Ruled: response 1 does not break the silence. It was late." in question[2]
    assert before == len(story.events())
    code, out, err = acts("vice", "window", "confirm", waits, "--yes", "--json")

    assert 0 == code, err
    assert "window.response_ruled_upon.v2" in out
    event = next(event for event in story.events()[before:] if "ruled_upon" in event.name)
    first, second = event.actor, event.fact.seconded_by
    assert ("token", "token") == (first.authenticated_by, second.authenticated_by)
    assert first.principal != second.principal
    shown = acts("nobody", "window", "show", "w")[1]
    assert "Ruled by presiding officer with presiding officer, who confirmed it" in shown
    again = acts("vice", "window", "confirm", waits, "--yes")
    assert (1, True) == (again[0], "it was recorded already" in again[2])
    assert [] == json.loads(acts("vice", "window", "waiting", "--json")[1])


def test_the_same_person_a_stranger_and_nobody_confirm_nothing(acts: Run, story: Story) -> None:
    waits, before = prepared(acts), len(story.events())
    for login, rule in (("chair", "two-persons"), ("xi", "role-granted"), ("nobody", "log-in")):
        code, _, err = acts(login, "window", "confirm", waits, "--yes")
        assert (1, True) == (code, rule in err), err
    code, _, err = acts("vice", "window", "confirm", "another", "--yes")
    assert (1, True) == (code, "nothing waits under this id" in err)
    assert before == len(story.events())


def test_a_name_is_not_typed_under_a_token_and_without_one_as_before(
    acts: Run, story: Story
) -> None:
    code, _, err = acts("chair", *RULE, "--second", "rapporteur", "--yes")
    assert (1, True) == (code, "two-persons" in err), err
    code, _, err = acts("nobody", *RULE, "--second", "rapporteur", "--yes")
    assert 0 == code, err
    (event,) = (event for event in story.events() if "ruled_upon" in event.name)
    assert ("rapporteur", "") == (event.fact.second, event.actor.principal)


def test_it_is_declined_or_taken_back(acts: Run, story: Story) -> None:
    waits, before = prepared(acts), len(story.events())
    for login, rule in (("chair", "two-persons"), ("xi", "role-granted")):
        code, _, err = acts(login, "window", "decline", waits, "--reason", "No.")
        assert (1, True) == (code, rule in err), err
    assert 0 == acts("vice", "window", "decline", waits, "--reason", "Another stamp.")[0]
    (row,) = json.loads(acts("chair", "window", "waiting", "--json")[1])
    assert "Another stamp." == row["declined"]
    assert "Another stamp." in acts("chair", "window", "waiting")[1]
    code, _, err = acts("vice", "window", "take-back", waits)
    assert (1, True) == (code, "two-persons" in err), err
    assert 0 == acts("chair", "window", "take-back", waits)[0]
    assert [] == json.loads(acts("chair", "window", "waiting", "--json")[1])
    assert before == len(story.events())

"""Reading case files: what is wrong is told with file, line and field, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from adapters.casefiles import COUNTED
from domain.cases import MODES
from domain.facts import Role
from domain.register import COMMANDS
from domain.rules import Refused
from web.main import (
    CaseError,
    Placet,
    Quiet,
    Store,
    case_schema,
    play_alone,
    read_case,
    read_step,
)

DOCS = Path(__file__).parents[1] / "docs" / "case-files.md"
HEAD = "organisation: fiction\n"
STEP = HEAD + "steps:\n  - simulated: establish body\n    when: 2026-05-04T09:00Z\n"


def _told(tmp_path: Path, text: str) -> str:
    """What the reader says of a bad file, without its folder."""
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        read_case(path)
    return str(caught.value).replace(f"{tmp_path}/", "")


def test_a_mistyped_field_is_answered_with_a_near_word(tmp_path: Path) -> None:
    """The answer names the file, the line, the field, and the field that was probably meant."""
    told = _told(tmp_path, STEP + "    body: fb\n    names: {en: B}\n    duty_staton: Vienna\n")

    assert told.startswith("bad.yaml:7: steps.1.duty_staton: ")
    assert told.endswith("'duty_staton' is no field; did you mean 'duty_station'?")


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        (HEAD + "organization: x\n", "bad.yaml:2: organization", "did you mean 'organisation'?"),
        ("title: x\n", "bad.yaml:1", "organisation is missing"),
        ("organisation: Two Words\n", "bad.yaml:1: organisation", "does not match"),
        (HEAD + "fictional: maybe\n", "bad.yaml:2: fictional", "is not one of"),
        (HEAD + "steps: nothing\n", "bad.yaml:2: steps", "is not of type 'array'"),
        (HEAD + "steps: [waiting]\n", "bad.yaml:2: steps.1", "is not of type 'object'"),
        ("- a\n- b\n", "bad.yaml:1", "is not of type 'object'"),
    ],
)
def test_a_bad_header_is_told_with_its_line(
    tmp_path: Path, text: str, where: str, what: str
) -> None:
    """Header fields are checked before any step is."""
    told = _told(tmp_path, text)

    assert told.startswith(f"{where}: ")
    assert what in told


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        (
            HEAD + "steps:\n  - simulated: establish boddy\n",
            "bad.yaml:3: steps.1.simulated",
            "'establish boddy' is no act; did you mean 'establish body'?",
        ),
        (
            HEAD + "steps:\n  - simulated: xyzzy\n",
            "bad.yaml:3: steps.1.simulated",
            "'xyzzy' is no act; known are ",
        ),
        (
            HEAD + "steps:\n  - when: unknown\n    body: fb\n",
            "bad.yaml:3: steps.1",
            "a step begins with one of attested, simulated, live and its act",
        ),
        (
            HEAD + "given:\n  - simulated: wait\n    attested: wait\n",
            "bad.yaml:3: given.1",
            "a step begins with one of attested, simulated, live and its act",
        ),
        (
            STEP + "    body: fb\n    names: {en: B}\n    who: chef\n",
            "bad.yaml:7: steps.1.who",
            "'chef'",
        ),
        (
            STEP + "    body: fb\n    names: {en: B}\n    who: secretary\n",
            "bad.yaml:7: steps.1.who",
            "'secretary'",
        ),
        (
            STEP + "    body: fb\n    names: {en: B}\n    who: {role: secretary}\n",
            "bad.yaml:7: steps.1.who.role",
            "did you mean 'secretariat'?",
        ),
        (STEP + "    body: fb\n", "bad.yaml:3: steps.1", "names is missing"),
        (STEP + "    names: {en: B}\n", "bad.yaml:3: steps.1", "body is missing"),
        (
            STEP + "    body: fb\n    names: {en: B}\n    fictional: perhaps\n",
            "bad.yaml:7: steps.1.fictional",
            "'perhaps' is not one of ['yes', 'no']",
        ),
        (
            STEP + "    body: fb\n    names: B\n",
            "bad.yaml:6: steps.1.names",
            "is not of type 'object'",
        ),
        (
            STEP + "    body: fb\n    names: {en: B}\n    expect: {counts: {roster: two}}\n",
            "bad.yaml:7: steps.1.expect.counts.roster",
            "'two' does not match",
        ),
        (
            STEP + "    body: fb\n    names: {en: B}\n    expect: {stages: x}\n",
            "bad.yaml:7: steps.1.expect.stages",
            "did you mean 'stage'?",
        ),
        (
            HEAD + "steps:\n  - simulated: rule on response\n    when: 2026-05-04T09:00Z\n"
            "    window: w\n    number: first\n    breaks: yes\n    reason: r\n",
            "bad.yaml:6: steps.1.number",
            "'first' does not match",
        ),
    ],
)
def test_a_bad_step_is_told_with_its_line_and_field(
    tmp_path: Path, text: str, where: str, what: str
) -> None:
    """Each mistake in a step names its place; a word that is nearly right is named too."""
    told = _told(tmp_path, text)

    assert told.startswith(f"{where}: ")
    assert what in told


@pytest.mark.parametrize(
    ("time", "what"),
    [
        ("next Tuesday", "is not a time"),
        ("2026-02-30", "is not a time"),
        ("2026-13", "is not a time"),
        ("2026-03-29T02:30[Europe/Vienna]", "does not exist in Europe/Vienna: clocks skip it"),
        ("2026-10-25T02:30[Europe/Vienna]", "occurs twice in Europe/Vienna: say which"),
        ("2026-05-04T09:00[Mars/Olympus]", "is not an IANA time zone"),
        ("2026-05-05/2026-05-04", "ends before it begins"),
        ("now - 3 weeks", "is not a time"),
    ],
)
def test_a_bad_time_is_told_with_its_reason(tmp_path: Path, time: str, what: str) -> None:
    """A time that cannot be read, does not exist or comes twice is never replaced by a guess."""
    for field in ("when", "received"):
        text = HEAD + f"steps:\n  - attested: wait\n    {field}: {time}\n"
        told = _told(tmp_path, text)

        assert told.startswith(f"bad.yaml:4: steps.1.{field}: ")
        assert what in told


def test_a_bad_time_in_a_field_of_the_act_is_told(tmp_path: Path) -> None:
    """The times that an act carries are checked like the time of the step itself."""
    text = (
        HEAD
        + "steps:\n  - attested: vacate seat\n    body: fb\n    seat: a\n    until: in spring\n"
    )

    told = _told(tmp_path, text)

    assert told.startswith("bad.yaml:")
    assert "steps.1" in told
    assert "in spring" in told


def test_a_bad_expected_deadline_is_told(tmp_path: Path) -> None:
    """An expectation is read with the same care as the step that it belongs to."""
    text = HEAD + "steps:\n  - attested: wait\n    expect:\n      deadline: soon\n"

    told = _told(tmp_path, text)

    assert told.startswith("bad.yaml:5: steps.1.expect.deadline: ")


def test_a_key_that_is_given_twice_is_told(tmp_path: Path) -> None:
    """The second of two equal keys is refused; it never silently replaces the first."""
    told = _told(tmp_path, STEP + "    body: fb\n    names: {en: B}\n    body: fc\n")

    assert told == "bad.yaml:7: body: is given twice"


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("organisation: [un\n", "bad.yaml:2", "not YAML"),
        ("a: b: c\n", "bad.yaml:1", "not YAML"),
        ("organisation: x\n\ttitle: y\n", "bad.yaml:2", "not YAML"),
        ("", "bad.yaml:1", "the file is empty"),
        ("# only a comment\n", "bad.yaml:1", "the file is empty"),
        ("? [a, b]\n: c\n", "bad.yaml:1", "a key must be a word"),
    ],
)
def test_what_is_no_yaml_or_nothing_is_told(
    tmp_path: Path, text: str, where: str, what: str
) -> None:
    """A file that holds no case says so, with the line at which reading it ended."""
    told = _told(tmp_path, text)

    assert told.startswith(f"{where}: {what}")


def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    """A missing file, a folder and a file in another encoding are each told by name."""
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"title: \xe9\n")
    for path in (tmp_path / "missing.yaml", tmp_path, latin):
        with pytest.raises(CaseError, match="cannot be read") as caught:
            read_case(path)

        assert str(path) in str(caught.value)


def test_words_that_yaml_would_convert_stay_text(tmp_path: Path) -> None:
    """Numbers, `yes`, `no` and dates are what is written there, not what YAML makes of them."""
    path = tmp_path / "plain.yaml"
    path.write_text(
        HEAD + "steps:\n  - attested: schedule session\n    session: 010\n    body: no\n"
        "    number: 1.10\n    starts: 2026-05-04\n    ends: 2026-05-05\n",
        encoding="utf-8",
    )
    command = read_case(path).steps[0].command

    assert command is not None
    assert vars(command)["number"] == "1.10"
    assert vars(command)["body"] == "no"
    assert command.stream.id == "010"


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "steps:\n  - simulated: wait\n",
        HEAD + "steps:\n  - simulated: wait\n    when: 2026-05-04\n",
        STEP + "    body: fb\n    names: {en: B}\n    received: 2026-05-04\n",
        STEP + "    body: fb\n    names: {en: B}\n    expect: {phase: open}\n",
        STEP + "    body: fb\n    names: {en: B}\n    expect: {outcome: {whole: open}}\n",
        STEP + "    body: fb\n    names: {en: B}\n    expect: {deadline: 2026-05-04T10:00Z}\n",
        HEAD + "steps:\n  - attested: wait\n    expect: {of: nonsense, stage: x}\n",
        HEAD + "steps:\n  - attested: wait\n    expect: {stage: x}\n",
        HEAD + "defaults: {boddy: fb}\n",
    ],
)
def test_what_cannot_be_played_is_told_before_the_play(tmp_path: Path, text: str) -> None:
    """A simulated step without an exact time, or an expectation of the wrong state, is no case."""
    assert _told(tmp_path, text).startswith("bad.yaml:")


def test_a_mistyped_field_that_is_required_is_answered_with_a_near_word(tmp_path: Path) -> None:
    """A required field under a wrong name is mistyped rather than missing."""
    told = _told(tmp_path, STEP + "    body: fb\n    name: {en: B}\n")

    assert told == "bad.yaml:6: steps.1.name: 'name' is no field; did you mean 'names'?"


def test_an_unknown_function_is_answered_with_a_near_word(tmp_path: Path) -> None:
    """Who acts is one of seven functions."""
    told = _told(tmp_path, STEP + "    body: fb\n    names: {en: B}\n    who: secretary\n")

    assert told.endswith("'secretary' is no function; did you mean 'secretariat'?")


def test_one_step_is_read_from_a_file_of_its_own(tmp_path: Path) -> None:
    """A live act is a file with a single step; a mistake in it is told in the same way."""
    path = tmp_path / "step.yaml"
    path.write_text("live: establish body\nbody: fb\nnames: {en: B}\n", encoding="utf-8")
    step = read_step(path)

    assert (step.mode, step.verb, step.actor.role) == ("live", "establish body", Role.SECRETARIAT)
    path.write_text("live: establish body\nbody: fb\nnames: {en: B}\nzoen: UTC\n", encoding="utf-8")
    with pytest.raises(CaseError, match=r"step\.yaml:4: zoen: 'zoen' is no field; did you mean 'z"):
        read_step(path)


@pytest.fixture
def placet(tmp_path: Path) -> Iterator[Placet]:
    """A real store."""
    found = Placet(Store.create(tmp_path / "store"), Quiet())
    yield found
    found.close()


def _do(placet: Placet, tmp_path: Path, text: str) -> None:
    path = tmp_path / "step.yaml"
    path.write_text(text, encoding="utf-8")
    placet.do("fiction", read_step(path), "one")


def test_a_real_store_refuses_a_simulated_step(placet: Placet, tmp_path: Path) -> None:
    """What is simulated never gets into a store that holds what happened."""
    text = "simulated: establish body\nwhen: 2026-05-04T09:00Z\nbody: fb\nnames: {en: B}\n"
    with pytest.raises(Refused) as caught:
        _do(placet, tmp_path, text)

    assert caught.value.rule == "virtual-store"


def test_a_real_store_refuses_history_without_a_source(placet: Placet, tmp_path: Path) -> None:
    """History is taken only with the source that tells it."""
    with pytest.raises(Refused) as caught:
        _do(placet, tmp_path, "attested: establish body\nbody: fb\nnames: {en: B}\n")

    assert caught.value.rule == "attested-source"


# --- docs/case-files.md ---------------------------------------------------------------------------


def _blocks() -> list[str]:
    text = DOCS.read_text(encoding="utf-8")
    return re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_example_in_the_docs_is_a_whole_case_that_passes(tmp_path: Path) -> None:
    """Who copies the example from the docs has a case that plays, timeline and all."""
    whole = [block for block in _blocks() if "organisation:" in block]
    assert len(whole) == 1
    path = tmp_path / "example.yaml"
    path.write_text(whole[0], encoding="utf-8")
    case = read_case(path)
    verdict = play_alone(case)

    assert verdict.faults == ()
    assert case.timeline
    assert len(case.steps) > 4


def test_the_other_examples_in_the_docs_are_yaml() -> None:
    """Fragments can be pasted into a case file without an error of notation."""
    for block in _blocks():
        assert yaml.safe_load(block)


def test_the_docs_name_every_field_of_a_case() -> None:
    """Each key of the header, of a step and of an expectation, each mode, act and function."""
    text = DOCS.read_text(encoding="utf-8")
    schema = case_schema()
    expected = schema["$defs"]["Expectation"]["properties"]
    words = [*schema["properties"], *expected, *MODES, *COMMANDS, *Role]
    words += ["who", "when", "received", "source", "authority", "waive", "id", "remark", "expect"]

    assert [word for word in words if f"`{word}`" not in text] == []


def test_the_docs_show_times_that_count_from_now() -> None:
    """The notations that the docs give for times relative to `now` are the ones that are read."""
    shown = re.findall(r"`((?:day of )?now[^`]*)`", DOCS.read_text(encoding="utf-8"))

    assert {"now - 3 days", "day of now + 70 days"} <= set(shown)
    assert [text for text in shown if not COUNTED.match(text)] == []

"""Queries case files: what is wrong is told with file, line and field, never guessed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from adapters.files.relative_times import COUNTED_FROM_NOW as COUNTED
from adapters.sqlite.store import SqliteStore
from domain.actors import Role
from domain.cases import MODES
from domain.ports.errors import CaseError, Unavailable
from domain.rules import Refused
from domain.session.commands import PlanMeetings, ScheduleSession
from domain.silence.commands import Respond
from domain.type_registry import COMMANDS
from wiring import FILES, Placet, Quiet, play_in_temporary_store, read_case

DOCS = Path(__file__).parents[2] / "docs" / "case-files.md"
HEAD = "organisation: fiction\n"
STEP = HEAD + "steps:\n  - simulated: establish body\n    when: 2026-05-04T09:00Z\n"


def _error(tmp_path: Path, text: str) -> str:
    """What the reader says of a bad file, without its folder."""
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        read_case(path)
    return str(caught.value).replace(f"{tmp_path}/", "")


def test_a_mistyped_field_is_answered_with_a_near_word(tmp_path: Path) -> None:
    """The answer names the file, the line, the field, and the field that was probably meant."""
    found = _error(tmp_path, STEP + "    body: fb\n    names: {en: B}\n    duty_staton: Vienna\n")

    assert found.startswith("bad.yaml:7: steps.1.duty_staton: ")
    assert found.endswith("'duty_staton' is no field; did you mean 'duty_station'?")


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        (HEAD + "organization: x\n", "bad.yaml:2: organization", "did you mean 'organisation'?"),
        ("title: x\n", "bad.yaml:1", "organisation is missing"),
        ("organisation: Two Words\n", "bad.yaml:1: organisation", "is not a name of small"),
        (HEAD + "fictional: maybe\n", "bad.yaml:2: fictional", "known are no, yes"),
        (HEAD + "steps: nothing\n", "bad.yaml:2: steps", "a list is expected here"),
        (HEAD + "steps: [waiting]\n", "bad.yaml:2: steps.1", "fields with their values"),
        ("- a\n- b\n", "bad.yaml:1", "not a list"),
    ],
)
def test_a_bad_header_is_told_with_its_line(
    tmp_path: Path, text: str, where: str, what: str
) -> None:
    """Header fields are checked before any step is."""
    found = _error(tmp_path, text)

    assert found.startswith(f"{where}: ")
    assert what in found


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
            "a step begins with one of attested, simulated, live and its act, or with also",
        ),
        (
            HEAD + "given:\n  - simulated: wait\n    attested: wait\n",
            "bad.yaml:3: given.1",
            "a step begins with one of attested, simulated, live and its act, or with also",
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
            "'perhaps' is no answer; known are no, yes",
        ),
        (
            STEP + "    body: fb\n    names: B\n",
            "bad.yaml:6: steps.1.names",
            "fields with their values are expected here, not 'B'",
        ),
        (
            STEP + "    body: fb\n    names: {en: B}\n    expect: {counts: {roster: two}}\n",
            "bad.yaml:7: steps.1.expect.counts.roster",
            "'two' is not a whole number",
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
            "'first' is not a whole number",
        ),
    ],
)
def test_a_bad_step_is_told_with_its_line_and_field(
    tmp_path: Path, text: str, where: str, what: str
) -> None:
    """Each mistake in a step names its place; a word that is nearly right is named too."""
    found = _error(tmp_path, text)

    assert found.startswith(f"{where}: ")
    assert what in found


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
        found = _error(tmp_path, text)

        assert found.startswith(f"bad.yaml:4: steps.1.{field}: ")
        assert what in found


def test_a_bad_time_in_a_field_of_the_act_is_told(tmp_path: Path) -> None:
    """The times that an act carries are checked like the time of the step itself."""
    text = (
        HEAD
        + "steps:\n  - attested: vacate seat\n    body: fb\n    seat: a\n    until: in spring\n"
    )

    assert _error(tmp_path, text).startswith("bad.yaml:6: steps.1.until: 'in spring' is not a time")


def test_a_bad_expected_deadline_is_told(tmp_path: Path) -> None:
    """An expectation is read with the same care as the step that it belongs to."""
    text = HEAD + "steps:\n  - attested: wait\n    expect:\n      deadline: soon\n"

    found = _error(tmp_path, text)

    assert found.startswith("bad.yaml:5: steps.1.expect.deadline: ")


def test_a_key_that_is_given_twice_is_told(tmp_path: Path) -> None:
    """The second of two equal keys is refused; it never silently replaces the first."""
    found = _error(tmp_path, STEP + "    body: fb\n    names: {en: B}\n    body: fc\n")

    assert found == "bad.yaml:7: steps.1.body: is given twice"


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
    found = _error(tmp_path, text)

    assert found.startswith(f"{where}: {what}")


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

    assert isinstance(command, ScheduleSession)
    assert command.number == "1.10"
    assert command.body == "no"
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
    assert _error(tmp_path, text).startswith("bad.yaml:")


def test_a_mistyped_field_that_is_required_is_answered_with_a_near_word(tmp_path: Path) -> None:
    """A required field under a wrong name is mistyped rather than missing."""
    found = _error(tmp_path, STEP + "    body: fb\n    name: {en: B}\n")

    assert found == "bad.yaml:6: steps.1.name: 'name' is no field; did you mean 'names'?"


def test_an_unknown_function_is_answered_with_a_near_word(tmp_path: Path) -> None:
    """Who acts is one of nine functions, and all are named."""
    found = _error(tmp_path, STEP + "    body: fb\n    names: {en: B}\n    who: secretary\n")

    assert "'secretary' is no function; known are administrator, body, document services, " in found
    assert found.endswith("; did you mean 'secretariat'?")


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        (b"a: &a [x]\nb: *a\n", ":2", "without an alias"),
        (b"a: &a\n  b: *a\n", ":2", "without an alias"),
        (b"a: !!int 7\n", ":1", "every value is text, and has no tag"),
        (b"a: !!python/object:os.system x\n", ":1", "every value is text, and has no tag"),
        (b"[" * 600, ":1", "more than 30 deep"),
        (b"".join(b" " * n + b"- \n" for n in range(600)), ":31", "more than 30 deep"),
        (b"- x\n" * 200_001, ":200000", "more than 200000 values"),
        (b"x" * (4 * 2**20 + 1), ":1", "it has more than 4 MiB"),
        (b"title: x\nremark: caf\xe9\n", ":2", "byte 21 (0xe9) is not UTF-8"),
        ("title: x\n".encode("utf-16"), ":1", "the file seems to be UTF-16"),
        (b"title: x\nremark: \x00\n", ":2", "the character U+0000 is not allowed"),
        (b"title: x\n---\ntitle: y\n", ":2", "one document only"),
        (b"a:\n  b: 1\n  b: 2\n", ":3", "a.b: is given twice"),
        (HEAD.encode() + b"now: now + 99999999999 days\n", ":2: now", "is not a time"),
        (
            HEAD.encode() + b"now: 2026-01-01T00:00Z\ntitle: now + 99999999999 days\n",
            ":3: title",
            "outside of what a calendar holds",
        ),
        (
            STEP.encode() + b"    body: b\n    names: {}\n    offset_ms: " + b"9" * 5000,
            ":7: steps.1.offset_ms",
            "12 digits",
        ),
    ],
)
def test_a_file_that_means_harm_is_answered_at_once(
    tmp_path: Path, content: bytes, where: str, what: str
) -> None:
    """Bombs, depths, floods and foreign encodings: one line, and nothing is unfolded to find it."""
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)
    with pytest.raises(CaseError) as caught:
        read_case(path)
    text = str(caught.value).replace(f"{tmp_path}/", "")

    assert text.startswith(f"bad.yaml{where}: ")
    assert what in text
    assert len(text) < 500


def test_what_has_no_end_is_not_read(tmp_path: Path) -> None:
    """A device, a pipe without a writer and a folder are refused without waiting for them."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, why in ((Path("/dev/zero"), "a device"), (pipe, "a pipe"), (tmp_path, "directory")):
        with pytest.raises(CaseError, match=why):
            read_case(path)
        with pytest.raises(Unavailable, match=why):
            FILES.evidence(path)


@pytest.mark.parametrize(
    ("field", "where", "what"),
    [
        ("kind: objektion", "kind", "is no kind of response; known are amendment, "),
        ("kind: objection\n    waive: {silence-scop: x}", "waive.silence-scop", "'silence-scope'?"),
        ("kind: objection\n    waive: {stage: x}", "waive.stage", "is never waived"),
        ("kind: objection\n    who: [seat]", "who", "is no function"),
        ("kind: [objection]", "kind", "a word or a text is expected here, not a list"),
        ("kind: objection\n    seats: north", "seats", "write a list, [north]"),
        ("kind: objection\n    seats: n1..n4", "seats", "written with a hyphen"),
        ("kind: objection\n    seats: [n4-n1]", "seats.1", "a range goes up"),
        ("kind: objection\n    seats: [n1-n90000]", "seats.1", "at most 1000"),
        ("kind: objection\n    seats: [n01-n100]", "seats.1", "as many digits"),
        ("kind: objection\n    expect: {refused: stag}", "expect.refused", "'stage'?"),
        (
            "kind: objection\n    expect: {rules: {stage: satisfied}}",
            "expect.rules.stage",
            "record",
        ),
        (
            "kind: objection\n    expect: {rules: {no-such: violated}}",
            "expect.rules.no-such",
            "rule",
        ),
        (
            "kind: objection\n    expect: {rules: {silence-scope: held}}",
            "expect.rules.silence-scope",
            "known are not asked, satisfied, undeterminable, violated",
        ),
        ("kind: objection\n    expect: {phase: opened}", "expect.phase", "did you mean 'open'?"),
        ("kind: objection\n    expect: {stage: aproved}", "expect.stage", "'approved'?"),
        ("kind: objection\n    expect: {outcome: {whole: lost}}", "expect.outcome.whole", "broken"),
        (
            "kind: objection\n    expect: {counts: {objektions: 1}}",
            "expect.counts.objektions",
            "no count",
        ),
        ("kind: objection\n    expect: {counts: {items: 1}}", "expect.counts.items", "of a window"),
        (
            "kind: objection\n    expect: {seats: {objectors: []}}",
            "expect.seats.objectors",
            "objected",
        ),
        ("kind: objection\n    expect: {dates: {starts: x}}", "expect.dates.starts", "not a time"),
        ("kind: objection\n    expect: {dates: {starts: 2026}}", "expect.dates", "of a session"),
        ("kind: objection\n    expect: {masthead: {dat: x}}", "expect.masthead.dat", "date"),
        ("kind: objection\n    expect: {symbols: {lower: x}}", "expect.symbols.lower", "symbol"),
        ("kind: objection\n    expect: {}", "expect", "there is nothing here"),
        ("kind: objection\n    expect: {of: window/w}", "expect", "nothing is expected here"),
        ("kind: objection\n    expect: {phase: ''}", "expect.phase", "is no phase of a window"),
        ("kind: objection\n    expect: {counts: {}}", "expect.counts", "there is nothing here"),
        ("kind: objection\n    expect: {of: windo/w, phase: open}", "expect.of", "kinds are body"),
    ],
)
def test_a_wrong_word_is_told_with_those_that_are_known(
    tmp_path: Path, field: str, where: str, what: str
) -> None:
    """In acts and in expectations: the line, the step, the field, and what could stand there."""
    text = (
        HEAD + "steps:\n  - simulated: respond\n    when: 2026-05-04T09:00Z\n"
        f"    window: w\n    {field}\n"
    )
    found = _error(tmp_path, text)
    text_line = 6 + field.count("\n")

    assert found.startswith(f"bad.yaml:{text_line}: steps.1.{where}: ")
    assert what in found


@pytest.mark.parametrize(
    ("act", "field", "near"),
    [
        ("fill seat\n    seat: a\n    holder: A", "capacity: obsever", "'observer'"),
        ("start agenda\n    agenda: a", "type: provisional agendum", "'provisional agenda'"),
    ],
)
def test_a_word_that_is_nearly_a_usual_one_is_mistyped(
    tmp_path: Path, act: str, field: str, near: str
) -> None:
    """Capacities and types are free, but one letter away from a usual one they are a mistake."""
    head = f"{HEAD}steps:\n  - simulated: {act}\n    body: fb\n    when: 2026-05-04T09:00Z\n    "
    path = tmp_path / "good.yaml"
    path.write_text(f"{head}{field.partition(':')[0]}: something of its own\n", encoding="utf-8")

    assert near in _error(tmp_path, f"{head}{field}\n")
    assert read_case(path).steps


def test_a_date_deep_in_an_act_is_told_with_its_place(tmp_path: Path) -> None:
    """No name of a class and no pattern is told, only where it stands and how a time is written."""
    text = (
        HEAD + "steps:\n  - simulated: plan meetings\n    when: 2026-05-04T09:00Z\n    session: s\n"
        "    meetings:\n      - {day: 2026-05-05}\n      - day: 5 May\n"
    )
    found = _error(tmp_path, text)

    assert found.startswith("bad.yaml:8: steps.1.meetings.2.day: '5 May' is not a time: write ")


def test_a_step_takes_mode_and_time_from_the_step_before(tmp_path: Path) -> None:
    """`also` takes both, a simulated step its time; history without a time has none."""
    path = tmp_path / "good.yaml"
    path.write_text(
        HEAD + "given:\n  - {attested: wait, when: 2020-01-01}\n  - {also: wait}\n"
        "  - {also: wait, when: 2020-01-02}\n  - {also: wait}\n  - {attested: wait}\n"
        "steps:\n  - {also: wait}\n  - {simulated: wait, when: 2026-05-04T09:00Z}\n"
        "  - {simulated: wait}\n  - {also: wait}\n",
        encoding="utf-8",
    )
    steps = read_case(path).steps

    assert [step.mode for step in steps] == ["attested"] * 6 + ["simulated"] * 3
    assert [str(step.when) for step in steps[:6]] == [
        "2020-01-01",
        "2020-01-01",
        "2020-01-02",
        "2020-01-02",
        "unknown",
        "unknown",
    ]
    assert {str(step.when) for step in steps[6:]} == {"2026-05-04T09:00Z"}
    assert "there is no step before" in _error(tmp_path, HEAD + "steps:\n  - {also: wait}\n")


def test_a_range_of_numbers_is_written_out(tmp_path: Path) -> None:
    """A hyphen between numbers behind the same letters; names with hyphens stay names."""
    path = tmp_path / "good.yaml"
    path.write_text(
        HEAD + "steps:\n  - {simulated: wait, when: 2026-05-04T09:00Z}\n"
        "  - {also: respond, window: w, kind: objection, seats: [s8-s11, wg7-10, north-south],"
        ' on_behalf_of: [m01-m03], items: "2-4"}\n',
        encoding="utf-8",
    )
    response = read_case(path).steps[1].command

    assert isinstance(response, Respond)
    assert response.seats == ("s8", "s9", "s10", "s11", "wg7-10", "north-south")
    assert response.on_behalf_of == ("m01", "m02", "m03")
    assert response.items == ("2", "3", "4")


def test_a_name_that_looks_like_a_range_makes_it_unclear(tmp_path: Path) -> None:
    """Where a seat is called so itself, nobody can tell what is meant."""
    text = (
        HEAD + "steps:\n  - simulated: fill seat\n    when: 2026-05-04T09:00Z\n    body: fb\n"
        "    seat: s1-s3\n    holder: A\n  - also: respond\n    window: w\n    kind: objection\n"
        "    seats: [s1-s3]\n"
    )

    assert _error(tmp_path, text).endswith("'s1-s3' is both a name in this file and a range")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("none", ()), ("unknown", None), ("[]", ()), ("[en]", ("en",)), ("", None)],
)
def test_no_interpretation_and_an_unknown_one_are_told_apart(
    tmp_path: Path, written: str, meant: object
) -> None:
    """A meeting without interpretation is no meeting of which nothing is known."""
    field = f", interpretation: {written}" if written else ""
    path = tmp_path / "good.yaml"
    path.write_text(
        HEAD + "steps:\n  - {simulated: wait, when: 2026-05-04T09:00Z}\n"
        f"  - {{also: plan meetings, session: s, meetings: [{{day: 2026-05-05{field}}}]}}\n",
        encoding="utf-8",
    )
    command = read_case(path).steps[1].command

    assert isinstance(command, PlanMeetings)
    assert command.meetings[0].interpretation == meant


_WORDS = """
simulated attested also wait respond fill_seat who seat_a when expect of window/w seats s1-s3 items
counts rules refused now now_-_3_days steps given timeline organisation x unknown 2026-05-04T09:00Z
"""
WORDS = st.sampled_from(["", *(word.replace("_", " ") for word in _WORDS.split())])
ANYTHING = st.recursive(
    WORDS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@given(ANYTHING, st.lists(st.dictionaries(WORDS, ANYTHING, max_size=5), max_size=3))
def test_whatever_stands_in_a_file_gets_a_clear_answer(whole: object, steps: object) -> None:
    """Any shape of values is a case, or is no case with a line; nothing else happens."""
    for value in (whole, {"organisation": "x", "steps": steps}):
        with TemporaryDirectory() as folder:
            path = Path(folder) / "any.yaml"
            path.write_text(yaml.safe_dump(value, allow_unicode=True), encoding="utf-8")
            try:
                read_case(path)
            except CaseError as error:
                assert re.match(rf"{re.escape(str(path))}:\d+: ", str(error))  # noqa: PT017 (either will do)


def test_one_step_is_read_from_a_file_of_its_own(tmp_path: Path) -> None:
    """A live act is a file with a single step; a mistake in it is told in the same way."""
    path = tmp_path / "step.yaml"
    path.write_text("live: establish body\nbody: fb\nnames: {en: B}\n", encoding="utf-8")
    step = FILES.step(path)

    assert (step.mode, step.verb, step.actor.role) == ("live", "establish body", Role.SECRETARIAT)
    path.write_text("live: establish body\nbody: fb\nnames: {en: B}\nzoen: UTC\n", encoding="utf-8")
    with pytest.raises(CaseError, match=r"step\.yaml:4: zoen: 'zoen' is no field; did you mean 'z"):
        FILES.step(path)


@pytest.fixture
def placet(tmp_path: Path) -> Iterator[Placet]:
    """A real store."""
    found = Placet(SqliteStore.create(tmp_path / "store"), Quiet())
    yield found
    found.close()


def _do(placet: Placet, tmp_path: Path, text: str) -> None:
    path = tmp_path / "step.yaml"
    path.write_text(text, encoding="utf-8")
    placet.execute("fiction", FILES.step(path), "one")


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
    verdict = play_in_temporary_store(case)

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
    schema = FILES.case_schema()
    expected = schema["$defs"]["Expectation"]["properties"]
    words = [*schema["properties"], *expected, *MODES, *COMMANDS, *Role]
    words += ["who", "when", "received", "source", "authority", "waive", "id", "remark", "expect"]

    assert [word for word in words if f"`{word}`" not in text] == []


def test_the_docs_show_times_that_count_from_now() -> None:
    """The notations that the docs give for times relative to `now` are the ones that are read."""
    shown = re.findall(r"`((?:day of )?now[^`]*)`", DOCS.read_text(encoding="utf-8"))

    assert {"now - 3 days", "day of now + 70 days"} <= set(shown)
    assert [text for text in shown if not COUNTED.match(text)] == []


def test_a_live_act_is_none_of_a_case(tmp_path: Path) -> None:
    """It is for single steps; a case is played into a store that is thrown away."""
    found = _error(tmp_path, STEP.replace("simulated", "live") + "    names: {en: B}\n")

    assert found.startswith("bad.yaml:3: steps.1.live: live acts are for single steps")


def test_stages_that_hold_a_comma_are_told_apart(tmp_path: Path) -> None:
    found = _error(tmp_path, STEP + "    body: b\n    names: {en: B}\n    expect: {stage: zzzz}\n")

    assert "; published; published, approval revoked; published, approval suspended; " in found

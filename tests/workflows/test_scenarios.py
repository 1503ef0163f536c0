"""The case files in tests/cases: each passes, together they cover the rules, and none is idle."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from msgspec import structs

import case_branches
from case_paths import FOLDER
from domain.agenda import Agenda
from domain.agenda.agenda import STAGES
from domain.cases import ALSO, MODES, Case
from domain.ports.errors import CaseError
from domain.record_rules import RECORD
from domain.rules import Refused
from domain.type_registry import COMMANDS
from wiring import play_in_temporary_store, read_case, shipped_packs
from workflows.scenarios.player import Verdict

FILES = sorted(FOLDER.glob("*.yaml"))
LIVE_WINDOW = FOLDER / "fictional-live-window.yaml"

COVERED_ELSEWHERE = {
    "virtual-store": (
        "tests/workflows/test_case_files.py: test_a_real_store_refuses_a_simulated_step"
    ),
    "attested-source": (
        "tests/workflows/test_case_files.py: test_a_real_store_refuses_history_without_a_source"
    ),
    "heard-before-lapse": (
        "tests/domain/test_delivery_outage_and_evidence.py: "
        "test_a_close_after_an_outage_is_for_people"
    ),
    "objection-breaks": (
        "tests/domain/test_objection_tally.py: test_what_ended_a_silence_is_named_with_its_rule"
    ),
    "members-counted-alike": (
        "tests/domain/test_objection_tally.py: test_what_ended_a_silence_is_named_with_its_rule"
    ),
    "acts-together": (
        "tests/domain/test_acts_together.py: "
        "test_acts_that_stand_together_concern_one_noun_by_one_person"
    ),
    "seen-version": (
        "tests/domain/test_acts_together.py: test_who_changes_a_whole_has_seen_it_as_it_is"
    ),
    "registered-once": (
        "tests/domain/test_delivery_outage_and_evidence.py: "
        "test_a_message_is_registered_once_unless_who_does_it_knows"
    ),
    "vote-carried": (
        "tests/domain/test_meeting_decisions.py: test_what_no_meeting_decides_is_refused"
    ),
}
"""Rules that no case can show, and the tests that aim at them.

A play is never off the air; and some rules refuse nothing, but are named by what they decide.
The steps of a case come one by one, and none comes by mail."""

CHANGED = (
    "untoc-wg7-2023",
    "fictional-life",
    "sil-cbd-excop2-2020",
    "uncac-irg6-2015",
    "late-timber-2004",
)
SURVIVORS: dict[tuple[str, str], str] = {}
"""Changes that rightly make no difference, by case and place, each with its reason."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_case_passes(path: Path) -> None:
    """Each file is readable; each expectation and each line of its timeline comes true."""
    verdict = play_in_temporary_store(read_case(path))

    assert [f"{path.name}:{fault}" for fault in verdict.faults] == []
    assert verdict.expectations
    assert verdict.passed


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_case_is_named_like_its_file_and_tells_its_whole_timeline(path: Path) -> None:
    """A case is found by its name, says whether it is fiction, and ends with what came of it."""
    case = read_case(path)

    assert case.name == path.stem
    assert case.timeline
    if not case.fictional:
        assert {step.mode for step in case.steps} == {"attested"}
        assert all(step.source for step in case.steps)
    else:
        assert case.organisation == "fictional-organisation"


def test_every_act_is_done_in_some_case() -> None:
    """Each act of the register is carried out, not only refused, in at least one case."""
    done = {
        step.verb
        for case in _cases()
        for step in case.steps
        if not (step.expect and step.expect.refused)
    }

    assert set(COMMANDS) - done == set()


def test_every_rule_is_found_or_refused_by_some_case() -> None:
    """Each rule of each pack and of the record is named by an expectation that comes true."""
    named = set(COVERED_ELSEWHERE)
    for case in _cases():
        for step in case.steps:
            if step.expect:
                named |= {rule for rule, x in step.expect.rules.items() if x != "not asked"}
                named |= {step.expect.refused}
    rules = {rule for pack in shipped_packs().values() for rule in pack.rules} | set(RECORD)

    assert rules - named == set()
    assert named - rules == {""}


def test_a_rule_that_is_listed_as_covered_elsewhere_is_covered_there() -> None:
    """The list of exceptions names tests that exist."""
    for where in COVERED_ELSEWHERE.values():
        file, _, name = where.partition(": ")

        assert f"def {name}(" in (FOLDER.parents[1] / file).read_text(encoding="utf-8")


def test_withheld_names_are_in_no_timeline() -> None:
    """Where a body withholds the names of those who answer, no line shows their seats."""
    path = FOLDER / "fictional-names-withheld.yaml"
    seats = [x["seat"] for x in _plain(path)["given"] if x.get("simulated") == "fill seat"]
    verdict = play_in_temporary_store(read_case(path))

    assert len(seats) == 3
    assert not [text_line for text_line in verdict.timeline for seat in seats if seat in text_line]


@pytest.mark.parametrize(
    "now",
    [
        "2026-03-20T09:30:00Z",  # the clocks go forward before the end of the window
        "2026-03-29T00:59:59Z",  # one second before they do
        "2026-04-05T15:00:00Z",  # they went forward within it
        "2026-10-17T23:59:59Z",  # they go back before its end
        "2026-10-25T00:30:00Z",  # in the hour that comes twice
        "2026-12-31T23:59:59Z",
        "2027-01-01T00:00:00Z",
        "2028-02-29T12:00:00Z",
        "2031-07-01T22:15:27Z",
    ],
)
def test_the_live_window_is_open_at_any_time(now: str) -> None:
    """Counted from any moment, the case plays without a fault; only its timeline moves along."""
    moment = datetime.fromisoformat(now).astimezone(UTC)
    case = read_case(LIVE_WINDOW, moment)
    verdict = play_in_temporary_store(structs.replace(case, timeline=None))

    assert case.steps[-1].when.exact == moment
    assert verdict.faults == ()


# --- what a case asserts, and how a fault is told ---------------------------------------------


BOARD = """
organisation: fictional-organisation
fictional: yes
defaults: {body: board, window: buoys}
given:
  - {simulated: establish body, when: 2026-05-04T07:00Z, names: {en: Board}, zone: Europe/Vienna}
  - {also: adopt rule pack, pack: generic}
  - {also: fill seat, seat: north, holder: Northland, since: 2026-01-01}
  - {also: fill seat, seat: south, holder: Southland, since: 2026-01-01}
steps:
  - also: open silence
    body: board
    subject: {type: decision text, titles: {en: Buoys}}
    text: {en: The buoys are red.}
"""


def _verdict(text: str) -> Verdict:
    path = Path("told.yaml")
    path.write_text(text.lstrip(), encoding="utf-8")
    return play_in_temporary_store(read_case(path))


def _faults(text: str) -> list[str]:
    return [str(fault) for fault in _verdict(text).faults]


def test_a_case_that_expects_nothing_does_not_pass() -> None:
    """That it plays, and lists what came out, asserts nothing; only saying so lets it pass."""
    played = _verdict(BOARD)
    listed = "timeline:\n" + "".join(f'  - "{text_line}"\n' for text_line in played.timeline)

    for text in (BOARD, BOARD + listed, BOARD + 'missing: ["Everything else."]\n'):
        (fault,) = _faults(text)
        assert fault.startswith("1: steps: asserts nothing")
    declared = _verdict(f"asserts: nothing\n{BOARD}")
    assert (declared.passed, declared.asserts_nothing) == (True, True)
    (fault,) = _faults(f"asserts: nothing\n{BOARD}    expect: {{phase: open}}\n")
    assert fault == "1: asserts: says `nothing`, but there are expectations"


def test_every_expected_value_counts_by_its_kind() -> None:
    """The report says how many values the file expects, whether or not they came true."""
    verdict = _verdict(
        BOARD + "    expect:\n      phase: broken\n      counts: {seats: 2, objected: 0}\n"
        "      seats: {objected: [], silent: [north, south]}\n"
        "      rules: {silence-scope: satisfied}\n      of: window/buoys\n"
    )

    assert verdict.expected == {"phase": 1, "counts": 2, "seats": 2, "rules": 1}
    assert verdict.expectations == 6
    assert [str(fault) for fault in verdict.faults] == [
        "15: steps.1.expect.phase: phase is 'open', not 'broken'"
    ]


@pytest.mark.parametrize(
    ("step", "field", "what"),
    [
        (
            "who: seat suoth\n    seats: [south]\n    kind: objection",
            "who",
            "'suoth' is no seat of board; did you mean 'south'?",
        ),
        (
            "seats: [north, suoth]\n    kind: objection",
            "seats.2",
            "'suoth' is no seat of board; did you mean 'south'?",
        ),
        ("seats: n1-n2\n    kind: objection", "seats.1", "'n1' is no seat of board"),
        (
            "seats: [south]\n    kind: objection\n    expect: {seats: {objected: [north]}}",
            "expect.seats.objected",
            "seats: objected is ['south'], not ['north']",
        ),
        (
            "seats: [south]\n    kind: objection\n    expect: {holders: {suoth: Southland}}",
            "expect.holders.suoth",
            "holder of suoth is \"'suoth' is no seat of board; did you mean 'south'?\"",
        ),
        (
            "seats: [south]\n    kind: objection\n    expect: {holders: {south: nobody}}",
            "expect.holders.south",
            "holder of south is 'Southland', not 'nobody'",
        ),
        (
            "seats: [south]\n    kind: objection\n    expect: {rules: {silence-scope: satisfied}}",
            "expect.rules.silence-scope",
            "is known, but this act did not ask it; 'satisfied' was expected",
        ),
        (
            "seats: [south]\n    kind: objection\n    expect: {refused: stage}",
            "expect.refused",
            "respond was not refused by stage",
        ),
        (
            "items: ['4']\n    seats: [south]\n    kind: objection\n    expect: {refused: stage}",
            "expect.refused",
            "respond was refused by items-under-silence, not stage",
        ),
        (
            "seats: [south]\n    kind: objection\n    expect: {outcome: {'1': broken}}",
            "expect.outcome.1",
            "no such part; there are whole",
        ),
        (
            "seats: [south]\n    kind: objection\n    expect: {symbols: {A/1: list}}",
            "expect.symbols.A/1",
            "symbol A/1 is 'nothing', not 'list'",
        ),
        (
            "seats: [south]\n    kind: objection\n    expect: {of: window/boys, phase: open}",
            "expect.phase",
            "window/boys is 'not in the record'",
        ),
        (
            "seats: [south]\n    kind: objection\n    expect: {of: session/s, dates: {part: 1}}",
            "expect",
            "nothing is expected here",
        ),
    ],
)
def test_a_fault_names_line_step_and_field(step: str, field: str, what: str) -> None:
    """Whatever is wrong in a step is told where it stands, with what is so."""
    text = f"{BOARD}  - simulated: respond\n    {step}\n"
    try:
        values = _faults(text)
    except CaseError as error:
        values = [str(error).removeprefix("told.yaml:")]

    found = [entry for entry in values if f": steps.2.{field}: " in entry]
    assert found
    assert what in found[0]
    text_line = int(found[0].partition(":")[0])
    assert field.split(".")[-1 if field.startswith("expect") else 0] in text.splitlines()[text_line]


def test_history_names_no_seat_that_its_roster_does_not_have() -> None:
    """Who acts is looked at also where nothing refuses the act, so that no typing error passes."""
    text = BOARD.replace("simulated", "attested").replace("given:", "source: s\ngiven:")
    faults = _faults(
        f"{text}  - {{also: refer matter, who: seat nort, to: consultations}}\n"
        "  - {also: wait, expect: {of: body/board, counts: {roster: 2}}}\n"
    )

    assert faults == ["15: steps.2.who: 'nort' is no seat of board; did you mean 'north'?"]


def test_a_rule_that_a_refused_act_did_not_ask_cannot_be_expected() -> None:
    """An act that is refused leaves no findings, so that `not asked` could never be wrong."""
    (fault,) = _faults(
        f"{BOARD}  - simulated: suspend silence\n    reason: r\n"
        "    expect: {refused: live-role, rules: {silence-scope: not asked}}\n"
    )

    assert "steps.2.expect.rules: an act that is refused leaves no findings" in fault


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("window.opened by", "window.opened.x by", "event is window.opened, not window.opened.x"),
        (
            "2026-05-04T07",
            "2026-05-04T08",
            "time is 2026-05-04T07:00:00Z, not 2026-05-04T08:00:00Z",
        ),
        ("simulated: window", "attested: window", "basis is simulated, not attested"),
        ("by secretariat", "by other", "function is secretariat, not other"),
        ("#", "#f", "expected 2026"),
    ],
)
def test_a_timeline_that_differs_names_line_event_and_field(old: str, new: str, what: str) -> None:
    """Not only that it differs: which line of the file, which event, which of its fields."""
    text = f"{BOARD}    expect: {{phase: open}}\n"
    lines = [*_verdict(text).timeline]
    assert "window.opened" in lines[-1]
    lines[-1] = lines[-1].replace(old, new)
    text += "timeline:\n" + "".join(f'  - "{text_line}"\n' for text_line in lines)
    (fault,) = _faults(text)

    assert fault.startswith(f"{len(text.lstrip().splitlines())}: timeline.5: ")
    assert what in fault
    assert fault.endswith("(by steps.1, line 10)")


def test_a_timeline_tells_what_an_event_says_when_its_digest_differs() -> None:
    """Which word changed cannot be read from a digest; what is told now is shown beside it."""
    text = f"{BOARD}    expect: {{phase: open}}\n"
    listed = "timeline:\n" + "".join(
        f'  - "{text_line}"\n' for text_line in _verdict(text).timeline
    )
    (fault,) = _faults(text.replace("holder: Northland", "holder: Norland") + listed)[:1]

    assert "timeline.3: body.seat_filled: what it tells differs (#" in fault
    assert '"holder":"Norland"' in fault


def test_an_event_more_or_less_makes_one_fault_and_not_many() -> None:
    """What follows a missing line is compared with its own line."""
    text = f"{BOARD}    expect: {{phase: open}}\n"
    lines = [*_verdict(text).timeline]

    def timeline_faults(some: list[str]) -> list[str]:
        return _faults(text + "timeline:\n" + "".join(f'  - "{text_line}"\n' for text_line in some))

    (missing,) = timeline_faults([*lines[:1], *lines[2:]])
    (extra,) = timeline_faults([*lines, lines[-1]])
    assert "timeline.2: came and is not listed: " in missing
    assert "body.rule_pack_adopted" in missing
    assert "did not come: " in extra


def test_a_count_that_no_such_stream_has_is_never_compared_with_zero() -> None:
    """An expectation that can never fail is a mistake in the file."""
    with pytest.raises(CaseError, match="late is not counted of a body; counted are roster"):
        _verdict(BOARD + "    expect: {of: body/board, counts: {late: 0}}\n")


def test_every_stage_that_an_agenda_reaches_can_be_expected() -> None:
    """The stages that are known to case files are those that agendas can have, in one order."""
    assert len(set(STAGES)) == len(STAGES)
    assert Agenda().stage == STAGES[-1]


# --- the control: a case whose dates, seats or expectations are changed does not pass ------------


class Change(NamedTuple):
    """One scalar of a case file that is given another value."""

    place: tuple[str | int, ...]
    value: str

    def __str__(self) -> str:
        return ".".join(map(str, self.place))


DAY = re.compile(r"\d{4}-\d\d-\d\d")
TIME = re.compile(
    r"(\.\./|unknown/)?\d{4}-\d\d(-\d\d)?(T[0-9:.]+(Z|[+-]\d\d:\d\d)?)?(\[[A-Za-z/_]+\])?"
    r"(/(\.\.|\d{4}-\d\d-\d\d))?"
)
OTHER: dict[str, tuple[str, ...]] = {
    "rules": ("violated", "satisfied"),
    "stage": ("started", "adopted"),
    "phase": ("superseded", "open"),
    "outcome": ("broken", "open"),
    "items": ("proposed", "submitted"),
    "refused": ("hours", "length"),
}
"""For each kind of expectation two values, one of which is another one than that expected."""
ROSTER = {"fill seat", "vacate seat", "empower seat"}


@pytest.mark.parametrize("name", CHANGED)
def test_no_changed_expectation_survives(name: str) -> None:
    """Each expectation, changed to another value, is a fault of its step.

    Expectations do not touch each other across steps, so one of each step is changed at a time.
    """
    found = _plain(FOLDER / f"{name}.yaml")
    by_step: dict[tuple[str | int, ...], list[Change]] = {}
    for change in _expectations(found):
        by_step.setdefault(change.place[:2], []).append(change)
    rounds = max(map(len, by_step.values()))
    assert rounds

    survivors = []
    for number in range(rounds):
        now = [changes[number] for changes in by_step.values() if number < len(changes)]
        _, verdict = _played(name, _with(found, now))
        wrong = {fault.step for fault in verdict.faults}
        steps = [*_places(found)]
        survivors += [
            str(change) for change in now if steps.index(change.place[:2]) + 1 not in wrong
        ]

    assert _unexplained(name, survivors) == []


@pytest.mark.parametrize("name", CHANGED)
def test_no_changed_date_or_seat_survives(name: str, tmp_path: Path) -> None:
    """Each date, moved by a day, and each field of a seat makes its case fail or unreadable."""
    plain = _plain(FOLDER / f"{name}.yaml")
    changes = [*_dates(plain), *_seats(plain)]
    assert changes

    survivors = case_branches.passing(_read(name, plain), _readable(name, plain, changes), tmp_path)

    assert _unexplained(name, survivors) == []


@pytest.mark.parametrize("name", ["late-timber-2004", "fictional-shorter-by-waiver"])
def test_a_copy_that_branches_off_passes_if_a_whole_play_of_it_does(
    name: str, tmp_path: Path
) -> None:
    """The control: for each change, one that makes a difference or none."""
    plain = _plain(FOLDER / f"{name}.yaml")
    remarks = [Change((*place, "remark"), "A remark.") for place in _places(plain)]
    changes = [*_dates(plain), *_seats(plain), *remarks]
    whole = [str(change) for change in changes if _passes(name, _with(plain, [change]))]

    copies = _readable(name, plain, changes)
    assert sorted(whole) == sorted(case_branches.passing(_read(name, plain), copies, tmp_path))
    assert {str(change) for change in remarks} <= {*whole}
    assert len(whole) < len(changes)


def test_the_control_finds_what_it_looks_for() -> None:
    """The changes reach dates of every notation, seats and expectations of every kind."""
    found = _plain(FOLDER / "fictional-life.yaml")
    dates = {str(change) for change in _dates(found)}
    seats = {change.place[-1] for change in _seats(found)}
    expected = {change.place[3] for change in _expectations(found)}

    assert len(dates) > 80
    assert {"steps.0.starts", "steps.1.meetings.0.day", "given.0.when"} <= dates
    assert {"seat", "holder", "capacity", "office", "group", "since"} <= seats
    assert expected == {"stage", "phase", "outcome", "deadline", "counts", "rules"}


def test_an_unchanged_copy_passes(tmp_path: Path) -> None:
    """Writing a case out again, without a change, does not make it fail."""
    for name in CHANGED:
        assert _passes(name, _plain(FOLDER / f"{name}.yaml"))


def _cases() -> list[Case]:
    return [read_case(path) for path in FILES]


def _plain(path: Path) -> Any:
    """A case file as plain lists and maps in which every scalar is text."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 (text only)


def _unexplained(name: str, survivors: Sequence[str]) -> list[str]:
    return [place for place in survivors if (name, place) not in SURVIVORS]


def _places(values: Any) -> Iterator[tuple[str | int, ...]]:
    """The place of each step, in the order in which steps are played."""
    for part in ("given", "steps"):
        for number in range(len(values.get(part, []))):
            yield part, number


def _leaves(value: Any, place: tuple[str | int, ...]) -> Iterator[Change]:
    """Every scalar below a place, as it stands."""
    if isinstance(value, str):
        yield Change(place, value)
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    if not isinstance(value, str):
        for key, below in pairs:
            yield from _leaves(below, (*place, key))


def _steps(values: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    for part, number in _places(values):
        yield (part, number), values[part][number]


def _dates(values: Any) -> Iterator[Change]:
    """Each date or time of a step, moved by a day or, where it is a month, by a month."""
    for place, step in _steps(values):
        for leaf in _leaves(step, place):
            if leaf.place[-1] != "remark" and TIME.fullmatch(leaf.value):
                yield Change(leaf.place, _moved(leaf.value))


def _moved(text: str) -> str:
    if not DAY.search(text):
        return f"{text[:-2]}{int(text[-2:]) % 12 + 1:02}"
    return DAY.sub(lambda entry: str(date.fromisoformat(entry[0]) + timedelta(days=1)), text)


def _seats(values: Any) -> Iterator[Change]:
    """Each field of a seat, changed."""
    for place, step in _steps(values):
        if next(step[mode] for mode in (*MODES, ALSO) if mode in step) in ROSTER:
            for leaf in _leaves(step, place):
                if leaf.place[2] not in {*MODES, ALSO, "when", "remark", "expect"}:
                    yield Change(leaf.place, f"{leaf.value} changed")


def _expectations(values: Any) -> Iterator[Change]:
    """Each expectation, changed; `of` says whose state is meant and expects nothing itself."""
    for place, step in _steps(values):
        for leaf in _leaves(step.get("expect", {}), (*place, "expect")):
            kind = str(leaf.place[3])
            if kind == "of" or leaf.place[4:] == ("part",):
                continue
            value = next((x for x in OTHER.get(kind, ()) if x != leaf.value), "something else")
            if kind == "counts":
                value = str(int(leaf.value) + 1)
            if kind == "deadline":
                value = _moved(leaf.value)
            yield Change(leaf.place, value)


def _with(values: Any, changes: Sequence[Change]) -> Any:
    changed = deepcopy(values)
    for change in changes:
        parent = changed
        for key in change.place[:-1]:
            parent = parent[key]
        parent[change.place[-1]] = change.value
    return changed


@pytest.fixture(autouse=True)
def _scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _read(name: str, values: Any) -> Case:
    path = Path(f"{name}.yaml")
    text = yaml.dump(values, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
    path.write_text(text, encoding="utf-8")
    return read_case(path)


def _readable(name: str, values: Any, changes: Sequence[Change]) -> Mapping[str, Case]:
    """The case with each change, where it can still be read."""
    found = {}
    for change in changes:
        with suppress(CaseError):
            found[str(change)] = _read(name, _with(values, [change]))
    return found


def _played(name: str, values: Any) -> tuple[Case, Verdict]:
    case = _read(name, values)
    return case, play_in_temporary_store(case)


def _passes(name: str, values: Any) -> bool:
    try:
        return _played(name, values)[1].passed
    except (CaseError, Refused):  # unreadable, or an expectation of something never begun
        return False

"""Ids that the program gives its own commands: nobody else takes one, or keeps it from acting."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import Placet
from story import ORGANISATION, Story
from workflows.commands import order_checks

OWN = ("clock:lapse:w", "Clock:lapse:w", "intake:w", "notices:1", "restored:w:2026")


@pytest.mark.parametrize("taken", OWN[:1] + OWN[2:])
def test_no_seat_may_act_under_an_id_of_the_program(story: Story, taken: str) -> None:
    story.body()
    story.silence()
    with story.refused("ids-of-machines"):
        story.respond("no objection", id=taken)


@pytest.mark.parametrize("taken", OWN)
def test_no_command_line_takes_one(placet: Placet, tmp_path: Path, taken: str) -> None:
    """Whatever office it names, in an option or in a file. The control: another id is taken."""
    story = Story(tmp_path)
    story.body()
    story.silence()
    story.placet.close()
    act = ("window", "hold", "w", "--reason", "So.", "--by", "secretariat", "--yes")
    where = ("--store", tmp_path / "store")
    refused = placet(*act, "--id", taken, *where)
    step = tmp_path / "step.yaml"
    step.write_text(
        f"live: hold silence\nwho: silence clock\nid: '{taken}'\nwindow: w\nreason: So.\n"
    )
    file = placet("agenda", "do", step, *where)
    other = placet(*act, "--id", "lapse:w", *where)

    assert (1, 1, 0) == (refused[0], file[0], other[0]), (refused, file, other)
    assert "ids-of-machines" in refused[2]
    assert "ids-of-machines" in file[2]


def test_no_case_file_takes_one(placet: Placet, tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text(
        "case: c\norganisation: o\nfictional: yes\nsteps:\n"
        "  - simulated: establish body\n    when: 2026-03-02T12:00Z\n    id: clock:x\n"
        "    body: b\n    names: {en: Body}\n    zone: UTC\n"
        "    expect: {refused: ids-of-machines}\n"
    )
    code, out, err = placet("case", "run", case)

    assert 0 == code, (out, err)


def test_a_clock_whose_ids_were_taken_once_holds_the_window(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a log of an older program: it tells people, and never falls silent."""
    story.body()
    story.silence()
    window = story.state("window/w")
    version = len([event for event in story.events() if str(event.stream) == "window/w"])
    with monkeypatch.context() as older:
        older.setattr(order_checks, "PROGRAM_ID_PREFIXES", {})
        for kind in ("lapse", "hold"):
            at = f"@{window.closes}" if kind == "lapse" else ""
            taken = f"clock:{kind}:w{at}:{version}"
            story.do("fill seat", body="b", seat=kind, holder=kind, since="2026-01-01", id=taken)
    story.clock("2026-03-06T12:00Z")

    assert "was used before, for another command" in str(story.state("window/w").hold_reason)
    assert "window.lapsed" not in story.names()
    assert ORGANISATION == story.events()[-1].organisation

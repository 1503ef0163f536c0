"""The act catalogue: complete, and true to the fields of the commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from domain.actors import Role
from domain.silence.commands import ExtendSilence
from domain.streams import StreamKind
from domain.times import When
from domain.type_registry import COMMANDS
from web.i18n import labels
from workflows.acts import catalogue
from workflows.acts.act import AnyAct, Surface
from workflows.acts.agenda_items import PROPOSE
from workflows.acts.catalogue import ACTS
from workflows.acts.field_types import typed
from workflows.acts.parameter import Parameter
from workflows.acts.request import request
from workflows.acts.window_lifecycle import EXTEND
from workflows.acts.window_opening import OPEN
from workflows.acts.window_responses import REGISTER, RESPOND


def without_entry(acts: Sequence[AnyAct]) -> set[str]:
    """The commands that no act gives."""
    given = {act.command for act in acts}
    return {verb for verb, kind in COMMANDS.items() if kind not in given}


def unknown_fields(act: AnyAct) -> list[str]:
    """The paths of an act that lead to no field, of its command or of what goes with it."""
    wrong = []
    for path in (*(parameter.path for parameter in act.parameters), *act.options):
        try:
            typed(act.command, path)
        except LookupError:
            wrong.append(path)
    return wrong


def test_every_command_has_an_entry() -> None:
    assert set() == without_entry(ACTS)


def test_a_command_without_an_entry_is_found() -> None:
    acts = [act for act in ACTS if act is not EXTEND]

    assert {"extend silence"} == without_entry(acts) - without_entry(ACTS)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.slug)
def test_an_entry_asks_for_fields_that_there_are(act: AnyAct) -> None:
    paths = [parameter.path for parameter in act.parameters]

    assert [] == unknown_fields(act)
    assert {*act.options} <= {*paths}
    assert len(paths) == len({*paths})


@pytest.mark.parametrize("path", ["closed", "closes.day.hour", "order.receipt"])
def test_a_field_that_does_not_exist_is_found(path: str) -> None:
    wrong = replace(EXTEND, parameters=(*EXTEND.parameters, Parameter(path=path)))

    assert [path] == unknown_fields(wrong)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.slug)
def test_an_act_asks_for_all_that_its_command_needs(act: AnyAct) -> None:
    """On each surface; what it does not ask for follows from who acts, or is filled in."""
    known = {str(act.noun), str(act.page_noun), "of", *_filled_in(act)}
    offered = {
        Surface.PAGES: {parameter.path for parameter in act.parameters if parameter.label},
        Surface.COMMAND_LINE: {parameter.path for parameter in act.parameters if parameter.option},
    }
    for surface in act.surfaces:
        lacking = {*_needed(act.command)} - offered[surface] - known
        assert set() == {path for path in lacking if not _below(path, offered[surface])}


def _filled_in(act: AnyAct) -> set[str]:
    preset = act.preset({}) if act.preset else {}
    parted = {"role"} if any(parameter.split for parameter in act.parameters) else set()
    return {*preset, *parted, *(("seats",) if act.derived else ())}


def _needed(command: Any) -> list[str]:
    return [name for name in command.__struct_fields__ if typed(command, name).required]


def _below(path: str, offered: set[str]) -> bool:
    return any(other.startswith(f"{path}.") for other in offered)


def test_the_types_of_fields_are_those_of_the_command() -> None:
    assert typed(ExtendSilence, "closes").moment
    assert typed(OPEN.command, "text").by_name
    assert typed(OPEN.command, "subject.items").texts
    assert (int, True, False) == _facts("threshold")
    assert (str, False, True) == _facts("subject.type")
    assert (str, False, False) == _facts("subject.agenda")


def _facts(path: str) -> tuple[Any, bool, bool]:
    found = typed(OPEN.command, path)
    return found.kind, found.optional, found.required


def test_values_make_the_command_and_what_goes_with_it() -> None:
    given = {"kind": "objection", "seats": ("east",), "order.received": When("2026-03-02T12:00Z")}
    requested = request(REGISTER, None, "w", Role.SECRETARIAT, given)

    assert ("respond", "w", ("east",)) == (
        requested.step.verb,
        requested.command.stream.id,
        getattr(requested.command, "seats", ()),
    )
    assert (Role.SECRETARIAT, "") == (requested.step.actor.role, requested.step.actor.seat)
    assert When("2026-03-02T12:00Z") == requested.step.received


def test_a_seat_that_responds_responds_for_itself() -> None:
    requested = request(RESPOND, None, "w", Role.SEAT, {"kind": "objection", "order.seat": "east"})

    assert ("east",) == getattr(requested.command, "seats", ())
    assert "east" == requested.step.actor.seat


def test_an_act_that_begins_a_noun_names_it() -> None:
    given = {"body": "b", "subject.type": "decision text", "subject.titles": {"en": "Buoys"}}
    requested = request(OPEN, None, "", Role.SECRETARIAT, {"window": "buoys", **given})

    assert "window/buoys" == str(requested.command.stream)
    assert {"en": "Buoys"} == getattr(requested.command, "subject", None).titles  # type: ignore[union-attr]


def test_the_matrix_says_who_may_do_what() -> None:
    """A seat responds, the secretariat registers on its behalf; both give one command."""
    assert RESPOND.command is REGISTER.command
    assert (Role.SEAT,) == catalogue.PERMITTED[StreamKind.WINDOW, "respond"]
    assert Role.SEAT not in catalogue.PERMITTED[StreamKind.WINDOW, "register"]
    assert (Role.CLOCK,) == catalogue.PERMITTED[StreamKind.WINDOW, "lapse"]
    assert len(ACTS) == len(catalogue.PERMITTED)
    assert all(catalogue.PERMITTED.values())


def test_pages_list_every_act_for_somebody() -> None:
    listed = {act.roles[0] for act in ACTS if act.on(Surface.PAGES)}

    assert listed <= {*catalogue.ORDER}
    assert {str(role) for role in catalogue.ORDER} <= labels.FOR.keys()


def test_addresses_name_one_act_each() -> None:
    on_pages = [act for act in ACTS if act.on(Surface.PAGES)]

    assert len(on_pages) == len({(act.noun, act.slug) for act in on_pages})
    assert PROPOSE is catalogue.BY_ADDRESS[StreamKind.AGENDA, "propose-item"]


def test_forms_name_each_field_once() -> None:
    for act in ACTS:
        names = [parameter.field for parameter in act.parameters if parameter.label]
        assert len(names) == len({*names}), act.slug


def test_commands_name_each_option_once() -> None:
    for act in ACTS:
        names = [parameter.option_name for parameter in act.parameters if parameter.option]
        assert len(names) == len({*names}), act.slug

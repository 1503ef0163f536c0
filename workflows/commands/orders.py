"""Building orders: a command with its circumstances (clock stamp, id, actor, source)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import structs

from domain.actors import Actor
from domain.cases import Step
from domain.messages import Command, Order
from domain.ports.clock import Moment
from domain.rules import require
from domain.times import UNKNOWN
from workflows.commands.order_checks import require_unreserved_id


def order_of_act(act: Step, command_id: str, now: Moment, received: Moment | None = None) -> Order:
    """The order of a person's act: given `now`, received then or earlier.

    `command_id` is taken where the act brings none along. Raises Refused for a simulated act,
    for one without a command, for history without its source, and for an id of the program's own.
    """
    require_unreserved_id(act.command_id or command_id)
    simulated, attested = act.mode == "simulated", act.mode == "attested"
    require("virtual-store", not simulated, "simulated acts are played by `placet case run`")
    require("empty", act.command, "nothing happens by waiting in a real store")
    require("attested-source", not attested or act.source, "history needs its source")
    came = received or now
    return Order(
        command=act.command,  # type: ignore[arg-type]  # insisted upon above
        command_id=act.command_id or command_id,
        actor=act.actor,
        at=max(now.at, came.at),
        received_at=act.received.exact if act.received.known else came.at,
        source=act.source if attested else "",
        effective=act.when if attested or act.when.known else UNKNOWN,
        happened=act.happened,
        authority=act.authority,
        waivers=act.waivers,
        cites=act.cites,
        offset_ms=max(now.offset_ms, came.offset_ms, key=abs),
    )


def order_of_acts(
    acts: Sequence[Step],
    command_id: str,
    now: Moment,
    received: Moment | None = None,
    seen: int | None = None,
    *,
    second: Actor | None = None,
) -> Order:
    """The order of several acts of one person that stand together.

    `seen` is the version of their stream that the person looked at, `second` another person who
    has confirmed them. Raises Refused as
    `order_of_act` does, for no act at all, and for acts that differ in anything but their commands.
    """
    require("empty", acts, "nothing is to be done")
    first, *others = (order_of_act(act, command_id, now, received) for act in acts)
    for other in others:
        same_basis = structs.replace(other, command=first.command) == first
        require("acts-together", same_basis, "one person does them, at one time and on one basis")
    further = tuple(other.command for other in others)
    return structs.replace(first, further=further, seen=seen, second=second)


def order_of_simulated_act(act: Step, command_id: str, now: datetime) -> Order:
    """The order of a step of a case, under the case's own clock, which shows `now` (UTC).

    `command_id` is taken where the step brings none along. Raises Refused for an id of the
    program's own.
    """
    assert act.command is not None  # noqa: S101 (for the type checker; a player looks first)
    require_unreserved_id(act.command_id)
    attested = act.mode == "attested"
    return Order(
        command=act.command,
        command_id=act.command_id or command_id,
        actor=act.actor,
        at=now,
        received_at=act.received.exact if act.received.known else now,
        source=act.source if attested else "",
        effective=act.when if attested else UNKNOWN,
        happened=act.happened,
        authority=act.authority,
        waivers=act.waivers,
        virtual=act.mode == "simulated",
        offset_ms=act.offset_ms,
    )


def order_of_program(
    command: Command,
    command_id: str,
    actor: Actor,
    at: datetime,
    offset_ms: int | None,
    *,
    virtual: bool = False,
) -> Order:
    """The order of a part of the program itself, such as the silence clock, given at `at` (UTC).

    `offset_ms` says by how much the clock of `at` is off; None: not measured.
    """
    return Order(
        command=command,
        command_id=command_id,
        actor=actor,
        at=at,
        received_at=at,
        virtual=virtual,
        offset_ms=offset_ms,
    )

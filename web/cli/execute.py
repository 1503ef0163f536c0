"""Acting on the command line: the effect in words, a question, the act, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from domain.actors import Role
from domain.messages import RecordedEvent
from domain.rules import Result
from domain.silence.events import Response, ResponseRefused
from domain.silence.responses import ReceivedResponse
from web.cli import pending_acts
from web.cli.confirmation import confirm, effect_sentences
from web.cli.context import open_application
from web.cli.event import print_events
from web.cli.names import names_of
from web.cli.organisation_option import resolve_organisation
from web.cli.output import print_note, print_table
from web.cli.output_failures import report_recorded
from web.cli.own_receipt import output_receipt
from web.cli.token_identity import execute_here, identity_of_token
from workflows.acts.act import AnyAct
from workflows.acts.request import Request
from workflows.application import Application
from workflows.commands.command_result import CommandResult
from workflows.history.narration import SpokenNames, caution_sentence, sentence


class Office(StrEnum):
    """Who may act where both may."""

    SECRETARIAT = "secretariat"
    PRESIDING_OFFICER = "presiding officer"


WindowName = Annotated[
    str,
    typer.Argument(
        metavar="WINDOW",
        help="The id of the silence procedure.",
        callback=lambda name: name.removeprefix("window/"),
    ),
]
By = Annotated[Office, typer.Option("--by", help="In whose function this is done.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it goes into the record.")]
Authority = Annotated[
    str, typer.Option("--authority", help="By what decision or mandate this is done.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do it at once, without being asked.")]
CommandId = Annotated[
    str, typer.Option("--id", help="A name for this act: said again with it, it is done once.")
]
Waive = Annotated[
    list[str] | None,
    typer.Option("--waive", metavar="RULE=REASON", help="Waive a rule, with the reason."),
]


@dataclass(frozen=True, kw_only=True)
class ActOptions:
    """In which store an act is to be done, and how; empty where the command line does not say."""

    store: str
    organisation: str
    yes: bool
    id: str
    json: bool
    receipt: Path | None = None
    prefixed: bool = True
    """Whether the sentences that the record will have are marked as such beforehand."""


Ask = Callable[[Application, str], Request]
"""Makes a request of what the command line says, for an organisation of the store."""


def execute(options: ActOptions, act: AnyAct, ask: Ask) -> None:
    """Say what the act would cause, ask, do it now, and print what was recorded.

    Without `--yes` it is done only when somebody at a terminal says so. An act whose id was used
    before is answered as the first time. Raises Refused and Unavailable; ends with 1 when nothing
    was done, or when a response is kept but does not count.
    """
    with open_application(options.store) as placet, report_recorded(placet):
        where = resolve_organisation(placet, options.organisation)
        identity = identity_of_token(placet)  # one that does not hold is told before all else
        requested = ask(placet, where)
        name = options.id or str(uuid4())
        if identity and placet.pending.is_needed(where, requested.step, name, identity):
            pending_acts.prepare(
                placet, where, name, act, requested, identity=identity, yes=options.yes
            )
            return
        if not (options.yes or placet.queries.record.was_done(where, name)):
            foretell(placet, where, name, act, requested, prefixed=options.prefixed)
            confirm()
        if (clock := placet.processes.clock).is_off:
            print_note(f"The clock here is {clock.offset_ms} ms off: please have it set.")
        if not options.id:
            print_note(f"If no answer comes, say the same again with --id {name}.")
        answer = execute_here(placet, where, requested.step, name, requested.files)
        for line in particulars(answer.events):
            print_note(f"  {line}")
        if options.yes:  # who was asked has read it before
            _warn(placet, where, answer.events)
        report(placet, where, answer, json=options.json, receipt=options.receipt)


def foretell(
    placet: Application,
    where: str,
    name: str,
    act: AnyAct,
    requested: Request,
    *,
    prefixed: bool = True,
) -> None:
    """Say the effect that an act would have now, and what to know before."""
    identity = identity_of_token(placet)
    events = placet.preview(where, requested.step, name, identity=identity)
    shown = events if act.begins else placet.queries.events.redact(where, events)
    before = placet.queries.record.context(where).state(requested.command.stream)
    names = names_of(placet, where, shown)
    lines = effect_sentences(act, before, shown, names) if prefixed else _sentences(shown, names)
    for line in lines:
        print_note(f"- {line}")
    for line in particulars(events):
        print_note(f"  {line}")
    _warn(placet, where, events)
    if act.receipt and requested.circumstances.role is Role.SEAT:
        print_note("It is received when you confirm it, not before.")


def _warn(placet: Application, where: str, events: Sequence[RecordedEvent]) -> None:
    """Say what to know of a procedure that is opened."""
    for caution in placet.queries.events.cautions(where, events):
        print_note(f"! {caution_sentence(caution, str)}")


def _sentences(events: Sequence[RecordedEvent], names: SpokenNames) -> list[str]:
    """What the record will say."""
    return [sentence(event, str, "en", names) for event in events]


def particulars(events: Sequence[RecordedEvent]) -> list[str]:
    """How a deadline is computed, and which rules of the body are not certainly kept."""
    lines = [
        step
        for event in events
        if (deadline := getattr(event.fact, "deadline", None))
        for step in deadline.steps
    ]
    for event in events:
        for found in event.findings:
            if found.result is not Result.SATISFIED:
                waived = event.waivers.get(found.rule)
                why = f"waived: {waived}" if waived else found.because
                lines.append(f"rule {found.rule} is {found.result} ({why})")
    return lines


def report(
    placet: Application,
    where: str,
    answer: CommandResult,
    *,
    json: bool,
    receipt: Path | None = None,
) -> None:
    """Print what an act caused, and hand out the receipt of a response (into `receipt`).

    Ends with 1 when a response, or a part of it, does not count, or a receipt that was asked for
    cannot be had.
    """
    placet.projections.follow()
    events = placet.queries.events.redact(where, answer.events) if answer.events else ()
    if answer.repeated:
        print_note("This had been done before; nothing was recorded again.")
    print_events(placet, events, json=json)
    kept = [
        (event, _kept(placet, event)) for event in events if isinstance(_response(event), Response)
    ]
    if kept and not json:
        _print_responses(kept)
    output_receipt(placet, answer, receipt)
    without = [because for row in kept if (because := _without_effect(*row))]
    for because in without:
        print_note(because)
    if without:
        raise typer.Exit(1)


def _response(event: RecordedEvent) -> object:
    return getattr(event.fact, "response", None)


def _kept(placet: Application, event: RecordedEvent) -> ReceivedResponse:
    """The response of an event, as it stands in its window now."""
    world = placet.queries.record.context(event.organisation)
    number: int = getattr(event.fact, "number", 0)
    return world.window(event.stream.id).received(number)


def _print_responses(rows: Sequence[tuple[RecordedEvent, ReceivedResponse]]) -> None:
    """What a sender needs to prove that a response was received; a part that cannot count too."""
    heads = ("response", "standing", "received", "hash of the event")
    print_table(
        heads, [(kept.number, kept.standing, kept.received, event.hash) for event, kept in rows]
    )


def _without_effect(event: RecordedEvent, kept: ReceivedResponse) -> str:
    """That a response is kept but does not count; empty when it does."""
    start = f"Response {kept.number} is kept but"
    if isinstance(event.fact, ResponseRefused):
        return f"{start} does not count: {event.fact.reason} ({event.fact.rule})"
    if kept.standing == "late" and not event.attested:
        return f"{start} came too late: it has no effect, and goes to the meeting."
    return ""

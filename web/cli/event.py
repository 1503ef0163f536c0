"""`placet event` and `placet rules`: the events of the record, and the rules in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from domain.access.commands import ORGANISATION
from domain.access.permissions import ViewKind
from domain.messages import RecordedEvent
from web.cli.context import environment, open_application
from web.cli.names import names_by_organisation, names_of
from web.cli.output import AsJson, Organisation, StoreFolder, print_json, print_table
from web.cli.token_identity import require_view
from workflows.application import Application
from workflows.history.narration import sentence

app = typer.Typer(help="See single events.", no_args_is_help=True, rich_markup_mode=None)


def print_events(
    placet: Application, events: Sequence[RecordedEvent], *, json: bool = False
) -> None:
    """Events, one line each: position, times, who, and a sentence made from the event."""
    if json:
        print_json([plain(event) for event in events])
        return
    names = names_by_organisation(placet, events)
    print_table(
        ("no.", "effective", "basis", "by", "what happened"),
        [
            (
                event.position,
                event.effective,
                "simulated" if event.virtual and not event.stated else event.basis,
                event.actor.name or event.actor.role,
                sentence(event, str, "en", names[event.organisation]),
            )
            for event in events
        ],
    )


def plain(event: RecordedEvent) -> object:
    """An event as plain values, with its id and basis."""
    values = environment().codec.to_plain(event)
    assert isinstance(values, dict)  # noqa: S101 (for the type checker)
    return {
        **values,
        "stream": str(event.stream),
        "event_id": str(event.event_id),
        "basis": event.basis,
    }


@app.command("show")
def show(
    position: Annotated[int, typer.Argument(help="The event's position in its organisation.")],
    store: StoreFolder,
    organisation: Organisation = "",
    json: AsJson = False,
) -> None:
    """Show one event whole: its fact, its circumstances, the rules applied, what it affects."""
    with open_application(store) as placet:
        known = placet.queries.record.organisations()
        name = organisation or (known[0] if len(known) == 1 else "")
        event = placet.queries.events.get(name, position)
        if event.stream == ORGANISATION:
            require_view(placet, name, ViewKind.GRANTS)
        affected = placet.queries.events.affected(event)
        if json:
            print_json({"event": plain(event), "affected": [plain(other) for other in affected]})
            return
        print(sentence(event, str, "en", names_of(placet, name, [event])))
        rows = [(key, value) for key, value in _lines(plain(event))]
        print_table(("field", "value"), rows)
        if affected:
            print("\naffected by this correction")
            print_events(placet, affected)


def _lines(value: object, path: str = "") -> list[tuple[str, object]]:
    if isinstance(value, dict) and value:
        return [
            line
            for key, member in value.items()
            for line in _lines(member, f"{path}.{key}" if path else str(key))
        ]
    return [(path, value)] if value not in ("", None, {}, []) else []


def rules(json: AsJson = False) -> None:
    """List the rules of every rule pack that ships with the program."""
    packs = environment().packs.shipped()
    if json:
        print_json(environment().codec.to_plain(packs))
        return
    print_table(
        ("pack", "rule", "force", "demand", "citation"),
        [
            (f"{pack.id} {pack.version}", name, rule.force, rule.demand, rule.citation)
            for pack in packs.values()
            for name, rule in pack.rules.items()
        ],
    )

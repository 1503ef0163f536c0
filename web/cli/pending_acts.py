"""Acts that take two persons, on the command line: one prepares an act, another confirms it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import uuid4

import typer

from domain.access.roles import Identity
from domain.messages import RecordedEvent
from domain.ports.drafts import KEPT_WAITING, Draft, TooManyDrafts
from domain.rules import Refused, require
from domain.streams import Stream
from domain.times import When
from web.cli.confirmation import confirm as ask
from web.cli.confirmation import effect_sentences
from web.cli.context import open_application
from web.cli.event import print_events
from web.cli.names import names_of
from web.cli.organisation_option import resolve_organisation
from web.cli.output import AsJson, Organisation, StoreFolder, print_note, print_rows
from web.cli.token_identity import VARIABLE, identity_of_token
from web.http import urls
from workflows.acts.act import AnyAct
from workflows.acts.request import Request
from workflows.application import Application
from workflows.history.narration import sentence

Waiting = Annotated[
    str, typer.Argument(metavar="ID", help="What waits, as `placet window waiting` lists it.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do it at once, without being asked.")]


def prepare(
    placet: Application,
    where: str,
    name: str,
    act: AnyAct,
    requested: Request,
    *,
    identity: Identity,
    yes: bool,
) -> None:
    """Say what an act would do, ask, and let it wait for another person.

    `name` is the id under which it is done once, and under which it waits. Raises Refused.
    """
    stream = requested.command.stream
    if not yes:
        events = placet.preview(where, requested.step, name, identity=identity, unconfirmed=True)
        _foretell(placet, act, where, stream, events)
        ask()
    path = urls.act(where, stream, act.slug)
    draft = Draft(
        id=str(uuid4()) if len(name) > LONGEST_ID else name,
        owner=identity.principal,
        organisation=where,
        page=urls.page_of(where, stream),
        form=path,
        title=act.title,
        values={},
        changed_at=placet.pending.now(),
    )
    try:
        waiting = placet.pending.prepare(where, requested.step, name, identity, draft=draft)
    except TooManyDrafts as error:
        raise Refused(
            "two-persons", "too much that you prepared waits already: take some of it back"
        ) from error
    print_note("This takes two persons, and nothing is recorded yet.")
    print_note(f"It waits {KEPT_WAITING.days} days for another person, who confirms it by")
    print_note(f"  placet window confirm {waiting.id}")


def register(app: typer.Typer) -> None:
    """Make these commands commands of a group."""
    app.command("waiting")(waiting)
    app.command("confirm")(confirm)
    app.command("decline")(decline)
    app.command("take-back")(take_back)


def waiting(store: StoreFolder, *, organisation: Organisation = "", json: AsJson = False) -> None:
    """List the acts that wait for a second person; under a token, those that it may do."""
    with open_application(store) as placet:
        where = resolve_organisation(placet, organisation)
        listed = placet.pending.listed(where, identity_of_token(placet))
    rows = [row for draft in listed if (row := _row(draft))]
    print_rows(HEADS, rows, json=json)


def confirm(
    id_: Waiting,
    *,
    store: StoreFolder,
    organisation: Organisation = "",
    yes: Yes = False,
    json: AsJson = False,
) -> None:
    """Confirm what another person prepared; it happens now, and the record holds both.

    It takes the token of another person, who may do the act too.
    """
    with open_application(store) as placet:
        where, identity = resolve_organisation(placet, organisation), _identity(placet)
        pending = placet.pending
        draft = pending.find(where, id_, identity)
        require("known", not draft.recorded, "it was recorded already")
        if not pending.done(draft):
            events = pending.previewed(draft, identity)
            changes = pending.changes(draft)
            names = names_of(placet, where, changes)
            for event in changes:
                print_note(f"Since it was prepared: {sentence(event, str, 'en', names)}")
            stream = pending.step(draft).command.stream  # type: ignore[union-attr]  # has one
            _foretell(placet, pending.act(draft), where, stream, events)
            if not yes:
                ask()
        answer = pending.confirm(where, id_, identity)
        first = answer.events[0]
        pending.record(id_, urls.recorded(where, first.stream, first.position))
        placet.projections.follow()
        print_events(placet, placet.queries.events.redact(where, answer.events), json=json)


def decline(
    id_: Waiting,
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why; whoever prepared it reads it.")],
    store: StoreFolder,
    organisation: Organisation = "",
) -> None:
    """Decline what another person prepared; nothing is recorded."""
    with open_application(store) as placet:
        where = resolve_organisation(placet, organisation)
        placet.pending.decline(where, id_, _identity(placet), reason)
    print_note("It was declined, and nothing is recorded.")


def take_back(id_: Waiting, *, store: StoreFolder, organisation: Organisation = "") -> None:
    """Take back what you prepared, before another person confirms it."""
    with open_application(store) as placet:
        where = resolve_organisation(placet, organisation)
        placet.pending.take_back(where, id_, _identity(placet))
    print_note("It was taken back, and nothing is recorded.")


HEADS = ("id", "act", "of", "prepared", "waits until", "declined")
LONGEST_ID = 100
"""How long an id may be that is written on a command line and in an address."""


def _identity(placet: Application) -> Identity:
    """The person of the token. Raises Refused where there is none."""
    identity = identity_of_token(placet)
    require("log-in", identity, f"this takes a person: put a token into {VARIABLE}")
    assert identity is not None  # noqa: S101 (required above; mypy cannot know)
    return identity


def _row(draft: Draft) -> tuple[str, ...]:
    prepared = draft.waits
    assert prepared is not None  # noqa: S101 (only such drafts are listed; mypy cannot know)
    times = (str(When.from_instant(at)) for at in (draft.changed_at, draft.expires_at))
    return (draft.id, prepared.act, prepared.stream, *times, prepared.declined)


def _foretell(
    placet: Application,
    act: AnyAct,
    where: str,
    stream: Stream,
    events: Sequence[RecordedEvent],
) -> None:
    """Say the effect that it would have now."""
    before = placet.queries.record.context(where).state(stream)
    for line in effect_sentences(act, before, events, names_of(placet, where, events)):
        print_note(f"- {line}")

"""`placet agenda`: list, show, read the history of, and act on agendas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from domain.agenda import Agenda
from domain.agenda.items import Item
from domain.rules import Refused
from domain.silence.current_windows import awaited_windows
from domain.streams import Stream, StreamKind
from domain.type_registry import COMMANDS
from web.api import representations
from web.cli import act_command, editing, paging, window_output
from web.cli.context import environment, open_application
from web.cli.event import print_events
from web.cli.execute import ActOptions, CommandId, Reason, Yes, report
from web.cli.organisation_option import resolve_organisation
from web.cli.output import AsJson, At, Organisation, StoreFolder, print_json, print_table
from web.cli.output_failures import report_recorded
from web.cli.own_receipt import ReceiptFile
from web.cli.status import print_parked
from web.cli.token_identity import execute_here
from web.presenters import agenda_items
from workflows.editing.catalogue import ITEM_LIST
from workflows.queries.agenda import AgendaDetails
from workflows.queries.board_rows import BoardRow

app = typer.Typer(help="See agendas, and act on them.", no_args_is_help=True, rich_markup_mode=None)
act_command.register(app, StreamKind.AGENDA)

Name = Annotated[str, typer.Argument(help="The agenda's id, or a stream such as window/ID.")]


@app.command("list")
def list_(
    store: StoreFolder,
    at: At = "",
    json: AsJson = False,
    limit: paging.Limit = None,
    after: paging.After = "",
) -> None:
    """List agendas and windows: where each stands, what is awaited, by whom, until when.

    Running clocks come first, the nearest end at the top; then what waits; then what is over.
    """
    with open_application(store) as placet:
        placet.projections.follow()
        print_parked(placet)
        rows = placet.queries.board(environment().now(), at).rows(paging.parse_start(after))
        board = paging.print_page(((row.cursor, row) for row in rows), limit, json=json)
        if json:
            print_json([environment().codec.to_plain(row) for row in board])
            return
    heads = ("organisation", "id", "session", "stands", "awaited from", "awaited", "closes")
    print_table(heads, [_cells(row) for row in board])


def _cells(row: BoardRow) -> tuple[str, ...]:
    return (
        row.organisation,
        f"{row.kind}/{row.id}",
        _session(row),
        row.stands + (" (attested)" if row.attested else ""),
        row.awaited_from,
        row.awaited,
        deadlines(row),
    )


def _session(row: BoardRow) -> str:
    when = "cancelled" if row.cancelled else str(row.starts) if row.starts.known else ""
    return f"{row.session} {when}".strip()


def deadlines(row: BoardRow) -> str:
    """The deadline of each window of a row; where it ended otherwise, how and when."""
    texts = [
        window_output.deadline(
            board_window.stands,
            board_window.closes,
            board_window.ended,
            revoked=board_window.revoked,
        )
        for board_window in row.windows
    ]
    return ", ".join(text for text in texts if text)


@app.command("show")
def show(
    name: Name,
    store: StoreFolder,
    organisation: Organisation = "",
    at: At = "",
    json: AsJson = False,
) -> None:
    """Show one agenda, or one window written as window/ID."""
    if name.startswith("window/"):
        window_output.print_window(
            name.removeprefix("window/"), store, organisation, at, text=True, json=json
        )
        return
    with open_application(store) as placet:
        placet.projections.follow()
        shown = placet.queries.agendas.get(resolve_organisation(placet, organisation), name, at)
        if json:
            print_json(representations.details(shown, environment().codec))
            return
        then = placet.queries.record.moment(shown.organisation, at, environment().now())
    _print_agenda(shown, then)


def _print_agenda(shown: AgendaDetails, then: datetime) -> None:
    agenda = shown.agenda
    print(f"{agenda.id}: {agenda.type} of {agenda.body}, {agenda.stage}")
    for line in _of_session(shown):
        print(line)
    steps = [(step.name, step.when, step.basis, step.note) for step in shown.steps]
    print_table(("step", "date", "basis", "note"), steps)
    _print_if_any(
        ("silence procedure", "stands", "closes before", "waits for"), _running(shown, then)
    )
    print()
    print_table(("item", "title", "approval", "documents"), _items(agenda))
    _print_if_any(("item", "lists", "document", "symbol", "type", "issued in"), _listed(shown))
    _print_if_any(("rule", "result", "because"), _noticed(shown), title="noticed")


def _print_if_any(heads: Sequence[str], cells: Iterable[Sequence[object]], title: str = "") -> None:
    """A further table below an empty line and its title; nothing where it has no rows."""
    if rows := list(cells):
        print(f"\n{title}" if title else "")
        print_table(heads, rows)


def _items(agenda: Agenda) -> list[tuple[str, ...]]:
    """Each item, indented below that under which it stands."""
    rows = []
    for item in agenda.items:
        rows += _headings(agenda, item.id)
        number = "  " * _level(item, agenda) + item.item
        documents = ", ".join(item.documents) or ("none expected" if item.none_expected else "")
        rows.append((number, _title(item), item.approval, documents))
    return [*rows, *_headings(agenda, "")]


def _headings(agenda: Agenda, item_id: str) -> list[tuple[str, ...]]:
    """The headings right above an item, or at the end of the list; they bear no number."""
    return [
        ("#", heading.titles.get("en") or next(iter(heading.titles.values())), "", "")
        for heading in agenda.headings_before(item_id)
    ]


def _noticed(shown: AgendaDetails) -> Iterator[tuple[str, ...]]:
    """Each finding of a rule that says why."""
    for finding in shown.noticed:
        if finding.because:
            yield finding.rule, finding.result, finding.because


def _running(shown: AgendaDetails, then: datetime) -> Iterator[tuple[str, ...]]:
    """Each silence procedure from which something is awaited, nearest end first."""
    for silence in awaited_windows(shown.current):
        stands = str(silence.phase(then))
        closes = window_output.deadline(
            stands, silence.closes, silence.ended, revoked=silence.revoked
        )
        awaited = silence.awaited(then)
        yield silence.id, stands, closes, f"{awaited.what} ({awaited.who})"


def _listed(shown: AgendaDetails) -> Iterator[tuple[str, ...]]:
    """Each document that an item lists, by whatever spelling or half of its symbol."""
    for item in shown.agenda.items:
        for symbol in item.documents:
            document = agenda_items.listed_document(symbol, shown).document
            cells = (
                (document.id, document.symbol, document.type, " ".join(document.versions))
                if document
                else ()
            )
            yield (item.item, symbol, *(cells or ("no record of it", "", "", "")))


def _of_session(shown: AgendaDetails) -> Iterator[str]:
    """That its session is off, or has moved away from under what was planned."""
    session = shown.session
    if session and session.reason_not_held(shown.agenda.part):
        yield f"session {session.number} was cancelled: {session.cancelled}"
    elif session and shown.outdated:
        yield f"the session was moved; to be planned anew: {', '.join(shown.outdated)}"


def _level(item: Item, agenda: Agenda) -> int:
    """How many items an item stands under."""
    return 1 + _level(agenda.item(item.under), agenda) if item.under else 0


def _title(item: Item) -> str:
    """The English title, marked where it is a working translation; else the first there is."""
    if "en" not in item.titles:
        return next(iter(item.titles.values()))
    mark = " (working translation)" if "en" in item.working_translations else ""
    return item.titles["en"] + mark


@app.command("history")
def history(
    name: Name,
    store: StoreFolder,
    organisation: Organisation = "",
    at: At = "",
    json: AsJson = False,
) -> None:
    """List every event of an agenda and of what belongs to it, or of a stream such as window/ID."""
    with open_application(store) as placet:
        where = resolve_organisation(placet, organisation)
        if "/" in name:
            events = placet.queries.events.list(where, _stream(name), at)
        else:
            placet.projections.follow()
            events = placet.queries.agendas.get(where, name, at).events
        print_events(placet, events, json=json)


def _stream(name: str) -> Stream:
    try:
        return Stream.parse(name)
    except ValueError as error:
        raise Refused("known", str(error)) from error


@app.command("items")
def items(
    name: Annotated[str, typer.Argument(metavar="AGENDA", help="The id of the agenda.")],
    file: Annotated[
        Path, typer.Argument(help="The list: a number and a title on each line, in UTF-8.")
    ],
    *,
    store: StoreFolder,
    organisation: Organisation = "",
    language: Annotated[str, typer.Option("--language", help="The language of the titles.")] = "en",
    reason: Reason = "",
    yes: Yes = False,
    id_: CommandId = "",
    json: AsJson = False,
) -> None:
    """Make the list of items what a file says: all of it is recorded together, or nothing.

    A line is `2. Title`, or `(a) Title` under an item 2. Items that are not in the file are taken
    off; for those that change, --reason is needed.
    """
    options = ActOptions(store=store, organisation=organisation, yes=yes, id=id_, json=json)
    editing.edit(
        options,
        ITEM_LIST,
        lambda placet, where: placet.queries.agendas.for_editing(where, name),
        file,
        answers={"reason": reason},
        language=language,
    )


@app.command("do")
def do(
    step: Annotated[Path, typer.Argument(help="A file with one step, as in a case file.")],
    store: StoreFolder,
    organisation: Organisation = "",
    receipt: ReceiptFile = None,
    json: AsJson = False,
) -> None:
    """Carry out one step on a store: `live` as of now, or `attested` with its source.

    The step's `id` makes it safe to repeat: said again, it is answered as the first time.
    A response is answered with a signed receipt.
    """
    read = environment().files.step(step)
    with open_application(store) as placet, report_recorded(placet):
        where = organisation if read.verb in FIRST else resolve_organisation(placet, organisation)
        where = where or resolve_organisation(placet, "")
        answer = execute_here(placet, where, read, str(uuid4()))
        report(placet, where, answer, json=json, receipt=receipt)


FIRST = {verb for verb, kind in COMMANDS.items() if kind.__name__ == "EstablishBody"}
"""What may be the first act of an organisation that the store does not know yet."""

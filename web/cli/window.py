"""`placet window`: silence procedures, listed and shown; its acts stand in their own files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from domain.canonical import digest
from domain.ports.clock import CLOCK_TOLERANCE
from domain.silence import Phase, Window
from domain.silence.responses import ReceivedResponse
from domain.streams import StreamKind
from domain.times import When
from web.cli import act_command, paging
from web.cli.context import environment, open_application
from web.cli.execute import WindowName
from web.cli.organisation_option import resolve_organisation
from web.cli.output import (
    AsJson,
    At,
    Organisation,
    StoreFolder,
    print_error,
    print_json,
    print_note,
    print_table,
)
from web.cli.status import print_parked
from workflows.history import narration
from workflows.queries import board
from workflows.queries.queries import WindowDetails

LISTED: Final = (
    "open",
    "respond",
    "register",
    "withdraw",
    "extend",
    "suspend",
    "resume",
    "rule",
    "hold",
    "release",
    "supersede",
    "announce",
    "refer",
    "notices",
)
"""The order in which the help lists acts; others come after these."""

app = typer.Typer(
    help="See silence procedures, and act on them.", no_args_is_help=True, rich_markup_mode=None
)
act_command.register(app, StreamKind.WINDOW, LISTED)


@app.command("list")
def list_(
    store: StoreFolder,
    json: AsJson = False,
    limit: paging.Limit = None,
    after: paging.After = "",
) -> None:
    """List every silence procedure: where it stands, and its deadline; the nearest end first."""
    with open_application(store) as placet:
        placet.projections.follow()
        print_parked(placet)
        found = placet.queries.windows(environment().now(), paging.parse_start(after))
        rows = paging.print_page(((str(one), row) for one, row in found), limit, json=json)
    if json:
        print_json(rows)
        return
    print_table(
        ("organisation", "id", "stands", "closes before", "seats", "answered", "objections"),
        [
            (
                row["organisation"],
                row["id"],
                f"{row['phase']}{' (attested)' if row['attested'] else ''}",
                _deadline(row),
                "not told" if row["seats"] is None else row["seats"],
                row["answered"],
                row["objected"],
            )
            for row in rows
        ],
    )


def _deadline(row: Mapping[str, Any]) -> str:
    ended, closes = When.from_stored(row["ended"]), When.from_stored(row["closes"])
    return deadline(row["phase"], closes, ended, revoked=row["revoked"])


def deadline(stands: str, closes: When, ended: When, *, revoked: bool) -> str:
    """The deadline of a window; where it ended otherwise, or its clock is stopped, that instead."""
    if stands == Phase.SUSPENDED:
        return f"stopped, was {closes}"
    return _cut_short(stands, ended, revoked=revoked) or (str(closes) if closes.known else "")


def _cut_short(stands: str, ended: When, *, revoked: bool) -> str:
    """How and when a window ended otherwise than by its deadline; empty where it did not."""
    if not revoked and stands not in {Phase.BROKEN, Phase.SUPERSEDED}:
        return ""
    return f"{'revoked' if revoked else stands} {ended if ended.known else ''}".strip()


@app.command("show")
def show(
    window: WindowName,
    *,
    store: StoreFolder,
    text: Annotated[bool, typer.Option("--text", help="Print the text under silence too.")] = False,
    organisation: Organisation = "",
    at: At = "",
    json: AsJson = False,
) -> None:
    """Show one: deadline, seats, responses, what it waits for."""
    print_window(window, store, organisation, at, text=text, json=json)


@app.command("evidence")
def evidence(
    window: WindowName,
    *,
    number: Annotated[int, typer.Option("--response", help="The number of the response.")],
    to: Annotated[
        Path, typer.Option("--to", help="The new file into which it goes.", dir_okay=False)
    ],
    store: StoreFolder,
    organisation: Organisation = "",
) -> None:
    """Write the paper that came with a response to a file, as it came.

    Where names are withheld no paper is given out, for it names whoever sent it.
    """
    with open_application(store) as placet:
        where = resolve_organisation(placet, organisation)
        paper = placet.queries.evidence(where, window, number)
    try:
        with to.open("xb") as file:
            file.write(paper)
    except OSError as error:
        print_error(f"The paper could not be written: {error.strerror}.")
        raise typer.Exit(1) from error
    print_note(f"{len(paper)} bytes, SHA-256 {digest(paper)}")


def print_window(
    name: str, store: str, organisation: str, at: str, *, text: bool, json: bool
) -> None:
    """What is under silence until when, how it stands, who answered what, what it waits for."""
    with open_application(store) as placet:
        where = resolve_organisation(placet, organisation)
        shown = placet.queries.window(where, name, environment().now(), at)
        if json:
            print_json(environment().codec.to_plain(shown))
            return
    window, deadline = shown.window, shown.window.deadline
    print(f"{window.id}: {window.subject.type}, {shown.phase}")
    wall = f"{deadline.local} {deadline.zone}, " if deadline else ""
    rows: list[tuple[str, object]] = [("opened", window.opened)]
    cut = _cut_short(str(shown.phase), window.ended, revoked=window.revoked)
    rows += [("ended", cut)] if cut else []
    planned = (cut and not window.lapsed) or shown.phase is Phase.SUSPENDED
    rows += [("planned deadline" if planned else "closes before", f"{wall}{window.closes}")]
    rows += [("waits for", one) for one in awaited_lines(shown)]
    rows += [("look at", one) for one in flag_lines(shown)]
    rows += [("hash of the text", window.text_hash), *shown.tally.items()]
    rows += [("waiver", waiver) for waiver in waiver_lines(shown)]
    print_table(("", ""), rows)
    if text:
        for language, told in shown.text.items():
            print(f"\n[{language}]\n{told}")
        for item, titles in shown.items.items():
            for language, told in titles.items():
                print(f"\n{item} [{language}]\n{told}")
    if window.policy.by_item:
        print()
        print_table(("item", "outcome"), [(one, window.outcome(one)) for one in window.parts])
    print()
    print_table(
        ("no.", "received", "kind", "from", "items", "standing", "effect"),
        [
            (
                one.number,
                one.received,
                one.response.kind,
                ", ".join([*one.response.seats, *one.response.on_behalf_of]),
                ", ".join(one.response.items),
                f"{one.standing}: {one.rule}" if one.rule else one.standing,
                _effect(one),
            )
            for one in window.responses
        ],
    )
    for line in ruling_lines(window):
        print(line)


def waiver_lines(shown: WindowDetails) -> Iterator[str]:
    """Which rules were waived, and why."""
    for one in shown.events:
        for rule, reason in one.waivers.items():
            yield f"{rule}: {reason}"


def _effect(one: ReceivedResponse) -> str:
    if one.withdrawn:
        return "withdrawn"
    gone = ", ".join(name for name in one.names if one.withdrawn_at(name))
    effect = {True: "breaks", False: "does not break", None: "waits for a ruling"}[one.breaks]
    return f"{effect}; withdrawn for {gone}" if gone else effect


def ruling_lines(window: Window) -> Iterator[str]:
    """Who ruled what on which response, with whom, when and why."""
    for one in window.responses:
        if one.ruling:
            ruled = "breaks the silence" if one.ruled else "does not break it, or was not in time"
            by, second = narration.actor_name(one.ruling.by, str), one.ruling.second
            both = f"{by} with {second}" if second else by
            told = f"Ruled by {both} on {one.ruling.when}: response {one.number} {ruled}."
            yield f"{told} {one.ruling.reason}"


def awaited_lines(shown: WindowDetails) -> Iterator[str]:
    """What is needed before a live window has its outcome, and from whom."""
    window = shown.window
    if window.attested or (window.is_over and not window.approval_is_suspended):
        return
    who, what = board.awaited_in(str(shown.phase))
    yield f"{what} ({who})" + (f": {window.hold_reason}" if window.hold_reason else "")
    doubtful = {one.number for one in window.responses if one.breaks is None}
    for number in sorted(doubtful | window.unruled_late_responses):
        yield f"a ruling on response {number} (presiding officer)"
    withheld = shown.tally.get("delivery failed") if window.policy.names_withheld else 0
    if withheld:
        seats = "1 seat" if withheld == 1 else f"{withheld} seats"
        yield f"failed notices resolved or waived, for {seats} (secretariat)"
    for about, seat in sorted(window.notices.undelivered):
        yield f"a failed notice resolved or waived: {about}, seat {seat} (secretariat)"


def flag_lines(shown: WindowDetails) -> Iterator[str]:
    """What the presiding officer should look at."""
    unheard = () if shown.window.attested else shown.window.unconsidered_responses
    for one in shown.window.responses:
        if one.standing == "at the margin":
            yield (
                f"response {one.number} came within {one.margin_ms} ms of the deadline,"
                " where clocks cannot tell"
            )
        if one in unheard:
            yield f"response {one.number} came in time and cannot count, by {one.rule}"
        if abs(one.offset_ms or 0) > CLOCK_TOLERANCE.total_seconds() * 1000:
            yield f"response {one.number} was stamped by a clock that was {one.offset_ms} ms off"
    if told := moved_deadline(shown):
        yield told


def moved_deadline(shown: WindowDetails) -> str:
    """That the time zones of today would make another deadline; empty when they do not."""
    deadline, again = shown.window.deadline, shown.again
    if deadline is None or (again and again.utc == deadline.utc):
        return ""
    published = f"the published instant binds: {When.from_instant(deadline.utc)}"
    if again is None:
        return f"its deadline cannot be computed anew with the time zones of today; {published}"
    anew = f"computed anew with {again.tzdata}, it would close at {When.from_instant(again.utc)}"
    return f"{anew}; {published}"

"""A silence procedure as `placet window show` prints it."""

from __future__ import annotations

from collections.abc import Iterator

from domain.ports.clock import CLOCK_TOLERANCE
from domain.silence import Phase, Window
from domain.silence.phase import awaited_in
from domain.silence.responses import ReceivedResponse
from domain.times import When
from web.api import representations
from web.cli.context import environment, open_application
from web.cli.organisation_option import resolve_organisation
from web.cli.output import (
    print_json,
    print_table,
)
from workflows.history import narration
from workflows.history.erasure_placeholders import say_erasures
from workflows.queries.window import WindowDetails


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


def print_window(
    name: str, store: str, organisation: str, at: str, *, text: bool, json: bool
) -> None:
    """What is under silence until when, how it stands, who answered what, what it waits for."""
    with open_application(store) as placet:
        where = resolve_organisation(placet, organisation)
        shown = placet.queries.windows.get(where, name, environment().now(), at)
        if json:
            print_json(representations.details(shown, environment().codec))
            return
    window = shown.window
    print(f"{window.id}: {window.subject.type}, {shown.phase}")
    print_table(("", ""), [*_summary(shown)])
    if text:
        _print_text(shown)
    if window.policy.by_item:
        print()
        print_table(("item", "outcome"), [(part, window.outcome(part)) for part in window.parts])
    print()
    heads = ("no.", "received", "kind", "from", "items", "standing", "effect")
    print_table(heads, [_response(window, response) for response in window.responses])
    for line in ruling_lines(window):
        print(line)


def _summary(shown: WindowDetails) -> Iterator[tuple[str, object]]:
    """When it opened and closes, what it waits for, how the seats stand, what was waived."""
    window = shown.window
    yield "opened", window.opened
    cut = _cut_short(str(shown.phase), window.ended, revoked=window.revoked)
    if cut:
        yield "ended", cut
    planned = (cut and not window.lapsed) or shown.phase is Phase.SUSPENDED
    yield "planned deadline" if planned else "closes before", _wall_and_instant(window)
    for awaited in awaited_lines(shown):
        yield "waits for", awaited
    for flag in flag_lines(shown):
        yield "look at", flag
    yield "hash of the text", window.text_hash
    yield from shown.tally.items()
    for waiver in waiver_lines(shown):
        yield "waiver", waiver


def _wall_and_instant(window: Window) -> str:
    """The deadline in local time, where its zone is known, and as an instant."""
    deadline = window.deadline
    wall = f"{deadline.local} {deadline.zone}, " if deadline else ""
    return f"{wall}{window.closes}"


def _print_text(shown: WindowDetails) -> None:
    """The text under silence and the titles of its items, in each language."""
    for language, words in shown.text.items():
        print(f"\n[{language}]\n{words}")
    for item, titles in shown.items.items():
        for heading in shown.headings:
            if heading.before == item:
                for language, words in heading.titles.items():
                    print(f"\nheading [{language}]\n{words}")
        for language, words in titles.items():
            print(f"\n{item} [{language}]\n{words}")


def _response(window: Window, response: ReceivedResponse) -> tuple[object, ...]:
    return (
        response.number,
        response.received,
        response.response.kind,
        ", ".join([*response.response.seats, *response.response.on_behalf_of]),
        ", ".join(response.response.items),
        f"{response.standing}: {response.rule}" if response.rule else response.standing,
        _effect(window, response),
    )


def waiver_lines(shown: WindowDetails) -> Iterator[str]:
    """Which rules were waived, and why."""
    for event in shown.events:
        for rule, reason in event.waivers.items():
            yield f"{rule}: {reason}"


def _effect(window: Window, response: ReceivedResponse) -> str:
    if response.withdrawn:
        return "withdrawn"
    withdrawn = ", ".join(name for name in response.names if response.withdrawn_at(name))
    unruled = "waits for a ruling" if response.number in window.awaiting_ruling else "not ruled on"
    effect = {True: "breaks", False: "does not break", None: unruled}[response.breaks]
    return f"{effect}; withdrawn for {withdrawn}" if withdrawn else effect


def ruling_lines(window: Window) -> Iterator[str]:
    """Who ruled what on which response, with whom, when and why."""
    for response in window.responses:
        if response.ruling:
            ruled = (
                "breaks the silence" if response.ruled else "does not break it, or was not in time"
            )
            by, second = narration.actor_name(response.ruling.by, str), response.ruling.second
            if other := response.ruling.seconded_by:
                second = f"{narration.actor_name(other, str)}, who confirmed it with an account"
            both = f"{by} with {second}" if second else by
            ruling = (
                f"Ruled by {both} on {response.ruling.when}: response {response.number} {ruled}."
            )
            yield say_erasures(f"{ruling} {response.ruling.reason}", str)


def awaited_lines(shown: WindowDetails) -> Iterator[str]:
    """What is needed before a live window has its outcome, and from whom."""
    window = shown.window
    if window.attested or (window.is_over and not window.approval_is_suspended):
        return
    awaited = awaited_in(shown.phase, unruled=False)
    reason = f": {window.hold_reason}" if window.hold_reason else ""
    yield f"{awaited.what} ({awaited.who}){reason}"
    for number in sorted(window.awaiting_ruling):
        yield f"a ruling on response {number} (presiding officer)"
    withheld = shown.tally.get("delivery failed") if window.policy.names_withheld else 0
    if withheld:
        seats = "1 seat" if withheld == 1 else f"{withheld} seats"
        yield f"failed notices resolved or waived, for {seats} (secretariat)"
    for about, seat in sorted(window.notices.undelivered):
        yield f"a failed notice resolved or waived: {about}, seat {seat} (secretariat)"


def flag_lines(shown: WindowDetails) -> Iterator[str]:
    """What the presiding officer should look at."""
    unconsidered = () if shown.window.attested else shown.window.unconsidered_responses
    for response in shown.window.responses:
        if response.standing == "at the margin":
            yield (
                f"response {response.number} came within {response.margin_ms} ms of the deadline,"
                " where clocks cannot tell"
            )
        if response in unconsidered:
            yield f"response {response.number} came in time and cannot count, by {response.rule}"
        if abs(response.offset_ms or 0) > CLOCK_TOLERANCE.total_seconds() * 1000:
            yield (
                f"response {response.number} was stamped by a clock that was"
                f" {response.offset_ms} ms off"
            )
    if moved := moved_deadline(shown):
        yield moved


def moved_deadline(shown: WindowDetails) -> str:
    """That the time zones of today would make another deadline; empty when they do not."""
    deadline, again = shown.window.deadline, shown.again
    if deadline is None or (again and again.utc == deadline.utc):
        return ""
    published = f"the published instant binds: {When.from_instant(deadline.utc)}"
    if again is None:
        return f"its deadline cannot be computed anew with the time zones of today; {published}"
    recomputed = (
        f"computed anew with {again.tzdata}, it would close at {When.from_instant(again.utc)}"
    )
    return f"{recomputed}; {published}"

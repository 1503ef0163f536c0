"""Answers that came by mail, as tables, sentences and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from msgspec import to_builtins

from domain.incoming_mail import BOUNCE, STATED, IncomingMessage, Receipt
from web.cli.output import print_json, print_note, print_table
from workflows.application import Application
from workflows.incoming.service import MatchedMessage

HEADS: Final = ("message", "received", "from", "subject", "what it is", "stands")


def print_messages(placet: Application, messages: Sequence[IncomingMessage], *, json: bool) -> None:
    """Messages, one line each; as JSON also with what each may belong to."""
    if json:
        print_json([plain(placet.processes.mail.matched(message.id)) for message in messages])
        return
    print_table(HEADS, [_row(message) for message in messages])


def print_message(found: MatchedMessage) -> None:
    """One message, and in sentences to what it may belong, and what is in doubt about it."""
    print_table(HEADS, [_row(found.message)])
    for line in _match_lines(found):
        print_note(line)


def _row(message: IncomingMessage) -> tuple[object, ...]:
    summary = message.summary
    return (
        message.id,
        _received(message.receipt),
        summary.sender,
        summary.subject,
        summary.kind,
        message.state,
    )


def _received(receipt: Receipt) -> str:
    return f"{receipt.at:%Y-%m-%d %H:%M:%S} UTC" if receipt.at else "not known"


def _match_lines(found: MatchedMessage) -> list[str]:
    message, match = found.message, found.match
    lines = [f"time of receipt: {message.receipt.source}"]
    if message.receipt.source == STATED:
        lines[0] += f" ({message.receipt.by}): {message.receipt.reason}"
    if match.letter:
        letter = match.letter
        lines.append(
            f"it answers a letter to {letter.to} about {letter.organisation}/{letter.window}"
        )
    lines += [
        f"its address is that of {who.organisation}/{who.body}: {who.name}" for who in match.senders
    ]
    lines += [f"! {doubt}" for doubt in match.doubts]
    if message.summary.automatic:
        lines.append(f"! an automatic answer: {message.summary.automatic}")
    if message.summary.kind == BOUNCE:
        lines += [
            f"! report: {report.action} {report.status} {report.address}"
            for report in message.summary.reports
        ]
    if message.reason:
        lines.append(f"{message.state}: {message.reason}")
    lines += [
        f"{message.state}: event {each.position} of {each.organisation}, in {each.window}"
        for each in message.registered
    ]
    if message.position and not message.registered:
        lines.append(f"{message.state}: event {message.position} of {message.organisation}")
    lines.append("Nothing proves who sent it: a sender's address can be forged.")
    return lines


def plain(found: MatchedMessage) -> dict[str, Any]:
    """A message with what it may belong to, as JSON."""
    return {**to_builtins(found.message), "match": to_builtins(found.match)}

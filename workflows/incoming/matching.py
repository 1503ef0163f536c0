"""Matching: to which procedure and seat a message may belong, and what is in doubt about it.

A reply names the letter that it answers by its Message-ID (RFC 5322, 3.6.4), by the reference in
its subject, or by the address to which it is sent. Whose the sender's address is, the directory
says. Neither proves anything: both can be copied.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final

from msgspec import Struct

from domain.incoming_mail import IncomingMessage, MessageSummary
from domain.notices import Notice
from domain.ports.address_book import OFFICES, Directory
from workflows.acts.parameter import N_

TRACE_TOLERANCE: Final = timedelta(minutes=2)
"""How far a mailbox's time of receipt may lie from that of the uppermost trace line."""
_KEY: Final = re.compile(r"<([0-9a-f]{40})@")
_SUBJECT: Final = re.compile(r"\[Placet ([0-9a-f]{12})\]")
_ADDRESS: Final = re.compile(r"\+([0-9a-f]{12})@")

NO_LETTER: Final = N_(
    "It names no letter from here: to which silence procedure it belongs is for you to say."
)
NO_ADDRESS: Final = N_("The address of its sender is not in the directory.")
OTHER_SEAT: Final = N_(
    "The letter that it answers was for another seat than the one whose address sent it."
)
NO_TIME: Final = N_(
    "When it was received is not known. State it, with the reason, before you register it."
)
TRACE_DIFFERS: Final = N_(
    "Its time of receipt lies more than two minutes from that of its uppermost trace line."
)
TOO_LATE_TO_BE: Final = N_(
    "Its time of receipt lies after the moment at which it was taken from the mailbox, so one of"
    " the two clocks is wrong. The earlier of the two counts."
)
TOO_LARGE: Final = N_("It is too large: only its headers are here. All of it is in the mailbox.")
BROKEN: Final = N_("Some of it cannot be read as it should be. Keep the file, and look into it.")


class Sender(Struct, frozen=True):
    """Whose an address is: a seat, or an office, of a body."""

    organisation: str
    body: str
    name: str

    @property
    def seat(self) -> str:
        """The seat; empty for an office."""
        return "" if self.name in OFFICES else self.name


class Match(Struct, frozen=True, kw_only=True):
    """What a message may belong to, and what is in doubt about it, as message ids."""

    letter: Notice | None = None
    """The letter from here that it answers."""
    letter_body: str = ""
    """The body whose silence procedure that letter was about."""
    senders: tuple[Sender, ...] = ()
    doubts: tuple[str, ...] = ()

    def concerns(self, organisation: str, window: str, body: str) -> bool:
        """Whether it may be about a silence procedure; one without a match may be about any.

        A letter tells which one its reply is likely about, and no more: people answer whatever
        letter of a body is at hand. `letter_body` is the body of that one.
        """
        if self.letter and (self.letter.organisation, self.letter.window) == (organisation, window):
            return True
        bodies = {(who.organisation, who.body) for who in self.senders}
        if self.letter:
            bodies.add((self.letter.organisation, self.letter_body))
        return not bodies or (organisation, body) in bodies

    def may_be_of(self, organisation: str) -> bool:
        """Whether it may belong to an organisation."""
        if self.letter:
            return self.letter.organisation == organisation
        return not self.senders or any(who.organisation == organisation for who in self.senders)

    def seats(self, organisation: str, body: str) -> tuple[str, ...]:
        """The seats of a body whose address sent it; else the one to which its letter went."""
        theirs = [
            who.seat
            for who in self.senders
            if (who.organisation, who.body) == (organisation, body) and who.seat
        ]
        if not theirs and self.letter and not self.letter.office:
            theirs = [self.letter.to]
        return tuple(dict.fromkeys(theirs))


def references(summary: MessageSummary) -> Iterator[str]:
    """How a message calls the letters that it answers: keys, or their beginnings."""
    for reference in summary.references:
        yield from _KEY.findall(reference)
    yield from _SUBJECT.findall(summary.subject)
    for address in summary.recipients:
        yield from _ADDRESS.findall(address)


def match(
    message: IncomingMessage,
    find: Callable[[str], Notice | None],
    body_of: Callable[[Notice], str],
    directory: Directory,
) -> Match:
    """What a message may belong to.

    `find` gives the letter that a reference names, `body_of` the body whose procedure that is.
    """
    found = (find(reference) for reference in references(message.summary))
    letter = next((notice for notice in found if notice), None)
    senders = tuple(_senders(message.summary.sender, directory))
    return Match(
        letter=letter,
        letter_body=body_of(letter) if letter else "",
        senders=senders,
        doubts=tuple(_doubts(message, letter, senders)),
    )


def _senders(address: str, directory: Directory) -> Iterator[Sender]:
    if not address:
        return
    for organisation, bodies in directory.entries.items():
        for body, entries in bodies.items():
            for name, entry in entries.items():
                if address in {known.casefold() for known in entry.addresses}:
                    yield Sender(organisation, body, name)


def _doubts(
    message: IncomingMessage, letter: Notice | None, senders: tuple[Sender, ...]
) -> Iterator[str]:
    if letter is None:
        yield NO_LETTER
    seats = {who.seat for who in senders}
    if not senders:
        yield NO_ADDRESS
    elif letter and not letter.office and letter.to not in seats:
        yield OTHER_SEAT
    receipt = message.receipt
    trace = message.summary.trace[0].at if message.summary.trace else None
    if receipt.at is None:
        yield NO_TIME
    else:
        if trace and not receipt.reason and abs(receipt.at - trace) > TRACE_TOLERANCE:
            yield TRACE_DIFFERS
        if receipt.at > message.taken_at:
            yield TOO_LATE_TO_BE
    if not message.whole:
        yield TOO_LARGE
    if message.summary.faults:
        yield BROKEN

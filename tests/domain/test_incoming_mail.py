"""A message by mail: when it was certainly here, and whether it may have come in time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from msgspec import structs

from domain.incoming_mail import (
    AUTOMATIC,
    NO_RESPONSE,
    RECORDED,
    REGISTERED,
    WAITING,
    IncomingMessage,
    MessageSummary,
    Receipt,
    Registration,
)
from story import NOON, Story

HOUR = timedelta(hours=1)
OPENED, END = NOON, NOON + 72 * HOUR


def message(received: datetime | None, taken: datetime = END + HOUR) -> IncomingMessage:
    return IncomingMessage(
        sha256="",
        size=0,
        mailbox="",
        place="",
        taken_at=taken,
        receipt=Receipt(at=received),
        summary=MessageSummary(),
    )


@pytest.mark.parametrize(
    ("received", "in_time"),
    [
        (OPENED - timedelta(seconds=1), False),
        (OPENED, True),
        (END - timedelta(seconds=1), True),
        (END, False),
        (None, True),
    ],
)
def test_what_came_while_it_ran_may_be_a_response(received: datetime | None, in_time: bool) -> None:
    """Of what has no known time of receipt it cannot be denied."""
    assert in_time == message(received).came_between(OPENED, END)


def test_what_was_taken_before_the_opening_is_none_whatever_its_time() -> None:
    assert not message(None, OPENED - HOUR).came_between(OPENED, END)


def test_a_time_of_receipt_after_it_was_here_is_none() -> None:
    """A mailbox whose clock is ahead makes nothing late that was read in time."""
    assert END - HOUR == message(END + HOUR, END - HOUR).in_hand
    assert message(END + HOUR, END - HOUR).came_between(OPENED, END)


@pytest.mark.parametrize(
    ("kind", "state", "waits"),
    [("message", WAITING, True), ("message", NO_RESPONSE, False), (AUTOMATIC, WAITING, False)],
)
def test_only_a_message_with_which_nobody_has_dealt_waits(
    kind: str, state: str, waits: bool
) -> None:
    found = structs.replace(message(NOON), state=state, summary=MessageSummary(kind=kind))
    assert waits == found.waits


def test_a_letter_that_comes_back_after_it_was_accepted_was_not_received(story: Story) -> None:
    """Also when the service records it; a waived failure stays waived."""
    story.body()
    story.silence()
    by_letter = {"who": "notice service", "window": "w", "result": "failed", "reason": "5.1.1"}
    story.do("record notices", window="w", seats=["east", "west"], result="delivered")
    story.do("record notices", **by_letter, seats=["east"])
    assert frozenset() == story.state("window/w").unreached_seats
    story.do("record notices", **by_letter, seats=["east"], address="a mark")
    assert frozenset({"east"}) == story.state("window/w").unreached_seats
    story.do("record notices", window="w", seats=["east"], result="waived", reason="told by phone")
    story.do("record notices", **by_letter, seats=["east"], address="another mark")
    assert frozenset() == story.state("window/w").unreached_seats


def test_who_has_looked_at_a_mailbox_after_the_deadline_has_looked(story: Story) -> None:
    """Before it, or before another deadline, that says nothing."""
    story.body()
    story.silence()

    def look(moment: datetime) -> bool:
        story.now = moment
        story.do("hold silence", window="w", about="mailbox", reason="it cannot be read")
        story.do("release silence", who="presiding officer", window="w", reason="seats asked")
        seen: bool = story.state("window/w").review.mailbox_reviewed
        return seen

    end = story.state("window/w").closes.exact
    assert (False, True) == (look(end - HOUR), look(end + HOUR))


def test_a_hold_about_something_else_does_not_look_at_a_mailbox(story: Story) -> None:
    story.body()
    story.silence()
    story.now = story.state("window/w").closes.exact + HOUR
    story.do("hold silence", window="w", about="incoming mail", reason="message 1 waits")
    story.do("release silence", who="presiding officer", window="w", reason="dealt with")
    assert not story.state("window/w").review.mailbox_reviewed


# --- what is noted of it ----------------------------------------------------------------------


def noted(*positions: int, state: str = REGISTERED) -> IncomingMessage:
    """A message that was registered by these events, each in a procedure of its own."""
    events = tuple(
        Registration(organisation="o", window=f"w{position}", position=position)
        for position in positions
    )
    last = events[-1]
    return structs.replace(
        message(NOON),
        state=state,
        organisation="o",
        window=last.window,
        position=last.position,
        registrations=events,
    )


def test_what_was_noted_of_one_event_long_ago_is_a_registration() -> None:
    of_before = structs.replace(noted(7), registrations=(), by="p", dealt_at=NOON)
    (only,) = of_before.registered

    assert ("o", "w7", 7, "p", NOON) == (
        only.organisation,
        only.window,
        only.position,
        only.by,
        only.noted_at,
    )
    assert () == structs.replace(of_before, state=RECORDED).registered


def test_where_the_log_ends_earlier_later_registrations_are_not_known() -> None:
    twice = noted(5, 9)
    then = twice.as_of({"o": 6})

    assert twice == twice.as_of({"o": 9})
    assert (REGISTERED, "w5", 5) == (then.state, then.window, then.position)
    assert [5] == [each.position for each in then.registered]
    waits = twice.as_of({"other": 99})
    assert (WAITING, "", 0, ()) == (waits.state, waits.window, waits.position, waits.registered)
    assert message(NOON) == message(NOON).as_of({})

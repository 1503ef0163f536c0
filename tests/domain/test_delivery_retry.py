"""When a letter is tried again that no server took."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec import Struct

from domain.delivery_retry import GIVE_UP_AFTER, after_attempt
from domain.notices import UNREACHABLE
from domain.ports.outbox import DeliveryOutcome

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)


class Queued(Struct):
    """A letter that was queued at nine."""

    attempts: int
    queued_at: datetime = NOW


@pytest.mark.parametrize(("attempts", "minutes"), [(0, 1), (1, 2), (5, 32), (6, 60), (99, 60)])
def test_each_pause_is_twice_the_last_one_and_an_hour_at_most(attempts: int, minutes: int) -> None:
    put_off = DeliveryOutcome(state="waiting", reason="later")
    expected = (put_off, NOW + timedelta(minutes=minutes))
    assert expected == after_attempt(Queued(attempts), put_off, NOW)


def test_a_server_that_is_away_is_tried_each_minute() -> None:
    away = DeliveryOutcome(state="waiting", reason=UNREACHABLE)
    assert (away, NOW + timedelta(minutes=1)) == after_attempt(Queued(9), away, NOW)


def test_what_waits_is_given_up_after_a_day_and_nothing_else_is() -> None:
    put_off = DeliveryOutcome(state="waiting", reason="later", answer="451")
    end = NOW + GIVE_UP_AFTER
    last, _ = after_attempt(Queued(9), put_off, end - timedelta(hours=1))
    over, _ = after_attempt(Queued(9), put_off, end)
    assert ("waiting", "given up", "451") == (last.state, over.state, over.answer)
    taken = DeliveryOutcome(state="accepted")
    assert (taken, end) == after_attempt(Queued(9), taken, end)

"""The server's clock: how far it is off, and in which times nobody could have been heard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import heartbeat_history
from adapters.heartbeat_history import KEPT_TIMES
from adapters.sqlite import heartbeat
from adapters.sqlite.heartbeat import Heartbeat
from adapters.system_clock import Anchor, ServerClock, boot_id, uptime
from domain.times import When

NOON = When("2026-03-02T12:00:00Z").exact
MINUTE = timedelta(minutes=1)
NEAR = 200
"""Milliseconds within which two readings of this machine's clocks agree while a test runs."""


def dropped(ahead: timedelta, boot_id: str | None = None) -> Anchor:
    """An anchor as it would be, had the clock been set back by `ahead` since it was dropped."""
    anchor = Anchor.now()
    return Anchor(anchor.boot if boot_id is None else boot_id, anchor.at + ahead, anchor.running)


@pytest.mark.parametrize("step", [3_600_000, 120_000, 1500, -1500, -120_000])
def test_a_clock_that_was_set_shows_its_offset(step: int) -> None:
    """In thousandths of a second, with its sign: ahead is more, behind is less."""
    clock = ServerClock(lambda: dropped(-timedelta(milliseconds=step)))

    assert step == pytest.approx(clock.read().offset_ms, abs=NEAR)


def test_without_a_server_a_clock_is_compared_with_its_own_start() -> None:
    """Nobody has set it meanwhile, so it is right; and it tells the time in UTC."""
    stamp = ServerClock().read()

    assert abs(stamp.offset_ms) < NEAR
    assert UTC == stamp.at.tzinfo


@pytest.mark.parametrize("boot_id", ["", "another start of this machine"])
def test_an_anchor_of_another_start_of_the_machine_says_nothing(boot_id: str) -> None:
    """The seconds since a start can be compared within it only."""
    clock = ServerClock(lambda: dropped(timedelta(hours=1), boot_id))

    assert abs(clock.read().offset_ms) < NEAR


def test_the_anchor_is_that_of_the_server_at_work(tmp_path: Path) -> None:
    """Others on this machine measure against it, as long as the server goes on writing."""
    kept = Heartbeat(tmp_path)
    before = kept.server_anchor()
    anchor = dropped(timedelta(hours=-1))
    kept.beat(anchor, NOON)

    assert (None, anchor) == (before, Heartbeat(tmp_path).server_anchor())
    assert 3_600_000 == pytest.approx(ServerClock(kept.server_anchor).read().offset_ms, abs=NEAR)


@pytest.mark.parametrize("since", [-31.0, 31.0])
def test_a_server_that_has_stopped_writing_is_no_measure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, since: float
) -> None:
    """Half a minute later, or after a start of the machine that counts from zero again."""
    Heartbeat(tmp_path).beat(Anchor.now(), NOON)
    later = uptime() + since
    monkeypatch.setattr(heartbeat, "uptime", lambda: later)

    assert Heartbeat(tmp_path).server_anchor() is None


def test_a_file_that_is_lost_or_broken_is_no_measure_and_no_service(tmp_path: Path) -> None:
    """The whole time counts as an outage, and people look at what would have closed."""
    (tmp_path / heartbeat.FILE).write_bytes(b"{ torn")
    kept = Heartbeat(tmp_path)

    assert kept.server_anchor() is None
    assert 5 * MINUTE == kept.longest_gap(NOON, NOON + 5 * MINUTE)


def test_the_start_of_the_machine_has_one_name() -> None:
    """It stays the same as long as the machine runs."""
    assert boot_id() == boot_id()
    assert Anchor.now().boot == boot_id()


# --- gaps ----------------------------------------------------------------------------------------


def test_a_stop_of_the_server_is_a_gap(tmp_path: Path) -> None:
    """Served from noon on with one mark every ten seconds, and off from 12:10 to 12:45."""
    kept, anchor = Heartbeat(tmp_path), Anchor.now()
    for second in (*range(0, 601, 10), *range(2700, 3601, 10)):
        kept.beat(anchor, NOON + timedelta(seconds=second))

    assert 35 * MINUTE == kept.longest_gap(NOON, NOON + 60 * MINUTE)
    assert timedelta(0) == kept.longest_gap(NOON, NOON + 10 * MINUTE)
    assert 20 * MINUTE == kept.longest_gap(NOON + 25 * MINUTE, NOON + 60 * MINUTE)
    assert 10 * MINUTE == kept.longest_gap(NOON + 20 * MINUTE, NOON + 30 * MINUTE)


def test_what_was_served_long_ago_is_forgotten(tmp_path: Path) -> None:
    """Three days are kept, and only the last day of a window matters."""
    kept, anchor = Heartbeat(tmp_path), Anchor.now()
    kept.beat(anchor, NOON)
    kept.beat(anchor, NOON + KEPT_TIMES)

    assert MINUTE == kept.longest_gap(NOON - MINUTE, NOON)
    assert kept.longest_gap(NOON + KEPT_TIMES - MINUTE, NOON + KEPT_TIMES) == MINUTE


SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 20)).map(lambda span: (span[0], sum(span))),
    max_size=6,
)


@given(spans=SPANS, since=st.integers(0, 70), length=st.integers(1, 30))
def test_the_longest_gap_is_the_one_that_is_found_minute_by_minute(
    spans: list[tuple[int, int]], since: int, length: int
) -> None:
    """Whatever the times of service, in whatever order, overlapping or not."""
    times = [(NOON + begun * MINUTE, NOON + ended * MINUTE) for begun, ended in spans]
    until = since + length
    longest = so_far = 0
    for minute in range(since, until):
        served = any(begun <= minute and minute + 1 <= ended for begun, ended in spans)
        touched = any(minute in span for span in spans)
        so_far = 0 if served else 1 if touched else so_far + 1
        longest = max(longest, so_far)
    found = heartbeat_history.longest_gap(times, NOON + since * MINUTE, NOON + until * MINUTE)

    assert longest * MINUTE == found


@given(marks=st.lists(st.integers(0, 7200), min_size=1, max_size=12))
def test_marks_in_any_order_never_hide_a_gap(
    tmp_path_factory: pytest.TempPathFactory, marks: list[int]
) -> None:
    """Also when the clock is set back between them: the server was there when it wrote, no more."""
    kept = Heartbeat(tmp_path_factory.mktemp("watch"))
    moments = [NOON + timedelta(seconds=one) for one in marks]
    for moment in moments:
        kept.beat(Anchor.now(), moment)
    ordered = sorted({NOON, *moments, NOON + 120 * MINUTE})
    between = [(b - a).total_seconds() for a, b in pairwise(ordered)]
    widest = max(between)
    found = kept.longest_gap(NOON, NOON + 120 * MINUTE)

    assert found.total_seconds() >= (widest if widest >= heartbeat_history.FRESH_SECONDS else 0)
    assert found <= 120 * MINUTE


def test_a_stamp_is_a_moment_of_this_host() -> None:
    """It tells no other time than the host does."""
    before = datetime.now(UTC)

    assert before <= ServerClock().read().at <= datetime.now(UTC)

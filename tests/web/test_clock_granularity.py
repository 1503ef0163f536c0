"""Words about the time hold until the instant that is told, and not longer."""

from __future__ import annotations

from datetime import timedelta
from gettext import NullTranslations

from hypothesis import given
from hypothesis import strategies as st

from story import NOON
from web.i18n.clock_granularity import DAY, LEAST, MINUTE, change_of_distance, holds_until
from web.i18n.dates import DateFormatter

SAY = NullTranslations()
FORMATTER = DateFormatter("en", SAY.gettext, SAY.ngettext)
SECONDS = st.integers(-200_000, 200_000)
TINY = st.sampled_from([-1, 0, 1, 500_000])
SHARE = st.floats(0, 1)


@given(seconds=SECONDS, tiny=TINY, share=SHARE)
def test_until_then_the_same_is_said_and_then_something_else(
    seconds: int, tiny: int, share: float
) -> None:
    """How far away an instant is, before and after it, in minutes or in hours."""
    instant = NOON + timedelta(seconds=seconds, microseconds=tiny)
    until = change_of_distance(instant, NOON)
    between = min(NOON + share * (until - NOON), until - LEAST)

    assert NOON < until
    assert FORMATTER.left(instant, NOON) == FORMATTER.left(instant, between)
    assert FORMATTER.left(instant, NOON) != FORMATTER.left(instant, until)


@given(seconds=SECONDS)
def test_no_page_holds_beyond_its_minute_or_an_instant_that_it_shows(seconds: int) -> None:
    now = NOON + timedelta(seconds=31)
    instant = now + timedelta(seconds=seconds)
    until = holds_until(now, [instant])

    assert now < until <= NOON + MINUTE
    assert not now < instant < until


def test_what_is_days_away_is_told_by_the_hour() -> None:
    """So a board of clocks that run for days is made again once a minute, not for each of them."""
    far = NOON + 3 * DAY + timedelta(seconds=12)

    assert NOON + timedelta(seconds=12) + LEAST == change_of_distance(far, NOON)
    assert NOON + MINUTE == holds_until(NOON + timedelta(seconds=13), [far])

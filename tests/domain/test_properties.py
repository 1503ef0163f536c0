"""Properties of every silence, over small casts: no order of acts and no reading changes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendars import Calendar
from domain.deadlines import Deadline, Length, compute_deadline, recompute, stated_deadline
from domain.folding import fold
from domain.rules import Refused
from domain.silence import Window
from domain.silence.events import SilenceExtended, SilenceOpened, SilenceResumed
from domain.streams import Stream, StreamKind
from domain.times import When
from in_memory_store import Cast
from wiring import CODEC
from workflows.history.as_of import HistoryAsOf

SEATS = ("east", "west", "north")
WINDOW = Stream(StreamKind.WINDOW, "w")
HOUR = timedelta(hours=1)
APPROVED = {"approved", "partly approved"}


# --- no order of acts approves against an objection in time ---------------------------------------


def _objection(cast: Cast) -> None:
    """A letter of east, which came an hour before the first end, or now if that is earlier."""
    came = min(cast.now, FIRST_END - HOUR)
    cast.do("respond", window="w", kind="objection", seats=["east"], received=came)


def _clock(cast: Cast) -> None:
    cast.clock()


def _passes(cast: Cast) -> None:
    """The deadline and its grace pass."""
    cast.wait(cast.ends + timedelta(minutes=2))
    cast.clock()


def _agrees(cast: Cast) -> None:
    cast.do("respond", who="seat west", window="w", kind="no objection", seats=["west"])


def _extends(cast: Cast) -> None:
    cast.officer("extend silence", closes=cast.later(5), reason="more time")


def _stops(cast: Cast) -> None:
    cast.officer("suspend silence", reason="talks")


def _resumes(cast: Cast) -> None:
    cast.officer("resume silence", closes=When.from_instant(max(cast.now, cast.ends) + 48 * HOUR))


def _holds(cast: Cast) -> None:
    cast.do("hold silence", window="w", reason="a doubt")


def _releases(cast: Cast) -> None:
    cast.officer("release silence", reason="no doubt")


def _unclear(cast: Cast) -> None:
    cast.do("respond", who="seat north", window="w", kind="unclear", seats=["north"])


def _dismisses(cast: Cast) -> None:
    """One person alone rules that the first response is no objection."""
    cast.officer("rule on response", number=1, breaks=False, reason="so I read it")


def _vacates(cast: Cast) -> None:
    cast.do("vacate seat", body="b", seat="east", until="2026-03-01")


Act = Callable[[Cast], None]
FIRST_END = Cast(SEATS).ends


def settled(acts: tuple[Act, ...]) -> Cast:
    """A window after these acts, an hour apart, and after every clock has run out.

    At no moment at which the objection is on record does the window read as approved.
    """
    cast = Cast(SEATS)
    for act in (*acts, _resumes, _passes, _releases, _passes):
        cast.wait(cast.now + HOUR)
        try:
            act(cast)
        except Refused:
            continue
        objected = any(one.response.kind == "objection" for one in cast.window.responses)
        assert not (objected and cast.phase in APPROVED), [one.__name__ for one in acts]
    return cast


STEPS = (_objection, _passes, _extends, _stops, _resumes, _dismisses)


@pytest.mark.parametrize("first", range(len(STEPS)))
def test_no_order_of_six_acts_approves_against_an_objection_in_time(first: int) -> None:
    """All 720 orders of an objection, the end, an extension, a stop, a start and a ruling."""
    others = STEPS[:first] + STEPS[first + 1 :]
    phases = {settled((STEPS[first], *rest)).phase for rest in permutations(others)}

    assert phases <= {"broken", "approval suspended"}


def test_the_same_acts_without_the_objection_do_approve() -> None:
    """The control: what keeps the window from being approved is the objection."""
    acts = (_agrees, _extends, _stops, _resumes)

    assert {"approved"} == {settled(order).phase for order in permutations(acts)}


ACTS = (_passes, _clock, _agrees, _extends, _stops, _resumes, _holds, _releases, _unclear)


@settings(max_examples=150, deadline=None)
@given(
    acts=st.lists(st.sampled_from((*ACTS, _dismisses, _vacates)), min_size=1, max_size=8),
    place=st.integers(0, 8),
)
def test_nor_does_any_mixture_of_more_acts(acts: list[Act], place: int) -> None:
    """Wherever the objection comes among them."""
    acts.insert(place, _objection)

    assert settled(tuple(acts)).phase not in APPROVED


# --- no move shortens a window --------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(
    moves=st.lists(
        st.tuples(
            st.sampled_from(("extend silence", "suspend silence", "resume silence")),
            st.integers(-80, 80),
            st.integers(0, 30),
        ),
        max_size=8,
    )
)
def test_no_move_of_an_officer_shortens_a_window(moves: list[tuple[str, int, int]]) -> None:
    """Whatever is asked for: an extension is later than the end before it, a new start no earlier.

    What is refused leaves the end as it was.
    """
    cast = Cast(SEATS)
    ends = [cast.ends]
    for verb, by, passes in moves:
        cast.wait(cast.now + passes * HOUR)
        told: dict[str, object] = {"reason": "so decided"}
        if verb != "suspend silence":
            told["closes"] = cast.later(by)
        if verb == "resume silence":
            del told["reason"]
        try:
            cast.officer(verb, **told)
        except Refused:
            assert ends[-1] == cast.ends
            continue
        assert cast.ends > ends[-1] or verb != "extend silence"
        ends.append(cast.ends)
    facts = [one.fact for one in cast.log.events_of(WINDOW)]
    recorded = [
        fact.closes.exact
        for fact in facts
        if isinstance(fact, SilenceOpened | SilenceExtended | SilenceResumed)
    ]

    assert sorted(ends) == ends
    assert sorted(recorded) == recorded


# --- no reading changes an outcome ----------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    acts=st.lists(st.sampled_from((*ACTS, _objection, _dismisses)), min_size=1, max_size=9),
    moments=st.lists(st.integers(-100, 400), min_size=1, max_size=5),
)
def test_the_outcome_of_each_prefix_is_the_same_however_and_whenever_it_is_read(
    acts: list[Act], moments: list[int]
) -> None:
    """Noted while it happened; read again afterwards, at any time, in any order, twice."""
    cast = Cast(SEATS, subject={"type": "list of entries", "items": ["1", "2"]}, by_item=True)
    noted: dict[int, Window] = {}
    for act in acts:
        noted[cast.log.last_position()] = cast.window
        cast.wait(cast.now + HOUR)
        try:
            act(cast)
        except Refused:
            continue
    whens = [FIRST_END + hours * HOUR for hours in moments]
    told = {position: _outcomes(window, whens) for position, window in noted.items()}
    for position, window in noted.items():
        events = HistoryAsOf(cast.log, position).events_of(WINDOW)
        step_by_step = reduce(lambda state, one: state.evolve(one), events, Window())
        for _ in range(2):
            read = fold(StreamKind.WINDOW, events)
            assert window == read == step_by_step
            assert told[position] == _outcomes(read, whens[::-1])


def _outcomes(window: Window, whens: list[datetime]) -> tuple[list[str], dict[datetime, str]]:
    """What became of each part, and where the window stands at these moments."""
    phases = {when: str(window.phase(when)) for when in whens}
    return [window.outcome(part) for part in window.parts], phases


# --- each deadline is one instant -----------------------------------------------------------------

ZONES = (
    "UTC",
    "Europe/Vienna",
    "America/New_York",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Casablanca",
)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2032, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC, microsecond=0)
)
LENGTHS = st.builds(
    "{} {}".format, st.integers(2, 60), st.sampled_from(("hours", "days", "working days"))
)
CALENDARS = {year: Calendar.parse("Vienna", year, f"{year}.1", ()) for year in range(2019, 2034)}


def is_one_instant(made: Deadline) -> None:
    """Local time and zone give the instant back; so does everything that is written of it."""
    local = datetime.fromisoformat(made.local).replace(tzinfo=ZoneInfo(made.zone))
    readings = {local.replace(fold=fold_).astimezone(UTC) for fold_ in (0, 1)}
    written = CODEC.to_plain(made)

    assert made.utc in readings
    assert made.utc == When(str(When.from_instant(made.utc))).exact
    assert made == CODEC.from_plain(written, Deadline)
    assert made.utc == recompute(made, CALENDARS.values(), "later").utc


@settings(max_examples=400, deadline=None)
@given(
    opens=MOMENTS, length=LENGTHS, zone=st.sampled_from(ZONES), hour=st.sampled_from(("", "17:00"))
)
def test_every_computed_deadline_comes_back_from_its_local_time(
    opens: datetime, length: str, zone: str, hour: str
) -> None:
    """Any length, any zone; where the local end is none or two, no deadline is made at all."""
    told = {"zone": zone, "hour": hour, "calendars": CALENDARS, "rule": "r", "tzdata": "t"}
    try:
        made = compute_deadline(opens, Length.parse(length), **told)  # type: ignore[arg-type]
    except Refused:
        return
    is_one_instant(made)


@settings(max_examples=200, deadline=None)
@given(closes=MOMENTS, zone=st.sampled_from(ZONES))
def test_every_stated_deadline_comes_back_from_its_local_time(closes: datetime, zone: str) -> None:
    """Also in the hour that comes twice, where its offset says which one is meant."""
    made = stated_deadline(
        When(f"{When.from_instant(closes)}[{zone}]"), now=closes, rule="r", tzdata="t"
    )

    assert closes == made.utc
    is_one_instant(made)

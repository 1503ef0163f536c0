"""Three workers with clocks of their own, mishaps and races around one silence window."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from msgspec import structs

from adapters.sqlite.store import SqliteStore
from domain.folding import fold
from domain.messages import Order
from domain.ports.errors import Unavailable
from domain.rules import Refused
from domain.silence.window import Window
from domain.streams import Stream, StreamKind
from domain.times import When
from domain.type_registry import COMMANDS
from oracle import Oracle, TrueResponse
from simulated_workers import Worker
from story import ORGANISATION, Story, actor
from wiring import CODEC
from workflows.commands.command_result import CommandResult
from workflows.history.as_of import all_events
from workflows.processes import silence_clock

SEATS = ("east", "west", "north")
JOINED = "south"
"""A seat that is filled, if at all, after the opening."""
WATCHING = "watch"
"""An observer's seat, which is asked and told like the others and breaks no silence."""
SENDERS = (*SEATS, *SEATS, *SEATS, JOINED, WATCHING)
EMPOWERED = ("north", "west")
"""The first of these seats may speak for the second as well."""
ITEMS = ("1", "2")
OPENS = When("2026-03-02T13:00:00Z").exact
LENGTH = timedelta(hours=72)
INSTANT = timedelta(microseconds=1)
MS = timedelta(milliseconds=1)
SECOND = timedelta(seconds=1)
GRACE = timedelta(seconds=120)
WINDOW = Stream(StreamKind.WINDOW, "w")

WORKERS = st.sampled_from((0, 0, 1, 2))
RIGHT = st.sampled_from((0 * MS, 0 * MS, 0 * MS, 3 * MS, -3 * MS, 400 * MS, -400 * MS))
"""How far a clock is off that may record anything: one of them at least is needed."""
SKEWS = st.one_of(
    RIGHT,
    st.sampled_from((5 * SECOND, -5 * SECOND, timedelta(minutes=2), timedelta(hours=-1))),
)
RESPONSES = st.sampled_from(("objection", "objection", "amendment", "unclear", "no objection"))
PARTS = st.sampled_from(((), ("1",), ("2",), ITEMS))
MISHAPS = st.sampled_from(("none", "none", "lost", "under way", "said twice"))
NEAR = st.sampled_from(
    (
        timedelta(hours=-1),
        -SECOND,
        -400 * MS,
        -2 * MS,
        -INSTANT,
        timedelta(0),
        INSTANT,
        2 * MS,
        SECOND,
        GRACE - SECOND,
        GRACE,
        GRACE + timedelta(hours=1),
    )
)
FROM_THE_END = st.one_of(NEAR, st.integers(-90, 200).map(lambda s: timedelta(seconds=s)))
LATER, STOP = ("extend silence", "presiding officer"), ("suspend silence", "presiding officer")
MOVES = st.sampled_from(
    (
        LATER,
        STOP,
        ("resume silence", "presiding officer"),
        ("hold silence", "secretariat"),
        ("release silence", "presiding officer"),
    )
)
ABOUT = st.sampled_from(("review", "letter", "restored backup", "response"))
LONGEST = 10
"""For how many minutes nobody may have been able to answer before the end."""


@cache
def prepared(margin: int, notices: str) -> Path:
    """A store with a body of this policy, to be copied for each run; it takes no part in any."""
    folder = Path(tempfile.mkdtemp(prefix="placet-simulated-"))
    story = Story(folder)
    story.body(
        seats=SEATS,
        parameters={
            "margin-seconds": str(margin),
            "notices-required": notices,
            "longest-outage-minutes": str(LONGEST),
        },
    )
    watching = {"holder": "Watchland", "capacity": "observer", "since": "2026-01-01"}
    story.do("fill seat", body="b", seat=WATCHING, **watching)
    entry, other = EMPOWERED
    story.do("empower seat", body="b", seat=entry, acts_for=[other], since="2026-01-01")
    story.placet.close()
    return folder / "store"


class Simulation(RuleBasedStateMachine):
    """Three workers, one window, and a true time that the test moves; each clock has its own."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="placet-simulation-"))
        self.now = OPENS
        self.truly: dict[int, datetime] = {}
        self.outages: dict[int, int] = {}
        self.outage = 0
        self.count = 0
        self.said: dict[str, TrueResponse] = {}
        self.ends: dict[str, datetime] = {}
        self.answered: dict[str, tuple[str, ...]] = {}
        self.orders: list[Order] = []
        self.under_way: list[Order] = []
        self.unanswered: list[Order] = []
        self.turned_away: set[str] = set()
        self.seen = ""
        self.outcomes: dict[str, str] = {}
        self.state = Window()
        self.read = 0

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    # --- what is done -------------------------------------------------------------------------

    @initialize(
        threshold=st.sampled_from((1, 1, 2)),
        form=st.integers(0, 2),
        skews=st.tuples(RIGHT, SKEWS, SKEWS),
        margin=st.sampled_from((0, 0, 1)),
        notices=st.sampled_from(("no", "no", "yes", "yes")),
        notified=st.sampled_from((False, False, True)),
        begins=st.sampled_from(("open", "open", "closed", "against", "untold")),
    )
    def open(
        self,
        *,
        threshold: int,
        form: int,
        skews: tuple[timedelta, ...],
        margin: int,
        notices: str,
        notified: bool,
        begins: str = "open",
    ) -> None:
        """A text without items, with items that stand or fall together, or one by one.

        What follows begins with an open window, one that is closed already, perhaps with one
        member against it, or one of which a seat was not told.

        Nobody answers within the first two seconds, in which clocks disagree on the opening.
        """
        shutil.copytree(prepared(margin, notices), self.folder / "store")
        self.store = SqliteStore.open(self.folder / "store")
        self.workers = [Worker(self.store, ORGANISATION, skew) for skew in skews]
        self.log = self.store.history(ORGANISATION)
        self.margin, self.all_notified = margin * SECOND, notices == "yes"
        self.threshold = threshold
        self.items = ITEMS if form else ()
        self.parts = ITEMS if form == 2 else ("",)
        requested = {
            "window": "w",
            "body": "b",
            "subject": {"type": "decision text", "items": list(self.items)},
            "text": {"en": "The body decides."},
            "threshold": threshold,
            "by_item": form == 2,
        }
        order = self.order("open silence", "secretariat", requested)
        begun = (OPENS + skews[0] + LENGTH).replace(microsecond=0)
        self.ends[order.command_id] = begun + SECOND * bool(skews[0] % SECOND)
        self.give(0, order)
        self.now += 2 * SECOND
        if notified:
            self.tell_all(0)
        if begins == "against" and threshold > 1:
            self.find(worker=0, seat="west", kind="objection", items=())
        if begins != "open":
            self.settle(0)
            if begins == "untold":
                self.notice(worker=0, seat="east", result="failed", about="")
            self.close(worker=0, after=GRACE)

    @rule(from_the_end=FROM_THE_END, by=st.sampled_from((None, 0, 1, 2)))
    def wait(self, from_the_end: timedelta, by: int | None) -> None:
        """Time goes on, mostly to where it matters: around the end in force, by some clock."""
        skew = timedelta(0) if by is None else self.workers[by].skew
        self.now = max(self.now + INSTANT, self.end + from_the_end - skew)

    @rule(
        worker=WORKERS,
        seat=st.sampled_from(SENDERS),
        kind=RESPONSES,
        items=PARTS,
        from_the_end=st.sampled_from((-INSTANT, timedelta(0), INSTANT)),
    )
    def respond_at_the_end(
        self, worker: int, seat: str, kind: str, items: tuple[str, ...], from_the_end: timedelta
    ) -> None:
        """A seat answers in the last microsecond, at the end itself, or just after it."""
        self.wait(from_the_end=from_the_end, by=worker)
        response = self.response(seat, kind, items, wrong=False)
        self.meet(worker, worker, response, "none")

    @rule(
        worker=WORKERS,
        other=WORKERS,
        seat=st.sampled_from(SENDERS),
        kind=RESPONSES,
        items=PARTS,
        wrong=st.sampled_from((False,) * 7 + (True,)),
        both=st.booleans(),
        mishap=MISHAPS,
    )
    def respond(
        self,
        *,
        worker: int,
        other: int,
        seat: str,
        kind: str,
        items: tuple[str, ...],
        wrong: bool,
        both: bool,
        mishap: str,
    ) -> None:
        """A seat answers; its answer may be lost, be long under way, or be delivered twice."""
        both = both and not wrong
        self.meet(worker, other, self.response(seat, kind, items, wrong=wrong, both=both), mishap)

    @rule(
        worker=WORKERS,
        seat=st.sampled_from(SEATS),
        kind=RESPONSES,
        items=PARTS,
        from_the_end=FROM_THE_END,
    )
    def register(
        self, worker: int, seat: str, kind: str, items: tuple[str, ...], from_the_end: timedelta
    ) -> None:
        """A letter that came in earlier is registered on behalf of its sender."""
        came = min(self.now, max(OPENS + 2 * SECOND, self.end + from_the_end))
        self.give(worker, self.response(seat, kind, items, wrong=False, came=came))

    @rule(
        worker=WORKERS,
        other=WORKERS,
        move=MOVES,
        mishap=MISHAPS,
        later=st.sampled_from((SECOND, timedelta(hours=1), timedelta(days=1))),
    )
    def move(
        self, worker: int, other: int, move: tuple[str, str], mishap: str, later: timedelta
    ) -> None:
        """The presiding officer moves or stops the end; the secretariat holds the close."""
        self.meet(worker, other, self.moving(*move, later), mishap)

    @rule(
        worker=WORKERS,
        seat=st.sampled_from(SEATS),
        result=st.sampled_from(("failed", "resolved", "delivered", "waived")),
        about=st.sampled_from(("", "", "extension", "reminder")),
    )
    def notice(self, worker: int, seat: str, result: str, about: str) -> None:
        """News of a notice."""
        values = {"window": "w", "seats": [seat], "result": result, "reason": "so it is"}
        self.give(worker, self.order("record notices", "secretariat", values | {"about": about}))

    @rule(worker=WORKERS)
    def tell_all(self, worker: int) -> None:
        """Every seat was told of the opening."""
        values = {"window": "w", "seats": [*SEATS, WATCHING], "result": "delivered"}
        self.give(worker, self.order("record notices", "notice service", values))

    @rule(worker=WORKERS, joins=st.booleans())
    def reseat(self, worker: int, joins: bool) -> None:
        """Somebody joins the body, or leaves it; the roster of the window is what it was."""
        if joins:
            values = {"body": "b", "seat": JOINED, "holder": "Southland", "since": "2026-01-01"}
            self.give(worker, self.order("fill seat", "secretariat", values))
        else:
            values = {"body": "b", "seat": "east", "until": "2026-03-01"}
            self.give(worker, self.order("vacate seat", "secretariat", values))

    @precondition(lambda self: self.opinion.responses)
    @rule(worker=WORKERS, data=st.data(), breaks=st.booleans(), alone=st.booleans())
    def rule_on(self, worker: int, data: Any, breaks: bool, alone: bool) -> None:
        """The presiding officer, alone or with a second person, rules on a response."""
        number = data.draw(st.integers(1, len(self.opinion.responses)))
        values = {
            "window": "w",
            "number": number,
            "breaks": breaks,
            "reason": "read with care",
            "second": "" if alone else "rapporteur",
        }
        self.give(worker, self.order("rule on response", "presiding officer", values))

    @precondition(lambda self: self.opinion.responses)
    @rule(worker=WORKERS, data=st.data(), who=st.sampled_from((*SEATS, "silence clock")))
    def withdraw(self, worker: int, data: Any, who: str) -> None:
        """Somebody withdraws what was said: the seat that said it, or another one."""
        number = data.draw(st.integers(1, len(self.opinion.responses)))
        said = self.opinion.responses[number - 1].seats
        seat = data.draw(st.sampled_from((*said, *said, who)))
        actor = seat if seat == "silence clock" else f"seat {seat}"
        values = {"window": "w", "number": number}
        self.give(worker, self.order("withdraw objection", actor, values))

    @rule(worker=WORKERS, kind=RESPONSES, items=PARTS, seats=st.permutations(SEATS))
    def join(self, worker: int, kind: str, items: tuple[str, ...], seats: list[str]) -> None:
        """Two seats say the same in one letter."""
        order = self.response(seats[0], kind, items, wrong=False, came=self.now, joint=seats[1])
        self.give(worker, order)

    @rule(worker=WORKERS, kind=RESPONSES, items=PARTS)
    def speak_for(self, worker: int, kind: str, items: tuple[str, ...]) -> None:
        """One seat answers for another as well."""
        self.give(worker, self.response(EMPOWERED[0], kind, items, wrong=False, both=True))

    @rule(
        worker=WORKERS,
        held=st.booleans(),
        lasts=st.sampled_from((SECOND, timedelta(hours=5), timedelta(days=5))),
    )
    def pause(self, worker: int, held: bool, lasts: timedelta) -> None:
        """The clock stands still for a while, and gets back what it lost; doubts stand on."""
        if held:
            values = {"window": "w", "reason": "a doubt", "about": "letter"}
            self.give(worker, self.order("hold silence", "secretariat", values))
        self.give(worker, self.moving(*STOP, timedelta(0)))
        self.now += lasts
        again = ("resume silence", "presiding officer")
        self.give(worker, self.moving(*again, LENGTH))

    @rule(worker=WORKERS, about=ABOUT, data=st.data())
    def hold(self, worker: int, about: str, data: Any) -> None:
        """The secretariat has a doubt of its own, beside those that there are."""
        values: dict[str, Any] = {"window": "w", "reason": "a doubt", "about": about}
        if about == "response":
            values["response"] = data.draw(st.integers(1, max(1, len(self.opinion.responses))))
        self.give(worker, self.order("hold silence", "secretariat", values))

    @precondition(lambda self: self.opinion.holds)
    @rule(
        worker=WORKERS, data=st.data(), who=st.sampled_from(("presiding officer",) * 3 + ("body",))
    )
    def release(self, worker: int, data: Any, who: str) -> None:
        """One doubt is settled; the others stand."""
        number = data.draw(st.sampled_from(sorted(self.opinion.holds)))
        values = {"window": "w", "reason": "looked at", "hold": number}
        self.give(worker, self.order("release silence", who, values))

    @rule(minutes=st.sampled_from((0, LONGEST, LONGEST + 1, 300)))
    def break_down(self, minutes: int) -> None:
        """So long nobody could answer here before the end."""
        self.outage = minutes

    @rule(
        worker=WORKERS,
        minutes=st.sampled_from((LONGEST + 1, 300)),
        then=st.sampled_from(("nothing", "extend silence", "hold")),
        data=st.data(),
    )
    def review(self, worker: int, minutes: int, then: str, data: Any) -> None:
        """After an outage people look; an end that is moved is looked at again."""
        self.outage = minutes
        if then == "extend silence":
            self.now = max(self.now + INSTANT, self.end - timedelta(minutes=5))
        self.settle(worker)
        self.close(worker=worker, after=GRACE)
        for number in sorted(self.opinion.holds)[-2:]:
            values = {"window": "w", "reason": "looked at", "hold": number}
            self.give(worker, self.order("release silence", "presiding officer", values))
        if then == "hold":
            self.hold(worker=worker, about="review", data=data)
        self.tick(worker)

    @rule(worker=WORKERS, minutes=st.sampled_from((LONGEST + 1, 300)))
    def review_while_stopped(self, worker: int, minutes: int) -> None:
        """People look at an outage while the clock stands; the new end is looked at again."""
        outage = {"window": "w", "reason": "it was down", "about": "outage"}
        self.give(worker, self.order("hold silence", "secretariat", outage))
        self.give(worker, self.moving(*STOP, timedelta(0)))
        self.now = max(self.now + INSTANT, self.end + timedelta(hours=1))
        for number in sorted(self.opinion.holds)[-1:]:
            values = {"window": "w", "reason": "looked at", "hold": number}
            self.give(worker, self.order("release silence", "presiding officer", values))
        self.give(worker, self.moving("resume silence", "presiding officer", timedelta(days=3)))
        self.outage = minutes
        self.settle(worker)
        self.close(worker=worker, after=GRACE)

    @rule(
        worker=WORKERS,
        letters=st.lists(
            st.tuples(st.sampled_from(SEATS), RESPONSES, PARTS), min_size=2, max_size=4
        ),
        rulings=st.lists(st.booleans(), min_size=1, max_size=3),
        closes=st.booleans(),
    )
    def doubt(
        self,
        worker: int,
        letters: list[tuple[str, str, tuple[str, ...]]],
        rulings: list[bool],
        closes: bool,
    ) -> None:
        """Several letters turn up after the close, or wait before it; some are ruled upon."""
        if closes:
            self.settle(worker)
            self.close(worker=worker, after=GRACE)
        before = len(self.opinion.responses)
        for seat, kind, items in letters:
            self.find(worker=worker, seat=seat, kind=kind, items=items)
        for number, breaks in enumerate(rulings, before + 1):
            values = {"window": "w", "number": number, "breaks": breaks, "reason": "read with care"}
            order = self.order(
                "rule on response", "presiding officer", values | {"second": "clerk"}
            )
            self.give(worker, order)

    def settle(self, worker: int) -> None:
        """Everybody is told, and what failed is settled."""
        values = {
            "window": "w",
            "seats": [*SEATS, WATCHING],
            "result": "resolved",
            "reason": "by telephone",
        }
        self.give(worker, self.order("record notices", "secretariat", values))

    @rule(worker=WORKERS, mishap=st.sampled_from(("none", "lost")))
    def clock(self, worker: int, mishap: str) -> None:
        """A worker's silence clock looks."""
        self.tick(worker, lost=mishap == "lost")

    @rule(worker=WORKERS, after=st.sampled_from((GRACE, GRACE, GRACE - SECOND, GRACE / 2)))
    def close(self, worker: int, after: timedelta) -> None:
        """Nobody says anything until the clock may record the lapse, or nearly so."""
        self.now = max(self.now + INSTANT, self.end + after)
        self.tick(worker)

    @rule(worker=WORKERS, seat=st.sampled_from(SENDERS), kind=RESPONSES, items=PARTS)
    def find(self, worker: int, seat: str, kind: str, items: tuple[str, ...]) -> None:
        """A letter turns up that came in just before the end."""
        came = min(self.now, self.end - INSTANT)
        self.give(worker, self.response(seat, kind, items, wrong=False, came=came))

    @rule(
        worker=WORKERS,
        other=WORKERS,
        seat=st.sampled_from(SEATS),
        kind=RESPONSES,
        move=st.sampled_from((LATER, LATER, STOP)),
        after=st.sampled_from((timedelta(0), SECOND, 5 * SECOND)),
    )
    def overtake(
        self,
        *,
        worker: int,
        other: int,
        seat: str,
        kind: str,
        move: tuple[str, str],
        after: timedelta,
    ) -> None:
        """A move of the end is asked for just before it, and a response overtakes it."""
        self.now = max(self.now + INSTANT, self.end - SECOND)
        order = self.moving(*move, timedelta(hours=1))
        self.now = max(self.now, self.end + after)
        self.give(other, self.response(seat, kind, (), wrong=False))
        self.give(worker, order)

    @precondition(lambda self: self.under_way)
    @rule(worker=WORKERS, data=st.data())
    def arrive(self, worker: int, data: Any) -> None:
        """What was under way gets its turn."""
        number = data.draw(st.integers(0, len(self.under_way) - 1))
        order = self.under_way.pop(number)
        decided = self.now if self.now - order.at <= timedelta(minutes=1) else order.at
        self.give(worker, structs.replace(order, at=decided))

    @precondition(lambda self: self.unanswered)
    @rule(worker=WORKERS)
    def say_again(self, worker: int) -> None:
        """Who had no answer says the same again, later and perhaps to another worker."""
        self.give(worker, self.resubmitted(self.unanswered.pop()))

    @rule(worker=WORKERS, data=st.data())
    def deliver_again(self, worker: int, data: Any) -> None:
        """The network brings an old order once more."""
        if self.orders:
            order = data.draw(st.sampled_from(self.orders))
            self.give(worker, self.resubmitted(order))

    @rule(
        worker=WORKERS,
        other=st.integers(1, 2),
        seat=st.sampled_from(SEATS),
        kind=RESPONSES,
        items=PARTS,
        move=MOVES,
        where=st.sampled_from(("deciding", "appending")),
        letter=st.booleans(),
        which=st.sampled_from(
            (
                "clock, response",
                "response, clock",
                "move, response",
                "response, move",
                "response, response",
                "clock, clock",
                "clock, move",
            )
        ),
    )
    def race(
        self,
        *,
        worker: int,
        other: int,
        seat: str,
        kind: str,
        items: tuple[str, ...],
        move: tuple[str, str],
        where: str,
        letter: bool,
        which: str,
    ) -> None:
        """While one worker is deciding, another one is faster."""
        faster = (worker + other) % 3
        slow, fast = which.split(", ")
        before = min(self.now, self.end - INSTANT)
        came = before if letter else None
        acts: dict[str, Callable[[int], None]] = {}
        others = SEATS[SEATS.index(seat) - 1]
        for name, who, sender in ((slow, worker, seat), (fast, faster, others)):
            if name == "clock":
                act: Callable[[int], None] = self.tick
            else:
                order = (
                    self.response(sender, kind, items, wrong=False, came=came)
                    if name == "response"
                    else self.moving(*move, timedelta(hours=1))
                )
                act = self.later(order)
            acts[f"{name} {who}"] = act
        setattr(
            self.workers[worker].faulty_history,
            f"before_{where}",
            lambda: acts[f"{fast} {faster}"](faster),
        )
        acts[f"{slow} {worker}"](worker)
        self.workers[worker].faulty_history.clear_mishaps()

    # --- how it is done -----------------------------------------------------------------------

    def order(self, verb: str, who: str, values: dict[str, Any]) -> Order:
        """An order that arrives now."""
        self.count += 1
        return Order(
            command=CODEC.from_plain(CODEC.to_plain(values), COMMANDS[verb]),
            command_id=f"said-{self.count}",
            actor=actor(who),
            at=self.now,
            received_at=self.now,
        )

    def response(
        self,
        seat: str,
        kind: str,
        items: tuple[str, ...],
        *,
        wrong: bool,
        came: datetime | None = None,
        joint: str = "",
        both: bool = False,
    ) -> Order:
        """A response, with what its sender knows of it; one seat or two, or one for another."""
        outside = seat in {JOINED, WATCHING}
        narrowed = tuple(item for item in items if item in self.items)
        seats = [seat, joint] if joint else [seat]
        beyond = [EMPOWERED[1]] if both and seat == EMPOWERED[0] else []
        values = {
            "window": "w",
            "kind": kind,
            "seats": seats,
            "on_behalf_of": beyond,
            "items": list(narrowed),
            "text_hash": "0" * 64 if wrong and not outside else "",
        }
        order = self.order("respond", "secretariat" if came else f"seat {seat}", values)
        order = structs.replace(order, received_at=came or self.now)
        moment = order.received_at
        self.said[order.command_id] = TrueResponse(
            (*seats, *beyond), kind, narrowed, moment, wrong or outside, moment
        )
        return order

    def moving(self, verb: str, who: str, later: timedelta) -> Order:
        """An order that moves or stops the end."""
        values = {"window": "w", "reason": "a reason"}
        end = max(self.now, self.end) + later
        if verb in {"extend silence", "resume silence"}:
            values["closes"] = When.from_instant(end)
        if verb == "resume silence":
            del values["reason"]
        order = self.order(verb, who, values)
        self.ends[order.command_id] = end
        return order

    def letter(self, order: Order) -> bool:
        """Whether this is a response that somebody registers on behalf of its sender."""
        return order.command_id in self.said and str(order.actor.role) != "seat"

    def resubmitted(self, order: Order) -> Order:
        """The same order as it arrives now; a letter keeps its date of receipt."""
        received = order.received_at if self.letter(order) else self.now
        return structs.replace(order, at=self.now, received_at=received)

    def meet(self, worker: int, other: int, order: Order, mishap: str) -> None:
        """Give an order with a mishap."""
        if mishap == "under way":
            self.under_way.append(order)
            return
        self.give(worker, order, lost=mishap == "lost")
        if mishap == "said twice":
            self.give(other, order)

    def later(self, order: Order) -> Callable[[int], None]:
        """An act that gives this order."""
        return lambda worker: self.give(worker, order)

    def give(self, worker: int, order: Order, *, lost: bool = False) -> None:
        """Let a worker carry an order out, by its clock; a response is refused by nobody."""
        entry = self.workers[worker]
        entry.faulty_history.lost = lost
        self.orders.append(order)
        stamped = entry.stamped(order, letter=self.letter(order))
        recorded = bool(self.log.events_of_command(order.command_id))
        if order.command_id in self.said and not recorded:
            self.said[order.command_id] = structs.replace(
                self.said[order.command_id],
                came=order.received_at,
                stamped=stamped.received_at,
                skew=entry.skew,
            )
        try:
            answer = entry.handling.handle(ORGANISATION, stamped)
        except Refused as refused:
            self.excused(stamped, refused)
        except Unavailable:
            assert lost
            self.unanswered.append(order)
        else:
            self.acknowledged(answer)
        finally:
            entry.faulty_history.lost = False

    def excused(self, order: Order, refused: Refused) -> None:
        """No response is refused, and nothing that was acknowledged before.

        A clock that is off is excused from all but responses, and from a letter that by its
        time is not there yet: who brings it is told so, and nothing of it was acknowledged.
        """
        if abs(order.offset_ms or 0) > 1000 and refused.rule == "one-clock":
            assert order.command_id not in self.said, "a response was turned away"
            return
        if order.received_at > order.at:
            self.turned_away.add(order.command_id)
            return
        assert order.command_id not in self.said, f"a response was dropped: {refused}"
        assert order.command_id not in self.answered, f"an answer was taken back: {refused}"

    def tick(self, worker: int, *, lost: bool = False) -> None:
        """Let a worker's silence clock look, now. It never fails."""
        entry = self.workers[worker]
        entry.faulty_history.lost = lost
        moment = entry.read(self.now)
        try:
            done = silence_clock.record_due(
                entry.handling,
                entry.faulty_history,
                ["w"],
                moment,
                offset_ms=entry.offset_ms,
                gap=lambda _, __: timedelta(minutes=self.outage),
            )
        except Unavailable:
            assert lost
        else:
            for answer in done:
                self.acknowledged(answer)
        finally:
            entry.faulty_history.lost = False

    def acknowledged(self, answer: CommandResult) -> None:
        """What a command was answered once it is answered for ever."""
        assert answer.events, "a command was acknowledged and nothing recorded"
        hashes = tuple(event.hash for event in answer.events)
        assert hashes == self.answered.setdefault(answer.events[0].command_id, hashes)

    # --- what must hold after each step ---------------------------------------------------------

    @property
    def opinion(self) -> Oracle:
        """The second opinion on the window as it stands."""
        log = all_events(self.log)
        for event in log:
            self.truly.setdefault(event.position, self.now)
            self.outages.setdefault(event.position, self.outage)
        found = Oracle(
            self.said,
            self.ends,
            self.truly,
            self.outages,
            frozenset({*SEATS, WATCHING}),
            self.parts,
            self.threshold,
            self.margin,
            self.all_notified,
        )
        return found.read([event for event in log if event.stream == WINDOW])

    @property
    def end(self) -> datetime:
        """The end in force, or the last one while the clock is stopped."""
        found = self.opinion.end
        assert found
        return found

    @invariant()
    def no_position_and_no_version_is_left_out(self) -> None:
        log = all_events(self.log)
        assert [*range(1, len(log) + 1)] == [event.position for event in log]
        window = [event.version for event in log if event.stream == WINDOW]
        assert [*range(1, len(window) + 1)] == window

    @invariant()
    def what_was_answered_is_in_the_record_once(self) -> None:
        stored: dict[str, list[str]] = {}
        for event in all_events(self.log):
            stored.setdefault(event.command_id, []).append(event.hash)
        for command_id, hashes in self.answered.items():
            assert [*hashes] == stored[command_id]
        waiting = {order.command_id for order in self.under_way}
        given = {order.command_id for order in self.orders} & {*self.said} - waiting
        given -= self.turned_away - {*stored}
        log = all_events(self.log)
        for command_id in given:
            found = [event for event in log if event.command_id == command_id]
            assert 1 == len([entry for entry in found if hasattr(entry.fact, "response")])

    @invariant()
    def the_second_opinion_agrees(self) -> None:
        opinion = self.opinion
        window = fold(StreamKind.WINDOW, self.log.events_of(WINDOW))
        phase = str(window.phase(self.now))
        assert not opinion.faults
        assert not opinion.overlooked_objections
        expected = opinion.phase()
        assert expected == phase if expected else phase not in DECIDED
        if not opinion.closed:
            assert {*opinion.holds} == {hold.number for hold in window.holds}
        for part in self.parts:
            outcome = window.outcome(part)
            assert (part in opinion.fallen) == (outcome == "broken")
            assert not (opinion.is_doubted(part) and outcome == "approved")
            assert outcome != "approved" or opinion.closed

    @invariant()
    def what_fell_never_rises(self) -> None:
        window = fold(StreamKind.WINDOW, self.log.events_of(WINDOW))
        outcomes = {part: window.outcome(part) for part in self.parts}
        for part, before in self.outcomes.items():
            assert before != "broken" or outcomes[part] == "broken"
        phase = str(window.phase(self.now))
        assert self.seen != "broken" or phase == "broken"
        self.seen, self.outcomes = phase, outcomes

    @invariant()
    def reading_from_the_start_gives_what_was_followed(self) -> None:
        log = [event for event in all_events(self.log) if event.stream == WINDOW]
        for event in log[self.read :]:
            self.state = self.state.evolve(event)
        self.read = len(log)
        assert fold(StreamKind.WINDOW, log) == self.state


DECIDED = {"approved", "partly approved", "approval suspended", "broken"}


def simulate(examples: int, steps: int = 30, *, shrink: bool = False) -> None:
    """Run the machine; the same each time, so that what fails can be seen again."""
    run_state_machine_as_test(
        Simulation,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            derandomize=True,
            phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
            suppress_health_check=[*HealthCheck],
        ),
    )

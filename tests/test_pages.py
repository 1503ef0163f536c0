"""The pages over a real store: what they show, what they never show, and that links lead there."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from fastapi import FastAPI

from adapters.casefiles import CaseFiles
from adapters.codec import JsonCodec
from adapters.packs import RulePacks
from adapters.store import Store
from adapters.views import Views
from domain.cases import Case
from domain.facts import Actor, Command, Order, Role
from domain.ports import History
from domain.silence.events import Subject
from domain.times import When
from domain.world import World
from web.app import About, create_app
from workflows import following
from workflows.cases import Player, started_at
from workflows.handling import Handling
from workflows.reading import Reading

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks for a successor of httpx that need not be there

ROOT = Path(__file__).parent
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
EVIL = "<script>alert(1)</script> \u202edesrever\u202c \x1b[31mred"
SECRET = "Sealand-that-objected"


@dataclass(frozen=True)
class Site:
    """A store with the pages over it."""

    app: FastAPI
    store: Store
    reading: Reading
    handling: Handling


def made(folder: Path) -> Site:
    """A site that shows the cases, and some procedures of its own that are running now."""
    store = Store.create(folder, virtual=True)
    codec, packs = JsonCodec(), RulePacks()
    views = Views(store.views_path)

    def world_of(history: History) -> World:
        return World(history, packs, "2026a")

    handling = Handling(store, packs, codec, tzdata="2026a", logger=structlog.get_logger())
    files = CaseFiles(codec)
    for name in ("untoc-wg7-2023", "story-two-of-six-items-break", "story-relaunch-shorter"):
        play(handling, store, codec, files.read(ROOT / "cases" / f"{name}.yaml"))
    for order in running():
        handling.do("fiction", order)
    reading = Reading(store, views, world_of)
    app = create_app(
        reading,
        lambda: NOW,
        lambda: refreshed(store, views, world_of),
        About(version="0.1.0", store="demonstration", virtual=True),
        codec,
    )
    return Site(app, store, reading, handling)


def refreshed(store: Store, views: Views, world_of: Any) -> None:
    following.catch_up(store, views, world_of)


def play(handling: Handling, store: Store, codec: JsonCodec, case: Case) -> None:
    history = store.history(case.organisation)
    Player(handling, history, codec, started=started_at(case)).play(case)


def running() -> Iterator[Order]:
    """A body of seats; a window with names, a window without, evil texts, a broken agenda."""
    from domain.agenda import commands as agenda
    from domain.body import commands as body
    from domain.session import ScheduleSession
    from domain.silence import commands as silence

    count = 0

    def order(
        command: Command,
        days: float,
        role: Role = Role.SECRETARIAT,
        seat: str = "",
        name: str = "",
        **more: Any,
    ) -> Order:
        nonlocal count
        count += 1
        at = NOW - timedelta(days=days)
        return Order(
            command=command,
            command_id=f"c{count}{seat}",
            actor=Actor(role=role, seat=seat, name=name),
            at=at,
            received_at=at,
            virtual=True,
            **more,
        )

    zone = "Africa/Nairobi"
    yield order(
        body.EstablishBody(
            body="a",
            names={"en": "Fictional Body A", "ar": "الهيئة الخيالية ألف"},
            zone=zone,
            fictional=True,
        ),
        20,
    )
    yield order(
        body.AdoptRulePack(
            body="a",
            pack="untoc-working-groups",
            parameters={
                "silence-scope.subjects": "agenda items, session dates, decision text",
                "explanatory-memorandum.force": "notice",
                "proposer-permitted.force": "notice",
            },
        ),
        20,
    )
    for seat, holder in (("n", "Northland"), ("s", SECRET), ("e", "Eastland"), ("w", EVIL)):
        filled = body.FillSeat(
            body="a", seat=f"{seat}-{holder}" if seat == "s" else seat, holder=holder
        )
        yield order(replace(filled, since=When("2026-01-01")), 20)
    yield order(
        ScheduleSession(
            session="a-5",
            body="a",
            number="5",
            starts=When("2027-02-09"),
            ends=When("2027-02-11"),
            venue="Nairobi",
        ),
        19,
    )
    for name, withheld in (("a-5", False), ("a-5-hidden", True)):
        yield order(agenda.StartAgenda(agenda=name, body="a", session="a-5", approved_by="a"), 19)
        for number, title, subjects in (
            ("1", "Adoption of the agenda", ("adoption of the agenda",)),
            ("2", f"A title {EVIL}", ()),
            ("3", "Adoption of the report", ("report",)),
        ):
            yield order(
                agenda.ProposeItem(
                    agenda=name,
                    item=number,
                    titles={"en": title},
                    proposer_kind="secretariat",
                    memorandum="a memorandum",
                    subjects=subjects,
                ),
                18,
            )
        yield order(
            agenda.AnnotateItem(
                agenda=name,
                item="2",
                language="en",
                heading=f"A title {EVIL}",
                paragraphs=(f"A paragraph {EVIL}",),
                footnotes=(EVIL,),
            ),
            18,
        )
        yield order(agenda.SubmitItems(agenda=name), 10)
        yield order(
            silence.OpenSilence(
                window=f"{name}-items",
                body="a",
                subject=Subject(
                    type="agenda items", agenda=name, titles={"en": "Items of the agenda"}
                ),
                names_withheld=withheld,
                channel="secretariat@example.org",
                mandate=EVIL,
            ),
            10,
        )
        notices = silence.RecordNotices(
            window=f"{name}-items", seats=("n", "e", "w"), result="delivered"
        )
        yield order(notices, 9)
    yield order(
        silence.Respond(window="a-5-items", kind="no objection", seats=("n",)),
        4,
        Role.SEAT,
        "n",
    )
    yield order(
        silence.Respond(
            window="a-5-items", kind="explanation of position", seats=("w",), text=EVIL
        ),
        3,
        Role.SEAT,
        "w",
    )
    yield order(
        silence.Respond(
            window="a-5-hidden-items",
            kind="objection",
            seats=(f"s-{SECRET}",),
            text="We cannot join.",
        ),
        2,
        Role.SEAT,
        f"s-{SECRET}",
    )
    yield order(
        silence.Respond(
            window="a-5-hidden-items", kind="no objection", seats=(f"{SECRET}-unknown",)
        ),
        1,
        Role.SEAT,
        f"{SECRET}-unknown",
    )
    yield order(
        silence.OpenSilence(
            window="text-9",
            body="a",
            subject=Subject(type="decision text", titles={"en": "Draft decision on wells"}),
            text={"en": "The body decides."},
            by_item=False,
            threshold=2,
        ),
        1,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return made(tmp_path_factory.mktemp("site") / "store")

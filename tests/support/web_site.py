"""A site over a store with cases and procedures that run, for the pages that show them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fastapi import FastAPI

from adapters.codec import JsonCodec
from adapters.files.case_reader import CaseFiles
from adapters.files.rule_packs import RulePacks
from adapters.keys.keyring import Keyring
from adapters.sqlite.read_models import SqliteViews
from adapters.sqlite.store import SqliteStore
from domain.actors import Actor, Role
from domain.agenda.commands import AnnotateItem, ProposeItem, StartAgenda, SubmitItems
from domain.body.commands import AdoptRulePack, EstablishBody, FillSeat
from domain.cases import Case
from domain.decision_context import DecisionContext
from domain.messages import Command, Order
from domain.ports.event_store import History
from domain.session.commands import ScheduleSession
from domain.silence.commands import OpenSilence, RecordNotices, Respond
from domain.silence.events import Subject
from domain.times import When
from web.app import create_app
from web.http.context import AboutProgram
from workflows.commands.handler import CommandHandler
from workflows.projections import catch_up
from workflows.queries.queries import Queries
from workflows.receipts.issue import ReceiptIssuer
from workflows.scenarios.player import Player, started_at

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
EVIL = "<script>alert(1)</script> \u202edesrever\u202c \x1b[31mred"
SECRET = "Sealand"
STRANGER = "Unseatedland"


class Quiet:
    """Takes log lines and drops them."""

    def info(self, event: str, **values: object) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Site:
    """A store with the pages over it."""

    app: FastAPI
    store: SqliteStore
    reading: Queries
    handling: CommandHandler
    make_app: Callable[[], FastAPI]
    """An application on the same store that has kept no page."""


def made(folder: Path) -> Site:
    """A site that shows the cases, and some procedures of its own that are running now."""
    store = SqliteStore.create(folder, virtual=True)
    codec, packs = JsonCodec(), RulePacks()
    views = SqliteViews(store.views_path)

    def world_of(history: History) -> DecisionContext:
        return DecisionContext(history, packs, "2026a")

    handling = CommandHandler(store, packs, codec, tzdata="2026a", logger=Quiet())
    keys = Keyring(folder)
    keys.create(NOW)
    files = CaseFiles(codec)
    for name in ("untoc-wg7-2023", "story-two-of-six-items-break", "story-relaunch-shorter"):
        play(handling, store, codec, files.read(ROOT / "cases" / f"{name}.yaml"))
    for order in running():
        handling.handle("fiction", order)
    reading = Queries(store, views, world_of)

    def follow() -> None:
        catch_up.catch_up(store, views, world_of)

    def app() -> FastAPI:
        return create_app(
            reading,
            lambda: NOW,
            follow,
            AboutProgram(version="0.1.0", store="demonstration", virtual=True),
            codec,
            receipts=ReceiptIssuer(store, world_of, keys, codec, proof_of=store.text_proof),
        )

    return Site(app(), store, reading, handling, app)


def play(handling: CommandHandler, store: SqliteStore, codec: JsonCodec, case: Case) -> None:
    history = store.history(case.organisation)
    Player(handling, history, codec, started=started_at(case)).play(case)


EASED = {"silence-scope.subjects": "agenda items, session dates, decision text"}


def running() -> Iterator[Order]:
    """Procedures that run now: one with names, one whose names are withheld, one on a text."""
    for number, (days, command, seat) in enumerate(acts()):
        at = NOW - timedelta(days=days)
        role = Role.SEAT if seat else Role.SECRETARIAT
        actor = Actor(role=role, seat=seat)
        yield Order(
            command=command,
            command_id=f"c{number}{seat}",
            actor=actor,
            at=at,
            received_at=at,
            virtual=True,
        )


def acts() -> Iterator[tuple[int, Command, str]]:
    """How many days ago, what, and which seat did it."""
    names = {"en": "Fictional Body A", "ar": "الهيئة الخيالية ألف"}
    yield 20, EstablishBody(body="a", names=names, zone="Africa/Nairobi", fictional=True), ""
    yield from seated("a", {"n": "Northland", "s": "Southland", "e": "Eastland", "w": EVIL})
    yield 20, EstablishBody(body="h", names={"en": "Sealed Body"}, fictional=True), ""
    yield from seated("h", {"n": "Northland", SECRET: SECRET})
    session = ScheduleSession(
        session="a-5",
        body="a",
        number="5",
        starts=When("2027-02-09"),
        ends=When("2027-02-11"),
        venue="Nairobi",
    )
    yield 19, session, ""
    yield from under_silence("a-5", "a", ("n", "e", "w"))
    yield from under_silence("sealed", "h", ("n", SECRET), names_withheld=True)
    yield 4, Respond(window="a-5-items", kind="no objection", seats=("n",)), "n"
    explained = Respond(window="a-5-items", kind="explanation of position", seats=("w",), text=EVIL)
    yield 3, explained, "w"
    objected = Respond(
        window="sealed-items", kind="objection", seats=(SECRET,), text="We cannot join."
    )
    yield 2, objected, SECRET
    yield 1, Respond(window="sealed-items", kind="no objection", seats=(STRANGER,)), STRANGER
    wells = OpenSilence(
        window="text-9",
        body="a",
        subject=Subject(type="decision text", titles={"en": "Draft decision on wells"}),
        text={"en": "The body decides."},
        threshold=2,
    )
    yield 1, wells, ""


def seated(body: str, holders: dict[str, str]) -> Iterator[tuple[int, Command, str]]:
    yield 20, AdoptRulePack(body=body, pack="untoc-working-groups", parameters=EASED), ""
    for seat, holder in holders.items():
        yield 20, FillSeat(body=body, seat=seat, holder=holder, since=When("2026-01-01")), ""


def under_silence(
    name: str, body: str, values: tuple[str, ...], *, names_withheld: bool = False
) -> Iterator[tuple[int, Command, str]]:
    """An agenda from its start to its silence procedure, whose notices are delivered."""
    session = "a-5" if body == "a" else ""
    yield 19, StartAgenda(agenda=name, body=body, session=session, approved_by=body), ""
    for item, title, subject in (
        ("1", "Adoption of the agenda", "adoption of the agenda"),
        ("2", f"A title {EVIL}", "other matters"),
        ("3", "Adoption of the report", "report"),
    ):
        proposed = ProposeItem(
            agenda=name,
            item=item,
            titles={"en": title},
            proposer_kind="secretariat",
            memorandum="a memorandum",
            subjects=(subject,),
        )
        yield 18, proposed, ""
    annotated = AnnotateItem(
        agenda=name,
        item="2",
        language="en",
        heading=f"A title {EVIL}",
        paragraphs=(f"A paragraph {EVIL}",),
        footnotes=(EVIL,),
    )
    yield 18, annotated, ""
    yield 10, SubmitItems(agenda=name), ""
    opened = OpenSilence(
        window=f"{name}-items",
        body=body,
        subject=Subject(type="agenda items", agenda=name, titles={"en": "Items of the agenda"}),
        names_withheld=names_withheld,
        mandate=EVIL,
    )
    yield 10, opened, ""
    yield 9, RecordNotices(window=f"{name}-items", seats=values, result="delivered"), ""

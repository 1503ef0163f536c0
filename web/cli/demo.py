"""`placet demo` and `placet serve`: Placet on the screen, on this machine only."""

from __future__ import annotations

import socket
import sys
import tempfile
from contextlib import nullcontext
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp

from domain.times import UNKNOWN
from web.app import AboutProgram, create_app
from web.cli.agenda import deadlines
from web.cli.clock import alarms
from web.cli.mail_options import Address, Files, MailOptions, Sender, Server, Tls, User
from web.cli.output import StoreFolder, print_note, print_table, progress
from web.cli.paging import ROWS
from web.http import connection_limits
from web.main import (
    CaseError,
    Placet,
    Quiet,
    Unavailable,
    create_store,
    now,
    open_application,
    program_log,
    program_version,
    read_case,
)
from web.metrics import CountingLogger, Metrics
from workflows.processes.supervisor import EXPECTED_ERRORS, Loop, run_in_threads

CASES = ("untoc-wg7-2023", "fictional-life", "fictional-live-window")
TICK_SECONDS = 1.0
POST_SECONDS = 3.0
SWITCH_SECONDS = 0.0002
"""After which a thread that computes lets others go on, so that large pages delay nobody."""
LOOPBACK = "127.0.0.1"

Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes any free port.")]


def demo(
    store: Annotated[
        str,
        typer.Option("--store", help="Keep it in this new folder, or postgresql:// database."),
    ] = "",
    port: Port = 8000,
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="Only print a summary with the dates.")
    ] = False,
) -> None:
    """Play a real case and two fictional ones into a store, then show them on pages.

    Simulated acts are marked as such wherever they are shown.
    """
    place = nullcontext(store) if store else tempfile.TemporaryDirectory(prefix="placet-")
    with place as folder:
        target = store or str(Path(folder) / "store")
        _play(target)
        metrics = Metrics()
        with open_application(target, logger=CountingLogger(program_log(), metrics)) as placet:
            placet.follow()
            _summary(placet)
            if not no_serve:
                _serve(placet, port, MailOptions(), metrics)


def _play(place: str) -> None:
    """Fill a new throw-away store with the cases of the demonstration."""
    placet = Placet(create_store(place, virtual=True), Quiet())
    try:
        if not placet.keys.in_force(now()):
            placet.keys.create(now())
        with progress("playing") as told:
            for number, name in enumerate(CASES, 1):
                verdict = placet.play(read_case(_case(name), now()))
                if not verdict.passed:
                    raise Unavailable(f"{name} did not play: {verdict.faults[0].what}")
                told("cases", number, len(CASES))
    finally:
        placet.close()


def _case(name: str) -> Path:
    """A demonstration case: shipped in the package, or in the checkout that it runs from."""
    packaged = Path(str(files("web") / "demo" / f"{name}.yaml"))
    checkout = Path(__file__).parents[2] / "tests" / "cases" / f"{name}.yaml"
    found = next((path for path in (packaged, checkout) if path.is_file()), None)
    if found is None:
        raise CaseError(f"{name}.yaml", 0, "", "does not come with this installation")
    return found


def _summary(placet: Placet) -> None:
    """The board and the dates of the real case, each from an event, told apart by basis."""
    shown = placet.reading.agendas.get("un", "wg7-10")
    names = shown.body.names
    print(f"{names.get('en', shown.body.id)}, meeting {shown.session and shown.session.number}")
    print_table(
        ("step", "date", "basis", "event", "note"),
        [
            (
                step.name,
                step.when if step.when is not UNKNOWN else "not stated",
                step.basis,
                step.position or "",
                step.note,
            )
            for step in shown.steps
        ],
    )
    session = shown.session
    if session:
        print(f"session: {session.current_part.starts} to {session.current_part.ends}, planned")
    print()
    print_table(
        ("agenda or text", "stands", "closes"),
        [
            (
                f"{row.organisation}/{row.id}",
                row.stands + (", attested" if row.attested else ", simulated"),
                deadlines(row),
            )
            for row in islice(placet.reading.board(now()).rows(), ROWS)
        ],
    )


def serve(
    store: StoreFolder,
    port: Port = 8000,
    *,
    server: Server = "",
    user: User = "",
    tls: Tls = "starttls",
    sender: Sender = "",
    files_: Files = None,
    address: Address = "",
) -> None:
    """Serve a store on this machine only; let the silence clock run, and send notices."""
    mailing = MailOptions(
        server=server, user=user, tls=tls, sender=sender, files=files_, address=address
    )
    metrics = Metrics()
    with open_application(store, logger=CountingLogger(program_log(), metrics)) as placet:
        _serve(placet, port, mailing, metrics)


def _serve(placet: Placet, port: int, mailing: MailOptions, metrics: Metrics) -> None:
    way, sentence = mailing.transport()
    placet.rollback_detector.require_intact()
    for warning in (*placet.store.warnings, *alarms(placet)):
        print_note(warning)
    if doubt := placet.store.clock_doubt():
        print_note(f"Nothing vouches for the clock here: {doubt}. Every deadline is judged by it.")
    if not placet.keys.in_force(now()):
        print_note(
            "Responses get no signed receipts: there is no key. Make one by `placet key create`."
        )
    about = AboutProgram(
        version=program_version(),
        store=placet.store.name,
        virtual=placet.store.virtual,
        loopback=True,
    )

    app = create_app(
        placet.reading,
        now,
        placet.catch_up_or_wait,
        about,
        placet.codec,
        receipts=placet.receipts,
        placet=placet,
    )
    work = loops(placet)
    metrics.watch(placet, work, now)
    app.include_router(metrics.routes())
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[LOOPBACK, "localhost"])
    server = uvicorn.Server(configuration(app))
    sys.setswitchinterval(SWITCH_SECONDS)
    with placet.store.server_lock(), _listening(port) as listening:
        placet.configure_mail(way, mailing.address)
        for warning in placet.prepare_intake():
            print_note(warning)
        address = f"http://{LOOPBACK}:{listening.getsockname()[1]}/"
        placet.record_heartbeat()
        print_note(f"{address} (this machine only: nobody logs in yet)")
        print_note(sentence)
        with run_in_threads(work):
            server.run(sockets=[listening])


def configuration(app: ASGIApp) -> uvicorn.Config:
    """How pages are served."""
    return uvicorn.Config(
        app,
        http=connection_limits.protocol(connection_limits.room()),
        ws="none",
        log_level="warning",
        timeout_keep_alive=5,
        timeout_graceful_shutdown=3,
    )


def _listening(port: int) -> socket.socket:
    """A socket on this machine's own address. Raises Unavailable when the port is taken."""
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError as error:
        raise Unavailable(f"port {port} cannot be used: {error.strerror}. Try --port 0.") from error


def loops(placet: Placet) -> list[Loop]:
    """What a server does by itself: the silence clock, following the log, sending notices."""

    def tick() -> None:
        placet.record_heartbeat()
        placet.tick()

    def post() -> bool:
        return bool(placet.send().sent)

    tasks = (
        ("The silence clock", tick, TICK_SECONDS),
        ("The follower", placet.keep_following, TICK_SECONDS),
        ("The notice service", post, POST_SECONDS),
    )
    return [
        Loop(
            name,
            act,
            every=every,
            say=print_note,
            alarm=placet.alarm,
            foreseen=(*EXPECTED_ERRORS, CaseError),
        )
        for name, act, every in tasks
    ]

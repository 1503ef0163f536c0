"""`placet demo`: cases played into a store and shown on pages, on this machine only."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Annotated, Final

import typer

from domain.access.commands import GrantRole
from domain.access.roles import AccessRole
from domain.actors import Actor, Role
from domain.cases import Step
from domain.ports.accounts import ExternalIdentity
from domain.ports.errors import CaseError, Unavailable
from domain.times import UNKNOWN
from web.accounts.demo_log_in import ISSUER_RETURNS, METHOD, issuer_page
from web.accounts.demo_person import DemoPerson
from web.cli.agenda import deadlines
from web.cli.context import environment
from web.cli.mail_options import MailOptions
from web.cli.output import print_table, progress
from web.cli.paging import ROWS
from web.cli.server import run_server
from web.cli.serving_options import Port, ServingOptions
from web.cli.termination import unwound_by_signals
from web.metrics import CountingLogger, Metrics
from web.presenters.present_names import PresentNames
from workflows.application import Application

PLACE_OF_SEATS = "fictional-organisation"
BODY = "lights-bureau"
PEOPLE: Final[Sequence[tuple[AccessRole, Mapping[str, str]]]] = (
    (AccessRole.SECRETARIAT, {}),
    (AccessRole.PRESIDING_OFFICER, {"body": BODY}),
    (AccessRole.MEMBER, {"body": BODY, "seat": "member-1"}),
    (AccessRole.MEMBER, {"body": BODY, "seat": "chair-south"}),
    (AccessRole.DOCUMENT_SERVICES, {}),
    (AccessRole.AUDITOR, {}),
    (AccessRole.DASHBOARD, {}),
    (AccessRole.ADMINISTRATOR, {}),
)
"""Whom a visitor of the demonstration can become."""
CASES = ("untoc-wg7-2023", "fictional-life", "fictional-live-window")


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
    with unwound_by_signals(), place as folder:
        target = store or str(Path(folder) / "store")
        _play(target)
        metrics = Metrics()
        with environment().open_application(
            target, log=CountingLogger(environment().log, metrics)
        ) as placet:
            placet.projections.follow()
            _summary(placet)
            if not no_serve:
                with _people(placet) as people, _issuer(placet, people):
                    serving = ServingOptions(port=port)
                    run_server(placet, serving, MailOptions(), metrics, demo_people=people)


@contextmanager
def _people(placet: Application) -> Iterator[Sequence[DemoPerson]]:
    """Accounts with roles whom anybody can become; they are gone afterwards, their grants stay."""
    people = [_person(placet, role, place) for role, place in PEOPLE]
    placet.projections.follow()
    try:
        yield people
    finally:
        for person in people:
            placet.accounts.tables.erase_account(person.principal)


@contextmanager
def _issuer(placet: Application, people: Sequence[DemoPerson]) -> Iterator[None]:
    """An issuer of OpenID Connect at which a visitor logs in as one of these people."""
    if not placet.recovery.store.virtual:
        raise ValueError("an issuer that proves nothing belongs to a throw-away store")
    issuers, called = environment().identity_providers, PresentNames(placet.queries)
    page = issuer_page(people, called, environment().now)
    names = {person.principal: " ".join([person.role, person.seat]) for person in people}
    with issuers.demonstration(names, page, ISSUER_RETURNS) as issuer:
        for person in people:
            identity = ExternalIdentity(
                issuer=issuer.issuer,
                subject=person.principal,
                principal=person.principal,
                added_at=environment().now(),
            )
            placet.accounts.tables.add_identity(identity)
        placet.accounts.providers = {issuer.name: issuer}
        yield


def _person(placet: Application, role: AccessRole, place: Mapping[str, str]) -> DemoPerson:
    """An account without a password, with its role in each organisation that has the place."""
    login = "-".join([*role.split(), *place.values()])
    principal = placet.accounts.directory.add(login).principal
    where = [PLACE_OF_SEATS] if place else sorted(placet.queries.record.organisations())
    for organisation in where:
        command = GrantRole(
            principal=principal, role=role, body=place.get("body", ""), seat=place.get("seat", "")
        )
        actor = Actor(role=Role.ADMINISTRATOR, authenticated_by=METHOD)
        act = Step(line=0, mode="live", verb="grant role", command=command, actor=actor)
        placet.execute(organisation, act, f"demo-{principal}")
    return DemoPerson(principal, role, tuple(where), **place)


def _play(place: str) -> None:
    """Fill a new throw-away store with the cases of the demonstration."""
    placet, now = environment().create(place, virtual=True), environment().now
    try:
        if not placet.receipts.keys.in_force(now()):
            placet.receipts.keys.create(now())
        with progress("playing") as on_progress:
            for number, name in enumerate(CASES, 1):
                verdict = placet.scenarios.play(environment().files.case(_case(name), now()))
                if not verdict.passed:
                    raise Unavailable(f"{name} did not play: {verdict.faults[0].what}")
                on_progress("cases", number, len(CASES))
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


def _summary(placet: Application) -> None:
    """The board and the dates of the real case, each from an event, with its basis."""
    shown = placet.queries.agendas.get("un", "wg7-10")
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
            for row in islice(placet.queries.board(environment().now()).rows(), ROWS)
        ],
    )

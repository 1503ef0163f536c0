"""`placet doctor`: whether a host and its settings are fit to serve a store, and what to mend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import typer

from domain.ports.errors import CaseError, Unavailable
from web.cli import doctor_host, doctor_reach, doctor_store
from web.cli.context import environment, open_application
from web.cli.doctor_findings import Check, Finding, State, failed, run_checks
from web.cli.issuer_options import Issuers, configured_issuers
from web.cli.mail_options import MailOptions
from web.cli.option_groups import option_groups
from web.cli.output import AsJson, StoreFolder, print_json, print_table
from web.cli.serving_options import ServingOptions


@option_groups
def doctor(
    store: StoreFolder,
    *,
    serving: ServingOptions,
    mailing: MailOptions,
    issuers: Issuers = None,
    json: AsJson = False,
) -> None:
    """Check a store, its host and the settings of its server. Ends with 3 when a check failed.

    Give it the options and settings of `placet serve`. It changes nothing and sends no letter; it
    connects to the mail server, the external address and the issuers. It may run beside a server.
    """
    serving = replace(serving, external_address=mailing.address)
    found = list(_findings(store, serving, mailing, issuers))
    if json:
        print_json([asdict(finding) for finding in found])
    else:
        _print(found)
    raise typer.Exit(3 if any(entry.state is State.FAILED for entry in found) else 0)


def _findings(
    store: str, serving: ServingOptions, mailing: MailOptions, issuers: Path | None
) -> Iterator[Finding]:
    """What all checks find, those of the store first."""
    now, log_in = environment().now(), False
    try:
        providers = configured_issuers(issuers)
    except (CaseError, Unavailable) as error:
        providers = ()
        yield failed("log-in", str(error), "Mend the file or the settings of the issuers.")
    try:
        with open_application(store) as placet:
            log_in = bool(providers) or placet.accounts.in_force
            home = placet.recovery.store.home
            checks: tuple[tuple[str, Check], ...] = (
                ("standby", lambda: doctor_store.standby(placet)),
                ("log", lambda: doctor_store.newest_events(placet)),
                ("record", lambda: doctor_store.needs(placet, now)),
                ("clock", lambda: doctor_store.clock(placet)),
                ("key", lambda: doctor_store.receipt_key(placet)),
                ("permissions", lambda: doctor_host.permissions(home)),
                ("disk space", lambda: doctor_host.disk_space(home)),
            )
            yield from run_checks(checks)
    except Unavailable as error:
        yield failed("store", str(error), "See docs/operations.md, what the messages mean.")
    yield from run_checks(
        (
            ("time zones", lambda: doctor_host.time_zones(now)),
            ("log-in", lambda: doctor_reach.issuers(providers, serving)),
            ("configuration", lambda: doctor_reach.configuration(serving, log_in=log_in)),
            ("certificate", lambda: doctor_reach.certificate(serving, now)),
            ("external address", lambda: doctor_reach.external_address(serving, now)),
            ("mail", lambda: doctor_reach.mail(mailing)),
        )
    )


def _print(found: list[Finding]) -> None:
    print_table(("check", "state", "finding"), [(f.check, f.state, f.finding) for f in found])
    steps = [finding for finding in found if finding.next_step]
    print()
    print("To do:" if steps else "Nothing is to be done.")
    for finding in sorted(steps, key=lambda finding: finding.state is not State.FAILED):
        print(f"  {finding.check} ({finding.state}): {finding.next_step}")

"""By which issuers people log in, from an option and settings; said plainly at the start."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from domain.ports.identity_providers import IdentityProvider
from web.cli.context import environment
from web.cli.output import print_note
from workflows.application import Application

Issuers = Annotated[
    Path | None,
    typer.Option(
        "--issuers",
        envvar="PLACET_ISSUERS",
        help="A file of the OpenID Connect issuers by which people may log in.",
    ),
]


def configured_issuers(file: Path | None) -> Sequence[IdentityProvider]:
    """Those of a file and of the environment. Raises CaseError and Unavailable."""
    return environment().identity_providers(file)


def offer_issuers(placet: Application, file: Path | None) -> None:
    """Let people log in by the issuers of a file, and by the one of the environment.

    Nothing is asked of them before somebody logs in. Raises CaseError and Unavailable.
    """
    providers = configured_issuers(file)
    placet.accounts.providers = {provider.name: provider for provider in providers}
    for provider in providers:
        print_note(f"People may log in by {provider.label}: {provider.issuer}")

"""What the command line works in: how it opens stores, and ports to files, mail and the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from domain.cases import Case
from domain.ports.codec import Codec
from domain.ports.identity_providers import IdentityProvider
from domain.ports.incoming_mail import Mailboxes
from domain.ports.input_files import InputFiles
from domain.ports.keys import PublicKeys
from domain.ports.mail import MailTransports
from domain.ports.rule_packs import RulePackRepository
from domain.ports.store import StorePlaces
from workflows.application import Application
from workflows.projections.parking import Alarm
from workflows.scenarios.player import Verdict


class OpenStore(Protocol):
    """Opens the store that is at a place. Raises Unavailable with one clear sentence."""

    def __call__(
        self, place: str | Path, *, read_only: bool = False, log: Alarm | None = None
    ) -> Application: ...


class CreateStore(Protocol):
    """Makes an empty store at a place. Raises Unavailable where there is one."""

    def __call__(self, place: str | Path, *, virtual: bool = False) -> Application: ...


class MailWays(MailTransports, Mailboxes, Protocol):
    """How letters leave the program, and how answers come in."""


class IdentityProviders(Protocol):
    """The issuers by which people log in."""

    def __call__(self, file: Path | None) -> Sequence[IdentityProvider]:
        """Those of a file, and of the environment. Raises CaseError and Unavailable."""

    def demonstration(
        self,
        people: Mapping[str, str],
        page: Callable[[str, Mapping[str, str]], str],
        returns: Mapping[str, str],
    ) -> AbstractContextManager[IdentityProvider]:
        """An issuer on loopback at which a visitor is whichever of these people they like.

        `people` are names by subjects. `page` makes its page from a header `Accept-Language` and
        those names; without names it tells of a log-out. `log_in` and `log_out` of `returns` are
        the paths on this machine to which it leads back.
        """


@dataclass(frozen=True, kw_only=True)
class Environment:
    """Everything from outside that commands need. `web/main.py` fills it."""

    open: OpenStore
    create: CreateStore
    temporary: Callable[[], AbstractContextManager[Application]]
    """An application on a store that is gone afterwards. Raises Unavailable."""
    places: StorePlaces
    files: InputFiles
    public_keys: Callable[[Path], PublicKeys]
    """A list of public keys from its file. Raises Unavailable."""
    mail: MailWays
    identity_providers: IdentityProviders
    packs: RulePackRepository
    codec: Codec
    log: Alarm
    """The program's own log."""
    now: Callable[[], datetime]
    """The time of this machine (UTC)."""
    version: str
    store_format: int
    """The version of the tables that this program makes; it never opens newer ones."""

    @contextmanager
    def open_application(
        self, place: str | Path, *, read_only: bool = False, log: Alarm | None = None
    ) -> Iterator[Application]:
        """The application on a store that is there, closed at the end. Raises Unavailable."""
        application = self.open(place, read_only=read_only, log=log)
        try:
            yield application
        finally:
            application.close()

    def play_in_temporary_store(self, case: Case) -> Verdict:
        """Play a case in a store of its own, thrown away afterwards."""
        with self.temporary() as application:
            return application.scenarios.play(case, alone=True)

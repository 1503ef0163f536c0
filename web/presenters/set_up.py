"""The steps from an empty store to the first agenda, each done or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from domain.streams import Stream, StreamKind
from web.http import urls
from web.i18n.labels import N_
from workflows.acts.act import AnyAct
from workflows.acts.agenda_items import PROPOSE
from workflows.acts.agenda_start import START
from workflows.acts.body import ADOPT, ESTABLISH
from workflows.acts.seats import FILL
from workflows.acts.session import SCHEDULE
from workflows.editing.catalogue import ROSTER
from workflows.queries.body import BodyDetails

BODY: Final = N_("The body whose agendas are kept here")
RULES: Final = N_("The rules that it follows: how long a silence lasts, and what may come under it")
SEATS: Final = N_("Its seats: those who hold them are asked")
SESSION: Final = N_("A session, with its dates and its venue")
AGENDA: Final = N_("The first agenda")
ITEMS: Final = N_("The first item on it")


@dataclass(frozen=True)
class SetUpStep:
    """One step: what it brings, whether the record has it, and where it is done or seen."""

    what: str
    """A message id."""
    done: bool
    act: AnyAct
    path: str
    """The form; empty as long as a step before it is missing."""
    page: str = ""
    """Where it is seen once it is done."""
    list_path: str = ""
    """The editing page that does the same for a whole list, if there is one."""


def steps(organisation: str, shown: BodyDetails | None) -> list[SetUpStep]:
    """The steps of an organisation with this body, or with none yet. Only events decide.

    The first step that is not done can be taken, and those that need nothing of it.
    """
    return list(_steps(organisation, shown))


def _steps(organisation: str, shown: BodyDetails | None) -> Iterator[SetUpStep]:
    if shown is None:
        yield SetUpStep(BODY, done=False, act=ESTABLISH, path=urls.establishing(organisation))
        for what, act in (
            (RULES, ADOPT),
            (SEATS, FILL),
            (SESSION, SCHEDULE),
            (AGENDA, START),
            (ITEMS, PROPOSE),
        ):
            yield SetUpStep(what, done=False, act=act, path="")
        return
    stream = Stream(StreamKind.BODY, shown.body.id)
    page = urls.page_of(organisation, stream)
    yield SetUpStep(BODY, done=True, act=ESTABLISH, path="", page=page)
    first_session = [Stream(StreamKind.SESSION, row.id) for row in shown.sessions[:1]]
    first_agenda = [Stream(StreamKind.AGENDA, row.id) for row in shown.agendas[:1]]
    for what, act, there, of in (
        (RULES, ADOPT, shown.body.packs, []),
        (SEATS, FILL, shown.body.seats, []),
        (SESSION, SCHEDULE, shown.sessions, first_session),
        (AGENDA, START, shown.agendas, first_agenda),
    ):
        yield SetUpStep(
            what,
            done=bool(there),
            act=act,
            path=urls.act(organisation, stream, act.slug),
            page=urls.page_of(organisation, of[0]) if of else page,
            list_path=urls.editing(organisation, stream, ROSTER.slug) if act is FILL else "",
        )
    yield _items(organisation, shown)


def _items(organisation: str, shown: BodyDetails) -> SetUpStep:
    if not shown.agendas:
        return SetUpStep(ITEMS, done=False, act=PROPOSE, path="")
    agenda = Stream(StreamKind.AGENDA, shown.agendas[0].id)
    begun = all(row.stage == "started" for row in shown.agendas)
    path, page = urls.act(organisation, agenda, PROPOSE.slug), urls.page_of(organisation, agenda)
    return SetUpStep(ITEMS, done=not begun, act=PROPOSE, path=path, page=page)

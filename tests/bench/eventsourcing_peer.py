"""The strongest peer: the library `eventsourcing` out of the box, with its aggregate cache."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from tests.bench import agenda_life
from tests.bench.workload import STEPS, Taken, timed

AGENDA = "Adoption of the agenda and organization of work"
SCRIPT: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("propose", {"item": AGENDA}),
    ("submit", {}),
    ("open_silence", {"deadline": agenda_life.BEGAN + timedelta(hours=72)}),
    *(("respond", {"seat": seat, "text": ""}) for seat in agenda_life.SEATS[:2]),
    ("respond", {"seat": agenda_life.SEATS[2], "text": "A comma is missing."}),
    ("lapse", {}),
    *(("publish", {"language": language}) for language in agenda_life.LANGUAGES),
    ("adopt", {}),
    ("draft_report", {}),
    ("adopt_report", {}),
)


class PeerAgenda(Aggregate):
    """An agenda with a stage; each step says who took it, and when."""

    @event("Started")
    def __init__(self) -> None:
        self.stage = "started"
        self.deadline: datetime | None = None
        self.answers: dict[str, str] = {}
        self.languages: list[str] = []

    def _insist(self, *stages: str) -> None:
        if self.stage not in stages:
            raise ValueError(f"not from {self.stage}")

    @event("Proposed")
    def propose(self, who: str, at: datetime, item: str) -> None:
        self._insist("started")
        self.stage, self.item = "proposed", item

    @event("Submitted")
    def submit(self, who: str, at: datetime) -> None:
        self._insist("proposed")
        self.stage = "submitted"

    @event("SilenceOpened")
    def open_silence(self, who: str, at: datetime, deadline: datetime) -> None:
        self._insist("submitted")
        self.stage, self.deadline = "under silence", deadline

    @event("Responded")
    def respond(self, who: str, at: datetime, seat: str, text: str) -> None:
        self._insist("under silence")
        self.answers[seat] = text

    @event("Lapsed")
    def lapse(self, who: str, at: datetime) -> None:
        self._insist("under silence")
        self.stage = "approved"

    @event("Published")
    def publish(self, who: str, at: datetime, language: str) -> None:
        self._insist("approved", "published")
        self.stage = "published"
        self.languages.append(language)

    @event("Adopted")
    def adopt(self, who: str, at: datetime) -> None:
        self._insist("published")
        self.stage = "adopted"

    @event("ReportDrafted")
    def draft_report(self, who: str, at: datetime) -> None:
        self._insist("adopted")
        self.stage = "report drafted"

    @event("ReportAdopted")
    def adopt_report(self, who: str, at: datetime) -> None:
        self._insist("report drafted")
        self.stage = "report adopted"


def on_sqlite(folder: Path, each: int) -> Taken:
    """The same life on the library's own SQLite module."""
    folder.mkdir()
    name = str(folder / "peer.db")
    return _carried_out({"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": name}, each)


def on_postgres(url: str, each: int) -> Taken:
    """The same life on the library's own PostgreSQL module."""
    place = urlsplit(url)
    return _carried_out(
        {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": place.path.strip("/"),
            "POSTGRES_HOST": str(place.hostname),
            "POSTGRES_PORT": str(place.port),
            "POSTGRES_USER": str(place.username),
            "POSTGRES_PASSWORD": "",
        },
        each,
    )


def _carried_out(settings: Mapping[str, str], each: int) -> Taken:
    app: Application[UUID] = Application(env={**settings, "AGGREGATE_CACHE_MAXSIZE": "1000"})
    ids = []
    for _ in range(each):
        agenda = PeerAgenda()
        app.save(agenda)
        ids.append(agenda.id)

    def work() -> None:
        for entry in ids:
            for n, (verb, item) in enumerate(SCRIPT):
                known: PeerAgenda = app.repository.get(entry)
                getattr(known, verb)(
                    "secretariat", agenda_life.BEGAN + timedelta(seconds=n), **item
                )
                app.save(known)

    try:
        assert len(SCRIPT) == STEPS
        taken = timed(STEPS * each, work)
        last: PeerAgenda = app.repository.get(ids[-1])
        assert last.stage == "report adopted"
        assert app.recorder.max_notification_id() == (STEPS + 1) * each
    finally:
        app.close()
    return taken

"""A story told against the real rules and a real store: acts in the domain's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.sqlite.store import SqliteStore
from adapters.store_factory import AnyStore
from domain.actors import Actor, Role
from domain.messages import Order
from domain.rules import Refused
from domain.streams import Stream
from domain.times import UNKNOWN, When
from domain.type_registry import COMMANDS
from wiring import CODEC, Placet, Quiet
from workflows.commands.command_result import CommandResult
from workflows.processes import silence_clock

ORGANISATION = "fictional"
NOON = When("2026-03-02T12:00:00Z").exact


class Story:
    """One organisation in a store of its own; each act is a minute after the one before.

    The store is made in a folder, or is one that exists already.
    """

    def __init__(self, place: Path | AnyStore) -> None:
        store = (
            SqliteStore.create(place / "store", virtual=True) if isinstance(place, Path) else place
        )
        self.placet = Placet(store, Quiet())
        self.now = NOON
        self._count = 0

    def do(self, verb: str, **fields: Any) -> CommandResult:
        """Carry out a live act now, as the secretariat unless `who` says otherwise.

        `waive`, `received`, `happened`, `id`, `authority` and `offset_ms` are told as in case
        files; `files` come along by their hash, and `cites` is the message that is registered.
        """
        return self._do(verb, fields, source="", when=UNKNOWN)

    def tell(self, verb: str, when: str = "unknown", **fields: Any) -> CommandResult:
        """Attest an act of the past."""
        return self._do(verb, fields, source="a source", when=When(when))

    def _do(self, verb: str, values: dict[str, Any], *, source: str, when: When) -> CommandResult:
        self.now += timedelta(minutes=1)
        self._count += 1
        received = values.pop("received", None)
        who = values.pop("who", "secretariat")
        offset_ms = values.pop("offset_ms", None)
        files = values.pop("files", {})
        cites = values.pop("cites", None)
        happened = When(values.pop("happened", UNKNOWN))
        order = Order(
            command_id=values.pop("id", f"act-{self._count}"),
            waivers=values.pop("waive", {}),
            authority=values.pop("authority", ""),
            actor=who if isinstance(who, Actor) else actor(who),
            command=CODEC.from_plain(CODEC.to_plain(values), COMMANDS[verb]),
            at=self.now,
            received_at=When(received).exact if received else self.now,
            source=source,
            effective=when,
            offset_ms=offset_ms,
            cites=cites,
            happened=happened,
        )
        return self.placet.handling.handle(ORGANISATION, order, files)

    def at(self, moment: str) -> None:
        """Go on at this moment."""
        self.now = When(moment).exact

    def clock(self, moment: str, outage: timedelta = timedelta(0), offset_ms: int = 0) -> None:
        """Let the silence clock run once, at this moment, after this longest outage of a day."""
        self.at(moment)
        history = self.placet.store.history(ORGANISATION)
        windows = {event.stream.id for event in self.events() if event.stream.kind == "window"}
        silence_clock.record_due(
            self.placet.handling,
            history,
            sorted(windows),
            self.now,
            offset_ms=offset_ms,
            gap=lambda _, __: outage,
        )

    def events(self) -> list[Any]:
        """Every event so far."""
        return list(self.placet.store.history(ORGANISATION).since(0, 10_000))

    def state(self, stream: str) -> Any:
        """The state of a stream, such as `agenda/a`."""
        history = self.placet.store.history(ORGANISATION)
        return self.placet.handling.decision_context(history).state(Stream.parse(stream))

    def names(self) -> list[str]:
        """The names of all events, without their version."""
        return [event.name.rpartition(".")[0] for event in self.events()]

    @contextmanager
    def refused(self, rule: str) -> Iterator[None]:
        """What is done here is refused by this rule, and leaves no event behind."""
        before = len(self.events())
        with pytest.raises(Refused) as refusal:
            yield
        assert rule == refusal.value.rule, str(refusal.value)
        assert before == len(self.events())

    def body(
        self,
        pack: str = "generic",
        seats: tuple[str, ...] = ("east", "west"),
        parameters: Mapping[str, str] | None = None,
    ) -> None:
        """A fictional body `b` with these seats and this rule pack."""
        self.do("establish body", body="b", names={"en": "Body"}, zone="Europe/Vienna")
        self.do("adopt rule pack", body="b", pack=pack, parameters=dict(parameters or {}))
        for seat in seats:
            self.do("fill seat", body="b", seat=seat, holder=seat.title(), since="2026-01-01")

    def agenda(self, *items: str) -> None:
        """An agenda `a` of body `b` with these items; the first adopts the agenda."""
        self.do("start agenda", agenda="a", body="b", approved_by="b")
        for n, item in enumerate(items or ("1", "2")):
            subjects = ["adoption of the agenda"] if not n else []
            self.propose(item, subjects=subjects)
        self.propose("9", subjects=["report"])

    def propose(self, item: str, **fields: Any) -> CommandResult:
        """Propose an item that breaks no rule, but for what is told otherwise."""
        given = {
            "titles": {"en": f"Item {item}"},
            "proposer_kind": "State Party",
            "proposer": "Eastland",
            "memorandum": "A memorandum.",
        }
        return self.do("propose item", agenda="a", item=item, **(given | fields))

    def silence(self, **fields: Any) -> CommandResult:
        """Put a decision text of body `b` under silence, as window `w`, for 72 hours."""
        given: dict[str, Any] = {
            "window": "w",
            "body": "b",
            "subject": {"type": "decision text"},
            "text": {"en": "The body decides."},
        }
        return self.do("open silence", **(given | fields))

    def respond(self, kind: str, seat: str = "east", **fields: Any) -> CommandResult:
        """A seat answers in window `w`."""
        given = {"window": "w", "kind": kind, "seats": [seat]}
        return self.do("respond", who=f"seat {seat}", **(given | fields))

    def phase(self, moment: datetime | None = None) -> str:
        """Where window `w` stands."""
        return str(self.state("window/w").phase(moment or self.now))


def actor(word: str) -> Actor:
    """`secretariat`, another function, or `seat NAME`."""
    if word.startswith("seat "):
        return Actor(role=Role.SEAT, seat=word.removeprefix("seat "))
    return Actor(role=Role(word))

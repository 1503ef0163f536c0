"""Acts that take two persons, where people log in: one prepares an act, another one confirms it.

Until then it waits beside the log, and nothing is recorded. It takes effect when the second person
confirms it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from msgspec import structs

from domain.access.roles import Identity
from domain.actors import Actor, Role
from domain.canonical import canonical_json
from domain.cases import Step
from domain.messages import RecordedEvent
from domain.ports.clock import ClockReading, Moment
from domain.ports.codec import Codec
from domain.ports.drafts import Draft, DraftStore, Prepared
from domain.ports.errors import Unavailable
from domain.rules import Refused, require
from domain.streams import Stream
from domain.two_persons import are_two_persons, require_another_person
from domain.type_registry import COMMANDS
from workflows.acts import catalogue
from workflows.acts.act import AnyAct
from workflows.acts.authorization import Authorization
from workflows.commands.command_result import CommandResult

ANOTHER: Final = Actor(role=Role.OTHER, principal="another person")
"""Stands for the second person in a dry run before one has confirmed."""


class Execute(Protocol):
    """Carries out an act that two persons have confirmed; see `Application.execute`."""

    def __call__(
        self,
        organisation: str,
        act: Step,
        command_id: str,
        stamp: ClockReading | None = None,
        *,
        identity: Identity | None = None,
        second: Identity | None = None,
    ) -> CommandResult: ...


class Preview(Protocol):
    """Makes a dry run of an act; see `Application.preview`."""

    def __call__(
        self,
        organisation: str,
        act: Step,
        command_id: str,
        stamp: Moment | None = None,
        *,
        identity: Identity | None = None,
        second: Identity | None = None,
        unconfirmed: bool = False,
    ) -> tuple[RecordedEvent, ...]: ...


@dataclass(frozen=True)
class PendingActs:
    """What waits for the second of two persons in a store. Methods raise Unavailable."""

    store: DraftStore
    authorization: Authorization
    codec: Codec
    now: Callable[[], datetime]
    execute: Execute
    preview: Preview

    # --- The first person -------------------------------------------------------------------------

    def is_needed(
        self, organisation: str, act: Step, command_id: str, identity: Identity | None
    ) -> bool:
        """Whether another person has to confirm an act of somebody who has logged in.

        Raises Refused for what is refused also when another person confirms it.
        """
        if identity is None or act.mode != "live" or type(act.command) not in catalogue.SECONDED:
            return False
        if self.authorization.queries.record.was_done(organisation, command_id):
            return False
        try:
            self.preview(organisation, act, command_id, identity=identity)
        except Refused as refusal:
            if refusal.rule != "two-persons":
                raise
            self.preview(organisation, act, command_id, identity=identity, unconfirmed=True)
            return True
        return False

    def prepare(
        self, organisation: str, act: Step, command_id: str, identity: Identity, *, draft: Draft
    ) -> Draft:
        """Let an act wait as this draft until another person confirms it.

        Repeated, it waits once. Raises Refused as the act would, TooManyDrafts and TooLarge.
        """
        self.preview(organisation, act, command_id, identity=identity, unconfirmed=True)
        assert act.command is not None  # noqa: S101 (previewed above; the type checker cannot know)
        stream = act.command.stream
        record = self.authorization.queries.record
        prepared = Prepared(
            act=act.verb,
            command=canonical_json(self.codec.to_plain(act.command)).decode(),
            stream=str(stream),
            role=str(act.actor.role),
            authenticated_by=identity.authenticated_by,
            command_id=command_id,
            seen=record.version(organisation, stream),
            authority=act.authority,
        )
        waiting = structs.replace(
            draft, owner=identity.principal, values={}, waits=prepared, changed_at=self.now()
        )
        if not self.store.put(waiting):
            there = self.store.find_waiting(draft.id, self.now())
            same = there is not None and there.owner == identity.principal
            require("command-id-once", same, f"{draft.id} is the id of another form")
            assert there is not None  # noqa: S101 (required above; the type checker cannot know)
            return there
        return waiting

    def take_back(self, organisation: str, draft_id: str, identity: Identity) -> None:
        """Forget what this person has prepared. Raises Refused for others, and once confirmed."""
        self._waiting(organisation, draft_id)
        done = self.store.take_back(draft_id, identity.principal)
        because = "what waits is taken back by who prepared it, before another person confirms it"
        require("two-persons", done, because)

    # --- The second person ------------------------------------------------------------------------

    def listed(self, organisation: str, identity: Identity | None) -> Sequence[Draft]:
        """What waits in an organisation and this person may do, or was declined; the latest first.

        Without an identity, all of it. Refuses no caller.
        """
        waiting = self.store.waiting(organisation, self.now())
        return [draft for draft in waiting if self._may(draft, identity)]

    def find(self, organisation: str, draft_id: str, identity: Identity | None) -> Draft:
        """What waits under an id, or waited until it was recorded.

        Raises Refused where nothing does, and for somebody who may not do the act.
        """
        found = self._known(organisation, draft_id)
        if identity is not None and found.owner != identity.principal and not found.recorded:
            self.authorization.authorised(organisation, self.step(found), identity, self.now())
        return found

    def previewed(
        self, draft: Draft, identity: Identity, *, stamp: Moment | None = None
    ) -> tuple[RecordedEvent, ...]:
        """The events that it would cause if this person confirmed it now.

        Raises Refused for its first person, once it was declined, and as the act itself would, for
        instance once the text was superseded.
        """
        prepared = self._require_open(draft, identity)
        return self.preview(
            draft.organisation,
            self.step(draft),
            prepared.command_id,
            stamp,
            identity=_first(draft, prepared),
            second=identity,
        )

    def as_prepared(self, draft: Draft) -> tuple[RecordedEvent, ...]:
        """The events that it would cause if somebody else confirmed it, for its first person."""
        prepared = _prepared(draft)
        return self.preview(
            draft.organisation,
            self.step(draft),
            prepared.command_id,
            identity=_first(draft, prepared),
            unconfirmed=True,
        )

    def confirm(
        self,
        organisation: str,
        draft_id: str,
        identity: Identity,
        stamp: ClockReading | None = None,
    ) -> CommandResult:
        """Do what waits, now: `stamp` is when the confirmation was received.

        The record holds both persons. Raises Refused as `previewed`; then it goes on waiting.
        """
        draft = self._waiting(organisation, draft_id)
        if not self.done(draft):
            self.previewed(draft, identity, stamp=stamp)
        claimed = self.store.claim(draft_id, self.now())
        require("two-persons", claimed, "somebody else is confirming it, or it was taken back")
        try:
            draft = self._waiting(organisation, draft_id)
            prepared = _prepared(draft) if self.done(draft) else self._require_open(draft, identity)
            return self.execute(
                organisation,
                self.step(draft),
                prepared.command_id,
                stamp,
                identity=_first(draft, prepared),
                second=identity,
            )
        except Refused:
            self.store.unclaim(draft_id)
            raise

    def done(self, draft: Draft) -> Sequence[RecordedEvent]:
        """The events that it recorded already, also where that could not be noted; else none."""
        record = self.authorization.queries.record
        return record.done(draft.organisation, _prepared(draft).command_id)

    def record(self, draft_id: str, page: str) -> None:
        """Remember the page that says what was recorded; a failure to note it is ignored."""
        with suppress(Unavailable):
            if found := self.store.find_waiting(draft_id, self.now()):
                self.store.record(structs.replace(found, changed_at=self.now()), page)

    def decline(self, organisation: str, draft_id: str, identity: Identity, reason: str) -> None:
        """Say why it is not confirmed; it waits no more. Nothing of it is in the record.

        Raises Refused for its first person, without a reason, and once it is confirmed.
        """
        draft = self.find(organisation, draft_id, identity)
        require("known", not draft.recorded, "it was recorded already")
        prepared = _prepared(draft)
        require("empty", reason.strip(), "a reason is given for declining")
        require(
            "two-persons",
            are_two_persons(draft.owner, identity.principal),
            "the person who prepared an act takes it back, and does not decline it",
        )
        declined = structs.replace(prepared, declined=reason.strip())
        after = structs.replace(draft, waits=declined, changed_at=self.now())
        open_ = not prepared.declined and self.store.decline(after)
        require("two-persons", open_, "it waits no more: it was confirmed, declined or taken back")

    # --- What it is -------------------------------------------------------------------------------

    def step(self, draft: Draft) -> Step:
        """What waits, as the act of its first person."""
        prepared = _prepared(draft)
        command = self.codec.from_plain(json.loads(prepared.command), COMMANDS[prepared.act])
        return Step(
            line=0,
            mode="live",
            verb=prepared.act,
            command=command,
            actor=Actor(role=Role(prepared.role)),
            authority=prepared.authority,
        )

    @staticmethod
    def act(draft: Draft) -> AnyAct:
        """Its entry in the catalogue."""
        return catalogue.SECONDED[COMMANDS[_prepared(draft).act]]

    def changes(self, draft: Draft) -> Sequence[RecordedEvent]:
        """What was recorded of its stream since it was prepared."""
        prepared = _prepared(draft)
        stream = Stream.parse(prepared.stream)
        record = self.authorization.queries.record
        return record.changes_since(draft.organisation, stream, prepared.seen)

    def _known(self, organisation: str, draft_id: str) -> Draft:
        found = self.store.find_waiting(draft_id, self.now())
        known = found is not None and found.organisation == organisation
        because = "nothing waits under this id: it was taken back, or has expired"
        require("known", known, because)
        assert found is not None  # noqa: S101 (required above; the type checker cannot know)
        return found

    def _waiting(self, organisation: str, draft_id: str) -> Draft:
        found = self._known(organisation, draft_id)
        require("known", not found.recorded, "it was recorded already")
        return found

    @staticmethod
    def _require_open(draft: Draft, identity: Identity) -> Prepared:
        """What waits, for a person who may confirm it as it is."""
        prepared = _prepared(draft)
        require_another_person(draft.owner, identity.principal)
        require("two-persons", not prepared.declined, "another person has declined it")
        return prepared

    def _may(self, draft: Draft, identity: Identity | None) -> bool:
        if identity is None:
            return True
        try:
            self.authorization.authorised(
                draft.organisation, self.step(draft), identity, self.now()
            )
        except Refused:
            return False
        return True


def _prepared(draft: Draft) -> Prepared:
    assert draft.waits is not None  # noqa: S101 (only such drafts are found; mypy cannot know)
    return draft.waits


def _first(draft: Draft, prepared: Prepared) -> Identity:
    """The person who prepared it."""
    return Identity(
        principal=draft.owner,
        authenticated_by=prepared.authenticated_by,
        authenticated_at=draft.changed_at,
    )

"""A request: the command and the circumstances that an act's values make, on whatever surface."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from domain.actors import Role
from domain.cases import Step
from domain.messages import Command
from domain.type_registry import VERBS
from workflows.acts.act import AnyAct
from workflows.acts.field_types import ORDER, made
from workflows.acts.stated_circumstances import Circumstances


class Request(Struct, frozen=True, kw_only=True):
    """What somebody asks for: a command, its circumstances, and the files that it cites."""

    command: Command
    circumstances: Circumstances
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def step(self) -> Step:
        """The request as a live step."""
        by = self.circumstances
        return Step(
            line=0,
            mode="live",
            verb=VERBS[type(self.command)],
            command=self.command,
            actor=by.actor,
            received=by.received,
            authority=by.authority,
            waivers=by.waivers,
        )


def request(
    act: AnyAct,
    target: str,
    role: Role,
    values: Mapping[str, object],
    files: Mapping[str, bytes] | None = None,
) -> Request:
    """The request that values at paths make, on the noun with the id `target`.

    An act that begins a noun gets the id among its values. Raises TypeError for a missing one.
    """
    around = {path.removeprefix(ORDER): v for path, v in values.items() if path.startswith(ORDER)}
    by: Circumstances = made(Circumstances, {"role": role, **around})
    within = {path: value for path, value in values.items() if not path.startswith(ORDER)}
    named = {str(act.noun): target} if target else {}
    more = act.derived(by) if act.derived else {}
    command: Command = made(act.command, {**named, **within, **more})
    return Request(command=command, circumstances=by, files=files or {})

"""An entry of the act catalogue: who may do what, when, and what is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Generic

from domain.actors import Role
from domain.messages import Command, Fact, RecordedEvent
from domain.rules import Refused
from domain.streams import StreamKind
from workflows.acts.parameter import Parameter, Shown, Text
from workflows.acts.stated_circumstances import Circumstances

Check = Callable[[Mapping[str, object]], tuple[str, str] | None]
"""What is wrong with the values at paths together: at which path, and a message id; else None."""


@dataclass(frozen=True, kw_only=True)
class Availability(Generic[Shown]):
    """When an act is offered: a pure function of the state, which holds its moment too."""

    words: str
    """When that is, as a message id."""
    holds: Callable[[Shown], bool]
    parts: tuple[Availability[Shown], ...] = ()
    """The conditions of which it consists, where there are several."""

    def unmet(self, shown: Shown) -> tuple[str, ...]:
        """What is missing here and now, as message ids: only what does not hold."""
        if self.parts:
            return tuple(words for part in self.parts for words in part.unmet(shown))
        return () if self.holds(shown) else (self.words,)

    def refusal(self, shown: Shown) -> Refused | None:
        """Why it is not offered here and now; None where it is."""
        unmet = self.unmet(shown)
        return Refused("stage", f"this is offered {', '.join(unmet)}") if unmet else None


def all_of(*parts: Availability[Shown]) -> Availability[Shown]:
    """That all of these hold."""
    return Availability(
        words=", ".join(part.words for part in parts),
        holds=lambda shown: all(part.holds(shown) for part in parts),
        parts=parts,
    )


class Surface(StrEnum):
    """Where an act can be given by hand. By a file with a step every act can."""

    PAGES = "pages"
    COMMAND_LINE = "command line"


@dataclass(frozen=True, kw_only=True)
class Act(Generic[Shown]):
    """One act that somebody can do.

    The roles stand in the order in which a form offers them; the first is the one for which the
    page of the noun lists the act.
    """

    command: type[Command]
    noun: StreamKind
    slug: str
    """Its name in addresses."""
    title: str
    """A message id; of an act that no page shows, plain English for the documents."""
    does: Text[Shown]
    """What it is for, said above its form."""
    roles: tuple[Role, ...]
    roles_here: Callable[[Shown], tuple[Role, ...]] | None = None
    """Which of the roles may do it in this state, where not all of them may always."""
    offered: Availability[Shown]
    listed_on: StreamKind | None = None
    """Of an act that begins a noun: the one on whose page it is offered, and which it names."""
    parameters: tuple[Parameter[Shown], ...] = ()
    first_fields: tuple[str, ...] = ()
    """The fields of choices that a page asks for before the others, which begin as these say."""
    suggested: tuple[str, ...] = ()
    """Fields for which an address may suggest an answer, such as the session one comes from."""
    from_address: tuple[str, ...] = ()
    """Fields that the address of its form fills in: a page of something else leads there."""
    on_pages: Mapping[str, object] = field(default_factory=dict)
    """Fields of the command that forms fill in without asking, by their paths."""
    checks: tuple[Check, ...] = ()
    """What a page finds wrong with values that are well by themselves, before anything is asked."""
    invariants: tuple[Check, ...] = ()
    """The same on every surface: what no decision looks at."""
    derived: Callable[[Circumstances], Mapping[str, object]] | None = None
    """Fields of the command that follow from who acts, by their paths."""
    consequences: Mapping[type[Fact], str] = field(default_factory=dict)
    """What an event will mean, said before it is recorded, beside what the record will say."""
    final: bool = False
    """Whether nothing undoes it."""
    warnings: Callable[[Sequence[RecordedEvent]], Sequence[str]] | None = None
    """What to know before, from the events that it would cause."""
    surfaces: frozenset[Surface] = frozenset(Surface)
    no_form: str = ""
    """Why no form and no command gives it, where none does; for the documents."""
    verb: str = ""
    """Its name on the command line; the slug unless given."""
    elsewhere: str = ""
    """The command written by hand that gives it, where one does."""
    help: str = ""
    """What the command line says of it."""
    options: tuple[str, ...] = ()
    """Paths in the order in which the command line lists them, where the form has another."""
    preset: Callable[[Mapping[str, object]], Mapping[str, object]] | None = None
    """What the command line fills in where it is not given, by paths; it may depend on the rest."""
    second: str = ""
    """The path of the field that names a second person, where the rules may want two of them.

    Where people log in this field is not used: another person confirms the act.
    """
    receipt: bool = False
    """Whether a signed receipt answers it."""

    def roles_in(self, shown: Shown) -> tuple[Role, ...]:
        """The roles that may do it here and now."""
        return self.roles_here(shown) if self.roles_here else self.roles

    @property
    def fields_in_address(self) -> tuple[str, ...]:
        """The fields for which the address of its form may hold an answer."""
        return self.first_fields + self.from_address + self.suggested

    @property
    def begins(self) -> bool:
        """Whether it begins its noun, whose id it then asks for."""
        return any(parameter.path == str(self.noun) for parameter in self.parameters)

    @property
    def page_noun(self) -> StreamKind:
        """The noun on whose page it stands."""
        return self.listed_on or self.noun

    def on(self, surface: Surface) -> bool:
        """Whether it can be given there."""
        return surface in self.surfaces

    @property
    def name(self) -> str:
        """Its name on the command line, among the acts on its noun."""
        return self.verb or self.slug

    @property
    def command_line(self) -> str:
        """How it is called on the command line; empty where it has no command there."""
        if self.elsewhere or not self.on(Surface.COMMAND_LINE):
            return self.elsewhere
        return f"placet {self.noun} {self.name}"


AnyAct = Act[Any]
STAFF: Final = (Role.SECRETARIAT, Role.PRESIDING_OFFICER)
"""For acts of those who run a procedure, whichever of them does it."""
ON_PAGES: Final = frozenset({Surface.PAGES})
"""For acts that have a form, and on the command line no command of their own."""
FILES_ONLY: Final[frozenset[Surface]] = frozenset()
"""For acts that can be given by a file with a step only."""
ALWAYS: Final = Availability[Any](words="always", holds=lambda _: True)

"""What an act asks for: its parameters, with their choices, and how each surface asks.

Labels and hints are English message ids: the page that shows them translates them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

Shown = TypeVar("Shown", contravariant=True)  # noqa: PLC0105 (it is read in many signatures)
"""The state that an act looks at, such as `WindowForForm`: what a page or a program can read."""

Text = str | Callable[[Shown], str]
"""A message id, or a function of the state that chooses one."""


def N_(text: str) -> str:  # noqa: N802 (the customary mark of gettext)
    """Mark a text for the catalogues of translations."""
    return text


class Widget(StrEnum):
    """How a parameter is asked for on a page, where its type does not say."""

    TEXT = "text"
    LONG = "long"
    LINES = "lines"
    """A list with one entry on each line of a text; what stands there twice counts once."""
    PARAGRAPHS = "paragraphs"
    """A text of paragraphs, one on each line; each counts, also where two are the same."""
    SINGLE = "one"
    """One of a few choices, all of them visible."""
    SELECT = "select"
    MANY = "many"
    MOMENT = "moment"
    COLOUR = "colour"
    DAY = "day"
    """A time of which the day is enough."""
    WHEN = "when"
    """A day, and beside it the hour where it is known."""
    LENGTH = "length"
    """A number, and a unit beside it; the value of the parameter says which unit comes first."""
    FILE = "file"
    FIXED = "fixed"
    """Shown, and sent along unchanged."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of the answers that a parameter offers.

    It is called by `label` (a message id), else by `names` (texts of the record by language),
    else by `text` (a text of the record); `before` and `after` are put around it as they are.
    """

    value: str
    label: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    code: str = ""
    """The id that stands behind its name, as a second word. Choices that have one are listed by
    their names, in the order of the reader's language."""
    before: str = ""
    after: str = ""
    then: tuple[Choice, ...] = ()
    """What else it is called by, each behind a point: a role is one in a body, for a seat."""
    hint: str = ""
    """What the choice does, as a message id."""


@dataclass(frozen=True)
class Option:
    """How a parameter is given on the command line; its help is in English only."""

    help: str
    name: str = ""
    """`--reason`; for what is true or false `--breaks/--does-not-break`; else made of the path."""
    metavar: str = ""
    minimum: int | None = None
    """The least number that is taken."""
    file: tuple[str, str] | None = None
    """Name and help of a second option that takes the texts from files."""


@dataclass(frozen=True, kw_only=True)
class Parameter(Generic[Shown]):
    """One thing that an act asks for. Its type and default are those of the field at `path`.

    `path` leads to a field of the command, such as `reason` or `subject.titles`, or, when it
    begins with `order.`, to one of the circumstances, such as `order.received`. Without `label`
    it is not asked for on pages, without `option` not on the command line.
    """

    path: str
    label: Text[Shown] = ""
    hint: Text[Shown] = ""
    name: str = ""
    """The name of its field in forms; the last part of the path unless given."""
    required: bool | Callable[[Shown], bool] | None = None
    """Whether it must be given; unless said, it must when the field has no default."""
    widget: Widget | None = None
    """How it is asked for; unless said, by its type and by whether there are choices."""
    choices: Callable[[Shown], Sequence[Choice] | None] | None = None
    """The answers that it offers here and now; None where there are too many to choose from."""
    closed: bool = False
    """Whether nothing else is taken, on any surface: for words of which no decision takes care.

    Where it is not so the choices only help. The decision itself looks what is named up in the
    record, in whatever spelling, and keeps or refuses it by its rules, as it does with responses.
    """
    as_named: bool = False
    """Whether a name stays what it is on the command line, and no id takes its place: a member for
    whom a seat speaks may be called by its name, and need have no seat."""
    value: Callable[[Shown], str] | None = None
    """What stands in it at first."""
    gives_way_to: str = ""
    """The path of what is said in its place: where that is given on a page, what stands here as
    it was offered is left out."""
    zone: Callable[[Shown, Callable[[str], str]], str] | None = None
    """The time zone of a local time; it may depend on what stands in other fields."""
    pattern: tuple[str, str] | None = None
    """A regular expression that the text must match, and what is said when it does not."""
    applies: Callable[[Shown], bool] | None = None
    """Whether a page asks for it here and now."""
    for_kinds: tuple[str, ...] = ()
    """The answers to the question of the kind with which it is asked for; a page hides it with
    others, where the browser can."""
    fold: str = ""
    """Parameters with the same words here stand together on a page, folded away under them."""
    entry: Callable[[str], object] | None = None
    """What each line of a list means, if no text. Raises ValueError with a message id."""
    split: Callable[[str], Mapping[str, object]] | None = None
    """What a form's value means for several fields at once, by their paths."""
    option: Option | None = None

    @property
    def option_name(self) -> str:
        """The name of its option, such as `--reason`."""
        made = "--" + self.path.rpartition(".")[2].replace("_", "-")
        return (self.option.name if self.option else "") or made

    def matches(self, text: str) -> bool:
        """Whether a text has the form that it asks for."""
        return self.pattern is None or bool(re.fullmatch(self.pattern[0], text))

    @property
    def field(self) -> str:
        """The name of its field in forms."""
        return self.name or self.path.rpartition(".")[2]

"""What an editing page is: the acts and columns of a table, and what its rows mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic

from domain.streams import StreamKind
from workflows.acts.act import AnyAct, Availability
from workflows.acts.parameter import N_, Choice, Shown
from workflows.editing.rows import Column, Draft, Fault, Plan, Row

Say = Callable[[str], str]
"""Translates a message id for the reader."""


@dataclass(frozen=True, kw_only=True)
class Answer(Generic[Shown]):
    """A question above the rows. Labels and hints are message ids."""

    name: str
    label: str
    hint: str = ""
    kind: str = "text"
    choices: Callable[[Shown], Sequence[Choice]] | None = None
    value: Callable[[Shown], str] = lambda _: ""
    words: Mapping[str, str] = field(default_factory=dict)
    """What the label names."""


@dataclass(frozen=True, kw_only=True)
class Lines(Generic[Shown]):
    """How rows are written as lines of text, and read from them."""

    hint: str
    """How lines are written, as a message id."""
    write: Callable[[Shown, Sequence[Row], str], str]
    """The lines of rows, in the reader's language."""
    read: Callable[[Sequence[Row], str, str, Say], tuple[Sequence[Row], Sequence[Fault]]]
    """The rows of lines, and what is wrong with them; first the rows as they stood before."""
    first: bool = False
    """Whether the page begins with lines, and not with a table."""
    only: bool = False
    """Whether there is no table, as there may be too many rows."""
    files: bool = False
    """Whether the lines may come from a file."""


@dataclass(frozen=True, kw_only=True)
class Editing(Generic[Shown]):
    """One editing page."""

    noun: StreamKind
    slug: str
    title: str
    does: str
    acts: tuple[AnyAct, ...]
    """The acts of which it makes one append: who may do all of them may edit."""
    offered: Availability[Shown]
    columns: Callable[[Shown], tuple[Column, ...]]
    rows: Callable[[Shown], tuple[Row, ...]]
    plan: Callable[[Shown, Draft], Plan]
    answers: tuple[Answer[Shown], ...] = ()
    waivable: Callable[[Shown], Sequence[Choice]] | None = None
    """The rules that all of it may break, each with a reason, which is asked for too."""
    chosen: Mapping[str, tuple[str, Callable[[Shown], Sequence[Choice]]]] = field(
        default_factory=dict
    )
    """What is chosen before anything is edited, one of these: its label and its choices."""
    lines: Lines[Shown] | None = None
    grows: bool = True
    """Whether rows can be added, moved and taken off."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """Kinds of rows beside the usual one, each with the words of the button that inserts one."""
    counted: Callable[[Sequence[Row]], tuple[Row, ...]] | None = None
    """The rows with their numbers counted anew in their order, where rows have numbers."""
    keyed: bool = True
    """Whether rows stand for things of the record, so that two drafts can be put together."""
    of_event: bool = False
    """Whether it is about one event, which is chosen first."""
    called: Callable[[Shown, Row], tuple[str, str]] | None = None
    """What a row is about, where its cells do not say so: a text, and the tag of a language."""

    def questions(self, shown: Shown) -> tuple[Answer[Shown], ...]:
        """The questions above the rows, and the reason for each rule that may be waived."""
        waivable = self.waivable(shown) if self.waivable else ()
        return (
            *self.answers,
            *(
                Answer[Shown](
                    name=f"{WAIVE}{rule.value}",
                    label=N_("Reason for waiving the rule %(rule)s"),
                    words={"rule": rule.value},
                    hint=rule.hint,
                )
                for rule in waivable
            ),
        )


WAIVE: Final = "waive-"
"""How the names of answers begin that give the reason for a waiver."""


def waivers(answers: Mapping[str, str]) -> dict[str, str]:
    """The waivers among the answers: each rule with its reason."""
    given = {name: text.strip() for name, text in answers.items() if name.startswith(WAIVE)}
    return {name.removeprefix(WAIVE): text for name, text in given.items() if text}

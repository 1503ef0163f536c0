"""The one entrance to decisions: what an order causes in the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct

from domain import correction_decisions, erasure_decisions, history_and_live_acts
from domain.access import decisions as access
from domain.agenda import decisions as agenda
from domain.body import decisions as body
from domain.confusables import is_blank, spelling_variants, url_name_problem
from domain.corrections import CorrectFact
from domain.decision_context import DecisionContext
from domain.documents import decisions as documents
from domain.entered_afterwards import require_statable
from domain.erasures import EraseText
from domain.messages import Decision, Order
from domain.rules import require, require_texts
from domain.session import decisions as session
from domain.silence import decisions as silence
from domain.silence.commands import Respond
from domain.streams import Stream, StreamKind

DECIDE: Final[Mapping[StreamKind, Callable[[Any, Order, DecisionContext], Decision]]] = {
    StreamKind.AGENDA: agenda.decide,
    StreamKind.BODY: body.decide,
    StreamKind.DOCUMENT: documents.decide,
    StreamKind.ORGANISATION: access.decide,
    StreamKind.SESSION: session.decide,
    StreamKind.WINDOW: silence.decide,
}
"""Which noun decides on the commands to its streams. A symbol is reserved with its document."""


WORDS: Final = frozenset(
    {
        "footnotes",
        "heading",
        "manner",
        "memorandum",
        "names",
        "note",
        "oral_amendments",
        "paragraphs",
        "proposer",
        "reason",
        "text",
        "titles",
    }
)
"""The fields of commands that hold texts to be read by people."""


def decide(order: Order, world: DecisionContext) -> Decision:
    """What an order causes in the record as `world` sees it. Raises Refused."""
    command, stream = order.command, order.command.stream
    if order.stated:
        require_statable(order)
    if not isinstance(command, Respond):  # what a seat answers is kept, whatever it is
        _require_words(command)
    if isinstance(command, CorrectFact):
        return correction_decisions.decide(command, order, world)
    if isinstance(command, EraseText):
        return erasure_decisions.decide(command, order, world)
    history_and_live_acts.require_one_basis(order, world)
    state = world.state(stream)
    if not world.version(stream):
        _require_name(stream, world)
    decision = DECIDE[stream.kind](state, order, world)
    history_and_live_acts.require_live_acts_unchanged(order, decision, world)
    return decision


def _require_words(struct: Any) -> None:
    """Whatever text is given says something, in each language in which it is given."""
    for name in struct.__struct_fields__:
        value = getattr(struct, name)
        if not value:
            continue
        if name in WORDS:
            _require_text(name, value)
        elif isinstance(value, str):
            continue
        elif isinstance(value, Struct):
            _require_words(value)
        elif isinstance(value, tuple):
            for part in value:
                if isinstance(part, Struct):
                    _require_words(part)


def _require_text(name: str, value: Any) -> None:
    """A text, several, or one by language."""
    if isinstance(value, Mapping):
        require_texts(value, name)
    else:
        texts = (value,) if isinstance(value, str) else value
        require("empty", not any(text and is_blank(text) for text in texts), f"blank {name}")


def _require_name(new: Stream, world: DecisionContext) -> None:
    """What is new has an id that stands in an address and can be taken for no other one.

    Ids of before are not asked: they name what they name for ever. Raises Refused.
    """
    problem = url_name_problem(new.id)
    require("plain-id", not problem, f"{new.id!r:.80}: {problem}")
    for name in spelling_variants(new.id):
        there = world.events(Stream(new.kind, name))
        require("new", not there, f"{new.kind} {new.id} cannot be told from {new.kind} {name}")

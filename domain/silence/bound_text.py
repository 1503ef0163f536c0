"""The one text that a window binds: submitted items of an agenda, or a text of its own.

Source: the dispute about the declaration of the HLPF, 2020, on which text had been circulated.
"""

from __future__ import annotations

from domain.agenda import item_stages
from domain.agenda.item_numbers import item_key, repeated_numbers
from domain.agenda.item_texts import encode_texts
from domain.canonical import canonical_json, digest, strip_byte_order_marks
from domain.decision_context import DecisionContext
from domain.rules import require
from domain.silence.commands import OpenSilence
from domain.silence.events import Subject

BoundText = tuple[Subject, str, tuple[bytes, ...]]
"""What is under silence, the hash of its text (empty where no source tells it), new contents."""


def bind_text(command: OpenSilence, world: DecisionContext) -> BoundText:
    """The text that comes under silence. Raises Refused for one that is not submitted whole."""
    subject = command.subject
    if subject.agenda:
        return _submitted_items(subject, world)
    if not command.text:
        return subject, "", ()
    words = strip_byte_order_marks(command.text)
    text = canonical_json({"items": list(subject.items), "text": words})
    return subject, digest(text), (text,)


def _submitted_items(subject: Subject, world: DecisionContext) -> BoundText:
    agenda = world.agenda(subject.agenda)
    item_stages.require_stage(agenda, "put under silence")
    submitted = agenda.items_with_approval("submitted")
    names = tuple(agenda.item(name).item for name in subject.items) or submitted
    require("stage", names, f"agenda {agenda.id} has no submitted items")
    items = [agenda.item(name) for name in submitted]
    bound, _ = encode_texts(items, agenda.headings_of(submitted))
    same = names == submitted and bound == agenda.text_hash
    require("stage", same, "silence binds the submitted text, whole: submit these items as one")
    whole = Subject(
        type=subject.type,
        titles=subject.titles,
        agenda=subject.agenda,
        session=subject.session,
        document=subject.document,
        items=names,
        under={name: parent for name in names if (parent := agenda.item(name).under)},
    )
    return whole, agenda.text_hash, ()


def require_known_subject(command: OpenSilence, world: DecisionContext) -> None:
    """What a live window refers to is in the record, and told in one way only. Raises Refused."""
    subject = command.subject
    of_agenda = (subject.type == "agenda items") == bool(subject.agenda)
    require("known", of_agenda, "agenda items, and nothing else, are those of an agenda: name it")
    other = "the submitted text of the agenda is what comes under silence: give none beside it"
    require("text-under-silence", not (subject.agenda and command.text), other)
    if subject.session:
        world.session(subject.session)
    if subject.document:
        world.document(subject.document)


def require_named_parts(subject: Subject) -> None:
    """Each part under silence has a name, and none is named twice. Raises Refused."""
    require("empty", all(map(item_key, subject.items)), "a part under silence has no name")
    twice = ", ".join(repeated_numbers(subject.items))
    require("known", not twice, f"an item is named twice: {twice}")

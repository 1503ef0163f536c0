"""The texts that an erasure destroys, as its form and its check page show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from domain.erasures import WAIVERS, is_replaced, text_at
from web.i18n.labels import N_
from web.presenters.history import NarratedEvent
from workflows.history.redaction import WITHHELD

LABELS: Final = {
    "reason": N_("Reason"),
    "note": N_("Note"),
    "authority": N_("Authority"),
    "wording": N_("Wording that is asked for"),
    "second": N_("Second person"),
}
"""What texts are called, by the last step of their path; any other one is called a text."""
TEXT: Final = N_("Text")


@dataclass(frozen=True, kw_only=True)
class ErasableText:
    """One text that will be lost."""

    label: str
    """What it is, as a message id."""
    rule: str
    """The rule that was waived for this reason, if it is one."""
    text: str
    withheld: bool
    """Whether it is not shown, because it might name who is not to be named."""


@dataclass(frozen=True, kw_only=True)
class ErasableEvent:
    """An event whose texts will be lost."""

    narrated: NarratedEvent
    texts: Sequence[ErasableText]


def erasable_texts(events: Iterable[NarratedEvent]) -> Sequence[ErasableEvent]:
    """The texts of these events, as their reader may see them."""
    return [ErasableEvent(narrated=narrated, texts=tuple(_texts(narrated))) for narrated in events]


def _texts(narrated: NarratedEvent) -> Iterator[ErasableText]:
    for path in narrated.event.sealed:
        text = text_at(narrated.event, path)
        if text and not is_replaced(text):
            yield ErasableText(
                label=LABELS.get(path.rpartition(".")[2], TEXT),
                rule=path.removeprefix(WAIVERS) if path.startswith(WAIVERS) else "",
                text=str(text),
                withheld=text == WITHHELD,
            )

"""The terms of a window: what was fixed at its opening, and which parts its text has."""

from __future__ import annotations

from msgspec import Struct

from domain.messages import FoldableEvent
from domain.silence.events import Policy, Response, SilenceOpened, Subject
from domain.times import UNKNOWN, When

WHOLE = ("",)
"""The parts of an undivided text: one, which has no name."""


class Terms(Struct, frozen=True, kw_only=True):
    """What was put under silence, by whom, before whom and how. Nothing changes it later."""

    body: str = ""
    subject: Subject = Subject(type="")
    text_hash: str = ""
    roster_hash: str = ""
    seats: int | None = None
    policy: Policy = Policy()
    opened: When = UNKNOWN
    first_closes: When = UNKNOWN
    """The end that was told at the opening."""
    length: str = ""
    attested: bool = False
    """A source tells this window; no clock runs for it here."""
    channel: str = ""
    mandate: str = ""
    relaunch_of: str = ""

    @classmethod
    def of(cls, event: SilenceOpened, recorded: FoldableEvent) -> Terms:
        """The terms that an opening fixes."""
        return cls(
            body=event.body,
            subject=event.subject,
            text_hash=event.text_hash,
            roster_hash=event.roster_hash,
            seats=event.seats,
            policy=event.policy,
            opened=recorded.effective,
            first_closes=event.closes,
            length=event.length,
            attested=recorded.attested,
            channel=event.channel,
            mandate=event.mandate,
            relaunch_of=event.relaunch_of,
        )

    @property
    def parts(self) -> tuple[str, ...]:
        """The separable parts under silence: items when declared so, else one undivided text."""
        return self.subject.items if self.policy.by_item and self.subject.items else WHOLE

    def parts_of(self, items: tuple[str, ...]) -> tuple[str, ...]:
        """The parts that these items are; all of them where the text does not tell its items."""
        return items if items and self.parts != WHOLE else self.parts

    def parts_concerned(self, response: Response) -> tuple[str, ...]:
        """The parts that a response concerns: all of them, unless it names items.

        Whether an item that it names stands for its sub-items too, the policy says.
        """
        if self.parts == WHOLE or not response.items:
            return self.parts
        named = {*response.items}
        return tuple(part for part in self.parts if named & self._answers_for(part))

    def _answers_for(self, part: str) -> frozenset[str]:
        """The items an objection to which is one to this part."""
        above = self._above(part)
        if self.policy.sub_items == "with their parent":
            return frozenset({part, *above})
        if self.policy.sub_items == "together":
            top = above[-1] if above else part
            return frozenset(item for item in self.parts if top in {item, *self._above(item)})
        return frozenset({part})

    def _above(self, part: str) -> tuple[str, ...]:
        """The parent of a part, its parent, and so on."""
        found: list[str] = []
        while (part := self.subject.under.get(part, "")) and part not in found:
            found.append(part)
        return tuple(found)

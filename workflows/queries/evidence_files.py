"""Evidence files: what came with a response as proof, such as a letter or a mail."""

from __future__ import annotations

from msgspec import Struct

from domain.rules import Refused, require
from workflows.history import channels
from workflows.queries.record_reader import Record


class EvidenceFile(Struct, frozen=True):
    """The bytes of such a file, and whether it is a message that came by mail."""

    content: bytes
    by_mail: bool


class EvidenceFileQueries(Struct, frozen=True):
    """Reads evidence files."""

    record: Record

    def get(self, organisation: str, window: str, number: int) -> EvidenceFile:
        """The evidence file that came with a response.

        It is signed, so it names who sent it. Raises Refused where names are withheld, or where
        there is none.
        """
        history = self.record.history(organisation)
        state = self.record.context_of(history).window(window)
        withheld = state.policy.names_withheld
        require("known", not withheld, "names are withheld in this procedure, and papers with them")
        response = state.received(number).response
        cited = response.evidence
        require("known", cited, f"no paper came with response {number}")
        try:
            return EvidenceFile(history.content(cited), channels.is_mail(response.channel))
        except KeyError as error:
            raise Refused("known", f"the paper of response {number} lies elsewhere") from error

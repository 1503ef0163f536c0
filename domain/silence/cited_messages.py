"""Messages that are registered as responses: each once in a procedure, or again on purpose.

Two officers who read the same mailbox may register the same message. The states that the decision
looks at are those at the moment of recording, whichever process records it, so that one of them is
told of the other.
"""

from __future__ import annotations

from domain.messages import Order
from domain.rules import require
from domain.silence.events import Response
from domain.silence.window import Window


def rests_on(response: Response, sha256: str) -> bool:
    """Whether a response was registered because of the message with this SHA-256.

    Of a message that is too large for the record, how it came names the hash.
    """
    return response.evidence == sha256 or sha256 in response.channel


def require_registered_once(window: Window, order: Order) -> None:
    """Refuse to register a message once more where more rest on it than its sender knows of."""
    cited = order.cites
    if cited is None:
        return
    found = [each.number for each in window.responses if rests_on(each.response, cited.sha256)]
    numbers = ", ".join(map(str, found))
    because = f"this message is registered already in {window.id}: response {numbers}"
    require("registered-once", len(found) <= cited.known, because)

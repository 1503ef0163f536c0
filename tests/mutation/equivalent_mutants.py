"""Changes that change nothing that matters: for each module the changed lines, and why."""

from __future__ import annotations

from typing import Final

_BOUND: Final = "a bound chosen by measuring; what it bounds is tested with another one"

EQUIVALENT_MUTANTS: Final[dict[str, dict[tuple[str, ...], str]]] = {
    "domain/silence/response_decisions.py": {
        (
            (
                "-        margin if margin and shift(end, -margin) <= order.received_at"
                " < shift(end, margin) else none"
            ),
            (
                "+        margin if margin and shift(end, -margin) <= order.received_at"
                " < shift(margin, end) else none"
            ),
        ): "A moment and a span are added in either order; no deadline is near the end of time.",
    },
    "workflows/commands/queue.py": {
        ("-MOST_PER_TRANSACTION: Final = 64", "+MOST_PER_TRANSACTION: Final = 65"): _BOUND,
        ("-MOST_PER_TRANSACTION: Final = 64", "+MOST_PER_TRANSACTION: Final = 63"): _BOUND,
        ("-POLL_SECONDS: Final = 1.0", "+POLL_SECONDS: Final = 2.0"): _BOUND,
        ("-POLL_SECONDS: Final = 1.0", "+POLL_SECONDS: Final = 0.0"): _BOUND,
        (
            (
                "-            if entry.error and"
                " self._journal.events_of_command(entry.order.command_id):"
            ),
            "+            if (self._journal.events_of_command(entry.order.command_id)):",
        ): "The store itself refuses a second command of one id; to ask before is only slower.",
    },
}
"""By module: the lines taken out and put in, as in a patch, and why no test could tell."""

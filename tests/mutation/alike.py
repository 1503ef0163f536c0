"""Changes that change nothing that matters: for each module the changed lines, and why."""

from __future__ import annotations

from typing import Final

_BOUND: Final = "a bound chosen by measuring; what it bounds is tested with another one"

ALIKE: Final[dict[str, dict[tuple[str, ...], str]]] = {
    "workflows/waiting.py": {
        ("-TOGETHER: Final = 64", "+TOGETHER: Final = 65"): _BOUND,
        ("-TOGETHER: Final = 64", "+TOGETHER: Final = 63"): _BOUND,
        ("-LOOKS: Final = 1.0", "+LOOKS: Final = 2.0"): _BOUND,
        ("-LOOKS: Final = 1.0", "+LOOKS: Final = 0.0"): _BOUND,
    },
}
"""By module: the lines taken out and put in, as in a patch, and why no test could tell."""

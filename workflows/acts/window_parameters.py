"""Parameters that several acts on a silence procedure ask for."""

from __future__ import annotations

from typing import Any, Final

from workflows.acts.parameter import N_, Option, Parameter, Widget

REASON: Final = Parameter[Any](
    path="reason",
    label=N_("Reason"),
    widget=Widget.LONG,
    option=Option("Why; it goes into the record."),
)
"""Why it is done; it must be given where the command has no default for it."""

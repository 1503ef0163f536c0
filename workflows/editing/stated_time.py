"""When what a list tells happened, as the questions above it ask: a day, and its hour if known."""

from __future__ import annotations

from typing import Any, Final

from domain.times import UNKNOWN, When
from workflows.acts.parameter import N_, Parameter
from workflows.editing.days import is_day
from workflows.editing.editing import Answer
from workflows.editing.rows import Draft, Fault

DAY: Final = "happened"
HOUR: Final = "happened-hour"
OFFSET: Final = "happened-offset"
NO_TIME: Final = N_("This is no time: write the day as 2026-03-20, and the hour as 14:30.")


def questions(parameter: Parameter[Any]) -> tuple[Answer[Any], ...]:
    """The questions that ask what a parameter asks in forms."""
    assert isinstance(parameter.label, str) and isinstance(parameter.hint, str)  # noqa: S101, PT018
    return (
        Answer(name=DAY, label=parameter.label, hint=parameter.hint, kind="day"),
        Answer(
            name=HOUR,
            label=N_("At what hour"),
            hint=N_("Empty where it is not known. Local time of the body."),
            kind="hour",
        ),
        Answer(
            name=OFFSET,
            label=N_("Offset from UTC, such as +02:00"),
            hint=N_("Only for a time that clocks show twice, in the night of a change."),
        ),
    )


def read(draft: Draft, zone: str) -> tuple[When, tuple[Fault, ...]]:
    """When it happened, in local time of `zone`; unknown where that is not, or wrongly, said."""
    day, hour, offset = (draft.answer(name) for name in (DAY, HOUR, OFFSET))
    if not (day or hour):
        return UNKNOWN, ()
    wrong = Fault(line=0, why=NO_TIME, column=DAY)
    if not is_day(day):
        return UNKNOWN, (wrong,)
    try:
        return When(f"{day}T{hour}{offset}[{zone or 'UTC'}]" if hour else day), ()
    except ValueError:
        return UNKNOWN, (wrong,)

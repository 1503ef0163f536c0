"""Fields of forms, and what somebody has put into them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from domain.instants import RepeatedTime, SkippedTime
from domain.times import YEARS, When
from web.i18n.labels import N_
from workflows.acts.request import NOT_OFFERED
from workflows.history.sentences.wording import Translate

LONGEST: Final = 20_000
"""How many characters may stand in one field."""


@dataclass(frozen=True)
class Choice:
    """One of the answers that a field offers, with a sentence on what it does."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Field:
    """One question of a form, in the reader's language.

    `kind` is `text`, `long`, `one`, `many`, `select`, `moment`, `day`, `number`, `file` or
    `fixed`. What is `fixed` is shown and sent along unchanged. Fields with the same `fold` stand
    together, folded away under these words. `value` is what stands in it at first.
    """

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    required: bool = False
    fold: str = ""
    language: str = ""
    value: tuple[str, ...] = ()


class FieldError(Exception):
    """What somebody put into a field cannot be taken; says why, in the reader's language."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field, self.why = field, why


class FormErrors(Exception):
    """What is wrong with a form, field by field, in the reader's language."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(faults.values()))
        self.faults = faults


@dataclass(frozen=True)
class Values:
    """What stands in the fields of a form, as it was sent; nothing of it is believed."""

    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The text of a field, without spaces around it; empty where there is none."""
        text = next(iter(self.texts.get(name, ())), "")
        return text.replace("\r\n", "\n").strip()

    def many(self, name: str) -> tuple[str, ...]:
        """What was ticked, or stands on the lines of a text; each once."""
        lines = (line.strip() for text in self.texts.get(name, ()) for line in text.splitlines())
        return tuple(dict.fromkeys(line for line in lines if line))

    def lines(self, name: str) -> tuple[str, ...]:
        """The lines of a text in their order, without the empty ones."""
        return tuple(filter(None, map(str.strip, self.text(name).splitlines())))

    def shown(self, field: Field) -> Sequence[str]:
        """What stands in a field."""
        return self.texts.get(field.name, field.value)

    def moment(self, name: str, zone: str, say: Translate) -> When:
        """A local time of `zone`, to the minute or the second. Raises FieldError.

        A time that clocks show twice needs its offset from UTC, in the field `NAME-offset`.
        """
        text, offset = self.text(name), self.text(f"{name}-offset")
        try:
            local = datetime.fromisoformat(text if "T" in text else "")
            why = OUT_OF_REACH if local.year not in YEARS else NO_TIME
        except ValueError:
            raise FieldError(name, say(NO_TIME)) from None
        if local.tzinfo:
            raise FieldError(name, say(NO_TIME))
        if offset:
            why = OTHER_OFFSET
            offset = offset if offset[0] in "+-" else "?"
        try:
            return When(f"{local.isoformat()}{offset}[{zone}]")
        except SkippedTime:
            why = SKIPPED
        except RepeatedTime:
            why = REPEATED
        except ValueError:
            pass
        raise FieldError(name, say(why) % {"zone": zone})

    def day(self, name: str, say: Translate) -> When:
        """A day, as `2026-03-20`. Raises FieldError."""
        try:
            day = date.fromisoformat(self.text(name))
        except ValueError:
            raise FieldError(name, say(NO_DAY)) from None
        if day.year not in YEARS:
            raise FieldError(name, say(OUT_OF_REACH))
        return When(day.isoformat())


def field_errors(fields: Sequence[Field], values: Values) -> dict[str, str]:
    """What is missing, too long or not offered, by field; English texts for the catalogues."""
    found: dict[str, str] = {}
    for form_field in fields:
        given = [text for text in values.texts.get(form_field.name, ()) if text.strip()]
        offered = {choice.value for choice in form_field.choices}
        if form_field.required and not given:
            found[form_field.name] = MISSING
        elif any(len(text) > LONGEST for text in given):
            found[form_field.name] = TOO_LONG
        elif form_field.choices and not {*given} <= offered:
            found[form_field.name] = NOT_OFFERED
    return found


MISSING: Final = N_("This is needed.")
NO_DAY: Final = N_("This is no day: write it as 2026-03-20.")
NO_TIME: Final = N_("This is no time with its hour: write it as 2026-03-20T14:30.")
OUT_OF_REACH: Final = N_("This lies too far away: years run from 1800 to 2199.")
SKIPPED: Final = N_("Clocks of %(zone)s skip this time in spring: it does not exist.")
REPEATED: Final = N_(
    "This time occurs twice in %(zone)s, as clocks go back: say which, by its offset from UTC."
)
OTHER_OFFSET: Final = N_("This is not the offset of %(zone)s from UTC at that time.")
TOO_LONG: Final = N_("This is too long: at most 20,000 characters can be taken.")

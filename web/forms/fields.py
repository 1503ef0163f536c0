"""Fields of forms, and what somebody has put into them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final

from domain.confusables import comparison_key
from domain.instants import RepeatedTime, SkippedTime
from domain.times import UNKNOWN, YEARS, When
from web.i18n.labels import N_
from workflows.acts.request import NOT_OFFERED
from workflows.history.sentences.wording import Translate

CHOSEN: Final = frozenset({"select", "many", "pick", "picks"})
"""The kinds of fields in which a name may stand for the id of a choice."""
FEWEST: Final = 3
MORE: Final = 2
"""How many inputs there are at least where several choices are written, and how many are empty."""
LONGEST: Final = 20_000
"""How many characters may stand in one field."""


@dataclass(frozen=True)
class Choice:
    """One of the answers that a field offers, with a sentence on what it does.

    `called` are the names that may be written for it, beside its label and its value.
    """

    value: str
    label: str
    hint: str = ""
    called: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Field:
    """One question of a form, in the reader's language.

    `kind` is `text`, `long`, `one`, `many`, `select`, `pick`, `picks`, `moment`, `day`, `hour`,
    `colour`, `number`, `file` or `fixed`. In `pick` one of many choices is written, and in `picks`
    several: by a name, by the id, or as the list under it has it. What is `fixed` is shown and sent
    along unchanged. Fields with the same `fold` stand together, folded away under these words.
    `value` is what stands in it at first.
    """

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    required: bool = False
    one_of: bool = False
    """Whether it or its like in another language must be given."""
    fold: str = ""
    language: str = ""
    value: tuple[str, ...] = ()
    for_kinds: tuple[str, ...] = ()
    """The kinds of what comes under silence with which it is asked for; empty for all."""

    @property
    def is_written(self) -> bool:
        """Whether its choices are so many that one writes which is meant."""
        return self.kind in {"pick", "picks"}

    def meant(self, text: str) -> tuple[str, ...]:
        """The values of the choices that a text may mean: one where it is clear.

        A value or a label is clear by itself; a name may be that of several.
        """
        for choice in self.choices:
            if text in {choice.value, choice.label}:
                return (choice.value,)
        written = comparison_key(text)
        named = (
            choice.value
            for choice in self.choices
            if written in {comparison_key(name) for name in (choice.label, *choice.called)}
        )
        return tuple(dict.fromkeys(named))

    def inputs(self, given: Sequence[str]) -> list[str]:
        """What stands in its inputs: labels for values, or what was written; and empty ones."""
        known = {choice.value: choice.label for choice in self.choices}
        written = [known.get(text, text) for text in given]
        if self.kind == "picks":
            return [*written, *[""] * max(FEWEST - len(written), MORE)]
        return written[:1] or [""]


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

    def resolved(self, fields: Sequence[Field]) -> Values:
        """The same with the ids of choices for their names, where it is clear which is meant."""
        texts = dict(self.texts)
        for each in fields:
            if each.kind in CHOSEN and each.name in texts:
                given = [text.strip() for text in texts[each.name] if text.strip()]
                meant = [(each.meant(text), text) for text in given]
                clear = [found[0] if len(found) == 1 else text for found, text in meant]
                texts[each.name] = list(dict.fromkeys(clear))
        return Values(texts)

    def moment(self, name: str, zone: str, say: Translate) -> When:
        """A local time of `zone`, to the minute or the second. Raises FieldError.

        A time that clocks show twice needs its offset from UTC, in the field `NAME-offset`.
        """
        return self._local(name, self.text(name), zone, say)

    def day_and_hour(self, name: str, zone: str, say: Translate) -> When:
        """A day, or with the hour in the field `NAME-hour` a local time of `zone`.

        Unknown where both are empty. Raises FieldError, also for an hour without its day.
        """
        hour = self.text(f"{name}-hour")
        if not (hour or self.text(name)):
            return UNKNOWN
        day = self.day(name, say)
        if not hour:
            return day
        try:
            time.fromisoformat(hour)
        except ValueError:
            raise FieldError(f"{name}-hour", say(NO_HOUR)) from None
        return self._local(name, f"{day}T{hour}", zone, say)

    def _local(self, name: str, text: str, zone: str, say: Translate) -> When:
        """A local time that is written as `2026-03-20T14:30`. Raises FieldError."""
        offset = self.text(f"{name}-offset")
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
            found[form_field.name] = _not_offered(form_field, given)
    return found


def _not_offered(form_field: Field, given: Sequence[str]) -> str:
    """What is wrong with what is none of the choices."""
    if not form_field.is_written:
        return NOT_OFFERED
    several = any(len(form_field.meant(text.strip())) > 1 for text in given)
    return AMBIGUOUS if several else UNKNOWN_NAME


AMBIGUOUS: Final = N_("Several are called so: choose from the list, or write the id.")
UNKNOWN_NAME: Final = N_("Nothing here is called so: choose from the list, or write the id.")
MISSING: Final = N_("This is needed.")
NO_DAY: Final = N_("This is no day: write it as 2026-03-20.")
NO_TIME: Final = N_("This is no time with its hour: write it as 2026-03-20T14:30.")
NO_HOUR: Final = N_("This is no hour: write it as 14:30.")
OUT_OF_REACH: Final = N_("This lies too far away: years run from 1800 to 2199.")
SKIPPED: Final = N_("Clocks of %(zone)s skip this time in spring: it does not exist.")
REPEATED: Final = N_(
    "This time occurs twice in %(zone)s, as clocks go back: say which, by its offset from UTC."
)
OTHER_OFFSET: Final = N_("This is not the offset of %(zone)s from UTC at that time.")
TOO_LONG: Final = N_("This is too long: at most 20,000 characters can be taken.")

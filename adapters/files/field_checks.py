"""What is wrong with a value in a file, said with its line and field, in plain words."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Final, NoReturn, Union, get_args, get_origin

from adapters.codec import field_types, is_struct
from adapters.files.located_yaml import Lines, field_name
from domain.instants import UnclearTime
from domain.ports.errors import CaseError
from domain.times import When

if TYPE_CHECKING:
    import jsonschema

Place = tuple[str | int, ...]

LONGEST: Final = 300
"""How many known words a message lists, in characters."""
_WANTED: Final = {
    "object": "fields with their values are expected here",
    "array": "a list is expected here",
    "string": "a word or a text is expected here",
}


class Checks:
    """One file, and what is needed to say where in it something is wrong."""

    def __init__(self, file: str, lines: Lines) -> None:
        self._file, self._lines = file, lines

    def line(self, place: Place) -> int:
        """The line of a value, or of the nearest thing around it."""
        return next(
            self._lines[place[:n]] for n in range(len(place), -1, -1) if place[:n] in self._lines
        )

    def fail(self, place: Place, what: str) -> NoReturn:
        """Raise CaseError, naming file, line and field."""
        raise CaseError(self._file, self.line(place), field_name(place), what)

    def check_schema(
        self,
        place: Place,
        value: Any,
        schema: Mapping[str, Any],
        spared: Collection[str] = frozenset(),
    ) -> None:
        """Raise CaseError for a value that does not fit a schema.

        Lists of words with a title that is `spared` are not asked.
        """
        import jsonschema  # noqa: PLC0415 (3 MB, for files of people only)

        validator = jsonschema.Draft202012Validator(schema)
        errors = [
            error
            for error in validator.iter_errors(value)
            if not (error.validator == "enum" and _title(error) in spared)
        ]
        mistyped = (error for error in errors if error.validator == "additionalProperties")
        found = next(mistyped, None) or jsonschema.exceptions.best_match(errors)
        if found is None:
            return
        where = (*place, *found.absolute_path)
        if found.validator == "additionalProperties":
            known = found.schema.get("properties", {})
            strange = next(key for key in found.instance if key not in known)
            self.fail((*where, strange), unknown_word(strange, known, "field"))
        if "propertyNames" in found.absolute_schema_path:
            where = (*where, str(found.instance))
        self.fail(where, _said(found))

    def check_times(self, place: Place, value: Any, kind: Any) -> None:
        """Raise CaseError for a time, anywhere in a value of this kind, that cannot be read."""
        origin, inner = get_origin(kind), get_args(kind)
        if origin in {Union, UnionType}:
            self.check_times(
                place, value, next(member for member in inner if member is not NoneType)
            )
        elif kind is When:
            self.parse_when(place, value)
        elif origin is tuple and isinstance(value, list):
            for number, item in enumerate(value):
                self.check_times((*place, number), item, inner[0])
        elif isinstance(value, Mapping):
            hints = field_types(kind) if is_struct(kind) else dict.fromkeys(value, inner[-1])
            for name, item in value.items():
                self.check_times((*place, name), item, hints[name])

    def parse_when(self, place: Place, value: str) -> When:
        """The time that is written here. Raises CaseError."""
        try:
            return When(value)
        except UnclearTime as error:
            self.fail(place, str(error))


def _title(error: jsonschema.ValidationError) -> str:
    schema: Any = error.schema
    return str(schema.get("title", ""))


def _said(error: jsonschema.ValidationError) -> str:
    """What does not fit, without the notation of schemas."""
    value: Any = error.instance
    wanted: Any = error.validator_value
    schema: Any = error.schema
    match error.validator:
        case "required":
            return f"{next(key for key in wanted if key not in value)} is missing"
        case "enum":
            return unknown_word(value, wanted, schema.get("title", "word known here"), listed=True)
        case "pattern":
            return f"{shorten(value)} is not {schema.get('description', 'written as it must be')}"
        case "type":
            got = (
                "fields"
                if isinstance(value, dict)
                else "a list"
                if isinstance(value, list)
                else shorten(value)
            )
            return f"{_WANTED.get(wanted, wanted)}, not {got}"
        case "minLength" | "minProperties" | "minItems":
            return "there is nothing here; leave it out, or say what it is"
    return f"{shorten(value)} does not fit here"


def shorten(value: object) -> str:
    """A value for a message, cut when it is long."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def unknown_word(word: object, known: Collection[str], kind: str, *, listed: bool = False) -> str:
    """That a word is none of those that are known, with the nearest.

    All that are known are listed where none is near, or where that is asked for and they fit.
    """
    near = difflib.get_close_matches(str(word)[:80], known, n=1)
    between = "; " if any("," in candidate for candidate in known) else ", "
    words = between.join(sorted(candidate for candidate in known if candidate))
    listing = f"; known are {words}" if not near or (listed and len(words) <= LONGEST) else ""
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"{shorten(word)} is no {kind}{listing}{hint}"

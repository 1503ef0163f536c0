"""What an editing page shows of columns and faults, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec import structs

from domain.languages import LANGUAGES
from web.forms.submitted_list import FILE, LINES, Sent
from web.i18n.catalogues import Catalogue
from web.i18n.details import details_of
from workflows.editing.editing import Say
from workflows.editing.rows import Column, Fault


@dataclass(frozen=True)
class ShownFaults:
    """Faults by line, in words; true if there are any."""

    found: Sequence[tuple[int, str, str]]
    """The line, the column, and the words."""
    lines: Sequence[str] = ()
    """The lines as they were written, where there are lines."""

    @classmethod
    def of_page(cls, faults: Sequence[Fault], written: Sent, catalogue: Catalogue) -> ShownFaults:
        """The faults of a page as it was sent."""
        sentence = [(fault.line, fault.column, _in_words(fault, catalogue)) for fault in faults]
        lines = written.text.split("\n") if written.mode == LINES else ()
        return cls(sorted(dict.fromkeys(sentence), key=lambda fault: fault[0]), lines)

    def __bool__(self) -> bool:
        return bool(self.found)

    @property
    def listed(self) -> list[tuple[int, str]]:
        """All of them with their lines."""
        return [(line, sentence) for line, _, sentence in self.found]

    def of(self, line: int, column: str) -> list[str]:
        """What is wrong with a cell; without a column, with the line as a whole."""
        return [sentence for at, of, sentence in self.found if (at, of) == (line, column)]

    def any(self, line: int) -> bool:
        """Whether something is wrong with a line."""
        return any(at == line for at, _, _ in self.found)

    def any_of(self, line: int, columns: Sequence[Column]) -> bool:
        """Whether something is wrong with one of these cells of a line."""
        return any(self.of(line, column.name) for column in columns)

    def answer(self, field: str) -> str:
        """What is wrong with the answer in a field above the rows."""
        return " ".join(self.of(0, field.removeprefix("a-")))

    def written(self, line: int) -> str:
        """A line as it was written."""
        return self.lines[line - 1] if 0 < line <= len(self.lines) else ""


def _in_words(fault: Fault, catalogue: Catalogue) -> str:
    """A fault in the reader's language, also where it repeats why a file cannot be read."""
    words = dict(fault.words)
    if fault.column == FILE:
        words["other"] = details_of(catalogue).plain(words["other"]) or words["other"]
    return catalogue.texts.gettext(fault.why) % words


def shown_columns(columns: Sequence[Column], language: str, say: Say) -> list[Column]:
    """Columns with their labels in words.

    Of texts in several languages, those in the reader's own are open and the others folded away.
    """
    found = []
    for column in columns:
        words = {"language": say(LANGUAGES[column.language])} if column.language else {}
        fold = column.language != language if column.language else column.fold
        label = say(column.label) % words
        found.append(structs.replace(column, label=label, fold=fold))
    tongues = [column for column in found if column.language]
    others = [column for column in found if not column.language]
    first = [column for column in others if not column.fold]
    last = [column for column in others if column.fold]
    return [*first, *sorted(tongues, key=lambda column: column.fold), *last]

"""Reading the files that people hand to the command line: cases, calendars, papers, texts, keys."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from adapters.codec import JsonCodec
from adapters.files import (
    bounded_files,
    calendars,
    case_schema,
    directory_text,
    national_holidays,
    spreadsheets,
)
from adapters.files.case_reader import CaseFiles
from adapters.files.certificates import read_certificate
from domain.body.commands import PublishCalendar
from domain.cases import Case, Step
from domain.ports.address_book import Directory
from domain.ports.certificates import Certificate
from domain.ports.errors import Unavailable


class FileReaders:
    """The port `InputFiles`."""

    def __init__(self, codec: JsonCodec) -> None:
        self._cases = CaseFiles(codec)

    def case(self, path: Path, moment: datetime | None = None) -> Case:
        """A case file. Raises CaseError naming file, line and field."""
        return self._cases.read(path, moment)

    def step(self, path: Path) -> Step:
        """A file with one step. Raises CaseError."""
        return self._cases.read_step(path)

    def case_schema(self) -> Mapping[str, Any]:
        """The JSON Schema of case files."""
        return case_schema.schema_document()

    def calendar(self, path: Path, body: str) -> PublishCalendar:
        """What a calendar file lets a body publish. Raises CaseError, also for a draft."""
        return calendars.read_calendar(path, body)

    def calendar_draft(self, duty_station: str, year: int, country: str) -> str:
        """A calendar file to be edited, with the country's national holidays. Raises Refused."""
        days = national_holidays.national_holidays(country, year)
        return calendars.draft_calendar(
            duty_station, year, country, national_holidays.library_version(), days
        )

    def address_book(self, path: Path) -> Directory:
        """A file with addresses. Raises CaseError naming file, line and field."""
        return directory_text.read_file(path)

    def table(self, content: bytes) -> str:
        """A table of a CSV file or a workbook as text. Raises UnreadableTable."""
        return spreadsheets.read_table(content)

    def content(self, path: Path) -> bytes:
        """The bytes of a file that people write. Raises Unavailable."""
        return bounded_files.read_file(path)

    def evidence(self, path: Path) -> bytes:
        """A paper or mail. Raises Unavailable for what has no end or is too large."""
        return bounded_files.read_file(path, bounded_files.LARGEST_EVIDENCE)

    def certificate(self, path: Path) -> Certificate:
        """The certificate of a server. Raises Unavailable."""
        return read_certificate(path)

    def text(self, path: Path) -> str:
        """A text, without a byte order mark and its last line end. Raises Unavailable."""
        try:
            return bounded_files.read_file(path).decode("utf-8-sig").removesuffix("\n")
        except UnicodeDecodeError as error:
            strange = f"byte {error.start + 1} is not UTF-8"
            raise Unavailable(f"{path} cannot be read: {strange}.") from error


def receipts_in(folder: Path) -> dict[str, bytes]:
    """The receipts in a folder, by their file names. Raises Unavailable."""
    try:
        return {file.name: bounded_files.read_file(file) for file in sorted(folder.glob("*.txt"))}
    except OSError as error:
        raise Unavailable(f"{folder} cannot be read: {error.strerror}.") from error

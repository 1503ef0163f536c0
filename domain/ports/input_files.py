"""The port of files that people hand to the program."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from domain.body.commands import PublishCalendar
from domain.cases import Case, Step
from domain.ports.address_book import Directory
from domain.ports.certificates import Certificate


class InputFiles(Protocol):
    """Reads files. Its methods raise CaseError (file, line, field) or Unavailable."""

    def case(self, path: Path, moment: datetime | None = None) -> Case:
        """A case file; times written as `now - 3 days` count from `moment`."""

    def step(self, path: Path) -> Step:
        """A file with one step."""

    def case_schema(self) -> Mapping[str, Any]:
        """The JSON Schema of case files."""

    def calendar(self, path: Path, body: str) -> PublishCalendar:
        """What a calendar file lets a body publish."""

    def calendar_draft(self, duty_station: str, year: int, country: str) -> str:
        """A calendar file to be edited, with the country's national holidays. Raises Refused."""

    def address_book(self, path: Path) -> Directory:
        """A file with addresses."""

    def table(self, content: bytes) -> str:
        """A table as text, with cells as in CSV or between tabs. Raises UnreadableTable only."""

    def content(self, path: Path) -> bytes:
        """The bytes of a file that people write."""

    def evidence(self, path: Path) -> bytes:
        """A paper or mail that is to be kept as evidence."""

    def certificate(self, path: Path) -> Certificate:
        """The certificate of a server."""

    def text(self, path: Path) -> str:
        """A text, without a byte order mark and its last line end."""

"""Reading tables from files: CSV, and the first sheet of an .xlsx workbook."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, Final

from domain.ports.spreadsheets import LARGEST_TABLE, UnreadableTable

MOST_ENTRIES: Final = 500
"""How many files a workbook may consist of."""
LARGEST_UNPACKED: Final = 64 * 2**20
"""How many bytes they may have together, once unpacked."""
HIGHEST_RATIO: Final = 200
"""The highest ratio of unpacked to packed size, for files above a mebibyte."""
MOST_LINES: Final = 5_001
MOST_CELLS: Final = 100


def read_table(content: bytes) -> str:
    """A table as text: that of a CSV file as it is; that of a workbook with tabs between cells.

    A workbook is recognised by its first bytes, whatever the file is called. Its numbers, days and
    truths are written as people write them (`3`, `2026-01-31`, `yes`). A formula is not evaluated:
    it stands there as it is, with `=` at its beginning. Raises UnreadableTable.
    """
    if len(content) > LARGEST_TABLE:
        raise UnreadableTable(f"it has more than {LARGEST_TABLE // 2**20} MiB")
    if content.startswith(b"PK"):
        return _workbook(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableTable("it is a workbook of an old kind, or locked: save it as .xlsx")
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableTable(f"byte {error.start + 1} is not UTF-8: save it as UTF-8") from error
    if "\0" in text:
        raise UnreadableTable("it is no text")
    return text


def _workbook(content: bytes) -> str:
    from openpyxl import load_workbook  # noqa: PLC0415 (it takes half a second, and few need it)

    try:
        _require_bounds(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not sheets:
            raise UnreadableTable("it has no sheet with a table")
        target = io.StringIO()
        csv.writer(target, delimiter="\t", lineterminator="\n").writerows(_lines(sheets[0]))
        return target.getvalue().rstrip("\n")
    except UnreadableTable:
        raise
    except Exception as error:  # whatever a broken file makes the library stumble over
        raise UnreadableTable("it is no workbook that can be read") from error


def _require_bounds(content: bytes) -> None:
    """Raise UnreadableTable before anything is unpacked that would become too large."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        entries = packed.infolist()
    if len(entries) > MOST_ENTRIES:
        raise UnreadableTable(f"it consists of more than {MOST_ENTRIES} files")
    if sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise UnreadableTable(f"it unpacks to more than {LARGEST_UNPACKED // 2**20} MiB")
    for entry in entries:
        large = entry.file_size > 2**20
        if large and entry.file_size > HIGHEST_RATIO * max(entry.compress_size, 1):
            raise UnreadableTable("it unpacks to far more than it holds")


def _lines(sheet: Any) -> Iterator[Sequence[str]]:
    """The rows of a sheet, whatever size it states of itself."""
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_CELLS), start=1):
        if number > MOST_LINES:
            raise UnreadableTable(f"it has more than {MOST_LINES - 1} lines")
        cells = [_text(cell.value) for cell in row]
        while len(cells) > 2 and not cells[-1]:
            cells.pop()
        yield [*cells, ""] if len(cells) < 2 else cells


def _text(value: Any) -> str:
    """What stands in a cell, as people write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value).replace("\r\n", "\n")

"""The messages that came by mail to a store in a folder: a file beside the log."""

from __future__ import annotations

from typing import Final

from adapters.mail.incoming_store import TABLES, StoredIncomingMail
from adapters.sqlite.operational_tables import TablesFile

FILE: Final = "mail.db"


class IncomingMailFile(TablesFile, StoredIncomingMail):
    """The port `IncomingMailStore` in a file, which is made with the first message or mailbox."""

    tables = TABLES

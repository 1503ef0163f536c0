"""What stores of every kind do alike: the port `Store` as far as it only needs rows."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from types import TracebackType
from typing import Any, ClassVar, Self

from adapters.eventstore import erasure
from adapters.eventstore.event_store import StoredHistory
from adapters.eventstore.integrity import Report, Tables, check
from adapters.eventstore.recorder import LogRecorder
from adapters.eventstore.statements import HEADS, LAST, NEWEST, ORGANISATIONS
from adapters.eventstore.text_keys import TextKeys
from domain.ports.event_store import Head
from domain.ports.store import Store
from domain.ports.text_proofs import TextProof


class LogStore(Store):
    """A store that is known by its `marks`; close it, or use it as a context.

    A virtual one is thrown away, and may hold simulated acts.
    """

    sealed_from: ClassVar[int]
    """The first version of the tables of a store whose texts are sealed."""

    def __init__(self, marks: Mapping[str, str], keys: TextKeys, *, read_only: bool) -> None:
        self._marks, self.read_only = marks, read_only
        self.text_keys = keys
        self._histories: dict[str, StoredHistory] = {}

    @abstractmethod
    def read(self, sql: str) -> Sequence[tuple[Any, ...]]:
        """What a query finds. Raises Unavailable."""

    @abstractmethod
    def recorder(self, organisation: str) -> LogRecorder:
        """The rows of one organisation."""

    @abstractmethod
    def tables(self) -> AbstractContextManager[Tables]:
        """All tables as they stand at one moment. Raises Unavailable."""

    @property
    def virtual(self) -> bool:
        """Whether it is a throw-away store, which may hold simulated acts."""
        return self._marks.get("virtual") == "yes"

    @property
    def format(self) -> int:
        """The version of its tables."""
        return int(self._marks["schema"])

    @property
    def seals(self) -> bool:
        """Whether texts that may hold personal data are sealed when they are recorded."""
        return self.format >= self.sealed_from

    @property
    def made_by(self) -> str:
        """The version of the program that made it."""
        return self._marks.get("program", "unknown")

    def organisations(self) -> Sequence[str]:
        """The organisations that have events, in alphabetical order."""
        return [name for (name,) in self.read(ORGANISATIONS)]

    def heads(self, organisation: str = "") -> Mapping[str, Head]:
        """Where each log ends, or only that of one organisation, in one read."""
        if organisation:
            found = self.recorder(organisation).read(LAST, organisation)
            rows = [(organisation, *columns) for columns in found]
        else:
            rows = [*self.read(HEADS)]
        return {
            name: Head(position, datetime.fromisoformat(recorded_at))
            for name, position, recorded_at in rows
        }

    def history(self, organisation: str) -> StoredHistory:
        """An organisation's history; nothing is created before its first append."""
        if organisation not in self._histories:
            self._histories[organisation] = StoredHistory(
                self.recorder(organisation), self.text_keys, seals=self.seals
            )
        return self._histories[organisation]

    def newest(self) -> datetime | None:
        """When the newest event was recorded; None for none, and where time is simulated."""
        ((newest,),) = self.read(NEWEST)
        return datetime.fromisoformat(newest) if newest and not self.virtual else None

    def check(self) -> Report:
        """Read everything and compare it with its hashes; see `adapters.eventstore.integrity`."""
        with self.tables() as tables:
            return check(tables, self.text_keys)

    def destroy_erased_texts(self) -> int:
        """Destroy the keys of texts that are erased; see `adapters.eventstore.erasure`."""
        histories = [self.history(name) for name in self.organisations()]
        return erasure.destroy_erased_texts(histories, self.text_keys, self.forget_deleted)

    def text_proof(self, organisation: str, position: int) -> TextProof:
        """What proves the texts of an event; see `adapters.eventstore.erasure`."""
        return erasure.text_proof(self.history(organisation), position)

    @abstractmethod
    def forget_deleted(self) -> None:
        """Overwrite what was deleted in files and tables that once held texts beside the log.

        Raises Unavailable.
        """

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

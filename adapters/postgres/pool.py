"""The pool of psycopg_pool, whose clients hear at once why the server cannot be reached.

The library's pool goes on trying by itself, and callers that wait get a timeout only. Here all of
them get the error of an attempt that failed twice, since they have to answer somebody.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Final

from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from adapters.postgres.session import Connection, options_of

WORKERS: Final = 2
"""Threads that open connections; no connection is opened by the one who asks for it."""
logging.getLogger("psycopg.pool").addHandler(logging.NullHandler())  # its clients hear it instead


class Pool(ConnectionPool[Connection]):
    """At most `most` connections, opened when they are wanted; `configure` is told each new one."""

    def __init__(
        self,
        url: str,
        settings: Mapping[str, str],
        configure: Callable[[Connection], None],
        *,
        most: int,
        timeout: float,
    ) -> None:
        self._reason, self._began = Exception(), 0.0
        super().__init__(
            url,
            connection_class=Connection,
            kwargs=options_of(settings),
            configure=configure,
            min_size=0,
            max_size=most,
            timeout=timeout,
            reconnect_timeout=0.0,
            num_workers=WORKERS,
            open=True,
        )

    def reconnect_failed(self) -> None:
        """Tell all who wait why no connection can be opened; the next client lets it be tried."""
        with self._lock:
            waiting = [*self._waiting]
            self._waiting.clear()
        for client in waiting:
            client.fail(self._reason)

    def taken(self) -> Connection:
        """A connection. Raises PoolTimeout, PoolClosed, and why an attempt to open one failed.

        An attempt that began before this call tells how it was: another one is waited for.
        """
        started = monotonic()
        while True:
            try:
                return self.getconn()
            except (PoolClosed, PoolTimeout):
                raise
            except Exception:
                if self._began >= started:
                    raise

    def _connect(self, timeout: float | None = None) -> Connection:
        began = monotonic()
        try:
            return super()._connect(timeout)
        except Exception as error:
            self._reason, self._began = error, began
            raise

"""Statements on the tables of an outbox that SQLite and PostgreSQL understand alike."""

from __future__ import annotations

from typing import Final

TABLES: Final = {
    "follower": ("organisation", "began", "position"),
    "message": (
        "key",
        "organisation",
        '"window"',
        "about",
        "occasion",
        "addressee",
        "office",
        "position",
        "queued_at",
        "state",
        "attempts",
        "next_at",
        "via",
        "reason",
        "answer",
        "batch",
        "recorded",
    ),
    "parked": ("organisation", "stream", "position", "because"),
    "handed": ("key", "address", "state"),
}
"""The columns of each table, but for `rowid`, which says in which order rows came."""

QUEUED: Final = (
    'organisation, "window", about, occasion, addressee, position, office,'
    " state, attempts, queued_at, next_at, answer, reason, via"
)
"""What makes a `QueuedNotice`; see `outbox_rows.queued_of`."""
SELECT: Final = f"SELECT {QUEUED} FROM message"  # noqa: S608 (made of constants)
BY_KEY: Final = f"{SELECT} WHERE key = ?"
BY_REFERENCE: Final = f"{SELECT} WHERE key >= ? AND key < ? LIMIT 2"
ALL: Final = f"{SELECT} ORDER BY rowid"
PRINTED: Final = f"{SELECT} WHERE state = 'printed' LIMIT 1"
UNSENT: Final = f"{SELECT} WHERE state IN ('waiting', 'being sent') ORDER BY rowid"
WAITING_BECAUSE: Final = f"{SELECT} WHERE state = 'waiting' AND reason = ? LIMIT 1"
ABANDONED: Final = f"{SELECT} WHERE state = 'given up' AND reason = ?"
COUNTS: Final = (
    'SELECT organisation, "window", office, state, count(*) FROM message'
    ' GROUP BY organisation, "window", office, state'
)
ACCEPTED_LATER: Final = (
    f'{SELECT} JOIN (SELECT rowid AS place, organisation AS o, "window" AS w, about AS a,'  # noqa: S608 (made of constants)
    " addressee AS s, office AS f FROM message WHERE key = ?) AS earlier"
    ' ON message.rowid > place AND organisation = o AND "window" = w AND about = a'
    " AND addressee = s AND office = f WHERE state = 'accepted' LIMIT 1"
)

_UNSENT: Final = "state IN ('waiting', 'being sent')"
_FIRST: Final = (
    "NOT EXISTS (SELECT 1 FROM message AS earlier"  # noqa: S608 (made of constants)
    " WHERE earlier.organisation = message.organisation"
    ' AND earlier."window" = message."window" AND earlier.addressee = message.addressee'
    f" AND earlier.office = message.office AND earlier.{_UNSENT}"
    " AND earlier.rowid < message.rowid)"
)
"""Letters to one addressee about one window leave in the order in which they were queued."""
_FREE: Final = (
    "((state = 'waiting' AND next_at <= ?) OR (state = 'being sent' AND next_at <= ?))"
    " AND " + _FIRST
)
DUE: Final = f"{SELECT} WHERE {_FREE} ORDER BY next_at, position, rowid LIMIT ?"
CLAIM: Final = (
    "UPDATE message SET state = 'being sent', attempts = attempts + 1, next_at = ?, via = ?"  # noqa: S608 (made of constants)
    f" WHERE key = ? AND {_FREE}"
)
IN_ORDER: Final = (
    "CREATE INDEX IF NOT EXISTS message_in_order"
    f' ON message (organisation, "window", addressee, office) WHERE {_UNSENT}'
)
"""Lets the earlier letters of an addressee be found."""

KEYS: Final = "SELECT key FROM message"
INSERT: Final = (
    f"INSERT INTO message ({', '.join(TABLES['message'])}) VALUES"  # noqa: S608 (made of constants)
    " (?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', 0, ?, '', '', '', '', 0) ON CONFLICT DO NOTHING"
)
HASTEN: Final = (
    "UPDATE message SET next_at = ? WHERE state = 'waiting' AND next_at > ?"
    ' AND organisation = ? AND "window" = ? AND addressee = ? AND office = ?'
)
REACHED: Final = (
    "UPDATE message SET next_at = ? WHERE state = 'waiting' AND next_at > ? AND reason = ?"
)
FINISH: Final = (
    "UPDATE message SET state = ?, reason = ?, answer = ?, next_at = ? WHERE key = ? AND state = ?"
)
REQUEUE_PRINTED: Final = (
    "UPDATE message SET state = 'waiting', next_at = ?, via = '' WHERE state = 'printed'"
)
REQUEUE: Final = (
    "UPDATE message SET state = 'waiting', next_at = ?, queued_at = ?, reason = '', batch = '',"
    " recorded = 0 WHERE key = ? AND state = 'given up'"
)

_UNGROUPED: Final = "state IN ('accepted', 'refused', 'given up') AND batch = ''"
ANY_UNGROUPED: Final = f"{SELECT} WHERE {_UNGROUPED} LIMIT 1"
FINISHED: Final = (
    'SELECT key, queued_at, organisation, "window", about, occasion, state, reason, via, office'  # noqa: S608 (made of constants)
    f" FROM message WHERE {_UNGROUPED} ORDER BY rowid"
)
BATCHED: Final = (
    'SELECT batch, organisation, "window", about, occasion, state, reason, via, addressee'
    " FROM message WHERE batch NOT IN ('', '-') AND recorded = 0 ORDER BY rowid"
)
SET_BATCH: Final = "UPDATE message SET batch = ? WHERE key = ?"
RECORDED: Final = "UPDATE message SET recorded = 1 WHERE batch = ?"

FOLLOWER: Final = "SELECT position, began FROM follower WHERE organisation = ?"
FOLLOW: Final = "INSERT INTO follower VALUES (?, 0, 0) ON CONFLICT DO NOTHING"
BEGIN: Final = "INSERT INTO follower VALUES (?, ?, 0)"
MOVE: Final = "UPDATE follower SET position = ? WHERE organisation = ? AND position = ?"
PARKED: Final = "SELECT stream, position, because FROM parked WHERE organisation = ?"
PARK: Final = "INSERT INTO parked VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
UNPARK: Final = "DELETE FROM parked WHERE organisation = ? AND stream = ?"

TAKEN: Final = (
    "INSERT INTO handed (key, address, state) VALUES (?, ?, 'taken')"
    " ON CONFLICT (key, address) DO UPDATE SET state = excluded.state"
)
TAKERS: Final = "SELECT address, state FROM handed WHERE key = ? ORDER BY rowid"
FORGET_HANDED: Final = (
    "DELETE FROM handed WHERE lower(address) = lower(?) AND key IN"
    " (SELECT key FROM message WHERE state NOT IN ('waiting', 'being sent'))"
)
"""Which letters a mailbox took; those that are still under way stay, so that none leaves twice."""
FORGET_ANSWERS: Final = "UPDATE message SET answer = '' WHERE lower(answer) LIKE lower(?)"
LAST_HANDED: Final = (
    "SELECT address, handed.state, queued_at FROM handed"
    " JOIN message ON message.key = handed.key WHERE lower(address) IN"
    " (SELECT lower(address) FROM handed WHERE state = 'bounced') ORDER BY message.rowid"
)
"""The letters of mailboxes from which one came back, in the order in which they were queued."""
BOUNCED: Final = "UPDATE handed SET state = 'bounced' WHERE key = ? AND address = ?"

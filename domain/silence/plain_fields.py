"""Under which name each value of a window is written as JSON, and where it stands.

The names and their order are those that readers outside know; they stay when values move.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PLAIN_FIELDS: Final[Mapping[str, str]] = {
    "id": "id",
    "body": "terms.body",
    "subject": "terms.subject",
    "text_hash": "terms.text_hash",
    "roster_hash": "terms.roster_hash",
    "seats": "terms.seats",
    "policy": "terms.policy",
    "opened": "terms.opened",
    "closes": "clock.closes",
    "deadline": "clock.deadline",
    "length": "terms.length",
    "attested": "terms.attested",
    "channel": "terms.channel",
    "mandate": "terms.mandate",
    "relaunch_of": "terms.relaunch_of",
    "responses": "responses",
    "delivered": "notices.delivered",
    "undelivered": "notices.undelivered",
    "excused": "notices.excused",
    "broken": "result.broken",
    "broken_whole": "result.broken_whole",
    "lapsed": "result.lapsed",
    "ended": "result.ended",
    "approved": "result.approved",
    "suspended": "clock.suspended",
    "first_closes": "terms.first_closes",
    "since": "clock.since",
    "ran_microseconds": "clock.ran_microseconds",
    "holds": "review.holds",
    "held_so_far": "review.held_so_far",
    "superseded": "result.superseded",
    "reviewed": "review.reviewed",
    "in_doubt": "result.in_doubt",
    "revoked": "result.revoked",
    "announced": "follow_up.announced",
    "referred": "follow_up.referred",
    "shared": "follow_up.shared",
    "told": "result.stated",
    "decided": "follow_up.decided",
    "revisions": "follow_up.revisions",
}

"""How a response came, as the record says it; of mail also how its time of receipt is known."""

from __future__ import annotations

from typing import Final

from domain.incoming_mail import INTERNALDATE, MAILDIR_TIME, STATED, TRACE
from workflows.history.sentences.wording import Translate

_MAIL: Final = "mail; time of receipt: "
_OUTSIDE: Final = "; kept beside the record, SHA-256 "
_SOURCES: Final = frozenset({INTERNALDATE, MAILDIR_TIME, TRACE, STATED})


def of_mail(source: str, reason: str = "", outside: str = "") -> str:
    """What the record says of a message: whence its time of receipt is known, and perhaps why.

    `outside` is its SHA-256 where the record does not hold the message itself.
    """
    known = f"{source}: {reason}" if reason else source
    return f"{_MAIL}{known}" + (f"{_OUTSIDE}{outside}" if outside else "")


def is_mail(channel: str) -> bool:
    """Whether a response was registered because of a message that came by mail."""
    return channel.startswith(_MAIL)


def spoken(channel: str, say: Translate) -> str:
    """The same in the reader's language; what staff wrote themselves stands as it is."""
    if not is_mail(channel):
        return channel
    known, outside, name = channel.removeprefix(_MAIL).partition(_OUTSIDE)
    source, colon, reason = known.partition(": ")
    if source not in _SOURCES:
        return channel
    how = say(source) + (f"{say(': ')}{reason}" if colon else "")
    said = say("mail; time of receipt: %(source)s") % {"source": how}
    if not outside:
        return said
    kept = say("kept beside the record, SHA-256 %(hash)s") % {"hash": name}
    return f"{said}{say('; ')}{kept}"

"""Sentences about documents and their symbols."""

from __future__ import annotations

from typing import assert_never

from domain.documents import events as documents
from domain.symbols import SymbolReserved
from workflows.history.sentences.wording import Wording


def sentence(event: documents.DocumentEvent, words: Wording) -> str:
    """What happened to a document."""
    say = words.say
    match event:
        case documents.DocumentRegistered(type=kind, symbol=symbol):
            values = {"type": say(kind), "symbol": symbol}
            return say("A document received its symbol, %(symbol)s: %(type)s.") % values
        case documents.VersionIssued(language=tag):
            values = {"language": words.language_name(tag)}
            return say("The version in %(language)s was issued.") % values
        case documents.VersionReissued(language=tag, reason=reason):
            values = {"language": words.language_name(tag), "reason": reason}
            return say("The version in %(language)s was issued again. %(reason)s") % values
        case documents.DocumentPublished(missing=missing):
            return words.published(missing)
    assert_never(event)


def symbol_sentence(event: SymbolReserved, key: str, words: Wording) -> str:
    """For which document a symbol stands; `key` is how its stream calls it."""
    values = {"symbol": event.printed or key, "document": event.document}
    return words.say("%(symbol)s stands for document %(document)s, for ever.") % values

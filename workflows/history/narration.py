"""Narration: one plain sentence for each event, made in the reader's language when it is read.

Nothing here is stored. A sentence tells what happened; who did it, when, and on what basis stand
beside it.
"""

from __future__ import annotations

from domain.access.events import is_organisation_event
from domain.agenda.events import is_agenda_event
from domain.body.events import is_body_event
from domain.corrections import FactCorrected
from domain.documents.events import is_document_event
from domain.erasures import TextErased
from domain.messages import RecordedEvent
from domain.session.events import is_session_event
from domain.silence.events import is_window_event
from domain.symbols import SymbolReserved
from workflows.history.erasure_placeholders import say_erasures
from workflows.history.sentences import agenda, body, documents, organisation, session, window
from workflows.history.sentences.opening_cautions import caution_sentence as caution_sentence
from workflows.history.sentences.wording import SpokenNames as SpokenNames
from workflows.history.sentences.wording import Translate, Wording
from workflows.history.sentences.wording import actor_name as actor_name
from workflows.history.sentences.wording import join_words as join_words
from workflows.history.sentences.wording import localized_name as localized_name
from workflows.history.sentences.wording import seat_name as seat_name


def sentence(
    recorded: RecordedEvent, say: Translate, language: str, names: SpokenNames | None = None
) -> str:
    """What happened, in one sentence of the reader's language.

    `names` gives bodies and seats the names to call them by; without one they are called by ids.
    Raises TypeError for a kind of event that has no sentence.
    """
    names = names or SpokenNames()
    words = Wording(say, language, names, names.seats_at(recorded), recorded.attested)
    text = say_erasures(_sentence(recorded, words), say)
    return say("The source tells: %(told)s") % {"told": text} if recorded.attested else text


def _sentence(recorded: RecordedEvent, words: Wording) -> str:
    """The sentence without its basis."""
    fact = recorded.fact
    if isinstance(fact, FactCorrected):
        corrected = words.say("Event %(version)s of this history is to be read anew. %(reason)s")
        return corrected % {"version": fact.version, "reason": fact.reason}
    if isinstance(fact, TextErased):
        erased = words.say("The text of event %(version)s of this history was erased. %(reason)s")
        return erased % {"version": fact.version, "reason": fact.reason}
    if is_body_event(fact):
        return body.sentence(fact, words)
    if is_session_event(fact):
        return session.sentence(fact, words)
    if is_agenda_event(fact):
        return agenda.sentence(fact, words)
    if is_window_event(fact):
        return window.sentence(fact, words)
    if is_document_event(fact):
        return documents.sentence(fact, words)
    if is_organisation_event(fact):
        return organisation.sentence(fact, words)
    if isinstance(fact, SymbolReserved):
        return documents.symbol_sentence(fact, recorded.stream.id, words)
    raise TypeError(f"no sentence for {fact!r}")

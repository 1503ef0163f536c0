"""Remarks of a check page, in addition to what an act will do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from domain.messages import RecordedEvent
from domain.rules import Result
from domain.session.events import SessionCancelled, SessionClosed
from workflows.history.sentences.wording import Translate, join_words
from workflows.queries.queries import Queries


def remarks(
    queries: Queries,
    organisation: str,
    events: Sequence[RecordedEvent],
    waivers: Mapping[str, str],
    say: Translate,
) -> Iterator[str]:
    """Waivers that nothing needs, and what is left undone when a session ends or is called off.

    That is reports that are outstanding, and silence procedures that have not ended.
    """
    for event in events:
        if isinstance(event.fact, SessionClosed):
            names = queries.sessions.outstanding_reports(organisation, event.stream.id)
            if names:
                text = say("The report of the session is outstanding, on these agendas: %(names)s.")
                yield text % {"names": join_words(names, say)}
        if isinstance(event.fact, SessionCancelled):
            names = queries.sessions.procedures_not_ended(organisation, event.stream.id)
            if names:
                text = say(
                    "Silence procedures of this session have not ended: %(names)s. Calling the "
                    "session off does not end them. Their pages will say that it was called off."
                )
                yield text % {"names": join_words(names, say)}
    findings = (finding for event in events for finding in event.findings)
    departed = {finding.rule for finding in findings if finding.result is Result.VIOLATED}
    for rule in waivers:
        if rule not in departed:
            text = say("The waiver of the rule %(rule)s is not needed: nothing departs from it.")
            yield text % {"rule": rule}

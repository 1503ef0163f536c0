"""Sentences about agendas: their items, their approval, their publication and their report."""

from __future__ import annotations

from typing import assert_never

from domain.agenda import events as agenda
from workflows.history.sentences.items import detail_sentence, heading_sentence, list_sentence
from workflows.history.sentences.meeting import decision_sentence
from workflows.history.sentences.outcome import approved_by_silence
from workflows.history.sentences.wording import Wording


def sentence(event: agenda.AgendaEvent, words: Wording) -> str:
    """What happened to an agenda."""
    say = words.say
    match event:
        case agenda.AgendaStarted(body=body, type=kind):
            values = {"body": words.body(body), "type": say(kind)}
            return say("An agenda of %(body)s was begun: %(type)s.") % values
        case agenda.AgendaShared(bodies=bodies):
            return words.shared(bodies)
        case (
            agenda.ItemProposed()
            | agenda.ItemAmended()
            | agenda.ItemDescribed()
            | agenda.ItemCleared()
            | agenda.ItemWithdrawn()
            | agenda.ItemMoved()
            | agenda.ItemsRenumbered()
        ):
            return list_sentence(event, words)
        case (
            agenda.HeadingProposed()
            | agenda.HeadingAmended()
            | agenda.HeadingMoved()
            | agenda.HeadingWithdrawn()
        ):
            return heading_sentence(event, words)
        case agenda.ItemAnnotated() | agenda.DocumentsPlanned() | agenda.WorkOrganized():
            return detail_sentence(event, words)
        case agenda.ObjectionNoted():
            return _objection(event, words)
        case agenda.AgendaDocumentRegistered() | agenda.AgendaPublished() | agenda.AgendaAdopted():
            return _publication(event, words)
        case agenda.ReportDrafted() | agenda.ReportAdopted() | agenda.ReportDeferred():
            return _report(event, words)
        case _:
            return _approval(event, words)


def _approval(event: agenda.ApprovalEvent, words: Wording) -> str:
    """How the approval of items went."""
    say = words.say
    match event:
        case agenda.ItemsSubmitted(to=to):
            return words.of_items(
                event.items,
                say("Submitted to %(to)s for approval: item %(items)s."),
                say("Submitted to %(to)s for approval: items %(items)s."),
                to=words.body(to),
            )
        case agenda.ItemsPutUnderSilence():
            return words.of_items(
                event.items,
                say("Put under silence: item %(items)s."),
                say("Put under silence: items %(items)s."),
            )
        case agenda.ItemsApproved():
            return _approved(event, words)
        case agenda.ItemsNotApproved(reason=reason):
            return words.of_items(
                event.items,
                say("Not approved: item %(items)s (%(reason)s)."),
                say("Not approved: items %(items)s (%(reason)s)."),
                reason=say(reason) if reason else "",
            )
        case agenda.ApprovalSuspended():
            return words.of_items(
                event.items,
                say(
                    "The approval is suspended, because an objection in time was found after the"
                    " close: item %(items)s."
                ),
                say(
                    "The approval is suspended, because an objection in time was found after the"
                    " close: items %(items)s."
                ),
            )
        case agenda.ItemsDecided():
            return decision_sentence(event, words)
    assert_never(event)


def _approved(event: agenda.ItemsApproved, words: Wording) -> str:
    """By silence, or by whom and how."""
    say = words.say
    if event.manner == "silence":
        return approved_by_silence(event.items, words)
    if not event.by:
        return words.of_items(
            event.items,
            say("Approved, %(manner)s: item %(items)s."),
            say("Approved, %(manner)s: items %(items)s."),
            manner=event.manner,
        )
    return words.of_items(
        event.items,
        say("Approved by %(by)s, %(manner)s: item %(items)s."),
        say("Approved by %(by)s, %(manner)s: items %(items)s."),
        by=words.body(event.by),
        manner=event.manner,
    )


def _objection(event: agenda.ObjectionNoted, words: Wording) -> str:
    say = words.say
    seats = words.listed([words.seat(seat) for seat in event.seats])
    noted = say(
        "Objection %(number)s came from %(seats)s while no silence ran. It is kept,"
        " and breaks nothing."
    )
    return noted % {"number": event.number, "seats": seats}


def _publication(event: agenda.PublicationEvent, words: Wording) -> str:
    """How its document was published, and the agenda adopted."""
    say = words.say
    match event:
        case agenda.AgendaDocumentRegistered(type=kind):
            values = {"type": say(kind)}
            return say("The document of this agenda received its symbol: %(type)s.") % values
        case agenda.AgendaPublished(changes=changed) if changed:
            return say("A document that changes %(symbol)s was out.") % {"symbol": changed}
        case agenda.AgendaPublished(missing=missing):
            return words.published(missing)
        case agenda.AgendaAdopted(amendments=()):
            return say("The body adopted its agenda as proposed.")
        case agenda.AgendaAdopted(amendments=amendments):
            changes = words.listed(
                [f"{say(change.act)} {words.number(change.item)}" for change in amendments]
            )
            adopted = say("The body adopted its agenda, as orally amended: %(changes)s.")
            return adopted % {"changes": changes}
    assert_never(event)


def _report(event: agenda.ReportEvent, words: Wording) -> str:
    """How its report came about."""
    say = words.say
    match event:
        case agenda.ReportDeferred(reason=reason):
            deferred = say("The adoption of the report was put off. %(reason)s")
            return (deferred % {"reason": reason}).rstrip()
        case agenda.ReportDrafted(by=by):
            return say("A draft report was put forward by %(by)s.") % {"by": by}
        case agenda.ReportAdopted(ad_referendum=pending) if pending:
            return say("The body adopted its report ad referendum.")
        case agenda.ReportAdopted(oral_amendments=()):
            return say("The body adopted its report as drafted.")
        case agenda.ReportAdopted():
            return say("The body adopted its report, as orally amended.")
    assert_never(event)

"""The trail: one plain sentence for each event, made anew in the reader's language.

Nothing here is stored. A sentence tells what happened; who did it, when, and on what basis stand
beside it. Texts go through `say`, a gettext-like function; their placeholders have names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct, field

from domain import symbols
from domain.actors import Actor, Role
from domain.agenda import events as agenda
from domain.body import events as body
from domain.corrections import FactCorrected
from domain.documents import events as documents
from domain.languages import LANGUAGES as LANGUAGES
from domain.messages import Fact, RecordedEvent
from domain.session import events as session
from domain.silence import events as silence
from domain.silence.cautions import (
    CalendarMissing,
    Caution,
    EndsAtNight,
    EndsOnFreeDay,
    SeatsWithoutAddress,
    SubItems,
    UnknownAddressees,
    WorkingDays,
)
from domain.streams import StreamKind
from workflows.history.redaction import WITHHELD

Translate = Callable[[str], str]


def sentence(
    recorded: RecordedEvent, say: Translate, language: str, names: Mapping[str, str] | None = None
) -> str:
    """What happened, in one sentence of the reader's language.

    `names` gives bodies the names to call them by; without one a body is called by its id.
    Raises TypeError for a kind of event that has no sentence.
    """
    told = _Teller(say, language, names or {}, recorded.attested).tell(recorded)
    return say("The source tells: %(told)s") % {"told": told} if recorded.attested else told


def actor_name(actor: Actor, say: Translate) -> str:
    """Who acted: the office or organ as the source calls it, else the function."""
    if actor.role is Role.SEAT:
        return seat_name(actor.seat, say)
    return actor.name or say(str(actor.role))


def seat_name(name: str, say: Translate) -> str:
    """A seat by its id, or that its name is withheld."""
    if name == WITHHELD:
        return say("a seat whose name is withheld")
    return say("seat %(seat)s") % {"seat": name}


def localized_name(names: Mapping[str, str], language: str) -> str:
    """A text in the reader's language, else in English, else in any that there is."""
    return names.get(language) or names.get("en") or next(iter(names.values()), "")


class _Teller(Struct, frozen=True):
    """Tells facts, with the reader's language at hand."""

    say: Translate
    language: str
    names: Mapping[str, str] = field(default_factory=dict)
    attested: bool = False

    def tell(self, recorded: RecordedEvent) -> str:
        """The sentence without its basis."""
        fact = recorded.fact
        if isinstance(fact, FactCorrected):
            return self.say("Event %(version)s of this history is to be read anew. %(reason)s") % {
                "version": fact.version,
                "reason": fact.reason,
            }
        match recorded.stream.kind:
            case StreamKind.BODY:
                return self._body(fact)
            case StreamKind.SESSION:
                return self._session(fact)
            case StreamKind.AGENDA:
                return self._agenda(fact)
            case StreamKind.WINDOW:
                return self._window(fact)
            case StreamKind.DOCUMENT:
                return self._document(fact)
            case StreamKind.SYMBOL:
                return self._symbol(recorded)

    def _of(self, names: Mapping[str, str]) -> str:
        return localized_name(names, self.language)

    def _name(self, who: str) -> str:
        return self.names.get(who, who)

    def _language(self, tag: str) -> str:
        return self.say(LANGUAGES.get(tag, tag))

    def _languages(self, tags: Sequence[str]) -> str:
        return join_words([self._language(tag) for tag in tags], self.say)

    def _list(self, words: Sequence[str]) -> str:
        return join_words(words, self.say)

    def _body(self, fact: Fact) -> str:
        say = self.say
        match fact:
            case body.BodyEstablished(names=names):
                return say("%(body)s was entered in the record.") % {"body": self._of(names)}
            case body.BodyCompleted() as fact:
                particulars = [fact.duty_station, fact.parent, fact.mandate]
                new = [*fact.names.values(), *fact.symbol_series, *filter(None, particulars)]
                told: dict[str, object] = {"told": self._list(new)}
                return say("New in what is told of the body: %(told)s.") % told
            case body.RulePackAdopted(pack=pack, version=version):
                told = {"pack": pack, "version": version}
                return say("The rule pack %(pack)s, version %(version)s, took force.") % told
            case body.SeatFilled():
                told = {
                    "holder": self._of(fact.names) or fact.holder,
                    "seat": fact.seat,
                    "capacity": say(fact.capacity),
                }
                return say("%(holder)s took the seat %(seat)s (%(capacity)s).") % told
            case body.SeatVacated(seat=name):
                return say("The seat %(seat)s was vacated.") % {"seat": name}
            case body.SeatEmpowered(seat=name, acts_for=others):
                told = {"seat": name, "others": self._list(others)}
                return say("The seat %(seat)s may act for %(others)s.") % told
            case body.CalendarPublished(duty_station=station, year=year, version=version):
                return say(
                    "The holidays of %(station)s for %(year)s were published, version %(version)s."
                ) % {"station": station, "year": year, "version": version}
        raise TypeError(f"no sentence for {fact!r}")

    def _session(self, fact: Fact) -> str:
        say = self.say
        match fact:
            case session.SessionScheduled():
                told: dict[str, object] = {"number": fact.number, "body": self._name(fact.body)}
                return say("Session %(number)s of %(body)s received its dates.") % told
            case session.MeetingsPlanned(meetings=meetings):
                return say("Meetings planned: %(count)s.") % {"count": len(meetings)}
            case session.SessionPostponed(reason=reason):
                return say("The session was moved to other dates. %(reason)s") % {"reason": reason}
            case session.SessionReconvened():
                return say("A further part of the session was called.")
            case session.SessionCancelled(reason=reason):
                return say("The session was called off. %(reason)s") % {"reason": reason}
            case session.SessionOpened():
                return say("The session was opened.")
            case session.SessionClosed():
                return say("The session was closed.")
            case session.SessionShared(bodies=bodies):
                return self._shared(bodies)
        raise TypeError(f"no sentence for {fact!r}")

    def _agenda(self, fact: Fact) -> str:
        say = self.say
        match fact:
            case agenda.AgendaStarted():
                told: dict[str, object] = {"body": self._name(fact.body), "type": say(fact.type)}
                return say("An agenda of %(body)s was begun: %(type)s.") % told
            case agenda.ItemProposed(item=item, titles=titles):
                told = {"item": item, "title": self._of(titles)}
                return say("Item %(item)s was proposed: “%(title)s”.") % told
            case agenda.ItemAmended(item=item, titles=titles, reason=reason):
                told = {"item": item, "title": self._of(titles), "reason": reason}
                return say("Item %(item)s now reads “%(title)s”. %(reason)s") % told
            case agenda.ItemWithdrawn(item=item, reason=reason, sub_items=()):
                told = {"item": item, "reason": reason}
                return say("Item %(item)s was taken back. %(reason)s") % told
            case agenda.ItemWithdrawn(item=item, reason=reason, sub_items=along):
                told = {"item": item, "reason": reason, "items": self._list(along)}
                return (
                    say("Item %(item)s was taken back, with its sub-items %(items)s. %(reason)s")
                    % told
                )
            case agenda.ItemMoved() | agenda.ItemsRenumbered():
                return self._placed(fact)
            case agenda.ItemAnnotated(item=item, language=tag):
                told = {"item": item, "language": self._language(tag)}
                return say("Item %(item)s was annotated in %(language)s.") % told
            case agenda.DocumentsPlanned(item=item, documents=listed_, none_expected=none):
                if none:
                    return say("No document is expected for item %(item)s.") % {"item": item}
                told = {"item": item, "documents": self._list(listed_)}
                return say("Documents of item %(item)s: %(documents)s.") % told
            case agenda.WorkOrganized(slots=slots, count=count):
                told = {"count": count or len(slots)}
                return say("The work was laid out. Slots: %(count)s.") % told
            case _:
                return self._agenda_act(fact)

    def _placed(self, fact: agenda.ItemMoved | agenda.ItemsRenumbered) -> str:
        """How items got another place or another number."""
        say = self.say
        if isinstance(fact, agenda.ItemsRenumbered):
            pairs = [f"{old} → {new}" for old, new in fact.numbers.items()]
            numbers: dict[str, object] = {"numbers": self._list(pairs), "reason": fact.reason}
            return say("Items were renumbered: %(numbers)s. %(reason)s") % numbers
        told = {"item": fact.item, "place": fact.after or fact.under, "reason": fact.reason}
        if fact.after:
            return say("Item %(item)s was moved behind item %(place)s. %(reason)s") % told
        if fact.under:
            return say("Item %(item)s was moved under item %(place)s. %(reason)s") % told
        return say("Item %(item)s was moved to the top of the agenda. %(reason)s") % told

    def _agenda_act(self, fact: Fact) -> str:
        say = self.say
        match fact:
            case agenda.ItemsSubmitted(items=items, to=to):
                told: dict[str, object] = {"items": self._list(items), "to": self._name(to)}
                return say("Submitted to %(to)s for approval: items %(items)s.") % told
            case agenda.ItemsPutUnderSilence(items=items):
                return say("Put under silence: items %(items)s.") % {"items": self._list(items)}
            case agenda.ItemsApproved(items=items, manner="silence"):
                told = {"items": self._list(items)}
                return say("Approved by silence: items %(items)s.") % told
            case agenda.ItemsApproved(items=items, by=by, manner=manner):
                told = {"items": self._list(items), "by": self._name(by), "manner": manner}
                if not by:
                    return say("Approved, %(manner)s: items %(items)s.") % told
                return say("Approved by %(by)s, %(manner)s: items %(items)s.") % told
            case agenda.ItemsNotApproved(items=items, reason=reason):
                told = {"items": self._list(items), "reason": say(reason) if reason else ""}
                return say("Not approved: items %(items)s (%(reason)s).") % told
            case agenda.ApprovalSuspended(items=items):
                return say(
                    "The approval is suspended, because an objection in time was found after the"
                    " close: items %(items)s."
                ) % {"items": self._list(items)}
            case agenda.AgendaDocumentRegistered(type=kind):
                told = {"type": say(kind)}
                return say("The document of this agenda received its symbol: %(type)s.") % told
            case agenda.AgendaPublished(changes=changed) if changed:
                return say("A document that changes %(symbol)s was out.") % {"symbol": changed}
            case agenda.AgendaPublished(missing=missing):
                return self._published(missing)
            case agenda.AgendaAdopted(amendments=changes):
                if not changes:
                    return say("The body adopted its agenda as proposed.")
                told = {"changes": self._list([f"{say(one.act)} {one.item}" for one in changes])}
                return say("The body adopted its agenda, as orally amended: %(changes)s.") % told
            case agenda.AgendaShared(bodies=bodies):
                return self._shared(bodies)
            case agenda.ItemsDecided():
                return self._decided(fact)
            case agenda.ObjectionNoted(number=number, seats=seats):
                told = {
                    "number": number,
                    "seats": self._list([seat_name(one, say) for one in seats]),
                }
                return (
                    say(
                        "Objection %(number)s came from %(seats)s while no silence ran. It is kept,"
                        " and breaks nothing."
                    )
                    % told
                )
            case agenda.ReportDeferred(reason=reason):
                told = {"reason": reason}
                return (say("The adoption of the report was put off. %(reason)s") % told).rstrip()
            case agenda.ReportDrafted(by=by):
                return say("A draft report was put forward by %(by)s.") % {"by": by}
            case agenda.ReportAdopted(oral_amendments=oral, ad_referendum=pending):
                if pending:
                    return say("The body adopted its report ad referendum.")
                if oral:
                    return say("The body adopted its report, as orally amended.")
                return say("The body adopted its report as drafted.")
        raise TypeError(f"no sentence for {fact!r}")

    def _shared(self, bodies: Sequence[str]) -> str:
        told: dict[str, object] = {"bodies": self._list([self._name(one) for one in bodies])}
        return self.say("It is also that of: %(bodies)s.") % told

    def _decided(self, fact: agenda.ItemsDecided | silence.MatterDecided) -> str:
        """What a meeting decided, how, and with what figures."""
        say = self.say
        result = say(fact.result)
        told: dict[str, object] = {"result": result, "manner": say(fact.manner)}
        if fact.manner:
            told["result"] = say("%(result)s (%(manner)s)") % told
        sentence = say("Decided at a meeting: %(result)s.") % told
        if items := getattr(fact, "items", ()):
            told["items"] = self._list(items)
            sentence = say("Decided at a meeting on items %(items)s: %(result)s.") % told
        figures = vote_sentence(fact, say)
        return f"{sentence} {figures}" if figures else sentence

    def _told_outcome(self, fact: silence.OutcomeTold) -> str:
        say = self.say
        parts = [say("A source tells what became of some items only.")]
        if fact.approved:
            told: dict[str, object] = {"items": self._list(fact.approved)}
            parts.append(say("Approved by silence: items %(items)s.") % told)
        if fact.broken:
            told = {"items": self._list(fact.broken)}
            parts.append(say("The silence was broken for items %(items)s.") % told)
        return " ".join(parts)

    def _published(self, missing: Sequence[str]) -> str:
        say = self.say
        if not missing:
            return say("It was out in every required language.")
        told: dict[str, object] = {"languages": self._languages(missing)}
        if self.attested:
            return say("It was out. Language versions not told of: %(languages)s.") % told
        return say("It was out, by a waiver without these languages: %(languages)s.") % told

    def _window(self, fact: Fact) -> str:
        say = self.say
        match fact:
            case silence.SilenceOpened(subject=subject):
                told: dict[str, object] = {"subject": self._of(subject.titles) or say(subject.type)}
                return say("A text came under silence: %(subject)s.") % told
            case silence.NoticesRecorded():
                return self._notices(fact)
            case silence.NoticesRepeated(seats=seats, about=about, reason=reason):
                told = {"count": len(seats), "about": say(about), "reason": reason}
                again = say("Notices are sent again: %(about)s, to seats: %(count)s. %(reason)s")
                return again % told
            case silence.ResponseReceived() | silence.LateResponseReceived():
                return self._response(fact)
            case (
                silence.ResponseFoundAfterClose()
                | silence.ResponseRefused()
                | silence.ResponseAtMargin()
            ):
                return self._response(fact)
            case silence.ResponseRuledUpon(number=number, breaks=breaks, reason=reason):
                told = {"number": number, "reason": reason}
                if breaks:
                    return say("Ruled: response %(number)s breaks the silence. %(reason)s") % told
                ruling = say("Ruled: response %(number)s does not break the silence. %(reason)s")
                return ruling % told
            case silence.ObjectionWithdrawn(number=number, seats=seats) if seats:
                named = self._list([seat_name(name, say) for name in seats])
                withdrawn = say(
                    "The objection in response %(number)s was withdrawn for %(seats)s. It stays on"
                    " record."
                )
                return withdrawn % {"number": number, "seats": named}
            case silence.ObjectionWithdrawn(number=number):
                return say(
                    "The objection in response %(number)s was withdrawn. It stays on record."
                ) % {"number": number}
            case silence.OutcomeAnnounced(manner=manner):
                return say("The outcome was announced: %(manner)s.") % {"manner": say(manner)}
            case silence.SilenceShared(bodies=bodies):
                return self._shared(bodies)
            case silence.OutcomeTold():
                return self._told_outcome(fact)
            case silence.MatterDecided():
                return self._decided(fact)
            case silence.RevisionAnnounced():
                return say("An amended text was announced, without a new silence on it.")
            case silence.MatterReferred(to=to):
                return say("The matter went on to: %(to)s.") % {"to": say(to)}
            case _:
                return self._clock(fact)

    def _clock(self, fact: Fact) -> str:
        """How a window moved or ended, and by which responses that was decided."""
        numbers = getattr(fact, "responses", ()) or getattr(fact, "by", ())
        if not numbers or isinstance(fact, silence.SilenceLapsed | silence.SilenceSuperseded):
            return self._moved(fact)
        told = {"numbers": self._list([str(one) for one in numbers])}
        by = self.say("Decided by responses: %(numbers)s.") % told
        return f"{self._moved(fact)} {by}"

    def _moved(self, fact: Fact) -> str:
        say = self.say
        match fact:
            case silence.SilenceBroken(items=()):
                return say("The silence was broken: the text is not approved.")
            case silence.SilenceBroken(items=items):
                told: dict[str, object] = {"items": self._list(items)}
                return say("The silence was broken for items %(items)s.") % told
            case silence.SilenceExtended(reason=reason):
                return say("The deadline was moved to a later one. %(reason)s") % {"reason": reason}
            case silence.SilenceSuspended(reason=reason):
                return say("The clock was stopped. %(reason)s") % {"reason": reason}
            case silence.SilenceResumed():
                return say("The clock runs again, to a new deadline.")
            case silence.SilenceSuperseded(reason=reason):
                return say("The silence ended without outcome. %(reason)s") % {"reason": reason}
            case silence.SilenceHeld(reason=reason, hold=number) if number:
                told = {"number": number, "reason": reason}
                return say("Hold %(number)s: the close waits for review. %(reason)s") % told
            case silence.SilenceHeld(reason=reason):
                return say("The close is held for review. %(reason)s") % {"reason": reason}
            case silence.SilenceReleased(reason=reason, hold=number) if number:
                told = {"number": number, "reason": reason}
                return say("Hold %(number)s was ended. %(reason)s") % told
            case silence.SilenceReleased(reason=reason):
                return say("The hold was ended. %(reason)s") % {"reason": reason}
            case silence.SilenceLapsed(items=items) if self.attested:
                told = {"items": self._list(items)}
                approved = say("Approved by silence: items %(items)s.") % told
                return approved if items else say("The text was approved by silence.")
            case silence.SilenceLapsed(items=()):
                return say("No breaking objection was received in time: the text is approved.")
            case silence.SilenceLapsed(items=items):
                told = {"items": self._list(items)}
                return (
                    say("No breaking objection was received in time. Approved: items %(items)s.")
                    % told
                )
            case silence.ApprovalConfirmed():
                return say("The suspended approval stands again.")
            case silence.ApprovalRevoked():
                return say("The suspended approval is revoked.")
        raise TypeError(f"no sentence for {fact!r}")

    def _notices(self, fact: silence.NoticesRecorded) -> str:
        say = self.say
        told: dict[str, object] = {"count": len(fact.seats), "reason": fact.reason}
        match fact.result:
            case "delivered":
                return say("Notices delivered: %(count)s.") % told
            case "failed":
                return say("Notices that could not be delivered: %(count)s.") % told
            case "bounced":
                back = say("Notices that came back from one address of several: %(count)s.")
                return back % told
            case "waived":
                return say("Failed notices waived: %(count)s. %(reason)s") % told
        return say("Failed notices resolved: %(count)s.") % told

    def _response(
        self,
        fact: silence.ResponseReceived
        | silence.LateResponseReceived
        | silence.ResponseFoundAfterClose
        | silence.ResponseAtMargin
        | silence.ResponseRefused,
    ) -> str:
        say = self.say
        told: dict[str, object] = {"number": fact.number, "answer": self._answer(fact.response)}
        match fact:
            case silence.ResponseReceived():
                return say("Response %(number)s came in time: %(answer)s.") % told
            case silence.LateResponseReceived():
                late = say("Response %(number)s came too late and has no effect: %(answer)s.")
                return late % told
            case silence.ResponseRefused(rule=rule):
                refused = say("Response %(number)s cannot count, by rule %(rule)s: %(answer)s.")
                return refused % (told | {"rule": rule})
            case silence.ResponseAtMargin():
                near = say(
                    "Response %(number)s came so near the deadline that clocks cannot tell:"
                    " %(answer)s. The presiding officer rules on it."
                )
                return near % told
        return (
            say("Response %(number)s, received in time, was found after the close: %(answer)s.")
            % told
        )

    def _answer(self, response: silence.Response) -> str:
        """What was answered, by whom, on what."""
        say = self.say
        seats = self._list([seat_name(name, say) for name in response.seats])
        if response.on_behalf_of:
            others = {"seats": seats, "members": self._list(response.on_behalf_of)}
            seats = say("%(seats)s, also on behalf of %(members)s") % others
        told: dict[str, object] = {
            "kind": say(response.kind),
            "seats": seats,
            "items": self._list(response.items),
        }
        if response.seats and response.items:
            return say("%(kind)s, from %(seats)s, on items %(items)s") % told
        if response.seats:
            return say("%(kind)s, from %(seats)s") % told
        if response.items:
            return say("%(kind)s, on items %(items)s") % told
        return say(response.kind)

    def _document(self, fact: Fact) -> str:
        say = self.say
        match fact:
            case documents.DocumentRegistered():
                told: dict[str, object] = {"type": say(fact.type), "symbol": fact.symbol}
                return say("A document received its symbol, %(symbol)s: %(type)s.") % told
            case documents.VersionIssued(language=tag):
                told = {"language": self._language(tag)}
                return say("The version in %(language)s was issued.") % told
            case documents.VersionReissued(language=tag, reason=reason):
                told = {"language": self._language(tag), "reason": reason}
                return say("The version in %(language)s was issued again. %(reason)s") % told
            case documents.DocumentPublished(missing=missing):
                return self._published(missing)
        raise TypeError(f"no sentence for {fact!r}")

    def _symbol(self, recorded: RecordedEvent) -> str:
        match recorded.fact:
            case symbols.SymbolReserved(document=document, printed=printed):
                symbol = printed or recorded.stream.id
                told: dict[str, object] = {"symbol": symbol, "document": document}
                return self.say("%(symbol)s stands for document %(document)s, for ever.") % told
        raise TypeError(f"no sentence for {recorded.fact!r}")


def caution_sentence(one: Caution, say: Translate) -> str:
    """What to know before a window is opened, in one sentence."""
    match one:
        case WorkingDays(count=count, duty_station=station):
            told: dict[str, object] = {"count": count, "station": station}
            return say("Working days of %(station)s until the deadline: %(count)s.") % told
        case CalendarMissing(year=year):
            told = {"year": year}
            return (
                say(
                    "Working days cannot be counted: no calendar of the duty station is published"
                    " for %(year)s."
                )
                % told
            )
        case EndsOnFreeDay(day=day, duty_station=station):
            told = {"day": day, "station": station}
            return say("It ends on %(day)s, a day on which %(station)s does not work.") % told
        case SeatsWithoutAddress(seats=seats):
            told = {"seats": join_words(seats, say)}
            return (
                say("No letter can reach these seats, for the directory has no address: %(seats)s.")
                % told
            )
        case UnknownAddressees(names=names):
            told = {"names": join_words(names, say)}
            return say("The directory names what is no seat and no office here: %(names)s.") % told
        case SubItems(policy="together"):
            return say("An item and its sub-items stand or fall together.")
        case SubItems(policy="on their own"):
            return say("Each item stands or falls by itself.")
        case SubItems():
            return say(
                "An objection to an item is one to its sub-items. A sub-item may fall alone."
            )
        case EndsAtNight(seats=seats, zone=zone, hour=hour):
            told = {"seats": join_words(seats, say), "zone": zone, "hour": hour}
            return (
                say("It ends at night, at %(hour)s in %(zone)s, for these seats: %(seats)s.") % told
            )


def vote_sentence(fact: agenda.ItemsDecided | silence.MatterDecided, say: Translate) -> str:
    """The figures of a vote as a sentence; nothing where none is told."""
    figures = {
        "in_favour": fact.in_favour,
        "against": fact.against,
        "abstaining": fact.abstaining,
    }
    if all(one is None for one in figures.values()):
        return ""
    told = {name: say("not told") if one is None else one for name, one in figures.items()}
    return (
        say("Votes: %(in_favour)s in favour, %(against)s against, %(abstaining)s abstaining.")
        % told
    )


def join_words(words: Sequence[str], say: Translate) -> str:
    """Words one after another, with the comma of the reader's language."""
    comma = say(", ")
    return comma.join(words)

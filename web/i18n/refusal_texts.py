"""What each rule asks for and what to do about it, for those who were refused by it.

The record quotes rules and their sources in English, and stays so; pages say these sentences first,
in the language of the reader. Each rule of the record, of accounts and of the packs that come with
Placet has one; a rule that a body has added itself has the sentence of `OTHER`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from web.i18n.labels import N_

OF_THE_RECORD: Final[Mapping[str, str]] = {
    "known": N_(
        "This refers to something that the record does not hold. Please check the id or number "
        "that you gave."
    ),
    "new": N_(
        "This id or number is in the record already and stands for one thing for ever. Please "
        "choose another one."
    ),
    "stage": N_(
        "This step is not possible at the present stage. Please first do the step that must come "
        "before it, or look whether it was done already."
    ),
    "empty": N_(
        "Something that is needed is missing, or nothing would change. Please fill in what the "
        "form asks for."
    ),
    "pack-known": N_(
        "No such rule pack, rule or parameter is in force for this body. Please adopt a rule pack "
        "first, or correct its name or value."
    ),
    "live-now": N_(
        "What is done here takes effect when the server receives it. Leave the time out; what "
        "happened earlier is recorded as history, with its source."
    ),
    "stated-time": N_(
        "What is entered afterwards happened before now, and after what it follows upon. Please "
        "correct the day or the hour, or leave both empty if it happens now."
    ),
    "live-role": N_(
        "This act belongs to another function. Please leave it to a person with that function, or "
        "choose the right one."
    ),
    "attested-source": N_(
        "What is recorded as history needs the source that says it happened. Please name the "
        "source."
    ),
    "attested-past": N_(
        "What a source attests has happened already, so its time cannot lie in the future. Please "
        "correct the time."
    ),
    "window-of-one-basis": N_(
        "A silence procedure is either reported by sources or run by the rules here, and this "
        "one is of the other kind. Please record it in the way in which it began."
    ),
    "history-alters-no-live-act": N_(
        "What was decided live here cannot be changed by a report about the past. Please do it as "
        "a live act, or correct the fact."
    ),
    "virtual-store": N_(
        "Simulated acts are taken only in a store that is thrown away. Nothing can be simulated "
        "in this record."
    ),
    "command-id-once": N_(
        "This form was already sent with another content, and that was recorded. Send it again "
        "only if this shall be recorded as well."
    ),
    "acts-together": N_(
        "These changes cannot stand together as one entry. Please send them one after the other."
    ),
    "seen-version": N_(
        "Somebody else has changed this since you opened the page. Please look at what is "
        "recorded now, and send yours again."
    ),
    "ids-of-machines": N_(
        "This id is kept for the silence clock, and no person acts under it. Please use "
        "another one."
    ),
    "plain-id": N_(
        "An id is short and made of small letters, digits and hyphens, so that it can be taken "
        "for no other. Please write it so."
    ),
    "fits-its-stream": N_(
        "What you named does not belong together: it is of another body, session or seat. Please "
        "choose what belongs to this one."
    ),
    "exact-instant": N_(
        "A running clock needs one exact moment. Please give the day, the hour and the time zone."
    ),
    "length": N_(
        "A length is a number of hours, of days or of working days, and these are never mixed. "
        "Please write one number and one unit."
    ),
    "session-dates": N_(
        "A session begins before it ends, and its parts follow one another. Please correct the "
        "dates."
    ),
    "hours": N_("A meeting or slot begins before it ends. Please correct the hours."),
    "item-place": N_(
        "A sub-item stands directly with the item that it is under. Please choose another place "
        "or another number."
    ),
    "no-overlap-of-terms": N_(
        "A seat has one holder at a time. Please vacate it first, or choose a later day."
    ),
    "correction-names-a-fact": N_(
        "A correction names an event of this record and what was wrong in it. Please choose the "
        "event and a value that can be corrected."
    ),
    "correction-has-reason": N_("A correction says why, and by whose authority. Please give both."),
    "correction-not-of-a-window": N_(
        "The outcome of a silence procedure changes by a ruling only, never by a correction. "
        "Please ask the presiding officer for a ruling."
    ),
    "erasing-has-reason": N_(
        "Who erases a text says why, and by what authority. Please give both."
    ),
    "erasing-of-a-sealed-text": N_(
        "Only a text that was kept under a key of its own can be erased, and only once. Please "
        "choose such a text."
    ),
    "decisive-text-kept": N_(
        "A text that decided an outcome is kept until the end of its retention. Please wait until "
        "that day, or set the length of retention for the body."
    ),
    "role-granted": N_("Your roles do not allow this."),
    "colour": N_("A colour is written as #07304c: six hexadecimal digits."),
    "contrast": N_(
        "In this colour letters could not be read well enough: WCAG 2.2, success criterion 1.4.3,"
        " wants a contrast of 4.5 to 1. Choose a darker one."
    ),
    "administrator-left": N_(
        "Somebody must always be able to give and revoke roles. Please make another person "
        "administrator first."
    ),
    "calendar-published": N_(
        "Working days are counted by the published holidays of a duty station, and none are "
        "loaded for these days. Please load that calendar first."
    ),
    "calendar-dates": N_(
        "The days of a calendar lie in the years that it is for, each named once. Please correct "
        "them."
    ),
    "symbol-form": N_(
        "This symbol is not written as this body writes its symbols. Please compare it with the "
        "document."
    ),
    "symbol-never-reused": N_(
        "This symbol already stands for another document, and is never given twice. Please use "
        "another symbol."
    ),
    "no-edit-after-issue": N_(
        "A document that is out is not changed any more. Please issue an addendum, a corrigendum "
        "or a revision."
    ),
    "act-of-a-meeting": N_(
        "The body decides this at a meeting. Please name the meeting at which it was decided, on "
        "a day when the session meets."
    ),
    "vote-counted": N_(
        "A vote is given as those for, those against and those abstaining. Please give all three "
        "numbers."
    ),
    "vote-carried": N_(
        "A proposal is carried by more votes for than against; a tie rejects it. Please compare "
        "the numbers with what was decided."
    ),
    "silence-goes-first": N_(
        "A silence procedure on this is running, and objections are made to it. Please wait for "
        "its end, or close it first."
    ),
    "window-open": N_(
        "This silence procedure is not running now, so this cannot be done in it. Please look at "
        "how it ended or when it goes on."
    ),
    "closes-after-opening": N_(
        "A silence procedure ends after it begins. Please give a later end or a longer time."
    ),
    "closes-within-reach": N_(
        "This end lies so far away that it must be a slip. Please look at the year and the length "
        "again."
    ),
    "relaunch-of-what-failed": N_(
        "Only what was not approved is put under silence once more. Please choose items whose "
        "silence was broken."
    ),
    "text-under-silence": N_(
        "A silence procedure binds one identified text, and this names another one. Please answer "
        "to the text that stands on the page of the procedure."
    ),
    "items-under-silence": N_(
        "These items are not, or not all, under silence. Please name items that this procedure is "
        "about."
    ),
    "responder-on-roster": N_(
        "Only seats that were on the roster when the silence began can respond. Please choose a "
        "seat that was asked."
    ),
    "empowered-to-act": N_(
        "This seat is not empowered to act for the other one. Please let that seat respond "
        "itself, or have the power entered in the roster."
    ),
    "reasons-given": N_("An objection states its reasons here. Please say why you object."),
    "voice-of-the-seat": N_(
        "This seat has no voice in the body, so its response breaks no silence. It may comment or "
        "ask a question instead."
    ),
    "objection-breaks": N_(
        "An objection in time from a seat with a voice breaks the silence, so this cannot be "
        "approved. Please consult, and open another procedure."
    ),
    "members-counted-alike": N_(
        "Every member counts the same, whenever its objection is found. The approval is suspended "
        "until the presiding officer rules."
    ),
    "hold-named": N_(
        "A closing that is held names what it waits for. Please name the response or the doubt."
    ),
    "two-persons": N_(
        "This is so grave that two persons do it. Please let a second person who may do it "
        "confirm it."
    ),
    "extension-later": N_(
        "The new end must be later than the present one and lie in the future. Please give a "
        "later end."
    ),
    "lapse-after-deadline": N_(
        "A silence ends by itself only after its deadline. Please wait for the deadline."
    ),
    "ruling-before-lapse": N_(
        "A response waits for a ruling, so the silence cannot end yet. Please let the presiding "
        "officer rule on it."
    ),
    "told-before-lapse": N_(
        "The silence of a seat that was perhaps never notified does not count yet. Please notify "
        "it, or enter that it was notified."
    ),
    "heard-before-lapse": N_(
        "Something that was sent before the deadline may not have been dealt with, so the "
        "silence cannot end yet. Please deal with it first."
    ),
    "threshold-reachable": N_(
        "So many members must object that the silence could never be broken, or none need to. "
        "Please choose a number that the members can reach."
    ),
    "grace-exceeds-queue": N_(
        "The time kept after the deadline must be longer than what may still wait to be recorded. "
        "Please give the body's rules a longer one."
    ),
    "one-clock": N_(
        "The clock of the server has gone backwards or is not sure, so nothing that depends on "
        "time is recorded. Please tell those who run this server."
    ),
    "responses-bounded": N_(
        "Very many of the same came from this seat within a short time. Please wait a moment, and "
        "send it again."
    ),
    "evidence-kept": N_(
        "A paper that is cited is kept with the record. Please send the file along, or cite one "
        "that is there."
    ),
    "registered-once": N_(
        "This message is registered in this silence procedure already, so nothing was recorded. "
        "Please look at what is recorded, and register the message once more only for what is "
        "not there."
    ),
}
"""The rules of `domain.record_rules`, which bind everybody, in the same order."""

OF_ACCOUNTS: Final[Mapping[str, str]] = {
    "account-known": N_("There is no such account, or this identity belongs to another one."),
    "login-name": N_(
        "This login name is taken, or is none: it has 2 to 100 letters, digits and . _ - @ +."
    ),
    "password-length": N_(
        "A password has 12 to 256 characters of any kind, and is none that can be guessed."
    ),
    "log-in": N_(
        "This is not right, or the account is not in use. Please look at what you typed; a code "
        "works once."
    ),
    "log-in-in-time": N_("This took too long. Please log in from the beginning."),
    "log-in-again": N_("Please prove first that it is you, by your password or a code."),
    "log-in-slowed": N_("Log-ins failed here shortly before. Please wait a little, and try again."),
    "invitation-once": N_(
        "This invitation was used already, was taken back, or has expired. Please ask for another."
    ),
    "password-link": N_(
        "This link was used already, has expired, or the password was changed since. Please ask an"
        " administrator for another."
    ),
    "mail-address": N_(
        "The letter needs one address. Write one, or choose a seat that has exactly one in the"
        " directory."
    ),
    "identity-known": N_(
        "An identity is what a log-in service of this server calls somebody, in one line."
    ),
    "answer-once": N_(
        "This answer of the log-in service was used already or is not for this browser. Please "
        "begin the log-in again here."
    ),
    "token-scope": N_("A token has a name, and lasts for 1 to 366 days."),
    "last-account": N_("This is the last account that is in use. Add another one first."),
}
"""The rules of `domain.account_rules`, in the same order."""

OF_PACKS: Final[Mapping[str, str]] = {
    "silence-minimum-length": N_(
        "The silence is shorter than the rules of this body ask for. Please make it longer, or "
        "give a reason for departing from the rule."
    ),
    "silence-scope": N_(
        "This body uses silence only for certain subjects, and this is none of them. Please bring "
        "it before a meeting instead."
    ),
    "silence-authorised": N_(
        "The authorisation to decide by silence is not in force at this time. Please have it "
        "renewed, or bring the matter before a meeting."
    ),
    "received-in-time": N_(
        "A response counts only when it was received before the deadline. This one is kept as "
        "late; the presiding officer can be asked to rule."
    ),
    "relaunch-of-ended-window": N_(
        "A procedure is launched again only when the earlier one has ended. Please wait for its "
        "end, or close it first."
    ),
    "act-of-the-body": N_(
        "Only the body itself adopts its agenda and its report. Please record it as an act of the "
        "body, at its meeting."
    ),
    "nothing-concluded-before-adoption": N_(
        "No item is concluded before the agenda is adopted. Please record the adoption of the "
        "agenda first."
    ),
    "session-on-its-days": N_(
        "A session is opened, adopts its agenda and report, and is closed on its own days. Please "
        "compare the day with the dates of the session."
    ),
    "meetings-on-session-days": N_(
        "Meetings and the organization of work lie on the days of the session. Please choose days "
        "within its dates."
    ),
    "proposer-permitted": N_(
        "Each proposed item needs a proposer of a kind that the rules permit. Please name who "
        "proposes it."
    ),
    "explanatory-memorandum": N_(
        "A proposed item carries an explanatory memorandum. Please name the document or state "
        "that it was handed in."
    ),
    "review-item-cap": N_(
        "More items of this session than allowed are about the review mechanism. Please take some "
        "off, or combine them."
    ),
    "organizational-item-first": N_(
        "The first item is organizational and holds the adoption of the agenda. Please put it "
        "first, or give a reason for departing from this."
    ),
    "report-item-last": N_(
        "The last item is the adoption of the report. Please put it last, or give a reason for "
        "departing from this."
    ),
    "approval-before-publication": N_(
        "The items are approved before the provisional agenda is published. Please have all of "
        "them approved first."
    ),
    "all-languages-out": N_(
        "Published means out in every official language. Please issue the missing versions first, "
        "or give a reason for departing from this."
    ),
    "simultaneous-issuance": N_(
        "All language versions are issued on the same day. Please compare the days of issue."
    ),
    "job-number-per-version": N_(
        "Each language version has a job number of its own. Please give each its own number."
    ),
    "provisional-agenda-in-time": N_(
        "The provisional agenda must be communicated a number of days before the opening. Please "
        "look at the dates, or give a reason for the delay."
    ),
    "issued-six-weeks-before": N_(
        "Documents are out in every official language a number of weeks before the opening. "
        "Please look at the dates of issue and of the session."
    ),
    "titles-identical": N_(
        "An item has the same title in the list, the annotations and the annex. Please compare "
        "the titles."
    ),
    "every-item-scheduled": N_(
        "Every item must appear in the organization of work. Please add the missing ones, or give "
        "a reason for departing from this."
    ),
    "continued-after-first-slot": N_(
        "An item is marked as continued exactly when it was begun in an earlier slot. Please "
        "correct the mark."
    ),
    "slots-do-not-overlap": N_(
        "Two slots of one track overlap. Please change the hours of one of them."
    ),
    "slots-within-meetings": N_(
        "A slot lies outside the meetings that have interpretation. Please move it, plan a "
        "meeting for it, or give a reason."
    ),
    "publication-before-adoption": N_(
        "The provisional agenda is published before the agenda is adopted. Please record the "
        "publication first, or give a reason."
    ),
    "approved-text-unchanged": N_(
        "What was approved is published and adopted as it was approved. Please compare the texts, "
        "or submit the changed items again."
    ),
    "approval-before-adoption": N_(
        "The items are approved before the agenda is adopted. Please have them approved first."
    ),
    "adoption-at-opening": N_(
        "The agenda is adopted once the session is open. Please record the opening of the session "
        "first."
    ),
    "reconvened-part-has-own-agenda": N_(
        "A reconvened part of a session adopts an agenda of its own. Please start an agenda for "
        "that part."
    ),
    "report-drafted-in-all-languages": N_(
        "The report is adopted only when its draft is there in every official language. Please "
        "wait for the missing versions, or give a reason."
    ),
    "replacement-by-same-state": N_(
        "An officer who leaves is replaced by the same State; a President is not. Please choose "
        "that State, or give a reason."
    ),
}
"""The rules of the packs that come with Placet."""

OTHER: Final = N_(
    "A rule that this body has given itself does not allow this. Please read below what it asks"
    " for."
)
"""What is said of a rule that only a body's own pack has."""


def sentences(rule: str) -> str:
    """What a rule means and what to do, as a message id."""
    return OF_THE_RECORD.get(rule) or OF_ACCOUNTS.get(rule) or OF_PACKS.get(rule, OTHER)

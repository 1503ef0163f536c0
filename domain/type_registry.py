"""The names of events on disk and of commands in files: append-only; a name keeps its meaning.

A changed event gets a new version beside the old one. Where it only gained fields that are empty
by default, both names belong to one class, which is written under the last of them; else the old
one is translated when it is read. Decision 21 says which events change, and how.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain import symbols
from domain.access import commands as access_commands
from domain.access import events as access
from domain.agenda import commands as agenda_commands
from domain.agenda import events as agenda
from domain.body import commands as body_commands
from domain.body import events as body
from domain.corrections import CorrectFact, FactCorrected
from domain.documents import commands as document_commands
from domain.documents import events as documents
from domain.erasures import EraseText, TextErased
from domain.messages import Command, Fact
from domain.session import commands as session_commands
from domain.session import events as session
from domain.silence import commands as silence_commands
from domain.silence import events as silence

EVENTS: Final[dict[str, type[Fact]]] = {
    "body.established.v1": body.BodyEstablished,
    "body.completed.v1": body.BodyCompleted,
    "body.rule_pack_adopted.v1": body.RulePackAdopted,
    "body.seat_filled.v1": body.SeatFilled,
    "body.seat_filled.v2": body.SeatFilled,
    "body.seat_vacated.v1": body.SeatVacated,
    "body.seat_empowered.v1": body.SeatEmpowered,
    "body.calendar_published.v1": body.CalendarPublished,
    "session.scheduled.v1": session.SessionScheduled,
    "session.meetings_planned.v1": session.MeetingsPlanned,
    "session.meetings_planned.v2": session.MeetingsPlanned,
    "session.postponed.v1": session.SessionPostponed,
    "session.reconvened.v1": session.SessionReconvened,
    "session.cancelled.v1": session.SessionCancelled,
    "session.opened.v1": session.SessionOpened,
    "session.closed.v1": session.SessionClosed,
    "session.shared.v1": session.SessionShared,
    "agenda.started.v1": agenda.AgendaStarted,
    "agenda.item_proposed.v1": agenda.ItemProposed,
    "agenda.item_proposed.v2": agenda.ItemProposed,
    "agenda.item_amended.v1": agenda.ItemAmended,
    "agenda.item_described.v1": agenda.ItemDescribed,
    "agenda.item_withdrawn.v1": agenda.ItemWithdrawn,
    "agenda.item_withdrawn.v2": agenda.ItemWithdrawn,
    "agenda.item_moved.v1": agenda.ItemMoved,
    "agenda.items_renumbered.v1": agenda.ItemsRenumbered,
    "agenda.item_annotated.v1": agenda.ItemAnnotated,
    "agenda.documents_planned.v1": agenda.DocumentsPlanned,
    "agenda.work_organized.v1": agenda.WorkOrganized,
    "agenda.work_organized.v2": agenda.WorkOrganized,
    "agenda.items_submitted.v1": agenda.ItemsSubmitted,
    "agenda.items_put_under_silence.v1": agenda.ItemsPutUnderSilence,
    "agenda.items_approved.v1": agenda.ItemsApproved,
    "agenda.items_not_approved.v1": agenda.ItemsNotApproved,
    "agenda.approval_suspended.v1": agenda.ApprovalSuspended,
    "agenda.document_registered.v1": agenda.AgendaDocumentRegistered,
    "agenda.published.v1": agenda.AgendaPublished,
    "agenda.published.v2": agenda.AgendaPublished,
    "agenda.adopted.v1": agenda.AgendaAdopted,
    "agenda.adopted.v2": agenda.AgendaAdopted,
    "agenda.report_drafted.v1": agenda.ReportDrafted,
    "agenda.report_drafted.v2": agenda.ReportDrafted,
    "agenda.report_adopted.v1": agenda.ReportAdopted,
    "agenda.items_decided.v1": agenda.ItemsDecided,
    "agenda.objection_noted.v1": agenda.ObjectionNoted,
    "agenda.report_deferred.v1": agenda.ReportDeferred,
    "agenda.shared.v1": agenda.AgendaShared,
    "window.opened.v1": silence.SilenceOpened,
    "window.opened.v2": silence.SilenceOpened,
    "window.notices_recorded.v1": silence.NoticesRecorded,
    "window.notices_recorded.v2": silence.NoticesRecorded,
    "window.notices_repeated.v1": silence.NoticesRepeated,
    "window.response_received.v1": silence.ResponseReceived,
    "window.response_received.v2": silence.ResponseReceived,
    "window.late_response_received.v1": silence.LateResponseReceived,
    "window.late_response_received.v2": silence.LateResponseReceived,
    "window.response_refused.v1": silence.ResponseRefused,
    "window.response_refused.v2": silence.ResponseRefused,
    "window.response_at_margin.v1": silence.ResponseAtMargin,
    "window.response_at_margin.v2": silence.ResponseAtMargin,
    "window.response_found_after_close.v1": silence.ResponseFoundAfterClose,
    "window.response_found_after_close.v2": silence.ResponseFoundAfterClose,
    "window.response_ruled_upon.v1": silence.ResponseRuledUpon,
    "window.response_ruled_upon.v2": silence.ResponseRuledUpon,
    "window.objection_withdrawn.v1": silence.ObjectionWithdrawn,
    "window.objection_withdrawn.v2": silence.ObjectionWithdrawn,
    "window.broken.v1": silence.SilenceBroken,
    "window.broken.v2": silence.SilenceBroken,
    "window.extended.v1": silence.SilenceExtended,
    "window.suspended.v1": silence.SilenceSuspended,
    "window.resumed.v1": silence.SilenceResumed,
    "window.superseded.v1": silence.SilenceSuperseded,
    "window.superseded.v2": silence.SilenceSuperseded,
    "window.held.v1": silence.SilenceHeld,
    "window.held.v2": silence.SilenceHeld,
    "window.released.v1": silence.SilenceReleased,
    "window.released.v2": silence.SilenceReleased,
    "window.lapsed.v1": silence.SilenceLapsed,
    "window.lapsed.v2": silence.SilenceLapsed,
    "window.approval_confirmed.v1": silence.ApprovalConfirmed,
    "window.approval_confirmed.v2": silence.ApprovalConfirmed,
    "window.approval_revoked.v1": silence.ApprovalRevoked,
    "window.approval_revoked.v2": silence.ApprovalRevoked,
    "window.outcome_announced.v1": silence.OutcomeAnnounced,
    "window.matter_referred.v1": silence.MatterReferred,
    "window.outcome_told.v1": silence.OutcomeTold,
    "window.matter_decided.v1": silence.MatterDecided,
    "window.revision_announced.v1": silence.RevisionAnnounced,
    "window.shared.v1": silence.SilenceShared,
    "document.registered.v1": documents.DocumentRegistered,
    "document.version_issued.v1": documents.VersionIssued,
    "document.version_reissued.v1": documents.VersionReissued,
    "document.published.v1": documents.DocumentPublished,
    "symbol.reserved.v1": symbols.SymbolReserved,
    "symbol.reserved.v2": symbols.SymbolReserved,
    "record.corrected.v1": FactCorrected,
    "record.text_erased.v1": TextErased,
    "organisation.settings_changed.v1": access.SettingsChanged,
    "organisation.colours_changed.v1": access.ColoursChanged,
    "organisation.role_granted.v1": access.RoleGranted,
    "organisation.role_revoked.v1": access.RoleRevoked,
}

NAMES: Final[dict[type[Fact], str]] = {kind: name for name, kind in EVENTS.items()}
"""The name under which an event is written: the newest."""


COMMANDS: Final[dict[str, type[Command]]] = {
    "establish body": body_commands.EstablishBody,
    "complete body": body_commands.CompleteBody,
    "adopt rule pack": body_commands.AdoptRulePack,
    "fill seat": body_commands.FillSeat,
    "vacate seat": body_commands.VacateSeat,
    "empower seat": body_commands.EmpowerSeat,
    "publish calendar": body_commands.PublishCalendar,
    "schedule session": session_commands.ScheduleSession,
    "plan meetings": session_commands.PlanMeetings,
    "postpone session": session_commands.PostponeSession,
    "reconvene session": session_commands.ReconveneSession,
    "cancel session": session_commands.CancelSession,
    "open session": session_commands.OpenSession,
    "close session": session_commands.CloseSession,
    "share session": session_commands.ShareSession,
    "start agenda": agenda_commands.StartAgenda,
    "propose item": agenda_commands.ProposeItem,
    "amend item": agenda_commands.AmendItem,
    "describe item": agenda_commands.DescribeItem,
    "withdraw item": agenda_commands.WithdrawItem,
    "move item": agenda_commands.MoveItem,
    "renumber items": agenda_commands.RenumberItems,
    "annotate item": agenda_commands.AnnotateItem,
    "plan documents": agenda_commands.PlanDocuments,
    "organize work": agenda_commands.OrganizeWork,
    "submit items": agenda_commands.SubmitItems,
    "approve items": agenda_commands.ApproveItems,
    "adopt agenda": agenda_commands.AdoptAgenda,
    "draft report": agenda_commands.DraftReport,
    "adopt report": agenda_commands.AdoptReport,
    "decide items": agenda_commands.DecideItems,
    "note objection": agenda_commands.NoteObjection,
    "defer report": agenda_commands.DeferReport,
    "share agenda": agenda_commands.ShareAgenda,
    "open silence": silence_commands.OpenSilence,
    "record notices": silence_commands.RecordNotices,
    "repeat notices": silence_commands.RepeatNotices,
    "respond": silence_commands.Respond,
    "rule on response": silence_commands.RuleOnResponse,
    "withdraw objection": silence_commands.WithdrawObjection,
    "extend silence": silence_commands.ExtendSilence,
    "suspend silence": silence_commands.SuspendSilence,
    "resume silence": silence_commands.ResumeSilence,
    "supersede silence": silence_commands.SupersedeSilence,
    "hold silence": silence_commands.HoldSilence,
    "release silence": silence_commands.ReleaseSilence,
    "record lapse": silence_commands.RecordLapse,
    "announce outcome": silence_commands.AnnounceOutcome,
    "refer matter": silence_commands.ReferMatter,
    "tell outcome": silence_commands.TellOutcome,
    "decide matter": silence_commands.DecideMatter,
    "announce revision": silence_commands.AnnounceRevision,
    "share silence": silence_commands.ShareSilence,
    "register document": document_commands.RegisterDocument,
    "issue version": document_commands.IssueVersion,
    "reissue version": document_commands.ReissueVersion,
    "publish document": document_commands.PublishDocument,
    "correct fact": CorrectFact,
    "erase text": EraseText,
    "change settings": access_commands.ChangeSettings,
    "change colours": access_commands.ChangeColours,
    "grant role": access_commands.GrantRole,
    "revoke role": access_commands.RevokeRole,
}
VERBS: Final[Mapping[type[Command], str]] = {kind: verb for verb, kind in COMMANDS.items()}
"""The name of each command in files."""

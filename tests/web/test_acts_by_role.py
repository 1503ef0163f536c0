"""Each act on its form: done by the role that may, and refused to everybody who may not.

What is allowed is read from the table of docs/access.md. Each act is prepared by somebody who may
do it; then everybody else asks for the form and sends what was prepared, by a log-in of their own;
then it is done, and the record says by whom.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from domain.access.roles import AccessRole
from domain.type_registry import VERBS
from logged_in import ROLES, Person, two_bodies
from story import ORGANISATION, Story
from web_visitor import field_values, said
from workflows.acts.catalogue import BY_ADDRESS

TABLE = (Path(__file__).parents[2] / "docs" / "access.md").read_text(encoding="utf-8")
BODY = f"/bodies/{ORGANISATION}/b"
SESSION = f"/sessions/{ORGANISATION}/s"
AGENDA = f"/agendas/{ORGANISATION}/a"
WINDOW = f"/windows/{ORGANISATION}/w"
SECOND = f"/windows/{ORGANISATION}/v"
DOCUMENT = f"/documents/{ORGANISATION}/paper"
SELF = f"/organisations/{ORGANISATION}"
OFFICE, CHAIR = "office of b", "chair"
ELSEWHERE: Final = frozenset({"office of c", "eastern of c"})
"""Those whose role is for another body."""
NEXT: Final = {"starts": "2026-06-01", "ends": "2026-06-02"}

Try = tuple[str, str, str, Mapping[str, Any]]
"""By whom, on which page, which act, with which answers."""


def allowed(noun: str, slug: str) -> frozenset[AccessRole]:
    """The roles whose cell in the table is not empty."""
    act = next(a for (kind, name), a in BY_ADDRESS.items() if (str(kind), name) == (noun, slug))
    row = re.search(
        rf"^\| {re.escape(act.title)} \(`{VERBS[act.command]}`\)(?:, {act.noun})? \|(.*)\|$",
        TABLE,
        re.MULTILINE,
    )
    assert row, (noun, slug)
    cells = [cell.strip() for cell in row[1].split("|")]
    return frozenset(role for role, cell in zip(AccessRole, cells, strict=True) if cell)


def may(who: str, noun: str, slug: str) -> bool:
    return ROLES[who]["role"] in allowed(noun, slug) and who not in ELSEWHERE


class Gate:
    """Everybody with a role, each with a log-in, before the same pages."""

    def __init__(self, story: Story) -> None:
        self.story = story
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.all = {who: Person(story).logs_in(who) for who in ROLES}
        self.tried: set[tuple[str, str]] = set()

    def do(self, verb: str, **fields: Any) -> None:
        """Something happens in the meantime."""
        self.story.do(verb, **fields)
        self.goes_on()

    def goes_on(self) -> None:
        """A minute passes."""
        self.story.now += timedelta(minutes=1)
        for person in self.all.values():
            person.clock.at = self.story.now
            person.placet.clock = person.clock

    def tries(self, who: str, on: str, slug: str, **fields: Any) -> None:
        """Somebody prepares an act, the others are refused it, and it is done."""
        kinds = {"bodies": "body", "organisations": "organisation"}
        noun = kinds.get(on.split("/")[1], on.split("/")[1].removesuffix("s"))
        first = {name[1:]: value for name, value in fields.items() if name.startswith("_")}
        query = "?" + "&".join(f"{name}={value}" for name, value in first.items()) if first else ""
        path = f"{on}/act/{slug}"
        given = {name: value for name, value in fields.items() if not name.startswith("_")}
        self.goes_on()
        doer = self.all[who].logs_in(who)
        filled = doer.fills(path + query, **given)
        filled.pop("evidence", None)
        check = doer.sends(path + query, filled)
        assert check.status_code == 200, (slug, said(check)[:3000])
        values = field_values(check.text) | {"confirmed": "yes"}
        before = len(self.story.events())
        for other, person in self.all.items():
            if may(other, noun, slug):
                continue
            shown = person.follows(person.client.get(path + query))
            sent = person.sends(path, values)
            assert (403, 403) == (
                shown.status_code,
                sent.status_code,
            ), (other, path)
            for answer in (said(shown), said(sent)):  # who has no role at all is told just that
                refused = "role-granted" in answer or "Your account has no role here" in answer
                assert refused, (other, path)
        assert before == len(self.story.events()), path
        answer = doer.sends(path, values)
        assert answer.status_code == 303, (slug, said(answer))
        actor = self.story.events()[before].actor
        assert (who, "password") == (actor.principal, actor.authenticated_by), path
        assert may(who, noun, slug), path
        self.story.now = doer.clock.at
        self.tried.add((noun, slug))

    def erases(self, who: str, on: str, version: int, role: str = "secretariat") -> None:
        """Somebody erases the text of an event; the others are refused it."""
        why = {"authority": "Request of the person", "reason": "A name."}
        self.tries(who, on, "erase-text", _version=str(version), role=role, **why)

    def erases_last(self, who: str, on: str, kind: str, role: str = "secretariat") -> None:
        """The same of the last event of a kind."""
        events = self.story.events()
        self.erases(who, on, [e for e in events if type(e.fact).__name__ == kind][-1].version, role)


@pytest.fixture
def gate(story: Story) -> Gate:
    """Before a body with two seats, where everybody has a role."""
    two_bodies(story)
    return Gate(story)


def test_acts_on_a_body_its_sessions_and_the_organisation(gate: Gate) -> None:
    gate.tries(OFFICE, BODY, "adopt-rules", pack="generic")
    gate.tries(OFFICE, BODY, "fill-seat", seat="south", holder="South", since="2026-01-01")
    gate.tries(OFFICE, BODY, "empower-seat", seat="south", acts_for=["east"])
    gate.tries(OFFICE, BODY, "vacate-seat", seat="south", until="2026-06-01", reason="It left.")
    days = {"duty_station": "Vienna", "year": "2027", "holidays": "2027-01-01"}
    gate.tries(OFFICE, BODY, "publish-calendar", **days)
    gate.tries(OFFICE, BODY, "complete", **{"name-fr": "Organe"})
    gate.tries(
        OFFICE,
        BODY,
        "schedule-session",
        session="s",
        number="3",
        venue="Vienna",
        starts="2026-05-04",
        ends="2026-05-06",
    )
    gate.tries(OFFICE, SESSION, "plan-meetings", meetings="2026-05-04 10:00-13:00")
    gate.tries(OFFICE, SESSION, "postpone", reason="Ice.", **NEXT)
    gate.tries(CHAIR, SESSION, "open", role="presiding officer")
    gate.tries(CHAIR, SESSION, "close", role="presiding officer")
    gate.tries(OFFICE, SESSION, "reconvene", starts="2026-07-01", ends="2026-07-02")
    gate.tries(OFFICE, SESSION, "share-session", bodies=["c"])
    gate.do("schedule session", session="t", body="b", number="4", **NEXT)
    gate.tries(OFFICE, f"/sessions/{ORGANISATION}/t", "cancel", reason="Nobody comes.")
    gate.erases_last(OFFICE, f"/sessions/{ORGANISATION}/t", "SessionCancelled")
    gate.erases_last(OFFICE, BODY, "SeatVacated")
    gate.tries(OFFICE, BODY, "start-agenda", agenda="a", approved_by="b")
    gate.tries("admin", SELF, "settings", **{"name-en": "Harbour"})
    gate.tries("admin", SELF, "colours", links="#7a1f5c")
    gate.tries("admin", SELF, "grant-role", principal="auditor", role="dashboard")
    assert {"body", "session", "organisation"} == {noun for noun, _ in gate.tried}
    missing = {
        (str(noun), slug)
        for noun, slug in BY_ADDRESS
        if noun in {"body", "session", "organisation"}
    } - gate.tried
    assert missing == {("organisation", "revoke-role"), ("organisation", "erase-text")}


def test_acts_on_an_agenda_and_its_papers(gate: Gate) -> None:
    gate.story.agenda("1", "2", "3")
    gate.tries(OFFICE, AGENDA, "propose-item", item="4", **{"title-en": "Ropes"})
    gate.tries(OFFICE, AGENDA, "amend-item", item="4", reason="Plural.", **{"title-en": "Rope"})
    gate.tries(OFFICE, AGENDA, "describe-item", item="4", proposer="Northland", reason="So.")
    gate.tries(OFFICE, AGENDA, "clear-item", item="4", particulars=["proposer"], reason="No.")
    gate.tries(OFFICE, AGENDA, "withdraw-item", item="4", reason="Not ripe.")
    gate.tries(OFFICE, AGENDA, "move-item", item="2", after="3", reason="Later.")
    gate.tries(OFFICE, AGENDA, "renumber-items", reason="A gap.", **{"number-9": "8"})
    heading = {"heading": "h1", "reason": "So."}
    gate.tries(OFFICE, AGENDA, "propose-heading", before="3", **{"title-en": "Rest"})
    gate.tries(OFFICE, AGENDA, "amend-heading", **heading, **{"title-en": "The rest"})
    gate.tries(OFFICE, AGENDA, "move-heading", before="2", **heading)
    gate.tries(OFFICE, AGENDA, "withdraw-heading", **heading)
    note = {"_item": "1", "_language": "en"}
    gate.tries(OFFICE, AGENDA, "annotate-item", heading="Item 1", paragraphs="A note.", **note)
    gate.tries(OFFICE, AGENDA, "plan-documents", _item="2", documents="A/1")
    gate.tries(OFFICE, AGENDA, "submit-items")
    gate.tries(CHAIR, AGENDA, "note-objection", role="presiding officer", seats=["west"], text="No")
    gate.tries(OFFICE, AGENDA, "decide-items", result="declined", manner="consensus", items=["2"])
    gate.tries(OFFICE, AGENDA, "approve-items", manner="consensus", items=["1", "3", "8"])
    gate.tries(
        OFFICE,
        AGENDA,
        "register-document",
        document="paper",
        symbol="FBR/2026/1",
        type="provisional agenda",
        languages=["en", "fr"],
    )
    gate.tries("printer", DOCUMENT, "issue-version", language="en")
    gate.tries("printer", DOCUMENT, "issue-version", language="fr")
    gate.tries(
        "printer", DOCUMENT, "reissue-version", language="fr", job_number="V.2", reason="So."
    )
    gate.erases_last(OFFICE, DOCUMENT, "VersionReissued")
    gate.tries("printer", DOCUMENT, "publish-document")
    gate.tries(OFFICE, AGENDA, "adopt-agenda")
    gate.tries(OFFICE, AGENDA, "draft-report", by="Rapporteur", languages=["en"])
    gate.tries(OFFICE, AGENDA, "defer-report", to="The next one", reason="Not translated.")
    gate.tries(OFFICE, AGENDA, "adopt-report")
    gate.do("start agenda", agenda="z", body="b", approved_by="b")
    gate.tries(OFFICE, f"/agendas/{ORGANISATION}/z", "share-agenda", bodies=["c"])
    missing = {
        (str(noun), slug) for noun, slug in BY_ADDRESS if noun in {"agenda", "document"}
    } - gate.tried
    assert missing == {("agenda", "erase-text")}


def test_acts_in_silence_procedures(gate: Gate) -> None:
    gate.story.silence()
    gate.tries("eastern", WINDOW, "respond", kind="editorial comment", text="A comma.")
    letter = {"kind": "unclear", "text": "Perhaps.", "channel": "letter", "seats": "west"}
    local = gate.story.now.astimezone(ZoneInfo("Europe/Vienna"))
    letter["received"] = local.strftime("%Y-%m-%dT%H:%M:%S")
    gate.tries(OFFICE, WINDOW, "register", role="secretariat", **letter)
    gate.tries(CHAIR, WINDOW, "rule", number="2", breaks="no", reason="It asks for nothing.")
    gate.tries(CHAIR, WINDOW, "extend", closes="2026-03-09T17:00", reason="Illness.")
    gate.tries(CHAIR, WINDOW, "suspend", reason="To talk.")
    gate.tries(CHAIR, WINDOW, "resume", length="300 hours")
    gate.tries(OFFICE, WINDOW, "hold", role="secretariat", reason="A letter is under way.")
    gate.tries(CHAIR, WINDOW, "release", hold="1", reason="It was none.")
    addressed = {"role": "secretariat", "seats": ["east"]}
    gate.tries(OFFICE, WINDOW, "notices", result="failed", reason="It came back.", **addressed)
    gate.tries(
        OFFICE, WINDOW, "repeat-notices", about="opening", reason="Another address.", **addressed
    )
    gate.tries(CHAIR, WINDOW, "supersede", reason="The text changes.")
    gate.do(
        "open silence", window="v", body="b", subject={"type": "decision text"}, text={"en": "No."}
    )
    answer = {"window": "v", "kind": "objection", "seats": ["east"], "text": "Of Ms Q."}
    gate.do("respond", who="seat east", **answer)
    gate.tries("eastern", SECOND, "withdraw-objection", number="1")
    gate.tries(OFFICE, SECOND, "announce-revision", role="secretariat", **{"text-en": "Yes."})
    gate.tries(OFFICE, SECOND, "refer", role="secretariat", to="consultations", reason="So.")
    gate.tries(OFFICE, SECOND, "decide", result="adopted", manner="consensus")
    gate.tries(OFFICE, SECOND, "announce", role="secretariat", manner="letter")
    gate.erases(OFFICE, WINDOW, 2)
    assert gate.tried == {(str(noun), slug) for noun, slug in BY_ADDRESS if noun == "window"}


def test_a_role_is_taken_away_and_a_text_of_an_agenda_erased(gate: Gate) -> None:
    gate.story.agenda("1")
    gate.do("note objection", agenda="a", seats=["west"], text="Of Ms Q.")
    version = gate.story.events()[-1].version
    gate.erases(OFFICE, AGENDA, version)
    (given,) = [g for g in gate.story.state("organisation/self").grants if g.principal == "screen"]
    grant = "principal=screen&role=dashboard&body=&seat="
    gate.tries("admin", SELF, "revoke-role", grant=grant, reason="Unused.")
    gate.erases_last("admin", SELF, "RoleRevoked", role="administrator")
    assert given.role == "dashboard"
    assert 403 == gate.all["screen"].status("/")

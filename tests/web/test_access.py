"""Logged in: each person does and sees what their role allows, and nothing beyond that."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi.routing import APIRoute

from domain.access.permissions import ViewKind
from domain.actors import Actor, Role
from domain.body.commands import EstablishBody
from domain.canonical import digest
from domain.cases import Step
from domain.ports.errors import Unavailable
from domain.rules import Refused
from domain.session.commands import OpenSession
from domain.silence.commands import OpenSilence, Respond, SuspendSilence
from domain.times import When
from logged_in import ROLES, Person, identity
from logged_in import person as person
from page_tree import parsed
from story import ORGANISATION, Story
from web.http import view_rules
from web.http.account_urls import BECOME
from web_visitor import WINDOW, field_values, pages, said
from workflows.acts.authorization import Authorization

RESPOND = f"{WINDOW}/act/respond"
BODY = f"/bodies/{ORGANISATION}/b"
OBJECTION = {"kind": "objection", "text": "No."}


def offered(person: Person, path: str = WINDOW) -> set[str]:
    """The acts that a page offers."""
    links = parsed(person.opens(path).text).xpath("//nav[contains(@class, 'acts')]//a/@href")
    return {str(link).rpartition("/")[2] for link in links}


def last(person: Person) -> Any:
    return person.story.events()[-1]


# --- Acts -----------------------------------------------------------------------------------------


def test_a_member_answers_for_its_own_seat_which_the_form_holds(person: Person) -> None:
    person.logs_in("eastern")
    form = person.opens(RESPOND).text
    person.acts("respond", **OBJECTION)

    assert ["east"] == field_values(form)["seat"]
    assert "west" not in parsed(form).xpath("//option/@value")
    event = next(e for e in person.story.events() if e.name.startswith("window.response"))
    assert ("seat", "east", "eastern", "password") == (
        event.actor.role,
        event.actor.seat,
        event.actor.principal,
        event.actor.authenticated_by,
    )


@pytest.mark.parametrize("seat", ["west", "east\u200b", ""])
def test_a_member_never_answers_for_another_seat(person: Person, seat: str) -> None:
    """Whatever is sent in place of what the form holds; nothing waits for the clock, either."""
    person.logs_in("eastern")
    sent = person.fills(RESPOND, seat=seat, confirmed="yes", **OBJECTION)
    before = len(person.story.events())
    answer = person.sends(RESPOND, sent)

    assert answer.status_code in {403, 422}
    assert before == len(person.story.events())
    assert {} == person.placet.processes.intake.pending_windows(ORGANISATION)


def test_a_seat_of_the_same_name_in_another_body_has_no_say(person: Person) -> None:
    sent = person.logs_in("eastern").fills(RESPOND, confirmed="yes", **OBJECTION)
    answer = person.logs_in("eastern of c").sends(RESPOND, sent)

    assert 403 == answer.status_code
    assert 403 == person.status(RESPOND)
    assert {} == person.placet.processes.intake.pending_windows(ORGANISATION)
    assert not person.story.state("window/w").responses


@pytest.mark.parametrize("principal", sorted(ROLES))
def test_a_page_offers_what_the_form_would_let_somebody_do(person: Person, principal: str) -> None:
    """And the form of everything else refuses, with the rule."""
    everything = offered(person)
    if principal == "screen":
        person.logs_in(principal)
        assert 403 == person.status(WINDOW)
        return
    own = offered(person.logs_in(principal))
    forms = {slug for slug in everything if person.status(f"{WINDOW}/act/{slug}") != 403}

    assert own == forms
    assert own <= everything
    assert bool(own) is (principal in {"office", "office of b", "chair", "eastern"})


def test_a_refusal_is_a_page_that_names_the_rule_and_what_is_lacking(person: Person) -> None:
    page = person.logs_in("printer").client.get(f"{WINDOW}/act/suspend")

    assert 403 == page.status_code
    assert "This is not for your role" in said(page)
    assert "suspend silence, as presiding officer, is for the role" in said(page)
    assert "role-granted" in said(page)
    assert "OWASP ASVS 5.0" in said(page)


def test_what_was_filled_in_while_somebody_had_a_role_is_refused_once_it_is_revoked(
    person: Person,
) -> None:
    """Revoked in mid-form: what counts is the receipt of what is sent."""
    form = f"{WINDOW}/act/suspend"
    check = person.logs_in("chair").checks(form, reason="Talks.")
    person.story.at((person.clock.at + timedelta(seconds=1)).isoformat())
    person.story.do("revoke role", who="administrator", principal="chair", **ROLES["chair"])
    person.clock.at = person.story.now
    answer = person.confirms(form, check)

    assert 403 == answer.status_code
    assert not person.story.state("window/w").suspended


def test_who_has_lost_a_role_reads_one_sentence_and_no_addresses_of_forms(person: Person) -> None:
    """What was begun is still listed, so that it can be deleted; nothing leads to a refusal."""
    drafts = f"/drafts/{ORGANISATION}"
    person.logs_in("chair").checks(f"{WINDOW}/act/suspend", reason="Talks.")
    own = said(person.opens(drafts))
    seen = {"own": "Go on with it" in own}
    for verb, role in (("revoke role", ROLES["chair"]), ("grant role", {"role": "auditor"})):
        person.story.at((person.clock.at + timedelta(seconds=1)).isoformat())
        person.story.do(verb, who="administrator", principal="chair", **role)
        person.clock.at = person.story.now
        board = said(person.follows(person.client.get("/")))
        listed = person.opens(drafts)
        assert "Your roles do not allow this now." in said(listed)
        assert "Go on with it" not in said(listed)
        assert "/act/suspend" not in listed.text
        seen[verb] = WINDOW in listed.text
        if verb == "revoke role":
            assert "Your account has no role here now" in board
            assert "of the kind" not in board
            assert "role-granted" not in board
            sent = person.sends(f"{WINDOW}/act/suspend", {"reason": "Talks."})
            assert (403, True) == (sent.status_code, "nothing was recorded" in said(sent))
            program = person.client.get("/board.json").json()
            assert "roles held: none" in program["reason"]

    assert {"own": True, "revoke role": False, "grant role": True} == seen


def test_the_secretariat_enters_what_an_absent_officer_decided(person: Person) -> None:
    person.logs_in("office of b").acts("suspend", reason="Talks.")

    assert (Role.PRESIDING_OFFICER, "office of b") == (
        last(person).actor.role,
        last(person).actor.principal,
    )


def test_an_administrator_gives_roles_and_nobody_else_does(person: Person) -> None:
    page = f"/organisations/{ORGANISATION}"
    given = {"principal": "new", "role": "auditor"}
    person.placet.accounts.directory.add("new", principal="new")
    person.logs_in("admin").acts("grant-role", on=page, **given)
    statuses = {
        principal: person.logs_in(principal).status(f"{page}/act/grant-role") for principal in ROLES
    }

    assert "admin" == person.story.state("organisation/self").grants[0].principal
    assert ("administrator", "admin") == (last(person).actor.role, last(person).actor.principal)
    assert {"admin"} == {principal for principal, status in statuses.items() if status == 200}
    assert {200, 403} == {*statuses.values()}


def test_a_new_body_is_entered_by_the_secretariat_of_the_whole_organisation(
    person: Person,
) -> None:
    path = f"/establish/{ORGANISATION}"
    statuses = {who: person.logs_in(who).status(path) for who in ROLES}

    assert ["office"] == [who for who, status in statuses.items() if status == 200]
    assert "Enter a body" in said(person.logs_in("office").opens(f"/bodies/{ORGANISATION}"))
    assert "Enter a body" not in said(
        person.logs_in("office of b").opens(f"/bodies/{ORGANISATION}")
    )


# --- Pages ----------------------------------------------------------------------------------------


def addresses(person: Person) -> set[str]:
    """The addresses of all pages and forms, as routes write them."""

    def below(routes: Any) -> Iterator[str]:
        for route in routes:
            if isinstance(route, APIRoute):
                yield route.path
            elif hasattr(route, "original_router"):
                yield from below(route.original_router.routes)

    return {*below(pages(person.placet, person.clock).routes)}


def test_every_address_has_a_rule_and_every_rule_an_address(person: Person) -> None:
    """One that has none is denied to everybody who logs in."""
    found = addresses(person)
    bare = {path.removesuffix(".json").removesuffix(".txt") for path in found}

    assert "/windows/{organisation}/{name:path}/act/{slug}" in found
    assert {*view_rules.RULES} - {BECOME, "/metrics"} == bare
    assert all(view_rules.rule_of(path) for path in found)


def test_an_address_without_a_rule_is_denied(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/outstanding/{ORGANISATION}"
    before = person.logs_in("admin").status(path)
    fewer = {path: rule for path, rule in view_rules.RULES.items() if "outst" not in path}
    monkeypatch.setattr(view_rules, "RULES", fewer)
    person.story.do("grant role", who="administrator", principal="x", role="auditor")

    assert (200, 403) == (before, person.status(path))


SEEN: dict[str, ViewKind] = {
    "/": ViewKind.STATE,
    "/board.json": ViewKind.STATE,
    f"/bodies/{ORGANISATION}": ViewKind.STATE,
    f"/outstanding/{ORGANISATION}.json": ViewKind.STATE,
    BODY: ViewKind.RECORD,
    f"{WINDOW}.json": ViewKind.RECORD,
    f"/history/{ORGANISATION}": ViewKind.RECORD,
    f"/history/{ORGANISATION}/window/w.json": ViewKind.RECORD,
    f"/events/{ORGANISATION}/3": ViewKind.RECORD,
    f"/organisations/{ORGANISATION}": ViewKind.GRANTS,
    f"/organisations/{ORGANISATION}.json": ViewKind.GRANTS,
    f"/mail/{ORGANISATION}": ViewKind.MAIL,
}
READERS: dict[ViewKind, set[str]] = {
    ViewKind.STATE: {*ROLES},
    ViewKind.RECORD: {*ROLES} - {"screen"},
    ViewKind.MAIL: {"office"},
    ViewKind.GRANTS: {"admin", "office", "office of b", "office of c", "auditor"},
}


@pytest.mark.parametrize("path", sorted(SEEN))
def test_each_kind_of_page_is_read_by_whom_the_table_says(person: Person, path: str) -> None:
    """Read twice, so that what is kept for others is met too; and by nobody without a role."""
    for _ in range(2):
        statuses = {who: person.logs_in(who).status(path) for who in (*ROLES, "stranger")}
        allowed = {who for who, status in statuses.items() if status == 200}

        assert READERS[SEEN[path]] == allowed
        assert {403} >= {status for status in statuses.values() if status != 200}


def test_a_receipt_is_read_by_its_seat_by_staff_and_by_auditors(person: Person) -> None:
    person.logs_in("eastern").acts("respond", **OBJECTION)
    position = next(
        e.position for e in person.story.events() if e.name.startswith("window.response")
    )
    for path in (
        f"/receipts/{ORGANISATION}/{position}",
        f"/receipts/{ORGANISATION}/{position}.json",
    ):
        allowed = {who for who in ROLES if person.logs_in(who).status(path) != 403}
        assert {"eastern", "office", "office of b", "auditor"} == allowed
    assert 404 == person.logs_in("eastern").status(f"/receipts/{ORGANISATION}/1")
    assert 404 == person.status(f"/receipts/{ORGANISATION}/9999")


def test_where_names_are_withheld_a_receipt_is_for_the_sender_alone(person: Person) -> None:
    """And for the others of its seat; staff and auditors, who read the rest, get none."""
    parameters = {"names-withheld": "yes"}
    person.story.do("adopt rule pack", body="b", pack="generic", parameters=parameters)
    person.story.silence(window="sealed", text={"en": "Another text."})
    person.clock.at = person.story.now + timedelta(minutes=1)
    form = f"/windows/{ORGANISATION}/sealed/act/respond"
    sent = person.logs_in("eastern").fills(form, confirmed="yes", **OBJECTION)
    person.sends(form, sent)
    wanted = {"command_id": sent["command_id"]}
    path = f"/windows/{ORGANISATION}/sealed/receipt"
    statuses = {who: person.logs_in(who).sends(path, wanted).status_code for who in ROLES}
    history = person.logs_in("auditor").opens(f"/history/{ORGANISATION}/window/sealed.json")
    page, answer = history.text, last(person).position
    refusal = person.logs_in("chair").client.get(f"/receipts/{ORGANISATION}/{answer}")

    assert 403 == refusal.status_code
    assert "east" not in said(refusal)
    assert {"eastern"} == {who for who, status in statuses.items() if status != 403}
    assert "eastern" not in page
    assert '"east"' not in page


def test_a_sender_opens_a_withheld_receipt_again_and_nobody_else_does(person: Person) -> None:
    """The page of the procedure leads there: the page, the file, and the proof of the text."""
    person.placet.keys.create(person.clock.at)
    parameters = {"names-withheld": "yes"}
    person.story.do("adopt rule pack", body="b", pack="generic", parameters=parameters)
    person.story.silence(window="sealed", text={"en": "Another text."})
    person.clock.at = person.story.now + timedelta(minutes=1)
    page = f"/windows/{ORGANISATION}/sealed"
    done = person.logs_in("eastern").acts("respond", on=page, **OBJECTION)
    links = {
        who: [
            str(link)
            for link in parsed(person.logs_in(who).client.get(page).text).xpath("//a/@href")
            if "/receipts/" in str(link)
        ]
        for who in (*ROLES, "stranger")
    }
    (path,) = links["eastern"]
    addresses = (path, f"{path}.json", f"{path}.txt", f"{path}/text")
    shown = {who: [person.logs_in(who).status(address) for address in addresses] for who in links}

    assert path in parsed(done.text).xpath("//a/@href")
    assert {"eastern"} == {who for who, found in links.items() if found}
    assert {"eastern"} == {who for who, statuses in shown.items() if 200 in statuses}
    assert [200] * 4 == shown["eastern"]
    assert "Seats: east\n" in person.logs_in("eastern").opens(f"{path}.txt").text
    assert "east" in person.opens(path).text


def test_who_registered_a_response_has_the_receipt_that_is_withheld_from_others(
    person: Person,
) -> None:
    """It is the account that sent it; another one with the same role gets none."""
    person.placet.keys.create(person.clock.at)
    parameters = {"names-withheld": "yes"}
    person.story.do("adopt rule pack", body="b", pack="generic", parameters=parameters)
    person.story.silence(window="sealed", text={"en": "Another text."})
    person.clock.at = person.story.now + timedelta(minutes=1)
    values = {
        "role": "secretariat",
        "seats": ["west"],
        "kind": "no objection",
        "channel": "note verbale",
        "received": "2026-03-02T13:20:30",
    }
    person.logs_in("office of b").acts("register", on=f"/windows/{ORGANISATION}/sealed", **values)
    path = f"/receipts/{ORGANISATION}/{last(person).position}"

    assert 200 == person.status(path)
    assert 404 == person.logs_in("office").status(path)
    assert 403 == person.logs_in("eastern").status(path)


def test_readers_of_one_view_share_a_page_and_others_do_not(person: Person) -> None:
    """The same roles and seats: then the page is the same, and a browser may have it already."""
    second = {**ROLES["eastern"], "principal": "second"}
    person.story.do("grant role", who="administrator", **second)
    person.clock.at = person.story.now + timedelta(minutes=1)
    first = person.logs_in("eastern").opens(WINDOW)
    same = person.logs_in("second").client.get(
        WINDOW, headers={"If-None-Match": first.headers["etag"]}
    )
    other = person.logs_in("chair").client.get(
        WINDOW, headers={"If-None-Match": first.headers["etag"]}
    )

    assert (304, 200) == (same.status_code, other.status_code)
    assert "Respond" in said(first)
    assert "/act/respond" not in other.text


def test_a_page_that_is_kept_is_not_shown_after_the_role_has_ended(person: Person) -> None:
    """Also where it ends by itself, without an event that would make the page again."""
    end = person.clock.at + timedelta(seconds=20)
    person.story.do(
        "grant role", who="administrator", principal="guest", role="auditor", until=end.isoformat()
    )
    person.story.now = person.clock.at
    before = person.logs_in("guest").status(WINDOW)
    person.clock.at = end

    assert (200, 403) == (before, person.status(WINDOW))


def test_the_board_shows_the_organisations_in_which_somebody_has_a_role(
    person: Person, story: Story
) -> None:
    """Rows, counts and links; also in JSON, and as of a moment."""
    body = EstablishBody(body="b", names={"en": "Elsewhere"})
    person.placet.execute("elsewhere", step(body, Role.SECRETARIAT, "establish body"), "one")
    assert "elsewhere" in person.opens("/").text, "as long as nobody logs in"
    person.logs_in("auditor")
    for address in ("/", "/board.json", f"/?at={story.now.isoformat().replace('+00:00', 'Z')}"):
        assert "elsewhere" not in person.opens(address).text, address
        assert "/windows/fictional/w" in person.opens(address).text or "json" in address
    assert 403 == person.logs_in("auditor").status("/bodies/elsewhere")


# --- The intake -----------------------------------------------------------------------------------


def test_who_sent_a_response_is_kept_until_it_is_decided(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kept when the record could not be written; the clock decides it in its sender's name."""
    sent = person.logs_in("eastern").fills(RESPOND, confirmed="yes", **OBJECTION)

    def fails(*_: object, **__: object) -> None:
        raise Unavailable("full")

    with monkeypatch.context() as patch:
        patch.setattr(person.placet.handling, "handle", fails)
        answer = person.sends(RESPOND, sent)
    at = person.clock.at
    person.placet.processes.intake.decide_pending(at + timedelta(hours=1))
    event = next(e for e in person.story.events() if e.name.startswith("window.response"))

    assert 202 == answer.status_code
    assert ("eastern", "password") == (event.actor.principal, event.actor.authenticated_by)


def test_a_response_is_kept_where_nobody_can_say_whose_seat_it_is(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record cannot be read: it is kept, and asked again when it is decided."""
    values = person.logs_in("eastern").fills(RESPOND, confirmed="yes", **OBJECTION)
    person.logs_in("chair")

    def fails(*_: object, **__: object) -> None:
        raise Unavailable("gone")

    with monkeypatch.context() as patch:
        patch.setattr(Authorization, "grants", fails)
        answer = person.sends(RESPOND, values)
    waiting = person.placet.processes.intake.pending_windows(ORGANISATION)
    person.placet.processes.intake.decide_pending(person.clock.at + timedelta(hours=1))

    assert 202 == answer.status_code
    assert {"w"} == {*waiting}
    assert {} == person.placet.processes.intake.pending_windows(ORGANISATION)
    assert not person.story.state("window/w").responses


# --- The application ------------------------------------------------------------------------------


def step(command: Any, role: Role, verb: str, **more: Any) -> Step:
    return Step(line=0, mode="live", verb=verb, command=command, actor=Actor(role=role), **more)


def test_an_act_is_authorised_at_the_instant_of_its_receipt(person: Person) -> None:
    """A role that is revoked afterwards allowed it; one that is given afterwards did not."""
    placet, story = person.placet, person.story
    command = SuspendSilence(window="w", reason="Talks.")
    act = step(command, Role.PRESIDING_OFFICER, "suspend silence")
    received = person.clock.read()
    for verb, principal in (("grant role", "late"), ("revoke role", "chair")):
        story.at((received.at - timedelta(seconds=40)).isoformat())  # an act takes a minute
        story.do(verb, who="administrator", principal=principal, **ROLES["chair"])
    person.clock.at = story.now
    late, chair = (identity(name, received.at) for name in ("late", "chair"))
    with pytest.raises(Refused) as refused:
        placet.preview(ORGANISATION, act, "one", received, identity=late)
    with pytest.raises(Refused):
        placet.execute(ORGANISATION, act, "two", identity=chair)

    assert "role-granted" == refused.value.rule
    assert placet.preview(ORGANISATION, act, "one", received, identity=chair)
    assert placet.execute(ORGANISATION, act, "three", identity=late).events


def test_history_is_entered_by_the_secretariat_in_whatever_function_it_was(person: Person) -> None:
    """The record says in which function it was done then, and by whose account it was entered."""
    story = person.story
    story.do(
        "schedule session",
        session="old",
        body="b",
        number="1",
        starts="2020-01-06",
        ends="2020-01-07",
    )
    act = Step(
        line=0,
        mode="attested",
        verb="open session",
        command=OpenSession(session="old"),
        actor=Actor(role=Role.PRESIDING_OFFICER, name="the President"),
        when=When("2020-01-06"),
        source="the report",
    )
    who = identity("office of b", person.clock.at)
    for other in ("chair", "office of c", "admin", "eastern"):
        with pytest.raises(Refused) as refused:
            person.placet.preview(ORGANISATION, act, "x", identity=identity(other, person.clock.at))
        assert "role-granted" == refused.value.rule
    allowed = person.placet.authorization.authorised(ORGANISATION, act, who, person.clock.at)

    assert ("the President", "office of b") == (allowed.actor.name, allowed.actor.principal)


def test_a_procedure_is_opened_for_a_body_of_its_agenda_only(person: Person) -> None:
    """The secretariat of another body opens none on it, whichever body it names."""
    story = person.story
    story.agenda()
    story.do("submit items", agenda="a", to="b")
    plain = {"window": "w2", "body": "c", "subject": {"type": "agenda items", "agenda": "a"}}
    command = person.placet.codec.from_plain(plain | {"length": "72 hours"}, OpenSilence)
    act = step(command, Role.SECRETARIAT, "open silence")
    for who in ("office of c", "office of b"):
        with pytest.raises(Refused) as refused:
            person.placet.authorization.authorised(
                ORGANISATION, act, identity(who, person.clock.at), person.clock.at
            )
        assert "role-granted" == refused.value.rule


def test_an_unknown_organisation_has_granted_nothing(person: Person) -> None:
    act = step(Respond(window="w", kind="objection", seats=("east",)), Role.SEAT, "respond")
    for name in ("admin", "eastern", "office"):
        with pytest.raises(Refused) as refused:
            person.placet.execute("nowhere", act, "x", identity=identity(name, person.clock.at))
        assert "role-granted" == refused.value.rule


# --- What came by mail ----------------------------------------------------------------------------


def test_only_the_secretariat_of_every_body_registers_what_came_by_mail(person: Person) -> None:
    """Nobody else reads it, deals with it, or has it as a file; the record says who did it."""
    message = b"From: east@example.org\r\nSubject: No\r\n\r\nWe object."
    mail = person.placet.processes.mail
    taken = mail.take(message, "mail.eml")
    at = person.story.now
    mail.state_receipt(taken.id, at, "the stamp", "office")
    path = f"/mail/{ORGANISATION}/{taken.id}"
    forms = ("", "/file", "/register/w")
    for who in ({*ROLES} - {"office"}) | {"stranger"}:
        person.logs_in(who)
        assert {403} == {person.status(path + below) for below in forms}, who
        for below in ("/dismiss", "/receipt", "/register/w"):
            assert 403 == person.sends(path + below, {"reason": "x"}).status_code, (who, below)
    assert "waiting" == mail.get(taken.id).state

    person.logs_in("office")
    filled = {"kind": "objection", "seats": "east", "role": "secretariat", "confirmed": "yes"}
    sent = person.fills(f"{path}/register/w", **filled)
    answer = person.sends(f"{path}/register/w", sent)
    assert answer.status_code in {200, 303}, said(answer)
    found = mail.get(taken.id)
    assert "registered" == found.state
    event = next(e for e in person.story.events() if e.position == found.position)
    assert found.by == event.actor.principal


def test_a_paper_is_read_by_its_seat_by_who_registers_or_rules_and_by_auditors(
    person: Person,
) -> None:
    """Others see the kind, the seat and the time, and that there is a paper."""
    attachment = b"From: east@example.org\r\nSubject: No\r\n\r\nWe object."
    given = {"window": "w", "kind": "objection", "seats": ["east"], "channel": "letter"}
    person.story.do(
        "respond", evidence=digest(attachment), files={digest(attachment): attachment}, **given
    )
    person.clock.at = person.story.now + timedelta(minutes=1)
    file = f"{WINDOW}/evidence/1"
    readers = {"eastern", "office", "office of b", "chair", "auditor"}
    pages = {
        who: person.logs_in(who).opens(WINDOW).text for who in sorted(ROLES) if who != "screen"
    }

    assert readers == {who for who in ROLES if person.logs_in(who).status(file) == 200}
    assert {*ROLES} - readers == {who for who in ROLES if person.logs_in(who).status(file) == 403}
    assert readers == {who for who, page in pages.items() if file in page}
    for page in pages.values():
        assert "objection" in page.casefold()
        assert (file in page) is not ("its paper is on file" in page)
    assert 404 == person.logs_in("office").status(f"{WINDOW}/evidence/2")
    assert 404 == person.logs_in("printer").status(f"{WINDOW}/evidence/2")


def test_a_refused_page_does_not_speak_of_what_was_recorded(person: Person) -> None:
    """A form that is refused was not recorded; a page that is only read says nothing of it."""
    person.logs_in("screen")
    read = person.client.get(WINDOW)
    sent = person.sends(f"{WINDOW}/act/respond", {"confirmed": "yes", **OBJECTION})

    assert (403, 403) == (read.status_code, sent.status_code)
    assert "Nothing was recorded" not in said(read)
    assert "Nothing was recorded" in said(sent)


def test_an_administrator_of_a_new_store_is_led_to_inviting_a_secretariat(story: Story) -> None:
    """Who may enter bodies reads something else: the control."""
    for principal, role in (("admin", "administrator"), ("office", "secretariat")):
        story.do("grant role", who="administrator", principal=principal, role=role)
    story.now += timedelta(minutes=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        somebody = Person(story)
    admin = somebody.logs_in("admin").opens("/")
    office = somebody.logs_in("office").opens("/")

    assert "Invite its people, each with a role." in said(admin)
    assert "/accounts" in parsed(admin.text).xpath("//main//a/@href")
    assert "Invite its people" not in said(office)
    assert "Set up" in said(office)

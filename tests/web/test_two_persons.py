"""What takes two persons: one prepares it, and another one confirms it after logging in."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from account_story import PASSWORD
from domain.access.roles import Identity
from domain.ports.drafts import KEPT_WAITING
from domain.rules import Refused
from domain.times import When
from logged_in import Person, identity, two_bodies
from page_tree import parsed
from story import ORGANISATION, Story
from web_visitor import WINDOW, field_values, said

RULE = f"{WINDOW}/act/rule"
RULING = {"number": "1", "breaks": "no", "reason": "The desk stamped it after five."}
MS = timedelta(milliseconds=1)


@pytest.fixture
def person(story: Story) -> Iterator[Person]:
    """An objection came a moment before the deadline; the clocks allow for two seconds."""
    two_bodies(story, parameters={"margin-seconds": "2"})
    officer = {"role": "presiding officer", "body": "b"}
    story.do("grant role", who="administrator", principal="vice", **officer)
    story.silence()
    end = story.state("window/w").closes.exact
    story.at(When.from_instant(end - timedelta(seconds=59)))
    given = {"window": "w", "kind": "objection", "seats": ["east"], "offset_ms": 0}
    story.do("respond", received=When.from_instant(end - MS), **given)
    assert "at the margin" == story.state("window/w").responses[0].standing
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield Person(story)


def prepares(person: Person, **fields: Any) -> str:
    """The chair prepares the ruling; the page of what waits then."""
    check = person.checks(RULE, **(RULING | fields))
    answer = person.confirms(RULE, check)
    assert 303 == answer.status_code, said(answer)
    where: str = answer.headers["location"]
    assert "/waiting/" in where
    return where


def settles(person: Person, where: str, do: str, **fields: Any) -> Any:
    return person.sends(where, {"do": do} | fields)


def rulings(person: Person) -> list[Any]:
    return [e for e in person.story.events() if e.name.startswith("window.response_ruled_upon")]


def test_one_prepares_a_ruling_and_another_one_confirms_it(person: Person) -> None:
    """It happens then, and the record holds both by their opaque ids."""
    before = len(person.story.events())
    where = prepares(person.logs_in("chair"))
    assert before == len(person.story.events())
    own = person.opens(where)
    assert "You prepared this" in said(own)
    person.clock.at += timedelta(hours=2)
    page = person.logs_in("vice").opens(where)
    assert "Ruled: response 1 does not break the silence. The desk" in said(page)
    confirmed_at = person.clock.at
    answer = settles(person, where, "confirm")

    assert 303 == answer.status_code, said(answer)
    (event,) = rulings(person)
    assert ("chair", "password") == (event.actor.principal, event.actor.authenticated_by)
    other = event.fact.seconded_by
    assert ("presiding officer", "vice", "password") == (
        other.role,
        other.principal,
        other.authenticated_by,
    )
    assert (confirmed_at, "") == (event.received_at, event.fact.second)
    assert event.effective == When.from_instant(confirmed_at)
    assert "window.response_ruled_upon.v2" == event.name
    window = said(person.opens(WINDOW))
    assert "Second person: presiding officer" in window
    assert "vice" not in window
    for seen in (where, RULE):
        assert 200 == person.opens(answer.headers["location"]).status_code
        assert "again=yes" in (
            person.client.get(seen).headers["location"] if seen == where else "again=yes"
        )
    assert 303 == settles(person, where, "confirm").status_code
    assert 1 == len(rulings(person))


def test_both_persons_see_what_is_ruled_on(story: Story) -> None:
    """Who objected, when and in what words, with a link to the procedure; a paper can be read."""
    two_bodies(story, parameters={"margin-seconds": "2"})
    story.silence()
    end = story.state("window/w").closes.exact
    story.at(When.from_instant(end - timedelta(seconds=59)))
    story.do(
        "respond",
        received=When.from_instant(end - MS),
        window="w",
        kind="objection",
        seats=["east"],
        text="Red buoys cannot be seen at night.",
        offset_ms=0,
    )
    officer = {"role": "presiding officer", "body": "b"}
    story.do("grant role", who="administrator", principal="vice", **officer)
    person = Person(story).logs_in("chair")
    form, check = person.opens(RULE), person.checks(RULE, **RULING)
    where = person.confirms(RULE, check).headers["location"]
    for page in (form, check, person.logs_in("vice").opens(where)):
        shown = said(page)
        for words in ("What is ruled on", "from East", "Red buoys cannot be seen at night."):
            assert words in shown, words
        assert WINDOW in {link.get("href") for link in parsed(page.text).iter("a")}


def test_the_form_names_nobody_and_what_is_named_is_refused(person: Person) -> None:
    form = person.logs_in("chair").opens(RULE)
    assert not parsed(form.text).xpath("//input[@name='second']")
    with pytest.raises(Refused) as refusal:
        _ruled(person, identity("chair", person.clock.at), second="rapporteur")
    assert "two-persons" == refusal.value.rule


def _ruled(person: Person, who: Identity, **more: Any) -> None:
    """Rule by the application alone, as whatever surface would."""
    from domain.actors import Role
    from domain.silence.commands import RuleOnResponse
    from workflows.acts.request import Request
    from workflows.acts.stated_circumstances import Circumstances

    command = RuleOnResponse(window="w", number=1, breaks=False, reason="Late.", **more)
    by = Circumstances(role=Role.PRESIDING_OFFICER)
    step = Request(command=command, circumstances=by).step
    person.placet.execute(ORGANISATION, step, "one", identity=who)


@pytest.mark.parametrize("method", ["password", "token", "oidc:corp"])
def test_the_same_person_confirms_nothing_by_any_method(person: Person, method: str) -> None:
    where = prepares(person.logs_in("chair"))
    again = person.logs_in("chair")  # another session
    answer = settles(again, where, "confirm")
    assert 409 == answer.status_code
    assert "two-persons" in said(answer)
    assert "OWASP ASVS 5.0, 2.3.5" in said(answer)
    who = Identity(principal="chair", authenticated_by=method, authenticated_at=person.clock.at)
    with pytest.raises(Refused) as refusal:
        person.placet.pending.confirm(ORGANISATION, where.rpartition("/")[2], who)
    assert "two-persons" == refusal.value.rule
    assert [] == rulings(person)


def test_one_person_in_two_roles_is_refused_by_the_decision_itself(person: Person) -> None:
    """Whatever stands before it."""
    draft = prepares(person.logs_in("chair")).rpartition("/")[2]
    pending = person.placet.pending
    step = pending.step(pending.find(ORGANISATION, draft, identity("chair", person.clock.at)))
    who = identity("chair", person.clock.at)
    with pytest.raises(Refused) as refusal:
        person.placet.execute(ORGANISATION, step, "x", identity=who, second=who)
    assert "two-persons" == refusal.value.rule


@pytest.mark.parametrize("principal", ["eastern", "printer", "auditor", "admin", "office of c"])
def test_who_may_not_rule_neither_sees_nor_confirms_it(person: Person, principal: str) -> None:
    where = prepares(person.logs_in("chair"))
    person.logs_in(principal)
    assert 403 == person.status(where)
    for do in ("confirm", "decline", "take back"):
        answer = settles(person, where, do, reason="No.")
        assert answer.status_code in {403, 409}, do
    for path in ("/", WINDOW):
        assert "Waits for a second person" not in said(person.client.get(path))
    assert [] == rulings(person)
    assert person.logs_in("vice").opens(where)


def test_it_is_shown_on_the_window_and_the_board_to_those_who_may_confirm_it(
    person: Person,
) -> None:
    """At once, although both pages are kept for all who may see the same."""
    for path in ("/", WINDOW):
        assert "Waits for a second person" not in said(person.logs_in("vice").opens(path))
    where = prepares(person.logs_in("chair"))
    person.logs_in("vice")
    for path in ("/", WINDOW):
        page = person.opens(path)
        assert "Waits for a second person" in said(page)
        assert where in parsed(page.text).xpath("//a/@href")
    person.logs_in("chair")
    settles(person, where, "take back")
    for path in ("/", WINDOW):
        assert "Waits for a second person" not in said(person.logs_in("vice").opens(path))


def test_who_prepared_it_takes_it_back_and_nobody_else_does(person: Person) -> None:
    where = prepares(person.logs_in("chair"))
    other = settles(person.logs_in("vice"), where, "take back")
    assert (409, True) == (other.status_code, "two-persons" in said(other))
    assert 303 == settles(person.logs_in("chair"), where, "take back").status_code
    assert 404 == settles(person.logs_in("vice"), where, "confirm").status_code
    assert [] == rulings(person)


def test_it_is_declined_with_a_reason_which_who_prepared_it_reads(person: Person) -> None:
    where = prepares(person.logs_in("chair"))
    silent = settles(person.logs_in("vice"), where, "decline", reason=" ")
    assert (409, True) == (silent.status_code, "empty" in said(silent))
    assert 303 == settles(person, where, "decline", reason="The stamp is another's.").status_code
    late = settles(person.logs_in("office"), where, "confirm")

    assert (409, True) == (late.status_code, "another person has declined it" in said(late))
    assert "The stamp is another's." in said(person.logs_in("chair").opens(where))
    assert 303 == settles(person, where, "take back").status_code
    assert [] == rulings(person)


def test_it_expires_and_the_window_stays_held_meanwhile_and_after(person: Person) -> None:
    """What waits weakens nothing: the response is not ruled on until two persons have."""
    where = prepares(person.logs_in("chair"))
    end = person.story.state("window/w").closes.exact
    for later in (timedelta(minutes=10), KEPT_WAITING + timedelta(days=1)):
        person.story.clock((end + later).isoformat())
        assert "held for review" == person.story.phase()
        assert {1} == {*person.story.state("window/w").awaiting_ruling}
    person.clock.at = person.story.now
    assert 404 == person.logs_in("vice").status(where)
    assert "Waits for a second person" not in said(person.opens(WINDOW))


def test_who_confirms_sees_what_was_recorded_since(person: Person) -> None:
    """The check page is made again, against the present record."""
    where = prepares(person.logs_in("chair"))
    person.story.now = person.clock.at
    seat = {"window": "w", "number": 1, "who": "seat east"}
    person.story.do("withdraw objection", **seat)
    person.clock.at = person.story.now + timedelta(seconds=1)
    page = said(person.logs_in("vice").opens(where))
    since = page.partition("Recorded since it was prepared")[2].partition("What was prepared")[0]
    assert "Response 1 was withdrawn" in since
    assert "Ruled: response 1 does not break the silence" in page


def test_once_another_text_is_put_forward_nothing_is_confirmed(person: Person) -> None:
    where = prepares(person.logs_in("chair"))
    person.story.now = person.clock.at
    by = {"who": "presiding officer", "reason": "A new text."}
    person.story.do("supersede silence", window="w", **by)
    person.clock.at = person.story.now + timedelta(seconds=1)
    answer = settles(person.logs_in("vice"), where, "confirm")
    assert (409, True) == (answer.status_code, "stage" in said(answer)), said(answer)
    assert [] == rulings(person)


def test_a_role_that_was_revoked_meanwhile_neither_prepares_nor_confirms(person: Person) -> None:
    """It is question of both persons again when the act happens."""
    where = prepares(person.logs_in("chair"))
    person.story.now = person.clock.at
    who = {"principal": "chair", "role": "presiding officer", "body": "b"}
    person.story.do("revoke role", who="administrator", **who)
    person.clock.at = person.story.now + timedelta(seconds=1)
    answer = settles(person.logs_in("vice"), where, "confirm")
    assert 403 == answer.status_code
    assert [] == rulings(person)


def test_whoever_has_not_just_proved_who_they_are_proves_it_again(person: Person) -> None:
    """Both of them, as before acts that are final."""
    accounts = person.placet.accounts
    for principal in ("chair", "vice"):
        accounts.directory.add(principal, principal=principal, password=PASSWORD)
    person.logs_in("chair")
    check = person.checks(RULE, **RULING)
    person.clock.at += timedelta(minutes=6)
    question = person.confirms(RULE, check)
    assert "Is it you?" in said(question)
    sent = field_values(question.text) | {"confirmed": "yes", "proof": PASSWORD}
    where = person.sends(RULE, sent).headers["location"]
    person.logs_in("vice")
    person.clock.at += timedelta(minutes=6)
    page = person.opens(where)
    assert parsed(page.text).xpath("//input[@name='proof']")
    for proof, status in (("", 422), ("wrong", 422), (PASSWORD, 303)):
        assert [] == rulings(person)
        answer = settles(person, where, "confirm", proof=proof)
        assert status == answer.status_code, said(answer)
        person.clock.at += timedelta(seconds=5)
    assert 1 == len(rulings(person))


def test_what_waits_is_not_changed_by_sending_its_form_again(person: Person) -> None:
    """What another person confirms is what was prepared."""
    check = person.logs_in("chair").checks(RULE, **RULING)
    values = field_values(check.text) | {"confirmed": "yes"}
    first = person.sends(RULE, values)
    again = person.sends(RULE, values | {"reason": "Something else."})
    assert first.headers["location"] == again.headers["location"]
    page = person.logs_in("vice").opens(first.headers["location"])
    assert "The desk stamped it after five." in said(page)
    assert "Something else." not in said(page)


def test_where_one_person_is_enough_nothing_waits(person: Person) -> None:
    """That it breaks is on the safe side."""
    done = person.logs_in("chair").acts("rule", number="1", breaks="yes", reason="In time.")
    assert "Recorded" in said(done)
    (event,) = rulings(person)
    assert event.fact.seconded_by is None
    assert "broken" == person.story.phase()


def test_without_log_in_a_second_person_is_named_as_before(person: Person) -> None:
    form = person.opens(RULE)
    assert parsed(form.text).xpath("//input[@name='second']")
    person.acts("rule", second="rapporteur", **RULING)
    (event,) = rulings(person)
    assert ("rapporteur", None) == (event.fact.second, event.fact.seconded_by)
    assert "Second person: rapporteur" in said(person.opens(WINDOW))


def test_what_a_crash_left_in_hand_is_taken_up_again(person: Person) -> None:
    """Whether it was recorded before or not; and nobody takes it back in between."""
    where = prepares(person.logs_in("chair"))
    draft = where.rpartition("/")[2]
    assert person.placet.pending.store.claim(draft, person.clock.at)
    assert 409 == settles(person, where, "take back").status_code
    busy = settles(person.logs_in("vice"), where, "confirm")
    assert (409, True) == (busy.status_code, "somebody else is confirming it" in said(busy))
    person.clock.at += timedelta(seconds=61)
    vice = identity("vice", person.clock.at)
    person.placet.pending.confirm(ORGANISATION, draft, vice)  # and then all ends
    person.clock.at += timedelta(seconds=61)
    assert person.placet.pending.confirm(ORGANISATION, draft, vice).repeated
    answer = person.client.get(where)
    assert (303, True) == (answer.status_code, "/recorded/" in answer.headers["location"])
    assert 1 == len(rulings(person))

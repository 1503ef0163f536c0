"""Names instead of ids: in forms, on pages and at the command line; and what stays withheld."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import wiring
from command_line import Placet
from domain.access.events import RoleGranted
from logged_in import Person
from page_tree import parsed
from story import ORGANISATION, Story
from web_visitor import WINDOW, Visitor, said

BODY = f"/bodies/{ORGANISATION}/b"
PAGE = f"/organisations/{ORGANISATION}"
GRANT = f"{PAGE}/act/grant-role"
STATES = [f"State {number}" for number in range(1, 41)]
pytestmark = pytest.mark.folder


def fill(story: Story, seat: str, holder: str, **more: Any) -> None:
    story.do("fill seat", body="b", seat=seat, holder=holder, since="2026-01-01", **more)


def many_seats(story: Story) -> None:
    """A body with so many seats that a form does not list them; two of them are Norway's."""
    story.body(seats=())
    for number, state in enumerate(STATES):
        fill(story, f"s-{number}", state)
    fill(story, "n-1", "Norway", names={"en": "Norway", "fr": "Norvège"})
    fill(story, "n-2", "Norway", office="Vice-Chair", capacity="officer")


def options(page: Any, field: str) -> list[str]:
    """The answers that a field of a form offers, in words."""
    found = parsed(page.text).xpath(f"//select[@id='{field}']/option[@value!='']/text()")
    return [str(text) for text in found]


# --- Forms ----------------------------------------------------------------------------------------


def test_a_list_stands_in_the_order_of_the_names_that_the_reader_knows(story: Story) -> None:
    story.body(seats=())
    for seat, english, french in (("a", "Germany", "Allemagne"), ("b", "Egypt", "Égypte")):
        fill(story, seat, english, names={"en": english, "fr": french})
    fill(story, "c", "Finland", office="Rapporteur", capacity="officer")
    visitor = Visitor(story)
    form = f"{BODY}/act/vacate-seat"

    in_english = ["Egypt (b)", "Finland · Rapporteur (c)", "Germany (a)"]
    assert in_english == options(visitor.opens(form), "seat")
    in_french = ["Allemagne (a)", "Égypte (b)", "Finland · Rapporteur (c)"]
    assert in_french == options(visitor.opens(f"{form}?lang=fr"), "seat")


def test_of_many_seats_one_writes_which_is_meant(story: Story) -> None:
    many_seats(story)
    visitor, form = Visitor(story), f"{BODY}/act/vacate-seat"
    page = parsed(visitor.opens(form).text)
    offered = page.xpath("//datalist[@id='seat-list']/option/@value")

    assert ("seat-list", 42) == (page.xpath("string(//input[@id='seat']/@list)"), len(offered))
    assert ["State 2 (s-1)", "State 10 (s-9)"] == [offered[3], offered[11]]
    for written in ("State 7", "state  7", "s-6", "State 7 (s-6)"):
        check = visitor.checks(form, seat=written)
        assert "State 7 (s-6)" in said(check)
        assert ["s-6"] == parsed(check.text).xpath("//main//input[@name='seat']/@value")
    for written, answer in (("Norway", "Several are called so"), ("Atlantis", "Nothing here is")):
        wrong = visitor.sends(form, visitor.fills(form, seat=written))
        assert (422, True) == (wrong.status_code, answer in said(wrong))
        assert [written] == parsed(wrong.text).xpath("//input[@name='seat']/@value")
    assert "n-1" in visitor.checks(form, seat="Norvège").text, "a name in another language"


def test_several_of_many_seats_are_written_one_by_one(story: Story) -> None:
    many_seats(story)
    story.silence()
    visitor, form = Visitor(story), f"{WINDOW}/act/register"
    inputs = parsed(visitor.opens(form).text).xpath("//input[@name='seats']")
    letter = {"role": "secretariat", "channel": "letter", "received": "2026-03-02T13:45"}
    given: dict[str, Any] = {"seats": ["State 3", "n-2", ""], "kind": "objection", **letter}
    done = visitor.acts("register", **given)
    wrong = visitor.sends(form, visitor.fills(form, **given | {"seats": ["State 3", "Norway"]}))
    kept = parsed(wrong.text).xpath("//input[@name='seats']/@value")

    assert 3 == len(inputs)
    assert ("s-2", "n-2") == story.events()[-2].fact.response.seats
    assert "from State 3, Norway (n-2)" in said(done)
    assert ["State 3 (s-2)", "Norway", "", ""] == kept


def test_a_seat_answers_by_its_name_and_its_answer_is_recorded_by_its_id(story: Story) -> None:
    many_seats(story)
    story.silence()
    done = Visitor(story).acts("respond", seat="State 5", kind="no objection")

    assert "no objection, from State 5" in said(done)
    assert ("s-4", ("s-4",)) == (
        story.events()[-1].actor.seat,
        story.events()[-1].fact.response.seats,
    )


# --- Roles and invitations ------------------------------------------------------------------------


@pytest.fixture
def administrator(story: Story) -> Person:
    """An administrator of two bodies that both have a seat `east`, and another account."""
    story.body()
    story.do("establish body", body="c", names={"en": "Council"}, zone="UTC")
    story.do("fill seat", body="c", seat="east", holder="Eastland", since="2026-01-01")
    story.do("grant role", who="administrator", principal="root", role="administrator")
    person = Person(story)
    directory = person.placet.accounts.directory
    directory.add("mrossi", display_name="Maria Rossi", principal="p-77")
    return person.logs_in("root")


def test_a_role_is_given_by_names_and_no_name_of_a_person_is_recorded(
    administrator: Person,
) -> None:
    page = administrator.opens(GRANT)
    seats = options(page, "seat")
    written = {"principal": "Maria Rossi", "role": "member", "seat": "Eastland"}
    done = said(administrator.acts("grant-role", on=PAGE, **written))
    rows = parsed(administrator.opens(PAGE).text).xpath("//table[@class='seats']/tbody/tr")
    shown = [" ".join(" ".join(row.itertext()).split()) for row in rows]
    wrong = administrator.sends(GRANT, administrator.fills(GRANT, **written | {"body": "b"}))
    unknown = administrator.fills(GRANT, **written | {"principal": "Mario Bianchi"})

    assert ["Maria Rossi (mrossi)", "root"] == options(page, "principal")
    assert ["East (b, east)", "Eastland (c, east)", "West (b, west)"] == seats
    assert "Maria Rossi (mrossi) was given the role: member, Council, Eastland." in done
    granted = administrator.story.events()[-1].fact
    assert isinstance(granted, RoleGranted)
    assert ("p-77", "c", "east") == (granted.principal, granted.body, granted.seat)
    assert shown[1].startswith("Maria Rossi (mrossi) p-77 Member Council · Eastland since ")
    assert (200, True) == (wrong.status_code, "Member: answers for one seat" in said(wrong))
    assert 422 == administrator.sends(GRANT, unknown).status_code
    log = [administrator.placet.codec.to_plain(event) for event in administrator.story.events()]
    assert "Rossi" not in str(log)


def test_only_administrators_read_whose_a_role_is(administrator: Person) -> None:
    administrator.acts("grant-role", on=PAGE, principal="p-77", role="auditor")
    auditor = administrator.logs_in("p-77")

    assert "Auditor" in said(auditor.opens(PAGE))
    for path in (PAGE, f"/history/{ORGANISATION}", f"/events/{ORGANISATION}/8"):
        assert "Rossi" not in auditor.opens(path).text
        assert "mrossi" not in auditor.opens(path).text


def test_an_invitation_names_bodies_and_seats(administrator: Person) -> None:
    administrator.story.do("change settings", who="administrator", names={"en": "Sea Office"})
    page = administrator.opens("/accounts")
    invite = {"display_name": "Bo", "organisation": ORGANISATION, "role": "member"}
    refused = administrator.sends("/accounts/invite", invite | {"seat": "east"})
    other = administrator.sends("/accounts/invite", invite | {"seat": "Eastland", "body": "Body"})
    made = administrator.sends("/accounts/invite", invite | {"seat": "Eastland"})
    made = administrator.opens(made.headers["location"])
    link = str(parsed(made.text).xpath("string(//main//code)")).removeprefix("http://testserver")
    granted = administrator.story.events()[-1].fact

    assert ["Sea Office (fictional)"] == options(page, "organisation")
    assert ["Body (b)", "Council (c)"] == options(page, "body")
    assert ["East (b, east)", "Eastland (c, east)", "West (b, west)"] == options(page, "seat")
    assert (422, True) == (refused.status_code, "several are called" in said(refused))
    assert (422, True) == (other.status_code, "of another organisation or body" in said(other))
    assert ("c", "east") == (granted.body, granted.seat)
    assert "Sea Office · Council · Eastland" in said(administrator.opens("/accounts"))
    assert "Sea Office · Council · Eastland" in said(administrator.opens(link))


# --- What is read ---------------------------------------------------------------------------------


def test_histories_call_seats_by_what_they_stand_for(story: Story) -> None:
    story.body(seats=())
    fill(story, "n-1", "Norway", names={"en": "Norway", "ar": "النرويج"})
    fill(story, "n-2", "Norway")
    story.silence()
    story.respond("objection", "n-1")
    visitor = Visitor(story)

    for path in (WINDOW, f"/history/{ORGANISATION}/window/w", f"/events/{ORGANISATION}/6"):
        page = said(visitor.opens(path))
        assert "objection, from Norway (n-1)" in page
        assert "seat n-1" not in page
    assert "النرويج" in said(visitor.opens(f"{WINDOW}?lang=ar"))


def test_a_withheld_name_is_in_no_sentence(story: Story) -> None:
    story.body(seats=())
    fill(story, "n-1", "Norway")
    fill(story, "w-1", "Westland")
    story.silence(names_withheld=True)
    story.respond("objection", "n-1")
    visitor = Visitor(story)

    pages = (WINDOW, f"/history/{ORGANISATION}/window/w", f"/events/{ORGANISATION}/6", "/")
    for path in (*pages, f"{WINDOW}.json", f"/outstanding/{ORGANISATION}"):
        assert "Norway" not in visitor.opens(path).text, path
    assert "a seat whose name is withheld" in said(visitor.opens(WINDOW))


# --- The command line -----------------------------------------------------------------------------


def test_the_command_line_takes_names_and_prints_them_with_ids(
    story: Story, tmp_path: Path, placet: Placet
) -> None:
    many_seats(story)
    story.silence(length="2000 days")
    story.placet.accounts.directory.add("mrossi", display_name="Maria Rossi", principal="p-77")
    store = str(tmp_path / "store")
    answer = ("window", "respond", "w", "--store", store, "--kind", "no objection", "--yes")
    code, out, err = placet(*answer, "--as", "State 4")
    assert (0, True) == (code, "no objection, from State 4 (s-3)" in out), err
    code, _, err = placet(*answer, "--as", "Norway")
    assert (1, True) == (code, "several are called 'Norway': say n-1 or n-2" in err)
    role = ("organisation", "grant-role", "--store", store, "--yes", "--role", "member")
    given = ("--principal", "Maria Rossi", "--body", "Body", "--seat", "State 9")
    code, out, err = placet(*role, *given)
    assert (0, True) == (code, "member, Body (b), State 9 (s-8)" in out), err
    code, _, err = placet("directory", "set", "Body", "State 9", "--store", store, *ADDRESS)
    assert (0, True) == (code, "The entry of s-8 of b was entered." in err), err
    with wiring.open_application(tmp_path / "store") as application:
        granted = application.queries.record.history(ORGANISATION).since(0, 1000)[-1].fact
        assert isinstance(granted, RoleGranted)
        assert ("p-77", "b", "s-8") == (granted.principal, granted.body, granted.seat)


def test_a_member_for_whom_a_seat_speaks_stays_as_it_was_named(
    story: Story, tmp_path: Path, placet: Placet
) -> None:
    """It is recorded in the words that were used, and no id takes their place."""
    story.body()
    story.do("empower seat", body="b", seat="east", acts_for=["West"], since="2026-01-01")
    story.silence(length="2000 days")
    answer = ("window", "respond", "w", "--store", str(tmp_path / "store"), "--yes")
    given = ("--as", "East", "--kind", "no objection", "--on-behalf-of", "West")
    code, _, err = placet(*answer, *given)

    assert 0 == code, err
    with wiring.open_application(tmp_path / "store") as application:
        fact: Any = application.queries.record.history(ORGANISATION).since(0, 1000)[-1].fact
        assert (("east",), ("West",)) == (fact.response.seats, fact.response.on_behalf_of)


ADDRESS = ("--address", "state9@example.org")

"""Editing pages in progress: each has an address, is kept for its owner, and is not lost."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import openpyxl
import pytest

from domain.ports.errors import Unavailable
from logged_in import Person
from page_tree import parsed
from story import ORGANISATION, Story
from web_visitor import SENT_HERE, Visitor, field_values, said

BODY, AGENDA = f"/bodies/{ORGANISATION}/b", f"/agendas/{ORGANISATION}/a"
ROSTER, ITEMS, NOTES = f"{BODY}/edit/roster", f"{AGENDA}/edit/items", f"{AGENDA}/edit/annotations"
DRAFTS = f"/drafts/{ORGANISATION}"
THREE = "holder;seat\nEast;east\nWest;west\nNorth;north"


@pytest.fixture
def person(story: Story) -> Iterator[Person]:
    """Somebody who may edit a body of two seats and an agenda of three items; no log-in so far."""
    story.body()
    story.do("start agenda", agenda="a", body="b", approved_by="b")
    for item in ("1", "2", "3"):
        story.propose(item)
    for principal in ("ada", "bob"):
        grant = {"principal": principal, "role": "secretariat", "body": "b"}
        story.do("grant role", who="administrator", **grant)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield Person(story)


def fields(answer: Any) -> dict[str, Any]:
    """What the form of a page would send; a browser leaves out the line end before a text."""
    return {
        name: [value.removeprefix("\n") for value in values]
        for name, values in field_values(answer.text).items()
    }


def begun(visitor: Visitor, path: str, **changed: str) -> dict[str, Any]:
    """What the page at a path sends once these fields are filled in."""
    return fields(visitor.opens(path)) | changed


def location(person: Visitor, path: str, values: dict[str, Any], **more: Any) -> str:
    """Where what was sent leads to."""
    answer = person.client.post(path, data=values, headers=SENT_HERE, **more)
    assert answer.status_code == 303, said(answer)
    return str(answer.headers["location"])


def test_a_check_page_can_be_read_again_and_changed_and_sent_again(person: Person) -> None:
    check = location(person, ROSTER, begun(person, ROSTER, text=THREE))
    first, second = person.client.get(check), person.client.get(check)
    back = person.client.get(check.replace("&check=yes", ""))
    again = location(person, ROSTER, fields(back) | {"text": THREE + "\nSouth;south"})
    changed = person.client.get(again)

    assert "&check=yes" in check
    assert fields(first) == fields(second)
    assert "New 1 North (north)" in said(first)
    assert [THREE] == fields(back)["text"]
    assert "New 2 North (north)South (south)" in said(changed)
    assert again == check
    done = person.confirms(ROSTER, changed)
    for address in (check, check.replace("&check=yes", "")):
        led = person.client.get(address)
        assert (303, f"{done.headers['location']}?again=yes") == (
            led.status_code,
            led.headers["location"],
        )
    assert 4 == len(person.story.state("body/b").seats)


def test_going_back_from_a_check_page_finds_what_led_to_it(person: Person) -> None:
    """What was wrong has an address of its own, which then shows what was put right."""
    where = location(person, ROSTER, begun(person, ROSTER, text="holder;capacity\nNorth;monarch"))
    led = person.client.get(where)
    wrong = person.client.get(led.headers["location"])
    again = location(person, ROSTER, fields(wrong) | {"text": THREE})
    back = person.client.get(led.headers["location"])

    assert (303, 422) == (led.status_code, wrong.status_code)
    assert led.headers["location"] == where.replace("check=yes", "wrong=yes")
    assert again == where
    assert (200, [THREE]) == (back.status_code, fields(back)["text"])
    assert "Nothing is recorded yet." in said(person.client.get(again))


def test_a_workbook_is_kept_as_what_was_read_of_it(person: Person) -> None:
    """Neither a fault nor a reload asks for the file again."""
    book = openpyxl.Workbook()
    for row in (["holder", "seat", "capacity"], ["North", "north", "monarch"]):
        book.worksheets[0].append(row)
    target = io.BytesIO()
    book.save(target)
    file = {"file": ("roster.xlsx", target.getvalue())}
    values = begun(person, ROSTER, **{"a-rest": "keep"})
    where = location(person, ROSTER, values, files=file)
    wrong = person.follows(person.client.get(where))
    right = person.sends(ROSTER, fields(wrong) | {"text": "holder\tseat\nNorth\tnorth"})

    assert 422 == wrong.status_code
    assert ["holder\tseat\tcapacity\nNorth\tnorth\tmonarch"] == fields(wrong)["text"]
    assert "New 1 North (north)" in said(right)


def test_a_file_that_cannot_be_read_is_told_again_after_a_reload(person: Person) -> None:
    values, file = begun(person, ROSTER), {"file": ("roster.csv", b"Stra\xdfe")}
    where = location(person, ROSTER, values, files=file)
    for _ in range(2):
        shown = person.follows(person.client.get(where))
        assert 422 == shown.status_code
        assert "The file “roster.csv” cannot be read" in said(shown)
    french = person.follows(person.client.get(f"{where}&lang=fr"))
    assert "enregistrez-le en UTF-8" in said(french)


def test_another_language_loses_nothing_of_lines_in_the_first_one(person: Person) -> None:
    """Lines hold titles in one language; the page can be read in another one."""
    lines = fields(person.sends(ITEMS, begun(person, ITEMS, do="lines")))
    written = lines | {"text": "1\tFirst\n2\tSecond\n3\tThird\n4\tFourth", "a-reason": "Clearer."}
    switched = location(person, ITEMS, written | {"in_language": "fr"})
    french = person.client.get(switched)
    check = person.sends(ITEMS, fields(french))
    person.confirms(ITEMS, check)
    titles = [item.titles["en"] for item in person.story.state("agenda/a").items]

    assert "lang=fr" in switched
    assert written["text"] == fields(french)["text"][0]
    assert "Modifier la liste des points" in said(french)
    assert ["en"] == fields(french)["language"]
    assert ["First", "Second", "Third", "Fourth"] == titles


def test_a_table_keeps_its_rows_when_they_are_moved_and_read_in_another_language(
    person: Person,
) -> None:
    values = begun(person, ITEMS, **{"r1-title-en": "Opening", "r1-title-fr": "Ouverture"})
    where = location(person, ITEMS, values | {"do": "down-1"})
    moved = person.client.get(where)
    arabic = person.sends(ITEMS, fields(moved) | {"in_language": "ar"})

    assert ["Opening"] == fields(moved)["r2-title-en"]
    assert ["Ouverture"] == fields(arabic)["r2-title-fr"]
    assert 'dir="rtl"' in arabic.text


def test_enter_in_a_cell_goes_on_and_changes_no_language(person: Person) -> None:
    page = parsed(person.opens(ITEMS).text)
    buttons = page.xpath("//button[@form='form'] | //form[@id='form']//button")

    assert {None} == {buttons[0].get("name"), buttons[0].get("value")}


def test_it_is_found_from_the_list_and_from_its_place_until_it_is_recorded(person: Person) -> None:
    there = location(person, ROSTER, begun(person, ROSTER, text=THREE, save="yes"))
    listed = person.opens(there)
    link = parsed(listed.text).xpath("//a[contains(@href, 'draft=')]/@href")[0]
    place = parsed(person.opens(ROSTER).text).xpath("//a[contains(@href, 'draft=')]/@href")
    page = person.client.get(link)

    assert there == DRAFTS
    assert "Edit the roster" in said(listed)
    assert [link] == place
    assert [THREE] == fields(page)["text"]
    person.confirms(ROSTER, person.sends(ROSTER, fields(page)))
    assert "You have begun nothing that is not recorded." in said(person.opens(DRAFTS))


def test_what_was_sent_with_faults_is_listed_without_being_saved(person: Person) -> None:
    location(person, ROSTER, begun(person, ROSTER, text="holder;capacity\nNorth;monarch"))
    listed = said(person.opens(DRAFTS))

    assert "Edit the roster" in listed
    assert "Not saved, last sent" in listed


def test_nobody_sees_or_takes_over_what_another_has_begun(person: Person) -> None:
    ada = person.logs_in("ada")
    check = location(ada, ROSTER, begun(ada, ROSTER, text=THREE))
    draft = check.split("draft=")[1].split("&")[0]
    bob = person.logs_in("bob")
    peeked = bob.client.get(check)
    taken = bob.client.post(
        ROSTER, data=begun(bob, ROSTER, text="Mine", draft=draft), headers=SENT_HERE
    )

    assert 410 == peeked.status_code
    assert "North" not in peeked.text
    assert 200 == taken.status_code  # answered at once, and kept nowhere
    assert "You have begun nothing that is not recorded." in said(bob.opens(DRAFTS))
    ada = person.logs_in("ada")
    assert "North" in said(ada.client.get(check))


def test_with_the_account_its_drafts_are_erased(person: Person) -> None:
    ada = person.logs_in("ada")
    check = location(ada, ROSTER, begun(ada, ROSTER, text=THREE, save="yes"))
    person.logs_in("bob")
    person.placet.accounts.directory.erase("ada")
    drafts = person.placet.pending.store

    assert check == DRAFTS
    assert [] == drafts.in_progress("ada", ORGANISATION, person.clock.at)


def test_what_the_record_has_moved_on_from_is_shown_in_both_versions(person: Person) -> None:
    """An officer comes back to what was saved; another one has recorded something since."""
    values = begun(person, ITEMS, **{"r1-title-en": "Mine", "r2-title-en": "Too", "a-reason": "R."})
    location(person, ITEMS, values | {"save": "yes"})
    person.acts("amend-item", AGENDA, item="1", reason="R.", **{"title-en": "Theirs"})
    link = parsed(person.opens(DRAFTS).text).xpath("//a[contains(@href, 'draft=')]/@href")[0]
    shown = person.client.get(link)

    assert 200 == shown.status_code
    assert "1 line was changed by both of you" in said(shown)
    assert "Theirs" in said(shown)
    assert ["Mine"] == fields(shown)["r1-title-en"]
    person.confirms(ITEMS, person.sends(ITEMS, fields(shown)))
    titles = [item.titles["en"] for item in person.story.state("agenda/a").items]
    assert ["Mine", "Too"] == titles[:2]


def test_a_conflict_at_the_confirmation_is_kept_too(person: Person) -> None:
    values = begun(person, ITEMS, **{"r1-title-en": "Mine", "a-reason": "R."})
    check = person.client.get(location(person, ITEMS, values))
    person.acts("amend-item", AGENDA, item="1", reason="R.", **{"title-en": "Theirs"})
    refused = person.confirms(ITEMS, check)
    link = parsed(person.opens(DRAFTS).text).xpath("//a[contains(@href, 'draft=')]/@href")[0]

    assert 409 == refused.status_code
    assert ["Mine"] == fields(person.client.get(link))["r1-title-en"]


def test_a_conflict_is_kept_also_where_the_draft_was_forgotten(person: Person) -> None:
    """A check page carries all of it, so it outlives its draft."""
    where = location(
        person, ITEMS, begun(person, ITEMS, **{"r1-title-en": "Mine", "a-reason": "R."})
    )
    check = person.client.get(where)
    person.placet.pending.store.remove(where.split("draft=")[1].split("&")[0], "")
    person.acts("amend-item", AGENDA, item="1", reason="R.", **{"title-en": "Theirs"})
    refused = person.confirms(ITEMS, check)
    kept = person.client.get(where.replace("&check=yes", ""))

    assert 409 == refused.status_code
    assert ["Mine"] == fields(kept)["r1-title-en"]


def test_after_it_was_recorded_the_same_page_begins_another_act(person: Person) -> None:
    """A browser may show the page as it was; what is sent from there is kept again."""
    values = begun(person, ROSTER, text=THREE)
    check = location(person, ROSTER, values)
    person.confirms(ROSTER, person.client.get(check))
    again = location(person, ROSTER, values | {"text": THREE + "\nSouth;south"})
    shown = person.follows(person.client.get(again))

    assert again != check
    assert 409 == shown.status_code
    assert "South" in fields(shown)["text"][0]


def test_where_no_draft_can_be_kept_it_is_answered_at_once(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> bool:
        raise Unavailable("no space")

    monkeypatch.setattr(type(person.placet.pending.store), "put", full)
    check = person.client.post(ROSTER, data=begun(person, ROSTER, text=THREE), headers=SENT_HERE)
    unsaved = person.sends(ROSTER, begun(person, ROSTER, text=THREE, save="yes"))
    moved = person.sends(ITEMS, begun(person, ITEMS, do="down-1"))
    person.confirms(ROSTER, check)

    assert "New 1 North (north)" in said(check)
    assert 503 == unsaved.status_code
    assert [THREE] == fields(unsaved)["text"]
    assert ["2"] == fields(moved)["r1-number"]
    assert 3 == len(person.story.state("body/b").seats)


# --- Sessions that run out ------------------------------------------------------------------------

SEATS = "\n".join(["holder;seat", *(f"State {number};state-{number}" for number in range(190))])


def test_a_roster_of_190_seats_outlives_the_session_and_the_browser(person: Person) -> None:
    """The log-in page carries it; and those who leave that page find it in the account."""
    ada = person.logs_in("ada")
    values = begun(ada, ROSTER, text=SEATS)
    person.clock.at += timedelta(minutes=40)
    held = ada.client.post(ROSTER, data=values, headers=SENT_HERE)
    ada = person.logs_in("ada")
    link = parsed(ada.opens(DRAFTS).text).xpath("//a[contains(@href, 'draft=')]/@href")[0]
    page = ada.client.get(link)

    assert 401 == held.status_code
    assert "It is kept among what you have begun, too" in said(held)
    assert [SEATS] == fields(page)["text"]
    assert "New 190" in said(ada.sends(ROSTER, fields(page)))


def test_a_file_that_comes_after_the_session_is_kept_as_what_was_read_of_it(
    person: Person,
) -> None:
    ada = person.logs_in("ada")
    values = begun(ada, ROSTER)
    person.clock.at += timedelta(minutes=40)
    file = {"file": ("roster.csv", THREE.encode())}
    held = ada.client.post(ROSTER, data=values, files=file, headers=SENT_HERE)
    link = "//a[contains(@href, 'draft=')]/@href"
    ada = person.logs_in("ada")
    page = ada.client.get(parsed(ada.opens(DRAFTS).text).xpath(link)[0])

    assert 401 == held.status_code
    assert "roster.csv" not in said(held)
    assert [THREE] == fields(page)["text"]


@pytest.mark.parametrize("token", ["", "0" * 64])
def test_nothing_is_kept_of_a_form_that_was_not_made_for_the_session(
    person: Person, token: str
) -> None:
    """Nor anything of the proof of who somebody is."""
    ada = person.logs_in("ada")
    values = begun(ada, ROSTER, text=THREE)
    person.clock.at += timedelta(minutes=40)
    held = ada.client.post(ROSTER, data=values | {"form_token": token}, headers=SENT_HERE)
    drafts = person.placet.pending.store

    assert 401 == held.status_code
    assert "It is kept among what you have begun" not in said(held)
    assert [] == drafts.in_progress("ada", ORGANISATION, person.clock.at)
    ada.client.post(ROSTER, data=values | {"proof": "a secret"}, headers=SENT_HERE)
    (kept,) = drafts.in_progress("ada", ORGANISATION, person.clock.at)
    assert {"proof", "form_token"}.isdisjoint(kept.values)

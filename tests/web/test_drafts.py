"""Forms in progress: each has an address, is kept for its owner, and is harmless to repeat."""

from __future__ import annotations

from typing import Any

import pytest

from domain.ports.errors import Unavailable
from logged_in import Person
from page_tree import parsed
from story import Story
from web_visitor import SENT_HERE, WINDOW, Visitor, field_values, said

AGENDA = "/agendas/fictional/a"
PROPOSE = f"{AGENDA}/act/propose-item"
BUOYS = {"item": "7", "title-en": "Buoys"}


@pytest.fixture
def visitor(story: Story) -> Visitor:
    """Somebody before an agenda of three items and a running procedure."""
    story.body()
    story.agenda()
    story.silence()
    return Visitor(story)


def location(visitor: Visitor, path: str, **fields: Any) -> str:
    """Where what was sent leads to."""
    answer = visitor.client.post(path, data=visitor.fills(path, **fields), headers=SENT_HERE)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def test_a_check_page_has_an_address_and_can_be_read_again(visitor: Visitor) -> None:
    check = location(visitor, PROPOSE, **BUOYS)
    first, second = visitor.client.get(check), visitor.client.get(check)

    assert "&check=yes" in check
    assert "Check: Propose an item" in said(first)
    assert field_values(first.text) == field_values(second.text)
    assert "Buoys" in visitor.client.get(check.replace("&check=yes", "")).text
    assert 3 == len(visitor.story.state("agenda/a").items)


def test_after_recording_the_same_address_leads_to_what_was_recorded(visitor: Visitor) -> None:
    check = location(visitor, PROPOSE, **BUOYS)
    done = visitor.confirms(PROPOSE, visitor.client.get(check))
    for back in (check, check.replace("&check=yes", "")):
        answer = visitor.client.get(back)
        assert 303 == answer.status_code
        assert f"{done.headers['location']}?again=yes" == answer.headers["location"]
    drafts = visitor.placet.pending.store.in_progress("", "fictional", visitor.clock.at)

    assert [] == drafts
    assert 4 == len(visitor.story.state("agenda/a").items)


def test_an_act_that_is_not_offered_any_more_still_leads_to_what_was_recorded(
    visitor: Visitor,
) -> None:
    suspend = f"{WINDOW}/act/suspend"
    check = location(visitor, suspend, reason="To talk.")
    visitor.confirms(suspend, visitor.client.get(check))

    assert "/recorded/" in visitor.client.get(check).headers["location"]


def test_what_is_in_progress_at_one_form_is_not_shown_at_another(visitor: Visitor) -> None:
    """Fields of two forms may have the same name. The control: at its own address it is there."""
    suspend, extend = f"{WINDOW}/act/suspend", f"{WINDOW}/act/extend"
    check = location(visitor, suspend, reason="To talk.")
    draft = check.partition("draft=")[2].partition("&")[0]

    assert "To talk." in visitor.client.get(f"{suspend}?draft={draft}").text
    assert "To talk." not in visitor.client.get(f"{extend}?draft={draft}").text


def test_what_is_wrong_has_an_address_too(visitor: Visitor) -> None:
    where = location(visitor, PROPOSE, item="7")
    shown = visitor.client.get(where)

    assert 422 == shown.status_code
    assert "This is needed" in said(shown)
    assert 'value="7"' in shown.text


def test_another_language_loses_nothing_of_what_was_written(visitor: Visitor) -> None:
    where = location(visitor, PROPOSE, **BUOYS, in_language="fr")
    form = visitor.client.get(where)
    check = visitor.sends(PROPOSE, field_values(form.text))
    links = parsed(check.text).xpath("//ul[@class='languages']//a/@href")

    assert "Proposer un point" in said(form)
    assert "Buoys" in form.text
    assert all("draft=" in link and "check=yes" in link for link in links)
    assert "التحقق" in said(visitor.client.get(next(link for link in links if "lang=ar" in link)))


def test_enter_in_a_field_goes_on_and_changes_no_language(visitor: Visitor) -> None:
    """A browser presses the first button that belongs to the form."""
    page = parsed(visitor.opens(PROPOSE).text)
    buttons = page.xpath("//button[@form='form'] | //form[@id='form']//button")

    assert {None} == {buttons[0].get("name"), buttons[0].get("value")}


def test_a_form_is_saved_listed_continued_and_deleted(visitor: Visitor) -> None:
    there = location(visitor, PROPOSE, item="8", save="yes")
    listed = visitor.opens(there)
    link = parsed(listed.text).xpath("//a[contains(@href, 'draft=')]/@href")[0]
    offered = visitor.opens(PROPOSE)
    form = visitor.client.get(link)

    assert "/drafts/fictional" == there
    assert "Propose an item" in said(listed)
    assert "Agenda: " in said(listed), "what it is about, in words"
    assert "/agendas/" not in said(listed)
    assert "You have begun this before" in said(offered)
    assert 'value="8"' in form.text
    visitor.client.post(there, data=field_values(listed.text), headers=SENT_HERE)
    assert "You have begun nothing that is not recorded." in said(visitor.opens(there))


def test_what_was_saved_stays_in_the_list_until_it_is_recorded(visitor: Visitor) -> None:
    there = location(visitor, PROPOSE, item="8", save="yes")
    link = parsed(visitor.opens(there).text).xpath("//a[contains(@href, 'draft=')]/@href")[0]
    found = field_values(visitor.client.get(link).text)
    check = visitor.sends(PROPOSE, found | {"title-en": "Ropes"})
    before = said(visitor.opens(there))
    visitor.confirms(PROPOSE, check)

    assert "Check: Propose an item" in said(check)
    assert "Propose an item" in before
    assert "You have begun nothing that is not recorded." in said(visitor.opens(there))


def test_nobody_sees_or_takes_over_the_form_of_another(visitor: Visitor) -> None:
    """Neither by its address nor by sending something under its id."""
    for principal in ("ada", "bob"):
        grant = {"principal": principal, "role": "secretariat", "body": "b"}
        visitor.story.do("grant role", who="administrator", **grant)
    visitor = Person(visitor.story).logs_in("ada")
    check = location(visitor, PROPOSE, **BUOYS)
    draft = check.split("draft=")[1].split("&")[0]
    location(visitor, PROPOSE, item="8", save="yes")
    visitor.logs_in("bob")
    peeked = visitor.client.get(check)
    found = visitor.fills(PROPOSE, item="5", draft=draft, **{"title-en": "Mine"})
    taken = visitor.client.post(PROPOSE, data=found, headers=SENT_HERE)
    listed = said(visitor.opens("/drafts/fictional"))
    visitor.logs_in("ada")

    assert 410 == peeked.status_code
    assert "Buoys" not in peeked.text
    assert 200 == taken.status_code  # answered at once, and kept nowhere
    assert "You have begun nothing that is not recorded." in listed
    assert "Buoys" in said(visitor.client.get(check))
    assert "Propose an item" in said(visitor.opens("/drafts/fictional"))


def test_where_no_draft_can_be_kept_a_form_is_answered_at_once(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A seat objects also where the disk has no room for drafts."""

    def full(*_: object) -> bool:
        raise Unavailable("no space")

    monkeypatch.setattr(type(visitor.placet.pending.store), "put", full)
    respond = f"{WINDOW}/act/respond"
    found = visitor.fills(respond, seat="east", kind="objection", text="No.")
    check = visitor.client.post(respond, data=found, headers=SENT_HERE)
    visitor.confirms(respond, check)
    unsaved = visitor.sends(PROPOSE, visitor.fills(PROPOSE, item="8", save="yes"))

    assert "This will break the silence" in said(check)
    assert "broken" == visitor.story.phase()
    assert 503 == unsaved.status_code
    assert 'value="8"' in unsaved.text


def test_the_draft_of_a_withheld_response_opens_no_receipt(story: Story) -> None:
    """Its address holds neither the id that opens the receipt nor, once sent, any words."""
    story.body()
    story.silence(names_withheld=True)
    visitor = Visitor(story)
    respond = f"{WINDOW}/act/respond"
    check = location(visitor, respond, seat="east", kind="objection", text="No.")
    page = visitor.client.get(check)
    command_id = field_values(page.text)["command_id"][0]
    done = visitor.confirms(respond, page)
    back = visitor.client.get(check)

    assert command_id not in check
    assert 200 == done.status_code
    assert WINDOW in back.headers["location"]
    assert "recorded" not in back.headers["location"]
    draft = visitor.placet.pending.store.get(
        check.split("draft=")[1].split("&")[0], "", visitor.clock.at
    )
    assert draft is not None
    assert {} == draft.values


# --- Two who change the same --------------------------------------------------------------------


@pytest.fixture
def annotated(visitor: Visitor) -> Visitor:
    visitor.acts(
        "annotate-item", AGENDA, item="2", language="en", heading="Item 2", paragraphs="One."
    )
    return visitor


ANNOTATE = f"{AGENDA}/act/annotate-item"
BOTH = {"item": "2", "language": "en", "heading": "Item 2"}


def test_two_who_change_the_same_see_both_versions_and_lose_nothing(annotated: Visitor) -> None:
    written = annotated.fills(f"{ANNOTATE}?item=2&language=en", paragraphs="Mine.")
    annotated.acts("annotate-item", AGENDA, **BOTH, paragraphs="Theirs.")
    shown = annotated.sends(ANNOTATE, written)

    assert 409 == shown.status_code
    assert "somebody else has changed this meanwhile" in said(shown)
    assert "Theirs." in said(shown)
    assert "Mine." in said(shown)
    assert "Recorded since you opened this form" in said(shown)
    again = annotated.sends(ANNOTATE, field_values(shown.text))
    annotated.confirms(ANNOTATE, again)
    (note,) = annotated.story.state("agenda/a").item("2").notes
    assert ("Mine.",) == note.paragraphs


def test_a_change_between_check_and_confirmation_is_shown_too(annotated: Visitor) -> None:
    written = annotated.fills(f"{ANNOTATE}?item=2&language=en", paragraphs="Mine.")
    check = annotated.sends(ANNOTATE, written)
    annotated.acts("annotate-item", AGENDA, **BOTH, paragraphs="Theirs.")
    refused = annotated.confirms(ANNOTATE, check)
    (note,) = annotated.story.state("agenda/a").item("2").notes

    assert (200, 409) == (check.status_code, refused.status_code)
    assert ("Theirs.",) == note.paragraphs


def test_what_others_record_beside_it_is_told_and_stops_nobody(visitor: Visitor) -> None:
    written = visitor.fills(PROPOSE, **BUOYS)
    visitor.acts("propose-item", AGENDA, item="8", **{"title-en": "Ropes"})
    check = visitor.sends(PROPOSE, written)

    assert 200 == check.status_code
    assert "Recorded since you opened this form" in said(check)
    assert "Ropes" in said(check)
    assert 303 == visitor.confirms(PROPOSE, check).status_code


def test_confirming_twice_is_no_conflict_with_oneself(annotated: Visitor) -> None:
    written = annotated.fills(f"{ANNOTATE}?item=2&language=en", paragraphs="Mine.")
    check = annotated.sends(ANNOTATE, written)
    first, second = annotated.confirms(ANNOTATE, check), annotated.confirms(ANNOTATE, check)

    assert (303, 303) == (first.status_code, second.status_code)
    assert "again=yes" in second.headers["location"]

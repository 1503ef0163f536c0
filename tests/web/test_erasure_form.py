"""A text is erased in the browser, and everything that showed it says so."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from command_line import Placet
from domain.agenda.events import ItemsNotApproved, ObjectionNoted
from domain.erasures import EraseText, TextErased
from domain.sealed_texts import SEALED_PATHS
from domain.silence.commands import Respond
from domain.silence.events import ResponseReceived, ResponseRefused
from domain.type_registry import EVENTS
from page_tree import parsed
from story import NOON, ORGANISATION, Story
from web_visitor import WINDOW, Visitor, field_values, said
from workflows.acts.erasable_texts import CAN_BE_ERASED, ERASABLE, OWN, STAYS, fate

TEXT = "Ms Hazel Quartz of 7 Fern Lane <b>cannot</b> travel."
ERASED = "This text was erased on 2026-03-20 by authority of: request of <Ms> Q"


@pytest.fixture
def visitor(story: Story) -> Visitor:
    """A visitor of a procedure that ended, with a statement (event 5) and an extension (6)."""
    story.placet.keys.create(NOON)
    story.body(parameters={"longest-outage-minutes": "0"})
    story.silence()
    story.respond("explanation of position", text=TEXT)
    story.do(
        "extend silence",
        window="w",
        closes="2026-03-09T12:00:00Z",
        reason="Mr Olm Ravine is ill.",
        who="presiding officer",
    )
    story.clock("2026-03-20T12:00:00Z")
    return Visitor(story)


def event_page(number: int) -> str:
    return f"/events/{ORGANISATION}/{number}"


def position(visitor: Visitor, version: int) -> int:
    found: int = next(
        event.position
        for event in visitor.story.events()
        if event.version == version and str(event.stream) == "window/w"
    )
    return found


def erased(visitor: Visitor, version: int) -> str:
    """Follow the button of the event's page, erase, and the page that says what was recorded."""
    page = parsed(visitor.opens(event_page(position(visitor, version))).text)
    (link,) = page.xpath("//a[contains(@href, 'erase-text')]/@href")
    path = str(link).partition("?")[0]
    given = {
        "role": "secretariat",
        "authority": "request of <Ms> Q",
        "reason": "A private address.",
    }
    check = visitor.sends(path, visitor.fills(str(link), **given))
    assert "The text is lost for good" in said(check)
    done = visitor.confirms(path, check)
    return said(visitor.opens(done.headers["location"]))


def test_the_page_of_an_event_leads_to_the_erasure_of_its_text(visitor: Visitor) -> None:
    place = event_page(position(visitor, 2))
    before = [visitor.opens(path).text for path in (place, WINDOW, f"{WINDOW}.json")]
    recorded = erased(visitor, 2)
    pages = [said(visitor.opens(path)) for path in (place, WINDOW)]
    stored = visitor.opens(f"{place}.json").json()

    assert all("Hazel Quartz" in page for page in before), "the control"
    assert "The text of event 2 of this history was erased. A private address." in recorded
    assert all(ERASED in page and "Quartz" not in page for page in pages)
    assert ERASED == stored["event"]["fact"]["response"]["text"]
    assert "erase-text" not in visitor.opens(place).text
    assert "Quartz" not in visitor.opens(f"{WINDOW}.json").text


def test_as_of_before_the_erasure_a_page_says_no_more_than_that(visitor: Visitor) -> None:
    erased(visitor, 2)
    then = position(visitor, 2)

    assert "This text was erased." in said(visitor.opens(f"{WINDOW}?{urlencode({'at': then})}"))


def test_a_sentence_loses_what_it_said_of_the_text(visitor: Visitor) -> None:
    place = event_page(position(visitor, 3))
    assert "Mr Olm Ravine is ill." in said(visitor.opens(place))
    erased(visitor, 3)

    assert "Ravine" not in visitor.opens(place).text
    assert ERASED in said(visitor.opens(f"/history/{ORGANISATION}"))


def test_each_language_says_it(visitor: Visitor) -> None:
    erased(visitor, 2)
    for language in ("ar", "es", "fr", "ru", "zh"):
        page = visitor.opens(f"{WINDOW}?lang={language}").text
        assert "request of &lt;Ms&gt; Q" in page
        assert "\ufdd0" not in page
        assert "FDD0" not in page


def test_a_form_without_authority_is_shown_again(visitor: Visitor) -> None:
    path = f"{WINDOW}/act/erase-text"
    answer = visitor.sends(path, visitor.fills(path, role="secretariat", version="2", reason="So."))

    assert 422 == answer.status_code
    assert "By what authority" in said(answer)
    assert "So." in answer.text


def test_the_sender_fetches_what_proves_the_text_while_it_is_there(
    visitor: Visitor, placet: Placet, tmp_path: Path
) -> None:
    """And with it the receipt proves what was sent, when the text is gone."""
    number = position(visitor, 2)
    receipt, text = (
        f"/receipts/{ORGANISATION}/{number}.txt",
        f"/receipts/{ORGANISATION}/{number}/text",
    )
    assert "Download the proof of the text" in said(
        visitor.opens(f"/receipts/{ORGANISATION}/{number}")
    )
    for name, path in (("receipt.txt", receipt), ("text.json", text)):
        (tmp_path / name).write_bytes(visitor.opens(path).content)
    erased(visitor, 2)
    keys = tmp_path / "store" / "keys" / "public-keys.json"
    check = ("receipt", "verify", tmp_path / "receipt.txt", "--keys", keys, "--text")
    proof = json.loads((tmp_path / "text.json").read_text())

    assert 404 == visitor.client.get(text).status_code
    assert visitor.opens(receipt).content == (tmp_path / "receipt.txt").read_bytes()
    assert {"response.text": TEXT} == json.loads(
        placet(*check, tmp_path / "text.json", "--json")[1]
    )["texts"]
    assert f"Proved: response.text was: {TEXT}" in placet(*check, tmp_path / "text.json")[2]
    for field, wrong in (
        ("texts", [{**proof["texts"][0], "value": "Something else."}]),
        ("texts", []),
        ("version", 3),
        ("state", proof["state"].replace("explanation", "reservation")),
        ("format", "another"),
    ):
        (tmp_path / "wrong.json").write_text(json.dumps({**proof, field: wrong}))
        assert 3 == placet(*check, tmp_path / "wrong.json")[0], field
    (tmp_path / "wrong.json").write_text("no proof")
    assert 3 == placet(*check, tmp_path / "wrong.json")[0]


def test_the_command_line_erases_and_says_so(
    visitor: Visitor, placet: Placet, tmp_path: Path
) -> None:
    store = ("--store", tmp_path / "store")
    given = ("--version", "2", "--reason", "A private address.", "--authority", "the registry")
    refused = placet("window", "erase-text", "w", *given[:4], "--yes", *store)
    done = placet("window", "erase-text", "w", *given, "--yes", *store)
    shown = placet("event", "show", str(position(visitor, 2)), *store)[1]

    assert (1, True) == (refused[0], "erasing-has-reason" in refused[2])
    assert 0 == done[0], done[2]
    assert "by authority of: the registry" in shown
    assert "\ufdd0" not in shown
    assert b"Quartz" not in b"".join(
        path.read_bytes() for path in (tmp_path / "store").rglob("*") if path.is_file()
    )


def test_the_page_of_an_event_shows_no_text_whose_key_is_not_destroyed_yet(
    visitor: Visitor,
) -> None:
    visitor.story.do(
        "erase text", of="window/w", version=2, authority="the registry", reason="A slip."
    )
    place = event_page(position(visitor, 2))

    assert "Quartz" not in visitor.opens(place).text
    assert "Quartz" not in visitor.opens(WINDOW).text
    assert "by authority of: the registry" in said(visitor.opens(place))


def test_no_list_is_kept_that_was_made_before_the_key_was_destroyed(visitor: Visitor) -> None:
    """Nothing in the log tells when that was, so the list must not show the text before."""
    history = f"/history/{ORGANISATION}"
    shown = visitor.opens(history).text
    visitor.story.do(
        "erase text", of="window/w", version=3, authority="the registry", reason="A slip."
    )
    between = visitor.opens(history).text
    visitor.placet.recovery.store.destroy_erased_texts()

    assert "Ravine" in shown, "the control"
    assert "Ravine" not in between + visitor.opens(history).text
    assert "Ravine" not in visitor.opens(f"{history}.json").text


def test_the_command_line_erases_what_was_said_of_a_body(
    visitor: Visitor, placet: Placet, tmp_path: Path
) -> None:
    """And its page says so; so does the administrator with the reason of a role."""
    story = visitor.story
    story.do("vacate seat", body="b", seat="east", until="2026-03-21", reason="Mr Alder died.")
    body = [event for event in story.events() if str(event.stream) == "body/b"][-1]
    grant = {"principal": "p", "role": "auditor"}
    story.do("grant role", **grant, who="administrator")
    story.do("revoke role", **grant, reason="Mr Alder died.", who="administrator")
    store = ("--store", tmp_path / "store")
    why = ("--reason", "A private matter.", "--authority", "the family", "--yes", *store)
    version = ("--version", str(body.version))
    done = placet("body", "erase-text", "b", *version, *why)
    role = placet("organisation", "erase-text", "--version", "2", *why)

    assert (0, 0) == (done[0], role[0]), (done, role)
    assert "by authority of: the family" in said(visitor.opens(event_page(body.position)))
    assert "Alder" not in placet("event", "show", str(body.position), *store)[1]
    assert "Alder" not in placet("event", "show", str(body.position + 2), *store)[1]


def test_no_page_shows_what_was_written_around_an_act(visitor: Visitor, placet: Placet) -> None:
    """The reason of a hold and by what authority; where lists are made of rows, they lack both."""
    story = visitor.story
    story.silence(window="v", length="200 hours")
    hold = {"window": "v", "reason": "Ms Birch is on her way.", "authority": "letter of Mr Alder"}
    story.do("hold silence", **hold)
    number = story.events()[-1].position
    places = (
        *("/", f"/history/{ORGANISATION}", f"/bodies/{ORGANISATION}/b"),
        *(event_page(number), f"/windows/{ORGANISATION}/v"),
    )

    addresses = [
        *(f"{place}{query}" for place in places for query in ("", "?lang=ar")),
        *(f"{place}.json" for place in places[1:]),
    ]

    def shown() -> dict[str, str]:
        return {address: visitor.opens(address).text for address in addresses}

    before = shown()
    story.do("erase text", of="window/v", version=2, authority="the registry", reason="A slip.")
    between = shown()
    visitor.placet.recovery.store.destroy_erased_texts()
    after = shown()
    store = ("--store", visitor.placet.store.place)
    printed = placet("event", "show", str(number), *store)[1]

    words = ("Birch", "Alder")
    assert [word for word in words if word in "".join(before.values())] == [*words], "the control"
    assert not [address for address, text in before.items() if "is sealed" in text]
    for pages in (between, after, {"the command line": printed}):
        assert not [at for at, text in pages.items() for word in words if word in text]
        assert "by authority of: the registry" in "".join(pages.values())


def erasing(visitor: Visitor, path: str) -> list[str]:
    """Where the history on a page leads to the erasure of a text."""
    links = parsed(visitor.opens(path).text).xpath("//table[@class='history']//a/@href")
    return [str(link) for link in links if "erase-text" in str(link)]


def test_the_histories_of_pages_lead_to_the_erasure_of_their_texts(visitor: Visitor) -> None:
    """On the page of the procedure, of the body and of the agenda; not once it is erased."""
    visitor.story.agenda()
    reason = "Mr Olm Ravine asked for it."
    visitor.story.do("amend item", agenda="a", item="2", titles={"en": "New"}, reason=reason)
    visitor.story.do("vacate seat", body="b", seat="west", reason=reason, until="2026-03-19")
    visitor.clock.at = visitor.story.now + timedelta(minutes=1)
    (item,) = erasing(visitor, f"/agendas/{ORGANISATION}/a")
    (seat,) = erasing(visitor, f"/bodies/{ORGANISATION}/b")
    statement, extension = erasing(visitor, WINDOW)
    erased(visitor, 2)
    event = visitor.story.state("agenda/a")
    check = visitor.checks(item, role="secretariat", authority="A rule", reason="Private.")
    visitor.confirms(item, check)
    then = visitor.opens(f"{WINDOW}?at={visitor.story.events()[-1].position}").text

    assert event.item("2")
    assert statement.endswith("/windows/fictional/w/act/erase-text?version=2")
    assert seat.startswith(f"/bodies/{ORGANISATION}/b/act/erase-text")
    assert [extension] == erasing(visitor, WINDOW)
    assert [] == erasing(visitor, f"/agendas/{ORGANISATION}/a")
    assert "Ravine" not in visitor.opens(f"/agendas/{ORGANISATION}/a").text
    assert "erase-text" not in then


def test_forms_say_beside_a_text_whether_it_can_be_erased(visitor: Visitor) -> None:
    """Beside reasons and notes that it can; beside annotations that they stay."""
    visitor.story.agenda()
    visitor.clock.at = visitor.story.now + timedelta(minutes=1)
    agenda = f"/agendas/{ORGANISATION}/a"
    hints = {
        slug: [
            " ".join(hint.text_content().split())
            for hint in parsed(visitor.opens(f"{agenda}/act/{slug}").text).xpath("//form//p[@id]")
        ]
        for slug in ("amend-item", "note-objection", "annotate-item?item=1&language=en")
    }
    said_so = {slug: [hint for hint in found if "erased" in hint] for slug, found in hints.items()}
    edited = [
        said(visitor.opens(f"{agenda}/edit/{page}")) for page in ("items", "annotations/item/1")
    ]

    assert [CAN_BE_ERASED] == said_so["amend-item"]
    assert [CAN_BE_ERASED] == said_so["note-objection"]
    assert [f"One on each line. {STAYS}"] * 2 == said_so["annotate-item?item=1&language=en"]
    assert "It can be erased later." in edited[0]
    assert STAYS in edited[1]


def test_what_is_said_to_be_erasable_is_sealed() -> None:
    """Every reason and note of an event, but those that a program writes and that of an erasure."""
    open_ = {
        (kind, name)
        for kind in EVENTS.values()
        for name in ERASABLE & {*kind.__struct_fields__}
        if name not in SEALED_PATHS.get(kind, ())
    }
    of_responses = {f"response.{name}" for command, name in OWN if command is Respond}

    assert {ItemsNotApproved, ResponseRefused, TextErased} == {kind for kind, _ in open_}
    assert of_responses == {*SEALED_PATHS[ResponseReceived]}
    assert ("text",) == SEALED_PATHS[ObjectionNoted]
    assert STAYS == fate(EraseText, "reason")
    assert "" == fate(Respond, "channel")


def lost(answer: Any) -> str:
    """What a page says will be lost."""
    found = parsed(answer.text).xpath("//section[@aria-labelledby='erasable']")
    return " ".join(found[0].text_content().split()) if found else ""


def test_form_and_check_page_show_the_text_that_will_be_lost(visitor: Visitor) -> None:
    """By the number that histories count, with its sentence, and whose response it was."""
    path = f"{WINDOW}/act/erase-text"
    form = visitor.opens(f"{path}?version=2")
    check = visitor.sends(
        path,
        field_values(form.text) | {"role": "secretariat", "authority": "A rule", "reason": "S"},
    )
    number = position(visitor, 2)

    assert number != 2, "the control"
    for page in (form, check):
        assert f"Event {number} Response 1 came in time: explanation of position" in lost(page)
        assert "By East" in lost(page)
        assert "Ms Hazel Quartz of 7 Fern Lane <b>cannot</b> travel." in lost(page)
        assert "Ravine" not in lost(page)
    links = parsed(check.text).xpath("//section[@aria-labelledby='erasable']//a/@href")
    assert [event_page(number)] == links
    assert "Check: " in said(check)
    assert ["2"] == field_values(form.text)["version"], "it is sent, and cannot be mistyped"
    assert not parsed(form.text).xpath("//input[@name='version'][@type='text']")


def test_without_an_event_or_for_one_without_a_text_nothing_is_said_to_be_lost(
    visitor: Visitor,
) -> None:
    path = f"{WINDOW}/act/erase-text"
    for query in ("", "?version=1", "?version=99", "?version=x", "?version=-2"):
        form = visitor.opens(f"{path}{query}")
        assert "" == lost(form)
        assert parsed(form.text).xpath("//input[@name='version'][@type='text']"), query


def test_where_names_are_withheld_the_form_names_nobody(story: Story) -> None:
    story.body(parameters={"names-withheld": "yes"})
    story.silence()
    story.respond("objection", text=TEXT, authority="letter of Mr Alder of East")
    shown = lost(Visitor(story).opens(f"{WINDOW}/act/erase-text?version=2"))

    assert "objection" in shown
    assert "Quartz" in shown
    assert "Authority It is not shown, because it may name who is not to be named here." in shown
    assert not [word for word in ("East", "east", "Alder") if word in shown]


def test_the_corrections_that_lose_their_texts_too_are_shown(visitor: Visitor) -> None:
    story, body = visitor.story, f"/bodies/{ORGANISATION}/b"
    story.do("vacate seat", body="b", seat="east", until="2026-03-21", reason="Mr Alder died.")
    wrong = story.events()[-1]
    story.do(
        "correct fact",
        of="body/b",
        version=wrong.version,
        now={"reason": "Mr Flint died."},
        authority="the registry",
        reason="Another person.",
    )
    right = story.events()[-1]
    shown = lost(visitor.opens(f"{body}/act/erase-text?version={wrong.version}"))

    assert f"Event {wrong.position} " in shown
    assert f"Event {right.position} " in shown
    texts = ("Reason Mr Alder died.", "Reason Mr Flint died.", "Reason Another person.")
    assert [] == [text for text in (*texts, "Authority the registry") if text not in shown]


def drafts_of(visitor: Visitor, answer: Any) -> list[str]:
    """Where a form offers to go on with what was begun before."""
    links = parsed(answer.text).xpath("//section[@aria-labelledby='in-progress']//a/@href")
    return [str(link) for link in links]


def test_what_was_begun_about_another_event_is_never_offered(visitor: Visitor) -> None:
    """Nor is it mixed in. The control: at its own address it is offered, with its own text."""
    path = f"{WINDOW}/act/erase-text"
    begun = visitor.fills(f"{path}?version=3", role="secretariat", reason="Ill", save="yes")
    visitor.sends(path, begun)
    (draft,) = begun["draft"]
    same, other, bare = (
        visitor.opens(f"{path}{query}") for query in ("?version=3", "?version=2", "")
    )
    (offered,) = drafts_of(visitor, same)
    mixed = visitor.opens(f"{path}?version=2&draft={draft}")

    assert [] == drafts_of(visitor, other) == drafts_of(visitor, bare)
    for found in (visitor.opens(offered), visitor.opens(f"{path}?draft={draft}")):
        assert "Ravine" in lost(found)
        assert "Ill</textarea>" in found.text
        assert ["3"] == field_values(found.text)["version"]
    assert "Quartz" in lost(mixed)
    assert "Ill</textarea>" not in mixed.text
    assert [draft] != field_values(mixed.text)["draft"]


def test_notes_on_another_item_are_not_offered_either(visitor: Visitor) -> None:
    visitor.story.agenda()
    path = f"/agendas/{ORGANISATION}/a/act/annotate-item"
    query = "?item={}&language=en"
    begun = visitor.fills(f"{path}{query.format(1)}", paragraphs="Look", save="yes")
    visitor.sends(path, begun)
    same, other = (visitor.opens(f"{path}{query.format(item)}") for item in (1, 2))
    (offered,) = drafts_of(visitor, same)

    assert [] == drafts_of(visitor, other)
    assert "Look</textarea>" in visitor.opens(offered).text
    assert "Look" not in visitor.opens(f"{path}{query.format(2)}&draft={begun['draft'][0]}").text


def test_what_was_begun_for_another_session_is_not_offered_and_not_lost(visitor: Visitor) -> None:
    """The session is only suggested, and may be changed in the form: going back finds it."""
    for number, session in enumerate(("s", "t"), 1):
        days = {"starts": f"2026-0{number + 5}-05", "ends": f"2026-0{number + 5}-09"}
        visitor.story.do("schedule session", session=session, body="b", number=str(number), **days)
    path = f"/bodies/{ORGANISATION}/b/act/start-agenda"
    begun = visitor.fills(f"{path}?session=s", agenda="mine", save="yes")
    visitor.sends(path, begun)
    same, other, plain = (
        visitor.opens(f"{path}{query}") for query in ("?session=s", "?session=t", "")
    )
    visitor.sends(path, begun | {"session": "t"})
    back = visitor.opens(f"{path}?session=s&draft={begun['draft'][0]}")

    assert (1, 0, 1) == tuple(len(drafts_of(visitor, page)) for page in (same, other, plain))
    assert ["mine"] == field_values(back.text)["agenda"]
    assert ["t"] == field_values(back.text)["session"]

"""Editing pages: a whole list at once, checked on a page of its own, and recorded together."""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest

from page_tree import parsed
from story import ORGANISATION, Story
from web.forms import submitted_list
from web_visitor import SENT_HERE, Visitor, field_values, said

BODY = f"/bodies/{ORGANISATION}/b"
AGENDA = f"/agendas/{ORGANISATION}/a"
SESSION = f"/sessions/{ORGANISATION}/s"
ROSTER, ITEMS, WORK = f"{BODY}/edit/roster", f"{AGENDA}/edit/items", f"{AGENDA}/edit/work"
SLOT = {"r1-day": "2026-05-04", "r1-starts": "10:00", "r1-ends": "13:00"}
NOTES, MEETINGS = f"{AGENDA}/edit/annotations", f"{SESSION}/edit/meetings"


def begin(story: Story) -> Visitor:
    """A visitor of a body with two seats, a session and an agenda of three items."""
    story.body()
    dates = {"starts": "2026-05-04", "ends": "2026-05-05"}
    story.do("schedule session", session="s", body="b", number="3", **dates)
    story.do("start agenda", agenda="a", body="b", session="s", approved_by="b")
    for item in ("1", "2", "3"):
        story.propose(item)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Visitor(story)


@pytest.fixture
def visitor(story: Story) -> Visitor:
    """A visitor who may record."""
    return begin(story)


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """A visitor whom several tests share, as nothing is recorded in them."""
    found = begin(Story(tmp_path_factory.mktemp("editing")))
    before = events(found)
    yield found
    assert before == events(found)
    found.placet.close()


def fields(answer: Any) -> dict[str, Any]:
    """What the form of a page would send; a browser leaves out the line end before a text."""
    return {
        name: [value.removeprefix("\n") for value in values]
        for name, values in field_values(answer.text).items()
    }


def begun(visitor: Visitor, path: str, **changed: str) -> dict[str, Any]:
    """What the page at a path sends once these fields are filled in."""
    return fields(visitor.opens(path)) | changed


def checked(visitor: Visitor, path: str, values: dict[str, Any]) -> Any:
    """The check page."""
    answer = visitor.sends(path, values)
    assert (200, True) == (answer.status_code, "Nothing is recorded yet." in said(answer))
    return answer


def recorded(visitor: Visitor, path: str, check: Any) -> str:
    """What the page says that a confirmation ends on."""
    done = visitor.confirms(path, check)
    assert 303 == done.status_code, said(done)
    return said(visitor.opens(done.headers["location"]))


def does(visitor: Visitor, path: str, **changed: str) -> str:
    """Fill in, check and confirm; what the page says that it ends on."""
    return recorded(visitor, path, checked(visitor, path, begun(visitor, path, **changed)))


def items(visitor: Visitor) -> list[tuple[str, str]]:
    """The items of the agenda, by number and title."""
    return [(it.item, it.titles["en"]) for it in visitor.story.state("agenda/a").items]


def events(visitor: Visitor) -> int:
    """How many events there are."""
    return len(visitor.story.events())


# --- The roster -----------------------------------------------------------------------------------

FAULTY = "\n".join(
    (
        "Holder\tSeat\tCapacity\tTime zone",
        "East\teast\tmember\t",
        "West\twest\tmonarch\t",
        "\tnorth\tmember\t",
        "Midland\tmidland\tobserver\tAfrica/Nairobi",
        "=HYPERLINK(1)\tfar\tmember\t",
    )
)


def test_a_pasted_roster_with_faults_in_three_lines_loses_nothing(visitor: Visitor) -> None:
    """Each is listed with its number and its words; put right, all of it is recorded together."""
    text = FAULTY.replace("Time zone", "zone")
    before = events(visitor)
    answer = visitor.sends(ROSTER, begun(visitor, ROSTER, text=text))
    wrong = parsed(answer.text).xpath("//section[@id='wrong']//li")
    listed = [" ".join(line.text_content().split()) for line in wrong]

    assert (422, before) == (answer.status_code, events(visitor))
    assert ["Line 3", "Line 4", "Line 6"] == [line.partition(":")[0] for line in listed]
    assert "“monarch” is no capacity" in listed[0]
    assert "West west monarch" in listed[0]
    assert [text] == fields(answer)["text"]

    right = text.replace("monarch", "member").replace("\n\tnorth", "\nNorth\tnorth")
    right = right.replace("=HYPERLINK(1)", "Far")
    page = recorded(visitor, ROSTER, checked(visitor, ROSTER, fields(answer) | {"text": right}))
    assert before + 3 == events(visitor)
    assert "North took the seat north" in page
    seats = {seat.seat: seat for seat in visitor.story.state("body/b").seats}
    assert ("observer", "Africa/Nairobi") == (seats["midland"].capacity, seats["midland"].zone)


def test_the_id_of_a_new_seat_is_checked_at_its_line(
    reading: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blanks, slashes, and what is too long: an id stays for ever."""
    text = f"Denmark;Den Mark\nNauru;../x/ y?z#\nMali;{'m' * 300}\nPeru;Peru-2"
    answer = reading.sends(ROSTER, begun(reading, ROSTER, text=text))
    wrong = parsed(answer.text).xpath("//section[@id='wrong']//li")
    listed = [" ".join(line.text_content().split()) for line in wrong]

    assert 422 == answer.status_code
    assert ["Line 1", "Line 2", "Line 3"] == [line.partition(":")[0] for line in listed]
    assert "“Den Mark” is no id for a new seat" in listed[0]
    assert f"“{'m' * 80}…”" in listed[2]
    assert [text] == fields(answer)["text"]


def test_a_seat_whose_id_was_taken_before_stays_on_the_list(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("domain.body.decisions.plain_id_problem", lambda _: "")
        visitor.story.do("fill seat", body="b", seat="Den Mark", holder="Denmark")
    sent = begun(visitor, ROSTER)
    check = checked(visitor, ROSTER, sent | {"text": sent["text"][0] + "Mali;mali;member;;\n"})

    assert "Denmark (Den Mark)" not in said(check).partition("Unchanged")[0]


def test_characters_that_nobody_sees_are_taken_out_of_a_list_and_told(visitor: Visitor) -> None:
    """As Word and a spreadsheet leave them; letters of Persian keep what joins and parts them."""
    persian = "\u0646\u0645\u06cc\u200c\u062f\u0627\u0646\u0645"
    text = f"Kenya\u202eaynek;kenya\u200b\n\ufeffMa\u00adli;mali\n{persian};nd"
    check = checked(visitor, ROSTER, begun(visitor, ROSTER, text=text))
    noticed = said(check)
    recorded(visitor, ROSTER, check)
    holders = {seat.seat: seat.holder for seat in visitor.story.state("body/b").seats}

    for named in (
        "line 1: U+202E RIGHT-TO-LEFT OVERRIDE",
        "line 1: U+200B ZERO WIDTH SPACE",
        "line 2: U+FEFF ZERO WIDTH NO-BREAK SPACE",
        "line 2: U+00AD SOFT HYPHEN",
    ):
        assert named in noticed
    assert ("Kenyaaynek", "Mali") == (holders["kenya"], holders["mali"])
    assert persian == holders["nd"]


def test_the_roster_says_which_capacities_there_are(reading: Visitor) -> None:
    assert "Capacity: One of: member, observer, officer, group, group chair." in said(
        reading.opens(ROSTER)
    )


def test_the_check_page_says_who_comes_who_goes_and_who_stays(visitor: Visitor) -> None:
    text = "holder;seat;capacity\nEast;east;observer\nSouth;;\nCôte d'Ivoire;;"
    check = checked(visitor, ROSTER, begun(visitor, ROSTER, text=text))
    page = said(check)

    assert "New 2 South (south)Côte d'Ivoire (cote-d-ivoire)" in page
    assert "Changed 1 East (east)" in page
    assert "Taken off 1 West (west)" in page
    recorded(visitor, ROSTER, check)
    body = visitor.story.state("body/b")
    assert {"east": "2026-03-02", "west": "2026-03-02"} == {
        seat.seat: str(seat.until) for seat in body.seats if seat.until.known
    }
    assert "observer" == next(s for s in body.seats[::-1] if s.seat == "east").capacity


def test_who_left_a_seat_is_named_after_the_recording_and_for_ever(visitor: Visitor) -> None:
    """On the page after it, in the history, and on the page of the event, in HTML and JSON."""
    text = "holder;seat\nOrient;east\nWest;west"
    check = checked(visitor, ROSTER, begun(visitor, ROSTER, text=text))
    done = recorded(visitor, ROSTER, check)
    vacated = next(e for e in visitor.story.events() if e.name.startswith("body.seat_vacated"))
    event = f"/events/{ORGANISATION}/{vacated.position}"
    pages = [said(check), done, *(said(visitor.opens(path)) for path in (BODY, event))]
    narrated = visitor.opens(f"{BODY}.json").json()["events"]

    for page in pages:
        assert "The seat East was vacated." in page
        assert "The seat Orient was vacated." not in page
    assert "The seat East was vacated." in [entry["sentence"] for entry in narrated]


def test_seats_that_are_not_listed_stay_where_the_list_is_no_whole_one(visitor: Visitor) -> None:
    page = does(visitor, ROSTER, text="North", **{"a-rest": "keep"})

    assert "North took the seat north" in page
    assert 3 == len([s for s in visitor.story.state("body/b").seats if not s.until.known])


def test_a_workbook_of_190_seats_is_one_append(visitor: Visitor) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Holder", "Seat", "Group"])
    for number in range(190):
        sheet.append([f"State {number}", None, "Group A"])
    target = io.BytesIO()
    book.save(target)
    values = begun(visitor, ROSTER, **{"a-rest": "keep"})
    file = {"file": ("roster.xlsx", target.getvalue())}
    answer = visitor.follows(
        visitor.client.post(ROSTER, data=values, files=file, headers=SENT_HERE)
    )

    assert "New 190" in said(answer)
    assert "State 189 took the seat state-189" in recorded(visitor, ROSTER, answer)
    made = visitor.story.events()[-190:]
    assert 1 == len({event.command_id for event in made})
    assert visitor.story.placet.store.check().sound
    assert "Nothing differs from what is recorded" in said(
        visitor.sends(ROSTER, begun(visitor, ROSTER))
    )


@pytest.mark.parametrize("content", [b"Stra\xdfe", b"PK\3\4broken"])
def test_a_file_that_cannot_be_read_leaves_the_list_as_it_was(
    reading: Visitor, content: bytes
) -> None:
    values = begun(reading, ROSTER)
    file = {"file": ("roster.csv", content)}
    answer = reading.follows(
        reading.client.post(ROSTER, data=values, files=file, headers=SENT_HERE)
    )

    assert (422, values["text"]) == (answer.status_code, fields(answer)["text"])
    assert "The file “roster.csv” cannot be read" in said(answer)


def test_what_the_record_refuses_is_told_at_its_line(reading: Visitor) -> None:
    """Two ids that cannot be listed from each other: only the record knows."""
    text = begun(reading, ROSTER)["text"][0] + "Eaſt;EAST;member;\nNorth;north;member;"
    answer = reading.sends(ROSTER, begun(reading, ROSTER, text=text))

    assert (409, True) == (answer.status_code, "Line 4" in said(answer))
    assert [text] == fields(answer)["text"]


def test_a_second_click_records_nothing_and_says_so(visitor: Visitor) -> None:
    check = checked(visitor, ROSTER, begun(visitor, ROSTER, text="East;east\nNorth;north"))
    recorded(visitor, ROSTER, check)
    before = events(visitor)

    assert "Recorded already" in recorded(visitor, ROSTER, check)
    assert before == events(visitor)


def test_what_is_written_differently_afterwards_is_not_taken_for_the_same(
    visitor: Visitor,
) -> None:
    """Somebody goes back, changes the list and sends it again: both versions are shown."""
    values = begun(visitor, ROSTER, text="East;east\nWest;west\nNorth;north")
    recorded(visitor, ROSTER, checked(visitor, ROSTER, values))
    answer = visitor.sends(ROSTER, values | {"text": "East;east\nWest;west\nFar;far"})

    assert (409, True) == (answer.status_code, "changed meanwhile" in said(answer))
    assert "Far;far" in fields(answer)["text"][0]


# --- Two officers ---------------------------------------------------------------------------------


def test_two_officers_edit_one_list_and_nobody_loses_anything(visitor: Visitor) -> None:
    """The second is listed what was changed; what both changed stands as the second wrote it."""
    second = begun(visitor, ITEMS, **{"r2-title-en": "Wells", "a-reason": "clearer"})
    first = {"r2-title-en": "Springs", "r3-title-en": "Report", "a-reason": "shorter"}
    does(visitor, ITEMS, **first)
    answer = visitor.sends(ITEMS, second)
    page, merged = said(answer), fields(answer)

    assert 409 == answer.status_code
    assert "Item 2 now reads “Springs”" in page
    assert "1 line was changed by both of you" in page
    assert (["Wells"], ["Report"]) == (merged["r2-title-en"], merged["r3-title-en"])
    assert "Springs" in parsed(answer.text).xpath("string(//pre[contains(@class, 'lines')])")

    recorded(visitor, ITEMS, checked(visitor, ITEMS, merged))
    assert [("1", "Item 1"), ("2", "Wells"), ("3", "Report")] == items(visitor)


def test_what_is_new_in_the_record_is_not_taken_off_by_who_did_not_see_it(
    visitor: Visitor,
) -> None:
    second = begun(visitor, ROSTER, text="East;east\nWest;west\nFar;far")
    does(visitor, ROSTER, text="East;east\nWest;west\nNorth;north")
    answer = visitor.sends(ROSTER, second)
    recorded(visitor, ROSTER, checked(visitor, ROSTER, fields(answer)))

    seats = visitor.story.state("body/b").seats
    assert {"east", "west", "north", "far"} == {s.seat for s in seats if not s.until.known}


def test_what_is_recorded_between_check_and_confirmation_is_not_overwritten(
    visitor: Visitor,
) -> None:
    check = checked(visitor, ITEMS, begun(visitor, ITEMS, **{"r2-title-en": "W", "a-reason": "r"}))
    visitor.story.propose("4")
    answer = visitor.confirms(ITEMS, check)

    assert (409, True) == (answer.status_code, "Item 4 was proposed" in said(answer))
    assert ["4"] == fields(answer)["r4-number"]


def test_a_table_without_lasting_rows_shows_both_versions(visitor: Visitor) -> None:
    values = begun(visitor, MEETINGS, **{"r1-starts": "09:00"})
    does(visitor, MEETINGS, **{"r1-starts": "09:30"})
    answer = visitor.sends(MEETINGS, values)

    assert (409, ["09:00"]) == (answer.status_code, fields(answer)["r1-starts"])
    assert "09:30" in said(answer)
    recorded(visitor, MEETINGS, checked(visitor, MEETINGS, fields(answer)))
    assert "09:00" == visitor.story.state("session/s").meetings[0].starts


# --- The list of items ----------------------------------------------------------------------------


def test_an_item_is_inserted_without_any_script(visitor: Visitor) -> None:
    """Buttons make room and keep everything that was written."""
    values = begun(visitor, ITEMS, **{"r1-title-en": "Opening", "do": "insert-2"})
    values = fields(visitor.sends(ITEMS, values))
    values |= {"r2-number": "2", "r2-title-en": "New", "r3-number": "3", "r4-number": "4"}
    values["a-reason"] = "a new item"
    check = checked(visitor, ITEMS, values)

    assert "New 1 2 New" in said(check)
    recorded(visitor, ITEMS, check)
    assert [("1", "Opening"), ("2", "New"), ("3", "Item 2"), ("4", "Item 3")] == items(visitor)


@pytest.mark.parametrize(
    ("button", "order"),
    [
        ("up-2", ["2", "1", "3"]),
        ("down-2", ["1", "3", "2"]),
        ("up-1", ["1", "2", "3"]),
        ("down-3", ["1", "2", "3"]),
        ("remove-2", ["1", "3"]),
        ("add", ["1", "2", "3", "", "", ""]),
        ("up-9", ["1", "2", "3"]),
        ("nonsense", ["1", "2", "3"]),
    ],
)
def test_buttons_arrange_the_lines(reading: Visitor, button: str, order: list[str]) -> None:
    values = fields(reading.sends(ITEMS, begun(reading, ITEMS, do=button)))

    assert order == [values[f"r{n}-number"][0] for n in range(1, len(order) + 1)]
    assert [str(len(order))] == values["rows"]


def test_the_list_is_written_as_lines_and_back(visitor: Visitor) -> None:
    lines = fields(visitor.sends(ITEMS, begun(visitor, ITEMS, do="lines")))
    assert ["1\tItem 1\n2\tItem 2\n3\tItem 3"] == lines["text"]

    text = "1. Item 1\n2. Wells\n(a) Item 2\n(b) Dry ones\n3. Item 3"
    table = fields(visitor.sends(ITEMS, lines | {"text": text, "do": "table"}))
    assert ["2 (b)"] == table["r4-number"]
    assert ["i2"] == table["r3-key"]
    recorded(visitor, ITEMS, checked(visitor, ITEMS, table | {"a-reason": "sub-items"}))
    assert ["1", "2", "2 (a)", "2 (b)", "3"] == [number for number, _ in items(visitor)]


def test_lines_that_cannot_be_read_stay_lines(reading: Visitor) -> None:
    lines = fields(reading.sends(ITEMS, begun(reading, ITEMS, do="lines")))
    answer = reading.sends(ITEMS, lines | {"text": "Opening\n2. Wells", "do": "table"})

    assert ["lines"] == fields(answer)["mode"]
    assert "Line 1: A line begins with the number" in said(answer)
    assert ["Opening\n2. Wells"] == fields(answer)["text"]


def test_an_item_that_runs_under_silence_is_not_changed(visitor: Visitor) -> None:
    visitor.story.do("submit items", agenda="a")
    subject = {"type": "agenda items", "agenda": "a"}
    visitor.story.silence(subject=subject, text={})
    values = begun(visitor, ITEMS, **{"r2-title-en": "Other", "a-reason": "a reason"})
    answer = visitor.sends(ITEMS, values)

    assert (409, True) == (answer.status_code, "Line 2" in said(answer))
    assert ["Other"] == fields(answer)["r2-title-en"]


def test_a_published_agenda_is_not_edited_any_more(visitor: Visitor) -> None:
    visitor.story.do("submit items", agenda="a")
    approve = {"manner": "at a meeting", "who": "body"}
    visitor.story.do("approve items", agenda="a", **approve)
    visitor.story.do("adopt agenda", agenda="a", who="body")
    answer = visitor.client.get(ITEMS)

    assert (409, True) == (answer.status_code, "cannot be done now" in said(answer))


# --- Annotations, meetings, the organization of work ----------------------------------------------


def test_an_item_is_annotated_in_several_languages_at_once(visitor: Visitor) -> None:
    path = f"{NOTES}/item/2"
    english = {"r3-paragraphs": "One.\nTwo.", "r3-footnotes": "A note."}
    page = does(visitor, path, **english, **{"r4-heading": "Puits", "r4-paragraphs": "Un."})
    notes = visitor.story.state("agenda/a").items[1].notes

    assert "Item 2 was annotated in French" in page
    assert [("en", "Item 2", 2, 1), ("fr", "Puits", 1, 0)] == [
        (note.language, note.heading, len(note.paragraphs), len(note.footnotes)) for note in notes
    ]
    assert 1 == len({event.command_id for event in visitor.story.events()[-2:]})


def test_all_items_are_annotated_in_one_language(visitor: Visitor) -> None:
    path = f"{NOTES}/language/en"
    does(visitor, path, **{"r1-paragraphs": "First.", "r3-paragraphs": "Third."})

    assert [1, 0, 1] == [len(it.notes) for it in visitor.story.state("agenda/a").items]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"r3-heading": "", "r3-paragraphs": ""}, "An annotation is replaced"),
        ({"r3-heading": ""}, "Give it a heading"),
    ],
)
def test_an_annotation_is_not_emptied(visitor: Visitor, changed: dict[str, str], why: str) -> None:
    path = f"{NOTES}/item/2"
    does(visitor, path, **{"r3-paragraphs": "One."})
    answer = visitor.sends(path, begun(visitor, path, **changed))

    assert (422, True) == (answer.status_code, f"Line 3: {why}" in said(answer))


def test_what_is_to_be_annotated_is_chosen_first(reading: Visitor) -> None:
    links = parsed(reading.opens(NOTES).text).xpath("//main//a/@href")

    assert f"{NOTES}/item/2" in links
    assert f"{NOTES}/language/fr" in links


def test_the_meetings_of_a_session_are_one_table(visitor: Visitor) -> None:
    changed = {"r1-starts": "09:00", "r2-interpretation": "en, fr", "r3-interpretation": "none"}
    does(visitor, MEETINGS, **changed, **{"r4-track": "working group"})
    meetings = visitor.story.state("session/s").meetings

    assert [("09:00", None), ("15:00", ("en", "fr")), ("10:00", ())] == [
        (meeting.starts, meeting.interpretation) for meeting in meetings[:3]
    ]
    assert "working group" == meetings[3].track


@pytest.mark.parametrize(
    ("path", "changed", "why"),
    [
        (MEETINGS, {"r1-day": "soon"}, "“soon” is no day"),
        (MEETINGS, {"r1-day": "20260131"}, "“20260131” is no day"),
        (MEETINGS, {"r1-day": "0001-01-01"}, "“0001-01-01” is no day"),
        (MEETINGS, {"r1-starts": "25:00"}, "Nothing is from “25:00” to “13:00”"),
        (MEETINGS, {"r1-interpretation": "Welsh"}, "“Welsh”: write tags"),
        (WORK, {**SLOT, "r1-items": "7"}, "There is no item 7"),
        (WORK, {**SLOT, "r1-items": ""}, "Say which items"),
    ],
)
def test_a_table_tells_what_is_wrong_with_a_line(
    reading: Visitor, path: str, changed: dict[str, str], why: str
) -> None:
    answer = reading.sends(path, begun(reading, path, **changed))

    assert (422, True) == (answer.status_code, f"Line 1: {why}" in said(answer))


def test_a_table_of_nothing_is_refused(reading: Visitor) -> None:
    empty = begun(reading, MEETINGS, rows="0")
    assert "A plan of meetings needs a meeting" in said(reading.sends(MEETINGS, empty))
    empty = begun(reading, WORK, rows="0")
    assert "An organization of work needs a slot" in said(reading.sends(WORK, empty))


def test_work_is_organized_in_the_meetings_and_what_goes_on_is_marked(visitor: Visitor) -> None:
    does(visitor, MEETINGS)
    values = begun(visitor, WORK, **{"r1-items": "1, 2", "r2-items": "2; 3"})
    values = fields(visitor.sends(WORK, values | {"do": "remove-4"}))
    values = fields(visitor.sends(WORK, values | {"do": "remove-3"}))
    recorded(visitor, WORK, checked(visitor, WORK, values))
    visitor.story.placet.projections.follow()
    work = visitor.placet.queries.agendas.for_editing(ORGANISATION, "a").work

    assert [[("1", False), ("2", False)], [("2", True), ("3", False)]] == [
        [(entry.item, entry.continued) for entry in slot.entries] for slot in work
    ]
    assert "Nothing differs" in said(visitor.sends(WORK, begun(visitor, WORK)))


# --- Corrections ----------------------------------------------------------------------------------


def test_a_fact_is_corrected_field_by_field(visitor: Visitor) -> None:
    """The event is chosen first; reason and authority are asked for."""
    choose = f"{AGENDA}/edit/correct"
    assert "Item 2 was proposed" in said(visitor.opens(choose))
    path = f"{choose}/event/3"
    values = begun(visitor, path)
    place = next(name for name, value in values.items() if value == ["titles.en"])
    values[place.replace("key", "value")] = "Wells"
    answer = visitor.sends(path, values)
    assert "Say why it is corrected" in said(answer)
    assert "Say by what authority" in said(answer)

    values |= {"a-reason": "a slip", "a-authority": "note 3"}
    check = checked(visitor, path, values)
    assert "titles.en: Item 2 → Wells" in said(check)
    recorded(visitor, path, check)
    last = visitor.story.events()[-1]
    assert ("note 3", {"titles.en": "Wells"}) == (last.authority, dict(last.fact.now))
    assert ("2", "Wells") == items(visitor)[1]


def test_a_value_of_the_wrong_kind_is_refused_and_stays(reading: Visitor) -> None:
    path = f"{SESSION}/edit/correct/event/1"
    why = {"a-reason": "a slip", "a-authority": "note 3"}
    answer = reading.sends(path, begun(reading, path, **{"r1-value": "nonsense"}, **why))

    assert (409, True) == (answer.status_code, "is not a time" in said(answer))
    assert ["nonsense"] == fields(answer)["r1-value"]


# --- Where they are, and what is not believed -----------------------------------------------------


@pytest.mark.parametrize(
    ("page", "paths"),
    [
        (BODY, [ROSTER]),
        (AGENDA, [ITEMS, NOTES, WORK]),
        (SESSION, [MEETINGS]),
    ],
)
def test_a_page_leads_to_what_can_be_edited(reading: Visitor, page: str, paths: list[str]) -> None:
    links = parsed(reading.opens(page).text).xpath("//nav[contains(@class, 'acts')]//a/@href")

    assert {*paths} <= {*links}


@pytest.mark.parametrize(
    "path",
    [
        f"{BODY}/edit/nothing",
        f"/bodies/{ORGANISATION}/nobody/edit/roster",
        f"{NOTES}/item/77",
        f"{NOTES}/nonsense/2",
        f"{AGENDA}/edit/correct/event/99",
        f"/windows/{ORGANISATION}/w/edit/roster",
    ],
)
def test_what_is_not_there_is_not_found(reading: Visitor, path: str) -> None:
    assert 404 == reading.client.get(path).status_code


def test_history_is_not_edited(story: Story) -> None:
    story.tell("establish body", "2020-01-01", body="b", names={"en": "Body"}, zone="UTC")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        visitor = Visitor(story)

    assert 404 == visitor.client.get(ROSTER).status_code
    assert "/edit/" not in visitor.opens(BODY).text


@pytest.mark.parametrize("base", ["{", "[1]", '[["i1"]]', '{"a": 1}', "null", '[["x", []]]'])
def test_a_field_that_was_tampered_with_breaks_nothing(reading: Visitor, base: str) -> None:
    answer = reading.sends(ITEMS, begun(reading, ITEMS, base=base))

    assert answer.status_code in {200, 422}
    assert 3 == len(items(reading))


@pytest.mark.parametrize("seen", ["", "x", "99", "-1", "٣"])
def test_who_does_not_say_what_was_seen_has_not_seen_it(reading: Visitor, seen: str) -> None:
    values = begun(reading, ITEMS, seen=seen, **{"r1-title-en": "O", "a-reason": "r"})

    assert 409 == reading.sends(ITEMS, values).status_code


def test_a_page_of_somebody_else_edits_nothing(reading: Visitor) -> None:
    values = begun(reading, ITEMS, **{"r1-title-en": "O", "a-reason": "r", "confirmed": "yes"})
    before = events(reading)
    answer = reading.sends(ITEMS, values, **{"Sec-Fetch-Site": "cross-site"})

    assert (403, before) == (answer.status_code, events(reading))


def test_a_text_that_is_too_long_is_told_at_its_line(reading: Visitor) -> None:
    answer = reading.sends(ITEMS, begun(reading, ITEMS, **{"r2-title-en": "x" * 20_001}))

    assert (422, True) == (answer.status_code, "Line 2: This is too long" in said(answer))


def test_a_list_that_is_too_long_for_a_table_is_edited_as_lines(
    reading: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submitted_list, "MOST_FIELDS", 10)
    values = begun(reading, ITEMS)

    assert ["lines"] == values["mode"]
    assert ["lines"] == fields(reading.sends(ITEMS, values | {"do": "table"}))["mode"]


def test_change_it_leads_back_to_what_was_written(reading: Visitor) -> None:
    check = checked(reading, ITEMS, begun(reading, ITEMS, **{"r1-title-en": "O", "a-reason": "r"}))
    back = fields(reading.sends(ITEMS, fields(check) | {"change": "yes"}))

    assert (["O"], ["r"]) == (back["r1-title-en"], back["a-reason"])
    assert 3 == len(json.loads(back["base"][0]))

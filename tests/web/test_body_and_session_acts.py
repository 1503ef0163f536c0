"""From an empty store to the first agenda in the browser: bodies, seats, rules, sessions."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from domain.rules import Rule
from page_tree import parsed
from story import ORGANISATION, Story
from web_visitor import SENT_HERE, Visitor, field_values, said
from wiring import PACKS as SHIPPED
from workflows.acts import body as body_acts
from workflows.acts.session import meeting

BODY = f"/bodies/{ORGANISATION}/b"
SESSION = f"/sessions/{ORGANISATION}/s"
ESTABLISH = f"/establish/{ORGANISATION}"


@pytest.fixture
def visitor(story: Story) -> Visitor:
    """A visitor of a store in which nothing is recorded yet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Visitor(story)


@pytest.fixture
def seated(story: Story) -> Visitor:
    """A visitor of a body with the seats east and west."""
    story.body()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Visitor(story)


@pytest.fixture
def convened(story: Story) -> Visitor:
    """A visitor of a body with a session that begins today."""
    story.body()
    story.do(
        "schedule session",
        session="s",
        body="b",
        number="3",
        starts="2026-03-02",
        ends="2026-03-03",
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Visitor(story)


def offered(visitor: Visitor, path: str) -> list[str]:
    """The names of the acts that a page offers."""
    links = parsed(visitor.opens(path).text).xpath("//nav[contains(@class, 'acts')]//a/@href")
    return [str(link).rpartition("/")[2] for link in links if "/act/" in link]


def comes_next(visitor: Visitor) -> list[str]:
    """The address to which the page of the body leads on."""
    page = parsed(visitor.opens(BODY).text)
    found = page.xpath("//section[contains(@class, 'next')]//p[@class='buttons']/a/@href")
    return [str(link) for link in found]


def does(visitor: Visitor, form: str, **fields: Any) -> str:
    """Fill in, check and confirm; what the page says on which one ends."""
    done = visitor.confirms(form, visitor.checks(form, **fields))
    assert 303 == done.status_code, said(done)
    return said(visitor.opens(done.headers["location"]))


# --- From nothing to an agenda --------------------------------------------------------------------


def test_each_page_leads_on_from_an_empty_store_to_the_first_agenda(visitor: Visitor) -> None:
    empty = visitor.opens("/")
    assert "Nothing is in the record yet" in said(empty)
    (form,) = parsed(empty.text).forms
    begun = visitor.client.get(form.action, params={"organisation": ORGANISATION})
    set_up = f"/set-up/{ORGANISATION}"
    assert set_up == begun.headers["location"]
    assert ESTABLISH in parsed(visitor.opens(set_up).text).xpath("//main//a/@href")

    names = {"name-en": "Buoys Group", "name-fr": "Groupe des bouées"}
    does(visitor, ESTABLISH, body="b", zone="Europe/Vienna", **names)
    led = comes_next(visitor)
    does(visitor, f"{BODY}/act/adopt-rules", pack="generic")
    led += comes_next(visitor)
    does(visitor, f"{BODY}/act/fill-seat", seat="east", holder="Eastland", since="2026-01-01")
    led += comes_next(visitor)
    dates = {"starts": "2026-05-04", "ends": "2026-05-06"}
    does(visitor, f"{BODY}/act/schedule-session", session="s", number="3", venue="Vienna", **dates)
    led += comes_next(visitor)
    start = visitor.fills(f"{BODY}/act/start-agenda")
    does(visitor, f"{BODY}/act/start-agenda", agenda="a")
    agenda, session = visitor.story.state("agenda/a"), visitor.story.state("session/s")

    acts = ("adopt-rules", "fill-seat", "schedule-session", "start-agenda")
    assert [f"{BODY}/act/{act}" for act in acts] == led
    assert [] == comes_next(visitor)
    assert (["s"], ["b"], ["provisional agenda"]) == (
        start["session"],
        start["approved_by"],
        start["type"],
    )
    assert ("b", "s", "b") == (agenda.body, agenda.session, agenda.approved_by)
    assert ("3", "Europe/Vienna", True) == (session.number, session.zone, session.regular)
    assert ("2026-05-04", "Vienna") == (str(session.parts[0].starts), session.parts[0].venue)
    assert {SESSION, BODY} <= {
        *parsed(visitor.opens(f"/agendas/{ORGANISATION}/a").text).xpath("//a/@href")
    }


def test_a_store_with_a_body_and_no_agenda_leads_back_to_its_set_up(seated: Visitor) -> None:
    board = parsed(seated.opens("/").text).xpath("//a/@href")
    bodies = parsed(seated.opens(f"/bodies/{ORGANISATION}").text).xpath("//a/@href")

    assert f"/set-up/{ORGANISATION}" in board
    assert f"/bodies/{ORGANISATION}" in board
    assert BODY in bodies
    assert ESTABLISH in bodies


def test_the_name_of_a_new_organisation_is_plain(visitor: Visitor) -> None:
    strange = visitor.client.get("/establish", params={"organisation": "Sea & Sky"})
    nothing = visitor.client.get("/establish", params={"organisation": " ", "lang": "fr"})

    assert 404 == visitor.client.get(strange.headers["location"]).status_code
    assert "/?lang=fr" == nothing.headers["location"]


def test_all_that_is_wrong_with_a_body_is_said_and_nothing_is_lost(visitor: Visitor) -> None:
    empty = visitor.sends(ESTABLISH, visitor.fills(ESTABLISH, zone="Europe/Vienna"))
    spaced = visitor.sends(
        ESTABLISH, visitor.fills(ESTABLISH, body="Our Group", **{"name-en": "G"})
    )

    assert (422, 422) == (empty.status_code, spaced.status_code)
    assert "Id of the body: This is needed." in said(empty)
    assert ["Europe/Vienna"] == field_values(empty.text)["zone"]
    assert "Small letters, digits and hyphens, at most sixty." in said(spaced)
    assert [] == visitor.story.placet.store.organisations()


def test_a_time_zone_that_is_none_is_told_at_its_field_with_all_else(visitor: Visitor) -> None:
    answer = visitor.sends(ESTABLISH, visitor.fills(ESTABLISH, body="W G", zone="Mars/Base"))
    tree = parsed(answer.text)
    listed = [link.get("href") for link in tree.xpath("//section[@id='wrong']//li/a")]

    assert 422 == answer.status_code
    assert {"#body", "#name-en", "#zone"} == {*listed}
    assert "This is no time zone" in tree.xpath("//*[@id='zone-fault']")[0].text_content()
    assert "Name (English) (needed, in at least one language)" in said(answer)


@pytest.mark.parametrize(
    ("slug", "values"),
    [
        ("fill-seat", {"seat": "x", "holder": "Exland", "zone": "Mars/Base"}),
        ("schedule-session", {"session": "s", "number": "3", "zone": "Mars/Base"}),
    ],
)
def test_every_form_tells_of_a_zone_at_its_field(
    seated: Visitor, slug: str, values: dict[str, str]
) -> None:
    path = f"{BODY}/act/{slug}"
    answer = seated.sends(path, seated.fills(path, **values))

    assert parsed(answer.text).xpath("//*[@id='zone-fault']")


def test_the_set_up_leads_to_the_roster_as_a_list(visitor: Visitor) -> None:
    visitor.story.do("establish body", body="b", names={"en": "Board"}, zone="UTC")
    page = parsed(visitor.opens(f"/set-up/{ORGANISATION}").text)

    assert f"{BODY}/edit/roster" in page.xpath("//li//a/@href")
    assert f"{BODY}/act/fill-seat" in page.xpath("//li//a/@href")


@pytest.mark.parametrize("number", ["-5 <i>", "<b>", " /", "1" * 31])
def test_the_number_of_a_session_is_one_as_documents_have_it(seated: Visitor, number: str) -> None:
    path = f"{BODY}/act/schedule-session"
    answer = seated.sends(path, seated.fills(path, session="s", number=number))

    assert parsed(answer.text).xpath("//*[@id='number-fault']")


@pytest.mark.parametrize(
    ("number", "starts", "ends", "past"),
    [
        ("14 bis", "1990-05-01", "1990-05-04", True),
        ("XIV", "2036-05-01", "2036-05-04", False),
        ("2026/1", "2026-03-01", "2026-03-02", False),
    ],
)
def test_a_session_that_lies_in_the_past_is_asked_about(
    seated: Visitor, number: str, starts: str, ends: str, *, past: bool
) -> None:
    path = f"{BODY}/act/schedule-session"
    check = seated.checks(path, session="s", number=number, starts=starts, ends=ends)

    assert past is ("The session lies in the past." in said(check))
    assert 200 == check.status_code


def test_a_form_from_another_place_enters_no_body(visitor: Visitor) -> None:
    form = visitor.fills(ESTABLISH, body="b", **{"name-en": "Evil"}) | {"confirmed": "yes"}
    headers = SENT_HERE | {"Sec-Fetch-Site": "cross-site"}

    assert 403 == visitor.sends(ESTABLISH, form, **headers).status_code
    assert [] == visitor.story.placet.store.organisations()


# --- Bodies ---------------------------------------------------------------------------------------


def test_a_body_is_renamed_and_completed(seated: Visitor) -> None:
    form = f"{BODY}/act/complete"
    does(
        seated, form, **{"name-en": "Buoys Board"}, duty_station="Vienna", symbol_series="B/1\nB/2"
    )
    fields = seated.fills(form)
    shown = said(seated.opens(BODY))

    assert "Buoys Board" in shown
    assert {"duty_station"}.isdisjoint(fields)
    assert ("Vienna", ("B/1", "B/2")) == (
        seated.story.state("body/b").duty_station,
        seated.story.state("body/b").symbol_series,
    )
    assert "The body itself" not in shown


def test_rule_packs_are_chosen_in_words(seated: Visitor) -> None:
    form = seated.opens(f"{BODY}/act/adopt-rules")
    other = seated.sends(
        f"{BODY}/act/adopt-rules", seated.fills(f"{BODY}/act/adopt-rules", pack="x")
    )
    does(seated, f"{BODY}/act/adopt-rules", pack="untoc-working-groups")

    assert "Silence lasts at least 14 days" in said(form)
    assert 422 == other.status_code
    assert "Silence lasts at least 14 days" in said(seated.opens(BODY))


def test_the_words_on_each_pack_fit_its_rules() -> None:
    packs = SHIPPED.shipped()

    assert packs.keys() == body_acts.PACKS.keys()
    for name, (title, words) in body_acts.PACKS.items():
        pack = packs[name]
        length = pack.parameter("silence-minimum-length", "length")
        shorter = pack.parameter("silence-minimum-length", "relaunch")
        assert pack.title == title
        assert f"at least {length}, and {shorter.partition(' ')[0]}" in words
        assert ("1", "no") == (pack.parameters["threshold"], pack.parameters["reasons-required"])
        assert isinstance(pack.rules["silence-minimum-length"], Rule)


def test_seats_are_filled_vacated_and_act_for_others(seated: Visitor) -> None:
    does(
        seated,
        f"{BODY}/act/fill-seat",
        seat="group",
        holder="Group of Isles",
        capacity="group",
        voice="no",
        **{"name-fr": "Groupe des îles"},
    )
    does(seated, f"{BODY}/act/empower-seat", seat="group", acts_for="west\nNorthland")
    does(seated, f"{BODY}/act/vacate-seat", seat="west", until="2026-03-01", reason="It left.")
    body, shown = seated.story.state("body/b"), said(seated.opens(BODY))
    west = next(seat for seat in body.seats if seat.seat == "west")

    assert ("2026-03-01", False) == (str(west.until), body.seats[-1].voice)
    assert ("west", "Northland") == body.powers[0].acts_for
    assert "may act for Northland, west" in shown
    assert "not held now" in shown
    assert "west" not in parsed(seated.opens(f"{BODY}/act/vacate-seat").text).xpath(
        "//option/@value"
    )


def test_a_seat_that_is_held_is_not_filled_again(seated: Visitor) -> None:
    form = f"{BODY}/act/fill-seat"
    answer = seated.sends(form, seated.fills(form, seat="west", holder="Northland"))

    assert 409 == answer.status_code
    assert "seat west is still held by West; vacate it first" in said(answer)
    assert ["Northland"] == field_values(answer.text)["holder"]


def test_history_offers_no_acts_on_bodies_and_sessions(story: Story) -> None:
    story.tell("establish body", body="b", names={"en": "Body"}, zone="Europe/Vienna")
    dates = {"starts": "2025-05-04", "ends": "2025-05-06"}
    story.tell("schedule session", session="s", body="b", number="3", **dates)
    visitor = Visitor(story)

    assert ([], []) == (offered(visitor, BODY), offered(visitor, SESSION))
    assert "historical record" in said(visitor.opens(BODY))
    assert "Start an agenda" not in said(visitor.opens(SESSION))
    assert 404 == visitor.client.get(f"{BODY}/act/fill-seat").status_code
    assert 404 == visitor.client.get(f"{BODY}/act/start-agenda").status_code
    assert 404 == visitor.client.get(f"{SESSION}/act/open").status_code


# --- Sessions -------------------------------------------------------------------------------------


def test_what_there_is_to_do_follows_the_life_of_a_session(convened: Visitor) -> None:
    before = offered(convened, SESSION)
    does(convened, f"{SESSION}/act/open", role="presiding officer")
    opened = offered(convened, SESSION)
    does(convened, f"{SESSION}/act/close", role="secretariat")
    closed = offered(convened, SESSION)

    assert ["open", "plan-meetings", "postpone", "cancel", "share-session"] == before
    assert ["close", "plan-meetings", "reconvene", "share-session"] == opened
    assert ["plan-meetings", "reconvene", "share-session"] == closed
    assert ["presiding officer", "secretariat"] == [
        str(event.actor.role) for event in convened.story.events()[-2:]
    ]


def test_meetings_are_proposed_for_the_days_of_the_session(convened: Visitor) -> None:
    form = f"{SESSION}/act/plan-meetings"
    proposed = convened.fills(form)["meetings"]
    wrong = convened.sends(form, convened.fills(form, meetings="on Monday"))
    does(convened, form, meetings="2026-03-02 10:00-13:00\n2026-03-03")
    session = convened.story.state("session/s")

    assert ["2026-03-02 10:00-13:00", "2026-03-02 15:00-18:00"] == proposed[0].split("\n")[1:3]
    assert 422 == wrong.status_code
    assert "Write each meeting as a day and its hours" in said(wrong)
    assert [("2026-03-02", "10:00", "13:00"), ("2026-03-03", "", "")] == [
        (str(planned.day), planned.starts, planned.ends) for planned in session.meetings
    ]
    assert ["\n2026-03-02 10:00-13:00\n2026-03-03"] == convened.fills(form)["meetings"]
    assert "10:00–13:00" in said(convened.opens(SESSION))


@pytest.mark.parametrize("line", ["", "Monday", "2026-03-02 10:00", "2026-03-02 -13:00", "2026-03"])
def test_what_is_no_meeting_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="Write each meeting as a day and its hours"):
        meeting(line)


def test_a_session_is_postponed_and_called_off(convened: Visitor) -> None:
    form = f"{SESSION}/act/postpone"
    backwards = {"starts": "2026-04-02", "ends": "2026-04-01", "reason": "A storm."}
    refused = convened.sends(form, convened.fills(form, **backwards))
    does(convened, form, starts="2026-04-01", ends="2026-04-02", reason="A storm.")
    moved = said(convened.opens(SESSION))
    does(convened, f"{SESSION}/act/cancel", reason="Another storm.")

    assert 409 == refused.status_code
    assert "2026-04-01 is before 2026-04-02" in said(refused)
    assert "1–2 April 2026" in moved
    assert "Former dates: 2–3 March 2026" in moved
    assert "The session was cancelled. Another storm." in said(convened.opens(SESSION))
    assert [] == offered(convened, SESSION)
    assert "session" not in convened.fills(f"{BODY}/act/start-agenda")


def test_the_page_of_a_session_starts_the_agenda_of_that_session(visitor: Visitor) -> None:
    """Also where a later one is scheduled, which is what the page of the body suggests."""
    visitor.story.body()
    for name, month in (("s", "05"), ("later", "09")):
        dates = {"starts": f"2026-{month}-04", "ends": f"2026-{month}-06"}
        visitor.story.do("schedule session", session=name, body="b", number=month, **dates)

    def begun() -> list[list[str]]:
        page = parsed(visitor.opens("/sessions/fictional/s").text)
        links = page.xpath("//main//a[contains(@href, '/act/start-agenda')]/@href")
        return [visitor.fills(str(link))["session"] for link in links]

    before = begun()
    does(visitor, f"{BODY}/act/start-agenda?session=s", agenda="a")

    assert [["s"], ["s"]] == before
    assert [["s"]] == begun()
    assert ["later"] == visitor.fills(f"{BODY}/act/start-agenda")["session"]
    assert ["later"] == visitor.fills(f"{BODY}/act/start-agenda?session=elsewhere")["session"]


def test_a_reconvened_part_gets_an_agenda_of_its_own(convened: Visitor) -> None:
    does(convened, f"{SESSION}/act/open", role="presiding officer")
    does(convened, f"{SESSION}/act/reconvene", starts="2026-09-01", ends="2026-09-02", venue="Graz")
    form = f"{BODY}/act/start-agenda"
    does(convened, form, agenda="a-2", part="2", type="reconvened session")
    shown = said(convened.opens(SESSION))

    assert "Part 2" in shown
    assert "1–2 September 2026 · Graz" in shown
    assert (2, "s") == (
        convened.story.state("agenda/a-2").part,
        convened.story.state("agenda/a-2").session,
    )


def test_a_session_that_is_not_on_its_days_is_opened_with_a_remark(convened: Visitor) -> None:
    does(convened, f"{SESSION}/act/postpone", starts="2026-04-01", ends="2026-04-02", reason="Ice.")
    check = convened.checks(f"{SESSION}/act/open", role="presiding officer")

    assert "This departs from the rule session-on-its-days" in said(check)


# --- As JSON, as of a moment ----------------------------------------------------------------------


def test_bodies_and_sessions_are_there_as_json(convened: Visitor) -> None:
    body = convened.opens(f"{BODY}.json").json()
    session = convened.opens(f"{SESSION}.json").json()
    bodies = convened.opens(f"/bodies/{ORGANISATION}.json").json()

    assert (["east", "west"], "generic", ["s"]) == (
        [seat["seat"] for seat in body["body"]["seats"]],
        body["rule_pack"]["id"],
        [row["id"] for row in body["sessions"]],
    )
    assert ("3", "b") == (session["session"]["number"], session["body"]["id"])
    assert ["b"] == [row["id"] for row in bodies["bodies"]]


def test_pages_are_read_as_of_a_moment_and_take_no_acts_then(convened: Visitor) -> None:
    then = convened.opens(f"{BODY}?at=2")

    assert "No seat is filled yet." in said(then)
    assert [] == parsed(then.text).xpath("//nav[contains(@class, 'acts')]")
    assert 404 == convened.client.get(f"{SESSION}?at=2").status_code


def test_pages_are_shared_until_something_is_recorded(convened: Visitor) -> None:
    for path in (BODY, SESSION, f"/bodies/{ORGANISATION}"):
        first = convened.opens(path)
        again = convened.client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert 304 == again.status_code
    first = convened.opens(BODY)
    does(convened, f"{BODY}/act/fill-seat", seat="north", holder="Northland")
    now = convened.client.get(BODY, headers={"If-None-Match": first.headers["etag"]})

    assert "Northland" in said(now)


@pytest.mark.parametrize("path", [f"/bodies/{ORGANISATION}/z", "/bodies/nobody", "/sessions/x/y"])
def test_what_is_not_in_the_record_has_no_page(convened: Visitor, path: str) -> None:
    assert 404 == convened.client.get(path).status_code

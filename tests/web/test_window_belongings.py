"""What a silence procedure belongs to: pages and letters say of which session and agenda it is."""

from __future__ import annotations

from adapters.mail.screen import ScreenTransport
from logged_in import Person
from page_tree import parsed
from smtp_server import directory, sent, service
from story import Story
from web_visitor import WINDOW, said

AGENDA, SESSION = "/agendas/fictional/a", "/sessions/fictional/s"


def agenda_items(story: Story) -> None:
    """The items of agenda `a`, for session 15 of body `b`, are under silence without a title."""
    story.body()
    dates = {"starts": "2027-02-01", "ends": "2027-02-05"}
    story.do("schedule session", session="s", body="b", number="15", **dates)
    story.do("start agenda", agenda="a", body="b", session="s", approved_by="b")
    story.propose("1", subjects=["adoption of the agenda"])
    story.propose("9", subjects=["report"])
    story.do("submit items", agenda="a")
    subject = {"type": "agenda items", "agenda": "a"}
    story.silence(subject=subject, text={})


def test_its_page_and_its_forms_say_of_which_session_and_agenda_it_is(story: Story) -> None:
    agenda_items(story)
    person = Person(story)
    for path in (WINDOW, f"{WINDOW}/act/respond", f"{WINDOW}/act/register"):
        page = person.opens(path)
        shown = said(page)
        assert "Session 15, 1–5 February 2027" in shown, shown[:600]
        links = {link.get("href") for link in parsed(page.text).iter("a")}
        assert {AGENDA, SESSION} <= links, path
    assert "Session 15" in parsed(person.opens(WINDOW).text).find(".//title").text


def test_no_box_promises_an_approval_while_a_response_waits_for_a_ruling(story: Story) -> None:
    story.body()
    story.silence()
    person = Person(story)
    assert "The text is approved with effect at the deadline" in said(person.opens(WINDOW))
    story.respond("unclear")
    shown = said(person.opens(WINDOW))
    assert "Nothing is approved before the presiding officer has ruled." in shown
    assert "The text is approved with effect at the deadline, " not in shown


def test_where_names_are_withheld_a_ruling_is_asked_for_without_the_seat(story: Story) -> None:
    story.body()
    story.silence(names_withheld=True)
    story.respond("unclear", text="We wonder.")
    shown = said(Person(story).opens(f"{WINDOW}/act/rule"))
    ruled_on = shown.partition("What is ruled on")[2].partition("The ruling")[0]
    assert "Names are withheld." in ruled_on
    assert "We wonder." in ruled_on
    assert "east" not in ruled_on.lower()


def test_a_session_that_was_called_off_is_said_wherever_its_silence_is(story: Story) -> None:
    agenda_items(story)
    directory(story, "east", "west")
    person, form = Person(story), f"{SESSION}/act/cancel"
    check = said(person.checks(form, reason="A storm."))
    assert "Silence procedures of this session have not ended: w." in check
    story.do("cancel session", session="s", reason="A storm.")
    off = "Session 15, 1–5 February 2027 · The session was cancelled. A storm."
    for path in (WINDOW, f"{WINDOW}/act/respond", f"{WINDOW}/act/register"):
        assert off in said(person.opens(path)), path
    shown: list[str] = []
    service(story, ScreenTransport(shown.append))
    sent(story)
    assert shown
    assert all("\nThe session was cancelled. A storm.\n" in letter for letter in shown)


def test_only_what_has_not_ended_is_remarked_where_a_session_is_called_off(story: Story) -> None:
    agenda_items(story)
    story.do("supersede silence", who="presiding officer", window="w", reason="Not needed.")
    dates = {"type": "session dates", "session": "s", "titles": {"en": "The dates"}}
    story.silence(window="dates", subject=dates)
    story.silence(window="other", subject={"type": "decision text", "titles": {"en": "Other"}})
    check = said(Person(story).checks(f"{SESSION}/act/cancel", reason="A storm."))
    assert "Silence procedures of this session have not ended: dates." in check


def test_a_part_that_was_held_was_not_called_off(story: Story) -> None:
    agenda_items(story)
    story.do("open session", session="s")
    more = {"starts": "2027-05-01", "ends": "2027-05-02"}
    story.do("reconvene session", session="s", venue="Vienna", **more)
    assert "have not ended" not in said(
        Person(story).checks(f"{SESSION}/act/cancel", reason="A storm.")
    )
    story.do("cancel session", session="s", reason="A storm.")
    shown = said(Person(story).opens(WINDOW))
    assert "Session 15, 1–5 February 2027" in shown
    assert "cancelled" not in shown.partition("Time left to object")[0]

"""The secretariat's pages of what came by mail: read, registered, dismissed; nothing by itself."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from adapters.sqlite.incoming_mail import IncomingMailFile
from domain.incoming_mail import INTERNALDATE
from domain.ports.incoming_mail import FetchedMessage
from page_tree import parsed
from smtp_server import directory
from story import ORGANISATION, Story
from web_visitor import WINDOW, Visitor, field_values, said

MAIL = f"/mail/{ORGANISATION}"
EVIL = "<script>alert(1)</script>"


def message(**headers: str) -> bytes:
    made = EmailMessage()
    given = {"From": "East <east@example.org>", "Subject": f"Objection {EVIL}"} | headers
    for name, value in given.items():
        made[name] = value
    made.set_content(f"We object. {EVIL}\n")
    made.add_attachment(b"x" * 10, maintype="text", subtype="html", filename="../<b>.html")
    made.set_boundary("a-boundary")
    return made.as_bytes()


@pytest.fixture
def visitor(story: Story) -> Visitor:
    """Window `w` runs, and a message came from the address of seat `east` an hour ago."""
    story.body()
    directory(story, "east", "west")
    story.silence()
    found = Visitor(story)
    found.clock.at = story.now + timedelta(hours=2)
    fetched = FetchedMessage(
        content=message(),
        size=len(message()),
        place="7:1",
        received_at=story.now + timedelta(hours=1, seconds=5),
        source=INTERNALDATE,
    )
    story.placet.processes.mail.store.keep("imap", fetched, found.clock.at)
    return found


def names(story: Story) -> list[str]:
    return [name for name in story.names() if name.startswith("window.")]


def test_a_message_is_listed_and_shown_with_what_is_in_doubt(visitor: Visitor) -> None:
    listed = visitor.opens(MAIL)
    assert f"{MAIL}/1" in {link.get("href") for link in parsed(listed.text).iter("a")}
    page = visitor.opens(f"{MAIL}/1")
    for word in (
        "east@example.org",
        "Body: East",
        "IMAP INTERNALDATE",
        "It names no letter from here",
        "Nothing proves who sent it",
        "We object. <script>alert(1)</script>",
        "../<b>.html text/html",
        "It came before the deadline.",
    ):
        assert word in said(page), word
    assert [] == list(parsed(page.text).iter("script"))
    assert EVIL not in page.text + listed.text


def test_the_file_is_the_message_byte_by_byte_and_is_never_opened(visitor: Visitor) -> None:
    answer = visitor.opens(f"{MAIL}/1/file")
    assert message() == answer.content
    assert 'attachment; filename="message-1.eml"' == answer.headers["content-disposition"]
    assert "application/octet-stream" == answer.headers["content-type"]


def test_the_secretariat_registers_an_objection_with_the_message_as_evidence(
    visitor: Visitor, story: Story
) -> None:
    before = names(story)
    page = visitor.opens(f"{MAIL}/1")
    (form,) = {
        link.get("href") for link in parsed(page.text).iter("a") if "/register/" in link.get("href")
    }
    assert "What the message saysWe object." in said(visitor.opens(form))
    filled = field_values(visitor.opens(form).text)
    assert ["east"] == filled["seats"]
    check = visitor.checks(form, kind="objection", role="secretariat")
    assert before == names(story)
    assert "It counts as received on" in said(check)
    done = visitor.confirms(form, check)
    assert 303 == done.status_code

    assert ["window.response_received", "window.broken"] == names(story)[-2:]
    kept = story.state("window/w").responses[0]
    found = story.placet.processes.mail.get(1)
    assert (found.sha256, ("east",)) == (kept.response.evidence, kept.response.seats)
    assert found.receipt.at == kept.received.exact
    assert ("registered", "w") == (found.state, found.window)
    assert f"Event {found.position}" in said(visitor.opens(f"{MAIL}/1"))
    assert message() == visitor.opens(f"{WINDOW}/evidence/1").content


def goes_on(visitor: Visitor, form: str, **values: str) -> Any:
    """The page that comes after a form was sent to be checked."""
    return visitor.follows(visitor.sends(form, visitor.fills(form, **values)))


def test_the_second_of_two_officers_is_told_what_the_first_has_recorded(
    visitor: Visitor, story: Story
) -> None:
    """On the check page, or when it is confirmed; nothing is recorded a second time."""
    form = f"{MAIL}/1/register/w"
    checked = visitor.checks(form, kind="unclear", role="secretariat")
    late = visitor.checks(form, kind="no objection", role="secretariat")
    assert 303 == visitor.confirms(form, checked).status_code
    position = len(story.events())
    before = names(story)

    for answer in (
        visitor.confirms(form, late),
        goes_on(visitor, form, kind="unclear", role="secretariat"),
    ):
        assert 409 == answer.status_code
        words = said(answer)
        assert "Not recorded: this was refused" in words
        assert "this message is registered already in w: response 1" in words
        assert f"Event {position}: Response 1 came in time: unclear, from East." in words
        assert f"/events/{ORGANISATION}/{position}" in answer.text
        assert "registered-once" in words
    assert before == names(story)
    assert "It is registered here already." in said(visitor.opens(f"{MAIL}/1"))


def test_who_knows_what_is_recorded_may_register_the_message_once_more(
    visitor: Visitor, story: Story
) -> None:
    """For instance for another item; then its page names both events."""
    form = f"{MAIL}/1/register/w"
    visitor.confirms(form, visitor.checks(form, kind="reservation", role="secretariat"))
    filled = field_values(visitor.opens(form).text)
    assert "Register it once more?" in said(visitor.opens(form))
    assert not filled.get("known")
    no = goes_on(visitor, form, kind="editorial comment", role="secretariat", known="0")
    assert 409 == no.status_code
    check = visitor.checks(form, kind="editorial comment", role="secretariat", known="1")
    stale = visitor.checks(form, kind="unclear", role="secretariat", known="1")
    assert "This message is registered here already" in said(check)
    assert 303 == visitor.confirms(form, check).status_code
    late = visitor.confirms(form, stale)
    assert 422 == late.status_code  # its answer was about one response; by now there are two
    assert 2 == said(late).count("came in time")

    assert ["reservation", "editorial comment"] == [
        each.response.kind for each in story.state("window/w").responses
    ]
    page = visitor.opens(f"{MAIL}/1").text
    found = story.placet.processes.mail.get(1).registered
    assert 2 == len(found)
    for each in found:
        assert f"/events/{ORGANISATION}/{each.position}" in page


def test_a_message_that_answers_two_procedures_names_both_events(
    visitor: Visitor, story: Story
) -> None:
    story.silence(window="v")
    visitor.clock.at = story.now + timedelta(hours=2)
    for window in ("w", "v"):
        form = f"{MAIL}/1/register/{window}"
        visitor.confirms(form, visitor.checks(form, kind="reservation", role="secretariat"))

    found = story.placet.processes.mail.get(1)
    page = visitor.opens(f"{MAIL}/1").text
    assert ["w", "v"] == [each.window for each in found.registered]
    for each in found.registered:
        assert f"/events/{ORGANISATION}/{each.position}" in page


def test_what_could_not_be_noted_with_the_message_is_told_by_the_record(
    visitor: Visitor, story: Story
) -> None:
    """The program stopped between the record and the note; who tries it again lets it be noted."""
    form = f"{MAIL}/1/register/w"
    waiting = story.placet.processes.mail.get(1)
    visitor.confirms(form, visitor.checks(form, kind="reservation", role="secretariat"))
    story.placet.processes.mail.store.settle(waiting)

    assert "Registered in the silence procedure w" in said(visitor.opens(f"{MAIL}/1"))
    again = goes_on(visitor, form, kind="reservation", role="secretariat")
    assert (409, True) == (again.status_code, "registered already" in said(again))
    noted = story.placet.processes.mail.get(1)
    assert ("registered", 1) == (noted.state, len(noted.registered))


@pytest.mark.folder
def test_what_is_recorded_is_said_to_be_though_it_cannot_be_noted(
    visitor: Visitor, story: Story, tmp_path: Path
) -> None:
    """The disk of the messages can be read only; the page leads to what was recorded."""
    form = f"{MAIL}/1/register/w"
    check = visitor.checks(form, kind="reservation", role="secretariat")
    mail = story.placet.processes.mail
    kept = mail.store
    mail.store = IncomingMailFile(tmp_path / "store" / "mail.db", read_only=True)
    done = visitor.confirms(form, check)
    mail.store.close()
    mail.store = kept

    assert 303 == done.status_code
    assert "/recorded/" in done.headers["location"]
    assert "waiting" == mail.get(1).state
    assert 1 == len(story.state("window/w").responses)


def test_who_registers_it_is_told_before_that_it_stays_and_who_will_read_it(
    visitor: Visitor, story: Story
) -> None:
    story.silence(window="v", names_withheld=True)
    form = f"{MAIL}/1/register/w"
    notice = "Once it is registered, the whole message stays in the record"
    assert notice in said(visitor.opens(form))
    assert notice in said(visitor.checks(form, kind="objection", role="secretariat"))
    withheld = said(visitor.opens(f"{MAIL}/1/register/v"))
    assert "As names are withheld here, the record gives it to nobody." in withheld


def test_a_registered_message_is_given_out_as_a_message(visitor: Visitor) -> None:
    form = f"{MAIL}/1/register/w"
    visitor.confirms(form, visitor.checks(form, kind="objection", role="secretariat"))
    answer = visitor.opens(f"{WINDOW}/evidence/1")

    assert message() == answer.content
    assert "message/rfc822" == answer.headers["content-type"]
    assert (
        'attachment; filename="message-of-response-1.eml"' == answer.headers["content-disposition"]
    )
    assert "nosniff" == answer.headers["x-content-type-options"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "courriel ; heure de réception"), ("zh", "电子邮件"), ("ar", "البريد")],
)
def test_how_it_came_is_said_in_the_language_of_the_page(
    visitor: Visitor, story: Story, language: str, words: str
) -> None:
    """The record keeps its own words."""
    form = f"{MAIL}/1/register/w"
    visitor.confirms(form, visitor.checks(form, kind="objection", role="secretariat"))
    shown = said(visitor.opens(f"{WINDOW}?lang={language}"))

    assert "mail; time of receipt: IMAP INTERNALDATE" == (
        story.state("window/w").responses[0].response.channel
    )
    for page in (shown, said(visitor.opens(f"{form}?lang={language}"))):
        assert words in page
        assert "time of receipt" not in page


def test_no_form_changes_what_the_message_fixes(visitor: Visitor, story: Story) -> None:
    """Neither the time of receipt, nor the evidence, nor how it came."""
    form = f"{MAIL}/1/register/w"
    sent = visitor.fills(form, kind="objection", role="secretariat", confirmed="yes")
    sent |= {"received": "2020-01-01T00:00:00", "evidence": "0" * 64, "channel": "a dream"}
    assert 303 == visitor.sends(form, sent).status_code

    kept, found = story.state("window/w").responses[0], story.placet.processes.mail.get(1)
    assert (found.sha256, "mail; time of receipt: IMAP INTERNALDATE") == (
        kept.response.evidence,
        kept.response.channel,
    )
    assert found.receipt.at == kept.received.exact


def test_what_is_no_response_is_dismissed_with_its_reason(visitor: Visitor, story: Story) -> None:
    events = names(story)
    wrong = visitor.sends(f"{MAIL}/1/dismiss", {"reason": " "})
    assert (409, True) == (wrong.status_code, "say why it is no response" in said(wrong))
    assert 303 == visitor.sends(f"{MAIL}/1/dismiss", {"reason": f"Thanks {EVIL}"}).status_code

    assert "Nothing waits." in said(visitor.opens(MAIL))
    assert f"Not a response: Thanks {EVIL}" in said(visitor.opens(f"{MAIL}/1"))
    assert events == names(story)


def test_another_time_of_receipt_is_stated_with_its_reason(visitor: Visitor, story: Story) -> None:
    path, at = f"{MAIL}/1/receipt", story.now.replace(tzinfo=None).isoformat()
    for sent, status in (
        ({"received": at, "how": ""}, 409),
        ({"received": "tomorrow", "how": "the stamp"}, 422),
        ({"received": "2099-01-01T00:00:00", "how": "the stamp"}, 409),
    ):
        wrong = visitor.sends(path, sent)
        assert status == wrong.status_code, said(wrong)
        assert sent["how"] in wrong.text
    assert 303 == visitor.sends(path, {"received": at, "how": "the stamp"}).status_code
    assert "stated by staff: the stamp" in said(visitor.opens(f"{MAIL}/1"))
    assert "mail; time of receipt: stated by staff: the stamp" in said(
        visitor.opens(f"{MAIL}/1/register/w")
    )


def test_without_a_time_of_receipt_nothing_can_be_registered(
    visitor: Visitor, story: Story
) -> None:
    story.placet.processes.mail.take(message(Subject="By hand"), "mail.eml")
    page = visitor.opens(f"{MAIL}/2")
    assert "State it, with the reason, before you register it." in said(page)
    assert "/register/" not in page.text
    refused = visitor.client.get(f"{MAIL}/2/register/w")
    assert "state it first" in said(refused)


@pytest.mark.parametrize("path", [f"{MAIL}/9", f"{MAIL}/9/file", "/mail/nowhere", f"{MAIL}/x"])
def test_what_is_not_there_is_said_to_be_unknown(visitor: Visitor, path: str) -> None:
    assert visitor.client.get(path).status_code in {400, 404}


@pytest.mark.parametrize("act", ["dismiss", "receipt", "register/w"])
def test_nothing_is_done_from_a_page_of_somebody_else(visitor: Visitor, act: str) -> None:
    sent = {"reason": "x", "confirmed": "yes"}
    answer = visitor.sends(f"{MAIL}/1/{act}", sent, **{"Sec-Fetch-Site": "cross-site"})
    assert 403 == answer.status_code
    assert "waiting" == visitor.placet.processes.mail.get(1).state


def test_a_mailbox_that_cannot_be_read_is_said_on_the_page(visitor: Visitor, story: Story) -> None:
    store = story.placet.processes.mail.store
    store.note_failure("imap answers", story.now, f"the disk is full {EVIL}")
    page = visitor.opens(MAIL)
    assert "A mailbox cannot be read" in said(page)
    assert EVIL not in page.text
    store.note_look("imap answers", story.now + timedelta(minutes=1))
    assert "A mailbox cannot be read" not in said(visitor.opens(MAIL))


@pytest.mark.parametrize("language", ["ar", "es", "fr", "ru", "zh"])
def test_the_pages_are_there_in_every_language(visitor: Visitor, language: str) -> None:
    for path in (MAIL, f"{MAIL}/1", f"{MAIL}/1/register/w"):
        visitor.opens(f"{path}?lang={language}")


def test_where_nothing_ever_came_the_page_is_empty(story: Story) -> None:
    story.body()
    assert "Nothing waits." in said(Visitor(story).opens(MAIL))


CHECKED = (
    b"Authentication-Results: hop.example; dkim=pass header.d=hop.example\r\n"
    b"Authentication-Results: MX.example.org; dkim=fail <b>header.d</b>=example.org\r\n"
    b"Authentication-Results: mx.example.org; dkim=pass header.d=example.org\r\n"
)


def test_what_our_own_server_found_about_the_sender_is_shown(visitor: Visitor) -> None:
    """The uppermost header under its name; a sender may have written all others."""
    mail = visitor.story.placet.processes.mail
    content = CHECKED + message()
    fetched = FetchedMessage(
        content=content,
        size=len(content),
        place="7:2",
        received_at=visitor.story.now,
        source=INTERNALDATE,
    )
    mail.store.keep("imap", fetched, visitor.clock.at)
    before = said(visitor.opens(f"{MAIL}/2"))
    mail.configure((), servers=["mx.example.org"])
    shown = said(visitor.opens(f"{MAIL}/2"))
    unchecked = said(visitor.opens(f"{MAIL}/1"))
    given = mail.take(content + b"\r\n", "message.eml")

    assert "dkim" not in before
    assert "dkim=fail <b>header.d</b>=example.org" in shown
    assert "dkim=pass" not in shown
    assert "Nothing proves who sent it" in shown
    assert "Our mail server found" not in unchecked
    assert "dkim" not in said(visitor.opens(f"{MAIL}/{given.id}"))

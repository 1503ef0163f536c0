"""Every form of a page carries the token of its session, and so is done at the first press."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final

import pytest
from fastapi.routing import APIRoute

import web
from domain.incoming_mail import INTERNALDATE
from domain.ports.incoming_mail import FetchedMessage
from logged_in import Person
from logged_in import person as person
from page_tree import parsed
from smtp_server import directory
from story import ORGANISATION
from web.forms.posted_form import read_posted_form
from web.http import account_urls
from web_visitor import SENT_HERE, said

TEMPLATES: Final = Path(web.__file__).parent / "templates"
FORM: Final = re.compile(r"<form\b.*?</form>", re.DOTALL)
OPEN_TO_ANYBODY: Final = {
    "demo_issuer.html": (),
    "invitation.html": (f"{account_urls.INVITATION}{{secret}}",),
    "log_in.html": (account_urls.BECOME, account_urls.LOG_IN, account_urls.RESUME),
    "log_in_code.html": (account_urls.CODE,),
    "password_link.html": (f"{account_urls.PASSWORD_LINK}{{secret}}",),
}
"""Pages whose forms are sent before a log-in, when there is no session, with their addresses.

The issuer of the demonstration is a server of its own.
"""
MAIL: Final = f"/mail/{ORGANISATION}/1"


def posted_forms() -> Iterator[tuple[str, str]]:
    """Each form in a template that changes something, with the name of the template."""
    for path in sorted(TEMPLATES.rglob("*.html")):
        for form in FORM.findall(path.read_text(encoding="utf-8")):
            if 'method="post"' in form:
                yield path.name, form


def test_every_form_that_is_posted_after_a_log_in_carries_the_token_of_its_session() -> None:
    found = list(posted_forms())
    assert [] == [
        name
        for name, form in found
        if "form_token() }}" not in form and name not in OPEN_TO_ANYBODY
    ]
    assert set(OPEN_TO_ANYBODY) == {name for name, form in found if "form_token() }}" not in form}


def test_only_what_is_sent_before_a_log_in_asks_for_no_token(person: Person) -> None:
    """So the list of such pages is no way around it."""
    asking: dict[str, bool] = {}
    for route in person.client.app.routes:  # type: ignore[attr-defined]
        if isinstance(route, APIRoute) and "POST" in (route.methods or ()):
            checks = {each.call for each in route.dependant.dependencies}
            asking[route.path] = read_posted_form in checks
    without = {path for path, asks in asking.items() if not asks}
    open_to_anybody = {path for paths in OPEN_TO_ANYBODY.values() for path in paths}

    assert without - {account_urls.INTERRUPTED} == open_to_anybody - {account_urls.BECOME}


def presses(person: Person, path: str, button: str, **given: str) -> Any:
    """The answer to the form of this page with this button, sent with what stands in it only."""
    page = parsed(person.opens(path).text)
    (form,) = [form for form in page.forms if button in form.text_content()]
    values = dict(form.form_values()) | given
    return person.client.post(form.action or path, data=values, headers=SENT_HERE)


@pytest.fixture
def officer(person: Person) -> Person:
    """Somebody of the secretariat, just logged in, where a message came from the seat east."""
    story = person.story
    directory(story, "east", "west")
    made = EmailMessage()
    made["From"], made["Subject"] = "East <east@example.org>", "Thanks"
    made.set_content("Thank you.\n")
    fetched = FetchedMessage(
        content=made.as_bytes(),
        size=len(made.as_bytes()),
        place="7:1",
        received_at=story.now + timedelta(minutes=1),
        source=INTERNALDATE,
    )
    person.clock.at = story.now + timedelta(minutes=5)
    story.placet.processes.mail.store.keep("imap", fetched, person.clock.at)
    return person.logs_in("office")


def test_an_officer_dismisses_a_message_at_the_first_press(officer: Person) -> None:
    answer = presses(officer, MAIL, "Note that it is no response", reason="thanks")

    assert 303 == answer.status_code, said(answer)
    assert "not a response" == officer.placet.processes.mail.get(1).state


def test_an_officer_states_when_a_message_was_received_at_the_first_press(officer: Person) -> None:
    at = officer.story.now.replace(tzinfo=None).isoformat()
    answer = presses(officer, MAIL, "State this time", received=at, how="the stamp")

    assert 303 == answer.status_code, said(answer)
    assert "stated by staff" in said(officer.opens(MAIL))

"""A process of its own that registers a message, beside another that registers the same one."""

from __future__ import annotations

from datetime import timedelta

from adapters.store_factory import open_store
from domain.ports.incoming_mail import FetchedMessage
from domain.rules import Refused
from story import NOON, ORGANISATION, Story
from two_processes import Meeting, run_two
from web_visitor import Hands
from workflows.acts.request import request
from workflows.acts.window_responses import REGISTER
from workflows.incoming import registration

RECEIVED = NOON + timedelta(hours=2)
CONTENT = b"From: east@example.org\r\nSubject: No\r\n\r\nWe object.\r\n"


def prepare(place: str, windows: int) -> None:
    """Silence procedures of one body, and one message that may answer any of them."""
    with open_store(place) as store:
        story = Story(store)
        story.body()
        for number in range(windows):
            story.silence(window=f"w{number}")
        fetched = FetchedMessage(
            content=CONTENT, size=len(CONTENT), place="1", received_at=RECEIVED, source="imap"
        )
        story.placet.processes.mail.store.keep("imap", fetched, RECEIVED)


def both_register(place: str, windows: int, *, unsafe: bool = False) -> list[tuple[str, str]]:
    """Let two officers register the message in each procedure at once; what each was told.

    It is "recorded", or the rule that refused it.
    """
    return run_two(register, place, windows, unsafe=unsafe)


def register(place: str, windows: int, *, meeting: Meeting) -> list[tuple[str, str]]:
    """Meet the other before each procedure, register the message, and tell what came of it."""
    answers = []
    with open_store(place) as store:
        story = Story(store)
        story.placet.clock = Hands(RECEIVED + timedelta(minutes=5))
        mail = story.placet.processes.mail
        message = mail.get(1)
        files = {message.sha256: mail.store.content(1)}
        fixed = {**registration.fixed_values(message), "order.message": message.sha256}
        for number in range(windows):
            window = f"w{number}"
            values = {"seats": ("east",), "kind": "objection", **fixed}
            wanted = request(REGISTER, None, window, REGISTER.roles[0], values, files)
            story.state(f"window/{window}")
            meeting.wait()
            try:
                answer = story.placet.execute(
                    ORGANISATION, wanted.step, f"{meeting.name} {window}", files=files
                )
            except Refused as refused:
                answers.append((window, refused.rule))
                continue
            position = answer.events[0].position
            mail.note_registered(
                1, organisation=ORGANISATION, window=window, position=position, by=meeting.name
            )
            answers.append((window, "recorded"))
    return answers

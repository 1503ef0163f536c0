"""The directory on pages: entries are seen, changed and erased one by one."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from domain.actors import Actor, Role
from smtp_server import Server, directory, mail_server, sent, service
from story import ORGANISATION, Story
from web_visitor import Visitor, said

LIST = f"/directory/{ORGANISATION}"


@pytest.fixture
def post() -> Iterator[Server]:
    with mail_server() as made:
        yield made


@pytest.fixture
def visitor(story: Story) -> Visitor:
    story.body()
    story.placet.projections.follow()
    return Visitor(story)


def entry(who: str, body: str = "b") -> str:
    return f"{LIST}/entry?{urlencode({'body': body, 'who': who})}"


def test_an_entry_is_entered_changed_and_erased(visitor: Visitor) -> None:
    assert "Directory" in said(visitor.opens(f"/bodies/{ORGANISATION}"))
    assert "East east: no address" in said(visitor.opens(LIST))
    given = {"language": "fr", "addresses": "a@example.org\nb@example.org"}
    done = visitor.sends(entry("east"), given)
    listed = visitor.opens(done.headers["location"])

    assert 303 == done.status_code
    assert "East east: a@example.org, b@example.org French" in said(listed)
    assert "entered · Body · East · page" in said(listed)
    assert "no-store" == listed.headers["cache-control"]
    assert "a@example.org" in visitor.opens(entry("east")).text

    visitor.sends(entry("east"), {"language": "fr", "addresses": "c@example.org"})
    refused = visitor.sends(entry("east"), {"erase": "yes"})
    assert 422 == refused.status_code
    assert "Tick this if the entry shall be erased." in said(refused)
    assert "c@example.org" in visitor.opens(LIST).text

    visitor.sends(entry("east"), {"erase": "yes", "sure": "yes"})
    after = said(visitor.opens(LIST))
    assert "@example.org" not in after
    assert "erased · Body · East" in after


@pytest.mark.parametrize(
    ("given", "said_of_it"),
    [
        ({"language": "en", "addresses": "no address <b>"}, "This is no mail address"),
        ({"language": "xx", "addresses": "a@example.org"}, "no language of the six"),
        ({"language": "en", "addresses": " "}, "Write an address, or erase the entry."),
    ],
)
def test_what_is_wrong_is_shown_again(
    visitor: Visitor, given: dict[str, str], said_of_it: str
) -> None:
    answer = visitor.sends(entry("presiding officer"), given)

    assert 422 == answer.status_code
    assert said_of_it in said(answer)
    assert "<b>" not in answer.text
    assert "Presiding officer: no address" in said(visitor.opens(LIST))


def test_nobody_is_entered_who_is_not_in_the_record(visitor: Visitor) -> None:
    given = {"language": "en", "addresses": "a@example.org"}

    assert [404] * 4 == [
        visitor.client.get(entry("north")).status_code,
        visitor.sends(entry("north"), given).status_code,
        visitor.sends(entry("east", "c"), given).status_code,
        visitor.client.get("/directory/elsewhere").status_code,
    ]


def test_no_other_site_changes_an_entry(visitor: Visitor) -> None:
    given = {"language": "en", "addresses": "a@example.org"}
    answer = visitor.sends(entry("east"), given, **{"Sec-Fetch-Site": "cross-site"})

    assert 403 == answer.status_code
    assert "East east: no address" in said(visitor.opens(LIST))


OPENING = {
    "type": "decision text",
    "title-en": "Painting the buoys",
    "text-en": "The buoys shall be red.",
    "length": "96 hours",
}
BACK = "The last letter to an address of these seats came back: east."


def test_an_address_from_which_the_last_letter_came_back_is_marked_until_one_is_taken(
    story: Story, post: Server
) -> None:
    """In the directory, and for who opens the next procedure."""
    story.body()
    directory(story, "east", "west")
    story.silence()
    posting = service(story, post.transport())
    sent(story)
    outbox = story.placet.notifications.outbox
    (key,) = [each.notice.key for each in outbox.all_notices() if each.notice.to == "east"]
    visitor = Visitor(story)
    before = said(visitor.opens(LIST))
    posting.record_bounce(key, "no such user", by=Actor(role=Role.NOTICES))
    marked = [said(visitor.opens(LIST)), said(visitor.opens(entry("east")))]

    assert "came back" not in before + said(visitor.opens(entry("west")))
    for page in marked:
        assert 1 == page.count("The last letter to it came back: 2 March 2026")
    assert BACK in opening(visitor)
    story.do("repeat notices", window="w", seats=["east"], about="opening", reason="mended")
    sent(story)
    assert "came back" not in said(visitor.opens(LIST)) + opening(visitor)


def opening(visitor: Visitor) -> str:
    """The check page of a procedure that might be opened next."""
    form = f"/open/{ORGANISATION}"
    return said(visitor.checks(form, window="next", role="secretariat", body="b", **OPENING))

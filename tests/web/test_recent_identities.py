"""Readers who have logged in: looked up once a second, and again once accounts were changed."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.sqlite.accounts import FILE, AccountsFile
from adapters.sqlite.connections import Connections
from adapters.sqlite.store import SqliteStore
from domain.ports.accounts import Account
from logged_in import Person
from story import Story
from web.http.recent_identities import LASTS, MOST, RecentIdentities
from web.rendering import Templates
from web_visitor import SENT_HERE, WINDOW
from workflows.accounts import tokens

pytestmark = pytest.mark.folder
RESPOND = f"{WINDOW}/act/respond"


@pytest.fixture
def people(story: Story) -> list[Person]:
    """Two auditors in browsers of their own, and a member for the seat east."""
    story.body()
    story.silence()
    for principal in ("ana", "ben"):
        story.do("grant role", who="administrator", principal=principal, role="auditor")
    place = {"role": "member", "body": "b", "seat": "east"}
    story.do("grant role", who="administrator", principal="eva", **place)
    story.now += timedelta(minutes=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        first = Person(story)
        others = [Person(story) for _ in range(2)]
    for other in others:
        other.placet.clock = other.clock = first.clock
        other.client.app = first.client.app
        other.client._transport = first.client._transport
    return [
        person.logs_in(name)
        for person, name in zip((first, *others), ("ana", "ben", "eva"), strict=True)
    ]


@contextmanager
def look_ups() -> Iterator[list[str]]:
    """The sessions and tokens that are looked up meanwhile."""
    found: list[str] = []
    read = Connections.read

    def counted(self: Connections, sql: str, values: Any = ()) -> Any:
        if "login_session" in sql or "api_token" in sql:
            found.append(sql)
        return read(self, sql, values)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Connections, "read", counted)
        yield found


def elsewhere(story: Story) -> AccountsFile:
    """The accounts as another process has them."""
    store = story.placet.store
    assert isinstance(store, SqliteStore)
    return AccountsFile(store.folder / FILE)


def test_whoever_opens_pages_is_looked_up_once_a_second(people: list[Person]) -> None:
    ana = people[0]
    with look_ups() as found:
        first = ana.opens(WINDOW)
        again = ana.client.get(WINDOW, headers={"If-None-Match": first.headers["etag"]})
        assert (304, 1) == (again.status_code, len(found))
        ana.clock.at += LASTS
        ana.opens(WINDOW)
        assert 2 == len(found)


def test_readers_of_equal_roles_share_pages(people: list[Person]) -> None:
    ana, ben, eva = people
    rendered: list[str] = []
    render = Templates.page

    def counted(self: Templates, name: str, *words: Any, **values: Any) -> str:
        rendered.append(name)
        return render(self, name, *words, **values)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Templates, "page", counted)
        first = ana.opens(WINDOW)
        assert first.text == ben.opens(WINDOW).text
        known = ben.client.get(WINDOW, headers={"If-None-Match": first.headers["etag"]})
        assert (304, 1) == (known.status_code, len(rendered))
        assert first.text != eva.opens(WINDOW).text
        assert 2 == len(rendered)


def test_a_session_that_is_ended_here_reads_nothing_more(people: list[Person]) -> None:
    ana, ben, _ = people
    ana.opens(WINDOW)
    ben.opens(WINDOW)
    ana.placet.accounts.sessions.end_all("ana")
    assert 303 == ana.client.get(WINDOW).status_code
    assert 200 == ben.client.get(WINDOW).status_code


def test_a_session_that_another_process_ended_reads_nothing_more(
    people: list[Person], story: Story
) -> None:
    ana, ben, _ = people
    ana.opens(WINDOW)
    ben.opens(WINDOW)
    elsewhere(story).end_sessions("ana")
    assert 303 == ana.client.get(WINDOW).status_code
    assert 200 == ben.client.get(WINDOW).status_code


def test_with_the_first_account_of_another_process_everybody_has_to_log_in(
    story: Story,
) -> None:
    story.body()
    story.silence()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        somebody = Person(story)
    somebody.opens(WINDOW)
    assert elsewhere(story).add_account(Account(principal="p", login="first", created_at=story.now))
    assert 303 == somebody.client.get(WINDOW).status_code


def test_where_only_a_query_tells_of_changes_each_request_is_looked_up(story: Story) -> None:
    """As in a database, or where the file is just being changed."""
    recent = RecentIdentities(lambda: None, lambda: story.now)
    recent.put("a", recent.moment(), {"identity": "a"})
    assert recent.get("a") is None


def test_whether_accounts_were_changed_is_told_at_once_or_not_at_all(tmp_path: Path) -> None:
    """Another process writes meanwhile; who asks does not wait for it."""
    here, there = AccountsFile(tmp_path / FILE), AccountsFile(tmp_path / FILE)
    there.end_sessions("nobody")
    first = here.version()
    with there.writing() as tables:
        tables.execute("DELETE FROM login_session")
        assert first == here.version()
    assert first != here.version() == here.version() is not None
    with here._connections._watch_lock:
        assert here.version() is None
    here.close()
    there.close()


def test_a_session_that_another_process_ended_does_nothing_more(
    people: list[Person], story: Story
) -> None:
    """What somebody sends is never judged by what was looked up before."""
    eva = people[2]
    check = eva.checks(RESPOND, seat="east", kind="objection", text="Not in red.")
    eva.opens(WINDOW)
    elsewhere(story).end_sessions("eva")
    answer = eva.confirms(RESPOND, check)
    assert 401 == answer.status_code
    assert [] == [event.name for event in story.events() if "response" in event.name]


def test_a_token_that_is_revoked_here_reads_nothing_more(people: list[Person]) -> None:
    ana = people[0]
    made = ana.placet.accounts.tokens
    secret, token = made.make("ana", "reader", tokens.READ, timedelta(days=1))
    ana.client.cookies.clear()
    shown = {"Authorization": f"Bearer {secret}"}
    assert 200 == ana.client.get(WINDOW, headers=shown).status_code, "it is noted as used"
    with look_ups() as found:
        assert [200, 200] == [ana.client.get(WINDOW, headers=shown).status_code for _ in range(2)]
        assert 1 == len(found)
    assert 403 == ana.client.post(RESPOND, headers=shown | SENT_HERE).status_code
    made.revoke("ana", token.hash)
    assert 401 == ana.client.get(WINDOW, headers=shown).status_code


def test_with_the_first_account_everybody_has_to_log_in_at_once(story: Story) -> None:
    story.body()
    story.silence()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        somebody = Person(story)
    somebody.opens(WINDOW)
    somebody.placet.accounts.directory.add("first")
    assert 303 == somebody.client.get(WINDOW).status_code


def test_somebody_who_is_not_known_is_looked_up_each_time(people: list[Person]) -> None:
    """So a session that another process begins is known with the next request."""
    ana = people[0]
    ana.client.cookies.set("placet", "x" * 43)
    with look_ups() as found:
        assert [303, 303] == [ana.client.get(WINDOW).status_code for _ in range(2)]
    assert 2 == len(found)


def test_a_clock_that_is_set_back_lets_nobody_read_for_longer(people: list[Person]) -> None:
    ana = people[0]
    ana.opens(WINDOW)
    ana.clock.at -= timedelta(minutes=5)
    with look_ups() as found:
        ana.client.get(WINDOW)
    assert 1 == len(found)


def test_a_look_up_that_a_change_overtook_is_not_remembered(story: Story) -> None:
    changes = [0]
    recent = RecentIdentities(lambda: changes[0], lambda: story.now)
    began = recent.moment()
    changes[0] += 1
    recent.put("a", began, {"identity": "a"})
    assert recent.get("a") is None


def test_the_memory_has_a_bound(story: Story) -> None:
    recent = RecentIdentities(lambda: 0, lambda: story.now)
    for number in range(MOST + 1):
        recent.put(str(number), recent.moment(), {})
    assert recent.get("0") is None
    assert {} == recent.get(str(MOST))

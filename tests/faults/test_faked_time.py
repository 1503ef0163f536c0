"""A window from its opening to its close, by real processes whose system clock is faked."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from adapters.sqlite.store import SqliteStore
from domain.messages import RecordedEvent
from domain.silence import Window
from story import ORGANISATION, Story
from wiring import Placet, Quiet
from workflows.history.as_of import all_events

pytestmark = pytest.mark.heavy

TESTS = Path(__file__).parents[1]
GRACE = timedelta(seconds=120)
SECOND = timedelta(seconds=1)
ONCE = ("window.opened.v2", "window.lapsed.v2")
"""What such a window has exactly once, however often its server was started again."""

DIRECTORY = """
fictional:
  b:
    east: {addresses: [east@example.org]}
    west: {addresses: [west@example.org]}
"""
OPENING = """
live: open silence
window: w
body: b
subject: {type: decision text}
text: {en: A text.}
"""
RELEASE = """
live: release silence
who: presiding officer
window: w
reason: Nobody had tried to answer in that time.
"""
OBJECTION = """
live: respond
who: seat east
window: w
kind: objection
seats: [east]
"""


class Host:
    """A store on a machine whose clock is moved from one process to the next."""

    def __init__(self, folder: Path, outage: str = "0", *, by_mail: bool = False) -> None:
        story = Story(folder)
        story.body(parameters={"longest-outage-minutes": outage})
        story.placet.close()
        self.folder, self.store = folder, folder / "store"
        (self.store / "directory.yaml").write_text(DIRECTORY)
        self.ahead, self.by_mail = timedelta(0), by_mail

    def words(self, *words: str | Path) -> list[str]:
        """How a process is started at the time that the clock of this host shows."""
        ahead = str(self.ahead.total_seconds())
        return [sys.executable, "process_with_faked_time.py", ahead, *map(str, words)]

    def turn_to(self, moment: datetime) -> None:
        """Set the clock of this host, for processes that start now."""
        self.ahead = moment - datetime.now(UTC)

    def do(self, step: str) -> subprocess.CompletedProcess[str]:
        """An act on the command line."""
        path = self.folder / "step.yaml"
        path.write_text(step)
        words = self.words("agenda", "do", path, "--store", self.store)
        return subprocess.run(
            words, cwd=TESTS / "support", capture_output=True, text=True, check=False, timeout=60
        )

    @contextmanager
    def served(self) -> Iterator[str]:
        """`placet serve` at work; the address of the window's page."""
        pages = ("--external-address", "https://localhost")
        mail = ("--mail-dir", self.folder / "mail", *pages) if self.by_mail else ()
        words = self.words("serve", "--store", self.store, "--port", "0", *mail)
        with subprocess.Popen(
            words, cwd=TESTS / "support", stderr=subprocess.PIPE, text=True
        ) as process:
            try:
                assert process.stderr
                lines = iter(process.stderr)
                found = next(
                    match[0] for x in lines if (match := re.search(r"http://127\.0\.0\.1:\d+", x))
                )
                yield f"{found}/windows/{ORGANISATION}/w"
            finally:
                process.terminate()
                process.wait(timeout=10)

    def events(self) -> list[RecordedEvent]:
        """The whole record."""
        with SqliteStore.open(self.store) as store:
            return all_events(store.history(ORGANISATION))

    def letters(self) -> Counter[tuple[str, str]]:
        """How many letters went to whom, by the first word of their subject."""
        files = (self.folder / "mail").glob("*.eml")
        found = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
        return Counter((str(entry["To"]), str(entry["Subject"]).split()[0]) for entry in found)

    def wait_for_letters(self, number: int) -> None:
        """Until so many are there; they are given a minute of this machine."""
        until = time.monotonic() + 60
        while self.letters().total() < number and time.monotonic() < until:
            time.sleep(0.1)

    def window(self) -> Window:
        """The window as it stands."""
        placet = Placet(SqliteStore.open(self.store), Quiet())
        try:
            return placet.handling.decision_context(placet.store.history(ORGANISATION)).window("w")
        finally:
            placet.close()


def page(address: str) -> str:
    """The text of a page."""
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 (loopback)
        text: str = answer.read().decode()
        return text


def shows(address: str, words: str) -> bool:
    """Whether a page comes to show these words; it is given a minute of this machine."""
    until = time.monotonic() + 60
    while words not in page(address):
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    return True


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """A host with window `w`, opened on 9 March 2026 by the command line."""
    return opened(Host(tmp_path, by_mail=True))


def opened(host: Host) -> Host:
    """The same host after the opening."""
    host.turn_to(datetime(2026, 3, 9, 12, tzinfo=UTC))
    done = host.do(OPENING)
    assert 0 == done.returncode, done.stderr
    return host


def test_a_window_closes_once_over_a_restart(host: Host) -> None:
    """Served before its deadline and over it, stopped within the grace, started again, twice.

    Exactly one lapse: with effect at the deadline, recorded when the grace was over. Each seat is
    told once of the opening, reminded once, and told once of the outcome.
    """
    end = host.window().closes.exact
    host.turn_to(end - timedelta(hours=1))
    with host.served() as address:
        before = page(address)
        host.wait_for_letters(4)
    host.turn_to(end - 5 * SECOND)
    with host.served() as address:
        verified = shows(address, "Deadline passed, being verified")
        time.sleep(2.5)
    between = Counter(event.name for event in host.events())
    for later in (GRACE + SECOND, GRACE + timedelta(hours=1)):
        host.turn_to(end + later)
        with host.served() as address:
            assert shows(f"{address}.json", "window.lapsed")
            host.wait_for_letters(6)
            time.sleep(2.5)
    events = host.events()
    names = Counter(event.name for event in events)
    lapse = next(event for event in events if event.name == "window.lapsed.v2")

    assert "Deadline passed" not in before
    assert verified
    assert 0 == between["window.lapsed.v2"]
    assert [1] * len(ONCE) == [names[name] for name in ONCE]
    assert end == lapse.effective.exact
    assert end + GRACE <= lapse.received_at <= lapse.recorded_at < end + timedelta(minutes=10)
    assert "approved" == str(host.window().phase(end + timedelta(days=1)))
    assert host.letters() == {
        (seat, about): 1
        for seat in ("east@example.org", "west@example.org")
        for about in ("Under", "Reminder,", "Approved")
    }


def test_an_outage_in_the_last_day_is_looked_at_by_the_officer(tmp_path: Path) -> None:
    """Nobody served the store, so nobody could have objected: the close is held, then released."""
    host = opened(Host(tmp_path, outage="30"))
    end = host.window().closes.exact
    host.turn_to(end + GRACE + SECOND)
    with host.served() as address:
        held = shows(address, "Held for review")
        lapsed = Counter(event.name for event in host.events())["window.lapsed.v2"]
        done = host.do(RELEASE)
        closed = shows(f"{address}.json", "window.lapsed")
    names = Counter(event.name for event in host.events())

    assert (True, 0, 0, True) == (held, lapsed, done.returncode, closed), done.stderr
    assert (1, 1) == (names["window.held.v2"], names["window.lapsed.v2"])


def test_a_process_whose_clock_is_off_takes_an_objection_and_nothing_else(tmp_path: Path) -> None:
    """The server's clock is the one: another process beside it is an hour ahead, past the end."""
    host = opened(Host(tmp_path))
    end = host.window().closes.exact
    host.turn_to(end - timedelta(minutes=30))
    with host.served() as address:
        assert shows(address, "open")
        host.ahead += timedelta(hours=1)
        refused = host.do(OPENING.replace("window: w", "window: v"))
        kept = host.do(OBJECTION)
    last = host.events()[-1]

    assert (1, 0) == (refused.returncode, kept.returncode), kept.stderr
    assert "one-clock" in refused.stderr
    assert "window.response_at_margin.v2" == last.name
    assert 3_600_000 == pytest.approx(last.offset_ms, abs=5000)
    assert "open" == str(host.window().phase(end - SECOND))

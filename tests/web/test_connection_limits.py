"""Connections to the server: no delay on any, a bound for all, and an end to those that idle."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from web.cli.server import configuration
from web.http import connection_limits

GET = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
POST = GET.replace(b"GET", b"POST").replace(b"\r\n\r\n", b"\r\nContent-Length: 1\r\n\r\n")


class Application:
    """Answers once it is let; remembers the option of each connection that asked something."""

    def __init__(self) -> None:
        self.goes_on, self.large = threading.Event(), b""
        self.goes_on.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        while (await receive()).get("more_body"):
            pass
        while not self.goes_on.is_set():  # noqa: ASYNC110 (another thread sets it)
            await asyncio.sleep(0.01)
        body = b"yes" + self.large
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        await send({"type": "http.response.body", "body": body})


@contextmanager
def server(protocol: type[asyncio.Protocol] | None, app: Any = None) -> Iterator[Any]:
    """A server on loopback, in a thread: that of `placet serve`, or with another protocol."""
    config = configuration(app or Application())
    config.http = protocol or config.http
    entry = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=entry.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not entry.started:
            time.sleep(0.01)
        entry.port = listening.getsockname()[1]  # type: ignore[attr-defined]
        yield entry
        entry.should_exit = entry.force_exit = True
        thread.join(10)


@contextmanager
def connected(endpoint: Any, number: int = 1, says: bytes = b"") -> Iterator[list[socket.socket]]:
    """So many connections that have said something, and are patient for ten seconds."""
    with ExitStack() as stack:
        found = []
        for _ in range(number):
            place = ("127.0.0.1", endpoint.port)
            connection = stack.enter_context(socket.create_connection(place, timeout=10))
            connection.sendall(says)
            found.append(connection)
        yield found


def answer(connection: socket.socket) -> bytes:
    """The beginning of an answer; nothing once it was hung up."""
    try:
        return connection.recv(1000)
    except ConnectionResetError:
        return b""


def whole_answer(connection: socket.socket) -> bytes:
    """An answer with its body; after a hang-up what there is of it."""
    found = b""
    while not found.endswith(b"yes") and (more := answer(connection)):
        found += more
    return found


def idling(entry: Any) -> Any:
    """The server's end of the only connection, once it is waited for there."""
    while not [made for made in [*entry.server_state.connections] if made.idle]:
        time.sleep(0.01)
    (found,) = entry.server_state.connections
    return found


def options(value: Any) -> list[int]:
    """What is set on the server's end of each connection."""
    return [
        made.transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        for made in [*value.server_state.connections]
    ]


@pytest.mark.parametrize(("protocol", "set_"), [(None, True), (H11Protocol, False)])
def test_answers_wait_for_no_packet_to_fill(
    protocol: type[asyncio.Protocol] | None, set_: bool
) -> None:
    """The control: without our hand the option is off on what a socket of ours accepts."""
    with server(protocol) as entry, connected(entry, 3, GET) as some:
        assert all(answer(connection) for connection in some)
        found = options(entry)

    assert [set_] * 3 == [bool(option) for option in found]


@pytest.mark.parametrize(("most", "hung_up"), [(4, True), (100, False)])
def test_where_there_is_no_room_the_one_goes_that_idles_longest(most: int, hung_up: bool) -> None:
    """All who come are heard. The control: with room for all nobody is hung up."""
    with (
        server(connection_limits.protocol(most)) as entry,
        connected(entry, 4) as idle,
        connected(entry, 1, GET) as (late,),
    ):
        assert b"200" in answer(late)
        idle[0].settimeout(1)
        if hung_up:
            assert b"" == answer(idle[0])
        else:
            with pytest.raises(TimeoutError):
                answer(idle[0])
        idle[3].sendall(GET)

        assert b"200" in answer(idle[3])


def test_who_has_sent_a_form_is_never_sent_away_for_others() -> None:
    """Readers go first; and when only forms are left, those who come then."""
    app = Application()
    app.goes_on.clear()
    with (
        server(connection_limits.protocol(3), app) as entry,
        connected(entry, 2, POST + b"x") as senders,
        connected(entry, 1, GET) as (reader,),
    ):
        while 3 > len([made for made in [*entry.server_state.connections] if made.cycle]):
            time.sleep(0.01)
        with connected(entry, 1, POST + b"x") as (third,):
            assert b"" == answer(reader)
            while 3 > len([made for made in [*entry.server_state.connections] if made.cycle]):
                time.sleep(0.01)
            with connected(entry, 1, GET) as (fourth,):
                assert b"" == answer(fourth)
            app.goes_on.set()

            assert all(b"200" in answer(sender) for sender in [*senders, third])


@pytest.mark.parametrize(
    ("limit", "says"),
    [
        ("KEEP_ALIVE_SECONDS", b""),
        ("HEAD_SECONDS", b"GET / HTTP/1.1\r\nHost: h"),
        ("HEAD_SECONDS", POST[:-4]),
    ],
)
def test_who_says_nothing_is_hung_up(
    monkeypatch: pytest.MonkeyPatch, limit: str, says: bytes
) -> None:
    """Who has said nothing, and who stops in the head of a request."""
    monkeypatch.setattr(connection_limits, limit, 0.5)
    with server(connection_limits.protocol(10)) as entry, connected(entry, 1, says) as (silent,):
        assert b"" == answer(silent)


def test_a_form_is_answered_that_comes_after_minutes_of_idling() -> None:
    """As after the five seconds for which many servers keep a connection that idles."""
    with server(None) as entry, connected(entry, 1, GET) as (reader,):
        assert b"200" in whole_answer(reader)
        made, kept = idling(entry), connection_limits.KEEP_ALIVE_SECONDS

        assert not made.overdue(made.since + kept - 1)
        assert made.overdue(made.since + kept + 1)
        assert made.timeout_keep_alive >= kept
        reader.sendall(POST + b"x")
        assert b"200" in whole_answer(reader)


@pytest.mark.parametrize("before", [0, 1], ids=["a first request", "a later one"])
def test_a_head_has_its_time_from_its_first_byte_on(before: int) -> None:
    """However long the connection idled before, and again after each answer."""
    with server(None) as entry, connected(entry, 1, GET * before) as (reader,):
        assert not before or b"200" in whole_answer(reader)
        made = idling(entry)
        made.since -= 200
        reader.sendall(POST[:9])
        while made.idle:
            time.sleep(0.01)
        limit = connection_limits.HEAD_SECONDS

        assert not made.overdue(made.loop.time() + limit / 2)
        assert made.overdue(made.loop.time() + limit + 1)
        reader.sendall(POST[9:] + b"x")
        assert b"200" in whole_answer(reader)
        assert made is idling(entry)


def test_after_an_early_answer_the_rest_of_a_form_is_waited_for_only_shortly() -> None:
    """And with its last byte the connection idles as any other."""

    async def early(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            length = [(b"content-length", b"3")]
            await send({"type": "http.response.start", "status": 200, "headers": length})
            await send({"type": "http.response.body", "body": b"yes"})

    with server(None, early) as entry, connected(entry, 1, POST) as (sender,):
        assert b"200" in whole_answer(sender)
        (made,) = entry.server_state.connections
        while not made.silent:
            time.sleep(0.01)

        assert made.overdue(made.loop.time() + connection_limits.HEAD_SECONDS + 1)
        sender.sendall(b"x")
        assert made is idling(entry)
        assert not made.overdue(made.loop.time() + connection_limits.HEAD_SECONDS + 1)


@pytest.mark.parametrize("head", [b"", POST[:-4]], ids=["those that idle", "half a head"])
def test_a_crowd_that_says_nothing_is_sent_away_before_who_has_just_come(head: bytes) -> None:
    """In the order in which they came, whatever they do meanwhile."""
    with (
        server(connection_limits.protocol(4)) as entry,
        connected(entry, 4, head) as crowd,
    ):
        while 4 > sum(
            1 for made in [*entry.server_state.connections] if made.idle is not bool(head)
        ):
            time.sleep(0.01)
        with connected(entry, 1) as (late,), connected(entry, 2, head):
            assert [b"", b"", b""] == [answer(silent) for silent in crowd[:3]]
            late.sendall(GET)

            assert b"200" in answer(late)


def test_who_does_not_listen_is_hung_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_limits, "LISTENING", 0.5)
    app = Application()
    app.large = bytes(20_000_000)
    with server(connection_limits.protocol(10), app) as entry, connected(entry, 1, GET):
        end = time.monotonic() + 30
        while not entry.server_state.connections:
            time.sleep(0.01)
        while entry.server_state.connections and time.monotonic() < end:
            time.sleep(0.05)

        assert not entry.server_state.connections


def limited(soft: int, hard: int) -> list[int]:
    """What a process with these limits finds: how many connections, and its soft limit then."""
    program = (
        "import resource; from web.http import connection_limits;"
        f"resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}));"
        "print(connection_limits.room(), resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    )
    words = [sys.executable, "-c", program]
    found = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return [int(word) for word in found.split()]


def test_there_are_fewer_connections_than_files_may_be_open() -> None:
    """The process takes all that it may; some are kept for the store."""
    assert [1024 - connection_limits.RESERVE, 1024] == limited(256, 1024)
    assert [connection_limits.LEAST, 64] == limited(64, 64)

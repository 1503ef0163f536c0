"""Placet behind a real nginx, with the very configuration that the documents give."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest

from account_story import PASSWORD, Accounts
from adapters.sqlite.store import SqliteStore
from certificates import NAME, make_certificate
from code_blocks import code_blocks
from page_tree import text
from served_store import served
from story import ORGANISATION, Story
from web_visitor import field_values
from wiring import now

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
OUTSIDE = f"https://{NAME}"
WINDOW = f"/windows/{ORGANISATION}/w"
MEGABYTE = 1024 * 1024
SURROUNDINGS = """\
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{user}events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{site}}}
"""
"""What a system puts around the configuration of a site."""

pytestmark = [
    pytest.mark.folder,
    pytest.mark.skipif(not NGINX and "CI" not in os.environ, reason="nginx is not there"),
]


@dataclass(frozen=True)
class Site:
    """A server and the proxy before it."""

    direct: str
    proxied: httpx.Client
    """Asks the proxy by https, under its name, believes its certificate only, and has logged in."""
    plain: httpx.Client
    """Asks the proxy by http."""
    store: Path
    program: dict[str, str]
    """The headers of a program that asks with a token."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def configuration(folder: Path, server: str, plain: int, encrypted: int) -> str:
    """The configuration of the documents, with the ports and files of this test."""
    (site,) = code_blocks("operations.md", "nginx")
    for documented, here in (
        ("server 127.0.0.1:8000;", f"server {server.removeprefix('http://')};"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{encrypted} ssl"),
        ("/etc/placet/", f"{folder}/"),
    ):
        assert documented in site
        site = site.replace(documented, here)
    user = "user root;\n" if os.geteuid() == 0 else ""
    return SURROUNDINGS.format(folder=folder, site=site, user=user)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A store with a procedure that runs, served as the documents say."""
    folder = tmp_path_factory.mktemp("nginx")
    certificate, _ = make_certificate(folder)
    story = Story(folder)
    story.now = now() - timedelta(hours=1)
    story.body()
    story.silence()
    accounts = Accounts(str(folder / "store"))
    accounts.at = now()
    ada = accounts.add("ada")
    token = accounts.service.tokens.make(ada, "measures", "read", timedelta(days=1))[0]
    for role in ({"role": "member", "seat": "east", "body": "b"}, {"role": "secretariat"}):
        story.do("grant role", who="administrator", principal=ada, **role)
    story.placet.close()
    plain, encrypted = free_port(), free_port()
    options = ("--external-address", OUTSIDE, "--trusted-proxy", "127.0.0.1")
    believed = ssl.create_default_context(cafile=str(certificate))
    with ExitStack() as stack:
        direct = stack.enter_context(served(folder / "store", *options))
        file = folder / "nginx.conf"
        file.write_text(configuration(folder, direct, plain, encrypted))
        assert NGINX
        proxy = subprocess.Popen([NGINX, "-c", str(file), "-e", f"{folder}/error.log"])
        stack.callback(proxy.wait, 10)
        stack.callback(proxy.terminate)
        for port in (plain, encrypted):
            while not _listens(port):
                assert proxy.poll() is None, (folder / "error.log").read_text()
                time.sleep(0.05)
        headers = {"Host": NAME}
        proxied = stack.enter_context(
            httpx.Client(
                base_url=f"https://127.0.0.1:{encrypted}",
                headers=headers,
                verify=believed,
                transport=_named(believed),
                timeout=60,
                trust_env=False,
            )
        )
        known = {"login": "ada", "password": PASSWORD}
        assert 303 == proxied.post("/log-in", data=known, headers={"Origin": OUTSIDE}).status_code
        yield Site(
            direct,
            proxied,
            stack.enter_context(
                httpx.Client(base_url=f"http://127.0.0.1:{plain}", headers=headers, trust_env=False)
            ),
            folder / "store",
            {"Authorization": f"Bearer {token}"},
        )


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class _Named(httpx.HTTPTransport):
    """Asks for a name in the handshake that no name server knows."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions.setdefault("sni_hostname", NAME)
        return super().handle_request(request)


def _named(context: ssl.SSLContext) -> httpx.HTTPTransport:
    return _Named(verify=context)


def posted(site: Site, slug: str, origin: str = OUTSIDE, **fields: str) -> httpx.Response:
    """The answer to a form of the procedure, filled in and confirmed at once."""
    path = f"{WINDOW}/act/{slug}"
    values = field_values(site.proxied.get(path, follow_redirects=True).text)
    values |= {"confirmed": "yes", "command_id": str(uuid4())} | fields
    return site.proxied.post(path, data=values, headers={"Origin": origin})


def test_pages_go_by_https_only(site: Site) -> None:
    """The proxy leads there; Placet, which is answers by http, knows that it was https."""
    led = site.plain.get(f"{WINDOW}?lang=fr")
    page = site.proxied.get(WINDOW)
    kept = site.proxied.get(WINDOW, headers={"If-None-Match": page.headers["etag"]})
    lost = site.proxied.get("/nowhere")
    style = site.proxied.get("/static/placet.css")

    assert (301, f"{OUTSIDE}{WINDOW}?lang=fr") == (led.status_code, led.headers["location"])
    assert [200, 304, 404, 200] == [answer.status_code for answer in (page, kept, lost, style)]
    for answer in (page, lost, style):
        assert "max-age=31536000" in answer.headers["strict-transport-security"]
        assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "strict-transport-security" not in httpx.get(site.direct).headers


def test_an_objection_comes_through_the_proxy(site: Site) -> None:
    done = posted(site, "respond", seat="east", kind="objection", text="No.")
    forged = posted(site, "respond", origin="https://evil.example", seat="west", kind="objection")
    with SqliteStore.open(site.store, read_only=True) as store:
        names = [event.name for event in store.history(ORGANISATION).since(0, 1000)]

    assert done.status_code in {200, 303}, text(done.text)
    assert 403 == forged.status_code
    assert 1 == sum("response_received" in name for name in names)


@pytest.mark.parametrize(
    ("size", "status", "words"),
    [
        (15 * MEGABYTE - 1000, 200, "What this will do"),
        (16 * MEGABYTE, 422, "at most 15 MB can be taken"),
        (40 * MEGABYTE, 413, "a paper is larger than 15 MB"),
    ],
)
def test_a_paper_comes_through_or_is_refused_in_words(
    site: Site, size: int, status: int, words: str
) -> None:
    """Whatever is too large, Placet says so itself, as far as the proxy lets it through."""
    path = f"{WINDOW}/act/register"
    values = field_values(site.proxied.get(path, follow_redirects=True).text) | {
        "role": "secretariat",
        "seats": ["west"],
        "kind": "objection",
        "channel": "letter",
        "received": f"{now().astimezone(ZoneInfo('Europe/Vienna')):%Y-%m-%dT%H:%M}",
        "text": "No.",
    }
    answer = site.proxied.post(
        path,
        data=values,
        files={"evidence": ("letter.pdf", b"x" * size)},
        headers={"Origin": OUTSIDE},
        follow_redirects=True,
    )

    assert status == answer.status_code, text(answer.text)
    assert words in text(answer.text)


def test_nobody_outside_writes_a_forwarded_header(site: Site) -> None:
    made_up = {
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-For": "127.0.0.1",
        "Forwarded": "for=127.0.0.1;host=evil.example;proto=http",
    }
    answer = site.proxied.get(WINDOW, headers=made_up)

    assert 200 == answer.status_code
    assert "strict-transport-security" in answer.headers


def test_measures_stay_on_this_machine(site: Site) -> None:
    """Through the proxy they are not there, whichever name and header is sent along."""
    answers = [
        site.proxied.get("/metrics"),
        site.proxied.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}),
        site.proxied.get("/metrics", headers={"Host": "localhost"}),
    ]

    assert 200 == httpx.get(f"{site.direct}/metrics", headers=site.program).status_code
    assert all(answer.status_code >= 400 for answer in answers)
    assert not any(re.search("^placet_", answer.text, re.MULTILINE) for answer in answers)


def test_only_its_own_names_are_answered(site: Site) -> None:
    """By Placet itself too, in words that the reader understands."""
    headers = {"Host": "evil.example", "Accept-Language": "fr"}
    answer = httpx.get(site.direct, headers=headers)
    page = httpx.get(site.direct, headers={"Host": NAME, **site.program})

    assert (421, 200) == (answer.status_code, page.status_code)
    assert 'lang="fr"' in answer.text
    with (
        httpx.Client(verify=False, trust_env=False) as stranger,  # noqa: S501 (to be turned away)
        pytest.raises(httpx.ConnectError, match=r"(?i)unrecognized.name"),
    ):
        stranger.get(site.proxied.base_url, extensions={"sni_hostname": "evil.example"})

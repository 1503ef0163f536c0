"""To whom `placet serve` answers, and what it refuses to be started with."""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Iterator
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import httpx
import pytest
from starlette.routing import Route

from certificates import NAME, make_certificate
from command_line import Placet
from domain.ports.errors import Unavailable
from page_tree import text
from served_store import served
from story import ORGANISATION, Story
from web.cli.serving_options import ServingOptions
from web.http.external_address import parse_external_address
from web.http.security_headers import HEADERS
from web.i18n.catalogues import NAMES
from web_visitor import Hands, pages

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks for a successor of httpx that need not be there
    from starlette.testclient import TestClient


@pytest.fixture
def store(tmp_path: Path, placet: Placet) -> Path:
    """An empty store, in which people act."""
    assert 0 == placet("store", "create", tmp_path / "store")[0]
    return tmp_path / "store"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Somebody who asks a server that has names of its own; failures are answers here."""
    story = Story(tmp_path_factory.mktemp("serving"))
    story.body()
    story.silence()
    app = pages(story.placet, Hands(story.now), host_names=("testserver",))

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("/secret/path is broken")

    yield TestClient(app, raise_server_exceptions=False, follow_redirects=False)
    story.placet.close()


# --- What it is started with ----------------------------------------------------------------------


@pytest.mark.folder
@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("options", "because"),
    [
        (("--bind", "0.0.0.0"), "Nobody shall read along"),  # noqa: S104 (to be refused)
        (("--bind", "::"), "Nobody shall read along"),
        (("--bind", "0.0.0.0", "--trusted-proxy", "10.0.0.1"), "Nobody logs in"),  # noqa: S104
        (("--bind", "localhost"), "is no address of this machine"),
        (("--trusted-proxy", "proxy.example"), "is no proxy"),
        (("--trusted-proxy", "10.0.0.1/24"), "is no proxy"),
        (("--host-name", "https://placet.example"), "is no host name"),
        (("--host-name", "Placet.example:80"), "is no host name"),
        (("--external-address", "placet.example.org"), "is no external address"),
        (("--external-address", "http://placet.example.org"), "read and answered in the clear"),
        (("--key", "key.pem"), "give --certificate"),
        (("--certificate", "nowhere.pem"), "cannot be read: No such file"),
        (("--mail-dir", gettempdir()), "Letters that reach people must say where the pages are"),
        (("--smtp", "127.0.0.1:1", "--mail-from", "a@b.org"), "give --external-address"),
    ],
)
def test_what_is_unsafe_or_unclear_is_refused_in_a_sentence(
    store: Path, placet: Placet, options: tuple[str, ...], because: str
) -> None:
    code, _, said = placet("serve", "--store", store, "--port", "0", *options)

    assert 1 == code, said
    assert because in said


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://placet.example.org", NAME),
        ("https://placet.example.org:8443/", NAME),
        ("http://127.0.0.1:8000", "127.0.0.1"),
        ("http://localhost:8000/", "localhost"),
        ("https://[2001:db8::5]", "2001:db8::5"),
    ],
)
def test_an_external_address_is_a_scheme_and_a_name(address: str, host: str) -> None:
    assert (address.rstrip("/"), host) == parse_external_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://placet.example.org/agendas",
        "https://placet.example.org?x=1",
        "https://office@placet.example.org",
        "https://placet.example.org:port",
        "https://[::1",
        "https://",
        "ftp://placet.example.org",
        "javascript:alert(1)",
    ],
)
def test_nothing_else_is_an_external_address(address: str) -> None:
    with pytest.raises(Unavailable):
        parse_external_address(address)


def test_the_names_are_those_of_this_machine_and_the_external_address() -> None:
    own = ServingOptions(external_address="https://placet.example.org:8443", host_names=["inside"])

    assert ("127.0.0.1", "localhost", "::1") == ServingOptions().names
    assert {NAME, "inside"} == {*own.names} - {*ServingOptions().names}
    assert "10.0.0.5" in ServingOptions(bind="10.0.0.5").names


@pytest.mark.parametrize(
    ("options", "others"),
    [
        (ServingOptions(), False),
        (ServingOptions(external_address="http://127.0.0.1:8000"), False),
        (ServingOptions(bind="::1", host_names=("127.0.0.2",)), False),
        (ServingOptions(trusted_proxies=("127.0.0.1",)), True),
        (ServingOptions(external_address="https://placet.example.org"), True),
        (ServingOptions(bind="10.0.0.5"), True),
    ],
)
def test_it_is_known_whether_others_are_meant_to_reach_it(
    options: ServingOptions, others: bool
) -> None:
    assert others is options.for_others


def test_other_machines_are_served_where_people_log_in() -> None:
    """At the start it is said whom the server lets in, and what that means."""
    bound = ServingOptions(bind="10.0.0.5", trusted_proxies=("10.0.0.1",))
    named = ServingOptions(external_address="https://placet.example.org")
    bound.check()
    bound.require_log_in(True)
    named.require_log_in(True)
    ServingOptions().require_log_in(False)
    with pytest.raises(Unavailable, match="Nobody logs in to this store"):
        bound.require_log_in(False)
    with pytest.raises(Unavailable, match=r"\(as placet\.example\.org\)"):
        named.require_log_in(False)
    with pytest.raises(Unavailable, match=r"\(by a trusted proxy\)"):
        ServingOptions(trusted_proxies=("127.0.0.1",)).require_log_in(False)

    assert "for others, as 10.0.0.5" == bound.readers(True)
    assert "for others, as placet.example.org" == named.readers(True)
    assert "this machine only: nobody logs in yet" == ServingOptions().readers(False)


# --- With a certificate of its own ----------------------------------------------------------------


@pytest.mark.folder
def test_it_speaks_https_with_a_certificate_of_its_own(store: Path, tmp_path: Path) -> None:
    """By TLS 1.2 and 1.3 and nothing older; the key may have a password, in a file."""
    certificate, key = make_certificate(tmp_path, (NAME, "127.0.0.1"), password="a secret")
    (tmp_path / "password").write_text("a secret\n")
    options = ("--certificate", str(certificate), "--key", str(key))
    with served(store, *options, "--key-password-file", str(tmp_path / "password")) as address:
        believed = ssl.create_default_context(cafile=str(certificate))
        page = httpx.get(address, verify=believed)
        believed.maximum_version = ssl.TLSVersion.TLSv1_2
        older = httpx.get(address, verify=believed)
        with pytest.raises(httpx.TransportError):
            httpx.get(address.replace("https", "http"))

    assert address.startswith("https://")
    assert (200, 200) == (page.status_code, older.status_code)
    assert "max-age=31536000" in page.headers["strict-transport-security"]
    assert "server" not in page.headers


@pytest.mark.folder
def test_a_key_that_does_not_fit_is_named(store: Path, placet: Placet, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    certificate, key = make_certificate(tmp_path, password="a secret")
    _, other = make_certificate(tmp_path / "other")
    begin = ("serve", "--store", store, "--port", "0", "--certificate", certificate, "--key")
    said = [placet(*begin, other), placet(*begin, key), placet(*begin, certificate)]

    assert [1, 1, 1] == [code for code, _, _ in said]
    assert "this is the private key of another certificate" in said[0][2]
    assert "with that of --key-password-file" in said[1][2]
    assert "no certificate with its private key can be read there" in said[2][2]


# --- What every answer carries --------------------------------------------------------------------


def routes(client: TestClient, method: str) -> list[str]:
    """Every address that there is, with something in the place of what varies."""
    known = {"organisation": ORGANISATION, "name": "w", "kind": "window", "slug": "respond"}
    app: Any = client.app
    found: list[Route] = []
    waiting = [*app.routes]
    while waiting:
        entry = waiting.pop(0)
        waiting += getattr(getattr(entry, "original_router", None), "routes", [])
        if isinstance(entry, Route) and method in (entry.methods or ()):
            found.append(entry)
    return [
        route.path_format.format(**{name: known.get(name, "1") for name in route.param_convertors})
        for route in found
    ]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_address_guards_its_reader(client: TestClient, method: str) -> None:
    """Each header once, whatever the answer is."""
    paths = routes(client, method)
    for path in paths:
        answer = client.request(method, path, headers={"Sec-Fetch-Site": "same-origin"})
        for name, value in HEADERS.items():
            assert [value] == answer.headers.get_list(name), (path, answer.status_code, name)

    assert len(paths) > (25 if method == "GET" else 5)


@pytest.mark.parametrize(
    ("status", "method", "path", "headers"),
    [
        (200, "GET", "/static/placet.css", {}),
        (404, "GET", "/static/nothing.css", {}),
        (200, "HEAD", "/", {}),
        (404, "GET", "/nowhere", {}),
        (404, "GET", "/nowhere.json", {}),
        (400, "GET", "/?at=yesterday", {}),
        (405, "POST", "/", {}),
        (405, "DELETE", "/", {}),
        (403, "POST", f"/windows/{ORGANISATION}/w/act/respond", {"Origin": "https://evil.example"}),
        (414, "GET", "/?x=" + "a" * 9000, {}),
        (421, "GET", "/", {"Host": "evil.example"}),
        (421, "GET", "/", {"Host": "testserver:80@evil.example"}),
        (421, "GET", "/", {"Host": "testserver:80#.evil.example"}),
        (200, "GET", "/static/placet.css", {"Host": "evil.example"}),
        (421, "GET", "/board.json", {"Host": ""}),
        (500, "GET", "/broken", {}),
    ],
)
def test_so_does_every_failure(
    client: TestClient, status: int, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = client.request(method, path, headers=headers)

    assert status == answer.status_code
    for name, value in HEADERS.items():
        assert [value] == answer.headers.get_list(name), name
    assert "secret" not in answer.text


@pytest.mark.folder
def test_nobody_is_led_to_the_log_in_without_them(
    store: Path, placet: Placet, tmp_path: Path
) -> None:
    (tmp_path / "password").write_text("a password of some length")
    add = ("user", "add", "root", "--store", store, "--password-file", tmp_path / "password")
    assert 0 == placet(*add)[0]
    with served(store) as address:
        answers = [httpx.get(address), httpx.get(f"{address}/board.json")]

    assert [303, 401] == [answer.status_code for answer in answers]
    for answer in answers:
        for name, value in HEADERS.items():
            assert [value] == answer.headers.get_list(name), name


def test_the_page_of_a_broken_server_asks_for_https_again(client: TestClient) -> None:
    """It is made outside of everything else."""
    by_https = TestClient(client.app, base_url="https://testserver", raise_server_exceptions=False)

    assert "max-age" in by_https.get("/broken").headers["strict-transport-security"]
    assert "strict-transport-security" not in client.get("/broken").headers


def test_failures_of_the_server_are_told_in_six_languages(client: TestClient) -> None:
    for path, headers in (("/broken", {}), ("/", {"Host": "evil.example"})):
        said = {
            language: text(client.get(path, headers={**headers, "Accept-Language": language}).text)
            for language in NAMES
        }

        assert 6 == len({page.partition(" – Placet")[0] for page in said.values()})
        assert all("secret" not in page and "Traceback" not in page for page in said.values())

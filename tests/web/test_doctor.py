"""`placet doctor` finds what is not fit, says what to do, and ends with 3 where that failed."""

from __future__ import annotations

import json
import os
import ssl
import stat
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from adapters.sqlite.store import SqliteStore
from certificates import make_certificate
from command_line import Placet
from corrupt_events import without_triggers
from openid_issuer import OpenIdIssuer, served_issuer
from served_store import served
from smtp_server import mail_server

pytestmark = pytest.mark.folder


@pytest.fixture
def store(tmp_path: Path, placet: Placet) -> Path:
    """An empty store that only its owner can look into."""
    folder = tmp_path / "store"
    assert 0 == placet("store", "create", folder)[0]
    folder.chmod(0o700)
    return folder


@pytest.fixture
def examine(placet: Placet, store: Path) -> Any:
    """Run the doctor: its exit code, and by check the worst that was found and what to do."""

    def run(*options: str | Path) -> tuple[int, dict[str, tuple[str, str, str]]]:
        code, said, _ = placet("doctor", "--store", store, "--json", *options)
        order = ["ok", "warning", "failed"]
        found = sorted(json.loads(said), key=lambda entry: order.index(entry["state"]))
        return code, {
            entry["check"]: (entry["state"], entry["finding"], entry["next_step"])
            for entry in found
        }

    return run


def states(found: Mapping[str, tuple[str, str, str]]) -> dict[str, str]:
    return {check: state for check, (state, _, _) in found.items()}


@contextmanager
def answering(status: int, folder: Path) -> Iterator[int]:
    """A server that gives one answer by https, as a proxy may; its port."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join(10)


def test_a_new_folder_is_for_its_owner_alone(placet: Placet, tmp_path: Path) -> None:
    """Whatever the mask of the shell says that others may do."""
    before = os.umask(0)
    try:
        placet("store", "create", tmp_path / "new")
    finally:
        os.umask(before)

    assert 0o700 == stat.S_IMODE((tmp_path / "new").stat().st_mode)


def test_a_new_store_lacks_what_others_need(examine: Any, placet: Placet, store: Path) -> None:
    """Nothing of that is a failure, and each has its next step."""
    code, before = examine()
    placet("key", "create", "--store", store)
    _, after = examine()
    said = placet("doctor", "--store", store)[1]

    assert 0 == code
    assert {"key", "external address", "mail"} <= {
        check for check, state in states(before).items() if state == "warning"
    }
    assert "ok" == states(after)["key"]
    assert ["ok", "ok", "ok", "ok"] == [
        states(before)[check] for check in ("log", "record", "permissions", "configuration")
    ]
    assert all(bool(step) is (state != "ok") for state, _, step in before.values())
    assert "To do:" in said
    assert "mail (warning): Give --smtp and --mail-from, or --mail-dir." in said


def test_files_that_others_read_or_write_are_named(
    examine: Any, placet: Placet, store: Path
) -> None:
    placet("key", "create", "--store", store)
    store.chmod(0o755)
    (store / "directory.yaml").write_text("")
    (store / "directory.yaml").chmod(0o644)
    read, found = examine()
    (store / "directory.yaml").chmod(0o600)
    store.chmod(0o775)
    written, worse = examine()
    store.chmod(0o700)
    next((store / "keys").glob("*.pem")).chmod(0o640)
    _, key = examine()

    assert (3, 3) == (read, written)
    assert "Others may read store/directory.yaml" in found["permissions"][1]
    assert "chmod 700" in found["permissions"][2]
    assert "Others may write store" in worse["permissions"][1]
    assert "chmod -R go-w" in worse["permissions"][2]
    assert "give it the mode 600" in key["key"][1]
    assert ".pem" in key["permissions"][1]


def test_a_store_that_is_not_there_or_damaged_is_said(
    examine: Any, placet: Placet, store: Path, tmp_path: Path
) -> None:
    """All other checks are done nevertheless."""
    step = tmp_path / "step.yaml"
    step.write_text("live: establish body\nbody: b\nnames: {en: Body}\nzone: UTC\n")
    placet("agenda", "do", step, "--store", store, "-o", "org")
    _, sound = examine()
    with SqliteStore.open(store) as opened:
        without_triggers(opened, "UPDATE event SET hash = {} WHERE position = 1", b"0" * 32)
    code, damaged = examine()
    (store / "log.db").unlink()
    _, missing = examine()

    assert "The newest 1 events fit their hashes" in sound["log"][1]
    assert (3, "failed") == (code, damaged["log"][0])
    assert "restore the newest sound backup" in damaged["log"][2]
    assert "failed" == missing["store"][0]
    assert {"time zones", "configuration", "external address", "mail"} <= set(missing)


def test_others_are_not_served_without_a_log_in(examine: Any) -> None:
    code, found = examine("--external-address", "https://localhost:1", "--bind", "10.0.0.5")
    proxied = examine("--trusted-proxy", "127.0.0.1")[1]

    assert 3 == code
    assert "Nobody shall read along" in found["configuration"][1]
    assert "nobody logs in" in proxied["configuration"][1]


def test_people_log_in_by_an_issuer_that_answers(
    examine: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server with an issuer asks everybody to log in; one that cannot be reached is named."""
    file = tmp_path / "issuers.yaml"
    proxied = ("--trusted-proxy", "127.0.0.1", "--issuers", file)
    with served_issuer(OpenIdIssuer()) as issuer:
        text = f"- name: staff\n  label: Staff\n  issuer: {issuer.address}\n  client_id: placet\n"
        file.write_text(text)
        found = examine(*proxied)[1]
    unreachable = examine(*proxied)[1]
    file.write_text("- name: staff\n")
    wrong = examine(*proxied)[1]

    assert "ok" == found["configuration"][0]
    assert f"People may log in by Staff: {issuer.address}." == found["log-in"][1]
    assert ("warning", True) == (
        unreachable["log-in"][0],
        "Nobody can log in by Staff" in unreachable["log-in"][1],
    )
    assert ("failed", True) == (wrong["log-in"][0], str(file) in wrong["log-in"][1])


@pytest.mark.parametrize(
    ("names", "days", "finding"),
    [
        (("localhost",), 90, ("ok", "It is valid for 89 days.")),
        (("*.localhost", "localhost"), 20, ("warning", "It expires in 19 days.")),
        (("localhost",), -1, ("failed", "It expired on")),
        (("elsewhere.example",), 90, ("failed", "It is for elsewhere.example, and not for")),
    ],
)
def test_a_certificate_is_valid_and_for_its_name(
    examine: Any, tmp_path: Path, names: tuple[str, ...], days: float, finding: tuple[str, str]
) -> None:
    certificate, key = make_certificate(tmp_path, names, days=days)
    _, found = examine(
        "--certificate", certificate, "--key", key, "--external-address", "https://localhost:1"
    )

    assert finding[0] == found["certificate"][0]
    assert finding[1] in found["certificate"][1]
    assert ("warning", True) == (
        found["external address"][0],
        "cannot be reached" in found["external address"][1],
    )


def test_a_server_is_found_at_its_external_address(
    examine: Any, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a certificate that is believed here; without that, nobody's browser would."""
    certificate, key = make_certificate(tmp_path, ("localhost", "127.0.0.1"))
    own = ("--certificate", str(certificate), "--key", str(key))
    with served(store, *own) as address:
        stranger = examine("--external-address", address)[1]
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        _, found = examine("--external-address", address)

    assert "Browsers do not believe the certificate" in stranger["external address"][1]
    assert ("ok", f"Placet answers at {address}.", "") == found["external address"]
    assert "ok" == found["certificate of 127.0.0.1"][0]


@pytest.mark.parametrize(
    ("status", "step"),
    [
        (421, "Let the proxy hand on the name"),
        (502, "Look whether `placet serve` runs"),
        (200, "Name the proxy by --trusted-proxy"),
    ],
)
def test_a_proxy_that_is_set_up_wrongly_is_found(
    examine: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, step: str
) -> None:
    certificate, _ = make_certificate(tmp_path, ("localhost",))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with answering(status, tmp_path) as port:
        code, found = examine("--external-address", f"https://localhost:{port}")

    assert (3, "failed") == (code, found["external address"][0])
    assert step in found["external address"][2]


def test_the_mail_server_is_tried_and_gets_no_letter(examine: Any, tmp_path: Path) -> None:
    pages = ("--external-address", "https://localhost:1")
    with mail_server() as server:
        mail = ("--smtp", f"127.0.0.1:{server.port}", "--mail-from", "placet@example.org")
        _, plain = examine(*mail, "--smtp-tls", "none", *pages)
        _, encrypted = examine(*mail, *pages)
        _, nowhere = examine(*mail, "--smtp-tls", "none")
    _, missing = examine(*mail, "--smtp-tls", "none", *pages)

    assert "ok" == plain["mail"][0]
    assert [] == server.letters
    assert "It does not take any now: STARTTLS extension not supported" in encrypted["mail"][1]
    assert "Give --external-address." == nowhere["mail"][2]
    assert "failed" == missing["mail"][0]

"""Issuers that people may log in with, as a file and the environment name them."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.identity.issuer_settings import IssuerSettings, read_settings
from adapters.identity.urls import is_loopback, is_secure
from domain.ports.errors import CaseError, Unavailable

ENVIRONMENT = {
    "PLACET_OIDC_ISSUER": "https://login.example.org/",
    "PLACET_OIDC_CLIENT_ID": "placet",
}
TWO = """\
- name: staff
  label: Staff of the Secretariat
  issuer: https://login.example.org/realms/staff
  client_id: placet
  secret_variable: STAFF_SECRET
- name: missions
  issuer: https://id.example.net
  client_id: placet-missions
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "issuers.yaml"
    file.write_text(text)
    return file


def test_several_issuers_stand_in_a_file_and_one_in_the_environment(tmp_path: Path) -> None:
    file = written(tmp_path, TWO)
    found = read_settings(file, {**ENVIRONMENT, "STAFF_SECRET": "s"})
    expected = (
        IssuerSettings(
            name="staff",
            label="Staff of the Secretariat",
            issuer="https://login.example.org/realms/staff",
            client_id="placet",
            secret="s",
        ),
        IssuerSettings(
            name="missions",
            label="missions",
            issuer="https://id.example.net",
            client_id="placet-missions",
        ),
        IssuerSettings(
            name="oidc", label="oidc", issuer="https://login.example.org/", client_id="placet"
        ),
    )
    assert expected == found


def test_without_a_file_and_without_settings_there_is_none() -> None:
    assert () == read_settings(None, {"PATH": "/bin"})


def test_a_secret_is_read_from_a_file_and_never_shown(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("of a file\n")
    named = {"PLACET_OIDC_CLIENT_SECRET_FILE": str(tmp_path / "secret")}
    (found,) = read_settings(None, ENVIRONMENT | named)
    assert "of a file" == found.secret
    assert "of a file" not in repr(found)
    text = TWO.replace("secret_variable: STAFF_SECRET", f"secret_file: {tmp_path / 'secret'}")
    assert "of a file" == read_settings(written(tmp_path, text), {})[0].secret


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("issuer: https://id.example.net", "issuer: http://id.example.net", 7, "by https"),
        ("issuer: https://id.example.net", "issuer: https://a:b@id.example.net", 7, "by https"),
        ("issuer: https://id.example.net", "issuer: https://id.example.net?x", 7, "by https"),
        ("  issuer: https://id.example.net\n", "", 6, "issuer is missing"),
        ("client_id: placet-missions", "client: placet", 8, "did you mean 'client_id'"),
        ("name: missions", "name: Missions Abroad", 6, "is no name"),
        ("client_id: placet-missions", "client_id: [placet]", 8, "a text is expected"),
        ("label: Staff of", "label: " + "x" * 200, 2, "200 characters"),
        ("STAFF_SECRET", "MISSING", 5, "MISSING is not set"),
        ("secret_variable: STAFF_SECRET", "secret_file: /nowhere/at/all", 5, "cannot be read"),
        (
            "secret_variable: STAFF_SECRET",
            "secret_variable: STAFF_SECRET\n  secret_file: /nowhere",
            1,
            "either secret_file or secret_variable",
        ),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_by_its_line(
    tmp_path: Path, old: str, new: str, line: int, said: str
) -> None:
    assert old in TWO
    file = written(tmp_path, TWO.replace(old, new))
    with pytest.raises(CaseError) as refused:
        read_settings(file, {"STAFF_SECRET": "s"})
    assert str(refused.value).startswith(f"{file}:{line}:")
    assert said in str(refused.value)


@pytest.mark.parametrize("text", ["name: staff\n", "- staff\n", "- []\n"])
def test_a_file_that_is_no_list_of_issuers_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(CaseError, match="expected here"):
        read_settings(written(tmp_path, text), {})


def test_two_issuers_of_one_name_are_refused(tmp_path: Path) -> None:
    file = written(tmp_path, TWO.replace("name: missions", "name: staff"))
    with pytest.raises(Unavailable, match="Two issuers"):
        read_settings(file, {"STAFF_SECRET": "s"})


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"PLACET_OIDC_ISSUER": ""}, "PLACET_OIDC_ISSUER is missing"),
        ({"PLACET_OIDC_CLIENT_ID": ""}, "PLACET_OIDC_CLIENT_ID is missing"),
        ({"PLACET_OIDC_ISSUER": "http://login.example.org"}, "PLACET_OIDC_ISSUER: .*https"),
        ({"PLACET_OIDC_NAME": "../x"}, "PLACET_OIDC_NAME"),
        (
            {"PLACET_OIDC_CLIENT_SECRET": "a", "PLACET_OIDC_CLIENT_SECRET_FILE": "/b"},
            "Set either",
        ),
        ({"PLACET_OIDC_CLIENT_SECRET_FILE": "/dev/null"}, "device"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused_by_name(
    settings: dict[str, str], said: str
) -> None:
    with pytest.raises(Unavailable, match=said):
        read_settings(None, ENVIRONMENT | settings)


@pytest.mark.parametrize("content", [b"", b"\n", b"two\nlines", b"\xff"])
def test_a_file_without_a_secret_in_one_line_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret").write_bytes(content)
    named = {"PLACET_OIDC_CLIENT_SECRET_FILE": str(tmp_path / "secret")}
    with pytest.raises(Unavailable):
        read_settings(None, ENVIRONMENT | named)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8080/x", "http://localhost", "http://[::1]:1", "http://127.9.9.9"]
)
def test_plain_http_stays_on_this_machine(address: str) -> None:
    assert is_loopback(address)
    assert is_secure(address)
    assert not is_secure(address, loopback=False)


@pytest.mark.parametrize(
    "address",
    [
        "http://login.example.org",
        "http://localhost.example.org",
        "http://127.0.0.1.example.org",
        "http://localhost@login.example.org",
        "https://a@login.example.org",
        "https://login.example.org:x",
        "https://[::1",
        "https:///x",
        "https://login.example.org/\n",
        "https://login.example.org/#x",
        "https://login.example.org\\@x",
        "https://login.example.org/ x",
        "https://lögin.example.org",
        "ftp://login.example.org",
        "javascript:alert(1)",
        "https://login.example.org/" + "x" * 2000,
        "",
    ],
)
def test_other_addresses_are_not_talked_to(address: str) -> None:
    assert not is_secure(address)

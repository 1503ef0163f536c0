"""`placet user`: accounts at the command line; and who becomes whom in the demonstration."""

import json
import os
import re
import signal
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

import wiring
from account_story import PASSWORD
from command_line import Placet
from domain.access.events import RoleGranted
from served_store import PLACET, address_of, served
from server_process import until
from smtp_server import encode_texts, mail_server

SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def store(tmp_path: Path, placet: Placet) -> Path:
    """An empty store."""
    assert 0 == placet("store", "init", tmp_path / "store")[0]
    (tmp_path / "password").write_text(PASSWORD + "\n")
    return tmp_path / "store"


def users(placet: Placet, store: Path) -> dict[str, Any]:
    """What `placet user list` says, by login name."""
    _, out, _ = placet("user", "list", "--store", store, "--json")
    return {row["login"]: row for row in json.loads(out)}


def test_the_first_account_is_an_administrator_on_record(store: Path, placet: Placet) -> None:
    password = ("--password-file", store.parent / "password")
    first = ("--organisation", "fictional", "--administrator")
    code, _, err = placet("user", "add", "root", "--store", store, *password, *first)
    assert (0, True) == (code, "From now on everybody has to log in" in err)
    principal = users(placet, store)["root"]["principal"]
    with wiring.open_application(store) as application:
        (granted,) = application.queries.record.history("fictional").since(0, 10)
        assert isinstance(granted.fact, RoleGranted)
        assert (principal, "administrator", "command line") == (
            granted.fact.principal,
            granted.fact.role,
            granted.actor.authenticated_by,
        )
        assert application.accounts.in_force
    code, _, err = placet("user", "add", "ROOT", "--store", store, *password)
    assert (1, True) == (code, "login-name" in err)
    code, _, err = placet("user", "add", "bo", "--store", store, *password)
    assert (0, False) == (code, "From now on" in err)


def test_no_password_is_an_argument_and_nobody_waits_for_one(store: Path, placet: Placet) -> None:
    code, _, err = placet("user", "add", "ana", "--store", store)
    assert (2, True) == (code, "--password-file" in err)
    (store.parent / "short").write_text("short")
    code, _, err = placet(
        "user", "add", "ana", "--store", store, "--password-file", store.parent / "short"
    )
    assert (1, True) == (code, "password-length" in err)
    assert {} == users(placet, store)


def test_accounts_are_disabled_enabled_and_erased(store: Path, placet: Placet) -> None:
    password = ("--password-file", store.parent / "password")
    for login in ("ana", "bo"):
        assert 0 == placet("user", "add", login, "--store", store, *password)[0]
    assert 0 == placet("user", "disable", "ana", "--store", store)[0]
    assert "disabled" == users(placet, store)["ana"]["state"]
    code, _, err = placet("user", "disable", "bo", "--store", store)
    assert (1, True) == (code, "last-account" in err)
    assert 0 == placet("user", "enable", "ana", "--store", store)[0]
    assert "in use" == users(placet, store)["ana"]["state"]
    assert 1 == placet("user", "erase", "ana", "--store", store)[0], "nobody said yes"
    assert {"ana", "bo"} == {*users(placet, store)}
    assert 0 == placet("user", "erase", "ana", "--store", store, "--yes")[0]
    assert {"bo"} == {*users(placet, store)}
    code, _, err = placet("user", "erase", "ana", "--store", store, "--yes")
    assert (1, True) == (code, "account-known" in err)


def test_an_invitation_is_printed_with_the_role_that_it_brings(store: Path, placet: Placet) -> None:
    where = ("--store", store, "-o", "fictional")
    code, out, _ = placet("user", "invite", *where, "--address", "https://placet.example/")
    assert (0, 1) == (code, out.startswith("https://placet.example/invitation/"))
    assert 0 == placet("user", "invite", *where, "--role", "secretariat", "--name", "Bo")[0]
    assert 1 == placet("user", "invite", *where, "--role", "member", "--name", "Cy")[0]
    with wiring.open_application(store) as application:
        pending = application.accounts.invitations.pending()
        assert ["Bo", ""] == [invitation.display_name for invitation in pending]
        (granted,) = application.queries.record.history("fictional").since(0, 10)
        assert isinstance(granted.fact, RoleGranted)
        assert granted.fact.principal == pending[0].principal


def test_links_of_the_command_line_go_by_the_same_mail(store: Path, placet: Placet) -> None:
    """They wait until something sends letters; what became of each is listed, and tried again."""
    password = ("--password-file", store.parent / "password")
    where = ("--store", store)
    placet("user", "add", "ana", *where, *password, "--email", "ana@example.org")
    invited = ("--name", "Bo", "--email", "bo@example.org", "--language", "fr")
    code, out, err = placet("user", "invite", *where, *invited, "--mail")
    assert (0, "", True) == (code, out, "A letter with the link to bo@example.org waits." in err)
    code, out, _ = placet("user", "password-link", "ana", *where, "--mail")
    assert (0, "") == (code, out)
    assert 1 == placet("user", "invite", *where, "--mail", "--name", "Nobody")[0]
    assert 2 == placet("user", "invite", *where, *invited[:4], "--mail", "--language", "xx")[0]

    def states() -> list[tuple[str, str]]:
        return [(row["to"], row["state"]) for row in listed(placet, store)]

    assert [("ana@example.org", "waiting"), ("bo@example.org", "waiting")] == states()

    with mail_server() as server:
        server.of_recipients["ana@example.org"] = "550 5.1.1 no such user"
        smtp = ("--smtp", f"127.0.0.1:{server.port}", "--smtp-tls", "none")
        address = ("--mail-from", "p@example.org", "--external-address", "https://placet.example")
        sent = placet("post", "send", *where, *smtp, *address, "--json")
        assert ["accepted", "refused"] == [row["state"] for row in json.loads(sent[1])]
        assert [("ana@example.org", "refused"), ("bo@example.org", "accepted")] == states()
        assert "550 5.1.1 no such user" in listed(placet, store)[0]["answer"]
        (letter,) = server.letters
        assert "fr" == letter["Content-Language"]
        (link,) = re.findall(r"https://placet\.example(/invitation/\S+)", encode_texts(letter))
        with wiring.open_application(store) as application:
            accounts = application.accounts
            accounts.invitations.accept(link.rpartition("/")[2], "bo", PASSWORD)
        del server.of_recipients["ana@example.org"]
        key = listed(placet, store)[0]["letter"]
        assert 1 == placet("user", "links", *where, "--again", "zz")[0]
        assert 0 == placet("user", "links", *where, "--again", key)[0]
        with served(store, *map(str, (*smtp, *address))) as page:
            assert page
            until(lambda: len(server.letters) == 2)
    assert [("ana@example.org", "accepted"), ("bo@example.org", "accepted")] == states()
    code, out, _ = placet("user", "password-link", "ana", *where, "--address", "https://p.example")
    assert (0, True) == (code, out.startswith("https://p.example/new-password/"))


def listed(placet: Placet, store: Path) -> list[dict[str, Any]]:
    """What `placet user links` says."""
    rows: list[dict[str, Any]] = json.loads(placet("user", "links", "--store", store, "--json")[1])
    return rows


def test_tokens_and_sessions_are_listed_and_ended(store: Path, placet: Placet) -> None:
    password = ("--password-file", store.parent / "password")
    placet("user", "add", "ana", "--store", store, *password)
    code, out, _ = placet("user", "tokens", "ana", "--store", store, "--make", "feed")
    assert (0, True) == (code, out.startswith("placet_"))
    _, listed, _ = placet("user", "tokens", "ana", "--store", store, "--json")
    ((token,)) = json.loads(listed)
    assert ("feed", "read", "never") == (token["for"], token["scope"], token["last used"])
    assert 1 == placet("user", "tokens", "ana", "--store", store, "--revoke", "zz")[0]
    assert 0 == placet("user", "tokens", "ana", "--store", store, "--revoke", token["token"])[0]
    with wiring.open_application(store) as application:
        accounts = application.accounts
        assert accounts.tokens.find(out.strip()) is None
        from workflows.accounts.sessions import Client

        principal = accounts.directory.named("ana").principal
        begun = accounts.sessions.begin(principal, "password", Client(user_agent="Firefox"))
    _, listed, _ = placet("user", "sessions", "ana", "--store", store, "--json")
    assert "Firefox" == json.loads(listed)[0]["browser"]
    assert "Sessions ended: 1." in placet("user", "sessions", "ana", "--store", store, "--end")[2]
    with wiring.open_application(store) as application:
        assert application.accounts.sessions.find(begun.secret) is None


def test_a_new_password_ends_sessions_and_removes_the_second_factor(
    store: Path, placet: Placet
) -> None:
    password = ("--password-file", store.parent / "password")
    placet("user", "add", "ana", "--store", store, *password)
    assert 0 == placet("user", "password", "ana", "--store", store, *password)[0]
    code, _, _ = placet("user", "password", "ana", "--store", store, *password, "--without-code")
    assert 0 == code
    assert "no" == users(placet, store)["ana"]["second factor"]


def test_an_act_at_the_command_line_is_done_as_the_person_of_a_token(
    store: Path, placet: Placet, monkeypatch: pytest.MonkeyPatch
) -> None:
    password = ("--password-file", store.parent / "password")
    first = ("--organisation", "fictional", "--administrator")
    placet("user", "add", "root", "--store", store, *password, *first)
    placet("user", "add", "bo", "--store", store, *password)
    principal = users(placet, store)["root"]["principal"]
    name = ("organisation", "settings", "--store", store, "--yes", "--zone")

    def acts(token: str, zone: str) -> tuple[int, str]:
        monkeypatch.setenv("PLACET_TOKEN", token)
        code, _, err = placet(*name, zone)
        monkeypatch.delenv("PLACET_TOKEN")
        return code, err

    def token(login: str, *more: str) -> str:
        return placet("user", "tokens", login, "--store", store, "--make", "x", *more)[1].strip()

    wrong = (
        (token("bo", "--act"), "role-granted"),
        (token("root"), "token-scope"),
        ("placet_x", "not known"),
    )
    for given, because in wrong:
        code, err = acts(given, "Europe/Vienna")
        assert (1, True) == (code, because in err), err
    code, err = acts(token("root", "--act"), "Europe/Vienna")
    assert 0 == code, err
    assert 0 == placet(*name, "Africa/Nairobi")[0]
    with wiring.open_application(store) as application:
        named, unnamed = application.queries.record.history("fictional").since(0, 10)[-2:]
        assert (principal, "token") == (named.actor.principal, named.actor.authenticated_by)
        assert ("", "command line") == (unnamed.actor.principal, unnamed.actor.authenticated_by)


def test_what_lies_in_files_is_done_as_the_person_of_a_token_too(
    store: Path, placet: Placet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Steps and letters of the command line are refused and named as the acts of forms are."""
    password = ("--password-file", store.parent / "password")
    placet("user", "add", "bo", "--store", store, *password)
    file = store.parent / "step.yaml"
    file.write_text("live: establish body\nbody: c\nnames: {en: Body}\nzone: UTC\n")
    listed = store.parent / "told.yaml"
    listed.write_text("attested: fill seat\nbody: c\nseat: s\nholder: S\nsource: a list\n")
    token = placet("user", "tokens", "bo", "--store", store, "--make", "x", "--act")[1].strip()
    monkeypatch.setenv("PLACET_TOKEN", token)

    code, _, err = placet("agenda", "do", file, "--store", store, "-o", "fictional")
    assert (1, True) == (code, "role-granted" in err), err
    seat = ("--window", "w", "--seat", "s", "--reason", "r")
    code, _, err = placet("post", "waive", *seat, "--store", store, "-o", "fictional")
    assert (1, True) == (code, "role-granted" in err), err
    monkeypatch.delenv("PLACET_TOKEN")
    assert 0 == placet("agenda", "do", file, "--store", store, "-o", "fictional")[0]
    assert 0 == placet("agenda", "do", listed, "--store", store, "-o", "fictional")[0]
    with wiring.open_application(store) as application:
        live, attested = application.queries.record.history("fictional").since(0, 10)[-2:]
        assert ("command line", "none") == (
            live.actor.authenticated_by,
            attested.actor.authenticated_by,
        )


# --- Served ---------------------------------------------------------------------------------------


def asks(address: str, data: dict[str, str] | None = None, **headers: str) -> httpx.Response:
    """The answer of a server, without being led on."""
    method = "POST" if data else "GET"
    return httpx.request(method, address, data=data, headers={**SAME, **headers}, timeout=20)


def test_a_server_asks_for_log_in_and_never_lets_anybody_become_somebody(
    store: Path, placet: Placet
) -> None:
    password = ("--password-file", store.parent / "password")
    with served(store) as address:
        assert 200 == asks(address + "/").status_code
        placet("user", "add", "ana", "--store", store, *password)
        until(lambda: asks(address + "/").status_code != 200)
        answer = asks(address + "/")
        assert (303, "/log-in") == (answer.status_code, answer.headers["location"])
        assert 401 == asks(address + "/metrics", Accept="application/json").status_code
        principal = users(placet, store)["ana"]["principal"]
        become = asks(address + "/demonstration/become", {"principal": principal})
        assert (401, None) == (become.status_code, become.headers.get("set-cookie"))
        begun = asks(address + "/log-in", {"login": "ana", "password": PASSWORD})
        cookie = f"placet={begun.cookies['placet']}"
        assert 403 == asks(address + "/", Cookie=cookie).status_code, "no role was granted"
        assert 200 == asks(address + "/account", Cookie=cookie).status_code
        become = asks(address + "/demonstration/become", {"principal": principal}, Cookie=cookie)
        assert 404 == become.status_code
        placet("user", "sessions", "ana", "--store", store, "--end")
        until(lambda: asks(address + "/", Cookie=cookie).status_code == 303)


def test_people_of_the_demonstration_belong_in_a_throw_away_store(
    store: Path, placet: Placet
) -> None:
    from web.accounts.demo_person import DemoPerson
    from web.app import create_app
    from web.http.context import AboutProgram

    with wiring.open_application(store) as application, pytest.raises(ValueError, match="throw"):
        create_app(
            application.queries,
            wiring.now,
            lambda: None,
            AboutProgram(version="0", store="store"),
            application.codec,
            receipts=application.receipts,
            placet=application,
            clock=application.clock,
            demo_people=[DemoPerson("p-1", "member")],
        )


def test_the_issuer_of_the_demonstration_belongs_to_a_throw_away_store(
    store: Path,
) -> None:
    """No other command starts it, and it refuses a store of the record."""
    from web.cli import demo

    with (
        wiring.open_application(store) as application,
        pytest.raises(ValueError, match="throw"),
        demo._issuer(application, []),
    ):
        pass


@pytest.mark.parametrize(("number", "served"), [(signal.SIGTERM, True), (signal.SIGHUP, False)])
def test_a_demonstration_that_a_signal_ends_leaves_nothing(
    number: signal.Signals, served: bool, tmp_path: Path
) -> None:
    """Neither while it is served, nor while it is still being made."""
    with subprocess.Popen(
        [*PLACET, "demo", "--port", "0"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    ) as process:
        try:
            if served:
                assert 200 == asks(address_of(process) + "/log-in").status_code
            until(lambda: list(tmp_path.glob("placet-*/store/log.db")))
            process.send_signal(number)
            process.communicate(timeout=30)
        finally:
            process.kill()
    assert 128 + number == process.returncode
    assert [] == list(tmp_path.iterdir())


def test_in_the_demonstration_one_press_or_its_issuer_makes_somebody_a_member() -> None:
    words = [*PLACET, "demo", "--port", "0"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as (
        process
    ):
        try:
            address = address_of(process)
            page = asks(address + "/log-in?next=/board.json").text
            assert "Nobody proves anything here." in page
            assert "<bdi>Bureau of the Assembly</bdi> · <bdi>Isle of Wick</bdi>" in page, (
                "places are called by their names"
            )
            assert "lights-bureau" not in page
            forms = re.findall(
                r'name="principal" value="([^"]+)".*?<button[^>]*>([^<]+)', page, re.DOTALL
            )
            roles = {role for _, role in forms}
            assert {"Secretariat", "Member", "Administrator", "Dashboard"} <= roles
            member = next(principal for principal, role in forms if role == "Member")
            begun = asks(address + "/demonstration/become", {"principal": member, "next": "/"})
            cookie = f"placet={begun.cookies['placet']}"
            assert 200 == asks(address + "/", Cookie=cookie).status_code
            other = next(principal for principal, role in forms if role == "Auditor")
            again = {"principal": other, "next": "/"}
            changed = asks(address + "/demonstration/become", again, Cookie=cookie)
            assert (303, True) == (changed.status_code, "placet" in changed.cookies)
            assert 404 == asks(address + "/demonstration/become", {"principal": "p"}).status_code
            with httpx.Client(base_url=address, follow_redirects=True, timeout=20) as browser:
                choice = browser.get("/log-in/with/demo?next=/account")
                assert "Nobody proves anything here" in choice.text
                assert choice.url.port != httpx.URL(address).port
                account = browser.post(choice.url, data={"subject": member})
                assert (200, "/account") == (account.status_code, account.url.path)
                assert member in account.text
                returned = str(account.history[-1].url)
                assert 403 == browser.get(returned).status_code, "an answer counts once"
                tampered = str(choice.url).replace("state=", "state=x")
                assert 403 == browser.get(tampered).status_code
        finally:
            process.terminate()
            process.wait(timeout=20)


def test_identities_at_issuers_are_added_listed_and_removed(store: Path, placet: Placet) -> None:
    password = ("--password-file", store.parent / "password")
    placet("user", "add", "ana", "--store", store, *password)
    of_ana = ("user", "identities", "ana", "--store", store)
    issuer = ("--issuer", "https://login.example.org")
    code, _, err = placet(*of_ana, *issuer, "--add", "ana-17")
    assert (0, True) == (code, "can log in as ana-17" in err)
    ((row,)) = json.loads(placet(*of_ana, "--json")[1])
    assert ("https://login.example.org", "ana-17") == (row["issuer"], row["subject"])
    assert 1 == placet(*of_ana, *issuer, "--add", "ana-17")[0]
    assert 1 == placet(*of_ana, "--add", "ana-18")[0]
    assert 1 == placet(*of_ana, *issuer, "--remove", "ana-18")[0]
    assert 0 == placet(*of_ana, *issuer, "--remove", "ana-17")[0]
    assert "[]" == placet(*of_ana, "--json")[1].strip()


def test_a_server_with_an_issuer_asks_everybody_to_log_in(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLACET_OIDC_ISSUER", "https://login.example.org")
    monkeypatch.setenv("PLACET_OIDC_CLIENT_ID", "placet")
    monkeypatch.setenv("PLACET_OIDC_LABEL", "Staff")
    with served(store) as address:
        page = httpx.get(address, follow_redirects=True)
    assert ("/log-in", True) == (page.url.path, "Log in with Staff" in page.text)


def test_a_server_does_not_start_with_issuers_that_cannot_be_meant(
    store: Path, placet: Placet
) -> None:
    file = store.parent / "issuers.yaml"
    file.write_text("- name: staff\n  issuer: http://login.example.org\n  client_id: placet\n")
    code, _, err = placet("serve", "--store", store, "--issuers", file)
    assert (1, True) == (code, f"{file}:2: 1.issuer" in err)

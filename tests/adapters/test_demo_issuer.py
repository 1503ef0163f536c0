"""The issuer of the demonstration: what it proves nothing of, it does by the book all the same."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from adapters.identity.demo_issuer import (
    CLIENT,
    CODE_SECONDS,
    ROTATION_SECONDS,
    DemoIssuer,
    served_on_loopback,
)
from adapters.identity.issuer_settings import IssuerSettings
from adapters.identity.openid_client import OpenIdProvider
from domain.ports.identity_providers import LogInFailed, LogInProblem, PendingLogIn

RETURN = "http://127.0.0.1:4711/log-in/with/demo/return"


class Hour:
    """A clock that people set forward, in seconds."""

    ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead

    def utc(self) -> datetime:
        return datetime.fromtimestamp(self(), UTC)


@pytest.fixture
def hour() -> Hour:
    return Hour()


@pytest.fixture
def issuer(hour: Hour) -> Iterator[DemoIssuer]:
    made = DemoIssuer(
        people={"p-1": "Member", "p-2": "Auditor"},
        redirect_uris={"http://127.0.0.1/log-in/with/demo/return"},
        after_log_out={"http://127.0.0.1/log-in"},
        clock=hour,
    )
    with served_on_loopback(made):
        yield made


@pytest.fixture
def provider(issuer: DemoIssuer, hour: Hour) -> OpenIdProvider:
    settings = IssuerSettings(
        name="demo", label="", issuer=issuer.address, client_id=CLIENT, secret=issuer.secret
    )
    return OpenIdProvider(settings, hour.utc, hour)


def begun(provider: OpenIdProvider) -> tuple[str, PendingLogIn]:
    return asyncio.run(provider.begin(RETURN))


def answered(address: str, subject: str = "p-1") -> dict[str, str]:
    """What the browser of somebody brings back who has chosen a person."""
    answer = httpx.post(address, data={"subject": subject})
    assert 303 == answer.status_code, answer.text
    assert answer.headers["location"].startswith(f"{RETURN}?")
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def identified(provider: OpenIdProvider, subject: str = "p-1") -> str:
    """As whom somebody comes back."""
    address, pending = begun(provider)
    return asyncio.run(provider.identify(pending, answered(address, subject))).subject


def test_a_visitor_is_whoever_they_choose(provider: OpenIdProvider) -> None:
    address, _ = begun(provider)
    page = httpx.get(address)

    assert ["p-2", "p-1"] == [identified(provider, name) for name in ("p-2", "p-1")]
    assert ("Member" in page.text, "no-store") == (True, page.headers["cache-control"])
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert {"error", "state", "iss"} == answered(address, "p-3").keys()


def test_a_code_counts_once_and_for_a_minute(
    issuer: DemoIssuer, provider: OpenIdProvider, hour: Hour
) -> None:
    """Somebody who gets hold of it later, or knows only it, gets nothing."""
    address, pending = begun(provider)
    answer = answered(address)
    shown = {"code": answer["code"], "redirect_uri": RETURN, "client_id": CLIENT}
    stranger = httpx.post(f"{issuer.address}/token", data=shown)
    asyncio.run(provider.identify(pending, answer))
    late = answered(address)

    assert 401 == stranger.status_code
    for old, seconds in ((answer, 0), (late, CODE_SECONDS + 1)):
        hour.ahead = seconds
        with pytest.raises(LogInFailed) as failed:
            asyncio.run(provider.identify(pending, old))
        assert LogInProblem.DECLINED is failed.value.problem


def test_a_code_is_of_no_use_without_the_verifier(
    issuer: DemoIssuer, provider: OpenIdProvider
) -> None:
    address, _ = begun(provider)
    form = {
        "code": answered(address)["code"],
        "redirect_uri": RETURN,
        "client_id": CLIENT,
        "client_secret": issuer.secret,
        "code_verifier": "x" * 43,
    }

    answer = httpx.post(f"{issuer.address}/token", data=form)

    assert (400, {"error": "invalid_grant"}) == (answer.status_code, answer.json())


def test_keys_are_rotated_and_the_last_but_one_is_listed_on(
    issuer: DemoIssuer, provider: OpenIdProvider, hour: Hour
) -> None:
    listed = []
    for _ in range(3):
        assert "p-1" == identified(provider)
        listed.append([key["kid"] for key in httpx.get(f"{issuer.address}/keys").json()["keys"]])
        hour.ahead += ROTATION_SECONDS + 1
    first, second, third = listed

    assert [1, 2, 2] == [len(kids) for kids in listed]
    assert (first[-1], second[-1]) == (second[0], third[0])
    assert 3 == len({kids[-1] for kids in listed})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("client_id=placet", "client_id=other"),
        ("127.0.0.1%3A4711", "evil.example"),
        ("%2Freturn", "%2Fother"),
        ("state=", "client_id=placet&state="),
    ],
)
def test_nobody_is_led_to_an_address_that_is_not_registered(
    provider: OpenIdProvider, old: str, new: str
) -> None:
    """An address of this machine may have any port, as for programs that listen for an answer."""
    address, _ = begun(provider)
    assert old in address
    answer = httpx.post(address.replace(old, new), data={"subject": "p-1"})

    assert (400, None) == (answer.status_code, answer.headers.get("location"))


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("response_type=code", "response_type=token", "unsupported_response_type"),
        ("scope=openid", "scope=mail", "invalid_scope"),
        ("code_challenge_method=S256", "code_challenge_method=plain", "invalid_request"),
    ],
)
def test_a_weaker_flow_is_refused(provider: OpenIdProvider, old: str, new: str, error: str) -> None:
    address, _ = begun(provider)
    assert old in address
    assert error == answered(address.replace(old, new))["error"]


def test_a_log_out_ends_the_session_there(issuer: DemoIssuer, provider: OpenIdProvider) -> None:
    """And leads back to the log-in page only."""
    with httpx.Client() as browser:
        address, _ = begun(provider)
        browser.post(address, data={"subject": "p-1"})
        assert 303 == browser.get(address).status_code, "who is logged in there is not asked"
        home = asyncio.run(provider.log_out_address("token", "http://127.0.0.1:4711/log-in"))
        away = asyncio.run(provider.log_out_address("token", "http://evil.example/log-in"))

        assert 200 == browser.get(away).status_code
        assert "http://127.0.0.1:4711/log-in" == browser.get(home).headers["location"]
        assert 200 == browser.get(address).status_code


def test_it_answers_under_the_names_of_this_machine_only(issuer: DemoIssuer) -> None:
    """So that no page of elsewhere gives it a name of its own."""
    assert 400 == httpx.get(f"{issuer.address}/keys", headers={"Host": "evil.example"}).status_code
    assert 200 == httpx.get(f"{issuer.address}/keys", headers={"Host": "localhost"}).status_code

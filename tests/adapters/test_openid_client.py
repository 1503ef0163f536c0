"""Log-in by OpenID Connect: what an issuer may do wrong, over loopback, and what is believed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest
from msgspec import structs

from adapters.identity import bounded_requests, issuer_cache
from adapters.identity.demo_issuer import CLIENT
from adapters.identity.issuer_settings import IssuerSettings
from adapters.identity.openid_client import OpenIdProvider
from domain.ports.identity_providers import (
    LogInFailed,
    LogInProblem,
    PendingLogIn,
    ProvenIdentity,
)
from openid_issuer import (
    SECRET,
    TRANSPORT,
    Fault,
    OpenIdIssuer,
    make_certificate,
    served_issuer,
)

RETURN = "http://127.0.0.1:1/log-in/staff/return"
HOME = "http://127.0.0.1:1/"
T = TypeVar("T")


@pytest.fixture(scope="module")
def serving() -> Iterator[OpenIdIssuer]:
    with served_issuer(OpenIdIssuer(redirect_uris={RETURN}, after_log_out={HOME})) as issuer:
        yield issuer


@pytest.fixture
def issuer(serving: OpenIdIssuer) -> OpenIdIssuer:
    """The issuer, well-behaved again."""
    serving.behave()
    return serving


class Browser:
    """Somebody with a browser, a server that knows one issuer, and a watch for both."""

    def __init__(self, issuer: OpenIdIssuer, **settings: str) -> None:
        self.seconds = 0.0
        self.settings = IssuerSettings(
            name="staff", label="Staff", issuer=issuer.address, client_id=CLIENT, secret=SECRET
        )
        self.knows(**settings)

    def knows(self, **settings: str) -> None:
        """The server knows its issuer with these settings."""
        self.settings = structs.replace(self.settings, **settings)
        self.provider = OpenIdProvider(
            self.settings, lambda: datetime.now(UTC), lambda: self.seconds
        )

    async def leaves(self, **how: Any) -> tuple[str, PendingLogIn]:
        return await self.provider.begin(RETURN, **how)

    async def proves(self, address: str, subject: str = "a-b-1") -> dict[str, str]:
        """Say at the issuer who one is; the answer with which it sends the browser back."""
        async with httpx.AsyncClient() as browser:
            form = {"subject": subject} if subject else {}
            answer = await browser.post(address, data=form)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(RETURN)
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))

    async def logs_in(self, **how: Any) -> ProvenIdentity:
        address, pending = await self.leaves(**how)
        return await self.provider.identify(pending, await self.proves(address))


def run(story: Awaitable[T]) -> T:
    async def started() -> T:
        return await story

    return asyncio.run(started())


def refused(story: Awaitable[object]) -> tuple[LogInProblem, str]:
    """Why a log-in failed."""
    with pytest.raises(LogInFailed) as failed:
        run(story)
    return failed.value.problem, failed.value.detail


def test_somebody_is_known_by_issuer_and_subject_and_by_how_it_was_proved(
    issuer: OpenIdIssuer,
) -> None:
    found = run(Browser(issuer).logs_in())
    assert (issuer.address, "a-b-1") == (found.issuer, found.subject)
    assert "oidc:staff acr=urn:example:two-factors amr=pwd,otp" == found.authenticated_by
    assert timedelta(0) <= datetime.now(UTC) - found.authenticated_at < timedelta(minutes=1)


def test_the_request_has_state_nonce_and_a_challenge_of_its_own(issuer: OpenIdIssuer) -> None:
    browser = Browser(issuer)
    first, second = run(browser.leaves()), run(Browser(issuer).leaves())
    query = parse_qs(urlsplit(first[0]).query)
    assert ["S256"] == query["code_challenge_method"]
    assert ["openid"] == query["scope"]
    assert [first[1].state] == query["state"]
    assert first[1].code_verifier not in first[0]
    for name in ("state", "nonce", "code_verifier"):
        assert getattr(first[1], name) != getattr(second[1], name)
        assert len(getattr(first[1], name)) >= 43


@pytest.mark.parametrize(
    ("kind", "algorithm"),
    [("RSA", "RS256"), ("RSA", "PS256"), ("EC", "ES256")],
)
def test_whichever_of_these_an_issuer_signs_by_is_believed(
    issuer: OpenIdIssuer, kind: str, algorithm: str
) -> None:
    issuer.rotate(kind)
    issuer.algorithm = algorithm
    assert "a-b-1" == run(Browser(issuer).logs_in()).subject


BELIEVED = {
    Fault.WRONG_AUDIENCE: "aud",
    Fault.SECOND_AUDIENCE: "azp",
    Fault.OTHER_PARTY: "azp",
    Fault.WRONG_ISSUER: "iss",
    Fault.WRONG_NONCE: "nonce",
    Fault.NO_NONCE: "nonce",
    Fault.EXPIRED: "expired",
    Fault.FUTURE: "in the future",
    Fault.NO_END: "exp",
    Fault.OLD: "before this log-in began",
    Fault.UNSIGNED: "'none'",
    Fault.PUBLIC_SECRET: "'HS256'",
    Fault.FORGED: "signature is wrong",
    Fault.UNLISTED_KEY: "does not list",
    Fault.NO_SUBJECT: "subject",
    Fault.LONG_SUBJECT: "subject",
    Fault.ODD_SUBJECT: "subject",
    Fault.WRONG_ACCESS_HASH: "at_hash",
    Fault.SHORT_KEY: "does not list",
}
UNUSABLE = {
    Fault.OTHER_METADATA: "issuer",
    Fault.PLAIN_ENDPOINT: "token_endpoint",
    Fault.NO_KEYS: "no keys",
    Fault.NO_TOKEN: "id_token",
}


@pytest.mark.parametrize("fault", BELIEVED, ids=str)
def test_a_token_that_proves_nothing_is_not_believed(issuer: OpenIdIssuer, fault: Fault) -> None:
    issuer.faults = {fault}
    problem, detail = refused(Browser(issuer).logs_in())
    assert LogInProblem.UNTRUSTED == problem
    assert BELIEVED[fault] in detail


@pytest.mark.parametrize("fault", UNUSABLE, ids=str)
def test_an_issuer_that_answers_otherwise_than_agreed_is_said_to(
    issuer: OpenIdIssuer, fault: Fault
) -> None:
    issuer.faults = {fault}
    problem, detail = refused(Browser(issuer).logs_in())
    assert LogInProblem.UNUSABLE == problem
    assert UNUSABLE[fault] in detail


BOUNDS = {
    Fault.SLOW: "within 0.5 seconds",
    Fault.DRIPPING: "within 0.5 seconds",
    Fault.HUGE: "more than",
    Fault.REDIRECT: "redirects",
    Fault.NONSENSE: "malformed",
    Fault.OUT_OF_ORDER: "status 503",
    Fault.COMPRESSED: "compressed",
}


@pytest.mark.parametrize("endpoint", ["metadata", "keys", "token"])
@pytest.mark.parametrize("fault", sorted(TRANSPORT), ids=str)
def test_no_answer_of_an_issuer_is_waited_for_or_read_without_end(
    issuer: OpenIdIssuer, fault: Fault, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_requests, "SECONDS", 0.5)
    issuer.faults, issuer.at = {fault}, {endpoint}
    problem, detail = refused(Browser(issuer).logs_in())
    late = {Fault.SLOW, Fault.DRIPPING, Fault.OUT_OF_ORDER}
    assert (LogInProblem.UNREACHABLE if fault in late else LogInProblem.UNUSABLE) == problem
    assert BOUNDS[fault] in detail


def test_an_issuer_that_is_not_there_is_unreachable(issuer: OpenIdIssuer) -> None:
    browser = Browser(issuer)
    browser.knows(issuer="http://127.0.0.1:9")
    problem, _ = refused(browser.logs_in())
    assert LogInProblem.UNREACHABLE == problem


def test_a_code_is_redeemed_once(issuer: OpenIdIssuer) -> None:
    browser = Browser(issuer)

    async def twice() -> None:
        address, pending = await browser.leaves()
        answer = await browser.proves(address)
        await browser.provider.identify(pending, answer)
        await browser.provider.identify(pending, answer)

    problem, detail = refused(twice())
    assert LogInProblem.DECLINED == problem
    assert "invalid_grant" in detail


def test_a_code_of_another_log_in_does_not_fit(issuer: OpenIdIssuer) -> None:
    """Who steals a code lacks what proves that they began the log-in."""
    browser = Browser(issuer)

    async def stolen() -> None:
        address, _ = await browser.leaves()
        _, other = await browser.leaves()
        answer = await browser.proves(address)
        await browser.provider.identify(other, answer)

    assert LogInProblem.DECLINED == refused(stolen())[0]


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({"error": "access_denied"}, LogInProblem.DECLINED),
        ({}, LogInProblem.DECLINED),
        ({"code": "x", "iss": "https://login.example.org"}, LogInProblem.UNTRUSTED),
        ({"code": "x", "iss": None}, LogInProblem.UNTRUSTED),
        ({"code": "x"}, LogInProblem.DECLINED),
    ],
)
def test_an_answer_without_a_code_of_this_issuer_logs_nobody_in(
    issuer: OpenIdIssuer, answer: dict[str, str | None], problem: LogInProblem
) -> None:
    browser = Browser(issuer)
    whole = {"iss": issuer.address} | answer

    async def comes_back() -> None:
        _, pending = await browser.leaves()
        given = {name: value for name, value in whole.items() if value is not None}
        await browser.provider.identify(pending, given)

    assert problem == refused(comes_back())[0]


def test_somebody_who_breaks_off_is_not_logged_in(issuer: OpenIdIssuer) -> None:
    browser = Browser(issuer)

    async def breaks_off() -> None:
        address, pending = await browser.leaves()
        await browser.provider.identify(pending, await browser.proves(address, subject=""))

    assert (LogInProblem.DECLINED, "access_denied") == refused(breaks_off())


def test_new_keys_of_an_issuer_are_fetched_once_they_are_used(issuer: OpenIdIssuer) -> None:
    browser = Browser(issuer)

    async def rotated() -> None:
        await browser.logs_in()
        issuer.rotate("EC")
        browser.seconds += issuer_cache.PAUSE
        await browser.logs_in()
        await browser.logs_in()

    run(rotated())
    assert {"metadata": 1, "keys": 2, "token": 3, "authorize": 3} == issuer.requests


def test_unknown_keys_do_not_make_requests_without_end(issuer: OpenIdIssuer) -> None:
    browser = Browser(issuer)
    issuer.faults = {Fault.UNLISTED_KEY}

    async def tries() -> None:
        for _ in range(5):
            with pytest.raises(LogInFailed):
                await browser.logs_in()

    run(tries())
    assert 1 == issuer.requests["keys"]
    browser.seconds += issuer_cache.PAUSE
    run(tries())
    assert 2 == issuer.requests["keys"]


def test_a_key_that_was_taken_back_is_believed_for_a_quarter_of_an_hour_at_most(
    issuer: OpenIdIssuer,
) -> None:
    browser = Browser(issuer)
    issuer.stolen = issuer.keys[-1]
    run(browser.logs_in())
    issuer.rotate()
    browser.seconds += issuer_cache.KEPT - 1
    run(browser.logs_in())
    browser.seconds += 1
    assert "does not list" in refused(browser.logs_in())[1]


def test_many_who_log_in_at_once_ask_an_issuer_once(issuer: OpenIdIssuer) -> None:
    browser = Browser(issuer)

    async def many() -> None:
        await asyncio.gather(*(browser.leaves() for _ in range(20)))

    run(many())
    assert 1 == issuer.requests["metadata"]


def test_a_reauthenticate_is_asked_for_and_looked_at(issuer: OpenIdIssuer) -> None:
    address, _ = run(Browser(issuer).leaves(reauthenticate=True))
    query = dict(parse_qsl(urlsplit(address).query))
    assert ("login", "0") == (query["prompt"], query["max_age"])
    assert run(Browser(issuer).logs_in(reauthenticate=True)).subject == "a-b-1"
    issuer.faults = {Fault.STALE_PROOF}
    assert "prove again" in refused(Browser(issuer).logs_in(reauthenticate=True))[1]
    old = run(Browser(issuer).logs_in())
    assert datetime.now(UTC) - old.authenticated_at > timedelta(minutes=59)


@pytest.mark.parametrize(
    ("methods", "secret"),
    [(("client_secret_basic",), SECRET), (("client_secret_post",), SECRET), (("none",), "")],
)
def test_the_server_proves_itself_as_the_issuer_takes_it(
    issuer: OpenIdIssuer, methods: tuple[str, ...], secret: str
) -> None:
    issuer.methods, issuer.secret = methods, secret
    assert run(Browser(issuer, secret=secret).logs_in()).subject == "a-b-1"


def test_a_wrong_secret_is_a_matter_of_the_settings(issuer: OpenIdIssuer) -> None:
    problem, detail = refused(Browser(issuer, secret="wrong").logs_in())
    assert LogInProblem.UNUSABLE == problem
    assert "invalid_client" in detail
    assert "wrong" not in detail


def test_log_out_is_offered_where_the_issuer_offers_it(issuer: OpenIdIssuer) -> None:
    browser = Browser(issuer)
    token = run(browser.logs_in()).id_token
    address = run(browser.provider.log_out_address(token, HOME))
    query = dict(parse_qsl(urlsplit(address).query))
    assert {
        "client_id": CLIENT,
        "id_token_hint": token,
        "post_logout_redirect_uri": HOME,
    } == query
    issuer.offers_log_out = False
    assert "" == run(Browser(issuer).provider.log_out_address(token, HOME))


def test_words_of_an_issuer_that_are_no_words_stay_off_the_record(issuer: OpenIdIssuer) -> None:
    found = run(Browser(issuer).logs_in())
    plain = structs.replace(found, context_class="", methods=())
    assert "oidc:staff" == plain.authenticated_by
    issuer.acr, issuer.amr = "Ada Lovelace\n", ("pwd", "a b", "x" * 200)
    assert "oidc:staff amr=pwd" == run(Browser(issuer).logs_in()).authenticated_by


def test_an_issuer_by_tls_is_talked_to_if_its_certificate_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path)
    with served_issuer(OpenIdIssuer(redirect_uris={RETURN}), certificate=certificate) as issuer:
        assert issuer.address.startswith("https://")
        problem, detail = refused(Browser(issuer).leaves())
        assert LogInProblem.UNREACHABLE == problem
        assert "certificate" in detail.lower()
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        monkeypatch.setattr(bounded_requests, "_trust", bounded_requests._trust.__wrapped__)
        assert run(Browser(issuer).leaves())[0].startswith(issuer.address)

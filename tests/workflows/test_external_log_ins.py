"""Logging in by an issuer, from the first step to the log-out, on both kinds of store."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from account_story import HOME, Accounts
from adapters.identity.demo_issuer import CLIENT
from adapters.identity.issuer_settings import IssuerSettings
from adapters.identity.openid_client import OpenIdProvider
from domain.ports.accounts import LoginSession
from domain.ports.identity_providers import LogInFailed
from domain.rules import Refused
from openid_issuer import SECRET, OpenIdIssuer, served_issuer
from workflows.accounts.external_log_ins import LASTS, SESSION, Awaited
from workflows.accounts.sessions import NewSession

RETURN = "http://127.0.0.1:1/log-in/with/corp/return"
BROWSER = "a secret that only this browser has"
Answer = dict[str, str]


@pytest.fixture(scope="module")
def serving() -> Iterator[OpenIdIssuer]:
    with served_issuer(OpenIdIssuer(redirect_uris={RETURN})) as issuer:
        yield issuer


@pytest.fixture
def issuer(serving: OpenIdIssuer) -> OpenIdIssuer:
    serving.behave()
    return serving


@pytest.fixture
def accounts(place: str, issuer: OpenIdIssuer) -> Iterator[Accounts]:
    """The accounts of a store whose server knows one issuer."""
    made = Accounts(place)
    made.at = datetime.now(UTC)
    corp = IssuerSettings(
        name="corp", label="Corp", issuer=issuer.address, client_id=CLIENT, secret=SECRET
    )
    made.service.providers = {"corp": OpenIdProvider(corp, lambda: made.at)}
    yield made
    made.store.close()


def leaves(accounts: Accounts, browser: str = BROWSER, **what_for: Any) -> Answer:
    """Begin a log-in and prove at the issuer to be Ada; the answer that is brought back."""

    async def there() -> Answer:
        provider = accounts.service.providers["corp"]
        again = bool(what_for.get("session"))
        address, pending = await provider.begin(RETURN, reauthenticate=again)
        accounts.service.external_log_ins.keep(Awaited(pending=pending, **what_for), browser)
        async with httpx.AsyncClient() as client:
            answer = await client.post(address, data={"subject": "a-b-1"})
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))

    return asyncio.run(there())


def returns(
    accounts: Accounts, answer: Answer, browser: str = BROWSER, invitation: str = ""
) -> NewSession | LoginSession:
    """Come back with an answer."""
    log_ins = accounts.service.external_log_ins
    awaited = log_ins.take("corp", answer["state"], browser)
    identity = asyncio.run(accounts.service.providers["corp"].identify(awaited.pending, answer))
    return log_ins.complete(awaited, identity, HOME, invitation)


def begins(accounts: Accounts) -> NewSession:
    found = returns(accounts, leaves(accounts))
    assert isinstance(found, NewSession)
    return found


def refusal(rule: str) -> Any:
    return pytest.raises(Refused, check=lambda error: error.rule == rule)


def linked(accounts: Accounts, issuer: OpenIdIssuer) -> str:
    """An account to which the identity of Ada belongs; its principal."""
    principal = accounts.service.directory.add("ada").principal
    accounts.service.directory.add_identity(principal, issuer.address, "a-b-1")
    return principal


def test_who_is_known_by_issuer_and_subject_is_logged_in(
    accounts: Accounts, issuer: OpenIdIssuer
) -> None:
    principal = linked(accounts, issuer)
    begun = begins(accounts)
    assert principal == begun.session.principal
    assert "oidc:corp acr=urn:example:two-factors amr=pwd,otp" == begun.session.method
    assert begun.session == accounts.service.sessions.find(begun.secret)


def test_an_answer_counts_once(accounts: Accounts, issuer: OpenIdIssuer) -> None:
    linked(accounts, issuer)
    answer = leaves(accounts)
    returns(accounts, answer)
    with refusal("answer-once"):
        returns(accounts, answer)


def test_an_answer_counts_only_in_the_browser_that_began(
    accounts: Accounts, issuer: OpenIdIssuer
) -> None:
    """Nobody is logged in to somebody else's account by a link that was sent to them."""
    linked(accounts, issuer)
    answer = leaves(accounts)
    for other in ("", "another browser"):
        with refusal("answer-once"):
            returns(accounts, answer, browser=other)
    returns(accounts, answer)


def test_an_answer_to_nothing_counts_nothing(accounts: Accounts, issuer: OpenIdIssuer) -> None:
    linked(accounts, issuer)
    answer = leaves(accounts)
    for state in ("", "guessed", answer["state"] + "x"):
        with refusal("answer-once"):
            returns(accounts, {**answer, "state": state})


def test_an_answer_that_comes_too_late_counts_nothing(
    accounts: Accounts, issuer: OpenIdIssuer
) -> None:
    linked(accounts, issuer)
    answer = leaves(accounts)
    accounts.at += LASTS
    with refusal("answer-once"):
        returns(accounts, answer)


def test_two_tabs_of_a_browser_may_log_in_at_once(accounts: Accounts, issuer: OpenIdIssuer) -> None:
    principal = linked(accounts, issuer)
    first, second = leaves(accounts), leaves(accounts)
    returns(accounts, second)
    returns(accounts, first)
    assert 2 == len(accounts.service.sessions.of(principal))


def test_an_answer_of_one_issuer_is_none_of_another(
    accounts: Accounts, issuer: OpenIdIssuer
) -> None:
    linked(accounts, issuer)
    answer = leaves(accounts)
    with refusal("answer-once"):
        accounts.service.external_log_ins.take("other", answer["state"], BROWSER)


def test_who_is_known_nowhere_here_is_told_so_and_not_let_in(
    accounts: Accounts, issuer: OpenIdIssuer
) -> None:
    """The mail address of an account links nothing, whatever the issuer says of it."""
    accounts.add("ada", email="ada@example.org")
    with refusal("identity-known") as refused:
        begins(accounts)
    identity = refused.value.identity
    assert (issuer.address, "a-b-1") == (identity.issuer, identity.subject)


def test_an_invitation_makes_an_account_for_an_identity(
    accounts: Accounts, issuer: OpenIdIssuer
) -> None:
    secret, invitation = accounts.service.invitations.invite(display_name="Ada")
    begun = returns(accounts, leaves(accounts, invited=True), invitation=secret)
    assert isinstance(begun, NewSession)
    assert invitation.principal == begun.session.principal
    assert invitation.principal == begins(accounts).session.principal
    with refusal("invitation-once"):
        returns(accounts, leaves(accounts, invited=True), invitation=secret)


def test_an_identity_of_an_account_accepts_no_invitation(
    accounts: Accounts, issuer: OpenIdIssuer
) -> None:
    linked(accounts, issuer)
    secret, _ = accounts.service.invitations.invite()
    with refusal("account-known"):
        returns(accounts, leaves(accounts, invited=True), invitation=secret)
    accounts.service.invitations.find(secret)


def test_somebody_proves_again_who_they_are_in_their_session(
    accounts: Accounts, issuer: OpenIdIssuer
) -> None:
    linked(accounts, issuer)
    session = begins(accounts).session
    again = returns(accounts, leaves(accounts, session=session.hash))
    assert isinstance(again, LoginSession)
    assert session.hash == again.hash
    assert again.authenticated_at >= session.authenticated_at


def test_nobody_proves_it_in_the_session_of_somebody_else(
    accounts: Accounts, issuer: OpenIdIssuer
) -> None:
    linked(accounts, issuer)
    accounts.add("bo")
    of_bo = accounts.log_in("bo").session
    with refusal("log-in-again"):
        returns(accounts, leaves(accounts, session=of_bo.hash))
    ada = begins(accounts).session
    answer = leaves(accounts, session=ada.hash)
    accounts.service.sessions.end(ada.principal, ada.hash)
    with refusal("log-in-again"):
        returns(accounts, answer)


def test_a_log_out_leads_to_the_issuer_once(accounts: Accounts, issuer: OpenIdIssuer) -> None:
    linked(accounts, issuer)
    session, log_ins = begins(accounts).session, accounts.service.external_log_ins
    assert "corp" == log_ins.end(session, BROWSER)
    assert accounts.service.sessions.of(session.principal) == []
    assert "" == log_ins.ended("other", "another browser")
    token = log_ins.ended("corp", BROWSER)
    assert 3 == len(token.split("."))
    assert "" == log_ins.ended("corp", BROWSER)


def test_nothing_of_a_log_in_outlives_the_account(accounts: Accounts, issuer: OpenIdIssuer) -> None:
    principal = linked(accounts, issuer)
    session = begins(accounts).session
    accounts.add("bo")
    accounts.service.directory.erase(principal)
    assert accounts.service.tables.take_ticket(session.hash, SESSION) is None


def test_what_was_begun_and_never_ended_is_forgotten(
    accounts: Accounts, issuer: OpenIdIssuer
) -> None:
    answer = leaves(accounts)
    accounts.at += LASTS
    leaves(accounts)
    accounts.at -= LASTS
    with refusal("answer-once"):
        returns(accounts, answer)


def test_a_log_out_of_a_local_session_leads_nowhere(accounts: Accounts) -> None:
    accounts.add("bo")
    assert "" == accounts.service.external_log_ins.end(accounts.log_in("bo").session, BROWSER)


def test_who_is_at_an_issuer_that_fails_can_still_log_in_here(
    accounts: Accounts, issuer: OpenIdIssuer
) -> None:
    principal = accounts.add("ada")
    accounts.service.directory.add_identity(principal, issuer.address, "a-b-1")
    answer = leaves(accounts)
    accounts.service.providers = {
        "corp": OpenIdProvider(
            IssuerSettings(
                name="corp", label="Corp", issuer="http://127.0.0.1:9", client_id=CLIENT
            ),
            lambda: accounts.at,
        )
    }
    with pytest.raises(LogInFailed):
        returns(accounts, answer)
    assert principal == accounts.log_in("ada").session.principal
    assert timedelta(0) == accounts.at - accounts.log_in("ada").session.authenticated_at

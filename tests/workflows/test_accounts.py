"""Who may log in: accounts, sessions, codes, invitations and tokens, on both kinds of store."""

import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from account_story import HOME, PASSWORD, Accounts, proven
from adapters.identity.issuer_settings import IssuerSettings
from adapters.identity.openid_client import OpenIdProvider
from domain.ports.accounts import Account
from domain.rules import Refused
from workflows.accounts.log_in import SecondFactorNeeded
from workflows.accounts.refusals import LogInThrottled
from workflows.accounts.sessions import Client, NewSession, identity_of

CORP = IssuerSettings(
    name="corp", label="Corp", issuer="https://issuer.example", client_id="placet"
)
ELSEWHERE = Client(address="198.51.100.9", user_agent="curl")


@pytest.fixture
def accounts(place: str) -> Iterator[Accounts]:
    made = Accounts(place)
    yield made
    made.store.close()


def refusal(rule: str) -> Any:
    """What is expected to refuse by a rule."""
    return pytest.raises(Refused, check=lambda error: error.rule == rule)


def test_log_in_holds_as_soon_as_there_is_an_account(accounts: Accounts) -> None:
    other = accounts.another()
    before = other.in_force
    accounts.add("ana")
    assert (False, True) == (before, other.in_force)


def test_an_issuer_that_is_configured_makes_log_in_hold(accounts: Accounts) -> None:
    accounts.service.providers = {
        settings.name: OpenIdProvider(settings, lambda: accounts.at) for settings in [CORP]
    }
    assert accounts.service.in_force


def test_an_account_is_found_in_whatever_case_its_name_is_typed(accounts: Accounts) -> None:
    principal = accounts.add(
        "Ana.Méndez", display_name=" Ana \r\n Méndez ", email="ana@example.org"
    )
    assert principal == accounts.log_in("ana.méndez").session.principal
    account = accounts.service.directory.get(principal)
    assert ("Ana.Méndez", "Ana Méndez", "ana@example.org") == (
        account.login,
        account.display_name,
        account.email,
    )
    with refusal("login-name"):
        accounts.add("ANA.méndez")


@pytest.mark.parametrize("login", ["", "a", "two words", "line\nline", "x" * 101, "<b>"])
def test_a_login_name_is_one_plain_word(accounts: Accounts, login: str) -> None:
    with refusal("login-name"):
        accounts.add(login)
    assert not accounts.service.in_force


@pytest.mark.parametrize(
    "password", ["short", "aaaaaaaaaaaaaaa", "first.last@example.org", "x" * 257]
)
def test_a_password_that_can_be_guessed_is_refused(accounts: Accounts, password: str) -> None:
    with refusal("password-length"):
        accounts.service.directory.add("first.last@example.org", password=password)


def test_no_secret_is_stored(accounts: Accounts) -> None:
    principal = accounts.add("ana")
    secret = accounts.enrol(principal)
    (code, *_) = accounts.service.directory.new_recovery_codes(principal)
    half = accounts.service.log_in.by_password("ana", PASSWORD, HOME)
    assert isinstance(half, SecondFactorNeeded)
    begun = accounts.service.log_in.by_code(half.ticket, code, HOME)
    link, _ = accounts.service.invitations.invite(email="bo@example.org")
    token, _ = accounts.service.tokens.make(principal, "feed", "read", timedelta(days=1))
    tables = accounts.store.accounts()
    stored = "".join(
        str(row)
        for table in (
            "account",
            "recovery_code",
            "login_session",
            "invitation",
            "api_token",
            "ticket",
            "known_device",
        )
        for row in tables.read(f"SELECT * FROM {table}")  # noqa: S608 (names of ours)
    )
    assert secret in stored  # codes are computed from it, so it cannot be a hash
    for kept_by_people in (PASSWORD, code, half.ticket, begun.secret, begun.device, link, token):
        assert kept_by_people not in stored
    said = str(accounts.log.lines)
    for kept_by_people in (PASSWORD, code, half.ticket, begun.secret, begun.device, link, token):
        assert kept_by_people not in said


@pytest.mark.folder
def test_nobody_else_on_the_machine_reads_the_file(tmp_path: Path) -> None:
    from story import Story

    Story(tmp_path).placet.close()
    accounts = Accounts(str(tmp_path / "store"))
    principal = accounts.add("ana", email="ana@example.org")
    file = tmp_path / "store" / "accounts.db"
    assert 0o600 == stat.S_IMODE(file.stat().st_mode)
    accounts.add("bo")
    accounts.service.directory.erase(principal)
    accounts.store.close()
    left = b"".join(part.read_bytes() for part in file.parent.glob("accounts.db*"))
    assert b"ana@example.org" not in left


def test_a_session_is_known_by_its_secret_until_it_is_idle_for_too_long(accounts: Accounts) -> None:
    principal = accounts.add("ana")
    begun = accounts.log_in("ana")
    sessions = accounts.service.sessions
    assert sessions.find("") is sessions.find("x" * 43) is None
    for _ in range(3):
        accounts.passes(minutes=29)
        found = sessions.find(begun.secret)
        assert found
        assert principal == found.principal
    accounts.passes(minutes=30)
    assert sessions.find(begun.secret) is None
    assert () == tuple(sessions.of(principal))


def test_a_session_ends_after_twelve_hours_however_busy_it_is(accounts: Accounts) -> None:
    accounts.add("ana")
    begun = accounts.log_in("ana")
    for _ in range(35):
        accounts.passes(minutes=20)
        assert accounts.service.sessions.find(begun.secret)
    accounts.passes(minutes=20)
    assert accounts.service.sessions.find(begun.secret) is None


def test_that_a_session_is_in_use_is_written_once_a_minute(accounts: Accounts) -> None:
    principal = accounts.add("ana")
    begun = accounts.log_in("ana")

    def seen() -> Any:
        return accounts.service.sessions.of(principal)[0].seen_at

    began = seen()
    accounts.passes(seconds=59)
    accounts.service.sessions.find(begun.secret)
    assert began == seen()
    accounts.passes(seconds=1)
    accounts.service.sessions.find(begun.secret)
    assert accounts.at == seen()


def test_a_log_in_ends_the_session_that_the_browser_had(accounts: Accounts) -> None:
    principal = accounts.add("ana")
    first = accounts.log_in("ana")
    second = accounts.log_in("ana", client=structs.replace(HOME, session=first.secret))
    assert first.secret != second.secret
    assert accounts.service.sessions.find(first.secret) is None
    assert [second.session.hash] == [
        session.hash for session in accounts.service.sessions.of(principal)
    ]


def test_sessions_are_listed_and_revoked_in_another_process(accounts: Accounts) -> None:
    principal, other = accounts.add("ana"), accounts.add("bo")
    first, second = accounts.log_in("ana"), accounts.log_in("ana", client=ELSEWHERE)
    elsewhere = accounts.another().sessions
    assert {"Firefox", "curl"} == {session.user_agent for session in elsewhere.of(principal)}
    assert not elsewhere.end(other, first.session.hash)
    assert elsewhere.end(principal, first.session.hash)
    assert accounts.service.sessions.find(first.secret) is None
    assert accounts.service.sessions.find(second.secret)
    assert 1 == elsewhere.end_all(principal)
    assert accounts.service.sessions.find(second.secret) is None


def test_a_new_password_ends_all_other_sessions(accounts: Accounts) -> None:
    principal = accounts.add("ana")
    first, second = accounts.log_in("ana"), accounts.log_in("ana", client=ELSEWHERE)
    accounts.service.directory.set_password(principal, "another way to Vienna", second.session.hash)
    assert accounts.service.sessions.find(first.secret) is None
    assert accounts.service.sessions.find(second.secret)
    with refusal("log-in"):
        accounts.log_in("ana")
    accounts.log_in("ana", "another way to Vienna")


def test_whoever_is_disabled_is_out_at_once_and_may_come_back(accounts: Accounts) -> None:
    principal = accounts.add("ana")
    accounts.add("bo")
    begun = accounts.log_in("ana")
    token, _ = accounts.service.tokens.make(principal, "feed", "act", timedelta(days=1))
    accounts.service.directory.disable(principal)
    assert accounts.service.sessions.find(begun.secret) is None
    assert accounts.service.tokens.find(token) is None
    with refusal("log-in"):
        accounts.log_in("ana")
    accounts.passes(minutes=1)
    accounts.service.directory.enable(principal)
    assert accounts.log_in("ana").secret


def test_nothing_stays_of_who_is_erased(accounts: Accounts) -> None:
    principal = accounts.add("ana", display_name="Ana", email="ana@example.org")
    other = accounts.service.directory.add("bo").principal
    accounts.enrol(principal)
    accounts.service.directory.add_identity(principal, "https://issuer.example", "ana-17")
    accounts.service.tokens.make(principal, "feed", "read", timedelta(days=1))
    accounts.service.log_in.by_issuer(proven("ana-17"), HOME)
    accounts.service.directory.erase(principal)
    tables = accounts.store.accounts()
    for table in (
        "recovery_code",
        "external_identity",
        "login_session",
        "api_token",
        "ticket",
        "invitation",
        "known_device",
    ):
        assert (table, []) == (table, list(tables.read(f"SELECT * FROM {table}")))  # noqa: S608
    assert [other] == [account.principal for account in tables.accounts()]
    with refusal("account-known"):
        accounts.service.directory.get(principal)
    for take_away in (accounts.service.directory.erase, accounts.service.directory.disable):
        with refusal("last-account"):
            take_away(other)


def test_a_wrong_password_and_an_unknown_name_are_told_alike(accounts: Accounts) -> None:
    accounts.add("ana")
    with refusal("log-in") as wrong:
        accounts.log_in("ana", "something else entirely")
    with refusal("log-in") as unknown:
        accounts.log_in("nobody")
    assert str(wrong.value) == str(unknown.value)


def guess(accounts: Accounts, times: int, client: Client = ELSEWHERE) -> None:
    """Somebody guesses, as fast as is taken."""
    for number in range(times):
        while True:
            try:
                accounts.log_in("ana", f"guess number {number}", client)
            except LogInThrottled:
                accounts.passes(seconds=1)
            except Refused:
                break


def test_guessing_is_slowed_and_locks_nobody_out(accounts: Accounts) -> None:
    accounts.add("ana")
    begun = accounts.log_in("ana")
    guess(accounts, 5)
    with pytest.raises(LogInThrottled) as slowed:
        accounts.log_in("ana")
    assert 1 <= slowed.value.seconds <= 30
    assert accounts.service.sessions.find(begun.secret), "a session goes on"
    known = Client(address="203.0.113.1", device=begun.device)
    assert accounts.log_in("ana", client=known).secret, "a browser that is known does not wait"
    accounts.passes(seconds=slowed.value.seconds)
    assert accounts.log_in("ana").secret, "and nobody waits for longer than that"


def test_the_wait_has_a_bound_however_often_somebody_guesses(accounts: Accounts) -> None:
    accounts.add("ana")
    guess(accounts, 15)
    with pytest.raises(LogInThrottled) as slowed:
        accounts.log_in("ana")
    assert slowed.value.seconds <= 30
    accounts.passes(seconds=30)
    assert accounts.log_in("ana").secret


def test_one_address_that_tries_many_names_is_slowed(accounts: Accounts) -> None:
    accounts.add("ana")
    for number in range(20):
        with refusal("log-in"):
            accounts.log_in(f"name-{number}", client=ELSEWHERE)
    with pytest.raises(LogInThrottled):
        accounts.log_in("ana", client=ELSEWHERE)
    assert accounts.log_in("ana", client=HOME).secret


def test_the_second_factor_is_wanted_and_each_code_works_once(accounts: Accounts) -> None:
    principal = accounts.add("ana")
    secret = accounts.enrol(principal)
    half = accounts.service.log_in.by_password("ana", PASSWORD, HOME)
    assert isinstance(half, SecondFactorNeeded)
    with refusal("log-in"):
        accounts.service.log_in.by_code(half.ticket, accounts.code(secret), HOME)
    accounts.passes(seconds=30)
    begun = accounts.service.log_in.by_code(half.ticket, accounts.code(secret), HOME)
    assert "password and code" == begun.session.method
    with refusal("log-in-in-time"):
        accounts.service.log_in.by_code(half.ticket, accounts.code(secret), HOME)
    again = accounts.service.log_in.by_password("ana", PASSWORD, HOME)
    assert isinstance(again, SecondFactorNeeded)
    with refusal("log-in"):
        accounts.service.log_in.by_code(again.ticket, accounts.code(secret), HOME)


def test_a_recovery_code_works_once(accounts: Accounts) -> None:
    principal = accounts.add("ana")
    accounts.enrol(principal)
    code, *others = accounts.service.directory.new_recovery_codes(principal)
    for taken in (True, False):
        half = accounts.service.log_in.by_password("ana", PASSWORD, HOME)
        assert isinstance(half, SecondFactorNeeded)
        if taken:
            accounts.service.log_in.by_code(half.ticket, f" {code.upper()} ", HOME)
        else:
            with refusal("log-in"):
                accounts.service.log_in.by_code(half.ticket, code, HOME)
    assert len(others) == accounts.service.tables.recovery_codes(principal)


def test_half_a_log_in_runs_out(accounts: Accounts) -> None:
    secret = accounts.enrol(accounts.add("ana"))
    half = accounts.service.log_in.by_password("ana", PASSWORD, HOME)
    assert isinstance(half, SecondFactorNeeded)
    accounts.passes(minutes=10)
    with refusal("log-in-in-time"):
        accounts.service.log_in.by_code(half.ticket, accounts.code(secret), HOME)


def test_guessing_codes_is_slowed(accounts: Accounts) -> None:
    accounts.enrol(accounts.add("ana"))
    half = accounts.service.log_in.by_password("ana", PASSWORD, HOME)
    assert isinstance(half, SecondFactorNeeded)
    for number in range(5):
        with refusal("log-in"):
            accounts.service.log_in.by_code(half.ticket, f"{number:06}", HOME)
    with pytest.raises(LogInThrottled):
        accounts.service.log_in.by_code(half.ticket, "000006", HOME)


def test_no_code_is_asked_for_until_one_was_shown_to_be_right(accounts: Accounts) -> None:
    principal = accounts.add("ana")
    secret = accounts.service.codes.new_secret()
    with refusal("log-in"):
        accounts.service.directory.enrol(principal, secret, "no")
    assert accounts.log_in("ana").secret
    accounts.service.directory.enrol(principal, secret, accounts.code(secret))
    assert isinstance(
        accounts.service.log_in.by_password("ana", PASSWORD, HOME), SecondFactorNeeded
    )
    accounts.service.directory.remove_second_factor(principal)
    assert accounts.log_in("ana").secret


def test_before_grave_acts_one_proves_again_who_one_is(accounts: Accounts) -> None:
    from workflows.accounts.sessions import identity_of

    principal = accounts.add("ana")
    begun = accounts.log_in("ana")
    service = accounts.service
    assert service.sessions.is_fresh(identity_of(begun.session))
    accounts.passes(minutes=5)
    found = service.sessions.find(begun.secret)
    assert found
    assert not service.sessions.is_fresh(identity_of(found))
    with refusal("log-in"):
        service.log_in.again(found, "something else entirely", HOME)
    assert service.sessions.is_fresh(identity_of(service.log_in.again(found, PASSWORD, HOME)))
    secret = accounts.enrol(principal)
    accounts.passes(minutes=6)
    again = service.log_in.again(found, accounts.code(secret), HOME)
    assert "password and code" == again.method
    kept = service.sessions.find(begun.secret)
    assert kept
    assert service.sessions.is_fresh(identity_of(kept))


def test_guesses_from_elsewhere_do_not_slow_a_proof_and_wrong_proofs_do(
    accounts: Accounts,
) -> None:
    accounts.add("ana")
    session = accounts.log_in("ana").session
    guess(accounts, 8)
    assert accounts.service.log_in.again(session, PASSWORD, HOME).hash
    for number in range(5):
        with refusal("log-in"):
            accounts.service.log_in.again(session, f"guess number {number}", HOME)
    with pytest.raises(LogInThrottled):
        accounts.service.log_in.again(session, PASSWORD, HOME)
    accounts.passes(seconds=1)
    assert accounts.service.log_in.again(session, PASSWORD, HOME).hash


def test_an_issuer_lets_in_whom_an_account_knows(accounts: Accounts) -> None:
    principal = accounts.service.directory.add("ana").principal
    log_in, ana = accounts.service.log_in, proven("ana-17", methods=("pwd", "otp"))
    with refusal("identity-known"):
        log_in.by_issuer(ana, HOME)
    assert ana.subject == accounts.log.lines[-1]["subject"], (
        "those who are asked find it in the log"
    )
    accounts.service.directory.add_identity(principal, ana.issuer, "ana-17")
    begun = log_in.by_issuer(ana, HOME)
    assert (principal, "oidc:corp amr=pwd,otp") == (begun.session.principal, begun.session.method)
    with refusal("account-known"):
        accounts.service.directory.add_identity(accounts.add("bo"), ana.issuer, "ana-17")
    with refusal("identity-known"):
        log_in.by_issuer(proven("ana-17", issuer="https://other.example"), HOME)
    with refusal("log-in"):
        accounts.log_in("ana", "")
    accounts.add("cy")
    accounts.service.directory.disable(principal)
    with refusal("identity-known"):
        log_in.by_issuer(ana, HOME)


def test_a_log_in_of_an_hour_ago_at_an_issuer_is_no_new_proof(accounts: Accounts) -> None:
    """An officer who is still logged in there has not proved just now who they are."""
    ana = proven("ana-17", authenticated_at=accounts.at - timedelta(hours=1))
    principal = accounts.add("ana")
    accounts.service.directory.add_identity(principal, ana.issuer, "ana-17")
    session = accounts.service.log_in.by_issuer(ana, HOME).session
    assert accounts.at == session.started_at
    assert not accounts.service.sessions.is_fresh(identity_of(session))
    later = proven("ana-17", authenticated_at=accounts.at + timedelta(hours=1))
    assert accounts.at == accounts.service.log_in.by_issuer(later, HOME).session.authenticated_at


def test_an_invitation_makes_one_account(accounts: Accounts) -> None:
    secret, invitation = accounts.service.invitations.invite(
        display_name="Bo", email="bo@example.org", organisation="un", role="member", seat="no"
    )
    assert invitation == accounts.service.invitations.find(secret)
    assert [invitation] == accounts.service.invitations.pending()
    accounts.add("ana")
    with refusal("login-name"):
        accounts.service.invitations.accept(secret, "ana", PASSWORD)
    account = accounts.service.invitations.accept(secret, "bo", PASSWORD, "fr")
    assert (invitation.principal, "Bo", "fr") == (
        account.principal,
        account.display_name,
        account.language,
    )
    with refusal("invitation-once"):
        accounts.service.invitations.accept(secret, "bo2", PASSWORD)
    assert [] == accounts.service.invitations.pending()
    assert accounts.log_in("bo").secret


def test_an_invitation_runs_out_and_can_be_taken_back(accounts: Accounts) -> None:
    first, _ = accounts.service.invitations.invite()
    second, invitation = accounts.service.invitations.invite(lasts=timedelta(days=30))
    accounts.passes(days=7)
    with refusal("invitation-once"):
        accounts.service.invitations.accept(first, "bo", PASSWORD)
    assert accounts.service.invitations.take_back(invitation.hash)
    with refusal("invitation-once"):
        accounts.service.invitations.find(second)


def test_an_invitation_is_accepted_by_way_of_an_issuer(accounts: Accounts) -> None:
    invitations, issuer = accounts.service.invitations, "https://issuer.example"
    secret, _ = invitations.invite()
    account: Account = invitations.accept_by_issuer(
        secret, issuer, "bo-1", login="bo", display_name="Bo", email="bo@example.org"
    )
    begun = accounts.service.log_in.by_issuer(proven("bo-1"), HOME)
    assert isinstance(begun, NewSession)
    assert account.principal == begun.session.principal
    another, _ = invitations.invite()
    with refusal("account-known"):
        invitations.accept_by_issuer(another, issuer, "bo-1", login="bo2")
    assert invitations.find(another).hash, "what was refused uses nothing up"


def test_a_token_works_until_it_expires_or_is_revoked(accounts: Accounts) -> None:
    principal, tokens = accounts.add("ana"), accounts.service.tokens
    secret, made = tokens.make(principal, "board", "read", timedelta(days=2))
    assert secret.startswith("placet_")
    assert [made] == tokens.of(principal)
    found = tokens.find(secret)
    assert found
    assert (principal, "read") == (found.principal, found.scope)
    assert accounts.at == tokens.of(principal)[0].used_at
    accounts.passes(days=2)
    assert tokens.find(secret) is None
    other, kept = tokens.make(principal, "board", "act", timedelta(days=2))
    assert not tokens.revoke(accounts.add("bo"), kept.hash)
    assert tokens.revoke(principal, kept.hash)
    assert tokens.find(other) is None
    for label, scope, days in (
        ("x", "all", 1),
        ("", "read", 1),
        ("x", "read", 367),
        ("x", "act", 0),
    ):
        with refusal("token-scope"):
            tokens.make(principal, label, scope, timedelta(days=days))


def test_the_log_tells_of_log_ins_without_what_was_typed(accounts: Accounts) -> None:
    principal = accounts.add("ana")
    accounts.log_in("ana")
    with refusal("log-in"):
        accounts.log_in("my password by mistake", client=ELSEWHERE)
    begun, failed = [line for line in accounts.log.lines if line["event"] == "log-in"]
    assert (principal, "begun", HOME.address) == (
        begun["principal"],
        begun["outcome"],
        begun["address"],
    )
    assert ("refused", "", ELSEWHERE.address) == (
        failed["outcome"],
        failed["principal"],
        failed["address"],
    )
    assert "mistake" not in str(accounts.log.lines)


def test_a_weak_hash_is_made_anew_at_the_next_log_in(accounts: Accounts) -> None:
    from argon2 import PasswordHasher

    principal = accounts.add("ana")
    old = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(PASSWORD)
    account = accounts.service.directory.get(principal)
    accounts.service.tables.put_account(structs.replace(account, password_hash=old))
    accounts.log_in("ana")
    assert old != accounts.service.directory.get(principal).password_hash
    accounts.log_in("ana")

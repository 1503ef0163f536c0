"""Logging in on pages: sessions, codes, forms that were interrupted, tokens, invitations."""

import re
import warnings
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pyotp
import pytest

from account_story import PASSWORD
from domain.access.roles import AccessRole
from domain.actors import Actor, Role
from page_tree import parsed
from story import ORGANISATION, Story
from web.http import account_urls
from web_visitor import SENT_HERE, WINDOW, Visitor, field_values, said

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

ELSEWHERE = {"Sec-Fetch-Site": "cross-site"}
RESPOND = f"{WINDOW}/act/respond"
SUPERSEDE = f"{WINDOW}/act/supersede"


class Member(Visitor):
    """Somebody with a browser and an account."""

    def has_account(self, login: str, role: AccessRole, **place: str) -> str:
        """An account with a role; its principal."""
        account = self.placet.accounts.directory.add(login, password=PASSWORD)
        self.story.do(
            "grant role",
            principal=account.principal,
            role=role,
            who=Actor(role=Role.ADMINISTRATOR),
            **place,
        )
        self.clock.at = max(self.clock.at, self.story.now + timedelta(minutes=1))
        return account.principal

    def logs_in(self, login: str, password: str = PASSWORD, **more: str) -> Any:
        """The answer to the log-in form."""
        values = {"login": login, "password": password} | more
        return self.client.post("/log-in", data=values, headers=SENT_HERE)

    def goes_idle(self) -> None:
        """Half an hour passes without a request."""
        self.clock.at += timedelta(minutes=30)

    def posts(self, path: str, on: str = "/account", **values: str) -> Any:
        """The answer to a form of a page, with the token that stands in that page."""
        page = self.opens(on)
        (token, *_) = parsed(page.text).xpath("//input[@name='form_token']/@value")
        data = {"form_token": token} | values
        return self.client.post(path, data=data, headers=SENT_HERE)


@pytest.fixture
def member(story: Story) -> Iterator[Member]:
    """A member for the seat east of a body whose silence procedure runs; nobody has logged in."""
    story.body()
    story.silence()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = Member(story)
        made.has_account("ana", AccessRole.MEMBER, body="b", seat="east")
        yield made


@pytest.fixture
def administrator(member: Member) -> Member:
    """The same browser, in which an administrator has logged in."""
    member.has_account("root", AccessRole.ADMINISTRATOR)
    assert member.logs_in("root").status_code == 303
    return member


def facts(member: Member) -> list[str]:
    """The names of what was recorded of the window."""
    events = [event for event in member.story.events() if event.stream.kind == "window"]
    return [event.name.split(".")[1] for event in events]


# --- Before and after the log-in ------------------------------------------------------------------


def test_without_an_account_nobody_logs_in_and_each_page_says_so(story: Story) -> None:
    story.body()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        visitor = Visitor(story)
    assert "anybody at this machine can act as anybody" in said(visitor.opens("/"))
    assert "this store has no accounts" in said(visitor.opens("/log-in"))


def test_nothing_is_shown_before_the_log_in(member: Member) -> None:
    answer = member.client.get(f"{WINDOW}?lang=fr")
    assert 303 == answer.status_code
    assert f"/log-in?next={WINDOW}%3Flang%3Dfr" == answer.headers["location"]
    as_json = member.client.get(f"{WINDOW}.json")
    assert (401, "Bearer") == (as_json.status_code, as_json.headers["www-authenticate"][:6])
    assert 401 == member.client.get("/", headers={"Accept": "application/json"}).status_code
    assert "/log-in?next=/no/page" == member.client.get("/no/page").headers["location"]
    assert 200 == member.client.get("/static/placet.css").status_code


def test_the_log_in_leads_back_to_the_page(member: Member) -> None:
    page = member.opens(account_urls.log_in(WINDOW))
    assert field_values(page.text)["next"] == [WINDOW]
    answer = member.logs_in("ana", next=WINDOW)
    assert (303, WINDOW) == (answer.status_code, answer.headers["location"])
    shown = member.opens(WINDOW)
    assert "My account" in said(shown)
    assert "anybody at this machine" not in said(shown)


@pytest.mark.parametrize(
    "where",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "/\t/evil.example",
        "/..//evil.example",
        "javascript:alert(1)",
        "/ok\r\nSet-Cookie: a=b",
        "evil",
        "/" + "x" * 3000,
    ],
)
def test_the_log_in_leads_to_no_other_server(member: Member, where: str) -> None:
    answer = member.logs_in("ana", next=where)
    assert (303, "/") == (answer.status_code, answer.headers["location"])


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(member: Member) -> None:
    plain = member.logs_in("ana").headers.get_list("set-cookie")
    for cookie in plain:
        assert {"HttpOnly", "Path=/", "SameSite=lax"} <= {*cookie.split("; ")}
    assert {"placet", "placet-device"} == {cookie.partition("=")[0] for cookie in plain}
    safe = TestClient(member.client.app, base_url="https://testserver", follow_redirects=False)
    values = {"login": "ana", "password": PASSWORD}
    answer = safe.post("/log-in", data=values, headers=SENT_HERE)
    secure = answer.headers.get_list("set-cookie")
    names = {cookie.partition("=")[0] for cookie in secure}
    assert {"__Host-placet", "__Host-placet-device"} == names
    assert all("Secure" in cookie and "Domain" not in cookie for cookie in secure)
    assert 200 == safe.get(WINDOW).status_code


def test_a_session_that_somebody_fixed_before_is_not_the_one_that_begins(member: Member) -> None:
    fixed = "f" * 43
    victim = TestClient(member.client.app, follow_redirects=False)
    values, headers = {"login": "ana", "password": PASSWORD}, {"Cookie": f"placet={fixed}"}
    answer = victim.post("/log-in", data=values, headers=SENT_HERE | headers)
    assert 303 == answer.status_code
    assert fixed not in str(answer.headers)
    mallory = TestClient(member.client.app, follow_redirects=False, cookies={"placet": fixed})
    assert 303 == mallory.get(WINDOW).status_code


def test_a_log_in_from_a_page_of_somebody_else_is_refused(member: Member) -> None:
    values = {"login": "ana", "password": PASSWORD}
    answer = member.client.post("/log-in", data=values, headers=ELSEWHERE)
    assert 403 == answer.status_code
    assert 303 == member.client.get(WINDOW).status_code


def test_a_wrong_password_and_a_wrong_name_are_told_alike(member: Member) -> None:
    wrong, unknown = member.logs_in("ana", "nothing like it"), member.logs_in("anna")
    assert 422 == wrong.status_code == unknown.status_code
    assert said(wrong).replace("ana", "") == said(unknown).replace("anna", "")
    assert PASSWORD not in unknown.text
    for _ in range(4):
        member.logs_in("ana", "nothing like it")
    slowed = member.logs_in("ana")
    assert 429 == slowed.status_code
    assert int(slowed.headers["retry-after"]) <= 30
    assert "Please try again in" in said(slowed)


def test_logging_out_ends_the_session(member: Member) -> None:
    member.logs_in("ana")
    secret = member.client.cookies["placet"]
    assert 405 == member.client.get("/log-out").status_code
    assert 303 == member.posts("/log-out").status_code
    again = TestClient(member.client.app, follow_redirects=False, cookies={"placet": secret})
    assert 303 == again.get(WINDOW).status_code


def test_a_page_that_is_shared_is_told_to_be_the_same_only_after_the_log_in(member: Member) -> None:
    member.logs_in("ana")
    first = member.opens(WINDOW)
    same = member.client.get(WINDOW, headers={"If-None-Match": first.headers["etag"]})
    assert 304 == same.status_code
    member.client.cookies.clear()
    out = member.client.get(WINDOW, headers={"If-None-Match": first.headers["etag"]})
    assert 303 == out.status_code


def test_accounts_that_cannot_be_read_let_nobody_in(member: Member) -> None:
    from domain.ports.errors import Unavailable

    member.logs_in("ana")
    tables = member.placet.accounts.tables

    def fails(*_: object) -> None:
        raise Unavailable("the disk is gone")

    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(tables, "read", fails)
        assert 503 == member.client.get(WINDOW).status_code
    assert 200 == member.client.get(WINDOW).status_code


def test_a_revoked_session_ends_in_the_middle_of_a_form(member: Member) -> None:
    member.logs_in("ana")
    check = member.checks(RESPOND, seat="east", kind="objection", text="Not in red.")
    member.placet.accounts.sessions.end_all(member.placet.accounts.directory.named("ana").principal)
    answer = member.confirms(RESPOND, check)
    assert 401 == answer.status_code
    assert ["opened"] == facts(member)


# --- A form whose session has ended ---------------------------------------------------------------


def test_an_objection_of_an_ended_session_is_sent_after_the_log_in(member: Member) -> None:
    member.logs_in("ana")
    text = 'Not in red:\nneither "this" nor <that>.'
    check = member.checks(RESPOND, seat="east", kind="objection", text=text)
    member.goes_idle()

    held = member.confirms(RESPOND, check)
    assert 401 == held.status_code
    assert "has not been received yet" in said(held)
    assert ["opened"] == facts(member)
    assert () == tuple(member.placet.intake_queue.pending_entries())

    wrong = member.sends("/log-in", field_values(held.text) | {"login": "ana", "password": "no"})
    assert 422 == wrong.status_code
    right = field_values(wrong.text) | {"login": "ana", "password": PASSWORD}
    resumed = member.sends("/log-in", right)
    assert 200 == resumed.status_code
    assert "It counts as received when you send it now." in said(resumed)
    assert ["opened"] == facts(member)

    (path,) = parsed(resumed.text).xpath("//main//form/@action")
    member.clock.at += timedelta(minutes=2)
    done = member.sends(path, field_values(resumed.text))
    assert 303 == done.status_code
    assert ["opened", "response_received", "broken"] == facts(member)
    response = member.story.state("window/w").responses[0]
    assert text == response.response.text
    assert member.clock.at == response.received.exact


def test_the_second_factor_keeps_the_interrupted_form_too(member: Member) -> None:
    directory = member.placet.accounts.directory
    secret = pyotp.random_base32()
    principal = directory.named("ana").principal
    directory.enrol(principal, secret, pyotp.TOTP(secret).at(member.clock.at))
    member.clock.at += timedelta(minutes=1)
    held = member.sends(RESPOND, {"seat": "east", "kind": "objection", "text": "No."})
    assert 401 == held.status_code
    half = member.sends("/log-in", field_values(held.text) | {"login": "ana", "password": PASSWORD})
    assert "Your code" in said(half)
    assert "set-cookie" not in half.headers
    wrong = member.sends("/log-in/code", field_values(half.text) | {"code": "000000"})
    assert 422 == wrong.status_code
    code = pyotp.TOTP(secret).at(member.clock.at)
    resumed = member.sends("/log-in/code", field_values(wrong.text) | {"code": code})
    values = field_values(resumed.text)
    assert (["east"], ["No."]) == (values["seat"], values["text"])


def test_after_a_log_in_in_another_window_the_form_goes_on(member: Member) -> None:
    member.logs_in("ana")
    check = member.checks(RESPOND, seat="east", kind="objection", text="No.")
    member.goes_idle()
    held = member.confirms(RESPOND, check)
    (carried,) = {*parsed(held.text).xpath("//form[contains(@action, 'resume')]//input/@value")}
    not_yet = member.sends("/log-in/resume", {"interrupted": carried})
    assert 401 == not_yet.status_code
    member.logs_in("ana")
    resumed = member.sends("/log-in/resume", {"interrupted": carried})
    assert 303 == member.sends(RESPOND, field_values(resumed.text)).status_code
    assert "broken" in facts(member)


def test_a_form_of_an_earlier_session_is_sent_again_by_hand(member: Member) -> None:
    member.logs_in("ana")
    check = member.checks(RESPOND, seat="east", kind="objection", text="No.")
    member.logs_in("ana")
    stale = member.confirms(RESPOND, check)
    assert 409 == stale.status_code
    assert ["opened"] == facts(member)
    assert 303 == member.sends(RESPOND, field_values(stale.text)).status_code
    assert "broken" in facts(member)


def test_a_form_without_its_token_is_not_done(member: Member) -> None:
    member.logs_in("ana")
    check = field_values(member.checks(RESPOND, seat="east", kind="objection").text)
    for forged in ("", "0" * 64):
        answer = member.sends(RESPOND, check | {"confirmed": "yes", "form_token": forged})
        assert 409 == answer.status_code
    assert ["opened"] == facts(member)
    assert () == tuple(member.placet.intake_queue.pending_entries())


def test_an_interrupted_form_leads_to_no_other_server_and_repeats_no_password(
    member: Member,
) -> None:
    import json

    for path in ("//evil.example/act", "https://evil.example", "/account/password", "/"):
        form = json.dumps({"path": path, "values": {"a": ["b"]}, "files": []})
        answer = member.logs_in("ana", interrupted=form)
        assert 303 == answer.status_code, path
    for broken in ("{", "[]", "null", '{"path": 1, "values": [], "files": 0}'):
        assert 303 == member.logs_in("ana", interrupted=broken).status_code
    member.client.cookies.clear()
    secret = {"old": "the old password", "new": "the new password"}
    held = member.sends("/account/password", secret)
    assert 401 == held.status_code
    assert "the old password" not in held.text


# --- Tokens ---------------------------------------------------------------------------------------


def test_a_token_reads_or_acts_as_far_as_it_may(member: Member) -> None:
    accounts = member.placet.accounts
    principal = accounts.directory.named("ana").principal

    def token(scope: str) -> dict[str, str]:
        secret, _ = accounts.tokens.make(principal, "program", scope, timedelta(days=1))
        return {"Authorization": f"Bearer {secret}", **SENT_HERE}

    assert 200 == member.client.get(f"{WINDOW}.json", headers=token("read")).status_code
    wrong = member.client.get(f"{WINDOW}.json", headers={"Authorization": "Bearer placet_x"})
    assert (401, "This token is not known, or has expired.") == (
        wrong.status_code,
        wrong.json()["detail"],
    )
    values = {"seat": "east", "kind": "objection", "text": "No.", "confirmed": "yes"}
    denied = member.client.post(RESPOND, data=values, headers=token("read"))
    assert 403 == denied.status_code
    assert ["opened"] == facts(member)
    assert 303 == member.client.post(RESPOND, data=values, headers=token("act")).status_code
    assert "broken" in facts(member)
    assert 404 == member.client.get("/account", headers=token("act")).status_code


# --- One's own account ----------------------------------------------------------------------------


def test_somebody_changes_what_the_account_says(member: Member) -> None:
    member.logs_in("ana")
    evil = "<script>alert(1)</script>"
    given = {"display_name": evil, "email": "ana@example.org", "language": "fr"}
    assert 303 == member.posts("/account/details", **given).status_code
    shown = member.opens("/account?done=details&lang=en")
    assert "Your details are changed." in said(shown)
    assert evil not in shown.text
    account = member.placet.accounts.directory.named("ana")
    assert (evil, "fr") == (account.display_name, account.language)
    assert "no-store" == shown.headers["cache-control"]


def test_pages_are_in_the_language_of_the_account(member: Member) -> None:
    """From when it is chosen, also after the next log-in; the address says otherwise."""
    member.logs_in("ana")
    before = member.opens("/").headers["content-language"]
    member.posts("/account/details", language="fr")
    chosen = member.opens("/").headers["content-language"]
    member.posts("/log-out")
    out = member.client.get("/log-in").headers["content-language"]
    member.logs_in("ana")

    assert ("en", "fr", "en") == (before, chosen, out)
    assert "fr" == member.opens("/").headers["content-language"]
    assert "ar" == member.opens("/?lang=ar").headers["content-language"]


def test_somebody_changes_the_password(member: Member) -> None:
    member.logs_in("ana")
    other = TestClient(member.client.app, follow_redirects=False)
    other.post("/log-in", data={"login": "ana", "password": PASSWORD}, headers=SENT_HERE)
    wrong = member.posts("/account/password", old="not this", new="another way to Vienna")
    assert 422 == wrong.status_code
    short = member.posts("/account/password", old=PASSWORD, new="short")
    assert "12 to 256 characters" in said(short)
    done = member.posts("/account/password", old=PASSWORD, new="another way to Vienna")
    assert 303 == done.status_code
    assert 200 == member.client.get("/account").status_code
    assert 303 == other.get("/account").status_code
    assert 422 == member.logs_in("ana").status_code


def test_somebody_sets_a_second_factor_up_and_logs_in_with_it(member: Member) -> None:
    member.logs_in("ana")
    page = member.posts("/account/second-factor")
    assert "<svg" in page.text
    secret = re.sub(r"\s", "", parsed(page.text).xpath("string(//main//code)"))
    wrong = member.sends("/account/second-factor/enrol", field_values(page.text) | {"code": "1"})
    assert 422 == wrong.status_code
    code = pyotp.TOTP(secret).at(member.clock.at)
    form = field_values(wrong.text) | {"code": code}
    led = member.sends("/account/second-factor/enrol", form)
    twice = member.sends("/account/second-factor/enrol", form)
    assert (303, led.headers["location"]) == (twice.status_code, twice.headers["location"])
    done = member.opens(led.headers["location"])
    assert done.text == member.opens(led.headers["location"]).text, "a reload shows them again"
    recovery = parsed(done.text).xpath("//main//code/text()")
    assert 10 == len(recovery)
    half = member.logs_in("ana")
    entered = field_values(half.text) | {"code": recovery[0]}
    assert 303 == member.sends("/log-in/code", entered).status_code
    assert "9 recovery codes are left." in said(member.opens("/account"))
    assert 303 == member.posts("/account/second-factor/remove").status_code
    assert 303 == member.logs_in("ana").status_code


def test_somebody_ends_other_sessions(member: Member) -> None:
    member.logs_in("ana")
    others = [TestClient(member.client.app, follow_redirects=False) for _ in range(2)]
    for other in others:
        other.post("/log-in", data={"login": "ana", "password": PASSWORD}, headers=SENT_HERE)
    (first, _) = parsed(member.opens("/account").text).xpath(
        "//form[@action='/account/end-session']//button/ancestor::form//input[@name='session']/@value"
    )
    assert 303 == member.posts("/account/end-session", session=first).status_code
    assert [200, 303] == sorted(other.get("/account").status_code for other in others)
    assert 303 == member.posts("/account/end-sessions").status_code
    assert {303} == {other.get("/account").status_code for other in others}
    assert 200 == member.client.get("/account").status_code


def test_somebody_makes_a_token_and_revokes_it(member: Member) -> None:
    member.logs_in("ana")
    given = {"label": "feed", "scope": "read", "days": "30"}
    made = member.opens(member.posts("/account/make-token", **given).headers["location"])
    secret = parsed(made.text).xpath("string(//main//code)")
    bearer = {"Authorization": f"Bearer {secret}"}
    browserless = TestClient(member.client.app, follow_redirects=False)
    assert 200 == browserless.get(WINDOW, headers=bearer).status_code
    acts = given | {"label": "robot", "scope": "act"}
    may_act = member.opens(member.posts("/account/make-token", **acts).headers["location"])
    robot = {"Authorization": "Bearer " + parsed(may_act.text).xpath("string(//main//code)")}
    answered = browserless.post(RESPOND, data={"kind": "support"}, headers=robot)
    assert 403 != answered.status_code, "it is read, though it says not from where it is sent"
    member.clock.at += timedelta(minutes=6)
    assert 422 == member.posts("/account/make-token", **given).status_code
    assert 303 == member.posts("/account/make-token", proof=PASSWORD, **given).status_code
    for hash_ in parsed(member.opens("/account").text).xpath("//input[@name='token']/@value"):
        assert 303 == member.posts("/account/revoke-token", token=hash_).status_code
    assert 401 == browserless.get(WINDOW, headers=bearer).status_code


# --- Accounts of all ------------------------------------------------------------------------------


def test_only_an_administrator_sees_the_accounts_of_all(member: Member) -> None:
    member.logs_in("ana")
    assert 404 == member.client.get("/accounts").status_code
    assert 404 == member.posts("/accounts/erase", principal="x").status_code
    assert "All accounts" not in said(member.opens("/account"))


def test_an_administrator_invites_a_member_who_logs_in(administrator: Member) -> None:
    given = {
        "display_name": "Bo",
        "email": "bo@example.org",
        "organisation": ORGANISATION,
        "role": "member",
        "body": "b",
        "seat": "west",
    }
    refused = administrator.posts("/accounts/invite", on="/accounts", **given | {"seat": "moon"})
    assert 422 == refused.status_code
    assert [] == administrator.placet.accounts.invitations.pending()
    led = administrator.posts("/accounts/invite", on="/accounts", **given)
    made = administrator.opens(led.headers["location"])
    link = parsed(made.text).xpath("string(//main//code)")
    granted = administrator.story.events()[-1]
    root = administrator.placet.accounts.directory.named("root").principal
    assert ("organisation.role_granted", root, "password") == (
        granted.name.rpartition(".v")[0] or granted.name,
        granted.actor.principal,
        granted.actor.authenticated_by,
    )
    bo = TestClient(administrator.client.app, follow_redirects=False)
    path = link.removeprefix("http://testserver")
    assert 200 == bo.get(path).status_code == bo.get(path).status_code, "looking uses nothing up"
    taken = bo.post(path, data={"login": "ana", "password": PASSWORD}, headers=SENT_HERE)
    assert 422 == taken.status_code
    done = bo.post(path, data={"login": "bo", "password": PASSWORD}, headers=SENT_HERE)
    assert 303 == done.status_code
    assert 200 == bo.get(WINDOW).status_code
    assert 410 == bo.get(path).status_code
    again = bo.post(path, data={"login": "bo2", "password": PASSWORD}, headers=SENT_HERE)
    assert 410 == again.status_code
    grant = granted.fact
    bo_account = administrator.placet.accounts.directory.named("bo")
    assert bo_account.principal == grant.principal


def test_an_invitation_needs_proof_and_is_made_once(administrator: Member) -> None:
    pending = administrator.placet.accounts.invitations.pending
    administrator.clock.at += timedelta(minutes=6)
    page = administrator.opens("/accounts")
    (form,) = parsed(page.text).xpath(
        "//form[@action='/accounts/invite']//input[@name='form']/@value"
    )
    given = {"display_name": "Bo", "organisation": ORGANISATION, "role": "administrator"}
    given["form"] = form
    refused = administrator.posts("/accounts/invite", on="/accounts", **given)
    assert (422, []) == (refused.status_code, pending())
    assert "Bo" in parsed(refused.text).xpath("//input[@name='display_name']/@value")
    assert parsed(refused.text).xpath("//option[@value='administrator' and @selected]")
    proved = given | {"proof": PASSWORD}
    first, second = (
        administrator.posts("/accounts/invite", on="/accounts", **proved) for _ in range(2)
    )
    where = first.headers["location"]
    assert (303, 303, where) == (
        first.status_code,
        second.status_code,
        second.headers["location"],
    )
    assert 1 == len(pending())
    links = {
        parsed(administrator.opens(where).text).xpath("string(//main//code)") for _ in range(2)
    }
    assert 1 == len(links)

    other = TestClient(administrator.client.app, follow_redirects=False)
    other.post("/log-in", data={"login": "ana", "password": PASSWORD}, headers=SENT_HERE)
    assert "/account?done=shown" == other.get(where).headers["location"]
    administrator.clock.at += timedelta(minutes=10)
    later = administrator.client.get(where)
    assert (303, "/account?done=shown") == (later.status_code, later.headers["location"])
    assert "ten minutes" in said(administrator.opens("/account?done=shown"))


def test_a_page_says_whose_role_nobody_can_use_now(administrator: Member) -> None:
    given = {"display_name": "Bo", "organisation": ORGANISATION, "role": "administrator"}
    administrator.posts("/accounts/invite", on="/accounts", **given)
    organisation = f"/organisations/{ORGANISATION}"
    assert "invitation not accepted" in said(administrator.opens(organisation))
    root = administrator.placet.accounts.directory.named("root").principal
    erase = {"on": "/accounts", "principal": root}
    administrator.placet.accounts.directory.add("second", password=PASSWORD)
    left = administrator.posts("/accounts/erase", **erase)
    assert (422, True) == (left.status_code, "administrator" in said(left))
    (invitation,) = administrator.placet.accounts.invitations.pending()
    take_back = {"on": "/accounts", "invitation": invitation.hash}
    assert 303 == administrator.posts("/accounts/take-back", **take_back).status_code
    shown = said(administrator.opens(organisation))
    assert ("invitation not accepted" in shown, "not held now" in shown) == (False, True)


def test_an_administrator_disables_and_erases(administrator: Member) -> None:
    directory = administrator.placet.accounts.directory
    ana = directory.named("ana").principal
    browser = TestClient(administrator.client.app, follow_redirects=False)
    log_in = {"login": "ana", "password": PASSWORD}
    browser.post("/log-in", data=log_in, headers=SENT_HERE)
    for address, works in (("disable", 303), ("enable", 200), ("end-sessions", 303)):
        administrator.clock.at += timedelta(minutes=6)
        if address != "enable":
            done = administrator.posts(f"/accounts/{address}", on="/accounts", principal=ana)
            assert 422 == done.status_code, "it needs proof"
        proved = {"principal": ana, "proof": PASSWORD}
        done = administrator.posts(f"/accounts/{address}", on="/accounts", **proved)
        assert 303 == done.status_code, said(done)
        if works == 200:
            browser.post("/log-in", data=log_in, headers=SENT_HERE)
        assert (address, works) == (address, browser.get("/account").status_code)
    administrator.clock.at += timedelta(minutes=6)
    erase = {"on": "/accounts", "principal": ana}
    assert 422 == administrator.posts("/accounts/erase", **erase).status_code
    assert 303 == administrator.posts("/accounts/erase", proof=PASSWORD, **erase).status_code
    assert ["root"] == [account.login for account in directory.all()]


# --- Before what is final -------------------------------------------------------------------------


def test_an_officer_proves_again_before_what_cannot_be_taken_back(member: Member) -> None:
    member.has_account("chair", AccessRole.PRESIDING_OFFICER)
    member.logs_in("chair")
    member.clock.at += timedelta(minutes=6)
    check = member.checks(SUPERSEDE, reason="The text must change.")
    again = member.confirms(SUPERSEDE, check)
    assert "Is it you?" in said(again)
    assert ["opened"] == facts(member)
    wrong = member.sends(SUPERSEDE, field_values(again.text) | {"proof": "no", "confirmed": "y"})
    assert 422 == wrong.status_code
    assert ["opened"] == facts(member)
    values = field_values(wrong.text)
    assert "no" not in [text for texts in values.values() for text in texts]
    done = member.sends(SUPERSEDE, values | {"proof": PASSWORD, "confirmed": "y"})
    assert 303 == done.status_code, said(done)
    assert ["opened", "superseded"] == facts(member)


def test_a_seat_is_not_kept_from_objecting_by_a_proof(member: Member) -> None:
    member.logs_in("ana")
    member.clock.at += timedelta(minutes=20)
    member.acts("respond", seat="east", kind="objection", text="No.")
    assert "broken" in facts(member)


def test_an_adoption_on_an_editing_page_is_proved_again_too(member: Member) -> None:
    """What is final is asked for a proof on whatever page it is done."""
    member.story.agenda("1", "2")
    member.story.do("submit items", agenda="a")
    member.has_account("office", AccessRole.SECRETARIAT)
    member.logs_in("office")
    member.clock.at += timedelta(minutes=6)
    path = "/agendas/fictional/a/edit/oral-amendments"
    line = {"r1-act": "delete", "r1-number": "2"}
    check = member.sends(path, member.fills(path, **line))
    again = member.confirms(path, check)
    assert "Is it you?" in said(again)
    assert "agenda.adopted.v1" not in [event.name for event in member.story.events()]
    wrong = member.sends(path, field_values(again.text) | {"proof": "no", "confirmed": "y"})
    assert 422 == wrong.status_code
    right = field_values(wrong.text) | {"proof": PASSWORD, "confirmed": "y"}
    done = member.sends(path, right)
    assert 303 == done.status_code, said(done)
    assert "agenda.adopted" in member.story.events()[-1].name

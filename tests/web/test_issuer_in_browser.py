"""Log-in by an issuer in a real browser, whose rules for forms, cookies and redirects hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from chromium import IN_CHROMIUM
from chromium import browser as browser
from issuer_site import IssuerSite, served_site
from openid_issuer import Fault, OpenIdIssuer, served_issuer
from story import Story

pytestmark = IN_CHROMIUM


@pytest.fixture
def site(story: Story) -> Iterator[IssuerSite]:
    with served_issuer(OpenIdIssuer()) as issuer, served_site(story, issuer) as made:
        yield made


@pytest.fixture
def page(site: IssuerSite, browser: Browser) -> Iterator[Page]:
    """An empty page of a browser that is as wide as a telephone."""
    made = browser.new_page(base_url=site.address, viewport={"width": 390, "height": 900})
    yield made
    made.close()


def log_in(page: Page, name: str) -> None:
    page.get_by_role("link", name="Log in with Corp").click()
    page.get_by_role("button", name=name).click()


def test_in_by_the_issuer_to_the_page_that_was_wanted_and_out_of_both(
    site: IssuerSite, page: Page
) -> None:
    site.knows()
    page.goto("/history/none?lang=en")
    log_in(page, "Ada")
    assert page.url.endswith("/history/none?lang=en")
    page.goto("/account")
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("link", name="Log out there too").click()
    expect(page).to_have_url(f"{site.address}/log-in")
    page.get_by_role("link", name="Log in with Corp").click()
    expect(page.get_by_role("heading")).to_have_text("Who are you?")


def test_who_is_turned_away_reads_why_in_their_language(site: IssuerSite, page: Page) -> None:
    site.knows(subject="c-d-2")
    page.goto("/log-in?lang=ar")
    page.locator("a[href^='/log-in/with/']").click()
    page.get_by_role("button", name="Ada").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("dd code")).to_have_text("a-b-1")
    assert 0 == page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def test_an_outage_of_the_issuer_leaves_the_password(site: IssuerSite, page: Page) -> None:
    site.knows()
    page.goto("/log-in?next=/?lang=en")
    page.get_by_role("link", name="Log in with Corp").click()
    site.issuer.faults = {Fault.OUT_OF_ORDER}
    page.get_by_role("button", name="Ada").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The log-in service does not answer")
    page.get_by_role("link", name="Log in another way").click()
    page.get_by_label("Login name").fill("ada")
    page.get_by_label("Password").fill("a long way to Vienna")
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(re.compile(r"/\?lang=en$"))

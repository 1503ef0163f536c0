"""The pages in a real browser: nothing runs over the edge, and the console stays silent."""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from chromium import IN_CHROMIUM
from chromium import browser as browser
from domain.languages import LANGUAGES
from domain.streams import StreamKind
from served_app import served_app
from story import Story
from web.forms.editing_places import EditingPlace
from web.forms.form_places import FormPlace
from web_site import made
from web_visitor import WINDOW, Hands, pages
from workflows.acts.catalogue import BY_ADDRESS
from workflows.editing.catalogue import BY_ADDRESS as EDITED

ICON = "/static/placet.svg"
AGENDA = "/agendas/fictional/a"
DOCUMENT = "/documents/fictional/paper"
PAGES = {
    "board": "/",
    "agenda": "/agendas/un/wg7-10",
    "live agenda": "/agendas/fiction/a-5",
    "document": "/documents/un/wg7-2023-1",
    "window": "/windows/fiction/a-5-items",
    "bodies": "/bodies/un",
    "body": "/bodies/un/untoc-wg7",
    "session": "/sessions/un/wg7-10",
    "window without names": "/windows/fiction/sealed-items",
    "history": "/history/un?at=20",
    "event": "/events/un/48",
    "receipt": "/receipts/fiction/31",
}

OTHER_SCRIPTS = {"ar", "ru", "zh"}
"""The languages in which words of English are seen at once."""
IN_ENGLISH = """[...document.querySelectorAll('main *')]
    .filter(e => !e.closest('bdi, code, pre, textarea, option, [lang=en]'))
    .flatMap(e => [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.textContent.trim()))
    .filter(text => /[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}/.test(text))"""
"""The texts of a page with four words of English in a row, but for those of the record."""

pytestmark = IN_CHROMIUM


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with pages to read."""
    with served_app(made(tmp_path_factory.mktemp("browser") / "store").app) as here:
        yield here


@pytest.fixture
def acting(story: Story) -> Iterator[str]:
    """A server on whose pages a silence procedure on two entries can be acted upon."""
    story.body(seats=("east", "west"))
    story.agenda()
    dates = {"starts": "2026-05-04", "ends": "2026-05-06"}
    story.do("schedule session", session="s", body="b", number="3", **dates)
    masthead = {"symbol": "FBR/2026/1", "type": "provisional agenda", "body": "b", "agenda": "a"}
    story.do("register document", document="paper", languages=["en", "fr"], **masthead)
    story.do("issue version", document="paper", language="en", job_number="V.26-00001")
    story.silence(subject={"type": "list of entries", "items": ["a", "b"]}, by_item=True)
    hands = Hands(story.now + timedelta(minutes=1))
    story.placet.clock = hands
    with served_app(pages(story.placet, hands)) as here:
        yield here


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_pages_fit_and_the_console_is_silent(
    browser: Browser, address: str, width: int, language: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for name, path in PAGES.items():
        answer = page.goto(f"{address}{path}{'&' if '?' in path else '?'}lang={language}")
        assert (name, True) == (name, answer is not None and answer.ok)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        beyond = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert (name, beyond, said) == (name, 0, [])
    page.close()


def counted(app: Any, found: list[tuple[str, int, int]]) -> Any:
    """The application, which notes path, status and bytes of each answer."""

    async def noting(scope: Any, receive: Any, send: Any) -> None:
        status = 0

        async def note(message: Any) -> None:
            nonlocal status
            status = message.get("status", status)
            if message["type"] == "http.response.body":
                found.append((scope["path"], status, len(message["body"])))
            await send(message)

        await app(scope, receive, note)

    return noting


@pytest.mark.parametrize("path", [PAGES["board"], PAGES["agenda"], PAGES["window"]])
def test_a_page_that_is_opened_twice_comes_over_the_line_once(
    browser: Browser, tmp_path: Path, path: str
) -> None:
    """The second time one answer without a body; the control: in another language all of it.

    Each answer is a round trip, which takes a telephone a tenth of a second or more. When it asks
    for the icon is the browser's own affair.
    """
    found: list[tuple[str, int, int]] = []
    with served_app(counted(made(tmp_path / "store").app, found)) as address:
        page = browser.new_page()
        opened = []
        for language in ("en", "en", "fr"):
            found.clear()
            page.goto(f"{address}{path}?lang={language}")
            opened.append([answer for answer in found if answer[0] != ICON])
            shown = page.content()
            assert "Placet" in shown
            page.goto("about:blank")
        page.close()
    first, second, other = opened

    assert [path, "/static/placet.css"] == [answer[0] for answer in first][:2]
    assert 200 == first[0][1]
    assert [(path, 304, 0)] == second
    assert [(path, 200)] == [answer[:2] for answer in other]


@pytest.mark.parametrize("scripts", [True, False])
def test_an_opening_asks_what_its_kind_of_text_needs(
    browser: Browser, acting: str, scripts: bool
) -> None:
    """Before a kind is chosen all is asked, as in a browser that cannot hide anything."""
    fields = {"agenda": "#agenda", "parts": "#parts", "text": "#text-en", "title": "#title-en"}
    page = browser.new_page(java_script_enabled=scripts)
    page.goto(f"{acting}/open/fictional?lang=en")
    shown = {}
    for kind in ("", "agenda items", "decision text", "list of entries"):
        if kind:
            page.locator(f"input[name=type][value='{kind}']").check()
        shown[kind] = {name for name, place in fields.items() if page.locator(place).is_visible()}
    page.close()

    assert {
        "": {*fields},
        "agenda items": {"agenda", "title"},
        "decision text": {"text", "title"},
        "list of entries": {"parts", "text", "title"},
    } == shown


def test_headings_are_in_order_and_targets_large_enough(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 900})
    for path in PAGES.values():
        page.goto(f"{address}{path}")
        levels = page.evaluate(
            "[...document.querySelectorAll('h1, h2, h3, h4')].map(one => +one.tagName[1])"
        )
        small = page.evaluate(
            "[...document.querySelectorAll('header a, .button')]"
            ".filter(one => one.getBoundingClientRect().height < 24).map(one => one.textContent)"
        )
        skips = [(a, b) for a, b in pairwise(levels) if b > a + 1]
        assert (path, levels.count(1), skips, small) == (path, 1, [], [])
    page.close()


def test_the_keyboard_reaches_the_content_first(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("#main$"))
    page.close()


def test_arabic_pages_run_from_the_right(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}/agendas/un/wg7-10?lang=ar")
    boxes = page.evaluate(
        "[...document.querySelectorAll('.steps li')].map(one => one.getBoundingClientRect().left)"
    )

    assert boxes == sorted(boxes, reverse=True)
    page.close()


def test_a_seat_objects_with_nothing_but_a_browser(
    browser: Browser, acting: str, story: Story
) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{acting}{WINDOW}")
    page.click("text=Respond")
    page.click("text=Go on and check")
    expect(page.locator("#wrong")).to_contain_text("This is needed.")

    page.select_option("#seat", "east")
    page.check("input[value='objection']")
    page.check("input[name=items][value=b]")
    page.fill("#text", "Not in red.\nNor in blue.")
    page.click("text=Go on and check")
    expect(page.locator("main")).to_contain_text("in part. Not approved will be: b.")
    page.click("text=Change it")
    expect(page.locator("#text")).to_have_value("Not in red.\nNor in blue.")
    page.click("text=Go on and check")
    page.click("text=Confirm and record")

    expect(page.locator("main")).to_contain_text("number 1")
    expect(page).to_have_url(re.compile(f"^{re.escape(acting + WINDOW)}/recorded/"))
    window = story.state("window/w")
    assert ({"b"}, "Not in red.\nNor in blue.") == (
        window.broken,
        window.responses[0].response.text,
    )
    page.context.close()


def test_an_agenda_reaches_its_report_with_nothing_but_a_browser(
    browser: Browser, story: Story
) -> None:
    """From the first item over a meeting that approves to the report, without scripts."""
    story.body()
    story.do("start agenda", agenda="a", body="b", approved_by="b")
    hands = Hands(story.now + timedelta(minutes=1))
    story.placet.clock = hands
    page = browser.new_context(java_script_enabled=False).new_page()
    steps: list[tuple[str, dict[str, str]]] = [
        ("Propose an item", {"#item": "1", "#title-en": "Buoys"}),
        ("Propose an item", {"#item": "2", "#title-en": "Ropes"}),
        ("Renumber items", {"#number-1": "2", "#number-2": "1", "#reason": "In order."}),
        ("Submit items for approval", {}),
        ("Enter an approval at a meeting", {"check": "consensus"}),
        ("Adopt the agenda", {}),
        ("Put forward the draft report", {"#by": "Rapporteur"}),
        ("Adopt the report", {"#oral_amendments": "Paragraph 3"}),
    ]
    with served_app(pages(story.placet, hands)) as here:
        for title, fields in steps:
            page.goto(f"{here}{AGENDA}")
            page.get_by_role("link", name=title, exact=True).first.click()
            for name, text in fields.items():
                if name == "check":
                    page.check(f"input[value='{text}']")
                else:
                    page.fill(name, text)
            page.click("text=Go on and check")
            page.click("text=Confirm and record")
            expect(page.locator("h1")).to_have_text("It is recorded")
        page.goto(f"{here}{AGENDA}")
        expect(page.locator("nav.acts a")).to_have_text(["Correct a fact", "Register a document"])
    agenda = story.state("agenda/a")
    page.close()

    assert "report adopted" == agenda.stage
    assert ["2", "1"] == [item.item for item in agenda.items]


def test_going_back_reloading_and_clicking_twice_are_harmless(
    browser: Browser, acting: str, story: Story
) -> None:
    """Enter goes on, another language keeps what is written, and nothing is recorded twice."""
    page = browser.new_page()
    page.goto(f"{acting}{AGENDA}/act/propose-item")
    page.fill("#item", "7")
    page.fill("#title-en", "Buoys")
    page.locator("#title-en").press("Enter")
    expect(page.locator("h1")).to_have_text("Check: Propose an item")
    page.reload()
    expect(page.locator("h1")).to_have_text("Check: Propose an item")
    page.go_back()
    expect(page.locator("#title-en")).to_have_value("Buoys")
    page.fill("#title-en", "Buoys and ropes")
    page.click(".languages button[value=fr]")
    expect(page.locator("#title-en")).to_have_value("Buoys and ropes")
    page.click(".languages button[value=en]")
    page.click("text=Go on and check")
    page.dblclick("text=Confirm and record")
    expect(page.locator("h1")).to_have_text(re.compile("It is recorded|Recorded already"))
    for _ in range(2):
        page.go_back()
        expect(page.locator("h1")).to_have_text("Recorded already")
    page.reload()
    expect(page.locator("h1")).to_have_text("Recorded already")
    page.close()

    assert 1 == [item.item for item in story.state("agenda/a").items].count("7")


def test_going_back_from_an_objection_is_harmless(
    browser: Browser, acting: str, story: Story
) -> None:
    page = browser.new_page()
    page.goto(f"{acting}{WINDOW}/act/respond")
    page.select_option("#seat", "east")
    page.check("input[value='objection']")
    page.check("input[name=items][value=b]")
    page.fill("#text", "Not in red.")
    page.click("text=Go on and check")
    page.reload()
    page.click("text=Confirm and record")
    expect(page.locator("main")).to_contain_text("number 1")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Recorded already")
    page.close()

    assert 1 == len(story.state("window/w").responses)


def test_a_page_of_somebody_else_sends_no_form(
    browser: Browser, acting: str, story: Story, tmp_path: Path
) -> None:
    evil = tmp_path / "evil.html"
    fields = "<input name=seat value=east><input name=kind value=objection><input name=confirmed>"
    evil.write_text(f"<form method=post action='{acting}{WINDOW}/act/respond'>{fields}<button>")
    page = browser.new_page()
    page.goto(evil.as_uri())
    page.click("button")

    expect(page.locator("main")).to_contain_text("This form came from another place")
    assert not story.state("window/w").responses
    page.close()


@pytest.fixture
def all_forms_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms are shown also of acts that cannot be done now."""
    monkeypatch.setattr(FormPlace, "untimely", None)
    monkeypatch.setattr(EditingPlace, "untimely", None)


@pytest.mark.heavy
@pytest.mark.usefixtures("all_forms_shown")
@pytest.mark.parametrize("language", [*LANGUAGES])
def test_forms_fit_and_the_console_is_silent(browser: Browser, acting: str, language: str) -> None:
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    pages_of = {
        StreamKind.WINDOW: WINDOW,
        StreamKind.AGENDA: AGENDA,
        StreamKind.DOCUMENT: DOCUMENT,
        StreamKind.BODY: "/bodies/fictional/b",
        StreamKind.SESSION: "/sessions/fictional/s",
        StreamKind.ORGANISATION: "/organisations/fictional",
    }
    forms = [f"{pages_of[noun]}/act/{slug}" for noun, slug in BY_ADDRESS]
    forms += [f"{pages_of[noun]}/edit/{slug}" for noun, slug in EDITED]
    notes = (f"{AGENDA}/edit/annotations/item/1", f"{AGENDA}/edit/annotations/language/ar")
    others = (
        "/open/fictional",
        "/establish/fictional",
        "/outstanding/fictional",
        "/drafts/fictional",
        "/set-up/fictional",
        *notes,
    )
    for path in (*forms, *others, "/bodies/fictional", *pages_of.values()):
        page.goto(f"{acting}{path}?lang={language}")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        nameless = page.evaluate(
            "[...document.querySelectorAll("
            "'input:not([type=hidden], [aria-hidden]), select, textarea')]"
            ".filter(one => !one.labels.length).map(one => one.name)"
        )
        assert (path, nameless, said) == (path, [], [])
        foreign = page.evaluate(IN_ENGLISH) if language in OTHER_SCRIPTS else []
        assert (path, foreign) == (path, [])
        for width in (320, 390, 1280) if language in {"en", "ar"} else (390,):
            page.set_viewport_size({"width": width, "height": 900})
            beyond = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            small = page.evaluate(
                "[...document.querySelectorAll('button, .button,"
                " main input:not([type=hidden], [aria-hidden])')]"
                ".filter(one => one.getBoundingClientRect().height < 24).map(one => one.outerHTML)"
            )
            assert (path, width, beyond, small) == (path, width, 0, [])
    page.close()


@pytest.mark.parametrize(
    ("language", "missing"),
    [("en", "while the clock is stopped"), ("ar", "ما دامت المهلة موقوفة")],
)
def test_that_an_act_cannot_be_done_now_fits(
    browser: Browser, acting: str, language: str, missing: str
) -> None:
    """Nothing is stopped, so nothing can be resumed: the page says so and has no form."""
    page = browser.new_page(viewport={"width": 320, "height": 900})
    page.goto(f"{acting}{WINDOW}/act/resume?lang={language}")
    width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

    assert (0, 0) == (page.evaluate(width), page.locator("main form").count())
    expect(page.locator("main")).to_contain_text(missing)
    page.close()


def test_what_is_wrong_with_a_form_has_the_focus(browser: Browser, acting: str) -> None:
    page = browser.new_page()
    page.goto(f"{acting}{WINDOW}/act/extend")
    page.click("text=Go on and check")

    expect(page.locator("#wrong")).to_be_focused()  # a browser moves it when it first draws
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#closes$"))
    page.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_two_officers_edit_one_list_of_items(browser: Browser, acting: str, scripts: bool) -> None:
    """With buttons that make room, and a second officer who is told of the first."""
    path = f"{acting}{AGENDA}/edit/items"
    first, second = (browser.new_context(java_script_enabled=scripts).new_page() for _ in range(2))
    for page in (first, second):
        page.goto(path)
    check, record = "Go on and check", "Confirm and record"
    first.locator("#r2").get_by_role("button", name="Insert a line above").click()
    first.fill("#r2-number", "2")
    first.fill("#r2-title-en", "Springs")
    first.fill("#r3-number", "3")
    first.fill("#a-reason", "a new item")
    first.get_by_role("button", name=check).last.click()
    first.get_by_role("button", name=record).click()
    expect(first.get_by_role("heading", level=1)).to_have_text("It is recorded")

    second.fill("#r1-title-en", "Opening")
    second.fill("#a-reason", "clearer")
    second.get_by_role("button", name=check).last.click()
    expect(second.locator("#wrong")).to_contain_text("was proposed: “Springs”")
    second.get_by_role("button", name=check).last.click()
    second.get_by_role("button", name=record).click()
    second.goto(f"{acting}{AGENDA}")
    expect(second.locator("main")).to_contain_text("Opening")
    expect(second.locator("main")).to_contain_text("Springs")
    for page in (first, second):
        page.context.close()


def test_a_roster_is_pasted_and_put_right_in_its_editor(browser: Browser, acting: str) -> None:
    """Three lines are wrong; nothing of what was pasted is lost on the way."""
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.goto(f"{acting}/bodies/fictional/b/edit/roster")
    text = "East\teast\tmember\nWest\twest\tking\n\tnorth\nMidland\n=A1\tx"
    page.fill("#text", text)
    page.get_by_role("button", name="Go on and check").last.click()
    wrong = page.locator("#wrong li")
    expect(wrong).to_have_count(3)
    for place, line in enumerate((2, 3, 5)):
        expect(wrong.nth(place)).to_contain_text(f"Line {line}")
    expect(page.locator("#text")).to_have_value(text)
    page.fill("#text", text.replace("king", "member").replace("\tnorth", "North\tnorth"))
    page.fill("#text", page.input_value("#text").replace("=A1", "Far"))
    page.get_by_role("button", name="Go on and check").last.click()
    page.get_by_role("button", name="Confirm and record").click()
    expect(page.locator("main")).to_contain_text("Midland took the seat midland")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("It is recorded")
    page.close()

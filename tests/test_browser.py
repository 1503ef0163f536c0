"""The pages in a real browser: nothing runs over the edge, and the console stays silent."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright
from test_pages import made

CHROMIUM = Path("/usr/bin/chromium")
PAGES = {
    "board": "/",
    "agenda": "/agendas/un/wg7-10",
    "live agenda": "/agendas/fiction/a-5",
    "window": "/windows/fiction/a-5-items",
    "window without names": "/windows/fiction/sealed-items",
    "history": "/history/un?at=20",
    "event": "/events/un/48",
    "receipt": "/receipts/fiction/31",
}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM.exists() and "CI" not in os.environ, reason=f"{CHROMIUM} is not there"
    ),
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of its own, on a free port."""
    site = made(tmp_path_factory.mktemp("browser") / "store")
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(site.app, log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        launched = started.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        yield launched
        launched.close()


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

    assert page.url.endswith("#main")
    page.close()


def test_arabic_pages_run_from_the_right(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}/agendas/un/wg7-10?lang=ar")
    boxes = page.evaluate(
        "[...document.querySelectorAll('.steps li')].map(one => one.getBoundingClientRect().left)"
    )

    assert boxes == sorted(boxes, reverse=True)
    page.close()

"""A person with a browser of their own, who gets about by the links and forms of pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, Response, ViewportSize

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SHOWN = "[...document.querySelectorAll('.unseen')].filter(e => e.offsetWidth > 1).length"
"""How many words are seen that are for those only who listen to a page."""
REFUSED = re.compile(r"status of 4\d\d")
"""What the console says of a form that was refused, as it should be."""


@dataclass
class BrowserPerson:
    """Somebody who reads in one language, with a browser context, and so a log-in, of their own."""

    name: str
    page: Page
    language: str
    problems: list[str] = field(default_factory=list)
    """What no page should do: what the console said, and what ran over an edge."""

    @classmethod
    def opens(
        cls, browser: Browser, address: str, name: str, language: str, width: int, *, scripts: bool
    ) -> BrowserPerson:
        """A new browser context at this server."""
        context = browser.new_context(
            base_url=address,
            viewport=ViewportSize(width=width, height=900),
            locale=language,
            java_script_enabled=scripts,
        )
        person = cls(name, context.new_page(), language)
        person.page.on("console", lambda message: person.hears(message.text))
        person.page.on("pageerror", lambda error: person.problems.append(str(error)))
        return person

    def hears(self, message: str) -> None:
        """What the console says."""
        if not REFUSED.search(message):
            self.problems.append(message)

    # --- Getting about ----------------------------------------------------------------------------

    @property
    def said(self) -> str:
        """The words of the page, in one line."""
        return " ".join(self.page.locator("main").inner_text().split())

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def goes(self, path: str, status: int = 200) -> BrowserPerson:
        """To an address, whose answer has this status."""
        answer = self.page.goto(path)
        assert answer, path
        return self.finds(answer, status)

    def finds(self, answer: Response | None, status: int = 200) -> BrowserPerson:
        """A page that fits the screen, and is written in the direction of its language."""
        if answer:
            assert answer.status == status, (self.name, self.page.url, answer.status, self.said)
        language, direction = self.page.evaluate(
            "[document.documentElement.lang, document.documentElement.dir]"
        )
        assert language == self.language, (self.name, self.page.url, language)
        assert direction == ("rtl" if language == "ar" else "ltr"), self.page.url
        if beyond := self.page.evaluate(OVERFLOW):
            self.problems.append(f"{self.page.url} is {beyond} pixels too wide")
        if shown := self.page.evaluate(SHOWN):
            self.problems.append(f"{self.page.url} shows {shown} words that are not to be seen")
        return self

    def link(self, end: str) -> Locator:
        """The first link on the page whose address ends so, whatever language follows."""
        return self.page.locator(f'a[href$="{end}"], a[href*="{end}?"]').first

    def offers(self, end: str) -> bool:
        """Whether the page has such a link."""
        return self.link(end).count() > 0

    def follows(self, end: str) -> BrowserPerson:
        """A link of the page; a fold in which it stands is opened first."""
        link = self.link(end)
        assert link.count(), f"{self.name} finds no link to {end} on {self.page.url}"
        self.unfolds(link)
        with self.page.expect_navigation():
            link.click()
        return self.finds(None)

    def unfolds(self, locator: Locator) -> None:
        """Open the folds around something that is not shown."""
        while not locator.is_visible():
            folds = locator.locator("xpath=ancestor::details[not(@open)]")
            assert folds.count(), f"{locator} is hidden on {self.page.url}"
            folds.first.locator("> summary").click()

    # --- Forms ------------------------------------------------------------------------------------

    @staticmethod
    def _offered(field: Locator, wanted: str) -> str:
        """The value of the option that has it, or is called by a name with this id behind it."""
        options = field.locator("option").evaluate_all("all => all.map(o => [o.value, o.label])")
        endings = (f"({wanted})", f", {wanted})")
        named = [value for value, label in options if label.strip().endswith(endings)]
        return named[0] if named and wanted not in dict(options) else wanted

    def fills(self, fields: Mapping[str, Any]) -> BrowserPerson:
        """Fields of the form, by their names."""
        for name, value in fields.items():
            found = self.page.locator(f'form [name="{name}"]:not([type=hidden])')
            assert found.count(), f"{self.name} finds no field {name} on {self.page.url}"
            self.unfolds(found.first)
            kind = found.first.evaluate("element => element.type")
            if kind in {"radio", "checkbox"}:
                wanted = {value} if isinstance(value, str) else {*value}
                for box in found.all():
                    chosen = box.get_attribute("value") in wanted
                    if kind == "checkbox" or chosen:
                        box.set_checked(chosen)
                chosen_now = {box.get_attribute("value") for box in found.all() if box.is_checked()}
                assert chosen_now == wanted, (name, chosen_now)
            elif kind == "select-one":
                found.first.select_option(self._offered(found.first, value))
            elif kind == "file":
                found.first.set_input_files(value)
            else:
                found.first.fill(value)
        return self

    def presses(self, selector: str, status: int = 200) -> BrowserPerson:
        """A button that sends something."""
        button = self.page.locator(selector).first
        self.unfolds(button)
        with self.page.expect_navigation() as navigation:
            button.click()
        return self.finds(navigation.value, status)

    def goes_on(self, status: int = 200, /, **fields: Any) -> BrowserPerson:
        """Fill in what the page asks, and press its main button."""
        return self.fills(fields).presses("main button.main", status)

    def does(self, link: str, **fields: Any) -> str:
        """An act by its link: fill in, check, confirm; what the page says that records it."""
        return self.follows(link).confirms(**fields)

    def confirms(self, **fields: Any) -> str:
        """Fill in the form that is open, check and confirm; what the page says that records it."""
        self.goes_on(**fields)
        assert self.page.locator("[name=confirmed]").count(), (self.page.url, self.said)
        self.presses("[name=confirmed]")
        assert "/recorded/" in self.path, (self.page.url, self.said)
        return self.said

"""Templates compiled for one language say the same, and do per row only what a row needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from gettext import GNUTranslations
from typing import Any

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined
from jinja2.runtime import Context

from story import ORGANISATION, Story
from web.http.shared_pages import PageCache
from web.i18n.catalogues import NAMES
from web.template_compiler import TranslatedEnvironment
from web_visitor import Visitor

PAGES = (
    "/",
    "/?at=12",
    f"/windows/{ORGANISATION}/w",
    f"/agendas/{ORGANISATION}/a",
    f"/history/{ORGANISATION}",
    f"/outstanding/{ORGANISATION}",
    f"/events/{ORGANISATION}/9",
)
TEXTS = {
    "Plain": "Simple",
    "50 %% of %(what)s": "50 %% de %(what)s",
    "All of 100 %%": "100 %% <b>entiers</b>",
}


def visited(story: Story, windows: int = 1) -> Visitor:
    """A store with an agenda and these procedures."""
    story.body()
    story.agenda()
    for name in ("w", *(f"w{number}" for number in range(2, windows + 1))):
        story.silence(window=name)
    story.respond("objection", text="No.")
    return Visitor(story)


def as_jinja_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compile nothing beforehand."""
    monkeypatch.setattr(TranslatedEnvironment, "_parse", Environment._parse)


def test_every_page_says_in_every_language_what_jinja_alone_says(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = visited(story)
    addresses = [
        f"{page}{'&' if '?' in page else '?'}lang={tag}" for page in PAGES for tag in NAMES
    ]
    compiled = [visitor.opens(address).text for address in addresses]
    as_jinja_does(monkeypatch)
    alone = Visitor(story)
    alone.clock.at = visitor.clock.at

    assert [alone.opens(address).text for address in addresses] == compiled


@pytest.mark.parametrize(
    "template",
    [
        "{{ _('Plain') }} {{ _('All of 100 %%') }}",
        "{{ _('50 %% of %(what)s', what=evil) }}",
        "{{ _('50 %% of %(what)s', what=_('Plain')) }}",
        "{{ _('All of 100 %%') ~ evil }}",
        "{% set said = _('Plain') %}{% for x in [1, 2] %}{{ said }}{{ loud(evil) }}{% endfor %}",
        "{% macro m(x) %}{{ _('50 %% of %(what)s', what=x) }}{% endmacro %}{{ m(loud(word='a')) }}",
        "{{ loud('a', end='<') }} {{ [evil] | map('upper') | join }}",
        "{{ _(evil) }}",
    ],
)
@pytest.mark.parametrize("name", ["page.html", "letter.txt"])
def test_what_is_compiled_is_translated_and_escaped_as_jinja_does_it(
    name: str, template: str
) -> None:
    def translate(message: str) -> str:
        return TEXTS.get(message, message)

    def loud(word: str, end: str = "!") -> str:
        return word.upper() + end

    def made(kind: type[Environment]) -> Environment:
        environment = kind(
            loader=DictLoader({name: template}),
            autoescape=lambda named: str(named).endswith(".html"),
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
        )
        environment.install_gettext_callables(  # type: ignore[attr-defined]
            translate, translate, newstyle=True
        )
        return environment

    compiled, plain = made(TranslatedEnvironment), made(Environment)
    assert isinstance(compiled, TranslatedEnvironment)
    compiled.use(translate, {"loud": loud})
    plain.globals["loud"] = loud

    said = plain.get_template(name).render(evil="<script>")
    assert said == compiled.get_template(name).render(evil="<script>")


def per_row(story: Story, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """What a further row on the board takes, in French: calls by Jinja, and of gettext."""
    visitor = visited(story, windows=2)
    done = Counter[str]()

    def counting(kind: type, name: str) -> None:
        itself: Callable[..., Any] = getattr(kind, name)

        def counted(*args: Any, **values: Any) -> Any:
            done[name] += 1
            return itself(*args, **values)

        monkeypatch.setattr(kind, name, counted)

    monkeypatch.setattr(PageCache, "get", lambda *_: None)  # every page is made again
    counting(Context, "call")
    counting(GNUTranslations, "gettext")
    visitor = Visitor(story)
    visitor.opens("/?lang=fr")  # which compiles the templates
    done.clear()
    visitor.opens("/?lang=fr")
    before = done.copy()
    story.silence(window="another")
    visitor.clock.at = story.now
    done.clear()
    visitor.opens("/?lang=fr")
    return done - before


def test_a_row_of_the_board_translates_only_its_own_words(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it stands, from whom what is awaited, what does it, and the words of its times."""
    assert {"call": 18, "gettext": 7} == per_row(story, monkeypatch)


def test_without_the_compiler_a_row_takes_several_times_as_much(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    as_jinja_does(monkeypatch)

    assert {"call": 54, "gettext": 17} == per_row(story, monkeypatch)

"""Templates: one environment for each language, and what every template may use."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from domain import symbols
from domain.languages import LANGUAGES
from domain.times import When
from web.http import static_assets, urls
from web.http.context import AboutProgram, RequestContext
from web.i18n import labels, language_choice, refusal_texts
from web.i18n.catalogues import Catalogue, load_catalogue
from web.i18n.dates import DateFormatter
from web.i18n.details import details_of
from web.presenters import history, window
from web.presenters.present_names import PresentNames
from web.template_compiler import TranslatedEnvironment
from workflows.history import channels, erasure_placeholders, narration

_NO_REFERENCE: Final = re.compile("[\x00\x7f-\x9f]")
_REFERRED: Final = re.compile(
    "[\x01-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff\ufff9-\ufffb]"
)


class Templates:
    """Renders pages and letters. In pages everything that is printed is escaped.

    Unseen characters are shown in both.
    """

    def __init__(self, about: AboutProgram, names: PresentNames | None = None) -> None:
        self._about, self._names = about, names or PresentNames()
        self._environments: dict[str, Environment] = {}

    def page(self, name: str, who: RequestContext, **values: object) -> str:
        """A page for this reader."""
        template = self._environment(who.language).get_template(name)
        rendered = template.render(reader=who, **values)
        say = load_catalogue(who.language).texts.gettext
        shown = erasure_placeholders.say_erasures(rendered, say)
        return language_choice.escape_control_characters(shown)

    def clock(self, language: str) -> DateFormatter:
        """How this language writes times."""
        return _clock(load_catalogue(language))

    def _environment(self, language: str) -> Environment:
        """The environment of this language, made with the first page in it."""
        if language not in self._environments:
            self._environments[language] = _environment(
                load_catalogue(language), self._about, self._names
            )
        return self._environments[language]


def _clock(catalogue: Catalogue) -> DateFormatter:
    return DateFormatter(catalogue.language, catalogue.texts.gettext, catalogue.texts.ngettext)


def _environment(catalogue: Catalogue, about: AboutProgram, names: PresentNames) -> Environment:
    made = TranslatedEnvironment(
        loader=PackageLoader("web"),
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_translations(  # type: ignore[attr-defined]
        catalogue.texts, newstyle=True
    )
    made.use(catalogue.texts.gettext, _functions(catalogue, names))
    made.globals |= {
        "about": about,
        "catalogue": catalogue,
        "clock": _clock(catalogue),
        "to": urls,
        "words": labels,
        "rule_texts": refusal_texts,
        "tongues": LANGUAGES,
    }
    return made


def _functions(catalogue: Catalogue, names: PresentNames) -> dict[str, Callable[..., object]]:
    """What templates call, in the language of a catalogue."""
    say, language = catalogue.texts.gettext, catalogue.language

    def word(text: object) -> str:
        return say(str(text)) if str(text) else ""

    return {
        "asset": static_assets.address,
        "held": held_value,
        "word": word,
        "say": say,
        "who": lambda actor: narration.actor_name(actor, say),
        "seat": lambda name, seats=None: narration.seat_name(name, say, seats),
        "organisation_name": lambda organisation: names.organisation(organisation, language),
        "body_name": lambda organisation, body: names.body(organisation, body, language),
        "seats_of": lambda organisation, stream: names.seats(organisation, stream, language),
        "text": lambda names, original="", working=(): language_choice.localized_text(
            names, language, original, working
        ),
        "grouped": history.group_sentences,
        "joined": symbols.printed_form,
        "stamp": time_attribute,
        "say_detail": details_of(catalogue),
        "how_it_came": lambda channel: channels.spoken(channel, say),
        "standing": lambda response: narration.join_words(
            [say(text) for text in window.standing_texts(response)], say
        ),
    }


def held_value(text: object) -> Markup:
    """A text as the value of a field, which is sent back as it is.

    What a page makes visible elsewhere, such as `[U+202E]`, would be recorded so: here it stands
    as a character reference. Controls that HTML cannot refer to are left out.
    """
    written = _NO_REFERENCE.sub("", str(escape(text)))
    return Markup(_REFERRED.sub(lambda sign: f"&#{ord(sign[0])};", written))  # noqa: S704 (escaped)


def time_attribute(at: datetime | When) -> str:
    """An instant, or a time of the record, for the attribute of a `time` element."""
    if isinstance(at, When):
        day = at.day
        if at.has_hour and (at.zone or at.earliest == at.latest):
            return time_attribute(at.earliest)
        return day.isoformat() if day else ""
    return at.isoformat().replace("+00:00", "Z")

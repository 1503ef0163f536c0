"""Why exactly something was refused or found: each sentence of the program in six languages."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

import pytest

from domain import deadlines
from domain.agenda import item_stages
from domain.decide import WORDS as FIELDS
from domain.rules import WRITTEN
from domain.silence.responses import STANDINGS
from refusal_sites import sites
from web.i18n import pack_texts
from web.i18n.catalogues import NAMES, load_catalogue
from web.i18n.detail_texts import ACTS, DETAILS, WORDS
from web.i18n.details import Details, details_of, kind_of
from web.i18n.labels import STANDINGS as STANDING_WORDS
from wiring import PACKS

OTHERS: Final = [language for language in NAMES if language != "en"]
IN_ENGLISH: Final = (
    "web/cli/",  # the command line speaks English
    "workflows/scenarios/",
    "adapters/files/national_holidays.py",
)
"""What is said in places that no page repeats."""
VALUES_ALONE: Final = frozenset({"{} {}"})
"""What holds values alone, and no words."""
COMPOSED: Final = frozenset(
    {
        "proposer not of a permitted kind: item {}",
        "proposer unknown: item {}",
        "no explanatory memorandum: item {}",
        "explanatory memorandum unknown: item {}",
        "item {} ({}): {} / {}",
        "item {}",
        "heading {}",
        "what is of the kind {} is shown for the role {}",
        "{}, as {}, is for the role {}",
        "{}, as {}, is for nobody",
        "roles held: {}",
        "it ran for {} before it was suspended",
        "opens {}",
        "plus {} of elapsed time",
        "plus {} of the calendar: {}",
        "plus {}: {}; {} other days passed over",
        "a begun second counts as a whole one",
        "stated as {}",
        "closes before {}, {} UTC",
        "days that are not fixed",
        "at the top level",
        "the last step of item {}",
        "the adoption of the agenda",
        "the draft",
        "the end of the part before",
        "the issue in {}",
        "the end of the silence",
        "under {}",
        "response {}",
        "a notice that was waived",
        "the release of hold {}",
        "the waiver of {}",
        "event {} is no response that Placet received",
        "names are withheld in this procedure: its receipts are for their senders only",
        *(words for _, words in WRITTEN.values()),
    }
)
"""What the program puts together in parts, or says of a deadline."""
DYNAMIC: Final = frozenset({"{} {}; roles held: {}"})
"""What is put together of the parts above."""


def pattern_of(message: str) -> str:
    """A message id as the source of the program has it."""
    return re.sub(r"%\(\w+\)s", "{}", message)


KNOWN: Final = frozenset(map(pattern_of, DETAILS))


def untranslated(found: dict[str, str] | None = None) -> list[str]:
    """Sentences of the program, or of these sources, that no message id is for."""
    return [
        f"{place} {pattern}"
        for place, pattern in sites(found)
        if not place.startswith(IN_ENGLISH) and pattern not in KNOWN | VALUES_ALONE | DYNAMIC
    ]


def details(language: str) -> Details:
    """What says sentences in this language."""
    return details_of(load_catalogue(language))


def test_every_reason_of_the_program_has_a_message_in_six_languages() -> None:
    assert [] == untranslated()


def test_a_reason_that_nobody_translated_is_found_whatever_way_it_is_written() -> None:
    source = """
def decide(item, rule):
    require("stage", item.open, f"item {item.item} is lost at sea")
    because = "it is " + ("red" if item else "green")
    if rule:
        raise Refused(rule, because)
    return make_finding("report-item-last", None, _why(item))

def _why(item):
    return f"nobody knows {item}"

def check(item) -> CheckResult:
    return None, "not even now"
"""
    assert {
        "item {} is lost at sea",
        "it is red",
        "it is green",
        "nobody knows {}",
        "not even now",
    } == {line.partition(" ")[2] for line in untranslated({"made_up.py": source})}


def test_no_message_is_kept_for_what_the_program_says_no_more() -> None:
    said = {pattern for _, pattern in sites()}

    assert set() == KNOWN - said - COMPOSED


SAMPLES: Final = {
    "when": "2026-03-20",
    "days": "2026-03-20, 2026-03-21",
    "times": "2026-03-20 10:00, 2026-03-20 15:00",
    "clock": "2026-03-20 10:00:00 Europe/Vienna",
    "length": "72 hours",
    "lasting": "2 days, 3:00:00",
    "language": "fr",
    "languages": "fr, ar",
    "kind": "agenda",
    "stream": "agenda/a",
    "streams": "agenda/b",
    "role": "presiding officer",
    "roles": "secretariat of b, member of b, seat east",
    "stage": "submitted",
    "act": "moved",
    "word": "masthead date",
    "words": "agenda items, decision text",
    "messages": "message 3, message 5 and 2 more",
    "mailboxes": "2 mailboxes",
    "number": "7",
    "why": "it is no text",
}


@pytest.mark.parametrize("language", OTHERS)
def test_each_sentence_is_said_with_its_values(language: str) -> None:
    say = load_catalogue(language).texts.gettext
    unsaid = []
    for message in DETAILS:
        names = re.findall(r"%\((\w+)\)s", message)
        values = {name: SAMPLES.get(kind_of(name), "x-1") for name in names}
        said = details(language)(message % values)
        if not said or say(message) == message != "%(id)s: %(why)s":
            unsaid.append(message)
        assert "%(" not in said

    assert [] == unsaid


@pytest.mark.parametrize("language", OTHERS)
def test_every_word_in_them_is_said_in_that_language(language: str) -> None:
    say = load_catalogue(language).texts.gettext
    words = [*WORDS, *ACTS.values(), *(STANDING_WORDS[each] for each in STANDINGS.values())]
    own = [word for word in words if say(word) == word]

    assert own == [word for word in own if language == "fr"]  # `note` is French, too
    assert {*item_stages.STAGE_THAT_ENDS} == {*ACTS}
    assert {*FIELDS} - {*WORDS} == {"oral_amendments"}


@pytest.mark.parametrize("language", OTHERS)
def test_what_the_packs_demand_stands_in_six_languages(language: str) -> None:
    say = load_catalogue(language).texts.gettext
    packs = PACKS.shipped().values()
    demands = {rule.demand for pack in packs for rule in pack.rules.values()}

    assert {*pack_texts.DEMANDS} == demands
    assert {*pack_texts.TITLES} == {pack.title for pack in packs}
    assert [] == [text for text in (*demands, *pack_texts.TITLES) if say(text) == text]


def test_values_are_written_for_the_language() -> None:
    french, arabic = details("fr").plain, details("ar")

    assert "il n’est pas certain" not in french(
        "seat east would end on 2026-03-01, before it begins on"
    )
    assert "20 mars 2026" in french(
        "seat east would end on 2026-03-20, before it begins on 2026-04"
    )
    assert "72 heures" in french("the window is not certainly as long as 72 hours")
    assert "2 jours" in french(
        "it ran for 2 days, 0:10:00 before it was suspended; 1:00:00 of 3 days, 0:00:00 is left"
    )
    assert "<bdi>east</bdi>" in arabic("seat east is still held by Eastland")
    assert "" == details("en")("seat east is still held by Eastland")
    assert "<bdi>&lt;b&gt;[U+202E]</bdi>" in arabic("seat east is still held by <b>\u202e")


def test_a_waiver_is_offered_in_the_language_too_and_two_findings_are_two_sentences() -> None:
    said = details("es").plain("no explanatory memorandum: item 3; proposer unknown: item 4")
    waivable = details("es").plain(
        "the last item is not the adoption of the report. Give a waiver with its reason to go on."
    )

    assert "sin memorando explicativo: tema 3; proponente desconocido: tema 4" == said
    assert waivable.endswith("indique una exención y su motivo.")


@pytest.mark.parametrize(
    "text", ["", "The chair said so.", "x" * 5_000, "a: b", "agenda a is on fire: no item is lost"]
)
def test_what_is_not_known_is_left_as_it_is(text: str) -> None:
    assert "" == details("ru")(text)


def test_the_steps_of_a_deadline_are_said() -> None:
    found = deadlines.compute_deadline(
        datetime(2026, 3, 20, 9, 0, 0, 5, tzinfo=UTC),
        deadlines.Length(3, "days"),
        zone="Europe/Vienna",
        hour="17:00",
        calendars={},
        rule="silence-minimum-length",
        tzdata="2026a",
    )

    assert [] == [step for step in found.steps if not details("zh")(step)]

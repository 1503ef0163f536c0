"""Documents and their symbols: one symbol for ever, one job number per version, no silent edit."""

from __future__ import annotations

import re
from contextlib import suppress
from gettext import gettext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from agenda_story import registered
from domain.agenda.events import AgendaPublished
from domain.rules import Refused
from domain.streams import Stream, StreamKind
from domain.symbols import (
    Reservation,
    Symbol,
    is_same_document,
    printed_form,
    symbol_key,
    symbol_keys,
)
from domain.times import When
from story import Story
from workflows.commands.command_result import CommandResult
from workflows.history.narration import sentence


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("CTOC/COP/WG.7/2023/2", ["CTOC/COP/WG.7/2023/2"]),
        (
            "CTOC/COP/WG.3/2023/3-CTOC/COP/WG.4/2023/3-CTOC/COP/WG.7/2023/3",
            ["CTOC/COP/WG.3/2023/3", "CTOC/COP/WG.4/2023/3", "CTOC/COP/WG.7/2023/3"],
        ),
        (
            "CAC/COSP/WG.4/2012/CRP.1 - CAC/COSP/WG.2/2012/CRP.2",
            ["CAC/COSP/WG.4/2012/CRP.1", "CAC/COSP/WG.2/2012/CRP.2"],
        ),
        ("CTOC/COP/2004/6*", ["CTOC/COP/2004/6"]),
        ("A/75/L.7/Rev.1", ["A/75/L.7/Rev.1"]),
    ],
)
def test_symbols_are_read_as_the_guide_writes_them(text: str, parts: list[str]) -> None:
    """Joint symbols by hyphens between whole symbols; an asterisk marks a reissue."""
    symbol = Symbol.parse(text)

    assert (parts, text.endswith("*")) == ([*symbol.parts], symbol.reissue)
    assert str(symbol) == text.replace(" - ", "-")


REAL = """
S/PV.9451 (Resumption 1) | A/66/380 (Part II) | A/66/6 (Sect. 29D)/Corr.1 | A/66/6 (Introduction)
A/CONF.151/26/Rev.1 (Vol. I) | S/RES/2231 (2015) | A/RES/217(III)[A-E] | A/RES/49/221 B
A/ES-10/L.25 | A/RES/ES-10/19 | A/HRC/S-30/1 | CERD/C/NZL/18-20 | CRC/C/AUT/5-6/Add.1
TD/B/EX(66)/3 | TD/B(S-XXIX)/1 | TD(XIV)/PC/1 | GC(67)/RES/1 | GB.347/PV | S/2006/1050/Annex
DP/FPA-ICEF-UNW/2014/CRP.1 | UNEP/OzL.Pro.35/1/Add.1 | E/CN.4/Sub.2/1995/1 | CBD/ExCOP/2/3
ICC-ASP/21/1 | EC-M-41/1 | MEPC 84/1 | MEPC 84/INF.2 | C 130/3(a) | CL 170/1 | 216 EX/1
41 C/1 Prov. | WIPO/GRTKF/IC/35/10 PROV. | WIPO/GRTKF/IC/35/10 PROV. 2 | EB152/1 Rev.1
S/AC.44/2004/(02)/100/Add.1 | LC/G.2604(SES.35/12) | UNEP(DEPI)/MED IG.22/28 | UNEP/MED WG.500/1
S/PV.3868 (Resumption) | E/ECE/324/Rev.1/Add.48/Rev.12 | CEDAW/C/MEX/7-8 | FCCC/ARR/2022/AUS/1
C23/1-E | CL 2023/1-FL | CTOC/COP/2004/6* | A/RES/69/250** | A/75/L.7/Rev.1
"""


@pytest.mark.parametrize(
    "text", [entry.strip() for entry in re.split(r"[|\n]", REAL) if entry.strip()]
)
def test_a_real_symbol_is_one_and_is_printed_as_it_was_given(text: str) -> None:
    """Of the United Nations, and of organisations that write theirs in another way."""
    symbol = Symbol.parse(text)

    assert (text.rstrip("*"),) == symbol.parts
    assert symbol == Symbol.parse(str(symbol))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("DP/FPA/2013/1-E/ICEF/2013/8", ["DP/FPA/2013/1", "E/ICEF/2013/8"]),
        ("ICC-ASP/21/1-ICC-ASP/22/3", ["ICC-ASP/21/1", "ICC-ASP/22/3"]),
        ("MEPC 84/1 – LEG 111/2", ["MEPC 84/1", "LEG 111/2"]),
        ("EB152/3-216 EX/4", ["EB152/3", "216 EX/4"]),
        ("A/74/L.1*-S/2019/2", ["A/74/L.1", "S/2019/2"]),
        ("A/1/2\N{EN DASH}A/1/3", ["A/1/2", "A/1/3"]),
        ("A/1/2\N{MINUS SIGN}A/1/3", ["A/1/2", "A/1/3"]),
        ("A/1/2\N{NON-BREAKING HYPHEN}A/1/3", ["A/1/2", "A/1/3"]),
        ("A/1/2-\N{ZERO WIDTH SPACE}A/1/3", ["A/1/2", "A/1/3"]),
        ("A/1/2\N{SOFT HYPHEN} \N{EM DASH}\N{NO-BREAK SPACE}A/1/3", ["A/1/2", "A/1/3"]),
    ],
)
def test_any_dash_joins_whole_symbols(text: str, parts: list[str]) -> None:
    """And nothing that is unseen keeps them apart."""
    assert parts == [*Symbol.parse(text).parts]


def test_what_an_item_lists_in_other_words_is_printed_as_it_is() -> None:
    assert ("an oral report",) == printed_form("an oral report")
    assert ("FX/1", "FX/2*") == printed_form("FX/1 – FX/2*")
    assert frozenset() == symbol_keys("an oral report")
    assert is_same_document("an oral report", "an oral report")
    assert not is_same_document("an oral report", "another one")


WRONG = [
    *("", "*", "-", "CTOC", "ctoc/cop/1", "CTOC//1", "CTOC/COP 1", "/CTOC/1", "CTOC/1/", "2023/1"),
    *("CTOC/COP/WG.7/2023/1-", "-CTOC/COP/1", "CTOC/COP/-1", "CTOC/COP/1-/2", "CTOC/COP/1--2"),
    *("CTOC/1-CTOC", "CTOC/1-CTOC/COP", "A/1-B/2-", "A/1--B/2", "A/1-*", "A/1****", "A/*1"),
    *("CTOC/WG./1", "CTOC/.7/1", "A/1..2", "A/1.", "A/.", "(A)/1", "A/1()", "A/1 ()", "A/1("),
    *("A/1 (Part II", "A/1 (Part II) x", "A/1 PROV. x", "A/1;", "A/1, A/2", "A/1 A/2", "A/1 2"),
    *("A/1[", "A/1[]", "A/1]", "A_1/2", "A/1+2", "A/1?", "A/1\\2", "A/1\x00", "http://a/1"),
    *("A/1/Rev", "A/1/Rev/2", "A/1/Corr.0", "A/1/Add.x", "A/1/Rev.", "A/1/ADD", "A/1 Rev.0"),
    *("A/78/1\N{SUPERSCRIPT TWO}", "A/78/\N{CIRCLED DIGIT ONE}", "A/1\N{VULGAR FRACTION ONE HALF}"),
    *(
        "CTOC/COP/WG",
        "MEPC 84",
        "MEPC 84/",
        "paper number one",
        "A/1 B",
        "А/75/1",
        "A/" + "1" * 600,
    ),
]


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_symbol_is_refused(text: str) -> None:
    """A symbol has an organ and at least one more part, no part empty, and a number."""
    with pytest.raises(Refused):
        Symbol.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "A/75/L.7/REV.1",
        "A/75/L7/Rev1",
        "A / 75 /  L.7 / Rev.1",
        "A/75/L.07/Rev.1",
        "A/75/L.\N{ZERO WIDTH SPACE}7/Rev.1*",
        "\N{FULLWIDTH LATIN CAPITAL LETTER A}/75/L.7/Rev.1",
    ],
)
def test_spellings_of_one_symbol_are_one(story: Story, text: str) -> None:
    """Capitals, blanks, dots before a number, leading zeros and what is unseen tell none apart."""
    story.body()
    registered(story, symbol="A/75/L.7/Rev.1")

    with story.refused("symbol-never-reused"):
        registered(story, "e", text)


_WORD = st.from_regex(r"[A-Z]{1,5}(\.[0-9]{1,3})?", fullmatch=True)
_NUMBER = st.integers(1, 2030).map(str)
_TAIL = st.sampled_from(["", " (Part II)", "/Rev.1", "/Add.2/Corr.1", " PROV. 2"])
SYMBOL = st.builds(
    lambda organ, words, number, tail: "/".join((organ, *words, number)) + tail,
    st.from_regex(r"[A-Z]{1,6}(-[A-Z]{2,4}| [0-9]{1,3})?", fullmatch=True),
    st.lists(_WORD, max_size=3),
    _NUMBER,
    _TAIL,
)


@given(
    parts=st.lists(SYMBOL, min_size=1, max_size=4, unique_by=symbol_key),
    dash=st.sampled_from(["-", " - ", "–", " — ", "-\u200b", "‑"]),
    star=st.booleans(),
)
def test_what_a_page_prints_is_read_as_the_same_symbol(
    parts: list[str], dash: str, star: bool
) -> None:
    """Printed, put on a page, copied from there and read again."""
    symbol = Symbol.parse(dash.join(parts) + "*" * star)
    shown = "-\u200b".join(printed_form(str(symbol)))

    assert (tuple(parts), star) == (symbol.parts, symbol.reissue)
    assert symbol == Symbol.parse(str(symbol)) == Symbol.parse(shown)
    assert all(is_same_document(part + "*", str(symbol)) for part in parts)
    assert is_same_document("-".join(reversed(parts)), str(symbol))


@given(text=st.text(alphabet="A1/-. ()*\u200b–aP", max_size=40))
def test_whatever_is_written_is_a_symbol_or_refused(text: str) -> None:
    """What is accepted is read again as the same, and has no empty part."""
    with suppress(Refused):
        symbol = Symbol.parse(text)

        assert symbol == Symbol.parse(str(symbol))
        assert not re.search(r"//|--|/-|-/|^[-/]|[-/]$", str(symbol))
        assert all(
            Symbol.parse(symbol_key(part)).keys == {symbol_key(part)}
            for part in symbol.parts
            if "a" not in part
        )


def test_each_part_of_a_joint_symbol_leads_to_the_document(story: Story) -> None:
    """And each is taken for ever, in the same append."""
    story.body()
    registered(story, symbol="FX/WG.1/2026/3-FX/WG.2/2026/5")
    found = {
        story.state(str(Reservation.stream(part))).document
        for part in ("FX/WG.1/2026/3", "FX/WG.2/2026/5")
    }

    assert {"d"} == found
    for again in (
        "FX/WG.2/2026/5*",
        "FX/WG.9/2026/1-FX/WG.1/2026/3",
        "FX/WG.2/2026/5–FX/WG.8/2026/1",
    ):
        with story.refused("symbol-never-reused"):
            registered(story, "e", again)
    with story.refused("new"):
        registered(story, "d", "FX/WG.1/2026/9")
    with story.refused("symbol-form"):
        registered(story, "f", "OTHER/1", cited=["OTHER/1"])
    with story.refused("symbol-form"):
        registered(story, "g", "FX/WG.1/2026/8-FX/WG1/2026/8")


def test_a_symbol_that_stands_alone_joins_no_other(story: Story) -> None:
    """Also where it is said to belong to another body."""
    story.body()
    registered(story, symbol="FX/WG.2/2026/5")

    for cited in ([], ["FX/WG.2/2026/5"]):
        with story.refused("symbol-never-reused"):
            registered(story, "e", "FX/WG.1/2026/3-FX/WG.2/2026/5", cited=cited)


def test_only_a_source_may_leave_a_symbol_untold(story: Story) -> None:
    """Then none is reserved; one that it tells is."""
    story.body()
    with story.refused("symbol-form"):
        registered(story, symbol="unknown")
    values = {"type": "report", "body": "b"}
    story.tell("register document", document="d", symbol="unknown", **values)
    story.tell("register document", document="e", symbol="FX/1", **values)

    assert ["FX/1"] == [
        event.stream.id for event in story.events() if event.stream.kind == "symbol"
    ]
    assert ("unknown", "FX/1") == (
        story.state("document/d").symbol,
        story.state("document/e").symbol,
    )


def test_a_symbol_that_is_corrected_is_given_for_ever_too(story: Story) -> None:
    """And it is none that another document bears."""
    story.body()
    registered(story, symbol="FX/1")
    registered(story, "e", "FX/2 - OTHER/7", cited=["OTHER/7"])

    def correct(now: str) -> None:
        values = {
            "of": "document/e",
            "version": "1",
            "reason": "a slip",
            "authority": "the masthead",
        }
        story.do("correct fact", **values, now={"symbol": now})

    for wrong, rule in (("FX/1", "symbol-never-reused"), ("FX/3-", "symbol-form")):
        with story.refused(rule):
            correct(wrong)
    correct("FX/3-OTHER/7")
    assert "FX/3-OTHER/7" == story.state("document/e").symbol
    for taken in ("FX/2", "FX/3"):
        with story.refused("symbol-never-reused"):
            registered(story, "f", taken)
    correct("FX/2-OTHER/7")
    registered(story, "f", "OTHER/7")

    assert ["FX/1", "FX/2", "FX/3", "OTHER/7"] == [
        event.stream.id for event in story.events() if event.stream.kind == "symbol"
    ]


def test_a_cited_part_is_told_in_any_spelling(story: Story) -> None:
    """It is not reserved here."""
    story.body()
    registered(story, symbol="FX/1 - OTHER/WG.9/1", cited=["OTHER / WG9 / 1"])

    assert [("symbol/FX/1", "")] == [
        (str(event.stream), event.fact.printed)
        for event in story.events()
        if event.stream.kind == "symbol"
    ]


def test_a_symbol_keeps_its_spelling_in_print(story: Story) -> None:
    """The stream has one spelling for all; the history shows the one in print."""
    story.body()
    registered(story, symbol="MEPC 84/1 PROV. 2")
    last = story.events()[-1]

    assert ("MEPC84/1PROV.2", "MEPC 84/1 PROV. 2") == (last.stream.id, last.fact.printed)
    assert "MEPC 84/1 PROV. 2 stands for document d, for ever." == sentence(last, gettext, "en")


def test_symbols_that_were_reserved_in_another_spelling_are_found() -> None:
    """Streams of reservations once had the spelling in print as their id."""
    assert ["symbol/CAT/C(A)/1", "symbol/CAT/c(a)/1"] == [
        str(stream) for stream in Reservation.streams("CAT/c(a)/1")
    ]
    assert ["symbol/A/75/L.7/Rev.1"] == [
        str(stream) for stream in Reservation.streams("A/75/L.7/Rev.1")
    ]


def test_a_pack_gives_the_forms_of_its_organisation(story: Story) -> None:
    """Beside those that are known; a form is made of organ, session, serial and letter."""
    story.body(parameters={"symbol-forms": "{organ} Doc. {serial}, {session}/{serial} {letter}"})
    registered(story, symbol="CoP19 Doc. 1/2")
    registered(story, "e", "12345/23 B")
    with story.refused("symbol-never-reused"):
        registered(story, "f", "COP19  Doc. 1/2*")
    with story.refused("symbol-form"):
        registered(story, "f", "CoP19 Paper 1")
    for wrong in ("{organ}/{series}", "a|b", "{organ} ,", "[a]"):
        with story.refused("pack-known"):
            story.do(
                "adopt rule pack", body="b", pack="generic", parameters={"symbol-forms": wrong}
            )


def test_a_version_is_issued_once_and_then_reissued(story: Story) -> None:
    """After issue nothing is edited; the starred version has a job number of its own."""
    story.body()
    registered(story, languages=["en", "fr"])
    with story.refused("stage"):
        story.do("publish document", document="d")
    with story.refused("stage"):
        story.do("reissue version", document="d", language="en", job_number="2", reason="x")
    story.do("issue version", document="d", language="en", job_number="1")
    with story.refused("no-edit-after-issue"):
        story.do("issue version", document="d", language="en", job_number="2")
    story.do("reissue version", document="d", language="en", job_number="2", reason="technical")
    version = story.state("document/d").versions["en"]

    assert ("2", True, ("fr",)) == (
        version.job_number,
        version.reissued,
        story.state("document/d").missing,
    )


def test_a_waiver_names_what_was_missing(story: Story) -> None:
    """Published without all languages only with a waiver, and the event names them."""
    story.body("untoc-working-groups")
    registered(story)
    story.do("issue version", document="d", language="en", job_number="1")
    with story.refused("all-languages-out"):
        story.do("publish document", document="d")
    answer = story.do("publish document", document="d", waive={"all-languages-out": "urgent"})

    assert ["ar", "zh", "fr", "ru", "es"] == [*answer.events[0].fact.missing]  # type: ignore[attr-defined]
    with story.refused("stage"):
        story.do("publish document", document="d")
    with story.refused("known"):
        story.do("publish document", document="nowhere")


@pytest.mark.parametrize(
    ("russian", "result"),
    [
        ("2015-04-13/2015-04-14", "violated"),
        ("2015-03-27/2015-03-30", "undeterminable"),
        ("2015-03-27", "undeterminable"),
        ("unknown", "undeterminable"),
    ],
)
def test_simultaneous_means_the_same_day(story: Story, russian: str, result: str) -> None:
    """Fifteen days apart violate it; what a source leaves open stays open."""
    story.body("untoc-working-groups")
    values = {"document": "d", "symbol": "FX/WG.1/2026/1", "type": "report", "body": "b"}
    story.tell("register document", "2015-03-20", languages=["en", "ru"], **values)
    story.tell("issue version", "2015-03-27/2015-03-30", document="d", language="en")
    story.tell("issue version", russian, document="d", language="ru")
    answer = story.tell("publish document", document="d")
    found = {finding.rule: str(finding.result) for finding in answer.events[0].findings}

    assert result == found["simultaneous-issuance"]


@pytest.mark.parametrize(
    ("clock", "result"),
    [("masthead date", "satisfied"), ("issue in the last language", "undeterminable")],
)
def test_the_pack_says_which_clock_counts(story: Story, clock: str, result: str) -> None:
    """Seventy-five days by the masthead, fifty-nine or sixty by the issue."""
    story.body("untoc-working-groups", parameters={"provisional-agenda-in-time.clock": clock})
    dates = {"starts": "2015-11-02", "ends": "2015-11-06"}
    story.tell("schedule session", session="s", body="b", number="6", **dates)
    story.tell("start agenda", agenda="a", body="b", session="s")
    story.tell(
        "register document",
        document="d",
        symbol="FX/2015/1",
        type="provisional agenda",
        body="b",
        agenda="a",
        masthead_date="2015-08-19",
        languages=["en"],
    )
    story.tell("issue version", "2015-09-03/2015-09-04", document="d", language="en")
    answer = story.tell("publish document", document="d")
    found = {finding.rule: str(finding.result) for finding in answer.events[0].findings}

    assert result == found["provisional-agenda-in-time"]


@pytest.mark.parametrize(
    ("english", "french", "result"),
    [
        ("2015-09-01", "2015-09-03", "satisfied"),
        ("2015-09-01", "2015-09-04", "violated"),
        ("2015-09-04", "2015-09-01", "violated"),
        ("2015-09-01", "unknown", "undeterminable"),
        ("2015-09-04", "unknown", "violated"),
        ("unknown", "unknown", "undeterminable"),
        ("2015-09-01", "../2015-09-03", "satisfied"),
        ("2015-09-01", "", "undeterminable"),
    ],
)
def test_the_last_language_counts(story: Story, english: str, french: str, result: str) -> None:
    """Sixty days before 2 November are 3 September; what is not out yet comes later still."""
    attested_agenda(story)
    story.tell("register document", agenda="a", languages=["en", "fr"], **OF_AGENDA)
    for language, when in (("en", english), ("fr", french)):
        if when:
            story.tell("issue version", when, document="d", language=language)
    answer = story.tell("publish document", document="d")
    found = {finding.rule: str(finding.result) for finding in answer.events[0].findings}

    assert result == found["provisional-agenda-in-time"]


@pytest.mark.parametrize(
    ("regular", "masthead", "result"),
    [
        ("yes", "2015-09-03", "satisfied"),
        ("yes", "2015-09-04", "violated"),
        ("no", "2015-10-03", "satisfied"),
        ("no", "2015-10-04", "violated"),
        ("yes", "2015-09", "undeterminable"),
        ("yes", "unknown", "undeterminable"),
    ],
)
def test_a_regular_session_wants_sixty_days_and_a_special_one_thirty(
    story: Story, regular: str, masthead: str, result: str
) -> None:
    attested_agenda(story, clock="masthead date", regular=regular)
    values: dict[str, Any] = {"masthead_date": masthead, "languages": ["en"]}
    story.tell("register document", agenda="a", **OF_AGENDA, **values)
    story.tell("issue version", document="d", language="en")
    answer = story.tell("publish document", document="d")
    found = {finding.rule: str(finding.result) for finding in answer.events[0].findings}

    assert result == found["provisional-agenda-in-time"]


OF_AGENDA: dict[str, Any] = {
    "document": "d",
    "symbol": "FX/2015/1",
    "type": "provisional agenda",
    "body": "b",
}


def attested_agenda(
    story: Story, clock: str = "issue in the last language", regular: str = "yes"
) -> None:
    """An agenda of which a source tells, of a session from 2 to 6 November 2015."""
    story.tell("establish body", body="b", names={"en": "Body"}, zone="Europe/Vienna")
    parameters = {"provisional-agenda-in-time.clock": clock}
    story.tell("adopt rule pack", body="b", pack="untoc-working-groups", parameters=parameters)
    dates = {"starts": "2015-11-02", "ends": "2015-11-06", "regular": regular}
    story.tell("schedule session", session="s", body="b", number="6", **dates)
    story.tell("start agenda", agenda="a", body="b", session="s")


def test_a_late_version_makes_the_last_language_late(story: Story) -> None:
    """With a language still missing, the last issue came then or later: the line is missed."""
    story.body(
        "untoc-working-groups",
        parameters={"provisional-agenda-in-time.clock": "issue in the last language"},
    )
    dates = {"starts": "2015-11-02", "ends": "2015-11-06"}
    story.tell("schedule session", session="s", body="b", number="6", regular="no", **dates)
    story.tell("start agenda", agenda="a", body="b", session="s")
    values = {"document": "d", "symbol": "FX/2015/1", "type": "provisional agenda", "body": "b"}
    story.tell("register document", agenda="a", languages=["en", "fr"], **values)
    story.tell("issue version", "2015-10-20", document="d", language="en")
    answer = story.tell("publish document", document="d")
    found = {finding.rule: str(finding.result) for finding in answer.events[0].findings}

    assert ("violated", "violated") == (
        found["provisional-agenda-in-time"],
        found["issued-six-weeks-before"],
    )


def test_a_stream_is_kind_and_id() -> None:
    """Streams are read as they are written; nonsense is refused."""
    assert Stream(StreamKind.AGENDA, "a") == Stream.parse("agenda/a")
    for text in ("agenda", "agenda/"):
        with pytest.raises(ValueError, match="is not a stream: write kind/id"):
            Stream.parse(text)
    with pytest.raises(ValueError, match="'nothing/a' is not a stream: a kind is one of body,"):
        Stream.parse("nothing/a")


def test_the_masthead_date_is_not_the_day_of_issue(story: Story) -> None:
    """The one is on the document, the other is when a version came out."""
    story.body()
    registered(story, masthead_date="2026-02-01")
    story.do("issue version", document="d", language="en")
    document = story.state("document/d")

    assert When("2026-02-01") == document.masthead_date
    assert When.from_instant(story.now) == document.versions["en"].issued


# --- publication: which rules apply, and what changes what ----------------------------------------


def approved_agenda(story: Story) -> None:
    """Agenda `a` of session `s`, whose items are approved, under the rules of the groups."""
    story.body("untoc-working-groups")
    dates = {"starts": "2026-08-10", "ends": "2026-08-11"}
    story.do("schedule session", session="s", body="b", number="3", **dates)
    story.do("start agenda", agenda="a", body="b", session="s", approved_by="b")
    story.propose("1", subjects=["organizational", "adoption of the agenda"])
    story.propose("9", subjects=["report"])
    story.do("submit items", agenda="a")
    story.do("approve items", agenda="a", manner="at a meeting", who="body")


def published_document(
    story: Story, document: str, symbol: str, type_: str, **fields: object
) -> CommandResult:
    """A document of agenda `a` is registered, issued and published."""
    given = {"agenda": "a", "languages": ["en"], "masthead_date": "2026-03-02"}
    registered(story, document, symbol, type=type_, **(given | fields))
    story.do("issue version", document=document, language="en", job_number=document)
    return story.do("publish document", document=document)


def rules_of(answer: CommandResult) -> set[str]:
    return {finding.rule for finding in answer.events[0].findings}


ATTESTED_VALUES: dict[str, dict[str, object]] = {
    "propose item": {"item": "1", "titles": {"en": "x"}},
    "approve items": {"manner": "at a meeting"},
}
OF_DOCUMENTS = {"all-languages-out", "simultaneous-issuance", "job-number-per-version"}
OF_AGENDAS = {"approval-before-publication", "titles-identical", "approved-text-unchanged"}


def test_the_first_publication_of_an_agenda_stands(story: Story) -> None:
    """Its revision, its corrigendum and its addendum are listed as changes."""
    approved_agenda(story)
    published_document(story, "d", "FX/1", "annotated provisional agenda")
    first = story.state("agenda/a").published
    values = {"changes": "FX/1"}
    published_document(story, "r", "FX/1/Rev.1", "annotated provisional agenda", **values)
    published_document(story, "c", "FX/1/Corr.1", "corrigendum")
    published_document(story, "l", "FX/7", "provisional agenda")
    agenda = story.state("agenda/a")
    last = story.events()[-1]

    assert (first, "d", "2026-03-02") == (agenda.published, agenda.document, agenda.masthead.when)
    assert ["r", "c", "l"] == [name for name, _ in agenda.changes]
    assert agenda.changes[-1][1].when > first.when
    assert "A document that changes FX/1 was out." == sentence(last, gettext, "en")


def test_a_revision_that_is_registered_first_changes_what_it_follows(story: Story) -> None:
    """By its symbol; the masthead of the agenda is that of its first document."""
    approved_agenda(story)
    values = {"type": "provisional agenda", "agenda": "a", "languages": ["en"]}
    registered(story, "d", "FX/1", masthead_date="2026-03-01", **values)
    published_document(story, "r", "FX/1/Add.1/Rev.2", "provisional agenda")
    agenda = story.state("agenda/a")
    assert (None, "d", ["r"]) == (agenda.published, agenda.document, [n for n, _ in agenda.changes])
    story.do("issue version", document="d", language="en", job_number="1")
    story.do("publish document", document="d")
    agenda = story.state("agenda/a")

    assert When.from_instant(story.now) == agenda.published.when
    assert ("d", "2026-03-01") == (agenda.document, agenda.masthead.when)


def test_older_events_that_published_twice_leave_the_first(story: Story) -> None:
    """They did not say that they were changes."""
    approved_agenda(story)
    published_document(story, "d", "FX/1", "provisional agenda")
    recorded = story.events()[-1]
    agenda = story.state("agenda/a")
    later = structs.replace(
        recorded, fact=AgendaPublished(document="r"), effective=When("2026-04-01")
    )
    after = agenda.evolve(later)

    assert (agenda.published, "d") == (after.published, after.document)
    assert [("r", When("2026-04-01"))] == [(name, dated.when) for name, dated in after.changes]


def test_a_further_agenda_may_be_an_addendum_to_the_first(story: Story) -> None:
    """The agenda of a reconvened part is published by it."""
    approved_agenda(story)
    published_document(story, "d", "FX/1", "provisional agenda")
    story.do("start agenda", agenda="a2", body="b", session="s", approved_by="b", part="2")
    story.tell("propose item", "2026-03-01", agenda="a2", item="1", titles={"en": "x"})
    story.tell("submit items", "2026-03-01", agenda="a2")
    story.tell("approve items", "2026-03-01", agenda="a2", manner="at a meeting")
    waive = {"provisional-agenda-in-time": "x"}
    registered(
        story, "e", "FX/1/Add.1", type="provisional agenda", agenda="a2", languages=["en"],
        changes="FX/1",
    )  # fmt: skip
    story.do("issue version", document="e", language="en", job_number="e")
    story.do("publish document", document="e", waive=waive)

    assert "e" == story.state("agenda/a2").document
    assert story.state("agenda/a2").published
    assert () == story.state("agenda/a").changes


@pytest.mark.parametrize(
    ("type_", "rules"),
    [
        (
            "provisional agenda",
            OF_DOCUMENTS | OF_AGENDAS | {"provisional-agenda-in-time", "issued-six-weeks-before"},
        ),
        ("background paper", OF_DOCUMENTS | {"issued-six-weeks-before"}),
        ("report", OF_DOCUMENTS),
        ("draft report", OF_DOCUMENTS),
        ("conference room paper", OF_DOCUMENTS),
        ("corrigendum", OF_DOCUMENTS),
    ],
)
def test_the_rules_of_publication_go_by_the_type_of_document(
    story: Story, type_: str, rules: set[str]
) -> None:
    """A report that names its agenda is no provisional agenda."""
    approved_agenda(story)

    assert rules == rules_of(published_document(story, "d", "FX/1", type_))


def test_a_change_need_not_be_out_in_time(story: Story) -> None:
    """What had to be there in time was there; the texts are still judged."""
    approved_agenda(story)
    published_document(story, "d", "FX/1", "provisional agenda")
    story.at("2026-08-09T12:00:00Z")

    assert OF_DOCUMENTS | OF_AGENDAS == rules_of(
        published_document(story, "r", "FX/1/Rev.1", "provisional agenda")
    )


def test_slots_outside_the_session_are_noticed_at_publication(story: Story) -> None:
    approved_agenda(story)
    entries = [{"item": "1"}, {"item": "9"}]
    slot = {"day": "2026-08-12", "starts": "10:00", "ends": "13:00"}
    story.do("organize work", agenda="a", slots=[slot | {"entries": entries}])
    story.do("plan meetings", session="s", meetings=[slot])
    answer = published_document(story, "d", "FX/1", "provisional agenda")
    found = {finding.rule: str(finding.result) for finding in answer.events[0].findings}

    assert "violated" == found["meetings-on-session-days"]


@pytest.mark.parametrize(
    ("acts", "masthead", "when", "result"),
    [
        ((), "unknown", "2015-09-01", "undeterminable"),
        (("propose item",), "unknown", "2015-09-01", "undeterminable"),
        (("propose item", "submit items"), "unknown", "2015-09-01", "undeterminable"),
        (("propose item", "submit items", "approve items"), "unknown", "2015-09-01", "satisfied"),
        (("propose item", "submit items", "approve items"), "unknown", "2015-05-01", "violated"),
        (("propose item", "submit items", "approve items"), "2015-07-01", "unknown", "satisfied"),
        (
            ("propose item", "submit items", "approve items"),
            "2015-05-01",
            "unknown",
            "undeterminable",
        ),
        (
            ("propose item", "submit items", "approve items"),
            "2015-05-01",
            "2015-09-01",
            "satisfied",
        ),
    ],
)
def test_history_that_tells_nothing_of_an_approval_breaks_no_rule(
    story: Story, acts: tuple[str, ...], masthead: str, when: str, result: str
) -> None:
    """Nor does a date of submission tell when a document was out."""
    story.tell("establish body", body="b", names={"en": "Body"}, zone="Europe/Vienna")
    story.tell("adopt rule pack", body="b", pack="untoc-working-groups")
    story.tell("start agenda", agenda="a", body="b", approved_by="b")
    for verb in acts:
        story.tell(verb, "2015-06-01", agenda="a", **ATTESTED_VALUES.get(verb, {}))
    values = {"document": "d", "symbol": "FX/1", "type": "provisional agenda", "body": "b"}
    story.tell("register document", agenda="a", masthead_date=masthead, languages=["en"], **values)
    story.tell("issue version", document="d", language="en")
    answer = story.tell("publish document", when, document="d")
    found = {finding.rule: str(finding.result) for finding in answer.events[0].findings}

    assert result == found["approval-before-publication"]

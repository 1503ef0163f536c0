"""Documents and their symbols: one symbol for ever, one job number per version, no silent edit."""

from __future__ import annotations

import pytest
from story import Story

from domain.facts import Kind, Stream
from domain.rules import Refused
from domain.symbols import Reservation, Symbol
from domain.times import When


def registered(
    story: Story, document: str = "d", symbol: str = "FX/WG.1/2026/1", **told: object
) -> None:
    """A document of body `b` under this symbol."""
    given = {"document": document, "symbol": symbol, "type": "background paper", "body": "b"}
    story.do("register document", **(given | told))


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


@pytest.mark.parametrize("text", ["", "CTOC", "ctoc/cop/1", "CTOC//1", "CTOC/COP 1", "*"])
def test_what_is_no_symbol_is_refused(text: str) -> None:
    """A symbol has an organ and at least one more part, in one word."""
    with pytest.raises(Refused):
        Symbol.parse(text)


def test_each_part_of_a_joint_symbol_leads_to_the_document(story: Story) -> None:
    """And each is taken for ever, in the same append."""
    story.body()
    registered(story, symbol="FX/WG.1/2026/3-FX/WG.2/2026/5")
    found = {
        story.state(str(Reservation.stream(part))).document
        for part in ("FX/WG.1/2026/3", "FX/WG.2/2026/5")
    }

    assert {"d"} == found
    with story.refused("symbol-never-reused"):
        registered(story, "e", "FX/WG.2/2026/5*")
    with story.refused("new"):
        registered(story, "d", "FX/WG.1/2026/9")
    with story.refused("symbol-form"):
        registered(story, "f", "OTHER/1", cited=["OTHER/1"])


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
    told = {"document": "d", "symbol": "FX/WG.1/2026/1", "type": "report", "body": "b"}
    story.tell("register document", "2015-03-20", languages=["en", "ru"], **told)
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


def test_a_late_version_makes_the_last_language_late(story: Story) -> None:
    """With a language still missing, the last issue came then or later: the line is missed."""
    story.body(
        "untoc-working-groups",
        parameters={"provisional-agenda-in-time.clock": "issue in the last language"},
    )
    dates = {"starts": "2015-11-02", "ends": "2015-11-06"}
    story.tell("schedule session", session="s", body="b", number="6", regular="no", **dates)
    story.tell("start agenda", agenda="a", body="b", session="s")
    told = {"document": "d", "symbol": "FX/2015/1", "type": "provisional agenda", "body": "b"}
    story.tell("register document", agenda="a", languages=["en", "fr"], **told)
    story.tell("issue version", "2015-10-20", document="d", language="en")
    answer = story.tell("publish document", document="d")
    found = {finding.rule: str(finding.result) for finding in answer.events[0].findings}

    assert ("violated", "violated") == (
        found["provisional-agenda-in-time"],
        found["issued-six-weeks-before"],
    )


def test_a_stream_is_kind_and_id() -> None:
    """Streams are read as they are written; nonsense is refused."""
    assert Stream(Kind.AGENDA, "a") == Stream.parse("agenda/a")
    for text in ("agenda", "agenda/", "nothing/a"):
        with pytest.raises(ValueError, match=r"."):
            Stream.parse(text)


def test_the_masthead_date_is_not_the_day_of_issue(story: Story) -> None:
    """The one is on the document, the other is when a version came out."""
    story.body()
    registered(story, masthead_date="2026-02-01")
    story.do("issue version", document="d", language="en")
    document = story.state("document/d")

    assert When("2026-02-01") == document.masthead_date
    assert When.instant(story.now) == document.versions["en"].issued

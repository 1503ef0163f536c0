"""The life of an agenda by the rules of working groups, step by step."""

from __future__ import annotations

from typing import Any

import pytest

from domain.rules import Result
from story import Story

WORKING_GROUPS = "untoc-working-groups"
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")


def submitted(story: Story, *items: str) -> None:
    """A session in August 2026 and its agenda, submitted on 2 March."""
    story.body(WORKING_GROUPS)
    story.do(
        "schedule session",
        session="s",
        body="b",
        number="1",
        starts="2026-08-10",
        ends="2026-08-11",
    )
    hours = {"day": "2026-08-10", "starts": "10:00", "ends": "13:00"}
    story.do("plan meetings", session="s", meetings=[hours])
    story.do("start agenda", agenda="a", body="b", session="s", approved_by="b")
    story.propose("1", subjects=["adoption of the agenda"])
    for item in items or ("2",):
        story.propose(item)
    story.propose("9", subjects=["report"])
    story.do("submit items", agenda="a")


def approved(story: Story) -> None:
    """The same, approved by a silence of 14 days."""
    submitted(story)
    subject = {"type": "agenda items", "agenda": "a"}
    story.do("open silence", window="w", body="b", subject=subject)
    story.clock("2026-03-20T12:00:00Z")


def organized(story: Story, *entries: object, starts: str = "10:00", ends: str = "13:00") -> None:
    """Organize the work of agenda `a` in one slot of 10 August."""
    found = entries or ({"item": "1"}, {"item": "2"}, {"item": "9"})
    slot = {"day": "2026-08-10", "starts": starts, "ends": ends, "entries": list(found)}
    story.do("organize work", agenda="a", slots=[slot])


def issued(story: Story, *languages: str, masthead: str = "2026-04-01", numbers: str = "") -> None:
    """The provisional agenda, registered and issued in these languages now."""
    story.do(
        "register document",
        document="d",
        symbol="FX/WG.1/2026/1",
        type="provisional agenda",
        body="b",
        agenda="a",
        masthead_date=masthead,
    )
    for language in languages or LANGUAGES:
        number = numbers or f"V.26-0000{LANGUAGES.index(language)}"
        story.do("issue version", document="d", language=language, job_number=number)


def issued_and_published(story: Story, *languages: str, **fields: str) -> None:
    """The provisional agenda, issued and then published."""
    issued(story, *languages, **fields)
    story.do("publish document", document="d")


def published(story: Story) -> None:
    """The provisional agenda, published in six languages in April."""
    approved(story)
    organized(story)
    issued_and_published(story)


def last_findings(story: Story) -> dict[str, tuple[Result, str]]:
    """What the last act was found to be, by rule."""
    return {
        finding.rule: (finding.result, finding.because) for finding in story.events()[-1].findings
    }


def agenda_details(story: Story) -> Any:
    """All that the page of agenda `a` shows."""
    story.placet.projections.follow()
    return story.placet.queries.agendas.get("fictional", "a")


def attested_agenda(story: Story, *, approval: str = "") -> None:
    """An attested agenda of two items, of whose approval the source tells, or not."""
    story.tell("establish body", "2020-01-01", body="b", names={"en": "Body"}, zone="Europe/Vienna")
    story.tell("adopt rule pack", "2020-01-01", body="b", pack=WORKING_GROUPS)
    story.tell("fill seat", "2020-01-01", body="b", seat="east", holder="East", since="2020-01-01")
    story.tell("start agenda", "2023-05-01", agenda="a", body="b", approved_by="b")
    story.tell("propose item", "2023-05-02", agenda="a", item="1", titles={"en": "Opening"})
    story.tell("propose item", "2023-05-02", agenda="a", item="2", titles={"en": "Wells"})
    if approval:
        story.tell("submit items", "2023-05-03", agenda="a")
        story.tell("approve items", approval, who="body", agenda="a", manner="at a meeting")


@pytest.fixture
def scheduled(story: Story) -> Story:
    """Session `s` of body `b`, 10 to 11 August 2026."""
    story.body()
    dates = {"starts": "2026-08-10", "ends": "2026-08-11"}
    story.do("schedule session", session="s", body="b", number="3", venue="Vienna", **dates)
    return story


def started(story: Story, *items: str) -> None:
    """An agenda `a` of body `b` with these items."""
    story.body()
    story.do("start agenda", agenda="a", body="b", approved_by="b")
    for item in items:
        story.propose(item)


def registered(
    story: Story, document: str = "d", symbol: str = "FX/WG.1/2026/1", **fields: object
) -> None:
    """A document of body `b` under this symbol."""
    given = {"document": document, "symbol": symbol, "type": "background paper", "body": "b"}
    story.do("register document", **(given | fields))

"""Days that sources tell, held against hours: they are days of the body, wherever rules compare."""

from __future__ import annotations

from datetime import timedelta

import pytest

from story import Story


def findings(story: Story, name: str) -> dict[str, str]:
    """What the rules found when an event of this name was decided last."""
    found = [event for event in story.events() if event.name.startswith(name) and event.findings]
    return {finding.rule: str(finding.result) for finding in found[-1].findings}


def published(story: Story, day: str, zone: str, *languages: str, second: str = "") -> None:
    """Agenda `a` of session `s`, whose document a source says was issued and published then."""
    story.do("establish body", body="b", names={"en": "Body"}, zone=zone)
    story.tell("adopt rule pack", "2020", body="b", pack="untoc-working-groups")
    days = {"starts": "2026-04-15", "ends": "2026-04-16"}
    story.tell("schedule session", "2025", session="s", body="b", number="1", **days)
    story.tell("start agenda", "2025", agenda="a", body="b", session="s", approved_by="b")
    item = {"item": "1", "titles": {"en": "Item"}, "subjects": ["adoption of the agenda", "report"]}
    item |= {"proposer_kind": "secretariat", "memorandum": "A/1"}
    story.tell("propose item", "2026-02-02", agenda="a", **item)
    values = {"symbol": "CTOC/1", "type": "provisional agenda", "body": "b", "agenda": "a"}
    values |= {"masthead_date": "2026-02-02"}
    story.tell("register document", "2026-02-02", document="d", languages=["en", "fr"], **values)
    story.tell("issue version", day, document="d", language="en", job_number="1")
    story.tell("issue version", second or day, document="d", language="fr", job_number="2")
    story.tell("publish document", second or day, document="d")


@pytest.mark.parametrize(
    ("zone", "adopted", "found"),
    [
        ("Europe/Vienna", "2026-03-01T22:59:59Z", "undeterminable"),
        ("Europe/Vienna", "2026-03-01T23:00:00Z", "satisfied"),
        ("Europe/Vienna", "2026-02-28T22:59:59Z", "violated"),
        ("America/New_York", "2026-03-02T04:59:59Z", "undeterminable"),
        ("America/New_York", "2026-03-02T05:00:00Z", "satisfied"),
        ("", "2026-03-02T05:00:00Z", "undeterminable"),
        ("", "2026-03-02", "satisfied"),
    ],
)
def test_what_was_published_on_a_day_is_out_on_the_next(
    story: Story, zone: str, adopted: str, found: str
) -> None:
    """From midnight of the body on; where no zone is told, some hours of history stay open."""
    published(story, "2026-03-01", zone)
    story.tell("adopt agenda", adopted, agenda="a")

    assert found == findings(story, "agenda.adopted")["publication-before-adoption"]


@pytest.mark.parametrize(("adopted", "passes"), [("23:59:59", False), ("24:00:00", True)])
def test_a_live_adoption_without_a_zone_counts_by_utc(
    story: Story, adopted: str, passes: bool
) -> None:
    """Strictly: on the day of publication it is in doubt, and doubt needs a waiver."""
    story.at("2026-03-03T10:00:00Z")
    published(story, "2026-03-03", "")
    story.do("open session", session="s")
    story.at(f"2026-03-03T{adopted}Z")
    story.now -= timedelta(minutes=1)
    if passes:
        story.do("adopt agenda", who="body", agenda="a")
    else:
        with story.refused("publication-before-adoption"):
            story.do("adopt agenda", who="body", agenda="a")


@pytest.mark.parametrize(
    ("zone", "english", "french", "found"),
    [
        ("Europe/Vienna", "2026-02-09T23:30Z", "2026-02-10T22:30Z", "satisfied"),
        ("Europe/Vienna", "2026-02-09T22:30Z", "2026-02-09T23:30Z", "violated"),
        ("Europe/Vienna", "2026-02-09T23:30Z", "2026-02-10", "satisfied"),
        ("", "2026-02-09T22:30Z", "2026-02-09T23:30Z", "satisfied"),
    ],
)
def test_versions_of_one_day_are_of_a_day_of_the_body(
    story: Story, zone: str, english: str, french: str, found: str
) -> None:
    """Late in the evening in UTC it is the next day in Vienna."""
    published(story, english, zone, second=french)

    assert found == findings(story, "document.published")["simultaneous-issuance"]


@pytest.mark.parametrize(
    ("zone", "issued", "found"),
    [
        ("Europe/Vienna", "2026-03-04", "satisfied"),
        ("Europe/Vienna", "2026-03-04T22:59:59Z", "satisfied"),
        ("Europe/Vienna", "2026-03-04T23:00:00Z", "violated"),
        ("America/New_York", "2026-03-05T04:59:59Z", "satisfied"),
        ("America/New_York", "2026-03-05T05:00:00Z", "violated"),
    ],
)
def test_six_weeks_are_counted_from_a_day_of_the_body(
    story: Story, zone: str, issued: str, found: str
) -> None:
    """To the day of the opening: 42 days from 4 March to 15 April."""
    story.at("2026-03-06T10:00:00Z")
    published(story, issued, zone)

    assert found == findings(story, "document.published")["issued-six-weeks-before"]

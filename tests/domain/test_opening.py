"""Openings at the edge: how long, how soon, by how many, and what may be relaunched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from domain.times import When
from story import Story

TEXT = {"en": "The body decides."}
AMENDED = {"en": "The body decides otherwise."}


def after(story: Story, span: timedelta) -> str:
    """So long after the act that comes next."""
    return str(When.from_instant(story.now + timedelta(minutes=1) + span))


# --- how soon, and how long ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("span", "rule"),
    [
        (timedelta(hours=72), ""),
        (timedelta(hours=72) - timedelta(microseconds=1), "silence-minimum-length"),
        (timedelta(0), "closes-after-opening"),
        (-timedelta(microseconds=1), "closes-after-opening"),
        (timedelta(days=3653), ""),
        (timedelta(days=3653, microseconds=1), "closes-within-reach"),
    ],
)
def test_a_window_is_as_long_as_its_minimum_to_the_microsecond(
    story: Story, span: timedelta, rule: str
) -> None:
    """And neither closes before it opens nor when nobody is there any more."""
    story.body()
    if rule:
        with story.refused(rule):
            story.silence(closes=after(story, span))
    else:
        story.silence(closes=after(story, span))


def test_a_moment_is_after_the_opening(story: Story) -> None:
    """With a waiver, a window may last a microsecond."""
    story.body()
    waiver = {"silence-minimum-length": "A test of the clocks."}
    story.silence(closes=after(story, timedelta(microseconds=1)), waive=waiver)

    assert timedelta(microseconds=1) == (
        story.state("window/w").closes.exact - story.state("window/w").opened.exact
    )


@pytest.mark.parametrize("waiver", ["", " ", "\u200b", "\ufeff"])
def test_what_nobody_sees_waives_nothing(story: Story, waiver: str) -> None:
    story.body()
    with story.refused("silence-minimum-length"):
        story.silence(length="71 hours", waive={"silence-minimum-length": waiver})


@pytest.mark.parametrize(
    ("opens", "closes", "zone", "found"),
    [
        ("2026-02-02", "2026-02-05", "UTC", "undeterminable"),
        ("2026-02-02", "2026-02-06", "UTC", "satisfied"),
        ("2026-02-02", "2026-02-04", "UTC", "violated"),
        ("2026-02-02T23:30Z", "2026-02-06", "Europe/Vienna", "undeterminable"),
        ("2026-02-02T23:30Z", "2026-02-06", "UTC", "satisfied"),
        ("2026-02-02T10:00Z", "2026-02-05T10:00Z", "UTC", "satisfied"),
        ("2026-02-02T10:00Z", "2026-02-05T09:59:59Z", "UTC", "violated"),
        ("2026-02-02T10:00", "2026-02-05T09:00Z", "Europe/Vienna", "satisfied"),
        ("2026-02-02T10:00", "2026-02-05T08:59Z", "Europe/Vienna", "violated"),
        ("2026-02-02T10:00", "2026-02-05T09:00Z", "", "undeterminable"),
        ("unknown", "2026-02-05", "UTC", "undeterminable"),
        ("2026-02-02", "unknown", "UTC", "undeterminable"),
    ],
)
def test_history_is_as_long_as_its_days_tell(
    story: Story, opens: str, closes: str, zone: str, found: str
) -> None:
    """Days and hours of a source are those of the body; what they leave open stays open."""
    story.do("establish body", body="b", names={"en": "Body"}, zone=zone)
    story.tell("adopt rule pack", "2020", body="b", pack="generic")
    values: dict[str, Any] = {"window": "w", "body": "b", "subject": {"type": "decision text"}}
    story.tell("open silence", opens, closes=closes, **values)
    findings = {finding.rule: str(finding.result) for finding in story.events()[-1].findings}

    assert found == findings["silence-minimum-length"]


@pytest.mark.parametrize(
    ("opens", "closes", "rule"),
    [
        ("2026-02-02", "2026-02-02", ""),
        ("2026-02-02", "2026-02-01", "closes-after-opening"),
        ("2026-02-02T10:00Z", "2026-02-02T10:00Z", "closes-after-opening"),
        ("2026-02-02T23:30Z", "2026-02-02", "closes-after-opening"),
    ],
)
def test_history_closes_after_it_opens(story: Story, opens: str, closes: str, rule: str) -> None:
    """By the days of the body, where it is half past midnight of the next one."""
    story.do("establish body", body="b", names={"en": "Body"}, zone="Europe/Vienna")
    values: dict[str, Any] = {"window": "w", "body": "b", "subject": {"type": "decision text"}}
    if rule:
        with story.refused(rule):
            story.tell("open silence", opens, closes=closes, **values)
    else:
        story.tell("open silence", opens, closes=closes, **values)


# --- by how many ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("threshold", "rule"),
    [
        (0, "threshold-reachable"),
        (-1, "threshold-reachable"),
        (1, ""),
        (2, ""),
        (3, "threshold-reachable"),
    ],
)
def test_as_many_can_object_as_it_takes(story: Story, threshold: int, rule: str) -> None:
    """Of two members with three seats never three object; and nobody breaks without objecting."""
    story.body()
    story.do("fill seat", body="b", seat="chair", holder="East", since="2026-01-01")
    if rule:
        with story.refused(rule):
            story.silence(threshold=threshold)
    else:
        story.silence(threshold=threshold)
        assert threshold == story.state("window/w").policy.threshold


@pytest.mark.parametrize(
    ("grace", "margin", "rule"),
    [
        ("60", "0", "grace-exceeds-queue"),
        ("61", "0", ""),
        ("70", "10", "grace-exceeds-queue"),
        ("71", "10", ""),
    ],
)
def test_the_grace_outlasts_what_is_under_way(
    story: Story, grace: str, margin: str, rule: str
) -> None:
    """By a second at least, and the margin of the clocks besides."""
    story.body(parameters={"grace-seconds": grace, "margin-seconds": margin})
    if rule:
        with story.refused(rule):
            story.silence()
    else:
        story.silence()


# --- texts that say nothing ----------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", " ", "\n", "\ufeff", "\u200b\u3164"])
def test_what_says_nothing_is_no_text(story: Story, text: str) -> None:
    """Under silence, as the title of an item or of a text, as an annotation, as a reason."""
    story.body()
    story.agenda()
    item = {"agenda": "a", "item": "2"}
    refused: list[Callable[[], Any]] = [
        lambda: story.silence(text={"en": text}),
        lambda: story.silence(text={"en": "Text.", "fr": text}),
        lambda: story.silence(text={text: "Text."}),
        lambda: story.silence(subject={"type": "decision text", "titles": {"en": text}}),
        lambda: story.propose("3", titles={"en": text}),
        lambda: story.do("amend item", titles={"en": text}, reason="x", **item),
        lambda: story.do("establish body", body="c", names={"en": text}),
    ]
    if text:
        values = {"language": "en", "heading": "Item 2"}
        refused += [
            lambda: story.do("annotate item", **item, **(values | {"heading": text})),
            lambda: story.do("annotate item", paragraphs=["A.", text], **item, **values),
            lambda: story.do("withdraw item", reason=text, **item),
        ]
    for act in refused:
        with story.refused("empty"):
            act()
    story.silence()
    with story.refused("empty"):
        story.do("suspend silence", who="presiding officer", window="w", reason=text or "\u200b")
    with story.refused("empty"):
        story.do("hold silence", window="w", reason=text)


def test_an_answer_is_kept_whatever_it_says(story: Story) -> None:
    """A blank reason is none, and an objection stays one."""
    story.body()
    story.silence()
    story.respond("objection", text="\u200b")

    assert story.state("window/w").broken_whole


def test_a_blank_reason_is_no_reason(story: Story) -> None:
    """Where reasons are wanted, signs that nobody sees are none."""
    story.body(parameters={"reasons-required": "yes"})
    story.silence()
    story.respond("objection", text="\u200b \ufeff")

    assert "reasons-given" == story.state("window/w").responses[0].rule


def test_a_byte_order_mark_is_no_part_of_a_text(story: Story) -> None:
    """The same text has the same hash, whichever editor kept it."""
    story.body()
    story.silence()
    story.silence(window="v", text={"en": "\ufeffThe body decides."})
    story.agenda()
    story.do("submit items", agenda="a")
    plain = story.state("agenda/a").text_hash
    story.do("amend item", agenda="a", item="2", titles={"en": "\ufeffItem 2"}, reason="x")
    story.do("submit items", agenda="a")

    assert story.state("window/w").text_hash == story.state("window/v").text_hash
    assert plain == story.state("agenda/a").text_hash


def found_after_the_close(story: Story) -> None:
    """A letter of a seat that came in time is registered after window `w` was approved."""
    values = {"window": "w", "kind": "objection", "seats": ["east"]}
    story.do("respond", received="2026-03-04T12:00:00Z", **values)


# --- relaunches ----------------------------------------------------------------------------------


def broken(story: Story, **fields: Any) -> None:
    """A window `w` of body `b` that was broken."""
    story.body()
    story.silence(**fields)
    story.respond("objection")


@pytest.mark.parametrize(
    ("text", "shorter"),
    [
        ({"en": "The body decides. "}, False),
        ({"en": "the body  DECIDES."}, False),
        ({"en": "The body decides"}, False),
        ({"en": "The bodydecides."}, False),
        ({"en": "The b\u043edy\u200b decides."}, False),
        ({"en": "The body decides.", "fr": "L'organe décide."}, False),
        ({"fr": "L'organe décide autrement."}, False),
        ({"en": "The body decides otherwise."}, True),
        ({"en": "The body decides otherwise.", "fr": "L'organe décide."}, True),
    ],
)
def test_an_amended_text_says_something_else(
    story: Story, text: dict[str, str], shorter: bool
) -> None:
    """In a language that both have: a blank, a capital or a translation is no amendment."""
    broken(story)
    if not shorter:
        with story.refused("silence-minimum-length"):
            story.silence(window="v", text=text, length="48 hours", relaunch_of="w")
        story.silence(window="v", text=text, length="72 hours", relaunch_of="w")
    else:
        with story.refused("silence-minimum-length"):
            story.silence(window="v", text=text, length="47 hours", relaunch_of="w")
        story.silence(window="v", text=text, length="48 hours", relaunch_of="w")


def test_only_what_failed_is_relaunched(story: Story) -> None:
    """Neither an approval nor one that is suspended; what was superseded or revoked is."""
    story.body()
    story.silence()
    story.silence(window="gone")
    removed = {"window": "gone", "reason": "x", "who": "presiding officer"}
    story.do("supersede silence", **removed)
    story.silence(window="v", text=AMENDED, length="48 hours", relaunch_of="gone")
    story.clock("2026-03-05T13:00:00Z")
    with story.refused("relaunch-of-what-failed"):
        story.silence(window="again", text=AMENDED, relaunch_of="w")
    found_after_the_close(story)
    assert "approval suspended" == story.phase()
    with story.refused("relaunch-of-what-failed"):
        story.silence(window="again", text=AMENDED, relaunch_of="w")
    ruling = {"number": 1, "breaks": True, "reason": "It came in time.", "second": "Deputy"}
    story.do("rule on response", who="presiding officer", window="w", **ruling)
    story.silence(window="again", text=AMENDED, length="48 hours", relaunch_of="w")

    assert "open" == str(story.state("window/again").phase(story.now))


def test_a_relaunch_stays_in_its_body(story: Story) -> None:
    """What failed in one body is none of another's business."""
    broken(story)
    story.do("establish body", body="c", names={"en": "Body"}, zone="Europe/Vienna")
    story.do("fill seat", body="c", seat="east", holder="Eastland", since="2026-01-01")
    with story.refused("relaunch-of-what-failed"):
        story.silence(window="v", body="c", text=AMENDED, length="72 hours", relaunch_of="w")


OLD = {"type": "decision text", "titles": {"en": "Draft decision on lamps"}}


@pytest.mark.parametrize(
    ("subject", "same"),
    [
        ({"titles": {"en": "Draft decision on lamps, as amended"}}, True),
        ({"titles": {"en": "decision on LAMPS"}}, True),
        ({"titles": {"en": "Draft decision on ferries"}}, False),
        ({"titles": {"en": "Draft decision on ferries", "fr": "Projet"}}, False),
        ({"titles": {"fr": "Projet de décision"}}, True),
        ({}, True),
        ({"type": "session dates"}, False),
        ({"type": "Decision  text"}, True),
    ],
)
def test_a_relaunch_stays_in_its_matter(story: Story, subject: dict[str, Any], same: bool) -> None:
    """The words of one title stand in the other; what only one of them tells says nothing."""
    parameters = {"silence-scope.force": "none"}
    story.body(parameters=parameters)
    story.silence(subject=OLD)
    story.respond("objection")
    values = {"window": "v", "text": AMENDED, "length": "48 hours", "relaunch_of": "w"}
    new = {"type": "decision text", **subject}
    if same:
        story.silence(subject=new, **values)
    else:
        with story.refused("relaunch-of-what-failed"):
            story.silence(subject=new, **values)


def test_a_matter_is_that_of_one_session(story: Story) -> None:
    """Told of both, it is the same one."""
    story.body()
    for name in ("s", "t"):
        days = {"starts": "2026-06-01", "ends": "2026-06-02"}
        story.do("schedule session", session=name, body="b", number=name, **days)
    story.silence(subject={"type": "decision text", "session": "s"})
    story.respond("objection")
    values = {"text": AMENDED, "relaunch_of": "w"}
    with story.refused("relaunch-of-what-failed"):
        story.silence(window="v", subject={"type": "decision text", "session": "t"}, **values)
    story.silence(window="v", subject={"type": "decision text", "session": "s"}, **values)
    story.silence(window="u", subject={"type": "decision text"}, **values)
    story.respond("objection", window="u")
    values["relaunch_of"] = "u"
    story.silence(window="again", subject={"type": "decision text", "session": "t"}, **values)


def test_a_matter_is_that_of_a_document_or_of_its_revision(story: Story) -> None:
    """Where no title tells it."""
    story.body()
    register = {"type": "draft decision", "body": "b"}
    story.do("register document", document="l1", symbol="CTOC/L.1", **register)
    story.do("register document", document="l2", symbol="CTOC/L.2", **register)
    revised = {"symbol": "CTOC/L.1/Rev.1", "changes": "CTOC/L.1"}
    story.do("register document", document="l1r", **register, **revised)
    story.silence(subject={"type": "decision text", "document": "l1"})
    story.respond("objection")
    values = {"text": AMENDED, "relaunch_of": "w"}
    with story.refused("relaunch-of-what-failed"):
        story.silence(window="v", subject={"type": "decision text", "document": "l2"}, **values)
    for number, document in enumerate(("l1", "l1r", "")):
        subject = {"type": "decision text", "document": document}
        story.silence(window=f"v{number}", subject=subject, **values)


def entries(story: Story, window: str, *items: str, **fields: Any) -> None:
    """Entries of a list, each of which stands or falls by itself."""
    subject = {"type": "list of entries", "items": list(items)}
    story.silence(window=window, subject=subject, by_item=True, **fields)


def test_of_what_was_partly_approved_only_the_rest_is_relaunched(story: Story) -> None:
    """Each broken entry, or some of them; none that stands, and not the text as a whole."""
    story.body()
    entries(story, "w", "a", "b", "c")
    story.respond("objection", items=["b", "c"])
    story.clock("2026-03-05T13:00:00Z")
    values = {"text": AMENDED, "length": "48 hours", "relaunch_of": "w"}
    for items in (("a",), ("a", "b"), ("b", "d"), ()):
        with story.refused("relaunch-of-what-failed"):
            entries(story, "v", *items, **values)
    entries(story, "v", "b", **values)
    entries(story, "u", "b", "c", **values)

    assert "partly approved" == story.phase()


def items_of_agenda(story: Story, length: str = "48 hours") -> None:
    """The submitted items of agenda `a` come under silence again."""
    story.do("submit items", agenda="a")
    subject = {"type": "agenda items", "agenda": "a"}
    story.silence(window="v", subject=subject, text={}, length=length, relaunch_of="w")


@pytest.mark.parametrize(
    ("retitled", "shorter"),
    [((), False), (("2",), False), (("2", "3"), True)],
)
def test_each_item_that_is_relaunched_is_amended(
    story: Story, retitled: tuple[str, ...], shorter: bool
) -> None:
    """Where items stand or fall by themselves, each is a text that is read again."""
    story.body()
    story.agenda("1", "2", "3")
    story.do("submit items", agenda="a")
    subject = {"type": "agenda items", "agenda": "a"}
    story.silence(subject=subject, text={}, by_item=True)
    story.respond("objection", items=["2", "3"])
    story.clock("2026-03-05T13:00:00Z")
    for item in retitled:
        titles = {"en": f"Another item {item}"}
        story.do("amend item", agenda="a", item=item, titles=titles, reason="x")
    if shorter:
        items_of_agenda(story)
    else:
        story.do("submit items", agenda="a")
        with story.refused("silence-minimum-length"):
            story.silence(window="v", subject=subject, text={}, length="48 hours", relaunch_of="w")


def test_an_undivided_agenda_is_amended_by_one_item(story: Story) -> None:
    """Retitled, or left out: the list as a whole says something else."""
    story.body()
    story.agenda("1", "2")
    story.do("submit items", agenda="a")
    story.silence(subject={"type": "agenda items", "agenda": "a"}, text={})
    story.respond("objection")
    story.do("withdraw item", agenda="a", item="2", reason="x")
    items_of_agenda(story)

    assert "open" == str(story.state("window/v").phase(story.now))


def test_another_agenda_is_another_matter(story: Story) -> None:
    story.body()
    story.agenda()
    story.do("submit items", agenda="a")
    story.silence(subject={"type": "agenda items", "agenda": "a"}, text={})
    story.respond("objection")
    with story.refused("relaunch-of-what-failed"):
        story.silence(
            window="v",
            subject={"type": "agenda items"} | {"type": "other"},
            text=AMENDED,
            relaunch_of="w",
        )


# --- relaunches that sources tell ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "text", "closes", "found"),
    [
        ("broken", {}, "2026-02-19T12:00Z", "undeterminable"),
        ("broken", {}, "2026-02-20T12:00Z", "satisfied"),
        ("broken", {}, "2026-02-18T12:00Z", "violated"),
        ("broken", AMENDED, "2026-02-19T12:00Z", "satisfied"),
        ("broken", TEXT, "2026-02-19T12:00Z", "violated"),
        ("approved", AMENDED, "2026-02-19T12:00Z", "violated"),
        ("unknown", AMENDED, "2026-02-19T12:00Z", "undeterminable"),
    ],
)
def test_history_is_judged_by_what_it_tells_of_texts(
    story: Story, before: str, text: dict[str, str], closes: str, found: str
) -> None:
    """Where it is not told whether the text was amended, two days are open, one is too short."""
    story.do("establish body", body="b", names={"en": "Body"}, zone="Europe/Vienna")
    story.tell("adopt rule pack", "2020", body="b", pack="generic")
    subject = {"type": "decision text"}
    values: dict[str, Any] = {"body": "b", "subject": subject}
    story.tell("open silence", "2026-02-01", window="w", text=TEXT, **values)
    if before == "broken":
        story.tell("respond", "2026-02-02", window="w", kind="objection", seats=["east"])
    if before == "approved":
        story.tell("record lapse", "2026-02-05", window="w")
    values |= {"window": "v", "relaunch_of": "w", "text": text, "closes": closes}
    story.tell("open silence", "2026-02-17T12:00Z", **values)
    findings = {finding.rule: str(finding.result) for finding in story.events()[-1].findings}

    assert found == findings["silence-minimum-length"]


def test_what_is_not_known_to_have_ended_is_not_known_to_have_failed(story: Story) -> None:
    """An entry broke; what became of the procedure as a whole is not told."""
    story.do("establish body", body="b", names={"en": "Body"}, zone="Europe/Vienna")
    story.tell("adopt rule pack", "2020", body="b", pack="generic")
    subject = {"type": "list of entries", "items": ["a", "b"]}
    values: dict[str, Any] = {"body": "b", "subject": subject, "by_item": True}
    story.tell("open silence", "2026-02-01", window="w", text=TEXT, **values)
    answer = {"window": "w", "kind": "objection", "seats": ["east"], "items": ["a"]}
    story.tell("respond", "2026-02-02", **answer)
    values |= {"window": "v", "relaunch_of": "w", "text": AMENDED, "closes": "2026-02-19T12:00Z"}
    story.tell("open silence", "2026-02-17T12:00Z", **values)
    findings = {finding.rule: str(finding.result) for finding in story.events()[-1].findings}

    assert "undeterminable" == findings["silence-minimum-length"]


@pytest.mark.parametrize(
    ("received", "phase", "found"),
    [
        ("2026-02-19", "outcome unknown", "violated"),
        ("2026-02-18", "broken", "undeterminable"),
        ("2026-02-17", "broken", "satisfied"),
    ],
)
def test_the_day_of_an_answer_is_one_of_the_body(
    story: Story, received: str, phase: str, found: str
) -> None:
    """The deadline was at nine in the evening of 18 February: the next day was too late."""
    story.do("establish body", body="b", names={"en": "Body"}, zone="Europe/Vienna")
    story.tell("adopt rule pack", "2020", body="b", pack="generic")
    values: dict[str, Any] = {"body": "b", "subject": {"type": "decision text"}}
    closes = "2026-02-18T20:00Z"
    story.tell("open silence", "2026-02-10", window="w", closes=closes, **values)
    story.tell("respond", received, window="w", kind="objection", seats=["east"])
    findings = {
        finding.rule: str(finding.result)
        for finding in story.events()[-2 + (found == "violated")].findings
    }

    assert (phase, found) == (story.phase(), findings["received-in-time"])


# --- the second person ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("second", "other"),
    [
        ("Deputy", True),
        ("", False),
        ("x", False),
        (".", False),
        ("presiding officer", False),
        ("Presiding  Officer", False),
        ("presiding\u200b officer", False),
        ("pr\u0435siding officer", False),
        ("presiding-officer.", False),
        ("presldlng OFF1CER", False),
        ("Deputy Presiding Officer", True),
    ],
)
def test_a_second_person_is_visibly_another(story: Story, second: str, other: bool) -> None:
    """A name that differs by what nobody sees is nobody else's; so is one that is no name."""
    story.body()
    story.silence()
    story.clock("2026-03-05T13:00:00Z")
    found_after_the_close(story)
    ruling = {"window": "w", "number": 1, "breaks": False, "reason": "It does not object."}
    if other:
        story.do("rule on response", who="presiding officer", second=second, **ruling)
    else:
        with story.refused("two-persons"):
            story.do("rule on response", who="presiding officer", second=second, **ruling)

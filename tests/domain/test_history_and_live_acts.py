"""What a source tells alters nothing that runs by the rules, nor what followed from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

import pytest

from domain import history_and_live_acts
from domain.messages import Order
from domain.rules import Refused
from domain.silence.commands import ToWindow
from domain.times import When
from domain.type_registry import COMMANDS
from in_memory_store import Cast
from story import ORGANISATION, Story, actor
from wiring import CODEC
from workflows.commands.command_result import CommandResult

ITEMS: Final = {"type": "list of entries", "items": ["x", "y"]}


def tell(cast: Cast, verb: str, **fields: Any) -> CommandResult:
    """Attest an act on window `w`, by the secretariat alone, as of the moment of its opening."""
    cast.count += 1
    order = Order(
        command=CODEC.from_plain(CODEC.to_plain({"window": "w", **fields}), COMMANDS[verb]),
        command_id=f"told-{cast.count}",
        actor=actor("secretariat"),
        at=cast.now,
        received_at=cast.now,
        source="a letter",
        effective=cast.window.opened,
    )
    return cast.handling.handle(ORGANISATION, order)


# --- every act in every phase ---------------------------------------------------------------------


def _open(cast: Cast) -> None:
    cast.wait(cast.now + timedelta(hours=1))


def _unclear(cast: Cast) -> None:
    cast.do("respond", who="seat east", window="w", kind="unclear", seats=["east"])


def _suspended(cast: Cast) -> None:
    cast.officer("suspend silence", reason="talks")


def _held(cast: Cast) -> None:
    cast.do("hold silence", window="w", reason="a letter is on its way")


def _verified(cast: Cast) -> None:
    cast.wait(cast.ends + timedelta(seconds=1))


def _held_by_the_clock(cast: Cast) -> None:
    _unclear(cast)
    _approved(cast)


def _partly(cast: Cast) -> None:
    cast.do("respond", who="seat east", window="w", kind="objection", seats=["east"], items=["x"])


def _broken(cast: Cast) -> None:
    cast.do("respond", who="seat east", window="w", kind="objection", seats=["east"])


def _approved(cast: Cast) -> None:
    cast.wait(cast.ends + timedelta(minutes=3))
    cast.clock()


def _doubted(cast: Cast) -> None:
    came = cast.now
    _approved(cast)
    late = {"kind": "objection", "seats": ["west"], "items": ["y"], "received": came}
    cast.do("respond", window="w", **late)


def _revoked(cast: Cast) -> None:
    _doubted(cast)
    ruling = {"number": 1, "breaks": True, "reason": "it stood", "second": "the Vice-Chair"}
    cast.officer("rule on response", **ruling)


def _superseded(cast: Cast) -> None:
    cast.officer("supersede silence", reason="another text")


STATES: Final[tuple[Callable[[Cast], None], ...]] = (
    _open,
    _unclear,
    _suspended,
    _held,
    _verified,
    _held_by_the_clock,
    _partly,
    _broken,
    _approved,
    _doubted,
    _revoked,
    _superseded,
)

LATER: Final = "2030-01-01T00:00:00Z"
ATTESTED: Final[tuple[tuple[str, Mapping[str, object]], ...]] = (
    ("record notices", {"seats": ["east"], "result": "failed"}),
    ("respond", {"kind": "objection", "seats": ["north"]}),
    ("respond", {"kind": "objection", "seats": ["north"], "items": ["y"]}),
    ("respond", {"kind": "unclear", "seats": ["north"]}),
    ("rule on response", {"number": 1, "breaks": False, "reason": "none"}),
    ("rule on response", {"number": 1, "breaks": True, "reason": "one"}),
    ("withdraw objection", {"number": 1}),
    ("extend silence", {"closes": LATER, "reason": "time"}),
    ("suspend silence", {"reason": "talks"}),
    ("resume silence", {"closes": LATER}),
    ("supersede silence", {"reason": "another text"}),
    ("hold silence", {"reason": "doubt"}),
    ("release silence", {"reason": "none"}),
    ("record lapse", {}),
    ("announce outcome", {"manner": "letter"}),
    ("refer matter", {"to": "a meeting"}),
    ("tell outcome", {"approved": ["x"]}),
    ("tell outcome", {"broken": ["x", "y"]}),
    ("decide matter", {"result": "adopted", "manner": "vote"}),
    ("announce revision", {"wording": "other"}),
    ("share silence", {"bodies": ["b"]}),
    ("repeat notices", {"seats": ["east"], "reason": "asked for"}),
)


def played(state: Callable[[Cast], None]) -> Cast:
    """A live window by item, with three seats, after what leads to a state."""
    cast = Cast(("east", "west", "north"), subject=ITEMS, by_item=True)
    cast.wait(cast.now + timedelta(minutes=1))
    state(cast)
    cast.wait(cast.now + timedelta(seconds=1))
    return cast


def changed_by(state: Callable[[Cast], None], verb: str, values: Mapping[str, object]) -> bool:
    """Whether the act, told by a source, changes what the window says of itself."""
    cast = played(state)
    before = said(cast)
    with suppress(Refused):
        tell(cast, verb, **values)
    return said(cast) != before


def said(cast: Cast) -> tuple[object, ...]:
    window = cast.window
    parts = tuple(window.outcome(part) for part in ("", "x", "y"))
    return (cast.phase, window.closes, parts, window.follow_up.announced, window.follow_up.referred)


def test_every_act_on_a_window_is_told_to_it() -> None:
    """The table above leaves no command of a window out, but the one that opens it."""
    acts = {verb for verb, kind in COMMANDS.items() if issubclass(kind, ToWindow)}

    assert acts - {"open silence"} == {verb for verb, _ in ATTESTED}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("verb", "values"), ATTESTED)
def test_no_source_changes_a_window_that_runs_by_the_rules(
    state: Callable[[Cast], None], verb: str, values: Mapping[str, object]
) -> None:
    """Each act in each phase is refused, and its outcome, phase and deadline stay."""
    cast = played(state)
    before, events = said(cast), cast.log.last_position()

    with pytest.raises(Refused) as refusal:
        tell(cast, verb, **values)

    assert refusal.value.rule == "window-of-one-basis"
    assert (before, events) == (said(cast), cast.log.last_position())


def test_without_the_rule_sources_would_change_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same acts do change outcomes, phases and deadlines where nothing forbids."""
    monkeypatch.setattr(history_and_live_acts, "require_one_basis", lambda *_: None)
    monkeypatch.setattr(history_and_live_acts, "require_live_acts_unchanged", lambda *_: None)

    found = {verb for state in STATES for verb, entry in ATTESTED if changed_by(state, verb, entry)}

    assert {"record lapse", "respond", "extend silence", "rule on response"} <= found


# --- live acts on a told window -------------------------------------------------------------------


def attested_window(story: Story, *, over: bool = True) -> None:
    """A window of the year before, as a source tells it."""
    story.tell("establish body", body="b", names={"en": "Body"}, zone="Europe/Vienna")
    opening = {"window": "w", "body": "b", "subject": {"type": "decision text"}}
    story.tell("open silence", "2025-03-01", closes="2025-03-03", **opening)
    if over:
        story.tell("record lapse", "2025-03-03", window="w")


@pytest.mark.parametrize(("verb", "values"), ATTESTED)
def test_a_told_window_goes_on_live_only_after_its_outcome(
    story: Story, verb: str, values: Mapping[str, object]
) -> None:
    """What comes afterwards runs no clock; whatever else happened in it is told."""
    attested_window(story)
    before = story.state("window/w")
    if verb == "announce outcome":
        story.do(verb, window="w", **values)
        assert "letter" == story.state("window/w").follow_up.announced[0].manner
        return
    later = verb in {"refer matter", "decide matter", "announce revision"}
    with story.refused("stage" if later else "window-of-one-basis"):
        story.do(verb, who="presiding officer", window="w", **values)
    assert before == story.state("window/w")


def test_what_was_announced_live_is_not_altered_by_a_source(story: Story) -> None:
    """An objection that a source tells of later would make the announcement untrue."""
    attested_window(story)
    story.do("announce outcome", window="w", manner="letter")
    with story.refused("history-alters-no-live-act"):
        story.tell("respond", "2025-03-02", window="w", kind="objection", seats=["east"])


# --- other streams --------------------------------------------------------------------------------


def imported(story: Story) -> None:
    """An agenda as a source tells it, up to the submission of its items; its body is live."""
    story.body()
    story.tell("start agenda", "2026-02-01", agenda="a", body="b", approved_by="b")
    for item in ("1", "2"):
        titles = {"titles": {"en": f"Item {item}"}}
        story.tell("propose item", "2026-02-01", agenda="a", item=item, **titles)
    story.tell("submit items", "2026-02-02", agenda="a")


def test_an_agenda_that_a_source_tells_goes_on_live(story: Story) -> None:
    """Items submitted last month are put under silence today."""
    imported(story)
    story.silence(subject={"type": "agenda items", "agenda": "a"}, text={})

    assert "under silence" == story.state("agenda/a").stage


@pytest.mark.parametrize(
    ("verb", "values"),
    [
        ("withdraw item", {"item": "3", "reason": "no"}),
        ("amend item", {"item": "3", "titles": {"en": "Other"}, "reason": "no"}),
        ("propose item", {"item": "4", "titles": {"en": "More"}}),
        ("submit items", {"items": ["3"]}),
        ("plan documents", {"item": "3", "none_expected": True}),
        ("adopt agenda", {}),
        ("draft report", {"by": "the Rapporteur"}),
    ],
)
def test_an_agenda_that_went_on_live_is_told_no_more(
    story: Story, verb: str, values: Mapping[str, object]
) -> None:
    """Whatever a source adds now would change the list on which the live acts stand."""
    imported(story)
    story.tell("propose item", "2026-02-03", agenda="a", item="3", titles={"en": "Item 3"})
    story.silence(subject={"type": "agenda items", "agenda": "a"}, text={})
    before = story.state("agenda/a")
    with story.refused("history-alters-no-live-act"):
        story.tell(verb, "2026-02-10", agenda="a", **values)
    assert before == story.state("agenda/a")


def test_what_is_submitted_live_is_approved_by_no_letter_of_the_past(story: Story) -> None:
    """It was not yet submitted when the letter was written."""
    imported(story)
    story.tell("propose item", "2026-02-03", agenda="a", item="3", titles={"en": "Item 3"})
    story.do("submit items", agenda="a", items=["3"])
    with story.refused("history-alters-no-live-act"):
        story.tell("approve items", "2026-02-10", agenda="a", manner="letter", items=["3"])


def test_the_outcome_of_a_told_window_follows_into_an_agenda_that_went_on_live(
    story: Story,
) -> None:
    """No live act stands on these items: another item was proposed, and that is all."""
    imported(story)
    values = {"window": "w", "body": "b", "subject": {"type": "agenda items", "agenda": "a"}}
    story.tell("open silence", "2026-02-03", closes="2026-02-10", **values)
    story.do("propose item", agenda="a", item="3", titles={"en": "Item 3"})
    story.tell("record lapse", "2026-02-10", window="w")

    assert ("1", "2") == story.state("agenda/a").items_with_approval("approved")


@pytest.mark.parametrize(
    ("verb", "values"),
    [
        ("plan documents", {"item": "1", "none_expected": True}),
        ("propose item", {"item": "3", "under": "1", "titles": {"en": "A part of it"}}),
        ("draft report", {"by": "the Rapporteur"}),
    ],
)
def test_but_not_where_a_live_act_stands_on_them(
    story: Story, verb: str, values: Mapping[str, object]
) -> None:
    """Live, somebody went on with these items, or with the agenda as a whole."""
    imported(story)
    subject = {"subject": {"type": "agenda items", "agenda": "a"}}
    story.tell("open silence", "2026-02-03", window="w", body="b", closes="2026-02-10", **subject)
    story.do(verb, agenda="a", **values)
    with story.refused("history-alters-no-live-act"):
        story.tell("record lapse", "2026-02-10", window="w")


def test_no_told_window_opens_over_items_that_are_live(story: Story) -> None:
    """A silence of last year would otherwise approve what was submitted today."""
    imported(story)
    story.do("submit items", agenda="a")
    subject = {"subject": {"type": "agenda items", "agenda": "a"}}
    with story.refused("history-alters-no-live-act"):
        story.tell("open silence", "2026-02-03", window="w", body="b", closes="unknown", **subject)


def test_what_only_began_live_may_be_told(story: Story) -> None:
    """An agenda, a document and a session that were entered live stand on nothing yet."""
    story.body()
    dates = {"starts": "2026-06-01", "ends": "2026-06-02"}
    story.do("schedule session", session="s", body="b", number="1", **dates)
    story.do("start agenda", agenda="a", body="b", session="s", approved_by="b")
    story.tell("propose item", "2026-02-01", agenda="a", item="1", titles={"en": "Item 1"})
    story.do("register document", document="d", symbol="A/1", type="report", body="b")
    story.tell("issue version", "2026-02-02", document="d", language="en")
    meeting = {"day": "2026-06-01"}
    story.tell("plan meetings", "2026-02-02", session="s", meetings=[meeting])

    assert "proposed" == story.state("agenda/a").stage


@pytest.mark.parametrize("verb", ["postpone session", "cancel session"])
def test_the_dates_of_a_session_that_was_scheduled_live_are_moved_by_no_source(
    story: Story, verb: str
) -> None:
    story.body()
    dates = {"starts": "2026-06-01", "ends": "2026-06-02"}
    story.do("schedule session", session="s", body="b", number="1", **dates)
    with story.refused("history-alters-no-live-act"):
        story.tell(verb, "2026-02-01", session="s", reason="A letter.")


def test_a_document_that_went_on_live_is_told_no_more(story: Story) -> None:
    """Issued again in the past, it would not be what was published live."""
    story.body()
    document = {"document": "d", "symbol": "A/1", "type": "report", "body": "b"}
    story.tell("register document", "2026-02-01", **document)
    version = {"document": "d", "language": "en", "job_number": "V.26-00001"}
    story.tell("issue version", "2026-02-02", **version)
    story.do("publish document", document="d")
    with story.refused("history-alters-no-live-act"):
        again = {"job_number": "V.26-00002", "reason": "a slip"}
        story.tell("reissue version", "2026-02-03", document="d", language="en", **again)


def test_a_correction_with_authority_still_reaches_what_was_told(story: Story) -> None:
    """It is the way to put history right once the record went on live."""
    imported(story)
    story.do("submit items", agenda="a")
    values = {"of": "agenda/a", "version": 1, "now": {"approved_by": "b"}, "reason": "a slip"}
    story.do("correct fact", authority="the registry", **values)

    assert "record.corrected" == story.names()[-1]


# --- bodies are asked by date ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "values"),
    [
        ("vacate seat", {"seat": "west", "until": "2026-01-15"}),
        ("fill seat", {"seat": "south", "holder": "Southland", "since": "2026-01-15"}),
        ("empower seat", {"seat": "west", "acts_for": ["east"], "since": "2020-01-01"}),
    ],
)
def test_history_tells_nothing_of_a_body_for_the_time_since_it_acts_live(
    story: Story, verb: str, values: Mapping[str, object]
) -> None:
    """West was asked in March; no source of January takes its seat away."""
    story.body()
    before = story.state("body/b")
    with story.refused("history-alters-no-live-act"):
        story.tell(verb, "2026-01-15", body="b", **values)
    assert before == story.state("body/b")


def test_a_roster_that_only_sources_told_is_told_on(story: Story) -> None:
    """The rules were adopted today; who has sat in the body since January is on a list."""
    story.body(seats=())
    story.tell("fill seat", "2026-01-01", body="b", seat="x", holder="X", since="2026-01-01")
    story.tell("vacate seat", "2026-01-02", body="b", seat="x", until="2026-01-02")

    assert () == story.state("body/b").roster_at(When("2026-03-03"))


def test_a_calendar_is_told_for_no_year_since_one_was_published_live(story: Story) -> None:
    """For 2025 it still is; for 2026 the body counts by what it published itself."""
    story.body()
    days = {"duty_station": "v", "version": "1", "holidays": []}
    story.tell("publish calendar", "2026-01-01", body="b", year=2026, **days)
    story.do("publish calendar", body="b", year=2027, **days)
    story.tell("publish calendar", "2025-01-01", body="b", year=2025, **days)
    with story.refused("history-alters-no-live-act"):
        story.tell(
            "publish calendar", "2026-01-01", body="b", year=2026, **(days | {"version": "2"})
        )


def test_no_rule_pack_is_told_into_force_that_live_acts_did_not_know(story: Story) -> None:
    """Without a date it may be the one in force now; of long ago it is not."""
    story.body()
    with story.refused("history-alters-no-live-act"):
        story.tell("adopt rule pack", body="b", pack="untoc-working-groups")
    story.tell("adopt rule pack", "2020-01-01", body="b", pack="untoc-working-groups")

    pack = story.state("body/b").packs[0][1]
    assert pack == story.state("body/b").pack_at(When("2026-03-03"))


@pytest.mark.parametrize(
    ("verb", "values"),
    [
        ("fill seat", {"seat": "p", "holder": "P", "since": "2015", "until": "2016-05-01"}),
        ("publish calendar", {"duty_station": "v", "year": 2015, "version": "1", "holidays": []}),
        (
            "empower seat",
            {"seat": "west", "acts_for": ["east"], "since": "2015", "until": "2016-05-01"},
        ),
    ],
)
def test_what_was_over_long_before_is_still_told(
    story: Story, verb: str, values: Mapping[str, object]
) -> None:
    """The roster of 2015 alters no roster of today."""
    story.body()
    roster = story.state("body/b").roster_at(When("2026-03-03"))
    story.tell(verb, "2015-06-01", body="b", **values)

    assert roster == story.state("body/b").roster_at(When("2026-03-03"))


def test_a_stream_is_named_where_history_came_too_late(story: Story) -> None:
    """The reader of the refusal knows since which event the stream is live."""
    story.body()
    with pytest.raises(Refused, match=r"body/b holds live acts since event 2"):
        story.tell("vacate seat", "2026-01-15", body="b", seat="west", until="2026-01-15")

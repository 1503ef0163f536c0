"""Erasing texts that may hold personal data: what is sealed, what may go, and what is kept."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from domain.actors import Actor, Role
from domain.agenda.events import AgendaAdopted, Amendment
from domain.corrections import FactCorrected
from domain.erasures import (
    END,
    ERASED,
    MARK,
    TextErased,
    erased_text,
    erasure_of,
    is_replaced,
    replace_event_texts,
    text_at,
    without_marks,
)
from domain.event_proofs import commitment, event_hash, sealed_place
from domain.field_paths import value_at
from domain.messages import Fact
from domain.notices import NO_ADDRESS
from domain.sealed_texts import sealed_texts, without_texts
from domain.silence.events import (
    NoticesRecorded,
    Policy,
    Response,
    ResponseReceived,
    SilenceExtended,
    SilenceHeld,
    SilenceOpened,
    Subject,
)
from domain.streams import Stream, StreamKind
from domain.times import When
from event_factory import recorded
from story import Story

WHY = {"authority": "request of the person concerned", "reason": "A private address."}


@pytest.fixture
def window(story: Story) -> Story:
    """A silence procedure with a statement of `east` (event 2)."""
    story.body(parameters={"longest-outage-minutes": "0"})
    story.silence()
    story.respond("explanation of position", text="Ms Quartz cannot travel.")
    return story


def erase(story: Story, version: int = 2, **fields: Any) -> Any:
    return story.do("erase text", version=version, **({"of": "window/w"} | WHY | fields))


def erased(story: Story) -> list[int]:
    return [e.fact.version for e in story.events() if isinstance(e.fact, TextErased)]


# --- what is sealed -----------------------------------------------------------------------------


def texts_of(fact: Fact, **circumstances: Any) -> Any:
    """The texts that are sealed of an event with this fact."""
    event = recorded(Stream(StreamKind.WINDOW, "w"), 1, fact=fact)
    return sealed_texts([structs.replace(event, **circumstances)])[0]


def test_an_empty_text_is_not_sealed() -> None:
    given = ResponseReceived(number=1, response=Response(kind="objection", text="No."))

    assert {"response.text": "No."} == texts_of(given)
    assert not texts_of(without_texts(given, ["response.text"]))
    assert {} == texts_of(ResponseReceived(number=1, response=Response(kind="objection")))
    extended = SilenceExtended(closes=When("2026-01-01"), reason="Talks.")
    assert {"reason": "Talks."} == texts_of(extended)
    assert {} == texts_of(without_texts(extended, ["reason"]))


def test_a_correction_of_a_text_is_sealed_with_it() -> None:
    fact = FactCorrected(
        version=2,
        was={"response.text": "old", "response.kind": "objection", "amendments.1.reason": "so"},
        now={"response.text": "new", "response.kind": "reservation"},
        reason="A slip.",
    )

    texts = {
        "reason": "A slip.",
        "was.response.text": "old",
        "was.amendments.1.reason": "so",
        "now.response.text": "new",
    }
    assert texts == texts_of(fact)
    assert {} == texts_of(without_texts(fact, texts))
    assert "new" == value_at(fact, "now.response.text")


def test_the_reason_of_each_oral_amendment_is_sealed() -> None:
    several = (Amendment(act="delete", item="1", reason=""), Amendment(act="defer", item="2"))
    adopted = AgendaAdopted(
        items=("1",),
        text_hash="h",
        amendments=(*several, Amendment(act="delete", item="3", reason="Ms Quartz is ill.")),
    )

    assert {"amendments.2.reason": "Ms Quartz is ill."} == texts_of(adopted)
    assert not texts_of(without_texts(adopted, ["amendments.2.reason"]))


def test_what_was_ordered_is_sealed_beside_the_fact() -> None:
    """The reasons for which rules are waived, and by what authority; but not that of an opening."""
    waived = {"publication": "Mr Ravine is ill.", "days": ""}
    fact = SilenceExtended(closes=When("2026-01-01"), reason="")

    assert {
        "order.waivers.publication": "Mr Ravine is ill.",
        "order.authority": "letter of Ms Quartz",
    } == texts_of(fact, waivers=waived, authority="letter of Ms Quartz")
    opened = SilenceOpened(
        body="b",
        subject=Subject(type="decision text"),
        text_hash="h",
        roster_hash="r",
        seats=1,
        policy=Policy(),
        closes=When("2026-01-01"),
    )
    erasure = TextErased(version=1, paths=("reason",), reason="A slip.")
    for kept in (opened, erasure):
        sealed = texts_of(kept, waivers=waived, authority="rule 5")
        assert {"order.waivers.publication": "Mr Ravine is ill."} == sealed


def test_a_text_of_an_order_is_read_and_replaced_like_that_of_a_fact() -> None:
    fact = SilenceExtended(closes=When("2026-01-01"), reason="Talks.")
    event = structs.replace(
        recorded(Stream(StreamKind.WINDOW, "w"), 1, fact=fact),
        waivers={"publication": "Ms Quartz is ill."},
        authority="letter of Ms Quartz",
    )
    paths = ("reason", "order.authority", "order.waivers.publication")
    erased_ = replace_event_texts(event, dict.fromkeys(paths, ERASED))

    assert ["Talks.", "letter of Ms Quartz", "Ms Quartz is ill."] == [
        text_at(event, path) for path in paths
    ]
    assert [ERASED] * 3 == [text_at(erased_, path) for path in paths]


def test_what_the_program_writes_is_not_sealed() -> None:
    """Holds of the silence clock, and that a seat has no address; a mail server may name one."""
    held = SilenceHeld(reason="The clock is off.", about="clock")
    failed = NoticesRecorded(seats=("east",), result="failed", reason=NO_ADDRESS)
    clock, officer = Actor(role=Role.CLOCK), Actor(role=Role.PRESIDING_OFFICER)

    assert {} == texts_of(held, actor=clock)
    assert {"reason": "The clock is off."} == texts_of(held, actor=officer)
    assert {} == texts_of(failed)
    said = "550 5.1.1 <hazel@example.org> unknown"
    assert {"reason": said} == texts_of(structs.replace(failed, reason=said))


# --- what stands in its place -------------------------------------------------------------------


def test_what_was_erased_says_when_and_by_what_authority() -> None:
    text = erased_text("2026-03-02T12:00:00Z", f"rule 4{MARK}")

    assert is_replaced(text)
    assert ("2026-03-02", "rule 4") == erasure_of(text.removeprefix(MARK).removesuffix(END))
    assert erasure_of("erased") is None
    assert is_replaced(ERASED)
    assert not is_replaced("erased")
    assert "erased" == without_marks(ERASED)
    assert not is_replaced(3)


def test_what_proves_an_event_is_bound_to_its_place() -> None:
    place = sealed_place("un", "window/w", 2, "reason")

    assert b"sealed/v1\nun\nwindow/w\n2\nreason\n" == place
    assert commitment(place, b"x") != commitment(sealed_place("un", "window/w", 3, "reason"), b"x")
    assert event_hash("un", "window/w", 2, "n", b"{}") != event_hash("un", "w", 2, "n", b"{}")


# --- who may, and when --------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["authority", "reason"])
def test_who_erases_says_why_and_by_what_authority(window: Story, missing: str) -> None:
    window.clock("2026-03-20T12:00:00Z")
    with window.refused("erasing-has-reason"):
        erase(window, 2, **{missing: ""})


def test_only_staff_erase(window: Story) -> None:
    window.clock("2026-03-20T12:00:00Z")
    with window.refused("live-role"):
        erase(window, who="seat east")
    erase(window, who="presiding officer")

    assert [2] == erased(window)


def test_history_erases_nothing(window: Story) -> None:
    with window.refused("live-now"):
        window.tell("erase text", "2025-01-01", of="window/w", version=2, **WHY)


@pytest.mark.parametrize("version", [1, 3, 99])
def test_what_holds_no_sealed_text_cannot_be_erased(window: Story, version: int) -> None:
    window.clock("2026-03-20T12:00:00Z")
    with window.refused("erasing-of-a-sealed-text"):
        erase(window, version)


def test_a_text_is_erased_once(window: Story) -> None:
    window.clock("2026-03-20T12:00:00Z")
    erase(window)
    with window.refused("erasing-of-a-sealed-text"):
        erase(window)


def test_what_may_still_decide_is_kept(window: Story) -> None:
    with window.refused("decisive-text-kept"):
        erase(window)


def test_what_decides_nothing_goes_at_once(window: Story) -> None:
    """The reason of an extension, while the silence runs."""
    window.do(
        "extend silence",
        window="w",
        closes="2026-03-09T12:00:00Z",
        reason="Mr Ravine is ill.",
        who="presiding officer",
    )
    erase(window, 3)

    assert [3] == erased(window)


def test_what_decided_is_kept_until_its_retention_ends(story: Story) -> None:
    """It is unknown until the body has set it; then it counts from the outcome."""
    story.body()
    story.silence()
    story.respond("objection", text="Mr Ravine objects.")
    with story.refused("decisive-text-kept"):
        erase(story)
    story.do("adopt rule pack", body="b", pack="generic", parameters={"decisive-text-days": "30"})
    story.at("2026-04-01T11:00:00Z")
    with story.refused("decisive-text-kept"):
        erase(story)
    story.at("2026-04-01T13:00:00Z")
    erase(story)

    assert [2] == erased(story)
    assert story.state("window/w").broken_whole


def test_a_retention_is_a_number_of_days(story: Story) -> None:
    story.body()
    with story.refused("pack-known"):
        story.do(
            "adopt rule pack", body="b", pack="generic", parameters={"decisive-text-days": "long"}
        )


def test_what_let_a_silence_lapse_is_kept_too(story: Story) -> None:
    """An objection below the threshold: the approval rests on it, and on the ruling beside it."""
    story.body(parameters={"threshold": "2", "longest-outage-minutes": "0"})
    story.silence()
    story.respond("unclear", text="Mr Ravine does not know.")
    story.do(
        "rule on response",
        window="w",
        number=1,
        breaks=True,
        reason="Mr Ravine said so.",
        second="a second officer",
        who="presiding officer",
    )
    story.clock("2026-03-20T12:00:00Z")

    for version in (2, 3):
        with story.refused("decisive-text-kept"):
            erase(story, version)


@pytest.mark.parametrize("breaks", [False, True])
def test_what_suspended_an_approval_is_kept(story: Story, breaks: bool) -> None:
    """Found after the close; whether it is confirmed or revoked, the outcome rests on it."""
    story.body(parameters={"longest-outage-minutes": "0"})
    story.silence()
    story.clock("2026-03-20T12:00:00Z")
    story.do(
        "respond",
        window="w",
        kind="objection",
        seats=["east"],
        text="Mr Ravine objects.",
        received="2026-03-03T12:00:00Z",
        channel="letter",
    )
    found = story.events()[-1].version
    with story.refused("decisive-text-kept"):
        erase(story, found)
    story.do(
        "rule on response",
        window="w",
        number=1,
        breaks=breaks,
        reason="So it is.",
        second="a second officer",
        who="presiding officer",
    )
    with story.refused("decisive-text-kept"):
        erase(story, found)


def test_an_objection_without_a_silence_can_be_erased(story: Story) -> None:
    story.body()
    story.agenda()
    story.do(
        "note objection", agenda="a", seats=["east"], text="Mr Ravine objects.", who="seat east"
    )
    noted = story.events()[-1].version
    story.do("erase text", of="agenda/a", version=noted, **WHY)

    assert [noted] == erased(story)
    assert is_replaced(story.state("agenda/a").objections[0][1].text)


def test_a_correction_loses_the_text_too(story: Story) -> None:
    """What a source told of a past silence was corrected: the text goes, old and new."""
    story.body()
    story.tell(
        "open silence",
        "2025-03-01",
        window="w",
        body="b",
        closes="2025-03-08",
        subject={"type": "decision text"},
        text={"en": "The body decides."},
    )
    story.tell(
        "respond", "2025-03-02", window="w", kind="reservation", seats=["east"], text="Ms Quartz."
    )
    story.do(
        "correct fact",
        of="window/w",
        version=2,
        now={"response.text": "Ms Quartz said."},
        reason="A sentence was missing.",
        authority="the registry",
    )
    story.tell("record lapse", "2025-03-08", window="w")
    erase(story)

    assert [2, 3] == erased(story)
    assert is_replaced(story.state("window/w").responses[0].response.text)


# --- what waived a rule -------------------------------------------------------------------------


def test_what_waived_a_rule_of_a_procedure_is_kept_with_its_outcome(story: Story) -> None:
    """The reason stands beside the opening; its outcome rests on it like on a response."""
    story.body(parameters={"longest-outage-minutes": "0", "decisive-text-days": "30"})
    story.silence(length="24 hours", waive={"silence-minimum-length": "Mr Ravine is ill."})
    with story.refused("decisive-text-kept"):
        erase(story, 1)
    story.clock("2026-03-20T12:00:00Z")
    with story.refused("decisive-text-kept"):
        erase(story, 1)
    story.at("2026-04-20T12:00:00Z")
    erase(story, 1)

    assert [1] == erased(story)
    assert ("order.waivers.silence-minimum-length",) == story.events()[-1].fact.paths


def test_what_let_a_procedure_end_is_kept_with_its_outcome(window: Story) -> None:
    """A notice that was waived, and the release of a hold; the reason of the hold goes at once."""
    window.do(
        "record notices", window="w", seats=["west"], result="waived", reason="Ms Quartz knows."
    )
    window.do("hold silence", window="w", reason="A letter of Ms Quartz.", who="secretariat")
    window.do("release silence", window="w", reason="Ms Q. sent none.", who="presiding officer")
    erase(window, 4)
    for kept in (3, 5):
        with window.refused("decisive-text-kept"):
            erase(window, kept)
    window.clock("2026-03-20T12:00:00Z")
    for kept in (3, 5):
        with window.refused("decisive-text-kept"):
            erase(window, kept)


def test_what_waived_a_rule_elsewhere_is_kept_from_then_on(story: Story) -> None:
    """Where no silence procedure decides, what was done rests on the waiver."""
    story.body()
    story.do(
        "schedule session",
        session="s",
        body="b",
        number="1",
        starts="2026-05-04",
        ends="2026-05-06",
        waive={"silence-minimum-length": "Mr Ravine is ill."},
    )
    with story.refused("decisive-text-kept"):
        erase(story, 1, of="session/s")
    story.do("adopt rule pack", body="b", pack="generic", parameters={"decisive-text-days": "30"})
    story.at("2026-04-20T12:00:00Z")
    erase(story, 1, of="session/s")

    assert [1] == erased(story)


def test_only_the_administrator_erases_what_was_said_of_roles(story: Story) -> None:
    story.body()
    grant = {"principal": "p", "role": "auditor"}
    story.do("grant role", **grant, who="administrator")
    story.do("revoke role", **grant, reason="Ms Quartz left.", who="administrator")
    with story.refused("live-role"):
        erase(story, 2, of="organisation/self")
    erase(story, 2, of="organisation/self", who="administrator")

    assert [2] == erased(story)
    story.silence()
    story.respond("explanation of position", text="Mr Ravine agrees.")
    with story.refused("live-role"):
        erase(story, 2, who="administrator")

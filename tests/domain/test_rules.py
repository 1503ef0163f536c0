"""Every rule of the packs, broken once: the live command is refused by it, or the departure shown.

Taking a rule out of the code, or out of its pack, makes the test of its name fail.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agenda_story import (
    LANGUAGES,
    WORKING_GROUPS,
    approved,
    issued,
    issued_and_published,
    organized,
    published,
    submitted,
)
from domain.rules import Finding, Force, Refused, Result, RulePack, enforce, make_finding
from story import Story
from wiring import shipped_packs

RuleStory = Callable[[Story], object]
BROKEN: dict[str, RuleStory] = {}
"""Per rule, a story whose last act breaks it and nothing else."""


def breaks(rule: str) -> Callable[[RuleStory], RuleStory]:
    """Mark a story as the one that breaks a rule."""

    def marked(story: RuleStory) -> RuleStory:
        BROKEN[rule] = story
        return story

    return marked


def adopted(story: Story) -> None:
    """The session open and its agenda adopted, on 10 August."""
    published(story)
    story.at("2026-08-10T08:00:00Z")
    story.do("open session", session="s")
    story.do("adopt agenda", agenda="a", who="body")


@breaks("proposer-permitted")
def _proposer(story: Story) -> None:
    story.body(WORKING_GROUPS)
    story.agenda()
    story.propose("3", proposer_kind="passer-by", subjects=["report"])
    story.do("submit items", agenda="a")


@breaks("explanatory-memorandum")
def _memorandum(story: Story) -> None:
    story.body(WORKING_GROUPS)
    story.do("start agenda", agenda="a", body="b", approved_by="b")
    story.propose("1", subjects=["adoption of the agenda"], memorandum="")
    story.propose("9", subjects=["report"])
    story.do("submit items", agenda="a")


@breaks("review-item-cap")
def _review(story: Story) -> None:
    story.body(WORKING_GROUPS)
    story.do("start agenda", agenda="a", body="b", approved_by="b")
    story.propose("1", subjects=["adoption of the agenda"])
    story.propose("2", subjects=["review mechanism"])
    story.propose("3", subjects=["review mechanism"])
    story.propose("9", subjects=["report"])
    story.do("submit items", agenda="a")


@breaks("organizational-item-first")
def _first(story: Story) -> None:
    story.body(WORKING_GROUPS)
    story.do("start agenda", agenda="a", body="b", approved_by="b")
    story.propose("1")
    story.propose("2", subjects=["adoption of the agenda"])
    story.propose("9", subjects=["report"])
    story.do("submit items", agenda="a")


@breaks("report-item-last")
def _last(story: Story) -> None:
    story.body(WORKING_GROUPS)
    story.agenda()
    story.propose("10")
    story.do("submit items", agenda="a")


@breaks("silence-minimum-length")
def _minimum(story: Story) -> None:
    story.body()
    story.silence(length="71 hours")


@breaks("silence-scope")
def _scope(story: Story) -> None:
    story.body(WORKING_GROUPS)
    story.silence()


@breaks("silence-authorised")
def _authorised(story: Story) -> None:
    story.body(parameters={"silence-authorised.until": "2026-03-01"})
    story.silence()


@breaks("received-in-time")
def _received(story: Story) -> None:
    story.body()
    story.at("2026-04-09T12:00:00Z")
    subject = {"subject": {"type": "decision text"}, "window": "w", "body": "b"}
    story.tell("open silence", "2026-04-01", closes="2026-04-04", **subject)
    story.tell("respond", "2026-04-05", window="w", kind="objection", seats=["east"])


@breaks("relaunch-of-ended-window")
def _relaunch(story: Story) -> None:
    story.body()
    story.silence()
    story.silence(window="again", relaunch_of="w")


@breaks("session-on-its-days")
def _session_days(story: Story) -> None:
    submitted(story)
    story.at("2026-08-12T08:00:00Z")
    story.do("open session", session="s")


@breaks("meetings-on-session-days")
def _meeting_days(story: Story) -> None:
    submitted(story)
    story.do("plan meetings", session="s", meetings=[{"day": "2026-08-12"}])


@breaks("approval-before-publication")
def _approval(story: Story) -> None:
    submitted(story)
    organized(story)
    issued_and_published(story)


@breaks("all-languages-out")
def _languages(story: Story) -> None:
    approved(story)
    organized(story)
    issued_and_published(story, "en", "fr")


@breaks("simultaneous-issuance")
def _simultaneous(story: Story) -> None:
    approved(story)
    organized(story)
    issued(story, *LANGUAGES[:5])
    story.at("2026-04-15T09:00:00Z")
    story.do("issue version", document="d", language="es", job_number="V.26-99999")
    story.do("publish document", document="d")


@breaks("job-number-per-version")
def _job_numbers(story: Story) -> None:
    approved(story)
    organized(story)
    issued_and_published(story, numbers="V.26-00001")


@breaks("provisional-agenda-in-time")
def _in_time(story: Story) -> None:
    approved(story)
    organized(story)
    issued_and_published(story, masthead="2026-06-12")


@breaks("issued-six-weeks-before")
def _six_weeks(story: Story) -> None:
    approved(story)
    organized(story)
    story.at("2026-07-01T09:00:00Z")
    issued_and_published(story)


@breaks("titles-identical")
def _titles(story: Story) -> None:
    approved(story)
    organized(story, {"item": "1"}, {"item": "2", "titles": {"en": "Other"}}, {"item": "9"})
    issued_and_published(story)


@breaks("every-item-scheduled")
def _scheduled(story: Story) -> None:
    approved(story)
    organized(story, {"item": "1"}, {"item": "9"})
    issued_and_published(story)


@breaks("continued-after-first-slot")
def _continued(story: Story) -> None:
    approved(story)
    organized(story, {"item": "1"}, {"item": "2", "continued": "yes"}, {"item": "9"})
    issued_and_published(story)


@breaks("slots-do-not-overlap")
def _overlap(story: Story) -> None:
    approved(story)
    slot = {"day": "2026-08-10", "starts": "10:00", "ends": "12:00", "entries": [{"item": "1"}]}
    later = slot | {"starts": "11:59", "ends": "13:00"}
    entries = [{"item": "2"}, {"item": "9"}]
    story.do("organize work", agenda="a", slots=[slot, later | {"entries": entries}])
    issued_and_published(story)


@breaks("slots-within-meetings")
def _within(story: Story) -> None:
    approved(story)
    organized(story, ends="13:01")
    issued_and_published(story)


@breaks("act-of-the-body")
def _act(story: Story) -> None:
    published(story)
    story.do("open session", session="s")
    story.do("adopt agenda", agenda="a", who="secretariat")


@breaks("publication-before-adoption")
def _publication(story: Story) -> None:
    approved(story)
    story.do("open session", session="s")
    story.do("adopt agenda", agenda="a", who="body")


@breaks("approved-text-unchanged")
def _changed_after_approval(story: Story) -> None:
    published(story)
    story.do(
        "correct fact",
        of="agenda/a",
        version=3,
        now={"titles.en": "Wells"},
        reason="found",
        authority="the Secretary of the body",
    )
    story.do("open session", session="s")
    story.do("adopt agenda", agenda="a", who="body")


@breaks("approval-before-adoption")
def _adopted_unapproved(story: Story) -> None:
    submitted(story)
    story.do("open session", session="s")
    waived = {"publication-before-adoption": "it was never printed"}
    story.do("adopt agenda", agenda="a", who="body", waive=waived)


@breaks("adoption-at-opening")
def _opening(story: Story) -> None:
    published(story)
    story.do("adopt agenda", agenda="a", who="body")


@breaks("reconvened-part-has-own-agenda")
def _reconvened(story: Story) -> None:
    published(story)
    story.do("open session", session="s")
    story.do("close session", session="s")
    story.do("reconvene session", session="s", starts="2026-12-01", ends="2026-12-02")
    story.do("adopt agenda", agenda="a", who="body")


@breaks("nothing-concluded-before-adoption")
def _concluded(story: Story) -> None:
    published(story)
    story.do("draft report", agenda="a", by="Secretariat", languages=LANGUAGES)
    story.do("adopt report", agenda="a", who="body")


@breaks("report-drafted-in-all-languages")
def _report(story: Story) -> None:
    adopted(story)
    story.do("draft report", agenda="a", by="Secretariat", languages=["en"])
    story.do("adopt report", agenda="a", who="body")


@breaks("replacement-by-same-state")
def _replacement(story: Story) -> None:
    story.body(WORKING_GROUPS, seats=())
    seat = {"body": "b", "seat": "vice-chair", "capacity": "officer", "office": "Vice-Chair"}
    story.do("fill seat", holder="Eastland", since="2026-01-01", **seat)
    story.do("vacate seat", body="b", seat="vice-chair", until="2026-02-01")
    story.do("fill seat", holder="Westland", since="2026-02-02", **seat)


@pytest.mark.parametrize("rule", sorted(BROKEN))
def test_a_broken_rule_refuses_or_is_shown(story: Story, rule: str) -> None:
    """A binding rule refuses, naming itself and its source; a notice passes and is recorded."""
    force = next(p.rules[rule].force for p in shipped_packs().values() if rule in p.rules)
    if force is Force.NOTICE:
        BROKEN[rule](story)
        found = {finding.rule: finding.result for e in story.events() for finding in e.findings}

        assert Result.VIOLATED == found[rule]
        return
    with pytest.raises(Refused) as refusal:
        BROKEN[rule](story)

    assert rule == refusal.value.rule
    assert refusal.value.citation


def test_every_rule_has_its_story() -> None:
    """No rule of a pack stands there that nothing asks."""
    assert {rule for pack in shipped_packs().values() for rule in pack.rules} == BROKEN.keys()


def test_the_whole_life_breaks_none(story: Story) -> None:
    """The control: the same acts done rightly pass, from proposal to adopted report."""
    adopted(story)
    story.do("draft report", agenda="a", by="Secretariat", languages=LANGUAGES)
    story.do("adopt report", agenda="a", who="body")
    broken = [f for e in story.events() for f in e.findings if f.result is not Result.SATISFIED]

    assert "report adopted" == story.state("agenda/a").stage
    assert [] == broken


def test_a_waiver_with_its_reason_lets_a_waivable_rule_pass(story: Story) -> None:
    """The departure is recorded with the reason; an empty reason is none."""
    story.body()
    with story.refused("silence-minimum-length"):
        story.silence(length="8 hours", waive={"silence-minimum-length": " "})
    story.silence(length="8 hours", waive={"silence-minimum-length": "the plane leaves"})
    event = story.events()[-1]

    assert {"silence-minimum-length": "the plane leaves"} == event.waivers
    assert Result.VIOLATED == event.findings[0].result


def test_a_binding_rule_cannot_be_waived(story: Story) -> None:
    """Only rules that their pack calls waivable are."""
    story.body(WORKING_GROUPS)
    with story.refused("silence-scope"):
        story.silence(waive={"silence-scope": "please"})


def test_doubt_never_passes_live_and_never_refuses_history() -> None:
    """An undeterminable rule binds a live command like a broken one, and leaves history open."""
    pack = shipped_packs()["generic"]
    open_ = [make_finding("silence-scope", None, "unknown")]
    with pytest.raises(Refused):
        enforce(pack, open_, attested=False, waivers={})
    kept = enforce(pack, open_, attested=True, waivers={})

    assert (Finding("silence-scope", Result.UNDETERMINABLE, "unknown"),) == kept


def test_a_pack_changes_by_name_only() -> None:
    """Parameters and forces are set by name; a misspelt name is refused."""
    pack: RulePack = shipped_packs()["generic"]
    changed = pack.with_parameters(
        {
            "threshold": "2",
            "silence-scope.subjects": "other",
            "silence-minimum-length.force": "notice",
            "act-of-the-body.force": "none",
        }
    )

    assert "2" == changed.parameters["threshold"]
    assert "other" == changed.parameter("silence-scope", "subjects")
    assert Force.NOTICE == changed.rules["silence-minimum-length"].force
    assert "act-of-the-body" not in changed.rules
    for name in ("treshold", "silence-scop.subjects", "silence-scope.subject"):
        with pytest.raises(Refused):
            pack.with_parameters({name: "x"})
    with pytest.raises(Refused):
        pack.with_parameters({"silence-scope.force": "gently"})


def test_all_rules_that_are_broken_are_named_at_once() -> None:
    """The first is the refusal itself; what is waived with a reason is not among them."""
    pack = shipped_packs()["generic"]
    names = ("silence-minimum-length", "silence-scope", "silence-authorised")
    found = [make_finding(name, False, f"{name} fails") for name in names]
    with pytest.raises(Refused) as all_:
        enforce(pack, found, attested=False, waivers={})
    with pytest.raises(Refused) as rest:
        enforce(pack, found, attested=False, waivers={"silence-minimum-length": "the plane leaves"})

    assert names == (all_.value.rule, *(other.rule for other in all_.value.others))
    assert all(f"rule {name}: {pack.rules[name].citation}" in str(all_.value) for name in names)
    assert names[1:] == (rest.value.rule, *(other.rule for other in rest.value.others))

"""What pages show of items, documents and the names of bodies."""

from __future__ import annotations

from agenda_story import registered, started
from story import ORGANISATION, Story
from web.presenters import agenda_items as page_items
from web.presenters.agenda_items import items
from workflows.history.as_of import HistoryAsOf
from workflows.queries.body_names import newest_names
from workflows.queries.record_names import RecordNames, in_language


def test_the_page_shows_every_level_with_what_belongs_to_it(story: Story) -> None:
    started(story, "1", "4", "4 (b)", "4 (b) (i)")
    story.do("annotate item", agenda="a", item="4 (b) (i)", language="en", heading="Deep")
    story.do("plan documents", agenda="a", item="4 (b) (i)", documents=["X/1"])
    story.placet.projections.follow()
    shown = story.placet.queries.agendas.get("fictional", "a")
    first, second = page_items.items(shown, "en")

    assert () == first.under
    assert ["4 (b)"] == [entry.item.item for entry in second.under]
    assert ["4 (b) (i)"] == [entry.item.item for entry in second.under[0].under]
    assert ["Deep"] == [note.heading for note in second.notes]
    assert ["X/1"] == [document.symbol for document in second.documents]


def test_a_body_is_called_by_its_newest_names(story: Story) -> None:
    """In each language; the old ones stay in the history, as of each moment."""
    story.body()
    before_ = story.events()[-1].position
    story.do("complete body", body="b", names={"fr": "Corps", "en": "Body"})
    story.do("complete body", body="b", names={"en": "Council"})
    body = story.state("body/b")
    given = [dict(event.fact.names) for event in story.events()[-2:]]
    then = HistoryAsOf(story.placet.store.history(ORGANISATION), before_)

    assert {"en": "Council", "fr": "Corps"} == body.names
    assert [{"fr": "Corps"}, {"en": "Council"}] == given
    assert {"en": "Body"} == story.placet.handling.decision_context(then).body("b").names
    names = RecordNames(bodies=newest_names(story.events()))
    assert {"b": "Council"} == in_language(names, "en").bodies


def test_a_name_of_an_earlier_day_replaces_no_later_one(story: Story) -> None:
    """A source that tells how it was called once does not rename it."""
    story.tell("establish body", "2001", body="b", names={"en": "Group"})
    story.tell("complete body", "2015-03-01", body="b", names={"en": "Council"})
    story.tell("complete body", "2009", body="b", names={"en": "Committee", "es": "Comité"})
    body = story.state("body/b")

    assert ["2001", "2009", "2015-03-01"] == [str(when) for when, _ in body.named]
    assert {"en": "Council", "es": "Comité"} == body.names
    names = RecordNames(bodies=newest_names(story.events()))
    assert {"b": "Council"} == in_language(names, "en").bodies


def test_a_document_is_found_by_any_part_of_its_symbol(story: Story) -> None:
    """An item lists it by half a joint symbol, in another order, or with an asterisk."""
    story.body(parameters={"symbol-forms": "{organ} Doc. {serial}"})
    story.agenda()
    registered(story, symbol="FX/WG.1/2026/3-FX/WG.2/2026/5")
    registered(story, "e", "CoP19 Doc. 4")
    found = [
        "FX/WG.2/2026/5*",
        "FX/WG.2/2026/5 – FX/WG.1/2026/3",
        "FX/WG.1/2026/3",
        "CoP19 Doc. 4*",
    ]
    lists = [*found, "FX/WG.1/2026/4", "an oral report"]
    story.do("plan documents", agenda="a", item="2", documents=lists)
    story.placet.projections.follow()
    shown = story.placet.queries.agendas.get(ORGANISATION, "a")
    (listed,) = (item.documents for item in items(shown, "en") if item.item.item == "2")

    assert ["d", "e"] == [document.id for document in shown.documents]
    assert ["d", "d", "d", "e", None, None] == [
        entry.document and entry.document.id for entry in listed
    ]

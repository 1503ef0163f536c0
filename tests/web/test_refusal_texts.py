"""What pages say of a refusal: first in the reader's language, and then as the record has it."""

import warnings

import pytest

from adapters.files.rule_packs import rules_of_packs
from domain.account_rules import ACCOUNTS
from domain.record_rules import RECORD
from page_tree import parsed
from story import ORGANISATION, Story
from web.i18n import refusal_texts
from web.i18n.catalogues import load_catalogue
from web_visitor import Visitor

SENTENCES = {
    **refusal_texts.OF_THE_RECORD,
    **refusal_texts.OF_ACCOUNTS,
    **refusal_texts.OF_PACKS,
}


@pytest.fixture
def visitor(story: Story) -> Visitor:
    """Somebody who acts for a body of two seats."""
    story.body()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Visitor(story)


def test_each_rule_has_a_sentence_and_no_sentence_is_of_no_rule() -> None:
    """A rule that is added to the record or to a pack gets its sentence with it."""
    assert {*refusal_texts.OF_THE_RECORD} == {*RECORD}
    assert {*refusal_texts.OF_ACCOUNTS} == {*ACCOUNTS}
    assert {*refusal_texts.OF_PACKS} == rules_of_packs()
    for rule, sentence in SENTENCES.items():
        assert refusal_texts.sentences(rule) == sentence
        assert sentence.endswith("."), rule


def test_no_two_rules_are_explained_by_the_same_sentence() -> None:
    """Those who read the sentence know which rule it was, in every language."""
    for language in ("en", "ar", "es", "fr", "ru", "zh"):
        say = load_catalogue(language).texts.gettext
        assert len({say(sentence) for sentence in SENTENCES.values()}) == len(SENTENCES), language


def test_a_rule_that_a_body_gave_itself_has_a_sentence_too() -> None:
    """A pack in the record may hold rules that Placet has never seen."""
    assert refusal_texts.sentences("no-work-on-sundays") == refusal_texts.OTHER


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_refusal_is_said_in_the_language_of_the_page_and_then_quoted(
    visitor: Visitor, language: str
) -> None:
    """Sentence and detail are the reader's; a source that is quoted is marked as English."""
    path = f"/bodies/{ORGANISATION}/b/act/fill-seat?lang={language}"
    values = visitor.fills(path, seat="east", holder="Eastland", since="2026-01-01")
    refused = visitor.sends(path, values)
    assert refused.status_code == 409
    say = load_catalogue(language).texts.gettext
    sentence, detail, source = parsed(refused.text).xpath("//section[@id='wrong']/p")
    assert sentence.text == say(refusal_texts.sentences("no-overlap-of-terms"))
    assert sentence.text != refusal_texts.sentences("no-overlap-of-terms")
    assert [] == detail.xpath(".//@lang")
    assert "East" in detail.text_content()
    assert "is still held by" not in detail.text_content()
    assert source.xpath(".//@lang") == ["en", "en"]

"""A document in the browser: registered, issued in six languages, published, issued again."""

from __future__ import annotations

import json
import warnings
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from command_line import Placet
from page_tree import parsed
from story import ORGANISATION, Story
from web_visitor import Visitor, field_values, said

AGENDA = f"/agendas/{ORGANISATION}/a"
DOCUMENT = f"/documents/{ORGANISATION}/paper"
REGISTER = f"{AGENDA}/act/register-document"
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
MASTHEAD = {
    "document": "paper",
    "symbol": "FBR/2026/1",
    "type": "annotated provisional agenda",
    "title-en": "Annotated provisional agenda",
    "title-fr": "Ordre du jour provisoire annoté",
    "original": "en",
    "distribution": "General",
    "masthead_date": "2026-03-20",
    "languages": list(LANGUAGES),
}


@pytest.fixture
def visitor(story: Story) -> Visitor:
    """A visitor of an agenda whose items the body has approved, under rules that can be waived."""
    story.body(pack="untoc-working-groups")
    story.agenda()
    story.do("submit items", agenda="a")
    story.do("approve items", who="body", agenda="a", manner="consensus")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Visitor(story)


def offered(visitor: Visitor, path: str) -> list[str]:
    """The names of the acts that a page offers."""
    page = parsed(visitor.opens(path).text)
    links = page.xpath("//nav[contains(@class, 'acts')]//a/@href")
    return [str(link).rpartition("/")[2] for link in links]


def versions(visitor: Visitor) -> dict[str, tuple[str, str]]:
    """How each language version stands on the page of the document, and its job number."""
    rows = parsed(visitor.opens(DOCUMENT).text).xpath("//section[.//h2[@id='versions']]//tbody/tr")
    cells = [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
    return {cell[0]: (cell[1], cell[2]) for cell in cells}


def does(visitor: Visitor, form: str, **fields: Any) -> str:
    """Fill in, check and confirm; what the page says on which one ends."""
    done = visitor.confirms(form, visitor.checks(form, **fields))
    assert 303 == done.status_code, said(done)
    return said(visitor.opens(done.headers["location"]))


def issued(visitor: Visitor, *languages: str) -> None:
    """The document is registered, and out in these languages."""
    does(visitor, REGISTER, **MASTHEAD)
    for number, tag in enumerate(languages):
        fields = {"language": tag, "job_number": f"V.26-0000{number}"}
        does(visitor, f"{DOCUMENT}/act/issue-version", role="document services", **fields)


def test_a_document_is_registered_from_the_page_of_its_agenda(visitor: Visitor) -> None:
    before = offered(visitor, AGENDA)
    check = visitor.checks(REGISTER, **MASTHEAD)
    done = visitor.confirms(REGISTER, check)
    recorded = visitor.opens(done.headers["location"])
    document = visitor.story.state("document/paper")

    assert "register-document" in before
    assert "The symbol stands for this document, and for no other one, ever." in said(check)
    assert ("FBR/2026/1", "a", "b", "General") == (
        document.symbol,
        document.agenda,
        document.body,
        document.distribution,
    )
    assert ("2026-03-20", "en", LANGUAGES) == (
        str(document.masthead_date),
        document.original,
        document.languages,
    )
    assert "Ordre du jour provisoire annoté" == document.titles["fr"]
    assert DOCUMENT in parsed(recorded.text).xpath("//a[@class='button']/@href")
    assert DOCUMENT in parsed(visitor.opens(AGENDA).text).xpath("//a/@href")


def test_all_faults_of_a_masthead_are_told_and_nothing_is_lost(visitor: Visitor) -> None:
    answer = visitor.sends(REGISTER, visitor.fills(REGISTER, **{"title-en": "A paper"}))
    day = visitor.sends(REGISTER, visitor.fills(REGISTER, **MASTHEAD | {"masthead_date": "June"}))
    symbol = visitor.sends(REGISTER, visitor.fills(REGISTER, **MASTHEAD | {"symbol": "number one"}))
    other = visitor.sends(REGISTER, visitor.fills(REGISTER, **MASTHEAD | {"body": "another"}))

    assert [422, 422, 409, 422] == [x.status_code for x in (answer, day, symbol, other)]
    for label in ("Id of the document", "Symbol", "Kind of document"):
        assert f"{label}: This is needed." in said(answer)
    assert ["A paper"] == field_values(answer.text)["title-en"]
    assert "Date in the masthead: This is no day: write it as 2026-03-20." in said(day)
    assert "'number one' is not a document symbol" in said(symbol)
    assert "This is not one of the answers that are offered here." in said(other)


def test_a_symbol_that_is_given_stands_for_no_other_document(visitor: Visitor) -> None:
    does(visitor, REGISTER, **MASTHEAD)
    again = visitor.sends(REGISTER, visitor.fills(REGISTER, **MASTHEAD | {"document": "other"}))

    assert 409 == again.status_code
    assert "symbol-never-reused" in said(again)


def test_what_there_is_to_do_follows_the_life_of_the_document(visitor: Visitor) -> None:
    does(visitor, REGISTER, **MASTHEAD)
    registered = offered(visitor, DOCUMENT)
    for number, tag in enumerate(LANGUAGES):
        fields = {"language": tag, "job_number": f"V.26-0000{number}"}
        does(visitor, f"{DOCUMENT}/act/issue-version", role="secretariat", **fields)
    out = offered(visitor, DOCUMENT)
    does(visitor, f"{DOCUMENT}/act/publish-document", role="secretariat")

    assert ["correct", "issue-version"] == registered
    assert ["correct", "reissue-version", "publish-document"] == out
    assert ["correct", "reissue-version"] == offered(visitor, DOCUMENT)


def test_six_versions_make_the_agenda_published_and_one_is_issued_again(visitor: Visitor) -> None:
    issued(visitor, *LANGUAGES)
    publish = f"{DOCUMENT}/act/publish-document"
    check = visitor.checks(publish, role="document services")
    visitor.confirms(publish, check)
    again = f"{DOCUMENT}/act/reissue-version"
    fields = {"language": "ru", "job_number": "V.26-00099", "reason": "Technical reasons."}
    does(visitor, again, role="document services", **fields)
    page = said(visitor.opens(DOCUMENT))
    version = visitor.story.state("document/paper").versions["ru"]

    assert "It stays published; what is wrong in it is corrected or revised." in said(check)
    assert "The agenda is published by it, or changed where it was published before." in said(check)
    assert visitor.story.state("agenda/a").published
    assert ("V.26-00099", True) == (version.job_number, version.reissued)
    assert ("issued again *", "V.26-00099") == versions(visitor)["Russian"]
    assert ("issued", "V.26-00000") == versions(visitor)["Arabic"]
    assert ("issued, the original", "V.26-00002") == versions(visitor)["English"]
    assert "Not published" not in page
    assert "Published" in said(visitor.opens(AGENDA))


def test_a_language_is_issued_once_and_again_only_where_it_is_out(visitor: Visitor) -> None:
    issued(visitor, "en")
    fields = {"role": "secretariat", "language": "en", "job_number": "V.26-00009"}
    issue, again = (f"{DOCUMENT}/act/{slug}" for slug in ("issue-version", "reissue-version"))
    twice = visitor.sends(issue, visitor.fills(issue, **fields))
    early = visitor.sends(
        again, visitor.fills(again, **fields | {"language": "fr", "reason": "Why not."})
    )

    assert [422, 422] == [twice.status_code, early.status_code]
    assert ["en"] == list(visitor.story.state("document/paper").versions)


def test_a_version_that_is_confirmed_twice_is_issued_once(visitor: Visitor) -> None:
    """Also where the form does not offer its language any more, because it is out by then."""
    does(visitor, REGISTER, **MASTHEAD)
    form = f"{DOCUMENT}/act/issue-version"
    check = visitor.checks(form, role="secretariat", language="en", job_number="V.26-00001")
    first, second = visitor.confirms(form, check), visitor.confirms(form, check)
    shown = visitor.opens(second.headers["location"])

    assert [303, 303] == [first.status_code, second.status_code]
    assert f"{first.headers['location']}?again=yes" == second.headers["location"]
    assert "Recorded already" in said(shown)
    assert 1 == visitor.story.names().count("document.version_issued")


def test_missing_languages_need_a_waiver_with_its_reason(visitor: Visitor) -> None:
    issued(visitor, "en", "fr")
    publish = f"{DOCUMENT}/act/publish-document"
    refused = visitor.sends(publish, visitor.fills(publish, role="secretariat"))
    waiver = {"waive-all-languages-out": "The others follow."}
    does(visitor, publish, role="secretariat", **waiver)

    assert 409 == refused.status_code
    assert "all-languages-out" in said(refused)
    assert visitor.story.state("document/paper").published is not None
    assert ("not issued yet", "") == versions(visitor)["Spanish"]
    assert "issue-version" in offered(visitor, DOCUMENT)


def test_the_page_is_there_as_json_and_shared_among_readers(visitor: Visitor) -> None:
    issued(visitor, "en")
    page, as_json = visitor.opens(DOCUMENT), json.loads(visitor.opens(f"{DOCUMENT}.json").text)
    known = visitor.client.get(DOCUMENT, headers={"If-None-Match": page.headers["etag"]})
    does(
        visitor,
        f"{DOCUMENT}/act/issue-version",
        role="secretariat",
        language="fr",
        job_number="V.26-00007",
    )
    later = visitor.client.get(DOCUMENT, headers={"If-None-Match": page.headers["etag"]})

    assert ("a", "FBR/2026/1", ["ar", "zh", "fr", "ru", "es"]) == (
        as_json["agenda"],
        as_json["document"]["symbol"],
        as_json["missing"],
    )
    assert ["document.registered.v1", "document.version_issued.v1"] == [
        event["name"] for event in as_json["events"]
    ]
    assert (304, 200) == (known.status_code, later.status_code)


def test_the_page_stands_as_of_a_moment_without_acts(visitor: Visitor) -> None:
    issued(visitor, "en")
    position = visitor.story.events()[-2].position
    before = visitor.opens(f"{DOCUMENT}?at={position}")

    assert "V.26-00000" not in before.text
    assert "V.26-00000" in said(visitor.opens(DOCUMENT))
    assert [] == parsed(before.text).xpath("//nav[contains(@class, 'acts')]")
    assert DOCUMENT in parsed(visitor.opens(f"/history/{ORGANISATION}/document/paper").text).xpath(
        "//a/@href"
    )


def test_a_document_of_history_is_shown_and_takes_no_acts(visitor: Visitor) -> None:
    fields: dict[str, Any] = {"type": "report", "body": "b", "titles": {"en": "Report"}}
    visitor.story.tell("register document", document="old", symbol="FBR/2020/1", **fields)
    page = visitor.opens(f"/documents/{ORGANISATION}/old")

    assert "historical record" in said(page)
    assert [] == offered(visitor, f"/documents/{ORGANISATION}/old")
    assert (
        404 == visitor.client.get(f"/documents/{ORGANISATION}/old/act/publish-document").status_code
    )


@pytest.mark.parametrize("path", ["/documents/fictional/none", f"{DOCUMENT}/act/extend"])
def test_a_document_or_act_that_is_not_there_is_not_found(visitor: Visitor, path: str) -> None:
    assert 404 == visitor.client.get(path).status_code


def test_a_document_is_carried_on_the_command_line(
    placet: Placet, story: Story, tmp_path: Path
) -> None:
    """Registered, issued by document services, and refused a second time in one sentence."""
    story.now -= timedelta(days=1)
    story.body()
    story.agenda()
    store = ("--store", tmp_path / "store", "--yes")
    named = ("--agenda", "a", "--body", "b", "--symbol", "FBR/2026/1", "--type", "report")
    version = ("--language", "en", "--job-number", "V.26-00001")
    registered = placet("document", "register", "paper", *named, "--title", "en=Report", *store)
    by = ("--by", "document services")
    typo = placet("document", "register", "other", *named[:-1], "raport", *store)
    issue = placet("document", "issue", "paper", *version, *by, *store)
    again = placet("document", "issue", "paper", *version, *store)
    published = placet("document", "publish", "paper", *store)

    assert [0, 0, 1, 0] == [x[0] for x in (registered, issue, again, published)], again
    assert 2 == typo[0]
    assert "is out in en" in " ".join(again[2].split())
    assert "document services" == str(story.events()[-2].actor.role)
    assert story.state("document/paper").published is not None


def test_an_agenda_whose_first_document_is_another_one_is_called_by_none(visitor: Visitor) -> None:
    """A background paper may be there before the provisional agenda is."""
    masthead = {"symbol": "FBR/2026/9", "type": "background paper", "body": "b", "agenda": "a"}
    visitor.story.do("register document", document="background", languages=["en"], **masthead)
    page = parsed(visitor.opens(AGENDA).text)

    assert "FBR/2026/9" not in page.xpath("string(//title)")
    assert "FBR/2026/9" in page.xpath("string(//main)")

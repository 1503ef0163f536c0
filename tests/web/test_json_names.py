"""The names in public JSON: programs of others read them, so they stay when a field is renamed."""

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.agenda.items import Item
from web_site import made

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks for a successor of httpx that need not be there
    from starlette.testclient import TestClient

AGENDA_PAGE = (
    "agenda approver as_of body current differences documents events found language lines noticed"
    " organisation outdated report rule_pack server_time session simulated steps windows work"
)
AGENDA = (
    "adopted amendments approved_by body changes decided deferred_to document given"
    " headings headings_given id items last_approval listed masthead missing_languages"
    " objections oral_amendments part proposed"
    " published report report_adopted report_deferred report_drafted report_languages"
    " report_no_others revoked session shared silence started submitted text_hash type work"
)
ITEM = (
    "approval asked_as documents id item legal_basis memorandum none_expected note notes proposer"
    " proposer_kind subjects text_hash titles under window working_translations"
)
WINDOW_PAGE = (
    "as_of body changed deadline_again events headings items language names_withheld"
    " not_compared organisation outcome phase rule_pack seats server_time simulated tally"
    " text window"
)
WINDOW = (
    "announced approved attested body broken broken_whole channel closes deadline decided delivered"
    " ended excused first_closes held_so_far holds id in_doubt lapsed length mandate opened policy"
    " ran_microseconds referred relaunch_of responses reviewed revisions revoked roster_hash seats"
    " shared since subject superseded suspended text_hash told undelivered"
)
RESPONSE = (
    "margin_ms number offset_ms received response rule ruled ruling standing waits withdrawals"
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder: Path = tmp_path_factory.mktemp("names") / "store"
    with TestClient(made(folder).app) as made_:
        yield made_


def shown(client: TestClient, path: str) -> Any:
    return json.loads(client.get(path).text)


def names(value: Any) -> str:
    return " ".join(sorted(value))


def test_an_agenda_and_its_items_keep_their_names(client: TestClient) -> None:
    page = shown(client, "/agendas/un/wg7-10.json")
    listed = (*page["agenda"]["items"], *page["agenda"]["listed"])

    assert AGENDA_PAGE == names(page)
    assert AGENDA == names(page["agenda"])
    assert {ITEM} == {names(item) for item in listed}


def test_a_silence_procedure_and_its_responses_keep_their_names(client: TestClient) -> None:
    rows = shown(client, "/board.json")["rows"]
    places = [(row["organisation"], window["id"]) for row in rows for window in row["windows"]]
    pages = [shown(client, f"/windows/{where}/{name}.json") for where, name in places]

    assert {WINDOW_PAGE} == {names(page) for page in pages}
    assert {WINDOW} == {names(page["window"]) for page in pages}
    assert {RESPONSE} == {names(it) for page in pages for it in page["window"]["responses"]}


def test_what_the_program_calls_otherwise_is_found() -> None:
    """The control: the names of fields are not the names in public."""
    assert ITEM != names(Item.__struct_fields__)
    assert ITEM == names(Item.__struct_encode_fields__)

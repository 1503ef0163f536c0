"""Pages show what meetings decided, what is told in part, and what came outside of any silence."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest

from adapters.codec import JsonCodec
from adapters.files.case_reader import CaseFiles
from case_paths import FOLDER
from domain.silence.events import OutcomeTold
from domain.streams import Stream, StreamKind
from page_tree import text
from web_site import Site, made, play

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

PLAYED = (
    "agenda-osce-hdim-2021",
    "cnd63-64-2020",
    "sil-un75-2020",
    "sil-cbd-excop2-2020",
    "fictional-meetings",
    "fictional-told-in-short",
)
INVENTED = "fictional-organisation"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site that shows cases in which meetings decide."""
    found = made(tmp_path_factory.mktemp("site") / "store")
    codec = JsonCodec()
    for name in PLAYED:
        case = CaseFiles(codec).read(FOLDER / f"{name}.yaml")
        play(found.handling, found.store, codec, case)
    return found


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[TestClient]:
    with TestClient(site.app, raise_server_exceptions=False) as testclient:
        yield testclient


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("/agendas/osce-hdim-2021/hdim-2021", "Decided at a meeting: not agreed"),
        ("/agendas/osce-hdim-2021/hdim-2021", "Not approved"),
        ("/agendas/osce-hdim-2021/hdim-2021", "They are kept and shown, and break nothing"),
        ("/agendas/cnd63-64-2020/cnd-63", "Report put off"),
        (
            "/agendas/cnd63-64-2020/cnd-63",
            "The adoption of the report was put off. a later meeting",
        ),
        ("/agendas/cnd63-64-2020/cnd-64", "Decided at a meeting: agreed (without a vote)"),
        ("/windows/sil-un75-2020/un75-later", "Decided at a meeting: adopted"),
        ("/windows/sil-un75-2020/un75-later", "Amended text announced without a new silence"),
        (f"/agendas/{INVENTED}/chain-5", "Votes: 1 in favour, 1 against, 0 abstaining."),
        (f"/agendas/{INVENTED}/chain-5", "Votes: 2 in favour, not told against"),
        (f"/agendas/{INVENTED}/chain-5", "Chains are not for this board."),
        (f"/agendas/{INVENTED}/chain-5", "Jointly with: Rope Board"),
        (
            "/windows/sil-cbd-excop2-2020/excop-2-decisions",
            "Cartagena Protocol, Conference of",
        ),
        ("/history/sil-cbd-excop2-2020", "It is also that of: "),
        (f"/windows/{INVENTED}/text", "heavy enough"),
        (f"/windows/{INVENTED}/old", "Partly approved"),
        (f"/agendas/{INVENTED}/mooring-3", "Session 3"),
    ],
)
def test_it_is_shown_in_words(client: TestClient, page: str, shown: str) -> None:
    """In English as here, and without a fault in every language."""
    assert shown in _words(client, page)
    for language in ("ar", "zh", "en", "fr", "ru", "es"):
        answer = client.get(page, headers={"accept-language": language})
        assert answer.status_code == 200
        assert "%(" not in answer.text


def test_an_outcome_told_in_part_shows_what_is_not_known(site: Site, client: TestClient) -> None:
    """As it stood when one of three items was told: the others are not known, not open."""
    events = site.store.history(INVENTED).events_of(Stream(StreamKind.WINDOW, "old"))
    at = next(event.position for event in events if isinstance(event.fact, OutcomeTold))
    shown = _words(client, f"/windows/{INVENTED}/old?at={at}")

    assert "Outcome not known" in shown
    assert shown.count("approved by silence") == 1
    assert "bnot known" in shown
    assert "cnot known" in shown
    found = _words(client, f"/history/{INVENTED}?at={at}")
    assert "A source tells what became of some items only. Approved by silence: item a." in found


def _words(client: TestClient, page: str) -> str:
    return " ".join(text(client.get(page).text).split())

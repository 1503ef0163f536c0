"""The pages over a real store: what they show, what they never show, and that links lead there."""

import json
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from gettext import NullTranslations
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from babel.messages.pofile import read_po

from adapters.codec import JsonCodec
from adapters.files.rule_packs import RulePacks
from adapters.keys.keyring import Keyring
from adapters.sqlite.read_models import SqliteViews
from adapters.sqlite.store import SqliteStore
from domain.actors import Role
from domain.agenda.next_step import NEXT
from domain.decision_context import DecisionContext
from domain.languages import LANGUAGES
from domain.ports.errors import Unavailable
from domain.ports.event_store import History
from domain.rules import Result
from domain.silence import Phase
from domain.silence.responses import KINDS
from domain.streams import StreamKind
from domain.times import When
from page_tree import parsed, text
from web.app import create_app
from web.http.context import AboutProgram
from web.i18n import catalogues, labels
from web.i18n.catalogues import NAMES
from web.i18n.dates import DateFormatter
from web_site import NOW, ROOT, SECRET, STRANGER, Site, made
from workflows.queries.agenda import AgendaQueries
from workflows.queries.queries import Queries
from workflows.receipts.issue import ReceiptIssuer

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks for a successor of httpx that need not be there
    from starlette.testclient import TestClient


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return made(tmp_path_factory.mktemp("site") / "store")


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[TestClient]:
    with TestClient(site.app, raise_server_exceptions=False) as made_:
        yield made_


def section(page: str, name: str) -> str:
    """What the section of this id says."""
    found = parsed(page).xpath(f"//*[@aria-labelledby='{name}']")
    return " ".join(found[0].text_content().split())


@pytest.fixture(scope="module")
def crawled(client: TestClient) -> dict[str, Any]:
    """Every page that links lead to, and its JSON; of languages one, of moments some."""
    seen: dict[str, Any] = {}
    waiting = ["/"]
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        answer = client.get(address)
        seen[address] = answer
        if "at=" in address or "text/html" not in answer.headers["content-type"]:
            continue
        for link in parsed(answer.text).xpath("//@href"):
            target = urljoin(address, link).partition("#")[0]
            if "lang=" not in target:
                waiting.append(target)
    return seen


def test_every_link_leads_to_a_page(crawled: dict[str, Any]) -> None:
    dead = [
        (answer.status_code, address)
        for address, answer in crawled.items()
        if answer.status_code != 200
    ]

    assert dead == []
    assert len(crawled) > 150


def test_every_page_has_a_twin_in_json(crawled: dict[str, Any]) -> None:
    pages = {entry for entry in crawled if "text/html" in crawled[entry].headers["content-type"]}
    representations = {
        entry: json.loads(answer.text) for entry, answer in crawled.items() if ".json" in entry
    }

    assert all(entry["simulated"] for entry in representations.values())
    for page in pages - {"/"}:
        path, _, query = page.partition("?")
        assert query or f"{path}.json" in representations


def test_every_answer_is_guarded(crawled: dict[str, Any], client: TestClient) -> None:
    for answer in (*crawled.values(), client.get("/nowhere"), client.post("/")):
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"


def test_pages_have_no_script_and_no_style_of_their_own(crawled: dict[str, Any]) -> None:
    for address, answer in crawled.items():
        if "text/html" in answer.headers["content-type"]:
            page = parsed(answer.text)
            assert page.xpath("//script | //style | //@style | //@onclick") == [], address
            assert not re.search("[\u202a-\u202e\u2066-\u2069\x1b]", answer.text), address


def test_texts_of_users_are_shown_as_text(client: TestClient) -> None:
    for address in (
        "/agendas/fiction/a-5",
        "/windows/fiction/a-5-items",
        "/history/fiction",
        "/events/fiction/6",
    ):
        assert "<script>alert(1)</script> [U+202E]desrever" in text(client.get(address).text)


def test_withheld_names_are_nowhere(crawled: dict[str, Any], site: Site) -> None:
    """The roster itself is public; who answered is not. A stranger was never on the roster."""
    roster = [
        event
        for event in site.reading.events.list("fiction")
        if event.name.startswith("body.seat_filled") and event.stream.id == "h"
    ]
    of_roster = [f"/events/fiction/{entry.position}" for entry in roster]
    for address, answer in crawled.items():
        path = urlsplit(address).path.removesuffix(".json")
        if path in of_roster or path.startswith("/history/fiction/body/"):
            continue
        assert STRANGER not in answer.text, address
        if path not in {"/history/fiction", "/bodies/fiction/h"}:
            assert SECRET not in answer.text, address


def test_the_whole_history_names_a_withheld_seat_only_as_seated(client: TestClient) -> None:
    events = client.get("/history/fiction.json").json()["events"]

    naming = {event["name"] for event in events if SECRET in json.dumps(event)}

    assert naming == {"body.seat_filled.v2"}


def test_a_withheld_objection_is_shown_without_its_name(client: TestClient) -> None:
    page = client.get("/windows/fiction/sealed-items").text

    assert "1 objection received" in text(page)
    assert "a seat whose name is withheld" in section(page, "responses")
    assert "withheld by the policy" in section(page, "seats")


def test_the_board_says_where_things_stand_and_what_is_awaited(client: TestClient) -> None:
    page = text(client.get("/").text)

    assert "Silence running Awaited from the seats that are silent" in page
    assert "in 4 days 5 hours 27 November 2026, 17:00 Nairobi (14:00 UTC)" in page
    assert "no objection received" in page
    assert "Not approved Awaited from the presiding officer" in page
    assert "historical record" in page
    assert "fictional body" in page
    assert "simulated" in page
    assert "agreed" not in page


def test_finished_rows_are_folded(client: TestClient) -> None:
    page = parsed(client.get("/").text)

    folded = page.xpath("//details[not(@open)]//th[@scope='row']")

    assert any("Smuggling of Migrants" in row.text_content() for row in folded)


def test_the_life_of_the_founding_agenda(client: TestClient) -> None:
    page = client.get("/agendas/un/wg7-10").text
    steps = parsed(page).xpath("//ol[@class='steps']/li")

    found = [" ".join(step.text_content().split()) for step in steps]

    assert found == [
        "Proposed no date attested",
        "Submitted 6 June 2023 attested",
        "Under silence 6 June 2023 attested",
        "Approved 20 June 2023 attested",
        "Published 11 July 2023 attested masthead date",
        "Agenda adopted 5 October 2023 planned",
        "Report adopted 6 October 2023 planned",
    ]


def test_differing_titles_stand_side_by_side(client: TestClient) -> None:
    page = parsed(client.get("/agendas/un/wg7-10").text)

    pair = page.xpath("//dl[@class='compare']/dd[@lang='zh']")

    assert [entry.text_content().replace("[missing here]", "") for entry in pair] == [
        "确定对什么人提出偷运移民罪指控：什么人是偷运移民者，什么人不是",
        "确定对什么人提出偷运移民罪指控：什么是偷运移民者，什么人不是",
    ]
    assert pair[0].xpath("mark")[0].text == "人"


def test_the_agenda_tells_what_is_not_known(client: TestClient) -> None:
    page = client.get("/agendas/un/wg7-10").text

    assert "Hour and zone of the deadline" in section(page, "unknown")
    assert "Awaited from the secretariat: a source for what came next" in section(page, "next")
    assert "24 August 2023 42 days before the opening" in section(page, "lines")
    assert "dated 44 days before this line" in section(page, "lines")
    assert "(continued)" in section(page, "work")
    assert "No document expected." in section(page, "items")
    assert "working translation" in section(page, "items")


@pytest.mark.parametrize(
    ("language", "title", "date", "direction"),
    [
        ("zh", "偷运移民问题工作组", "2023年6月20日", "ltr"),
        ("ar", "Working Group on the Smuggling of Migrants", "20 حزيران/يونيه 2023", "rtl"),
        ("fr", "Working Group on the Smuggling of Migrants", "20 juin 2023", "ltr"),
        ("ru", "Working Group on the Smuggling of Migrants", "20 июня 2023 года", "ltr"),
        ("es", "Working Group on the Smuggling of Migrants", "20 de junio de 2023", "ltr"),
    ],
    ids=["zh", "ar", "fr", "ru", "es"],
)
def test_a_page_in_another_language(
    client: TestClient, language: str, title: str, date: str, direction: str
) -> None:
    answer = client.get("/agendas/un/wg7-10", headers={"Accept-Language": f"{language}-XX,en;q=.5"})
    page = parsed(answer.text)

    assert answer.headers["content-language"] == language
    assert (page.get("lang"), page.get("dir")) == (language, direction)
    assert title in page.xpath("//h1")[0].text_content()
    assert date in page.text_content()
    assert page.xpath("//p[@class='notice']")


def test_links_keep_language_and_moment(client: TestClient) -> None:
    page = parsed(client.get("/agendas/un/wg7-10?lang=ar&at=30").text)

    links = [link for link in page.xpath("//main//@href") if link.startswith("/")]

    assert all("lang=ar" in link for link in links)
    assert "/events/un/17?lang=ar&at=30" in links
    assert "/agendas/un/wg7-10?lang=ar" in links


def test_the_board_as_of_a_moment(client: TestClient) -> None:
    page = text(client.get("/?at=2026-11-20T00:00:00Z").text)

    assert "As of 20 November 2026, 00:00 UTC. Not the present state." in page
    assert "in 7 days 14 hours" in page


def test_an_agenda_as_of_an_event(client: TestClient) -> None:
    page = text(client.get("/agendas/un/wg7-10?at=17").text)

    assert "As of event 17. Not the present state." in page
    assert "Submitted for approval" in page


def test_a_history_greys_what_is_later(client: TestClient) -> None:
    page = parsed(client.get("/history/un/agenda/wg7-10?at=17").text)

    current = page.xpath("//li[@aria-current='step']")
    later = page.xpath("//li[contains(@class, 'later')]")

    assert [window.get("id") for window in current] == ["e17"]
    assert later
    assert all("later" in entry.text_content() for entry in later)
    assert page.xpath("//a[@rel='prev']/@href") == ["/history/un/agenda/wg7-10?at=16#e16"]


def test_a_window_shows_its_deadline_with_the_proof(client: TestClient) -> None:
    page = client.get("/windows/fiction/a-5-items").text
    clock = section(page, "clock")

    assert "4 days 5 hours" in clock
    assert "Friday 27 November 2026, before 17:00:00 Africa/Nairobi (before 14:00 UTC)" in clock
    assert "plus 14 days of the calendar: 2026-11-27" in clock
    assert "no objection, said so1" in section(page, "seats")
    assert "open until the deadline" in section(page, "outcome")


def test_a_broken_window_shows_no_time_left(client: TestClient) -> None:
    clock = section(client.get("/windows/fiction/sealed-items").text, "clock")

    assert clock.startswith("How it ended The silence was broken. Ended")
    assert "Planned deadlineFriday 27 November 2026" in clock
    assert "days" not in clock.partition("Why")[0]


def test_a_silence_that_a_source_tells_of_is_not_embellished(client: TestClient) -> None:
    page = client.get("/windows/un/wg7-10-items").text

    assert "The source tells neither hour nor zone." in section(page, "clock")
    assert "approved by silence" in section(page, "outcome")
    assert "Who was asked is not in the source." in section(page, "seats")
    assert "This is what the rule pack assumes." in section(page, "policy")


def test_what_happens_if_two_must_object(client: TestClient) -> None:
    assert "If 2 object" in text(client.get("/windows/fiction/text-9").text)


def test_parts_that_broke_and_parts_that_did_not(client: TestClient) -> None:
    page = client.get("/windows/fictional-organisation/fba-5-items").text

    assert "not approved, silence broken" in section(page, "outcome")
    assert "approved, no breaking objection received" in section(page, "outcome")


def test_an_event_in_full(client: TestClient) -> None:
    page = text(client.get("/events/un/17").text)

    for part in (
        "The source tells: Submitted to extended Bureau of the Conference of the Parties",
        "agenda.items_submitted.v1",
        "annotation to item 1 (b), third paragraph",
        "Cannot be determined",
        "COP rules of procedure, rule 8(2)(e)",
        "2023-06-06",
    ):
        assert part in page


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/nowhere", 404, "Not in the record"),
        ("/agendas/un/none", 404, "agenda none is not in the record"),
        ("/agendas/none/wg7-10", 404, "no organisation none"),
        ("/windows/un/none", 404, "window none is not in the record"),
        ("/events/un/99999", 404, "un has no event 99999"),
        ("/events/un/" + "9" * 5000, 404, "Not in the record"),
        ("/events/un/one", 404, "no event one"),
        ("/history/un/planet/x", 404, "a kind is one of body, session, agenda, window"),
        ("/history/un/agenda/none", 404, "agenda/none is not in the record"),
        ("/?at=yesterday", 400, "This moment cannot be read"),
        ("/?at=2026-11-20", 400, "it needs an hour and a zone"),
        ("/history/un?at=" + "9" * 5000, 400, "This moment cannot be read"),
        ("/agendas/un/wg7-10?at=2026-03-29T02:30[Europe/Vienna]", 400, "clocks skip it"),
    ],
)
def test_failures_are_pages(client: TestClient, address: str, status: int, words: str) -> None:
    answer = client.get(address)

    assert answer.status_code == status
    assert words in text(answer.text)
    representation = address.partition("?")
    if representation[0] != "/":
        assert (
            client.get(f"{representation[0]}.json{representation[1]}{representation[2]}").json()[
                "status"
            ]
            == status
        )


@pytest.mark.parametrize(("fault", "status"), [(Unavailable, 503), (RuntimeError, 500)])
def test_faults_tell_nothing_of_the_inside(
    site: Site, monkeypatch: pytest.MonkeyPatch, fault: type[Exception], status: int
) -> None:
    def fails(*_: object) -> None:
        raise fault("/secret/path is broken")

    monkeypatch.setattr(AgendaQueries, "get", fails)
    with TestClient(site.make_app(), raise_server_exceptions=False) as client:
        answer = client.get("/agendas/un/wg7-10")

    assert answer.status_code == status
    assert "/secret/path" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_only_reading_is_possible(client: TestClient) -> None:
    assert client.post("/").status_code == 405
    assert client.get("/docs").status_code == 404
    assert client.get("/openapi.json").status_code == 404


def test_an_empty_record_has_a_board(tmp_path: Path) -> None:
    store = SqliteStore.create(tmp_path / "store")
    views = SqliteViews(store.views_path)
    codec = JsonCodec()

    def world_of(history: History) -> DecisionContext:
        return DecisionContext(history, RulePacks(), "2026a")

    reading = Queries(store, views, world_of)
    receipts = ReceiptIssuer(store, world_of, Keyring(tmp_path), codec)
    about = AboutProgram(version="0", store="empty")
    app = create_app(reading, lambda: NOW, lambda: None, about, codec, receipts=receipts)
    with TestClient(app) as client:
        page = text(client.get("/").text)

    assert "Nothing is in the record yet" in page
    assert "anybody at this machine can act as anybody" in page


def test_a_long_history_is_cut_into_pages(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.presenters.history.PAGE", 10)
    with TestClient(site.make_app()) as client:
        first = parsed(client.get("/history/un").text)
        third = parsed(client.get("/history/un?at=25").text)

    def shown(page: Any) -> list[str]:
        return [str(node) for node in page.xpath("//ol[@class='trail']/li/@id")]

    assert shown(first) == [f"e{n}" for n in range(1, 11)]
    assert shown(third) == [f"e{n}" for n in range(21, 31)]
    assert "after=10" in first.xpath("//nav[contains(@class, 'pages')]//@href")[1]


def test_of_many_pages_of_a_history_those_nearby_are_named(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the events of one page are read; its JSON leads to the next one."""
    monkeypatch.setattr("web.presenters.history.PAGE", 2)
    last = site.store.history("un").last_position()
    with TestClient(site.make_app()) as client:
        page = parsed(client.get("/history/un?after=20").text)
        representation = client.get(page.xpath("//link[@rel='alternate']/@href")[0]).json()
        later = client.get(representation["later"]).json()
        end = client.get(f"/history/un.json?after={last - 1}").json()
    pages = page.xpath("//nav[contains(@class, 'pages')]")[0]

    firsts = [int(node.rpartition("=")[2]) + 1 for node in pages.xpath(".//@href")]
    assert firsts == [1, 17, 19, 21, 23, 25, (last - 1) // 2 * 2 + 1]
    assert ["…", "…"] == [node.text for node in pages.xpath("span")]
    assert "Events 21 to 22" == pages.xpath("a[@aria-current]")[0].text
    assert [[21, 22], [23, 24]] == [
        [item["position"] for item in entry["events"]] for entry in (representation, later)
    ]
    assert end["later"] is None


def test_the_words_of_the_domain_are_all_marked_for_the_catalogues() -> None:
    said = {*labels.OTHER_WORDS, *labels.STANDS, *labels.SEATS, *labels.BASES}
    awaited = {word for step in NEXT.values() for word in (step.who, step.what) if word}

    assert {str(phase) for phase in Phase} <= labels.STANDS.keys()
    assert {str(role) for role in Role} <= {*labels.OTHER_WORDS}
    assert {str(kind) for kind in StreamKind} == labels.KINDS.keys()
    assert {str(result) for result in Result} == labels.RESULTS.keys()
    assert NEXT.keys() <= labels.STANDS.keys()
    assert awaited | KINDS <= said
    assert {step.who for step in NEXT.values() if step.who} <= labels.FROM.keys()
    assert {*LANGUAGES.values()} <= said


def test_pages_are_read_in_the_languages_in_which_texts_are_kept() -> None:
    assert [*LANGUAGES] == [*NAMES]


@pytest.mark.parametrize("language", [tag for tag in LANGUAGES if tag != "en"])
def test_no_translation_is_in_the_script_of_another_language(language: str) -> None:
    """Words that went into the wrong catalogue are no translation."""
    scripts = {"ar": "\u0600-\u06ff", "ru": "\u0400-\u04ff", "zh": "\u4e00-\u9fff"}
    others = "".join(signs for tag, signs in scripts.items() if tag != language)
    file = ROOT.parent / "web" / "locales" / language / "LC_MESSAGES" / "messages.po"
    with file.open("rb") as content:
        catalogue = read_po(content)
    texts = ((message.id, str(message.string)) for message in catalogue if message.id)

    assert [] == [name for name, text in texts if re.search(f"[{others}]", text)]


@pytest.mark.parametrize("language", [tag for tag in LANGUAGES if tag != "en"])
def test_no_translation_ends_in_an_english_sentence(language: str) -> None:
    """As it does where an older text was put behind a newer one."""
    file = ROOT.parent / "web" / "locales" / language / "LC_MESSAGES" / "messages.po"
    with file.open("rb") as content:
        catalogue = read_po(content)
    texts = [(str(m.id), str(m.string)) for m in catalogue if m.id and len(str(m.id)) > 40]

    assert [] == [text for name, text in texts if name[:30] in text]


def test_the_template_of_the_catalogues_is_up_to_date(tmp_path: Path) -> None:
    """If this fails, say again what the first lines of web/locales/babel.cfg say."""
    current = tmp_path / "messages.pot"
    locales = ROOT.parent / "web" / "locales"
    keywords = [f"--keyword={word}" for word in ("say", "N_", "count:1,2", "ngettext:1,2")]
    paths = ["-F", str(locales / "babel.cfg"), "-o", str(current), str(ROOT.parent)]
    extract = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "--no-location"]
    subprocess.run([*extract, *keywords, *paths], check=True)

    def texts(file: Path) -> set[str]:
        with file.open("rb") as content:
            return {str(message.id) for message in read_po(content)}

    assert texts(locales / "messages.pot") == texts(current)


def test_a_long_board_is_cut_into_pages(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """By plain links, which keep the language; the counts are of the whole, also in JSON."""
    monkeypatch.setattr("workflows.queries.board.PAGE", 1)
    with TestClient(site.app) as client:
        whole = parsed(client.get("/?lang=fr").text)
        (link, *_) = whole.xpath("//a[@rel='next']/@href")
        page = parsed(client.get(link).text)
        back = parsed(client.get(page.xpath("//a[@rel='prev']/@href")[0]).text)
        representation = client.get(page.xpath("//link[@rel='alternate']/@href")[0]).json()
        first = client.get(representation["groups"][0]["earlier"]).json()
        wrong = client.get("/?page=after/running/1")

    assert ["2", "2", "3"] == [node.text for node in whole.xpath("//span[@class='count']")]
    assert "lang=fr" in link
    assert ["2"] == [node.text for node in page.xpath("//span[@class='count']")]
    assert [1, 1] == [len(entry.xpath("//th[@scope='row']")) for entry in (page, back)]
    assert "Draft decision on wells" in page.text_content()
    assert "Draft decision on wells" not in back.text_content()
    assert page.xpath("//nav[@class='crumbs']/a/@href") == ["/?lang=fr"]
    assert (["text-9"], None) == (
        [entry["id"] for entry in representation["rows"]],
        representation["groups"][0]["later"],
    )
    assert ["a-5"] == [entry["id"] for entry in first["rows"]]
    assert 404 == wrong.status_code


ARABIC = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 :"
" n%100>=11 ? 4 : 5);\n"

msgid "%(num)s day"
msgid_plural "%(num)s days"
msgstr[0] "لا أيام"
msgstr[1] "يوم واحد"
msgstr[2] "يومان"
msgstr[3] "%(num)s أيام"
msgstr[4] "%(num)s يوما"
msgstr[5] "%(num)s يوم"

#, fuzzy
msgid "in %(time)s"
msgstr "?"
"""


@pytest.mark.parametrize(
    ("number", "expected"),
    [(1, "يوم واحد"), (2, "يومان"), (5, "5 أيام"), (12, "12 يوما"), (100, "100 يوم")],
    ids=["one", "two", "few", "many", "other"],
)
def test_arabic_counts_in_six_forms_and_fuzzy_texts_are_left_out(
    number: int, expected: str
) -> None:
    catalogue = catalogues.parse_catalogue("ar", ARABIC.encode())
    clock = DateFormatter("ar", catalogue.texts.gettext, catalogue.texts.ngettext)

    assert clock.days(number) == expected
    assert clock.say("in %(time)s") == "in %(time)s"
    assert catalogue.share == 0.5


@pytest.mark.parametrize(
    ("requested", "accepted", "language"),
    [
        ("", "", "en"),
        ("ru", "fr", "ru"),
        ("xx", "fr", "fr"),
        ("", "de, pt;q=0.9, es-MX;q=0.8, fr;q=0.7", "es"),
        ("", "fr;q=0, zh-Hant-TW;q=0.1", "zh"),
        ("", "en;q=x, ar", "ar"),
    ],
)
def test_the_language_is_asked_for_or_accepted(
    requested: str, accepted: str, language: str
) -> None:
    assert catalogues.choose_language(requested, accepted) == language


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("unknown", "date not known"),
        ("2023", "2023"),
        ("2023-06", "June 2023"),
        ("2023-06-20", "20 June 2023"),
        ("2015-04-13/2015-04-14", "between 13 April 2015 and 14 April 2015"),
        ("../2020-11-19", "on or before 19 November 2020"),
        ("2020-11-19/..", "on or after 19 November 2020"),
        ("2023-10-05T10:00", "5 October 2023, 10:00, zone not known"),
        ("2023-10-05T10:00[Europe/Vienna]", "5 October 2023, 10:00 Vienna"),
        ("2023-10-05T08:00:30Z", "5 October 2023, 08:00:30 UTC"),
    ],
)
def test_times_are_told_as_exactly_as_they_are_known(when: str, expected: str) -> None:
    assert english().when(When(when)) == expected


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (0, "less than a minute"),
        (1, "1 minute"),
        (60, "1 hour"),
        (61, "1 hour 1 minute"),
        (1440, "1 day"),
        (3 * 1440 + 121, "3 days 2 hours"),
    ],
)
def test_spans_are_told_in_two_units(minutes: int, expected: str) -> None:
    clock = english()

    assert clock.lasting(timedelta(minutes=minutes)) == expected
    assert clock.left(NOW + timedelta(days=2), NOW) == "in 2 days"
    assert clock.left(NOW - timedelta(hours=2), NOW) == "2 hours ago"


def test_a_day_is_named_where_utc_has_another_one() -> None:
    clock = english()
    midnight = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)

    assert clock.utc(midnight, "Africa/Nairobi") == "23 November 2026, 22:30 UTC"
    assert clock.utc(midnight, "Europe/Vienna") == "22:30 UTC"


def english() -> DateFormatter:
    nothing = NullTranslations()
    return DateFormatter("en", nothing.gettext, nothing.ngettext)

"""An agenda from an empty store to its adopted report, by five people, each in their own browser.

The store is made by the commands of the README; after that there is nothing but pages. The life is
that of `tests/cases/untoc-wg7-2023.yaml`, told of today, with a session ten weeks from now. It is
told twice, with scripts and without.
"""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

import wiring
from account_story import PASSWORD
from browser_person import BrowserPerson
from chromium import IN_CHROMIUM
from chromium import browser as browser
from code_blocks import command_lines
from served_store import PLACET, served
from server_process import until

BODY, AGENDA = "/bodies/un/untoc-wg7", "/agendas/un/wg7-10"
SESSION, DOCUMENT, WINDOW = "/sessions/un/wg7-10", "/documents/un/wg7-1", "/windows/un/wg7-10-items"
SIX = ("ar", "zh", "en", "fr", "ru", "es")
SILENCE = timedelta(seconds=45)
"""How long the silence lasts, by a waiver: long enough for an answer in a slow browser."""
GRACE = 120
"""After how many seconds the silence clock records the lapse, by the rules of the body."""
ROSTER = "holder;seat;office\nNorthland;north;chair\nالجنوب;south;\nEastland;east;rapporteur"
ITEMS = """1. Questions d’organisation
(a) Ouverture de la réunion
(b) Adoption de l’ordre du jour et organisation des travaux
2. Définition des personnes à inculper
3. Difficultés et meilleures pratiques concernant le trafic par mer
4. Questions relatives au Mécanisme d’examen
5. Questions diverses
6. Adoption du rapport"""
SUBJECTS = {
    1: "organizational",
    2: "opening",
    3: "adoption of the agenda",
    6: "review mechanism",
    7: "other matters",
    8: "report",
}
"""What items are about, by their line."""

pytestmark = IN_CHROMIUM


def made_as_the_readme_says(folder: Path) -> Path:
    """A store with an administrator, by the commands of the README; only no password is asked."""
    (folder / "password").write_text(PASSWORD + "\n")
    for start, more in (("store create", ""), ("user add", "--password-file password")):
        (line,) = [line for line in command_lines("README.md") if line.startswith(start)]
        words = [*PLACET, *shlex.split(f"{line} {more}")]
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return folder / "records"


@dataclass
class People:
    """Those who act, each with a browser of their own."""

    browser: Browser
    address: str
    scripts: bool
    all: dict[str, BrowserPerson]

    def __getattr__(self, name: str) -> BrowserPerson:
        return self.all[name]

    def comes(self, name: str, language: str, width: int = 1280) -> BrowserPerson:
        """Somebody opens a browser."""
        self.all[name] = BrowserPerson.opens(
            self.browser, self.address, name, language, width, scripts=self.scripts
        )
        return self.all[name]

    def joins(self, name: str, language: str, width: int, **role: str) -> BrowserPerson:
        """The administrator invites somebody, who follows the link in another browser."""
        root, form = self.all["root"], "form[action='/accounts/invite']"
        root.goes("/account").follows("/accounts").fills({"display_name": name, **role})
        assert "Administrator · un" in root.said
        link = root.presses(f"{form} button").page.locator("code.hash").first.inner_text()
        person = self.comes(name, language, width)
        person.goes(link).goes_on(login=name, password=PASSWORD)
        assert person.path == "/"
        again = self.comes("thief", "en").goes(link, 410)
        assert "This invitation was used already" in again.said
        self.all.pop("thief").page.context.close()
        return person


@pytest.mark.heavy
@contextmanager
def people(browser: Browser, folder: Path, *, scripts: bool) -> Iterator[People]:
    """The server of a new store, at which the first administrator has logged in."""
    store = made_as_the_readme_says(folder)
    with served(store) as address:
        found = People(browser, address, scripts, {})
        root = found.comes("root", "en").goes("/")
        assert root.path == "/log-in"
        root.goes_on(login="root", password=PASSWORD)
        try:
            yield found
        finally:
            for person in found.all.values():
                person.page.context.close()


def test_the_first_administrator_finds_the_way_and_invites(
    browser: Browser, tmp_path: Path
) -> None:
    """By the README's own commands; what follows from a role is on the first page."""
    with people(browser, tmp_path, scripts=True) as all_:
        root = all_.root
        assert root.offers("/organisations/un")
        assert not root.offers("/establish/un"), "bodies are entered by the secretariat"
        lena = all_.joins("lena", "fr", 390, role="secretariat")
        lena.follows("/set-up/un").follows("/establish/un")
        vera = all_.joins("vera", "ar", 390, role="auditor")
        assert not vera.offers("/set-up/un")
        vera.goes("/establish/un", 403)
        assert "role-granted" in vera.said
        assert [] == [*root.problems, *lena.problems, *vera.problems]


@pytest.mark.heavy
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_five_people_bring_an_agenda_to_its_report(
    browser: Browser, tmp_path: Path, *, scripts: bool
) -> None:
    with people(browser, tmp_path, scripts=scripts) as all_:
        all_.joins("lena", "fr", 1280, role="secretariat")
        set_up(all_)
        all_.joins("chair", "es", 1280, role="presiding officer", body="untoc-wg7")
        all_.joins("south", "ar", 390, role="member", body="untoc-wg7", seat="south")
        all_.joins("samir", "ru", 800, role="document services")
        all_.joins("vera", "zh", 1280, role="auditor")
        draw_up(all_)
        approve(all_)
        publish(all_)
        adopt(all_)
        audit(all_)
        problems = {name: person.problems for name, person in all_.all.items()}
    assert {} == {name: found for name, found in problems.items() if found}
    assert RECORD == recorded(tmp_path / "records")


def set_up(all_: People) -> None:
    """The secretariat enters the body, its rules, its roster, a session and its meetings."""
    lena = all_.lena
    opens, ends = (datetime.now(UTC).date() + timedelta(days=day) for day in (70, 71))
    lena.goes("/").follows("/set-up/un")
    names = {
        "name-fr": "Groupe de travail sur le trafic illicite de migrants",
        "name-ar": "الفريق العامل المعني بتهريب المهاجرين",
        "name-en": "Working Group on the Smuggling of Migrants",
    }
    lena.does(
        "/establish/un", body="untoc-wg7", zone="Europe/Vienna", duty_station="Vienne", **names
    )
    lena.follows(BODY).follows("/set-up/un")
    said = lena.does("/act/adopt-rules", pack="untoc-working-groups")
    assert "Le jeu de règles untoc-working-groups" in said
    lena.follows(BODY).follows("/edit/roster")
    lena.goes_on(422, text=f"{ROSTER}\nOstland;east")
    assert "Ligne 5 : Le siège east figure aussi à la ligne 4." in lena.said
    assert "Eastland a pris le siège east" in lena.confirms(text=ROSTER)
    lena.follows(BODY)
    lena.does(
        "/act/schedule-session",
        session="wg7-10",
        number="10",
        starts=str(opens),
        ends=str(ends),
        venue="Vienne",
    )
    languages = {f"r{number}-interpretation": " ".join(SIX) for number in range(1, 5)}
    assert "Séances prévues : 4." in lena.follows(SESSION).does("/edit/meetings", **languages)


def draw_up(all_: People) -> None:
    """The secretariat draws up the agenda: items, annotations, papers, the order of work."""
    lena = all_.lena
    lena.goes("/").follows("/set-up/un").does(
        "/act/start-agenda", agenda="wg7-10", session="wg7-10"
    )
    lena.follows(AGENDA).follows("/edit/items").presses("[value=lines]")
    lena.fills({"text": ITEMS}).presses("[value=table]")
    cells: dict[str, object] = {
        f"r{line}-subjects": (subject,) for line, subject in SUBJECTS.items()
    }
    for line in range(1, 9):
        cells |= {f"r{line}-proposer_kind": "secretariat", f"r{line}-memorandum": f"Note {line}"}
        cells |= {f"r{line}-title-{language}": f"{language} {line}" for language in ("ar", "en")}
    assert "Le point 1 (b) a été proposé" in lena.confirms(**cells)

    lena.follows(AGENDA).follows("/edit/annotations").follows("/edit/annotations/item/2")
    legends = lena.page.locator("legend").all_inner_texts()
    assert "chinois · 2" in legends, "no title in another language"
    notes = {f"r{row}-heading": f"2 {language}" for row, language in enumerate(SIX, start=1)}
    notes |= {
        f"r{row}-paragraphs": f"{language} 1\n\n{language} 2" for row, language in enumerate(SIX, 1)
    }
    assert "Le point 2 a été annoté (langue : russe)." in lena.confirms(**notes)

    slots = {"r1-items": "1 (a), 1 (b), 2", "r2-items": "2, 3", "r3-items": "3, 4"}
    lena.follows(AGENDA).does("/edit/work", **slots, **{"r4-items": "5, 6"})
    lena.follows(AGENDA)
    lena.does(
        "/act/register-document",
        document="wg7-1",
        symbol="CTOC/COP/WG.7/2027/1",
        type="annotated provisional agenda",
        original="en",
        distribution="General",
        masthead_date=str(datetime.now(UTC).date()),
        languages=SIX,
        **{"title-fr": "Ordre du jour provisoire annoté"},
    )
    lena.goes(AGENDA).follows("/act/plan-documents").goes_on(item="2")
    lena.confirms(documents="CTOC/COP/WG.7/2027/2")
    assert "points 1, 1 (a), 1 (b), 2, 3, 4, 5, 6" in lena.follows(AGENDA).does("/act/submit-items")


def approve(all_: People) -> None:
    """The presiding officer opens the silence; a member answers; nobody objects; it ends."""
    chair, south, lena = all_.chair, all_.south, all_.lena
    south.goes("/")
    assert not south.offers("/act/respond")
    chair.goes("/").follows("/open/un/wg7-10")
    chair.goes_on(409, window="wg7-10-items", length="1", **{"title-ar": "البنود المقترحة"})
    assert "silence-minimum-length" in chair.said
    closes = datetime.now(ZoneInfo("Europe/Vienna")) + SILENCE
    chair.goes_on(
        length="",
        closes=closes.strftime("%Y-%m-%dT%H:%M:%S"),
        **{"waive-silence-minimum-length": "La Mesa lo pidió."},
    )
    assert "Se consultará a 3 puestos." in chair.said
    assert "Se recibe cuando usted confirma" in chair.said
    chair.presses("[name=confirmed]")

    south.goes("/").follows("/act/respond").goes_on(kind="no objection")
    assert "سيُحفظ الرد ويُعرض" in south.said
    south.presses("[name=confirmed]")
    assert datetime.now(UTC) < closes, "too slow for the silence of this test"
    assert "ورد الرد 1 في الموعد" in south.said
    lena.goes("/").follows(WINDOW)
    lena.does(
        "/act/notices", role="secretariat", seats=["north", "south", "east"], result="delivered"
    )
    south.goes(f"{WINDOW}/act/extend", 403)
    assert "role-granted" in south.said
    assert not all_.vera.goes(WINDOW).page.locator("a[href*='/act/']").count()
    until(lambda: _lapsed(chair), GRACE + 120)


def _lapsed(chair: BrowserPerson) -> bool:
    """Whether the agenda waits for its publication."""
    return "servicios de gestión de documentos" in chair.goes(AGENDA).said


def publish(all_: People) -> None:
    """Document services issue the six languages and publish."""
    samir = all_.samir
    samir.goes("/").follows(AGENDA)
    for number, language in enumerate(SIX, start=1):
        samir.does("/act/issue-version", language=language, job_number=f"V.26-0000{number}")
        samir.follows(DOCUMENT)
    assert "Для служб документации" in samir.said
    samir.does("/act/publish-document")
    samir.goes(f"{AGENDA}/act/adopt-agenda", 403)


def adopt(all_: People) -> None:
    """The presiding officer opens the session; the secretariat enters what the body adopted."""
    chair, lena = all_.chair, all_.lena
    chair.goes("/").follows(AGENDA).follows(SESSION).does("/act/open")
    lena.goes("/").follows(AGENDA).does("/act/adopt-agenda")
    lena.follows(AGENDA).does(
        "/act/draft-report", by="Rapporteuse", document="CTOC/COP/WG.7/2027/L.1", languages=SIX
    )
    said = lena.follows(AGENDA).does("/act/adopt-report", document="CTOC/COP/WG.7/2027/5")
    assert "L’organe a adopté son rapport" in said
    assert "Rapport adopté" in lena.follows(AGENDA).said


def audit(all_: People) -> None:
    """The auditor reads by whose account the member answered, and how that was proved."""
    vera = all_.vera
    vera.goes("/").follows("/history/un")
    account = all_.south.goes("/account").page.locator("code.hash").first.inner_text()
    vera.goes(WINDOW)
    answered = vera.page.locator("a[href*='/events/un/']").nth(1).get_attribute("href")
    assert answered
    vera.follows(answered)
    assert account in vera.said
    assert "密码" in vera.said


def recorded(store: Path) -> list[str]:
    """Each kind of fact in the order of the record, once where one follows itself: who, and how."""
    with wiring.open_application(store) as application:
        logins = {
            account.principal: account.login for account in application.accounts.directory.all()
        }
        found = list[str]()
        for event in application.queries.record.history("un").since(0, 10_000):
            actor = event.actor
            name = event.name.rsplit(".", 1)[0]
            who = f"{logins.get(actor.principal, 'nobody')}, as {actor.role}"
            line = f"{name} by {who}, by {actor.authenticated_by}"
            if found[-1:] != [line]:
                found.append(line)
    return found


RECORD = [
    "organisation.role_granted by nobody, as administrator, by command line",
    "organisation.role_granted by root, as administrator, by password",
    "body.established by lena, as secretariat, by password",
    "body.rule_pack_adopted by lena, as secretariat, by password",
    "body.seat_filled by lena, as secretariat, by password",
    "session.scheduled by lena, as secretariat, by password",
    "session.meetings_planned by lena, as secretariat, by password",
    "organisation.role_granted by root, as administrator, by password",
    "agenda.started by lena, as secretariat, by password",
    "agenda.item_proposed by lena, as secretariat, by password",
    "agenda.item_annotated by lena, as secretariat, by password",
    "agenda.work_organized by lena, as secretariat, by password",
    "document.registered by lena, as secretariat, by password",
    "symbol.reserved by lena, as secretariat, by password",
    "agenda.document_registered by lena, as secretariat, by password",
    "agenda.documents_planned by lena, as secretariat, by password",
    "agenda.items_submitted by lena, as secretariat, by password",
    "window.opened by chair, as presiding officer, by password",
    "agenda.items_put_under_silence by chair, as presiding officer, by password",
    "window.response_received by south, as seat, by password",
    "window.notices_recorded by lena, as secretariat, by password",
    "window.lapsed by nobody, as silence clock, by none",
    "agenda.items_approved by nobody, as silence clock, by none",
    "document.version_issued by samir, as document services, by password",
    "document.published by samir, as document services, by password",
    "agenda.published by samir, as document services, by password",
    "session.opened by chair, as presiding officer, by password",
    "agenda.adopted by lena, as body, by password",
    "agenda.report_drafted by lena, as secretariat, by password",
    "agenda.report_adopted by lena, as body, by password",
]
"""What the record says at the end."""

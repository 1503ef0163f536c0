"""Markup that people write is text on every page, whichever act of the catalogue brings it in.

The probe goes into each text field of each form, through the form's own page, its faults and its
check page, and what was recorded is then read on every page that links lead to.
"""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

import pytest
import structlog

from adapters import structured_logging
from domain.access.commands import ORGANISATION as ORGANISATION_STREAM
from domain.streams import Stream, StreamKind
from page_tree import parsed
from story import ORGANISATION, Story
from web.http import urls
from web_visitor import SENT_HERE, Visitor, field_values
from workflows.acts.catalogue import BY_ADDRESS

pytestmark = pytest.mark.heavy

MARK = "xq7"
PROBE = (
    f"{MARK}</textarea></title><script>alert(1)</script><svg onload=alert(2)>"
    "\"'><img src=x onerror=alert(3)>{{7*7}}\u202e\x1b[31m"
)
FORGED = "\r\n2026-01-01 [info] forged"
NOUNS = {
    StreamKind.BODY: "b",
    StreamKind.SESSION: "s",
    StreamKind.AGENDA: "a",
    StreamKind.DOCUMENT: "paper",
    StreamKind.ORGANISATION: ORGANISATION_STREAM.id,
}
"""Whose forms they are; each act on a silence procedure has one of its own."""
TRIES = 12
"""How often a form is put right and sent again; a form says all that is wrong at once."""
PLAUSIBLE = ("2026-03-02T13:30", "2026-06-01", "3", "72 hours", "x-1", "V.26-00001", "UTC")
"""What fields take that take no free text: times, numbers, lengths, ids, zones."""
ENDING = ("supersede", "vacate-seat", "cancel", "withdraw", "close", "hold", "suspend", "submit")
"""How the acts begin that leave least to be done afterwards; they come last."""


@pytest.fixture(scope="module")
def log() -> Iterator[io.StringIO]:
    """What the program writes into its log meanwhile."""
    out = io.StringIO()
    structured_logging.configure(out)
    yield out
    structlog.reset_defaults()


@pytest.fixture(scope="module")
def probed(
    tmp_path_factory: pytest.TempPathFactory, log: io.StringIO
) -> Iterator[tuple[Visitor, dict[str, list[Any]]]]:
    """A visitor who has put the probe into every form, and the answers to each, by its address."""
    story = Story(tmp_path_factory.mktemp("probe"))
    story.placet.handling._logger = structured_logging.logger()
    story.body()
    story.agenda()
    dates = {"starts": "2026-05-04", "ends": "2026-05-06"}
    story.do("schedule session", session="s", body="b", number="3", **dates)
    masthead = {"symbol": "FBR/2026/1", "type": "provisional agenda", "body": "b", "agenda": "a"}
    story.do("register document", document="paper", languages=["en", "fr"], **masthead)
    for noun, slug in BY_ADDRESS:
        if noun is StreamKind.WINDOW:
            story.silence(window=f"w-{slug}")
            story.respond("unclear", window=f"w-{slug}", text="Hm.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        visitor = Visitor(story)
    visitor.clock.goes = timedelta(seconds=1)
    answers = {path: list(fill(visitor, path)) for path in forms()}
    yield visitor, answers
    story.placet.close()


def forms() -> list[str]:
    """The address of every form, those that end something last."""
    on_nouns = [
        urls.act(ORGANISATION, Stream(noun, NOUNS.get(noun, f"w-{slug}")), slug)
        for noun, slug in BY_ADDRESS
    ]
    beginning = [f"/open/{ORGANISATION}", f"/open/{ORGANISATION}/a", f"/establish/{ORGANISATION}"]
    return [
        *beginning,
        *sorted(on_nouns, key=lambda path: path.rpartition("/")[2].startswith(ENDING)),
    ]


def fill(visitor: Visitor, path: str) -> Iterator[Any]:
    """Every answer on the way from a form to what it recorded, as far as that is possible."""
    page = visitor.follows(visitor.client.get(path))
    yield page
    if page.status_code != 200:
        yield visitor.client.post(path, data={"text": PROBE, "reason": PROBE}, headers=SENT_HERE)
        return
    values, tried = filled(page.text), dict[str, int]()
    corrected, answer = dict[str, list[str]](), page
    for _ in range(TRIES):
        answer = visitor.sends(path, values)
        yield answer
        if answer.status_code != 422:
            break
        values = filled(answer.text) | corrected
        for name in set(faulty(answer.text)) & values.keys():
            number = tried[name] = tried.get(name, -1) + 1
            values[name] = corrected[name] = [PLAUSIBLE[number % len(PLAUSIBLE)]]
    if answer.status_code == 200 and parsed(answer.text).forms:
        done = visitor.sends(path, field_values(answer.text) | {"confirmed": "yes"})
        yield done
        if done.status_code == 303:
            yield visitor.client.get(done.headers["location"])


def filled(page: str) -> dict[str, Any]:
    """What a form sends with the probe in each field for text, and the first of all choices."""
    tree, values = parsed(page), field_values(page)
    form = tree.forms[0]
    for field in form.xpath(".//input[@type='text'] | .//textarea"):
        begun = field.get("value") or field.text or ""
        values[field.get("name")] = [begun.strip() or PROBE]
    for field in form.xpath(".//textarea"):
        values[field.get("name")] = [PROBE]
    for field in form.xpath(".//select"):
        choices = [option.get("value") for option in field.xpath("./option") if option.get("value")]
        values[field.get("name")] = choices[:1]
    for field in form.xpath(".//input[@type='radio'] | .//input[@type='checkbox']"):
        values.setdefault(field.get("name"), [field.get("value")])
    return values


def faulty(page: str) -> list[str]:
    """The fields of which a page says that something is wrong."""
    links = parsed(page).xpath("//a[starts-with(@href, '#')]/@href")
    return [str(link)[1:] for link in links if link not in {"#main", "#"}]


def dangers(answer: Any) -> list[str]:
    """What a browser would run or load of an answer that people wrote."""
    kind = answer.headers.get("content-type", "")
    if "text/html" not in kind:
        guarded = answer.headers["x-content-type-options"] == "nosniff"
        return [] if guarded else [kind]
    tree = parsed(answer.text)
    found = [element.tag for element in tree.xpath("//script | //svg | //img | //iframe | //style")]
    found += [str(name) for name in tree.xpath("//@*[starts-with(name(), 'on')]")]
    found += [
        str(link)
        for link in tree.xpath("//@href | //@src | //@action")
        if not str(link).startswith(("/", "#", "?"))
    ]
    found += [sign for sign in "\u202e\x1b" if sign in answer.text]
    return found + (["a template"] if f"{MARK}</textarea" in answer.text else [])


def test_every_form_of_the_catalogue_was_tried(
    probed: tuple[Visitor, dict[str, list[Any]]],
) -> None:
    """Most of them recorded what was written; the control for what follows."""
    _, answers = probed
    recorded = {
        path.rpartition("/")[2]
        for path, all_ in answers.items()
        if any(answer.status_code == 303 for answer in all_)
    }
    shown = [path for path, all_ in answers.items() if any(MARK in a.text for a in all_)]

    assert len(BY_ADDRESS) + 3 == len(answers)
    assert len(recorded) >= 28, sorted(recorded)
    assert len(shown) >= 30


def test_no_form_lets_markup_through(probed: tuple[Visitor, dict[str, list[Any]]]) -> None:
    _, answers = probed
    found = {
        path: (answer.status_code, danger)
        for path, all_ in answers.items()
        for answer in all_
        if (danger := dangers(answer))
    }

    assert {} == found


def test_what_was_recorded_is_text_on_every_page(
    probed: tuple[Visitor, dict[str, list[Any]]],
) -> None:
    visitor, _ = probed
    pages, waiting, marked = dict[str, Any](), ["/"], 0
    while waiting:
        address = waiting.pop()
        if address in pages:
            continue
        answer = pages[address] = visitor.follows(visitor.client.get(address))
        marked += MARK in answer.text
        if "text/html" in answer.headers.get("content-type", ""):
            for link in parsed(answer.text).xpath("//@href"):
                target = urljoin(address, str(link)).partition("#")[0]
                if "lang=" not in target and "at=" not in target:
                    waiting.append(target)
    found = {address: danger for address, page in pages.items() if (danger := dangers(page))}

    assert {} == found
    assert marked >= 50
    assert len(pages) >= 100


def test_no_header_holds_what_was_written(probed: tuple[Visitor, dict[str, list[Any]]]) -> None:
    """Redirections lead to this server, and no line of a header is begun by anybody else."""
    _, answers = probed
    for all_ in answers.values():
        for answer in all_:
            for name, value in answer.headers.items():
                assert MARK not in value, name
                assert not {*"\r\n"} & {*value}, name
            if "location" in answer.headers:
                assert answer.headers["location"].startswith("/")
                assert not answer.headers["location"].startswith("//")


def test_each_line_of_the_log_is_one_line(
    probed: tuple[Visitor, dict[str, list[Any]]], log: io.StringIO
) -> None:
    """Of the commands that were given with ids that try to begin another one."""
    visitor, _ = probed
    path = f"/windows/{ORGANISATION}/w-rule/act/respond"
    values = visitor.fills(path, seat="east", kind="explanation of position", text=PROBE + FORGED)
    evil = values | {"confirmed": "yes", "command_id": f"id\x1b[2J{FORGED}\u202e"}
    visitor.sends(path, evil)
    text = log.getvalue()
    commands = [json.loads(line) for line in text.splitlines()]

    assert len(commands) >= 25
    assert {sign for sign in text if not sign.isprintable()} == {"\n"}
    assert all({"event", "timestamp"} <= line.keys() for line in commands)

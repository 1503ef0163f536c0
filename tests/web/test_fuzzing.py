"""Whatever stands in an address, a form or a header gets a clear answer, never a failure."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.routing import Route

from story import ORGANISATION, Story
from web_visitor import SENT_HERE, Visitor

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks for a successor of httpx that need not be there
    from starlette.testclient import TestClient

ANSWERED = {200, 202, 303, 307, 400, 401, 403, 404, 405, 409, 410, 413, 414, 422, 429}
"""What may be answered; neither a defect nor an excuse."""
KNOWN: dict[str, list[str]] = {
    "organisation": [ORGANISATION],
    "name": ["w", "a", "b"],
    "kind": ["window", "agenda", "body"],
    "slug": [
        "roster",
        "items",
        "work",
        "correct",
        "respond",
        "register",
        "rule",
        "extend",
        "hold",
        "notices",
        "propose-item",
    ],
    "position": ["1", "9"],
    "number": ["1"],
}
STRANGE = [
    "",
    ".",
    "..",
    "%",
    "\x00",
    "\r\n",
    "\u202e",
    "0",
    "-1",
    "9" * 30,
    "1e400",
    "٣",
    "NaN",
    "x" * 9000,
    "{{7*7}}",
    "' OR 1=1 --",
    "<script>",
    "[" * 50,
    "after/a/b/c/d/e",
    "before/clock/2026//w/x",
    "after////" + "/" * 20,
]
TIMES = [
    "2026-01-01T00:00[Europe]",
    "2026-01-01T00:00[posixrules]",
    "2026-01-01T00:00[../../etc/passwd]",
    "2026-01-01T00:00[" + "x" * 40 + "]",
    "2026-01-01T00:00[\x00]",
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00+14:00",
    "0001-01-01T00:00:00Z",
    "2026-01-01T00:00:00Z/..",
    "../2026",
    "2026-03-03T12:00:00Z",
    "2026-02-30T00:00Z",
    "12",
    "unknown",
]

FIELDS = [
    "seat",
    "seats",
    "kind",
    "text",
    "items",
    "received",
    "number",
    "closes",
    "command_id",
    "confirmed",
    "change",
    "role",
    "text_hash",
    "evidence",
    "length",
    "body",
    "reason",
    "item",
    "title-en",
    "x",
]

raw = st.one_of(
    st.sampled_from(STRANGE + TIMES),
    st.text(max_size=30),
    st.binary(max_size=20).map(lambda values: values.decode("latin-1")),
    st.integers().map(str),
    st.datetimes().map(lambda values: values.isoformat() + "Z"),
)
header = st.binary(max_size=40).map(lambda values: values.translate(None, b"\r\n\x00").strip())
headers = st.dictionaries(
    st.sampled_from(
        ["Accept-Language", "Sec-Fetch-Site", "Origin", "Content-Type", "Referer", "Cookie"]
    ),
    st.one_of(
        header,
        st.sampled_from(
            [b"same-origin", b"none", b"http://testserver", b"null", b"http://[", b"fr"]
        ),
    ),
)
careful = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """A visitor of a store with a window, an agenda and a response; failures are answers here."""
    story = Story(tmp_path_factory.mktemp("fuzz"))
    story.body()
    story.agenda("1", "2")
    story.silence()
    story.respond("unclear", text="Hm.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = Visitor(story)
        made.client = TestClient(
            made.client.app, follow_redirects=False, raise_server_exceptions=False
        )
        yield made
    story.placet.close()


def routes(visitor: Visitor, method: str) -> list[Route]:
    """Every address that there is."""
    app: Any = visitor.client.app
    found: list[Route] = []
    waiting = [*app.routes]
    while waiting:
        entry = waiting.pop(0)
        waiting += getattr(getattr(entry, "original_router", None), "routes", [])
        if isinstance(entry, Route) and method in (entry.methods or ()):
            found.append(entry)
    return sorted(found, key=lambda entry: entry.path)


def address(data: st.DataObject, visitor: Visitor, method: str) -> str:
    """An address of ours, in which some of what varies is strange."""
    route = data.draw(st.sampled_from(routes(visitor, method)))
    values = {}
    for name in route.param_convertors:
        known = st.sampled_from(KNOWN.get(name, STRANGE))
        values[name] = data.draw(st.one_of(known, known, raw))
    path = route.path_format.format(
        **{
            name: quote(text.encode("utf-8", "surrogatepass"), safe="")
            for name, text in values.items()
        }
    )
    names = st.sampled_from(["at", "lang", "after", "page", "again", "x"])
    requested = data.draw(st.dictionaries(names, raw, max_size=3))
    query = urlencode({n: t.encode("utf-8", "surrogatepass") for n, t in requested.items()})
    return f"{path}?{query}" if query else path


@careful
@given(data=st.data())
def test_every_address_is_answered(visitor: Visitor, data: st.DataObject) -> None:
    where, found = address(data, visitor, "GET"), data.draw(headers)
    answer = visitor.client.get(where, headers=found)

    assert answer.status_code in ANSWERED, (where, found, answer.text[:500])


@careful
@given(data=st.data())
def test_every_form_is_answered(visitor: Visitor, data: st.DataObject) -> None:
    """With fields that there are and others, of our own page or not, confirmed or not."""
    where = address(data, visitor, "POST")
    names = st.sampled_from(FIELDS)
    values = st.one_of(
        raw, st.sampled_from(["east", "objection", "b", "yes", "1", "presiding officer"])
    )
    form = data.draw(st.dictionaries(names, st.lists(values, max_size=3), max_size=10))
    found = data.draw(st.one_of(st.just({}), headers))
    clean = {
        name: [entry.encode("utf-8", "replace").decode() for entry in some]
        for name, some in form.items()
    }
    answer = visitor.client.post(where, data=clean, headers=SENT_HERE | found)

    assert answer.status_code in ANSWERED, (where, form, found, answer.text[:500])


@careful
@given(
    body=st.binary(max_size=300),
    kind=st.sampled_from(
        ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", ""]
    ),
)
def test_whatever_is_sent_as_a_form_is_answered(visitor: Visitor, body: bytes, kind: str) -> None:
    forms = (f"/open/{ORGANISATION}", f"/establish/{ORGANISATION}")
    for path in (f"/windows/{ORGANISATION}/w/act/respond", *forms):
        values = SENT_HERE | {"Content-Type": kind}
        answer = visitor.client.post(path, content=body, headers=values)

        assert answer.status_code in ANSWERED, (path, body, answer.text[:500])


def test_the_fuzzers_reach_every_address(visitor: Visitor) -> None:
    """The control: there are addresses to try, and a defect is seen as one."""
    assert 15 < len(routes(visitor, "GET"))
    assert 2 < len(routes(visitor, "POST"))
    assert 500 not in ANSWERED
    assert {503} & ANSWERED == set()


@pytest.mark.parametrize("at", TIMES)
@pytest.mark.parametrize(
    "path", ["/", "/board.json", f"/open/{ORGANISATION}", f"/history/{ORGANISATION}"]
)
def test_every_strange_moment_is_answered(visitor: Visitor, path: str, at: str) -> None:
    answer = visitor.client.get(f"{path}?{urlencode({'at': at})}")

    assert answer.status_code in ANSWERED, answer.text[:500]


def test_an_address_that_is_too_long_is_told_so_at_once(visitor: Visitor) -> None:
    answer = visitor.client.get("/?x=" + "a" * 9000)

    assert 414 == answer.status_code
    assert "This address is too long" in answer.text

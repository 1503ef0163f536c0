"""The arithmetic for very many organisations follows from what was measured, and from a count."""

from __future__ import annotations

import re
from math import ceil
from pathlib import Path
from typing import Any, Final

import pytest

from adapters.mail.screen import ScreenTransport
from adapters.postgres.session import Connection
from adapters.postgres.store import PostgresStore
from postgres_server import Server, new_store
from story import Story

DOCS: Final = Path(__file__).parents[2] / "docs"
STEPS, YEAR, EVENTS = 16, 31_536_000, 22
LIVES = 100_000 * 1_000
FIGURE: Final = re.compile(r"((?:PostgreSQL|rebuild), [^|:]+): ([\d,.]+)")

PARTS: Final = (
    "steps/s",
    "client CPU",
    "fsyncs",
    "log per step",
    "bytes per life",
    "events/s",
    "deadlines",
)
"""What tells the figures apart by which the results are computed."""


def rows() -> dict[str, tuple[str, str]]:
    """The table of the arithmetic: by its first column, from what and with which result."""
    page = (DOCS / "postgresql.md").read_text()
    part = page[page.index("### Arithmetic for 100,000 organisations") :]
    cells = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")]
    return {row[0]: (row[1], row[2]) for row in cells if len(row) == 3}


def measured() -> dict[str, float]:
    """The figures that the arithmetic names, as it has them."""
    found = [FIGURE.findall(source) for source, _ in rows().values()]
    return {name: float(number.replace(",", "")) for some in found for name, number in some}


def test_each_figure_is_one_that_is_measured() -> None:
    """Under its name; how high it is changes with each measurement, and the page has its date."""
    tables = (DOCS / "performance.md").read_text()

    assert 8 == len(measured())
    assert {*measured()} == {name for name in measured() if f"| {name} |" in tables}


def test_the_results_follow_from_the_figures() -> None:
    found = measured()
    of = {part: next(found[name] for name in found if part in name) for part in PARTS}
    peak = 10 * LIVES * STEPS / YEAR
    events = LIVES * EVENTS
    each = statements() * of["deadlines"] / 1_000_000
    wanted = {
        "steps a year": f"{LIVES * STEPS:,}",
        "steps a second": f"{peak / 10:.0f} and {peak:.0f}",
        "share of what": f"{peak / of['steps/s']:.0%}".replace("%", " %"),
        "processors": f"{peak * of['client CPU'] / 1_000_000:.2f}",
        "syncs of the disk": f"{peak * of['fsyncs']:.0f}",
        "WAL a second": f"{peak * of['log per step'] / 1e6:.2f} MB and"
        f" {LIVES * STEPS * of['log per step'] / 1e12:.1f} TB",
        "log with its indexes": f"{LIVES * of['bytes per life'] / 1e12:.2f} TB",
        "log of one organisation": f"{1_000 * of['bytes per life'] / 1e6:.0f} MB",
        "events a year": f"{events:,}",
        "rebuild of the rows": f"{events / of['events/s'] / 3600:.0f} hours",
        "the follower's share": f"{10 * events / YEAR / of['events/s']:.1%}".replace("%", " %"),
        "one organisation in": f"{each * 1000:.1f} ms",
        "organisations in a round": f"{15 / each:,.0f}",
    }
    primaries = ceil(100_000 / (15 / each))

    for start, result in wanted.items():
        assert result == next(r for name, (_, r) in rows().items() if name.startswith(start)), start
    page = (DOCS / "postgresql.md").read_text()
    assert f"**{primaries} primaries**" in page
    assert f"{LIVES * of['bytes per life'] / primaries / 1e9:.0f} GB of log a year" in page
    assert f"{events / of['events/s'] / primaries / 60:.0f} minutes for each year" in page


def statements() -> int:
    """How many statements of the clock's round the arithmetic takes for one organisation."""
    source = next(source for source, _ in rows().values() if " statements, " in source)
    return int(source.split()[0])


def test_a_round_asks_so_much_for_each_organisation(
    cluster: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted on stores of one and of eleven, in which nothing is left to do."""
    counted = [statements_of_a_round(cluster, number, monkeypatch) for number in (1, 11)]

    assert 10 * statements() == counted[1] - counted[0]


def statements_of_a_round(
    cluster: Server, organisations: int, monkeypatch: pytest.MonkeyPatch
) -> int:
    """How many statements one round of the silence clock sends."""
    sent: list[None] = []
    execute: Any = Connection.execute

    def counting(connection: Connection, *words: Any, **values: Any) -> Any:
        sent.append(None)
        return execute(connection, *words, **values)

    with PostgresStore.open(new_store(cluster, virtual=True)) as store:
        story = Story(store)
        for number in range(organisations):
            with monkeypatch.context() as named:
                named.setattr("story.ORGANISATION", f"fictional-{number}")
                story.body()
        placet = story.placet
        placet.notifications.configure_mail(ScreenTransport(lambda _: None))
        placet.recovery.continuity.require_intact()
        for _ in range(2):
            placet.processes.follower.run_once()
            placet.notifications.send()
            placet.processes.clock.tick()
        with monkeypatch.context() as counts:
            counts.setattr(Connection, "execute", counting)
            placet.processes.clock.tick()
        placet.close()
    return len(sent)

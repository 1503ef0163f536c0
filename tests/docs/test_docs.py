"""The documents: generated pages are fresh, links lead somewhere, and what is named exists."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import run
from adapters.sqlite.store import SqliteStore
from docs import generate
from domain.rules import CITATIONS
from domain.type_registry import COMMANDS as VERBS
from domain.type_registry import EVENTS
from web.cli import app
from web.cli.command_table import COMMANDS, load_command
from wiring import shipped_packs
from workflows.acts.act import AnyAct, Surface
from workflows.acts.catalogue import ACTS
from workflows.acts.window_outcome import REPEAT
from workflows.editing.catalogue import EDITINGS

ROOT = Path(run.__file__).parent
DOCS = ROOT / "docs"
README = ROOT / "README.md"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
PACKAGES = ("domain", "workflows", "adapters", "web")
PASSED_ON = {"require", "enforce", "make_finding", "refusal", "_doubts", "_broken"}
"""Functions that take a rule from their caller, or from the refusal that they met."""

FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


# --- generated pages -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", generate.pages(), ids=named)
def test_a_generated_page_is_fresh(path: Path) -> None:
    """When this fails, run `python docs/generate.py`."""
    assert generate.pages()[path] == path.read_text(encoding="utf-8")


def test_a_stale_page_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The control: a page that is not there is stale, until it is written."""
    page = tmp_path / "page.md"
    monkeypatch.setattr(generate, "pages", lambda: {page: "as it should be"})

    assert generate.main("--check") == 1
    assert not page.exists()
    assert capsys.readouterr().out == "page.md is stale\n"
    assert generate.main() == 0
    assert page.read_text() == "as it should be"
    assert generate.main("--check") == 0
    assert generate.main("--chekc") == 2


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_is_described(name: str) -> None:
    assert f"\n### {name}\n" in (DOCS / "events.md").read_text(encoding="utf-8")


# --- rules ---------------------------------------------------------------------------------------


def sources(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield named(path), ast.parse(path.read_text(encoding="utf-8"))


def cited_rules(module: ast.Module) -> Iterator[tuple[int, str | None]]:
    """The rule of every require, make_finding, Refused, Doubt and cite with its line.

    It is None where it is not plain.

    Rules that are handed on beside a reason, as for responses, or by the name `rule`, are found
    as well.
    """
    outer = constants(module.body)
    for function in ast.walk(module):
        if not isinstance(function, ast.FunctionDef) or function.name in PASSED_ON:
            continue
        known = outer | constants(ast.walk(function))
        for node in ast.walk(function):
            match node:
                case ast.Call(
                    func=ast.Name(id="require" | "make_finding" | "Refused" | "Doubt" | "cite"),
                    args=[first, *_],
                ):
                    yield node.lineno, rule_in(first, known)
                case ast.keyword(arg="rule", value=named_rule):
                    if (rule := rule_in(named_rule, known)) in CITATIONS:
                        yield named_rule.lineno, rule
                case ast.Tuple(elts=[ast.Constant(value=str(rule)), _]) if rule in CITATIONS:
                    yield node.lineno, rule
                case ast.Call(args=[_, ast.Constant(value=str(rule)), _]) if rule in CITATIONS:
                    yield node.lineno, rule
                case ast.keyword(arg="rule", value=value) if rule_in(value, known) in CITATIONS:
                    yield value.lineno, rule_in(value, known)


def constants(nodes: Iterable[ast.AST]) -> dict[str, str]:
    """The texts that are given names here."""
    found = {}
    for node in nodes:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text)))
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str(text)))
            ):
                found[name] = text
    return found


def rule_in(first: ast.expr, known: dict[str, str]) -> str | None:
    match first:
        case ast.Constant(value=str(rule)):
            return rule
        case ast.Name(id=name):
            return known.get(name)
    return None


def test_every_rule_that_is_asked_can_be_looked_up() -> None:
    """Each is in a pack, or of the record or of accounts, and so on the page of rules."""
    page = (DOCS / "rules.md").read_text(encoding="utf-8")
    known = {*CITATIONS, *(rule for pack in shipped_packs().values() for rule in pack.rules)}
    for file, module in sources(*PACKAGES):
        for text_line, rule in cited_rules(module):
            assert rule in known, f"{file}:{text_line}: {rule}"
            assert f"| `{rule}` |" in page, f"{file}:{text_line}: {rule}"


def test_no_rule_is_idle() -> None:
    """A rule of the record or of a pack that nothing asks would be an empty promise."""
    used = {rule for _, module in sources(*PACKAGES) for _, rule in cited_rules(module)}
    packs = shipped_packs().values()

    assert set() == {*CITATIONS} - used
    assert set() == {rule for pack in packs for rule in pack.rules} - used


def test_the_index_lists_every_decision() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")

    assert [path.name for path in sorted((DOCS / "decisions").glob("*.md"))] == re.findall(
        r"\(decisions/([^)]*)\)", index
    )


# --- links, rooms, commands ----------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        place, _, anchor = target.partition("#")
        if "://" in target:
            continue
        found = page.parent / place if place else page
        assert found.exists(), f"{named(page)}: {target}"
        if anchor:
            assert anchor in anchors(found), f"{named(page)}: {target}"


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as they are commonly made."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads}


def test_the_list_of_modules_names_every_module_and_no_other() -> None:
    """Each module stands by its file name under the heading of its package, and says what it is."""
    listed: set[str] = set()
    package = ""
    for text_line in (DOCS / "modules.md").read_text(encoding="utf-8").splitlines():
        if text_line.startswith("## "):
            package = text_line.strip("# `")
        if row := re.match(r"\| `(\w+\.py)` \| (.+) \|$", text_line):
            assert row[2].strip(), f"{package}{row[1]} has no docstring"
            listed.add(package + row[1])
    modules = {file for file, _ in sources(*PACKAGES) if not file.endswith("__.py")}

    assert modules == listed


def test_the_commands_to_start_are_those_of_run_py() -> None:
    pattern = re.compile(r"python3 run\.py (\w+)")
    offered = set(pattern.findall(run.__doc__ or ""))

    assert {"demo", "test"} == offered
    assert offered == set(pattern.findall(README.read_text(encoding="utf-8")))
    for page in PAGES:
        assert offered >= set(pattern.findall(page.read_text(encoding="utf-8"))), named(page)


def commands(page: Path) -> Iterator[list[str]]:
    """The words of every `placet ...` in code, of a line or within one."""
    text = page.read_text(encoding="utf-8")
    shown = [block for _, block in FENCE.findall(text)]
    lines = [text_line for block in shown for text_line in block.splitlines()]
    lines += re.findall(r"`([^`\n]+)`", FENCE.sub("", text))
    for text_line in lines:
        if text_line.startswith("placet "):
            yield shlex.split(text_line, comments=True)[1:]


def wrong(words: list[str]) -> str:
    """What is no command or option of `placet` among these words; empty when all is well."""
    command: Any = typer.main.get_command(app)
    rest = list(words)
    if rest and rest[0] in COMMANDS:
        command = load_command(rest.pop(0))
    while (inner := getattr(command, "commands", None)) and rest and not rest[0].startswith("-"):
        if rest[0] not in inner:
            return rest[0]
        command = inner[rest.pop(0)]
    options = [
        name
        for parameter in command.params
        for name in (*parameter.opts, *parameter.secondary_opts)
    ]
    known = {"--help", *options}
    return next((word for word in rest if word.startswith("-") and word not in known), "")


def lacking(act: AnyAct) -> list[str]:
    """The options that an entry names for a command, and that the command does not have."""
    names = [entry.option_name for entry in act.parameters if entry.option and act.command_line]
    options = [name for given in names for name in given.split("/")]
    words = act.command_line.split()[1:]
    return [option for option in options if wrong([*words, option])]


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.slug)
def test_an_option_in_the_table_of_acts_exists(act: AnyAct) -> None:
    """Also where the command is written by hand, as that which sends notices again."""
    assert [] == lacking(act)


def test_sending_notices_again_has_its_options_in_the_table() -> None:
    table = (DOCS / "acts.md").read_text(encoding="utf-8").partition("### Send notices again")[2]

    for option in ("`--seat`", "`--about`", "`--reason`"):
        assert option in table.partition("###")[0]


@pytest.mark.parametrize("page", ["acts.md", "access.md"])
def test_each_act_has_a_row_of_its_own(page: str) -> None:
    """An act that is done on several things is named with each of them."""
    text = (DOCS / page).read_text(encoding="utf-8").partition("## Who may do what")[2]
    rows = [line for line in text.partition("\n## ")[0].splitlines() if line.startswith("| ")]
    names = [row.split("|")[1].strip() for row in rows]

    assert len(ACTS) + 1 == len(names)
    assert [] == sorted({name for name in names if names.count(name) > 1})


def test_an_option_in_the_table_that_does_not_exist_is_found() -> None:
    """The control."""
    assert ["--seat"] == lacking(replace(REPEAT, elsewhere="placet post send"))[:1]


WITHOUT_FORM: dict[str, str] = {}
"""How the first page of the documents names what has no form, though a person does it."""
BY_ITSELF = {"record lapse", "record notices", "repeat notices", "tell outcome", "share silence"}
"""What the clock and the service do, and what is told of silences that are history."""


def test_the_first_page_names_what_has_no_form() -> None:
    limits = README.read_text(encoding="utf-8").partition("## What it does not do")[2].lower()
    with_form = {act.command for act in ACTS if act.on(Surface.PAGES)}
    with_form |= {act.command for editing in EDITINGS for act in editing.acts}
    without = {verb for verb, command in VERBS.items() if command not in with_form}

    assert {*WITHOUT_FORM} == without - BY_ITSELF
    assert all(words in limits for words in WITHOUT_FORM.values())


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_line_that_is_shown_exists(page: Path) -> None:
    for words in commands(page):
        assert wrong(words) == "", f"{named(page)}: placet {' '.join(words)}"


@pytest.mark.parametrize(
    ("line", "fault"),
    [("case play x.yaml", "play"), ("cases", "cases"), ("serve --host all", "--host")],
)
def test_a_command_line_that_does_not_exist_is_found(line: str, fault: str) -> None:
    """The control."""
    assert fault == wrong(line.split())


# --- what the first page shows -------------------------------------------------------------------


def test_the_example_of_the_first_page_plays_as_it_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = FENCE.findall(README.read_text(encoding="utf-8"))
    (example,) = [text for kind, text in blocks if kind == "yaml"]
    (shown,) = [text for _, text in blocks if text.rstrip().endswith("events)")]
    monkeypatch.chdir(tmp_path)
    Path("buoys.yaml").write_text(example, encoding="utf-8")

    played = CliRunner().invoke(app, ["case", "run", "buoys.yaml"])

    assert played.exit_code == 0
    assert shown == played.stdout


@pytest.mark.parametrize("name", ["board.png", "agenda.png"])
def test_a_picture_is_small_and_as_wide_as_a_page(name: str) -> None:
    picture = (DOCS / "pictures" / name).read_bytes()

    assert len(picture) < 300_000
    assert int.from_bytes(picture[16:20], "big") == 1280


def test_what_a_killed_rebuild_leaves_in_a_folder_is_listed(tmp_path: Path) -> None:
    """So that those who run a store know what may be deleted."""
    listed = re.findall(r"^\| (.*?) \|", (DOCS / "operations.md").read_text(), re.MULTILINE)
    names = re.findall("`([^`]+)`", " ".join(listed))
    with (
        SqliteStore.create(tmp_path / "store") as store,
        store.views().rebuild() as made,
        made.part(),
    ):
        left = {file.name for file in (tmp_path / "store").iterdir()}

    began = tuple({"views.db-a", "views.db.new"} & {*names})
    assert {"views.db.new", "views.db.new.part"} <= left
    assert [] == [name for name in left if name not in names and not name.startswith(began)]

"""The composition root: it is short, and a caller that does not need pages does not load them."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAIN = ROOT / "web" / "main.py"
LONGEST = 100
ALONE = """
import importlib.util, sys

class NoWeb:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "web":
            raise ImportError(f"{name} is asked for")

sys.meta_path.insert(0, NoWeb())
sys.path[:0] = [".", "tests/support"]
for number, path in enumerate(sys.argv[1:]):
    spec = importlib.util.spec_from_file_location(f"test_{number}", path)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
"""
"""Imports modules where nothing of `web` can be imported."""


def test_the_wiring_is_short() -> None:
    assert len(MAIN.read_text(encoding="utf-8").splitlines()) <= LONGEST


def wires(source: str) -> bool:
    """Whether a module imports the composition root."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            if node.module == "web.main" or "web.main" in names:
                return True
        if isinstance(node, ast.Import) and any(alias.name == "web.main" for alias in node.names):
            return True
    return False


def test_the_wiring_hands_nothing_on() -> None:
    """Tests take what they need from where it is, or from their own wiring."""
    found = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests").rglob("*.py")
        if wires(path.read_text(encoding="utf-8"))
    }

    assert set() == found
    assert wires("from web import main")  # the control
    assert wires("import web.main")


def alone(*modules: Path) -> subprocess.CompletedProcess[str]:
    """What importing these modules says in a process that has no `web`."""
    command = [sys.executable, "-W", "ignore", "-c", ALONE, *map(str, modules)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_tests_of_the_domain_need_no_web() -> None:
    """Neither they nor what they share with others, such as stories and their wiring."""
    modules = [*sorted((ROOT / "tests" / "domain").glob("test_*.py")), ROOT / "tests/conftest.py"]
    found = alone(*modules)

    assert 0 == found.returncode, found.stderr


@pytest.mark.parametrize("name", ["test_forms.py", "test_pages.py"])
def test_tests_of_pages_need_the_web(name: str) -> None:
    """The control."""
    found = alone(ROOT / "tests" / "web" / name)

    assert 0 != found.returncode
    assert "is asked for" in found.stderr

"""What a newcomer relies on: two commands, pinned versions, a whole wheel, our own packages."""

import ast
import importlib
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest

import run
from web.cli.demo import CASES

ROOT = Path(run.__file__).parent
PACKAGES = ["domain", "adapters", "workflows", "web"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def pinned(kind: str) -> dict[str, str]:
    """The entries of a lock by name, each with its version and hashes."""
    entries = (ROOT / f"requirements/{kind}.lock").read_text().replace("\\\n", "").splitlines()
    return {re.split(r"[\[=;@ ]", entry)[0]: entry for entry in entries}


def requirements_of(name: str) -> list[str]:
    """What a package asks for; nothing for one that this machine does not need."""
    try:
        return requires(name) or []
    except PackageNotFoundError:
        return []


@pytest.mark.parametrize("kind", ["run", "dev"])
def test_a_lock_pins_every_version_by_hash_and_names_no_address(kind: str) -> None:
    for entry in pinned(kind).values():
        assert re.match(r"[a-z0-9-]+(\[[a-z,]+\])?==\S+ ", entry)
        assert "--hash=sha256:" in entry
        assert "://" not in entry


def test_the_development_set_holds_the_run_set() -> None:
    assert pinned("run").items() <= pinned("dev").items()


def test_the_locks_hold_what_the_project_asks_for() -> None:
    def names(requested: list[str]) -> set[str]:
        return {re.split(r"[\[<>=]", entry)[0] for entry in requested}

    groups = PROJECT["dependency-groups"]
    wanted = names(PROJECT["project"]["dependencies"] + groups["build"])

    assert wanted <= pinned("run").keys()
    assert (
        names([group for group in groups["dev"] if isinstance(group, str)]) <= pinned("dev").keys()
    )


def test_what_is_asked_for_with_an_extra_is_pinned_with_it() -> None:
    """Else older versions of pip take the newest release of it, and refuse that for its hash."""
    pins = pinned("dev")
    for name in pins:
        for requested in requirements_of(name):
            wanted = re.match(r"([A-Za-z0-9._-]+)\[([a-z]+)\](?!.*extra ==)", requested)
            if wanted and wanted[1] in pins:
                assert pins[wanted[1]].startswith(f"{wanted[1]}[{wanted[2]}]=="), (
                    f"{name}: {requested}"
                )


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_of_a_common_name_is_ours(name: str) -> None:
    assert importlib.import_module(name).__file__ == str(ROOT / name / "__init__.py")


def test_the_domain_imports_the_standard_library_and_msgspec_only() -> None:
    allowed = sys.stdlib_module_names | {"domain", "msgspec"}
    for file in (ROOT / "domain").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(), file)):
            match node:
                case ast.Import(names=names):
                    imported = {alias.name.partition(".")[0] for alias in names}
                case ast.ImportFrom(module=str(module)):
                    imported = {module.partition(".")[0]}
                case _:
                    continue
            assert imported <= allowed, file


def test_the_wheel_carries_every_file_of_the_packages(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)

    (wheel,) = tmp_path.glob("placet-*.whl")
    carried = set(zipfile.ZipFile(wheel).namelist())

    for package in PACKAGES:
        files = [path for path in (ROOT / package).rglob("*") if path.is_file()]
        ours = {path.relative_to(ROOT).as_posix() for path in files if path.suffix != ".pyc"}
        assert f"{package}/py.typed" in carried
        assert ours <= carried
    assert any(name.endswith("/licenses/LICENSE") for name in carried)
    assert {f"web/demo/{case}.yaml" for case in CASES} <= carried


@pytest.mark.parametrize(("words", "code"), [(["--help"], 0), ([], 2), (["tset"], 2)])
def test_run_says_what_it_can_do(words: list[str], code: int) -> None:
    said = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), *words], check=False, capture_output=True, text=True
    )

    assert said.returncode == code
    assert "run.py demo" in said.stdout
    assert "run.py test" in said.stdout


class Workshop:
    """Stands in for venv and pip, and notes what was asked of them."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.done: list[str] = []
        self.fails = False

    def create(self) -> None:
        self.done.append("create")
        self.place.joinpath("bin").mkdir(parents=True, exist_ok=True)
        self.place.joinpath("bin/python").touch()

    def install(self, *what: str) -> None:
        if self.fails:
            raise KeyboardInterrupt
        self.done.append(what[-1])


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    shop = Workshop(tmp_path)
    monkeypatch.setattr(run, "PYTHON", tmp_path / "bin/python")
    monkeypatch.setattr(run, "STAMP", tmp_path / "ready")
    monkeypatch.setattr(run, "create", shop.create)
    monkeypatch.setattr(run, "install", shop.install)
    return shop


def test_a_second_start_prepares_nothing(workshop: Workshop) -> None:
    run.prepare("run")
    run.prepare("run")

    assert workshop.done == ["create", "requirements/run.lock", "."]


def test_the_development_set_is_added_and_then_serves_the_demonstration(
    workshop: Workshop,
) -> None:
    run.prepare("run")
    run.prepare("dev")
    run.prepare("run")

    assert workshop.done == ["create", "requirements/run.lock", ".", "requirements/dev.lock", "."]


def test_an_interrupted_set_up_is_never_taken_for_a_good_one(workshop: Workshop) -> None:
    run.prepare("run")
    workshop.fails = True
    with pytest.raises(SystemExit, match="did not finish"):
        run.prepare("dev")
    workshop.fails = False
    run.prepare("run")

    assert workshop.done == ["create", "requirements/run.lock", "."] * 2


def test_a_python_without_venv_is_told_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)

    with pytest.raises(SystemExit, match="apt install python3-venv"):
        run.create()


def test_an_old_python_is_told_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9))

    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer; this is 3\.9\."):
        run.main("demo")

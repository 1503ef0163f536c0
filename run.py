#!/usr/bin/env python3
"""Start Placet, or test it, on a machine that has nothing but Python 3.11 or newer.

python3 run.py demo [options]    Start the demonstration; options go to `placet demo`.

python3 run.py test [options]    Without options, run every test but the heavy ones, and
                                 fail unless those of domain, workflows and adapters take
                                 every branch of the domain. With options, run pytest with
                                 them and measure nothing.

The first start fills .venv with the versions that requirements/ pins by their hashes;
later starts find it ready.
"""

import hashlib
import importlib.util
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENV = ROOT / ".venv"
PYTHON = ENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = ENV / "ready"
PROCESSES = str((os.cpu_count() or 1) + 1)  # one more than processors: tests also wait
SPREAD = ("-n", PROCESSES, "--dist", "worksteal")
LIGHT = (*SPREAD, "-m", "not heavy")
COVERING = ("tests/domain", "tests/workflows", "tests/adapters", "tests/faults/test_simulation.py")
"""What takes every branch of the domain; to trace the others too took half as long again."""
WHOLE_TEST = (
    (*LIGHT, "--cov", "--cov-report", "term", *COVERING),
    (*LIGHT, *(f"--ignore={path}" for path in COVERING)),
)


def main(word: str = "", *options: str) -> None:
    if sys.version_info < (3, 11):
        sys.exit("Placet needs Python 3.11 or newer; this is {}.{}.".format(*sys.version_info))
    os.chdir(ROOT)
    if word == "demo":
        prepare("run")
        become("-m", "web", "demo", *options)
    if word == "test":
        prepare("dev")
        if options:
            become("-m", "pytest", *options)
        sys.exit(max(run("-m", "pytest", *part) for part in WHOLE_TEST))
    print(__doc__.strip())
    sys.exit(0 if word in {"-h", "--help"} else 2)


def prepare(kind: str) -> None:
    """Make .venv hold the set of this kind, unless its stamp says that it does."""
    found = STAMP.read_text().split() if STAMP.is_file() else []
    if stamp(kind) in found and PYTHON.exists():
        return
    print(f"Preparing .venv ({kind}); once, for about a minute ...", file=sys.stderr, flush=True)
    STAMP.unlink(missing_ok=True)
    try:
        if machine() not in found:
            create()
        install("--require-hashes", "--only-binary", ":all:", "-r", f"requirements/{kind}.lock")
        install("--no-deps", "--no-build-isolation", "-e", ".")
    except (subprocess.CalledProcessError, KeyboardInterrupt):
        sys.exit("The set-up did not finish. Say the same again to start it afresh.")
    holds = ["run", "dev"] if kind == "dev" else ["run"]
    STAMP.write_text("\n".join([machine(), *map(stamp, holds)]))


def create() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit("Python came without venv. On Debian and Ubuntu: apt install python3-venv")
    venv.create(ENV, clear=True, with_pip=True)


def install(*what: str) -> None:
    pip = [str(PYTHON), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", *what], check=True)


def stamp(kind: str) -> str:
    files = [ROOT / "requirements" / f"{kind}.lock", ROOT / "pyproject.toml"]
    return digest(machine().encode(), *(file.read_bytes() for file in files))


def machine() -> str:
    """A .venv belongs to one Python and one place."""
    return digest(sys.version.encode(), str(ROOT).encode())


def digest(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def run(*arguments: str) -> int:
    """Its exit code, and not 0 where a signal ended it."""
    return abs(subprocess.run([str(PYTHON), *arguments], check=False).returncode)


def become(*arguments: str) -> None:
    os.execv(PYTHON, [str(PYTHON), *arguments])


if __name__ == "__main__":
    main(*sys.argv[1:])

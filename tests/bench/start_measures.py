"""The measures of starting: the help of the command line, and a server up to its first page."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.sqlite.store import SqliteStore
from server_process import confirmed
from tests.bench.figures import Figure, figure
from tests.bench.workload import lives

PLACET = [sys.executable, "-m", "web"]
HELP, SERVE = "placet --help", "placet serve -> GET /"
BARE = [sys.executable, "-c", "pass"]


@dataclass(frozen=True)
class Started:
    """What a program took to start: wall and processor time in seconds.

    `memory` is what a server holds when it has started, in MB.
    """

    seconds: float
    cpu: float
    memory: float = 0


def figures(folder: Path, pairs: int) -> Sequence[Figure]:
    """All of them; the floor is Python itself."""
    with lives(SqliteStore.create(folder / "store"), each=1) as made:
        made.carry_out()
    home = folder / "home"
    home.mkdir()
    confirmed(home)
    environment = {**os.environ, "PLACET_HOME": str(home)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    _to_the_first_page(folder / "store", environment)  # as installed: its modules are compiled
    bare, helped, served = list[Started](), list[Started](), list[Started]()
    for _ in range(pairs):
        bare.append(_to_the_end(BARE, environment))
        helped.append(_to_the_end([*PLACET, "--help"], environment))
        served.append(_to_the_first_page(folder / "store", environment))
    wall, cpu = ([some.seconds for some in bare], ()), ([some.cpu for some in bare], ())
    page = "start to the first page"
    return [
        figure(f"{HELP}, seconds", [some.seconds for some in helped], HELP, "<= 0.25", wall),
        figure(f"{HELP}, CPU seconds", [some.cpu for some in helped], HELP, "", cpu),
        figure(f"{page}, seconds", [some.seconds for some in served], SERVE, "<= 1.3"),
        figure(f"{page}, CPU seconds", [some.cpu for some in served], SERVE),
        figure("memory after the first page, MB", [some.memory for some in served], SERVE, "<= 80"),
    ]


def _to_the_end(words: Sequence[str], environment: dict[str, str]) -> Started:
    began = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{words} ended with {process.returncode}"
    return Started(time.perf_counter() - began, usage.ru_utime + usage.ru_stime)


def _to_the_first_page(store: Path, environment: dict[str, str]) -> Started:
    words = [*PLACET, "serve", "--store", str(store), "--port", "0"]
    began = time.perf_counter()
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            address = _address(process)
            with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 (loopback)
                assert b"</html>" in answer.read()
            seconds = time.perf_counter() - began
            return Started(seconds, _cpu(process.pid), _memory(process.pid))
        finally:
            process.terminate()


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stderr
    for text_line in process.stderr:
        if found := re.search(r"http://127\.0\.0\.1:\d+", text_line):
            return found[0]
    raise AssertionError("the server ended without an address")


def _cpu(pid: int) -> float:
    """Processor time of a process so far; the name of its program may hold blanks."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> float:
    """What a process holds now, in MB."""
    text = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"^VmRSS:\s+(\d+)", text, re.MULTILINE)
    assert found
    return int(found[1]) / 1024

"""The page on operations, rehearsed: its very commands, from the installation to a restored store.

What stands in for systemd starts what the unit file says, with the settings that it names.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from adapters.eventstore.event_store import StoredHistory
from adapters.sqlite.store import SqliteStore
from certificates import NAME
from code_blocks import DOCS, code_blocks
from older_envelopes import load_older_log
from web_site import ROOT

UNIT = DOCS / "systemd" / "placet.service"
ORGANISATION = "org"
OLDER = "older"
SETTINGS, SHELL, CREATE, START, BACK_UP, STOP, UPGRADE, AGAIN, STOP_AGAIN, RESTORE, LAST = range(11)
"""The blocks of the page, in their order."""
SYSTEMCTL = """\
#!/bin/sh
# Starts and stops the one service of the unit file.
set -eu
root={root}
case "$1" in
enable | start)
    sed -n 's/^ExecStart=//p' "$root/placet.service" > "$root/command"
    sed -n 's/^EnvironmentFile=//p' "$root/placet.service" > "$root/settings-file"
    set -a; . "$(cat "$root/settings-file")"; set +a
    : > "$root/said"
    nohup {python} "$root/start.py" "$root" $(cat "$root/command") > "$root/said" 2>&1 < /dev/null &
    echo $! > "$root/pid" ;;
stop)
    kill -INT "$(cat "$root/pid")" || exit 0
    while kill -0 "$(cat "$root/pid")" 2>/dev/null; do sleep 0.05; done ;;
esac
"""
STARTER = """\
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
os.execv(sys.argv[2], sys.argv[2:])
"""
"""A shell lets what runs in its background ignore Ctrl-C; a service does not."""

pytestmark = [pytest.mark.folder, pytest.mark.heavy]


class Rehearsal:
    """A machine in a folder, and a shell on it that stays open from one command to the next."""

    def __init__(self, root: Path) -> None:
        self.root, self.store = root, root / "var/lib/placet/records"
        self.blocks = [
            self._here(block)
            for block in (
                *code_blocks("operations.md", "ini rehearsed"),
                *code_blocks("operations.md", "sh rehearsed"),
            )
        ]
        programs = root / "opt/placet/bin"
        for folder in (
            programs,
            root / "etc/placet",
            self.store.parent,
            root / "var/backups/placet",
        ):
            folder.mkdir(parents=True)
        (programs / "placet").symlink_to(Path(sys.executable).parent / "placet")
        (programs / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        (root / "bin").mkdir()
        (root / "bin/systemctl").write_text(SYSTEMCTL.format(root=root, python=sys.executable))
        (root / "start.py").write_text(STARTER)
        (root / "placet.service").write_text(self._here(UNIT.read_text(encoding="utf-8")))
        for program in (programs / "python", root / "bin/systemctl"):
            program.chmod(0o755)
        self.said = root / "shell"
        path = f"{root}/bin:{os.environ['PATH']}"
        with self.said.open("w") as out:
            self.shell = subprocess.Popen(
                ["/bin/bash"],
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=out,
                text=True,
                env={**os.environ, "PATH": path},
            )
        self.steps = 0

    def _here(self, text: str) -> str:
        for folder in ("/opt/placet", "/etc/placet", "/var/lib/placet", "/var/backups/placet"):
            text = text.replace(folder, f"{self.root}{folder}")
        return text

    def write_settings(self, port: int) -> None:
        """The file of settings as the page has it, but for a port that is free."""
        settings = self.blocks[SETTINGS]
        assert "PLACET_PORT=8000" in settings
        file = self.root / "etc/placet/settings"
        file.write_text(settings.replace("PLACET_PORT=8000", f"PLACET_PORT={port}"))

    def run(self, commands: str) -> str:
        """Say commands to the shell; what they print. A failure ends the shell, and the test."""
        self.steps += 1
        before, mark = len(self.said.read_text()), f"step {self.steps} is done"
        assert self.shell.stdin
        self.shell.stdin.write(f"{commands}\necho '{mark}'\n")
        self.shell.stdin.flush()
        end = time.monotonic() + 300
        while mark not in (said := self.said.read_text()[before:]):
            assert self.shell.poll() is None, said
            assert time.monotonic() < end, said
            time.sleep(0.02)
        return said.partition(mark)[0]

    def follow(self, number: int) -> str:
        """Carry out a block of the page."""
        return self.run(self.blocks[number])

    def pages(self, path: str = "/") -> str:
        """What the service answers, as soon as it is there."""
        said = self.root / "said"
        end = time.monotonic() + 300
        while not (found := re.search(r"http://127\.0\.0\.1:\d+", said.read_text())):
            assert time.monotonic() < end, said.read_text()
            time.sleep(0.05)
        try:
            with urllib.request.urlopen(found[0] + path, timeout=30) as answer:  # noqa: S310 (here)
                return str(answer.read().decode())
        except OSError as error:
            pytest.fail(f"{error}: {said.read_text()}")

    def act(self, step: str) -> None:
        """Record one step by the command line."""
        file = self.root / "step.yaml"
        file.write_text(step)
        self.run(f"placet agenda do {file} -o {ORGANISATION}")

    def write_message(self) -> Path:
        """A message that came by mail, as a file."""
        file = self.root / "answer.eml"
        file.write_bytes(b"From: east@example.org\r\nSubject: answer\r\n\r\nWe object.\r\n")
        return file

    def close(self) -> None:
        """End the shell and the service."""
        self.shell.kill()
        self.shell.communicate()
        if (pid := self.root / "pid").exists():
            with suppress(ProcessLookupError):
                os.kill(int(pid.read_text()), signal.SIGKILL)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Rehearsal]:
    """A machine on which nothing is installed but the program."""
    made = Rehearsal(tmp_path)
    made.write_settings(port=0)
    yield made
    made.close()


def test_the_page_is_carried_out_from_installation_to_restored_store(machine: Rehearsal) -> None:
    assert LAST + 1 == len(machine.blocks), "a block was added to the page"
    machine.follow(SHELL)
    examined = machine.follow(CREATE)
    machine.follow(START)
    empty = machine.pages()
    for step in (
        "live: establish body\nbody: b\nnames: {en: Harbour Board}\nzone: UTC\n",
        "live: adopt rule pack\nbody: b\npack: generic\n",
        "attested: fill seat\nbody: b\nseat: east\nholder: Eastland\nsource: a list\n",
        "live: open silence\nwindow: w\nbody: b\nsubject: {type: decision text}\ntext: {en: Red}\n",
    ):
        machine.act(step)
    machine.run(f"placet mail take {machine.write_message()}")
    backed_up = machine.follow(BACK_UP)
    machine.act("live: establish body\nbody: late\nnames: {en: After the backup}\nzone: UTC\n")
    served = machine.pages(f"/windows/{ORGANISATION}/w")
    machine.follow(STOP)
    checked = machine.follow(UPGRADE)
    machine.follow(AGAIN)
    upgraded = machine.pages(f"/bodies/{ORGANISATION}")
    machine.follow(STOP_AGAIN)
    (machine.store / "log.db").write_bytes(b"")
    restored = machine.follow(RESTORE)
    machine.follow(LAST)
    after = machine.pages(f"/bodies/{ORGANISATION}")
    window = machine.pages(f"/windows/{ORGANISATION}/w")
    messages = machine.run("placet mail list")
    keys = machine.run("placet key list")

    assert "failed" not in examined
    assert "Placet" in empty
    assert "the copy is sound" in backed_up
    assert "Red" in served
    assert "sound: 5 events" in checked
    assert "After the backup" in upgraded
    assert f"The log of {ORGANISATION} ends at 4" in restored
    assert "what is missing stands above" in restored
    assert "Held 1 silence procedures" in restored
    assert "After the backup" not in after
    assert "Harbour Board" in after
    assert "answer" in messages, "it came before the backup, and no mailbox holds it"
    assert "in force" in keys, "receipts can be signed"
    assert "held" in window.lower()


def test_a_store_that_an_older_version_wrote_is_upgraded(machine: Rehearsal) -> None:
    """Its events are in the form of then, byte for byte; new ones are appended to them."""
    machine.follow(SHELL)
    SqliteStore.create(machine.store).close()
    with SqliteStore.open(machine.store) as store:
        history = store.history(ORGANISATION)
        assert isinstance(history, StoredHistory)
        load_older_log(history.recorder)
    checked = machine.follow(UPGRADE)
    machine.follow(AGAIN)
    page = machine.pages(f"/agendas/{ORGANISATION}/{OLDER}")
    machine.act("live: establish body\nbody: new\nnames: {en: A new body}\nzone: UTC\n")
    machine.follow(STOP)

    assert "sound: 27 events" in checked
    assert OLDER in page
    assert "sound: 28 events" in machine.run("placet store check")


# --- The unit file --------------------------------------------------------------------------------

SYSTEMD = shutil.which("systemd-analyze")


@pytest.mark.skipif(not SYSTEMD and "CI" not in os.environ, reason="systemd-analyze is not there")
def test_the_service_is_sound_and_may_do_little(tmp_path: Path) -> None:
    """By the judgment of systemd itself: at most 2.0 of 10 is exposed."""
    unit = tmp_path / "placet.service"
    program = Path(sys.executable).parent / "placet"
    unit.write_text(UNIT.read_text().replace("/opt/placet/bin/placet", str(program)))
    assert SYSTEMD
    verified = subprocess.run(
        [SYSTEMD, "verify", "--man=no", unit], capture_output=True, text=True, check=False
    )
    exposed = subprocess.run(
        [SYSTEMD, "security", "--offline=true", "--threshold=20", unit],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (verified.returncode, verified.stderr)
    assert 0 == exposed.returncode, exposed.stdout[-500:]


def test_the_settings_of_the_service_are_settings_of_the_program() -> None:
    """What the unit and the page name is an option that the server knows."""
    known = subprocess.run(
        [sys.executable, "-m", "web", "serve", "--help"],
        cwd=ROOT.parent,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    named = {
        *re.findall(r"\bPLACET_[A-Z_]+", UNIT.read_text()),
        *re.findall(r"\bPLACET_[A-Z_]+", "".join(code_blocks("operations.md", "ini rehearsed"))),
    }

    assert {"PLACET_STORE", "PLACET_SMTP_PASSWORD_FILE"} <= named
    assert {name for name in named if name not in known} == set()
    assert NAME in (DOCS / "operations.md").read_text()

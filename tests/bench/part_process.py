"""A part of the bench, measured in a process of its own and on its disk."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from tests.bench import child_process, slow_disk
from tests.bench.figures import Figure, from_plain, plain
from tests.bench.parts import Part, named
from tests.bench.run import Run


def measured(part: Part, run: Run) -> Sequence[Figure]:
    """The figures of a part.

    Raises CalledProcessError when there are none; why is said on standard error.
    """
    environment = None
    if run.disk is not None:
        library = slow_disk.compiled(run.folder / "disk")
        environment = slow_disk.environment(library, run.disk * 1000)
    text = child_process.run("part_process", part.name, run.encode(), around=environment)
    return [from_plain(values) for values in json.loads(text)]


def _main() -> None:
    name, encoded = sys.argv[1:]
    run = Run.decode(encoded)
    if run.disk is not None:
        slow_disk.check(run.folder)
    found = [plain(figure) for figure in named(name).figures(run)]
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    _main()

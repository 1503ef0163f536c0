"""The worker of a rebuild, which kills itself before a statement whose number its module says."""

from __future__ import annotations

import os

from process_killed_while_projecting import PAGE, dies_at, listen
from web import rebuild_worker
from workflows.projections import catch_up

NUMBER = "PLACET_TEST_DIES_AT"
"""The variable that holds the number of the statement."""

if __name__ == "__main__":
    catch_up.PAGE = PAGE
    listen(dies_at(int(os.environ[NUMBER])))
    rebuild_worker.main()

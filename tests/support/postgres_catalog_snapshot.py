"""Write down how the tables of a new store stand in PostgreSQL.

python tests/support/postgres_catalog_snapshot.py

To be run after a new step was added to the migrations.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PINNED = ROOT / "adapters" / "postgres" / "catalog.json"
sys.path[:1] = [str(ROOT), str(ROOT / "tests" / "support")]

if __name__ == "__main__":
    from adapters.postgres.catalog import actual_shape
    from postgres_server import ask, new_store, running

    with running() as cluster:
        url = new_store(cluster)
        shape = actual_shape(lambda query: ask(url, query))
    PINNED.write_text(json.dumps(shape, indent=1, ensure_ascii=False) + "\n")

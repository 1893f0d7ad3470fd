"""`nascar ingest nascar_feed` on a day far ahead, after all seasons that `tests.benchmarks.generate` makes up.

NASCAR_HOME=HOME python -m tests.benchmarks.ingest_ahead MIRROR [EXTRA...]
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from nascar_warehouse.etl.catalog import run_job
from nascar_warehouse.etl.documents import Selection
from nascar_warehouse.etl.extract.mirror import FolderMirror
from nascar_warehouse.etl.sources.nascar_feed import SOURCE
from nascar_warehouse.warehouse.settings import read_settings
from nascar_warehouse.warehouse.storage.home import Home


def ingest_ahead(home: Path, mirror: Path, extras: frozenset[str] = frozenset()) -> None:
    """Ingest a mirror of the feed with all its seasons, and publish."""
    seasons = [int(folder.name) for folder in (mirror / "cf.nascar.com" / "cacher").iterdir() if folder.name.isdigit()]
    selection = Selection(date(max(seasons), 12, 31), seasons=tuple(sorted(seasons)), extras=extras)
    run_job(Home(home), "ingest", asked=[(SOURCE, FolderMirror(mirror))], selection=selection)


if __name__ == "__main__":
    ingest_ahead(read_settings().home, Path(sys.argv[1]), frozenset(sys.argv[2:]))

"""A copy of the published warehouse that is fast to read page by page.

A site is made of thousands of pages, each of which reads a few rows of views: these become tables here, once. The
statements stay those of the explorer.
"""

from __future__ import annotations

import os
import shutil
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import duckdb

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.storage.connection import require_published
from nascar_warehouse.warehouse.storage.disk import duckdb_failures, machine_failures

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nascar_warehouse.warehouse.storage.home import Home

_VIEWS = "SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE NOT internal"
_AS_TABLES = {
    "marts.driver_careers": "ORDER BY driver_id",
    "marts.driver_seasons": "ORDER BY driver_id",
    "marts.standings": "ORDER BY series_id, season",
    "marts.season_summaries": "",
    "marts.margin_coverage": "",
    "ops.changes": "",
    "ops.freshness": "",
    # The pages of cars, which read the others, are not written.
    "ops.readings": "WHERE entry_key IS NULL ORDER BY race_id",
}
_INDEXED = {
    "core.races": "race_id",
    "core.results": "race_id",
    "core.lead_changes": "race_id",
    "core.cautions": "race_id",
    "core.laps": "race_id",
    "marts.finishes": "race_id",
    "marts.driver_careers": "driver_id",
    "marts.driver_seasons": "driver_id",
    "ops.readings": "race_id",
}


@dataclass(frozen=True, slots=True)
class WorkingCopy:
    """A connection to the copy, which may be changed, and when the warehouse was published."""

    con: duckdb.DuckDBPyConnection
    published_at: datetime

    def make_fast(self) -> None:
        """Replace views by tables of their rows, which have no comments, and add indexes."""
        views = {name for (name,) in self.con.execute(_VIEWS).fetchall()}
        for name, rows in _AS_TABLES.items():
            if name not in views:
                continue
            schema, _, short_name = name.partition(".")
            self.con.execute(f"CREATE TABLE {name}_rows AS FROM {name} {rows}")
            self.con.execute(f"DROP VIEW {name}")
            self.con.execute(f"ALTER TABLE {schema}.{short_name}_rows RENAME TO {short_name}")
        for place, (name, column) in enumerate(_INDEXED.items()):
            self.con.execute(f"CREATE INDEX site_{place} ON {name} ({column})")
        # Two pages are made at a time; more threads for statements of a few rows cost more than they save.
        self.con.execute("SET threads = 1")


@contextmanager
def open_working_copy(home: Home, folder: Path) -> Iterator[WorkingCopy]:
    """Copy the published warehouse into a folder, to be removed with it, and open the copy.

    Raises `UsageError` when nothing is published or another version of this program built it, `MachineFailure` when
    the disk does not allow it.
    """
    require_published(home)
    copy = folder / "work.duckdb"
    with machine_failures(copy), home.published.open("rb") as published, copy.open("wb") as file:
        # Another file may be published meanwhile: the time is that of the file that is copied.
        published_at = datetime.fromtimestamp(os.fstat(published.fileno()).st_mtime, UTC)
        shutil.copyfileobj(published, file, 1 << 20)
    with duckdb_failures(copy), closing(duckdb.connect(copy)) as con:
        con.execute("SET enable_progress_bar = false")
        con.execute("SET TimeZone = 'UTC'")
        # Else each statement looks for packages that its names could come from.
        con.execute("SET python_enable_replacements = false")
        try:
            yield WorkingCopy(con, published_at)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise UsageError(
                f"{home.published} was built by another version of this program", "run `nascar build`"
            ) from error

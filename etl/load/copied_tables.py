"""The raw tables of a copy of the published warehouse: only rows of documents that are new or replaced change."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from nascar_warehouse.etl.load.raw_tables import RawTables
from nascar_warehouse.warehouse.build.lookups import NeedsFullBuild
from nascar_warehouse.warehouse.build.runner import remake_raw_tables
from nascar_warehouse.warehouse.build.scope import is_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nascar_warehouse.etl.documents import Rows, Source, Version
    from nascar_warehouse.etl.load.raw_tables import Published

_OF_EACH_RUN = frozenset({"raw.documents", "raw.changes"})
_MOST_ROWS = 1_000_000
"""So many wait in memory until all is known: some 150 MB of laps."""
_WRITTEN_AGAIN = ("raw.documents", "raw.loads", "raw.check_results")


class CopiedTables(RawTables):
    """The raw tables that the published warehouse has already."""

    is_new = False
    changing: frozenset[str] = frozenset()
    """After `note_changes`: the tables that get or lose rows."""
    _added = 0
    _losing: Mapping[str, str] = MappingProxyType({})

    def create(self, sources: Iterable[Source]) -> None:
        """Nothing: the same program made them."""

    def add(self, source: Source, version: Version, rows: Mapping[str, Rows]) -> int:
        """As in a new warehouse, but nothing is written before all is known; raises `NeedsFullBuild` for too much."""
        self._added += (added := sum(map(len, rows.values())))
        if self._added >= _MOST_ROWS:
            raise NeedsFullBuild(f"{source.source_id} has too many new rows to keep in memory")
        super().add(source, version, rows)
        return added

    def note_changes(self, sources: Iterable[Source], document_ids: Sequence[str]) -> None:
        """Find the tables that get rows, or lose those of documents other than these."""
        self._con.register("carried", pl.DataFrame({"document_id": document_ids}, schema={"document_id": pl.String}))
        lost = dict(self._con.execute(_LOST).fetchall())
        self._con.unregister("carried")
        self._losing = {
            name: is_in("document_id", lost[source.source_id])
            for source in sources
            for name in source.tables
            if source.source_id in lost
        }
        self.changing = _OF_EACH_RUN | {f"raw.{name}" for name in {*self._losing, *self._rows}}

    def changing_values(self, table: str, column: str) -> frozenset[str] | None:
        """A column of the rows that a table will get or lose, as text; None for a table without it.

        So it is of a table that is not of a source: its rows are not known before all is loaded.
        """
        if table in _OF_EACH_RUN:
            return None
        name = table.removeprefix("raw.")
        pending, condition = self._rows.get(name), self._losing.get(name)
        values: set[str] = set()
        try:
            if pending is not None:
                values |= pending.values_of(column)
            if condition is not None:
                rows = self._con.execute(f"SELECT DISTINCT {column}::VARCHAR FROM {table} WHERE {condition}").fetchall()  # noqa: S608  # our own names, and literals
                values |= {value for (value,) in rows if value is not None}
        except (duckdb.BinderException, pl.exceptions.ColumnNotFoundError):
            return None
        return frozenset(values)

    def carry(self, published: Published, sources: Iterable[Source], document_ids: Sequence[str]) -> None:  # noqa: ARG002  # as a new warehouse reads it
        """Remove the rows of replaced documents, after `note_changes`, and what is written again in each run."""
        for name, condition in self._losing.items():
            self._con.execute(f"DELETE FROM raw.{name} WHERE {condition}")  # noqa: S608  # our own names, and literals
        remake_raw_tables(self._con, _WRITTEN_AGAIN)


_LOST = """
SELECT source_id, list(document_id)
FROM raw.documents
WHERE state = 'loaded' AND document_id NOT IN (FROM carried)
GROUP BY source_id
"""

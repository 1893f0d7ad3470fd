"""Rows that wait to be written to one raw table: values of structs, and frames, which take a tenth of the memory.

A table gets whole row groups as long as there are any, which DuckDB writes to the file at once; fewer rows stay in its
memory until the file is finished.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from nascar_warehouse.warehouse.storage.home import ROW_GROUP

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from nascar_warehouse.etl.documents import Rows, Table, Version

Schema = dict[str, "pl.DataType | type[pl.DataType]"]

TIME = pl.Datetime("us", "UTC")
BATCH_ROWS = 4 * ROW_GROUP
"""So many rows of a table are written at once; by single row groups ten million laps take a tenth more."""
_MANY_OBJECTS = 2_000
"""So many rows of Python's values become a frame: some 4 MB of them."""
_TYPES = {str: pl.String, int: pl.Int64, float: pl.Float64, bool: pl.Boolean}
_DOCUMENT_OF_ROWS: Schema = {"document_id": pl.String, "loaded_at": TIME, "rows": pl.Int64}


@dataclass(slots=True)
class PendingRows:
    """Rows of one table, with the documents that they come from."""

    table: Table
    _values: list[tuple[Any, ...]] = field(default_factory=list)
    _documents: list[tuple[str, datetime, int]] = field(default_factory=list)
    """Of the values, in the same order: id, when it was fetched, how many rows."""
    _frames: list[pl.DataFrame] = field(default_factory=list)
    """Rows with their documents."""

    def __len__(self) -> int:
        """How many rows wait."""
        return len(self._values) + sum(frame.height for frame in self._frames)

    def add(self, version: Version, found: Rows) -> None:
        """Add the rows of a document."""
        if isinstance(found, pl.DataFrame):
            document = {"document_id": pl.lit(version.document_id), "loaded_at": pl.lit(version.fetched_at, TIME)}
            self._frames.append(found.with_columns(**document))
            return
        self._values += map(self.table.values, found)
        self._documents.append((version.document_id, version.fetched_at, len(found)))
        if len(self._values) >= _MANY_OBJECTS:
            self._pack()

    def values_of(self, column: str) -> set[str]:
        """What a column has in these rows, as text; raises Polars' error for one that is not there."""
        if self._values:
            self._pack()
        return {
            value for frame in self._frames for value in frame[column].cast(pl.String).unique() if value is not None
        }

    def take_row_groups(self) -> pl.DataFrame:
        """Remove as many rows as fill whole row groups."""
        whole = self.take_all()
        rows = whole.height // ROW_GROUP * ROW_GROUP
        self._frames.append(whole[rows:])
        return whole[:rows]

    def take_all(self) -> pl.DataFrame:
        """Remove all rows; without any, a frame of the columns."""
        if self._values or not self._frames:
            self._pack()
        frames, self._frames = self._frames, []
        return pl.concat(frames)

    def _pack(self) -> None:
        self._frames.append(_frame(self.table.columns, self._values, self._documents))
        self._values, self._documents = [], []


def _frame(
    columns: Mapping[str, type], rows: list[tuple[Any, ...]], documents: list[tuple[str, datetime, int]]
) -> pl.DataFrame:
    values = zip(*rows, strict=True) if rows else [()] * len(columns)
    received = [
        pl.Series(column, value, _TYPES[kind], strict=True)
        for (column, kind), value in zip(columns.items(), values, strict=True)
    ]
    of_rows = pl.DataFrame(documents, schema=_DOCUMENT_OF_ROWS, orient="row").select(
        pl.col("document_id", "loaded_at").repeat_by("rows").explode()
    )
    return pl.DataFrame(received).hstack(of_rows)

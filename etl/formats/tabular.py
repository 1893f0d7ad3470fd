"""CSV and Parquet documents → frames of a known shape.

A lost column or another type stops the document; a new column is noticed without being fatal, and left out.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import polars as pl
from polars.exceptions import PolarsError

from nascar_warehouse.warehouse.errors import SourceChanged

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

ROW_LIMIT = 2_000_000
"""More rows than this no document of a known kind has by far; a few bytes of Parquet can claim billions."""

_LATER = "ask again later; if it stays so, look at the document and change the source module and its test"

_TYPES = {str: pl.String, int: pl.Int64, float: pl.Float64}


def read_csv(content: bytes, columns: Iterable[str], optional: Collection[str] = ()) -> tuple[pl.DataFrame, list[str]]:
    """Read every value as text, blank is NULL; returns the columns wanted and the names of those that are new."""
    if not content.endswith(b"\n"):
        # Polars would fill up a row that is cut off, and a number may have lost its last digits.
        raise SourceChanged("unexpected content: the last row has no end (cut off?)", _LATER)
    try:
        frame = pl.read_csv(io.BytesIO(content), infer_schema=False, try_parse_dates=False)
    except (PolarsError, UnicodeError) as error:
        raise SourceChanged(f"unexpected content: no table of comma-separated values: {error}", _LATER) from error
    return _wanted(frame, dict.fromkeys(columns, str), optional)


def read_parquet(content: bytes, columns: Mapping[str, type]) -> tuple[pl.DataFrame, list[str]]:
    """Read a table whose columns fit the types wanted (str, int, float); returns these and the names of new ones."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    try:
        # Not by Polars, whose reader panics at some damaged files instead of raising an error.
        file = ParquetFile(pa.BufferReader(content))
        groups = (file.metadata.row_group(number).num_rows for number in range(file.metadata.num_row_groups))
        rows = max(file.metadata.num_rows, sum(groups))
        if rows > ROW_LIMIT:
            raise SourceChanged(f"unexpected content: it claims to have {rows:,} rows", _LATER)
        table = file.read()
        table.validate(full=True)
        # By names that Python could decode, and without what the writer noted about types: neither is validated.
        named = zip(table.schema.names, table.columns, strict=True)
        frame = pl.DataFrame([pl.Series(name, pl.from_arrow(column)) for name, column in named])
    except (pa.ArrowException, PolarsError, OSError, UnicodeError) as error:
        raise SourceChanged(f"unexpected content: no Parquet that can be read: {error}", _LATER) from error
    misfits = [name for name in frame.columns if name in columns and not _fits(frame[name], columns[name])]
    if misfits:
        types = ", ".join(f"{name} ({frame.schema[name]})" for name in misfits)
        raise SourceChanged(f"unexpected content: a column has another type: {types}", _LATER)
    return _wanted(frame, columns, ())


def _fits(column: pl.Series, kind: type) -> bool:
    """Whether nothing is lost: a number made text has lost its zeros, one made whole its fraction."""
    if column.dtype == pl.Null or kind is str:
        return column.dtype in (pl.Null, pl.String, pl.Categorical)  # equal, without the same hash
    if kind is int and column.dtype.is_float():
        return bool((column.drop_nulls() % 1 == 0).all())
    return column.dtype.is_integer() or column.dtype.is_float()


def _wanted(
    frame: pl.DataFrame, columns: Mapping[str, type], optional: Collection[str]
) -> tuple[pl.DataFrame, list[str]]:
    lost = [name for name in columns if name not in frame.columns and name not in optional]
    if lost:
        raise SourceChanged(f"unexpected content: the column {', '.join(lost)} is not there", _LATER)
    try:
        kept = frame.select(
            (pl.col(name) if name in frame.columns else pl.lit(None)).cast(_TYPES[kind], strict=True).alias(name)
            for name, kind in columns.items()
        )
    except PolarsError as error:
        raise SourceChanged(f"unexpected content: a column has another type: {error}", _LATER) from error
    return kept, [name for name in frame.columns if name not in columns]


def require(frame: pl.DataFrame, column: str, holds: pl.Expr, advice: str = _LATER) -> None:
    """Stop at the first row for which something does not hold, naming the row, from 1, and its value."""
    is_right = holds.fill_null(value=False)
    if not frame.select(is_right.all()).item():
        row, value = frame.with_row_index("row", offset=1).filter(~is_right).select("row", column).row(0)
        raise SourceChanged(f"unexpected content: {value!r} in row {row}, column `{column}`", advice)

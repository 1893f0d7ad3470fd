"""Read CSV and Parquet into frames of a declared shape.

A missing column or another type is an error; a new column is reported and left out.
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
"""Far more rows than any known document has; a few bytes of Parquet can claim billions."""

_LATER = "try again later; if the change lasts, change the module of the source and its test"

_TYPES = {str: pl.String, int: pl.Int64, float: pl.Float64}


def read_csv(content: bytes, columns: Iterable[str], optional: Collection[str] = ()) -> tuple[pl.DataFrame, list[str]]:
    """Read every value as text, blank as NULL; returns the wanted columns and the names of new ones."""
    if not content.endswith(b"\n"):
        # Polars would complete a truncated row, and a number may lack its last digits.
        raise SourceChanged("unexpected content: the last row is incomplete (cut off?)", _LATER)
    try:
        frame = pl.read_csv(io.BytesIO(content), infer_schema=False, try_parse_dates=False)
    except (PolarsError, UnicodeError) as error:
        raise SourceChanged(f"invalid CSV: {error}", _LATER) from error
    return _wanted(frame, dict.fromkeys(columns, str), optional)


def read_parquet(content: bytes, columns: Mapping[str, type]) -> tuple[pl.DataFrame, list[str]]:
    """Read columns of the wanted types (str, int, float); returns them and the names of new ones."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    try:
        # Not with Polars, whose reader panics on some damaged files instead of raising an error.
        file = ParquetFile(pa.BufferReader(content))
        groups = (file.metadata.row_group(number).num_rows for number in range(file.metadata.num_row_groups))
        rows = max(file.metadata.num_rows, sum(groups))
        if rows > ROW_LIMIT:
            raise SourceChanged(f"unexpected content: {rows:,} rows, more than {ROW_LIMIT:,}", _LATER)
        table = file.read()
        table.validate(full=True)
        # By names that Python could decode, and without the metadata of the writer: neither is validated.
        named = zip(table.schema.names, table.columns, strict=True)
        frame = pl.DataFrame([pl.Series(name, pl.from_arrow(column)) for name, column in named])
    except (pa.ArrowException, PolarsError, OSError, UnicodeError) as error:
        raise SourceChanged(f"invalid Parquet: {error}", _LATER) from error
    misfits = [name for name in frame.columns if name in columns and not _fits(frame[name], columns[name])]
    if misfits:
        types = ", ".join(f"{name} ({frame.schema[name]})" for name in misfits)
        raise SourceChanged(f"unexpected column type: {types}", _LATER)
    return _wanted(frame, columns, ())


def _fits(column: pl.Series, kind: type) -> bool:
    """Whether a column can have this type without loss of leading zeros or fractions."""
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
        raise SourceChanged(f"unexpected content: column {', '.join(lost)} is missing", _LATER)
    try:
        kept = frame.select(
            (pl.col(name) if name in frame.columns else pl.lit(None)).cast(_TYPES[kind], strict=True).alias(name)
            for name, kind in columns.items()
        )
    except PolarsError as error:
        raise SourceChanged(f"unexpected column type: {error}", _LATER) from error
    return kept, [name for name in frame.columns if name not in columns]


def require(frame: pl.DataFrame, column: str, holds: pl.Expr, advice: str = _LATER) -> None:
    """Raise `SourceChanged` for the first row where `holds` is false or NULL, with its number, from 1, and value."""
    wrong = frame.with_row_index("row", offset=1).filter(~holds.fill_null(value=False))
    if not wrong.is_empty():
        row, value = wrong.select("row", column).row(0)
        raise SourceChanged(f"unexpected content: {value!r} in row {row}, column `{column}`", advice)

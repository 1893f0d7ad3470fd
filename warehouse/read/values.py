"""One value as text, as JSON has it, and as Python has what comes as Arrow."""

from __future__ import annotations

import json
import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


def as_text(value: object, *, null: str) -> str:
    """A value on one cell of a table or of CSV: numbers in full, moments in ISO form, lists and structs as JSON."""
    if value is None:
        return null
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict | list | tuple):
        return json.dumps(as_json(value), ensure_ascii=False)
    return str(timedelta(seconds=value.total_seconds()) if isinstance(value, timedelta) else value)


def as_json(value: object) -> object:
    """A value as JSON has it: numbers stay numbers, dates are ISO text, NaN and infinity are null."""
    if isinstance(value, dict):
        return {str(key): as_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(inner) for inner in value]
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float):
        return value
    return str(value)


def unique_names(columns: Sequence[str]) -> list[str]:
    """Names that an object may have beside each other: a join gives the same one twice."""
    names: list[str] = []
    for column in columns:
        name, number = column, 0
        while name in names:
            number += 1
            name = f"{column}_{number}"
        names.append(name)
    return names


def rows_of_batch(batch: Any) -> list[tuple[Any, ...]]:
    """The rows of an Arrow record batch, with the Python values that DuckDB itself gives for its types."""
    return list(zip(*(_column_values(column) for column in batch.columns), strict=True))


def _column_values(column: Any) -> list[Any]:
    import pyarrow as pa

    kind = column.type
    if pa.types.is_decimal(kind) and kind.scale == 0:
        # DuckDB's HUGEINT, which every sum of whole numbers is.
        return [None if value is None else int(value) for value in column.to_pylist()]
    if pa.types.is_interval(kind):
        return [None if value is None else _as_timedelta(value) for value in column.to_pylist()]
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        # Python has no nanoseconds.
        return list(column.cast(pa.timestamp("us", kind.tz), safe=False).to_pylist())
    try:
        return list(column.to_pylist(maps_as_pydicts="lossy"))
    except OverflowError:  # A date that the engine has and Python does not.
        return list(column.cast(pa.string()).to_pylist())


def _as_timedelta(value: Any) -> timedelta:
    """An interval of months, days and nanoseconds; a month has 30 days, as DuckDB counts it."""
    return timedelta(days=value.months * 30 + value.days, microseconds=value.nanoseconds // 1000)

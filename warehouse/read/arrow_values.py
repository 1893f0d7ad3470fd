"""The Python values of Arrow columns, also of those that Python or pyarrow has no value for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

_DAYS_OF_400_YEARS = 146_097
_LAST_DAY = 2**31 - 1
_LAST_MOMENT = 2**63 - 1
"""DuckDB writes infinity as the largest number that its type holds, and -infinity as the same below 0."""
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


class Interval(timedelta):
    """An interval as DuckDB gives it to Python, with 30 days a month; `text` is how SQL writes it."""

    text = ""


def rows_of_batch(batch: Any) -> list[tuple[Any, ...]]:
    """The rows of an Arrow record batch, with the Python values that DuckDB itself gives for its types.

    A moment or an interval that Python does not have, such as infinity or nanoseconds, is text as SQL writes it; a map
    whose keys no dict can have is a list of its entries.
    """
    return list(zip(*(_column_values(column) for column in batch.columns), strict=True))


def _column_values(column: Any) -> list[Any]:
    import pyarrow as pa

    kind = column.type
    if pa.types.is_decimal(kind) and kind.scale == 0:
        # DuckDB's HUGEINT, which every sum of whole numbers is.
        return [None if value is None else int(value) for value in column.to_pylist()]
    if pa.types.is_float32(kind):
        # Python's numbers have twice the digits: 3.14 would be 3.140000104904175.
        return [None if text is None else float(text) for text in column.cast(pa.string()).to_pylist()]
    if any(word in str(kind) for word in ("interval", "[ns")):
        return [_value(scalar) for scalar in column]
    try:
        return list(column.to_pylist(maps_as_pydicts="lossy"))
    except (OverflowError, TypeError, ValueError):  # Among them is a value that pyarrow or Python does not have.
        return [_value(scalar) for scalar in column]


def _value(scalar: Any) -> Any:
    import pyarrow as pa

    if not scalar.is_valid:
        return None
    if isinstance(scalar, pa.MapScalar):
        return _as_dict([(_value(entry["key"]), _value(entry["value"])) for entry in scalar.values])
    if isinstance(scalar, pa.ListScalar):
        return [_value(inner) for inner in scalar.values]
    if isinstance(scalar, pa.StructScalar):
        return {name: _value(inner) for name, inner in scalar.items()}
    if isinstance(scalar, pa.UnionScalar):
        return _value(scalar.value)
    if isinstance(scalar, pa.MonthDayNanoIntervalScalar):
        return _as_interval(scalar.as_py())
    if isinstance(scalar, pa.TimestampScalar):
        return _as_moment(scalar)
    try:
        return scalar.as_py()
    except (OverflowError, ValueError):
        if isinstance(scalar, pa.Date32Scalar):
            return day_as_text(scalar.value)
        raise


def _as_moment(scalar: Any) -> Any:
    import pyarrow as pa

    kind = scalar.type
    try:
        # Python has no nanoseconds; where pandas is installed, pyarrow would give its moments.
        return scalar.cast(pa.timestamp("us", kind.tz)).as_py()
    except (OverflowError, ValueError):
        return moment_as_text(scalar.value, kind.unit)


def _as_dict(entries: list[tuple[Any, Any]]) -> Any:
    try:
        return dict(entries)
    except TypeError:
        return [{"key": key, "value": value} for key, value in entries]


def day_as_text(days: int) -> str:
    """A date by its days since 1970, as SQL writes it; Python has only those of the years 1 to 9999."""
    if abs(days) == _LAST_DAY:
        return "infinity" if days > 0 else "-infinity"
    cycles, rest = divmod(days + date(1970, 1, 1).toordinal() - 1, _DAYS_OF_400_YEARS)
    day = date.fromordinal(rest + 1)
    year = day.year + cycles * 400
    return f"{year:04}-{day:%m-%d}" if year > 0 else f"{1 - year:04}-{day:%m-%d} (BC)"


def moment_as_text(count: int, unit: str) -> str:
    """A moment in UTC by its units since 1970, as SQL writes it."""
    if abs(count) == _LAST_MOMENT:
        return "infinity" if count > 0 else "-infinity"
    seconds, fraction = divmod(count, _PER_SECOND[unit])
    days, seconds = divmod(seconds, 86_400)
    digits = len(str(_PER_SECOND[unit])) - 1
    return f"{day_as_text(days)} {timedelta(seconds=seconds)!s:0>8}" + (f".{fraction:0{digits}}" if fraction else "")


def _as_interval(value: Any) -> Interval | str:
    text = interval_as_text(value.months, value.days, value.nanoseconds // 1000)
    try:
        interval = Interval(days=value.months * 30 + value.days, microseconds=value.nanoseconds // 1000)
    except OverflowError:
        return text
    interval.text = text
    return interval


def interval_as_text(months: int, days: int, microseconds: int) -> str:
    """An interval as SQL writes it, such as `1 year 2 months 3 days 04:05:06.789`."""
    years = int(months / 12)
    parts = [
        f"{count} {unit}{'' if abs(count) == 1 else 's'}"
        for count, unit in ((years, "year"), (months - years * 12, "month"), (days, "day"))
        if count
    ]
    if microseconds or not parts:
        seconds, fraction = divmod(abs(microseconds), 10**6)
        hours, minutes = divmod(seconds // 60, 60)
        clock = f"{'-' * (microseconds < 0)}{hours:02}:{minutes:02}:{seconds % 60:02}"
        parts.append(clock + (f".{fraction:06}".rstrip("0") if fraction else ""))
    return " ".join(parts)

"""One value as text and as JSON has it."""

from __future__ import annotations

import json
import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.read.arrow_values import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence


def as_text(value: object, *, null: str) -> str:
    """A value on one cell of a table or of CSV: numbers in full, moments in ISO form, lists and structs as JSON."""
    if value is None:
        return null
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict | list | tuple):
        return json.dumps(as_json(value), ensure_ascii=False)
    return _plain_text(value)


def as_json(value: object) -> object:
    """A value as JSON has it: numbers stay numbers, dates are ISO text, NaN and infinity are null."""
    if isinstance(value, dict):
        return {str(key): as_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(inner) for inner in value]
    if isinstance(value, Decimal):
        return int(value) if value.is_finite() and value.as_tuple().exponent == 0 else float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float):
        return value
    return _plain_text(value)


def _plain_text(value: object) -> str:
    """A value that JSON has no type for, as SQL writes it."""
    if isinstance(value, Interval):
        return value.text
    if isinstance(value, timedelta):
        return f"-{-value}" if value < timedelta(0) else str(value)
    if isinstance(value, bytes):
        return "".join(chr(byte) if _is_plain(byte) else f"\\x{byte:02X}" for byte in value)
    return str(value)


def _is_plain(byte: int) -> bool:
    return 0x20 <= byte < 0x7F and byte not in b"\\'\""


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

"""Corrections: the values that differ between two versions of a document."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from nascar_warehouse.etl.documents import Rows, Table


@dataclass(frozen=True, slots=True)
class Change:
    """One value that changed, or a row that was added or removed (without a column).

    `is_correction`: the race had been run, not only announced.
    """

    table_name: str
    row_key: str
    column_name: str | None
    change_kind: str
    old_value: str | None
    new_value: str | None
    is_correction: bool


def differences(
    tables: Mapping[str, Table],
    old: Mapping[str, Rows],
    new: Mapping[str, Rows],
) -> list[Change]:
    """Every difference between two versions of a document, by table and key."""
    changes = []
    for name, table in tables.items():
        before, after = (_by_key(table, rows) for rows in _differing_rows(table, old.get(name, ()), new.get(name, ())))
        for key in sorted(before.keys() | after.keys()):
            changes += _row_changes(name, table, key, before.get(key), after.get(key))
    return changes


def _row_changes(name: str, table: Table, key: str, before: Any, after: Any) -> list[Change]:
    if before is None:
        return [Change(name, key, None, "row_added", None, None, is_correction=False)]
    final = bool(getattr(before, "is_final", True))
    if after is None:
        return [Change(name, key, None, "row_removed", None, None, is_correction=final)]
    return [
        Change(name, key, column, "value_changed", _text(was), _text(now), is_correction=final)
        for column, was, now in zip(table.columns, table.values(before), table.values(after), strict=True)
        if was != now
    ]


def _differing_rows(table: Table, old: Rows, new: Rows) -> tuple[Sequence[Any], Sequence[Any]]:
    """Rows as objects; of two frames only those whose key has a difference, since columns compare faster than rows."""
    import polars as pl

    if not isinstance(old, pl.DataFrame) or not isinstance(new, pl.DataFrame):
        return _as_objects(old), _as_objects(new)
    key = list(table.key)
    # Rows that share a key are distinguished by their order, also when they are equal.
    nth = pl.int_range(pl.len()).over(key).alias("nth of its key")
    before, after = (frame.select(*table.columns).with_columns(nth) for frame in (old, new))
    differing = pl.concat([_rows_lacking(before, after), _rows_lacking(after, before)]).select(key)
    first, second = (
        frame.select(*table.columns).join(differing, on=key, how="semi", nulls_equal=True, maintain_order="left")
        for frame in (old, new)
    )
    return _as_objects(first), _as_objects(second)


def _rows_lacking(these: pl.DataFrame, those: pl.DataFrame) -> pl.DataFrame:
    return these.join(those, on=these.columns, how="anti", nulls_equal=True)


def _as_objects(rows: Rows) -> Sequence[Any]:
    import polars as pl

    return [SimpleNamespace(**row) for row in rows.iter_rows(named=True)] if isinstance(rows, pl.DataFrame) else rows


def _by_key(table: Table, rows: Sequence[Any]) -> dict[str, Any]:
    """Rows by their key as text; rows that share a key are distinguished by their order."""
    found: dict[str, Any] = {}
    seen: Counter[str] = Counter()
    for row in rows:
        key = "/".join(str(getattr(row, column)) for column in table.key)
        seen[key] += 1
        found[key if seen[key] == 1 else f"{key}/{seen[key]}"] = row
    return found


def _text(value: object) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)

"""What a new version no longer says of races that it still has: every value of a column, or rows of a table.

No race is lost, so that the version is used; the run reports it, and `nascar changes` has each value.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from nascar_warehouse.etl.documents import Parsed, Rows, Source, Table

_SHOWN = 3


def describe_lost_details(source: Source, old: Parsed, new: Parsed) -> list[str]:
    """A notice for each table that lost rows, or all values of a column in a race."""
    notices = []
    for name, before in old.rows.items():
        after, table = new.rows.get(name, ()), source.tables[name]
        # Of a table that names races, losing a row of one is a loss that stops the version.
        if len(after) < len(before) and not (table.race and len(after)):
            count = f"{len(before) - len(after)} of" if len(after) else "all"
            notices.append(f"lost {count} {len(before)} rows of raw.{name}; see `nascar changes`")
        if len(before) and len(after):
            # What was said of a race before it was run may go.
            stated = {
                race: said for race, said in _stated(table, before).items() if not table.done or said & {*table.done}
            }
            notices += _lost_values(name, stated, _stated(table, after))
    return notices


def _lost_values(name: str, before: Mapping[Any, set[str]], after: Mapping[Any, set[str]]) -> list[str]:
    races: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for race, stated in before.items():
        if lost := stated - after.get(race, stated):
            races[tuple(sorted(lost))].append("/".join(map(str, race)))
    return [
        f"lost every `{'`, `'.join(columns)}` of raw.{name}{_where(found)}; see `nascar changes`"
        for columns, found in sorted(races.items())
    ]


def _where(races: list[str]) -> str:
    named = [race for race in sorted(races) if race]
    if not named:
        return ""
    more = f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
    return f" in {', '.join(named[:_SHOWN])}{more}"


def _stated(table: Table, rows: Rows) -> dict[Any, set[str]]:
    """The columns that have a value in any row of a race, by race; of a table that names none, by ()."""
    import polars as pl

    columns = [column for column in table.columns if column not in table.race]
    if isinstance(rows, pl.DataFrame):
        return _stated_in_frame(rows, list(table.race), columns)
    found: dict[Any, set[str]] = defaultdict(set)
    for row in rows:
        race = tuple(getattr(row, column) for column in table.race)
        found[race].update(column for column in columns if getattr(row, column) not in {None, "", " "})
    return found


def _stated_in_frame(frame: pl.DataFrame, race: list[str], columns: list[str]) -> dict[Any, set[str]]:
    import polars as pl

    by: list[str] | list[pl.Expr] = race or [pl.lit(0).alias("all")]
    has_value = [(pl.col(column).cast(pl.String).fill_null("").str.strip_chars() != "").any() for column in columns]
    return {
        row[: len(race)]: {column for column, is_stated in zip(columns, row[-len(columns) :], strict=True) if is_stated}
        for row in frame.group_by(*by).agg(has_value).iter_rows()
    }

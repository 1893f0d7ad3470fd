"""What a new version of a document lost: races that were run, and results of them, whatever share of it that is.

A table that has a row a race, or a row a result, says which columns name the race; of others, and of a document as a
whole, losing many rows is a loss.
"""

from __future__ import annotations

import operator
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

    from nascar_warehouse.etl.documents import Parsed, Rows, Source, Table

KEPT_SHARE = 0.8
"""A smaller share of the old rows is suspicious where no race is named; of forty races one or two are cancelled."""

_SHOWN = 5

_Race = tuple[str, str]
"""Season, and the key of a race in its source."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A race of which the new version has fewer rows, or none."""

    season: str
    race: str
    before: int
    after: int

    def __str__(self) -> str:
        about = f"race {self.race} of {self.season}" if self.season else f"race {self.race}"
        return (
            f"{about} ({self.before} rows, now {self.after})" if self.after else f"{about} (all of {self.before} rows)"
        )


def describe_loss(source: Source, old: Parsed | None, new: Parsed, losses: Sequence[Loss]) -> str:
    """What a version lost against the one before, or that it has no rows at all; "" for nothing."""
    name = next(iter(new.rows))
    count, before = len(new.rows[name]), len(old.rows[name]) if old else 0
    if losses:
        return _summarise(losses)
    if count == 0:
        return f"raw.{name} would have none of its {before} rows" if before else f"raw.{name} would have no rows"
    if not source.tables[name].race and count < before * KEPT_SHARE:
        return f"raw.{name} would shrink from {before} rows to {count}"
    return ""


def find_losses(source: Source, key: str, old: Parsed, new: Parsed) -> list[Loss]:
    """The races that lost rows, by season; rows of races that were not run count for nothing."""
    season = source.season_of(key)
    losses: dict[_Race, Loss] = {}
    for name, table in source.tables.items():
        if table.race and name in old.rows:
            before = _rows_by_race(table, old.rows[name], season)
            after = _rows_by_race(table, new.rows.get(name, ()), season)
            for race, rows in before.items():
                kept = len(after.get(race, ()))
                if kept < len(rows):
                    losses.setdefault(race, Loss(*race, len(rows), kept))
    return [losses[race] for race in sorted(losses)]


def find_explained(con: duckdb.DuckDBPyConnection, losses: Mapping[str, tuple[str, Sequence[Loss]]]) -> set[str]:
    """The versions all of whose lost races did not take place by another source, in a warehouse that still has them.

    `losses` are by the id of the version, each with the id of its source.
    """
    explained = set()
    for document_id, (source_id, lost) in losses.items():
        keys = {loss.race for loss in lost}
        known = con.execute(_DID_NOT_TAKE_PLACE, {"source_id": source_id, "keys": sorted(keys)}).fetchall()
        if keys == {key for (key,) in known} and not any(loss.after for loss in lost):
            explained.add(document_id)
    return explained


def races_in(table: Table, rows: Rows) -> int:
    """How many races that were run the rows are about; 0 for a table that names none."""
    import polars as pl

    if not table.race:
        return 0
    named = [*table.race, *([table.season] if table.season else [])]
    if isinstance(rows, pl.DataFrame):
        is_run = [~pl.col(column).cast(pl.String).fill_null("").is_in(_BLANK_TEXTS) for column in table.done]
        return rows.filter(pl.any_horizontal(is_run) if is_run else True).select(named).n_unique()
    race_of, done_of = operator.attrgetter(*named), [operator.attrgetter(column) for column in table.done]
    return len({race_of(row) for row in rows if not done_of or any(done(row) not in _BLANK for done in done_of)})


def _summarise(losses: Sequence[Loss]) -> str:
    gone = sum(loss.after == 0 for loss in losses)
    fewer = len(losses) - gone
    seasons = sorted({loss.season for loss in losses if loss.season})
    parts = [
        ("1 race that was run" if gone == 1 else f"{gone} races that were run") if gone else "",
        f"results of {fewer} {'race' if fewer == 1 else 'races'}" if fewer else "",
    ]
    where = f" in {len(seasons)} seasons from {seasons[0]} to {seasons[-1]}" if len(seasons) > 1 else ""
    more = f" and {len(losses) - _SHOWN} more" if len(losses) > _SHOWN else ""
    return f"lost {' and '.join(filter(None, parts))}{where}: {', '.join(map(str, losses[:_SHOWN]))}{more}"


def _rows_by_race(table: Table, rows: Rows, season: int | None) -> dict[_Race, set[Any]]:
    """The keys of the rows of races that were run, by race; a row that a source repeats counts once."""
    import polars as pl

    columns = list(dict.fromkeys([*table.race, *table.key, *table.done, *([table.season] if table.season else [])]))
    values = (
        rows.select(columns).unique().iter_rows()
        if isinstance(rows, pl.DataFrame)
        else (tuple(getattr(row, column) for column in columns) for row in rows)
    )
    found: dict[_Race, set[Any]] = defaultdict(set)
    for row in values:
        value = dict(zip(columns, row, strict=True))
        if not table.done or any(value[column] not in _BLANK for column in table.done):
            year = value[table.season] if table.season else season
            race = "/".join(str(value[column]) for column in table.race)
            found["" if year is None else str(year), race].add(tuple(value[column] for column in table.key))
    return found


# A source without dates has the race by its name.
_DID_NOT_TAKE_PLACE = """
SELECT DISTINCT listed.race_key
FROM core.listed_races AS listed
INNER JOIN core.scheduled_races AS schedules
  ON
    listed.series_id = schedules.series_id
    AND listed.season = schedules.season
    AND listed.track_id = schedules.track_id
    AND listed.source_id <> schedules.source_id
WHERE
  listed.source_id = $source_id
  AND list_contains($keys, listed.race_key)
  AND schedules.state IN ('cancelled', 'abandoned', 'postponed')
  AND (
    listed.race_date IN (schedules.race_date, schedules.scheduled_date)
    OR (listed.race_date IS NULL AND staging.slug(listed.race_name) = staging.slug(schedules.race_name))
  )
"""

_BLANK_TEXTS = ("", "0", "0.0", "0:00:00", "00:00:00")
_BLANK = (None, 0, *_BLANK_TEXTS)

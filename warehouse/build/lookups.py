"""Relations that are read whole: which races use a row of one that changed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

from nascar_warehouse.warehouse.build.scripts import EVERY_COLUMN
from nascar_warehouse.warehouse.errors import MachineFailure
from nascar_warehouse.warehouse.literal import literal
from nascar_warehouse.warehouse.storage.disk import duckdb_failures, is_disk_full

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from nascar_warehouse.warehouse.build.declared import Reach
    from nascar_warehouse.warehouse.build.scripts import Script

_MOST_VALUES = 2000


class NeedsFullBuild(Exception):
    """Which rows news change cannot be known, or they are so many that everything costs less."""


@contextmanager
def leaving_failures_to_a_full_build(path: Path) -> Iterator[None]:
    """Raise `NeedsFullBuild` for any failure but a full disk.

    A build of everything says which file is wrong, or does without what failed.
    """
    try:
        with duckdb_failures(path):
            yield
    except (duckdb.Error, MachineFailure, ValueError) as error:
        if is_disk_full(error.__cause__ or error):
            raise
        raise NeedsFullBuild(f"the update failed: {str(error).splitlines()[0]}") from error


def reached_places(
    con: duckdb.DuckDBPyConnection,
    script: Script,
    scripts: Sequence[Script],
    columns: Mapping[str, Sequence[str]],
    replaced: tuple[str, str],
) -> Iterator[tuple[str, str]]:
    """Where the rows are used that a table has no more, and that are new: `race_id` or `race_key`, and its value.

    `replaced` selects the rows as they were and as they are. Raises `NeedsFullBuild` when the file of the table does
    not say where they are used.
    """
    used = columns_used(script.relation, columns[script.relation], scripts)
    if not used:
        return
    if script.declared.reaches is None:
        if _differs(con, ", ".join(used), replaced):
            raise NeedsFullBuild(f"{script.relation} changed, and its file does not say what it reaches")
        return
    for reach in script.declared.reaches:
        yield from _places(con, reach, used, columns[reach.relation], replaced)


def columns_used(relation: str, columns: Sequence[str], scripts: Sequence[Script]) -> list[str]:
    """The columns of a relation that incremental tables use, through views or without them."""
    by_name = {script.relation: script for script in scripts}
    used: set[str] = set()
    readers = [script.relation for script in scripts if script.declared.incremental]
    for reader in readers:
        reads = by_name[reader].reads
        readers += [
            read for read in sorted(reads) if read in by_name and by_name[read].kind == "view" and read not in readers
        ]
        used |= by_name[reader].parsed.columns.get(relation, frozenset())
    return [column for column in columns if column in used or EVERY_COLUMN in used]


def _differs(con: duckdb.DuckDBPyConnection, columns: str, replaced: tuple[str, str]) -> bool:
    before, after = replaced
    return bool(con.execute(_DELTA.format(columns=columns, before=before, after=after) + " LIMIT 1").fetchall())


def _places(
    con: duckdb.DuckDBPyConnection, reach: Reach, used: Sequence[str], theirs: Sequence[str], replaced: tuple[str, str]
) -> Iterator[tuple[str, str]]:
    before, after = replaced
    ends = {column for pair in reach.pairs for column in pair.ends}
    wanted = [f"{pair.ours} AS reached_{number}" for number, pair in enumerate(reach.pairs)]
    delta = _DELTA.format(
        columns=", ".join([*(column for column in used if column not in ends), *wanted]), before=before, after=after
    )
    names = [f"reached_{number}" for number in range(len(reach.pairs))]
    values = con.execute(f"SELECT DISTINCT {', '.join(names)} FROM ({delta})").fetchall()  # noqa: S608  # our own names
    if len(values) > _MOST_VALUES:
        raise NeedsFullBuild(f"{reach.relation} is reached by {len(values)} values")
    values = [row for row in values if None not in row]
    if not values:
        return
    place = "race_id" if "race_id" in theirs else "race_key"
    # A condition of its own on each column goes down to the tables, and the pairs are compared above.
    conditions = [
        f"{pair.theirs} IN ({', '.join(sorted({literal(row[number]) for row in values}))})"
        for number, pair in enumerate(reach.pairs)
    ]
    columns = [pair.theirs for pair in reach.pairs]
    source = reach.relation if set(columns) <= set(theirs) else _WITH_RACE.format(relation=reach.relation)
    rows = con.execute(
        _REACHED.format(columns=", ".join([place, *columns]), source=source, condition=" AND ".join(conditions))
    ).fetchall()
    known = set(values)
    yield from {(place, found) for found, *pairs in rows if tuple(pairs) in known and found is not None}


_DELTA = """
(SELECT {columns} FROM ({before}) EXCEPT SELECT {columns} FROM ({after}))
UNION ALL
(SELECT {columns} FROM ({after}) EXCEPT SELECT {columns} FROM ({before}))
"""

_REACHED = "SELECT DISTINCT {columns} FROM {source} AS used WHERE {condition}"

# What a source says of a race's results may lack its season, which it says of the race.
_WITH_RACE = """(
  SELECT stated.*, races.season
  FROM {relation} AS stated
  INNER JOIN (SELECT DISTINCT source_id, race_key, season FROM staging.source_races) AS races
    ON stated.source_id = races.source_id AND stated.race_key = races.race_key
)"""

"""What the warehouse's answers and files cost when they are written by hand in DuckDB: no guard, no views, one flat table.

    python -m tests.benchmarks.by_hand WHAT FILE [TARGET]

FILE is a published warehouse. It imports nothing of the program.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

REPEATS = 15

_RANKING = """
SELECT rank() OVER (ORDER BY margin_seconds) AS rank, *
FROM flat
WHERE series_id = 'cup' AND basis = 'line' AND is_ranked AND counts_as_official_win
ORDER BY margin_seconds, race_date
LIMIT 25
"""
_CAREERS = """
SELECT
  driver_id, series_id, driver_name, min(season), max(season), count(DISTINCT season), count(*),
  count(*) FILTER (WHERE is_win) AS wins, count(*) FILTER (WHERE finish_position <= 5), count(*) FILTER (WHERE finish_position <= 10),
  sum(laps_completed), sum(laps_led), avg(start_position), avg(finish_position),
  count(*) FILTER (WHERE status_group = 'crash'), count(*) FILTER (WHERE status_group = 'mechanical'), sum(points)
FROM flat
GROUP BY ALL
ORDER BY wins DESC, driver_id
LIMIT 25
"""
_RELATIONS = """
SELECT table_schema, table_name
FROM information_schema.tables
WHERE table_catalog = current_database() AND table_schema IN ('core', 'marts', 'ops')
ORDER BY ALL
"""
_LAPS = """
CREATE TABLE laps AS
SELECT
  regexp_extract(filename, '([0-9]+)/lap-times.json$', 1)::BIGINT AS race_id,
  car.Number AS car_number,
  car.NASCARDriverID AS driver_id,
  car.FullName AS driver_fullname,
  lap.Lap AS lap,
  lap.LapTime AS lap_time,
  lap.LapSpeed AS lap_speed,
  lap.RunningPos AS running_position
FROM (
  SELECT filename, car, unnest(car.Laps) AS lap
  FROM (
    SELECT filename, unnest(laps) AS car
    FROM read_json('{files}', filename = true, columns = {{
      laps: 'STRUCT(Number VARCHAR, NASCARDriverID BIGINT, FullName VARCHAR,
        Laps STRUCT(Lap BIGINT, LapTime DOUBLE, LapSpeed VARCHAR, RunningPos BIGINT)[])[]'
    }})
  )
)
"""
_TABLES = "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal ORDER BY ALL"


def _least_milliseconds(function: Callable[[], object]) -> float:
    function()
    times = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        function()
        times.append(time.perf_counter() - begun)
    return 1000 * min(times)


def _on_flat(file: Path, relation: str, statement: str) -> dict[str, float]:
    """Milliseconds of a statement over one table that has the rows of a relation and is alone in its file."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(Path(folder) / "flat.duckdb") as con:
        con.execute("SET enable_progress_bar = false")
        con.execute(f"ATTACH '{file}' AS warehouse (READ_ONLY)")
        con.execute("USE warehouse")
        con.execute(f"CREATE TABLE flat.flat AS FROM {relation}")
        con.execute("USE flat")
        con.execute("DETACH warehouse")
        return {"ms": _least_milliseconds(lambda: con.execute(statement).fetchall())}


def ranking(file: Path) -> dict[str, float]:
    """Milliseconds of the ranking over one flat table of all finishes."""
    return _on_flat(file, "marts.finishes", _RANKING)


def careers(file: Path) -> dict[str, float]:
    """Milliseconds of the careers with the most wins over one flat table of all starts."""
    return _on_flat(file, "marts.starts", _CAREERS)


def opening(file: Path) -> dict[str, float]:
    """Milliseconds of opening the file."""
    return {"ms": _least_milliseconds(lambda: duckdb.connect(file, read_only=True).close())}


def copying(file: Path) -> dict[str, float]:
    """Milliseconds of copying the file to the disk."""
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        times = []
        for number in range(6):
            target = Path(folder) / "copy"
            os.sync()
            begun = time.perf_counter()
            shutil.copyfile(file, target)
            with target.open("rb+") as copied:
                os.fsync(copied.fileno())
            times += [time.perf_counter() - begun] if number else []
            target.unlink()
    return {"ms": 1000 * min(times)}


def export(file: Path, target: Path) -> dict[str, float]:
    """Write the same relations as `nascar export`, by COPY alone."""
    return {"MiB": _copy(file, target, _RELATIONS)}


def tables(file: Path, target: Path) -> dict[str, float]:
    """MiB of all tables of the file, one Parquet file each."""
    return {"MiB": _copy(file, target, _TABLES)}


def laps(mirror: Path, target: Path) -> dict[str, float]:
    """Read the lap times of a mirror into one table of a new file; how many rows there are."""
    with duckdb.connect(target) as con:
        con.execute("SET enable_progress_bar = false")
        con.execute(_LAPS.format(files=mirror / "cf.nascar.com" / "cacher" / "*" / "*" / "*" / "lap-times.json"))
        return {"rows": con.execute("SELECT count(*) FROM laps").fetchall()[0][0]}


def _copy(file: Path, target: Path, relations: str) -> float:
    target.mkdir()
    with duckdb.connect(file, read_only=True) as con:
        con.execute("SET enable_progress_bar = false")
        for schema, name in con.execute(relations).fetchall():
            place = target / f"{schema}.{name}.parquet"
            con.execute(f"COPY (FROM {schema}.{name}) TO '{place}' (FORMAT parquet, COMPRESSION zstd)")
    return sum(written.stat().st_size for written in target.iterdir()) / 2**20


BY_HAND: dict[str, Callable[..., dict[str, float]]] = {
    work.__name__: work for work in (ranking, careers, opening, copying, export, tables, laps)
}

if __name__ == "__main__":
    print(json.dumps(BY_HAND[sys.argv[1]](*map(Path, sys.argv[2:]))))

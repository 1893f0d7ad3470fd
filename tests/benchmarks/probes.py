"""What the warehouse costs inside a process: figures that a row of the table compares, printed as a JSON object.

python -m tests.benchmarks.probes WHAT PLACE
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from nascar_warehouse.warehouse.read.ranking import Question, rank_on
from nascar_warehouse.warehouse.storage.connection import open_published
from nascar_warehouse.warehouse.storage.home import Home
from tests.benchmarks.floor import documents_of

REPEATS = 15


def least_milliseconds(function: Callable[[], object], repeats: int = REPEATS) -> float:
    """The least of the times of a function, after it was called once: what else the machine does only adds to it."""
    function()
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        function()
        times.append(time.perf_counter() - begun)
    return 1000 * min(times)


def decode(mirror: Path) -> dict[str, float]:
    """CPU milliseconds of parsing a document of the feed, checks and all, by the last part of its key, on average."""
    from nascar_warehouse.etl.documents import WrongSeason
    from nascar_warehouse.etl.sources.nascar_feed import NascarFeed

    source = NascarFeed()
    documents = [document for document in documents_of(mirror, laps=True) if document[0] == "nascar_feed"]
    times: dict[str, list[float]] = defaultdict(list)
    for _, key, content in documents:
        begun = time.process_time()
        try:
            source.parse(key, content)
        except WrongSeason:
            continue
        times[key.rsplit("/", 1)[1]].append(time.process_time() - begun)
    return {name: 1000 * sum(found) / len(found) for name, found in times.items()}


def ranking(home: Path) -> dict[str, float]:
    """Milliseconds of the ranking on an open warehouse."""
    with closing(open_published(Home(home))) as con:
        return {"ms": least_milliseconds(lambda: rank_on(con, Question()))}


def ranking_grown(home: Path, times: int = 100) -> dict[str, float]:
    """Milliseconds of the ranking where every finish is there so many times, each time centuries later."""
    import duckdb

    with tempfile.TemporaryDirectory(dir=home.parent) as folder:
        grown = Home(Path(folder))
        shutil.copyfile(home / "nascar.duckdb", grown.published)
        with duckdb.connect(grown.published) as con:
            con.execute("CREATE TEMP TABLE once AS FROM marts.finishes")
            con.execute(
                "INSERT INTO marts.finishes SELECT once.* REPLACE (race_id || '-' || copy AS race_id, season + 100 * copy AS season)"
                f" FROM once, range(1, {times}) AS copies (copy)"
            )
        return ranking(grown.root)


def careers(home: Path) -> dict[str, float]:
    """Milliseconds of the careers with the most wins on an open warehouse."""
    with closing(open_published(Home(home))) as con:
        statement = "FROM marts.driver_careers ORDER BY wins DESC, driver_id LIMIT 25"
        return {"ms": least_milliseconds(lambda: con.execute(statement).fetchall())}


def opening(home: Path) -> dict[str, float]:
    """Milliseconds of opening the published warehouse."""
    return {"ms": least_milliseconds(lambda: open_published(Home(home)).close())}


def publishing(home: Path) -> dict[str, float]:
    """Milliseconds of publishing a finished warehouse as large as the published one, the old one kept as a snapshot."""
    with tempfile.TemporaryDirectory(dir=home.parent) as folder:
        target = Home(Path(folder) / "home")
        target.root.mkdir()
        shutil.copyfile(home / "nascar.duckdb", target.published)
        times = []
        for number in range(6):
            finished = Path(folder) / "next.duckdb"
            os.sync()
            shutil.copyfile(home / "nascar.duckdb", finished)
            begun = time.perf_counter()
            target.publish(finished, keep=1)
            times += [time.perf_counter() - begun] if number else []
    return {"ms": 1000 * min(times)}


def laps(mirror: Path) -> dict[str, float]:
    """Read the lap times of a mirror into the raw tables of a new warehouse, as an ingest does once they are kept; how many rows."""
    from nascar_warehouse.etl.documents import Version
    from nascar_warehouse.etl.load.raw_tables import RawTables
    from nascar_warehouse.etl.sources.nascar_feed import SOURCE
    from nascar_warehouse.warehouse.build.runner import make_raw_tables

    rows = 0
    with tempfile.TemporaryDirectory(dir=mirror.parent) as folder, Home(Path(folder)).next_warehouse() as (path, con):
        make_raw_tables(con, path)
        tables = RawTables(con)
        tables.create([SOURCE])
        for number, (source, key, content) in enumerate(documents_of(mirror, laps=True)):
            if key.endswith("lap-times"):
                version = Version(
                    number, source, key, key, "", len(content), 200, None, None, str(mirror), datetime.now(UTC)
                )
                rows += tables.add(SOURCE, version, SOURCE.parse(key, content).rows)
        tables.write([SOURCE])
        Home.finish(path, con)
    return {"rows": rows}


_LAP_MARTS = {
    "marts.last_lap_passes": "FROM marts.last_lap_passes",
    "marts.last_ten_laps": "FROM marts.last_ten_laps",
    "marts.lap_positions of a race": "FROM marts.lap_positions WHERE race_id = (SELECT max(race_id) FROM core.laps)",
    "marts.photo_finishes": "FROM marts.photo_finishes",
    "fastest laps of a season": "FROM marts.lap_positions WHERE season = (SELECT max(season) FROM core.races) ORDER BY lap_time_seconds LIMIT 25",
    "all laps by driver": "SELECT driver_id, count(*), min(lap_time_seconds) FROM core.laps GROUP BY driver_id",
}


def lap_marts(home: Path) -> dict[str, float]:
    """Milliseconds of each question about laps on an open warehouse."""
    with closing(open_published(Home(home))) as con:
        return {
            name: least_milliseconds(lambda: con.execute(statement).fetchall(), repeats=5)  # noqa: B023  # called at once
            for name, statement in _LAP_MARTS.items()
        }


def size(home: Path) -> dict[str, float]:
    """MiB of the published file."""
    return {"MiB": (home / "nascar.duckdb").stat().st_size / 2**20}


PROBES = {
    probe.__name__: probe
    for probe in (decode, ranking, ranking_grown, careers, opening, publishing, laps, lap_marts, size)
}

if __name__ == "__main__":
    print(json.dumps(PROBES[sys.argv[1]](Path(sys.argv[2]))))

"""What the warehouse costs inside a process: figures that a row of the table compares, printed as a JSON object.

python -m tests.benchmarks.probes WHAT PLACE
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from nascar_warehouse.warehouse.read.ranking import Question, rank_on
from nascar_warehouse.warehouse.storage.connection import open_published
from nascar_warehouse.warehouse.storage.home import Home
from tests.benchmarks.floor import documents_of

REPEATS = 25


def median_milliseconds(function: Callable[[], object], repeats: int = REPEATS) -> float:
    """The median of the times of a function, after it was called once."""
    function()
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        function()
        times.append(time.perf_counter() - begun)
    return 1000 * statistics.median(times)


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
        return {"ms": median_milliseconds(lambda: rank_on(con, Question()))}


def careers(home: Path) -> dict[str, float]:
    """Milliseconds of the careers with the most wins on an open warehouse."""
    with closing(open_published(Home(home))) as con:
        statement = "FROM marts.driver_careers ORDER BY wins DESC, driver_id LIMIT 25"
        return {"ms": median_milliseconds(lambda: con.execute(statement).fetchall())}


def opening(home: Path) -> dict[str, float]:
    """Milliseconds of opening the published warehouse."""
    return {"ms": median_milliseconds(lambda: open_published(Home(home)).close())}


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
    return {"ms": 1000 * statistics.median(times)}


def size(home: Path) -> dict[str, float]:
    """MiB of the published file."""
    return {"MiB": (home / "nascar.duckdb").stat().st_size / 2**20}


PROBES = {probe.__name__: probe for probe in (decode, ranking, careers, opening, publishing, size)}

if __name__ == "__main__":
    print(json.dumps(PROBES[sys.argv[1]](Path(sys.argv[2]))))

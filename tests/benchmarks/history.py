"""How a build of all of Cup history compares with the least that it costs, and whether it grows as its input does.

    python -m tests.benchmarks.history FEED_MIRROR RESULTS_MIRROR [RUNS]

FEED_MIRROR is a folder laid out as HOST/PATH with the documents of the feed and of racing_data, RESULTS_MIRROR one with those of
nascar_results. The doubled input has every season twice: once as it is, once a century later. The exceptions of the checks do not know
the later races, so that the doubled build may end with the checks, before the file is put in its place.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import sys
import tempfile
from contextlib import suppress
from datetime import date
from pathlib import Path

import polars as pl

from nascar_warehouse.etl.catalog import FEEDS, run_job
from nascar_warehouse.etl.documents import Selection
from nascar_warehouse.etl.extract.mirror import FolderMirror
from nascar_warehouse.warehouse.errors import NascarError
from nascar_warehouse.warehouse.storage.home import Home
from tests.benchmarks.ratios import FLOOR, NASCAR, Command, measure

SHIFT = 100
"""Years: a whole century, so that the two digits of a year in a date stay as they are."""

SOURCES = "nascar_feed,racing_data,nascar_results"


def main(mirrors: list[Path], runs: int) -> None:
    """Compare and print."""
    with tempfile.TemporaryDirectory(prefix="nascar-history-") as folder:
        place = Path(folder)
        later = place / "later"
        for mirror in mirrors:
            shift(mirror, later)
        target = place / "floor.duckdb"
        floor = Command("floor", (sys.executable, str(FLOOR), str(target), SOURCES, *map(str, mirrors)), (target,))
        single = fill(place / "single", mirrors)
        double = fill(place / "double", [mirrors[0], later])
        commands = {"rebuild": (single, "rebuild"), "rebuild of twice as much": (double, "rebuild")}
        seconds: dict[str, list[float]] = {"floor": [], **{name: [] for name in commands}}
        for number in range(runs + 1):
            costs = {"floor": measure(floor).seconds}
            for name, (home, command) in commands.items():
                os.environ["NASCAR_HOME"] = str(home)
                costs[name] = measure(Command(name, (str(NASCAR), command), codes=(0, 5))).seconds
            if number:  # The first round warms the caches.
                for name, cost in costs.items():
                    seconds[name].append(cost)
        medians = {name: statistics.median(measured) for name, measured in seconds.items()}
        for name, median in medians.items():
            print(f"{name:<26} {median:7.3f} s")
        print(f"{'rebuild to floor':<26} {medians['rebuild'] / medians['floor']:7.2f}     at most 3.0")
        print(
            f"{'twice as much to once':<26} {medians['rebuild of twice as much'] / medians['rebuild']:7.2f}     linear is 2.0"
        )


def fill(home: Path, mirrors: list[Path]) -> Path:
    """A home into which the mirrors were ingested."""
    selection = Selection(date(2200, 1, 1))
    with suppress(NascarError):
        for mirror in mirrors:
            fetcher = FolderMirror(mirror)
            run_job(
                Home(home), "ingest", asked=[(source, fetcher) for source in FEEDS], selection=selection, is_sweep=True
            )
    return home


def shift(mirror: Path, target: Path) -> None:
    """Write the documents of a mirror as those of a century later."""
    for file in mirror.rglob("*"):
        if file.is_file():
            name = re.sub(
                r"(19|20)(\d\d)(?=[_/])", lambda year: str(int(year[0]) + SHIFT), str(file.relative_to(mirror))
            )
            name = re.sub(r"(?<=/)(\d{3,5})/(?=weekend|lap)", lambda race: f"{int(race[1]) + 1_000_000}/", name)
            place = target / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(
                _SHIFTED[file.suffix](file.read_bytes()) if file.suffix in _SHIFTED else file.read_bytes()
            )


def shifted_json(content: bytes) -> bytes:
    """A document of the feed: its races, their seasons and dates."""

    def later(value: object, key: str = "") -> object:
        if isinstance(value, dict):
            return {name: later(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [later(inner, key) for inner in value]
        if key == "race_season" and isinstance(value, int):
            return value + SHIFT
        if key == "race_id" and isinstance(value, int):
            return value + 1_000_000
        if isinstance(value, str) and re.match(r"20\d\d-\d\d-\d\d", value):
            return f"{int(value[:4]) + SHIFT}{value[4:]}"
        return value

    return json.dumps(later(json.loads(content))).encode()


def shifted_csv(content: bytes) -> bytes:
    """A table of racing_data: the season of each row and the ids of its races."""
    text = re.sub(r"(?m)^(19|20)(\d\d),", lambda year: f"{int(year[0][:4]) + SHIFT},", content.decode())
    return re.sub(r"\b(19|20)(\d\d)(?=[-_])", lambda year: str(int(year[0]) + SHIFT), text).encode()


def shifted_parquet(content: bytes) -> bytes:
    """The results of a series, with every season twice."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "file.parquet"
        file.write_bytes(content)
        frame = pl.read_parquet(file)
        results = frame.filter(pl.col("Driver").is_not_null())
        pl.concat([results, results.with_columns(pl.col("Season") + SHIFT)]).write_parquet(file)
        return file.read_bytes()


_SHIFTED = {".json": shifted_json, ".csv": shifted_csv, ".parquet": shifted_parquet}


if __name__ == "__main__":
    main([Path(sys.argv[1]), Path(sys.argv[2])], int(sys.argv[3]) if len(sys.argv) > 3 else 5)

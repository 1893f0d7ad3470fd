"""The least that any program does with these documents: decode them, write their rows to a new DuckDB file.

    python -m tests.benchmarks.floor TARGET PLACE... [--source SOURCE] [--laps]

A PLACE is a mirror (a folder laid out as HOST/PATH) or the file of kept documents of a home. The feed is decoded by msgspec into typed
structs that have the fields that the warehouse keeps, CSV and Parquet are read by polars; each table goes to DuckDB as one frame.
Nothing is checked, typed as a margin, traced to its document, derived or published, and no module of the warehouse is imported: the
costs of the warehouse are not in it. With --decode-only, TARGET is not written: the CPU milliseconds of decoding one document of each
kind are printed as JSON.
"""

from __future__ import annotations

import argparse
import csv
import gc
import gzip
import io
import json
import operator
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from tests.benchmarks.floor_feed import COLUMNS, Rows, decode_index, decode_laps, decode_weekend

Tables = dict[str, Rows]
Documents = Iterator[tuple[str, str, bytes]]
"""Source, key and bytes of each document; the newest version of it last."""

_FEED = "cf.nascar.com/cacher"
_RACING_DATA = "raw.githubusercontent.com/armstjc/racing-data-repository/main/racing_reference/nascar_cup"
_RESULTS = "nascar.kylegrealis.com"

_TYPES: dict[Any, pl.DataType] = {str: pl.String(), int: pl.Int64(), float: pl.Float64(), bool: pl.Boolean()}


def decode_season(key: str, content: bytes) -> Tables:
    """A season's table of races or of results: every value as text."""
    table = "racing_data_races" if key.endswith("schedule") else "racing_data_results"
    return {table: pl.read_csv(io.BytesIO(content), infer_schema=False)}


def decode_results(key: str, content: bytes) -> Tables:
    """The results of a series since its first season."""
    return {"nascar_results_results": pl.read_parquet(io.BytesIO(content)).with_columns(series=pl.lit(key))}


def decode_almanac(key: str, content: bytes) -> Tables:
    """A file of the almanac: every value as text. Its texts may hold line ends, so that the module of the language reads it."""
    rows = list(csv.reader(io.StringIO(content.decode())))
    return {f"almanac_{key}": pl.DataFrame(rows[1:], schema=dict.fromkeys(rows[0], pl.String), orient="row")}


_DECODERS: dict[str, Callable[[str, bytes], Tables]] = {
    "race_list_basic": decode_index,
    "weekend-feed": decode_weekend,
    "lap-times": decode_laps,
    "schedule": decode_season,
    "race_results": decode_season,
    "cup_series": decode_results,
    "nxs_series": decode_results,
    "truck_series": decode_results,
}


def decode(source: str, key: str, content: bytes) -> Tables:
    """The rows of a document by table; none of a kind that is not fetched by default."""
    if source == "almanac":
        return decode_almanac(key, content)
    decoder = _DECODERS.get(key.rsplit("/", 1)[-1])
    return decoder(key, content) if decoder else {}


def documents_of(place: Path, *, laps: bool = False) -> Documents:
    """The documents of a mirror, or of the file of kept documents of a home."""
    return _of_landing(place) if place.is_file() else _of_mirror(place, laps=laps)


def _of_mirror(folder: Path, *, laps: bool) -> Documents:
    feed = folder / _FEED
    names = ("*/race_list_basic.json", "*/*/*/weekend-feed.json", *(("*/*/*/lap-times.json",) if laps else ()))
    for file in (file for name in names for file in feed.glob(name)):
        yield "nascar_feed", str(file.relative_to(feed).with_suffix("")), file.read_bytes()
    for file in (folder / _RACING_DATA).glob("*/*.csv"):
        season, name = file.stem.split("_", 1)
        yield "racing_data", f"{season}/{name}", file.read_bytes()
    for file in (folder / _RESULTS).glob("*.parquet"):
        yield "nascar_results", file.stem, file.read_bytes()


def _of_landing(file: Path) -> Documents:
    db = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
    for source, key, packed in db.execute(
        "SELECT source_id, document_key, gzip FROM versions JOIN objects USING (sha256) ORDER BY version"
    ):
        yield source, key, gzip.decompress(packed)
    db.close()


def build(target: Path, documents: Iterable[tuple[str, str, bytes]]) -> None:
    """Decode every document and write the rows of its newest version that has any."""
    newest: dict[tuple[str, str], Tables] = {}
    for source, key, content in documents:
        tables = decode(source, key, content)
        if any(map(len, tables.values())):
            newest[source, key] = tables
    parts: dict[str, list[Rows]] = defaultdict(list)
    for tables in newest.values():
        for name, rows in tables.items():
            parts[name].append(rows)
    with duckdb.connect(target) as con:
        for name, found in parts.items():
            con.register("frame", _frame(name, found))
            con.execute(f"CREATE TABLE {name} AS FROM frame")
            con.unregister("frame")


def _frame(name: str, parts: Sequence[Rows]) -> pl.DataFrame:
    frames = [part for part in parts if isinstance(part, pl.DataFrame)]
    if frames:
        return pl.concat(frames, how="diagonal_relaxed")
    columns = COLUMNS[name]
    values = list(map(operator.attrgetter(*columns), (row for part in parts for row in part)))
    by_column = zip(*values, strict=True) if values else [()] * len(columns)
    # "" stands for an unknown winner: what does not fit its column is NULL.
    return pl.DataFrame(
        [
            pl.Series(column, found, _type(kind), strict=column != "winner_driver_id")
            for (column, kind), found in zip(columns.items(), by_column, strict=True)
        ]
    )


def _type(kind: Any) -> pl.DataType:
    return _TYPES[kind if kind in _TYPES else kind.__args__[0]]


def time_decoding(documents: Iterable[tuple[str, str, bytes]]) -> dict[str, float]:
    """CPU milliseconds of decoding a document, by the last part of its key, on average."""
    times: dict[str, list[float]] = defaultdict(list)
    for source, key, content in documents:
        begun = time.process_time()
        decode(source, key, content)
        times[key.rsplit("/", 1)[-1]].append(time.process_time() - begun)
    return {name: 1000 * sum(found) / len(found) for name, found in times.items()}


def main() -> None:
    """Read the command line, decode and write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("target", type=Path)
    parser.add_argument("places", type=Path, nargs="+")
    parser.add_argument("--source")
    parser.add_argument("--laps", action="store_true")
    parser.add_argument("--decode-only", action="store_true")
    options = parser.parse_args()
    documents = (
        document
        for place in options.places
        for document in documents_of(place, laps=options.laps)
        if options.source in (None, document[0])
    )
    gc.disable()
    if options.decode_only:
        print(json.dumps(time_decoding(list(documents))))
    else:
        build(options.target, documents)


if __name__ == "__main__":
    main()

"""The least that any ingest of a mirror does: decode its files with msgspec, write the rows to a new DuckDB file.

    python tests/benchmarks/floor.py MIRROR FILE

It keeps no documents, reads no meaning, derives nothing, checks nothing, publishes nothing.
"""

from __future__ import annotations

import gc
import sys
from collections import defaultdict
from pathlib import Path

import duckdb
import polars as pl

from etl.source import WrongSeason
from etl.sources.nascar_feed import NascarFeed

_TYPES = {str: pl.String, int: pl.Int64, float: pl.Float64, bool: pl.Boolean}


def main(mirror: Path, target: Path) -> None:
    """Decode and write."""
    source = NascarFeed()
    rows: dict[str, list[tuple[object, ...]]] = defaultdict(list)
    folder = mirror / "cf.nascar.com" / "cacher"
    gc.disable()
    for file in [*folder.glob("*/race_list_basic.json"), *folder.glob("*/*/*/weekend-feed.json")]:
        key = str(file.relative_to(folder).with_suffix(""))
        try:
            parsed = source.parse(key, file.read_bytes())
        except WrongSeason:
            continue
        for name, found in parsed.rows.items():
            rows[name] += map(source.tables[name].values, found)
    con = duckdb.connect(target)
    for name, values in rows.items():
        columns = source.tables[name].columns
        rows_of_table = pl.DataFrame(
            [
                pl.Series(column, value, _TYPES[kind])
                for (column, kind), value in zip(columns.items(), zip(*values, strict=True), strict=True)
            ]
        )
        con.register("frame", rows_of_table)
        con.execute(f"CREATE TABLE {name} AS FROM frame")
    con.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

"""The floor as it was measured before: our own parsers decode, so that what they cost is in both sides of the ratio.

    python -m tests.benchmarks.own_parsers FILE SOURCES MIRROR...

SOURCES are ids joined by commas, each MIRROR a folder laid out as HOST/PATH. It keeps no documents, derives nothing, checks nothing,
publishes nothing: the ratio to it is what all but parsing costs. `floor.py` is the floor that is written apart.
"""

from __future__ import annotations

import gc
import sys
from collections import defaultdict
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from nascar_warehouse.etl.documents import Document, Rows, Selection, Source, WrongSeason
from nascar_warehouse.etl.extract.mirror import FolderMirror
from nascar_warehouse.etl.sources.nascar_feed import NascarFeed
from nascar_warehouse.etl.sources.nascar_results import NascarResults
from nascar_warehouse.etl.sources.racing_data import RacingData

_TYPES = {str: pl.String, int: pl.Int64, float: pl.Float64, bool: pl.Boolean}
_SOURCES: tuple[Source, ...] = (NascarFeed(), RacingData(), NascarResults())


def main(target: Path, wanted: list[str], mirrors: list[Path]) -> None:
    """Decode and write."""
    gc.disable()
    con = duckdb.connect(target)
    for source in _SOURCES:
        if source.source_id in wanted:
            rows: dict[str, list[Rows]] = defaultdict(list)
            for mirror in mirrors:
                read(source, FolderMirror(mirror), rows)
            for name, parts in rows.items():
                write(con, source, name, parts)
    con.close()


def read(source: Source, mirror: FolderMirror, rows: dict[str, list[Rows]]) -> None:
    """Read every document of a source that the mirror has."""
    # Far enough for a mirror that a benchmark filled with seasons to come.
    selection = Selection(date(2200, 1, 1))

    def content(document: Document) -> bytes:
        return mirror.fetch(document.url).body

    for root in source.index_documents(selection):
        if body := content(root):
            try:
                parts = [
                    (root, body),
                    *((branch, content(branch)) for branch in source.detail_documents(root, body, selection)),
                ]
            except WrongSeason:
                continue
            for document, there in parts:
                if there:
                    for name, found in source.parse(document.key, there).rows.items():
                        rows[name].append(found)


def write(con: duckdb.DuckDBPyConnection, source: Source, name: str, parts: list[Rows]) -> None:
    """Write the rows of one table."""
    columns = source.tables[name].columns
    frames = [part for part in parts if isinstance(part, pl.DataFrame)]
    values = [
        row for part in parts if not isinstance(part, pl.DataFrame) for row in map(source.tables[name].values, part)
    ]
    if values:
        frames.append(
            pl.DataFrame(
                [
                    pl.Series(column, value, _TYPES[kind])
                    for (column, kind), value in zip(columns.items(), zip(*values, strict=True), strict=True)
                ]
            )
        )
    con.register("frame", pl.concat(frames))
    con.execute(f"CREATE TABLE {name} AS FROM frame")
    con.unregister("frame")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2].split(","), list(map(Path, sys.argv[3:])))

"""Rows on their way into the raw tables: what waits, what is written, and that none is lost or written twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import duckdb
import polars as pl
import pytest

from nascar_warehouse.etl.documents import Version
from nascar_warehouse.etl.load.copied_tables import CopiedTables
from nascar_warehouse.etl.load.pending_rows import BATCH_ROWS, PendingRows
from nascar_warehouse.etl.load.raw_tables import RawTables
from nascar_warehouse.etl.sources.nascar_feed import SOURCE
from nascar_warehouse.etl.sources.nascar_feed_laps import Lap
from nascar_warehouse.warehouse.storage.home import ROW_GROUP

LAPS = SOURCE.tables["nascar_feed_laps"]


def version(number: int) -> Version:
    """A version of a document of lap times, fetched in its own minute."""
    fetched = datetime(2026, 3, 1, 20, number, tzinfo=UTC)
    return Version(
        number, SOURCE.source_id, f"2026/1/{number}/lap-times", "", "", 0, 200, None, None, "network", fetched
    )


def laps(count: int) -> list[Lap]:
    """The laps of one car."""
    return [Lap(5600, "5", None, "Kyle Larson", lap, 30.5, None, 1) for lap in range(count)]


def frame_of(count: int) -> pl.DataFrame:
    """The same laps, as a frame."""
    first = PendingRows(LAPS)
    first.add(version(0), laps(1))
    return pl.concat([first.take_all().drop("document_id", "loaded_at")] * count)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA raw")
        yield con


def rows_by_document(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    found = con.execute("SELECT document_id, count(*) FROM raw.nascar_feed_laps GROUP BY ALL").fetchall()
    return dict(found)


def test_whole_row_groups_are_written_at_once_and_the_rest_at_the_end(con: duckdb.DuckDBPyConnection) -> None:
    tables = RawTables(con)
    tables.create([SOURCE])
    first, second = version(1), version(2)
    tables.add(SOURCE, first, {"nascar_feed_laps": frame_of(BATCH_ROWS - 1)})
    assert {} == rows_by_document(con)
    tables.add(SOURCE, second, {"nascar_feed_laps": frame_of(ROW_GROUP + 3)})
    assert BATCH_ROWS + ROW_GROUP == sum(rows_by_document(con).values())
    tables.write([SOURCE])
    assert {first.document_id: BATCH_ROWS - 1, second.document_id: ROW_GROUP + 3} == rows_by_document(con)


def test_each_row_has_its_document_whether_it_came_as_a_struct_or_in_a_frame() -> None:
    pending = PendingRows(LAPS)
    pending.add(version(1), laps(2))
    pending.add(version(2), frame_of(1))
    pending.add(version(3), laps(2_000))
    pending.add(version(4), laps(1))
    assert 2_004 == len(pending)
    counts = dict(
        pending.take_all().group_by("document_id", "loaded_at").len().select("document_id", "len").iter_rows()
    )
    assert {version(n).document_id: rows for n, rows in ((1, 2), (2, 1), (3, 2_000), (4, 1))} == counts
    assert 0 == len(pending)


def test_a_table_without_rows_has_its_columns() -> None:
    assert [*LAPS.columns, "document_id", "loaded_at"] == PendingRows(LAPS).take_all().columns


def test_a_copy_knows_what_the_rows_that_come_and_go_have_in_a_column(con: duckdb.DuckDBPyConnection) -> None:
    written = RawTables(con)
    written.create([SOURCE])
    written.add(SOURCE, version(1), {"nascar_feed_laps": laps(2)})
    written.write([SOURCE])
    con.execute("CREATE TABLE raw.documents (source_id VARCHAR, document_id VARCHAR, state VARCHAR)")
    con.execute("INSERT INTO raw.documents VALUES (?, ?, 'loaded')", [SOURCE.source_id, version(1).document_id])
    tables = CopiedTables(con)
    tables.add(SOURCE, version(2), {"nascar_feed_laps": [Lap(5601, "5", None, "Kyle Larson", 1, 30.5, None, 1)]})
    tables.note_changes([SOURCE], [version(1).document_id])
    assert frozenset({"5601"}) == tables.changing_values("raw.nascar_feed_laps", "race_id")
    tables.note_changes([SOURCE], [])
    assert frozenset({"5600", "5601"}) == tables.changing_values("raw.nascar_feed_laps", "race_id")
    assert tables.changing_values("raw.nascar_feed_laps", "season") is None
    assert {"raw.nascar_feed_laps", "raw.documents"} <= tables.changing
    assert tables.changing_values("raw.documents", "source_id") is None

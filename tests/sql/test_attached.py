"""The file attached to another database, as dbt and BI tools do it, under a name that is not the file's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest


@pytest.fixture
def con(home_of_almanac: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{home_of_almanac / 'nascar.duckdb'}' AS stats (READ_ONLY)")
        yield con


def test_every_view_is_read_under_the_name(con: duckdb.DuckDBPyConnection) -> None:
    views = con.execute(
        "SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE database_name = 'stats' AND NOT internal"
    ).fetchall()
    assert len(views) > 100
    for (view,) in views:
        con.execute(f"FROM stats.{view} LIMIT 1").fetchall()


def test_a_view_of_the_other_database_reads_it(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "CREATE VIEW closest AS SELECT race_id, margin_seconds FROM stats.marts.closest_finishes WHERE rank = 1"
    )
    assert con.execute("FROM closest").fetchall()


@pytest.mark.parametrize(
    "ranking", ["marts.closest(track := 'talladega')", "marts.head_to_head('kyle larson', 'chris buescher')"]
)
def test_a_ranking_with_arguments_works_once_the_file_is_in_use(con: duckdb.DuckDBPyConnection, ranking: str) -> None:
    con.execute("USE stats")
    assert con.execute(f"FROM {ranking}").fetchall()
    # The name of the other database still leads to its tables.
    con.execute("CREATE TABLE memory.main.mine AS SELECT 1 AS one")
    assert [(1,)] == con.execute("FROM memory.main.mine").fetchall()

"""An export for Spark or PostgreSQL: loaded there, each view of marts and ops has the rows that it has in DuckDB."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb
import pytest

from nascar_warehouse.warehouse.export.export import export
from nascar_warehouse.warehouse.export.relations import Relation, read_relations
from nascar_warehouse.warehouse.storage.connection import open_published
from nascar_warehouse.warehouse.storage.home import Home
from tests.support import nascar_results_files, racing_data_files
from tests.support.commands import run_on
from tests.support.engines import run_postgres, run_spark
from tests.support.feed import FeedFolder, laps, result
from tests.support.made_season import YEAR, made_race, put_season
from tests.support.nascar_results_files import NascarResultsFolder
from tests.support.odd_races import ANN, BOB, CY
from tests.support.racing_data_files import RacingDataFolder

SPARK_TYPES = {"VARCHAR": "string", "INTEGER": "int", "TIMESTAMP": "timestamp_ntz"}
POSTGRES_TYPES = {"VARCHAR": "text", "TIMESTAMP": "timestamp without time zone", "DOUBLE": "double precision"}


@pytest.fixture(scope="module")
def varied(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with something in each view: sources that disagree, a correction, overtime, a car that one list lacks."""
    folder = tmp_path_factory.mktemp("varied")
    feed, results, history = FeedFolder(folder), NascarResultsFolder(folder), RacingDataFolder(folder)
    field = [result(1, ANN, laps_led=100), result(2, BOB, diff_time=123), result(3, CY, diff_time=123)]
    overtime = [result(place, name, laps_completed=104) for place, name in enumerate((BOB, ANN, CY), 1)]
    stretches = [(1, 59, "11"), (60, 103, "12"), (104, 104, "11")]
    late = made_race(
        2,
        overtime,
        actual_laps=104,
        actual_distance=156.0,
        margin_of_victory="Under Caution",
        number_of_lead_changes=2,
        race_leaders=[
            {"race_id": 9002, "start_lap": start, "end_lap": end, "car_number": car} for start, end, car in stretches
        ],
    )
    put_season(feed, made_race(1, field), late)
    feed.put(f"{YEAR}/1/9001/lap-times.json", laps({"11": ANN, "12": BOB, "13": CY}, 100))
    results.put_results(
        *nascar_results_files.results(1, ANN, CY, BOB, season=YEAR),
        *nascar_results_files.results(2, BOB, ANN, CY, season=YEAR),
    )
    history.put_season(
        [
            racing_data_files.race(1, race_speed="151.5"),
            racing_data_files.race(2, race_winner_name=BOB, race_cautions="7"),
        ],
        [*racing_data_files.results(1, ANN, BOB, CY, "Dee Unlisted"), *racing_data_files.results(2, BOB, ANN, CY)],
    )
    home = folder / "home"
    sources = ("nascar_feed", "nascar_results", "racing_data")
    assert 0 == run_on(home, "ingest", *sources, "--mirror", folder, "--with", "laps").code
    put_season(feed, made_race(1, field, margin_of_victory="0.124"), late)
    assert 0 == run_on(home, "ingest", "nascar_feed", "--mirror", folder).code
    return Home(home)


def views_of(con: duckdb.DuckDBPyConnection) -> list[Relation]:
    views = {name for (name,) in con.execute("SELECT schema_name || '.' || view_name FROM duckdb_views()").fetchall()}
    return [relation for relation in read_relations(con, ["marts", "ops"]) if relation.name in views]


def without_rows(con: duckdb.DuckDBPyConnection, views: list[Relation]) -> set[str]:
    return {view.name for view in views if not con.execute(f"FROM {view.name} LIMIT 1").fetchall()}


def differing(con: duckdb.DuckDBPyConnection, view: Relation, copy: str) -> list[tuple[object, ...]]:
    """Rows that only one side has, equal rows counted."""
    both = f"(FROM {view.name} EXCEPT ALL {copy}) UNION ALL ({copy} EXCEPT ALL FROM {view.name})"
    return con.execute(f"{both} LIMIT 5").fetchall()


def test_views_are_equal_in_spark(varied: Home, tmp_path: Path) -> None:
    export(varied, tmp_path / "export", "spark")
    run_spark(tmp_path / "export", tmp_path / "out")
    with open_published(varied) as con:
        views = views_of(con)
        for view in views:
            types = dict(json.loads((tmp_path / "out" / f"{view.name}.types").read_text()))
            expected = {column.name: SPARK_TYPES.get(column.type, column.type.lower()) for column in view.columns}
            assert expected == types, view.name
            copy = f"SELECT * FROM read_parquet('{tmp_path}/out/{view.name}/*.parquet')"
            assert [] == differing(con, view, copy), view.name
        assert {"ops.unmatched"} == without_rows(con, views)
    assert len(views) > 30


def test_views_are_equal_in_postgres(varied: Home, tmp_path: Path) -> None:
    export(varied, tmp_path / "export", "postgres")
    run_postgres(tmp_path / "export", tmp_path / "out")
    with (tmp_path / "out" / "types.csv").open(encoding="utf-8") as file:
        types = {(row["relation"], row["name"]): row["type"] for row in csv.DictReader(file)}
    with open_published(varied) as con:
        views = views_of(con)
        for view in views:
            for column in view.columns:
                expected = POSTGRES_TYPES.get(column.type, column.type.lower().replace("decimal", "numeric"))
                assert expected == types[view.name, column.name], f"{view.name}.{column.name}"
            columns = ", ".join(f"'{column.name}': '{column.type}'" for column in view.columns)
            form = """header = true, quote = '"', escape = '"', allow_quoted_nulls = false"""
            copy = f"SELECT * FROM read_csv('{tmp_path}/out/{view.name}.csv', {form}, columns = {{{columns}}})"
            assert [] == differing(con, view, copy), view.name
        assert {"ops.unmatched"} == without_rows(con, views)
    assert len(views) > 30

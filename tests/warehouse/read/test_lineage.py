"""Every column is traced to what sources sent, whatever the SQL between."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.read.lineage import Schema, Tracer
from tests.conftest import Nascar, ask_file


@pytest.fixture(scope="module")
def tracer(home_of_almanac: Path) -> Tracer:
    schema: Schema = {}
    for of_schema, relation, column, kind in ask_file(
        home_of_almanac / "nascar.duckdb",
        "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY column_index",
    ):
        schema.setdefault(of_schema, {}).setdefault(relation, {})[column] = kind
    return Tracer(schema)


@pytest.mark.parametrize(
    ("column", "read"),
    [
        ("marts.closest_finishes.margin_feet_estimate", ["marts.finishes.margin_feet_estimate"]),
        (
            "marts.finishes.margin_feet_estimate",
            [
                "core.laps.lap_speed_mph",
                "core.race_margins.margin_seconds",
                "core.races.average_speed_mph",
                "core.races.pole_speed_mph",
            ],
        ),
        ("core.races.race_name", ["core.race_selections.race_name"]),
        ("staging.nascar_feed_laps.lap_speed_mph", ["raw.nascar_feed_laps.lap_speed"]),
        ("raw.nascar_feed_laps.lap_speed", []),
    ],
)
def test_a_column_is_made_of_what_its_expression_reads(tracer: Tracer, column: str, read: list[str]) -> None:
    assert read == tracer.read_by(column)


def test_a_conformed_relation_is_made_of_every_source_with_the_column(tracer: Tracer) -> None:
    assert "staging.nascar_feed__races.race_name" in tracer.read_by("staging.source_races.race_name")


def test_the_parts_of_a_union_by_name_are_matched_by_name(tracer: Tracer) -> None:
    assert ["ops.result_discrepancies.entry_key"] == tracer.read_by("ops.discrepancies.entry_key")


def test_a_name_is_found_in_any_capitals_and_an_unknown_one_is_refused(tracer: Tracer) -> None:
    assert "core.races.race_name" == tracer.find("CORE.Races.race_name")
    with pytest.raises(UsageError, match=r"did you mean core\.races\.race_name"):
        tracer.find("core.races.race_nam")


@pytest.mark.usefixtures("almanac")
def test_the_command_prints_the_origins(nascar: Nascar) -> None:
    left = nascar("lineage", "core.laps.lap_speed_mph", "--origins", "--format", "json")
    assert (0, "", [{"origin": "raw.nascar_feed_laps.lap_speed"}]) == (left.code, left.err, json.loads(left.out))


@pytest.mark.usefixtures("almanac")
def test_the_command_prints_the_steps(nascar: Nascar) -> None:
    left = nascar("lineage", "core.laps.lap_speed_mph", "--format", "csv")
    assert "1,core.laps.lap_speed_mph,staging.source_laps.lap_speed_mph,false" == left.out.splitlines()[1]
    assert "made of 1 columns of sources and seeds" in left.err


@pytest.mark.slow  # Half a minute of sqlglot.
def test_every_public_column_can_be_traced(tracer: Tracer, home_of_almanac: Path) -> None:
    with duckdb.connect(home_of_almanac / "nascar.duckdb", read_only=True) as con:
        columns = con.execute(
            "SELECT schema_name || '.' || table_name || '.' || column_name FROM duckdb_columns() WHERE schema_name IN ('staging', 'core', 'marts', 'ops') AND NOT internal"
        ).fetchall()
    assert len(columns) > 1_500
    for (column,) in columns:
        tracer.read_by(column)

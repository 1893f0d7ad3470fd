"""A source that only has staging files is part of every table, behind the sources whose precedence is declared."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import duckdb
import pytest

from nascar_warehouse.warehouse.build import runner, script_files

RACES = """-- Grain: race_key
CREATE OR REPLACE VIEW staging.gazette__races AS
SELECT race_key, 'gazette' AS reading, 'cup' AS series_id, season::INTEGER AS season, race_number::INTEGER AS race_number,
  race_date::DATE AS race_date, race_name, track_name, winner AS winner_name, 'gazette:1' AS document_id
FROM (
  VALUES
  ('a', 1990, 28, '1990-10-21', 'AC Delco 500', 'North Carolina Speedway', 'Ann Editor'),
  ('b', 2003, 5, '2003-03-16', 'Carolina Dodge Dealers 400', 'Darlington Raceway', 'Ricky Craven')
) AS listed (race_key, season, race_number, race_date, race_name, track_name, winner);
COMMENT ON VIEW staging.gazette__races IS 'Races';
"""
RESULTS = """-- Grain: race_key, driver_name
CREATE OR REPLACE VIEW staging.gazette__results AS
SELECT race_key, 'gazette' AS reading, 'cup' AS series_id, season::INTEGER AS season, driver_name, car_number,
  finish_position::INTEGER AS finish_position, laps::INTEGER AS laps_completed, 'gazette:1' AS document_id
FROM (
  VALUES
  ('a', 1990, 'Ann Editor', '07', 1, 492), ('a', 1990, 'Bob Printer', '8', 2, 492),
  ('a', 1990, 'Di Typist', '9', 3, 491),
  ('b', 2003, 'Ricky Craven', '23', 1, 293), ('b', 2003, 'Kurt Busch', '97', 2, 293), ('b', 2003, 'Cy Reader', '1', 3, 292)
) AS listed (race_key, season, driver_name, car_number, finish_position, laps);
COMMENT ON VIEW staging.gazette__results IS 'Results';
"""
MARGINS = """-- Grain: race_key
CREATE OR REPLACE VIEW staging.gazette__margins AS
SELECT race_key, 'gazette' AS reading, 'printed' AS verification, margin_text, 'time' AS margin_kind,
  margin_seconds::DECIMAL(12, 4) AS margin_value, 'seconds' AS margin_unit, margin_seconds::DECIMAL(9, 4) AS margin_seconds,
  3::TINYINT AS margin_decimals, FALSE AS is_lower_bound, FALSE AS is_approximate, 'gazette:1' AS document_id
FROM (VALUES ('a', '0.051 sec', 0.051), ('b', '0.5 sec', 0.5)) AS listed (race_key, margin_text, margin_seconds);
COMMENT ON VIEW staging.gazette__margins IS 'Margins';
"""


@pytest.fixture(scope="module")
def con(home_of_almanac: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse of the almanac and a gazette, which has three files in sql/staging/ and nothing else."""
    folder = tmp_path_factory.mktemp("gazette")
    shutil.copytree(str(files("nascar_warehouse.sql")), folder / "sql")
    for name, text in {"races": RACES, "results": RESULTS, "margins": MARGINS}.items():
        (folder / "sql" / "staging" / f"gazette__{name}.sql").write_text(text)
    path = folder / "nascar.duckdb"
    shutil.copyfile(home_of_almanac / "nascar.duckdb", path)
    with duckdb.connect(path) as con, pytest.MonkeyPatch.context() as patch:
        con.execute(
            "INSERT INTO raw.documents BY NAME SELECT * REPLACE ('gazette:1' AS document_id, 'gazette' AS source_id)"
            " FROM raw.documents LIMIT 1"
        )
        patch.setattr(script_files, "files", lambda _: folder / "sql")
        ordered = script_files.order_scripts()
        patch.setattr(runner, "read_scripts", lambda: ordered)
        runner.make_relations(con, path)
        yield con


def ask(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    return con.execute(query).fetchall()


def test_its_margin_is_in_the_ranking_of_its_time(con: duckdb.DuckDBPyConnection) -> None:
    rows = ask(
        con,
        "SELECT race_id, winner, runner_up, margin_text, source_id FROM marts.closest_finishes_before_1993"
        " WHERE source_id = 'gazette'",
    )
    assert [("cup-1990-28", "Ann Editor", "Bob Printer", "0.051 sec", "gazette")] == rows


def test_its_drivers_have_ids(con: duckdb.DuckDBPyConnection) -> None:
    rows = ask(con, "SELECT driver_id, uses FROM core.driver_names WHERE source_id = 'gazette' ORDER BY driver_id")
    assert ["ann-editor", "bob-printer", "cy-reader", "di-typist", "kurt-busch", "ricky-craven"] == [
        name for name, _ in rows
    ]
    assert {1} == {uses for _, uses in rows}


def test_its_race_is_matched_to_that_of_another_source(con: duckdb.DuckDBPyConnection) -> None:
    rows = ask(
        con, "SELECT race_key, race_id, matched_by FROM core.listed_races WHERE source_id = 'gazette' ORDER BY 1"
    )
    assert [("a", "cup-1990-28", "number and venue"), ("b", "cup-2003-05", "number and venue")] == rows


def test_what_another_source_states_is_selected_before_it(con: duckdb.DuckDBPyConnection) -> None:
    rows = ask(
        con,
        "SELECT chosen_reading, other_reading, other_value FROM ops.discrepancies"
        " WHERE race_id = 'cup-2003-05' AND fact = 'margin_line'",
    )
    assert [("almanac", "gazette", "0.5 sec")] == rows


def test_its_source_values_have_the_default_of_each_fact(con: duckdb.DuckDBPyConnection) -> None:
    rows = ask(
        con,
        "SELECT DISTINCT split_part(known.reason, ';', 1) FROM core.fact_precedence AS known"
        " WHERE known.reading = 'gazette' AND known.precedence > ALL (SELECT other.precedence"
        " FROM core.fact_precedence AS other WHERE other.fact = known.fact AND other.reading <> 'gazette')",
    )
    assert [("any other source, after all that are listed",)] == rows

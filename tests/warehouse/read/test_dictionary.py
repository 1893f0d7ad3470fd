"""The warehouse says what it holds, in the words of its comments."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.export.relations import read_relations
from nascar_warehouse.warehouse.read.dictionary import describe_columns, describe_relations, describe_use
from nascar_warehouse.warehouse.read.references import KEYS, find_target
from nascar_warehouse.warehouse.storage.connection import open_published
from nascar_warehouse.warehouse.storage.home import Home


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a small warehouse; for reading only."""
    small = Home(tmp_path_factory.mktemp("small"))
    with duckdb.connect(small.published) as con:
        for schema in ("raw", "staging", "core", "marts", "ops"):
            con.execute(f"CREATE SCHEMA {schema}")
        con.execute(
            "CREATE TABLE raw.races (race_id BIGINT);"
            "CREATE VIEW staging.races AS FROM raw.races;"
            "CREATE TABLE core.races (race_id VARCHAR NOT NULL, distance_miles DECIMAL(9, 3), loaded_at TIMESTAMPTZ);"
            "COMMENT ON TABLE core.races IS 'Every race; grain: race_id, loaded_at (may be NULL)';"
            "COMMENT ON COLUMN core.races.race_id IS 'Our id';"
            "COMMENT ON COLUMN core.races.distance_miles IS 'How far, in miles';"
            "CREATE VIEW marts.closest_finishes AS SELECT race_id AS race FROM core.races;"
            "COMMENT ON VIEW marts.closest_finishes IS 'The ranking';"
            "CREATE MACRO marts.closest(series := 'cup', track := NULL) AS TABLE FROM core.races;"
            "COMMENT ON MACRO TABLE marts.closest IS 'The ranking of a series; grain: race_id';"
            "CREATE MACRO core.slug(text) AS lower(text);"
            "CREATE TABLE ops.loads (load_id INTEGER);"
        )
    return small


def test_the_public_relations_are_listed_with_kind_grain_and_comment_in_order(small: Home) -> None:
    rows = describe_relations(small)
    assert (
        ["relation", "kind", "grain", "description"],
        [
            ("core.races", "table", "race_id, loaded_at (may be NULL)", "Every race"),
            ("marts.closest(series, track)", "macro", "race_id", "The ranking of a series"),
            ("marts.closest_finishes", "view", None, "The ranking"),
            ("ops.loads", "table", None, None),
        ],
    ) == (rows.columns, rows.values)


def test_the_columns_of_a_relation_are_listed_with_type_grain_and_comment_in_their_order(small: Home) -> None:
    rows = describe_columns(small, "core.races")
    assert (
        ["column", "type", "is_in_grain", "refers_to", "description"],
        [
            ("race_id", "VARCHAR", True, None, "Our id"),
            ("distance_miles", "DECIMAL(9,3)", False, None, "How far, in miles"),
            ("loaded_at", "TIMESTAMP WITH TIME ZONE", True, None, None),
        ],
    ) == (rows.columns, rows.values)


@pytest.mark.parametrize("name", ["races", "core.races", "CORE.Races", "RACES"])
def test_a_relation_is_found_with_and_without_its_schema(small: Home, name: str) -> None:
    assert describe_columns(small, "core.races") == describe_columns(small, name)


def test_a_view_has_columns(small: Home) -> None:
    assert [("race", "VARCHAR", False, None, None)] == describe_columns(small, "closest_finishes").values


def test_a_macro_is_described_by_its_arguments(small: Home) -> None:
    rows = describe_columns(small, "closest")
    assert (
        ["relation", "kind", "grain", "description"],
        [("marts.closest(series, track)", "macro", "race_id", "The ranking of a series")],
    ) == (rows.columns, rows.values)


@pytest.mark.parametrize(
    ("name", "nearest"), [("race", "races"), ("core.rces", "core.races"), ("closest_finish", "closest_finishes")]
)
def test_an_unknown_name_is_refused_with_the_nearest_ones(small: Home, name: str, nearest: str) -> None:
    with pytest.raises(UsageError) as refusal:
        describe_columns(small, name)
    assert f"there is no relation {name!r}" == refusal.value.problem
    assert nearest in refusal.value.advice


@pytest.mark.parametrize("name", ["xyzzy", "", "raw.races", "staging.races", "a'b", "%"])
def test_a_name_of_nothing_public_is_refused(small: Home, name: str) -> None:
    with pytest.raises(UsageError, match="there is no relation"):
        describe_columns(small, name)


def test_a_name_that_is_near_to_nothing_is_refused_with_the_way_to_the_list(small: Home) -> None:
    with pytest.raises(UsageError, match="`nascar describe` lists them"):
        describe_columns(small, "xyzzy")


@pytest.mark.parametrize("name", [None, "races"])
def test_without_a_warehouse_the_way_to_one_is_said(tmp_path: Path, name: str | None) -> None:
    nowhere = Home(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="nascar build"):
        describe_columns(nowhere, name) if name else describe_relations(nowhere)


def test_a_column_that_is_an_id_says_of_what(home_of_almanac: Path) -> None:
    targets = {row[0]: row[3] for row in describe_columns(Home(home_of_almanac), "core.race_margins").values}
    assert ("core.races", "core.drivers", "ops.documents", None) == (
        targets["race_id"],
        targets["runner_up_id"],
        targets["document_id"],
        targets["margin_seconds"],
    )


def test_every_reference_finds_its_row(history: Path) -> None:
    # With fewer sources a row may refer to what only another source has.
    with open_published(Home(history)) as con:
        references = [
            (relation.name, column.name, target)
            for relation in read_relations(con)
            for column in relation.columns
            if (target := find_target(relation.name, column.name))
        ]
        checks = [
            f"SELECT '{relation}.{column}' FROM {relation} WHERE {column} IS NOT NULL AND {column} NOT IN (SELECT {KEYS[target]} FROM {target})"
            for relation, column, target in references
        ]
        assert len(checks) > 100
        assert set() == set(con.execute("\nUNION\n".join(checks)).fetchall())


def test_the_use_of_a_relation_is_its_grain_and_an_example(home_of_almanac: Path) -> None:
    kind, grain, example = describe_use(Home(home_of_almanac), "core.race_margins")
    assert kind.startswith("core.race_margins, a table: The margin of victory")
    assert "one row for each race_id, basis" == grain
    assert 'example: nascar query "FROM core.race_margins LIMIT 5"' == example


def test_the_use_of_a_macro_has_its_parameters_with_their_defaults(home_of_almanac: Path) -> None:
    *_, parameters, example = describe_use(Home(home_of_almanac), "head_to_head")
    assert parameters.startswith("parameters: driver, other, series := 'cup', season_from := NULL")
    assert "example: nascar query \"FROM marts.head_to_head('denny hamlin', 'kyle busch')\"" == example


@pytest.mark.parametrize("name", ["closest", "head_to_head", "core.races"])
def test_the_example_runs(home_of_almanac: Path, name: str) -> None:
    *_, example = describe_use(Home(home_of_almanac), name)
    with open_published(Home(home_of_almanac)) as con:
        con.execute(example.split('"')[1]).fetchall()

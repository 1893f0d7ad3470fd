"""The affected races, and a statement that reads only theirs."""

from __future__ import annotations

import duckdb
import pytest

from nascar_warehouse.warehouse.build.declared import BY_KEY, BY_RACE, BY_SOURCE
from nascar_warehouse.warehouse.build.scope import FEW_RACES, RaceIds, Scope, replace_relations


def test_a_relation_is_replaced_under_its_name_or_its_alias() -> None:
    statement = "SELECT r.a, races.b FROM core.results AS r INNER JOIN core.races ON r.id = races.id"
    expected = "SELECT r.a, races.b FROM (one) AS r INNER JOIN two AS races ON r.id = races.id"
    assert expected == replace_relations(statement, {"core.results": "(one)", "core.races": "two"})


@pytest.mark.parametrize("statement", ["SELECT 'core.races' -- core.races\nFROM core.racesque", "SELECT core.f(races)"])
def test_what_is_no_relation_stays(statement: str) -> None:
    assert statement == replace_relations(statement, {"core.races": "x"})


@pytest.mark.parametrize(
    ("incremental", "columns", "expected"),
    [
        (BY_RACE, ["race_id", "race_key"], "race_id IN ('cup-2024-01', 'o''brien')"),
        (BY_RACE, ["source_id", "race_key"], "race_key IN ('5')"),
        (BY_RACE, ["source_id", "driver_name"], None),
        (BY_KEY, ["race_id", "source_id", "race_key"], "race_key IN ('5')"),
        (BY_SOURCE, ["race_id", "source_id"], "FALSE"),
    ],
)
def test_a_scope_says_which_rows_of_a_relation_are_its_own(
    incremental: tuple[str, ...], columns: list[str], expected: str | None
) -> None:
    assert expected == Scope({"cup-2024-01", "o'brien"}, {"5"}).condition(incremental, columns)


@pytest.fixture
def ids() -> RaceIds:
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA core")
        con.execute(
            "CREATE TABLE core.source_races AS FROM (VALUES ('cup-2024-01', '5', 'feed'), ('cup-2024-01', 'One', 'list'),"
            " ('cup-2024-02', '6', 'feed')) AS races (race_id, race_key, source_id)"
        )
        return RaceIds(con)


def test_a_race_is_affected_in_every_source_that_has_it(ids: RaceIds) -> None:
    scope = Scope(keys={"5"})
    assert ids.complete(scope)
    assert {"cup-2024-01"} == scope.races & {"cup-2024-01", "cup-2024-02"}
    assert {"5", "One"} <= scope.keys
    assert {"feed", "list"} == scope.sources


def test_what_is_keyed_by_our_ids_needs_no_match(ids: RaceIds) -> None:
    scope = Scope(keys={"cup-1949-01"})
    ids.complete(scope)
    assert "cup-1949-01" in scope.races


def test_a_share_of_all_races_is_too_many() -> None:
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA core")
        con.execute(
            f"CREATE TABLE core.source_races AS SELECT i AS race_id, i AS race_key, 'feed' AS source_id"
            f" FROM (SELECT range::VARCHAR AS i FROM range({10 * FEW_RACES}))"
        )
        ids = RaceIds(con)
    assert ids.complete(Scope(keys={str(key) for key in range(FEW_RACES)}))
    assert ids.complete(Scope(keys={str(key) for key in range(2 * FEW_RACES)}))
    assert not ids.complete(Scope(keys={str(key) for key in range(5 * FEW_RACES)}))

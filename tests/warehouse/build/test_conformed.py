"""Each source's conformed views are united by the build; one that does not keep the declaration is refused by name."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from nascar_warehouse.warehouse.build.conformed import conform, members_by_union
from nascar_warehouse.warehouse.build.script_files import parse_script
from nascar_warehouse.warehouse.build.scripts import Script, read_scripts
from nascar_warehouse.warehouse.errors import InvalidSql

DECLARATION = (
    "-- Grain: source_id, race_key, reading\n"
    "CREATE OR REPLACE VIEW staging.source_races AS\n"
    "SELECT NULL::VARCHAR AS source_id, NULL::VARCHAR AS race_key, NULL::VARCHAR AS reading, NULL::INTEGER AS leaders,\n"
    "  NULL::VARCHAR AS document_id\n"
    "WHERE FALSE;\n"
    "COMMENT ON VIEW staging.source_races IS 'Races';\n"
    "COMMENT ON COLUMN staging.source_races.leaders IS 'Leaders';\n"
)
COLUMNS = "'k' AS race_key, 'list' AS reading, 'd' AS document_id"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA staging")
        yield con


def unite(con: duckdb.DuckDBPyConnection, **members: str) -> list[tuple[object, ...]]:
    """The rows of the union of views of these columns, one a source."""
    for name, columns in members.items():
        con.execute(f"CREATE VIEW staging.{name} AS SELECT {columns}")
    declaration = parse_script("staging", "source_races", DECLARATION)
    script = Script(
        declaration.schema,
        declaration.name,
        declaration.text,
        declaration.header,
        declaration.reads,
        declaration.statements,
        declaration.kind,
        declaration.grain,
        frozenset(f"staging.{name}" for name in members),
    )
    for statement in conform(con, script):
        con.execute(statement)
    return con.execute("FROM staging.source_races ORDER BY ALL").fetchall()


def test_a_union_has_the_rows_of_every_source_with_its_name(con: duckdb.DuckDBPyConnection) -> None:
    rows = unite(con, one__races=f"{COLUMNS}, 5 AS leaders", two_tables__races=f"{COLUMNS}, 6 AS leaders")
    assert [("one", "k", "list", 5, "d"), ("two_tables", "k", "list", 6, "d")] == rows


def test_a_column_that_a_source_leaves_out_is_null(con: duckdb.DuckDBPyConnection) -> None:
    assert [("one", "k", "list", None, "d")] == unite(con, one__races=COLUMNS)


def test_a_union_keeps_the_comments_of_its_declaration(con: duckdb.DuckDBPyConnection) -> None:
    unite(con, one__races=COLUMNS)
    comments = con.execute("SELECT comment FROM duckdb_columns() WHERE table_name = 'source_races' AND comment <> ''")
    assert [("Leaders",)] == comments.fetchall()


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ("'k' AS race_key, 'd' AS document_id", "has no column reading"),
        ("'k' AS race_key, 'list' AS reading", "has no column document_id"),
        (f"{COLUMNS}, 5 AS laeders", "has a column laeders, which staging.source_races does not declare"),
        (f"{COLUMNS}, 'two' AS source_id", "has a column source_id"),
        (f"{COLUMNS}, 'five' AS leaders", "leaders is VARCHAR, and staging.source_races declares INTEGER"),
    ],
)
def test_a_view_that_does_not_keep_the_declaration_is_refused(
    con: duckdb.DuckDBPyConnection, columns: str, words: str
) -> None:
    with pytest.raises(InvalidSql, match=words) as refusal:
        unite(con, one__races=columns)
    assert "sql/staging/one__races.sql" in refusal.value.problem


def test_the_members_of_a_union_are_known_by_their_names() -> None:
    names = ["staging.a__races", "staging.a_b__races", "staging.a__laps", "staging.a_races", "core.a__races"]
    expected = {
        "staging.source_races": frozenset({"staging.a__races", "staging.a_b__races"}),
        "staging.source_laps": frozenset({"staging.a__laps"}),
    }
    assert expected == members_by_union(names)


@pytest.mark.parametrize("script", [script for script in read_scripts() if script.members], ids=lambda s: s.relation)
def test_a_union_comes_after_its_members(script: Script) -> None:
    order = [script.relation for script in read_scripts()]
    assert script.members == {name for name in order[: order.index(script.relation)] if name in script.members}

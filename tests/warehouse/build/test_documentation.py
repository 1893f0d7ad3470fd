"""Every public relation and column says what it is, and a shared comment stands in one place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path

import duckdb
import pytest

from nascar_warehouse.warehouse.build.documentation import document_relations, shared_comments
from nascar_warehouse.warehouse.build.scripts import PUBLIC, Script, read_scripts
from nascar_warehouse.warehouse.errors import InvalidSql
from tests.support.sql_files import FILES, FOLDER, in_schema, name_of, seed_rows


@pytest.fixture(scope="module")
def catalogue(home_of_almanac: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse of the facts that come with the program; for reading only."""
    with duckdb.connect(home_of_almanac / "nascar.duckdb", read_only=True) as con:
        yield con


@pytest.mark.parametrize("path", in_schema(*PUBLIC), ids=name_of)
def test_a_public_relation_is_there_and_says_what_it_is(catalogue: duckdb.DuckDBPyConnection, path: Path) -> None:
    comments = catalogue.execute(
        "SELECT comment FROM duckdb_tables() WHERE schema_name = $schema AND table_name = $name"
        " UNION ALL SELECT comment FROM duckdb_views() WHERE schema_name = $schema AND view_name = $name"
        " UNION ALL SELECT comment FROM duckdb_functions() WHERE schema_name = $schema AND function_name = $name",
        {"schema": path.parent.name, "name": path.stem},
    ).fetchall()
    assert [True] == [bool(comment) for (comment,) in comments]


@pytest.mark.parametrize("path", in_schema(*PUBLIC), ids=name_of)
def test_every_column_of_a_public_relation_says_what_it_is(catalogue: duckdb.DuckDBPyConnection, path: Path) -> None:
    silent = catalogue.execute(
        "SELECT column_name FROM duckdb_columns()"
        " WHERE schema_name = $schema AND table_name = $name AND coalesce(trim(comment), '') = ''",
        {"schema": path.parent.name, "name": path.stem},
    ).fetchall()
    assert [] == silent


@pytest.mark.parametrize(
    "script",
    [script for script in read_scripts() if script.schema in PUBLIC and script.kind != "macro"],
    ids=attrgetter("relation"),
)
def test_a_public_relation_has_the_columns_of_its_grain_and_states_it(
    catalogue: duckdb.DuckDBPyConnection, script: Script
) -> None:
    names = {column for (column, *_) in catalogue.execute(f"DESCRIBE {script.relation}").fetchall()}
    [(comment,)] = catalogue.execute(
        "SELECT comment FROM duckdb_tables() WHERE schema_name = $schema AND table_name = $name"
        " UNION ALL SELECT comment FROM duckdb_views() WHERE schema_name = $schema AND view_name = $name",
        {"schema": script.schema, "name": script.name},
    ).fetchall()
    assert (set(), f"grain: {script.grain}") == (set(script.grain.columns) - names, comment.split("; ")[-1])


def test_a_shared_comment_is_about_columns_of_several_relations(catalogue: duckdb.DuckDBPyConnection) -> None:
    relations = dict(
        catalogue.execute(
            "SELECT column_name, count(*) FROM duckdb_columns() WHERE schema_name IN ('staging', 'core', 'marts', 'ops')"
            " GROUP BY column_name"
        ).fetchall()
    )
    assert [] == [column for column in shared_comments() if relations.get(column, 0) < 2]


def test_shared_comments_are_listed_once_in_order() -> None:
    rows = seed_rows(FOLDER / "column_comments.csv")
    assert sorted(shared_comments().items()) == [(row["column_name"], row["comment"]) for row in rows]


@pytest.mark.parametrize("path", in_schema("staging", "core", "marts", "ops"), ids=name_of)
def test_a_file_does_not_repeat_a_shared_comment(path: Path) -> None:
    own = re.findall(r"^COMMENT ON COLUMN \w+\.\w+\.(\w+) IS '(.*)';$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert [] == [column for column, comment in own if shared_comments().get(column) == comment.replace("''", "'")]


def test_a_column_without_a_comment_of_its_own_has_the_shared_one(catalogue: duckdb.DuckDBPyConnection) -> None:
    comments = catalogue.execute(
        "SELECT table_name, comment FROM duckdb_columns()"
        " WHERE column_name = 'winner' AND table_name IN ('closest_finishes', 'closest_finishes_official') ORDER BY ALL"
    ).fetchall()
    assert [
        ("closest_finishes", shared_comments()["winner"]),
        ("closest_finishes_official", "The first driver of the official order"),
    ] == comments


def test_a_public_column_without_any_comment_stops_the_build() -> None:
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA core; CREATE TABLE core.mine (race_id VARCHAR, xyzzy VARCHAR)")
        con.execute("COMMENT ON TABLE core.mine IS 'Mine'")
        with pytest.raises(InvalidSql, match=r"without a comment: core\.mine\.xyzzy\n"):
            document_relations(con)


def test_every_public_relation_of_a_warehouse_has_a_file(catalogue: duckdb.DuckDBPyConnection) -> None:
    names = catalogue.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE list_contains($schemas, schema_name)"
        " UNION SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE list_contains($schemas, schema_name)",
        {"schemas": list(PUBLIC)},
    ).fetchall()
    assert set() == {name for (name,) in names} - set(map(name_of, FILES))

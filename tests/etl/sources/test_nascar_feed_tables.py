"""The raw tables of the feed have the columns of its rows."""

from __future__ import annotations

import msgspec
import pytest
import sqlglot
from sqlglot import exp

from nascar_warehouse.etl.load.raw_tables import create_statement
from nascar_warehouse.etl.sources.nascar_feed import NascarFeed
from tests.support.feed_documents import SOURCE
from tests.support.margin_columns import margin_columns

COLUMN_TYPES = {str: "TEXT", int: "BIGINT", float: "DOUBLE", bool: "BOOLEAN"}


def columns_of(table: str) -> dict[str, tuple[str, bool]]:
    """Column → type and whether it may be NULL, as the file in sql/raw says."""
    text = create_statement(table, SOURCE.tables[table], has_margins=table in SOURCE.margin_columns)
    create, *_ = sqlglot.parse(text, dialect="duckdb")
    assert create is not None
    return {
        column.name: (
            column.kind.sql("duckdb") if column.kind else "",
            column.find(exp.NotNullColumnConstraint) is None,
        )
        for column in create.find_all(exp.ColumnDef)
    }


def may_be_null(row: type[msgspec.Struct], name: str) -> bool:
    """Whether the shape of a row lets a field be unknown."""
    [kind] = [field.type for field in msgspec.inspect.type_info(row).fields if field.name == name]  # type: ignore[attr-defined]  # of a struct
    parts = kind.types if isinstance(kind, msgspec.inspect.UnionType) else (kind,)
    return any(isinstance(part, msgspec.inspect.NoneType) for part in parts)


@pytest.mark.parametrize("table", NascarFeed.tables)
def test_a_raw_table_has_the_columns_of_its_rows_and_of_their_document(table: str) -> None:
    fields = {name: COLUMN_TYPES[kind] for name, kind in NascarFeed.tables[table].columns.items()}
    expected = fields | margin_columns(SOURCE, table) | {"document_id": "TEXT", "loaded_at": "TIMESTAMP"}
    assert expected == {name: kind for name, (kind, _) in columns_of(table).items()}


@pytest.mark.parametrize("table", NascarFeed.tables)
def test_a_column_of_a_raw_table_may_be_null_where_the_feed_may_leave_it_open(table: str) -> None:
    shape = NascarFeed.tables[table]
    expected = {name: may_be_null(shape.row, name) for name in shape.columns}
    expected |= dict.fromkeys(margin_columns(SOURCE, table), True)
    assert expected | {"document_id": False, "loaded_at": False} == {
        name: is_nullable for name, (_, is_nullable) in columns_of(table).items()
    }


@pytest.mark.parametrize("table", NascarFeed.tables)
def test_the_key_of_a_table_is_made_of_its_columns(table: str) -> None:
    shape = NascarFeed.tables[table]
    assert set() == set(shape.key) - set(shape.columns)


@pytest.mark.parametrize(("table", "column"), NascarFeed.margin_columns.items())
def test_a_margin_is_the_text_of_a_column(table: str, column: str) -> None:
    assert str is NascarFeed.tables[table].columns[column]

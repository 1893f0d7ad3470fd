"""Which columns of other relations a statement of `sql/` uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from nascar_warehouse.warehouse.build.scripts import EVERY_COLUMN

if TYPE_CHECKING:
    from collections.abc import Collection


def columns_by_relation(statement: exp.Expr, relations: Collection[str]) -> dict[str, frozenset[str]]:
    """Relation → the columns that a statement may use of it, or `EVERY_COLUMN`; one without a table counts for each."""
    used: dict[str, set[str]] = {}
    for table in statement.find_all(exp.Table):
        select = table.find_ancestor(exp.Select)
        relation = f"{table.db}.{table.name}"
        if select is None or relation not in relations:
            continue
        columns = used.setdefault(relation, set())
        columns |= {EVERY_COLUMN} if select.is_star else set()
        for column in select.find_all(exp.Column):
            if column.table in {"", table.alias_or_name}:
                columns.add(EVERY_COLUMN if isinstance(column.this, exp.Star) else column.name)
    return {relation: frozenset(columns) for relation, columns in used.items()}

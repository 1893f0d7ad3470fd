"""What a view of marts or ops may not use, since exports translate views to other engines with sqlglot.

sqlglot 30.30 passes each of these to Spark and PostgreSQL unchanged, or with another meaning. Tables are exported as
data, and table macros stay in DuckDB: both are free.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

from nascar_warehouse.warehouse.errors import InvalidSql

if TYPE_CHECKING:
    from collections.abc import Callable

_PORTABLE_SCHEMAS = frozenset({"marts", "ops"})


def require_portable(path: str, schema: str, statement: str) -> None:
    """Raise `InvalidSql` for a view of marts or ops, made by `statement`, that does not translate to other engines."""
    if schema not in _PORTABLE_SCHEMAS or not statement.startswith("CREATE OR REPLACE VIEW"):
        return
    view = sqlglot.parse_one(statement, dialect="duckdb")
    for construct, is_used, portable in _CONSTRUCTS:
        if is_used(view):
            raise InvalidSql(f"{path} uses {construct}, which other engines lack", f"in a view, {portable}")
    if any(token.token_type == sqlglot.TokenType.DCOLON for token in sqlglot.tokenize(statement, dialect="duckdb")):
        raise InvalidSql(f"{path} uses ::, which other engines lack", "in a view, write cast(value AS type)")


def _finds(kind: type[exp.Expr], arg: str = "", value: object = None) -> Callable[[exp.Expr], bool]:
    """Whether a statement has a node of the kind; with `arg`, one whose argument is `value`, or is there at all."""

    def is_used(view: exp.Expr) -> bool:
        return any(
            not arg or (node.args.get(arg) == value if value else bool(node.args.get(arg)))
            for node in view.find_all(kind)
        )

    return is_used


def _orders_by_all(view: exp.Expr) -> bool:
    return any(isinstance(key.this, exp.Var) and key.this.name.upper() == "ALL" for key in view.find_all(exp.Ordered))


def _has_if(view: exp.Expr) -> bool:
    return any(not isinstance(node.parent, exp.Case) for node in view.find_all(exp.If))


def _calls_a_macro(view: exp.Expr) -> bool:
    scalar = any(isinstance(dot.expression, exp.Anonymous) for dot in view.find_all(exp.Dot))
    return scalar or any(isinstance(table.this, exp.Anonymous) for table in view.find_all(exp.Table))


def _reuses_an_alias(view: exp.Expr) -> bool:
    return any(
        column.name in _new_names(select) and not column.table and column.find_ancestor(exp.Select) is select
        for select in view.find_all(exp.Select)
        for part in (*select.expressions, *(select.args.get(name) for name in ("where", "group", "having", "qualify")))
        if part is not None
        for column in part.find_all(exp.Column)
    )


def _new_names(select: exp.Select) -> set[str]:
    """The aliases of a SELECT that no column of what it reads can be behind: their own expressions do not name it."""
    return {
        projection.alias
        for projection in select.expressions
        if isinstance(projection, exp.Alias)
        and projection.alias not in {column.name for column in projection.find_all(exp.Column)}
    }


_CONSTRUCTS: tuple[tuple[str, Callable[[exp.Expr], bool], str], ...] = (
    ("UNION BY NAME", _finds(exp.SetOperation, "by_name"), "select the columns in the same order in each part"),
    ("EXCLUDE", _finds(exp.Star, "except_"), "name the columns"),
    ("REPLACE in a star", _finds(exp.Star, "replace"), "name the columns"),
    ("COLUMNS()", _finds(exp.Columns), "name the columns"),
    ("SEMI JOIN", _finds(exp.Join, "kind", "SEMI"), "write WHERE EXISTS (SELECT … )"),
    ("ANTI JOIN", _finds(exp.Join, "kind", "ANTI"), "write WHERE NOT EXISTS (SELECT … )"),
    ("ASOF JOIN", _finds(exp.Join, "method", "ASOF"), "join on the range and take row_number() = 1 in a CTE"),
    ("GROUP BY ALL", _finds(exp.Group, "all"), "name the columns of the group"),
    ("ORDER BY ALL", _orders_by_all, "name the columns of the order"),
    ("DISTINCT ON", _finds(exp.Distinct, "on"), "take row_number() = 1 in a CTE"),
    ("QUALIFY", _finds(exp.Qualify), "compute the window in a CTE and filter after it"),
    ("a map literal", _finds(exp.ToMap), "use columns"),
    ("a struct literal", _finds(exp.Struct), "use columns"),
    ("a list literal", _finds(exp.Array), "use rows: VALUES or UNION ALL"),
    ("unnest", _finds(exp.Explode), "use rows: VALUES or UNION ALL"),
    ("arg_min", _finds(exp.ArgMin), "take row_number() = 1 in a CTE: engines differ in what they do with NULL"),
    ("arg_max", _finds(exp.ArgMax), "take row_number() = 1 in a CTE: engines differ in what they do with NULL"),
    ("if()", _has_if, "write CASE WHEN … THEN … ELSE … END"),
    ("a macro", _calls_a_macro, "select from a relation, or write the expression"),
    ("an alias of the same SELECT", _reuses_an_alias, "compute it in a CTE, or repeat the expression"),
)

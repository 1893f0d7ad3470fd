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


def _finds(*kinds: type[exp.Expr], arg: str = "", value: object = None) -> Callable[[exp.Expr], bool]:
    """Whether a statement has a node of the kinds; with `arg`, one whose argument is `value`, or is there at all."""

    def is_used(view: exp.Expr) -> bool:
        return any(
            not arg or (node.args.get(arg) == value if value else bool(node.args.get(arg)))
            for node in view.find_all(*kinds)
        )

    return is_used


def _orders_by_all(view: exp.Expr) -> bool:
    return any(isinstance(key.this, exp.Var) and key.this.name.upper() == "ALL" for key in view.find_all(exp.Ordered))


def _joins_in_another_order(view: exp.Expr) -> bool:
    return any(
        not isinstance(joined.this, exp.Order) or _text_of(joined.this.this) != joined.this.expressions[0].this
        for joined in view.find_all(exp.GroupConcat)
    )


def _text_of(joined: exp.Expr) -> exp.Expr:
    return joined.expressions[0] if isinstance(joined, exp.Distinct) else joined


def _averages_a_window(view: exp.Expr) -> bool:
    return any(window.find(exp.Avg) is not None for window in view.find_all(exp.Window))


def _rounds_to_varying_digits(view: exp.Expr) -> bool:
    return any(not isinstance(node.args.get("decimals"), exp.Literal) for node in view.find_all(exp.Round))


def _numbers_rows_in_no_order(view: exp.Expr) -> bool:
    return any(
        isinstance(window.this, exp.RowNumber) and not window.args.get("order") for window in view.find_all(exp.Window)
    )


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
    ("UNION BY NAME", _finds(exp.SetOperation, arg="by_name"), "select the columns in the same order in each part"),
    ("EXCLUDE", _finds(exp.Star, arg="except_"), "name the columns"),
    ("REPLACE in a star", _finds(exp.Star, arg="replace"), "name the columns"),
    ("COLUMNS()", _finds(exp.Columns), "name the columns"),
    ("SEMI JOIN", _finds(exp.Join, arg="kind", value="SEMI"), "write WHERE EXISTS (SELECT … )"),
    ("ANTI JOIN", _finds(exp.Join, arg="kind", value="ANTI"), "write WHERE NOT EXISTS (SELECT … )"),
    ("ASOF JOIN", _finds(exp.Join, arg="method", value="ASOF"), "join on the range and take row_number() = 1 in a CTE"),
    ("GROUP BY ALL", _finds(exp.Group, arg="all"), "name the columns of the group"),
    ("ORDER BY ALL", _orders_by_all, "name the columns of the order"),
    ("DISTINCT ON", _finds(exp.Distinct, arg="on"), "take row_number() = 1 in a CTE"),
    ("QUALIFY", _finds(exp.Qualify), "compute the window in a CTE and filter after it"),
    ("a map literal", _finds(exp.ToMap), "use columns"),
    ("a struct literal", _finds(exp.Struct), "use columns"),
    ("a list literal", _finds(exp.Array), "use rows: VALUES or UNION ALL"),
    ("unnest", _finds(exp.Explode), "use rows: VALUES or UNION ALL"),
    ("arg_min", _finds(exp.ArgMin), "take row_number() = 1 in a CTE: engines differ in what they do with NULL"),
    ("arg_max", _finds(exp.ArgMax), "take row_number() = 1 in a CTE: engines differ in what they do with NULL"),
    ("try_cast", _finds(exp.TryCast), "cast in CASE WHEN regexp_matches(value, …) THEN … END"),
    ("median", _finds(exp.Median), "take the rows in the middle by row_number()"),
    ("a quantile", _finds(exp.Quantile, exp.PercentileCont, exp.PercentileDisc), "take rows by row_number()"),
    ("mode", _finds(exp.Mode), "count in a CTE and take row_number() = 1"),
    ("any_value", _finds(exp.AnyValue, exp.First, exp.Last), "write min() or max(): engines take different rows"),
    ("list", _finds(exp.ArrayAgg), "use rows, or string_agg(text, separator ORDER BY text)"),
    ("string_agg in an order of its own", _joins_in_another_order, "order by the text that is joined"),
    ("avg as a window", _averages_a_window, "divide sum(…) OVER by count(…) OVER"),
    ("round() of no fixed digits", _rounds_to_varying_digits, "write the number of digits as the second argument"),
    ("row_number() without an order", _numbers_rows_in_no_order, "order by columns that no two rows share"),
    ("//", _finds(exp.IntDiv), "write cast(floor(one / other) AS INTEGER)"),
    ("make_date", _finds(exp.DateFromParts), "compute the date in a table of core"),
    ("arithmetic of dates", _finds(exp.Interval, exp.DateDiff), "compute the date or the days in a table of core"),
    ("if()", _has_if, "write CASE WHEN … THEN … ELSE … END"),
    ("a macro", _calls_a_macro, "select from a relation, or write the expression"),
    ("an alias of the same SELECT", _reuses_an_alias, "compute it in a CTE, or repeat the expression"),
)

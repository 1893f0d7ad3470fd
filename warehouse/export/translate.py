"""A view's query in the SQL of another engine, with DuckDB's meaning.

sqlglot knows the words of each engine. What it leaves is where engines agree in words and differ in values:

- DuckDB divides as DOUBLE, also whole numbers and decimals; PostgreSQL divides whole numbers as such, Spark decimals as
  decimals. Both sides are cast.
- `avg` gives a DOUBLE. The exact sum is divided once, so that every engine gives the same one.
- `round(x, n)` of a DOUBLE rounds the product with 10^n. Spark rounds the decimal form of the number, and PostgreSQL
  rounds only exact numbers. A DECIMAL is rounded by `cast`, on which all agree.
- `min` and `max` of a DECIMAL lose its digits in PostgreSQL. Decimals are cast where a view gives them.
- `string_agg` is young in Spark: a sorted array is joined.

`warehouse.build.portable` refuses what has no such form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Rule = Callable[[exp.Expr, exp.Expr | None], exp.Expr]

_SCALE = 10_000
"""Makes whole numbers of the decimals that views average: none has more than four digits after the point."""


def translate(query: exp.Query, dialect: str, decimals: Mapping[str, str]) -> str:
    """The query in the dialect `spark` or `postgres`, without its comments.

    `decimals` has the types of its columns that are decimals, by their names.
    """
    translated = query.copy()
    _state_decimals(translated, decimals)
    rules = _RULES[dialect]
    # The innermost first, so that each finds its parts translated.
    for node in reversed(list(translated.find_all(*rules))):
        filtered = node.parent if isinstance(node.parent, exp.Filter) else None
        (filtered or node).replace(rules[type(node)](node, filtered.expression if filtered else None))
    return translated.sql(dialect=dialect, pretty=True, comments=False)


def _state_decimals(query: exp.Query, decimals: Mapping[str, str]) -> None:
    """Cast what a query gives as a decimal: in PostgreSQL an aggregate of one has neither digits nor decimals."""
    for select in [query] if isinstance(query, exp.Select) else query.find_all(exp.Select):
        if select is not query and not isinstance(select.parent, exp.SetOperation):
            continue
        for name, value in zip(query.named_selects, select.expressions, strict=True):
            inner = value.unalias()
            if name in decimals and not isinstance(inner, exp.Cast):
                value.replace(exp.alias_(exp.cast(inner.copy(), decimals[name], dialect="duckdb"), name))


def _divide(node: exp.Expr, _where: exp.Expr | None) -> exp.Expr:
    return _divide_as_doubles(node.this, node.expression)


def _divide_as_doubles(value: exp.Expr, by: exp.Expr) -> exp.Div:
    return exp.Div(this=exp.cast(value, "DOUBLE"), expression=exp.cast(by, "DOUBLE"))


def _round(node: exp.Expr, _where: exp.Expr | None) -> exp.Expr:
    """Half away from zero, as in C; every engine has these functions."""
    value, power = exp.cast(node.this, "DOUBLE"), exp.convert(10 ** int(node.args["decimals"].name))
    half = exp.cast(exp.Literal.number("0.5"), "DOUBLE")
    whole = exp.func("floor", exp.func("abs", value) * power + half)
    return exp.paren(_divide_as_doubles(exp.func("sign", value.copy()) * whole, power.copy()))


def _average(node: exp.Expr, where: exp.Expr | None) -> exp.Expr:
    total = _of_rows(exp.Sum(this=node.this.copy()), where) * _SCALE
    count = _of_rows(exp.Count(this=node.this.copy()), where) * _SCALE
    return exp.paren(_divide_as_doubles(total, exp.func("nullif", count, exp.convert(0))))


def _join_texts(node: exp.Expr, where: exp.Expr | None) -> exp.Expr:
    """`string_agg(x, ', ' ORDER BY x)`, which is NULL where there is nothing to join."""
    texts = node.this.this
    is_distinct = isinstance(texts, exp.Distinct)
    text = texts.expressions[0] if is_distinct else texts
    texts_of_rows = exp.Anonymous(this="collect_set" if is_distinct else "collect_list", expressions=[text.copy()])
    ordered = exp.Anonymous(this="array_sort", expressions=[_of_rows(texts_of_rows, where)])
    joined = exp.Anonymous(this="array_join", expressions=[ordered, node.args["separator"].copy()])
    return exp.func("nullif", joined, exp.Literal.string(""))


def _of_rows(aggregate: exp.Expr, where: exp.Expr | None) -> exp.Expr:
    return exp.Filter(this=aggregate, expression=where.copy()) if where else aggregate


_RULES: dict[str, dict[type[exp.Expr], Rule]] = {
    "postgres": {exp.Div: _divide, exp.Round: _round, exp.Avg: _average},
    "spark": {exp.Div: _divide, exp.Round: _round, exp.Avg: _average, exp.GroupConcat: _join_texts},
}

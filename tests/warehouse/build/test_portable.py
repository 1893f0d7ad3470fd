"""A view of marts or ops that would not translate to other engines is refused, with what to write in its place."""

from __future__ import annotations

import pytest

from nascar_warehouse.warehouse.build.portable import require_portable
from nascar_warehouse.warehouse.build.script_files import parse_script
from nascar_warehouse.warehouse.errors import InvalidSql

FORBIDDEN = [
    ("UNION BY NAME", "SELECT a FROM core.races UNION ALL BY NAME SELECT a FROM core.laps", "same order in each part"),
    ("EXCLUDE", "SELECT * EXCLUDE (b) FROM core.races", "name the columns"),
    ("REPLACE in a star", "SELECT * REPLACE (1 AS a) FROM core.races", "name the columns"),
    ("COLUMNS()", "SELECT COLUMNS('a') FROM core.races", "name the columns"),
    ("SEMI JOIN", "SELECT a FROM core.races SEMI JOIN core.laps USING (a)", "WHERE EXISTS"),
    ("ANTI JOIN", "SELECT a FROM core.races AS r ANTI JOIN core.laps AS l ON r.a = l.a", "WHERE NOT EXISTS"),
    ("ASOF JOIN", "SELECT r.a FROM core.races AS r ASOF JOIN core.laps AS l ON r.a >= l.a", "row_number() = 1"),
    ("GROUP BY ALL", "SELECT a, count(*) AS b FROM core.races GROUP BY ALL", "name the columns of the group"),
    ("ORDER BY ALL", "SELECT a FROM core.races ORDER BY ALL", "name the columns of the order"),
    ("DISTINCT ON", "SELECT DISTINCT ON (b) a FROM core.races", "row_number() = 1"),
    ("QUALIFY", "SELECT a FROM core.races QUALIFY rank() OVER (ORDER BY a) = 1", "filter after it"),
    ("a struct literal", "SELECT {'b': 1} AS a FROM core.races", "use columns"),
    ("a list literal", "SELECT [1, 2] AS a FROM core.races", "VALUES or UNION ALL"),
    ("a map literal", "SELECT MAP {'k': 1} AS a FROM core.races", "use columns"),
    ("unnest", "SELECT unnest(b) AS a FROM core.races", "VALUES or UNION ALL"),
    ("arg_min", "SELECT arg_min(b, c) AS a FROM core.races", "row_number() = 1"),
    ("arg_max", "SELECT max_by(b, c) AS a FROM core.races", "row_number() = 1"),
    ("try_cast", "SELECT try_cast(b AS INTEGER) AS a FROM core.races", "regexp_matches"),
    ("median", "SELECT median(b) AS a FROM core.races", "row_number()"),
    ("a quantile", "SELECT quantile_cont(b, 0.9) AS a FROM core.races", "row_number()"),
    ("mode", "SELECT mode(b) AS a FROM core.races", "row_number() = 1"),
    ("any_value", "SELECT any_value(b) AS a FROM core.races", "min() or max()"),
    ("any_value", "SELECT first(b) AS a FROM core.races", "min() or max()"),
    ("list", "SELECT list(b) AS a FROM core.races", "string_agg"),
    ("string_agg in an order of its own", "SELECT string_agg(b, ',') AS a FROM core.races", "the text that is joined"),
    ("string_agg in an order of its own", "SELECT string_agg(b, ',' ORDER BY c) AS a FROM core.races", "the text"),
    ("avg as a window", "SELECT avg(b) OVER (PARTITION BY c) AS a FROM core.races", "sum(…) OVER"),
    ("round() of no fixed digits", "SELECT round(b) AS a FROM core.races", "second argument"),
    ("row_number() without an order", "SELECT row_number() OVER (PARTITION BY b) AS a FROM core.races", "no two rows"),
    ("//", "SELECT b // 2 AS a FROM core.races", "floor"),
    ("make_date", "SELECT make_date(b, 1, 1) AS a FROM core.races", "table of core"),
    ("arithmetic of dates", "SELECT b + INTERVAL 1 DAY AS a FROM core.races", "table of core"),
    ("arithmetic of dates", "SELECT date_diff('day', b, c) AS a FROM core.races", "table of core"),
    ("if()", "SELECT if(b, 1, 2) AS a FROM core.races", "CASE WHEN"),
    ("::", "SELECT b::VARCHAR AS a FROM core.races", "cast(value AS type)"),
    ("a macro", "SELECT core.slug(b) AS a FROM core.races", "select from a relation"),
    ("a macro", "SELECT a FROM marts.closest(series := 'cup')", "select from a relation"),
    ("an alias of the same SELECT", "SELECT 2 * b AS c, c + 1 AS a FROM core.races", "compute it in a CTE"),
    ("an alias of the same SELECT", "SELECT 2 * b AS a FROM core.races WHERE a > 1", "compute it in a CTE"),
    (
        "an alias of the same SELECT",
        "WITH d AS (SELECT b + 1 AS a, a + 1 AS c FROM core.races) SELECT a FROM d",
        "compute it in a CTE",
    ),
]


def read_mart(query: str, kind: str = "VIEW mine") -> None:
    text = f"-- Grain: a\nCREATE OR REPLACE {kind.replace(' ', ' marts.')} AS {query};"
    script = parse_script("marts", "mine", text)
    require_portable(script.path, script.schema, script.statements[0])


@pytest.mark.parametrize(("construct", "query", "advice"), FORBIDDEN)
def test_a_view_is_refused_with_the_portable_form(construct: str, query: str, advice: str) -> None:
    with pytest.raises(InvalidSql) as refusal:
        read_mart(query)
    assert f"sql/marts/mine.sql uses {construct}, which other engines lack" == refusal.value.problem
    assert advice in refusal.value.advice


@pytest.mark.parametrize("query", [query for _, query, _ in FORBIDDEN])
@pytest.mark.parametrize("kind", ["TABLE mine", "MACRO mine(b := 1)"])
def test_a_table_or_a_macro_may_use_anything(query: str, kind: str) -> None:
    read_mart(query if kind.startswith("TABLE") else f"TABLE {query}", kind)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT sum(a) AS a, count(*) FILTER (WHERE a IS NULL) AS b FROM core.races",  # a is the column of core.races
        "SELECT CASE WHEN b THEN 1 ELSE 2 END AS a FROM core.races ORDER BY a",
        "SELECT cast(b AS VARCHAR) AS a FROM core.races AS r WHERE EXISTS (SELECT 1 FROM core.laps AS l WHERE r.b = l.b)",
        "SELECT string_agg(DISTINCT b, '; ' ORDER BY b) FILTER (WHERE c) AS a FROM core.races",
        "SELECT round(avg(b), 2) AS a, row_number() OVER (ORDER BY c) AS d FROM core.races GROUP BY c",
        "SELECT r.b + 1 AS a, d.a AS c FROM core.races AS r INNER JOIN core.laps AS d ON r.b = d.b",
    ],
)
def test_what_translates_is_allowed(query: str) -> None:
    read_mart(query)

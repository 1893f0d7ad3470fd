"""A view's query in another engine's words, with DuckDB's meaning."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp

from nascar_warehouse.warehouse.export.translate import translate


def translated(query: str, dialect: str, decimals: dict[str, str] | None = None) -> str:
    parsed = sqlglot.parse_one(query, dialect="duckdb")
    assert isinstance(parsed, exp.Query)
    return " ".join(translate(parsed, dialect, decimals or {}).split())


@pytest.mark.parametrize("dialect", ["spark", "postgres"])
def test_a_division_of_whole_numbers_has_decimals(dialect: str) -> None:
    double = {"spark": "DOUBLE", "postgres": "DOUBLE PRECISION"}[dialect]
    expected = f"SELECT CAST(a AS {double}) / CAST(b AS {double}) AS c FROM core.races"
    assert expected == translated("SELECT a / b AS c FROM core.races", dialect)


def test_a_mean_divides_the_exact_sum_once() -> None:
    assert (
        "SELECT ( CAST(SUM(a) * 10000 AS DOUBLE) / CAST(NULLIF(COUNT(a) * 10000, 0) AS DOUBLE) ) AS b FROM core.races"
        == translated("SELECT avg(a) AS b FROM core.races", "spark")
    )


def test_the_filter_of_a_mean_goes_to_its_sum_and_its_count() -> None:
    text = translated("SELECT avg(a) FILTER (WHERE c) AS b FROM core.races", "postgres")
    assert "SUM(a) FILTER(WHERE c) * 10000" in text
    assert "COUNT(a) FILTER(WHERE c) * 10000" in text
    assert "AVG" not in text


def test_a_number_is_rounded_half_away_from_zero_as_a_double() -> None:
    text = translated("SELECT round(a, 2) AS b FROM core.races", "spark")
    assert (
        "SELECT ( CAST(SIGN(CAST(a AS DOUBLE)) * FLOOR(( ABS(CAST(a AS DOUBLE)) * 100 ) + CAST(0.5 AS DOUBLE)) AS DOUBLE) "
        "/ CAST(100 AS DOUBLE) ) AS b FROM core.races"
    ) == text


def test_texts_are_joined_in_their_order_by_each_engine() -> None:
    query = "SELECT string_agg(DISTINCT a, '; ' ORDER BY a) FILTER (WHERE b) AS c FROM core.races"
    assert (
        "SELECT NULLIF(ARRAY_JOIN(ARRAY_SORT(COLLECT_SET(a) FILTER(WHERE b)), '; '), '') AS c FROM core.races"
        == translated(query, "spark")
    )
    assert "STRING_AGG(DISTINCT a, '; ' ORDER BY a) FILTER(WHERE b)" in translated(query, "postgres")


def test_null_sorts_last_in_every_engine() -> None:
    query = "SELECT rank() OVER (ORDER BY a, b DESC) AS c FROM core.races"
    # Each writes only where its own default is another.
    assert "ORDER BY a NULLS LAST, b DESC)" in translated(query, "spark")
    assert "ORDER BY a, b DESC NULLS LAST)" in translated(query, "postgres")


def test_a_decimal_has_its_digits_in_each_part_of_a_union() -> None:
    query = "SELECT min(a) AS b, c FROM core.races GROUP BY c UNION ALL SELECT (SELECT max(d) FROM core.laps), e FROM core.laps"
    assert (
        "SELECT CAST(MIN(a) AS DECIMAL(9, 4)) AS b, c FROM core.races GROUP BY c UNION ALL "
        "SELECT CAST(( SELECT MAX(d) FROM core.laps ) AS DECIMAL(9, 4)) AS b, e FROM core.laps"
    ) == translated(query, "postgres", {"b": "DECIMAL(9,4)"})

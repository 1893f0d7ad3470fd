"""Values that Arrow, Python or JSON has no form for are printed as SQL writes them; none ends in an error."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.read.arrow_values import day_as_text, interval_as_text, moment_as_text, rows_of_batch
from nascar_warehouse.warehouse.read.output import show, show_answer
from nascar_warehouse.warehouse.read.sandbox import Sandbox
from nascar_warehouse.warehouse.rows import Rows
from tests.support.asking import ask, refuse

AS_SQL_WRITES_IT = [
    "'infinity'::DATE",
    "'-infinity'::DATE",
    "DATE '290000-01-01'",
    "DATE '0044-03-15 (BC)'",
    "'infinity'::TIMESTAMP",
    "'-infinity'::TIMESTAMP",
    "'infinity'::TIMESTAMPTZ::TIMESTAMP",
    "TIMESTAMP '290000-01-01 00:00:00.5' + INTERVAL 1 MICROSECOND",
    "TIMESTAMP '0044-03-15 (BC) 12:30:00'",
    "TIMESTAMP '2024-05-05 18:30:15.123456'",
    "TIMESTAMP_NS '2024-05-05 18:30:15.123456789'",
    "TIME '18:30:15.123456'",
    "INTERVAL '1 year 2 months 3 days 04:05:06.789'",
    "INTERVAL '-1 second'",
    "INTERVAL '-13 months'",
    "INTERVAL '0 days'",
    "INTERVAL 2000000000 MONTHS",
    r"'\xAA\x00a\x22\x27\x5C'::BLOB",
    "3.14::FLOAT",
    "'101'::BIT::VARCHAR",
]
"""In CSV each of these is what the engine makes of it as text."""

IN_JSON = [
    ("['infinity'::DATE, DATE '2024-05-05']", ["infinity", "2024-05-05"]),
    ("{'a': TIMESTAMP '290000-01-01 00:00:00'}", {"a": "290000-01-01 00:00:00"}),
    ("[TIMESTAMP_NS '2024-05-05 18:30:15.123456789']", ["2024-05-05 18:30:15.123456789"]),
    ("[INTERVAL 1 MONTH]", ["1 month"]),
    ("MAP {[1, 2]: 'x'}", [{"key": [1, 2], "value": "x"}]),
    ("MAP {{'a': 1}: 'x'}", [{"key": {"a": 1}, "value": "x"}]),
    ("MAP {'infinity'::DATE: 1}", {"infinity": 1}),
    ("[{'m': MAP {1: ['-infinity'::DATE]}}, NULL]", [{"m": {"1": ["-infinity"]}}, None]),
    ("union_value(day := 'infinity'::DATE)", "infinity"),
    ("[sum(1)]", [1]),
    ("[170141183460469231731687303715884105727::HUGEINT]", [170141183460469231731687303715884105727]),
    (r"['\x00'::BLOB]", ["\\x00"]),
    ("TIMESTAMP '2024-05-05 18:30:15.5'", "2024-05-05T18:30:15.500000"),
    ("2.5::FLOAT", 2.5),
]


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        yield con


def printed(
    engine: duckdb.DuckDBPyConnection, capsys: pytest.CaptureFixture[str], expressions: list[str], form: str
) -> str:
    """What is printed of one row, with the columns c0, c1 and so on."""
    columns = ", ".join(f"{expression} AS c{number}" for number, expression in enumerate(expressions))
    [batch] = engine.execute(f"SELECT {columns}").to_arrow_table().to_batches()
    show(Rows(batch.schema.names, rows_of_batch(batch)), form)
    return capsys.readouterr().out


def test_csv_has_the_text_that_sql_writes(
    engine: duckdb.DuckDBPyConnection, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = ", ".join(f"({expression})::VARCHAR" for expression in AS_SQL_WRITES_IT)
    [expected] = engine.execute(f"SELECT {texts}").fetchall()
    _, values = csv.reader(io.StringIO(printed(engine, capsys, AS_SQL_WRITES_IT, "csv")))
    assert list(expected) == values


def test_json_has_values_within_values(engine: duckdb.DuckDBPyConnection, capsys: pytest.CaptureFixture[str]) -> None:
    [row] = json.loads(printed(engine, capsys, [expression for expression, _ in IN_JSON], "json"))
    assert [expected for _, expected in IN_JSON] == list(row.values())


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_every_value_fits_a_table(
    engine: duckdb.DuckDBPyConnection, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    expressions = [*AS_SQL_WRITES_IT, *(expression for expression, _ in IN_JSON)]
    text = printed(engine, capsys, expressions, form)
    assert 3 == len(text.splitlines())
    assert "166666666 years 8 months" in text


def test_a_value_that_parquet_has_no_type_for_is_refused_with_what_to_do(sandbox: Sandbox) -> None:
    with pytest.raises(UsageError) as refusal:
        show_answer(sandbox.run("SELECT INTERVAL 1 MONTH AS a"), "parquet")
    assert "cast the column, or use another format" == refusal.value.advice


def test_an_interval_is_a_timedelta_for_python(sandbox: Sandbox) -> None:
    assert [(timedelta(days=30), timedelta(seconds=-1))] == ask(
        sandbox, "SELECT INTERVAL 1 MONTH, INTERVAL '-1 second'"
    )


@pytest.mark.parametrize("kind", ["VARIANT", "GEOMETRY", "BIT[]", "TIME_NS[2]", "STRUCT(a UHUGEINT)", "MAP(INT, BIT)"])
def test_a_type_that_arrow_lacks_is_refused_wherever_it_is(sandbox: Sandbox, kind: str) -> None:
    refusal = refuse(sandbox, f"SELECT NULL::{kind} AS mine")
    assert refusal.problem.startswith("the column mine is of the type ")


def test_a_name_that_has_the_name_of_a_type_is_no_such_type(sandbox: Sandbox) -> None:
    assert [({"ORBIT": 1}, "BIT")] == ask(sandbox, "SELECT {'ORBIT': 1}, 'BIT'::ENUM('BIT')")


@given(days=st.integers(-(2**31) + 2, 2**31 - 2))
def test_any_day_is_written_as_sql_writes_it(engine: duckdb.DuckDBPyConnection, days: int) -> None:
    try:
        [[expected]] = engine.execute("SELECT (DATE '1970-01-01' + ?::INTEGER)::VARCHAR", [days]).fetchall()
    except duckdb.Error:  # Beyond the engine's own days.
        return
    assert expected == day_as_text(days)


@given(count=st.integers(-(2**62), 2**62))
def test_any_moment_is_written_as_sql_writes_it(engine: duckdb.DuckDBPyConnection, count: int) -> None:
    [[expected]] = engine.execute("SELECT make_timestamp(?::BIGINT)::VARCHAR", [count]).fetchall()
    text = moment_as_text(count, "us")
    assert expected == (text.rstrip("0") if "." in text else text)


@given(
    months=st.integers(-(2**31) + 1, 2**31 - 1),
    days=st.integers(-(2**31) + 1, 2**31 - 1),
    microseconds=st.integers(-(2**53), 2**53),
)
def test_any_interval_is_written_as_sql_writes_it(
    engine: duckdb.DuckDBPyConnection, months: int, days: int, microseconds: int
) -> None:
    parts = "to_months(?::INTEGER) + to_days(?::INTEGER) + to_microseconds(?::BIGINT)"
    [[expected]] = engine.execute(f"SELECT ({parts})::VARCHAR", [months, days, microseconds]).fetchall()
    assert expected == interval_as_text(months, days, microseconds)

"""Rows as Parquet, and any value of the engine in every format."""

from __future__ import annotations

import io
import json
import sys
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.read.output import show
from nascar_warehouse.warehouse.rows import Rows, fetch_rows

KANSAS = Rows(
    ["rank", "race_date", "margin_seconds", "winner", "note"],
    [
        [1, date(2024, 5, 5), Decimal("0.001"), "Kyle Larson", None],
        [2, date(2024, 2, 25), Decimal("0.003"), "Daniel Suárez", "three wide"],
    ],
)
NO_ROWS = Rows(["winner", "wins"], [])


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Any:
    """Print rows and give what came on the standard output."""

    def run(rows: Rows, form: str) -> str:
        show(rows, form)
        return capsys.readouterr().out

    return run


def one(value: object, name: str = "a") -> Rows:
    return Rows([name], [[value]])


def parquet(rows: Rows, capture: pytest.CaptureFixture[bytes]) -> pa.Table:
    """What a program reads from the standard output."""
    show(rows, "parquet")
    sys.stdout.flush()
    return pq.read_table(io.BytesIO(capture.readouterr().out))


def test_parquet_has_values_with_their_types(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert [
        {
            "rank": 1,
            "race_date": date(2024, 5, 5),
            "margin_seconds": Decimal("0.001"),
            "winner": "Kyle Larson",
            "note": None,
        },
        {
            "rank": 2,
            "race_date": date(2024, 2, 25),
            "margin_seconds": Decimal("0.003"),
            "winner": "Daniel Suárez",
            "note": "three wide",
        },
    ] == parquet(KANSAS, capfdbinary).to_pylist()


def test_parquet_of_no_rows_has_the_columns(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    table = parquet(NO_ROWS, capfdbinary)
    assert (["winner", "wins"], 0) == (table.column_names, table.num_rows)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        2**62,
        1.5,
        Decimal("0.0010"),
        "two\nlines | Suárez",
        date(2024, 5, 5),
        time(18, 30),
        [1, None],
        {"lap": 1},
        timedelta(hours=2),
    ],
)
def test_parquet_gives_any_value_back(capfdbinary: pytest.CaptureFixture[bytes], value: object) -> None:
    assert [{"a": value}] == parquet(one(value), capfdbinary).to_pylist()


def test_parquet_keeps_a_moment(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    moment = datetime(2024, 5, 5, 18, 30, tzinfo=UTC)
    [record] = parquet(one(moment), capfdbinary).to_pylist()
    assert moment == record["a"]


def test_parquet_is_not_written_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    with pytest.raises(UsageError, match="send it to a file"):
        show(KANSAS, "parquet")
    assert "" == capsys.readouterr().out


def test_rows_of_a_statement_have_its_columns_and_values() -> None:
    with duckdb.connect() as con:
        rows = fetch_rows(con.execute("SELECT 1 AS rank, 0.001 AS margin_seconds"))
    assert (["rank", "margin_seconds"], [(1, Decimal("0.001"))]) == (rows.columns, rows.values)


ENGINE_VALUES = [
    "[1, 2]::INTEGER[2]",
    "MAP {'laps': 267}",
    "{'lap': 1, 'times': [31.25]}",
    "INTERVAL 90 SECOND",
    "uuid()",
    "'\\xAA'::BLOB",
    "(9223372036854775807::HUGEINT - 1)",
    "TIME '18:30:00'",
    "TIMESTAMP '2024-05-05 18:30:00'",
    "TIMESTAMPTZ '2024-05-05 18:30:00+00'",
    "'finished'::ENUM ('finished', 'out')",
    "NULL",
]


@pytest.mark.parametrize("form", ["table", "json", "csv", "markdown"])
@pytest.mark.parametrize("value", ENGINE_VALUES)
def test_any_value_of_the_engine_can_be_printed(printed: Any, value: str, form: str) -> None:
    with duckdb.connect() as con:
        rows = fetch_rows(con.execute(f"SELECT {value} AS a, 'end' AS b"))
    assert "end" in printed(rows, form)


@pytest.mark.parametrize("value", ENGINE_VALUES)
def test_any_value_of_the_engine_can_be_written_as_parquet(
    capfdbinary: pytest.CaptureFixture[bytes], value: str
) -> None:
    with duckdb.connect() as con:
        rows = fetch_rows(con.execute(f"SELECT {value} AS a, 'end' AS b"))
    assert (["a", "b"], 1) == (parquet(rows, capfdbinary).column_names, 1)


def test_a_number_that_parquet_has_no_type_for_is_refused(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with pytest.raises(UsageError):
        parquet(one(2**126), capfdbinary)


def test_a_column_that_a_join_gives_twice_is_in_json_twice(capfd: pytest.CaptureFixture[str]) -> None:
    show(Rows(["a", "a"], [[1, 2]]), "json")
    assert [{"a": 1, "a_1": 2}] == json.loads(capfd.readouterr().out)

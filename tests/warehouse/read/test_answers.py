"""Answers of the sandbox: their types, how they are cut off, and how they are printed as they arrive."""

from __future__ import annotations

import io
import json
import sys
import time
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.read.formats import FORMATS
from nascar_warehouse.warehouse.read.output import show_answer
from nascar_warehouse.warehouse.read.sandbox import Limits, Sandbox
from tests.support.asking import ask, refuse


def test_an_answer_has_the_types_of_its_columns(sandbox: Sandbox) -> None:
    columns = "1::DECIMAL(9, 3) AS margin_seconds, 'x' AS name, DATE '2024-05-05' AS race_date, sum(1) AS total"
    for condition in ("true", "false"):
        with sandbox.run(f"SELECT {columns} WHERE {condition} GROUP BY ALL") as answer:
            assert ["decimal128(9, 3)", "string", "date32[day]", "decimal128(38, 0)"] == [
                str(kind) for kind in answer.schema.types
            ]


def test_an_answer_has_python_values(sandbox: Sandbox) -> None:
    columns = "0.001::DECIMAL(9, 3), NULL, '', sum(2), [1, NULL], {'a': 1}, MAP {'k': 1}"
    assert [(Decimal("0.001"), None, "", 2, [1, None], {"a": 1}, {"k": 1})] == ask(sandbox, f"SELECT {columns}")


@pytest.mark.parametrize("kind", ["UHUGEINT", "BIGNUM", "BIT", "TIMETZ"])
def test_a_type_that_arrow_lacks_is_refused_with_the_column(sandbox: Sandbox, kind: str) -> None:
    refusal = refuse(sandbox, f"SELECT NULL::{kind} AS mine")
    assert refusal.problem.startswith("the column mine is of the type ")
    assert "cast it to VARCHAR" == refusal.advice


@pytest.mark.parametrize(
    ("rows", "found", "is_cut_off"), [(None, 50_000, False), (50_000, 50_000, False), (7, 7, True)]
)
def test_an_answer_is_cut_off_at_its_limit_of_rows(
    sandbox: Sandbox, rows: int | None, found: int, is_cut_off: bool
) -> None:
    with sandbox.run("FROM range(50_000)", Limits(rows=rows)) as answer:
        assert found == sum(batch.num_rows for batch in answer)
        assert is_cut_off == answer.is_cut_off


def test_no_rows_are_an_answer_too(sandbox: Sandbox) -> None:
    with sandbox.run("FROM range(3)", Limits(rows=0)) as answer:
        assert ([], True) == (answer.rows().values, answer.is_cut_off)


def test_an_answer_that_is_too_large_is_refused(sandbox: Sandbox) -> None:
    refusal = refuse(sandbox, "SELECT repeat('x', 1_000_000) FROM range(100)", Limits(answer_bytes=5_000_000))
    assert "the answer is larger than 5 MB" == refusal.problem


def test_an_error_in_the_middle_of_an_answer_is_raised(sandbox: Sandbox) -> None:
    refusal = refuse(sandbox, "SELECT CASE WHEN i = 300_000 THEN error('late') ELSE i END FROM range(400_000) t(i)")
    assert "late" in refusal.problem


def test_a_slow_reader_of_an_answer_does_not_use_up_the_time_of_the_statement(sandbox: Sandbox) -> None:
    with sandbox.run("SELECT repeat('x', 1000) FROM range(100_000)", Limits(seconds=2)) as answer:
        batches = iter(answer)
        rows = next(batches).num_rows
        time.sleep(2.5)
        assert 100_000 == rows + sum(batch.num_rows for batch in batches)


# --- printed as it arrives

MANY = "SELECT i, (i / 1000)::DECIMAL(9, 3) AS seconds, if(i % 2 = 0, 'x', NULL) AS note FROM range(25_000) AS t(i)"


def test_every_format_has_every_row_of_a_large_answer(
    sandbox: Sandbox, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    printed = {}
    for form in FORMATS:
        show_answer(sandbox.run(MANY), form)
        sys.stdout.flush()
        printed[form] = capfdbinary.readouterr().out
    table = pq.read_table(io.BytesIO(printed["parquet"]))
    assert (25_000, "decimal128(9, 3)") == (table.num_rows, str(table.schema.field("seconds").type))
    assert 25_000 == len(json.loads(printed["json"]))
    assert {"i": 24_999, "seconds": 24.999, "note": None} == json.loads(printed["json"])[-1]
    assert b"24999,24.999,\n" == printed["csv"].splitlines(keepends=True)[-1]
    assert {"csv": 25_001, "table": 25_002, "markdown": 25_002} == {
        form: printed[form].count(b"\n") for form in ("csv", "table", "markdown")
    }


def test_null_and_empty_text_differ_in_a_table(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    show_answer(sandbox.run("SELECT NULL AS a, '' AS b, 'NULL' AS c"), "table")
    assert ["NULL", "NULL"] == capsys.readouterr().out.splitlines()[2].split()


def test_parquet_of_no_rows_has_the_types_of_the_columns(
    sandbox: Sandbox, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    show_answer(
        sandbox.run("SELECT 1::DECIMAL(9, 3) AS a, DATE '2024-05-05' AS b, [1.5::FLOAT] AS c WHERE false"), "parquet"
    )
    sys.stdout.flush()
    schema = pq.read_schema(io.BytesIO(capfdbinary.readouterr().out))
    assert ["decimal128(9, 3)", "date32[day]", "list<element: float>"] == [str(kind) for kind in schema.types]


def test_a_table_of_no_rows_is_a_word_on_the_error_stream(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    show_answer(sandbox.run("FROM range(0)"), "table")
    assert ("", "no rows\n") == capsys.readouterr()


def test_an_answer_that_fails_late_keeps_what_was_printed(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    statement = "SELECT if(i = 300_000, error('late'), i) AS i FROM range(400_000) AS t(i)"
    with pytest.raises(UsageError, match="late"):
        show_answer(sandbox.run(statement), "csv")
    assert "i\n0\n1\n2\n" == capsys.readouterr().out[:8]

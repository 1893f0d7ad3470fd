"""A statement of a reader reads, and only this warehouse, and not for ever."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.read.sandbox import Limits, Sandbox
from nascar_warehouse.warehouse.rows import Rows
from nascar_warehouse.warehouse.storage.connection import open_published
from nascar_warehouse.warehouse.storage.home import Home
from tests.conftest import Nascar

SLOW = "SELECT count(*) FROM range(100000000000) AS a CROSS JOIN range(1000) AS b"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a small warehouse; for reading only."""
    small = Home(tmp_path_factory.mktemp("small"))
    with duckdb.connect(small.published) as con:
        con.execute(
            "CREATE SCHEMA core;"
            "CREATE TABLE core.races (race_id VARCHAR, margin_seconds DECIMAL(9, 4), loaded_at TIMESTAMPTZ);"
            "INSERT INTO core.races VALUES ('cup-2024-12', 0.001, '2024-05-05 23:30:00+00'), ('cup-2024-02', NULL, NULL);"
            "CREATE SCHEMA marts;"
            "CREATE MACRO marts.closest(least := 0) AS TABLE SELECT race_id FROM core.races WHERE margin_seconds > least;"
        )
    return small


@pytest.fixture(scope="module")
def sandbox(small: Home) -> Iterator[Sandbox]:
    """Where statements on that warehouse run."""
    with Sandbox(small) as opened:
        yield opened


def asked(sandbox: Sandbox, statement: str, limits: Limits | None = None) -> Rows:
    with sandbox.run(statement, limits) as answer:
        return answer.rows()


def refused(sandbox: Sandbox, statement: str, *, seconds: float = 60) -> UsageError:
    with pytest.raises(UsageError) as refusal:
        asked(sandbox, statement, Limits(seconds=seconds))
    return refusal.value


def run_elsewhere(home: Path, *arguments: str) -> str:
    """What the command prints on a machine in Tokyo; the engine takes the time zone of its process, once."""
    asked = subprocess.run(  # noqa: S603, the interpreter that runs this test
        [sys.executable, "-c", "from nascar_warehouse.etl.cli import main; main()", *arguments],
        env=os.environ | {"NASCAR_HOME": str(home), "TZ": "Asia/Tokyo"},
        capture_output=True,
        text=True,
        check=True,
    )
    return asked.stdout


def test_a_select_gives_columns_and_rows(sandbox: Sandbox) -> None:
    rows = asked(sandbox, "SELECT race_id, margin_seconds FROM core.races ORDER BY race_id")
    assert (
        ["race_id", "margin_seconds"],
        [("cup-2024-02", None), ("cup-2024-12", Decimal("0.0010"))],
    ) == (rows.columns, rows.values)


@pytest.mark.parametrize("name", ["statement", "con", "home", "parsed"])
def test_nothing_of_the_program_can_be_read(sandbox: Sandbox, name: str) -> None:
    assert f"Table with name {name} does not exist" in refused(sandbox, f"FROM {name}").problem


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("SELEC 1", 'syntax error at or near "SELEC"'),
        ("SELECT * FROM core.race", "Table with name race does not exist"),
        ("SELECT winner FROM core.races", '"winner" not found'),
        ("SELECT 'a'::INTEGER", "Could not convert"),
        ("SELECT error('no such luck')", "no such luck"),
        ("SELECT ?", "parameters"),
    ],
)
def test_a_wrong_statement_is_refused_with_the_words_of_the_engine(
    sandbox: Sandbox, statement: str, words: str
) -> None:
    assert words in refused(sandbox, statement).problem


def test_a_wrong_statement_comes_with_the_way_to_the_dictionary(sandbox: Sandbox) -> None:
    assert "nascar describe" in refused(sandbox, "SELECT * FROM core.race").advice


@pytest.mark.parametrize(
    ("statement", "advice"),
    [
        ("SELECT 'a'::INTEGER", "TRY(…) around an expression gives NULL"),
        ("SELECT sqrt(-1)", "TRY(…) around an expression gives NULL"),
        ('SELECT race_id FROM core.races WHERE race_id = "Daytona 500"', "in single quotes: 'Daytona 500'"),
        ("SELECT " + "(" * 10_000 + "1" + ")" * 10_000, "fewer expressions or subqueries inside each other"),
        ("SELECT " + "[" * 1_000 + "]" * 1_000, "fewer expressions or subqueries inside each other"),
    ],
)
def test_an_error_comes_with_what_to_write_instead(sandbox: Sandbox, statement: str, advice: str) -> None:
    assert advice in refused(sandbox, statement).advice


@pytest.mark.parametrize(
    "statement",
    ["SELECT " + "'a' || " * 2_000 + "'b'", "PIVOT (SELECT i, i AS c FROM range(100_001) t(i)) ON c USING count(*)"],
)
def test_an_error_comes_without_the_advice_to_change_a_setting(sandbox: Sandbox, statement: str) -> None:
    assert "SET" not in str(refused(sandbox, statement))


def test_a_statement_that_breaks_the_engine_is_not_only_said_to_need_memory(sandbox: Sandbox) -> None:
    """The engine has no end to how deep it looks into JSON, but its stack has one."""
    statement = "SELECT json_structure(repeat('[', 100_000) || repeat(']', 100_000))"
    error = refused(sandbox, statement)
    assert error.problem.startswith("the engine failed at the statement (SIG")
    assert "nests too deeply" in error.problem


def test_a_function_of_an_extension_comes_without_the_advice_to_install_it(sandbox: Sandbox) -> None:
    error = refused(sandbox, "SELECT st_point(1, 2)")
    assert error.problem.endswith("it exists in the spatial extension.")
    assert error.advice.startswith("no extension can be loaded here: use spatial in a DuckDB of your own")


def test_a_macro_that_is_read_like_a_table_comes_with_the_way_to_write_it(sandbox: Sandbox) -> None:
    error = refused(sandbox, "FROM marts.closest LIMIT 5")
    assert (
        "marts.closest has arguments: write marts.closest(…); `nascar describe marts.closest` lists them"
        == error.advice
    )


def test_who_cannot_allow_more_is_not_advised_to(sandbox: Sandbox) -> None:
    with pytest.raises(UsageError) as refusal:
        asked(sandbox, SLOW, Limits(seconds=0.2, are_fixed=True))
    assert "ask for less" == refusal.value.advice


@pytest.mark.parametrize("statement", ["SHOW TABLES", " show  tables ;"])
def test_show_tables_says_where_the_relations_are(nascar: Nascar, almanac: Path, statement: str) -> None:
    left = nascar("query", statement)
    assert (0, "") == (left.code, left.out), almanac
    assert "no rows: the relations are in the schemas core, marts and ops: SHOW ALL TABLES lists them\n" == left.err


def test_a_slow_statement_is_stopped(sandbox: Sandbox) -> None:
    assert "the statement was stopped after 0.05 seconds" == refused(sandbox, SLOW, seconds=0.05).problem


def test_the_next_statement_runs_after_one_that_was_stopped(sandbox: Sandbox) -> None:
    refused(sandbox, SLOW, seconds=0.05)
    assert [(1,)] == asked(sandbox, "SELECT 1").values


def test_a_limit_beyond_all_clocks_is_taken(sandbox: Sandbox) -> None:
    assert [(1,)] == asked(sandbox, "SELECT 1", Limits(seconds=1e10)).values


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), float("-inf"), 0, -1])
def test_a_limit_that_is_no_time_is_refused(seconds: float) -> None:
    with pytest.raises(UsageError, match="invalid time limit"):
        Limits(seconds=seconds)


@pytest.mark.parametrize("seconds", ["nan", "inf", "-1", "-inf", "0"])
def test_the_command_refuses_a_limit_that_is_no_time(nascar: Nascar, seconds: str) -> None:
    left = nascar("query", "SELECT 1", f"--seconds={seconds}")
    assert (2, "") == (left.code, left.out)


def test_a_moment_is_in_utc(sandbox: Sandbox) -> None:
    [(moment,)] = asked(sandbox, "SELECT loaded_at FROM core.races WHERE race_id = 'cup-2024-12'").values
    assert (datetime(2024, 5, 5, 23, 30, tzinfo=UTC), 23) == (moment, moment.hour)


def test_the_day_of_a_moment_is_that_of_utc_wherever_the_reader_is(small: Home) -> None:
    statement = (
        "SELECT loaded_at::DATE AS day, loaded_at::VARCHAR AS at_text FROM core.races WHERE loaded_at IS NOT NULL"
    )
    printed = run_elsewhere(small.root, "query", statement, "--format", "csv")
    assert "day,at_text\n2024-05-05,2024-05-05 23:30:00+00\n" == printed


def test_the_moments_of_a_warehouse_are_in_utc_wherever_it_is_built(tmp_path: Path) -> None:
    before = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    run_elsewhere(tmp_path, "build")
    with Sandbox(Home(tmp_path)) as sandbox:
        [moments] = asked(sandbox, "SELECT min(started_at), max(finished_at) FROM ops.loads").values
        [(loaded_at,)] = asked(sandbox, "SELECT max(loaded_at) FROM raw.almanac_finishes").values
    after = datetime.now(UTC).replace(tzinfo=None)
    assert [] == [moment for moment in [*moments, loaded_at] if not before <= moment.replace(tzinfo=None) <= after]


def test_a_reader_in_this_process_does_not_keep_others_from_asking(small: Home, sandbox: Sandbox) -> None:
    with closing(open_published(small)):
        assert [(1,)] == asked(sandbox, "SELECT 1").values


def test_without_a_warehouse_the_way_to_one_is_said(tmp_path: Path) -> None:
    with Sandbox(Home(tmp_path / "nowhere")) as sandbox:
        refusal = refused(sandbox, "SELECT 1")
    assert "there is no warehouse" in refusal.problem
    assert "nascar build" in refusal.advice


def test_asking_where_nothing_is_leaves_nothing(tmp_path: Path) -> None:
    with Sandbox(Home(tmp_path / "nowhere")) as sandbox:
        refused(sandbox, "SELECT 1")
    assert [] == list(tmp_path.glob("nowhere/*"))


@pytest.mark.parametrize("statement", ["SELECT 1", "SELEC", "DROP TABLE core.races"])
def test_the_command_leaves_with_2_when_a_statement_cannot_be_run(nascar: Nascar, statement: str) -> None:
    left = nascar("query", statement)
    assert (2, "") == (left.code, left.out)


def test_the_command_prints_the_rows(nascar: Nascar, small: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NASCAR_HOME", str(small.root))
    left = nascar("query", "SELECT race_id FROM core.races ORDER BY 1", "--format", "csv")
    assert (0, "race_id\ncup-2024-02\ncup-2024-12\n", "") == (left.code, left.out, left.err)

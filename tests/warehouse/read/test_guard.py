"""Only one statement that reads is run, and it reads nothing but the warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.read.sandbox import Limits, Sandbox
from nascar_warehouse.warehouse.rows import Rows
from nascar_warehouse.warehouse.storage.connection import open_locked
from nascar_warehouse.warehouse.storage.home import Home


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


@pytest.fixture
def untouched(small: Home, sandbox: Sandbox) -> Iterator[Sandbox]:
    """The same, with a home that has to have the same files with the same bytes afterwards."""
    before = fingerprint(small)
    yield sandbox
    assert before == fingerprint(small)


def fingerprint(home: Home) -> dict[Path, str]:
    return {path: sha256(path.read_bytes()).hexdigest() for path in home.root.rglob("*") if path.is_file()}


def asked(sandbox: Sandbox, statement: str, limits: Limits | None = None) -> Rows:
    with sandbox.run(statement, limits) as answer:
        return answer.rows()


def refused(sandbox: Sandbox, statement: str, *, seconds: float = 60) -> UsageError:
    with pytest.raises(UsageError) as refusal:
        asked(sandbox, statement, Limits(seconds=seconds))
    return refusal.value


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1",
        "FROM core.races SELECT race_id",
        "FROM marts.closest(least := 0)",
        "WITH a AS (SELECT 1 AS b) SELECT b FROM a",
        "VALUES (1), (2)",
        "DESCRIBE core.races",
        "SHOW ALL TABLES",
        "SUMMARIZE core.races",
        "EXPLAIN SELECT 1",
        "EXPLAIN ANALYZE SELECT 1",
        "EXPLAIN (ANALYZE, FORMAT json) SELECT 1",
        "explain -- a comment\n analyze /* another */ select 1",
        "EXPLAIN (SELECT 1)",
        "EXPLAIN SHOW ALL TABLES",
        "PIVOT core.races ON race_id USING max(margin_seconds)",
        "PIVOT core.races ON race_id USING max(margin_seconds);  ",
        "EXPLAIN PIVOT core.races ON race_id USING max(margin_seconds)",
        "WITH a AS (PIVOT core.races ON race_id USING count(*)) FROM a",
        "UNPIVOT core.races ON race_id",
        "(SELECT 1)",
        "TABLE core.races",
        "/* a comment */ FROM core.races",
        "FROM range(3)",
        "SELECT query.query FROM (SELECT 1 AS query) AS query",
        "SELECT 1;",
        "-- a comment\nSELECT 1 -- and another",
        "SELECT 'a;b'",
    ],
)
def test_a_statement_that_reads_has_rows(untouched: Sandbox, statement: str) -> None:
    assert [] != asked(untouched, statement).values


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO core.races VALUES ('a', 1, NULL)",
        "UPDATE core.races SET margin_seconds = 0",
        "DELETE FROM core.races",
        "TRUNCATE core.races",
        "CREATE TABLE core.mine AS SELECT 1",
        "CREATE OR REPLACE TEMP VIEW mine AS SELECT 1",
        "CREATE SCHEMA mine",
        "DROP TABLE core.races",
        "ALTER TABLE core.races ADD COLUMN mine INTEGER",
        "COMMENT ON TABLE core.races IS 'mine'",
        "COPY core.races TO 'races.csv'",
        "COPY (SELECT 1) TO 'one.parquet'",
        "COPY core.races FROM 'races.csv'",
        "EXPORT DATABASE 'mine'",
        "ATTACH ':memory:' AS mine",
        "DETACH nascar",
        "USE core",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET memory_limit = '100GB'",
        "SET enable_external_access = true",
        "RESET threads",
        "PRAGMA threads = 1",
        "PRAGMA enable_profiling",
        "CALL pragma_version()",
        "BEGIN",
        "COMMIT",
        "CHECKPOINT",
        "VACUUM",
        "PREPARE mine AS SELECT 1",
        "EXECUTE mine",
        "SET VARIABLE mine = 1",
    ],
)
def test_a_statement_that_does_more_than_read_is_refused(untouched: Sandbox, statement: str) -> None:
    assert refused(untouched, statement).problem.startswith(
        ("only a statement that reads can be run here", "PRAGMA statements cannot be run here")
    )


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("INSTALL httpfs", "INSTALL"),
        ("use core", "USE"),
        ("/* c */ COMMENT ON TABLE core.races IS 'x'", "COMMENT"),
        ("DEALLOCATE mine", "DEALLOCATE"),
        ("FORCE CHECKPOINT", "FORCE"),
        ("WITH a AS (SELECT 1) DELETE FROM core.races", "DELETE"),
        ("CREATE TABLE core.mine AS PIVOT core.races ON race_id USING count(*)", "CREATE"),
    ],
)
def test_a_refused_statement_is_called_by_the_word_that_was_written(
    untouched: Sandbox, statement: str, kind: str
) -> None:
    assert f"only a statement that reads can be run here, and this is {kind}" == refused(untouched, statement).problem


@pytest.mark.parametrize("target", ["nascar.duckdb", "nascar.duckdb.wal", "other.csv"])
@pytest.mark.parametrize(
    "explain",
    ["explain analyze", "explain", "/* c */ explain -- c\n analyze", "explain (analyze, format json)", "explain --\r"],
)
def test_explaining_a_copy_over_the_published_file_is_refused(
    untouched: Sandbox, small: Home, explain: str, target: str
) -> None:
    statement = f"{explain} copy (select 1) to '{small.root / target}' (format csv, use_tmp_file false)"
    assert "only a SELECT can be explained here" == refused(untouched, statement).problem


@pytest.mark.parametrize(
    "statement",
    [
        "EXPLAIN ANALYZE DELETE FROM core.races",
        "EXPLAIN CREATE TABLE core.mine AS SELECT 1",
        "EXPLAIN EXECUTE mine",
        "EXPLAIN CALL enable_logging()",
    ],
)
def test_only_a_select_is_explained(untouched: Sandbox, statement: str) -> None:
    assert "only a SELECT can be explained here" == refused(untouched, statement).problem


@pytest.mark.parametrize(
    "call",
    [
        "enable_logging('QueryLog', storage='file', storage_path='{file}')",
        "enable_logging(storage_path='/tmp')",
        '"Enable_Logging" /* ( */ ()',
        "system.main.enable_logging()",
        "enable_logging\u00a0()",
        "enable_profiling()",
        "checkpoint()",
        "force_checkpoint()",
        "truncate_duckdb_logs()",
        "query('FROM enable_logging()')",
        "query_table('{file}')",
        "json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
        "read_blob('{file}')",
    ],
)
def test_a_function_that_changes_the_engine_or_reads_files_is_refused(
    untouched: Sandbox, small: Home, call: str
) -> None:
    refusal = refused(untouched, f"FROM {call.format(file=small.published)}")
    assert "cannot be used here: it may reach files or change the engine" in refusal.problem


@pytest.mark.parametrize("statement", ["FROM read_text('.tmp/x')", "FROM '.tmp/x.csv'", "FROM glob('.tmp/*')"])
def test_the_folder_for_spilling_cannot_be_read(
    untouched: Sandbox, statement: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".tmp").mkdir()
    (tmp_path / ".tmp" / "x").write_text("secret")
    (tmp_path / ".tmp" / "x.csv").write_text("secret")
    assert "secret" not in str(refused(untouched, statement))


def test_what_does_not_fit_into_memory_is_not_written_anywhere(
    small: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with closing(open_locked(small.published, memory_limit="60MB")) as con:
        assert "" == con.execute("SELECT current_setting('temp_directory')").fetchall()[0][0]
        with pytest.raises(duckdb.OutOfMemoryException):
            con.execute("SELECT hash(i)::VARCHAR AS h FROM range(20_000_000) AS t(i) ORDER BY h").fetchmany(1)
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("statement", ["SELECT 1; SELECT 2", "SELECT 1; DROP TABLE core.races", ";SELECT 1;;SELECT 2"])
def test_two_statements_are_refused(untouched: Sandbox, statement: str) -> None:
    assert "only one statement can be run at a time" == refused(untouched, statement).problem


@pytest.mark.parametrize("statement", ["", "  \n", ";", "-- nothing to ask"])
def test_no_statement_is_refused(sandbox: Sandbox, statement: str) -> None:
    assert "there is no statement to run" == refused(sandbox, statement).problem


@pytest.mark.parametrize(
    "statement",
    [
        "FROM read_csv('/etc/passwd')",
        "FROM read_text('/etc/passwd')",
        "FROM read_blob('/etc/*')",
        "FROM read_json('/etc/passwd')",
        "FROM read_parquet('/etc/passwd')",
        "FROM glob('/etc/*')",
        "FROM sniff_csv('/etc/passwd')",
        "FROM '/etc/passwd'",
        "FROM 'races.csv'",
        "FROM 'https://cf.nascar.com/cacher/2024/race_list_basic.json'",
        "FROM read_csv('https://cf.nascar.com/races.csv')",
        "FROM duckdb_secrets()",
        "IMPORT DATABASE '/tmp'",
        "SELECT getenv('HOME')",
    ],
)
def test_nothing_outside_the_warehouse_can_be_read(untouched: Sandbox, statement: str) -> None:
    assert UsageError is type(refused(untouched, statement))

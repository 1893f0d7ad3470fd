"""A reader's statement, run so that it can only read, only this warehouse, and not for ever."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import duckdb

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.rows import Rows, fetch_rows
from nascar_warehouse.warehouse.storage.home import duckdb_failures

if TYPE_CHECKING:
    from nascar_warehouse.warehouse.storage.home import Home

DEFAULT_SECONDS = 60
_SETTINGS = (
    "USE nascar",
    # DuckDB draws its bar on the standard output, in the middle of the data.
    "SET enable_progress_bar = false",
    "SET TimeZone = 'UTC'",
    # No files, no network, no other database, no extension: what is asked is asked of this warehouse.
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)
_READS = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.RELATION}


def run_query(home: Home, statement: str, *, seconds: float = DEFAULT_SECONDS) -> Rows:
    """Run one reading statement on the published warehouse; whatever is wrong with it raises `UsageError`."""
    if not home.published.exists():
        raise UsageError(
            f"there is no warehouse at {home.published} yet",
            "run `nascar build`, or `nascar ingest` to fetch the feeds",
        )
    with duckdb_failures(home.published), duckdb.connect(config={"memory_limit": "1GB"}) as con:
        quoted = str(home.published).replace("'", "''")
        con.execute(f"ATTACH '{quoted}' AS nascar (READ_ONLY)")
        for setting in _SETTINGS:
            con.execute(setting)
        return _run(con, statement, min(seconds, threading.TIMEOUT_MAX))


def _run(con: duckdb.DuckDBPyConnection, statement: str, seconds: float) -> Rows:
    timer = threading.Timer(seconds, con.interrupt)
    try:
        parsed = con.extract_statements(statement)
        if len(parsed) != 1 or parsed[0].type not in _READS:
            raise UsageError(
                "only one statement that reads can be run here",
                "write one SELECT, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN",
            )
        timer.start()
        return fetch_rows(con.execute(parsed[0]))
    except duckdb.InterruptException as error:
        raise UsageError(
            f"the statement was stopped after {seconds:g} seconds", "ask for less, or give --seconds"
        ) from error
    except duckdb.Error as error:
        raise UsageError(
            str(error), "`nascar describe` lists the relations, `nascar describe NAME` their columns"
        ) from error
    finally:
        timer.cancel()

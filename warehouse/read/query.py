"""A reader's statement, run so that it can only read, only this warehouse, and only for a limited time."""

from __future__ import annotations

import threading
from contextlib import closing
from typing import TYPE_CHECKING

import duckdb

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.read.guard import parse_read
from nascar_warehouse.warehouse.rows import Rows, fetch_rows
from nascar_warehouse.warehouse.storage.connection import attach, require_published
from nascar_warehouse.warehouse.storage.disk import duckdb_failures

if TYPE_CHECKING:
    from nascar_warehouse.warehouse.storage.home import Home

DEFAULT_SECONDS = 60
_SETTINGS = (
    "USE nascar",
    # DuckDB draws its bar on the standard output, in the middle of the data.
    "SET enable_progress_bar = false",
    "SET TimeZone = 'UTC'",
    # No files, no network, no other database, no extension, and no folder for what does not fit into memory.
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET temp_directory = ''",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)


def open_locked(home: Home, *, memory_limit: str = "1GB") -> duckdb.DuckDBPyConnection:
    """A connection on the published warehouse that has no other file, no network, and whose settings are fixed.

    That alone is no protection against a stranger's statement: it has to pass `guard.parse_read` first. Raises
    `UsageError` when nothing is published yet and `MachineFailure` when the file cannot be read.
    """
    require_published(home)
    with duckdb_failures(home.published):
        con = duckdb.connect(config={"memory_limit": memory_limit})
        try:
            attach(con, home.published, "nascar")
            for setting in _SETTINGS:
                con.execute(setting)
        except BaseException:
            con.close()
            raise
        return con


def run_query(home: Home, statement: str, *, seconds: float = DEFAULT_SECONDS) -> Rows:
    """Run one reading statement on the published warehouse; whatever is wrong with it raises `UsageError`."""
    with closing(open_locked(home)) as con:
        return _run(con, statement, min(seconds, threading.TIMEOUT_MAX))


def _run(con: duckdb.DuckDBPyConnection, statement: str, seconds: float) -> Rows:
    timer = threading.Timer(seconds, con.interrupt)
    timer.start()
    try:
        rows = Rows([], [])
        for step in parse_read(con, statement):
            rows = fetch_rows(con.execute(step))
        return rows
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

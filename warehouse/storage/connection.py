"""Connections to the published warehouse, for reading.

DuckDB applies a write-ahead log that lies beside a file, also when it opens the file read-only. The published file is
never written in place, so such a log comes from another program that opened it for writing, and belongs to no warehouse
of ours: it is left out here.
"""

from __future__ import annotations

import importlib
import tempfile
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.storage.disk import duckdb_failures, link_or_copy, machine_failures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    import duckdb

    from nascar_warehouse.warehouse.storage.home import Home


def open_published(home: Home) -> duckdb.DuckDBPyConnection:
    """Open the published warehouse for reading.

    Raises `UsageError` when there is none yet and `MachineFailure` when the file cannot be read.
    """
    require_published(home)
    con = open_warehouse(home.published)
    con.execute("SET enable_progress_bar = false")
    return con


@contextmanager
def reading_published(home: Home, *, is_last: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the published warehouse for statements of this program.

    With `is_last` a program that ends afterwards leaves it open: to free it piece by piece takes a twentieth of `nascar
    closest`. Raises as `open_published`, and `UsageError` when a relation, column or macro is missing: the file was
    built by another version of this program.
    """
    con = open_published(home)
    is_left_open = is_last and _Ending.is_known
    if is_left_open:
        _Ending.left_open.append(con)
    with nullcontext(con) if is_left_open else closing(con):
        engine = _engine()
        try:
            yield con
        except (engine.CatalogException, engine.BinderException) as error:
            raise UsageError(
                f"{home.published} was built by another version of this program", "run `nascar build`"
            ) from error


def require_published(home: Home) -> None:
    """Raise `UsageError` when nothing is published yet."""
    if not home.published.exists():
        raise UsageError(
            f"there is no warehouse at {home.published} yet",
            "run `nascar build`, or `nascar ingest` to fetch the feeds",
        )


def open_warehouse(path: Path) -> duckdb.DuckDBPyConnection:
    """Open any warehouse file for reading, without a log beside it; raises `MachineFailure`."""
    with duckdb_failures(path), without_log(path) as file:
        con: duckdb.DuckDBPyConnection = _engine().connect(file, read_only=True)
        return con


class _Ending:
    """Whether the process ends after its command, and the connections that it leaves open."""

    is_known = False
    left_open: ClassVar[list[duckdb.DuckDBPyConnection]] = []


def end_with_process() -> None:
    """Say that the process ends after its command, without freeing anything first."""
    _Ending.is_known = True


_LOCKED_SETTINGS = (
    "USE nascar",
    # DuckDB draws its bar on the standard output, in the middle of the data.
    "SET enable_progress_bar = false",
    "SET TimeZone = 'UTC'",
    # A table's name must not find a variable of this program.
    "SET python_enable_replacements = false",
    # No files, no network, no other database, no extension, and no folder for what does not fit into memory.
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET temp_directory = ''",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)


def open_locked(
    path: Path, *, memory_limit: str = "1GB", confine: Callable[[], object] = lambda: None
) -> duckdb.DuckDBPyConnection:
    """A connection on a warehouse file that has no other file, no network, and whose settings are fixed.

    That alone is no protection against a stranger's statement: it has to pass `guard.parse_read` first. `confine` is
    called before the file is opened, while the engine has no threads that it would not reach. Raises `MachineFailure`
    when the file cannot be read.
    """
    import duckdb

    with duckdb_failures(path):
        con = duckdb.connect(config={"memory_limit": memory_limit})
        try:
            [(threads,)] = con.execute("SELECT current_setting('threads')").fetchall()
            con.execute("SET threads = 1")
            confine()
            con.execute(f"SET threads = {threads}")
            attach(con, path, "nascar")
            for setting in _LOCKED_SETTINGS:
                con.execute(setting)
        except BaseException:
            con.close()
            raise
        return con


def attach(con: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Attach a warehouse file under a name, for reading, without a log beside it; raises `MachineFailure`."""
    with duckdb_failures(path), without_log(path) as file:
        quoted = str(file).replace("'", "''")
        con.execute(f"ATTACH '{quoted}' AS {name} (READ_ONLY)")


@contextmanager
def attached(con: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    """Attach another warehouse to a connection as `published`, for reading, until the block ends."""
    attach(con, path, "published")
    try:
        with duckdb_failures(path):
            yield
    finally:
        con.execute("DETACH published")


def _engine() -> ModuleType:
    """DuckDB without its Python package where possible: importing that takes as long as a ranking does.

    The connections and the errors are the same classes.
    """
    try:
        return importlib.import_module("_duckdb")
    except ImportError:
        return importlib.import_module("duckdb")


@contextmanager
def without_log(path: Path) -> Iterator[Path]:
    """A path of the same file that no log lies beside; the file itself, where none does.

    DuckDB follows symbolic links before it looks for a log, so the other path is a hard link or a copy in a temporary
    folder, which is removed once the file is open.
    """
    with machine_failures(path):
        has_log = path.with_name(f"{path.name}.wal").exists()
    if not has_log:
        yield path
        return
    with machine_failures(path):
        folder = tempfile.TemporaryDirectory(prefix="nascar-")
    with folder as name:
        with machine_failures(path):
            file = link_or_copy(path, Path(name) / path.name)
        yield file

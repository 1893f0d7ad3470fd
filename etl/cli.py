"""The `nascar` command: which commands there are, and how errors become exit codes.

The standard output is data, everything else goes to the error stream. Nothing heavy is imported before a command
needs it.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from nascar_warehouse.etl.commands import find, read, schema
from nascar_warehouse.etl.commands import run as run_commands
from nascar_warehouse.etl.commands.ask import ask
from nascar_warehouse.etl.commands.export import export
from nascar_warehouse.etl.commands.group import group_of
from nascar_warehouse.etl.commands.options import print_message
from nascar_warehouse.etl.commands.query import query
from nascar_warehouse.etl.commands.serve import serve
from nascar_warehouse.etl.commands.shell import shell
from nascar_warehouse.etl.streams import (
    as_output_failure,
    decode_arguments,
    flush_streams,
    is_output_error,
    prepare_streams,
)
from nascar_warehouse.warehouse.errors import Interrupted, NascarError, is_interruption
from nascar_warehouse.warehouse.storage.connection import end_with_process

if TYPE_CHECKING:
    from types import FrameType

app = typer.Typer(
    name="nascar",
    cls=group_of(
        read.closest,
        read.why,
        ask,
        find.races,
        find.drivers,
        find.tracks,
        run_commands.ingest,
        run_commands.build,
        run_commands.accept,
        run_commands.rebuild,
        query,
        shell,
        read.describe,
        schema.lineage,
        schema.contract,
        read.changes,
        read.status,
        read.check,
        export,
        serve,
        read.snapshots,
        run_commands.rollback,
        run_commands.gc,
        read.home,
    ),
    help="NASCAR race results in one DuckDB file: the closest margins of victory in Cup history, with their sources.",
    epilog="Start with `nascar closest`. `nascar COMMAND --help` shows examples.",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Print the version, or help if no command is given."""
    if version:
        from nascar_warehouse import __version__

        typer.echo(__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def run() -> NoReturn:
    """The `nascar` program: `main`, without unloading modules at the end, which takes half as long as an answer."""
    code = 0
    # A command makes few cycles, and looking for them at each thousand new objects takes a twentieth of a short one.
    gc.set_threshold(100_000, 50, 100)
    sys.meta_path.insert(0, _WithoutPandas)
    end_with_process()
    for name, value in _ALLOCATORS.items():
        os.environ.setdefault(name, value)
    prepare_streams()
    decode_arguments()
    try:
        main()
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 0
    with suppress(OSError):  # After an error; what a good end cannot write is one.
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


_ALLOCATORS = {"ARROW_DEFAULT_MEMORY_POOL": "system", "_RJEM_MALLOC_CONF": "dirty_decay_ms:0,muzzy_decay_ms:0"}
"""Read when pyarrow and Polars are imported: memory that they free goes back to the system at once."""


class _WithoutPandas:
    """Keeps pandas from being imported.

    DuckDB looks for it at each statement with parameters, and imports it where it is installed: half a second that no
    command has a use for.
    """

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:  # noqa: ARG004  # as importlib calls it
        """Nothing, so that the next finder is asked; raises for pandas."""
        if name == "pandas":
            raise ModuleNotFoundError("No module named 'pandas'", name=name)


def main() -> NoReturn:
    """Run the command and leave with its exit code."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        _run_command()
    except NascarError as error:
        _leave_with(error)
    except OSError as error:
        if not is_output_error(error):
            raise
        _leave_with(as_output_failure(error))
    except SystemExit as leaving:
        if leaving.code == Interrupted.exit_code:
            _print_interrupted(leaving)
        raise
    except (KeyboardInterrupt, RuntimeError) as error:
        if not is_interruption(error):
            raise
        _print_interrupted(error)
        sys.exit(Interrupted.exit_code)
    sys.exit(0)


def _run_command() -> None:
    try:
        app(prog_name="nascar")
    except SystemExit as leaving:
        if leaving.code == 0:
            flush_streams()
        raise
    flush_streams()


def _leave_with(error: NascarError) -> NoReturn:
    from nascar_warehouse.etl.monitoring.log import error_lines

    for line in error_lines(error):
        print_message(line)
    sys.exit(error.exit_code)


def _print_interrupted(error: BaseException) -> None:
    """Say that the command was interrupted, unless the report of the run has said so."""
    from nascar_warehouse.etl.monitoring.log import INTERRUPTED, RunReported

    if not isinstance(error, RunReported):
        print_message(INTERRUPTED)


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt

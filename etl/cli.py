"""The `nascar` command: which commands there are, and how errors become exit codes.

The standard output is data, everything else goes to the error stream. Nothing heavy is imported before a command
needs it.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from etl.commands import answers, jobs
from etl.commands.common import tell
from etl.log import INTERRUPTED, Told, error_lines
from warehouse.errors import Interrupted, NascarError, is_interruption

if TYPE_CHECKING:
    from types import FrameType

app = typer.Typer(
    name="nascar",
    help="NASCAR race results in one DuckDB file: the closest margins of victory in Cup history, with their sources.",
    epilog="Start with `nascar closest`. `nascar COMMAND --help` has examples.",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    answers.closest,
    answers.why,
    jobs.ingest,
    jobs.build,
    jobs.rebuild,
    answers.query,
    answers.describe,
    answers.changes,
    answers.status,
    answers.check,
    answers.snapshots,
    jobs.rollback,
    jobs.gc,
    answers.home,
):
    app.command()(command)


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    """Print the version, or help when nothing is asked."""
    if version:
        from warehouse import __version__

        typer.echo(__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def run() -> NoReturn:
    """The `nascar` program: `main`, without unloading modules at the end, which takes half as long as an answer."""
    code = 0
    try:
        main()
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 0
    with suppress(BrokenPipeError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def main() -> NoReturn:
    """Run the command and leave with its exit code."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        app()
    except NascarError as error:
        for line in error_lines(error):
            tell(line)
        sys.exit(error.exit_code)
    except Told:
        raise
    except SystemExit as leaving:
        if leaving.code == Interrupted.exit_code:
            tell(INTERRUPTED)
        raise
    except (KeyboardInterrupt, RuntimeError) as error:
        if not is_interruption(error):
            raise
        tell(INTERRUPTED)
        sys.exit(Interrupted.exit_code)
    sys.exit(0)


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt

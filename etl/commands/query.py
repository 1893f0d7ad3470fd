"""`nascar query`: a statement of the user's, in the sandbox."""

from __future__ import annotations

from typing import Annotated

import typer

from nascar_warehouse.etl.commands.options import FormatOption, open_home, print_message


def query(
    sql: Annotated[
        str,
        typer.Argument(help="One SELECT statement; - reads it from standard input.", metavar="SQL|-"),
    ],
    seconds: Annotated[float, typer.Option(help="Stop the statement after this many seconds.", min=0.1)] = 60,
    memory: Annotated[
        str | None,
        typer.Option(help="Stop the statement if it needs more memory. Default: NASCAR_QUERY_MEMORY.", metavar="SIZE"),
    ] = None,
    limit: Annotated[int | None, typer.Option("--rows", help="Print at most this many rows.", min=0)] = None,
    form: FormatOption = "table",
) -> None:
    """Run a SELECT statement on the warehouse.

    Statements are read-only and have no access to files or the network. They run in a process of their own, with limits
    for time and memory.

    \b
    nascar query "SELECT * FROM marts.record_progression"
    nascar query "FROM marts.closest(series := 'nxs') LIMIT 10" --format csv
    nascar query - < question.sql
    """
    from nascar_warehouse.etl.streams import read_standard_input
    from nascar_warehouse.warehouse.read.empty_answers import explain_no_rows
    from nascar_warehouse.warehouse.read.output import show_answer
    from nascar_warehouse.warehouse.read.sandbox import Limits, Sandbox
    from nascar_warehouse.warehouse.settings import read_settings, read_size

    memory_bytes = read_size("--memory", memory) if memory else read_settings().query_memory
    limits = Limits(seconds=seconds, memory_bytes=memory_bytes, rows=limit)
    statement = read_standard_input() if sql == "-" else sql
    with Sandbox(open_home()) as sandbox, sandbox.run(statement, limits) as answer:
        show_answer(answer, form, empty=": ".join(filter(None, ["no rows", explain_no_rows(statement)])))
        if answer.is_cut_off:
            print_message(f"only the first {limit:,} rows are shown; --rows sets how many")

"""The commands about the schema itself: where a column comes from, and what changed since the last release."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nascar_warehouse.etl.commands.options import FormatOption, open_home, print_message
from nascar_warehouse.warehouse.errors import UsageError


def lineage(
    column: Annotated[str, typer.Argument(help="A column, such as core.races.race_name.", metavar="COLUMN")],
    origins: Annotated[
        bool, typer.Option("--origins", help="Print only what sources sent, and no steps between.")
    ] = False,
    form: FormatOption = "table",
) -> None:
    """Trace a column to what sources sent.

    Each row is one step: a column, and one that its expression reads. What only joins or filters is left out.

    \b
    nascar lineage marts.closest_finishes.margin_feet_estimate
    nascar lineage core.races.race_name --origins
    """
    from nascar_warehouse.warehouse.read.lineage import trace_column
    from nascar_warehouse.warehouse.read.output import show
    from nascar_warehouse.warehouse.rows import Rows

    steps = trace_column(open_home(), column)
    found = sorted({row[2] for row in steps.values if row[3]})
    show(Rows(["origin"], [[name] for name in found]) if origins else steps, form, empty="no column: it is computed")
    if not origins:
        print_message(f"made of {len(found)} columns of sources and seeds; --origins lists them")


def contract(
    changelog: Annotated[
        Path | None,
        typer.Option("--changelog", help="The changelog that must name each break.", metavar="FILE"),
    ] = None,
    form: FormatOption = "table",
) -> None:
    """Compare the public schema with that of the last release.

    Additions are free. With --changelog, exits with 6 if a column was removed or has another type and the file does
    not name it as relation.column.

    \b
    nascar contract
    nascar contract --changelog CHANGELOG.md
    """
    from nascar_warehouse.warehouse.read.contract import (
        compare,
        read_public_columns,
        read_released_columns,
        require_announced,
    )
    from nascar_warehouse.warehouse.read.output import show

    changes = compare(read_released_columns(), read_public_columns(open_home()))
    show(changes, form, empty="nothing changed since the last release")
    if changelog is not None:
        try:
            text = changelog.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"cannot read {changelog}: {error}", "name the changelog") from error
        require_announced(changes, text)

"""`nascar export`: take the published warehouse away."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nascar_warehouse.etl.commands.options import open_home, print_message, require_choice


def export(
    to: Annotated[Path, typer.Option("--to", help="The folder to write, new or an earlier export.", metavar="DIR")],
    form: Annotated[
        str, typer.Option("--as", help="parquet, csv, sqlite, spark or postgres.", metavar="FORMAT")
    ] = "parquet",
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help="Only this schema or relation. May be repeated.", metavar="NAME"),
    ] = None,
) -> None:
    """Write the tables and views to a folder of files.

    The folder appears whole or not at all. Its manifest.json has the rows of each relation, the SHA-256 of each file
    and whom to credit. A SQLite export has a metadata.json for Datasette. For Spark and PostgreSQL, views are
    statements of that engine, and the README says how to load them.

    \b
    nascar export --to nascar-parquet
    nascar export --to nascar-csv --as csv --only marts
    nascar export --to nascar-sqlite --as sqlite
    nascar export --to nascar-postgres --as postgres
    """
    from nascar_warehouse.warehouse.export.export import FORMATS
    from nascar_warehouse.warehouse.export.export import export as write_export

    require_choice("--as", form, FORMATS)
    manifest = write_export(open_home(), to.expanduser().absolute(), form, only=only or ())
    rows = sum(relation["rows"] for relation in manifest["relations"])
    print_message(f"wrote {len(manifest['relations'])} relations with {rows:,} rows to {to}")

"""`nascar export`: take the published warehouse away."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nascar_warehouse.etl.commands.options import open_home, print_message, require_choice, require_extra
from nascar_warehouse.warehouse.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence


_SITE = "site"
_PAGES_BETWEEN_LINES = 1_000


def export(
    to: Annotated[Path, typer.Option("--to", help="The folder to write, new or an earlier export.", metavar="DIR")],
    form: Annotated[
        str, typer.Option("--as", help="parquet, csv, sqlite, spark, postgres or site.", metavar="FORMAT")
    ] = "parquet",
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help="Only this schema or relation. May be repeated.", metavar="NAME"),
    ] = None,
    with_sql: Annotated[
        Path | None,
        typer.Option(
            "--with-sql", help="Of a site: the unpacked npm package @duckdb/duckdb-wasm, for a console.", metavar="PATH"
        ),
    ] = None,
) -> None:
    """Write the tables and views to a folder of files.

    The folder appears whole or not at all. Its manifest.json has the rows of each relation, the SHA-256 of each file
    and whom to credit. A SQLite export has a metadata.json for Datasette. For Spark and PostgreSQL, views are
    statements of that engine, and the README says how to load them.
    A site is the pages of `nascar serve` for any web server, with the Parquet files; it needs the extra `web`. With
    --with-sql its console runs DuckDB in the reader's browser.

    \b
    nascar export --to nascar-parquet
    nascar export --to nascar-csv --as csv --only marts
    nascar export --to nascar-sqlite --as sqlite
    nascar export --to nascar-postgres --as postgres
    nascar export --to nascar-site --as site --with-sql package
    """
    from nascar_warehouse.warehouse.export.export import FORMATS
    from nascar_warehouse.warehouse.export.export import export as write_export

    require_choice("--as", form, (*FORMATS, _SITE))
    if form == _SITE:
        _export_site(to, only or (), with_sql)
        return
    if with_sql is not None:
        raise UsageError(f"--with-sql does not go with {form}", "it is for --as site")
    manifest = write_export(open_home(), to.expanduser().absolute(), form, only=only or ())
    rows = sum(relation["rows"] for relation in manifest["relations"])
    count = len(manifest["relations"])
    print_message(f"wrote {count} relation{'s' * (count != 1)} with {rows:,} row{'s' * (rows != 1)} to {to}")


def _export_site(to: Path, only: Sequence[str], with_sql: Path | None) -> None:
    if only:
        raise UsageError("--only does not go with site", "its pages read most relations: leave it out")
    require_extra("web", "starlette", "jinja2")
    from nascar_warehouse.warehouse.website.export import export_site

    printed = 0

    def print_progress(written: int, known: int) -> None:
        nonlocal printed
        if written - printed >= _PAGES_BETWEEN_LINES:
            print_message(f"wrote {written:,} of {known:,} pages")
            printed = written

    package = None if with_sql is None else with_sql.expanduser()
    site = export_site(open_home(), to.expanduser().absolute(), print_progress, sql_package=package)
    print_message(f"wrote {site.pages:,} pages; {site.files:,} files with {site.bytes / 1e6:,.1f} MB in all, to {to}")

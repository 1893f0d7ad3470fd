"""`nascar shell`: the published warehouse in a terminal program for SQL."""

from __future__ import annotations

import os
import shutil
from typing import Annotated

import typer

from nascar_warehouse.etl.commands.options import open_home, require_choice
from nascar_warehouse.warehouse.errors import UsageError

_PROGRAMS = {"harlequin": ("--adapter", "duckdb", "--read-only"), "duckdb": ("-readonly",)}


def shell(
    program: Annotated[
        str | None, typer.Option("--with", help="harlequin or duckdb. Default: the first that is installed.")
    ] = None,
) -> None:
    """Open the warehouse in a terminal program for SQL.

    That is harlequin or the DuckDB command line, whichever is installed. The file is opened read-only
    and stays open as it is now, also when a newer one is published.

    \b
    nascar shell
    nascar shell --with duckdb
    """
    from nascar_warehouse.warehouse.storage.connection import require_published

    if program is not None:
        require_choice("--with", program, tuple(_PROGRAMS))
    home = open_home()
    require_published(home)
    for name in [program] if program else _PROGRAMS:
        if path := shutil.which(name):
            os.execv(path, [name, *_PROGRAMS[name], str(home.published)])  # noqa: S606  # a program that the user installed
    raise UsageError(
        f"{program or 'neither harlequin nor duckdb'} is {'not ' if program else ''}installed",
        "`pip install harlequin`, or use `nascar query`",
    )

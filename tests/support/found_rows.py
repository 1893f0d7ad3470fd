"""What the checks find in a warehouse."""

from __future__ import annotations

import duckdb

from nascar_warehouse.warehouse.build.checks import run_checks


def found(con: duckdb.DuckDBPyConnection) -> dict[str, list[object]]:
    """The keys of the rows that each check finds, of the checks that find any."""
    return {
        result.name: [example["row_key"] for example in result.examples]
        for result in run_checks(con)
        if result.failing_rows
    }

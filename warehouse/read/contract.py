"""The public schema as others rely on it: `sql/contract.csv` has it as it was at the last release.

What was added since is free. What was removed or has another type breaks what others wrote, and needs an entry in the
changelog that names it.
"""

from __future__ import annotations

import csv
from importlib.resources import files
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.errors import InvalidSql
from nascar_warehouse.warehouse.rows import Rows
from nascar_warehouse.warehouse.storage.connection import reading_published

if TYPE_CHECKING:
    from nascar_warehouse.warehouse.storage.home import Home

Columns = dict[tuple[str, str], str]

_PUBLIC = """
SELECT schema_name || '.' || table_name, column_name, data_type
FROM duckdb_columns()
WHERE NOT internal AND schema_name IN ('core', 'marts', 'ops')
UNION ALL
SELECT schema_name || '.' || function_name, unnest(parameters), 'parameter'
FROM duckdb_functions()
WHERE NOT internal AND function_type = 'table_macro' AND schema_name IN ('core', 'marts', 'ops')
ORDER BY ALL
"""


def read_public_columns(home: Home) -> Columns:
    """The type of each public column, and of each parameter of a macro, by relation and name."""
    with reading_published(home) as con:
        return {(relation, name): kind for relation, name, kind in con.execute(_PUBLIC).fetchall()}


def read_released_columns() -> Columns:
    """The same as of the last release."""
    text = files("nascar_warehouse.sql").joinpath("contract.csv").read_text(encoding="utf-8")
    return {(row["relation"], row["column_name"]): row["type"] for row in csv.DictReader(text.splitlines())}


def compare(released: Columns, public: Columns) -> Rows:
    """What was removed, has another type or was added since the release; `is_break` marks all but additions."""
    rows: list[tuple[str, str, str, str | None, str | None]] = [
        (relation, name, "removed" if (relation, name) not in public else "changed", kind, public.get((relation, name)))
        for (relation, name), kind in released.items()
        if public.get((relation, name)) != kind
    ]
    rows += [
        (relation, name, "added", None, kind)
        for (relation, name), kind in public.items()
        if (relation, name) not in released
    ]
    columns = ["relation", "column", "change", "type_before", "type_now", "is_break"]
    return Rows(
        columns, [(*row, row[2] != "added") for row in sorted(rows, key=lambda row: (row[2] == "added", *row[:2]))]
    )


def require_announced(changes: Rows, changelog: str) -> None:
    """Raise `InvalidSql` for a break that the text of the changelog does not name as `relation.column`."""
    silent = [f"{row[0]}.{row[1]}" for row in changes.values if row[5] and f"{row[0]}.{row[1]}" not in changelog]
    if silent:
        raise InvalidSql(
            f"the public schema breaks without an entry in the changelog: {', '.join(silent)}",
            "name each as relation.column in CHANGELOG.md, or undo the change",
        )

"""Compare every public relation of two warehouses, row by row.

    python -m tests.support.compare_warehouses BEFORE.duckdb AFTER.duckdb [--rows N]

Prints a line for each relation of core, marts and ops that differs, with the rows that only one of the two has, and ends with 1 if any
does. Moments that tell when a run took place (columns whose name ends in `_at`, and ops.loads) are left out. Columns that only one side
has are named and left out of the comparison of rows.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

SCHEMAS = ("core", "marts", "ops")
ABOUT_RUNS = {"ops.loads"}


@dataclass(frozen=True)
class Difference:
    """How a relation differs: what only one side has, relations and columns as text, rows as tuples."""

    relation: str
    what: str
    rows: list[tuple[Any, ...]] = field(default_factory=list)


def compare_warehouses(
    before: Path, after: Path, *, rows: int = 5, schemas: Sequence[str] = SCHEMAS, left_out: Sequence[str] = ()
) -> list[Difference]:
    """Every difference between the public relations of two files; at most `rows` examples for each side.

    Columns that are `left_out` are not compared.
    """
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{before}' AS before (READ_ONLY)")
        con.execute(f"ATTACH '{after}' AS after (READ_ONLY)")
        columns = {side: _columns(con, side, schemas, left_out) for side in ("before", "after")}
        found = []
        for relation in sorted(columns["before"].keys() | columns["after"].keys()):
            sides = [side for side in columns if relation in columns[side]]
            if len(sides) == 1:
                found.append(Difference(relation, f"only {sides[0]}"))
            elif relation not in ABOUT_RUNS:
                found += _compare_relation(con, relation, columns["before"][relation], columns["after"][relation], rows)
        return found


def _columns(
    con: duckdb.DuckDBPyConnection, side: str, schemas: Sequence[str], left_out: Sequence[str]
) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for schema, table, column, kind in con.execute(
        "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns()"
        " WHERE database_name = ? AND list_contains(?, schema_name) AND NOT list_contains(?, column_name) ORDER BY ALL",
        [side, list(schemas), list(left_out)],
    ).fetchall():
        found.setdefault(f"{schema}.{table}", {})[column] = kind
    return found


def _compare_relation(
    con: duckdb.DuckDBPyConnection, relation: str, before: dict[str, str], after: dict[str, str], rows: int
) -> list[Difference]:
    found = [
        Difference(relation, f"column {name} only {'before' if name in before else 'after'}")
        for name in sorted(before.keys() ^ after.keys())
    ]
    found += [
        Difference(relation, f"column {name} was {before[name]} and is {after[name]}")
        for name in sorted(before.keys() & after.keys())
        if before[name] != after[name]
    ]
    names = ", ".join(f'"{name}"' for name in sorted(before.keys() & after.keys()) if not name.endswith("_at"))
    # The same rows have the same sum of hashes: cheap, and most relations do not differ.
    sums = {
        side: con.execute(f"SELECT count(*), sum(hash({names})::HUGEINT) FROM {side}.{relation}").fetchall()
        for side in ("before", "after")
    }
    if sums["before"] == sums["after"]:
        return found
    for side, other in (("before", "after"), ("after", "before")):
        query = f"SELECT {names} FROM {side}.{relation} EXCEPT ALL SELECT {names} FROM {other}.{relation}"
        lost = con.execute(f"SELECT count(*) FROM ({query})").fetchall()[0][0]
        if lost:
            examples = con.execute(f"FROM ({query}) ORDER BY ALL LIMIT {rows}").fetchall()
            found.append(Difference(relation, f"{lost} rows only {side} ({names})", examples))
    return found


def main() -> int:
    """Compare the two files of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--rows", type=int, default=5, help="examples for each difference")
    arguments = parser.parse_args()
    found = compare_warehouses(arguments.before, arguments.after, rows=arguments.rows)
    for difference in found:
        print(f"{difference.relation}: {difference.what}")
        for row in difference.rows:
            print(f"    {row}")
    print(f"{len(found)} differences")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

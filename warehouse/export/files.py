"""A Parquet or CSV file for each relation, written by DuckDB itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.literal import literal
from nascar_warehouse.warehouse.storage.disk import duckdb_failures

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import duckdb

    from nascar_warehouse.warehouse.export.relations import Relation

_OPTIONS = {"parquet": "FORMAT parquet, COMPRESSION zstd", "csv": "FORMAT csv, HEADER"}


def write_files(
    con: duckdb.DuckDBPyConnection, relations: Sequence[Relation], folder: Path, form: str
) -> dict[str, int]:
    """Write `SCHEMA/NAME.parquet` or `.csv` into the folder; return the number of rows of each relation.

    In CSV, NULL is an empty field and empty text is `""`.
    """
    rows = {}
    for relation in relations:
        file = folder / relation_path(relation, form)
        file.parent.mkdir(exist_ok=True)
        with duckdb_failures(file):
            [(count,)] = con.execute(
                f"COPY (FROM {relation.name}) TO {literal(str(file))} ({_OPTIONS[form]})"
            ).fetchall()
        rows[relation.name] = count
    return rows


def relation_path(relation: Relation, form: str) -> str:
    """The path of a relation's file below the folder of the export."""
    return f"{relation.schema}/{relation.short_name}.{form}"

"""The first line of a relation's file: `-- Grain: race_id, basis`, the columns that no two rows share.

A column is followed by `(may be NULL)` where a row can lack it; two rows that lack it and agree in the other columns
still count as equal. A macro that gives one value has `-- Grain: none (scalar macro)`.

In `raw` and `staging` it is the key that the source means. Sources repeat rows, so it is not checked there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nascar_warehouse.warehouse.errors import InvalidSql

_QUOTE = "'"
_NO_GRAIN = "none (scalar macro)"
_COLUMN = re.compile(r"(?P<name>[a-z_][a-z0-9_]*)(?P<nullable> \(may be NULL\))?")
_MACRO = re.compile(r"CREATE OR REPLACE MACRO [\w.]+\(.*?\) AS\s+(?P<table>TABLE\b)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Grain:
    """The columns that no two rows of a relation share, and those of them that may be NULL."""

    columns: tuple[str, ...]
    nullable: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return ", ".join(f"{column} (may be NULL)" if column in self.nullable else column for column in self.columns)


def parse_grain(path: str, header: str, statement: str) -> Grain:
    """The grain that the header of the file at `path` states; `statement` makes its relation. Raises `InvalidSql`."""
    macro = _MACRO.match(statement)
    is_scalar = macro is not None and macro["table"] is None
    if (header.strip() == _NO_GRAIN) != is_scalar:
        raise InvalidSql(
            f"{path}: the grain is {header.strip()!r}",
            f"write `-- Grain: {_NO_GRAIN}`" if is_scalar else "list the columns that no two rows share",
        )
    if is_scalar:
        return Grain(())
    columns = [_parse_column(path, text) for text in header.split(",")]
    names = tuple(name for name, _ in columns)
    if len(set(names)) < len(names):
        raise InvalidSql(f"{path}: the grain has a column twice: {header.strip()}", "list each column once")
    return Grain(names, frozenset(name for name, is_nullable in columns if is_nullable))


def state_grain(statement: str, grain: Grain) -> str:
    """The statement; a comment on a relation ends with the grain, so that the published file states it."""
    if grain.columns and re.match(r"COMMENT ON (TABLE|VIEW|MACRO TABLE) ", statement):
        return f"{statement.rstrip().removesuffix(_QUOTE)}; grain: {grain}{_QUOTE}"
    return statement


def repeated_rows(relation: str, grain: Grain, condition: str = "TRUE", *, is_cited: bool) -> str:
    """A query for what breaks the grain: columns that several rows share, or that a row lacks; one `row_key` each.

    Only rows of a `condition` are looked at. A relation that `is_cited` has the document of each row.
    """
    columns = ", ".join(grain.columns)
    key = " || ' ' || ".join(f"coalesce(CAST({column} AS VARCHAR), 'NULL')" for column in grain.columns)
    documents = ", list(DISTINCT document_id) AS document_ids" if is_cited else ""
    lacking = [f"{column} IS NULL" for column in grain.columns if column not in grain.nullable]
    same = " AND ".join(f"kept.{column} IS NOT DISTINCT FROM repeated.{column}" for column in grain.columns)
    # Almost always there are none; listing the documents of each key first takes three times as long.
    return (
        f"SELECT '{relation} ' || {key} AS row_key, count(*) AS rows{documents}\n"  # noqa: S608  # names of files of ours
        f"FROM {relation} AS kept\nSEMI JOIN (\n"
        f"  SELECT {columns} FROM {relation} WHERE {condition}"
        f" GROUP BY {columns} HAVING {' OR '.join(['count(*) > 1', *lacking])}\n"
        f") AS repeated ON {same}\nWHERE {condition}\nGROUP BY {columns}"
    )


def _parse_column(path: str, text: str) -> tuple[str, bool]:
    column = _COLUMN.fullmatch(text.strip())
    if column is None:
        raise InvalidSql(
            f"{path}: {text.strip()!r} in the grain is not a column",
            "write `-- Grain: column, column`, with `(may be NULL)` after a column that a row can lack",
        )
    return column["name"], column["nullable"] is not None

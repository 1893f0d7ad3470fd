"""What an export holds: every table and view of core, marts and ops, as the dictionary describes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.read.names import suggest

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

_RELATIONS = """
SELECT schema_name || '.' || name, coalesce(comment, '')
FROM (
  SELECT schema_name, table_name AS name, comment FROM duckdb_tables() WHERE NOT internal
  UNION ALL
  SELECT schema_name, view_name, comment FROM duckdb_views() WHERE NOT internal
)
WHERE schema_name IN ('core', 'marts', 'ops')
ORDER BY schema_name, name
"""
_COLUMNS = """
SELECT schema_name || '.' || table_name, column_name, data_type, coalesce(comment, '')
FROM duckdb_columns()
WHERE NOT internal AND schema_name IN ('core', 'marts', 'ops')
ORDER BY column_index
"""
_INPUT_COLUMNS = """
SELECT schema_name || '.' || table_name, column_name, data_type, coalesce(comment, '')
FROM duckdb_columns()
WHERE list_contains(?, schema_name || '.' || table_name)
ORDER BY column_index
"""
_GRAIN = "; grain: "
_NULLABLE = " (may be NULL)"


@dataclass(frozen=True, slots=True)
class Column:
    """A column with DuckDB's name of its type."""

    name: str
    type: str
    description: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation with its grain: the columns that no two rows share, and whether one of them may be NULL."""

    name: str
    description: str
    grain: tuple[str, ...]
    is_grain_nullable: bool
    columns: tuple[Column, ...]

    @property
    def schema(self) -> str:
        """The part of the name before the point."""
        return self.name.partition(".")[0]

    @property
    def short_name(self) -> str:
        """The name without its schema, which no two public relations share."""
        return self.name.partition(".")[2]


def read_relations(con: duckdb.DuckDBPyConnection, only: Sequence[str] = ()) -> list[Relation]:
    """The relations of the connection, or those of `only`: schemas and names. An unknown one raises `UsageError`."""
    columns: dict[str, list[Column]] = {}
    for relation, *column in con.execute(_COLUMNS).fetchall():
        columns.setdefault(relation, []).append(Column(*column))
    relations = []
    for name, comment in con.execute(_RELATIONS).fetchall():
        description, _, grain = comment.partition(_GRAIN)
        names = tuple(part.removesuffix(_NULLABLE) for part in grain.split(", ")) if grain else ()
        relations.append(Relation(name, description, names, _NULLABLE in grain, tuple(columns[name])))
    return [relation for relation in relations if not only or _is_wanted(relation, _known(only, relations))]


def read_inputs(con: duckdb.DuckDBPyConnection, names: Sequence[str]) -> list[Relation]:
    """The named relations of other schemas, which have neither a description nor a grain there."""
    found = con.execute(_INPUT_COLUMNS, [list(names)]).fetchall()
    columns: dict[str, list[Column]] = {name: [] for name in names}
    for relation, *column in found:
        columns[relation].append(Column(*column))
    return [Relation(name, "Read by views", (), False, tuple(columns[name])) for name in names]


def _known(only: Sequence[str], relations: Sequence[Relation]) -> Sequence[str]:
    known = {name for relation in relations for name in (relation.schema, relation.name, relation.short_name)}
    for name in only:
        if name not in known:
            raise UsageError(
                f"there is no relation or schema {name!r}", suggest(name, known) or "`nascar describe` lists them"
            )
    return only


def _is_wanted(relation: Relation, only: Sequence[str]) -> bool:
    return bool({relation.schema, relation.name, relation.short_name} & set(only))

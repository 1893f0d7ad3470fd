"""Where a column comes from: the columns that its expression reads, step by step to what sources sent.

The statements are those of `sql/`, read with sqlglot; the columns of each relation are those of the published file.
What only joins, filters or orders a relation is not part of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope
from sqlglot.schema import MappingSchema

from nascar_warehouse.warehouse.build.scripts import read_scripts
from nascar_warehouse.warehouse.errors import InvalidSql, UsageError
from nascar_warehouse.warehouse.read.names import suggest
from nascar_warehouse.warehouse.rows import Rows
from nascar_warehouse.warehouse.storage.connection import reading_published

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlglot.optimizer.scope import Scope

    from nascar_warehouse.warehouse.build.scripts import Script
    from nascar_warehouse.warehouse.storage.home import Home

_COLUMNS = """
SELECT schema_name, table_name, column_name, data_type
FROM duckdb_columns()
WHERE NOT internal
ORDER BY schema_name, table_name, column_index
"""

Schema = dict[str, dict[str, dict[str, str]]]


def trace_column(home: Home, name: str) -> Rows:
    """Each step from a column such as `core.races.race_name` to its origins; steps count from the column itself.

    `is_origin` marks what nothing of ours comes before: a column of raw or of a seed. An unknown name raises
    `UsageError` with similar ones.
    """
    with reading_published(home) as con:
        schema: Schema = {}
        for of_schema, relation, column, kind in con.execute(_COLUMNS).fetchall():
            schema.setdefault(of_schema, {}).setdefault(relation, {})[column] = kind
    tracer = Tracer(schema)
    start = tracer.find(name)
    steps: list[tuple[int, str, str, bool]] = []
    seen, front, step = {start}, [start], 0
    while front:
        step += 1
        following: list[str] = []
        for column in front:
            for origin in tracer.read_by(column):
                steps.append((step, column, origin, origin.startswith(("raw.", "seeds."))))
                if origin not in seen:
                    seen.add(origin)
                    following.append(origin)
        front = following
    return Rows(["step", "column", "comes_from", "is_origin"], steps)


class Tracer:
    """Finds what a column reads, in the statements of `sql/`; `schema` has the columns of every relation."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._mapping = MappingSchema(dict(schema), dialect="duckdb")
        self._queries: dict[str, tuple[exp.Query, Scope | None]] = {}
        self._scripts = {script.relation: script for script in read_scripts() if script.kind in {"table", "view"}}

    def find(self, name: str) -> str:
        """The column of a name, in any capitals; an unknown one raises `UsageError` with similar ones."""
        known = [
            f"{schema}.{relation}.{column}"
            for schema, relations in self._schema.items()
            for relation, columns in relations.items()
            for column in columns
        ]
        if name.lower() not in known:
            hint = suggest(name, known) or "name it with its schema, such as core.races.race_name"
            raise UsageError(f"there is no column {name!r}", hint)
        return name.lower()

    def read_by(self, column: str) -> list[str]:
        """The columns of other relations that a column's expression reads, in alphabetical order."""
        relation, _, name = column.rpartition(".")
        script = self._scripts.get(relation)
        if script is None or script.schema == "raw":
            return []
        if script.members:
            return sorted(f"{member}.{name}" for member in script.members if name in self._columns(member))
        query, scope = self._qualified(script)
        try:
            root = lineage(name, query, schema=self._mapping, scope=scope, dialect="duckdb", trim_selects=False)
        except (SqlglotError, ValueError) as error:
            raise InvalidSql(
                f"{script.path}: the origin of {name} cannot be read: {str(error).splitlines()[0]}",
                "write the expression in a form that sqlglot reads",
            ) from error
        found = set()
        for node in root.walk():
            table = node.expression
            if not node.downstream and isinstance(table, exp.Table):
                found.add((f"{table.db}.{table.name}", node.name.rpartition(".")[2].strip('"')))
        return sorted(f"{relation}.{read}" for relation, read in found if read in self._columns(relation))

    def _columns(self, relation: str) -> Mapping[str, str]:
        schema, _, name = relation.partition(".")
        return self._schema.get(schema, {}).get(name, {})

    def _qualified(self, script: Script) -> tuple[exp.Query, Scope | None]:
        """The query of a script with the relation of each column, and its scopes."""
        if script.relation not in self._queries:
            create = sqlglot.parse_one(script.statements[0], dialect="duckdb")
            query = qualify(create.expression, dialect="duckdb", schema=self._mapping, validate_qualify_columns=False)
            align_unions(query)
            self._queries[script.relation] = (query, build_scope(query))
        return self._queries[script.relation]


def align_unions(query: exp.Expr) -> None:
    """Give the parts of each UNION BY NAME the same columns in the same order, which sqlglot's lineage goes by."""
    for union in query.find_all(exp.SetOperation):
        if union.args.get("by_name"):
            _project(union, _names(union))


def _names(query: exp.Expr) -> list[str]:
    query = query.unnest()
    if not isinstance(query, exp.SetOperation):
        return list(query.named_selects) if isinstance(query, exp.Query) else []
    names = _names(query.this)
    return names + [name for name in _names(query.expression) if name not in names and query.args.get("by_name")]


def _project(query: exp.Expr, names: list[str]) -> None:
    for select in _parts(query):
        selected = {projection.alias_or_name: projection for projection in select.expressions}
        select.set("expressions", [selected.get(name) or exp.alias_(exp.Null(), name) for name in names])


def _parts(query: exp.Expr) -> Iterator[exp.Select]:
    query = query.unnest()
    if isinstance(query, exp.SetOperation):
        query.set("by_name", None)
        yield from _parts(query.this)
        yield from _parts(query.expression)
    elif isinstance(query, exp.Select):
        yield query

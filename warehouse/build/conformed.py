"""The conformed relations: `staging.source_<things>`, the union of every `staging.<source>__<things>` that there is.

`sql/staging/source_<things>.sql` declares the columns, once, with their types and comments: as an empty view, or as a
table where several relations read it. A source takes part by a file `sql/staging/<source>__<things>.sql` that makes a
view of some of these columns: at least those of the grain and `document_id`. `source_id` is the name of the file. A
column that it leaves out is NULL; a column that is not declared, or has another type, is an `InvalidSql` that names the
file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.errors import InvalidSql

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import duckdb

    from nascar_warehouse.warehouse.build.scripts import Script

_MEMBER = re.compile(r"staging\.(?P<source>[a-z0-9]+(?:_[a-z0-9]+)*)__(?P<things>[a-z0-9_]+)")


def members_by_union(relations: Iterable[str]) -> dict[str, frozenset[str]]:
    """Each `staging.source_<things>` that a member names, with its members."""
    found: dict[str, set[str]] = {}
    for relation in relations:
        if member := _MEMBER.fullmatch(relation):
            found.setdefault(f"staging.source_{member['things']}", set()).add(relation)
    return {union: frozenset(members) for union, members in found.items()}


def conform(con: duckdb.DuckDBPyConnection, script: Script) -> tuple[str, ...]:
    """Hold the members of a union against its declaration, and return the statements that make it.

    The members are there already. Raises `InvalidSql` for one that does not keep the declaration.
    """
    declaration, *comments = script.statements
    con.execute(declaration)
    declared = _columns(con, script.relation)
    required = {*script.grain.columns, "document_id"} - {"source_id"} - script.grain.nullable
    for member in sorted(script.members):
        _require_declared(member, script.relation, _columns(con, member), declared, required & declared.keys())
    return with_members(script, declaration), *comments


def with_members(script: Script, declaration: str, sources: Collection[str] | None = None) -> str:
    """The declaration of a union, or its query, with the rows of its members: of all, or of those of some sources."""
    parts = [declaration]
    for member in sorted(script.members):
        source_id = source_of(member)
        if sources is None or source_id in sources:
            parts.append(f"SELECT '{source_id}' AS source_id, * FROM {member}")  # noqa: S608  # names of files of ours
    return "\nUNION ALL BY NAME\n".join(parts)


def source_of(member: str) -> str:
    """The source that a member of a union is of."""
    return member.removeprefix("staging.").split("__")[0]


def _require_declared(
    member: str, union: str, columns: dict[str, str], declared: dict[str, str], required: set[str]
) -> None:
    path = f"sql/{member.replace('.', '/')}.sql"
    for missing in sorted(required - columns.keys()):
        raise InvalidSql(f"{path} has no column {missing}", f"sql/{union.replace('.', '/')}.sql says what it means")
    for column, kind in columns.items():
        if column == "source_id" or column not in declared:
            raise InvalidSql(
                f"{path} has a column {column}, which {union} does not declare",
                f"remove it, or declare it in sql/{union.replace('.', '/')}.sql",
            )
        if kind != declared[column]:
            raise InvalidSql(
                f"{path}: {column} is {kind}, and {union} declares {declared[column]}",
                f"write {column}::{declared[column]}",
            )


def _columns(con: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    return {str(row[0]): str(row[1]) for row in con.execute(f"DESCRIBE {relation}").fetchall()}

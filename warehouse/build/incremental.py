"""News in a copy of the published warehouse: make again what they can change, and leave the rest.

A load changes raw tables. Of each conformed relation that reads them, the races whose rows differ before and after are
affected. Relations that are declared incremental are made for the races that are affected in what they read; the others
in full, and compared with what is there. Where no row differs, the chain ends. Where a relation that is read whole
changes, the races that use its changed rows are affected. See `warehouse.build.declared` for what a file says of this.

The result has the same rows as a build of everything. `NeedsFullBuild` is raised where that cannot be known.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import duckdb

from nascar_warehouse.warehouse.build.conformed import with_members
from nascar_warehouse.warehouse.build.declared import BY_KEY, BY_RACE, BY_SOURCE
from nascar_warehouse.warehouse.build.lookups import NeedsFullBuild, leaving_failures_to_a_full_build, reached_places
from nascar_warehouse.warehouse.build.runner import IDS_BEFORE
from nascar_warehouse.warehouse.build.said import Said
from nascar_warehouse.warehouse.build.scope import NOTHING, RaceIds, Scope, is_in, relations_in, replace_relations
from nascar_warehouse.warehouse.build.scripts import READS, read_scripts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from nascar_warehouse.warehouse.build.runner import Progress
    from nascar_warehouse.warehouse.build.said import RawTables
    from nascar_warehouse.warehouse.build.scripts import Script


class Update:
    """The relations of a copy of the published warehouse, before and after its raw tables change."""

    def __init__(self, con: duckdb.DuckDBPyConnection, path: Path, tables: RawTables) -> None:
        """Note what `tables` say of each race; call it before they change."""
        self._con = con
        self._path = path
        scripts = [script for script in read_scripts() if script.schema not in {"raw", "checks"}]
        # As in a build of everything: a schema reads only those below it.
        self._scripts = {s.relation: s for s in sorted(scripts, key=lambda script: list(READS).index(script.schema))}
        self._members = {member for script in scripts for member in script.members}
        self._columns: dict[str, list[str]] = {}
        for relation, column in con.execute(_COLUMNS).fetchall():
            self._columns.setdefault(relation, []).append(column)
        self._affected = {table: Scope() for table in tables.changing}
        self._ids: RaceIds | None = None
        self._parts: dict[tuple[str, str], str] = {}
        """A relation and a condition on it → the table of these rows."""
        self._names = 0
        # Most statements are short, and cost more to hand out than to run.
        con.execute("SET threads = 1")
        with leaving_failures_to_a_full_build(path):
            con.execute(f"CREATE TEMP TABLE {IDS_BEFORE} AS FROM core.source_races")
            self._said = Said(con, self._scripts, self._columns, tables)

    @property
    def changed(self) -> frozenset[str]:
        """The relations that changed, those that read them included."""
        return frozenset(self._affected)

    def narrow(self, check: Script) -> tuple[str, frozenset[str]] | None:
        """The query of a check for the races that are affected in what it reads, and these; None for too many."""
        with leaving_failures_to_a_full_build(self._path):
            scope = self._affected_in(check)
            self._ids = self._ids or RaceIds(self._con)
            if not self._ids.complete(scope):
                return None
            return self._narrowed(check.statements[0], check, scope), frozenset(scope.races)

    def replaced_races(self, relation: str) -> str:
        """The condition of the races of which a table has other rows than before."""
        return is_in("race_id", self._affected[relation].races)

    def run(self, progress: Progress | None = None) -> None:
        """Make every relation that the new rows of the raw tables can change; raises `NeedsFullBuild`."""
        if progress is not None:
            progress.begin("updating relations", len(self._scripts))
        with leaving_failures_to_a_full_build(self._path):
            self._update_relations(progress)

    def _update_relations(self, progress: Progress | None) -> None:
        stated = self._said.affected()
        for script in self._scripts.values():
            if script.reads & self._affected.keys():
                if script.kind == "table" and script.members:
                    self._update_union(script, stated)
                elif script.kind == "table":
                    self._update_table(script, self._affected_in(script))
                else:
                    self._affected[script.relation] = stated.get(script.relation) or self._affected_in(script)
            if progress is not None:
                progress.advance()

    def _affected_in(self, script: Script) -> Scope:
        scope = Scope()
        for read in script.reads & self._affected.keys():
            if script.declared.incremental and self._is_unknown(script, read):
                raise NeedsFullBuild(f"{script.relation} reads {read}, and nothing says which races that affects")
            scope.add(self._affected[read])
        return scope

    def _is_unknown(self, reader: Script, read: str) -> bool:
        """Whether it is not known which races, or sources, of the reader the news in a relation affect."""
        script = self._scripts.get(read)
        if script is None:
            return True
        if script.schema != "staging" or script.declared.reaches is not None:
            return False
        key = "source_id" if reader.declared.incremental == BY_SOURCE else "race_key"
        is_stated = bool(script.members) or read in self._members
        return not is_stated or key not in self._columns[read]

    def _update_union(self, script: Script, stated: Mapping[str, Scope]) -> None:
        """Replace the rows of which a source says something else; those of other sources are not even read."""
        scope, rows = Scope(), []
        for member in sorted(script.members):
            if stated[member].keys:
                scope.add(stated[member])
                rows.append(f"SELECT * FROM {self._said.conformed[member]}")  # noqa: S608  # our own names
        if rows:
            condition = f"{is_in('race_key', scope.keys)} AND {is_in('source_id', scope.sources)}"
            self._update(script, "\nUNION ALL\n".join(rows), scope, condition)

    def _update_table(self, script: Script, scope: Scope) -> None:
        incremental = script.declared.incremental
        if incremental == BY_RACE and self._ids is None:
            self._ids = RaceIds(self._con)
        if self._ids is not None and not self._ids.complete(scope) and incremental:
            raise NeedsFullBuild("too many races are affected")
        condition = self._condition(script, script.relation, scope)
        if condition != NOTHING:
            self._update(script, script.query, scope, condition or "TRUE")

    def _update(self, script: Script, statement: str, scope: Scope, condition: str) -> None:
        """Make the affected rows of a table again, and note which races another row of it affects."""
        names = {
            "relation": script.relation,
            "condition": condition,
            "query": self._narrowed(statement, script, scope),
            "fresh": self._new_name(),
            "grain": ", ".join(script.grain.columns),
            "same": " AND ".join(f"kept.{name} IS NOT DISTINCT FROM moved.{name}" for name in script.grain.columns),
        }
        self._con.execute("BEGIN")
        self._con.execute(_FRESH.format(**names))
        if script.declared.incremental in {BY_RACE, BY_KEY}:
            self._replace_races(script, condition, names["fresh"])
        else:
            self._replace_rows(script, names)
        self._con.execute("COMMIT")
        self._parts[script.relation, condition] = names["fresh"]

    def _replace_races(self, script: Script, condition: str, fresh: str) -> None:
        """Replace the rows of each race that has others in `fresh`; to compare them here costs less than joins."""
        relation = script.relation
        columns = [name for name in ("race_id", "race_key", "source_id") if name in self._columns[relation]]
        before, after = (
            Counter(self._con.execute(_HASHES.format(rows=rows, columns=", ".join(columns), condition=of)).fetchall())
            for rows, of in ((relation, condition), (fresh, "TRUE"))
        )
        moved = [*(before - after), *(after - before)]
        if not moved:
            return
        found = {name: {row[number] for row in moved} - {None} for number, name in enumerate(columns)}
        scope = Scope(found.get("race_id", set()), found.get("race_key", set()), found.get("source_id", set()))
        self._affected[relation] = scope
        if script.declared.incremental == BY_RACE:
            replaced = is_in("race_id", found["race_id"])
        else:
            replaced = f"{is_in('race_key', found['race_key'])} AND {is_in('source_id', found['source_id'])}"
        self._con.execute(_REPLACE_RACES.format(relation=relation, fresh=fresh, replaced=replaced))

    def _replace_rows(self, script: Script, names: dict[str, str]) -> None:
        [(moved,)] = self._con.execute(_MOVED.format(**names)).fetchall()
        if moved:
            replaced = (_BEFORE.format(**names), _AFTER.format(**names))
            self._affected[script.relation] = self._affected_by(script, replaced)
            self._con.execute(_REPLACE.format(**names))

    def _condition(self, script: Script, relation: str, scope: Scope) -> str | None:
        incremental = script.declared.incremental
        return scope.condition(incremental, self._columns[relation]) if incremental else None

    def _narrowed(self, statement: str, reader: Script, scope: Scope) -> str:
        """A statement that reads of each relation only what is in the scope of the reader."""
        instead = {}
        for read in sorted(relations_in(statement) & self._columns.keys()):
            condition = self._condition(reader, read, scope)
            if condition is not None:
                instead[read] = self._part(reader, read, condition, scope)
        return replace_relations(statement, instead)

    def _part(self, reader: Script, read: str, condition: str, scope: Scope) -> str:
        script = self._scripts[read]
        if script.kind == "view" and script.declared.incremental:
            return f"({self._narrowed(script.query, reader, scope)})"
        if reader.declared.incremental == BY_SOURCE and script.kind == "view" and script.members:
            return f"({with_members(script, script.query, scope.sources)})"
        if reader.declared.incremental == BY_SOURCE:  # Too many rows to copy.
            return f"(SELECT * FROM {read} WHERE {condition})"  # noqa: S608  # our own names
        if (read, condition) not in self._parts:
            name = self._parts[read, condition] = self._new_name()
            self._con.execute(_PART.format(name=name, relation=read, condition=condition))
        return self._parts[read, condition]

    def _new_name(self) -> str:
        self._names += 1
        return f"temp.part_{self._names}"

    def _affected_by(self, script: Script, replaced: tuple[str, str]) -> Scope:
        """What the replaced rows of a table affect; `replaced` selects these, and the rows instead."""
        has = set(self._columns[script.relation])
        scope = Scope()
        for column, values in (("race_id", scope.races), ("race_key", scope.keys), ("source_id", scope.sources)):
            for rows in replaced if column in has else ():
                found = self._con.execute(f"SELECT DISTINCT {column} FROM ({rows})").fetchall()  # noqa: S608  # our own names
                values |= {value for (value,) in found if value is not None}
        if not has & {"race_id", "race_key"}:
            for column, value in reached_places(self._con, script, [*self._scripts.values()], self._columns, replaced):
                (scope.races if column == "race_id" else scope.keys).add(value)
        return scope


_COLUMNS = """
SELECT schema_name || '.' || table_name, column_name
FROM duckdb_columns()
WHERE database_name = current_database() AND schema_name NOT IN ('raw', 'seeds')
ORDER BY table_oid, column_index
"""

_PART = "CREATE TEMP TABLE {name} AS SELECT * FROM {relation} WHERE {condition}"
_FRESH = "CREATE TEMP TABLE {fresh} AS SELECT * FROM ({query}) WHERE {condition}"

_HASHES = "SELECT {columns}, hash(kept) FROM {rows} AS kept WHERE {condition}"
_REPLACE_RACES = """
DELETE FROM {relation} WHERE {replaced};
INSERT INTO {relation} SELECT * FROM {fresh} WHERE {replaced}
"""

# The keys whose rows differ; a repeated row, which a check will find, is another one than a single one.
_MOVED = """
CREATE OR REPLACE TEMP TABLE moved AS
SELECT {grain}
FROM (
  SELECT {grain}, 1 AS side, hash(kept)::HUGEINT AS mark FROM {relation} AS kept WHERE {condition}
  UNION ALL
  SELECT {grain}, -1, hash(fresh)::HUGEINT FROM {fresh} AS fresh
)
GROUP BY ALL
HAVING sum(side) <> 0 OR sum(side * mark) <> 0
"""

_BEFORE = "SELECT * FROM {relation} AS kept SEMI JOIN temp.moved AS moved ON {same}"
_AFTER = "SELECT * FROM {fresh} AS kept SEMI JOIN temp.moved AS moved ON {same}"

_REPLACE = """
DELETE FROM {relation}
WHERE rowid IN (SELECT kept.rowid FROM {relation} AS kept SEMI JOIN temp.moved AS moved ON {same});
INSERT INTO {relation} SELECT * FROM {fresh} AS kept SEMI JOIN temp.moved AS moved ON {same}
"""

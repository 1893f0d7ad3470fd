"""What each source says of each race, before and after raw tables change.

A source says it in the members of conformed relations. A member that declares `-- Races by: COLUMN` is compared for the
races of the raw rows that change; the others, whose rows may depend on other races, for every race. Where the union is
a table it has what the member said before, and gets the rows that were compared: they are made once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from nascar_warehouse.warehouse.build.conformed import source_of, with_members
from nascar_warehouse.warehouse.build.scope import NOTHING, Scope, is_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

    from nascar_warehouse.warehouse.build.scripts import Script


class RawTables(Protocol):
    """The raw tables of a warehouse that are about to change."""

    @property
    def changing(self) -> frozenset[str]:
        """The tables that get rows or lose some."""

    def changing_values(self, table: str, column: str) -> frozenset[str] | None:
        """What a column has in these rows, as text; None for a table without it."""


class _Race(NamedTuple):
    relation: str
    race_key: str


class Said:
    """The rows of each race that may change in what the sources say."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        scripts: Mapping[str, Script],
        columns: Mapping[str, Sequence[str]],
        tables: RawTables,
    ) -> None:
        """Note them before `tables` change; `scripts` in an order in which each reads those before it."""
        self._con = con
        self._members = {member for script in scripts.values() for member in script.members}
        self._tables = {member: s for s in scripts.values() if s.kind == "table" for member in s.members}
        """A member of a union that is a table → that table, which has what the member said before."""
        self.conformed: dict[str, str] = {}
        """After `affected`: such a member → a table of its rows that may have changed, in the form of the union."""
        self._conditions: dict[str, str] = {}
        """A member whose rows may change → the condition of the races that it is compared for."""
        below = {table: frozenset({table}) for table in tables.changing}
        for script in scripts.values():
            if reads := script.reads & below.keys():
                below[script.relation] = frozenset[str]().union(*(below[read] for read in reads))
        for member in sorted(below.keys() & self._members):
            if "race_key" in columns[member]:
                condition = _condition(scripts[member].declared.races_by, below[member], tables)
                if condition != NOTHING:
                    self._conditions[member] = condition
        self._before = self._marks({member: self._kept(member) for member in self._conditions})

    def affected(self) -> dict[str, Scope]:
        """After the change: the races of which each member says something else than before."""
        after = self._marks({member: self._fresh(member) for member in self._conditions})
        found = {member: Scope(sources={source_of(member)}) for member in self._members}
        for race in self._before.keys() | after.keys():
            if self._before.get(race) != after.get(race):
                found[race.relation].keys.add(race.race_key)
        return found

    def _kept(self, member: str) -> str:
        table = self._tables.get(member)
        return f"(FROM {table.relation} WHERE source_id = '{source_of(member)}')" if table else member

    def _fresh(self, member: str) -> str:
        if member not in self._tables:
            return member
        name = self.conformed[member] = f"temp.said_{len(self.conformed)}"
        table = self._tables[member]
        query = with_members(table, table.query, {source_of(member)})
        self._con.execute(_CONFORMED.format(name=name, query=query, condition=self._conditions[member]))
        return name

    def _marks(self, rows_of: Mapping[str, str]) -> dict[_Race, tuple[int, int]]:
        """The number and the hash of the rows of each race, in the rows that stand for each member."""
        marks: dict[_Race, tuple[int, int]] = {}
        for member, condition in self._conditions.items():
            rows = self._con.execute(_MARKS.format(rows=rows_of[member], condition=condition)).fetchall()
            marks |= {_Race(member, key): (count, mark) for key, count, mark in rows}
        return marks


def _condition(races_by: str | None, changing: frozenset[str], tables: RawTables) -> str:
    keys: set[str] = set()
    for table in changing:
        found = tables.changing_values(table, races_by) if races_by else None
        if found is None:
            return "race_key IS NOT NULL"
        keys |= found
    return is_in("race_key", keys)


_MARKS = """
SELECT race_key, count(*), sum(hash(marked)::HUGEINT)
FROM {rows} AS marked
WHERE {condition}
GROUP BY race_key
"""

_CONFORMED = "CREATE TEMP TABLE {name} AS SELECT * FROM ({query}) WHERE {condition}"

"""The races that news affect, and the same statement for only these."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.build.declared import BY_RACE
from nascar_warehouse.warehouse.literal import literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import duckdb

MOST_RACES = 0.3
"""The share of all races from which a build of everything costs less."""
FEW_RACES = 40
"""So many are never too many."""

NOTHING = "FALSE"
"""The condition of an empty scope."""


@dataclass(slots=True)
class Scope:
    """Affected races by our id and by the keys of their sources, and these sources.

    A key that two sources share stands for a race of each: too many races cost time and change nothing.
    """

    races: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)

    def add(self, other: Scope) -> None:
        """Affect what the other affects."""
        self.races |= other.races
        self.keys |= other.keys
        self.sources |= other.sources

    def condition(self, incremental: tuple[str, ...], columns: Iterable[str]) -> str | None:
        """Which rows of a relation with these columns belong to the scope; None where all of it is read."""
        has = set(columns)
        wanted = ("race_id", "race_key") if incremental == BY_RACE else incremental[-1:]
        values = {"race_id": self.races, "race_key": self.keys, "source_id": self.sources}
        # A condition that DuckDB takes down to the tables below views; joins stay above them.
        return next((is_in(column, values[column]) for column in wanted if column in has), None)


class RaceIds:
    """Which race each source means by its keys, in one warehouse."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        """Read them from `core.source_races`."""
        self._races: dict[str, set[str]] = defaultdict(set)
        self._places: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for race_id, race_key, source_id in con.execute(_IDS).fetchall():
            self._races[race_key].add(race_id)
            self._places[race_id].add((race_key, source_id))

    def complete(self, scope: Scope) -> bool:
        """Add our ids of the keys of a scope, and every key of its races; whether it has few of all races then."""
        for key in scope.keys:
            scope.races |= self._races.get(key, set())
        # What is keyed by our ids needs no match.
        scope.races |= scope.keys
        known = [self._places[race_id] for race_id in scope.races if race_id in self._places]
        for places in known:
            scope.keys |= {race_key for race_key, _ in places}
            scope.sources |= {source_id for _, source_id in places}
        scope.keys |= scope.races
        return len(known) <= max(FEW_RACES, MOST_RACES * len(self._places))


def replace_relations(statement: str, instead: Mapping[str, str]) -> str:
    """A statement of `sql/` with other text in the place of relations, under their names."""

    def replace(found: re.Match[str]) -> str:
        text = instead.get(found["relation"] or "")
        if text is None:
            return found[0]
        return text + (found["alias"] or f" AS {found['name']}")

    return _RELATION.sub(replace, statement)


def relations_in(statement: str) -> set[str]:
    """The relations that `replace_relations` finds in a statement; macros that give rows are among them."""
    return {found["relation"] for found in _RELATION.finditer(statement) if found["relation"]}


def is_in(column: str, values: Iterable[str]) -> str:
    """The condition that a column has one of the values."""
    listed = ", ".join(map(literal, sorted(values)))
    return f"{column} IN ({listed})" if listed else NOTHING


# Texts, quoted names and comments stay. Our files keep one spelling of a relation: lower case, no quotes.
_RELATION = re.compile(
    r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/"""
    r"""|(?<![\w.])(?P<relation>[a-z]+\.(?P<name>[a-z0-9_]+))(?![\w.])(?P<alias>\s+(?i:AS)\b)?""",
    re.DOTALL,
)

_IDS = "SELECT race_id, race_key, source_id FROM core.source_races"

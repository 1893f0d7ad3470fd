"""What a relation's file says of news: lines after its grain.

`-- Incremental: race_id` says that each row comes from rows of the same race, and from relations that are read whole.
The build then makes only the rows of the races that are affected. `source_id, race_key` is the same before a race has
our id, and `source_id` for what belongs to a source. Everything else is made in full, and compared.

`-- Reaches: core.results by driver_id` says where the rows that use a changed row of a relation read whole are found:
the races there with its `driver_id` are affected too. `winner_name = driver_name` names the columns of both, and
`season from first_season to last_season` stands for each season of a span. `-- Reaches: none` is for a relation whose
rows never change, so that news are only added. Where nothing is said, a change costs a build of everything.

`-- Races by: race_id`, of what one source says of races, says that its rows of a race come from rows of raw tables with
one `race_id`, which is its `race_key`. Only these races are compared, then, when raw rows change.

Of a check, `-- Incremental: race_id` says that it finds each race by itself; see `warehouse.build.rechecks`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.errors import InvalidSql

if TYPE_CHECKING:
    from collections.abc import Iterable

BY_RACE = ("race_id",)
BY_KEY = ("source_id", "race_key")
BY_SOURCE = ("source_id",)

_HEADER = re.compile(r"-- (Incremental|Reaches|Races by): *(\S.*)")
_REACH = re.compile(r"(?P<relation>[a-z]+\.[a-z0-9_]+) by (?P<pairs>.+)")
_PAIR = re.compile(r"(?P<theirs>\w+)(?: = (?P<ours>\w+)| from (?P<first>\w+) to (?P<last>\w+))?")


@dataclass(frozen=True, slots=True)
class Pair:
    """A column of the relation that is reached, and the expression over a changed row that it equals."""

    theirs: str
    ours: str
    ends: tuple[str, ...] = ()
    """The columns of which `ours` makes a value for each season."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Where the rows that use a changed row are found: those of a relation that agree with it in all pairs."""

    relation: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Declared:
    """What a file says; `reaches` is None where it says nothing."""

    incremental: tuple[str, ...] = ()
    reaches: tuple[Reach, ...] | None = None
    races_by: str | None = None
    """The column of raw tables."""


def parse_declared(path: str, lines: Iterable[str]) -> Declared:
    """What the comments at the head of the file at `path` declare; raises `InvalidSql`."""
    incremental: tuple[str, ...] = ()
    reaches: list[Reach] | None = None
    races_by: str | None = None
    for line in lines:
        if not line.startswith("--"):
            break
        if header := _HEADER.fullmatch(line.strip()):
            kind, text = header.groups()
            if kind == "Incremental":
                incremental = tuple(text.split(", "))
            elif kind == "Races by":
                races_by = text
            else:
                reaches = [*(reaches or ()), *(() if text == "none" else (_parse_reach(path, text),))]
    if incremental not in {(), BY_RACE, BY_KEY, BY_SOURCE}:
        raise InvalidSql(
            f"{path}: it is incremental by {', '.join(incremental)}",
            "write `race_id`, `source_id, race_key` or `source_id`",
        )
    return Declared(incremental, None if reaches is None else tuple(reaches), races_by)


def _parse_reach(path: str, text: str) -> Reach:
    reach = _REACH.fullmatch(text)
    pairs = [_PAIR.fullmatch(pair) for pair in reach["pairs"].split(", ")] if reach else [None]
    if reach is None or None in pairs:
        raise InvalidSql(
            f"{path}: it reaches {text!r}", "write `RELATION by COLUMN, COLUMN = OUR_COLUMN, COLUMN from FIRST to LAST`"
        )
    return Reach(reach["relation"], tuple(_pair(pair) for pair in pairs if pair))


def _pair(pair: re.Match[str]) -> Pair:
    if pair["first"] is None:
        return Pair(pair["theirs"], pair["ours"] or pair["theirs"])
    first, last = pair["first"], pair["last"]
    return Pair(pair["theirs"], f"unnest(generate_series({first}, {last}))", (first, last))

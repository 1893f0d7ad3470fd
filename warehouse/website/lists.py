"""The pages that only the static site has: what there is to browse, the index of the search, and the files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.explorer.browse import browse_lists
from nascar_warehouse.warehouse.read.finding import find_on
from nascar_warehouse.warehouse.website.addresses import Address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import duckdb

    from nascar_warehouse.warehouse.explorer.answer import Answer
    from nascar_warehouse.warehouse.explorer.page import Asked
    from nascar_warehouse.warehouse.export.relations import Relation

SEARCH_INDEX = "search.json"
_ALL = 1_000_000

_STARTS = """
SELECT '/races/' || race_id AS address FROM core.races
UNION ALL
SELECT '/drivers/' || driver_id FROM core.drivers
UNION ALL
SELECT '/tracks/' || track_id FROM core.tracks
UNION ALL
SELECT DISTINCT '/seasons/' || series_id || '/' || season FROM core.races
ORDER BY address
"""
_OTHER_NAMES = """
SELECT driver_id AS id, string_agg(DISTINCT driver_name, ' ' ORDER BY driver_name) AS names
FROM core.driver_names
WHERE driver_id IS NOT NULL
GROUP BY driver_id
UNION ALL
SELECT track_id, string_agg(DISTINCT track_name_at_the_time, ' ' ORDER BY track_name_at_the_time)
FROM core.races
WHERE track_id IS NOT NULL
GROUP BY track_id
"""


def first_addresses(con: duckdb.DuckDBPyConnection) -> list[Address]:
    """The ranking and every race, driver, track and season; what they link to comes with them."""
    return [Address("/"), Address("/status"), *(Address(path) for (path,) in con.execute(_STARTS).fetchall())]


def show_browse(asked: Asked) -> Answer:
    """The page `/search`: its script shows what an index has; below are the lists."""
    return asked.render("browse.html", lists=browse_lists(asked.snapshot))


def show_data(asked: Asked, relations: Sequence[Relation], rows: Mapping[str, int], sizes: Mapping[str, int]) -> Answer:
    """The page `/data`: the Parquet files, `sizes` in bytes by the relation's name."""
    files = [(relation, rows[relation.name], sizes[relation.name]) for relation in relations]
    return asked.render("data.html", files=files)


def write_search_index(con: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Write names for the search as JSON: under drivers, tracks and races a list of id, name, other names, detail."""
    others = dict(con.execute(_OTHER_NAMES).fetchall())
    index: dict[str, list[tuple[str, str, str, str]]] = {"drivers": [], "tracks": [], "races": []}
    for driver, name, first, last, _, _, wins in find_on(con, "driver", "", limit=_ALL).rows.values:
        detail = f"{first}\N{EN DASH}{last}, {wins} win{'s' if wins != 1 else ''}"
        index["drivers"].append((driver, name, _without(name, others.get(driver)), detail))
    for track, name, city, state, _, races, _, _ in find_on(con, "track", "", limit=_ALL).rows.values:
        place = ", ".join(part for part in (city, state) if part)
        detail = f"{place}{', ' if place else ''}{races} race{'s' if races != 1 else ''}"
        index["tracks"].append((track, name, _without(name, others.get(track)), detail))
    for race, day, name, track, winner in find_on(con, "race", "", limit=_ALL).rows.values:
        # The second part of an id is its season.
        detail = ", ".join(str(part) for part in (day or race.split("-")[1], track, winner) if part)
        index["races"].append((race, name, "", detail))
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    file.write_text(text + "\n", encoding="utf-8")


def _without(name: str, names: str | None) -> str:
    return "" if names is None or names == name else names

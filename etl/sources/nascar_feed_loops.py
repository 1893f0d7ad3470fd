"""The loop data of a race: what the timing loops around the track made of each driver's race.

Positions are running positions; passes are those under green; "quality" passes are of cars in the first fifteen. The
driver rating goes up to 150.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from nascar_warehouse.etl.documents import NOTHING, Count, Ignored, Parsed, Place, Whole
from nascar_warehouse.etl.formats.json_payload import decode, is_null
from nascar_warehouse.etl.sources.words import new_fields, rows_left_out
from nascar_warehouse.warehouse.errors import SourceChanged

_Figure = Annotated[float, msgspec.Meta(ge=0, le=999)]


class _Driver(msgspec.Struct, gc=False, forbid_unknown_fields=True, kw_only=True):
    driver_id: Whole
    start_ps: Place
    mid_ps: Place
    ps: Place
    closing_ps: Place
    best_ps: Place
    worst_ps: Place
    avg_ps: _Figure
    passes_gf: Count
    passed_gf: Count
    quality_passes: Count
    fast_laps: Count
    top15_laps: Count
    lead_laps: Count
    laps: Count
    rating: _Figure

    closing_laps_diff: Ignored = NOTHING
    passing_diff: Ignored = NOTHING


class _Race(msgspec.Struct, gc=False, forbid_unknown_fields=True, kw_only=True):
    race_id: Whole
    drivers: list[_Driver]

    race_name: Ignored = NOTHING
    series_id: Ignored = NOTHING
    sch_laps: Ignored = NOTHING
    act_laps: Ignored = NOTHING


class LoopStatistics(msgspec.Struct, gc=False, kw_only=True):
    """A driver's race in the loop data."""

    race_id: Whole
    driver_id: Whole
    start_ps: Place
    mid_ps: Place
    ps: Place
    closing_ps: Place
    best_ps: Place
    worst_ps: Place
    avg_ps: _Figure
    passes_gf: Count
    passed_gf: Count
    quality_passes: Count
    fast_laps: Count
    top15_laps: Count
    lead_laps: Count
    laps: Count
    rating: _Figure


def parse_loops(key: str, content: bytes) -> Parsed:
    """The drivers of the one race of a document; raises `SourceChanged` for one of another race."""
    if is_null(content):
        return Parsed({"nascar_feed_loop_statistics": []}, [f"{key}: there is nothing in it"], is_preliminary=True)
    races, fields = decode(content, list[_Race])
    race_id = int(key.split("/")[2])
    for race in races:
        if race.race_id != race_id:
            raise SourceChanged(
                f"unexpected content: this is race {race.race_id}",
                "ask again later; if it stays so, the source has mixed up its documents",
            )
    drivers = [driver for race in races for driver in race.drivers]
    rows = {
        driver.driver_id: LoopStatistics(
            race_id=race_id,
            **{name: getattr(driver, name) for name in _Driver.__struct_fields__ if name in _COPIED},
        )
        for driver in reversed(drivers)
    }
    left_out = rows_left_out(key, len(drivers) - len(rows), "the driver is there twice")
    kept = list(reversed(rows.values()))
    return Parsed({"nascar_feed_loop_statistics": kept}, [*new_fields(fields), *left_out], is_preliminary=not kept)


_COPIED = frozenset(LoopStatistics.__struct_fields__)

"""The pit stops of a race, from 2020: when each car was on pit road, how long it stood, which tires it changed.

Times are seconds of the race, -1 where nothing was measured. The document does not say of which race it is. Each car's
first row, of lap 0, is its run through pit road on the pace laps; its last, under the chequered flag, is its return
after the finish. Both are kept here and are no stops.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from nascar_warehouse.etl.documents import NOTHING, Count, Ignored, Parsed, Place, Whole
from nascar_warehouse.etl.formats.json_payload import decode, is_null
from nascar_warehouse.etl.sources.words import new_fields, rows_left_out

# Seconds; a car may be repaired for hours.
_Seconds = Annotated[float, msgspec.Meta(ge=-1, le=99_999)]


class _Stop(msgspec.Struct, gc=False, forbid_unknown_fields=True, kw_only=True):
    vehicle_number: str
    driver_name: str | None
    leader_lap: Count
    lap_count: Count
    pit_in_flag_status: Whole
    pit_out_flag_status: Whole
    pit_in_race_time: _Seconds
    pit_out_race_time: _Seconds
    total_duration: _Seconds
    box_stop_race_time: _Seconds
    box_leave_race_time: _Seconds
    pit_stop_duration: _Seconds
    in_travel_duration: _Seconds
    out_travel_duration: _Seconds
    pit_stop_type: str | None
    left_front_tire_changed: bool
    left_rear_tire_changed: bool
    right_front_tire_changed: bool
    right_rear_tire_changed: bool
    pit_in_rank: Place
    pit_out_rank: Place

    vehicle_manufacturer: Ignored = NOTHING
    previous_lap_time: Ignored = NOTHING
    next_lap_time: Ignored = NOTHING
    positions_gained_lost: Ignored = NOTHING


class PitStop(msgspec.Struct, gc=False, kw_only=True):
    """A car's way through pit road: laps of the leader and of the car, seconds, places before and after."""

    race_id: Whole
    car_number: str
    driver_name: str | None
    leader_lap: Count
    lap_count: Count
    pit_in_flag_status: Whole
    pit_in_race_time: _Seconds
    pit_out_race_time: _Seconds
    total_duration: _Seconds
    pit_stop_duration: _Seconds
    pit_stop_type: str | None
    left_front_tire_changed: bool
    left_rear_tire_changed: bool
    right_front_tire_changed: bool
    right_rear_tire_changed: bool
    pit_in_rank: Place
    pit_out_rank: Place


_COPIED = tuple(name for name in PitStop.__struct_fields__ if name in _Stop.__struct_fields__)


def parse_pits(key: str, content: bytes) -> Parsed:
    """The ways of all cars through pit road, a row each."""
    if is_null(content):
        return Parsed({"nascar_feed_pit_stops": []}, [f"{key}: there is nothing in it"], is_preliminary=True)
    stops, fields = decode(content, list[_Stop])
    race_id = int(key.split("/")[2])
    rows = {
        (stop.vehicle_number.strip(), stop.pit_in_race_time, stop.lap_count): PitStop(
            race_id=race_id,
            car_number=stop.vehicle_number.strip(),
            **{name: getattr(stop, name) for name in _COPIED},
        )
        for stop in reversed(stops)
    }
    left_out = rows_left_out(key, len(stops) - len(rows), "the stop of the car is there twice")
    kept = list(reversed(rows.values()))
    return Parsed({"nascar_feed_pit_stops": kept}, [*new_fields(fields), *left_out], is_preliminary=not kept)

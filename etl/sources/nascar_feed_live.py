"""The last frame of the live feed of a race: each car's time behind the leader when the race ended.

The address has no season, and after a race its last frame stays, from 2017 on. `delta` is measured at the car's last
timing loop. At the line it is the difference of the cars' elapsed times (`vehicle_elapsed_time`, seconds of the race);
where it is another, it was taken at a loop before the line and is no margin. Only what a margin needs is read.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from nascar_warehouse.etl.documents import Parsed, Whole
from nascar_warehouse.etl.formats.json_payload import decode
from nascar_warehouse.etl.sources.words import rows_left_out
from nascar_warehouse.warehouse.errors import SourceChanged

# Seconds of a race, or laps where they are negative: -1.0 is a car a lap behind.
_Figure = Annotated[float, msgspec.Meta(ge=-9_999, le=99_999)]


class FrameCar(msgspec.Struct, gc=False, kw_only=True):
    """A car in the last frame. `delta` in seconds behind the leader, negative in laps; elapsed time in seconds."""

    race_id: Whole
    running_position: Whole
    car_number: str
    driver_id: Whole
    delta: _Figure
    vehicle_elapsed_time: _Figure
    laps_completed: Whole
    laps_in_race: Whole
    laps_to_go: Whole
    flag_state: Whole


class _Driver(msgspec.Struct, gc=False):
    driver_id: Whole


class _Vehicle(msgspec.Struct, gc=False):
    running_position: Whole
    vehicle_number: str
    driver: _Driver
    delta: _Figure
    vehicle_elapsed_time: _Figure
    laps_completed: Whole


class _Frame(msgspec.Struct, gc=False):
    race_id: Whole
    run_type: Whole
    laps_in_race: Whole
    laps_to_go: Whole
    flag_state: Whole
    vehicles: list[_Vehicle]


_RACE = 3
"""The run type of a race; practice and qualifying have others."""


def parse_live(key: str, content: bytes) -> Parsed:
    """The cars of the last frame, none while another run than the race is the last one."""
    frame, _ = decode(content, _Frame)
    if not key.endswith(f"/{frame.race_id}/live-feed"):
        raise SourceChanged(
            f"unexpected content: this is race {frame.race_id}",
            "ask again later; if it stays so, the source has mixed up its documents",
        )
    if frame.run_type != _RACE or not frame.vehicles:
        return Parsed({"nascar_feed_frame_cars": []}, [f"{key}: it is not of the race yet"], is_preliminary=True)
    cars = {vehicle.vehicle_number.strip(): vehicle for vehicle in frame.vehicles}
    rows = [
        FrameCar(
            race_id=frame.race_id,
            running_position=vehicle.running_position,
            car_number=number,
            driver_id=vehicle.driver.driver_id,
            delta=vehicle.delta,
            vehicle_elapsed_time=vehicle.vehicle_elapsed_time,
            laps_completed=vehicle.laps_completed,
            laps_in_race=frame.laps_in_race,
            laps_to_go=frame.laps_to_go,
            flag_state=frame.flag_state,
        )
        for number, vehicle in cars.items()
    ]
    left_out = rows_left_out(key, len(frame.vehicles) - len(rows), "the car is there twice")
    return Parsed({"nascar_feed_frame_cars": rows}, left_out)

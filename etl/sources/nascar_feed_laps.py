"""The lap times of a race, from 2020: ten thousand laps a document, which become columns without a row object for each.

The document does not say of which race it is; the key does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from nascar_warehouse.etl.documents import NOTHING, Count, Ignored, Parsed, Place, Whole
from nascar_warehouse.etl.formats.json_payload import decode, is_null
from nascar_warehouse.etl.sources.words import new_fields, rows_left_out

if TYPE_CHECKING:
    import polars as pl

# Seconds.
_Figure = Annotated[float, msgspec.Meta(ge=0, le=9_999)]


class _Lap(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    lap: Count = msgspec.field(name="Lap")
    lap_time: _Figure | None = msgspec.field(name="LapTime")
    lap_speed: str | None = msgspec.field(name="LapSpeed")
    running_position: Place = msgspec.field(name="RunningPos")


class _CarLaps(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    number: str = msgspec.field(name="Number")
    full_name: str = msgspec.field(name="FullName")
    driver_id: Whole | None = msgspec.field(name="NASCARDriverID")
    laps: list[_Lap] = msgspec.field(name="Laps")
    manufacturer: Ignored = msgspec.field(name="Manufacturer", default=NOTHING)
    running_position: Ignored = msgspec.field(name="RunningPos", default=NOTHING)


class _LapTimes(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    laps: list[_CarLaps]
    flags: Ignored = NOTHING


class Lap(msgspec.Struct, gc=False):
    """A lap of a car: time in seconds, speed in mph, the place at its end. Lap 0 is the run to the green flag."""

    race_id: Whole
    car_number: str
    driver_id: Whole | None
    driver_fullname: str
    lap: Whole
    lap_time: _Figure | None
    lap_speed: str | None
    running_position: Whole


def parse_laps(key: str, content: bytes) -> Parsed:
    """The laps of each car of a race, as a frame; of two about the same lap of a car the first."""
    if is_null(content):
        return Parsed({"nascar_feed_laps": []}, [f"{key}: there is nothing in it"], is_preliminary=True)
    times, fields = decode(content, _LapTimes)
    if not any(car.laps for car in times.laps):
        return Parsed({"nascar_feed_laps": []}, new_fields(fields))
    laps = _frame_of(int(key.split("/")[2]), times.laps)
    kept = laps.unique(["car_number", "lap"], keep="first", maintain_order=True) if _repeat_a_lap(times.laps) else laps
    left_out = rows_left_out(key, laps.height - kept.height, "the lap of the car is there twice")
    return Parsed({"nascar_feed_laps": kept}, [*new_fields(fields), *left_out])


def _repeat_a_lap(cars: list[_CarLaps]) -> bool:
    numbers = {car.number for car in cars}
    return len(numbers) < len(cars) or any(len({lap.lap for lap in car.laps}) < len(car.laps) for car in cars)


def _frame_of(race_id: int, cars: list[_CarLaps]) -> pl.DataFrame:
    """The columns of `Lap`, in its order."""
    import polars as pl

    laps = [lap for car in cars for lap in car.laps]
    of_cars = pl.DataFrame(
        {
            "race_id": pl.Series([race_id] * len(cars), dtype=pl.Int64),
            "car_number": pl.Series([car.number for car in cars], dtype=pl.String),
            "driver_id": pl.Series([car.driver_id for car in cars], dtype=pl.Int64),
            "driver_fullname": pl.Series([car.full_name for car in cars], dtype=pl.String),
        }
    )
    car_of_lap = pl.Series([place for place, car in enumerate(cars) for _ in car.laps], dtype=pl.UInt32)
    return of_cars[car_of_lap].with_columns(
        pl.Series("lap", [lap.lap for lap in laps], pl.Int64),
        pl.Series("lap_time", [lap.lap_time for lap in laps], pl.Float64),
        pl.Series("lap_speed", [lap.lap_speed for lap in laps], pl.String),
        pl.Series("running_position", [lap.running_position for lap in laps], pl.Int64),
    )

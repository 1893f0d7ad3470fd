"""The feed as the floor decodes it: the fields that the warehouse keeps, typed by msgspec, and nothing checked.

It imports nothing of the warehouse: the cost of its parsers is not in the floor.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
import polars as pl

Rows = Sequence[msgspec.Struct] | pl.DataFrame


class Race(msgspec.Struct, gc=False):
    race_id: int
    series_id: int
    race_season: int
    race_name: str
    race_type_id: int
    restrictor_plate: bool
    track_id: int
    track_name: str
    date_scheduled: str | None
    race_date: str | None
    scheduled_distance: float
    actual_distance: float
    scheduled_laps: int
    actual_laps: int
    number_of_cars_in_field: int
    pole_winner_driver_id: int
    pole_winner_speed: float
    number_of_lead_changes: int
    number_of_leaders: int
    number_of_cautions: int
    number_of_caution_laps: int
    average_speed: float
    master_race_id: int
    total_race_time: str | None = None
    stage_1_laps: int | None = None
    stage_2_laps: int | None = None
    stage_3_laps: int | None = None
    stage_4_laps: int | None = None
    margin_of_victory: str | None = None
    winner_driver_id: int | Literal[""] | None = None
    playoff_round: int | None = None
    inspection_complete: bool | None = None
    attendance: int | None = None
    radio_broadcaster: str | None = None
    television_broadcaster: str | None = None


class Result(msgspec.Struct, gc=False):
    race_id: int
    result_id: int
    series_id: int
    race_season: int
    finishing_position: int
    starting_position: int
    car_number: str
    official_car_number: str
    driver_id: int | None
    driver_fullname: str | None
    team_id: int
    team_name: str | None
    owner_id: int | None
    owner_fullname: str | None
    crew_chief_fullname: str | None
    car_make: str | None
    car_model: str | None
    sponsor: str | None
    hometown_city: str | None
    hometown_state: str | None
    qualifying_position: int
    qualifying_speed: float
    laps_completed: int
    laps_led: int
    times_led: int
    finishing_status: str | None
    disqualified: bool | None
    diff_laps: int | None
    diff_time: int | None
    points_earned: int
    playoff_points_earned: int | None
    points_position: int
    crew_chief_id: int | None = None
    hometown_country: str | None = None


class Caution(msgspec.Struct, gc=False):
    race_id: int
    start_lap: int
    end_lap: int
    flag_state: int
    reason: str | None
    comment: str | None
    beneficiary_car_number: str | None


class Leader(msgspec.Struct, gc=False):
    race_id: int
    start_lap: int
    end_lap: int
    car_number: str


class StagePosition(msgspec.Struct, gc=False):
    finishing_position: int
    car_number: str
    driver_id: int | None
    driver_fullname: str | None
    stage_points: int


class Stage(msgspec.Struct, gc=False):
    stage_number: int
    results: list[StagePosition]


class StageResult(StagePosition, gc=False, kw_only=True):
    race_id: int
    stage_number: int


class Weekend(Race, gc=False, kw_only=True):
    results: list[Result]
    caution_segments: list[Caution]
    race_leaders: list[Leader]
    stage_results: list[Stage]


class Index(msgspec.Struct, gc=False):
    series_1: list[Race]
    series_2: list[Race]
    series_3: list[Race]


class WeekendFeed(msgspec.Struct, gc=False):
    weekend_race: list[Weekend]


class Lap(
    msgspec.Struct, gc=False, rename={"lap": "Lap", "time": "LapTime", "speed": "LapSpeed", "place": "RunningPos"}
):
    lap: int
    time: float | None
    speed: str | None
    place: int


class CarLaps(
    msgspec.Struct,
    gc=False,
    rename={"number": "Number", "driver": "FullName", "driver_id": "NASCARDriverID", "laps": "Laps"},
):
    number: str
    driver: str
    driver_id: int | None
    laps: list[Lap]


class LapTimes(msgspec.Struct, gc=False):
    laps: list[CarLaps]


_INDEX = msgspec.json.Decoder(Index)
_WEEKEND = msgspec.json.Decoder(WeekendFeed | None)
_LAPS = msgspec.json.Decoder(LapTimes | None)

_ROWS: dict[str, type[msgspec.Struct]] = {
    "nascar_feed_races": Race,
    "nascar_feed_weekends": Race,
    "nascar_feed_results": Result,
    "nascar_feed_cautions": Caution,
    "nascar_feed_leaders": Leader,
    "nascar_feed_stage_results": StageResult,
}

COLUMNS: dict[str, dict[str, Any]] = {
    name: {field.name: field.type for field in msgspec.structs.fields(row)} for name, row in _ROWS.items()
}


def decode_index(key: str, content: bytes) -> dict[str, Rows]:
    """The races of a season; none where the index answers with those of another."""
    index = _INDEX.decode(content)
    races = [*index.series_1, *index.series_2, *index.series_3]
    return {"nascar_feed_races": [race for race in races if key.startswith(f"{race.race_season}/")]}


def decode_weekend(_: str, content: bytes) -> dict[str, Rows]:
    """The tables of a weekend feed."""
    feed = _WEEKEND.decode(content)
    if feed is None or not feed.weekend_race:
        return {}
    [race] = feed.weekend_race
    stages = [
        StageResult(
            position.finishing_position,
            position.car_number,
            position.driver_id,
            position.driver_fullname,
            position.stage_points,
            race_id=race.race_id,
            stage_number=stage.stage_number,
        )
        for stage in race.stage_results
        for position in stage.results
    ]
    return {
        "nascar_feed_weekends": [race],
        "nascar_feed_results": race.results,
        "nascar_feed_cautions": race.caution_segments,
        "nascar_feed_leaders": race.race_leaders,
        "nascar_feed_stage_results": stages,
    }


def decode_laps(key: str, content: bytes) -> dict[str, Rows]:
    """The laps of a race, column by column."""
    times = _LAPS.decode(content)
    cars = times.laps if times else []
    laps = [lap for car in cars for lap in car.laps]
    of_cars = pl.DataFrame(
        [
            pl.Series("car_number", [car.number for car in cars], pl.String),
            pl.Series("driver_id", [car.driver_id for car in cars], pl.Int64),
            pl.Series("driver_fullname", [car.driver for car in cars], pl.String),
        ]
    )
    of_laps = of_cars[pl.Series([place for place, car in enumerate(cars) for _ in car.laps], dtype=pl.UInt32)]
    return {
        "nascar_feed_laps": of_laps.with_columns(
            pl.lit(int(key.split("/")[2])).alias("race_id"),
            pl.Series("lap", [lap.lap for lap in laps], pl.Int64),
            pl.Series("lap_time", [lap.time for lap in laps], pl.Float64),
            pl.Series("lap_speed", [lap.speed for lap in laps], pl.String),
            pl.Series("running_position", [lap.place for lap in laps], pl.Int64),
        )
    }

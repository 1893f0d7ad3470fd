"""Lap times, pit stops, flags and loop data of race 9001, in the forms of the feed."""

from __future__ import annotations

from typing import Any

from tests.support import feed


def lap_times(**changes: object) -> feed.Payload:
    car = {
        "Number": "5",
        "FullName": "Ann Winner",
        "Manufacturer": "Ford",
        "RunningPos": 1,
        "NASCARDriverID": 1,
        "Laps": [
            {"Lap": 0, "LapTime": None, "LapSpeed": None, "RunningPos": 2},
            {"Lap": 1, "LapTime": 31.25, "LapSpeed": "172.8", "RunningPos": 1},
        ],
    }
    return {"laps": [car], "flags": []} | changes


def stop(car: str, driver: str, lap: int, seconds: float, **changes: object) -> dict[str, Any]:
    """A stop under yellow for four tires, from so many seconds of the race on; changes replace fields."""
    tires = dict.fromkeys(
        [f"{side}_tire_changed" for side in ("left_front", "left_rear", "right_front", "right_rear")], True
    )
    return (
        {
            "vehicle_number": car,
            "driver_name": driver,
            "vehicle_manufacturer": "Chv",
            "leader_lap": lap,
            "lap_count": lap,
            "pit_in_flag_status": 2,
            "pit_out_flag_status": 2,
            "pit_in_race_time": seconds,
            "pit_out_race_time": seconds + 41.5,
            "total_duration": 41.5,
            "box_stop_race_time": seconds + 10,
            "box_leave_race_time": seconds + 24,
            "pit_stop_duration": 14,
            "in_travel_duration": 10,
            "out_travel_duration": 17.5,
            "pit_stop_type": "FOUR_WHEEL_CHANGE",
            "previous_lap_time": 0,
            "next_lap_time": 0,
            "pit_in_rank": 2,
            "pit_out_rank": 1,
            "positions_gained_lost": 1,
        }
        | tires
        | changes
    )


NOT_MEASURED = dict.fromkeys(
    ("pit_out_race_time", "total_duration", "box_leave_race_time", "pit_stop_duration", "out_travel_duration"), -1
)
STOPS = [
    stop("11", "Ann Winner(i)", 0, 0, pit_in_flag_status=8, pit_out_race_time=0),
    stop("12", "Bob Second #", 0, 0, pit_in_flag_status=8, pit_out_race_time=0),
    stop("11", "Ann Winner(i)", 60, 2160.25, pit_in_flag_status=1, left_rear_tire_changed=False),
    stop("11", "Ann Winner(i)", 33, 1188.5),
    stop("12", "Bob Second #", 33, 1190, **NOT_MEASURED),
    stop("11", "Ann Winner(i)", 100, 3650, pit_in_flag_status=4, **NOT_MEASURED),
]


def flag(lap: int, state: int, seconds: float, **changes: object) -> dict[str, Any]:
    """A flag of an evening in Kansas; changes replace fields."""
    return {
        "lap_number": lap,
        "flag_state": state,
        "elapsed_time": seconds,
        "comment": None,
        "beneficiary": None,
        "time_of_day": 72000.5,
        "time_of_day_os": "2024-05-05T20:00:00.5-04:00",
    } | changes


SHOWN = [
    flag(0, 8, 0),
    flag(0, 1, 0.0),
    flag(30, 2, 1080.5, comment="Stage 1 Conclusion", beneficiary="13   "),
    flag(35, 1, 1400),
    flag(99, 4, 3600),
    flag(100, 7, 3700, time_of_day_os="later"),
]


def loops_of(driver_id: int, rating: object, **changes: object) -> dict[str, Any]:
    """A driver's race; changes replace fields."""
    return {
        "driver_id": driver_id,
        "start_ps": 3,
        "mid_ps": 2,
        "ps": 1,
        "closing_ps": 4,
        "closing_laps_diff": 3,
        "best_ps": 1,
        "worst_ps": 9,
        "avg_ps": 2.25,
        "passes_gf": 20,
        "passing_diff": 5,
        "passed_gf": 15,
        "quality_passes": 12,
        "fast_laps": 24,
        "top15_laps": 99,
        "lead_laps": 60,
        "laps": 100,
        "rating": rating,
    } | changes


def loops(*drivers: dict[str, Any], **changes: object) -> list[dict[str, Any]]:
    """The loop data of race 9001; changes replace fields."""
    whole = {"race_id": 9001, "race_name": "AdventHealth 400", "series_id": 1, "sch_laps": 100, "act_laps": 100}
    return [whole | {"drivers": list(drivers)} | changes]

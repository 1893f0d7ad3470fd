"""A season made by hand, an oddity a race."""

from __future__ import annotations

from typing import Any

from tests.support.feed import result

# The season of the races made here: the almanac has nothing about its first 24 races.
YEAR = 2021

ANN, BOB, CY = "Ann Winner", "Bob Second", "Cy Third"
# One race after another, each with what it is there for; fields of the race, then its results.
RACES: list[tuple[dict[str, Any], list[dict[str, Any]]]] = [
    (
        {"race_name": "One did not start, one crashed"},
        [
            result(1, ANN, laps_led=60, starting_position=2, car_make="Ford"),
            result(2, BOB, laps_led=40, starting_position=1, car_make="Hudson", team_name="Other Racing"),
            result(3, CY, car_make="Ford"),
            result(4, "Dee Crash", finishing_status="Accident", laps_completed=50),
            result(0, "Ed Homesick", finishing_status="", laps_completed=0, car_number="99"),
        ],
    ),
    (
        {
            "race_name": "A close one",
            "margin_of_victory": "0.050",
            "track_id": 82,
            "track_name": "Talladega Superspeedway",
        },
        [
            result(1, BOB, laps_led=100),
            result(2, ANN, diff_time=50),
            result(3, CY, diff_time=50),
            result(4, "Dee Crash", diff_time=75),
            result(5, "Flo Fifth", diff_time=80),
        ],
    ),
    (
        {
            "race_name": "Overtime that ended under caution",
            "margin_of_victory": "Under Caution",
            "actual_laps": 104,
            "actual_distance": 156.0,
            "caution_segments": [
                {
                    "race_id": 9003,
                    "start_lap": 103,
                    "end_lap": 104,
                    "reason": "Accident",
                    "comment": "Turn 3",
                    "beneficiary_car_number": None,
                    "flag_state": 2,
                }
            ],
        },
        [
            result(1, BOB, laps_led=104, laps_completed=104),
            result(2, CY, laps_completed=104),
            result(3, "Dee Crash", laps_completed=104),
        ],
    ),
    (
        {"race_name": "A dead heat for third"},
        [
            result(1, ANN, laps_led=100),
            result(2, BOB),
            result(3, CY, diff_time=200, car_number="13"),
            result(3, "Dee Crash", diff_time=200, car_number="14"),
        ],
    ),
    (
        {"race_name": "Nobody is said to have led"},
        [result(1, BOB), result(2, ANN), result(3, CY)],
    ),
    (
        {"race_name": "Test Duel 1", "race_type_id": 2, "margin_of_victory": "0.020"},
        [result(1, CY, laps_led=100), result(2, ANN, diff_time=20), result(3, BOB)],
    ),
]

"""Payloads in the form of the league's feed, made by hand for a test: whole, small, and changed where the test says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HOST = "cf.nascar.com/cacher"

Payload = dict[str, Any]


def race(**changes: object) -> Payload:
    """A race as the index of 2024 lists it; changes replace fields."""
    return {
        "race_id": 9001,
        "series_id": 1,
        "race_season": 2024,
        "race_name": "Test 400",
        "race_type_id": 1,
        "restrictor_plate": False,
        "track_id": 41,
        "track_name": "Kansas Speedway",
        "date_scheduled": "2024-05-05T15:00:00",
        "race_date": "2024-05-05T15:00:00",
        "qualifying_date": "2024-05-04T00:00:00",
        "tunein_date": "2024-05-05T15:00:00",
        "scheduled_distance": 150.0,
        "actual_distance": 150.0,
        "scheduled_laps": 100,
        "actual_laps": 100,
        "stage_1_laps": 30,
        "stage_2_laps": 30,
        "stage_3_laps": 40,
        "number_of_cars_in_field": 3,
        "pole_winner_driver_id": 0,
        "pole_winner_speed": 180.0,
        "number_of_lead_changes": 1,
        "number_of_leaders": 2,
        "number_of_cautions": 1,
        "number_of_caution_laps": 5,
        "average_speed": 150.0,
        "total_race_time": "1:00:00",
        "margin_of_victory": "0.100",
        "race_purse": 0,
        "attendance": 0,
        "radio_broadcaster": "",
        "television_broadcaster": "",
        "master_race_id": 1,
        "playoff_round": 0,
        "qualifying_race_no": 0,
        "qualifying_race_id": -1,
        "winner_driver_id": 1,
        "race_comments": "",
        "infractions": [],
    } | changes


def result(position: int, driver: str, **changes: object) -> Payload:
    """A car's result in race 9001; `position` is the official one, 0 for a car that did not start."""
    return {
        "race_id": 9001,
        "series_id": 1,
        "race_season": 2024,
        "result_id": 100_000 + sum(map(ord, driver)) * 100 + position,
        "finishing_position": position,
        "starting_position": position,
        "car_number": str(10 + position),
        "official_car_number": str(10 + position),
        "driver_id": position,
        "driver_fullname": driver,
        "driver_hometown": "Somewhere, Ohio",
        "hometown_city": "Somewhere",
        "hometown_state": "Ohio",
        "hometown_country": "United States",
        "team_id": 1,
        "team_name": "Test Racing",
        "owner_id": 1,
        "owner_fullname": "Test Racing",
        "crew_chief_id": 1,
        "crew_chief_fullname": "Jo Wrench",
        "car_make": "Ford",
        "car_model": "Mustang",
        "sponsor": "Nobody",
        "qualifying_order": position,
        "qualifying_position": position,
        "qualifying_speed": 180.0,
        "laps_led": 0,
        "times_led": 0,
        "points_earned": 40,
        "playoff_points_earned": 0,
        "laps_completed": 100,
        "finishing_status": "Running",
        "winnings": 0,
        "points_position": 1,
        "points_delta": 0,
        "disqualified": False,
        "diff_laps": 0,
        "diff_time": 0 if position < 2 else (position - 1) * 100,
    } | changes


def weekend(results: list[Payload] | None = None, **changes: object) -> Payload:
    """A weekend feed: race 9001 with three cars, one caution and one change of the lead."""
    entry = race()
    del entry["winner_driver_id"], entry["qualifying_race_no"], entry["qualifying_race_id"]
    entry |= {
        "stage_4_laps": 0,
        "inspection_complete": True,
        "results": results
        or [
            result(1, "Ann Winner", laps_led=60, times_led=1),
            result(2, "Bob Second", laps_led=40, times_led=1),
            result(3, "Cy Third"),
        ],
        "caution_segments": [
            {
                "race_id": 9001,
                "start_lap": 31,
                "end_lap": 35,
                "reason": "Competition",
                "comment": "Stage 1 Conclusion",
                "beneficiary_car_number": None,
                "flag_state": 2,
            }
        ],
        "race_leaders": [
            {"race_id": 9001, "start_lap": 1, "end_lap": 40, "car_number": "12"},
            {"race_id": 9001, "start_lap": 41, "end_lap": 100, "car_number": "11"},
        ],
        "stage_results": [
            {
                "stage_number": 1,
                "results": [
                    {
                        "driver_fullname": "Bob Second",
                        "driver_id": 2,
                        "car_number": "12",
                        "finishing_position": 1,
                        "stage_points": 10,
                    }
                ],
            }
        ],
        "infractions": [],
        "pit_reports": [],
    }
    entry |= changes
    return {"weekend_race": [entry], "weekend_runs": []}


TO_COME: Payload = {
    "total_race_time": "",
    "winner_driver_id": None,
    "margin_of_victory": "",
    "inspection_complete": False,
}
"""The fields of a race that has not been run."""


def entry_list(*drivers: str, **changes: object) -> Payload:
    """The weekend feed of a race to come: the cars that are entered, without places; changes replace fields."""
    payload = weekend(caution_segments=[], race_leaders=[], stage_results=[])
    [entry] = payload["weekend_race"]
    entries = [
        result(0, driver, car_number=str(number), starting_position=0, laps_completed=0, finishing_status="")
        for number, driver in enumerate(drivers, start=11)
    ]
    entry |= {name: value for name, value in TO_COME.items() if name in entry} | {"results": entries} | changes
    return of_race(payload, entry["race_id"])


def of_race(payload: Payload, race_id: int) -> Payload:
    """Make a weekend feed that of another race."""
    [entry] = payload["weekend_race"]
    entry["race_id"] = race_id
    for rows in (entry["results"], entry["caution_segments"], entry["race_leaders"]):
        for row in rows:
            row["race_id"] = race_id
    return payload


def laps(cars: dict[str, str], count: int = 3) -> Payload:
    """Lap times of cars, by number and driver: the run to the green flag and so many laps."""

    def lap(number: int, place: int) -> Payload:
        time, speed = (30.0, "180.000") if number else (None, None)
        return {"Lap": number, "LapTime": time, "LapSpeed": speed, "RunningPos": place}

    return {
        "laps": [
            {
                "Number": number,
                "FullName": driver,
                "Manufacturer": "Frd",
                "RunningPos": place,
                "NASCARDriverID": place,
                "Laps": [lap(done, place) for done in range(count + 1)],
            }
            for place, (number, driver) in enumerate(cars.items(), start=1)
        ],
        "flags": [{"LapsCompleted": 0, "FlagState": 8}],
    }


def index(*races: Payload) -> Payload:
    """A season's index of Cup races."""
    return {"series_1": list(races), "series_2": [], "series_3": []}


def season(count: int, year: int = 2024) -> list[Payload]:
    """So many races of a season, a week apart."""
    days = [f"{year}-{2 + number // 4:02}-{1 + 7 * (number % 4):02}T15:00:00" for number in range(count)]
    return [
        race(
            race_id=9001 + number,
            race_season=year,
            race_name=f"Test {number + 1}",
            date_scheduled=day,
            race_date=day,
        )
        for number, day in enumerate(days)
    ]


class FeedFolder:
    """A mirror folder that a test fills with documents of the feed."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def __str__(self) -> str:
        return str(self.root)

    def put(self, path: str, content: object) -> Path:
        """Write a document below the feed's root; bytes as they are, anything else as JSON."""
        file = self.root / HOST / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return file

    def put_index(self, *races: Payload, year: int = 2024) -> Path:
        """Write the index of a season."""
        return self.put(f"{year}/race_list_basic.json", index(*races))

    def put_weekend(self, feed: Payload, year: int = 2024) -> Path:
        """Write a weekend feed where its race belongs."""
        entry = feed["weekend_race"][0]
        return self.put(f"{year}/{entry['series_id']}/{entry['race_id']}/weekend-feed.json", feed)

    def put_one_race(self, **changes: object) -> None:
        """A season of one race, index and weekend; changes are made to both."""
        in_index = {name: value for name, value in changes.items() if name in race()}
        self.put_index(race(**in_index))
        self.put_weekend(weekend(**changes))  # type: ignore[arg-type]  # any field of the payload

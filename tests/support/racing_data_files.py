"""Season tables and results in the form of the CSV files of armstjc/racing-data-repository, made by hand for a test."""

from __future__ import annotations

import csv
import io
from pathlib import Path

HOST = "raw.githubusercontent.com/armstjc/racing-data-repository/main/racing_reference/nascar_cup"
SITE = "https://www.racing-reference.info"

Row = dict[str, str]


def race(number: int, season: int = 2021, **changes: str) -> Row:
    """A row of a season's table: Ann Winner won at Kansas; `race_id` is the part of the address, changes replace fields."""
    race_id = changes.pop("race_id", f"{season}_Test_{number}")
    return {
        "season": str(season),
        "series_id": "W",
        "race_num": str(number),
        "race_date": f"{2 + number // 4:02}/{1 + 7 * (number % 4):02}/{season % 100:02}",
        "race_short_id": f"{season}_{number:02}",
        "race_track_name": "Kansas",
        "race_track_id": "Kansas_Speedway",
        "race_car_count": "3",
        "race_winner_name": "Ann Winner",
        "race_winner_real_id": "winnean01",
        "race_winner_starting_pos": "1",
        "race_winner_make": "Ford ",
        "race_lap_len": "1.500",
        "race_track_surface": "P",
        "race_miles_completed": "150",
        "race_purse_completed": "",
        "race_pole_time": "180.000",
        "race_cautions": "1",
        "race_speed": "150.000",
        "race_lead_changes": "1",
        "race_url": f"{SITE}/race-results/{race_id}/W",
        "race_track_url": f" {SITE}/tracks/Kansas_Speedway",
        "race_winner_url": f"{SITE}/driver/winnean01/",
    } | changes


def result(number: int, position: int, driver: str, season: int = 2021, **changes: str) -> Row:
    """A car's result, each value under its own name, the money too; `number` is that of its race."""
    return {
        "season": str(season),
        "series_id": "W",
        "race_id": f"{season}_Test_{number}",
        "race_id_short": f"{season}_{number:02}",
        "finish_position": str(position),
        "starting_position": str(position),
        "driver_number": str(10 + position),
        "driver_nationality": "usa",
        "driver_id": driver.replace(" ", "_"),
        "driver_name": driver,
        "sponsor": "Nobody   (Test Racing)",
        "owner_id": "Test_Racing",
        "car": "Ford",
        "race_laps_run": "100",
        "race_money": "1000",
        "race_status": "running",
        "race_laps_lead": "100" if position == 1 else "0",
        "points_earned": "40",
        "playoff_points_earned": "5",
    } | changes


def results(number: int, *drivers: str, season: int = 2021) -> list[Row]:
    """The results of a race, the drivers in the order in which they finished."""
    return [result(number, position, driver, season) for position, driver in enumerate(drivers, start=1)]


def as_schedule(*races: Row) -> bytes:
    """The file of a season's table."""
    return _as_csv(list(races[0]), [list(row.values()) for row in races])


def as_results(*rows: Row, is_shifted: bool = False) -> bytes:
    """The file of a season's results: as since 2016, without money, or as before, the money under the next name.

    The old header has no name for the money: all that follows stands one column to the left, and the last value, the
    playoff points, has no place.
    """
    header = [name for name in rows[0] if name != "race_money"]
    left_out = "playoff_points_earned" if is_shifted else "race_money"
    return _as_csv(header, [[value for name, value in row.items() if name != left_out] for row in rows])


def without(row: Row, *names: str) -> Row:
    """A row without some of its columns, such as the short id, which the files of 1971 lack."""
    return {name: value for name, value in row.items() if name not in names}


def _as_csv(header: list[str], rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue().encode()


class RacingDataFolder:
    """A mirror folder that a test fills with files of the repository."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def __str__(self) -> str:
        return str(self.root)

    def put_schedule(self, content: bytes, season: int = 2021) -> None:
        """Write the table of a season."""
        self._put("schedule", content, season)

    def put_results(self, content: bytes, season: int = 2021) -> None:
        """Write the results of a season."""
        self._put("race_results", content, season)

    def put_season(self, races: list[Row], rows: list[Row], season: int = 2021, *, is_shifted: bool = False) -> None:
        """Write both files of a season."""
        self.put_schedule(as_schedule(*races), season)
        self.put_results(as_results(*rows, is_shifted=is_shifted), season)

    def _put(self, name: str, content: bytes, season: int) -> None:
        file = self.root / HOST / name / f"{season}_{name}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

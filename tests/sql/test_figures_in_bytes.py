"""Figures of the warehouse are in the bytes of their sources, looked up without the program's parsers."""

from __future__ import annotations

import csv
import functools
import hashlib
import io
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from nascar_warehouse.etl.documents import Version
from nascar_warehouse.etl.storage.landing import Landing


@dataclass(frozen=True)
class Figure:
    """A value of the warehouse, who said it, and of which race and car; `where` is the source's own id of the race."""

    column: str
    value: Any
    reading: str
    document_id: str
    where: str
    race_id: str
    driver_name: str | None = None
    car_number: str | None = None
    result_id: int | None = None


CAR_COLUMNS = ("finish_position", "start_position", "laps_completed", "laps_led", "car_number", "points")
RACE_COLUMNS = (
    "race_date",
    "average_speed_mph",
    "pole_speed_mph",
    "cautions",
    "lead_changes",
    "starters",
    "distance_miles",
)
FIGURES = 50

# The columns of the sources, by our name.
IN_FEED = {
    "finish_position": "finishing_position",
    "start_position": "starting_position",
    "laps_completed": "laps_completed",
    "laps_led": "laps_led",
    "car_number": "car_number",
    "points": "points_earned",
    "race_date": "race_date",
    "average_speed_mph": "average_speed",
    "pole_speed_mph": "pole_winner_speed",
    "cautions": "number_of_cautions",
    "lead_changes": "number_of_lead_changes",
    "starters": "number_of_cars_in_field",
    "distance_miles": "actual_distance",
}
IN_PARQUET = {
    "finish_position": "Finish",
    "start_position": "Start",
    "laps_completed": "Laps",
    "laps_led": "Led",
    "car_number": "Car",
    "points": "Pts",
}
IN_TABLE = {
    "race_date": "race_date",
    "average_speed_mph": "race_speed",
    "pole_speed_mph": "race_pole_time",
    "cautions": "race_cautions",
    "lead_changes": "race_lead_changes",
    "starters": "race_car_count",
    "distance_miles": "race_miles_completed",
}
IN_RESULTS = {
    "finish_position": "finish_position",
    "start_position": "starting_position",
    "laps_completed": "race_laps_run",
    "laps_led": "race_laps_lead",
    "car_number": "driver_number",
    "points": "points_earned",
}
ONE_TO_THE_LEFT = {"race_laps_lead": "points_earned", "points_earned": "playoff_points_earned"}


def test_figures_of_cars_are_in_the_bytes_of_their_sources(history: Path) -> None:
    require_in_bytes(history, choose_car_figures(history, seeded(1949)))


def test_figures_of_races_are_in_the_bytes_of_their_sources(history: Path) -> None:
    require_in_bytes(history, choose_race_figures(history, seeded(2025)))


def seeded(seed: int) -> random.Random:
    """The same choices on every run."""
    return random.Random(seed)  # noqa: S311  # nothing is kept secret with it


def choose_car_figures(home: Path, generator: random.Random) -> list[Figure]:
    """Figures of cars in points races: a value of core.results, and one of the readings that say so."""
    with duckdb.connect(home / "nascar.duckdb", read_only=True) as con:
        entries = con.sql(
            "SELECT race_id, entry_key FROM core.results WHERE source_id <> 'almanac' ORDER BY ALL"
        ).fetchall()
        figures: list[Figure] = []
        while len(figures) < FIGURES:
            entry, column = generator.choice(entries), generator.choice(CAR_COLUMNS)
            said = con.execute(
                f"SELECT r.{column}, s.reading, s.document_id, ids.race_key, s.driver_name, s.car_number,"
                "  s.result_id_nascar_feed"
                " FROM core.results AS r INNER JOIN core.result_readings AS s USING (race_id, entry_key)"
                " INNER JOIN core.source_races AS ids ON ids.race_id = r.race_id AND ids.source_id = s.source_id"
                f" WHERE r.race_id = ? AND r.entry_key = ? AND r.{column} IS NOT DISTINCT FROM s.{column} ORDER BY ALL",
                entry,
            ).fetchall()
            assert said, (entry, column)
            value, reading, document_id, key, driver, car, result_id = generator.choice(said)
            if value is not None:
                figures.append(Figure(column, value, reading, document_id, key, entry[0], driver, car, result_id))
    return figures


def choose_race_figures(home: Path, generator: random.Random) -> list[Figure]:
    """Figures of races: a value of core.races, and one of the readings that say so."""
    with duckdb.connect(home / "nascar.duckdb", read_only=True) as con:
        races = con.sql("SELECT race_id FROM core.races WHERE series_id = 'cup' ORDER BY ALL").fetchall()
        figures: list[Figure] = []
        while len(figures) < FIGURES:
            (race_id,), column = generator.choice(races), generator.choice(RACE_COLUMNS)
            said = con.execute(
                f"SELECT r.{column}, s.reading, s.document_id, ids.race_key"
                " FROM core.races AS r INNER JOIN core.race_readings AS s USING (race_id)"
                " INNER JOIN core.source_races AS ids ON ids.race_id = r.race_id AND ids.source_id = s.source_id"
                f" WHERE r.race_id = ? AND r.{column} IS NOT DISTINCT FROM s.{column} ORDER BY ALL",
                [race_id],
            ).fetchall()
            assert said, (race_id, column)
            value, reading, document_id, key = generator.choice(said)
            # What was corrected by hand is in a seed, not in the bytes of a source.
            if value is not None and reading not in {"date_correction", "name_correction"}:
                figures.append(Figure(column, value, reading, document_id, key, race_id))
    return figures


def require_in_bytes(home: Path, figures: list[Figure]) -> None:
    """Look each figure up in the kept document, with nothing of the program but the landing."""
    with Landing(home / "landing", read_only=True) as landing:
        versions = {
            version.document_id: version
            for source_id in ("nascar_feed", "nascar_results", "racing_data", "almanac")
            for history in landing.versions_by_document(source_id)
            for version in history
        }
        for figure in figures:
            version = versions[figure.document_id]
            content = landing.read(version)
            assert version.sha256 == hashlib.sha256(content).hexdigest()
            assert as_text(figure.value) in {as_text(value) for value in values_in(figure, version, content)}, figure


def values_in(figure: Figure, version: Version, content: bytes) -> Iterator[Any]:
    """What the document has where the figure should be."""
    return READERS[figure.reading](figure, version, content)


def in_weekend(figure: Figure, _: Version, content: bytes) -> Iterator[Any]:
    [race] = json.loads(content, parse_float=Decimal)["weekend_race"]
    assert figure.where == str(race["race_id"])
    if figure.driver_name is None:
        yield race[IN_FEED[figure.column]]
    else:
        yield from (car[IN_FEED[figure.column]] for car in race["results"] if car["result_id"] == figure.result_id)


def in_index(figure: Figure, _: Version, content: bytes) -> Iterator[Any]:
    races = json.loads(content, parse_float=Decimal)["series_1"]
    return (race[IN_FEED[figure.column]] for race in races if figure.where == str(race["race_id"]))


def in_parquet(figure: Figure, _: Version, content: bytes) -> Iterator[Any]:
    __, season, number = figure.where.split("-")
    is_race = (pl.col("Season") == int(season)) & (pl.col("Race") == int(number))
    cars = read_parquet(content).filter(is_race & (pl.col("Driver") == figure.driver_name))
    yield from cars[IN_PARQUET[figure.column]]


def in_csv(figure: Figure, version: Version, content: bytes) -> Iterator[Any]:
    for row in csv.DictReader(io.StringIO(content.decode())):
        if version.key.endswith("/schedule"):
            if f"/race-results/{figure.where}/" in row["race_url"]:
                yield row[IN_TABLE[figure.column]]
        elif row["race_id"] == figure.where and row["driver_name"] == figure.driver_name:
            name = IN_RESULTS[figure.column]
            # Until 2015 the money stands under the name of the status, or nothing does.
            is_shifted = row["race_status"].isdigit() or not row["race_status"]
            yield row[ONE_TO_THE_LEFT.get(name, name) if is_shifted else name]


def in_almanac(figure: Figure, _: Version, content: bytes) -> Iterator[Any]:
    for row in csv.DictReader(io.StringIO(content.decode())):
        if row["race_id"] == figure.race_id:
            yield from row.values()
            # The first two places are columns with a name.
            if figure.column == "finish_position":
                named = enumerate((row.get("winner"), row.get("runner_up")), 1)
                yield from (place for place, driver in named if driver == figure.driver_name)


READERS = {
    "weekend_feed": in_weekend,
    "season_index": in_index,
    "nascar_results": in_parquet,
    "racing_data": in_csv,
    "almanac": in_almanac,
}


@functools.cache
def read_parquet(content: bytes) -> pl.DataFrame:
    """The rows of a file; a series has a hundred thousand, and is asked often."""
    return pl.read_parquet(io.BytesIO(content))


def as_text(value: object) -> str:
    """One form for what sources write in several: 1.50 and 1.5, 02/22/59 and 1959-02-22."""
    text = str(value)
    if isinstance(value, date):
        return value.strftime("%m/%d/%y")
    if len(text) == 10 or "T" in text:
        try:
            return datetime.fromisoformat(text).strftime("%m/%d/%y")
        except ValueError:
            return text
    if "." in text:
        return text.rstrip("0").rstrip(".")
    return text

"""All of Cup history from the captured responses: every race once, every figure traced back to the bytes of its source."""

from __future__ import annotations

import csv
import functools
import hashlib
import io
import json
import random
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from nascar_warehouse import sql
from nascar_warehouse.etl import cli
from nascar_warehouse.etl.documents import Version
from nascar_warehouse.etl.storage.landing import Landing
from tests.conftest import Ask, ask_file

CHECKS = Path(sql.__file__).parent / "checks"


@pytest.fixture
def ask_history(history: Path) -> Ask:
    """Ask the warehouse of all captures."""
    return lambda statement: ask_file(history / "nascar.duckdb", statement)


# --- whole


def test_all_points_races_of_the_cup_series_are_there(ask_history: Ask) -> None:
    assert [(2822, 1949, 2025)] == ask_history(
        "SELECT count(*), min(season), max(season) FROM core.races WHERE series_id = 'cup' AND race_number IS NOT NULL"
    )


def test_each_season_has_the_races_that_the_record_books_count(ask_history: Ask) -> None:
    counted = "FROM core.races WHERE series_id = 'cup' AND race_number IS NOT NULL GROUP BY season"
    assert ask_history("SELECT season, points_races FROM core.seasons WHERE series_id = 'cup' ORDER BY 1") == (
        ask_history(f"SELECT season, count(*) {counted} ORDER BY 1")
    )


def test_the_races_of_a_season_are_numbered_without_a_gap(ask_history: Ask) -> None:
    assert [] == ask_history(
        "SELECT series_id, season FROM core.races WHERE race_number IS NOT NULL GROUP BY ALL"
        " HAVING min(race_number) <> 1 OR max(race_number) <> count(*)"
    )


def test_each_points_race_has_a_date_a_venue_and_a_winner(ask_history: Ask) -> None:
    assert [] == ask_history(
        "SELECT races.race_id FROM core.races LEFT JOIN core.tracks USING (track_id)"
        " LEFT JOIN core.results ON races.race_id = results.race_id AND results.finish_position = 1"
        " LEFT JOIN core.drivers USING (driver_id)"
        " WHERE series_id = 'cup' AND race_number IS NOT NULL"
        " AND (race_date IS NULL OR tracks.track_id IS NULL OR drivers.driver_id IS NULL)"
    )


def test_all_results_of_points_races_are_there(ask_history: Ask) -> None:
    assert [(100_138,)] == ask_history(
        "SELECT count(*) FROM core.results INNER JOIN core.races USING (race_id)"
        " WHERE series_id = 'cup' AND race_number IS NOT NULL"
    )


def test_no_race_of_a_source_is_left_over(ask_history: Ask) -> None:
    assert [] == ask_history("FROM ops.unmatched")


def test_each_source_has_a_race_once(ask_history: Ask) -> None:
    assert [] == ask_history("SELECT source_id, race_id FROM core.source_races GROUP BY ALL HAVING count(*) > 1")


def test_29_races_were_run_in_the_year_before_their_season(ask_history: Ask) -> None:
    assert [(29, 1955, 1969)] == ask_history(
        "SELECT count(*), min(season), max(season) FROM core.races WHERE year(race_date) < season"
    )


def test_no_source_lists_a_car_twice_but_for_the_exceptions_listed(ask_history: Ask) -> None:
    # Whichever sources a person ingests: a list of entries comes from one of them.
    assert [] == ask_history(
        "SELECT reading, race_id, car_number FROM core.result_readings"
        " ANTI JOIN seeds.check_exceptions AS known"
        " ON check_name = 'entry_is_unique' AND row_key = race_id || ' ' || car_number"
        " WHERE finish_position IS NOT NULL AND car_number IS NOT NULL AND status_group NOT IN ('did_not_start', 'withdrew')"
        " GROUP BY ALL HAVING count(*) > 1"
    )


def test_each_row_of_each_core_table_has_a_document_that_is_listed(history: Path) -> None:
    tables = ask_file(
        history / "nascar.duckdb",
        "SELECT table_name FROM duckdb_columns() WHERE schema_name = 'core' AND column_name = 'document_id' ORDER BY 1",
    )
    assert len(tables) > 15
    for (table,) in tables:
        used = f"SELECT DISTINCT document_id FROM core.{table}"
        lost = f"SELECT '{table}', count(*) FROM ({used}) ANTI JOIN ops.documents USING (document_id)"
        assert [(table, 0)] == ask_file(history / "nascar.duckdb", lost)


# --- people


@pytest.mark.parametrize(
    ("driver_id", "wins"),
    [
        ("richard-petty", 200),
        ("david-pearson", 105),
        ("jeff-gordon", 93),
        ("bobby-allison", 85),
        ("darrell-waltrip", 84),
        ("cale-yarborough", 83),
        ("jimmie-johnson", 83),
        ("dale-earnhardt", 76),
        ("dale-earnhardt-jr", 26),
        ("lee-petty", 54),
        ("kyle-busch", 63),
        ("kurt-busch", 34),
        ("ned-jarrett", 50),
        ("dale-jarrett", 32),
        ("davey-allison", 19),
        ("buck-baker", 46),
        ("buddy-baker", 19),
    ],
)
def test_a_driver_has_the_wins_of_the_record_books_and_none_of_a_relative(
    ask_history: Ask, driver_id: str, wins: int
) -> None:
    assert [(wins,)] == ask_history(
        "SELECT count(*) FROM core.results INNER JOIN core.races USING (race_id)"
        f" WHERE series_id = 'cup' AND driver_id = '{driver_id}' AND finish_position = 1 AND counts_as_official_win"
    )


def test_the_wins_of_at_least_sixty_drivers_were_compared(ask_history: Ask) -> None:
    check = (CHECKS / "career_wins_are_as_published.sql").read_text()
    condition = "HAVING coalesce(sum(won.wins), 0) <> comparable.wins"
    assert condition in check
    assert len(ask_history(check.replace(condition, ""))) >= 60
    assert [] == ask_history(check)


# --- figures, traced back to bytes


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
            # A date that a person corrected is in a seed, not in the bytes of a source.
            if value is not None and reading != "date_correction":
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
    listed = csv.DictReader(io.StringIO(content.decode()))
    return (value for row in listed if row["race_id"] == figure.race_id for value in row.values())


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


# --- from the kept documents alone


def test_a_rebuild_from_the_kept_documents_gives_the_same_rows(history: Path, tmp_path: Path) -> None:
    home = tmp_path / "rebuilt"
    shutil.copytree(history / "landing", home / "landing")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NASCAR_HOME", str(home))
        patch.setattr(sys, "argv", ["nascar", "rebuild"])
        with pytest.raises(SystemExit) as leaving:
            cli.main()
    assert not leaving.value.code
    with duckdb.connect(home / "nascar.duckdb", read_only=True) as con:
        con.execute(f"ATTACH '{history / 'nascar.duckdb'}' AS incremental (READ_ONLY)")
        tables = con.sql("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'core' GROUP BY 1 ORDER BY 1")
        for (table,) in tables.fetchall():
            mine, theirs = f"FROM nascar.core.{table}", f"FROM incremental.core.{table}"
            # As many rows, and none that the other lacks: the same rows.
            assert con.sql(f"SELECT count(*) {mine}").fetchall() == con.sql(f"SELECT count(*) {theirs}").fetchall()
            assert (table, []) == (table, con.sql(f"{mine} EXCEPT ALL {theirs}").fetchall())


# --- the order on the line


@pytest.mark.parametrize(
    ("race_id", "winner", "line", "official"),
    [
        ("cup-1949-01", "glenn-dunaway", None, None),
        ("nxs-2019-20", "austin-cindric", None, None),
        ("nxs-2019-24", "denny-hamlin", Decimal("0.602"), None),
        ("truck-2019-10", "ross-chastain", Decimal("2.717"), Decimal("5.596")),
    ],
)
def test_the_order_on_the_line_is_that_of_the_almanac_where_nothing_was_measured(
    ask_history: Ask, race_id: str, winner: str, line: Decimal | None, official: Decimal | None
) -> None:
    assert [(True, winner, line), (True, None, official)] == ask_history(
        "SELECT is_line_order_known, if(basis = 'line', winner_id, NULL), margin_seconds FROM core.race_margins"
        f" WHERE race_id = '{race_id}' ORDER BY basis"
    )


# --- figures that others published


@pytest.mark.parametrize(("make", "wins"), [("Plymouth", 191), ("Dodge", 217), ("Mercury", 96), ("Ford", 748)])
def test_manufacturers_have_the_wins_that_are_published(ask_history: Ask, make: str, wins: int) -> None:
    through_2025 = "core.races.season <= 2025 AND series_id = 'cup' AND counts_as_official_win"
    assert [(wins,)] == ask_history(
        "SELECT count(*) FROM core.results INNER JOIN core.races USING (race_id)"
        f" WHERE make = '{make}' AND finish_position = 1 AND {through_2025}"
    )


def test_hendrick_motorsports_has_its_wins_as_all_star_racing(ask_history: Ask) -> None:
    assert [(320,)] == ask_history(
        "SELECT wins FROM marts.team_records WHERE series_id = 'cup' AND team_id = 'hendrick-motorsports'"
    )


@pytest.mark.parametrize(
    ("event", "editions"), [("daytona-500", 67), ("coca-cola-600", 65), ("southern-500", 72), ("brickyard-400", 29)]
)
def test_an_event_has_one_edition_a_season_and_no_qualifying_race(ask_history: Ask, event: str, editions: int) -> None:
    assert [(editions, editions)] == ask_history(
        f"SELECT count(*), count(DISTINCT season) FROM core.races WHERE event_id = '{event}' AND season <= 2025"
    )

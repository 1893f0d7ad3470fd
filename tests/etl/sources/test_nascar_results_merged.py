"""How the results of nascaR.data are merged with the other sources, through the whole job."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from nascar_warehouse.etl import cli
from tests.conftest import Ask, Nascar, ask_file
from tests.support import racing_data_files
from tests.support.nascar_results_files import NascarResultsFolder, as_parquet, result, results
from tests.support.racing_data_files import RacingDataFolder
from tests.support.two_cars_file import GOOD, TWO_CARS

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""

SPELLED, DOUBLE, ELSEWHERE, HOMESICK, TALLADEGA, TWICE = range(1, 7)


@pytest.fixture(scope="session")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: PLR0915  # one statement a race
    """A warehouse of two sources that differ about races and cars, an oddity a race; for reading only."""
    folder = tmp_path_factory.mktemp("merged")
    table: dict[Any, Any] = {}
    cars: dict[Any, Any] = {}
    file: list[Any] = []

    def run(season: int, number: int, track: str, *drivers: str, day: str = "05/30") -> None:
        """Racing-Reference has this race."""
        there = racing_data_files.race(
            number,
            season,
            race_track_id=track,
            race_track_name=track,
            race_winner_name=drivers[0],
            race_date=f"{day}/{season % 100:02}",
        )
        table.setdefault(season, []).append(there)
        cars.setdefault(season, []).extend(racing_data_files.results(number, *drivers, season=season))

    def listed(season: int, number: int, track: str, *drivers: str) -> None:
        """nascaR.data has this race."""
        file.extend(results(number, *drivers, season=season, Track=track))

    # Exchanged numbers that the seed knows: with Racing-Reference, without it, and in a file that was repaired.
    run(1957, 19, "Eureka_Speedway", "Lloyd Dane", "George Seeger")
    run(1957, 20, "Lincoln_Speedway", "Buck Baker", "Fireball Roberts")
    listed(1957, 19, "Lincoln Speedway", "Buck Baker", "Fireball Roberts")
    listed(1957, 20, "Redwood Speedway", "Lloyd Dane", "George Seeger")
    listed(1955, 14, "Martinsville Speedway", "Tim Flock", "Lee Petty")
    listed(1955, 15, "Tucson Rodeo Grounds", "Danny Letner", "Allen Adkins")
    listed(1954, 15, "Charlotte Speedway", "Buck Baker", "Lee Petty")
    listed(1954, 16, "Carrell Speedway", "John Soares", "Lloyd Dane")
    # Exchanged numbers that nobody has entered.
    run(1970, 3, "Darlington_Raceway", "Ann Winner", "Bob Second")
    run(1970, 4, "Talladega_Superspeedway", "Bob Second", "Cy Third")
    listed(1970, 3, "Talladega Superspeedway", "Bob Second", "Cy Third")
    listed(1970, 4, "Darlington Raceway", "Ann Winner", "Bob Second")
    # The same at one track on one day.
    run(1965, 2, "Daytona_International_Speedway", "Ann Winner", "Cy Third", day="02/12")
    run(1965, 3, "Daytona_International_Speedway", "Bob Second", "Di Fourth", day="02/12")
    listed(1965, 2, "Daytona International Speedway", "Bob Second", "Di Fourth")
    listed(1965, 3, "Daytona International Speedway", "Ann Winner", "Cy Third")
    # One name for two venues.
    run(1962, 1, "New_Concord_Speedway", "Jack Smith", "Joe Weatherly")
    listed(1962, 1, "Concord Speedway", "Jack Smith", "Joe Weatherly")
    # The dead heat.
    field = ["David Pearson", "Richard Petty", "Cale Yarborough", "Buddy Baker", "Bobby Allison"]
    run(1974, 16, "Daytona_International_Speedway", *field)
    listed(1974, 16, "Daytona International Speedway", *field)

    run(2021, SPELLED, "Kansas_Speedway", "Ann Winner", "Bob Second", "Cyrus Third", "Di Onlythere", day="02/01")
    listed(2021, SPELLED, "Kansas Speedway", "Ann Winner", "Bob Second", "Cy Third")
    run(2021, DOUBLE, "Kansas_Speedway", "Ann Winner", "Ed Double", "Ed Double", day="03/01")
    listed(2021, DOUBLE, "Kansas Speedway", "Ann Winner", "Ed Double", "Ed Double")
    run(2021, ELSEWHERE, "Kansas_Speedway", "Ann Winner", "Bob Second", day="04/01")
    listed(2021, ELSEWHERE, "Darlington Raceway", "Lou Lost", "Meg Missing")
    listed(2021, HOMESICK, "Kansas Speedway", "Ann Winner", "Bob Second")
    file.append(result(HOMESICK, None, "Flo Homesick", Car="98", Status="-"))
    file.append(result(HOMESICK, None, "Gus Homesick", Car="99", Status=None))
    run(2021, TALLADEGA, "Talladega_Superspeedway", "Ann Winner", "Bob Second", day="05/01")
    listed(2021, TALLADEGA, "Talladega Superspeedway", "Ann Winner", "Bob Second")
    run(2021, TWICE, "Kansas_Speedway", "Cy Third", "Bob Second", day="06/01")
    listed(2021, TWICE, "Talladega Superspeedway", "Ann Winner", "Bob Second")

    mirror = RacingDataFolder(folder / "mirror")
    for season, races in table.items():
        mirror.put_season(races, cars[season], season)
    NascarResultsFolder(mirror.root).put_results(*file)
    seasons = ",".join(map(str, table))
    home = folder / "home"
    assert 0 == leave(home, "ingest", "racing_data", "--season", seasons, "--mirror", mirror)
    assert 0 == leave(home, "ingest", "nascar_results", "--series", "cup", "--mirror", mirror)
    return home / "nascar.duckdb"


def leave(home: Path, *arguments: object) -> int:
    """Run the command in this process on a home; returns its exit code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NASCAR_HOME", str(home))
        patch.setattr(sys, "argv", ["nascar", *map(str, arguments)])
        with pytest.raises(SystemExit) as leaving:
            cli.main()
    return int(leaving.value.code or 0)


@pytest.fixture
def ask_merged(merged: Path) -> Ask:
    """Ask the warehouse of two sources that differ."""
    return lambda statement: ask_file(merged, statement)


@pytest.mark.parametrize(
    ("race_id", "winner", "sources"),
    [
        ("cup-1957-19", "lloyd-dane", 2),  # exchanged, and the seed says so
        ("cup-1957-20", "buck-baker", 2),
        ("cup-1955-14", "danny-letner", 1),  # the same without Racing-Reference
        ("cup-1955-15", "tim-flock", 1),
        ("cup-1954-15", "buck-baker", 1),  # repaired by the source
        ("cup-1954-16", "john-soares", 1),
        ("cup-1970-03", "ann-winner", 2),  # exchanged, and no seed says so
        ("cup-1970-04", "bob-second", 2),
        ("cup-1965-02", "ann-winner", 2),  # the same at one track
        ("cup-1965-03", "bob-second", 2),
    ],
)
def test_a_race_has_its_number_whatever_a_source_numbers_it(
    ask_merged: Ask, race_id: str, winner: str, sources: int
) -> None:
    assert [(winner, sources)] == ask_merged(
        "SELECT winner_id, count(*) FROM core.source_races"
        f" WHERE race_id = '{race_id}' AND source_id <> 'almanac' GROUP BY winner_id"
    )
    assert [(winner,)] == ask_merged(
        f"SELECT driver_id FROM core.results WHERE race_id = '{race_id}' AND finish_position = 1"
    )


def test_a_name_that_stands_for_two_venues_is_told_apart_by_race(ask_merged: Ask) -> None:
    assert [("nascar_results", "new-concord"), ("racing_data", "new-concord")] == ask_merged(
        "SELECT source_id, track_id FROM core.source_races WHERE race_id = 'cup-1962-01' ORDER BY 1"
    )


def test_races_that_fit_nowhere_are_listed_and_take_nothing_with_them(ask_merged: Ask) -> None:
    assert [("cup-2021-03", "darlington", "lou-lost"), ("cup-2021-06", "talladega", "ann-winner")] == ask_merged(
        "SELECT race_key, track_id, winner_id FROM ops.unmatched ORDER BY 1"
    )
    assert [("ann-winner", "racing_data"), ("bob-second", "racing_data")] == ask_merged(
        "SELECT driver_id, source_id FROM core.results WHERE race_id = 'cup-2021-03' ORDER BY 1"
    )


def test_a_race_that_a_source_lists_twice_counts_once(ask_merged: Ask) -> None:
    assert [("cup-2021-05", 2), ("cup-2021-06", 2)] == ask_merged(
        "SELECT race_id, count(*) FROM core.results WHERE race_id IN ('cup-2021-05', 'cup-2021-06')"
        " GROUP BY 1 ORDER BY 1"
    )


def test_in_a_dead_heat_two_cars_share_a_place_and_none_has_the_next(ask_merged: Ask) -> None:
    assert [(1,), (2,), (3,), (3,), (5,)] == ask_merged(
        "SELECT finish_position FROM core.results WHERE race_id = 'cup-1974-16' ORDER BY 1"
    )
    assert [("buddy-baker",), ("cale-yarborough",)] == ask_merged(
        "SELECT driver_id FROM core.results WHERE race_id = 'cup-1974-16' AND finish_position = 3 ORDER BY 1"
    )
    assert [] == ask_merged(
        "SELECT * FROM ops.check_results WHERE check_name = 'position_is_unique' AND failing_rows > 0"
    )


def test_one_driver_in_two_cars_has_two_results_with_two_readings_each(ask_merged: Ask) -> None:
    assert [("ed-double", 2, "12", 2), ("ed-double", 3, "13", 2)] == ask_merged(
        "SELECT results.driver_id, results.finish_position, results.car_number, count(*) FROM core.results"
        " INNER JOIN core.result_readings AS readings USING (race_id, entry_key)"
        " WHERE race_id = 'cup-2021-02' AND results.driver_id = 'ed-double' GROUP BY ALL ORDER BY ALL"
    )


def test_a_driver_who_is_spelled_otherwise_at_the_same_place_is_the_same_entry(ask_merged: Ask) -> None:
    assert [("nascar_results", "Cy Third"), ("racing_data", "Cyrus Third")] == ask_merged(
        "SELECT reading, driver_name FROM core.result_readings"
        " WHERE race_id = 'cup-2021-01' AND entry_key = '3' ORDER BY 1"
    )
    assert [(3,)] == ask_merged("SELECT count(*) FROM core.results WHERE race_id = 'cup-2021-01'")


def test_a_car_that_the_list_of_the_race_lacks_is_told(ask_merged: Ask) -> None:
    assert [("cup-2021-01", "di-onlythere", 4, "only this source lists it", "racing_data")] == ask_merged(
        "SELECT race_id, driver_id, finish_position, reason, source_id FROM core.unlisted_entries"
    )


def test_a_car_without_a_place_did_not_start(ask_merged: Ask) -> None:
    assert [("flo-homesick", None, False), ("gus-homesick", None, False)] == ask_merged(
        "SELECT driver_id, finish_position, is_starter FROM core.results"
        " WHERE race_id = 'cup-2021-04' AND NOT is_starter ORDER BY 1"
    )


def test_files_of_another_form_are_named_and_those_of_other_series_are_published(
    nascar: Nascar, tmp_path: Path, ask: Ask
) -> None:
    mirror = NascarResultsFolder(tmp_path / "mirror")
    mirror.put(as_parquet(*TWO_CARS, result(1, 3, "")), "cup")
    mirror.put(GOOD[:-100], "nxs")
    mirror.put_results(*results(1, "Ann Winner", "Bob Second"), series_id="truck")
    left = nascar("ingest", "nascar_results", "--mirror", mirror)
    assert 4 == left.code
    assert "nascar_results cup_series: unexpected content: '' in row 3, column `Driver`" in left.err
    assert "with Parquet that has no end (cut off?)" in left.err
    assert [("truck-2021-01", 2)] == ask(
        "SELECT race_id, count(*) FROM core.results WHERE source_id = 'nascar_results' GROUP BY 1"
    )


def test_a_corrected_position_is_a_change_of_its_race(nascar: Nascar, tmp_path: Path, ask: Ask) -> None:
    mirror = NascarResultsFolder(tmp_path / "mirror")
    others = [*results(2, "Cy Third", "Ann Winner"), *results(3, "Bob Second", "Cy Third")]
    mirror.put_results(*results(1, "Ann Winner", "Bob Second", "Cy Third"), *others)
    assert 0 == nascar("ingest", "nascar_results", "--series", "cup", "--mirror", mirror).code
    mirror.put_results(*results(1, "Ann Winner", "Bob Second"), result(1, 33, "Cy Third", Start=3, Car="13"), *others)
    assert 0 == nascar("ingest", "nascar_results", "--series", "cup", "--mirror", mirror).code
    [before, after] = ask("SELECT document_id FROM ops.documents WHERE source_id = 'nascar_results' ORDER BY version")
    assert [
        ("cup-2021-01", "finish", "value_changed", "3", "33", True, *before, *after),
    ] == ask(
        "SELECT race_id, column_name, change_kind, old_value, new_value, is_correction, old_document_id, document_id"
        " FROM ops.changes"
    )
    assert [(33,)] == ask(
        "SELECT finish_position FROM core.results WHERE race_id = 'cup-2021-01' AND car_number = '13'"
    )

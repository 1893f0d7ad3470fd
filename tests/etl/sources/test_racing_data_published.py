"""The season tables and results of Racing-Reference, through the whole job."""

from __future__ import annotations

import shutil
import sys
from datetime import date
from pathlib import Path

import pytest

from nascar_warehouse.etl import cli
from tests.conftest import Ask, Nascar, ask_file
from tests.support.homes import copy_home
from tests.support.misbehaving import CHALLENGE_PAGE
from tests.support.racing_data_files import RacingDataFolder, as_results, as_schedule, race, result, results, without

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""


@pytest.fixture(scope="session")
def seasons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of five seasons in old and new form, one of them with values that are odd; for reading only."""
    folder = tmp_path_factory.mktemp("seasons")
    mirror = RacingDataFolder(folder / "mirror")
    odd = [
        result(1, 1, "Ann Winner", driver_number="07"),
        result(1, 2, "Bob Second", driver_number="7", race_laps_run="-", starting_position="-"),
        result(1, 3, "Cy Third", driver_number="B-29", race_laps_lead="-", points_earned="-"),
        result(1, 4, "Di Fourth", driver_number="97-A", race_laps_run="0", owner_id="", sponsor="-"),
        result(1, 5, "Ed Fifth", driver_number="", race_status="-", car="-", driver_nationality="none"),
        result(1, 6, "Flo Sixth", driver_number="", car="'49 Lincoln"),
    ]
    impossible = {"race_cautions": "-1", "race_lead_changes": "-1", "race_pole_time": "1.8", "race_speed": "-1"}
    below_zero = {"race_laps_run": "-1", "starting_position": "-1", "race_laps_lead": "-1", "points_earned": "-25"}
    odd += [result(2, 1, "Ann Winner"), result(2, 2, "Bob Second") | below_zero]
    odd += [result(2, 0, "Cy Third", race_status="withdrew", race_laps_run="0")]
    mirror.put_season(
        [race(1, race_speed="0", race_pole_time="", race_cautions=""), race(2) | impossible],
        odd,
    )
    mirror.put_season([race(1, 1960)], results(1, "Ann Winner", "Bob Second", season=1960), 1960)
    names = ["1962_Ann%27s_500_%28June%29", "1962_Bob%ff_100"]
    mirror.put_season(
        [race(number, 1962, race_id=name) for number, name in enumerate(names, 1)],
        [
            row | {"race_id": name}
            for number, name in enumerate(names, 1)
            for row in results(number, "Ann Winner", season=1962)
        ],
        1962,
    )
    mirror.put_season(
        [race(1, 1969, race_date="11/17/68"), race(2, 1969, race_date="02/01/69")],
        [*results(1, "Ann Winner", season=1969), *results(2, "Ann Winner", season=1969)],
        1969,
        is_shifted=True,
    )
    short = [without(row, "race_id_short") for row in results(1, "Ann Winner", "Bob Second", season=1971)]
    mirror.put_season([without(race(1, 1971), "race_short_id")], short, 1971, is_shifted=True)
    assert 0 == leave(
        folder / "home", "ingest", "racing_data", "--season", "1960,1962,1969,1971,2021", "--mirror", mirror
    )
    return folder / "home"


@pytest.fixture
def ask_seasons(seasons: Path) -> Ask:
    """Ask the warehouse of five seasons."""
    return lambda statement: ask_file(seasons / "nascar.duckdb", statement)


def leave(home: Path, *arguments: object) -> int:
    """Run the command in this process on a home; returns its exit code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NASCAR_HOME", str(home))
        patch.setattr(sys, "argv", ["nascar", *map(str, arguments)])
        with pytest.raises(SystemExit) as leaving:
            cli.main()
    return int(leaving.value.code or 0)


@pytest.fixture
def again(seasons: Path, home: Path, tmp_path: Path) -> RacingDataFolder:
    """A home that has the four seasons, and their mirror, to be changed."""

    copy_home(seasons, home)
    shutil.copytree(seasons.parent / "mirror", tmp_path / "mirror")
    return RacingDataFolder(tmp_path / "mirror")


def test_unknown_laps_are_null_and_none_are_zero(ask_seasons: Ask) -> None:
    assert [(100,), (None,), (100,), (0,), (100,), (100,)] == ask_seasons(
        "SELECT laps_completed FROM core.results WHERE race_id = 'cup-2021-01' ORDER BY finish_position"
    )


def test_unknown_laps_led_points_and_start_are_null(ask_seasons: Ask) -> None:
    assert [(2, None, 0, 40), (3, 3, None, None)] == ask_seasons(
        "SELECT finish_position, start_position, laps_led, points FROM core.results"
        " WHERE race_id = 'cup-2021-01' AND finish_position IN (2, 3) ORDER BY ALL"
    )


def test_car_numbers_are_text_and_may_be_blank(ask_seasons: Ask) -> None:
    assert [("07",), ("7",), ("B-29",), ("97-A",), (None,), (None,)] == ask_seasons(
        "SELECT car_number FROM core.results WHERE race_id = 'cup-2021-01' ORDER BY finish_position"
    )


def test_an_unknown_status_make_or_owner_is_null(ask_seasons: Ask) -> None:
    assert [(4, "running", "ford", None), (5, None, None, "test-racing")] == ask_seasons(
        "SELECT finish_position, status, manufacturer_id, owner_id FROM core.results"
        " WHERE race_id = 'cup-2021-01' AND finish_position IN (4, 5) ORDER BY ALL"
    )


def test_the_year_of_a_car_is_no_part_of_its_make(ask_seasons: Ask) -> None:
    assert [("lincoln",)] == ask_seasons("SELECT manufacturer_id FROM core.results WHERE driver_id = 'flo-sixth'")


def test_a_speed_of_zero_is_unknown(ask_seasons: Ask) -> None:
    assert [(None, None, None)] == ask_seasons(
        "SELECT average_speed_mph, pole_speed_mph, cautions FROM core.races WHERE race_id = 'cup-2021-01'"
    )


def test_a_figure_that_no_race_can_have_is_unknown(ask_seasons: Ask) -> None:
    assert [(None, None, None, None)] == ask_seasons(
        "SELECT cautions, lead_changes, pole_speed_mph, average_speed_mph FROM core.races WHERE race_id = 'cup-2021-02'"
    )


def test_a_count_below_zero_is_unknown_and_points_may_be(ask_seasons: Ask) -> None:
    assert [(None, None, None, -25)] == ask_seasons(
        "SELECT laps_completed, start_position, laps_led, points FROM core.results"
        " WHERE race_id = 'cup-2021-02' AND driver_id = 'bob-second'"
    )


def test_a_car_that_was_withdrawn_has_no_place(ask_seasons: Ask) -> None:
    assert [(None,)] == ask_seasons(
        "SELECT finish_position FROM core.results WHERE race_id = 'cup-2021-02' AND driver_id = 'cy-third'"
    )


def test_the_name_in_an_address_is_decoded_where_it_can_be(ask_seasons: Ask) -> None:
    assert [("Ann's 500",), ("Bob%ff 100",)] == ask_seasons(
        "SELECT race_name FROM core.races WHERE season = 1962 AND source_id = 'racing_data' ORDER BY race_id"
    )


def test_a_season_may_begin_in_the_year_before(ask_seasons: Ask) -> None:
    assert [("cup-1969-01", date(1968, 11, 17)), ("cup-1969-02", date(1969, 2, 1))] == ask_seasons(
        "SELECT race_id, race_date FROM core.races WHERE season = 1969 AND source_id = 'racing_data' ORDER BY 1"
    )


def test_a_season_without_short_ids_is_published(ask_seasons: Ask) -> None:
    assert [("ann-winner", 1, "running", 40), ("bob-second", 2, "running", 40)] == ask_seasons(
        "SELECT driver_id, finish_position, status, points FROM core.results"
        " WHERE race_id = 'cup-1971-01' ORDER BY finish_position"
    )


def test_each_file_that_means_nothing_is_named_and_the_rest_is_published(
    nascar: Nascar, again: RacingDataFolder, ask: Ask
) -> None:
    again.put_results(as_results(*[row | {"race_status": "1"} for row in results(1, "Zed Wrong", season=1960)]), 1960)
    again.put_schedule(CHALLENGE_PAGE, 1969)
    again.put_schedule(as_schedule(race(1, 2020)), 1971)
    again.put_schedule(b"null", 2021)
    again.put_season([race(1, 1951)], results(1, "Gil New", season=1951), 1951, is_shifted=True)
    left = nascar("ingest", "racing_data", "--season", "1951,1960,1969,1971,2021", "--mirror", again)
    assert 4 == left.code
    for key in ("1960/race_results", "1969/schedule", "1971/schedule", "2021/schedule"):
        assert f"racing_data {key}" in left.err
    assert [("gil-new",)] == ask("SELECT driver_id FROM core.results WHERE race_id = 'cup-1951-01'")
    assert [(0,)] == ask("SELECT count(*) FROM core.drivers WHERE driver_id = 'zed-wrong'")
    assert [(8,)] == ask("SELECT count(*) FROM core.races WHERE source_id = 'racing_data' AND season <> 1951")


def test_a_new_column_is_told_once(nascar: Nascar, again: RacingDataFolder) -> None:
    again.put_results(
        as_results(*[row | {"mood": "good"} for row in results(1, "Ann Winner", "Cy", season=1960)]), 1960
    )
    first = nascar("ingest", "racing_data", "--season", "1960", "--mirror", again)
    again.put_results(as_results(*[row | {"mood": "bad"} for row in results(1, "Ann Winner", "Di", season=1960)]), 1960)
    second = nascar("ingest", "racing_data", "--season", "1960", "--mirror", again)
    assert (0, 1, 0, 0) == (first.code, first.err.count("new field mood"), second.code, second.err.count("mood"))


def test_results_of_a_race_that_the_season_lacks_are_told(nascar: Nascar, again: RacingDataFolder, ask: Ask) -> None:
    rows = [*results(1, "Ann Winner", "Bob Second", season=1960), *results(2, "Lou Lost", season=1960)]
    again.put_results(as_results(*rows), 1960)
    assert 0 == nascar("ingest", "racing_data", "--season", "1960", "--mirror", again).code
    assert [("racing_data", "1960_Test_2", 1960)] == ask("SELECT source_id, race_key, season FROM ops.unmatched")

"""Laps, stages and the last ten laps of one race of the feed that nascaR.data has too."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import Ask, ask_file
from tests.support.commands import run_on
from tests.support.feed import FeedFolder, laps
from tests.support.nascar_results_files import NascarResultsFolder, result


@pytest.fixture(scope="module")
def of_one_race(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of one race with laps, won by a pass on the last lap; for reading only."""
    folder = tmp_path_factory.mktemp("laps")
    feed = FeedFolder(folder / "mirror")
    stretches = [(1, 59, "11"), (60, 99, "12"), (100, 100, "11")]
    leaders = [
        {"race_id": 9001, "start_lap": start, "end_lap": end, "car_number": car} for start, end, car in stretches
    ]
    feed.put_one_race(
        margin_of_victory="0.002",
        number_of_lead_changes=2,
        race_leaders=leaders,
        television_broadcaster="FS1 ",
        attendance=48_000,
    )
    feed.put("2024/1/9001/lap-times.json", laps({"11": "Ann Winner", "12": "Bob Second"}, 100))
    NascarResultsFolder(folder / "mirror").put_results(
        result(1, 1, "Ann Winner", season=2024, S1=1, S2=2, Rating=140.5),
        result(1, 2, "Bob Second", season=2024, S1=2, S2=1, Rating=0.0),
    )
    home = folder / "home"
    left = run_on(home, "ingest", "nascar_feed", "nascar_results", "--mirror", folder / "mirror", "--with", "laps")
    assert 0 == left.code, left.err
    return home


@pytest.fixture
def ask_race(of_one_race: Path) -> Ask:
    """Ask the warehouse of the one race in SQL."""
    return lambda statement: ask_file(of_one_race / "nascar.duckdb", statement)


def test_a_stage_is_of_the_source_that_has_its_points(ask_race: Ask) -> None:
    # nascaR.data has the first stage otherwise, and is the only one to have the second.
    assert [(1, 1, "bob-second", 10, "nascar_feed")] == ask_race(
        "SELECT stage_number, stage_position, driver_id, stage_points, source_id FROM core.stage_results"
        " WHERE stage_number = 1"
    )
    assert [(1, "bob-second", None, "nascar_results"), (2, "ann-winner", None, "nascar_results")] == ask_race(
        "SELECT stage_position, driver_id, stage_points, source_id FROM core.stage_results"
        " WHERE stage_number = 2 ORDER BY stage_position"
    )


def test_a_driver_rating_of_zero_is_none(ask_race: Ask) -> None:
    assert [("ann-winner", Decimal("140.50"), "nascar_results")] == ask_race(
        "SELECT driver_id, driver_rating, source_id FROM core.loop_statistics"
    )


def test_the_last_ten_laps_have_a_leader_each(ask_race: Ask) -> None:
    assert [(0, 100, "ann-winner"), (1, 99, "bob-second"), (9, 91, "bob-second")] == ask_race(
        "SELECT laps_to_go, lap_number, driver_id FROM marts.last_ten_laps WHERE laps_to_go IN (0, 1, 9) ORDER BY 1"
    )
    assert [(10,)] == ask_race("SELECT count(*) FROM marts.last_ten_laps")


def test_a_pass_on_the_last_lap_has_who_was_passed(ask_race: Ask) -> None:
    assert [(100, "Ann Winner", "Bob Second")] == ask_race(
        "SELECT lap_number, driver_name, passed_driver FROM marts.last_lap_passes"
    )


def test_a_photo_finish_is_in_inches_at_the_speed_of_the_last_lap(ask_race: Ask) -> None:
    # 0.002 s at 180 mph, which are 3,168 inches a second.
    assert [(Decimal("6.3"), 0, Decimal("6.3"), Decimal("180.000"), "winner_last_lap")] == ask_race(
        "SELECT margin_inches_estimate, margin_whole_feet, margin_remaining_inches, finish_speed_mph,"
        " finish_speed_method FROM marts.photo_finishes WHERE race_id = 'cup-2024-01'"
    )


def test_each_car_has_its_position_on_each_lap(ask_race: Ask) -> None:
    assert [("ann-winner", 1), ("bob-second", 2)] == ask_race(
        "SELECT driver_id, running_position FROM marts.lap_positions WHERE lap_number = 100 ORDER BY running_position"
    )


def test_a_race_has_its_broadcasters_and_spectators_where_the_feed_names_them(ask_race: Ask) -> None:
    assert [("cup-2024-01", 48_000, "FS1", None)] == ask_race(
        "SELECT race_id, attendance, television_broadcaster, radio_broadcaster FROM core.race_audiences"
    )

"""The job with what is new, absent or late."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import Ask, Nascar
from tests.support.feed import FeedFolder, Payload, index, race, result, season, weekend
from tests.support.inspected_season import AFTER_INSPECTION, put_inspected
from tests.support.made_season import YEAR, made_race, put_season, renumbered
from tests.support.misbehaving import as_json, misbehaving_server

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""


def test_a_result_that_comes_late_moves_no_other_race(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
    first, second, third = season(3, 2021)
    feed.put_index(first, second | {"total_race_time": None, "winner_driver_id": None}, third, year=2021)
    nascar("ingest", "nascar_feed", "--mirror", feed)
    before = ask("SELECT race_id, race_name FROM core.races WHERE season = 2021 AND source_id = 'nascar_feed'")
    feed.put_index(first, second, third, year=2021)
    nascar("ingest", "nascar_feed", "--mirror", feed)
    after = ask("SELECT race_id, race_name FROM core.races WHERE season = 2021 AND source_id = 'nascar_feed'")
    assert (2, set()) == (len(before), set(before) - set(after))


def test_a_winner_without_a_name_is_not_published(nascar: Nascar, feed: FeedFolder) -> None:
    feed.put_one_race(results=[result(1, "Ann Winner", driver_fullname=None, laps_led=100), result(2, "Bob Second")])
    left = nascar("ingest", "nascar_feed", "--mirror", feed)
    assert 5 == left.code
    assert "race_has_one_winner" in left.err


def test_a_race_whose_id_moves_is_reported(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
    first, second = season(2, 2021)
    feed.put_index(first, second, year=2021)
    nascar("ingest", "nascar_feed", "--mirror", feed)
    # Races are numbered in the order of the schedule, which a postponed race keeps.
    feed.put_index(first | dict.fromkeys(("date_scheduled", "race_date"), "2021-12-01T15:00:00"), second, year=2021)
    left = nascar("ingest", "nascar_feed", "--mirror", feed)
    assert 0 == left.code
    assert "race 9001 of nascar_feed was cup-2021-01 and is cup-2021-02" in left.err
    assert [(True,)] == ask("SELECT contains(warnings, 'is cup-2021-02') FROM ops.loads ORDER BY load_id DESC LIMIT 1")


def test_a_new_field_is_told_once_and_stops_nothing(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
    put_season(feed, made_race(1, brand_new=1))
    left = nascar("ingest", "nascar_feed", "--mirror", feed)
    assert 0 == left.code
    assert [
        f"warning: nascar_feed: new field $.weekend_race[].brand_new, first seen in {YEAR}/1/9001/weekend-feed"
    ] == warnings_of(left.err)
    put_season(feed, made_race(1, brand_new=1), made_race(2, brand_new=2))
    assert [] == warnings_of(nascar("ingest", "nascar_feed", "--mirror", feed).err)
    assert [(1, True), (2, False)] == ask(
        "SELECT load_id, contains(warnings, 'brand_new') FROM ops.loads ORDER BY load_id"
    )


def test_a_weekend_that_is_missing_in_a_folder_is_a_warning_and_picked_up_when_it_comes(
    nascar: Nascar, feed: FeedFolder, ask: Ask
) -> None:
    feed.put_index(race())
    left = nascar("ingest", "nascar_feed", "--mirror", feed, "--season", "2024")
    warning = "warning: nascar_feed 2024/1/9001/weekend-feed: the index says that the race was run, and the mirror has no file"
    assert (0, [warning]) == (left.code, warnings_of(left.err))
    assert [(1,)] == ask("SELECT documents_absent FROM ops.loads")
    assert [("cup-2024-01", Decimal("0.100"))] == ask(
        "SELECT race_id, margin_seconds FROM core.race_margins WHERE race_id = 'cup-2024-01' AND basis = 'line'"
    )
    feed.put_weekend(weekend())
    assert 0 == nascar("ingest", "nascar_feed", "--mirror", feed).code
    assert [(3,)] == ask("SELECT count(*) FROM core.results WHERE race_id = 'cup-2024-01'")


def test_a_sweep_takes_no_offence_at_absent_seasons(nascar: Nascar, one_race: FeedFolder) -> None:
    left = nascar("ingest", "nascar_feed", "--mirror", one_race)
    absent = datetime.now(UTC).year - 2015  # the indexes are known from 2015 on, and 2024 is there
    assert (0, []) == (left.code, warnings_of(left.err))
    assert f" {absent} missing" in left.err


def test_a_named_season_that_is_absent_is_exit_3_and_the_others_are_published(
    nascar: Nascar, feed: FeedFolder, ask: Ask
) -> None:
    feed.put_one_race()
    left = nascar("ingest", "nascar_feed", "--mirror", feed, "--season", "2023-2024")
    assert 3 == left.code
    assert "nascar_feed 2023/race_list_basic: https://cf.nascar.com/cacher/2023/race_list_basic.json" in left.err
    assert "next: " in left.err
    assert [("cup-2024-01",)] == ask("SELECT race_id FROM core.races WHERE source_id = 'nascar_feed'")


def test_an_empty_index_of_the_running_season_is_no_offence_to_a_sweep(nascar: Nascar, one_race: FeedFolder) -> None:
    one_race.put_index(year=datetime.now(UTC).year)
    assert 0 == nascar("ingest", "nascar_feed", "--mirror", one_race).code


def test_a_named_season_without_races_yet_keeps_no_other_from_being_published(
    nascar: Nascar, one_race: FeedFolder, ask: Ask
) -> None:
    year = datetime.now(UTC).year + 1
    one_race.put_index(year=year)
    put_inspected(one_race, AFTER_INSPECTION, "0.150")
    assert 3 == nascar("ingest", "nascar_feed", "--mirror", one_race, "--season", f"2024,{year}").code
    assert [("bob-second",)] == ask(
        "SELECT driver_id FROM core.results WHERE race_id = 'cup-2024-01' AND finish_position = 1"
    )


def test_only_the_weekends_of_the_named_series_are_asked_for(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
    listed = index(race())
    listed["series_2"] = [race(race_id=9002, series_id=2)]
    feed.put("2024/race_list_basic.json", listed)
    feed.put_weekend(weekend())
    feed.put_weekend(renumbered(weekend(series_id=2), race_id=9002, series_id=2))
    assert 0 == nascar("ingest", "nascar_feed", "--mirror", feed, "--series", "nxs").code
    assert [("2024/2/9002/weekend-feed",), ("2024/race_list_basic",)] == ask(
        "SELECT document_key FROM ops.documents WHERE source_id = 'nascar_feed' ORDER BY 1"
    )


@pytest.mark.usefixtures("one_race")
def test_without_laps_the_feet_are_estimated_with_the_pole_speed(ask: Ask) -> None:
    assert [(Decimal("26.40"), "pole 180.000")] == ask(
        "SELECT margin_feet_estimate, margin_feet_speed FROM marts.closest_finishes WHERE race_id = 'cup-2024-01'"
    )


def test_with_laps_the_feet_are_estimated_with_the_last_lap_of_the_winner(
    nascar: Nascar, one_race: FeedFolder, ask: Ask
) -> None:
    put_laps(one_race)
    assert 0 == nascar("ingest", "nascar_feed", "--mirror", one_race, "--with", "laps").code
    assert [("11", 0, None), ("11", 99, Decimal(170)), ("11", 100, Decimal(150)), ("12", 100, Decimal(160))] == ask(
        "SELECT car_number, lap_number, lap_speed_mph FROM core.laps WHERE race_id = 'cup-2024-01' ORDER BY 1, 2"
    )
    assert [(Decimal("22.00"), "winner_last_lap 150.000")] == ask(
        "SELECT margin_feet_estimate, margin_feet_speed FROM marts.closest_finishes WHERE race_id = 'cup-2024-01'"
    )


def test_laps_are_not_asked_for_unless_they_are_wanted(nascar: Nascar, one_race: FeedFolder, ask: Ask) -> None:
    put_laps(one_race)
    nascar("ingest", "nascar_feed", "--mirror", one_race)
    assert [(0,)] == ask("SELECT count(*) FROM core.laps")


def test_a_dry_run_asks_nobody_and_keeps_nothing(nascar: Nascar, home: Path) -> None:
    with misbehaving_server({"/cf.nascar.com/cacher/2024/race_list_basic.json": [as_json(index(race()))]}) as server:
        left = nascar(
            "ingest", "nascar_feed", "--mirror", server.url, "--season", "2024", "--dry-run", "--format", "json"
        )
    assert 0 == left.code
    assert ["2024/race_list_basic"] == [due["document"] for due in json.loads(left.out)]
    assert [] == server.requests
    assert [] == list(home.rglob("*"))


def test_a_dry_run_after_an_ingest_names_the_weekends_too(nascar: Nascar, one_race: FeedFolder) -> None:
    left = nascar("ingest", "nascar_feed", "--mirror", one_race, "--season", "2024", "--dry-run", "--format", "json")
    assert ["2024/race_list_basic", "2024/1/9001/weekend-feed"] == [due["document"] for due in json.loads(left.out)]


def put_laps(feed: FeedFolder) -> None:
    def lap(number: int, speed: str | None) -> Payload:
        return {"Lap": number, "LapTime": 36.0 if speed else None, "LapSpeed": speed, "RunningPos": 1}

    def car(number: str, driver: str, *laps: Payload) -> Payload:
        names = {"Number": number, "FullName": driver, "NASCARDriverID": 1, "Manufacturer": "Frd", "RunningPos": 1}
        return names | {"Laps": list(laps)}

    cars = [
        car("11", "Ann Winner", lap(0, None), lap(99, "170.000"), lap(100, "150.000")),
        car("12", "Bob Second", lap(100, "160.000")),
    ]
    feed.put("2024/1/9001/lap-times.json", {"laps": cars, "flags": []})


def warnings_of(err: str) -> list[str]:
    return [line for line in err.splitlines() if line.startswith("warning: ")]

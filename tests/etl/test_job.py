"""The job from end to end with sources that behave: once, again, corrected, and asked as a person would."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from nascar_warehouse.etl import cli
from tests.conftest import Ask, Nascar, ask_file
from tests.support.feed import FeedFolder, Payload, index, race, result, season, weekend
from tests.support.homes import copy_home
from tests.support.misbehaving import as_json, misbehaving_server

# The season of the races made here: the almanac has nothing about its first 24 races.
YEAR = 2021

DOCUMENTED_COLUMNS = {
    "rank",
    "race_id",
    "season",
    "race_number",
    "race_date",
    "race_name",
    "track_name",
    "winner",
    "winner_car_number",
    "winner_make",
    "runner_up",
    "runner_up_car_number",
    "runner_up_make",
    "margin_seconds",
    "margin_text",
    "margin_feet_estimate",
    "official_margin_seconds",
    "timing",
    "source_id",
}

# The order in which three cars finished the race of `feed`: as it was, and after the winner failed inspection.
BEFORE_INSPECTION = [
    result(1, "Ann Winner", result_id=1, laps_led=60, times_led=1),
    result(2, "Bob Second", result_id=2, laps_led=40, times_led=1),
    result(3, "Cy Third", result_id=3),
]
AFTER_INSPECTION = [
    result(1, "Bob Second", result_id=2, laps_led=40, times_led=1, diff_time=100, car_number="12"),
    result(2, "Cy Third", result_id=3, diff_time=200, car_number="13"),
    result(3, "Ann Winner", result_id=1, laps_led=60, times_led=1, diff_time=0, car_number="11", disqualified=True),
]

# An index lists a race long before it is run.
ANNOUNCED: Payload = {
    "actual_distance": 0.0,
    "actual_laps": 0,
    "average_speed": 0.0,
    "margin_of_victory": "",
    "number_of_cars_in_field": 0,
    "number_of_caution_laps": 0,
    "number_of_cautions": 0,
    "number_of_lead_changes": 0,
    "number_of_leaders": 0,
    "pole_winner_speed": 0.0,
    "total_race_time": "",
    "winner_driver_id": "",
}


@pytest.fixture(scope="session")
def home_of_one_race(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home into which the season of one race was ingested; to be copied, not used."""
    folder = tmp_path_factory.mktemp("one-race")
    feed = FeedFolder(folder / "mirror")
    put_inspected(feed, BEFORE_INSPECTION, "0.100")
    assert 0 == leave(folder / "home", "ingest", "nascar_feed", "--mirror", feed)
    return folder / "home"


@pytest.fixture
def one_race(home: Path, feed: FeedFolder, home_of_one_race: Path) -> FeedFolder:
    """A season of one race, which this home has already."""
    copy_home(home_of_one_race, home)
    put_inspected(feed, BEFORE_INSPECTION, "0.100")
    return feed


@pytest.fixture(scope="session")
def home_of_almanac(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home built from the almanac alone; for reading only."""
    folder = tmp_path_factory.mktemp("almanac")
    assert 0 == leave(folder, "build")
    return folder


@pytest.fixture
def almanac(home_of_almanac: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Commands read the home built from the almanac."""
    monkeypatch.setenv("NASCAR_HOME", str(home_of_almanac))
    return home_of_almanac


@pytest.fixture
def ask_outcomes(outcomes: Path) -> Ask:
    """Ask the warehouse of one season with an oddity a race."""
    return lambda statement: ask_file(outcomes, statement)


# --- once, again, and from scratch


def test_the_first_ingest_publishes(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
    feed.put_one_race()
    left = nascar("ingest", "nascar_feed", "--mirror", feed)
    assert (0, "") == (left.code, left.out)
    assert left.err.endswith("; published\n")
    assert [("cup-2024-01", Decimal("0.100"), "Ann Winner", "Bob Second")] == ask(
        "SELECT race_id, margin_seconds, winner, runner_up FROM marts.closest_finishes WHERE race_id = 'cup-2024-01'"
    )


def test_the_same_mirror_again_loads_nothing(nascar: Nascar, one_race: FeedFolder) -> None:
    left = nascar("ingest", "nascar_feed", "--mirror", one_race)
    assert (0, "") == (left.code, left.out)
    assert ["0 new", "0 rows loaded", "nothing new, nothing published"] == [
        said for said in ("0 new", "0 rows loaded", "nothing new, nothing published") if said in left.err
    ]


def test_the_same_mirror_again_leaves_the_published_file_alone(
    nascar: Nascar, one_race: FeedFolder, home: Path
) -> None:
    before = identity(home)
    nascar("ingest", "nascar_feed", "--mirror", one_race)
    nascar("ingest", "nascar_feed", "--mirror", one_race)
    assert before == identity(home)
    assert not (home / "snapshots").exists()


@pytest.mark.usefixtures("one_race")
def test_a_build_without_news_leaves_the_published_file_alone(nascar: Nascar, home: Path) -> None:
    before = identity(home)
    assert 0 == nascar("build").code
    assert before == identity(home)


@pytest.mark.usefixtures("one_race")
def test_rebuild_gives_the_same_rows(nascar: Nascar, home: Path) -> None:
    before = rows_by_relation(home)
    assert 0 == nascar("rebuild").code
    assert before == rows_by_relation(home)


def test_rebuild_gives_the_same_rows_after_many_changed_mirrors(nascar: Nascar, feed: FeedFolder, home: Path) -> None:
    first, second, third = (made_race(number) for number in (1, 2, 3))
    codes = []

    put_season(feed, first, second, third)
    codes.append(nascar("ingest", "nascar_feed", "--mirror", feed).code)

    # The first race is corrected, the second breaks, the third is as it was.
    put_season(feed, made_race(1, AFTER_INSPECTION), without(second, "track_name"), third)
    codes.append(nascar("ingest", "nascar_feed", "--mirror", feed).code)

    # The first is as it was at first, the second is whole again, the third has a field that nobody knows.
    put_season(feed, first, made_race(2, margin_of_victory="0.300"), made_race(3, brand_new="x"))
    codes.append(nascar("ingest", "nascar_feed", "--mirror", feed).code)

    # The season loses two races of three, which is not believed; the third breaks at the same time.
    put_season(feed, first)
    feed.put(weekend_key(3), b'{"weekend_race": [')
    codes.append(nascar("ingest", "nascar_feed", "--mirror", feed).code)

    # The season is back and one race longer; the third is still broken.
    put_season(feed, first, second, third, made_race(4))
    feed.put(weekend_key(3), b'{"weekend_race": [')
    codes.append(nascar("ingest", "nascar_feed", "--mirror", feed).code)

    assert [0, 4, 0, 5, 4] == codes
    incremental = rows_by_relation(home)
    assert 4 == nascar("rebuild").code
    assert incremental == rows_by_relation(home)


def test_rebuild_as_of_a_moment_shows_what_was_known_then(nascar: Nascar, one_race: FeedFolder, ask: Ask) -> None:
    moment = datetime.now(UTC).isoformat()
    put_inspected(one_race, AFTER_INSPECTION, "0.150")
    winners = []
    for arguments in (("ingest", "nascar_feed", "--mirror", one_race), ("rebuild", "--as-of", moment), ("build",)):
        assert 0 == nascar(*arguments).code
        winners += ask("SELECT driver_id FROM core.results WHERE race_id = 'cup-2024-01' AND finish_position = 1")
    assert [("bob-second",), ("ann-winner",), ("bob-second",)] == winners


# --- corrections


@pytest.fixture(scope="session")
def corrected(tmp_path_factory: pytest.TempPathFactory, home_of_one_race: Path) -> Path:
    """A home that had a race before its winner failed inspection and got the corrected results; for reading only."""
    folder = tmp_path_factory.mktemp("corrected")
    copy_home(home_of_one_race, folder / "home")
    # The same folder as before, with other bytes in it.
    feed = FeedFolder(home_of_one_race.parent / "mirror")
    put_inspected(feed, AFTER_INSPECTION, "0.150")
    assert 0 == leave(folder / "home", "ingest", "nascar_feed", "--mirror", feed)
    return folder / "home"


NEW_RESULTS = (
    "SELECT driver_id, finish_position, is_disqualified FROM core.results WHERE race_id = 'cup-2024-01' ORDER BY 2"
)
DISQUALIFIED = [("bob-second", 1, False), ("cy-third", 2, False), ("ann-winner", 3, True)]


def test_the_warehouse_follows_a_disqualification_three_days_later(corrected: Path) -> None:
    assert DISQUALIFIED == ask_file(corrected / "nascar.duckdb", NEW_RESULTS)


def test_the_warehouse_follows_a_correction_in_another_folder(
    nascar: Nascar, one_race: FeedFolder, ask: Ask, tmp_path: Path
) -> None:
    another = FeedFolder(tmp_path / "another")
    put_inspected(another, AFTER_INSPECTION, "0.150")
    assert 0 == nascar("ingest", "nascar_feed", "--mirror", another).code
    assert DISQUALIFIED == ask(NEW_RESULTS)
    assert another.root != one_race.root


def test_a_correction_is_listed_with_both_values_and_both_documents(corrected: Path) -> None:
    weekend_change = ("cup-2024-01", "2024/1/9001/weekend-feed", True, "superseded", "loaded")
    index_change = ("cup-2024-01", "2024/race_list_basic", True, "superseded", "loaded")
    assert [
        ("nascar_feed_races", "margin_of_victory", "0.100", "0.150", *index_change),
        ("nascar_feed_races", "winner_driver_id", "1", "2", *index_change),
        ("nascar_feed_results", "disqualified", "false", "true", *weekend_change),
        ("nascar_feed_results", "finishing_position", "1", "3", *weekend_change),
        ("nascar_feed_weekends", "margin_of_victory", "0.100", "0.150", *weekend_change),
    ] == ask_file(
        corrected / "nascar.duckdb",
        "SELECT c.table_name, c.column_name, c.old_value, c.new_value, c.race_id, c.document_key, c.is_correction, old.state, new.state"
        " FROM ops.changes AS c"
        " INNER JOIN ops.documents AS old ON c.old_document_id = old.document_id AND c.document_key = old.document_key"
        " INNER JOIN ops.documents AS new ON c.document_id = new.document_id AND c.document_key = new.document_key"
        " WHERE c.row_key IN ('9001', '9001/1')"
        " AND c.column_name IN ('margin_of_victory', 'winner_driver_id', 'finishing_position', 'disqualified')"
        " ORDER BY ALL",
    )


def test_the_warehouse_before_a_correction_is_kept_as_a_snapshot(corrected: Path) -> None:
    [snapshot] = snapshots(corrected)
    assert [("ann-winner", 1, False), ("bob-second", 2, False), ("cy-third", 3, False)] == ask_file(
        snapshot, NEW_RESULTS
    )


def test_a_race_that_was_announced_and_then_run_is_no_correction(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
    feed.put_index(race(**ANNOUNCED))
    nascar("ingest", "nascar_feed", "--mirror", feed)
    assert [] == ask("SELECT race_id FROM core.races WHERE source_id = 'nascar_feed'")
    feed.put_one_race()
    assert 0 == nascar("ingest", "nascar_feed", "--mirror", feed).code
    assert [("cup-2024-01", len(ANNOUNCED), 0)] == ask(
        "SELECT race_id, count(*), count(*) FILTER (is_correction) FROM ops.changes GROUP BY ALL"
    )


def test_a_correction_that_is_taken_back_is_two_corrections(nascar: Nascar, one_race: FeedFolder, ask: Ask) -> None:
    for margin in ("0.150", "0.100"):
        put_inspected(one_race, BEFORE_INSPECTION, margin)
        nascar("ingest", "nascar_feed", "--mirror", one_race)
    assert [("0.100", "0.150"), ("0.150", "0.100")] == ask(
        "SELECT old_value, new_value FROM ops.changes WHERE table_name = 'nascar_feed_weekends' ORDER BY seen_at"
    )
    assert [("0.100",)] == ask(
        "SELECT margin_text FROM core.race_margins WHERE race_id = 'cup-2024-01' AND basis = 'line'"
    )


# --- what is new, absent or late


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


def test_an_absent_weekend_is_counted_and_stops_nothing(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
    feed.put_index(race())
    left = nascar("ingest", "nascar_feed", "--mirror", feed, "--season", "2024")
    assert (0, []) == (left.code, warnings_of(left.err))
    assert [(1,)] == ask("SELECT documents_absent FROM ops.loads")
    assert [("cup-2024-01", Decimal("0.100"))] == ask(
        "SELECT race_id, margin_seconds FROM core.race_margins WHERE race_id = 'cup-2024-01' AND basis = 'line'"
    )


def test_a_weekend_that_comes_later_is_picked_up(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
    feed.put_index(race())
    nascar("ingest", "nascar_feed", "--mirror", feed)
    feed.put_weekend(weekend())
    assert 0 == nascar("ingest", "nascar_feed", "--mirror", feed).code
    assert [(3,)] == ask("SELECT count(*) FROM core.results WHERE race_id = 'cup-2024-01'")


def test_a_sweep_takes_no_offence_at_absent_seasons(nascar: Nascar, one_race: FeedFolder) -> None:
    left = nascar("ingest", "nascar_feed", "--mirror", one_race)
    absent = datetime.now(UTC).year - 2015  # the indexes are known from 2015 on, and 2024 is there
    assert (0, []) == (left.code, warnings_of(left.err))
    assert f" {absent} absent" in left.err


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


# --- with nothing but the almanac


def test_closest_on_an_empty_home_builds_one_and_answers(nascar: Nascar) -> None:
    left = nascar("closest", "--format", "json")
    [first, *_] = json.loads(left.out)
    assert (0, "no warehouse yet: building one from the facts that come with the program\n") == (left.code, left.err)
    assert (1, 2024, "Kansas Speedway", 0.001, "Kyle Larson", "Chris Buescher") == tuple(
        first[name] for name in ("rank", "season", "track_name", "margin_seconds", "winner", "runner_up")
    )


@pytest.mark.usefixtures("almanac")
def test_check_passes_on_a_home_built_from_the_almanac(nascar: Nascar) -> None:
    left = nascar("check", "--format", "json")
    assert 0 == left.code
    assert {("fail", 0)} == {
        (check["severity"], check["failing_rows"]) for check in json.loads(left.out) if check["severity"] == "fail"
    }


def test_status_before_anything_is_wrong_usage(nascar: Nascar, home: Path) -> None:
    left = nascar("status")
    assert (2, "") == (left.code, left.out)
    assert str(home) in left.err


@pytest.mark.usefixtures("one_race")
def test_status_shows_the_warehouse_the_sources_and_the_last_runs(nascar: Nascar) -> None:
    left = nascar("status", "--format", "json")
    assert 0 == left.code
    sources = [("source", state) for state in ("built in", "fresh", "never asked", "never asked", "never asked")]
    assert [("warehouse", "published"), *sources, ("run", "exit 0")] == [
        (row["what"], row["state"]) for row in json.loads(left.out)
    ]


def test_home_prints_the_folder_that_is_set(nascar: Nascar, home: Path) -> None:
    left = nascar("home")
    assert (0, f"{home}\n", "") == (left.code, left.out, left.err)


@pytest.mark.usefixtures("almanac")
def test_a_table_on_the_standard_output_is_nothing_but_the_table(nascar: Nascar) -> None:
    left = nascar("closest", "--limit", "2")
    header, rule, *rows = left.out.splitlines()
    assert (0, "") == (left.code, left.err)
    assert (["rank", "margin_seconds", "race_date"], {"─"}) == (header.split()[:3], set(rule) - {" "})
    assert [["1", "0.001", "2024-05-05"], ["2", "0.002", "2003-03-16"]] == [row.split()[:3] for row in rows]


@pytest.mark.usefixtures("almanac")
def test_json_is_one_array_of_objects_with_the_documented_columns(nascar: Nascar) -> None:
    left = nascar("closest", "--limit", "3", "--format", "json")
    rows = json.loads(left.out)
    assert (0, "", 3) == (left.code, left.err, len(rows))
    assert [set()] * 3 == [DOCUMENTED_COLUMNS - set(row) for row in rows]


@pytest.mark.usefixtures("almanac")
def test_csv_has_a_header_and_a_line_a_row(nascar: Nascar) -> None:
    left = nascar("closest", "--limit", "4", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(left.out)))
    assert (0, "") == (left.code, left.err)
    assert [("1", "cup-2024-12"), ("2", "cup-2003-05"), ("2", "cup-2011-08"), ("4", "cup-2024-02")] == [
        (row["rank"], row["race_id"]) for row in rows
    ]


@pytest.mark.usefixtures("almanac")
def test_markdown_is_a_table_of_that_kind(nascar: Nascar) -> None:
    left = nascar("closest", "--limit", "1", "--format", "markdown")
    header, rule, row = left.out.splitlines()
    assert (0, "") == (left.code, left.err)
    assert header.startswith("| rank | margin_seconds | race_date | race_name | track_name | winner |")
    assert rule == "|" + " --- |" * (header.count("|") - 1)
    assert row.startswith("| 1 | 0.001 | 2024-05-05 | AdventHealth 400 | Kansas Speedway | Kyle Larson |")


@pytest.mark.usefixtures("almanac")
def test_parquet_on_the_standard_output_is_readable_by_duckdb(tmp_path: Path) -> None:
    file = tmp_path / "closest.parquet"
    with file.open("wb") as out:
        done = run_command("closest", "--limit", "2", "--format", "parquet", stdout=out)
    assert (0, "") == (done.returncode, done.stderr)
    assert [(1, "cup-2024-12", Decimal("0.0010")), (2, "cup-2003-05", Decimal("0.0020"))] == duckdb.sql(
        f"SELECT rank, race_id, margin_seconds FROM read_parquet('{file}') ORDER BY rank"
    ).fetchall()


@pytest.mark.parametrize(
    ("arguments", "fits", "does_not"),
    [
        (["--limit", "3"], "cup-2011-08", "cup-2024-02"),
        (["--season", "2011"], "cup-2011-32", "cup-2010-09"),
        (["--season", "2001-2003"], "cup-2002-09", "cup-2000-04"),
        (["--track", "kansas"], "cup-2004-30", "cup-2003-05"),
        (["--track", "DARLINGTON"], "cup-2003-05", "cup-2024-12"),
        (["--driver", "suarez"], "cup-2024-02", "cup-2024-12"),
        (["--driver", "SUÁREZ"], "cup-2024-02", "cup-2024-12"),
        (["--driver", "daniel-suarez"], "cup-2024-02", "cup-2024-12"),
        (["--driver", "buescher"], "cup-2024-12", "cup-2003-05"),
        (["--season", "2010", "--exhibitions"], "cup-2010-x02", "cup-2011-x03"),
        (["--season", "2010"], "cup-2010-09", "cup-2010-x02"),
    ],
)
@pytest.mark.usefixtures("almanac")
def test_closest_is_narrowed_by_what_is_asked(nascar: Nascar, arguments: list[str], fits: str, does_not: str) -> None:
    left = nascar("closest", "--limit", "1000", *arguments, "--format", "json")
    found = {row["race_id"] for row in json.loads(left.out)}
    assert 0 == left.code
    assert fits in found
    assert does_not not in found


@pytest.mark.usefixtures("almanac")
def test_closest_on_the_official_basis_has_the_official_winner(nascar: Nascar) -> None:
    left = nascar("closest", "--basis", "official", "--season", "2022", "--track", "pocono", "--format", "json")
    assert [("cup-2022-21", "Chase Elliott", "Tyler Reddick", 0.832)] == [
        (row["race_id"], row["winner"], row["runner_up"], row["margin_seconds"]) for row in json.loads(left.out)
    ]


@pytest.mark.usefixtures("almanac")
def test_closest_on_the_line_basis_has_the_winner_on_the_line(nascar: Nascar) -> None:
    left = nascar("closest", "--season", "2022", "--track", "pocono", "--format", "json")
    assert [("cup-2022-21", "Denny Hamlin", "Kyle Busch", 0.927, 0.832)] == [
        (row["race_id"], row["winner"], row["runner_up"], row["margin_seconds"], row["official_margin_seconds"])
        for row in json.loads(left.out)
    ]


@pytest.mark.parametrize(("form", "lines"), [("json", 1), ("csv", 1), ("markdown", 2), ("table", 0)])
@pytest.mark.usefixtures("almanac")
def test_no_match_is_an_answer(nascar: Nascar, form: str, lines: int) -> None:
    left = nascar("closest", "--season", "1950", "--format", form)
    assert (0, lines) == (left.code, len(left.out.splitlines()))
    assert (form != "json") or json.loads(left.out) == []


NOTHING = {
    "--driver=kyle larsen": "no driver is called 'kyle larsen' here; did you mean ",
    "--track=taladega": "no track is called 'taladega' here; did you mean talladega",
    "--series=truck": "no race of the series truck is known here yet; run `nascar ingest`",
    "--season=1985": "electronic timing began in May 1993",
    "--season=1996": "no finish fits",
}


@pytest.mark.parametrize(("condition", "words"), NOTHING.items())
@pytest.mark.usefixtures("almanac")
def test_no_match_is_told_to_the_person_with_its_reason(nascar: Nascar, condition: str, words: str) -> None:
    left = nascar("closest", condition)
    assert (0, "") == (left.code, left.out)
    assert left.err.startswith(words)


@pytest.mark.usefixtures("almanac")
def test_query_shows_the_runs_with_their_times(nascar: Nascar) -> None:
    left = nascar("query", "SELECT command, started_at FROM ops.loads", "--format", "json")
    assert (0, "") == (left.code, left.err)
    [row] = json.loads(left.out)
    assert "build" == row["command"]
    assert datetime.fromisoformat(row["started_at"]).replace(tzinfo=UTC) <= datetime.now(UTC)


# --- the order on the line and the official order
#
# One season, an oddity a race; the numbers are those of OUTCOMES.

PLAIN = 1
RUNNER_UP_DISQUALIFIED = 2
WINNER_DISQUALIFIED = 3
ZERO_IS_UNKNOWN = 4
PENALISED = 5
UNDER_CAUTION = 6
ZERO_BUT_LISTED = 7
ZERO_BUT_TIMED = 8
ZERO = 9
BLANK = 10
BLANK_BUT_TIMED = 11
DISAGREEING = 12
TIED_FOR_THIRD = 13
DID_NOT_QUALIFY = 14
BOTH_DISQUALIFIED = 15
LISTED_ONLY = 16
NO_WORDS = 17
LAPPED = 18


@pytest.fixture(scope="session")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse of one season with an oddity a race; for reading only."""
    folder = tmp_path_factory.mktemp("outcomes")
    feed = FeedFolder(folder / "mirror")
    put_season(
        feed,
        made_race(PLAIN),
        made_race(
            RUNNER_UP_DISQUALIFIED,
            [
                result(1, "Ann Winner"),
                result(2, "Cy Third", diff_time=300),
                result(3, "Bob Second", diff_time=100, disqualified=True),
            ],
        ),
        made_race(
            WINNER_DISQUALIFIED,
            [
                result(1, "Ann Winner", diff_time=250),
                result(2, "Bob Second", diff_time=400),
                result(3, "Cy Third", diff_time=0, disqualified=True),
            ],
            margin_of_victory=".250",
        ),
        made_race(
            ZERO_IS_UNKNOWN,
            [
                result(1, "Ann Winner"),
                result(2, "Bob Second"),
                result(3, "Cy Third", diff_time=0, disqualified=True),
            ],
        ),
        made_race(
            PENALISED,
            [
                result(1, "Ann Winner"),
                result(2, "Bob Second", diff_time=329_805),
                result(3, "Cy Third", diff_time=100),
            ],
        ),
        made_race(UNDER_CAUTION, margin_of_victory="Caution"),
        made_race(
            ZERO_BUT_LISTED,
            [result(1, "Ann Winner"), result(2, "Bob Second", diff_time=0)],
            listed={"margin_of_victory": "0.105"},
            margin_of_victory="0",
        ),
        made_race(
            ZERO_BUT_TIMED, [result(1, "Ann Winner"), result(2, "Bob Second", diff_time=120)], margin_of_victory="0"
        ),
        made_race(ZERO, [result(1, "Ann Winner"), result(2, "Bob Second", diff_time=0)], margin_of_victory="0"),
        made_race(BLANK, [result(1, "Ann Winner"), result(2, "Bob Second", diff_time=None)], margin_of_victory=""),
        made_race(
            BLANK_BUT_TIMED, [result(1, "Ann Winner"), result(2, "Bob Second", diff_time=76)], margin_of_victory=""
        ),
        made_race(
            DISAGREEING,
            [result(1, "Ann Winner"), result(2, "Bob Second", diff_time=14)],
            listed={"margin_of_victory": "Caution"},
            margin_of_victory=".014",
        ),
        made_race(
            TIED_FOR_THIRD,
            [
                result(1, "Ann Winner"),
                result(2, "Bob Second"),
                result(3, "Cy Third", result_id=3, diff_time=200),
                result(3, "Di Third", result_id=4, diff_time=200, car_number="14"),
            ],
        ),
        made_race(
            DID_NOT_QUALIFY,
            [
                result(1, "Ann Winner"),
                result(2, "Bob Second"),
                result(0, "Ed Homesick", finishing_status="", laps_completed=0, car_number="99"),
            ],
        ),
        made_race(
            BOTH_DISQUALIFIED,
            [
                result(1, "Cy Third", diff_time=2286),
                result(2, "Di Fourth", diff_time=3118),
                result(3, "Ann Winner", diff_time=0, disqualified=True),
                result(4, "Bob Second", diff_time=927, disqualified=True),
            ],
            margin_of_victory=".927",
        ),
        made_race(LISTED_ONLY, listed={"margin_of_victory": "1.234"}, has_weekend=False),
        made_race(
            NO_WORDS, [result(1, "Ann Winner"), result(2, "Bob Second", diff_time=0)], margin_of_victory="a whisker"
        ),
        made_race(
            LAPPED,
            [result(1, "Ann Winner"), result(2, "Bob Second", laps_completed=99, diff_time=500)],
            margin_of_victory="",
        ),
    )
    assert 0 == leave(folder / "home", "ingest", "nascar_feed", "--mirror", feed)
    return folder / "home" / "nascar.duckdb"


@pytest.mark.parametrize(
    ("number", "line", "official"),
    [
        (PLAIN, ("ann-winner", "bob-second", "0.1", "weekend_feed"), ("ann-winner", "bob-second", "0.1")),
        (
            RUNNER_UP_DISQUALIFIED,
            ("ann-winner", "bob-second", "0.1", "weekend_feed"),
            ("ann-winner", "cy-third", "0.3"),
        ),
        (WINNER_DISQUALIFIED, ("cy-third", "ann-winner", "0.25", "weekend_feed"), ("ann-winner", "bob-second", "0.15")),
        (ZERO_IS_UNKNOWN, ("ann-winner", "bob-second", "0.1", "weekend_feed"), ("ann-winner", "bob-second", "0.1")),
        (ZERO_BUT_LISTED, ("ann-winner", "bob-second", "0.105", "season_index"), ("ann-winner", "bob-second", "0.105")),
        (ZERO_BUT_TIMED, ("ann-winner", "bob-second", "0.12", "gap"), ("ann-winner", "bob-second", "0.12")),
        (BLANK_BUT_TIMED, ("ann-winner", "bob-second", "0.076", "gap"), ("ann-winner", "bob-second", "0.076")),
        (DISAGREEING, ("ann-winner", "bob-second", "0.014", "weekend_feed"), ("ann-winner", "bob-second", "0.014")),
        (BOTH_DISQUALIFIED, ("ann-winner", "bob-second", "0.927", "weekend_feed"), ("cy-third", "di-fourth", "0.832")),
        (LISTED_ONLY, (None, None, "1.234", "season_index"), (None, None, "1.234")),
    ],
)
def test_line_and_official_order_each_have_their_margin(
    ask_outcomes: Ask, number: int, line: tuple[str, str, str, str], official: tuple[str, str, str]
) -> None:
    columns = "winner_id, runner_up_id, margin_seconds"
    assert [(line[0], line[1], Decimal(line[2]), line[3])] == ask_outcomes(
        f"SELECT {columns}, reading FROM core.race_margins WHERE race_id = '{race_id(number)}' AND basis = 'line'"
    )
    assert [(official[0], official[1], Decimal(official[2]))] == ask_outcomes(
        f"SELECT {columns} FROM core.race_margins WHERE race_id = '{race_id(number)}' AND basis = 'official'"
    )


@pytest.mark.parametrize("number", [ZERO, BLANK, NO_WORDS, LAPPED])
def test_an_unknown_margin_is_neither_zero_nor_ranked_and_has_a_reason(ask_outcomes: Ask, number: int) -> None:
    assert [("unknown", None, None, True)] * 2 == ask_outcomes(
        "SELECT margin_kind, margin_seconds, margin_value, missing_reason IS NOT NULL FROM core.race_margins"
        f" WHERE race_id = '{race_id(number)}'"
    )
    assert [] == ask_outcomes(f"SELECT rank FROM marts.closest_finishes WHERE race_id = '{race_id(number)}'")


@pytest.mark.parametrize(
    ("number", "disqualified"),
    [
        (RUNNER_UP_DISQUALIFIED, "Bob Second"),
        (WINNER_DISQUALIFIED, "Cy Third"),
        (BOTH_DISQUALIFIED, "Ann Winner and Bob Second"),
    ],
)
def test_why_the_orders_differ_is_said(ask_outcomes: Ask, number: int, disqualified: str) -> None:
    assert [(True, True)] * 2 == ask_outcomes(
        f"SELECT starts_with(change_reason, '{disqualified}, '), ends_with(change_reason, 'disqualified')"
        f" FROM core.race_margins WHERE race_id = '{race_id(number)}'"
    )


@pytest.mark.parametrize("number", [PLAIN, ZERO_IS_UNKNOWN, PENALISED])
def test_where_the_orders_do_not_differ_no_reason_is_made_up(ask_outcomes: Ask, number: int) -> None:
    assert [(None,), (None,)] == ask_outcomes(
        f"SELECT change_reason FROM core.race_margins WHERE race_id = '{race_id(number)}'"
    )


def test_a_disqualified_car_whose_gap_is_a_meaningless_zero_has_no_place_on_the_line(ask_outcomes: Ask) -> None:
    assert [("ann-winner", 1), ("bob-second", 2), ("cy-third", None)] == ask_outcomes(
        f"SELECT driver_id, line_position FROM core.results WHERE race_id = '{race_id(ZERO_IS_UNKNOWN)}' ORDER BY 1"
    )


def test_the_made_up_gap_of_a_penalised_car_is_unknown(ask_outcomes: Ask) -> None:
    assert [("ann-winner", Decimal(0)), ("bob-second", None), ("cy-third", Decimal("0.1"))] == ask_outcomes(
        f"SELECT driver_id, gap_seconds FROM core.results WHERE race_id = '{race_id(PENALISED)}' ORDER BY 1"
    )


def test_a_finish_under_caution_has_gaps_but_no_margin(ask_outcomes: Ask) -> None:
    assert [("under_caution", None, "Caution")] * 2 == ask_outcomes(
        "SELECT margin_kind, margin_seconds, margin_text FROM core.race_margins"
        f" WHERE race_id = '{race_id(UNDER_CAUTION)}'"
    )
    assert [(Decimal("0.2"),)] == ask_outcomes(
        f"SELECT max(gap_seconds) FROM core.results WHERE race_id = '{race_id(UNDER_CAUTION)}'"
    )
    assert [] == ask_outcomes(f"SELECT rank FROM marts.closest_finishes WHERE race_id = '{race_id(UNDER_CAUTION)}'")


@pytest.mark.parametrize(
    ("number", "chosen", "other"),
    [
        (DISAGREEING, (".014", "weekend_feed"), ("Caution", "season_index")),
        (ZERO_BUT_LISTED, ("0.105", "season_index"), ("0", "weekend_feed")),
    ],
)
def test_readings_that_disagree_are_listed(
    ask_outcomes: Ask, number: int, chosen: tuple[str, str], other: tuple[str, str]
) -> None:
    assert [(*chosen, *other)] == ask_outcomes(
        "SELECT chosen_value, chosen_reading, other_value, other_reading FROM ops.discrepancies"
        f" WHERE race_id = '{race_id(number)}' AND fact = 'margin_line'"
    )


def test_a_dead_heat_for_third_keeps_both(ask_outcomes: Ask) -> None:
    assert [("ann-winner", 1), ("bob-second", 2), ("cy-third", 3), ("di-third", 3)] == ask_outcomes(
        f"SELECT driver_id, finish_position FROM core.results WHERE race_id = '{race_id(TIED_FOR_THIRD)}' ORDER BY 1"
    )


def test_a_car_that_did_not_qualify_is_kept_and_is_no_starter(ask_outcomes: Ask) -> None:
    assert [("ann-winner", 1, True), ("bob-second", 2, True), ("ed-homesick", None, False)] == ask_outcomes(
        "SELECT driver_id, finish_position, is_starter FROM core.results"
        f" WHERE race_id = '{race_id(DID_NOT_QUALIFY)}' ORDER BY 1"
    )


def test_equal_margins_share_a_rank_and_the_next_is_left_out(ask_outcomes: Ask) -> None:
    ranks = [rank for (rank,) in ask_outcomes("SELECT rank FROM marts.closest_finishes ORDER BY rank")]
    margins = [margin for (margin,) in ask_outcomes("SELECT margin_seconds FROM marts.closest_finishes ORDER BY 1")]
    assert [1 + sum(other < margin for other in margins) for margin in margins] == ranks
    assert len(set(ranks)) < len(ranks)


# --- the captured feed, in the order in which it was captured


@pytest.fixture(scope="session")
def captured_in_turn(captures: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[int], Path]:
    """How the ingests of the three captures left, and the warehouse after them; for reading only."""
    folder = tmp_path_factory.mktemp("captured-in-turn")
    codes = [
        leave(folder, "ingest", "nascar_feed", "--mirror", captures / day)
        for day in ("2020-06-11", "2022-11-23", "2025-11-19")
    ]
    return codes, folder / "nascar.duckdb"


def test_the_captures_are_ingested_one_after_the_other(captured_in_turn: tuple[list[int], Path]) -> None:
    assert [0, 0, 0] == captured_in_turn[0]


@pytest.mark.parametrize(
    ("race_key", "column", "expected"),
    [
        # A name is trimmed, then its apostrophe made plain; the winner of a race is forgotten.
        (
            "4704",
            "race_name",
            [("Overton’s 400 ", "Overton’s 400", True), ("Overton’s 400", "Overton's 400", True)],  # noqa: RUF001
        ),
        ("5172", "winner_driver_id", [("4030", None, True)]),
        # These had only been announced.
        ("4886", "margin_of_victory", [("", ".761", False)]),
        ("5183", "margin_of_victory", [(None, "0.301", False)]),
    ],
)
def test_what_the_source_said_otherwise_later_is_listed(
    captured_in_turn: tuple[list[int], Path], race_key: str, column: str, expected: list[tuple[Any, ...]]
) -> None:
    assert expected == ask_file(
        captured_in_turn[1],
        "SELECT old_value, new_value, is_correction FROM ops.changes WHERE table_name = 'nascar_feed_races'"
        f" AND row_key = '{race_key}' AND column_name = '{column}' ORDER BY seen_at",
    )


def test_a_correction_is_listed_under_our_id_of_the_race(captured_in_turn: tuple[list[int], Path]) -> None:
    assert [("cup-2018-17",), ("cup-2018-17",)] == ask_file(
        captured_in_turn[1], "SELECT race_id FROM ops.changes WHERE row_key = '4704' AND column_name = 'race_name'"
    )


def test_the_true_index_of_2017_outlives_the_wrong_one(captured_in_turn: tuple[list[int], Path]) -> None:
    assert [("2017-02-26", "nascar_feed")] == ask_file(
        captured_in_turn[1],
        "SELECT race_date::VARCHAR, source_id FROM core.races WHERE race_id = 'cup-2017-01'",
    )
    assert [("loaded",), ("quarantined",), ("quarantined",)] == ask_file(
        captured_in_turn[1],
        "SELECT state FROM ops.documents WHERE document_key = '2017/race_list_basic' ORDER BY version",
    )


def test_each_season_of_the_captures_has_its_36_points_races(captured_in_turn: tuple[list[int], Path]) -> None:
    assert [(year, 36) for year in (2015, 2016, 2017, 2018, 2020, 2021, 2022, 2024, 2025)] == ask_file(
        captured_in_turn[1],
        "SELECT season, count(*) FROM core.races WHERE series_id = 'cup' AND race_number IS NOT NULL"
        " AND source_id = 'nascar_feed' GROUP BY season ORDER BY season",
    )


# --- making seasons, homes and commands


Made = tuple[Payload, Payload | None]


def made_race(
    number: int,
    results: list[Payload] | None = None,
    *,
    listed: Payload | None = None,
    has_weekend: bool = True,
    **changes: object,
) -> Made:
    """The race of this number in YEAR: its line in the index and its weekend feed.

    `changes` are made to both, as far as the index has the field; `listed` only to the line in the index.
    """
    [template] = season(number, YEAR)[number - 1 :]
    template |= {"date_scheduled": template["race_date"]}
    entry = template | {name: value for name, value in changes.items() if name in template} | (listed or {})
    common = {name: template[name] for name in ("race_id", "race_season", "race_name", "race_date", "date_scheduled")}
    feed = renumbered(
        weekend(copy.deepcopy(results), **common | changes), race_id=template["race_id"], race_season=YEAR
    )
    return entry, feed if has_weekend else None


def renumbered(feed: Payload, **changes: object) -> Payload:
    """A weekend feed whose race has other ids, also in the rows that repeat them."""
    [entry] = feed["weekend_race"]
    entry |= changes
    for name in ("results", "caution_segments", "race_leaders"):
        for row in entry[name]:
            row |= {key: value for key, value in changes.items() if key in row}
    return feed


def without(made: Made, field: str) -> Made:
    """The same race with a weekend feed that lacks a field."""
    entry, feed = copy.deepcopy(made)
    assert feed is not None
    del feed["weekend_race"][0][field]
    return entry, feed


def put_season(feed: FeedFolder, *races: Made) -> None:
    feed.put_index(*(entry for entry, _ in races), year=YEAR)
    for _, weekend_feed in races:
        if weekend_feed is not None:
            feed.put_weekend(weekend_feed, year=YEAR)


def put_inspected(feed: FeedFolder, results: list[Payload], margin: str) -> None:
    """The season of one race with these results."""
    feed.put_index(race(margin_of_victory=margin, winner_driver_id=2 if results is AFTER_INSPECTION else 1))
    feed.put_weekend(weekend(results, margin_of_victory=margin))


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


def weekend_key(number: int) -> str:
    return f"{YEAR}/1/{9000 + number}/weekend-feed.json"


def race_id(number: int) -> str:
    return f"cup-{YEAR}-{number:02}"


def warnings_of(err: str) -> list[str]:
    return [line for line in err.splitlines() if line.startswith("warning: ")]


def identity(home: Path) -> tuple[int, int, int]:
    known = (home / "nascar.duckdb").stat()
    return known.st_ino, known.st_size, known.st_mtime_ns


def snapshots(home: Path) -> list[Path]:
    return sorted((home / "snapshots").glob("*.duckdb"))


def rows_by_relation(home: Path) -> dict[str, list[str]]:
    """The rows of every relation as sorted texts, but for the journal of runs and for when a source was last asked."""
    with duckdb.connect(home / "nascar.duckdb", read_only=True) as con:
        relations = con.execute(
            "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE NOT internal"
            " UNION ALL SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE NOT internal"
        ).fetchall()
        return {
            relation: [re.sub(r"'(last_)?checked_at': '?[^,}]*", "", row) for (row,) in _texts(con, relation)]
            for (relation,) in sorted(relations)
            if relation not in {"raw.loads", "ops.loads"}
        }


def _texts(con: duckdb.DuckDBPyConnection, relation: str) -> list[tuple[str]]:
    return con.execute(f"SELECT t::VARCHAR FROM {relation} AS t ORDER BY ALL").fetchall()


def leave(home: Path, *arguments: object) -> int:
    """Run the command in this process on a home; returns its exit code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NASCAR_HOME", str(home))
        patch.setattr(sys, "argv", ["nascar", *map(str, arguments)])
        with pytest.raises(SystemExit) as leaving:
            cli.main()
    return int(leaving.value.code or 0)


def run_command(*arguments: object, **settings: Any) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    command = [sys.executable, "-c", "from nascar_warehouse.etl.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False, timeout=60, **settings)  # noqa: S603


def test_a_result_that_comes_late_moves_no_other_race(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
    first, second, third = season(3, 2021)
    feed.put_index(first, second | {"total_race_time": None, "winner_driver_id": None}, third, year=2021)
    nascar("ingest", "nascar_feed", "--mirror", feed)
    before = ask("SELECT race_id, race_name FROM core.races WHERE season = 2021 AND source_id = 'nascar_feed'")
    feed.put_index(first, second, third, year=2021)
    nascar("ingest", "nascar_feed", "--mirror", feed)
    after = ask("SELECT race_id, race_name FROM core.races WHERE season = 2021 AND source_id = 'nascar_feed'")
    assert (2, set()) == (len(before), set(before) - set(after))


def test_an_unmeasured_runner_up_is_still_second_on_the_line(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
    feed.put_one_race(
        results=[result(1, "Ann Winner", laps_led=100), result(2, "Bob Second", diff_time=0), result(3, "Cy Third")]
    )
    nascar("ingest", "nascar_feed", "--mirror", feed)
    assert [("bob-second",)] == ask(
        "SELECT runner_up_id FROM core.finish_orders WHERE basis = 'line' AND winner_id = 'ann-winner'"
    )


def test_a_winner_without_a_name_is_not_published(nascar: Nascar, feed: FeedFolder) -> None:
    feed.put_one_race(results=[result(1, "Ann Winner", driver_fullname=None, laps_led=100), result(2, "Bob Second")])
    left = nascar("ingest", "nascar_feed", "--mirror", feed)
    assert 5 == left.code
    assert "race_has_one_winner" in left.err


def test_a_race_whose_id_moves_is_told_to_the_person(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
    first, second = season(2, 2021)
    feed.put_index(first, second, year=2021)
    nascar("ingest", "nascar_feed", "--mirror", feed)
    feed.put_index(first | {"race_date": "2021-12-01T15:00:00"}, second, year=2021)
    left = nascar("ingest", "nascar_feed", "--mirror", feed)
    assert 0 == left.code
    assert "race 9001 of nascar_feed was cup-2021-01 and is cup-2021-02" in left.err
    assert [(True,)] == ask("SELECT contains(warnings, 'is cup-2021-02') FROM ops.loads ORDER BY load_id DESC LIMIT 1")

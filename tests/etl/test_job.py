"""The job from end to end with sources that behave: once, again, corrected, rebuilt."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.conftest import Ask, Nascar, ask_file
from tests.support.commands import run_on
from tests.support.feed import FeedFolder, Payload, index, race, result, season, weekend
from tests.support.homes import copy_home
from tests.support.made_season import YEAR, made_race, put_season, renumbered, weekend_key, without
from tests.support.misbehaving import as_json, misbehaving_server

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
def home_before_inspection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home into which the season of one race was ingested; to be copied, not used."""
    folder = tmp_path_factory.mktemp("one-race")
    feed = FeedFolder(folder / "mirror")
    put_inspected(feed, BEFORE_INSPECTION, "0.100")
    assert 0 == run_on(folder / "home", "ingest", "nascar_feed", "--mirror", feed).code
    return folder / "home"


@pytest.fixture
def one_race(home: Path, feed: FeedFolder, home_before_inspection: Path) -> FeedFolder:
    """A season of one race, which this home has already."""
    copy_home(home_before_inspection, home)
    put_inspected(feed, BEFORE_INSPECTION, "0.100")
    return feed


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


@pytest.mark.slow
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
def corrected(tmp_path_factory: pytest.TempPathFactory, home_before_inspection: Path) -> Path:
    """A home that had a race before its winner failed inspection and got the corrected results; for reading only."""
    folder = tmp_path_factory.mktemp("corrected")
    copy_home(home_before_inspection, folder / "home")
    # The same folder as before, with other bytes in it.
    feed = FeedFolder(home_before_inspection.parent / "mirror")
    put_inspected(feed, AFTER_INSPECTION, "0.150")
    assert 0 == run_on(folder / "home", "ingest", "nascar_feed", "--mirror", feed).code
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


def test_a_race_whose_id_moves_is_told_to_the_person(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
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


# --- a home


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


# --- making homes, and what is in them


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

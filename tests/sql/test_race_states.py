"""The life of a race: scheduled, entered, run, official, or postponed, cancelled, abandoned; only what was run is a result."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import Ask, Nascar, ask_file
from tests.support.commands import run_on
from tests.support.feed import TO_COME, FeedFolder, Payload, entry_list, of_race, season, weekend
from tests.support.good_season import good_races, good_weekend
from tests.support.racing_data_files import RacingDataFolder, race, results

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""

YEAR = 2021

SCHEDULED, ENTERED, POSTPONED, CANCELLED, ABANDONED, BY_WINNER, BY_TIME, NULL, RUN, OFFICIAL = range(9001, 9011)


def put_races(feed: FeedFolder) -> None:
    """A season with a race in each state, in the order of the constants."""
    races = {race["race_id"]: race for race in season(10, YEAR)}
    for race_id in (SCHEDULED, ENTERED, POSTPONED, CANCELLED, ABANDONED, BY_TIME):
        races[race_id] |= TO_COME
    races[BY_WINNER] |= {"total_race_time": ""}
    races[NULL] |= {"total_race_time": ""}
    races[POSTPONED]["race_date"] = "2021-02-16T12:00:00"
    feed.put_index(*(race for race_id, race in races.items() if race_id != CANCELLED), year=YEAR)
    for race_id in (ENTERED, POSTPONED, CANCELLED):
        feed.put_weekend(entry_list("Ann Winner", "Bob Second", **days(races[race_id])), year=YEAR)
    abandoned = entry_list("Ann Winner", **days(races[ABANDONED]))
    abandoned["weekend_race"][0]["results"][0]["laps_completed"] = 7
    feed.put_weekend(abandoned, year=YEAR)
    feed.put_weekend(entry_list(**days(races[BY_WINNER])), year=YEAR)
    feed.put_weekend(entry_list("Ann Winner", **days(races[BY_TIME]) | {"total_race_time": "1:00:00"}), year=YEAR)
    feed.put(f"2021/1/{NULL}/weekend-feed.json", b"null")
    feed.put_weekend(of_race(weekend(**days(races[RUN]) | {"inspection_complete": False}), RUN), year=YEAR)
    feed.put_weekend(of_race(weekend(**days(races[OFFICIAL])), OFFICIAL), year=YEAR)


def days(race: Payload) -> Payload:
    return {name: race[name] for name in ("race_id", "race_season", "race_name", "date_scheduled", "race_date")}


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with races in every state: first all of them are in the index, then one is gone from it."""
    folder = tmp_path_factory.mktemp("lives")
    feed = FeedFolder(folder / "mirror")
    put_races(feed)
    feed.put_index(*(race | TO_COME for race in season(10, YEAR)), year=YEAR)
    assert 0 == run_on(folder / "home", "ingest", "nascar_feed", "--mirror", feed).code
    put_races(feed)
    # The feed of a race that was run is null: the source does not have what its index promises.
    assert 3 == run_on(folder / "home", "ingest", "nascar_feed", "--mirror", feed).code
    return folder / "home" / "nascar.duckdb"


@pytest.mark.parametrize(
    ("race_id", "state", "is_run"),
    [
        (SCHEDULED, "scheduled", False),
        (ENTERED, "entered", False),
        (POSTPONED, "postponed", False),
        (CANCELLED, "cancelled", False),
        (ABANDONED, "abandoned", False),
        (BY_WINNER, "run", True),
        (BY_TIME, "run", True),
        (NULL, "run", True),
        (RUN, "run", True),
        (OFFICIAL, "official", True),
    ],
)
def test_a_race_has_a_state(lives: Path, race_id: int, state: str, is_run: bool) -> None:
    assert [(state, is_run)] == ask_file(
        lives, f"SELECT state, is_run FROM core.race_states WHERE race_key = '{race_id}'"
    )


def test_races_that_were_not_run_are_listed_with_their_day_and_the_id_that_they_will_have(lives: Path) -> None:
    assert [
        ("Test 1", "cup-2021-01", "2021-02-01", "2021-02-01", "kansas", None),
        ("Test 2", "cup-2021-02", "2021-02-08", "2021-02-08", "kansas", 2),
        ("Test 3", "cup-2021-03", "2021-02-15", "2021-02-16", "kansas", 2),
        ("Test 4", None, "2021-02-22", "2021-02-22", "kansas", 2),
        ("Test 5", "cup-2021-04", "2021-03-01", "2021-03-01", "kansas", 1),
    ] == ask_file(
        lives,
        "SELECT race_name, race_id, scheduled_date::VARCHAR, race_date::VARCHAR, track_id, entries"
        " FROM core.scheduled_races ORDER BY race_name",
    )


def test_only_races_that_were_run_are_races(lives: Path) -> None:
    assert [("Test 10",), ("Test 6",), ("Test 7",), ("Test 8",), ("Test 9",)] == ask_file(
        lives, "SELECT race_name FROM core.races WHERE source_id = 'nascar_feed' ORDER BY race_name"
    )


@pytest.mark.parametrize("race_id", [ENTERED, POSTPONED, CANCELLED, ABANDONED])
def test_an_entry_list_is_no_result(lives: Path, race_id: int) -> None:
    assert [(0,)] == ask_file(
        lives,
        "SELECT count(*) FROM core.results AS results JOIN raw.nascar_feed_results AS entries"
        f" ON results.result_id_nascar_feed = entries.result_id WHERE entries.race_id = {race_id}",
    )


def test_a_race_that_was_run_is_no_longer_scheduled(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
    [race] = season(1, YEAR)
    feed.put_index(race | TO_COME, year=YEAR)
    feed.put_weekend(entry_list("Ann Winner", "Bob Second", **days(race)), year=YEAR)
    first = nascar("ingest", "nascar_feed", "--mirror", feed)
    before = ask("SELECT state FROM core.scheduled_races")
    feed.put_index(race, year=YEAR)
    feed.put_weekend(weekend(**days(race)), year=YEAR)
    second = nascar("ingest", "nascar_feed", "--mirror", feed)
    assert (0, [("entered",)], 0) == (first.code, before, second.code)
    assert [] == ask("SELECT * FROM core.scheduled_races")
    assert [("ann-winner",)] == ask(
        "SELECT driver_id FROM core.results WHERE finish_position = 1 AND race_id = 'cup-2021-01'"
    )


def test_results_that_take_the_place_of_entries_correct_nothing(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
    [race] = season(1, YEAR)
    feed.put_index(race, year=YEAR)
    feed.put_weekend(entry_list("Ann Winner", "Bob Second", **days(race)), year=YEAR)
    nascar("ingest", "nascar_feed", "--mirror", feed)
    feed.put_weekend(weekend(**days(race)), year=YEAR)
    nascar("ingest", "nascar_feed", "--mirror", feed)
    assert [(False,)] == ask("SELECT DISTINCT is_correction FROM ops.changes")


@pytest.mark.parametrize("content", [b"null", b'{"weekend_race": [], "weekend_runs": []}'])
def test_a_feed_that_empties_after_the_race_keeps_its_results(
    nascar: Nascar, one_race: FeedFolder, ask: Ask, content: bytes
) -> None:
    one_race.put("2024/1/9001/weekend-feed.json", content)
    left = nascar("ingest", "nascar_feed", "--mirror", one_race)
    assert 4 == left.code
    assert "it has no results any more, as before the race" in left.err
    assert [(3,)] == ask("SELECT count(*) FROM core.results WHERE source_id = 'nascar_feed'")


def test_a_race_day_that_is_corrected_moves_no_id(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
    first, second, third = season(3, YEAR)
    feed.put_index(first, second, third, year=YEAR)
    nascar("ingest", "nascar_feed", "--mirror", feed)
    before = ask("SELECT race_id, race_name FROM core.races WHERE source_id = 'nascar_feed' ORDER BY ALL")
    feed.put_index(first | {"race_date": "2021-10-01T12:00:00"}, second, third, year=YEAR)
    left = nascar("ingest", "nascar_feed", "--mirror", feed)
    assert 0 == left.code
    assert before == ask("SELECT race_id, race_name FROM core.races WHERE source_id = 'nascar_feed' ORDER BY ALL")


@pytest.mark.parametrize("scheduled", ["1900-01-01T00:00:00", "2022-02-08T15:00:00"])
def test_a_scheduled_day_of_another_year_moves_no_id(
    nascar: Nascar, good: FeedFolder, ask: Ask, scheduled: str
) -> None:
    first, second, *others = good_races()
    good.put_index(first, second | {"date_scheduled": scheduled}, *others, year=YEAR)
    assert 0 == nascar("ingest", "nascar_feed", "--mirror", good).code
    assert [("cup-2021-02", None)] == ask("SELECT race_id, scheduled_date FROM core.races WHERE race_name = 'Test 2'")


def test_a_race_to_come_that_moves_behind_others_moves_no_id_of_a_race_that_was_run(
    nascar: Nascar, feed: FeedFolder, ask: Ask
) -> None:
    first, second, third, fourth = season(4, YEAR)
    feed.put_index(first, second, third | TO_COME, fourth | TO_COME, year=YEAR)
    nascar("ingest", "nascar_feed", "--mirror", feed)
    moved = third | TO_COME | {"date_scheduled": "2021-10-01T12:00:00", "race_date": "2021-10-01T12:00:00"}
    feed.put_index(first, second, fourth, moved, year=YEAR)
    left = nascar("ingest", "nascar_feed", "--mirror", feed)
    assert 0 == left.code, left.err
    assert [("cup-2021-01", "Test 1"), ("cup-2021-02", "Test 2"), ("cup-2021-03", "Test 4")] == ask(
        "SELECT race_id, race_name FROM core.races WHERE source_id = 'nascar_feed' ORDER BY ALL"
    )


def test_an_id_that_moves_is_reported_and_stops_nothing(nascar: Nascar, feed: FeedFolder) -> None:
    first, second, *others = season(8, YEAR)
    feed.put_index(first | TO_COME, second, *others, year=YEAR)
    nascar("ingest", "nascar_feed", "--mirror", feed)
    feed.put_index(second, *others, year=YEAR)
    left = nascar("ingest", "nascar_feed", "--mirror", feed)
    assert 0 == left.code
    assert "race 9002 of nascar_feed was cup-2021-02 and is cup-2021-01" in left.err


def test_a_race_that_gets_another_id_is_one_race_before_and_after_its_loss_is_accepted(
    nascar: Nascar, good: FeedFolder, ask: Ask
) -> None:
    winners = "SELECT race_id FROM core.results WHERE finish_position = 1 AND race_id LIKE 'cup-2021-0%'"
    expected = [("cup-2021-01",), ("cup-2021-02",)]
    races = good_races()
    races[1]["race_id"] = 9500
    good.put_index(*races, year=YEAR)
    good.put_weekend(of_race(good_weekend(9002), 9500), year=YEAR)
    left = nascar("ingest", "nascar_feed", "--mirror", good)
    [document_id] = re.findall(r"`nascar accept (\S+)`", left.err)
    assert (5, expected) == (left.code, ask(f"{winners} ORDER BY ALL"))
    assert 0 == nascar("accept", document_id).code
    assert expected == ask(f"{winners} ORDER BY ALL")


def test_a_table_that_makes_one_race_two_by_its_number_is_set_aside(nascar: Nascar, good: FeedFolder, ask: Ask) -> None:
    folder = RacingDataFolder(good.root)
    races = [race(1, race_date="02/01/21"), race(2, race_date="02/08/21", race_num="7")]
    folder.put_season(races, [row for number in (1, 2) for row in results(number, "Ann Winner", "Bob Second")])
    left = nascar("ingest", "racing_data", "--season", "2021", "--mirror", good)
    assert (5, True) == (left.code, "race_is_listed_once fails" in left.err)
    assert [] == ask("SELECT race_id FROM core.races WHERE race_id = 'cup-2021-07'")

"""A part of the data is published as what it is: one season, one source, a budget that ran out."""

from __future__ import annotations

import pytest

from tests.conftest import Ask, Nascar
from tests.support import racing_data_files
from tests.support.feed import FeedFolder, season
from tests.support.nascar_results_files import NascarResultsFolder, result, results
from tests.support.racing_data_files import RacingDataFolder

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""

# Listed in check_exceptions.csv for a warehouse in which racing_data has no results of this race.
TWICE = [
    result(6, 1, "Marshall Teague", 1951, Car="6"),
    result(6, 2, "Hal Cole", 1951, Car="14"),
    result(6, 3, "Fonty Flock", 1951, Car="14"),
]


def put_both(feed: FeedFolder) -> None:
    """Results of 1951 and 2021 in one archive, and of 2021 alone in another."""
    NascarResultsFolder(feed.root).put_results(*TWICE, *results(1, "Ann Winner", "Bob Second"))
    RacingDataFolder(feed.root).put_season(
        [racing_data_files.race(1)], racing_data_files.results(1, "Ann Winner", "Bob Second")
    )


def test_an_exception_of_a_missing_source_holds_where_that_source_has_other_seasons(
    nascar: Nascar, feed: FeedFolder, ask: Ask
) -> None:
    put_both(feed)
    left = nascar("ingest", "racing_data", "nascar_results", "--season", "2021", "--mirror", feed)
    assert 0 == left.code, left.err
    assert [("cup-1951-06", 2)] == ask(
        "SELECT race_id, count(*) FROM core.results WHERE car_number = '14' AND race_id LIKE 'cup-1951-%' GROUP BY ALL"
    )


def test_a_budget_that_runs_out_publishes_what_was_fetched(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
    feed.put_index(*season(1, 2021), year=2021)
    put_both(feed)
    left = nascar("ingest", "--mirror", feed, "--season", "2021", "--max-requests", "1")
    assert left.code in {0, 3}, left.err
    assert "; published\n" in left.err
    assert [(True,)] == ask("SELECT count(*) > 80 FROM core.races")


def test_careers_are_not_compared_where_races_are_missing_and_it_is_said_how_many(
    nascar: Nascar, feed: FeedFolder, ask: Ask
) -> None:
    put_both(feed)
    nascar("ingest", "racing_data", "--season", "2021", "--mirror", feed)
    assert [(False,)] == ask("SELECT DISTINCT is_comparable FROM ops.career_comparisons")
    [(wins_published, wins, seasons_lacking, races_lacking)] = ask(
        "SELECT wins_published, wins, seasons_lacking, races_lacking FROM ops.career_comparisons"
        " WHERE series_id = 'cup' AND driver_name = 'Richard Petty'"
    )
    assert (200, True) == (wins_published, wins < 200)
    assert seasons_lacking > 40
    assert races_lacking > 1000

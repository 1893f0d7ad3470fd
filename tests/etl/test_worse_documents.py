"""The job with documents that would make the warehouse worse: they are set aside until they are accepted or repaired."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ask, Nascar
from tests.support.feed import FeedFolder, index, result, season
from tests.support.good_season import (
    INDEX,
    WEEKEND,
    YEAR,
    assert_named,
    fingerprint,
    good_races,
    good_weekend,
    printed_margins,
    problems_of,
    put_good_season,
    six_results,
)

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""


def lose_all_races(good: FeedFolder) -> None:
    good.put_index(year=YEAR)


def lose_a_third_of_the_races(good: FeedFolder) -> None:
    good.put_index(*good_races()[:4], year=YEAR)


def lose_a_third_of_the_results(good: FeedFolder) -> None:
    good.put_weekend(good_weekend(9001, results=six_results()[:4]), year=YEAR)


def let_two_cars_win(good: FeedFolder) -> None:
    tied = [*six_results()[:5], result(1, "Fay Sixth", result_id=6, car_number="16")]
    good.put_weekend(good_weekend(9001, results=tied), year=YEAR)


def let_a_disqualified_car_win(good: FeedFolder) -> None:
    first, *others = six_results()
    good.put_weekend(good_weekend(9001, results=[first | {"disqualified": True}, *others]), year=YEAR)


def move_a_race_to_the_year_after(good: FeedFolder) -> None:
    races = good_races()
    races[5]["race_date"] = f"{YEAR + 1}-02-03T15:00:00"
    good.put_index(*races, year=YEAR)


def win_by_a_lap(good: FeedFolder) -> None:
    good.put_weekend(good_weekend(9001, margin_of_victory="2 laps"), year=YEAR)


WORSE = [
    pytest.param(lose_all_races, INDEX, "lost 6 races that were run", id="an empty season"),
    pytest.param(lose_a_third_of_the_races, INDEX, "lost 2 races that were run", id="a season with a third less"),
    pytest.param(
        lose_a_third_of_the_results, WEEKEND, "race 9001 of 2021 (6 rows, now 4)", id="a race with a third less"
    ),
    pytest.param(let_two_cars_win, "race_has_one_winner", "cup-2021-01", id="two winners"),
    pytest.param(
        let_a_disqualified_car_win,
        "winner_is_not_disqualified",
        "cup-2021-01",
        id="a disqualified winner",
        marks=pytest.mark.slow,
    ),
    pytest.param(move_a_race_to_the_year_after, "race_date_is_in_season", "cup-2021-06", id="a race a year later"),
    pytest.param(
        win_by_a_lap, "no_margin_in_laps_after_1994", "cup-2021-01", id="a margin in laps", marks=pytest.mark.slow
    ),
]


@pytest.mark.parametrize(("make_worse", "place", "said"), WORSE)
def test_what_would_make_the_warehouse_worse_is_exit_5_and_set_aside(
    nascar: Nascar, good: FeedFolder, home: Path, make_worse: Callable[[FeedFolder], None], place: str, said: str
) -> None:
    before = fingerprint(home)
    make_worse(good)
    left = nascar("ingest", "nascar_feed", "--mirror", good)
    assert_named(left, 5, place, said)
    assert 1 == len(problems_of(left))
    assert before == fingerprint(home)


@pytest.mark.slow
@pytest.mark.parametrize("day", ["0001-01-01T00:00:00", f"{YEAR + 1}-02-01T15:00:00"])
def test_a_day_of_another_year_gives_way_to_the_day_that_another_document_has(
    nascar: Nascar, good: FeedFolder, ask: Ask, day: str
) -> None:
    def days() -> list[tuple[object, ...]]:
        return ask(f"SELECT race_id, race_date FROM core.races WHERE season = {YEAR} ORDER BY ALL")

    before = days()
    first, *others = good_races()
    good.put_index(first | {"race_date": day}, *others, year=YEAR)
    good.put_weekend(good_weekend(9002, race_date=day), year=YEAR)
    assert 0 == nascar("ingest", "nascar_feed", "--mirror", good).code
    assert before == days()


@pytest.mark.parametrize("make_worse", [lose_a_third_of_the_races, let_two_cars_win])
def test_what_stays_worse_is_reported_once_and_used_when_it_is_repaired(
    nascar: Nascar, good: FeedFolder, ask: Ask, make_worse: Callable[[FeedFolder], None]
) -> None:
    make_worse(good)
    first, second = (nascar("ingest", "nascar_feed", "--mirror", good) for _ in range(2))
    assert (5, 1) == (first.code, len(problems_of(first)))
    assert (0, {}) == (second.code, problems_of(second))
    put_good_season(good)
    good.put_weekend(good_weekend(9001, margin_of_victory="0.111"), year=YEAR)
    repaired = nascar("ingest", "nascar_feed", "--mirror", good)
    assert (0, {}) == (repaired.code, problems_of(repaired))
    assert [("cup-2021-01", "0.111"), ("cup-2021-02", "0.100")] == printed_margins(ask)


def test_what_a_person_accepts_is_taken_and_stays_taken(nascar: Nascar, good: FeedFolder, ask: Ask) -> None:
    lose_a_third_of_the_results(good)
    advice = nascar("ingest", "nascar_feed", "--mirror", good).err
    [document_id] = re.findall(r"`nascar accept (\S+)`", advice)
    codes = [
        nascar("build", "--accept", document_id).code,
        nascar("ingest", "nascar_feed", "--mirror", good).code,
        nascar("rebuild").code,
    ]
    assert [0, 0, 0] == codes
    assert [(4,)] == ask("SELECT count(*) FROM core.results WHERE race_id = 'cup-2021-01'")


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["build", "--accept", "nascar_feed:2021/nothing"], id="a version that does not exist"),
        pytest.param(["rebuild", "--as-of", "2000-01-01"], id="a day before anything was kept"),
    ],
)
@pytest.mark.usefixtures("good")
def test_what_names_nothing_that_is_kept_is_wrong_usage_and_publishes_nothing(
    nascar: Nascar, home: Path, arguments: list[str]
) -> None:
    before = fingerprint(home)
    left = nascar(*arguments)
    assert 2 == left.code
    assert arguments[-1] in left.err
    assert before == fingerprint(home)


def test_a_named_season_that_answers_with_another_is_exit_4(nascar: Nascar, good: FeedFolder, ask: Ask) -> None:
    good.put(f"{YEAR}/race_list_basic.json", index(*season(6, YEAR + 1)))
    left = nascar("ingest", "nascar_feed", "--mirror", good, "--season", str(YEAR))
    assert_named(left, 4, INDEX, f"the index of {YEAR} answers with races of {YEAR + 1}")
    assert [(6,)] == ask(f"SELECT count(*) FROM core.races WHERE season = {YEAR} AND source_id = 'nascar_feed'")


def test_in_a_sweep_too_an_index_that_answers_with_another_season_after_its_own_is_exit_4(
    nascar: Nascar, good: FeedFolder, ask: Ask
) -> None:
    good.put(f"{YEAR}/race_list_basic.json", index(*season(6, YEAR + 1)))
    left = nascar("ingest", "nascar_feed", "--mirror", good)
    assert_named(left, 4, INDEX, f"the index of {YEAR} answers with races of {YEAR + 1}")
    assert [(6,)] == ask(f"SELECT count(*) FROM core.races WHERE season = {YEAR} AND source_id = 'nascar_feed'")

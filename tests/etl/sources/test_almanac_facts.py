"""The curated facts agree with each other and with what is known."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from nascar_warehouse.etl.documents import SERIES
from nascar_warehouse.etl.formats.margin import parse_margin
from tests.support.almanac_rows import TODAY, rows

RACES = ["changed_outcomes", "finishes", "results"]


def season(race_id: str) -> int:
    return int(race_id.split("-")[1])


def counts(series_id: str) -> dict[int, int]:
    return {
        int(row["season"]): int(row["points_races"]) for row in rows("season_counts") if row["series_id"] == series_id
    }


@pytest.mark.parametrize("name", RACES)
def test_every_race_id_is_one_of_ours(name: str) -> None:
    found = [row["race_id"] for row in rows(name)]
    assert [] == [race_id for race_id in found if not is_race_id(race_id)]


def is_race_id(text: str) -> bool:
    series, year, number = text.split("-")
    return (
        series in SERIES and 1949 <= int(year) <= TODAY.year and number.removeprefix("x").isdigit() and len(number) > 1
    )


@pytest.mark.parametrize("name", ["finishes", "changed_outcomes"])
def test_a_race_is_run_in_its_season_or_before_it_begins_until_1969(name: str) -> None:
    days_of_races = [(season(row["race_id"]), date.fromisoformat(row["race_date"])) for row in rows(name)]
    assert [] == [
        (year, day)
        for year, day in days_of_races
        if year != day.year and not (1955 <= year <= 1969 and date(year - 1, 11, 1) <= day)
    ]


@pytest.mark.parametrize("name", RACES)
def test_the_number_of_a_race_is_within_its_season(name: str) -> None:
    cup = counts("cup")
    numbers = [row["race_id"].split("-") for row in rows(name) if row["race_id"].startswith("cup-")]
    assert [] == [parts for parts in numbers if parts[2].isdigit() and not 1 <= int(parts[2]) <= cup[int(parts[1])]]


def test_later_races_of_a_season_have_higher_numbers() -> None:
    points = [row for row in rows("finishes") if "-x" not in row["race_id"]]
    assert [row["race_date"] for row in points] == sorted(row["race_date"] for row in points)


def test_a_race_with_a_number_awards_points_and_an_exhibition_is_no_official_win() -> None:
    assert [] == [
        row["race_id"]
        for row in rows("finishes")
        if ("-x" in row["race_id"]) == (row["counts_as_official_win"] == "true")
        or ("-x" not in row["race_id"] and row["awards_points"] != "true")
    ]


def test_every_margin_is_understood() -> None:
    texts = [row["margin_text"] for row in rows("finishes")]
    assert [] == [text for text in texts if parse_margin(text).kind == "unknown"]


def test_every_margin_of_a_changed_outcome_is_understood() -> None:
    texts = [row["line_margin_text"] for row in rows("changed_outcomes") if row["line_margin_text"]]
    assert [] == [text for text in texts if parse_margin(text).kind == "unknown"]


def test_an_official_margin_is_a_time() -> None:
    texts = [row["official_margin_seconds"] for row in rows("changed_outcomes") if row["official_margin_seconds"]]
    assert {"time"} == {parse_margin(text).kind for text in texts}


def test_a_finish_within_a_tenth_of_a_second_has_a_first_and_a_second() -> None:
    finishes = [(row, parse_margin(row["margin_text"]).seconds) for row in rows("finishes")]
    close = [row for row, seconds in finishes if seconds and seconds <= Decimal("0.1")]
    assert [] == [row["race_id"] for row in close if not (row["winner"] and row["runner_up"])]


def test_nobody_finishes_behind_himself() -> None:
    assert [] == [row["race_id"] for row in rows("finishes") if row["winner"] == row["runner_up"]]


def test_a_finish_is_verified_or_says_that_one_source_has_it() -> None:
    assert {"verified", "single_source"} == {row["verification"] for row in rows("finishes")}


@pytest.mark.parametrize("column", ["awards_points", "counts_as_official_win"])
def test_a_yes_or_no_is_true_or_false(column: str) -> None:
    assert {"true", "false"} == {row[column] for row in rows("finishes")}


def test_a_finish_and_a_changed_outcome_have_one_date_for_a_race() -> None:
    dates = {row["race_id"]: row["race_date"] for row in rows("finishes")}
    assert [] == [
        row["race_id"]
        for row in rows("changed_outcomes")
        if row["race_date"] != dates.get(row["race_id"], row["race_date"])
    ]


def test_a_finish_and_a_changed_outcome_have_one_order_at_the_line() -> None:
    finishes = {row["race_id"]: (row["winner"], row["runner_up"]) for row in rows("finishes")}
    changed = {row["race_id"]: (row["line_winner"], row["line_runner_up"]) for row in rows("changed_outcomes")}
    both = finishes.keys() & changed.keys()
    assert {race_id: finishes[race_id] for race_id in both} == {race_id: changed[race_id] for race_id in both}


def test_the_first_ten_of_a_race_have_ten_different_cars() -> None:
    cars = Counter((row["race_id"], row["car_number"]) for row in rows("results"))
    assert {1} == set(cars.values())


def test_kansas_2024_is_won_by_a_thousandth() -> None:
    [row] = [row for row in rows("finishes") if row["race_id"] == "cup-2024-12"]
    expected = ("2024-05-05", "Kyle Larson", "5", "Chevrolet", "Chris Buescher", "17", "Ford", ".001")
    assert expected == (
        row["race_date"],
        row["winner"],
        row["winner_car_number"],
        row["winner_make"],
        row["runner_up"],
        row["runner_up_car_number"],
        row["runner_up_make"],
        row["margin_text"],
    )


def test_there_is_a_count_for_every_season_since_1949() -> None:
    assert list(range(1949, 2026)) == list(counts("cup"))


def test_the_cup_series_had_2822_races_from_1949_to_2025() -> None:
    assert 2822 == sum(counts("cup").values())


@pytest.mark.parametrize(("year", "races"), [(1949, 8), (1950, 19), (1964, 62), (1972, 31), (1997, 32), (2000, 34)])
def test_the_races_of_a_cup_season_are_known(year: int, races: int) -> None:
    assert races == counts("cup")[year]


def test_every_cup_season_since_2001_had_36_races() -> None:
    assert {36} == {races for year, races in counts("cup").items() if year >= 2001}


@pytest.mark.parametrize(("series_id", "first"), [("nxs", 1982), ("truck", 1995)])
def test_there_is_a_count_for_every_season_of_the_other_series(series_id: str, first: int) -> None:
    assert list(range(first, 2026)) == list(counts(series_id))


def names(series_id: str) -> list[tuple[int, int]]:
    """The first and last season of each name of a series; a name of today has the present year as its last."""
    return [
        (int(row["first_season"]), int(row["last_season"] or TODAY.year))
        for row in rows("series_names")
        if row["series_id"] == series_id and int(row["first_season"]) <= TODAY.year
    ]


@pytest.mark.parametrize("series_id", SERIES)
def test_a_series_has_exactly_one_name_in_every_season(series_id: str) -> None:
    named = [year for first, last in names(series_id) for year in range(first, last + 1)]
    assert list(counts(series_id)) == named


@pytest.mark.parametrize("series_id", SERIES)
def test_only_the_last_name_of_a_series_has_no_last_season(series_id: str) -> None:
    last = [row["last_season"] for row in rows("series_names") if row["series_id"] == series_id]
    assert [""] == [year for year in last if not year] + [year for year in last[-1:] if year]


@pytest.mark.parametrize(
    ("year", "name"),
    [
        ("1949", "NASCAR Strictly Stock Division"),
        ("1950", "NASCAR Grand National Series"),
        ("1971", "NASCAR Winston Cup Series"),
        ("2004", "NASCAR Nextel Cup Series"),
        ("2008", "NASCAR Sprint Cup Series"),
        ("2017", "Monster Energy NASCAR Cup Series"),
        ("2020", "NASCAR Cup Series"),
    ],
)
def test_the_names_of_the_cup_series_begin_when_they_did(year: str, name: str) -> None:
    assert [name] == [
        row["series_name"] for row in rows("series_names") if (row["series_id"], row["first_season"]) == ("cup", year)
    ]

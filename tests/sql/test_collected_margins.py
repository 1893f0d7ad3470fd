"""Margins of victory that were collected page by page, and margins that the laps say."""

from __future__ import annotations

import csv
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from nascar_warehouse.warehouse.read.explanation import explain
from nascar_warehouse.warehouse.storage.home import Home
from tests.conftest import Ask, ask_file


@pytest.fixture
def ask_almanac(home_of_almanac: Path) -> Ask:
    """Ask the warehouse that needs no network."""
    return lambda statement: ask_file(home_of_almanac / "nascar.duckdb", statement)


def read_rows() -> list[dict[str, str]]:
    text = files("nascar_warehouse.etl").joinpath("almanac", "margins.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


# --- the file


def test_each_row_names_a_place_and_whose_figure_it_is() -> None:
    assert [] == [row for row in read_rows() if not (row["publisher"] and row["source_url"])]


def test_copies_of_one_report_have_one_publisher() -> None:
    wire = [row for row in read_rows() if "AP" in row["note"].replace(",", " ").split()]
    assert {"Associated Press"} == {row["publisher"] for row in wire}


# --- without a network


def test_a_thousand_races_before_2018_have_a_cited_margin(ask_almanac: Ask) -> None:
    [(count,)] = ask_almanac(
        "SELECT count(DISTINCT race_id) FROM core.race_margins INNER JOIN core.races USING (race_id)"
        " WHERE series_id = 'cup' AND awards_points AND season < 2018 AND basis = 'line'"
        " AND margin_kind <> 'unknown' AND source_url IS NOT NULL"
    )
    assert count >= 1050


def test_each_collected_row_is_a_value_of_its_race(ask_almanac: Ask) -> None:
    kept = set(ask_almanac("SELECT race_id, margin_kind, margin_value FROM core.margins WHERE basis = 'line'"))
    rows = ask_almanac("SELECT race_id, margin_kind, margin_value FROM staging.almanac_margins")
    assert len(read_rows()) == len(rows)
    assert [] == [row for row in rows if row not in kept]


@pytest.mark.parametrize(
    ("track", "day", "seconds"), [("martinsville", "2007-04-01", "0.065"), ("dover", "2005-09-25", "0.080")]
)
def test_the_closest_finish_of_a_track_is_the_one_that_pages_print(
    ask_almanac: Ask, track: str, day: str, seconds: str
) -> None:
    [(found_day, found)] = ask_almanac(
        f"SELECT race_date::VARCHAR, margin_seconds FROM marts.closest(track := '{track}') WHERE rank = 1"
    )
    assert (day, Decimal(seconds)) == (found_day, found)


def test_two_publishers_verify_a_figure_and_two_copies_do_not(ask_almanac: Ask) -> None:
    assert [("cup-1990-14", "single_source"), ("cup-2004-11", "verified")] == ask_almanac(
        "SELECT race_id, verification FROM core.margins WHERE basis = 'line' AND reading = 'collected_page'"
        " AND race_id IN ('cup-1990-14', 'cup-2004-11') ORDER BY 1"
    )


def test_a_doubtful_figure_is_never_selected_over_another(ask_almanac: Ask) -> None:
    assert [] == ask_almanac(
        "SELECT doubted.race_id FROM core.margins AS doubted INNER JOIN core.margins AS other USING (race_id, basis)"
        " WHERE doubted.is_selected AND doubted.verification = 'doubtful'"
        " AND other.verification <> 'doubtful' AND other.margin_kind <> 'unknown'"
    )


@pytest.mark.parametrize("verification", ["doubtful", "rounded"])
def test_a_figure_in_doubt_or_in_round_words_counts_as_known_and_is_not_ranked(
    ask_almanac: Ask, verification: str
) -> None:
    [(known, ranked)] = ask_almanac(
        "SELECT count(*) FILTER (WHERE margin_kind <> 'unknown'), count(*) FILTER (WHERE is_ranked)"
        f" FROM marts.finishes WHERE basis = 'line' AND verification = '{verification}'"
    )
    assert known >= 30
    assert 0 == ranked


def test_pages_that_disagree_are_listed_with_both_figures(ask_almanac: Ask) -> None:
    assert {("0.617 seconds", "0.671 of a second"), ("3.246", "3.426"), (".88", "0.86")} <= set(
        ask_almanac("SELECT chosen_value, other_value FROM ops.discrepancies WHERE fact = 'margin_line'")
    )


# --- from all of history


def test_the_laps_of_the_first_two_say_by_how_many_a_race_was_won(history: Path) -> None:
    found = ask_file(
        history / "nascar.duckdb",
        "SELECT margin_value, margin_unit, is_lower_bound FROM core.race_margins INNER JOIN core.races USING (race_id)"
        " WHERE basis = 'line' AND race_id = 'cup-1973-08' AND reading = 'laps_completed'",
    )
    assert [(Decimal(13), "laps", True)] == found


def test_why_says_how_many_laps_the_results_give_at_least(history: Path) -> None:
    explanation = explain(Home(history), "cup-1973-08", "margin")
    assert ("at least 13 laps", "at least 13 laps") == (explanation.figure, explanation.rows.values[0][1])


def test_485_races_before_1995_were_won_by_laps_that_no_page_prints(history: Path) -> None:
    [(count, first, last)] = ask_file(
        history / "nascar.duckdb",
        "SELECT count(*), min(season), max(season) FROM core.race_margins INNER JOIN core.races USING (race_id)"
        " WHERE basis = 'line' AND series_id = 'cup' AND race_number IS NOT NULL AND reading = 'laps_completed'",
    )
    assert count >= 485
    assert 1949 == first
    assert last <= 1994


def test_most_races_since_1993_have_a_known_margin(history: Path) -> None:
    [(races, known)] = ask_file(
        history / "nascar.duckdb",
        "SELECT count(*), count(*) FILTER (WHERE margin_kind <> 'unknown') FROM core.race_margins INNER JOIN core.races USING (race_id)"
        " WHERE basis = 'line' AND series_id = 'cup' AND race_number IS NOT NULL AND season BETWEEN 1993 AND 2017",
    )
    assert 868 == races
    assert known >= 660

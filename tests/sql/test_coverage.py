"""How much is known of the margins, by era and track; and which unknown ones are wanted most."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tests.conftest import Ask, ask_file


def test_the_almanac_knows_most_margins_of_the_seasons_it_lists(home_of_almanac: Path) -> None:
    assert [("1949-1971", 140, 140), ("1972-1992", 259, 259), ("1993-2017", 730, 728), ("2018-", 94, 94)] == ask_file(
        home_of_almanac / "nascar.duckdb",
        "SELECT era, races, margins_known FROM marts.margin_coverage_by_era WHERE series_id = 'cup' ORDER BY era",
    )


def test_coverage_by_era_and_by_track_counts_the_same_races(home_of_almanac: Path) -> None:
    sums = "sum(races), sum(margins_known), sum(margins_in_seconds), sum(margins_in_other_units), sum(margins_unknown)"
    file = home_of_almanac / "nascar.duckdb"
    assert ask_file(file, f"SELECT {sums} FROM marts.margin_coverage_by_era") == ask_file(
        file, f"SELECT {sums} FROM marts.margin_coverage_by_track"
    )


def test_eras_have_the_races_of_the_record_books(ask_history: Ask) -> None:
    assert [("1949-1971", 1043), ("1972-1992", 623), ("1993-2017", 868), ("2018-", 288)] == ask_history(
        "SELECT era, races FROM marts.margin_coverage_by_era WHERE series_id = 'cup' ORDER BY era"
    )


def test_every_margin_of_the_cup_since_2018_is_known(ask_history: Ask) -> None:
    assert [(288, 288)] == ask_history(
        "SELECT races, margins_known FROM marts.margin_coverage_by_era WHERE series_id = 'cup' AND era = '2018-'"
    )


def test_the_closest_finish_of_a_track_says_how_many_margins_of_it_are_unknown(ask_history: Ask) -> None:
    assert [("Martinsville Speedway", Decimal("0.0650"), 56, 65, 9)] == ask_history(
        "SELECT track_name, margin_seconds, races - margins_unknown, races, margins_unknown FROM marts.closest_by_track"
        " WHERE track_name = 'Martinsville Speedway'"
    )


def test_a_record_says_how_many_earlier_margins_are_unknown(ask_history: Ask) -> None:
    assert [("cup-1993-18", 0), ("cup-2003-05", 54), ("cup-2011-08", 119), ("cup-2024-12", 139)] == ask_history(
        "SELECT race_id, margins_unknown_before FROM marts.record_progression WHERE margin_seconds < 0.1 ORDER BY race_date"
    )


def test_a_close_finish_at_a_drafting_track_of_which_a_page_hints_is_wanted_most(ask_history: Ask) -> None:
    assert [("cup-2014-32", "0.142"), ("cup-2013-10", "40 yards"), ("cup-2010-04", "nearly half a second")] == (
        ask_history("SELECT race_id, hint FROM ops.most_wanted_margins ORDER BY points DESC, race_date DESC LIMIT 3")
    )


def test_no_race_that_is_ranked_or_ended_under_caution_is_wanted(ask_history: Ask) -> None:
    assert [(0,)] == ask_history(
        "SELECT count(*) FROM ops.most_wanted_margins AS wanted"
        " INNER JOIN marts.finishes AS finishes ON wanted.race_id = finishes.race_id AND finishes.basis = 'line'"
        " WHERE finishes.is_ranked OR finishes.margin_kind = 'under_caution'"
    )

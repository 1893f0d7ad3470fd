"""What the captured feed says when it is asked as an analyst would."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import Ask, Nascar, ask_file


@pytest.fixture
def ask(captured: Path) -> Ask:
    """Ask the warehouse made of the captures."""
    return lambda statement: ask_file(captured / "nascar.duckdb", statement)


def test_kansas_2024_leads_then_two_share_rank_2_and_the_next_is_4(ask: Ask) -> None:
    assert [
        (1, "cup-2024-12", Decimal("0.001"), "Kyle Larson", "Chris Buescher"),
        (2, "cup-2003-05", Decimal("0.002"), "Ricky Craven", "Kurt Busch"),
        (2, "cup-2011-08", Decimal("0.002"), "Jimmie Johnson", "Clint Bowyer"),
        (4, "cup-2024-02", Decimal("0.003"), "Daniel Suárez", "Ryan Blaney"),
    ] == ask(
        "SELECT rank, race_id, margin_seconds, winner, runner_up FROM marts.closest_finishes ORDER BY rank, race_date LIMIT 4"
    )


def test_each_of_the_216_points_races_has_a_margin_or_finished_under_caution(ask: Ask) -> None:
    assert [("time", 199), ("under_caution", 17)] == ask(
        "SELECT margin_kind, count(*) FROM core.race_margins INNER JOIN core.races AS r USING (race_id)"
        " WHERE basis = 'line' AND series_id = 'cup' AND counts_as_official_win AND r.source_id = 'nascar_feed' AND season >= 2018"
        " GROUP BY ALL ORDER BY ALL"
    )


def test_every_result_of_the_feeds_is_there_but_two_that_the_feed_repeats(ask: Ask) -> None:
    [(listed, repeated, kept)] = ask(
        "SELECT (SELECT count(*) FROM raw.nascar_feed_results), (SELECT count(*) FROM ops.discrepancies WHERE fact = 'result listed twice'),"
        " (SELECT count(*) FROM core.results WHERE source_id = 'nascar_feed')"
    )
    # The feeds have four more rows, without a driver and a place: they are left out, with a notice.
    assert (21_843, 2, 21_841) == (listed, repeated, kept)


def test_a_zero_in_the_weekend_feed_is_not_a_dead_heat(ask: Ask) -> None:
    assert [(Decimal("0.105"), "0.105", "season_index")] == ask(
        "SELECT margin_seconds, margin_text, reading FROM core.race_margins WHERE race_id = 'cup-2022-10' AND basis = 'line'"
    )
    assert [("0.105", "0")] == ask(
        "SELECT chosen_value, other_value FROM ops.discrepancies WHERE race_id = 'cup-2022-10' AND fact = 'margin_line'"
    )


def test_the_2020_daytona_500_was_decided_on_the_track_though_the_index_says_caution(ask: Ask) -> None:
    assert [(Decimal("0.014"),)] == ask(
        "SELECT margin_seconds FROM marts.closest_finishes WHERE race_id = 'cup-2020-01'"
    )
    assert [("Caution", "season_index")] == ask(
        "SELECT other_value, other_reading FROM ops.discrepancies WHERE race_id = 'cup-2020-01' AND fact = 'margin_line'"
    )


def test_the_index_of_2017_gives_no_race_of_2018_to_2017(ask: Ask) -> None:
    assert [(0,)] == ask("SELECT count(*) FROM core.races WHERE season = 2017 AND source_id = 'nascar_feed'")
    assert [("quarantined", "the index of 2017 answers with races of 2018")] == ask(
        "SELECT state, reason FROM ops.documents WHERE document_key = '2017/race_list_basic'"
    )


def test_pocono_2022_has_two_margins_and_says_why(ask: Ask) -> None:
    assert [
        ("Denny Hamlin", "Kyle Busch", "Chase Elliott", Decimal("0.927"), Decimal("0.832")),
    ] == ask(
        "SELECT winner, runner_up, official_winner, margin_seconds, official_margin_seconds FROM marts.closest_finishes"
        " WHERE race_id = 'cup-2022-21'"
    )
    assert [
        ("line", "hamlin", "Denny Hamlin and Kyle Busch, first and second on the line, were disqualified"),
        (
            "official",
            "elliott",
            "Denny Hamlin and Kyle Busch, first and second on the line, were disqualified",
        ),
    ] == ask(
        "SELECT basis, split_part(winner_id, '-', 2), change_reason FROM core.race_margins WHERE race_id = 'cup-2022-21' ORDER BY basis"
    )


@pytest.mark.parametrize(
    ("race_id", "line", "official"),
    [
        ("cup-2020-07", "0.293", "0.674"),
        ("cup-2025-10", "0.022", "0.056"),
        ("cup-2023-31", "0.012", "0.061"),
        ("cup-2020-28", "2.568", "2.568"),
        ("cup-2022-20", "5.767", "5.767"),
        ("nxs-2020-16", "0.949", "0.409"),
    ],
)
def test_a_changed_outcome_keeps_the_line_margin_and_has_an_official_one(
    ask: Ask, race_id: str, line: str, official: str
) -> None:
    assert [(Decimal(line), Decimal(official))] == ask(
        f"SELECT margin_seconds, official_margin_seconds FROM marts.finishes WHERE race_id = '{race_id}' AND basis = 'line'"
    )


def test_a_race_under_caution_has_no_margin_although_the_feed_has_a_gap(ask: Ask) -> None:
    assert [("under_caution", None), ("under_caution", None)] == ask(
        "SELECT margin_kind, margin_seconds FROM core.race_margins WHERE race_id = 'cup-2021-26'"
    )
    assert [(True,)] == ask("SELECT bool_or(gap_seconds > 0) FROM core.results WHERE race_id = 'cup-2021-26'")


def test_what_is_known_of_kansas_2024_comes_out_of_queries(ask: Ask) -> None:
    assert [("AdventHealth 400", "2024-05-05", "kansas", 268, 267, True)] == ask(
        "SELECT race_name, race_date::VARCHAR, track_id, laps_completed, laps_scheduled, counts_as_official_win"
        " FROM core.races WHERE race_id = 'cup-2024-12'"
    )
    assert [
        (1, "5", "Chevrolet", "Kyle Larson"),
        (2, "17", "Ford", "Chris Buescher"),
        (3, "9", "Chevrolet", "Chase Elliott"),
        (4, "19", "Toyota", "Martin Truex Jr."),
        (5, "11", "Toyota", "Denny Hamlin"),
        (6, "20", "Toyota", "Christopher Bell"),
        (7, "48", "Chevrolet", "Alex Bowman"),
        (8, "8", "Chevrolet", "Kyle Busch"),
        (9, "10", "Ford", "Noah Gragson"),
        (10, "34", "Ford", "Michael McDowell"),
    ] == ask(
        "SELECT finish_position, car_number, make, driver_name FROM core.results INNER JOIN core.drivers USING (driver_id)"
        " WHERE race_id = 'cup-2024-12' AND finish_position <= 10 ORDER BY 1"
    )
    assert [(Decimal("1.5"),)] == ask(
        "SELECT distance_miles / laps_completed FROM core.races WHERE race_id = 'cup-2024-12'"
    )
    assert [(2,)] == ask(
        "SELECT count(*) FROM core.results INNER JOIN core.races USING (race_id) WHERE driver_id = 'kyle-larson' AND series_id = 'cup'"
        " AND season = 2024 AND race_number <= 12 AND finish_position = 1"
    )


def test_atlanta_2024_had_three_cars_within_seven_thousandths(ask: Ask) -> None:
    assert [
        ("daniel-suarez", Decimal(0)),
        ("ryan-blaney", Decimal("0.003")),
        ("kyle-busch", Decimal("0.007")),
    ] == ask(
        "SELECT driver_id, gap_seconds FROM core.results WHERE race_id = 'cup-2024-02' AND finish_position <= 3 ORDER BY finish_position"
    )


def test_sixteen_finishes_were_within_a_hundredth_by_february_2024(ask: Ask) -> None:
    assert [(16,)] == ask(
        "SELECT count(*) FROM marts.closest(exhibitions := true) WHERE margin_seconds <= 0.010 AND race_date < DATE '2024-03-01'"
    )


def test_no_check_of_severity_fail_has_rows(ask: Ask) -> None:
    assert [] == ask("SELECT check_name, examples FROM ops.check_results WHERE severity = 'fail' AND failing_rows > 0")


def test_every_margin_in_seconds_is_above_zero(ask: Ask) -> None:
    assert [(0,)] == ask("SELECT count(*) FROM core.margins WHERE margin_seconds <= 0 OR margin_value <= 0")


def test_marks_of_the_weekend_in_the_lap_times_split_nobody_in_two(captures: Path, nascar: Nascar, home: Path) -> None:
    mirror = captures / "2025-11-19"
    assert 0 == nascar("ingest", "nascar_feed", "--season", "2022", "--with", "laps", "--mirror", mirror).code
    assert [(True, 0)] == ask_file(
        home / "nascar.duckdb", "SELECT count(*) > 1000, count(*) FILTER (WHERE driver_id IS NULL) FROM core.laps"
    )
    assert [] == ask_file(
        home / "nascar.duckdb", "SELECT driver_name FROM core.drivers WHERE driver_name SIMILAR TO '.*[#*].*'"
    )

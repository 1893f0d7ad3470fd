"""The marts answer from a season made by hand, an oddity a race."""

from __future__ import annotations

from decimal import Decimal

from tests.conftest import Ask
from tests.support.odd_races import YEAR

# --- drivers


def test_a_driver_who_did_not_start_has_no_start(ask_oddities: Ask) -> None:
    assert [] == ask_oddities("FROM marts.driver_careers WHERE driver_id = 'ed-homesick'")


def test_starts_wins_and_top_fives_are_counted(ask_oddities: Ask) -> None:
    assert [(4, 2, 4, 4)] == ask_oddities(
        "SELECT starts, wins, top_fives, top_tens FROM marts.driver_careers WHERE driver_id = 'ann-winner'"
    )


def test_a_qualifier_of_today_is_no_start_and_its_win_no_win(ask_oddities: Ask) -> None:
    assert [(5, 0, 5)] == ask_oddities(
        "SELECT starts, wins, top_fives FROM marts.driver_seasons WHERE driver_id = 'cy-third'"
    )


def test_the_car_that_started_first_is_on_the_pole(ask_oddities: Ask) -> None:
    assert [("bob-second",)] == ask_oddities(
        "SELECT driver_id FROM marts.starts WHERE race_number = 1 AND season = 2021 AND start_position = 1"
    )


def test_a_crash_is_a_race_not_finished(ask_oddities: Ask) -> None:
    assert [(4, 1, 1, 0)] == ask_oddities(
        "SELECT starts, did_not_finish, crashes, mechanical_failures FROM marts.driver_careers WHERE driver_id = 'dee-crash'"
    )


def test_unknown_laps_led_are_not_zero(ask_oddities: Ask) -> None:
    assert [("Nobody is said to have led", None)] == ask_oddities(
        "SELECT race_name, laps_led FROM marts.starts WHERE driver_id = 'ann-winner' AND race_number = 5"
    )
    assert [(160, 1)] == ask_oddities(
        "SELECT laps_led, laps_led_unknown FROM marts.driver_careers WHERE driver_id = 'ann-winner'"
    )


def test_both_drivers_of_a_dead_heat_are_third(ask_oddities: Ask) -> None:
    assert [("cy-third", 3), ("dee-crash", 3)] == ask_oddities(
        "SELECT driver_id, finish_position FROM marts.starts"
        " WHERE race_number = 4 AND season = 2021 AND finish_position > 2 ORDER BY driver_id"
    )


def test_standings_with_a_race_without_points_have_no_position(ask_oddities: Ask) -> None:
    # The almanac has the 25th race of that season, and no points.
    assert [(None, 160, 6, 5, False, "the points of some races are not stated")] == ask_oddities(
        "SELECT position, points, races, races_with_points, is_complete, note"
        " FROM marts.standings WHERE season = 2021 AND driver_id = 'ann-winner'"
    )


def test_standings_without_any_points_have_none(ask_oddities: Ask) -> None:
    assert [(None, None, False)] == ask_oddities(
        "SELECT DISTINCT position, points, is_complete FROM marts.standings WHERE season = 2011"
    )


# --- pairs and finishes


def test_head_to_head_counts_only_races_that_both_started(ask_oddities: Ask) -> None:
    assert [("ann-winner", "bob-second", 4, 2, 2, 2, 2)] == ask_oddities(
        "SELECT driver_id, other_driver_id, races, ahead, behind, wins, other_wins"
        " FROM marts.head_to_head('ann-winner', 'bob-second')"
    )


def test_head_to_head_takes_names_in_any_case(ask_oddities: Ask) -> None:
    assert [("ann-winner", "cy-third")] == ask_oddities(
        "SELECT driver_id, other_driver_id FROM marts.head_to_head('ann winner', 'CY THIRD')"
    )


def test_head_to_head_finds_drivers_by_part_of_a_name(ask_oddities: Ask) -> None:
    assert [("ann-winner", "bob-second", 4)] == ask_oddities(
        "SELECT driver_id, other_driver_id, races FROM marts.head_to_head('Winn', 'sécond')"
    )


def test_a_track_is_found_without_its_accents(ask_oddities: Ask) -> None:
    assert [("A close one",)] == ask_oddities(
        f"SELECT race_name FROM marts.closest(track := 'tálladega', season_from := {YEAR}, season_to := {YEAR})"
    )


def test_a_dead_heat_is_neither_ahead_nor_behind(ask_oddities: Ask) -> None:
    assert [(4, 3, 0)] == ask_oddities("SELECT races, ahead, behind FROM marts.head_to_head('cy-third', 'dee-crash')")


def test_the_mean_gap_leaves_out_a_frozen_field(ask_oddities: Ask) -> None:
    # 0.100, 0.050, 0.100 and 0.200; the race under caution has a gap too.
    assert [(5, 4, Decimal("0.113"))] == ask_oddities(
        "SELECT races, gaps_measured, mean_gap_seconds FROM marts.head_to_head('bob-second', 'cy-third')"
    )


def test_drivers_who_never_met_have_no_race(ask_oddities: Ask) -> None:
    assert [(0, None, None)] == ask_oddities(
        "SELECT races, average_finish, mean_gap_seconds FROM marts.head_to_head('ann-winner', 'bobby-allison')"
    )


def test_seasons_limit_a_head_to_head(ask_oddities: Ask) -> None:
    assert [(0,), (4,)] == ask_oddities(
        "SELECT races FROM marts.head_to_head('ann-winner', 'bob-second', season_to := 2020)"
        " UNION ALL SELECT races FROM marts.head_to_head('ann-winner', 'bob-second', season_from := 2021)"
        " ORDER BY races"
    )


def test_a_close_finish_is_a_win_of_one_and_a_loss_of_the_other(ask_oddities: Ask) -> None:
    assert [
        ("ann-winner", 2, 2, Decimal("0.1000"), "cup-2021-01", Decimal("0.0500"), "cup-2021-02"),
        ("bob-second", 2, 2, Decimal("0.0500"), "cup-2021-02", Decimal("0.1000"), "cup-2021-01"),
    ] == ask_oddities(
        "SELECT driver_id, wins_within_tenth, losses_within_tenth, smallest_margin_won_seconds, smallest_margin_won_race_id,"
        " smallest_margin_lost_seconds, smallest_margin_lost_race_id"
        " FROM marts.driver_close_finishes WHERE driver_id IN ('ann-winner', 'bob-second') ORDER BY 1"
    )


def test_a_spread_reaches_as_far_as_cars_were_measured(ask_oddities: Ask) -> None:
    assert [(Decimal("0.0500"), Decimal("0.050"), Decimal("0.080"), None, 5)] == ask_oddities(
        "SELECT margin_seconds, first_to_third_seconds, first_to_fifth_seconds, first_to_tenth_seconds, cars_measured"
        " FROM marts.finish_spreads WHERE race_id = 'cup-2021-02'"
    )


def test_a_frozen_field_has_no_spread(ask_oddities: Ask) -> None:
    assert [] == ask_oddities("FROM marts.finish_spreads WHERE race_id = 'cup-2021-03'")


def test_overtime_is_told_with_its_laps_and_how_it_ended(ask_oddities: Ask) -> None:
    assert [("cup-2021-03", 100, 104, 4, True, None)] == ask_oddities(
        "SELECT race_id, laps_scheduled, laps_completed, laps_over, is_under_caution, margin_seconds FROM marts.overtime_finishes"
    )


def test_a_finish_under_caution_is_told_with_its_last_caution(ask_oddities: Ask) -> None:
    assert [("cup-2021-03", 103, "accident", "Turn 3", "Under Caution")] == ask_oddities(
        "SELECT race_id, caution_start_lap, caution_reason, caution_comment, margin_text FROM marts.caution_finishes"
        " WHERE season = 2021"
    )


# --- seasons


def test_the_closest_of_few_is_told_with_their_number(ask_oddities: Ask) -> None:
    # Of 2001 the almanac has margins of 26 of 36 races.
    assert [(26, 36, "cup-2001-04", Decimal("0.0060"))] == ask_oddities(
        "SELECT races, races_by_record_books, closest_race_id, closest_margin_seconds FROM marts.season_summaries WHERE season = 2001"
    )


def test_the_drivers_with_most_wins_are_all_named(ask_oddities: Ask) -> None:
    assert [(3, "Bob Second")] == ask_oddities(
        "SELECT most_wins, most_wins_driver FROM marts.season_summaries WHERE season = 2021"
    )


def test_margins_are_told_by_kind_of_track(ask_oddities: Ask) -> None:
    assert [("oval", "paved", 6, 5, 1, 0, 5, 5, Decimal("0.1667"))] == ask_oddities(
        "SELECT track_kind, track_surface, races, margins, finishes_under_caution, margins_unknown,"
        " within_half_second, within_tenth, share_under_caution FROM marts.margin_trends WHERE season = 2021"
    )


def test_lead_changes_are_told_by_track(ask_oddities: Ask) -> None:
    assert [("kansas", 4, Decimal("1.00")), ("talladega", 1, Decimal("1.00"))] == ask_oddities(
        "SELECT track_id, races, lead_changes_per_race FROM marts.lead_changes_by_season"
        " WHERE season = 2021 AND track_id IN ('kansas', 'talladega') ORDER BY 1"
    )


def test_the_starts_of_a_make_are_those_of_its_cars(ask_oddities: Ask) -> None:
    assert [("hudson", 1, 1, 0, 1)] == ask_oddities(
        "SELECT manufacturer_id, races, starts, wins, top_fives FROM marts.manufacturer_records"
        " WHERE manufacturer_id = 'hudson'"
    )


def test_the_starts_of_a_team_are_those_of_its_cars(ask_oddities: Ask) -> None:
    assert [("other-racing", 1, 1, 0), ("test-racing", 5, 18, 5)] == ask_oddities(
        "SELECT team_id, races, starts, wins FROM marts.team_records WHERE team_id LIKE '%-racing' ORDER BY 1"
    )


def test_coverage_tells_a_fact_that_no_race_lacks_from_one_that_is_missing(ask_oddities: Ask) -> None:
    assert [
        ("laps_led", 4, 6, 36, "partial"),
        ("points", 5, 6, 36, "partial"),
        ("pole_speed", 5, 6, 36, "partial"),
    ] == ask_oddities(
        "SELECT fact, races_with_fact, races_known, races_of_season, coverage FROM marts.fact_coverage"
        " WHERE series_id = 'cup' AND season = 2021 AND fact IN ('laps_led', 'points', 'pole_speed') ORDER BY 1"
    )


def test_a_season_without_a_source_is_covered_in_nothing(ask_oddities: Ask) -> None:
    assert [("none", "no source with this season was ingested", 17)] == ask_oddities(
        "SELECT coverage, why, count(*) FROM marts.fact_coverage WHERE series_id = 'truck' AND season = 1995 GROUP BY ALL"
    )


def test_a_mean_margin_is_not_told_when_a_finish_is_unknown(ask_history: Ask) -> None:
    assert [(2017, 21, 4, None), (2023, 31, 0, Decimal("1.110")), (2024, 30, 0, Decimal("1.291"))] == ask_history(
        "SELECT season, margins_timed, margins_unknown, mean_margin_seconds FROM marts.season_summaries"
        " WHERE series_id = 'cup' AND season IN (2017, 2023, 2024) ORDER BY 1"
    )

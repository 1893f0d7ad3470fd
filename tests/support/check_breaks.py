"""For each check, statements that break what it watches in a sound warehouse."""

from __future__ import annotations

RACE = "race_id = 'cup-2024-01'"
"""The race of the made-up feed, with three cars, two leaders, one caution and 100 laps of 1.5 miles in an hour."""
LISTED = "race_id = 'cup-2024-31'"
"""A race that only the almanac has, with one reading of its margin."""

BREAKS = [
    (
        "almanac_agrees_on_order",
        f"UPDATE core.finish_orders SET winner_id = 'kurt-busch' WHERE {LISTED} AND basis = 'line'",
        "cup-2024-31",
    ),
    ("almanac_agrees_on_race", f"UPDATE core.races SET race_date = '2024-04-01' WHERE {LISTED}", "cup-2024-31"),
    (
        "average_speed_is_distance_by_time",
        f"UPDATE core.races SET average_speed_mph = 150.011 WHERE {RACE}",
        "cup-2024-01",
    ),
    (
        "career_wins_are_as_published",
        "UPDATE ops.career_comparisons SET is_comparable = TRUE WHERE driver_name = 'Richard Petty'",
        "cup Richard Petty",
    ),
    (
        "box_score_fits_a_race",
        (
            "INSERT INTO core.listed_races BY NAME SELECT 'box_scores' AS source_id, 'cup 1950 x' AS race_key, document_id"
            f" FROM core.races WHERE {RACE}"
        ),
        "box_scores cup 1950 x",
    ),
    (
        "event_is_run_once_a_season",
        f"UPDATE core.races SET event_id = 'southern-500' WHERE {RACE} OR {LISTED}",
        "southern-500 2024",
    ),
    ("caution_laps_sum_to_total", f"UPDATE core.races SET caution_laps = 4 WHERE {RACE}", "cup-2024-01"),
    ("caution_laps_sum_to_total", f"UPDATE core.races SET cautions = 2 WHERE {RACE}", "cup-2024-01"),
    (
        "distinct_drivers_are_not_joined",
        "INSERT INTO seeds.driver_aliases (driver_name, driver_id) VALUES ('Kyle Petty', 'adam-petty')",
        "Kyle Petty adam-petty",
    ),
    (
        "driver_alias_is_unambiguous",
        (
            "INSERT INTO seeds.driver_aliases (source_id, driver_name, first_season, last_season, driver_id)"
            " VALUES (NULL, 'Zed', '1950', NULL, 'zed-one'), ('racing_data', 'Zed', NULL, '1950', 'zed-two')"
        ),
        "Zed zed-one zed-two",
    ),
    (
        "driver_has_the_age_of_a_driver",
        "UPDATE core.drivers SET birth_date = '2012-01-01' WHERE driver_id = 'cy-third'",
        "cy-third",
    ),
    (
        "driver_is_once_in_a_race",
        f"UPDATE core.results SET driver_id = 'bob-second' WHERE {RACE} AND driver_id = 'cy-third'",
        "cup-2024-01 bob-second",
    ),
    (
        "driver_name_is_one_driver_a_season",
        (
            "INSERT INTO core.driver_names SELECT * REPLACE ('zed' AS driver_id) FROM core.driver_names"
            " WHERE driver_name = 'Ann Winner'"
        ),
        "nascar_feed Ann Winner",
    ),
    (
        "entry_is_unique",
        f"UPDATE core.results SET car_number = '12' WHERE {RACE} AND driver_id = 'cy-third'",
        "cup-2024-01 12",
    ),
    (
        "every_race_has_both_margins",
        f"DELETE FROM core.race_margins WHERE {RACE} AND basis = 'official'",
        "cup-2024-01 official",
    ),
    (
        "every_race_has_both_margins",
        f"UPDATE core.race_margins SET missing_reason = 'it is unknown' WHERE {RACE} AND basis = 'line'",
        "cup-2024-01 line",
    ),
    (
        "feed_driver_is_one_driver",
        "UPDATE raw.nascar_feed_results SET driver_id = 2 WHERE driver_fullname = 'Cy Third'",
        "2",
    ),
    (
        "feed_has_every_starter",
        "UPDATE raw.nascar_feed_results SET finishing_position = 0 WHERE driver_fullname = 'Cy Third'",
        "cup-2024-01",
    ),
    ("grain_is_unique", "INSERT INTO core.series FROM core.series WHERE series_id = 'cup'", "core.series cup"),
    ("grain_is_unique", f"INSERT INTO core.races FROM core.races WHERE {LISTED}", "core.races cup-2024-31"),
    (
        "grain_is_unique",
        f"INSERT INTO core.race_margins FROM core.race_margins WHERE {LISTED} AND basis = 'line'",
        "core.race_margins cup-2024-31 line",
    ),
    (
        "grain_is_unique",  # a key that a row lacks
        "INSERT INTO core.series (series_id, document_id) SELECT NULL, document_id FROM core.series LIMIT 1",
        "core.series NULL",
    ),
    (
        "grain_is_unique",  # two rows that both lack what a row may lack
        (
            "INSERT INTO core.unlisted_entries BY NAME SELECT race_id, 'mine' AS reading, document_id"
            f" FROM core.races, range(2) WHERE {RACE}"
        ),
        "core.unlisted_entries cup-2024-01 mine NULL NULL",
    ),
    (
        "index_and_feed_name_one_winner",
        "UPDATE raw.nascar_feed_races SET winner_driver_id = '2' WHERE race_id = 9001",
        "cup-2024-01",
    ),
    (
        "lap_is_of_an_entry",
        (
            "INSERT INTO core.laps BY NAME SELECT race_id, '99' AS car_number, 1 AS lap_number, source_id, document_id"
            f" FROM core.races WHERE {RACE}"
        ),
        "cup-2024-01 99",
    ),
    (
        "laps_are_of_their_race",
        (
            "INSERT INTO raw.nascar_feed_laps BY NAME SELECT race_id_nascar_feed AS race_id, '99' AS car_number,"
            " 'Zed' AS driver_fullname, 1 AS lap, 1 AS running_position, document_id, now()::TIMESTAMP AS loaded_at"
            f" FROM core.races WHERE {RACE}"
        ),
        "cup-2024-01",
    ),
    (
        "lap_length_agrees_with_layout",
        (
            "INSERT INTO core.race_readings BY NAME SELECT race_id, 'racing_data' AS reading, 1.6 AS lap_length_miles,"
            f" document_id FROM core.races WHERE {RACE}"
        ),
        "cup-2024-01",
    ),
    (
        "laps_led_sum_to_laps",
        f"UPDATE core.results SET laps_led = 41 WHERE {RACE} AND driver_id = 'bob-second'",
        "cup-2024-01",
    ),
    (
        "laps_led_sum_to_laps",
        f"UPDATE core.results SET laps_led = 39 WHERE {RACE} AND driver_id = 'bob-second'",
        "cup-2024-01",
    ),
    (
        "laps_led_sum_to_laps",  # also where it is not known of every car
        f"UPDATE core.results SET laps_led = if(driver_id = 'ann-winner', 101, NULL) WHERE {RACE}",
        "cup-2024-01",
    ),
    ("layout_is_known", f"UPDATE core.races SET layout_id = NULL WHERE {RACE}", "cup-2024-01"),
    ("lead_changes_agree_with_count", f"UPDATE core.races SET lead_changes = 3 WHERE {RACE}", "cup-2024-01"),
    ("lead_changes_agree_with_count", f"UPDATE core.races SET lead_changes = 0 WHERE {RACE}", "cup-2024-01"),
    ("leaders_agree_with_count", f"UPDATE core.races SET leaders = 3 WHERE {RACE}", "cup-2024-01"),
    (
        "line_margin_agrees_with_gap",
        f"UPDATE core.finish_orders SET gap_seconds = 0.101 WHERE {RACE} AND basis = 'line'",
        "cup-2024-01",
    ),
    (
        "margin_differences_are_listed",
        f"UPDATE core.margins SET margin_seconds = 0.2 WHERE {RACE} AND basis = 'line' AND reading = 'season_index'",
        "cup-2024-01 line season_index",
    ),
    (
        "margin_has_the_decimals_of_its_era",
        f"UPDATE core.race_margins SET margin_decimals = 4 WHERE {RACE} AND basis = 'line'",
        "cup-2024-01 line",
    ),
    (
        "margin_is_as_fine_as_timing",
        f"UPDATE core.margin_readings SET margin_decimals = 4 WHERE {RACE} AND basis = 'line' AND reading = 'weekend_feed'",
        "cup-2024-01 0.100",
    ),
    (
        "no_margin_in_laps_after_1994",
        f"UPDATE core.race_margins SET margin_kind = 'laps' WHERE {LISTED} AND basis = 'line'",
        "cup-2024-31 line",
    ),
    (
        "no_margin_under_caution",
        (
            "UPDATE core.race_margins SET margin_kind = 'under_caution', missing_reason = 'the field was frozen'"
            f" WHERE {LISTED} AND basis = 'line'"
        ),
        "cup-2024-31 line",
    ),
    (
        "non_starter_ran_no_laps",
        f"UPDATE core.results SET is_starter = FALSE WHERE {RACE} AND driver_id = 'cy-third'",
        "cup-2024-01 13",
    ),
    (
        "points_race_is_matched",
        (
            "INSERT INTO core.listed_races BY NAME SELECT 'racing_data' AS source_id, '1950 99' AS race_key, 99 AS race_number,"
            f" document_id FROM core.races WHERE {RACE}"
        ),
        "racing_data 1950 99",
    ),
    (
        "position_is_unique",
        f"UPDATE core.results SET finish_position = 2 WHERE {RACE} AND driver_id = 'cy-third'",
        "cup-2024-01 2",
    ),
    (
        "precedence_is_declared",
        "DELETE FROM seeds.fact_precedence WHERE fact = 'cautions' AND reading = 'weekend_feed'",
        "cautions weekend_feed",
    ),
    (
        "precedence_is_declared",
        "DELETE FROM seeds.fact_precedence WHERE fact = 'car_laps' AND reading IN ('weekend_feed', '*')",
        "car_laps weekend_feed",
    ),
    (
        "precedence_is_declared",
        "UPDATE staging.source_margins SET verification = 'hearsay' WHERE race_key = 'cup-2024-31' AND reading = 'almanac'",
        "margin almanac hearsay",
    ),
    (
        "precedence_is_unambiguous",
        "UPDATE seeds.fact_precedence SET precedence = 1 WHERE fact = 'leaders'",
        "leaders season_index weekend_feed",
    ),
    ("race_date_is_in_season", f"UPDATE core.races SET race_date = '2023-11-30' WHERE {RACE}", "cup-2024-01"),
    ("race_date_is_in_season", f"UPDATE core.races SET race_date = '2025-01-01' WHERE {RACE}", "cup-2024-01"),
    ("race_date_is_in_season", f"UPDATE core.races SET race_date = NULL WHERE {RACE}", "cup-2024-01"),
    (
        "race_has_one_winner",
        f"UPDATE core.results SET finish_position = 4 WHERE {RACE} AND finish_position = 1",
        "cup-2024-01",
    ),
    (
        "race_has_one_winner",
        f"UPDATE core.results SET driver_id = NULL WHERE {RACE} AND finish_position = 1",
        "cup-2024-01",
    ),
    ("race_has_results", f"DELETE FROM core.results WHERE {RACE}", "cup-2024-01"),
    (
        "race_is_listed_once",
        (
            f"UPDATE core.races AS races SET race_date = listed.race_date, track_id = listed.track_id FROM core.races AS listed"
            f" WHERE races.{RACE} AND listed.{LISTED};"
            f" UPDATE core.results SET driver_id = (SELECT driver_id FROM core.results WHERE {LISTED}"
            f" AND finish_position = 1) WHERE {RACE} AND finish_position = 1"
        ),
        "cup-2024-01 cup-2024-31",
    ),
    ("row_has_a_document", "UPDATE core.stage_results SET document_id = 'gone'", "core.stage_results gone"),
    ("row_has_a_document", "UPDATE core.series SET document_id = NULL WHERE series_id = 'cup'", "core.series "),
    (
        "season_has_its_races",
        "UPDATE core.seasons SET points_races = 0 WHERE series_id = 'cup' AND season = 2024",
        "cup 2024",
    ),
    (
        "season_lacks_races",
        "UPDATE core.seasons SET points_races = 2 WHERE series_id = 'cup' AND season = 2024",
        "cup 2024",
    ),
    (
        "source_race_is_one_race",
        f"INSERT INTO core.source_races SELECT * REPLACE ('9002' AS race_key) FROM core.source_races WHERE {RACE}",
        "nascar_feed cup-2024-01",
    ),
    (
        "status_is_known",
        f"UPDATE core.results SET status = 'Abducted' WHERE {RACE} AND driver_id = 'cy-third'",
        "cup-2024-01 13",
    ),
    (
        "time_margin_is_below_a_lap",
        f"UPDATE core.races SET race_time_seconds = 9, average_speed_mph = NULL WHERE {RACE}",
        "cup-2024-01 line",
    ),
    (
        "time_margin_is_below_a_lap",  # by distance and speed where no time is stated
        f"UPDATE core.races SET race_time_seconds = NULL, distance_miles = 0.1 WHERE {RACE}",
        "cup-2024-01 line",
    ),
    (
        "time_margin_is_positive",
        f"UPDATE core.margins SET margin_seconds = 0 WHERE {LISTED} AND basis = 'line'",
        "cup-2024-31 line almanac",
    ),
    ("track_is_curated", "UPDATE core.tracks SET is_curated = FALSE WHERE track_id = 'kansas'", "kansas"),
    (
        "winner_is_not_disqualified",
        f"UPDATE core.results SET is_disqualified = TRUE WHERE {RACE} AND finish_position = 1",
        "cup-2024-01",
    ),
    (
        "winner_ran_all_laps",
        f"UPDATE core.results SET laps_completed = 99 WHERE {RACE} AND finish_position = 1",
        "cup-2024-01",
    ),
]
"""A check, a statement that breaks what it watches, and the key of the row that it finds then."""

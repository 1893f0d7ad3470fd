"""Every known issue shows in the captured history."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from nascar_warehouse import sql
from nascar_warehouse.warehouse.build.scripts import read_scripts
from tests.conftest import Ask

FOLDER = Path(sql.__file__).parent


PROOFS = {
    "margins_before_1993": "SELECT sum(margins_unknown) / sum(races_known) BETWEEN 0.42 AND 0.5"
    " FROM marts.margin_coverage WHERE series_id = 'cup' AND season < 1993",
    "margins_1993_to_2017": "SELECT sum(margins_unknown) / sum(races_known) BETWEEN 0.14 AND 0.19 FROM marts.margin_coverage"
    " WHERE series_id = 'cup' AND season BETWEEN 1993 AND 2017",
    "margin_of_zero": "SELECT margin_kind = 'unknown' FROM core.race_margins WHERE race_id = 'nxs-2018-01' AND basis = 'line'",
    "daytona_500_of_2020": "SELECT other_value = 'Caution' FROM ops.discrepancies"
    " WHERE race_id = 'cup-2020-01' AND fact = 'margin_line'",
    "gaps_before_2020": "SELECT min(race_date) > '2020-05-01' FROM marts.starts WHERE gap_seconds > 0",
    "feed_of_2017": "SELECT count(laps_scheduled) = 0 FROM core.races WHERE season = 2017",
    "dates_of_other_series": "SELECT count(race_date) / count(*) < 0.01 FROM core.races WHERE series_id <> 'cup' AND season < 2015",
    "points_before_1975": "SELECT sum(points) = 2872 FROM marts.starts"
    " WHERE season = 1972 AND series_id = 'cup' AND driver_id = 'richard-petty'",
    "points_in_playoffs": "SELECT driver_id = 'jeff-gordon' FROM marts.standings"
    " WHERE series_id = 'cup' AND season = 2007 AND position = 1",
    "points_penalties": "SELECT points = 5707 FROM marts.standings"
    " WHERE series_id = 'nxs' AND season = 2009 AND driver_id = 'kyle-busch'",
    "points_of_qualifiers": "SELECT max(points) = 0 FROM core.results WHERE race_id = 'cup-2022-x02'",
    "poles_by_grid": "SELECT list(race_id ORDER BY race_id) = ['cup-1951-14', 'cup-1951-23', 'cup-1954-04'] FROM"
    " (SELECT race_id FROM marts.starts WHERE start_position = 1 GROUP BY race_id HAVING count(*) > 1)",
    "dead_heat_of_1974": "SELECT count(*) = 2 FROM core.results WHERE race_id = 'cup-1974-16' AND finish_position = 3",
    "car_numbers_until_1955": "SELECT max(season) = 1955 FROM marts.starts WHERE series_id = 'cup' AND car_number IS NULL",
    "laps_until_1957": "SELECT max(season) = 1957 FROM marts.starts WHERE laps_completed IS NULL",
    "statuses_until_1971": "SELECT max(season) = 1971 FROM marts.starts"
    " WHERE series_id = 'cup' AND coalesce(status_group, 'unknown') = 'unknown'",
    "laps_led_before_1980": "SELECT count(*) > 100 FROM (SELECT race_id FROM core.results INNER JOIN core.races AS r USING (race_id)"
    " WHERE series_id = 'cup' AND season < 1980 GROUP BY race_id HAVING sum(laps_led) IS DISTINCT FROM any_value(r.laps_completed))",
    "laps_led_of_nobody": "SELECT count(DISTINCT race_id) > 0 FROM marts.starts WHERE season < 1984 AND laps_led IS NULL",
    "teams_before_1970": "SELECT count(team_id) < 0.5 * count(*) FROM marts.starts WHERE series_id = 'cup' AND season < 1970",
    "drivers_twice_in_a_race": "SELECT count(*) > 0 FROM (SELECT race_id FROM core.results WHERE is_starter"
    " GROUP BY race_id, driver_id HAVING count(*) > 1)",
    "starts_as_published": "SELECT starts = 353 FROM marts.driver_careers"  # the record books have 352
    " WHERE driver_id = 'ned-jarrett' AND series_id = 'cup'",
    "venue_names": "SELECT count(*) > 0 FROM core.races INNER JOIN core.tracks USING (track_id)"
    " WHERE track_name <> track_name_at_the_time",
    "seasons_are_not_years": "SELECT count(*) = 29 AND min(season) = 1955 AND max(season) = 1969 FROM core.races"
    " WHERE race_number IS NOT NULL AND year(race_date) = season - 1",
    "owners_of_the_feed": "SELECT count(*) = 0 FROM core.results AS results"
    " INNER JOIN core.owners AS owners ON results.owner_id = owners.owner_id"
    " WHERE results.source_id = 'nascar_feed' AND owners.owner_name = 'Hendrick Motorsports'",
    "lead_changes_counted": "SELECT count(*) > 0 FROM seeds.check_exceptions WHERE check_name = 'lead_changes_agree_with_count'",
}


def test_every_known_issue_has_a_proof() -> None:
    with (FOLDER / "seeds" / "known_issues.csv").open(encoding="utf-8", newline="") as file:
        assert {row["issue_id"] for row in csv.DictReader(file)} == PROOFS.keys()


@pytest.mark.parametrize("issue", PROOFS)
def test_a_known_issue_shows_in_the_history(ask_history: Ask, issue: str) -> None:
    [(holds,)] = ask_history(PROOFS[issue])
    assert bool(holds)


def test_the_known_issues_are_in_the_warehouse(ask_oddities: Ask) -> None:
    assert [(len(PROOFS),)] == ask_oddities("SELECT count(*) FROM ops.known_issues")


def test_relations_of_a_known_issue_are_there(ask_oddities: Ask) -> None:
    named = {name for (names,) in ask_oddities("SELECT relations FROM ops.known_issues") for name in names.split(", ")}
    assert set() == named - {script.relation for script in read_scripts()}

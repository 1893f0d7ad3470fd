"""A race: how it ended, its results, its leads and cautions, where each figure comes from, and its corrections."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.explorer.at_the_line import CAR_FEET, draw_at_the_line
from nascar_warehouse.warehouse.explorer.finishes import margin_words
from nascar_warehouse.warehouse.explorer.lap_chart import CARS, FIRST_SEASON, draw_laps
from nascar_warehouse.warehouse.explorer.page import NotFound
from nascar_warehouse.warehouse.explorer.race_strip import draw_strip, gap_widths

if TYPE_CHECKING:
    from nascar_warehouse.warehouse.explorer.answer import Answer
    from nascar_warehouse.warehouse.explorer.page import Asked
    from nascar_warehouse.warehouse.explorer.published import Record

_RACE = """
SELECT
  races.*,
  tracks.track_name,
  seasons.series_name
FROM core.races AS races
LEFT JOIN core.tracks AS tracks ON races.track_id = tracks.track_id
LEFT JOIN core.seasons AS seasons ON races.series_id = seasons.series_id AND races.season = seasons.season
WHERE races.race_id = $race_id
"""
_IN_ORDER = "SELECT race_id FROM core.races WHERE series_id = $series ORDER BY race_date, race_id"
_FINISHES = "SELECT * FROM marts.finishes WHERE race_id = $race_id ORDER BY basis"
_RESULTS = """
SELECT results.*, drivers.driver_name, teams.team_name
FROM core.results AS results
LEFT JOIN core.drivers AS drivers ON results.driver_id = drivers.driver_id
LEFT JOIN core.teams AS teams ON results.team_id = teams.team_id
WHERE results.race_id = $race_id
ORDER BY results.finish_position NULLS LAST, results.entry_key
"""
_LEADS = """
SELECT
  leads.start_lap,
  leads.end_lap,
  coalesce(drivers.driver_name, 'car ' || leads.car_number) AS driver_name
FROM core.lead_changes AS leads
LEFT JOIN core.drivers AS drivers ON leads.driver_id = drivers.driver_id
WHERE leads.race_id = $race_id
ORDER BY leads.stretch_number
"""
_CAUTIONS = """
SELECT start_lap, end_lap, laps, concat_ws(': ', reason_text, comment) AS words
FROM core.cautions
WHERE race_id = $race_id
ORDER BY caution_number
"""
_SOURCE_VALUES = """
SELECT
  fact, value, reading, source_id, is_believed, rule, coalesce(citation_url, url) AS url, sha256, fetched_at,
  document_id
FROM ops.readings
WHERE race_id = $race_id AND entry_key IS NOT DISTINCT FROM $entry_key
ORDER BY fact NOT LIKE 'margin%', fact, precedence, source_id
"""
_CHANGES = """
SELECT seen_at, table_name, row_key, column_name, old_value, new_value, source_id
FROM ops.changes
WHERE race_id = $race_id AND is_correction
ORDER BY seen_at DESC, table_name, row_key, column_name
"""


def show(asked: Asked) -> Answer:
    """The page `/races/{race_id}`."""
    race_id = asked.ids["race_id"]
    race = _race(asked, race_id)
    previous_id, next_id = _neighbours(asked, race)
    finishes = asked.snapshot.rows(_FINISHES, race_id=race_id)
    for finish in finishes:
        finish["words"] = margin_words(finish)
        finish["drawing"] = draw_at_the_line(finish["margin_feet_estimate"])  # type: ignore[arg-type]  # a column of decimals
    by_basis = {str(finish["basis"]): finish for finish in finishes}
    results = asked.snapshot.rows(_RESULTS, race_id=race_id)
    cautions = asked.snapshot.rows(_CAUTIONS, race_id=race_id)
    laps = race["laps_completed"] if isinstance(race["laps_completed"], int) else None
    strip = draw_strip(asked.snapshot.rows(_LEADS, race_id=race_id), cautions, laps)
    return asked.render(
        "race.html",
        race=race,
        previous_id=previous_id,
        next_id=next_id,
        line=by_basis.get("line"),
        official=by_basis.get("official"),
        results=list(zip(results, gap_widths(results), strict=True)),
        has_gaps=any(width is not None for width in gap_widths(results)),
        cautions=cautions,
        strip=strip,
        lap_chart=draw_laps(asked.snapshot.rows(CARS, race_id=race_id), cautions, strip),
        first_season_with_laps=FIRST_SEASON,
        facts=_by_fact(asked, race_id, None),
        changes=asked.snapshot.rows(_CHANGES, race_id=race_id),
        car_feet=CAR_FEET,
    )


def show_car(asked: Asked) -> Answer:
    """The page `/races/{race_id}/{entry_key}`: every figure of a car, as each source states it."""
    race_id, entry_key = asked.ids["race_id"], asked.ids["entry_key"]
    race = _race(asked, race_id)
    results = asked.snapshot.rows(_RESULTS, race_id=race_id)
    result = next((row for row in results if row["entry_key"] == entry_key), None)
    if result is None:
        raise NotFound(f"there is no car {entry_key!r} in {race_id}", "the results of the race list its cars")
    return asked.render("car.html", race=race, result=result, facts=_by_fact(asked, race_id, entry_key))


def _race(asked: Asked, race_id: str) -> Record:
    race = asked.snapshot.row(_RACE, race_id=race_id)
    if race is None:
        raise NotFound(f"there is no race {race_id!r} here", "an id is like cup-2024-12; the search finds races")
    return race


def _neighbours(asked: Asked, race: Record) -> tuple[object, object]:
    """The ids of the races of the series before and after, None at the ends; the order is read once a snapshot."""
    ids = [row["race_id"] for row in asked.snapshot.kept_rows(_IN_ORDER, series=race["series_id"])]
    place = ids.index(race["race_id"])
    return ids[place - 1] if place else None, ids[place + 1] if place + 1 < len(ids) else None


def _by_fact(asked: Asked, race_id: str, entry_key: str | None) -> list[tuple[str, list[Record], int]]:
    """Each fact, its source values, and how many different ones there are."""
    facts: dict[str, list[Record]] = {}
    for value in asked.snapshot.rows(_SOURCE_VALUES, race_id=race_id, entry_key=entry_key):
        facts.setdefault(str(value["fact"]), []).append(value)
    return [(fact, values, len({_plain(str(value["value"])) for value in values})) for fact, values in facts.items()]


def _plain(value: str) -> str:
    """A number without the zeros that do not change it: `.001` and `0.0010` are the same value."""
    try:
        return str(Decimal(value).normalize())
    except InvalidOperation:
        return value

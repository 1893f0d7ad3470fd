"""The bytes of an index or a weekend feed → rows.

Structure is closed: a lost field, another type, an unknown series or type of race, or rows of another race stop the
document. Words are open (`words.py`). A row that says nothing is left out, and so is a second row about the same thing:
a notice says so, and the rest is loaded.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypeVar

import msgspec
from msgspec import UNSET

from nascar_warehouse.etl.documents import Parsed, WrongSeason
from nascar_warehouse.etl.formats.json_payload import is_null
from nascar_warehouse.etl.sources.nascar_feed_blanks import decode_index, decode_weekend
from nascar_warehouse.etl.sources.nascar_feed_schema import (
    Race,
    Result,
    StageResult,
    Weekend,
    WeekendFeed,
)
from nascar_warehouse.etl.sources.words import new_fields, rows_left_out, unknown_tracks, unknown_words
from nascar_warehouse.warehouse.errors import SourceChanged

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

_Row = TypeVar("_Row")

_ASK_AGAIN = "ask again later; if it stays so, the source has mixed up its documents"

# Fields that every race has from a season on; a later race without one means that the source changed.
_SINCE = {
    "stage_1_laps": 2017,
    "stage_2_laps": 2017,
    "stage_3_laps": 2017,
    "margin_of_victory": 2018,
    "winner_driver_id": 2020,
}

# Fields that every result has from a season on.
_RESULT_SINCE = {"disqualified": 2020, "diff_laps": 2020, "diff_time": 2020}


def read_index(key: str, content: bytes) -> tuple[list[Race], list[str]]:
    """The races of a season's index, and notices; `WrongSeason` if they are those of another season."""
    index, fields = decode_index(content)
    races = [*index.series_1, *index.series_2, *index.series_3]
    season = int(key.split("/", maxsplit=1)[0])
    seasons = sorted({race.race_season for race in races})
    if seasons and season not in seasons:
        raise WrongSeason(
            f"the index of {season} answers with races of {', '.join(map(str, seasons))}",
            f"nothing was taken from it; season {season} has to come from another source or an earlier copy",
        )
    if len(seasons) > 1:
        raise SourceChanged(
            f"unexpected content: the index of {season} has races of {', '.join(map(str, seasons))}",
            "ask again later; if it stays so, look which races those are",
        )
    # Of two rows about one race the one that knows how it ended is kept, else the last.
    newest = [race for _, race in sorted(enumerate(races), key=lambda item: (item[1].is_final, item[0]), reverse=True)]
    kept = {id(race) for race in _first_of_each(newest, lambda race: race.race_id)}
    notices = rows_left_out(key, len(races) - len(kept), "the race is listed twice")
    return [race for race in races if id(race) in kept], [*new_fields(fields), *notices]


def parse_index(key: str, content: bytes) -> Parsed:
    """The races of a season."""
    races, notices = read_index(key, content)
    for race in races:
        _fill_absent_fields(race)
    return Parsed({"nascar_feed_races": races}, [*notices, *_unknown_tracks(races)])


def parse_weekend(key: str, content: bytes) -> Parsed:
    """The race of a weekend feed and what happened in it; before the race there are entries, or nothing."""
    feed, notices = _decode_weekend(key, content)
    if feed is None or not feed.weekend_race:
        return Parsed({"nascar_feed_results": []}, [f"{key}: there is nothing in it"], is_preliminary=True)
    race = _the_race(key, feed)
    _fill_absent_fields(race)
    _fill_absent_fields_of_results(race)
    _require_same_race(race)
    stages = [
        StageResult(race_id=race.race_id, stage_number=stage.stage_number, **msgspec.structs.asdict(position))
        for stage in race.stage_results
        for position in stage.results
    ]
    stated = [result for result in race.results if not result.says_nothing]
    named = [result for result in stated if (result.driver_fullname or "").strip()]
    results = _once_a_car(named)
    stage_results = _first_of_each(stages, lambda row: (row.stage_number, row.car_number))
    notices += rows_left_out(key, len(race.results) - len(stated), "neither a driver nor a place")
    notices += rows_left_out(key, len(stated) - len(named), "a place without a driver")
    notices += rows_left_out(key, len(named) - len(results), "the car has another result")
    notices += rows_left_out(key, len(stages) - len(stage_results), "the car has another place in the stage")
    notices += _unknown_words(race)
    rows: dict[str, Sequence[msgspec.Struct]] = {
        "nascar_feed_results": results,
        "nascar_feed_weekends": [race],
        "nascar_feed_cautions": race.caution_segments,
        "nascar_feed_leaders": race.race_leaders,
        "nascar_feed_stage_results": stage_results,
    }
    has_places = any(result.finishing_position for result in results)
    return Parsed(rows, notices, is_preliminary=not has_places)


def day_of(race: Race) -> date | None:
    """The day of a race, which the feed writes as 2024-05-05T15:00:00; a race to come may have none yet."""
    try:
        return date.fromisoformat((race.race_date or "")[:10])
    except ValueError as error:
        if not race.is_final:
            return None
        raise SourceChanged(
            f"unexpected content: {race.race_date!r} at `race_date` of race {race.race_id} is not a date",
            "ask again later; a race that was run has a day",
        ) from error


def _decode_weekend(key: str, content: bytes) -> tuple[WeekendFeed | None, list[str]]:
    """Decode a weekend feed, if need be without the rows that say nothing; None for `null`."""
    if is_null(content):
        return None, []
    feed, fields, count = decode_weekend(content)
    return feed, [*new_fields(fields), *rows_left_out(key, count, "neither a driver nor a place")]


def _the_race(key: str, feed: WeekendFeed) -> Weekend:
    if len(feed.weekend_race) != 1:
        raise SourceChanged(
            f"unexpected content: {len(feed.weekend_race)} races at `$.weekend_race`, expected one",
            "ask again later; if it stays so, look at what the source means by it",
        )
    race = feed.weekend_race[0]
    found = f"{race.race_season}/{race.series_id}/{race.race_id}"
    if not key.startswith(f"{found}/"):
        raise SourceChanged(f"unexpected content: this is race {found} at `$.weekend_race[0]`", _ASK_AGAIN)
    return race


def _fill_absent_fields(race: Race) -> None:
    """Make a field that old seasons lack unknown, and stop at one that was lost; a race that was run has a day."""
    day_of(race)
    for name, since in _SINCE.items():
        if getattr(race, name) is UNSET:
            if race.race_season >= since and (name != "winner_driver_id" or not isinstance(race, Weekend)):
                raise SourceChanged(
                    f"unexpected content: race {race.race_id} of {race.race_season} lacks the field `{name}`",
                    "look for what took its place in the document, and change the source module and its test",
                )
            setattr(race, name, None)
    if race.winner_driver_id == "":
        race.winner_driver_id = None


def _fill_absent_fields_of_results(race: Weekend) -> None:
    """Make a field that the results of old seasons lack unknown, and stop at one that was lost."""
    for name, since in _RESULT_SINCE.items():
        for result in race.results:
            if getattr(result, name) is UNSET:
                if race.race_season >= since:
                    where = f"race {race.race_id} of {race.race_season}"
                    raise SourceChanged(
                        f"unexpected content: a result of {where} lacks the field `{name}`",
                        "look for what took its place in the document, and change the source module and its test",
                    )
                setattr(result, name, None)


def _require_same_race(race: Weekend) -> None:
    """Stop at a row of another race, which belongs into another document."""
    race_ids = {
        "results": [result.race_id for result in race.results],
        "caution_segments": [caution.race_id for caution in race.caution_segments],
        "race_leaders": [leader.race_id for leader in race.race_leaders],
    }
    for place, found in race_ids.items():
        for position, race_id in enumerate(found):
            if race_id != race.race_id:
                raise SourceChanged(
                    f"unexpected content: race {race_id} at `$.weekend_race[0].{place}[{position}].race_id`",
                    _ASK_AGAIN,
                )


def _once_a_car(results: Sequence[Result]) -> list[Result]:
    """Each car with one place, the best that it has. The same result may be there twice, and a number blank."""
    best: dict[str, Result] = {}
    for result in results:
        car = result.car_number.strip()
        if result.finishing_position and car:
            other = best.setdefault(car, result)
            if result.finishing_position < other.finishing_position:
                best[car] = result
    return [
        result
        for result in results
        if not (result.finishing_position and result.car_number.strip())
        or result.result_id == best[result.car_number.strip()].result_id
    ]


def _first_of_each(rows: Iterable[_Row], key_of: Callable[[_Row], Hashable]) -> list[_Row]:
    """The first row of each key."""
    first: dict[Hashable, _Row] = {}
    for row in rows:
        first.setdefault(key_of(row), row)
    return list(first.values())


def _unknown_words(race: Weekend) -> list[str]:
    return [
        *unknown_words(
            "finishing status",
            ((result.finishing_status or "").strip() for result in race.results),
            seed="finishing_statuses",
            column="finishing_status",
        ),
        *unknown_words(
            "make",
            ((result.car_make or "").strip().lower() for result in race.results),
            seed="make_aliases",
            column="make_text",
        ),
        *unknown_words(
            "reason of a caution",
            ((caution.reason or "").strip() for caution in race.caution_segments),
            seed="caution_reasons",
            column="reason",
        ),
        *_unknown_margin(race),
        *_unknown_tracks([race]),
    ]


def _unknown_margin(race: Weekend) -> list[str]:
    """A notice of words for a margin that have no known meaning; 0 is how the feed writes unknown."""
    from nascar_warehouse.etl.formats.margin import parse_margin

    text = race.margin_of_victory.strip() if isinstance(race.margin_of_victory, str) else ""
    if not text.strip("0. ") or parse_margin(text).kind != "unknown":
        return []
    where = f"{race.race_season}/{race.series_id}/{race.race_id}"
    return [f"{where}: unknown margin {text!r}, stored as it is and not used"]


def _unknown_tracks(races: Sequence[Race]) -> list[str]:
    return unknown_tracks("nascar_feed", {str(race.track_id): race.track_name.strip() for race in races})

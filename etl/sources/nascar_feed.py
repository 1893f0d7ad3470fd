"""The public JSON behind the league's own pages, cf.nascar.com: a season's index and one feed a race weekend.

There is no contract. The index is known from 2015, the weekend feed from 2018, lap times from 2020. 403 means missing
or throttled. The index of a season may answer with another season's races (2017 does). A new field is a notice; a lost
one, another type or a category that is not listed stops the document.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET

from nascar_warehouse.etl.documents import Document, Parsed, Selection, Source, Table, WrongSeason
from nascar_warehouse.etl.formats.json_payload import decode
from nascar_warehouse.etl.sources.nascar_feed_payload import (
    Caution,
    Index,
    Lap,
    LapTimes,
    Leader,
    Race,
    Result,
    StageResult,
    Weekend,
    WeekendFeed,
)
from nascar_warehouse.warehouse.build.seeds import seed_column
from nascar_warehouse.warehouse.errors import SourceChanged

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROOT = "https://cf.nascar.com/cacher"
_FIRST_INDEX = 2015
_FIRST_WEEKEND = 2018
_FIRST_LAPS = 2020

# The feed's series numbers, in the order of SERIES.
_SERIES_NUMBERS = {1: "cup", 2: "nxs", 3: "truck"}

# The closed lists of the feed: field → seed whose column of the same name has the known values.
_SEEDS = {"finishing_status": "finishing_statuses", "reason": "caution_reasons"}

# Fields that every race carries from a season on; their loss is a change of the source, not an old season.
_SINCE = {
    "stage_1_laps": 2017,
    "stage_2_laps": 2017,
    "stage_3_laps": 2017,
    "margin_of_victory": 2018,
    "winner_driver_id": 2020,
}


class NascarFeed(Source):
    """The source; see the module."""

    source_id = "nascar_feed"
    order = 10
    tables = {  # noqa: RUF012  # a constant of the class, read through the protocol
        "nascar_feed_races": Table(Race, ("race_id",)),
        "nascar_feed_results": Table(Result, ("race_id", "result_id")),
        "nascar_feed_weekends": Table(Race, ("race_id",)),
        "nascar_feed_cautions": Table(Caution, ("race_id", "start_lap")),
        "nascar_feed_leaders": Table(Leader, ("race_id", "start_lap", "end_lap")),
        "nascar_feed_stage_results": Table(StageResult, ("race_id", "stage_number", "finishing_position")),
        "nascar_feed_laps": Table(Lap, ("race_id", "car_number", "lap")),
    }

    margin_columns = {  # noqa: RUF012  # as above
        "nascar_feed_races": "margin_of_victory",
        "nascar_feed_weekends": "margin_of_victory",
    }

    def index_documents(self, selection: Selection) -> list[Document]:
        """One index a season."""
        seasons = selection.seasons or tuple(range(_FIRST_INDEX, selection.today.year + 1))
        return [
            Document(
                self.source_id,
                f"{season}/race_list_basic",
                f"{_ROOT}/{season}/race_list_basic.json",
                season=season,
                held_on=date(season, 12, 31),
                is_index=True,
            )
            for season in seasons
        ]

    def detail_documents(self, root: Document, content: bytes, selection: Selection) -> list[Document]:
        """The weekend feed of each wanted race that should have been run by today, and its lap times if wanted."""
        index, _ = _read_index(root.key, content)
        races = [
            race
            for race in _races(index)
            if _SERIES_NUMBERS[race.series_id] in selection.series
            and race.race_season >= _FIRST_WEEKEND
            and _day(race) <= selection.today
        ]
        return [
            self._about(race, name)
            for race in races
            for name in ("weekend-feed", "lap-times")
            if name == "weekend-feed" or (selection.laps and race.race_season >= _FIRST_LAPS)
        ]

    def _about(self, race: Race, name: str) -> Document:
        path = f"{race.race_season}/{race.series_id}/{race.race_id}/{name}"
        said = (
            race.race_date,
            race.actual_laps,
            race.winner_driver_id,
            race.margin_of_victory,
            race.inspection_complete,
        )
        return Document(
            self.source_id,
            path,
            f"{_ROOT}/{path}.json",
            season=race.race_season,
            held_on=_day(race),
            fingerprint=" ".join(map(str, said)),
        )

    def season_of(self, key: str) -> int | None:
        """The first part of the key."""
        return int(key.split("/", maxsplit=1)[0])

    def parse(self, key: str, content: bytes) -> Parsed:
        """The rows of an index, a weekend feed or the lap times of a race, told apart by the key."""
        return _PARSERS[key.rsplit("/", 1)[1]](key, content)


def _parse_index(key: str, content: bytes) -> Parsed:
    index, notices = _read_index(key, content)
    races = _races(index)
    for race in races:
        _settle(race)
    _require_once("races", "race {}", [(race.race_id,) for race in races])
    return Parsed({"nascar_feed_races": races}, notices)


def _parse_weekend(key: str, content: bytes) -> Parsed:
    feed, notices = decode(content, WeekendFeed)
    if len(feed.weekend_race) != 1:
        raise SourceChanged(
            f"unexpected content: {len(feed.weekend_race)} races at `$.weekend_race`, one is due",
            "ask again later; if it stays so, look at what the source means by it",
        )
    race = feed.weekend_race[0]
    found = f"{race.race_season}/{race.series_id}/{race.race_id}"
    if not key.startswith(f"{found}/"):
        raise SourceChanged(
            f"unexpected content: this is race {found} at `$.weekend_race[0]`",
            "ask again later; if it stays so, the source has mixed up its documents",
        )
    if not race.results:
        raise SourceChanged(
            "unexpected content: no results at `$.weekend_race[0].results`",
            "ask again when the race has been run",
        )
    _settle(race)
    _require_same_race(race.race_id, "results", [result.race_id for result in race.results])
    _require_same_race(race.race_id, "caution_segments", [caution.race_id for caution in race.caution_segments])
    _require_same_race(race.race_id, "race_leaders", [leader.race_id for leader in race.race_leaders])
    _require_known("results", "finishing_status", [result.finishing_status for result in race.results])
    _require_known("caution_segments", "reason", [caution.reason for caution in race.caution_segments])
    # The same result may be listed twice, and is taken once; two results of one car are two accounts of its race.
    starts = {(result.car_number, result.result_id) for result in race.results if result.finishing_position}
    _require_once("results", "car {}", [(car_number,) for car_number, _ in sorted(starts)])
    stages = [
        StageResult(race_id=race.race_id, stage_number=stage.stage_number, **msgspec.structs.asdict(position))
        for stage in race.stage_results
        for position in stage.results
    ]
    _require_once("stage_results", "car {} in stage {}", [(stage.car_number, stage.stage_number) for stage in stages])
    rows: dict[str, Sequence[msgspec.Struct]] = {
        "nascar_feed_results": race.results,
        "nascar_feed_weekends": [race],
        "nascar_feed_cautions": race.caution_segments,
        "nascar_feed_leaders": race.race_leaders,
        "nascar_feed_stage_results": stages,
    }
    return Parsed(rows, notices)


def _parse_laps(key: str, content: bytes) -> Parsed:
    times, notices = decode(content, LapTimes)
    race_id = int(key.split("/")[2])
    laps = [
        Lap(
            race_id=race_id,
            car_number=car.number,
            driver_id=car.driver_id,
            driver_fullname=car.full_name,
            lap=lap.lap,
            lap_time=lap.lap_time,
            lap_speed=lap.lap_speed,
            running_position=lap.running_position,
        )
        for car in times.laps
        for lap in car.laps
    ]
    _require_once("laps", "lap {} of car {}", [(lap.lap, lap.car_number) for lap in laps])
    return Parsed({"nascar_feed_laps": laps}, notices)


_PARSERS = {"race_list_basic": _parse_index, "weekend-feed": _parse_weekend, "lap-times": _parse_laps}


def _read_index(key: str, content: bytes) -> tuple[Index, list[str]]:
    index, notices = decode(content, Index)
    season = int(key.split("/", maxsplit=1)[0])
    seasons = sorted({race.race_season for race in _races(index)})
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
    return index, notices


def _races(index: Index) -> list[Race]:
    return [*index.series_1, *index.series_2, *index.series_3]


def _settle(race: Race) -> None:
    """Tell a field that old seasons lack, which becomes unknown, from one that was lost; a race has a day."""
    _day(race)
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


def _require_same_race(race_id: int, place: str, race_ids: Sequence[int]) -> None:
    """Stop at a row of another race: its place is in another document."""
    for position, other in enumerate(race_ids):
        if other != race_id:
            raise SourceChanged(
                f"unexpected content: race {other} at `$.weekend_race[0].{place}[{position}].race_id`",
                "ask again later; if it stays so, the source has mixed up its races",
            )


def _require_once(place: str, name: str, keys: Sequence[tuple[object, ...]]) -> None:
    """Stop at a second row about the same thing: which of the two holds is for the source to say."""
    if len(set(keys)) < len(keys):
        key, count = Counter(keys).most_common(1)[0]
        raise SourceChanged(
            f"unexpected content: {name.format(*key)} is there {count} times in the {place}",
            "ask again later; if it stays so, look which of them is right",
        )


def _require_known(place: str, field: str, texts: Sequence[str]) -> None:
    """Stop at a category that no row of the field's seed lists; what it means is for a person to say."""
    seed = _SEEDS[field]
    known = seed_column(seed, field)
    for position, text in enumerate(texts):
        if text not in known:
            raise SourceChanged(
                f"unknown category {text!r} at `$.weekend_race[0].{place}[{position}].{field}`",
                f"if the source means something new, add a row to sql/seeds/{seed}.csv that says what",
            )


def _day(race: Race) -> date:
    """The day of a race's date, which the feed writes as 2024-05-05T15:00:00."""
    try:
        return date.fromisoformat(race.race_date[:10])
    except ValueError as error:
        raise SourceChanged(
            f"unexpected content: {race.race_date!r} at `race_date` of race {race.race_id} is not a date",
            "ask again later; a race that was run has a day",
        ) from error


SOURCE = NascarFeed()

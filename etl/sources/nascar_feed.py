"""The public JSON behind the league's own pages, cf.nascar.com: a season's index and one feed a race weekend.

There is no contract. The index is known from 2015, the weekend feed from 2018, lap times from 2020. 403 means missing
or throttled. The index of a season may answer with another season's races (2017 does). What is a field here must be
there, except where a default says that some seasons lack it; a new field is a notice; a category that is not listed
stops the document.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from etl.payload import decode
from etl.source import NOTHING, Count, Document, Ignored, Parsed, Selection, Table, Whole, WrongSeason
from warehouse.errors import SourceChanged
from warehouse.seeds import seed_column

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


# Miles, miles an hour, seconds: the columns of staging hold no more, and no race has.
_Figure = Annotated[float, msgspec.Meta(ge=0, le=9_999)]


class _Strict(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    pass


class Race(_Strict, kw_only=True):
    """A race as the season's index lists it. Distances in miles, speeds in mph; 0 and "" stand for unknown."""

    race_id: Whole
    series_id: Literal[1, 2, 3]
    race_season: Whole
    race_name: str
    race_type_id: Literal[1, 2, 3]
    restrictor_plate: bool
    track_id: Whole
    track_name: str
    date_scheduled: str
    race_date: str
    scheduled_distance: _Figure
    actual_distance: _Figure
    scheduled_laps: Count
    actual_laps: Count
    number_of_cars_in_field: Count
    pole_winner_driver_id: Whole
    pole_winner_speed: _Figure
    number_of_lead_changes: Count
    number_of_leaders: Count
    number_of_cautions: Count
    number_of_caution_laps: Count
    average_speed: _Figure
    master_race_id: Whole
    total_race_time: str | None = None
    stage_1_laps: Whole | UnsetType | None = UNSET
    stage_2_laps: Whole | UnsetType | None = UNSET
    stage_3_laps: Whole | UnsetType | None = UNSET
    stage_4_laps: Whole | None = None
    margin_of_victory: str | UnsetType | None = UNSET
    winner_driver_id: Whole | Literal[""] | UnsetType | None = UNSET
    playoff_round: Whole | None = None
    inspection_complete: bool | None = None
    attendance: Whole | None = None

    qualifying_date: Ignored = NOTHING
    tunein_date: Ignored = NOTHING
    race_purse: Ignored = NOTHING
    race_comments: Ignored = NOTHING
    radio_broadcaster: Ignored = NOTHING
    television_broadcaster: Ignored = NOTHING
    satellite_radio_broadcaster: Ignored = NOTHING
    short_name: Ignored = NOTHING
    infractions: Ignored = NOTHING
    has_qualifying: Ignored = NOTHING
    is_qualifying_race: Ignored = NOTHING
    qualifying_race_no: Ignored = NOTHING
    qualifying_race_id: Ignored = NOTHING
    pole_winner_laptime: Ignored = NOTHING

    @property
    def is_final(self) -> bool:
        """Whether the race had been run when this was written; a later difference is a correction."""
        return bool(self.total_race_time)


class Result(_Strict, kw_only=True):
    """A car's result. `finishing_position` 0 did not start; `diff_time` is in ms behind the winner, 0 is unknown."""

    race_id: Whole
    result_id: Whole
    series_id: Literal[1, 2, 3]
    race_season: Whole
    finishing_position: Count
    starting_position: Count
    car_number: str
    official_car_number: str
    driver_id: Whole | None
    driver_fullname: str | None
    team_id: Whole
    team_name: str
    owner_id: Whole | None
    owner_fullname: str | None
    crew_chief_fullname: str | None
    crew_chief_id: Whole | None = None
    car_make: str
    car_model: str | None
    sponsor: str | None
    hometown_city: str | None
    hometown_state: str | None
    hometown_country: str | None = None
    qualifying_position: Count
    qualifying_speed: _Figure
    laps_completed: Count
    laps_led: Count
    times_led: Count
    finishing_status: str
    disqualified: bool | None
    diff_laps: Whole | None
    diff_time: Whole | None
    points_earned: Whole
    playoff_points_earned: Whole | None
    points_position: Whole

    driver_hometown: Ignored = NOTHING
    qualifying_order: Ignored = NOTHING
    winnings: Ignored = NOTHING
    points_delta: Ignored = NOTHING


class Caution(_Strict):
    """A caution period, both laps included."""

    race_id: Whole
    start_lap: Count
    end_lap: Count
    flag_state: Whole
    reason: str
    comment: str | None
    beneficiary_car_number: str | None


class Leader(_Strict):
    """A stretch of laps that one car led, both laps included; 0 to 0 is the car on the pole before the start."""

    race_id: Whole
    start_lap: Count
    end_lap: Count
    car_number: str


class _StagePosition(_Strict):
    finishing_position: Count
    car_number: str
    driver_id: Whole | None
    driver_fullname: str | None
    stage_points: Whole


class _Stage(_Strict):
    stage_number: Count
    results: list[_StagePosition]


class StageResult(_Strict):
    """A car's place at the end of a stage; the feed lists the first ten."""

    race_id: Whole
    stage_number: Count
    finishing_position: Count
    car_number: str
    driver_id: Whole | None
    driver_fullname: str | None
    stage_points: Whole


class Weekend(Race, kw_only=True):
    """The one race of a weekend feed, with what happened in it."""

    results: list[Result]
    caution_segments: list[Caution]
    race_leaders: list[Leader]
    stage_results: list[_Stage]

    pit_reports: Ignored = NOTHING


class _Index(_Strict):
    series_1: list[Race]
    series_2: list[Race]
    series_3: list[Race]


class _WeekendFeed(_Strict):
    weekend_race: list[Weekend]
    weekend_runs: Ignored = NOTHING


class _Lap(_Strict):
    lap: Whole = msgspec.field(name="Lap")
    lap_time: _Figure | None = msgspec.field(name="LapTime")
    lap_speed: str | None = msgspec.field(name="LapSpeed")
    running_position: Whole = msgspec.field(name="RunningPos")


class _CarLaps(_Strict):
    number: str = msgspec.field(name="Number")
    full_name: str = msgspec.field(name="FullName")
    driver_id: Whole | None = msgspec.field(name="NASCARDriverID")
    laps: list[_Lap] = msgspec.field(name="Laps")
    manufacturer: Ignored = msgspec.field(name="Manufacturer", default=NOTHING)
    running_position: Ignored = msgspec.field(name="RunningPos", default=NOTHING)


class _LapTimes(_Strict):
    laps: list[_CarLaps]
    flags: Ignored = NOTHING


class Lap(_Strict):
    """A lap of a car: time in seconds, speed in mph, the place at its end. Lap 0 is the run to the green flag."""

    race_id: Whole
    car_number: str
    driver_id: Whole | None
    driver_fullname: str
    lap: Whole
    lap_time: _Figure | None
    lap_speed: str | None
    running_position: Whole


class NascarFeed:
    """The source; see the module."""

    source_id = "nascar_feed"
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

    def roots(self, selection: Selection) -> list[Document]:
        """One index a season."""
        seasons = selection.seasons or tuple(range(_FIRST_INDEX, selection.today.year + 1))
        return [
            Document(
                self.source_id,
                f"{season}/race_list_basic",
                f"{_ROOT}/{season}/race_list_basic.json",
                season=season,
                held_on=date(season, 12, 31),
                is_root=True,
            )
            for season in seasons
        ]

    def branches(self, root: Document, content: bytes, selection: Selection) -> list[Document]:
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
            stamp=" ".join(map(str, said)),
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
    return Parsed({"nascar_feed_races": races}, notices)


def _parse_weekend(key: str, content: bytes) -> Parsed:
    feed, notices = decode(content, _WeekendFeed)
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
    stages = [
        StageResult(race_id=race.race_id, stage_number=stage.stage_number, **msgspec.structs.asdict(position))
        for stage in race.stage_results
        for position in stage.results
    ]
    rows: dict[str, Sequence[msgspec.Struct]] = {
        "nascar_feed_results": race.results,
        "nascar_feed_weekends": [race],
        "nascar_feed_cautions": race.caution_segments,
        "nascar_feed_leaders": race.race_leaders,
        "nascar_feed_stage_results": stages,
    }
    return Parsed(rows, notices)


def _parse_laps(key: str, content: bytes) -> Parsed:
    times, notices = decode(content, _LapTimes)
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
    return Parsed({"nascar_feed_laps": laps}, notices)


_PARSERS = {"race_list_basic": _parse_index, "weekend-feed": _parse_weekend, "lap-times": _parse_laps}


def _read_index(key: str, content: bytes) -> tuple[_Index, list[str]]:
    index, notices = decode(content, _Index)
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


def _races(index: _Index) -> list[Race]:
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

"""The public JSON behind the league's own pages, cf.nascar.com: a season's index and one feed a race weekend.

There is no contract. The index is known from 2015, the weekend feed from 2017, lap times and pit stops from 2020, the
last frame of the live feed from 2017, its flags from 2019; since when there are loop data is not known. 403 means
missing or throttled. The index of a season may answer with another season's races, as that of 2017 does: the ids of its
races are known from elsewhere. `nascar_feed_schema.py` has the shapes, `nascar_feed_rows.py` says what
stops a document.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from nascar_warehouse.etl.documents import Document, Parsed, Selection, Source, Table
from nascar_warehouse.etl.sources.nascar_feed_flags import Flag, parse_flags
from nascar_warehouse.etl.sources.nascar_feed_laps import Lap, parse_laps
from nascar_warehouse.etl.sources.nascar_feed_live import FrameCar, parse_live
from nascar_warehouse.etl.sources.nascar_feed_loops import LoopStatistics, parse_loops
from nascar_warehouse.etl.sources.nascar_feed_pits import PitStop, parse_pits
from nascar_warehouse.etl.sources.nascar_feed_rows import day_of, parse_index, parse_weekend, read_index
from nascar_warehouse.etl.sources.nascar_feed_schema import Caution, Leader, Race, Result, StageResult
from nascar_warehouse.warehouse.build.seeds import seed_rows

if TYPE_CHECKING:
    from collections.abc import Callable

_HOST = "https://cf.nascar.com"
_ROOT = f"{_HOST}/cacher"
_FIRST_INDEX = 2015
_FIRST_WEEKEND = 2017

# The documents of a race: what `--with` calls them, "" for what is always fetched, and their first season.
_OF_RACE = {
    "weekend-feed": ("", _FIRST_WEEKEND),
    "lap-times": ("laps", 2020),
    "live-feed": ("live", 2017),
    "live-pit-data": ("pits", 2020),
    "live-flag-data": ("flags", 2019),
    "loopstats": ("loops", _FIRST_WEEKEND),
}

# The documents that are elsewhere than their key says, by name.
_ADDRESSES = {
    "live-feed": _ROOT + "/live/series_{series}/{race_id}/live-feed.json",
    "live-flag-data": _ROOT + "/live/series_{series}/{race_id}/live-flag-data.json",
    "loopstats": _HOST + "/loopstats/prod/{season}/{series}/{race_id}.json",
}

# The feed's series numbers.
_SERIES_NUMBERS = {1: "cup", 2: "nxs", 3: "truck"}


class NascarFeed(Source):
    """The source; see the module."""

    source_id = "nascar_feed"
    order = 10
    tables = {  # noqa: RUF012  # a constant of the class, read through the protocol
        "nascar_feed_races": Table(Race, ("race_id",), race=("race_id",), done=("total_race_time", "winner_driver_id")),
        "nascar_feed_results": Table(Result, ("race_id", "result_id"), race=("race_id",), done=("finishing_position",)),
        "nascar_feed_weekends": Table(Race, ("race_id",)),
        "nascar_feed_cautions": Table(Caution, ("race_id", "start_lap")),
        "nascar_feed_leaders": Table(Leader, ("race_id", "start_lap", "end_lap")),
        "nascar_feed_stage_results": Table(StageResult, ("race_id", "stage_number", "finishing_position")),
        "nascar_feed_laps": Table(Lap, ("race_id", "car_number", "lap")),
        "nascar_feed_frame_cars": Table(FrameCar, ("race_id", "car_number")),
        "nascar_feed_pit_stops": Table(PitStop, ("race_id", "car_number", "pit_in_race_time", "lap_count")),
        "nascar_feed_flags": Table(Flag, ("race_id", "flag_number")),
        "nascar_feed_loop_statistics": Table(LoopStatistics, ("race_id", "driver_id")),
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
        """The documents of each wanted race that was run, or should be by today: a day may be wrong for weeks."""
        races, _ = read_index(root.key, content)
        return [
            _of_race(race, name, day)
            for race in races
            if (day := day_of(race)) is not None
            and _SERIES_NUMBERS[race.series_id] in selection.series
            and (race.is_final or day <= selection.today)
            for name in _names_of_race(race.race_season, selection)
        ]

    def unindexed_documents(self, index: Document, selection: Selection) -> list[Document]:
        """The documents of races of a season whose index is not its own, by the ids of `feed_race_ids.csv`."""
        season = self.season_of(index.key)
        numbers = {series_id: number for number, series_id in _SERIES_NUMBERS.items()}
        return [
            _document(f"{season}/{numbers[row['series_id']]}/{race_id}/{name}", season, date(season, 12, 31))
            for row in seed_rows("feed_race_ids")
            if int(row["season"]) == season and row["series_id"] in selection.series
            for race_id in range(int(row["first_race_id"]), int(row["last_race_id"]) + 1)
            for name in _names_of_race(season, selection)
        ]

    def season_of(self, key: str) -> int:
        """The first part of the key."""
        return int(key.split("/", maxsplit=1)[0])

    def subject_of(self, key: str) -> str:
        """The key without the series: the feed may move a race to another series, and with it its documents."""
        season, *series_and_race, name = key.split("/")
        return "/".join((season, *series_and_race[1:], name))

    def parse(self, key: str, content: bytes) -> Parsed:
        """The rows of an index or of a document of a race; the key says which."""
        return _PARSERS[key.rsplit("/", 1)[1]](key, content)


_PARSERS: dict[str, Callable[[str, bytes], Parsed]] = {
    "race_list_basic": parse_index,
    "weekend-feed": parse_weekend,
    "lap-times": parse_laps,
    "live-feed": parse_live,
    "live-pit-data": parse_pits,
    "live-flag-data": parse_flags,
    "loopstats": parse_loops,
}


def _names_of_race(season: int, selection: Selection) -> list[str]:
    return [
        name
        for name, (extra, first_season) in _OF_RACE.items()
        if season >= first_season and (not extra or extra in selection.extras)
    ]


def _of_race(race: Race, name: str, day: date) -> Document:
    """A document of a race; its fingerprint changes with the race's row in the index."""
    row = (race.race_date, race.actual_laps, race.winner_driver_id, race.margin_of_victory, race.inspection_complete)
    key = f"{race.race_season}/{race.series_id}/{race.race_id}/{name}"
    # The others are not promised: not every race has them.
    is_expected = name == "weekend-feed" and race.is_final
    return _document(key, race.race_season, day, " ".join(map(str, row)), is_expected=is_expected)


def _document(key: str, season: int, held_on: date, fingerprint: str = "", *, is_expected: bool = False) -> Document:
    return Document(
        NascarFeed.source_id,
        key,
        _url(key),
        season=season,
        held_on=held_on,
        fingerprint=fingerprint,
        is_expected=is_expected,
    )


def _url(key: str) -> str:
    name = key.rsplit("/", 1)[1]
    if name not in _ADDRESSES:
        return f"{_ROOT}/{key}.json"
    season, series, race_id, _ = key.split("/")
    return _ADDRESSES[name].format(season=season, series=series, race_id=race_id)


SOURCE = NascarFeed()

"""Season tables and results of the Cup Series since 1949: the CSV files of armstjc/racing-data-repository (MIT).

They are Racing-Reference's tables, a file a season. In the results of 1949 to 2015 the header lacks the money column,
so that every value after the laps stands one column to the left of its name; the content says which files those are.
Dates are MM/DD/YY, and some seasons began in the year before. A row without a driver and a place is left out, such as
that of a race to come, and so are the results of a race in which no car has a place.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from nascar_warehouse.etl.documents import Document, Parsed, Selection, Source, Table
from nascar_warehouse.etl.sources.words import new_fields, rows_left_out, unknown_tracks, unknown_words
from nascar_warehouse.warehouse.errors import SourceChanged

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

_ROOT = "https://raw.githubusercontent.com/armstjc/racing-data-repository/main/racing_reference/nascar_cup"
_FIRST_SEASON = 1949

_LATER = "ask again later; if it stays so, look at the document and change etl/sources/racing_data.py and its test"

# After these, old files lack the name of the money column.
_SHIFTED = ("race_status", "race_laps_lead", "points_earned", "playoff_points_earned")


class ScheduledRace(msgspec.Struct, gc=False):
    """A row of a season's table: a race that was run. Every value is the text of the file."""

    season: str
    series_id: str
    race_num: str
    race_date: str
    race_short_id: str | None
    race_track_name: str
    race_track_id: str
    race_car_count: str | None
    race_winner_name: str | None
    race_winner_real_id: str | None
    race_winner_starting_pos: str | None
    race_winner_make: str | None
    race_lap_len: str | None
    race_track_surface: str | None
    race_miles_completed: str | None
    race_purse_completed: str | None
    race_pole_time: str | None
    race_cautions: str | None
    race_speed: str | None
    race_lead_changes: str | None
    race_url: str
    race_track_url: str | None
    race_winner_url: str | None
    race_id: str
    """The part of `race_url` that names the race, which the results use."""


class Result(msgspec.Struct, gc=False):
    """A row of a season's results, each value in its own column; `race_money` has no name in the old files."""

    season: str
    series_id: str
    race_id: str
    race_id_short: str | None
    finish_position: str
    starting_position: str | None
    driver_number: str | None
    driver_nationality: str | None
    driver_id: str | None
    driver_name: str | None
    sponsor: str | None
    owner_id: str | None
    car: str | None
    race_laps_run: str | None
    race_money: str | None
    race_status: str | None
    race_laps_lead: str | None
    points_earned: str | None
    playoff_points_earned: str | None


_SCHEDULE = Table(ScheduledRace, ("race_id",), race=("race_id",), done=("race_winner_name",))
_RESULTS = Table(Result, ("race_id", "driver_id", "driver_number"), race=("race_id",))


class RacingData(Source):
    """The source; see the module."""

    source_id = "racing_data"
    order = 20
    tables = {"racing_data_races": _SCHEDULE, "racing_data_results": _RESULTS}  # noqa: RUF012  # a constant of the class, read through the protocol

    def index_documents(self, selection: Selection) -> list[Document]:
        """One table a season."""
        seasons = selection.seasons or tuple(range(_FIRST_SEASON, selection.today.year + 1))
        return [
            self._about(season, "schedule", is_index=True)
            for season in seasons
            if season >= _FIRST_SEASON and "cup" in selection.series
        ]

    def detail_documents(self, root: Document, content: bytes, selection: Selection) -> list[Document]:  # noqa: ARG002  # has all series or none
        """The results of a season that has races; they are due again when its table has more."""
        if not content.startswith(b"season,"):
            raise SourceChanged("unexpected content: it does not begin with the column `season`", _LATER)
        return [
            self._about(
                self.season_of(root.key), "race_results", fingerprint=f"{content.count(b'/race-results/')} races"
            )
        ]

    def _about(self, season: int, name: str, *, is_index: bool = False, fingerprint: str = "") -> Document:
        return Document(
            self.source_id,
            f"{season}/{name}",
            f"{_ROOT}/{name}/{season}_{name}.csv",
            season=season,
            held_on=date(season, 12, 31),
            is_index=is_index,
            fingerprint=fingerprint,
        )

    def season_of(self, key: str) -> int:
        """The first part of the key."""
        return int(key.split("/", maxsplit=1)[0])

    def parse(self, key: str, content: bytes) -> Parsed:
        """The rows of a season's table or of its results, which the key says."""
        return _PARSERS[key.rsplit("/", 1)[1]](self.season_of(key), content)


def _parse_schedule(season: int, content: bytes) -> Parsed:
    import polars as pl

    from nascar_warehouse.etl.formats.tabular import read_csv, require

    named = [name for name in _SCHEDULE.columns if name != "race_id"]
    frame, new_columns = read_csv(content, named, optional={"race_short_id"})
    frame = frame.with_columns(race_id=pl.col("race_url").str.extract(r"/race-results/([^/]+)/"))
    frame, notices = _without_blank_rows(frame, f"{season}/schedule", ("race_winner_name", "race_id"))
    _require_season(frame, season)
    require(frame, "race_num", pl.col("race_num").str.contains(r"^[1-9]\d?$") & pl.col("race_num").is_unique())
    require(frame, "race_url", pl.col("race_id").is_not_null() & pl.col("race_id").is_unique())
    # Two digits of a year: a season has races of its own year, and old ones of the year before.
    years = [f"{year % 100:02}" for year in (season, season - 1)]
    is_day = pl.col("race_date").str.to_date("%m/%d/%y", strict=False).is_not_null()
    is_whole = pl.col("race_date").str.contains(r"^\d\d/\d\d/\d\d$")
    require(frame, "race_date", is_day & is_whole & pl.col("race_date").str.slice(-2).is_in(years))
    venues = frame.select("race_track_id", "race_track_name").drop_nulls().unique().iter_rows()
    notices += unknown_tracks("racing_data", {track_id.strip(): name.strip() for track_id, name in venues})
    return Parsed({"racing_data_races": frame}, [*new_fields(new_columns), *notices])


def _parse_results(season: int, content: bytes) -> Parsed:
    import polars as pl

    from nascar_warehouse.etl.formats.tabular import read_csv, require

    named = [name for name in _RESULTS.columns if name != "race_money"]
    frame, new_columns = read_csv(content, named, optional={"race_id_short"})
    frame, notices = _without_blank_rows(frame, f"{season}/race_results", ("driver_name", "finish_position"))
    entered = frame.height
    # A place that is blank or 0 for every car: a race to come.
    has_place = pl.col("finish_position").fill_null("").str.strip_chars("0 ") != ""
    frame = frame.filter(has_place.any().over("race_id"))
    notices += rows_left_out(
        f"{season}/race_results", entered - frame.height, "entries of a race without a single place"
    )
    _require_season(frame, season)
    frame = _undo_shift(frame).select(*_RESULTS.columns)
    require(frame, "finish_position", pl.col("finish_position").str.contains(r"^\d{1,3}$"))
    require(frame, "race_id", pl.col("race_id").is_not_null())
    return Parsed({"racing_data_results": frame}, [*new_fields(new_columns), *notices, *_unknown_words(frame)])


_PARSERS: dict[str, Callable[[int, bytes], Parsed]] = {"schedule": _parse_schedule, "race_results": _parse_results}


def _undo_shift(frame: pl.DataFrame) -> pl.DataFrame:
    """Put each value under its name, by what the columns hold: a status has letters, money and laps have digits."""
    import polars as pl

    right = _are_words(frame["race_status"]) and _are_numbers(frame["race_laps_lead"])
    shifted = _are_numbers(frame["race_status"]) and _are_words(frame["race_laps_lead"])
    if right:
        return frame.with_columns(race_money=pl.lit(None, pl.String))
    if shifted:
        there = ("race_money", *_SHIFTED)
        return frame.with_columns(
            *(pl.col(here).alias(name) for here, name in zip(_SHIFTED, there, strict=False)),
            playoff_points_earned=pl.lit(None, pl.String),
        )
    raise SourceChanged(
        "unexpected content: neither `race_status` nor `race_laps_lead` holds words where the other holds numbers",
        _LATER,
    )


def _are_words(column: pl.Series) -> bool:
    stated = column.drop_nulls()
    return not stated.is_empty() and not stated.str.contains(r"^-?[\d,.]+$").any()


def _are_numbers(column: pl.Series) -> bool:
    return bool(column.drop_nulls().str.contains(r"^-?\d*$").all())


def _without_blank_rows(frame: pl.DataFrame, key: str, columns: tuple[str, str]) -> tuple[pl.DataFrame, list[str]]:
    """Leave out the rows in which both columns are blank, such as those of races to come, and repeated rows."""
    import polars as pl

    def is_blank(column: str) -> pl.Expr:
        return pl.col(column).fill_null("").str.strip_chars() == ""

    first, second = columns
    stated = frame.filter(~(is_blank(first) & is_blank(second)))
    kept = stated.unique(maintain_order=True)
    return kept, [
        *rows_left_out(key, frame.height - stated.height, f"neither `{first}` nor `{second}`"),
        *rows_left_out(key, stated.height - kept.height, "repeated"),
    ]


def _unknown_words(results: pl.DataFrame) -> list[str]:
    import polars as pl

    statuses = results["race_status"].str.strip_chars().str.to_lowercase().unique()
    makes = results.select(
        pl.col("car").str.strip_chars().str.replace(r"^'[0-9]{2} ", "").str.strip_chars().str.to_lowercase()
    )["car"].unique()
    return [
        *unknown_words("status", statuses, seed="result_statuses", column="status_text"),
        *unknown_words("make", [make for make in makes if make != "-"], seed="make_aliases", column="make_text"),
    ]


def _require_season(frame: pl.DataFrame, season: int) -> None:
    import polars as pl

    from nascar_warehouse.etl.formats.tabular import require

    if frame.is_empty():
        raise SourceChanged(f"unexpected content: the season {season} has no rows", _LATER)
    require(frame, "season", pl.col("season") == str(season))
    require(frame, "series_id", pl.col("series_id") == "W")


SOURCE = RacingData()

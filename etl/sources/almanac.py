"""Curated facts that come with the program, one citation a row: the warehouse that exists without a network.

The files lie in `etl/almanac/`; nothing is fetched. They are landed like any other document, so that a corrected fact
is a new version of its file and the correction shows in `ops.changes`.
"""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec

from nascar_warehouse.etl.documents import (
    PACKAGE,
    UNCONDITIONAL,
    Access,
    Document,
    Fetcher,
    Parsed,
    Response,
    Selection,
    Source,
    Table,
    Validators,
)
from nascar_warehouse.warehouse.errors import SourceChanged

if TYPE_CHECKING:
    from collections.abc import Callable

_URL = "package:nascar-warehouse/etl/almanac"


class _Row(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """Every value is the text of the file; empty is None. Staging casts."""


class Finish(_Row):
    """How a race was finished: its facts, the first two on the line, and the margin as its source prints it."""

    race_id: str
    race_date: str
    race_name: str
    track_name: str
    awards_points: str
    counts_as_official_win: str
    winner: str
    winner_car_number: str | None
    winner_make: str | None
    runner_up: str | None
    runner_up_car_number: str | None
    runner_up_make: str | None
    laps_completed: str | None
    average_speed_mph: str | None
    pole_speed_mph: str | None
    margin_text: str | None
    note: str | None
    verification: str
    source_url: str
    details_source_url: str | None


class Margin(_Row):
    """A margin of victory as one page prints it; a race has a row for each page.

    `publisher` is whose figure it is: two pages with one publisher, such as copies of one wire report, count once.
    `doubt` says why the figure should not be selected over another.
    """

    race_id: str
    race_date: str
    race_name: str
    track_name: str
    winner: str
    runner_up: str
    margin_text: str
    publisher: str
    source_url: str
    note: str | None
    doubt: str | None


class ChangedOutcome(_Row):
    """A race whose outcome or printed margin is not what it first was, and why."""

    race_id: str
    race_date: str
    what: str
    line_winner: str | None
    line_runner_up: str | None
    official_winner: str | None
    official_runner_up: str | None
    line_margin_text: str | None
    official_margin_seconds: str | None
    decided_on: str | None
    note: str | None
    source_url: str


class Result(_Row):
    """A car's result."""

    race_id: str
    finish_position: str
    driver_name: str
    car_number: str | None
    make: str | None
    laps_completed: str | None
    status: str | None
    note: str | None
    source_url: str


class SeriesName(_Row):
    """What a series was called, from one season to another; no last season is today's name."""

    series_id: str
    first_season: str
    last_season: str | None
    series_name: str
    note: str | None
    source_url: str


class SeasonCount(_Row):
    """How many points races a season had."""

    series_id: str
    season: str
    points_races: str
    note: str | None
    source_url: str


class CareerWins(_Row):
    """How many official wins a driver has in a series by the record books, through a season."""

    series_id: str
    driver_name: str
    wins: str
    through_season: str
    note: str | None
    source_url: str


class Champion(_Row):
    """Who won the title of drivers or of manufacturers in a season."""

    series_id: str
    season: str
    title: str
    champion: str
    note: str | None
    source_url: str


_TABLES = {
    "finishes": ("almanac_finishes", Table(Finish, ("race_id",))),
    "margins": ("almanac_margins", Table(Margin, ("race_id", "source_url", "margin_text"))),
    "results": ("almanac_results", Table(Result, ("race_id", "finish_position"))),
    "changed_outcomes": ("almanac_changed_outcomes", Table(ChangedOutcome, ("race_id", "what"))),
    "series_names": ("almanac_series_names", Table(SeriesName, ("series_id", "first_season"))),
    "career_wins": ("almanac_career_wins", Table(CareerWins, ("series_id", "driver_name"))),
    "season_counts": ("almanac_season_counts", Table(SeasonCount, ("series_id", "season"))),
    "champions": ("almanac_champions", Table(Champion, ("series_id", "season", "title"))),
}


class Almanac(Source):
    """The source; see the module."""

    source_id = "almanac"
    access: Access = "built_in"
    order = 0
    tables = dict(_TABLES.values())  # noqa: RUF012  # a constant of the class, read through the protocol
    margin_columns = {  # noqa: RUF012  # as above
        "almanac_finishes": "margin_text",
        "almanac_margins": "margin_text",
        "almanac_changed_outcomes": "line_margin_text",
    }

    def index_documents(self, selection: Selection) -> list[Document]:  # noqa: ARG002  # the almanac is one whole
        """Every file of the almanac."""
        return [Document(self.source_id, key, f"{_URL}/{key}.csv", is_index=True) for key in _TABLES]

    def parse(self, key: str, content: bytes) -> Parsed:
        """The rows of a file; a column too many or too few raises `SourceChanged`."""
        table, shape = _TABLES[key]
        try:
            reader = csv.DictReader(io.StringIO(content.decode()))
        except UnicodeDecodeError as error:
            raise SourceChanged(f"is not UTF-8: {error}", f"correct etl/almanac/{key}.csv") from error
        try:
            rows = [msgspec.convert({name: value or None for name, value in row.items()}, shape.row) for row in reader]
        except msgspec.ValidationError as error:
            raise SourceChanged(f"line {reader.line_num}: {error}", f"correct etl/almanac/{key}.csv") from error
        return Parsed({table: rows})

    def open_local(self, folder: str | None) -> tuple[Source, Fetcher]:  # noqa: ARG002  # the files come with the program
        """The almanac, with the files that came with the program."""
        return self, PackageFiles()


class PackageFiles:
    """The fetcher of the almanac: the files that came with the program."""

    origin = PACKAGE

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now

    def fetch(self, url: str, *, validators: Validators = UNCONDITIONAL) -> Response:  # noqa: ARG002  # reading is cheaper than comparing
        """The bytes of an almanac file."""
        content = files("nascar_warehouse.etl").joinpath("almanac", url.rsplit("/", 1)[1]).read_bytes()
        return Response(url=url, status=200, body=content, etag=None, last_modified=None, fetched_at=self._now())

    def close(self) -> None:
        """Nothing is open."""


SOURCE = Almanac()

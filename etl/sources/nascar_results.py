"""Results of the three series since their first seasons: the Parquet files of nascaR.data, refreshed on Mondays.

Kyle Grealis makes them with the permission of DriverAverages.com; credit both. They have no dates. A file ends with a
placeholder row of the season to come; such a row, without a driver and a place, is left out, and so are the rows of a
race in which no car has a place. Some races of 1954 to 1973 have each other's number: `core.source_races` has the race
of ours that a row belongs to. A car number that two cars of a race have is unknown, unless `check_exceptions.csv` lists
it: one slip must not cost the file, which has all seasons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from nascar_warehouse.etl.documents import SERIES, Document, Parsed, Selection, Source, Table
from nascar_warehouse.etl.sources.words import new_fields, rows_left_out, unknown_tracks, unknown_words
from nascar_warehouse.warehouse.build.seeds import seed_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

_ROOT = "https://nascar.kylegrealis.com"

# The published layout: column → type.
_LAYOUT: Mapping[str, type] = {
    "Season": int,
    "Race": int,
    "Track": str,
    "Name": str,
    "Length": float,
    "Surface": str,
    "Finish": int,
    "Start": int,
    "Car": str,
    "Driver": str,
    "Team": str,
    "Make": str,
    "Pts": int,
    "Laps": int,
    "Led": int,
    "Status": str,
    "S1": float,
    "S2": float,
    "S3": float,
    "Rating": float,
    "Win": float,
}

# No number is near these bounds; one that no column holds would stop the whole build.
_BOUNDS: Mapping[str, tuple[int, int]] = {
    "Season": (1949, 2200),
    "Race": (1, 99),
    "Length": (0, 100),
    "Finish": (1, 200),
    "Start": (0, 200),
    "Pts": (-10_000, 100_000),
    "Laps": (0, 10_000),
    "Led": (0, 10_000),
    "S1": (0, 1000),
    "S2": (0, 1000),
    "S3": (0, 1000),
    "Rating": (0, 1000),
}


# Until this season its race numbers may be others than ours, by which exceptions are listed.
_LAST_OTHER_NUMBERS = 1973


class Result(msgspec.Struct, gc=False):
    """A car's result. The columns of the file in lower case, and `race_key`, which names series, season and number."""

    race_key: str
    series_id: str
    season: int
    race: int
    track: str
    name: str | None
    length: float | None
    surface: str | None
    finish: int | None
    start: int | None
    car: str | None
    driver: str
    team: str | None
    make: str | None
    pts: int | None
    laps: int | None
    led: int | None
    status: str | None
    s1: float | None
    s2: float | None
    s3: float | None
    rating: float | None
    win: float | None


_RESULTS = Table(Result, ("race_key", "driver", "car"), race=("race_key",), season="season", done=("finish",))


class NascarResults(Source):
    """The source; see the module."""

    source_id = "nascar_results"
    order = 30
    tables = {"nascar_results_results": _RESULTS}  # noqa: RUF012  # a constant of the class, read through the protocol

    def index_documents(self, selection: Selection) -> list[Document]:
        """One file a series, with all its seasons."""
        return [
            Document(self.source_id, f"{series_id}_series", f"{_ROOT}/{series_id}_series.parquet", is_index=True)
            for series_id in SERIES
            if series_id in selection.series
        ]

    def parse(self, key: str, content: bytes) -> Parsed:
        """The rows of a series, without the placeholder."""
        import polars as pl

        from nascar_warehouse.etl.formats.tabular import read_parquet, require

        series_id = key.removesuffix("_series")
        whole, new_columns = read_parquet(content, _LAYOUT)
        # Not a number is how a mean of nothing is written.
        whole = whole.with_columns(pl.col(pl.Float64).fill_nan(None))
        says_nothing = (_text("Driver") == "") & pl.col("Finish").is_null()
        stated = whole.filter(~says_nothing)
        # One such row at the end is normal.
        left_out = whole.height - stated.height - whole.tail(1).filter(says_nothing).height
        # The cars that are entered for a race to come.
        placed = stated.filter((pl.col("Finish") > 0).any().over("Season", "Race"))
        frame = placed.unique(maintain_order=True)
        require(frame, "Season", pl.col("Season").is_between(*_BOUNDS["Season"]))
        require(frame, "Track", pl.col("Track").str.strip_chars() != "")
        require(frame, "Driver", pl.col("Driver").str.strip_chars() != "")
        require(frame, "Race", pl.col("Race").is_not_null())
        for name, (least, most) in _BOUNDS.items():
            require(frame, name, pl.col(name).is_between(least, most) | pl.col(name).is_null())
        number = pl.col("race").cast(pl.String).str.zfill(2)
        rows = frame.rename(str.lower).with_columns(
            series_id=pl.lit(series_id),
            race_key=pl.format(f"{series_id}-{{}}-{{}}", "season", number),
        )
        rows, shared = _without_shared_numbers(rows)
        notices = [
            *new_fields(new_columns),
            *rows_left_out(key, left_out, "neither a driver nor a place"),
            *rows_left_out(key, stated.height - placed.height, "entries of a race without a single place"),
            *rows_left_out(key, placed.height - frame.height, "repeated"),
            *(f"{key}: two cars have the number {shown}, which is unknown for both" for shown in shared),
            *_unknown_words(frame),
        ]
        return Parsed({"nascar_results_results": rows.select(*_RESULTS.columns)}, notices)


def _without_shared_numbers(rows: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Make a number unknown that two cars of a race have and no exception lists; returns each with its race too."""
    import polars as pl

    listed = [row["row_key"] for row in seed_rows("check_exceptions") if row["check_name"] == "entry_is_unique"]
    numbered = pl.concat_str("race_key", pl.col("car").str.strip_chars(), separator=" ")
    is_shared = (
        (pl.col("season") > _LAST_OTHER_NUMBERS)
        & (pl.col("finish") > 0)
        & (_text("car") != "")
        & (pl.len().over("race_key", _text("car"), pl.col("finish") > 0) > 1)
        & ~numbered.is_in(listed)
    ).fill_null(value=False)
    shared = rows.filter(is_shared).select(numbered.unique().sort()).to_series().to_list()
    return (rows.with_columns(car=pl.when(~is_shared).then("car")) if shared else rows), shared


def _text(column: str) -> pl.Expr:
    """A column of texts without space around them; unknown is blank."""
    import polars as pl

    return pl.col(column).fill_null("").str.strip_chars()


def _unknown_words(frame: pl.DataFrame) -> list[str]:
    words = frame.select(_text("Status").str.to_lowercase(), _text("Make").str.to_lowercase(), _text("Track"))
    makes = [make for make in words["Make"].unique() if make != "-"]
    return [
        *unknown_words("status", words["Status"].unique(), seed="result_statuses", column="status_text"),
        *unknown_words("make", makes, seed="make_aliases", column="make_text"),
        *unknown_tracks("nascar_results", {track: track for track in words["Track"].unique()}),
    ]


SOURCE = NascarResults()

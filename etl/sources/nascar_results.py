"""Results of the three series since their first seasons: the Parquet files of nascaR.data, refreshed on Mondays.

Kyle Grealis makes them with the permission of DriverAverages.com; credit both. They have no dates. A file ends with a
placeholder row of the season to come, with nothing in it. Some races of 1954 to 1973 have each other's number; which
race of ours a row belongs to is said in `core.source_races`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from nascar_warehouse.etl.documents import SERIES, Document, Parsed, Selection, Source, Table
from nascar_warehouse.warehouse.build.seeds import seed_column
from nascar_warehouse.warehouse.errors import SourceChanged

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

_ROOT = "https://nascar.kylegrealis.com"

_LATER = "ask again later; if it stays so, look at the document and change etl/sources/nascar_results.py and its test"

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


# What the numbers may be, by far; a file can say anything, and a number that no column holds stops the whole build.
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


_RESULTS = Table(Result, ("race_key", "driver", "car"))


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
        frame, new_columns = read_parquet(content, _LAYOUT)
        require(frame, "Season", pl.col("Season").is_between(*_BOUNDS["Season"]))
        frame = _without_placeholder(frame)
        status = pl.col("Status").fill_null("").str.strip_chars().str.to_lowercase()
        known = ["", *seed_column("result_statuses", "status_text")]
        require(
            frame, "Status", status.is_in(known), "add a row to sql/seeds/result_statuses.csv that says what it means"
        )
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
        return Parsed({"nascar_results_results": rows.select(*_RESULTS.columns)}, new_columns)


def _without_placeholder(frame: pl.DataFrame) -> pl.DataFrame:
    """Leave out the row that stands for the season to come: after all others, without a driver and a track."""
    import polars as pl

    def is_blank(name: str) -> pl.Expr:
        return pl.col(name).fill_null("").str.strip_chars() == ""

    is_empty = is_blank("Driver") & is_blank("Track") & pl.col("Finish").is_null()
    results, empty = frame.filter(~is_empty), frame.filter(is_empty)
    if empty.is_empty():
        return results
    seasons = empty["Season"].to_list()
    is_last = empty.equals(frame.tail(1))
    if not is_last or (results.height and not seasons[0] > results["Season"].max()):
        raise SourceChanged(
            f"unexpected content: rows with nothing in them, of the seasons {', '.join(map(str, seasons))}; "
            "one is known, the last, of the season to come",
            _LATER,
        )
    return results


SOURCE = NascarResults()

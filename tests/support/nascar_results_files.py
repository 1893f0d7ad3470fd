"""Results in the form of the Parquet files of nascaR.data, made by hand for a test."""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl

HOST = "nascar.kylegrealis.com"

Row = dict[str, object]

SCHEMA = {
    "Season": pl.Int32,
    "Race": pl.Int32,
    "Track": pl.String,
    "Name": pl.String,
    "Length": pl.Float64,
    "Surface": pl.String,
    "Finish": pl.Int32,
    "Start": pl.Int32,
    "Car": pl.String,
    "Driver": pl.String,
    "Team": pl.String,
    "Make": pl.String,
    "Pts": pl.Int32,
    "Laps": pl.Int32,
    "Led": pl.Int32,
    "Status": pl.String,
    "S1": pl.Int64,
    "S2": pl.Int64,
    "S3": pl.Float64,
    "Rating": pl.Float64,
    "Win": pl.Float64,
}
"""The 21 columns and the types in which they are published."""


def result(number: int, position: int | None, driver: str, season: int = 2021, **changes: object) -> Row:
    """A car's result at Kansas in race `number` of its season; changes replace columns."""
    return {
        "Season": season,
        "Race": number,
        "Track": "Kansas Speedway",
        "Name": f"Test {number}",
        "Length": 1.5,
        "Surface": "paved",
        "Finish": position,
        "Start": position,
        "Car": str(10 + (position or 90)),
        "Driver": driver,
        "Team": "Test Racing",
        "Make": "Ford",
        "Pts": 40,
        "Laps": 100,
        "Led": 100 if position == 1 else 0,
        "Status": "running",
        "S1": None,
        "S2": None,
        "S3": None,
        "Rating": 100.0,
        "Win": float(position == 1),
    } | changes


def results(number: int, *drivers: str, season: int = 2021, **changes: object) -> list[Row]:
    """The results of a race, the drivers in the order in which they finished."""
    return [result(number, position, driver, season, **changes) for position, driver in enumerate(drivers, start=1)]


def placeholder(season: int = 2026) -> Row:
    """The row that ends a file, of the season to come, with nothing in it."""
    return dict.fromkeys(SCHEMA) | {"Season": season, "Race": 1, "Track": "", "Name": ""}


def as_frame(*rows: Row) -> pl.DataFrame:
    """Rows with the published columns and types."""
    return pl.DataFrame(list(rows), schema=SCHEMA, orient="row")


def as_parquet(*rows: Row) -> bytes:
    """The file with these rows."""
    return dump(as_frame(*rows))


def dump(frame: pl.DataFrame) -> bytes:
    """The file with a frame of any shape."""
    file = io.BytesIO()
    frame.write_parquet(file)
    return file.getvalue()


class NascarResultsFolder:
    """A mirror folder that a test fills with files of the site."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def __str__(self) -> str:
        return str(self.root)

    def put(self, content: bytes, series_id: str = "cup") -> None:
        """Write the file of a series."""
        file = self.root / HOST / f"{series_id}_series.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def put_results(self, *rows: Row, series_id: str = "cup") -> None:
        """Write the file of a series with these rows and the placeholder."""
        self.put(as_parquet(*rows, placeholder()), series_id)

"""The files of the almanac, and their rows."""

from __future__ import annotations

import csv
from datetime import date
from importlib.resources import files

TODAY = date(2025, 11, 19)
Row = dict[str, str]


def content(name: str) -> bytes:
    return files("nascar_warehouse.etl").joinpath("almanac", f"{name}.csv").read_bytes()


def rows(name: str) -> list[Row]:
    return list(csv.DictReader(content(name).decode().splitlines()))

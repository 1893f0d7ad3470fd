"""A series is found by its id and by every name that it had."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.read.series import parse_series

_OFFICIAL = [
    (row["series_name"], row["series_id"])
    for row in csv.DictReader(
        files("nascar_warehouse.etl").joinpath("almanac/series_names.csv").read_text(encoding="utf-8").splitlines()
    )
]


@pytest.mark.parametrize(("name", "series"), _OFFICIAL)
def test_every_official_name_means_its_series(name: str, series: str) -> None:
    assert series == parse_series(name)


@pytest.mark.parametrize(
    ("name", "series"),
    [
        ("cup", "cup"),
        ("Cup", "cup"),
        ("winston cup", "cup"),
        ("Nextel", "cup"),
        ("sprint", "cup"),
        ("Monster Energy", "cup"),
        ("grand national", "cup"),
        ("nxs", "nxs"),
        ("busch", "nxs"),
        ("Busch Grand National", "nxs"),
        ("nationwide", "nxs"),
        ("XFINITY", "nxs"),
        ("o'reilly", "nxs"),
        ("O\N{RIGHT SINGLE QUOTATION MARK}Reilly", "nxs"),
        ("oreilly", "nxs"),
        ("truck", "truck"),
        ("craftsman trucks", "truck"),
        ("Camping World", "truck"),
    ],
)
def test_a_sponsors_name_means_its_series(name: str, series: str) -> None:
    assert series == parse_series(name)


@pytest.mark.parametrize("name", ["", "f1", "arca", "nascar", "busch cup", "xfinity truck", "cup of tea"])
def test_a_name_of_no_series_or_of_two_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="invalid series"):
        parse_series(name)

"""Which rows lap times give, and what is left out with a notice."""

from __future__ import annotations

import polars as pl
import pytest

from nascar_warehouse.etl.documents import Parsed
from nascar_warehouse.warehouse.errors import SourceChanged
from tests.support.feed_details import lap_times
from tests.support.feed_documents import LAPS, SOURCE, dump, values


def test_lap_times_give_a_row_for_each_lap_of_a_car() -> None:
    rows = SOURCE.parse(LAPS, dump(lap_times())).rows["nascar_feed_laps"]
    assert [
        (9001, "5", 1, "Ann Winner", 0, None, None, 2),
        (9001, "5", 1, "Ann Winner", 1, 31.25, "172.8", 1),
    ] == values(rows, *SOURCE.tables["nascar_feed_laps"].columns)


def test_two_cars_with_one_number_have_each_lap_once() -> None:
    times = lap_times()
    times["laps"].append({**times["laps"][0], "FullName": "Bob Second"})
    rows = SOURCE.parse(LAPS, dump(times)).rows["nascar_feed_laps"]
    assert [(0, "Ann Winner"), (1, "Ann Winner")] == values(rows, "lap", "driver_fullname")


def test_the_columns_of_lap_times_are_those_of_their_table() -> None:
    rows = SOURCE.parse(LAPS, dump(lap_times())).rows["nascar_feed_laps"]
    assert isinstance(rows, pl.DataFrame)
    assert list(SOURCE.tables["nascar_feed_laps"].columns) == rows.columns


def test_a_lap_that_is_there_twice_is_taken_once() -> None:
    times = lap_times()
    times["laps"][0]["Laps"].append({"Lap": 1, "LapTime": 99.0, "LapSpeed": "1.0", "RunningPos": 9})
    parsed = SOURCE.parse(LAPS, dump(times))
    assert ([(0, None), (1, 31.25)], [f"{LAPS}: 1 row left out: the lap of the car is there twice"]) == (
        values(parsed.rows["nascar_feed_laps"], "lap", "lap_time"),
        parsed.notices,
    )


def test_lap_times_with_nothing_in_them_have_no_rows_and_are_reported() -> None:
    expected = Parsed({"nascar_feed_laps": []}, [f"{LAPS}: there is nothing in it"], is_preliminary=True)
    assert expected == SOURCE.parse(LAPS, b"null")


def test_lap_times_without_cars_give_no_rows() -> None:
    assert {"nascar_feed_laps": []} == SOURCE.parse(LAPS, dump(lap_times(laps=[]))).rows


@pytest.mark.parametrize("field", ["Lap", "RunningPos"])
@pytest.mark.parametrize("value", [-5, 2_000_000_000])
def test_a_lap_or_a_place_that_cannot_be_is_refused_with_its_field(field: str, value: int) -> None:
    times = lap_times()
    times["laps"][0]["Laps"][0][field] = value
    with pytest.raises(SourceChanged, match=field):
        SOURCE.parse(LAPS, dump(times))

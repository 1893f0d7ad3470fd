"""What a source says otherwise later is a change; of a race that was run, a correction."""

from __future__ import annotations

from typing import Any

import msgspec
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nascar_warehouse.etl.documents import NOTHING, Ignored, Table
from nascar_warehouse.etl.formats.json_payload import decode
from nascar_warehouse.etl.load.diff import Change, differences
from nascar_warehouse.etl.sources.nascar_feed_schema import Race
from tests.support import feed


class Result(msgspec.Struct):
    race_id: int
    car: str
    laps: int = 0
    speed: float | None = None
    is_out: bool = False
    note: Ignored = NOTHING


class Announced(msgspec.Struct):
    race_id: int
    laps: int = 0
    is_final: bool = False


TABLES = {"results": Table(Result, ("race_id", "car")), "races": Table(Announced, ("race_id",))}
Rows = list[msgspec.Struct]


def between(old: Rows, new: Rows, table: str = "results") -> list[Change]:
    return differences(TABLES, {table: old}, {table: new})


def value_changed(column: str, old: str | None, new: str | None, key: str = "1/5") -> Change:
    return Change("results", key, column, "value_changed", old, new, is_correction=True)


def test_two_equal_versions_have_no_differences() -> None:
    assert [] == between([Result(1, "5", 268)], [Result(1, "5", 268)])


def test_the_order_of_rows_is_no_difference() -> None:
    rows: Rows = [Result(1, "5"), Result(1, "17")]
    assert [] == between(rows, rows[::-1])


@pytest.mark.parametrize(
    ("new", "column", "before", "after"),
    [
        (Result(1, "5", laps=268), "laps", "0", "268"),
        (Result(1, "5", speed=126.481), "speed", None, "126.481"),
        (Result(1, "5", is_out=True), "is_out", "false", "true"),
    ],
)
def test_a_changed_value_is_told_as_text(new: Result, column: str, before: str | None, after: str | None) -> None:
    assert [value_changed(column, before, after)] == between([Result(1, "5")], [new])


def test_a_value_that_became_unknown_is_a_change_to_none() -> None:
    assert [value_changed("speed", "126.5", None)] == between([Result(1, "5", speed=126.5)], [Result(1, "5")])


def test_each_changed_column_of_a_row_is_a_change_of_its_own() -> None:
    changes = between([Result(1, "5")], [Result(1, "5", laps=268, is_out=True)])
    assert ["laps", "is_out"] == [change.column_name for change in changes]


def test_a_field_that_is_not_loaded_does_not_change() -> None:
    assert [] == between([Result(1, "5", note=msgspec.Raw(b"1"))], [Result(1, "5", note=msgspec.Raw(b"2"))])


def test_a_row_that_came_is_no_correction() -> None:
    assert [Change("results", "1/5", None, "row_added", None, None, is_correction=False)] == between(
        [], [Result(1, "5")]
    )


def test_a_row_that_went_is_a_correction() -> None:
    assert [Change("results", "1/5", None, "row_removed", None, None, is_correction=True)] == between(
        [Result(1, "5")], []
    )


def test_another_key_is_a_row_that_went_and_one_that_came() -> None:
    changes = between([Result(1, "5")], [Result(1, "05")])
    assert [("1/05", "row_added"), ("1/5", "row_removed")] == [
        (change.row_key, change.change_kind) for change in changes
    ]


def test_a_table_that_one_version_lacks_has_no_rows_in_it() -> None:
    changes = differences(TABLES, {}, {"results": [Result(1, "5")]})
    assert ["row_added"] == [change.change_kind for change in changes]


def test_a_document_whose_rows_are_of_an_unknown_table_differs_in_nothing_known() -> None:
    assert [] == differences(TABLES, {}, {"laps": [Result(1, "5")]})


def test_rows_that_share_a_key_are_told_apart_by_their_order() -> None:
    changes = between([Result(1, "5", 1), Result(1, "5", 2)], [Result(1, "5", 1), Result(1, "5", 3)])
    assert [value_changed("laps", "2", "3", key="1/5/2")] == changes


def test_one_more_row_of_the_same_key_is_a_row_that_came() -> None:
    changes = between([Result(1, "5")], [Result(1, "5"), Result(1, "5")])
    assert [("1/5/2", "row_added")] == [(change.row_key, change.change_kind) for change in changes]


def test_changes_are_ordered_by_table_and_key() -> None:
    old: dict[str, Rows] = {"results": [Result(1, "5"), Result(1, "17")], "races": [Announced(1)]}
    new: dict[str, Rows] = {"results": [Result(1, "5", 1), Result(1, "17", 1)], "races": [Announced(1, 1)]}
    assert [("results", "1/17"), ("results", "1/5"), ("races", "1")] == [
        (change.table_name, change.row_key) for change in differences(TABLES, old, new)
    ]


@pytest.mark.parametrize("is_final", [False, True])
def test_a_change_is_a_correction_if_the_race_was_run_before_it(is_final: bool) -> None:
    [change] = between([Announced(1, 267, is_final)], [Announced(1, 268, is_final)], "races")
    assert is_final is change.is_correction


@pytest.mark.parametrize("is_final", [False, True])
def test_a_race_that_went_is_a_correction_if_it_was_run(is_final: bool) -> None:
    [change] = between([Announced(1, 267, is_final)], [], "races")
    assert is_final is change.is_correction


def race(**changes: object) -> Race:
    return decode(msgspec.json.encode(feed.race(**changes)), Race)[0]


@pytest.mark.parametrize(("time", "is_correction"), [("", False), (None, False), ("2:56:31", True)])
def test_a_race_of_the_feed_without_a_winner_was_run_when_it_has_a_time(time: str | None, is_correction: bool) -> None:
    table = {"races": Table(Race, ("race_id",))}
    [change] = differences(
        table,
        {"races": [race(total_race_time=time, winner_driver_id=None, attendance=1)]},
        {"races": [race(total_race_time=time, winner_driver_id=None, attendance=2)]},
    )
    assert Change("races", "9001", "attendance", "value_changed", "1", "2", is_correction=is_correction) == change


RESULTS = st.lists(
    st.builds(
        Result,
        st.integers(1, 2),
        st.sampled_from(["5", "05"]),
        st.integers(0, 1),
        st.none() | st.just(1.5),
        st.booleans(),
    ),
    max_size=5,
)
OPPOSITE = {"row_added": "row_removed", "row_removed": "row_added", "value_changed": "value_changed"}


@given(RESULTS)
def test_nothing_differs_from_itself(rows: list[Any]) -> None:
    assert [] == between(rows, rows)


@given(RESULTS, RESULTS)
def test_the_way_back_is_the_opposite_of_the_way_there(old: list[Any], new: list[Any]) -> None:
    there = [
        (change.row_key, change.column_name, OPPOSITE[change.change_kind], change.new_value, change.old_value)
        for change in between(old, new)
    ]
    back = [
        (change.row_key, change.column_name, change.change_kind, change.old_value, change.new_value)
        for change in between(new, old)
    ]
    assert there == back


# --- documents that are tables

SCHEMA = {
    "race_id": pl.Int64,
    "car": pl.String,
    "laps": pl.Int64,
    "speed": pl.Float64,
    "is_out": pl.Boolean,
}


def frame(*rows: tuple[object, ...]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCHEMA, orient="row")


def between_frames(old: pl.DataFrame, new: pl.DataFrame) -> list[Change]:
    return differences(TABLES, {"results": old}, {"results": new})


FIVE = (1, "5", 268, 126.481, False)
SEVENTEEN = (1, "17", 268, None, False)


def test_two_equal_tables_have_no_differences() -> None:
    assert [] == between_frames(frame(FIVE, SEVENTEEN), frame(FIVE, SEVENTEEN))


def test_the_order_of_rows_and_columns_of_a_table_is_no_difference() -> None:
    assert [] == between_frames(frame(FIVE, SEVENTEEN), frame(SEVENTEEN, FIVE).select(reversed(SCHEMA)))


@pytest.mark.parametrize(
    ("changed", "column", "before", "after"),
    [
        ((1, "5", 267, 126.481, False), "laps", "268", "267"),
        ((1, "5", 268, 126.482, False), "speed", "126.481", "126.482"),
        ((1, "5", 268, None, False), "speed", "126.481", None),
        ((1, "5", None, 126.481, False), "laps", "268", None),
        ((1, "5", 268, 126.481, True), "is_out", "false", "true"),
    ],
)
def test_a_changed_value_of_a_table_is_told_as_text(
    changed: tuple[object, ...], column: str, before: str | None, after: str | None
) -> None:
    assert [value_changed(column, before, after)] == between_frames(frame(FIVE, SEVENTEEN), frame(changed, SEVENTEEN))


def test_an_unknown_value_that_becomes_known_is_a_change_from_none() -> None:
    [change] = between_frames(frame(FIVE, SEVENTEEN), frame(FIVE, (1, "17", 268, 120.5, False)))
    assert value_changed("speed", None, "120.5", key="1/17") == change


def test_a_float_that_is_no_number_does_not_differ_from_itself() -> None:
    row = (1, "5", 268, float("nan"), False)
    assert [] == between_frames(frame(row), frame(row))


def test_rows_of_a_table_that_came_and_went_are_told() -> None:
    changes = between_frames(frame(FIVE), frame(SEVENTEEN))
    assert [("1/17", "row_added", False), ("1/5", "row_removed", True)] == [
        (change.row_key, change.change_kind, change.is_correction) for change in changes
    ]


def test_a_row_whose_key_is_partly_unknown_is_compared_too() -> None:
    [change] = between_frames(frame((1, None, 268, None, False)), frame((1, None, 267, None, False)))
    assert value_changed("laps", "268", "267", key="1/None") == change


def test_one_of_two_equal_rows_that_went_is_told() -> None:
    changes = between_frames(frame(FIVE, FIVE), frame(FIVE))
    assert [("1/5/2", "row_removed")] == [(change.row_key, change.change_kind) for change in changes]


def test_a_row_that_came_twice_is_told() -> None:
    changes = between_frames(frame(FIVE), frame(FIVE, FIVE))
    assert [("1/5/2", "row_added")] == [(change.row_key, change.change_kind) for change in changes]


def test_one_change_in_a_hundred_thousand_rows_is_one_change() -> None:
    old = pl.select(race_id=pl.int_range(100_000)).with_columns(
        pl.lit("5").alias("car"), pl.lit(268).alias("laps"), pl.lit(None, pl.Float64).alias("speed"), is_out=False
    )
    new = old.with_columns(pl.when(race_id=77_777).then(267).otherwise("laps").alias("laps"))
    assert [value_changed("laps", "268", "267", key="77777/5")] == between_frames(old, new)


def as_frame(rows: list[Any]) -> pl.DataFrame:
    return frame(*((row.race_id, row.car, row.laps, row.speed, row.is_out) for row in rows))


@settings(deadline=None)  # the first example starts the threads of Polars
@given(RESULTS, RESULTS)
def test_a_table_differs_as_its_rows_would(old: list[Any], new: list[Any]) -> None:
    assert between(old, new) == between_frames(as_frame(old), as_frame(new))

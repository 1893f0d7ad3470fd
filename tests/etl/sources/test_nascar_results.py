"""What the results of nascaR.data mean, and which of their changes stop a file."""

from __future__ import annotations

import struct
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nascar_warehouse.etl.documents import Selection
from nascar_warehouse.etl.formats.tabular import ROW_LIMIT
from nascar_warehouse.etl.sources.nascar_results import NascarResults
from nascar_warehouse.warehouse.errors import NascarError, SourceChanged
from tests.support.misbehaving import CHALLENGE_PAGE
from tests.support.nascar_results_files import SCHEMA, Row, as_frame, as_parquet, dump, placeholder, result
from tests.support.two_cars_file import GOOD, TWO_CARS

SOURCE = NascarResults()
ONE_LEFT_OUT = "cup_series: 1 row left out: neither a driver nor a place"


def parse(content: bytes) -> pl.DataFrame:
    frame = SOURCE.parse("cup_series", content).rows["nascar_results_results"]
    assert isinstance(frame, pl.DataFrame)
    return frame


# --- which documents there are, and their shape


def test_each_series_that_is_wanted_has_one_file() -> None:
    roots = SOURCE.index_documents(Selection(date(2025, 11, 19), series=("cup", "truck")))
    assert [
        ("cup_series", "https://nascar.kylegrealis.com/cup_series.parquet"),
        ("truck_series", "https://nascar.kylegrealis.com/truck_series.parquet"),
    ] == [(root.key, root.url) for root in roots]


def test_the_published_columns_are_read_as_they_are() -> None:
    [row] = parse(as_parquet(result(3, 1, "Ann Winner", Car="07"))).rows(named=True)
    assert {"race_key": "cup-2021-03", "series_id": "cup", "season": 2021, "race": 3, "car": "07", "win": 1.0} == {
        name: row[name] for name in ("race_key", "series_id", "season", "race", "car", "win")
    }


def test_the_series_is_that_of_the_file() -> None:
    rows = SOURCE.parse("truck_series", GOOD).rows["nascar_results_results"]
    assert isinstance(rows, pl.DataFrame)
    assert {"truck-2021-01"} == set(rows["race_key"])


def test_a_new_column_is_noticed_and_left_out() -> None:
    parsed = SOURCE.parse("cup_series", dump(as_frame(*TWO_CARS).with_columns(Mood=pl.lit("good"))))
    assert ["new field Mood"] == list(parsed.notices)


@pytest.mark.parametrize("name", SCHEMA)
def test_a_file_that_lost_a_column_is_refused(name: str) -> None:
    with pytest.raises(SourceChanged, match=f"the column {name} is not there"):
        parse(dump(as_frame(*TWO_CARS).drop(name)))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Car", pl.Series([11, 12])),  # 07 would have become 7
        ("Finish", pl.Series(["1", "2"])),
        ("Finish", pl.Series([1.0, 2.5])),
        ("Laps", pl.Series([True, False])),
        ("Season", pl.Series([date(2021, 1, 1)] * 2)),
        ("Led", pl.Series([float("nan"), 1.0])),
        ("Pts", pl.Series([2**63, 1], dtype=pl.UInt64)),
        ("Driver", pl.Series([b"Ann", b"Bob"])),
        ("Rating", pl.Series([[1.0], [2.0]])),
    ],
)
def test_a_column_of_another_type_is_refused(name: str, values: pl.Series) -> None:
    with pytest.raises(SourceChanged, match="another type"):
        parse(dump(as_frame(*TWO_CARS).with_columns(values.alias(name))))


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Finish", pl.Float64), ("S1", pl.Float64), ("S3", pl.Null), ("Laps", pl.Int16), ("Make", pl.Categorical)],
)
def test_another_width_of_the_same_values_is_read(name: str, kind: pl.DataType) -> None:
    rows = [row | {"S3": None} for row in TWO_CARS]
    assert parse(as_parquet(*rows)).equals(parse(dump(as_frame(*rows).with_columns(pl.col(name).cast(kind)))))


# --- values


@pytest.mark.parametrize("status", [None, "", "Running", " running "])
def test_a_known_status_is_taken(status: str | None) -> None:
    assert [status] == parse(as_parquet(result(1, 1, "Ann Winner", Status=status)))["status"].to_list()


def test_unknown_words_are_stored_and_reported_with_the_seed_to_add_them_to() -> None:
    rows = [result(1, 1, "Ann Winner"), result(1, 2, "Bob Second", Status="Abducted", Make="Spyker", Track="Moon")]
    parsed = SOURCE.parse("cup_series", as_parquet(*rows))
    assert [
        "unknown status 'abducted', stored as it is; add a row to sql/seeds/result_statuses.csv",
        "unknown make 'spyker', stored as it is; add a row to sql/seeds/make_aliases.csv",
        "unknown track 'Moon' (Moon), its id is made of its name; add a row to sql/seeds/track_aliases.csv",
    ] == parsed.notices
    assert ["running", "Abducted"] == parse(as_parquet(*rows))["status"].to_list()


@pytest.mark.parametrize(
    "changes",
    [
        {"Finish": 0},
        {"Finish": 201},
        {"Race": 0},
        {"Race": None},
        {"Season": 1948},
        {"Season": None},
        {"Track": ""},
        {"Driver": " "},
        {"Driver": None},
        {"Laps": -1},
        {"Led": 100_000},
        {"Start": 999},
        {"Pts": 2_000_000},
        {"Length": 123_456.0},
        {"Rating": 1e9},
        {"Rating": float("inf")},
        {"S1": 2**40},
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_column(changes: Row) -> None:
    [name] = changes
    with pytest.raises(SourceChanged, match=f"in row 2, column `{name}`"):
        parse(as_parquet(TWO_CARS[0], TWO_CARS[1] | changes))


def test_a_value_that_is_not_a_number_is_unknown() -> None:
    content = as_parquet(*(row | {"Rating": float("nan"), "Length": float("nan")} for row in TWO_CARS))
    assert [(None, None)] * 2 == parse(content).select("rating", "length").rows()


def test_a_number_that_two_cars_of_a_race_have_is_unknown_and_reported() -> None:
    content = as_parquet(*TWO_CARS, result(1, 3, "Cy Third", Car="12"))
    assert [("Ann Winner", "11"), ("Bob Second", None), ("Cy Third", None)] == parse(content).select(
        "driver", "car"
    ).rows()
    assert (
        "cup_series: two cars have the number cup-2021-01 12, which is unknown for both"
        in SOURCE.parse("cup_series", content).notices
    )


def test_a_number_that_is_listed_as_an_exception_stays() -> None:
    cars = [result(18, place, name, 2025, Car="1") for place, name in enumerate(("Ann Winner", "Bob Second"), 1)]
    assert ["1", "1"] == parse(as_parquet(*cars))["car"].to_list()


def test_a_result_without_a_finishing_position_is_kept() -> None:
    frame = parse(as_parquet(*TWO_CARS, result(1, None, "Ed Homesick")))
    assert [("Ann Winner", 1), ("Bob Second", 2), ("Ed Homesick", None)] == frame.select("driver", "finish").rows()


# --- the placeholder of the season to come


def test_the_placeholder_is_left_out() -> None:
    assert ["Ann Winner", "Bob Second"] == parse(GOOD)["driver"].to_list()


@pytest.mark.parametrize("place", [None, 0])
def test_the_entries_of_a_race_to_come_are_left_out_and_counted(place: int | None) -> None:
    entries = [result(2, None, driver, Finish=place) for driver in ("Ann Winner", "Bob Second")]
    parsed = SOURCE.parse("cup_series", as_parquet(*TWO_CARS, *entries, placeholder()))
    assert parsed.rows["nascar_results_results"].equals(parse(GOOD))  # type: ignore[union-attr]  # a frame
    assert ["cup_series: 2 rows left out: entries of a race without a single place"] == parsed.notices


def test_rows_that_are_repeated_are_taken_once_and_counted() -> None:
    parsed = SOURCE.parse("cup_series", as_parquet(*TWO_CARS, *TWO_CARS, placeholder()))
    assert parsed.rows["nascar_results_results"].equals(parse(GOOD))  # type: ignore[union-attr]  # a frame
    assert ["cup_series: 2 rows left out: repeated"] == parsed.notices


def test_a_file_without_the_placeholder_is_read() -> None:
    assert parse(GOOD).equals(parse(as_parquet(*TWO_CARS)))


def test_a_file_with_nothing_but_the_placeholder_has_no_results() -> None:
    assert 0 == len(parse(as_parquet(placeholder())))


@pytest.mark.parametrize(
    ("rows", "notices"),
    [
        ([*TWO_CARS, placeholder(2026)], []),
        ([*TWO_CARS, placeholder(2021)], []),
        ([*TWO_CARS, placeholder(2026), placeholder(2027)], [ONE_LEFT_OUT]),
        ([TWO_CARS[0], placeholder(2026), TWO_CARS[1]], [ONE_LEFT_OUT]),
        ([placeholder(2026) | {"Season": None, "Race": None}, *TWO_CARS], [ONE_LEFT_OUT]),
        ([placeholder(2021) | {"Track": "Kansas Speedway", "Name": "Test 2"}, *TWO_CARS], [ONE_LEFT_OUT]),
    ],
    ids=["one", "of a season that has results", "two", "in the middle", "blank", "of a race to come"],
)
def test_rows_without_a_driver_and_a_place_are_left_out_and_all_but_the_last_counted(
    rows: list[Row], notices: list[str]
) -> None:
    parsed = SOURCE.parse("cup_series", as_parquet(*rows))
    assert (2, notices) == (len(parsed.rows["nascar_results_results"]), parsed.notices)


# --- documents that are none


@pytest.mark.parametrize("content", [b"", b"null", CHALLENGE_PAGE, b"PAR1PAR1", b"PAR1" + b"\xff" * 8 + b"PAR1"])
def test_what_is_no_parquet_is_refused(content: bytes) -> None:
    with pytest.raises(SourceChanged, match="no Parquet that can be read"):
        parse(content)


def test_a_file_without_rows_has_no_results() -> None:
    assert 0 == len(parse(as_parquet()))


@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.99])
def test_a_file_that_is_cut_off_is_refused(share: float) -> None:
    with pytest.raises(SourceChanged, match="no Parquet that can be read"):
        parse(GOOD[: int(share * len(GOOD))])


def test_a_file_that_claims_a_billion_rows_is_refused_before_they_are_read() -> None:
    with pytest.raises(SourceChanged, match="it claims to have 1,000,000,000 rows"):
        parse(claiming(1_000_000_000))


def test_a_file_of_more_rows_than_any_has_is_refused() -> None:
    rows = pl.select(pl.repeat(None, ROW_LIMIT + 1, dtype=pl.Null).alias("Season"))
    with pytest.raises(SourceChanged, match="it claims to have 2,000,001 rows"):
        parse(dump(rows))


def claiming(count: int) -> bytes:
    """A good file whose footer says that it has more rows: the number follows the list of columns, in thrift's form."""
    footer_bytes = struct.unpack("<I", GOOD[-8:-4])[0]
    body, footer = GOOD[: -8 - footer_bytes], GOOD[-8 - footer_bytes : -8]
    # Field 3 (i64): three rows, as zigzag; field 4: a list of one struct.
    assert 1 == footer.count(b"\x16\x06\x19\x1c")
    number, zigzag = b"", 2 * count
    while zigzag > 127:
        number, zigzag = number + bytes([zigzag & 127 | 128]), zigzag >> 7
    footer = footer.replace(b"\x16\x06\x19\x1c", b"\x16" + number + bytes([zigzag]) + b"\x19\x1c")
    return body + footer + struct.pack("<I", len(footer)) + b"PAR1"


@settings(deadline=None)  # the first example imports the reader
@given(st.binary() | st.binary(max_size=64).map(lambda content: b"PAR1" + content + b"PAR1"))
def test_no_bytes_break_the_program(content: bytes) -> None:
    raises_only_ours(content)


@settings(deadline=None)  # the first example imports the reader
@given(st.data())
def test_no_damage_to_a_good_file_breaks_the_program(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(GOOD)))
    end = data.draw(st.integers(start, min(start + 20, len(GOOD))))
    raises_only_ours(GOOD[:start] + data.draw(st.binary(max_size=8)) + GOOD[end:])


def test_a_damaged_byte_breaks_nothing_wherever_it_is() -> None:
    # Polars' own reader panics at some of these.
    for position in range(0, len(GOOD), 13):
        raises_only_ours(GOOD[:position] + b"\xff" + GOOD[position + 1 :])


def raises_only_ours(content: bytes) -> None:
    try:
        parse(content)
    except NascarError as error:
        assert SourceChanged.exit_code == error.exit_code  # noqa: PT017  # no error is as good

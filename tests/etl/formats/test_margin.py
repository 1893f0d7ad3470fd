import subprocess
import sys
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nascar_warehouse.etl.formats.margin import MARGIN_KINDS, margins_of, parse_margin

UNITS = {
    "time": {"seconds"},
    "laps": {"laps"},
    "car_lengths": {"car_lengths"},
    "distance": {"inches", "feet", "yards", "miles"},
    "under_caution": {None},
    "dead_heat": {None},
    "unknown": {None},
}
SCHEMA = {
    "margin_kind": pl.String(),
    "margin_value": pl.Decimal(12, 4),
    "margin_unit": pl.String(),
    "margin_seconds": pl.Decimal(9, 4),
    "margin_decimals": pl.Int8(),
    "is_lower_bound": pl.Boolean(),
}
NO_MARGIN = dict.fromkeys(SCHEMA) | {"is_lower_bound": False}

TIMES = {
    ".138": (".138", 3),
    "0.330": ("0.330", 3),
    "11.685": ("11.685", 3),
    "0.53": ("0.53", 2),
    ".9": (".9", 1),
    "12": ("12", 0),
    "12.": ("12", 0),
    "007": ("7", 0),
    "0.0004": (".0004", 4),
    "9999.9999": ("9999.9999", 4),
    ".712 Seconds": (".712", 3),
    "2.571 sec": ("2.571", 3),
    "2.571 sec.": ("2.571", 3),
    "0.940 seconds": (".94", 3),
    "1 second": ("1", 0),
    "0.001s": (".001", 3),
    "one second": ("1", 0),
    "half a second": (".5", 0),
    "1/2 second": (".5", 0),
    "1 1/2 seconds": ("1.5", 0),
    "1:02.345": ("62.345", 3),
    "1:02": ("62", 0),
    "1 min 2.3 sec": ("62.3", 1),
    "1 minute, 2 seconds": ("62", 0),
    "1 minute and 2.25 seconds": ("62.25", 2),
    "1 minute": ("60", 0),
    "a minute and a half": ("90", 0),
    "+0.330": (".33", 3),
    "0,330": (".33", 3),
    "0,330 seconds": (".33", 3),
    "0.330 *": (".33", 3),
    "0.330[3]": (".33", 3),
    "0.330 [note 2]": (".33", 3),
    "about .5 seconds": (".5", 1),
    "won by 0.53": (".53", 2),
}
MEASURES = {
    "2 laps": ("laps", "2", "laps"),
    "1 lap": ("laps", "1", "laps"),
    "a lap": ("laps", "1", "laps"),
    "one lap": ("laps", "1", "laps"),
    "14 laps": ("laps", "14", "laps"),
    "twelve laps": ("laps", "12", "laps"),
    "twenty laps": ("laps", "20", "laps"),
    "twenty-one laps": ("laps", "21", "laps"),
    "1.5 laps": ("laps", "1.5", "laps"),
    "half a lap": ("laps", ".5", "laps"),
    "one half lap": ("laps", ".5", "laps"),
    "3/4 lap": ("laps", ".75", "laps"),
    "three quarters of a lap": ("laps", ".75", "laps"),
    "1 1/2 laps": ("laps", "1.5", "laps"),
    "1-1/2 laps": ("laps", "1.5", "laps"),
    "1½ laps": ("laps", "1.5", "laps"),
    "a lap and a half": ("laps", "1.5", "laps"),
    "approx. 2 laps": ("laps", "2", "laps"),
    "2 laps (est.)": ("laps", "2", "laps"),
    "1 car length": ("car_lengths", "1", "car_lengths"),
    "a car length": ("car_lengths", "1", "car_lengths"),
    "half a car length": ("car_lengths", ".5", "car_lengths"),
    "half-a-car-length": ("car_lengths", ".5", "car_lengths"),
    "half car length": ("car_lengths", ".5", "car_lengths"),
    "1/2 car length": ("car_lengths", ".5", "car_lengths"),
    "¼ car length": ("car_lengths", ".25", "car_lengths"),
    "three car lengths": ("car_lengths", "3", "car_lengths"),
    "1 1/2 car lengths": ("car_lengths", "1.5", "car_lengths"),
    "one and a half car lengths": ("car_lengths", "1.5", "car_lengths"),
    "2.5 car lengths": ("car_lengths", "2.5", "car_lengths"),
    "10 lengths": ("car_lengths", "10", "car_lengths"),
    "1 length": ("car_lengths", "1", "car_lengths"),
    "8 inches": ("distance", "8", "inches"),
    '8"': ("distance", "8", "inches"),
    "6 in.": ("distance", "6", "inches"),
    "1 foot": ("distance", "1", "feet"),
    "2 ft": ("distance", "2", "feet"),
    "three feet": ("distance", "3", "feet"),
    "2 feet 3 inches": ("distance", "27", "inches"),
    "2' 3\"": ("distance", "27", "inches"),
    "a yard": ("distance", "1", "yards"),
    "100 yards": ("distance", "100", "yards"),
    "a hundred yards": ("distance", "100", "yards"),
    "19.25 miles": ("distance", "19.25", "miles"),
    "1/2 mile": ("distance", ".5", "miles"),
    "a quarter-mile": ("distance", ".25", "miles"),
}
LOWER_BOUNDS = {
    "1 lap +": ("laps", "1"),
    "2+ laps": ("laps", "2"),
    "two laps plus": ("laps", "2"),
    "two-plus laps": ("laps", "2"),
    "1 lap or more": ("laps", "1"),
    "more than one lap": ("laps", "1"),
    "more than three laps": ("laps", "3"),
    "over 2 laps": ("laps", "2"),
    "just over 2 laps": ("laps", "2"),
    "at least 2 laps": ("laps", "2"),
    "1 lap, 25 seconds": ("laps", "1"),
    "2 laps and 3 car lengths": ("laps", "2"),
    "over a car length": ("car_lengths", "1"),
    "more than 100 yards": ("distance", "100"),
    "0.5+": ("time", ".5"),
    "over 30 seconds": ("time", "30"),
}
WITHOUT_VALUE = {
    "several car lengths": ("car_lengths", "car_lengths"),
    "a few car lengths": ("car_lengths", "car_lengths"),
    "less than a car length": ("car_lengths", "car_lengths"),
    "under a lap": ("laps", "laps"),
    "several laps +": ("laps", "laps"),
    "almost 2 laps": ("laps", "laps"),
    "less than a foot": ("distance", "feet"),
}
UNDER_CAUTION = (
    *("Caution", "Under Caution", "under caution", "under", "Under.", "UC", "U.C.", "yellow", "under yellow"),
    *(
        "finished under caution",
        "under the caution flag",
        "0.123 under caution",
        "under caution (0.3)",
        "UC *",
    ),
)
DEAD_HEATS = ("dead heat", "Dead-heat", "a dead heat", "tie", "Tied.")
UNKNOWN = (
    *(None, "", " ", "\u00a0", "n/a", "?", ".", "...", "+", "*", "[3]", "\x00", "unknown", "photo finish"),
    *("0", "0.0", ".000", "0.0000", "0 Seconds", "0:00", "0 laps", "0 car lengths", "0 feet 0 inches"),
    *("-0.330", "\u22120.330", "-1 lap", "minus one lap", "0.330-"),
    *("10000", "9999.99999", "99999999999999999999", "9999 minutes", "9999 feet 3 inches", "1e-3"),
    *("0.00001", "0.13800000000000001", "2.12345 laps"),
    *("lap", "laps", "car length", "seconds", "one", "half", "1/2", "12 1/2", "several", "more than"),
    *("a nose", "a fender", "a bumper", "a tick", "as", "in", "5 m"),
    *(
        "several seconds",
        "less than a second",
        "under 0.5",
        "1/3 second",
        "1/3 lap",
        "11/2 laps",
        "1 half lap",
    ),
    *("2-3 laps", "0.3-0.5", "0.3 0.5", "1:75", "1:2", "3:14:21", "1 minute 75 seconds", "2 feet 15 inches"),
    *("2 feet 3", "2 laps 1 lap", "1 second 2 laps", "1,5 laps", "1,500 feet", "1,2,3", "0,12345"),
    *("٣ laps", "\uff12 laps", "²", "Ⅳ laps", "no caution", "not under caution", "under green", "cautious"),
    "2 laps " * 50,
)
EVERY_TEXT = [*TIMES, *MEASURES, *LOWER_BOUNDS, *WITHOUT_VALUE, *UNDER_CAUTION, *DEAD_HEATS, *UNKNOWN]


def margin_of(text: str | None) -> dict[str, Any]:
    return margins_of([text]).drop("margin_text").row(0, named=True)


@pytest.mark.parametrize(("text", "seconds", "decimals"), [(text, *rest) for text, rest in TIMES.items()])
def test_a_time_is_read_as_exact_seconds_with_its_printed_decimals(text, seconds, decimals):
    expected = {
        "margin_kind": "time",
        "margin_value": Decimal(seconds),
        "margin_unit": "seconds",
        "margin_seconds": Decimal(seconds),
        "margin_decimals": decimals,
        "is_lower_bound": False,
    }
    assert expected == margin_of(text)


@pytest.mark.parametrize(("text", "kind", "value", "unit"), [(text, *rest) for text, rest in MEASURES.items()])
def test_a_judged_margin_keeps_its_value_and_unit_and_has_no_seconds(text, kind, value, unit):
    expected = NO_MARGIN | {"margin_kind": kind, "margin_value": Decimal(value), "margin_unit": unit}
    assert expected == margin_of(text)


@pytest.mark.parametrize(("text", "kind", "value"), [(text, *rest) for text, rest in LOWER_BOUNDS.items()])
def test_more_than_and_plus_state_a_lower_bound(text, kind, value):
    margin = margin_of(text)
    assert (kind, Decimal(value), True) == (
        margin["margin_kind"],
        margin["margin_value"],
        margin["is_lower_bound"],
    )


@pytest.mark.parametrize(("text", "kind", "unit"), [(text, *rest) for text, rest in WITHOUT_VALUE.items()])
def test_a_vague_or_upper_bound_has_a_kind_but_no_value(text, kind, unit):
    expected = NO_MARGIN | {"margin_kind": kind, "margin_unit": unit}
    assert expected == margin_of(text)


@pytest.mark.parametrize("text", UNDER_CAUTION)
def test_a_finish_under_caution_has_no_margin(text):
    expected = NO_MARGIN | {"margin_kind": "under_caution"}
    assert expected == margin_of(text)


@pytest.mark.parametrize("text", DEAD_HEATS)
def test_a_dead_heat_is_its_own_kind(text):
    expected = NO_MARGIN | {"margin_kind": "dead_heat"}
    assert expected == margin_of(text)


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_the_rules_do_not_cover_is_unknown(text):
    expected = NO_MARGIN | {"margin_kind": "unknown"}
    assert expected == margin_of(text)


def test_zeros_after_the_fourth_decimal_are_padding():
    margin = margin_of("0.330000")
    assert (Decimal("0.33"), 4) == (margin["margin_seconds"], margin["margin_decimals"])


def test_a_thousandth_is_exactly_a_thousandth():
    expected = "0.0010"
    assert expected == str(margin_of("0.001")["margin_seconds"])


def test_the_struct_has_the_documented_fields_in_order():
    schema = pl.LazyFrame(schema={"margin_text": pl.String}).select(parse_margin(pl.col("margin_text")))
    assert {"margin": pl.Struct(SCHEMA)} == dict(schema.collect_schema())


@pytest.mark.parametrize("texts", [[], [None], [None, None]])
def test_empty_and_all_null_columns_keep_the_types(texts):
    margins = pl.DataFrame({"margin_text": texts}).select(parse_margin(pl.col("margin_text"))).unnest("margin")
    assert (SCHEMA, ["unknown"] * len(texts)) == (dict(margins.schema), margins["margin_kind"].to_list())


def test_a_margin_keeps_its_row_among_others():
    alone = [margin_of(text) for text in EVERY_TEXT]
    assert alone == margins_of(EVERY_TEXT).drop("margin_text").to_dicts()


def test_a_lazy_query_gives_what_an_eager_one_gives():
    texts = pl.DataFrame({"margin_text": EVERY_TEXT})
    margin = parse_margin(pl.col("margin_text"))
    assert texts.select(margin).equals(texts.lazy().select(margin).collect())


def test_the_text_may_come_from_any_expression():
    margin = pl.select(parse_margin(pl.concat_str(pl.lit("0."), pl.lit("5")))).item()
    assert Decimal("0.5") == margin["margin_seconds"]


@pytest.mark.parametrize("text", ["0", " ", "1 ", "half ", "caution ", "-", "\u00a0", "½", "9.", "[", "a lap and "])
def test_a_very_long_text_is_unknown(text):
    expected = NO_MARGIN | {"margin_kind": "unknown"}
    assert expected == margin_of(text * 100_000)


def test_importing_the_module_imports_no_library_but_polars():
    code = (
        "import sys, polars; before = set(sys.modules); import nascar_warehouse.etl.formats.margin;"
        "print(*{name.split('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names)"
    )
    run = subprocess.run(  # noqa: S603, the interpreter that runs this test
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    expected = "etl\n"
    assert expected == run.stdout


# Pieces of what sources print, so that many examples come near a margin.
PIECES = st.sampled_from(
    (
        *("0", "1", "12", ".5", "0.330", "1/2", "½", "a", "half", "three", "and", "of", ",", ":", "-", "+"),
        *("more than", "under", "about", "plus", "several", "lap", "laps", "car lengths", "s", "sec.", "min"),
        *("feet", "inches", '"', "caution", "no", "tie", "*", "[3]", "\u00a0", "\x00", "٣", "0" * 30),
    )
)
TEXTS = st.one_of(
    st.text(),
    st.lists(PIECES).map(" ".join),
    st.lists(PIECES).map("".join),
    st.sampled_from(EVERY_TEXT),
    st.none(),
)


@given(st.lists(TEXTS, max_size=20))
def test_no_text_raises_and_every_margin_is_consistent(texts):
    for margin in margins_of(texts).iter_rows(named=True):
        kind, value, seconds = margin["margin_kind"], margin["margin_value"], margin["margin_seconds"]
        assert kind in MARGIN_KINDS
        assert margin["margin_unit"] in UNITS[kind]
        assert value is None or 0 < value < 10_000
        assert seconds == (value if kind == "time" else None)
        assert (kind == "time") == (seconds is not None) == (margin["margin_decimals"] is not None)
        assert margin["is_lower_bound"] in ({True, False} if value is not None else {False})


@given(
    st.integers(1, 4).flatmap(lambda places: st.decimals("0.0001", "9999.9999", places=places)).filter(bool),
    st.sampled_from(["{}", "{} ", "{}s", "{} sec", "{} Seconds", "+{}", "about {}"]),
)
def test_printed_seconds_are_read_back_exactly(seconds, form):
    whole, decimals = f"{seconds:f}".split(".")
    forms = {f"{whole}.{decimals}"} | ({f".{decimals}"} if whole == "0" else set())
    margins = margins_of(form.format(printed) for printed in forms)
    expected = {("time", seconds, len(decimals))}
    assert expected == set(margins.select("margin_kind", "margin_seconds", "margin_decimals").rows())


@given(TEXTS)
def test_a_time_printed_from_its_seconds_reads_the_same(text):
    seconds = margin_of(text)["margin_seconds"]
    assert seconds == margin_of(None if seconds is None else f"{seconds:f} seconds")["margin_seconds"]


@given(
    st.sampled_from([text for text in EVERY_TEXT if text]),
    st.text(" \t\n\r\u00a0\u2009\ufeff", max_size=5),
    st.sampled_from(["\t", "  ", "\u00a0", " \n"]),
)
def test_case_and_white_space_change_nothing(text, around, gap):
    expected = margin_of(text)
    assert expected == margin_of(around + text.replace(" ", gap) + around)
    assert expected == margin_of(text.upper())
    assert expected == margin_of(text.lower())

import subprocess
import sys
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nascar_warehouse.etl.formats.margin import MARGIN_KINDS, Margin, parse_margin

UNITS: dict[str, set[str | None]] = {
    "time": {"seconds"},
    "laps": {"laps"},
    "car_lengths": {"car_lengths"},
    "distance": {"inches", "feet", "yards", "miles"},
    "under_caution": {None},
    "dead_heat": {None},
    "unknown": {None},
}
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
    "almost 2 laps": ("laps", "2", "laps"),
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


# Of the texts above, those whose page rounded.
ROUNDED = {
    *("one second", "half a second", "1/2 second", "1 1/2 seconds"),
    *("a minute and a half", "about .5 seconds", "approx. 2 laps", "2 laps (est.)", "almost 2 laps"),
}


@pytest.mark.parametrize(("text", "seconds", "decimals"), [(text, *rest) for text, rest in TIMES.items()])
def test_a_time_is_read_as_exact_seconds_with_its_printed_decimals(text: str, seconds: str, decimals: int) -> None:
    expected = Margin(
        kind="time",
        value=Decimal(seconds),
        unit="seconds",
        seconds=Decimal(seconds),
        decimals=decimals,
        is_approximate=text in ROUNDED,
    )
    assert expected == parse_margin(text)


@pytest.mark.parametrize(("text", "kind", "value", "unit"), [(text, *rest) for text, rest in MEASURES.items()])
def test_a_judged_margin_keeps_its_value_and_unit_and_has_no_seconds(
    text: str, kind: str, value: str, unit: str
) -> None:
    expected = Margin(kind=kind, value=Decimal(value), unit=unit, is_approximate=text in ROUNDED)
    assert expected == parse_margin(text)


@pytest.mark.parametrize(("text", "kind", "value"), [(text, *rest) for text, rest in LOWER_BOUNDS.items()])
def test_more_than_and_plus_state_a_lower_bound(text: str, kind: str, value: str) -> None:
    margin = parse_margin(text)
    assert (kind, Decimal(value), True) == (margin.kind, margin.value, margin.is_lower_bound)


@pytest.mark.parametrize(("text", "kind"), [(text, kind) for text, (kind, _) in LOWER_BOUNDS.items()])
def test_a_bound_is_rounded_but_for_laps_which_are_counted(text: str, kind: str) -> None:
    expected = kind != "laps"
    assert expected == parse_margin(text).is_approximate


@pytest.mark.parametrize(("text", "kind", "unit"), [(text, *rest) for text, rest in WITHOUT_VALUE.items()])
def test_a_vague_or_upper_bound_has_a_kind_but_no_value(text: str, kind: str, unit: str) -> None:
    assert Margin(kind=kind, unit=unit) == parse_margin(text)


@pytest.mark.parametrize("text", UNDER_CAUTION)
def test_a_finish_under_caution_has_no_margin(text: str) -> None:
    assert Margin(kind="under_caution") == parse_margin(text)


@pytest.mark.parametrize("text", DEAD_HEATS)
def test_a_dead_heat_is_its_own_kind(text: str) -> None:
    assert Margin(kind="dead_heat") == parse_margin(text)


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_the_rules_do_not_cover_is_unknown(text: str | None) -> None:
    assert Margin(kind="unknown") == parse_margin(text)


def test_zeros_after_the_fourth_decimal_are_padding() -> None:
    margin = parse_margin("0.330000")
    assert (Decimal("0.33"), 4) == (margin.seconds, margin.decimals)


def test_a_thousandth_is_exactly_a_thousandth() -> None:
    expected = "0.0010"
    assert expected == str(parse_margin("0.001").seconds)


@pytest.mark.parametrize("text", ["0", " ", "1 ", "half ", "caution ", "-", "\u00a0", "½", "9.", "[", "a lap and "])
def test_a_very_long_text_is_unknown(text: str) -> None:
    assert Margin(kind="unknown") == parse_margin(text * 100_000)


@pytest.mark.parametrize(
    "piece", ["just under ", "a little ", "1 ", "a half and ", "0", "½", "1:02 ", "[3]", ". ", "1s2", "tenth "]
)
def test_a_repeated_piece_is_read_in_no_time(piece: str) -> None:
    text = (piece * 200)[:199] + "!"
    assert Margin(kind="unknown") == parse_margin(text)


def test_importing_the_module_imports_no_library() -> None:
    code = (
        "import sys; before = set(sys.modules); import nascar_warehouse.etl.formats.margin;"
        "print(*{name.split('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names)"
    )
    run = subprocess.run(  # noqa: S603  # the interpreter that runs this test
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    expected = "nascar_warehouse\n"
    assert expected == run.stdout


# Pieces of what sources print, so that many examples come near a margin.
PIECES = st.sampled_from(
    (
        *("0", "1", "12", ".5", "0.330", "1/2", "½", "a", "half", "three", "and", "of", ",", ":", "-", "+"),
        *("more than", "under", "about", "plus", "several", "lap", "laps", "car lengths", "s", "sec.", "min"),
        *("feet", "inches", '"', "caution", "no", "tie", "*", "[3]", "\u00a0", "\x00", "٣", "0" * 30),
        *("tenths", "one-hundredth", "7/0", "10/10ths", "nearly", "hundred", "full", "o", "milésimas de", "(est.)"),
    )
)
TEXTS = st.one_of(
    st.text(),
    st.text(st.characters(categories=["Cs", "Nd", "No", "Nl", "Zs", "Cf", "Mn"])),
    st.lists(PIECES).map(" ".join),
    st.lists(PIECES).map("".join),
    st.sampled_from(EVERY_TEXT),
    st.none(),
)


@given(TEXTS)
def test_no_text_raises_and_every_margin_is_consistent(text: str | None) -> None:
    margin = parse_margin(text)
    assert margin.kind in MARGIN_KINDS
    assert margin.unit in UNITS[margin.kind]
    assert margin.value is None or 0 < margin.value < 10_000
    assert margin.seconds == (margin.value if margin.kind == "time" else None)
    assert (margin.kind == "time") == (margin.seconds is not None) == (margin.decimals is not None)
    assert margin.value is None or margin.value.as_tuple().exponent == -4
    if margin.value is None:
        assert (False, False) == (margin.is_lower_bound, margin.is_approximate)


@given(
    st.integers(1, 4).flatmap(lambda places: st.decimals("0.0001", "9999.9999", places=places)).filter(bool),
    st.sampled_from(
        ["{}", "{} ", "{}s", "{} sec", "{} Seconds", "+{}", "about {}", "{}-second", "by {} seconds ahead"]
    ),
)
def test_printed_seconds_are_read_back_exactly(seconds: Decimal, form: str) -> None:
    whole, decimals = f"{seconds:f}".split(".")
    forms = {f"{whole}.{decimals}"} | ({f".{decimals}"} if whole == "0" else set())
    margins = {parse_margin(form.format(printed)) for printed in forms}
    expected = {("time", seconds, len(decimals), form.startswith("about"))}
    assert expected == {(margin.kind, margin.seconds, margin.decimals, margin.is_approximate) for margin in margins}


@given(TEXTS)
def test_a_time_printed_from_its_seconds_reads_the_same(text: str | None) -> None:
    seconds = parse_margin(text).seconds
    assert seconds == parse_margin(None if seconds is None else f"{seconds:f} seconds").seconds


@given(
    st.sampled_from([text for text in EVERY_TEXT if text]),
    st.text(" \t\n\r\u00a0\u2009\ufeff", max_size=5),
    st.sampled_from(["\t", "  ", "\u00a0", " \n"]),
)
def test_case_and_white_space_change_nothing(text: str, around: str, gap: str) -> None:
    expected = parse_margin(text)
    assert expected == parse_margin(around + text.replace(" ", gap) + around)
    assert expected == parse_margin(text.upper())
    assert expected == parse_margin(text.lower())
    assert expected == parse_margin(unicodedata.normalize("NFD", text))

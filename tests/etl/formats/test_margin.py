import subprocess
import sys
from decimal import Decimal

import pytest

from nascar_warehouse.etl.formats.margin import Margin, parse_margin
from tests.support.margin_texts import (
    DEAD_HEATS,
    LOWER_BOUNDS,
    MEASURES,
    ROUNDED,
    TIMES,
    UNDER_CAUTION,
    UNKNOWN,
    WITHOUT_VALUE,
)


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

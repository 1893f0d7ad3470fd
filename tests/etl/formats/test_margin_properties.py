"""What holds of any text of a margin."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from nascar_warehouse.etl.formats.margin import MARGIN_KINDS, parse_margin
from tests.support.margin_texts import EVERY_TEXT

UNITS: dict[str, set[str | None]] = {
    "time": {"seconds"},
    "laps": {"laps"},
    "car_lengths": {"car_lengths"},
    "distance": {"inches", "feet", "yards", "miles"},
    "under_caution": {None},
    "dead_heat": {None},
    "unknown": {None},
}

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

"""Seasons, series and extras as the command line has them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nascar_warehouse.etl.commands.options import FIRST_SEASON, parse_seasons, parse_selection
from nascar_warehouse.etl.documents import SERIES, Selection
from nascar_warehouse.warehouse.errors import UsageError

TODAY = date(2025, 11, 19)
ALL = tuple(range(FIRST_SEASON, TODAY.year + 2))


@pytest.mark.parametrize(
    ("text", "seasons"),
    [
        ("2024", (2024,)),
        ("1949", (1949,)),
        ("2026", (2026,)),
        ("2018-2020", (2018, 2019, 2020)),
        ("2024-2024", (2024,)),
        ("2018,2020-2022", (2018, 2020, 2021, 2022)),
        ("2022,2018", (2018, 2022)),
        ("2018-2020,2019-2021,2020", (2018, 2019, 2020, 2021)),
        (" 2018 , 2020 ", (2018, 2020)),
        ("1949-2026", ALL),
    ],
)
def test_seasons_are_read_in_order_and_each_once(text: str, seasons: tuple[int, ...]) -> None:
    assert seasons == parse_seasons(text, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ",",
        "2024,",
        "24",
        "20240",
        "2018-",
        "-2018",
        "2018-20",
        "2018..2020",
        "2018 2019",
        "2018 - 2020",
        "last",
        "2024.0",
        "+2024",
        "\N{ARABIC-INDIC DIGIT TWO}024",
        "2018\u20132020",
    ],
)
def test_an_invalid_season_is_refused_with_examples(text: str) -> None:
    with pytest.raises(UsageError) as refusal:
        parse_seasons(text, TODAY)
    assert (f"invalid season {text!r}", "write 2024, 2018-2025 or 2018,2020-2022") == (
        refusal.value.problem,
        refusal.value.advice,
    )


@pytest.mark.parametrize("text", ["1948", "2027", "0000", "9999", "1948-2024", "2024-2027"])
def test_seasons_that_never_were_are_refused_with_those_that_can_be(text: str) -> None:
    with pytest.raises(UsageError, match="1949-2026"):
        parse_seasons(text, TODAY)


def test_one_wrong_part_is_named() -> None:
    with pytest.raises(UsageError, match="'2022-2018'"):
        parse_seasons("2024,2022-2018", TODAY)


PARTS = st.from_regex(r"[0-9]{1,5}(-[0-9]{0,4})?", fullmatch=True) | st.text(max_size=6)


@given(st.text() | st.lists(PARTS, max_size=4).map(",".join))
def test_any_text_is_seasons_or_wrong_usage(text: str) -> None:
    try:
        seasons = parse_seasons(text, TODAY)
    except UsageError:
        seasons = ALL
    assert sorted(set(seasons) & set(ALL)) == list(seasons)


@given(st.sets(st.sampled_from(ALL), min_size=1))
def test_seasons_written_one_by_one_are_read_back(seasons: set[int]) -> None:
    assert tuple(sorted(seasons)) == parse_seasons(",".join(map(str, seasons)), TODAY)


@given(st.sampled_from(ALL), st.sampled_from(ALL))
def test_a_range_has_both_its_ends(one: int, other: int) -> None:
    first, last = sorted([one, other])
    assert tuple(range(first, last + 1)) == parse_seasons(f"{first}-{last}", TODAY)


def test_without_a_wish_everything_but_laps_is_selected() -> None:
    assert Selection(TODAY, None, SERIES, frozenset()) == parse_selection(TODAY, None, (), ())


def test_every_wish_narrows_the_selection() -> None:
    assert Selection(TODAY, (2024, 2025), ("truck", "cup"), frozenset({"laps"})) == parse_selection(
        TODAY, "2024-2025", ("truck", "cup"), ("laps",)
    )


@pytest.mark.parametrize("series", ["", "f1", "xfinity cup"])
def test_an_unknown_series_is_refused_with_those_that_there_are(series: str) -> None:
    with pytest.raises(UsageError, match="cup, nxs, truck"):
        parse_selection(TODAY, None, ("cup", series), ())


def test_an_unknown_extra_is_refused_with_the_one_that_there_is() -> None:
    with pytest.raises(UsageError, match="--with laps"):
        parse_selection(TODAY, None, (), ("pit stops",))


def test_seasons_that_cannot_be_meant_are_refused_in_a_selection_too() -> None:
    with pytest.raises(UsageError, match="invalid season ''"):
        parse_selection(TODAY, "", (), ())

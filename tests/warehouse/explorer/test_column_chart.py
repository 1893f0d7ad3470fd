"""The chart of two columns: its form by the types, values that cannot be drawn, and the console's form for it."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from nascar_warehouse.warehouse.explorer.axis import round_steps, time_ticks
from nascar_warehouse.warehouse.explorer.column_chart import Kind, draw_columns
from tests.warehouse.explorer.conftest import Visit

DAY = date(2024, 5, 5)


@pytest.mark.parametrize(
    ("kind", "across", "form"),
    [
        ("name", ["Ford", "Chevrolet", None], "bars"),
        ("time", [DAY, DAY + timedelta(7), DAY + timedelta(14)], "line"),
        ("time", [DAY, DAY, DAY], "points"),
        ("number", [2022, 2023, 2024], "line"),
        ("number", [2024, 2024, 2023], "points"),
        ("number", [0.1, 0.2, 0.3], "points"),
    ],
)
def test_the_types_and_the_values_of_x_give_the_form(kind: Kind, across: list[object], form: str) -> None:
    chart = draw_columns("x", "y", kind, list(zip(across, [1, 2, 3], strict=True)))
    assert chart
    assert form == chart.form


def test_bars_begin_at_zero_and_keep_the_order_of_the_rows() -> None:
    chart = draw_columns("make", "gain", "name", [("Ford", 10), ("Dodge", -10), ("a" * 50, Decimal("0.0"))])
    assert chart
    ford, dodge, long = chart.bars
    [zero] = chart.x_ticks
    assert (zero.at, zero.at) == (ford.x, round(dodge.x + dodge.width, 1))
    assert ford.width == dodge.width
    assert ("a" * 29 + "…", 0.0, f"{'a' * 50}: 0.0") == (long.name, long.width, long.title)


def test_a_line_is_drawn_from_edge_to_edge_in_the_order_of_x() -> None:
    chart = draw_columns("season", "mean", "number", [(2024, 1.0), (2020, 3.0), (2022, None), (2021, math.nan)])
    assert chart
    assert "M84.0 28.0L936.0 229.3" == chart.path
    assert "2 rows without a number are left out." == chart.left_out
    assert ["2020", "2021", "2022", "2023", "2024"] == [tick.label for tick in chart.x_ticks]


def test_more_bars_than_a_page_holds_are_cut_off_and_counted() -> None:
    chart = draw_columns("x", "y", "name", [(str(number), number or None) for number in range(60)])
    assert chart
    assert (40, "The first 40 rows are drawn. 1 row without a number is left out.") == (len(chart.bars), chart.left_out)


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        (
            datetime(1993, 5, 1, tzinfo=UTC),
            datetime(2025, 1, 1, tzinfo=UTC),
            ["1995", "2000", "2005", "2010", "2015", "2020", "2025"],
        ),
        (
            datetime(2024, 5, 1, tzinfo=UTC),
            datetime(2024, 5, 9, tzinfo=UTC),
            ["1 May 2024", "3 May 2024", "5 May 2024", "7 May 2024", "9 May 2024"],
        ),
        (datetime(2024, 5, 5, 14, tzinfo=UTC), datetime(2024, 5, 5, 14, tzinfo=UTC), ["5 May 2024, 14:00"]),
    ],
)
def test_an_axis_of_time_has_years_or_days_or_moments(first: datetime, last: datetime, labels: list[str]) -> None:
    ticks = time_ticks(first.timestamp(), last.timestamp(), lambda at: at)
    assert labels == [tick.label.replace("\xa0", " ") for tick in sorted(ticks, key=lambda tick: tick.at)]


@given(st.floats(-1e30, 1e30), st.floats(-1e30, 1e30))
def test_an_axis_reaches_around_its_values_in_few_steps(one: float, other: float) -> None:
    low, high = sorted(0.0 if abs(value) < 1e-30 else value for value in (one, other))
    steps = round_steps(low, high)
    assert 2 <= len(steps) <= 12
    assert steps[0] <= low + abs(low) * 1e-9
    assert high - abs(high) * 1e-9 <= steps[-1]


VALUES = st.one_of(
    st.none(), st.integers(-(2**127), 2**127), st.floats(), st.decimals(allow_nan=False, allow_infinity=False, places=4)
)


@given(st.lists(st.tuples(VALUES, VALUES), max_size=30))
def test_no_numbers_make_an_error(rows: list[tuple[object, object]]) -> None:
    chart = draw_columns("x", "y", "number", rows)
    if chart is not None:
        numbers = [float(number) for number in re.findall(r"[-\d.]+", chart.path.replace("h0", ""))]
        assert all(0 <= number <= 960 for number in numbers)


@given(st.lists(st.tuples(st.one_of(st.none(), st.text(), st.dates(), st.datetimes()), VALUES), max_size=30))
def test_no_names_and_times_make_an_error(rows: list[tuple[object, object]]) -> None:
    kinds: tuple[Kind, ...] = ("name", "time")
    for kind in kinds:
        draw_columns("x", "y", kind, rows)


def _console(visit: Visit, sql: str, **axes: str) -> LexborHTMLParser:
    answer = visit(f"/sql?{urlencode({'sql': sql, **axes})}")
    assert 200 == answer.status_code
    return LexborHTMLParser(answer.text)


MAKES = "SELECT * FROM (VALUES ('Ford', 3, 0.5), ('<b>', 2, 1.5)) AS t (make, wins, mean)"


def test_the_console_draws_the_columns_that_its_address_names(visit: Visit) -> None:
    page = _console(visit, MAKES, x="make", y="mean")
    [chart] = page.css("section[aria-labelledby=answer] div.chart svg")
    assert "mean by make, 2 bars: from 0.500 to 1.500" == chart.attributes["aria-label"]
    assert ["Ford: 0.5", "<b>: 1.5"] == [title.text() for title in chart.css("title")]
    assert ["make", "mean"] == [option.text() for option in page.css("form.filters option[selected]")][::-1]
    assert {"make", "mean"} == {str(field.attributes["value"]) for field in page.css("form.console input[type=hidden]")}


def test_without_axes_the_form_proposes_two_columns_and_nothing_is_drawn(visit: Visit) -> None:
    page = _console(visit, MAKES)
    assert [] == page.css("section[aria-labelledby=answer] div.chart")
    assert ["wins", "make"] == [option.text() for option in page.css("form.filters option[selected]")]
    assert ["wins", "mean"] == [option.text() for option in page.css("select[name=y] option")]


@pytest.mark.parametrize("sql", ["SELECT 1 AS a", "SELECT 'a' AS a, 'b' AS b", f"SELECT * FROM ({MAKES}) WHERE false"])
def test_an_answer_without_two_columns_to_draw_has_no_form(visit: Visit, sql: str) -> None:
    assert [] == _console(visit, sql).css("form.filters")


@pytest.mark.parametrize(
    ("x", "y", "problem"),
    [
        ("nothing", "wins", "The answer has no column 'nothing'."),
        ("make", "nothing", "The answer has no column 'nothing'."),
        ("wins", "make", "The column 'make' has no numbers."),
        ("wins", "wins", "Choose two different columns."),
        ("make", "", "The answer has no column ''."),
    ],
)
def test_a_column_that_cannot_be_drawn_is_said_beside_the_answer(visit: Visit, x: str, y: str, problem: str) -> None:
    page = _console(visit, MAKES, x=x, y=y)
    assert [problem] == [note.text() for note in page.css("section[aria-labelledby=answer] p.note")]
    assert 2 == len(page.css("table.answer tbody tr"))


def test_values_without_a_place_on_an_axis_are_said(visit: Visit) -> None:
    page = _console(visit, "SELECT 'infinity'::DATE AS a, 1 AS b", x="a", y="b")
    assert ["No row has two values that can be drawn."] == [note.text() for note in page.css("p.note")]
    assert 200 == visit(f"/sql?sql={quote('SELECT 1 AS a, 2 AS a')}&x=a&y=a_1").status_code

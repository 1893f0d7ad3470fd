"""Rows are printed so that people and programs read what they say."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.read.formats import FORMATS
from nascar_warehouse.warehouse.read.output import show
from nascar_warehouse.warehouse.rows import Rows

KANSAS = Rows(
    ["rank", "race_date", "margin_seconds", "winner", "note"],
    [
        [1, date(2024, 5, 5), Decimal("0.001"), "Kyle Larson", None],
        [2, date(2024, 2, 25), Decimal("0.003"), "Daniel Suárez", "three wide"],
    ],
)
NO_ROWS = Rows(["winner", "wins"], [])


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Any:
    """Print rows and give what came on the standard output."""

    def run(rows: Rows, form: str) -> str:
        show(rows, form)
        return capsys.readouterr().out

    return run


def one(value: object, name: str = "a") -> Rows:
    return Rows([name], [[value]])


def as_records(text: str) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads(text)
    return records


def as_lines(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def cell(text: str) -> str:
    """The value of a table of one column and one row."""
    return text.splitlines()[2].strip()


def test_these_are_the_formats() -> None:
    assert ("table", "json", "csv", "parquet", "markdown") == FORMATS


@pytest.mark.parametrize("form", ["", "JSON", "xml"])
def test_an_unknown_format_is_refused_with_those_that_there_are(form: str) -> None:
    with pytest.raises(UsageError, match="table, json, csv, parquet, markdown"):
        show(KANSAS, form)


def test_json_is_one_array_of_objects(printed: Any) -> None:
    assert [
        {"rank": 1, "race_date": "2024-05-05", "margin_seconds": 0.001, "winner": "Kyle Larson", "note": None},
        {
            "rank": 2,
            "race_date": "2024-02-25",
            "margin_seconds": 0.003,
            "winner": "Daniel Suárez",
            "note": "three wide",
        },
    ] == as_records(printed(KANSAS, "json"))


def test_json_of_no_rows_is_an_empty_array(printed: Any) -> None:
    assert [] == as_records(printed(NO_ROWS, "json"))


def test_json_keeps_letters_as_they_are(printed: Any) -> None:
    assert "Daniel Suárez" in printed(KANSAS, "json")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (0, 0),
        (2**70, 2**70),
        (1.5, 1.5),
        (Decimal("0.0830"), 0.083),
        (Decimal(268), 268),
        (float("nan"), None),
        (float("inf"), None),
        (float("-inf"), None),
        ("", ""),
        ('say "|" \\ \n', 'say "|" \\ \n'),
        (date(2024, 5, 5), "2024-05-05"),
        (datetime(2024, 5, 5, 18, 30, tzinfo=UTC), "2024-05-05T18:30:00+00:00"),
        (time(18, 30), "18:30:00"),
        (timedelta(hours=2, minutes=56), "2:56:00"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ([Decimal("0.5"), None, date(2024, 5, 5)], [0.5, None, "2024-05-05"]),
        ((1, 2), [1, 2]),
        ({"lap": 1, "time": Decimal("31.25")}, {"lap": 1, "time": 31.25}),
        ({1: "one"}, {"1": "one"}),
    ],
)
def test_json_has_a_value_as_programs_read_it(printed: Any, value: object, expected: object) -> None:
    assert [{"a": expected}] == as_records(printed(one(value), "json"))


def test_csv_has_a_head_and_a_line_for_each_row(printed: Any) -> None:
    assert (
        "rank,race_date,margin_seconds,winner,note\n"
        "1,2024-05-05,0.001,Kyle Larson,\n"
        "2,2024-02-25,0.003,Daniel Suárez,three wide\n"
    ) == printed(KANSAS, "csv")


def test_csv_of_no_rows_is_its_head(printed: Any) -> None:
    assert "winner,wins\n" == printed(NO_ROWS, "csv")


@pytest.mark.parametrize("value", ["a,b", 'say "hi"', "two\nlines", "|", "Suárez", " blanks ", "ﬀ 🏁"])
def test_csv_gives_any_text_back(printed: Any, value: str) -> None:
    assert [["a"], [value]] == as_lines(printed(one(value), "csv"))


TEXTS = [
    (None, ""),
    (True, "true"),
    (False, "false"),
    (268, "268"),
    (Decimal("0.0010"), "0.0010"),
    (Decimal("1E+3"), "1000"),
    (Decimal("0.0000001"), "0.0000001"),
    (date(2024, 5, 5), "2024-05-05"),
    (datetime(2024, 5, 5, 18, 30, 15, tzinfo=UTC), "2024-05-05 18:30:15+00:00"),
    (timedelta(hours=2, minutes=56, seconds=31), "2:56:31"),
    ([1, None], "[1, null]"),
    ((1, 2), "[1, 2]"),
    ({"winner": "Suárez"}, '{"winner": "Suárez"}'),
]


@pytest.mark.parametrize(("value", "expected"), TEXTS)
def test_csv_has_a_value_as_text(printed: Any, value: object, expected: str) -> None:
    assert [["a", "b"], [expected, "."]] == as_lines(printed(Rows(["a", "b"], [[value, "."]]), "csv"))


@pytest.mark.parametrize(("value", "expected"), TEXTS)
def test_markdown_has_a_value_as_text(printed: Any, value: object, expected: str) -> None:
    assert f"| a |\n| --- |\n| {expected} |\n" == printed(one(value), "markdown")


@pytest.mark.parametrize(("value", "expected"), TEXTS)
def test_a_table_has_a_value_as_text(printed: Any, value: object, expected: str) -> None:
    line = cell(printed(Rows(["a", "b"], [[value, "."]]), "table"))
    expected = "0.001" if expected == "0.0010" else expected  # The zeros come from the type of the column.
    assert f"{expected} .".split() == line.split()


def test_exact_numbers_of_a_column_have_the_decimals_that_one_of_them_needs(printed: Any) -> None:
    rows = Rows(["margin_seconds"], [[Decimal("0.5300")], [None], [Decimal("0.0020")]])
    assert ["0.530", "", "0.002"] == [line.strip() for line in printed(rows, "table").splitlines()[2:]]


def test_whole_numbers_of_an_exact_type_have_no_decimals(printed: Any) -> None:
    assert "22" == cell(printed(one(Decimal("22.0000")), "table"))


@pytest.mark.parametrize(
    ("form", "expected"), [("csv", "18:30:15.000999"), ("json", "18:30:15.000999"), ("table", "18:30:15")]
)
def test_programs_get_a_moment_in_full_and_people_its_second(printed: Any, form: str, expected: str) -> None:
    moment = datetime(2024, 5, 5, 18, 30, 15, 999)  # noqa: DTZ001  # as a TIMESTAMP of DuckDB comes
    assert expected in printed(one(moment), form)
    assert ("000999" in expected) == ("000999" in printed(one(moment), form))


def test_markdown_is_a_table(printed: Any) -> None:
    assert (
        "| rank | race_date | margin_seconds | winner | note |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| 1 | 2024-05-05 | 0.001 | Kyle Larson |  |\n"
        "| 2 | 2024-02-25 | 0.003 | Daniel Suárez | three wide |\n"
    ) == printed(KANSAS, "markdown")


def test_markdown_of_no_rows_is_its_head(printed: Any) -> None:
    assert "| winner | wins |\n| --- | --- |\n" == printed(NO_ROWS, "markdown")


def test_a_pipe_does_not_end_a_cell_of_markdown(printed: Any) -> None:
    assert r"| Larson \| Buescher |" == printed(one("Larson | Buescher"), "markdown").splitlines()[2]


def test_a_pipe_does_not_end_a_column_name_of_markdown(printed: Any) -> None:
    assert r"| a \| b |" == printed(one(1, "a | b"), "markdown").splitlines()[0]


@pytest.mark.parametrize("text", ["two\nlines", "two\r\nlines", "two\rlines"])
def test_a_line_break_does_not_end_a_row_of_markdown(printed: Any, text: str) -> None:
    assert "| two lines |" == printed(one(text), "markdown").splitlines()[2]


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_no_value_is_a_command_to_the_terminal(printed: Any, form: str) -> None:
    text = printed(one("red\x1b[2J", "a\x9bb"), form)
    assert ("a b" in text, "red [2J" in text) == (True, True)
    assert text.replace("\n", "").isprintable()


def test_a_table_has_a_head_and_a_line_for_each_row(printed: Any) -> None:
    head, _, *lines = printed(KANSAS, "table").splitlines()
    assert (
        ["rank", "race_date", "margin_seconds", "winner", "note"],
        [
            ["1", "2024-05-05", "0.001", "Kyle", "Larson"],
            ["2", "2024-02-25", "0.003", "Daniel", "Suárez", "three", "wide"],
        ],
    ) == (head.split(), [line.split() for line in lines])


def test_a_table_of_no_rows_is_nothing_and_a_word_to_the_person(capsys: pytest.CaptureFixture[str]) -> None:
    show(NO_ROWS, "table", empty="no finish fits")
    assert ("", "no finish fits\n") == capsys.readouterr()


@pytest.mark.parametrize("form", ["json", "csv", "markdown"])
def test_no_rows_are_no_word_to_the_person_in_a_format_for_programs(
    capsys: pytest.CaptureFixture[str], form: str
) -> None:
    show(NO_ROWS, form, empty="no finish fits")
    assert "" == capsys.readouterr().err


def test_a_table_in_a_pipe_has_whole_lines(printed: Any) -> None:
    assert "x" * 3000 in printed(one("x" * 3000), "table")


@pytest.mark.parametrize("text", ["[bold]Larson[/bold]", "[/]", ":checkered_flag:", "\\[1]"])
def test_a_table_takes_text_for_what_it_is(printed: Any, text: str) -> None:
    assert text == cell(printed(one(text), "table"))


def test_a_table_in_a_pipe_has_no_colours(printed: Any) -> None:
    assert "\x1b" not in printed(KANSAS, "table")


def test_numbers_in_a_table_end_below_each_other(printed: Any) -> None:
    rows = Rows(["laps"], [[5], [None], [Decimal("267.5")]])
    assert ["    5", "", "267.5"] == [line.rstrip() for line in printed(rows, "table").splitlines()[2:]]


def test_what_a_terminal_would_take_for_a_command_is_not_printed(capfd: pytest.CaptureFixture[str]) -> None:
    show(Rows(["a"], [["\x1b[31mred\x07"]]), "table")
    assert " [31mred" == capfd.readouterr().out.splitlines()[2]

"""A table on a terminal: what fits, what is wrapped, and what is left out with a word."""

from __future__ import annotations

from typing import Any

import pytest

from nascar_warehouse.warehouse.read.output import show
from nascar_warehouse.warehouse.rows import Rows


def on_a_screen_of(
    columns: int, rows: Rows, patch: pytest.MonkeyPatch, printed: Any, spare: tuple[str, ...] = ()
) -> list[str]:
    """What a table is on a terminal of so many columns."""
    patch.setattr("nascar_warehouse.warehouse.read.output._screen_width", lambda: columns)
    show(rows, "table", spare=spare)
    return str(printed.readouterr().out).splitlines()


WIDE = Rows(["name", "place"], [["Kyle Larson", "Kansas Speedway"], ["Ricky Craven", "Darlington Raceway"]])


def test_a_table_that_fits_the_screen_has_a_line_a_row(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert 4 == len(on_a_screen_of(33, WIDE, monkeypatch, capfd))


def test_a_table_too_wide_has_a_line_a_value(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert ["name    Kyle Larson", "place   Kansas Speedway", "", "name    Ricky Craven"] == on_a_screen_of(
        32, WIDE, monkeypatch, capfd
    )[:4]


def test_a_table_too_wide_does_without_what_can_be_spared(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert "name" == on_a_screen_of(20, WIDE, monkeypatch, capfd, spare=("place",))[0]


def test_a_table_says_which_columns_it_left_out(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("nascar_warehouse.warehouse.read.output._screen_width", lambda: 20)
    show(WIDE, "table", spare=("place",))
    assert "left out to fit the terminal: place; --format csv has every column\n" == capfd.readouterr().err


SENTENCES = Rows(
    ["column", "description"],
    [
        ["rank", "1 for the smallest margin; equal margins share a rank"],
        ["margin_text", "The margin as its source prints it"],
    ],
)


def test_long_texts_of_a_table_are_wrapped_to_fit_the_screen(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert [
        "column        description",
        "─" * 48,
        "rank          1 for the smallest margin; equal",
        "              margins share a rank",
        "margin_text   The margin as its source prints it",
    ] == on_a_screen_of(48, SENTENCES, monkeypatch, capfd)


def test_a_table_with_long_texts_is_wrapped_before_a_column_is_left_out(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    lines = on_a_screen_of(48, SENTENCES, monkeypatch, capfd, spare=("column",))
    assert "column        description" == lines[0]


def test_a_word_of_a_table_is_never_wrapped(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    address = "https://cf.nascar.com/cacher/2024/1/5400/weekend-feed.json"
    rows = Rows(["source_id", "url"], [["nascar_feed", address]])
    assert ["source_id   nascar_feed", f"url         {address}"] == on_a_screen_of(60, rows, monkeypatch, capfd)


def test_a_table_that_fits_left_nothing_out(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("nascar_warehouse.warehouse.read.output._screen_width", lambda: 80)
    show(WIDE, "table", spare=("place",))
    assert "" == capfd.readouterr().err

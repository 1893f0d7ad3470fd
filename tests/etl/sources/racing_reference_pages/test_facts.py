"""What a saved race page says, in any layout and encoding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from nascar_warehouse.etl.formats.archive import Capture
from nascar_warehouse.etl.formats.margin import parse_margin
from nascar_warehouse.etl.sources.racing_reference_page import identify
from tests.support import racing_reference_html as rr
from tests.support.racing_reference_parsing import KEY, SOURCE, parse, refusal


def results(text: str) -> list[Any]:
    return list(SOURCE.parse(KEY, text.encode()).rows["racing_reference_pages_results"])


# --- what a page says


def test_a_race_has_its_facts_as_the_page_has_them() -> None:
    race = parse(rr.page())
    assert ("cup", 2021, 12, 36, "NASCAR Cup Series", "Goodyear 400", "May 9, 2021") == (
        race.series_id,
        race.season,
        race.race_number,
        race.races_in_season,
        race.series_name,
        race.race_name,
        race.race_date,
    )
    assert ("Darlington Raceway", "Darlington, SC", "293", False, "1.366", "paved track", "400.238") == (
        race.track,
        race.place,
        race.laps,
        race.is_shortened,
        race.lap_length,
        race.surface,
        race.distance,
    )
    assert ("3:14:21", "123.562 mph", "6 for 36 laps", "19", "metric qualifying", "2.571 sec") == (
        race.race_time,
        race.average_speed,
        race.cautions,
        race.lead_changes,
        race.pole_speed,
        race.margin_text,
    )


@pytest.mark.parametrize("lay_out", [rr.in_cells, rr.beside, rr.in_lines])
def test_what_a_label_says_is_found_however_it_is_laid_out(lay_out: Callable[[dict[str, str]], str]) -> None:
    race = parse(rr.page(details=lay_out(rr.DETAILS)))
    assert ("2.571 sec", "6 for 36 laps", "19") == (race.margin_text, race.cautions, race.lead_changes)


@pytest.mark.parametrize("lay_out", [rr.in_cells, rr.beside, rr.in_lines])
def test_a_label_that_says_nothing_is_unknown(lay_out: Callable[[dict[str, str]], str]) -> None:
    assert parse(rr.page(details=lay_out(rr.DETAILS | {"Margin of victory": ""}))).margin_text is None


@pytest.mark.parametrize(
    ("laps", "is_shortened"),
    [
        ("293 laps on a 1.366 mile paved track (400.238 miles)", False),
        ("293* laps on a 1.366 mile paved track (400.238 miles)", True),
        ("293 laps* on a 1.366 mile paved track (400.238 miles)", True),
        ("293 laps * on a 1.366 mile paved track (400.238 miles)", True),
        ("293 laps on a 1.366 mile paved track (400.238 miles)*", True),
    ],
)
def test_a_star_marks_a_shortened_race(laps: str, is_shortened: bool) -> None:
    race = parse(rr.page(laps=laps))
    assert ("293", is_shortened) == (race.laps, race.is_shortened)


def test_the_length_of_a_short_track_may_begin_with_its_point() -> None:
    race = parse(rr.page(laps="500 laps on a .526 mile paved track (263.0 miles)"))
    assert (".526", "263.0") == (race.lap_length, race.distance)


@pytest.mark.parametrize("surface", ["dirt track", "road course", "paved track"])
def test_a_surface_is_kept_as_it_is_called(surface: str) -> None:
    assert surface == parse(rr.page(laps=f"90 laps on a 2.52 mile {surface} (226.8 miles)")).surface


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("2.571 sec", "time"),
        ("under caution", "under_caution"),
        ("2 laps", "laps"),
        ("1 lap +", "laps"),
        ("1 car length", "car_lengths"),
    ],
)
def test_a_margin_is_kept_verbatim_and_understood(text: str, kind: str) -> None:
    margin = parse(rr.page(margin_of_victory=text)).margin_text
    assert (text, kind) == (margin, parse_margin(margin).kind)


@pytest.mark.parametrize(
    ("series", "series_id"),
    [
        ("NASCAR Cup Series", "cup"),
        ("NASCAR Strictly Stock Series", "cup"),
        ("NASCAR Grand National Series", "cup"),
        ("NASCAR Winston Cup Series", "cup"),
        ("NASCAR Nextel Cup Series", "cup"),
        ("NASCAR Sprint Cup Series", "cup"),
        ("Monster Energy NASCAR Cup Series", "cup"),
        ("NASCAR Busch Grand National Series", "nxs"),
        ("NASCAR XFINITY Series", "nxs"),
        ("NASCAR O'Reilly Auto Parts Series", "nxs"),
        ("NASCAR Craftsman Truck Series", "truck"),
        ("NASCAR Gander RV &amp; Outdoors Truck Series", "truck"),
    ],
)
def test_a_series_is_known_by_the_name_of_its_time(series: str, series_id: str) -> None:
    assert series_id == identify(Capture(rr.page(series=f"{series} race number 12 of 36").encode())).series_id


@pytest.mark.parametrize("heading", ["h1", "h2", "h3"])
def test_the_name_of_a_race_is_its_heading(heading: str) -> None:
    text = rr.page(title="2021 Goodyear 400").replace("h1>", f"{heading}>")
    assert "Goodyear 400" == parse(text).race_name


def test_without_a_heading_the_name_of_a_race_is_the_title_of_the_page() -> None:
    assert "Goodyear 400" == parse(rr.page().replace("<h1>2021 Goodyear 400</h1>", "")).race_name


def test_a_season_need_not_be_the_year_of_the_race() -> None:
    text = rr.page(
        "1959 Fayetteville",
        "NASCAR Grand National Series race number 1 of 44",
        "Sunday, November 9, 1958 at Champion Speedway, Fayetteville, NC",
    )
    assert (1959, "November 9, 1958") == (parse(text, "cup/1959/01").season, parse(text, "cup/1959/01").race_date)


def test_a_result_has_its_texts_as_the_page_has_them() -> None:
    [first, _] = results(rr.page())
    assert ("1", "4", "19", "Martin Truex, Jr.", "Auto-Owners Insurance (Joe Gibbs)", "Toyota", "293") == (
        first.position,
        first.start,
        first.car_number,
        first.driver,
        first.sponsor_owner,
        first.car,
        first.laps,
    )
    assert ("running", "248", "59", "7", None) == (
        first.status,
        first.led,
        first.points,
        first.playoff_points,
        first.money,
    )


def test_results_had_money_until_2015() -> None:
    header = (*rr.HEADER[:7], "Money", *rr.HEADER[7:])
    row = (*rr.RESULTS[0][:7], "$323,140", *rr.RESULTS[0][7:])
    [first] = results(rr.page(results=rr.results_table([row], header)))
    assert ("$323,140", "running") == (first.money, first.status)


def test_columns_of_results_are_known_by_their_header() -> None:
    table = rr.results_table([tuple(reversed(rr.RESULTS[0]))], tuple(reversed(rr.HEADER)))
    [first] = results(rr.page(results=table))
    assert ("1", "Martin Truex, Jr.", "59") == (first.position, first.driver, first.points)


def test_a_new_column_of_results_is_a_notice() -> None:
    table = rr.results_table([(*rr.RESULTS[0], "101.1")], (*rr.HEADER, "Rating"))
    assert ["new field results column Rating"] == list(SOURCE.parse(KEY, rr.page(results=table).encode()).notices)


def test_results_may_stand_in_a_table_of_the_layout() -> None:
    assert 2 == len(results(rr.page(results=f"<table><tr><td>{rr.results_table()}</td></tr></table>")))


# --- encodings


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="utf-8">', "utf-8"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=UTF-8">', "utf-8"),
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">', "windows-1252"),
        ("<meta charset=iso-8859-1>", "windows-1252"),
        ('<meta charset="windows-1252">', "utf-8-sig"),
    ],
)
def test_a_page_is_read_in_the_encoding_that_it_has(head: str, encoding: str) -> None:
    text = rr.page(head=head, results=rr.results_table([(*rr.WINNER[:3], "Daniel Suárez", *rr.WINNER[4:], "1", "0")]))
    [first] = SOURCE.parse(KEY, text.encode(encoding)).rows["racing_reference_pages_results"]
    assert "Daniel Suárez" == getattr(first, "driver", None)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (rr.page(head='<meta charset="shift_jis">').encode(), "not cp932 that can be read"),
        (rr.page(head="").encode() + b"\xe9", "not utf-8 that can be read"),
    ],
)
def test_an_encoding_that_cannot_be_is_refused(content: bytes, what: str) -> None:
    assert refusal(content).startswith(what)
